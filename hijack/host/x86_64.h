/* SPDX-License-Identifier: GPL-2.0-only */
/* What depends on the instruction set, x86-64; see ../host.h. */
#ifndef HIJACK_HOST_X86_64_H
#define HIJACK_HOST_X86_64_H

#include <sys/syscall.h>
#include <ucontext.h>

/*
 * Accesses that may fault, at label 1 of @fixup, which goes to @label then: a
 * word read or written, bytes copied (user.h). cppcheck knows no asm goto.
 */
#ifdef __cppcheck__
#define HOST_READ(variable, from, fixup, label)				\
	do { if (!(from)) goto label; (variable) = *(from); } while (0)
#else
#define HOST_READ(variable, from, fixup, label)				\
	__asm__ volatile goto("1:	mov %1, %0\n" fixup		\
		     : "=r"(variable) : "m"(*(from)) : : label)
#endif

#define HOST_WRITE(value, to, fixup, label)				\
	__asm__ volatile goto("1:	mov %0, %1\n" fixup		\
		     : : "r"((__typeof__(*(to)))(value)), "m"(*(to))	\
		     : "memory" : label)

#define HOST_COPY(to, from, len, fixup, label)				\
	__asm__ volatile goto("1:	rep movsb\n" fixup		\
		     : "+D"(to), "+S"(from), "+c"(len) : : "memory" : label)

/* The arguments of the system call that SIGSYS has caught, and its result. */
#define HOST_CONTEXT_ARGUMENTS(context)					\
	{ (context)->uc_mcontext.gregs[REG_RDI],			\
	  (context)->uc_mcontext.gregs[REG_RSI],			\
	  (context)->uc_mcontext.gregs[REG_RDX],			\
	  (context)->uc_mcontext.gregs[REG_R10],			\
	  (context)->uc_mcontext.gregs[REG_R8],				\
	  (context)->uc_mcontext.gregs[REG_R9] }
#define HOST_CONTEXT_RESULT(context) ((context)->uc_mcontext.gregs[REG_RAX])

/* A function @name that returns from a handler of signals. */
#define HOST_RESTORER(name)						\
	__asm__(".pushsection .text\n"					\
		".type " #name ", @function\n"				\
		"	nop\n"						\
		#name ":\n"						\
		"	mov $15, %eax\n"	/* rt_sigreturn */	\
		"	syscall\n"					\
		".size " #name ", . - " #name "\n"			\
		".popsection\n");					\
	void name(void) __attribute__((visibility("hidden")))

/* sigaltstack(@stack, NULL) with the stack pointer at @elsewhere meanwhile. */
static inline long host_sigaltstack_at(const stack_t *stack, void *elsewhere)
{
	long ret = SYS_sigaltstack;

	__asm__ volatile("mov %%rsp, %%rbx\n"
			 "mov %[elsewhere], %%rsp\n"
			 "syscall\n"
			 "mov %%rbx, %%rsp\n"
			 : "+a"(ret)
			 : "D"(stack), "S"(0), [elsewhere] "r"(elsewhere)
			 : "rbx", "rcx", "r11", "memory");
	return ret;
}

#endif
