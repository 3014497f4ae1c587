/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changing stacks on an x86-64 host (System V ABI: rbx, rbp, r12-r15 belong to
 * the caller).
 */
#include <linux/linkage.h>

.macro save_callee_regs
	.cfi_startproc
	push	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbp, 0
	push	%rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbx, 0
	push	%r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r12, 0
	push	%r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r13, 0
	push	%r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r14, 0
	push	%r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r15, 0
.endm

.macro restore_callee_regs
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
.endm

/*
 * The frames above are where *rbx points: seven words below their CFA. So a
 * debugger walks from a kernel stack to the program that made the call.
 * (DW_CFA_def_cfa_expression: DW_OP_breg3 0; DW_OP_deref; DW_OP_plus_uconst 56)
 */
.macro cfa_at_rbx
	.cfi_escape 0x0f, 5, 0x73, 0, 0x06, 0x23, 56
	.cfi_offset rbp, -16
	.cfi_offset rbx, -24
	.cfi_offset r12, -32
	.cfi_offset r13, -40
	.cfi_offset r14, -48
	.cfi_offset r15, -56
.endm

	.text

/* void lkl_switch_stack(void **save_sp, void *load_sp) */
SYM_FUNC_START(lkl_switch_stack)
	save_callee_regs
	mov	%rsp, (%rdi)
	mov	%rsi, %rsp
	restore_callee_regs
	ret
	.cfi_endproc
SYM_FUNC_END(lkl_switch_stack)

/*
 * void lkl_call_on_stack(void **save_sp, void *top, void (*fn)(void *), void *arg)
 *
 * When fn returns, whatever happened meanwhile, the host stack that *save_sp
 * then names is the one to go back to. To debuggers it is a signal frame: they
 * take any other change to a lower stack for a corrupt one.
 */
SYM_FUNC_START(lkl_call_on_stack)
	save_callee_regs
	.cfi_signal_frame
	mov	%rsp, (%rdi)
.Lcall:
	mov	%rdi, %rbx
	cfa_at_rbx
	mov	%rsi, %rsp
	mov	%rcx, %rdi
	call	*%rdx
	mov	(%rbx), %rsp
	restore_callee_regs
	ret
	.cfi_endproc
SYM_FUNC_END(lkl_call_on_stack)

/*
 * void lkl_restart_on_stack(void **save_sp, void *top, void (*fn)(void *), void *arg)
 *
 * The same from the kernel stack itself, which starts anew.
 */
SYM_FUNC_START(lkl_restart_on_stack)
	jmp	.Lcall
SYM_FUNC_END(lkl_restart_on_stack)

/* Where a new task starts: lkl_switch_stack() returns here. */
SYM_FUNC_START(lkl_task_start)
	.cfi_startproc
	.cfi_undefined rip
	call	lkl_task_entry
	ud2
	.cfi_endproc
SYM_FUNC_END(lkl_task_start)

	.section .note.GNU-stack, "", @progbits
