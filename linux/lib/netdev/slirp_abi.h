/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The binary interface of libslirp.so.0, as far as it is used: declared here, as
 * the library and its headers need not be there when this is built.
 */
#ifndef LKL_LIB_NETDEV_SLIRP_ABI_H
#define LKL_LIB_NETDEV_SLIRP_ABI_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct Slirp Slirp;

/* Events that it waits for, and that it is told of. */
enum {
	SLIRP_POLL_IN	= 1,
	SLIRP_POLL_OUT	= 2,
	SLIRP_POLL_PRI	= 4,
	SLIRP_POLL_ERR	= 8,
	SLIRP_POLL_HUP	= 16,
};

typedef void (*SlirpTimerCb)(void *arg);

/* What it calls; @opaque is slirp_new()'s. */
typedef struct {
	ssize_t (*send_packet)(const void *buf, size_t len, void *opaque);
	void (*guest_error)(const char *text, void *opaque);
	int64_t (*clock_get_ns)(void *opaque);
	void *(*timer_new)(SlirpTimerCb call, void *arg, void *opaque);
	void (*timer_free)(void *timer, void *opaque);
	void (*timer_mod)(void *timer, int64_t ms, void *opaque);
	void (*register_poll_fd)(int fd, void *opaque);
	void (*unregister_poll_fd)(int fd, void *opaque);
	void (*notify)(void *opaque);
} SlirpCb;

/* Version 1 of its configuration. */
typedef struct {
	uint32_t version;
	int restricted;
	bool in_enabled;
	struct in_addr vnetwork;
	struct in_addr vnetmask;
	struct in_addr vhost;
	bool in6_enabled;
	struct in6_addr vprefix_addr6;
	uint8_t vprefix_len;
	struct in6_addr vhost6;
	const char *vhostname;
	const char *tftp_server_name;
	const char *tftp_path;
	const char *bootfile;
	struct in_addr vdhcp_start;
	struct in_addr vnameserver;
	struct in6_addr vnameserver6;
	const char **vdnssearch;
	const char *vdomainname;
	size_t if_mtu;
	size_t if_mru;
	bool disable_host_loopback;
	bool enable_emu;
} SlirpConfig;

Slirp *slirp_new(const SlirpConfig *config, const SlirpCb *callbacks,
		 void *opaque);
void slirp_cleanup(Slirp *slirp);
void slirp_pollfds_fill(Slirp *slirp, uint32_t *timeout_ms,
			int (*add_poll)(int fd, int events, void *opaque),
			void *opaque);
void slirp_pollfds_poll(Slirp *slirp, int select_error,
			int (*get_revents)(int index, void *opaque),
			void *opaque);
void slirp_input(Slirp *slirp, const uint8_t *packet, int len);

/* Flags of slirp_add_hostxfwd(). */
#define SLIRP_HOSTFWD_UDP	1
#define SLIRP_HOSTFWD_V6ONLY	2

int slirp_add_hostxfwd(Slirp *slirp,
		       const struct sockaddr *host, socklen_t host_len,
		       const struct sockaddr *guest, socklen_t guest_len,
		       int flags);

#endif
