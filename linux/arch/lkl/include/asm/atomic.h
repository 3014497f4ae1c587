/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_ATOMIC_H
#define _ASM_LKL_ATOMIC_H

#include <linux/types.h>
#include <asm/cmpxchg.h>
#include <asm/barrier.h>

/* See asm/cmpxchg.h: plain accesses are atomic here. */
#define arch_atomic_read(v)		READ_ONCE((v)->counter)
#define arch_atomic_set(v, i)		WRITE_ONCE((v)->counter, (i))
#define arch_atomic64_read(v)		READ_ONCE((v)->counter)
#define arch_atomic64_set(v, i)		WRITE_ONCE((v)->counter, (i))

#define ATOMIC64_INIT(i)		{ (i) }

#define LKL_ATOMIC_OP(prefix, type, vtype, op, c_op)			\
static __always_inline void arch_##prefix##_##op(type i, vtype *v)	\
{									\
	WRITE_ONCE(v->counter, v->counter c_op i);			\
}

#define LKL_ATOMIC_OP_RETURN(prefix, type, vtype, op, c_op)		\
static __always_inline type						\
arch_##prefix##_##op##_return(type i, vtype *v)				\
{									\
	type val = READ_ONCE(v->counter) c_op i;			\
									\
	WRITE_ONCE(v->counter, val);					\
	return val;							\
}

#define LKL_ATOMIC_FETCH_OP(prefix, type, vtype, op, c_op)		\
static __always_inline type						\
arch_##prefix##_fetch_##op(type i, vtype *v)				\
{									\
	type old = READ_ONCE(v->counter);				\
									\
	WRITE_ONCE(v->counter, old c_op i);				\
	return old;							\
}

#define LKL_ATOMIC_OPS(prefix, type, vtype)				\
	LKL_ATOMIC_OP(prefix, type, vtype, add, +)			\
	LKL_ATOMIC_OP(prefix, type, vtype, sub, -)			\
	LKL_ATOMIC_OP(prefix, type, vtype, and, &)			\
	LKL_ATOMIC_OP(prefix, type, vtype, or, |)			\
	LKL_ATOMIC_OP(prefix, type, vtype, xor, ^)			\
	LKL_ATOMIC_OP_RETURN(prefix, type, vtype, add, +)		\
	LKL_ATOMIC_OP_RETURN(prefix, type, vtype, sub, -)		\
	LKL_ATOMIC_FETCH_OP(prefix, type, vtype, add, +)		\
	LKL_ATOMIC_FETCH_OP(prefix, type, vtype, sub, -)		\
	LKL_ATOMIC_FETCH_OP(prefix, type, vtype, and, &)		\
	LKL_ATOMIC_FETCH_OP(prefix, type, vtype, or, |)			\
	LKL_ATOMIC_FETCH_OP(prefix, type, vtype, xor, ^)

LKL_ATOMIC_OPS(atomic, int, atomic_t)
LKL_ATOMIC_OPS(atomic64, s64, atomic64_t)

#define arch_atomic_add_return		arch_atomic_add_return
#define arch_atomic_sub_return		arch_atomic_sub_return
#define arch_atomic_fetch_add		arch_atomic_fetch_add
#define arch_atomic_fetch_sub		arch_atomic_fetch_sub
#define arch_atomic_fetch_and		arch_atomic_fetch_and
#define arch_atomic_fetch_or		arch_atomic_fetch_or
#define arch_atomic_fetch_xor		arch_atomic_fetch_xor
#define arch_atomic64_add_return	arch_atomic64_add_return
#define arch_atomic64_sub_return	arch_atomic64_sub_return
#define arch_atomic64_fetch_add		arch_atomic64_fetch_add
#define arch_atomic64_fetch_sub		arch_atomic64_fetch_sub
#define arch_atomic64_fetch_and		arch_atomic64_fetch_and
#define arch_atomic64_fetch_or		arch_atomic64_fetch_or
#define arch_atomic64_fetch_xor		arch_atomic64_fetch_xor

#endif
