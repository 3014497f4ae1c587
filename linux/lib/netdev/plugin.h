/* SPDX-License-Identifier: GPL-2.0-only */
/* Libraries of the host that a backend needs: loaded when it is used. */
#ifndef LKL_LIB_NETDEV_PLUGIN_H
#define LKL_LIB_NETDEV_PLUGIN_H

#include "backend.h"

/** struct plugin_symbol - a function, and where its address goes */
struct plugin_symbol {
	const char *name;
	void **address;
};

/**
 * plugin_load() - loads a library for good
 * @file: its name for dlopen(3).
 * @package: that of Debian which has it.
 * @symbols: what is needed of it, up to a NULL name.
 *
 * The library's own calls go to libc, not to the program's functions of the
 * same names, and so not to LKL.
 *
 * Return: 0, or -ENOENT with @error filled.
 */
int plugin_load(const char *file, const char *package,
		const struct plugin_symbol *symbols,
		struct backend_error *error);

#endif
