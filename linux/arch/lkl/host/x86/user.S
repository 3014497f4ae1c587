/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Access to memory of the program, on an x86-64 host. The host reports a bad
 * address as a signal, whose handler has lkl_kernel_fault() mend it: it goes on
 * at lkl_word_fault or lkl_block_fault.
 */
#include <linux/linkage.h>

	.text

/*
 * unsigned long lkl_copy_word{1,2,4,8}(void *dst, const void *src)
 *
 * Return: 0, or 1 when one of the addresses is bad.
 */
SYM_CODE_START(lkl_copy_words)
SYM_FUNC_START(lkl_copy_word1)
	movb	(%rsi), %al
	movb	%al, (%rdi)
	xor	%eax, %eax
	ret
SYM_FUNC_END(lkl_copy_word1)

SYM_FUNC_START(lkl_copy_word2)
	movw	(%rsi), %ax
	movw	%ax, (%rdi)
	xor	%eax, %eax
	ret
SYM_FUNC_END(lkl_copy_word2)

SYM_FUNC_START(lkl_copy_word4)
	movl	(%rsi), %eax
	movl	%eax, (%rdi)
	xor	%eax, %eax
	ret
SYM_FUNC_END(lkl_copy_word4)

SYM_FUNC_START(lkl_copy_word8)
	movq	(%rsi), %rax
	movq	%rax, (%rdi)
	xor	%eax, %eax
	ret
SYM_FUNC_END(lkl_copy_word8)
SYM_CODE_END(lkl_copy_words)

SYM_CODE_START(lkl_word_fault)
	mov	$1, %eax
	ret
SYM_CODE_END(lkl_word_fault)

/*
 * unsigned long lkl_access_block(void *dst, unsigned long src, unsigned long n,
 *				  void *(*fn)(void *, unsigned long, unsigned long))
 *
 * Calls fn(dst, src, n), which may be anything of libc's. Return: 0, or n when
 * one of the addresses is bad.
 */
SYM_FUNC_START(lkl_access_block)
	.cfi_startproc
	push	%rbp
	.cfi_adjust_cfa_offset 8
	push	%rbx
	.cfi_adjust_cfa_offset 8
	push	%r12
	.cfi_adjust_cfa_offset 8
	push	%r13
	.cfi_adjust_cfa_offset 8
	push	%r14
	.cfi_adjust_cfa_offset 8
	push	%r15
	.cfi_adjust_cfa_offset 8
	push	%rdx
	.cfi_adjust_cfa_offset 8
	mov	%rsp, lkl_fault_sp(%rip)
	call	*%rcx
	movq	$0, (%rsp)
SYM_INNER_LABEL(lkl_block_fault, SYM_L_GLOBAL)
	movq	$0, lkl_fault_sp(%rip)
	pop	%rax
	.cfi_adjust_cfa_offset -8
	pop	%r15
	.cfi_adjust_cfa_offset -8
	pop	%r14
	.cfi_adjust_cfa_offset -8
	pop	%r13
	.cfi_adjust_cfa_offset -8
	pop	%r12
	.cfi_adjust_cfa_offset -8
	pop	%rbx
	.cfi_adjust_cfa_offset -8
	pop	%rbp
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_endproc
SYM_FUNC_END(lkl_access_block)

	.section .note.GNU-stack, "", @progbits
