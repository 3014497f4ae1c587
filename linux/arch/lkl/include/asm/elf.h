/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_ELF_H
#define _ASM_LKL_ELF_H

#include <linux/elf-em.h>
#include <asm/ptrace.h>

/* No program is ever loaded by this kernel; generic code wants the types. */
#define elf_check_arch(x)	0
#define ELF_CLASS		ELFCLASS64
#define ELF_DATA		ELFDATA2LSB
#define ELF_ARCH		EM_NONE
#define ELF_EXEC_PAGESIZE	PAGE_SIZE
#define ELF_ET_DYN_BASE		0
#define ELF_HWCAP		0
#define ELF_PLATFORM		NULL
#define ELF_NGREG		(sizeof(struct user_regs_struct) / sizeof(elf_greg_t))

typedef unsigned long elf_greg_t;
typedef elf_greg_t elf_gregset_t[2];
typedef unsigned long elf_fpregset_t;

#endif
