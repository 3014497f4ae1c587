// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's life in the program (boot.h); the order is docs/config.md's.
 *
 * It boots before main(). A program that another one has started, as a shell
 * does, finds the interfaces in use by its parent; it may well need none, so it
 * starts without a kernel, and tries again when it makes its first socket.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "boot.h"
#include "config.h"
#include "config_keys.h"
#include "direct.h"
#include "dispatch.h"
#include "drain.h"
#include "fault.h"
#include "fdtab.h"
#include "host.h"
#include "libc/streams.h"
#include "lkl.h"
#include "lkl_nr.h"
#include "message.h"
#include "mixed.h"
#include "pcap.h"
#include "netview.h"
#include "setup/setup.h"
#include "sigio.h"
#include "signals.h"
#include "thread.h"
#include "trace.h"

#define LIBRARY_NAME "liblkl-hijack.so"

/* The kernel makes it first (init_net's). */
#define LOOPBACK_IFINDEX 1

/*
 * Half of what an interface needs (config_memory.c) is buffers, most of which is
 * never touched. So many fit into the RAM that the kernel has by default.
 */
#define USUAL_INTERFACES 128

/* How long the end of the network takes at most, and a bit. */
#define HOLD_SECONDS 5

static enum { NOT_YET, BOOTING, READY, ENDED } state;
static int boot_pid;
static int booting;		/* the thread that may use LKL while it boots */
static struct config config;
static int *ids;		/* LKL's devices, one for each interface */
static bool child;		/* of fork(): there is no kernel here */
static int memory_pid;		/* whose memory this is; not a child of vfork()'s */
static int ending;		/* the thread that ends the process */

bool boot_foreign(void)
{
	return child || host_syscall3(SYS_getpid, 0, 0, 0) != boot_pid;
}

/* Whether a process above this one runs under this library, too. */
static bool ancestor_hijacked(void)
{
	char path[32], line[512], *name;
	int pid = host_syscall3(SYS_getppid, 0, 0, 0), parent;
	bool found = false;
	FILE *f;

	while (pid > 1 && !found) {
		snprintf(path, sizeof(path), "/proc/%d/maps", pid);
		f = fopen(path, "re");
		while (f && !found && fgets(line, sizeof(line), f))
			found = strstr(line, "/" LIBRARY_NAME) != NULL;
		if (f)
			fclose(f);
		parent = 0;
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		f = fopen(path, "re");
		/* The name, in parentheses, may hold anything. */
		if (f && fgets(line, sizeof(line), f) &&
		    (name = strrchr(line, ')')) &&
		    sscanf(name, ") %*c %d", &parent) != 1)
			parent = 0;
		if (f)
			fclose(f);
		pid = parent;
	}
	return found;
}

/* Returns its id; -EBUSY when a process above this one may have the device. */
static int add_interface(const struct config *c, unsigned int n)
{
	static int below = -1;
	const struct config_interface *i = &c->interface[n];
	struct lkl_netdev_args args = {
		.type = i->type,
		.param = i->param,
		.offload = i->has_offload ? i->offload : LKL_OFFLOAD_DEFAULT,
		.mtu = i->mtu,
		.ip = i->ip.text,
		.ipv6 = i->ipv6.text,
		/* A server may be asked before it can answer: see set_up(). */
		.held = !setup_asks_network(c),
	};
	char error[512] = "";
	int id;

	memcpy(args.mac, i->mac, sizeof(args.mac));
	id = lkl_netdev_add(&args, error, sizeof(error));
	if (id >= 0)
		return id;
	/* Asked once, early: a program that gives up its rights cannot look. */
	if (id == -EBUSY && below < 0)
		below = ancestor_hijacked();
	if (id == -EBUSY && below)
		return id;
	message("%s: interfaces[%u]: %s",
		c->interfaces_in_file ? c->file : "environment", n,
		*error ? error : lkl_strerror(id));
	setup_refuse();
	return -ENODEV;
}

static void own_memory(void)
{
	memory_pid = host_syscall3(SYS_getpid, 0, 0, 0);
}

bool boot_vforked(void)
{
	return memory_pid &&
	       memory_pid != host_syscall3(SYS_getpid, 0, 0, 0);
}

void boot_in_child(bool shares_files)
{
	child = true;
	own_memory();
	fdtab_fork(shares_files);
	message_fork();
	stdio_fork();
	mixed_forget();
	sigio_forget();
}

static void after_fork(void)
{
	boot_in_child(false);
}

/* Opens the interfaces. False when a process above has one of them. */
static bool add_interfaces(const struct config *c)
{
	unsigned int n;

	for (n = 0; n < c->interfaces; n++) {
		ids[n] = config_is_tunnel(&c->interface[n]) ?
			 -ENODEV : add_interface(c, n);
		if (ids[n] != -EBUSY)
			continue;
		while (n--)
			if (ids[n] >= 0)
				lkl_netdev_remove(ids[n]);
		return false;
	}
	return true;
}

/* The limit that counts is the host's, for the numbers that the program sees. */
static int lift_limit(void)
{
	const struct rlimit most = { FDTAB_SIZE, FDTAB_SIZE };

	return lkl_do(__lkl__NR_prlimit64, 0, RLIMIT_NOFILE, &most, NULL);
}

/* What the kernel is to be before main(), once it runs. */
static void set_up(void)
{
	unsigned int n;

	setup_autoconfigured(&config, ids);
	setup_must(&config, lift_limit(), -1, "RLIMIT_NOFILE", NULL);
	setup_must(&config, netview_init(), -1, "/proc and /sys", NULL);
	setup_must(&config, lkl_if_up(LOOPBACK_IFINDEX), -1, "lo", NULL);
	setup_make_tunnels(&config);
	setup_mounts(&config);
	setup_sysctls(&config);
	for (n = 0; n < config.interfaces; n++)
		if (ids[n] >= 0)
			setup_interface(&config, n,
					lkl_netdev_ifindex(ids[n]));
	setup_gateways(&config);
	for (n = 0; n < config.interfaces; n++)
		lkl_netdev_release(ids[n]);
	setup_nameservers(&config);
	booting = host_syscall3(SYS_gettid, 0, 0, 0);
	setup_tunnels(&config);
	booting = 0;
	setup_pinning(&config);
	setup_delay(&config);
}

/* What the user can do about it, where it is not what boot_cmdline says. */
static void kernel_refuses(int err)
{
	const char *key = "boot_cmdline", *remedy = "";

	if (err == -ENOMEM)
		remedy = "; let the process have more (ulimit -v), or the kernel less (mem=)";
	if (err == -EMFILE) {
		key = "RLIMIT_NOFILE";
		remedy = "; let the process have more (ulimit -n)";
	}
	config_wrong_at(&config, -1, key, "the kernel does not start: %s%s",
			lkl_strerror(err), remedy);
}

static void end_by_signal(void);

static void refuse_signals(int err)
{
	if (!err)
		return;
	message("handlers of signals: %s", lkl_strerror(err));
	setup_refuse();
}

/* Returns whether the kernel runs. */
static bool boot(void)
{
	static bool read;
	char ram[32] = "";
	int err;

	boot_pid = host_syscall3(SYS_getpid, 0, 0, 0);
	if (!read && !config_read(&config))
		setup_refuse();
	err = read ? 0 : fdtab_init();
	if (err) {
		message("the table of descriptors: %s", lkl_strerror(err));
		setup_refuse();
	}
	if (!read && !trace_init())
		setup_refuse();
	if (!read && (config.debug || config.dump.count))
		message_keep();
	if (!read && config.debug)
		lkl_set_print(message_text);
	if (!read)
		ids = calloc(config.interfaces + 1, sizeof(*ids));
	if (!ids)
		message_die("there is no memory for the interfaces");
	if (!read)
		setup_read_tunnels(&config);
	read = true;
	if (!add_interfaces(&config))
		return false;
	setup_network(&config, ids);

	refuse_signals(fault_init());
	setup_memory(&config);
	/* What the configuration says comes after it, and counts. */
	if (config.interfaces > USUAL_INTERFACES)
		snprintf(ram, sizeof(ram), "mem=%uM ",
			 USUAL_INTERFACES + config.interfaces);
	err = lkl_start_kernel("%s%s", ram,
			       config.boot_cmdline ? config.boot_cmdline : "");
	if (err) {
		kernel_refuses(err);
		host_syscall3(SYS_exit_group, EXIT_REFUSED, 0, 0);
	}
	/* Before, there is nothing that a signal would have to wait for. */
	refuse_signals(signals_before_end(end_by_signal));
	pthread_atfork(NULL, NULL, after_fork);
	if (at_quick_exit(boot_end))
		message("quick_exit() will not wait for connections to end");
	if (!pcap_start())
		setup_refuse();
	set_up();
	return true;
}

/* Once for each process. */
static void tell(const char *why)
{
	static int told;
	int pid = host_syscall3(SYS_getpid, 0, 0, 0);

	if (__atomic_exchange_n(&told, pid, __ATOMIC_RELAXED) != pid)
		message("%s: %s", program_invocation_short_name, why);
}

static int boot_once(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	int err = errno;
	bool others;

	pthread_mutex_lock(&lock);
	if (state == NOT_YET) {
		__atomic_store_n(&state, BOOTING, __ATOMIC_RELEASE);
		others = thread_others;
		__atomic_store_n(&state, boot() ? READY : NOT_YET,
				 __ATOMIC_RELEASE);
		/* The threads made meanwhile are ours. */
		thread_others = others;
	}
	pthread_mutex_unlock(&lock);
	errno = err;
	return state == READY ? 0 : -ENETDOWN;
}

static void tell_child(void)
{
	tell("a child process that has not called exec can use neither the sockets of its parent nor new ones: they are in the parent's kernel");
}

long boot_inherited(void)
{
	tell_child();
	return -ENETDOWN;
}

int boot_ready(void)
{
	if (__builtin_expect(__atomic_load_n(&state, __ATOMIC_ACQUIRE) == READY,
			     1)) {
		if (!boot_foreign())
			return 0;
		tell_child();
		return -ENETDOWN;
	}
	if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) == ENDED)
		return -ENETDOWN;
	if (booting && booting == host_syscall3(SYS_gettid, 0, 0, 0))
		return 0;
	if (boot_once() < 0) {
		tell("a parent process has the network's interfaces, so this process has none and its sockets fail (ENETDOWN); one of type user or slirp that publishes no ports is each process's own");
		return -ENETDOWN;
	}
	return 0;
}

/* Also where there is no kernel. */
static void after_any_fork(void)
{
	own_memory();
	direct_forked();
}

__attribute__((constructor)) static void at_start(void)
{
	own_memory();
	pthread_atfork(NULL, NULL, after_any_fork);
	boot_once();
}

bool boot_ends(void)
{
	int by = __atomic_load_n(&ending, __ATOMIC_SEQ_CST);

	return by && by != host_syscall3(SYS_gettid, 0, 0, 0) &&
	       !boot_foreign();
}

void boot_hold(void)
{
	static const struct timespec second = { 1, 0 };
	int i;

	if (!boot_ends())
		return;
	/* Not for ever: the destructor of a library may wait for this thread. */
	for (i = 0; i < HOLD_SECONDS; i++) {
		host_syscall3(SYS_nanosleep, (long)&second, 0, 0);
		if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) == ENDED)
			return;
	}
}

/* @at_leisure: nobody wants the process gone at once. */
static void end_network(bool at_leisure)
{
	int nobody = 0, self = host_syscall3(SYS_gettid, 0, 0, 0);

	if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != READY ||
	    boot_foreign() || lkl_kernel_inside(lkl_self()))
		return;
	if (!__atomic_compare_exchange_n(&ending, &nobody, self, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
		boot_hold();
		return;
	}
	setup_dump(&config);
	if (at_leisure)
		setup_stay(&config);
	fdtab_close_all();
	if (drain_threads())
		fdtab_close_all();
	drain_tcp(ids, config.interfaces);
	if (drain_has_link(ids, config.interfaces))
		setup_drain_tunnels(&config);
	pcap_end();
}

void boot_end(void)
{
	end_network(true);
}

static void end_by_signal(void)
{
	end_network(false);
}

static void end(void *unused)
{
	(void)unused;
	if (state != READY || boot_foreign())
		return;
	stdio_flush();
	boot_end();
	lkl_halt();
	__atomic_store_n(&state, ENDED, __ATOMIC_RELEASE);
}

/* Of libc: atexit(3), for no library, whose end would be this one's. */
int __cxa_atexit(void (*fn)(void *), void *arg, void *library);

/*
 * After the program's own exit handlers, and when all libraries have come to
 * their ends too: what is registered now runs then.
 */
__attribute__((destructor)) static void at_exit(void)
{
	if (__cxa_atexit(end, NULL, NULL))
		end(NULL);
}
