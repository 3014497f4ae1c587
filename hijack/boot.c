// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's life in the program (boot.h); the order is docs/config.md's. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "boot.h"
#include "config.h"
#include "drain.h"
#include "fdtab.h"
#include "host.h"
#include "lkl.h"
#include "message.h"
#include "mixed.h"

static enum { NOT_YET, BOOTING, READY, NONE } state;
static pthread_mutex_t booting = PTHREAD_MUTEX_INITIALIZER;
static int boot_pid;
static bool child;		/* of fork(): there is no kernel here */

bool boot_foreign(void)
{
	return child || host_syscall3(SYS_getpid, 0, 0, 0) != boot_pid;
}

static void to_stderr(const char *text, unsigned int len)
{
	host_write(2, text, len);
}

/* A step of the set-up has failed. */
static void refuse(void)
{
	const char *on_error = getenv("LKL_HIJACK_ON_ERROR");

	if (!on_error || strcmp(on_error, "continue"))
		host_syscall3(SYS_exit_group, EXIT_REFUSED, 0, 0);
}

static void must(int err, const char *file, int n, const char *key)
{
	if (err >= 0)
		return;
	if (n >= 0)
		message("%s: interfaces[%d].%s: the kernel refuses it: %s",
			file, n, key, lkl_strerror(err));
	else
		message("%s: %s: the kernel refuses it: %s; is there an interface with a subnet that holds it?",
			file, key, lkl_strerror(err));
	refuse();
}

static int add_interface(const struct config *c, unsigned int n)
{
	const struct config_interface *i = &c->interface[n];
	struct lkl_netdev_args args = {
		.type = i->type,
		.param = i->param,
		.offload = i->has_offload ? i->offload : LKL_OFFLOAD_DEFAULT,
		.mtu = i->mtu,
	};
	char error[256] = "";
	int id;

	memcpy(args.mac, i->mac, sizeof(args.mac));
	id = lkl_netdev_add(&args, error, sizeof(error));
	if (id < 0) {
		message("%s: interfaces[%u]: %s",
			c->file ? c->file : "environment", n,
			*error ? error : lkl_strerror(id));
		refuse();
	}
	return id;
}

static void set_up_interface(const struct config *c, unsigned int n, int id)
{
	const struct config_interface *i = &c->interface[n];
	const char *file = c->file ? c->file : "environment";
	int ifindex = lkl_netdev_ifindex(id);

	must(ifindex, file, n, "type");
	if (ifindex < 0)
		return;
	if (i->mtu)
		must(lkl_if_set_mtu(ifindex, i->mtu), file, n, "mtu");
	must(lkl_if_up(ifindex), file, n, "type");
	if (i->ip.set)
		must(lkl_if_add_ip(ifindex, AF_INET, &i->ip.v4, i->masklen),
		     file, n, "ip");
	if (i->ipv6.set)
		must(lkl_if_add_ip(ifindex, AF_INET6, &i->ipv6.v6,
				   i->masklen6), file, n, "ipv6");
}

static void in_child(void)
{
	child = true;
	fdtab_forget_all();
	mixed_forget();
}

static void boot(void)
{
	static struct config c;
	int ids[CONFIG_INTERFACES];
	const char *file;
	unsigned int n;
	int err;

	boot_pid = host_syscall3(SYS_getpid, 0, 0, 0);
	if (!config_read(&c))
		refuse();
	file = c.file ? c.file : "environment";
	if (c.debug)
		lkl_set_print(to_stderr);
	err = fdtab_init();
	if (err) {
		message("the table of descriptors: %s", lkl_strerror(err));
		refuse();
	}
	for (n = 0; n < c.interfaces; n++)
		ids[n] = add_interface(&c, n);

	err = lkl_start_kernel("%s", c.boot_cmdline ? c.boot_cmdline : "");
	if (err) {
		message("%s: boot_cmdline: the kernel does not start: %s", file,
			lkl_strerror(err));
		host_syscall3(SYS_exit_group, EXIT_REFUSED, 0, 0);
	}
	pthread_atfork(NULL, NULL, in_child);

	must(lkl_if_up(1), file, -1, "lo");
	for (n = 0; n < c.interfaces; n++)
		if (ids[n] >= 0)
			set_up_interface(&c, n, ids[n]);
	if (c.gateway.set)
		must(lkl_set_gateway(AF_INET, &c.gateway.v4), file, -1,
		     "gateway");
	if (c.gateway6.set)
		must(lkl_set_gateway(AF_INET6, &c.gateway6.v6), file, -1,
		     "gateway6");
}

int boot_ready(void)
{
	static bool told;

	if (__builtin_expect(__atomic_load_n(&state, __ATOMIC_ACQUIRE) == READY,
			     1)) {
		if (!boot_foreign())
			return 0;
		if (!__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
			message("a child process that has not called exec has no network of its own: socket() fails in it");
		return -ENETDOWN;
	}
	pthread_mutex_lock(&booting);
	if (state == NOT_YET) {
		int err = errno;

		state = BOOTING;
		boot();
		errno = err;
		__atomic_store_n(&state, READY, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&booting);
	return state == READY ? 0 : -ENETDOWN;
}

__attribute__((constructor)) static void at_start(void)
{
	boot_ready();
}

/* After the program's own exit handlers. */
__attribute__((destructor)) static void at_exit(void)
{
	if (state != READY || boot_foreign())
		return;
	fdtab_close_all();
	drain_tcp();
	lkl_halt();
	__atomic_store_n(&state, NONE, __ATOMIC_RELEASE);
}
