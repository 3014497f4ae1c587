// SPDX-License-Identifier: GPL-2.0-only
/* Loading a library of the host, see plugin.h. */
#include <dlfcn.h>
#include <errno.h>
#include "plugin.h"

int plugin_load(const char *file, const char *package,
		const struct plugin_symbol *symbols,
		struct backend_error *error)
{
	/* libc's: the program's, which may be hijack/'s, takes deep binding away. */
	typeof(dlopen) *open = (typeof(dlopen) *)dlsym(RTLD_NEXT, "dlopen");
	/* Deep binding: it looks names up in its own dependencies first. */
	void *library = (open ? open : dlopen)(file, RTLD_NOW | RTLD_LOCAL |
					       RTLD_DEEPBIND);

	if (!library)
		return backend_fail(error, -ENOENT,
			"the library %s cannot be loaded: install it with: apt install %s (%s)",
			file, package, dlerror());
	for (; symbols->name; symbols++) {
		*symbols->address = dlsym(library, symbols->name);
		if (!*symbols->address)
			return backend_fail(error, -ENOENT,
				"the library %s has no function %s: install another version of the package %s",
				file, symbols->name, package);
	}
	return 0;
}
