// SPDX-License-Identifier: GPL-2.0-only
/* Finding the functions behind ours, see real.h. */
#include <dlfcn.h>
#include "message.h"
#include "real.h"

void *real_table[REAL_NAMES];

static const char *const names[] = {
#define NAME(name) [REAL_##name] = #name,
#define OWN(name)
#define ALIAS(name, of)
#define HOST(...)
#define NONE(...)
#include "libc/names.def"
#undef NAME
#undef OWN
#undef ALIAS
#undef HOST
#undef NONE
};

void *real_find(enum real_name name)
{
	void *function = dlsym(RTLD_NEXT, names[name]);

	if (!function)
		message_die("libc has no function %s", names[name]);
	__atomic_store_n(&real_table[name], function, __ATOMIC_RELAXED);
	return function;
}
