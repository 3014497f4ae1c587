// SPDX-License-Identifier: GPL-2.0-only
/* Steps that fail, see setup.h. */
#include <stdlib.h>
#include <string.h>
#include "config_keys.h"
#include "host.h"
#include "lkl.h"
#include "message.h"
#include "setup/setup.h"

void setup_refuse(void)
{
	const char *on_error = getenv("LKL_HIJACK_ON_ERROR");

	if (!on_error || strcmp(on_error, "continue"))
		host_syscall3(SYS_exit_group, EXIT_REFUSED, 0, 0);
}

/* What to do about an error of the kernel, for the most likely ones. */
static const char *remedy(int err)
{
	switch (-err) {
	case LKL_ENETUNREACH:
	case LKL_EHOSTUNREACH:
		return "no interface has a subnet that holds it: correct it, or an interface's ip and masklen";
	case LKL_EEXIST:
		return "it is there already: give each interface its own";
	case LKL_EADDRNOTAVAIL:
	case LKL_EINVAL:
	case LKL_ERANGE:
	case LKL_ENOENT:
		return "the kernel knows no such value here: correct it";
	case LKL_ENODEV:
		return "the kernel's driver did not accept the device: see its messages with \"debug\": \"1\"";
	case LKL_ENOMEM:
	case LKL_ENFILE:
	case LKL_ENOBUFS:
		return "the kernel may have too little memory: give it more by mem= in boot_cmdline";
	default:
		return "see the kernel's messages with \"debug\": \"1\"";
	}
}

bool setup_must(const struct config *c, int err, int interface,
		const char *key, const char *value)
{
	if (err >= 0)
		return true;
	config_wrong_at(c, interface, key, "%s%s%s%s; %s", value ? "\"" : "",
			value ? value : "", value ? "\": " : "",
			lkl_strerror(err), remedy(err));
	setup_refuse();
	return false;
}
