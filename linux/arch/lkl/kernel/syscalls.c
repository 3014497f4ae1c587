// SPDX-License-Identifier: GPL-2.0-only
/* The system call table: the generic one of 64-bit machines. */
#include <linux/syscalls.h>
#include <asm/syscall.h>
#include <asm/syscalls.h>
#include <asm/unistd.h>
#include "lkl.h"

/*
 * A task belongs to its host thread, which alone starts and ends it, and host
 * programs are the host's to execute.
 */
#define sys_clone		sys_ni_syscall
#define sys_clone3		sys_ni_syscall
#define sys_execve		sys_ni_syscall
#define sys_execveat		sys_ni_syscall
#define sys_exit		sys_ni_syscall
#define sys_exit_group		sys_ni_syscall
#define sys_rt_sigreturn	sys_ni_syscall

asmlinkage long sys_ni_syscall(void);

#define __SYSCALL_WITH_COMPAT(nr, native, compat) __SYSCALL(nr, native)
#define __SYSCALL(nr, call) [nr] = (call),

SYSCALL_DEFINE6(mmap, unsigned long, addr, unsigned long, len,
		unsigned long, prot, unsigned long, flags, unsigned long, fd,
		unsigned long, off)
{
	if (off & ~PAGE_MASK)
		return -EINVAL;
	return ksys_mmap_pgoff(addr, len, prot, flags, fd, off >> PAGE_SHIFT);
}

void *const sys_call_table[__NR_syscalls] = {
	[0 ... __NR_syscalls - 1] = sys_ni_syscall,
#include <asm/syscall_table_64.h>
};

long lkl_do_syscall(long nr, const long *args)
{
	if (unlikely((unsigned long)nr >= __NR_syscalls))
		return lkl_do_call(nr, args);
	return lkl_call_with(sys_call_table[nr], args);
}
