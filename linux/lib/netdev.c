// SPDX-License-Identifier: GPL-2.0-only
/* Adding network devices to the kernel, before or after it boots. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "netdev.h"
#include "own_fds.h"
#include "posix.h"
#include "rtnetlink.h"
#include "virtio_net.h"
#include "virtio_plug.h"
#include <lkl.h>

/* A megabyte of receive buffers under load: what the caches hold. */
#define DEFAULT_QUEUE_SIZE 256

/* What a driver takes when it is told nothing. */
#define DEFAULT_MTU 1500

/*
 * Platform devices of the command line get ids from here on; the kernel numbers
 * those that are added later from 0.
 */
#define COMMAND_LINE_IDS 1000

/**
 * struct netdev - a device that was added
 * @id: as the caller knows it, counted up.
 * @plugged: the kernel knows it, as @platform_id.
 * @ifindex: 0 until looked up.
 * @mac: address that it was made with; the driver may have set another since.
 */
struct netdev {
	struct netdev *next;
	struct virtio_net *net;
	int id;
	bool plugged;
	int platform_id;
	int ifindex;
	uint8_t mac[6];
};

/* In the order of addition. */
static struct netdev *netdevs;
static int next_id;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct netdev *find(int id)
{
	struct netdev *nd = netdevs;

	while (nd && nd->id != id)
		nd = nd->next;
	return nd;
}

static void append(struct netdev *nd)
{
	struct netdev **link = &netdevs;

	while (*link)
		link = &(*link)->next;
	*link = nd;
}

static void unlink_and_free(struct netdev *nd)
{
	struct netdev **link = &netdevs;

	while (*link != nd)
		link = &(*link)->next;
	*link = nd->next;
	virtio_net_destroy(nd->net);
	free(nd);
}

static bool is_zero(const uint8_t mac[6])
{
	static const uint8_t zero[6];

	return !memcmp(mac, zero, 6);
}

static void random_mac(uint8_t mac[6])
{
	posix_entropy(mac, 6);
	mac[0] = (mac[0] & ~1) | 2;	/* one station, locally administered */
}

/*
 * Opens the backend, and chooses the interface's address: the one asked for, else
 * the backend's own, else a random one.
 */
static int open_backend(const struct backend_type *type,
			const struct lkl_netdev_args *args, uint8_t mac[6],
			struct backend **backend, struct backend_error *error)
{
	struct lkl_netdev_args own = *args;
	int err;

	if (is_zero(args->mac))
		random_mac(own.mac);
	err = type->open(&own, backend, error);
	if (err)
		return err;
	memcpy(mac, own.mac, 6);
	if (is_zero(args->mac) && !is_zero((*backend)->mac))
		memcpy(mac, (*backend)->mac, 6);
	return 0;
}

/* What the user asked for, within what the backend can do. */
static int choose_offloads(const struct lkl_netdev_args *args,
			   const struct backend *b, uint64_t *offloads,
			   struct backend_error *error)
{
	uint64_t can = b->features | VIRTIO_NET_F_CTRL_GUEST_OFFLOADS;

	if (args->offload == LKL_OFFLOAD_DEFAULT) {
		/* UDP fragmentation offload is slower than none at all. */
		*offloads = can & ~(VIRTIO_NET_F_GUEST_UFO |
				    VIRTIO_NET_F_HOST_UFO);
		return 0;
	}
	if (args->offload & ~VIRTIO_NET_OFFLOADS)
		return backend_fail(error, -EINVAL,
			"offload 0x%llx: bits 0x%llx are not offload features of virtio-net",
			args->offload, args->offload & ~VIRTIO_NET_OFFLOADS);
	if (args->offload & ~can)
		return backend_fail(error, -EINVAL,
			"offload 0x%llx: a '%s' interface cannot do bits 0x%llx: use at most 0x%llx, or leave it out for the best",
			args->offload, args->type,
			(unsigned long long)(args->offload & ~can),
			(unsigned long long)can);
	*offloads = args->offload | b->always;
	return 0;
}

static int check_args(const struct lkl_netdev_args *args,
		      struct backend_error *error)
{
	unsigned int size = args->queue_size;

	if (size & (size - 1) || size > VIRTQ_MAX_SIZE)
		return backend_fail(error, -EINVAL,
			"queue size %u: use a power of two up to %d", size,
			VIRTQ_MAX_SIZE);
	if (args->mtu && (args->mtu < 68 || args->mtu > 65535))
		return backend_fail(error, -EINVAL,
			"MTU %u: use 68 to 65535", args->mtu);
	if (args->mac[0] & 1)
		return backend_fail(error, -EINVAL,
			"MAC address %02x:%02x:%02x:%02x:%02x:%02x is one of a group: the first octet must be even",
			args->mac[0], args->mac[1], args->mac[2],
			args->mac[3], args->mac[4], args->mac[5]);
	return 0;
}

static int check_mtu(const struct lkl_netdev_args *args,
		     const struct backend *b, struct backend_error *error)
{
	if (!b->mtu_max || args->mtu <= b->mtu_max)
		return 0;
	return backend_fail(error, -EINVAL,
		"mtu %u: a '%s' interface carries at most %u: use that or less",
		args->mtu, args->type, b->mtu_max);
}

/* The service thread needs the backend's descriptors, too. */
static int keep_descriptors(const struct backend *b)
{
	int err = b->fd < 0 ? 0 : own_fd_keep(b->fd);

	if (err >= 0 && b->other_fd >= 0)
		err = own_fd_keep(b->other_fd);
	return err < 0 ? err : 0;
}

static int create(const struct lkl_netdev_args *args, struct virtio_net **net,
		  struct backend_error *error)
{
	const struct backend_type *type = backend_find(args->type, error);
	uint8_t mac[6];
	struct virtio_net_args net_args = {
		.mac = mac,
		.mtu = args->mtu,
		.queue_size = args->queue_size ? args->queue_size :
						 DEFAULT_QUEUE_SIZE,
		.held = args->held,
	};
	int err;

	if (!type)
		return -EINVAL;
	err = check_args(args, error);
	if (!err)
		err = open_backend(type, args, mac, &net_args.backend, error);
	if (err)
		return err;

	err = keep_descriptors(net_args.backend);
	if (err)
		backend_fail(error, err, "%s", lkl_strerror(err));
	else
		err = check_mtu(args, net_args.backend, error);
	/* The driver is told of a limit, and keeps to it. */
	if (!err && !args->mtu && net_args.backend->mtu_max)
		net_args.mtu = net_args.backend->mtu_max < DEFAULT_MTU ?
			       net_args.backend->mtu_max : DEFAULT_MTU;
	if (!err)
		err = choose_offloads(args, net_args.backend,
				      &net_args.offloads, error);
	if (!err) {
		err = virtio_net_create(&net_args, net);
		if (err)
			backend_fail(error, err, "%s '%s': %s", args->type,
				     args->param ? args->param : "",
				     err == -ENOSPC ? "no more devices fit" :
						      lkl_strerror(err));
	}
	if (err)
		net_args.backend->ops->close(net_args.backend);
	return err;
}

/* Adds a device to the kernel that runs. */
static int plug(struct netdev *nd)
{
	int id = virtio_plug(&nd->net->dev);

	if (id < 0)
		return id;
	nd->platform_id = id;
	nd->plugged = true;
	return 0;
}


int lkl_netdev_add(const struct lkl_netdev_args *args, char *text, size_t size)
{
	struct backend_error error = { text, size };
	struct netdev *nd = calloc(1, sizeof(*nd));
	int err;

	if (!nd)
		return backend_fail(&error, -ENOMEM, "%s",
				    lkl_strerror(-ENOMEM));
	err = create(args, &nd->net, &error);
	if (err) {
		free(nd);
		return err;
	}

	pthread_mutex_lock(&lock);
	nd->id = next_id++;
	memcpy(nd->mac, nd->net->config.mac, sizeof(nd->mac));
	append(nd);
	if (lkl_is_running())
		err = plug(nd);
	if (err) {
		backend_fail(&error, err, "%s '%s': the kernel refused it: %s",
			     args->type, args->param ? args->param : "",
			     lkl_strerror(err));
		unlink_and_free(nd);
	} else {
		err = nd->id;
	}
	pthread_mutex_unlock(&lock);
	return err;
}


/*
 * An interface is known by the address its device was made with. When several
 * have the same, they came up in the order of their addition.
 */
static int look_up_ifindex(const struct netdev *wanted)
{
	const uint8_t *mac = wanted->mac;
	unsigned int same = 0;
	struct netdev *nd;

	for (nd = netdevs; nd != wanted; nd = nd->next)
		if (nd->plugged && !memcmp(nd->mac, mac, 6))
			same++;
	return rtnl_find_virtio(mac, same);
}

static int ifindex_of(struct netdev *nd)
{
	int ifindex;

	if (nd->ifindex)
		return nd->ifindex;
	ifindex = nd->plugged ? look_up_ifindex(nd) : -ENODEV;
	if (ifindex > 0)
		nd->ifindex = ifindex;
	return ifindex;
}

int lkl_netdev_ifindex(int id)
{
	struct netdev *nd;
	int ifindex = -ENODEV;

	pthread_mutex_lock(&lock);
	nd = find(id);
	if (nd)
		ifindex = ifindex_of(nd);
	pthread_mutex_unlock(&lock);
	return ifindex;
}

const struct lkl_netdev_network *lkl_netdev_network(int id)
{
	const struct lkl_netdev_network *network = NULL;
	struct netdev *nd;

	pthread_mutex_lock(&lock);
	nd = find(id);
	if (nd)
		network = nd->net->backend->network;
	pthread_mutex_unlock(&lock);
	return network;
}

int lkl_netdev_release(int id)
{
	struct netdev *nd;

	pthread_mutex_lock(&lock);
	nd = find(id);
	if (nd)
		virtio_net_release(nd->net);
	pthread_mutex_unlock(&lock);
	return nd ? 0 : -ENODEV;
}

static int unplug(struct netdev *nd)
{
	int ifindex, err = 0;

	if (nd->net->dev.started) {
		ifindex = ifindex_of(nd);
		err = ifindex > 0 ? netdev_retire(ifindex) : ifindex;
	}
	if (!err)
		err = virtio_unplug(nd->platform_id);
	return err;
}

int lkl_netdev_remove(int id)
{
	struct netdev *nd;
	int err = -ENODEV;

	pthread_mutex_lock(&lock);
	nd = find(id);
	if (nd) {
		err = nd->plugged ? unplug(nd) : 0;
		if (!err)
			unlink_and_free(nd);
	}
	pthread_mutex_unlock(&lock);
	return err;
}

unsigned int netdev_count(void)
{
	const struct netdev *nd;
	unsigned int n = 0;

	for (nd = netdevs; nd; nd = nd->next)
		n++;
	return n;
}

void netdev_command_line(char *buf, size_t size)
{
	int platform_id = COMMAND_LINE_IDS;
	size_t len = strlen(buf);
	struct netdev *nd;
	int n;

	for (nd = netdevs; nd; nd = nd->next) {
		n = snprintf(buf + len, size - len,
			     " virtio_mmio.device=%u@%#lx:%d:%d",
			     VIRTIO_MMIO_SIZE, nd->net->dev.base,
			     nd->net->dev.irq, platform_id);
		if ((size_t)n >= size - len) {
			buf[len] = '\0';
			return;
		}
		len += n;
		nd->platform_id = platform_id++;
		nd->plugged = true;
	}
}

int netdev_plug_rest(void)
{
	struct netdev *nd;
	int err = 0;

	for (nd = netdevs; nd && !err; nd = nd->next)
		if (!nd->plugged)
			err = plug(nd);
	return err;
}

void netdev_close_all(void)
{
	while (netdevs)
		unlink_and_free(netdevs);
}
