/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions of libc that this library stands in front of.
 *
 * A call on the host's descriptors goes to libc itself, not around it, so that
 * everything libc does for it stays as it is. Where that is nothing but a
 * system call, it is made here (direct.h).
 */
#ifndef HIJACK_REAL_H
#define HIJACK_REAL_H

#include <stdbool.h>

enum real_name {
#define NAME(name) REAL_##name,
#include "libc/names.def"
	REAL_NAMES
};

extern void *real_table[REAL_NAMES];

/* Whether it has been found in libc, not in a library loaded before libc. */
extern bool real_libcs[REAL_NAMES];
#define real_is_libcs(name) (real_libcs[REAL_##name])

/** real_find() - looks the next definition of a name up; aborts if none is */
void *real_find(enum real_name name);

/* dlsym(3) itself. */
extern void *(*real_dlsym_function)(void *handle, const char *name);
void real_find_dlsym(void);

static inline void *real_dlsym(void *handle, const char *name)
{
	if (__builtin_expect(!real_dlsym_function, 0))
		real_find_dlsym();
	return real_dlsym_function(handle, name);
}

static inline void *real_get(enum real_name name)
{
	void *function = __atomic_load_n(&real_table[name], __ATOMIC_RELAXED);

	return __builtin_expect(!!function, 1) ? function : real_find(name);
}

/* real(read)(fd, buf, len) */
#define real(name) ((__typeof__(&name))real_get(REAL_##name))

#endif
