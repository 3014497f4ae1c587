/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Linux kernel as a library: the interface for programs.
 *
 * Link with liblkl.a or liblkl.so and -lpthread. Kernel types and constants
 * bear the prefix lkl_ or LKL_, so that they live beside those of libc.
 *
 * Conventions: functions that return an int or a long return a negative Linux
 * error number (LKL_E*, text by lkl_strerror()) on failure, and never touch
 * errno. Any thread may call any function, but for signal handlers, which may
 * call only those that say so.
 */
#ifndef LKL_H
#define LKL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <lkl_host.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LKL_API __attribute__((visibility("default")))

/* ------------------------------------------------------------------------ */
/* The kernel                                                                */

/**
 * lkl_start_kernel() - boots the kernel in the calling thread
 * @format: kernel command line, as printf(3) makes it (for example "mem=64M").
 *	The devices added before come in front of it.
 *
 * Also starts the service thread, which runs timers and reception while no
 * thread of the program is inside the kernel; it blocks all signals.
 *
 * Return: 0; -ENOMEM, also when "mem=" is less than 8 MiB and 1 MiB for each
 * interface, or more than the host has or can keep track of; -EINVAL when it
 * is no size, and for "rdinit=", "kernelcore=" and "movablecore=", with which the
 * kernel does not start; -EBUSY when one has been started in this process before;
 * -E2BIG when the command line is too long.
 */
LKL_API int lkl_start_kernel(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/**
 * lkl_halt() - ends the kernel
 *
 * Calls that other threads have under way, and all later ones, fail with
 * -ENODEV. Devices are removed and their backends closed.
 *
 * Return: 0, or a negative errno: -ENODEV when no kernel runs.
 */
LKL_API int lkl_halt(void);

/**
 * lkl_is_running() - whether system calls can be made
 *
 * Not in a child of fork(2): the kernel is the parent's. Async-signal-safe.
 */
LKL_API int lkl_is_running(void);

/**
 * lkl_syscall() - makes one system call of the kernel
 * @nr: __lkl__NR_* number, or LKL_CALL_* (lkl_host.h).
 * @params: its six arguments.
 *
 * Return: the result. A negative value is an errno, or, when a host signal
 * interrupted the call (lkl_kernel_interrupt()), one of the kernel's restart
 * codes -512 to -516, which say how to go on after the signal's handler. The
 * lkl_sys_*() functions turn these into -EINTR. -ENODEV when no kernel runs.
 */
LKL_API long lkl_syscall(long nr, const long *params);

/**
 * lkl_self() - the calling thread as the kernel knows it
 *
 * For lkl_kernel_inside() and lkl_kernel_interrupt(). Async-signal-safe.
 */
LKL_API struct lkl_thread *lkl_self(void);

/**
 * lkl_mend_fault() - has a system call with a bad pointer fail with -EFAULT
 * @context: third argument of the handler, which was installed with SA_SIGINFO
 *	(sigaction(2)).
 *
 * For a program's handlers of SIGSEGV and SIGBUS. Without one, a bad pointer
 * ends the program, as it does in a call to libc. Async-signal-safe.
 *
 * Return: 1 when the fault was one in a system call, and the handler is to
 * return; 0 when it was any other, and nothing was done.
 */
LKL_API int lkl_mend_fault(void *context);

/**
 * lkl_strerror() - the text of a Linux error number
 * @error: the number, of either sign.
 *
 * Return: for example "No such file or directory"; never NULL, and constant.
 * Async-signal-safe.
 */
LKL_API const char *lkl_strerror(int error);

/**
 * lkl_set_print() - where the kernel's console goes
 * @print: gets @len bytes of text, while the LKL CPU is held: it must not call
 *	this library. NULL, as at the start: nowhere.
 *
 * Return: 0.
 */
LKL_API int lkl_set_print(void (*print)(const char *text, unsigned int len));

/**
 * lkl_log_tail() - the last lines of the kernel's log
 * @buf: filled with them, oldest first, always terminated.
 * @size: its size in bytes.
 *
 * They are kept whether lkl_set_print() was called or not, up to 16 KiB.
 *
 * Return: length of the text.
 */
LKL_API size_t lkl_log_tail(char *buf, size_t size);

/**
 * lkl_set_wait() - who is told of threads that wait
 * @wait: called by each thread of the program whose system call has to wait
 *	inside the kernel, before it does, once or more often. It must not call
 *	this library. NULL, as at the start: nobody.
 *
 * For programs in which another thread is to go on meanwhile.
 *
 * Return: 0.
 */
LKL_API int lkl_set_wait(void (*wait)(void));

/**
 * lkl_interrupt_others() - interrupts the calls that other threads are in
 *
 * As a signal without a handler would: a thread that waits in a call holds on to
 * the file, also when its descriptor is closed, until it returns.
 *
 * Async-signal-safe.
 *
 * Return: 0 when no other thread is in a call, so that who waits for that asks
 * again until then; 1 when there are some or may be; -ENODEV when no kernel runs.
 */
LKL_API int lkl_interrupt_others(void);

/**
 * lkl_pin_threads() - keeps the library's own threads on one CPU of the host
 * @cpu: its number; it must be one that the calling thread may use.
 *
 * The program's threads are not touched.
 *
 * Return: 0 or a negative errno: -ENODEV when no kernel runs.
 */
LKL_API int lkl_pin_threads(unsigned int cpu);

/* ------------------------------------------------------------------------ */
/* Files of the kernel                                                       */

/**
 * lkl_mount_fs() - mounts a file system without a device on /TYPE
 * @type: such as "proc"; the directory is made where it is missing.
 *
 * Return: 0 or a negative errno: -ENODEV when the kernel has no such type,
 * -EBUSY when it is mounted there already.
 */
LKL_API int lkl_mount_fs(const char *type);

/**
 * lkl_sysctl_write() - sysctl -w NAME=VALUE
 * @name: below /proc/sys, which need not be mounted. Parts are separated by
 *	dots, in which a slash stands for a dot, or, when a slash comes first, by
 *	slashes: net.ipv4.conf.eth0/1.forwarding, net/ipv4/conf/eth0.1/forwarding.
 * @value: all of what is written.
 *
 * Return: 0 or a negative errno: -ENOENT when there is none of that name,
 * -EINVAL when it does not take this value.
 */
LKL_API int lkl_sysctl_write(const char *name, const char *value);

/* ------------------------------------------------------------------------ */
/* Disks                                                                     */

/* Bits of lkl_disk_args.flags. */
#define LKL_DISK_READ_ONLY	1	/* not a byte of the image is changed */

/**
 * struct lkl_disk_args - what lkl_disk_add() is to add
 * @path: of the image, a file or a block device of the host.
 * @flags: LKL_DISK_* bits.
 * @block_size: the least that the disk reads or writes, in bytes: 512 to 4096;
 *	0 for a block device's own, or 512.
 * @serial: up to 20 characters that identify the disk; NULL for the end of the
 *	file's name.
 */
struct lkl_disk_args {
	const char *path;
	unsigned int flags;
	unsigned int block_size;
	const char *serial;
};

/**
 * lkl_disk_add() - gives the kernel a disk
 * @args: which; not used after the return.
 * @error: filled with a complete message on failure, which names the reason
 *	and the remedy.
 * @size: size of @error in bytes.
 *
 * Opens and locks the image at once: several programs may read one, or one
 * program may write it (flock(2)). Before lkl_start_kernel() or after it.
 *
 * Return: an id for the functions below, or a negative errno.
 */
LKL_API int lkl_disk_add(const struct lkl_disk_args *args, char *error,
			 size_t size);

/**
 * lkl_disk_remove() - takes it out again and closes the image
 *
 * Return: 0; -ENODEV when there is no disk @id; -EBUSY when it is mounted or
 * open.
 */
LKL_API int lkl_disk_remove(int id);

/**
 * lkl_disk_device() - the kernel's block device of a disk
 * @partition: 0 for the whole, else the number of a partition (MBR or GPT).
 * @path: filled with the name of a device node in the kernel's file system.
 * @size: size of @path in bytes.
 *
 * Return: 0, or a negative errno: -ENODEV when there is no disk @id, or its
 * driver did not accept it; -ENXIO when it has no such partition.
 */
LKL_API int lkl_disk_device(int id, unsigned int partition, char *path,
			    size_t size);

/**
 * struct lkl_mount_args - what lkl_disk_mount() is to mount
 * @disk: id of the disk.
 * @partition: 0 for the whole, else the number of a partition.
 * @type: of the file system, such as "ext4"; NULL to find it out.
 * @flags: LKL_MS_* bits; a read-only disk is mounted with LKL_MS_RDONLY anyway.
 * @options: separated by commas, as mount(8) takes them; may be NULL. Those of
 *	every type, such as "noatime", change @flags.
 */
struct lkl_mount_args {
	int disk;
	unsigned int partition;
	const char *type;
	unsigned long flags;
	const char *options;
};

/**
 * struct lkl_mount - a file system that is mounted
 * @path: where, in the kernel's file system.
 * @type: of the file system.
 * @flags: LKL_MS_* bits it was mounted with.
 * @warning: something that its user should be told, or empty.
 */
struct lkl_mount {
	char path[32];
	char type[32];
	unsigned long flags;
	char warning[256];
};

/**
 * lkl_disk_mount() - mounts the file system on a disk
 * @mount: filled.
 * @error: filled with a complete message on failure, which has what the kernel
 *	said.
 * @size: size of @error in bytes.
 *
 * A journal that needs to be replayed is, unless the disk is read-only: then it
 * is left alone, and @mount->warning says so.
 *
 * Return: 0 or a negative errno.
 */
LKL_API int lkl_disk_mount(const struct lkl_mount_args *args,
			   struct lkl_mount *mount, char *error, size_t size);

/**
 * lkl_disk_umount() - writes everything back and unmounts
 * @path: as lkl_disk_mount() gave it.
 *
 * Return: 0; -EBUSY when files are still open: the file system is read-only and
 * clean then, if that could be; or the error with which writing ended.
 */
LKL_API int lkl_disk_umount(const char *path);

/* ------------------------------------------------------------------------ */
/* Network devices                                                           */

/* Bits of lkl_netdev_args.offload: virtio-net features (virtio 1.2, 5.1.3). */
#define LKL_OFFLOAD_CSUM	(1ULL << 0)	/* we may leave checksums open */
#define LKL_OFFLOAD_GUEST_CSUM	(1ULL << 1)	/* the peer may */
#define LKL_OFFLOAD_GUEST_TSO4	(1ULL << 7)	/* the peer may send big TCP/IPv4 */
#define LKL_OFFLOAD_GUEST_TSO6	(1ULL << 8)
#define LKL_OFFLOAD_GUEST_ECN	(1ULL << 9)
#define LKL_OFFLOAD_GUEST_UFO	(1ULL << 10)
#define LKL_OFFLOAD_HOST_TSO4	(1ULL << 11)	/* we may send big TCP/IPv4 */
#define LKL_OFFLOAD_HOST_TSO6	(1ULL << 12)
#define LKL_OFFLOAD_HOST_ECN	(1ULL << 13)
#define LKL_OFFLOAD_HOST_UFO	(1ULL << 14)
#define LKL_OFFLOAD_MRG_RXBUF	(1ULL << 15)	/* one packet in many buffers */
#define LKL_OFFLOAD_GUEST_USO4	(1ULL << 54)
#define LKL_OFFLOAD_GUEST_USO6	(1ULL << 55)
#define LKL_OFFLOAD_HOST_USO	(1ULL << 56)

/* The fastest set that the backend can do. */
#define LKL_OFFLOAD_DEFAULT	(~0ULL)

/**
 * struct lkl_netdev_args - what lkl_netdev_add() is to add
 * @type: name of the backend: "tap".
 * @param: the backend's parameter, for a tap the name of the host interface.
 * @mac: address of the interface; all zero for a random one.
 * @offload: LKL_OFFLOAD_* bits, or LKL_OFFLOAD_DEFAULT.
 * @mtu: the interface's MTU from the start and its greatest; 0 for 1500, with
 *	no limit.
 * @queue_size: entries in each of the device's queues, a power of two up to
 *	1024; 0 for the best known.
 * @ip, @ipv6: addresses that the interface will be given, as text, for a backend
 *	that has to know them from the start (passt); NULL where there are none,
 *	or those of lkl_netdev_network().
 * @held: nothing is received before lkl_netdev_release().
 */
struct lkl_netdev_args {
	const char *type;
	const char *param;
	unsigned char mac[6];
	unsigned long long offload;
	unsigned int mtu;
	unsigned int queue_size;
	const char *ip;
	const char *ipv6;
	int held;
};

/**
 * lkl_netdev_add() - gives the kernel a network interface
 * @args: what kind; not used after the return.
 * @error: filled with a complete message on failure, which names the reason
 *	and the remedy.
 * @size: size of @error in bytes.
 *
 * Opens the backend at once, in the calling thread's network namespace. Before
 * lkl_start_kernel() the device is put on the kernel's command line, so that
 * "ip=dhcp" there can use it; afterwards it is plugged in at once. Interfaces
 * are named eth0, eth1, ... in the order of addition.
 *
 * Return: an id for the functions below, or a negative errno.
 */
LKL_API int lkl_netdev_add(const struct lkl_netdev_args *args, char *error,
			   size_t size);

/**
 * lkl_netdev_release() - a device that was added as held receives from now on
 *
 * What has come meanwhile, as far as the backend keeps it, comes first: to an
 * interface that has its addresses and routes by now, and can answer.
 *
 * Return: 0, or -ENODEV when there is no device @id.
 */
LKL_API int lkl_netdev_release(int id);

/**
 * lkl_netdev_remove() - takes it out again and closes the backend
 *
 * The interface must be in the network namespace in which the kernel booted.
 *
 * Return: 0; -ENODEV when there is no device @id; or what the kernel says, and
 * the device is still there.
 */
LKL_API int lkl_netdev_remove(int id);

/**
 * lkl_netdev_ifindex() - index of the interface that a device became
 *
 * Return: the index, or a negative errno: -ENODEV when there is no device @id,
 * no kernel runs, or its driver did not accept it.
 */
LKL_API int lkl_netdev_ifindex(int id);

/**
 * struct lkl_netdev_network - the network that a backend makes by itself
 * @ip, @ipv6: the addresses on it that are LKL's, as text.
 * @masklen, @masklen6: bits of their subnets.
 * @gateway, @gateway6, @nameserver, @nameserver6: the way to the rest.
 * @mtu: the fastest; 0 for the usual 1500.
 */
struct lkl_netdev_network {
	const char *ip;
	const char *gateway;
	const char *nameserver;
	const char *ipv6;
	const char *gateway6;
	const char *nameserver6;
	unsigned int masklen;
	unsigned int masklen6;
	unsigned int mtu;
};

/**
 * lkl_netdev_network() - the addresses that a device is to have
 *
 * Nothing is set up by it.
 *
 * Return: those of a user-mode backend (slirp, or a passt that was started
 * here), for ever; or NULL when only the user knows.
 */
LKL_API const struct lkl_netdev_network *lkl_netdev_network(int id);

/* ------------------------------------------------------------------------ */
/* Setting up the network inside the kernel                                  */
/*
 * All of these return 0 or a negative errno as the kernel gives it. Families
 * are LKL_AF_INET (2) and LKL_AF_INET6 (10); addresses are in network byte
 * order, 4 or 16 bytes; @table 0 is the main routing table.
 */

/** lkl_if_index() - index of the interface called @name, or -ENODEV */
LKL_API int lkl_if_index(const char *name);

/**
 * lkl_if_add() - ip link add NAME type KIND
 * @kind: such as "wireguard" or "dummy".
 *
 * Return: its index, or a negative errno.
 */
LKL_API int lkl_if_add(const char *name, const char *kind);

/** lkl_if_up() - ip link set dev IFINDEX up */
LKL_API int lkl_if_up(int ifindex);

/** lkl_if_down() - ip link set dev IFINDEX down */
LKL_API int lkl_if_down(int ifindex);

/** lkl_if_set_mtu() - ip link set dev IFINDEX mtu MTU */
LKL_API int lkl_if_set_mtu(int ifindex, unsigned int mtu);

/** lkl_if_set_mac() - ip link set dev IFINDEX address MAC */
LKL_API int lkl_if_set_mac(int ifindex, const unsigned char mac[6]);

/**
 * lkl_if_add_ip() - ip addr add ADDR/PREFIXLEN dev IFINDEX
 *
 * An IPv6 address is usable at once: duplicates are not looked for (nodad).
 */
LKL_API int lkl_if_add_ip(int ifindex, int family, const void *addr,
			  unsigned int prefixlen);

/** lkl_if_del_ip() - ip addr del ADDR/PREFIXLEN dev IFINDEX */
LKL_API int lkl_if_del_ip(int ifindex, int family, const void *addr,
			  unsigned int prefixlen);

/**
 * lkl_if_has_ip() - whether an interface has an address of a family
 *
 * Return: 1 or 0, or a negative errno.
 */
LKL_API int lkl_if_has_ip(int ifindex, int family);

/**
 * lkl_ip_tentative() - whether an address is not usable yet
 *
 * Duplicates of new IPv6 addresses are looked for first (RFC 4862, 5.4).
 *
 * Return: 1 when there is such an address on any interface, 0, or a negative
 * errno.
 */
LKL_API int lkl_ip_tentative(void);

/**
 * lkl_route_add() - ip route add DST/PREFIXLEN via GATEWAY dev IFINDEX
 * @dst: destination; NULL with @prefixlen 0 for the default route.
 * @gateway: next hop; NULL for a route to the link itself.
 * @ifindex: interface, 0 for the one of @gateway.
 */
LKL_API int lkl_route_add(int family, const void *dst, unsigned int prefixlen,
			  const void *gateway, int ifindex,
			  unsigned int table);

/** lkl_set_gateway() - ip route replace default via GATEWAY */
LKL_API int lkl_set_gateway(int family, const void *gateway);

/** lkl_if_set_gateway() - ip route replace default via GATEWAY dev IFINDEX */
LKL_API int lkl_if_set_gateway(int ifindex, int family, const void *gateway,
			       unsigned int table);

/** lkl_rule_add() - ip rule add from SRC lookup TABLE */
LKL_API int lkl_rule_add(int family, const void *src, unsigned int table);

/**
 * lkl_rule_add_unmarked() - packets without a mark use a table of their own
 *
 * ip rule add not fwmark MARK lookup TABLE, and before it, so that they do so
 * only in place of default routes, ip rule add lookup main
 * suppress_prefixlength 0.
 */
LKL_API int lkl_rule_add_unmarked(int family, unsigned int mark,
				  unsigned int table);

/** lkl_neigh_add() - ip neigh replace ADDR lladdr MAC dev IFINDEX nud permanent */
LKL_API int lkl_neigh_add(int ifindex, int family, const void *addr,
			  const unsigned char mac[6]);

/**
 * lkl_qdisc_add() - tc qdisc replace dev IFINDEX PARENT KIND
 * @parent: "root", "ingress", "clsact", or a class as "1:10" (hexadecimal).
 * @kind: such as "fq".
 */
LKL_API int lkl_qdisc_add(int ifindex, const char *parent, const char *kind);

/* ------------------------------------------------------------------------ */
/* Tunnels of WireGuard: interfaces of kind "wireguard", see lkl_if_add()    */

/** LKL_WG_KEY - bytes of a key */
#define LKL_WG_KEY 32

/**
 * struct lkl_prefix - a range of addresses
 * @family: LKL_AF_INET or LKL_AF_INET6.
 * @len: how many bits of @addr count.
 */
struct lkl_prefix {
	unsigned char family;
	unsigned char len;
	unsigned char addr[16];
};

/**
 * struct lkl_wg_peer - the other end of a tunnel
 * @preshared_key: LKL_WG_KEY bytes, or NULL.
 * @endpoint: its struct sockaddr_in or sockaddr_in6, of @endpoint_len bytes;
 *	NULL where it shows itself first.
 * @keepalive: seconds between packets that keep the way open; 0 for none.
 * @prefix: addresses that are behind it (AllowedIPs), @prefixes of them.
 */
struct lkl_wg_peer {
	unsigned char public_key[LKL_WG_KEY];
	const unsigned char *preshared_key;
	const void *endpoint;
	unsigned int endpoint_len;
	unsigned short keepalive;
	unsigned int prefixes;
	const struct lkl_prefix *prefix;
};

/**
 * lkl_wg_set() - wg set IFINDEX private-key KEY listen-port PORT fwmark MARK
 * @port: 0 for any.
 * @mark: of the tunnel's own packets, 0 for none.
 */
LKL_API int lkl_wg_set(int ifindex, const unsigned char private_key[LKL_WG_KEY],
		       unsigned short port, unsigned int mark);

/** lkl_wg_set_peer() - wg set IFINDEX peer ..., which may be new */
LKL_API int lkl_wg_set_peer(int ifindex, const struct lkl_wg_peer *peer);

/**
 * lkl_wg_waits() - whether something is sent to a peer that has never answered
 *
 * Until it does, packets to it are kept.
 *
 * Return: 1 or 0, or a negative errno.
 */
LKL_API int lkl_wg_waits(int ifindex);

#ifdef __cplusplus
}
#endif

/* lkl_sys_*(), __lkl__NR_*, struct lkl_*, LKL_*: generated from the kernel. */
#include <lkl/syscalls.h>

#endif
