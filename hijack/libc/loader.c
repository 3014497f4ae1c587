// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ways past this library to libc's own functions, and so to the host's network:
 * a library that looks into its own dependencies first, one in a namespace with
 * a libc of its own, and functions that are looked up in libc by name.
 *
 * dlopen(3) and dlsym(3) look at the address they return to, for the caller's
 * library: their calls are the last thing done, so that it is the program's.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include "libc.h"

/* Our functions by name. */
#define OURS_OF(name) extern char ours_##name[] __asm__(#name);
#define NAME(name) OURS_OF(name)
#define OWN(name) OURS_OF(name)
#define ALIAS(name, of) OURS_OF(name)
#define LIBURING(name) OURS_OF(name)
#include "names.def"

static const struct {
	const char *name;
	void *ours;
	bool libcs;
} functions[] = {
#define NAME(name) { #name, ours_##name, true },
#define OWN(name) NAME(name)
#define ALIAS(name, of) NAME(name)
#define LIBURING(name) { #name, ours_##name, false },
#include "names.def"
};

EXPORT void *dlopen(const char *file, int mode)
{
	return real(dlopen)(file, mode & ~RTLD_DEEPBIND);
}

/* A new namespace would have a libc that nobody stands in front of. */
EXPORT void *dlmopen(Lmid_t space, const char *file, int mode)
{
	if (space != LM_ID_BASE)
		return real(dlopen)(file, mode & ~RTLD_DEEPBIND);
	return real(dlmopen)(space, file, mode & ~RTLD_DEEPBIND);
}

/*
 * What was found in libc, where a function of ours stands in front of it.
 * Nobody else's name is one of liburing's.
 */
static void *in_front(const char *name, void *found)
{
	size_t i;

	for (i = 0; found && i < sizeof(functions) / sizeof(functions[0]); i++)
		if (!strcmp(name, functions[i].name))
			return !functions[i].libcs ||
			       found == real_dlsym(RTLD_NEXT, name)
				? functions[i].ours : found;
	return found;
}

EXPORT void *dlsym(void *handle, const char *name)
{
	if (handle == RTLD_NEXT || handle == RTLD_DEFAULT)
		return real_dlsym(handle, name);
	return in_front(name, real_dlsym(handle, name));
}
