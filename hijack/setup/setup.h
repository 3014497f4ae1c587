/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the configuration asks for, carried out: each function is one step, in
 * the order of docs/config.md. A step that fails tells which key, and ends the
 * process with status 125, unless LKL_HIJACK_ON_ERROR says to go on.
 */
#ifndef HIJACK_SETUP_H
#define HIJACK_SETUP_H

#include "config.h"

/** setup_refuse() - a step has failed, of which the user has been told */
void setup_refuse(void);

/**
 * setup_must() - refuses if @err, of the kernel, is one
 * @interface: number of the interface in the configuration, or -1.
 * @key: what was to be set.
 * @value: to what; may be NULL.
 *
 * Return: whether all is well.
 */
bool setup_must(const struct config *config, int err, int interface,
		const char *key, const char *value);

/** setup_memory() - boot_cmdline: "mem=" is an amount that can be, before boot */
void setup_memory(const struct config *config);

/**
 * setup_network() - the addresses of a network that a backend makes by itself
 * @ids: LKL's devices, one for each interface, or negative.
 *
 * The first interface on such a network that has no address gets those that it
 * has there; gateways and name servers go with them where none are configured.
 */
void setup_network(struct config *config, const int *ids);

/**
 * setup_autoconfigured() - boot_cmdline: "ip=dhcp" has brought an address
 * @ids: LKL's devices, one for each interface.
 */
void setup_autoconfigured(const struct config *config, const int *ids);

/** setup_mounts() - mount: file systems inside LKL */
void setup_mounts(const struct config *config);

/** setup_sysctls() - sysctl */
void setup_sysctls(const struct config *config);

/**
 * setup_interface() - all of an interface's keys, and it is up
 * @ifindex: it in LKL, or a negative errno.
 */
void setup_interface(const struct config *config, unsigned int n, int ifindex);

/** setup_gateways() - gateway, gateway6 */
void setup_gateways(const struct config *config);

/** setup_asks_network() - whether boot_cmdline has the kernel ask for an address */
bool setup_asks_network(const struct config *config);

/** setup_nameservers() - nameserver, or what DHCP has brought */
void setup_nameservers(const struct config *config);

/** setup_resolver() - the program's resolv.conf(5) is @text from now on */
void setup_resolver(const struct config *config, const char *text);

/** setup_read_tunnels() - reads the files of wireguard interfaces; no kernel is needed */
void setup_read_tunnels(const struct config *config);

/** setup_make_tunnels() - makes those interfaces: wg0, wg1 and so on, down */
void setup_make_tunnels(const struct config *config);

/**
 * setup_tunnels() - all of their keys, and what their files say
 *
 * Asks name servers for endpoints, over the other interfaces.
 */
void setup_tunnels(const struct config *config);

/** setup_pinning() - singlecpu: which threads stay on one CPU of the host */
void setup_pinning(const struct config *config);

/** setup_delay() - delay_main: waits */
void setup_delay(const struct config *config);

/** setup_dump() - dump, at the end: prints files of LKL on standard error */
void setup_dump(const struct config *config);

/**
 * setup_drain_tunnels() - at the end: what waits for a peer's first answer leaves
 *
 * As from a kernel that outlives the program; for a bounded time.
 */
void setup_drain_tunnels(const struct config *config);

/** setup_stay() - debug & 0x100, at the end: waits for a key or a signal */
void setup_stay(const struct config *config);

#endif
