// SPDX-License-Identifier: GPL-2.0-only
/* Finding the functions behind ours, see real.h. */
#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <stddef.h>
#include "message.h"
#include "real.h"

void *real_table[REAL_NAMES];
bool real_libcs[REAL_NAMES];

static const char *const names[] = {
#define NAME(name) [REAL_##name] = #name,
#include "libc/names.def"
};

void *(*real_dlsym_function)(void *handle, const char *name);

/* By its version, since the name alone is ours. */
void real_find_dlsym(void)
{
	static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.2.5",
						"GLIBC_2.17" };
	void *function = NULL;
	size_t i;

	for (i = 0; i < sizeof(versions) / sizeof(*versions) && !function; i++)
		function = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
	if (!function)
		message_die("libc has no function dlsym");
	real_dlsym_function = (void *(*)(void *, const char *))function;
}

static bool is_libcs(void *function)
{
	Dl_info its, libcs;

	return dladdr(function, &its) &&
	       dladdr((void *)gnu_get_libc_version, &libcs) &&
	       its.dli_fbase == libcs.dli_fbase;
}

void *real_find(enum real_name name)
{
	void *function = real_dlsym(RTLD_NEXT, names[name]);

	if (!function)
		message_die("libc has no function %s", names[name]);
	real_libcs[name] = is_libcs(function);
	__atomic_store_n(&real_table[name], function, __ATOMIC_RELAXED);
	return function;
}
