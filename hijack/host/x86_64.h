/* SPDX-License-Identifier: GPL-2.0-only */
/* What depends on the instruction set, x86-64; see ../host.h. */
#ifndef HIJACK_HOST_X86_64_H
#define HIJACK_HOST_X86_64_H

#include <sys/syscall.h>
#include <ucontext.h>

/*
 * What is at label 3 goes on at label 2 with 1 in @bad. (To have the assembly
 * jump to a label of C itself is not safe: GCC 12 may have changed there what it
 * holds in registers.)
 */
#define HOST_BAD							\
	"2:\n"								\
	".pushsection .text.unlikely, \"ax\"\n"				\
	"3:	mov $1, %[bad_one]\n"					\
	"	jmp 2b\n"						\
	".popsection\n"

/*
 * Accesses that may fault, at label 1 of @fixup, which goes to label 3 then and
 * so makes @bad 1: a word read or written, bytes copied (user.h).
 */
#define HOST_READ(variable, from, bad, fixup)				\
	__asm__ volatile("1:	mov %[place], %[word]\n" HOST_BAD fixup	\
		     : [word] "=r"(variable), [bad_one] "+r"(bad)	\
		     : [place] "m"(*(from)))

#define HOST_WRITE(value, to, bad, fixup)				\
	__asm__ volatile("1:	mov %[word], %[place]\n" HOST_BAD fixup	\
		     : [bad_one] "+r"(bad)				\
		     : [word] "r"((__typeof__(*(to)))(value)),		\
		       [place] "m"(*(to))				\
		     : "memory")

#define HOST_COPY(to, from, len, bad, fixup)				\
	__asm__ volatile("1:	rep movsb\n" HOST_BAD fixup		\
		     : "+D"(to), "+S"(from), "+c"(len),		\
		       [bad_one] "+r"(bad)				\
		     : : "memory")

/*
 * A system call unless @condition is 0, when the result is HOST_NOT_MADE. It is not
 * made before label 2 of @entry; label 1 is before it looks, and from label 3 on
 * it is not made.
 */
#define HOST_NOT_MADE (-512L)		/* no call's result in user space */
#define HOST_CALL_IF(condition, ret, nr, a, b, c, d, e, f, entry)	\
do {									\
	register long r10_ __asm__("r10") = (long)(d);			\
	register long r8_ __asm__("r8") = (long)(e);			\
	register long r9_ __asm__("r9") = (long)(f);			\
									\
	__asm__ volatile("1:	cmpl $0, %[go]\n"			\
			 "	je 3f\n"				\
			 "2:	syscall\n"				\
			 "4:\n"						\
			 ".pushsection .text.unlikely, \"ax\"\n"	\
			 "3:	mov %[not_made], %%rax\n"		\
			 "	jmp 4b\n"				\
			 ".popsection\n" entry				\
		: "=a"(ret)						\
		: "0"((long)(nr)), "D"((long)(a)), "S"((long)(b)),	\
		  "d"((long)(c)), "r"(r10_), "r"(r8_), "r"(r9_),	\
		  [go] "m"(condition), [not_made] "i"(HOST_NOT_MADE)	\
		: "rcx", "r11", "memory");				\
} while (0)

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
