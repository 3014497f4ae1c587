// SPDX-License-Identifier: GPL-2.0-only
/* The control queue of a network device: OASIS virtio 1.2, section 5.1.6.5. */
#include <errno.h>
#include <string.h>
#include "virtio_net.h"

#define ACK_OK 0
#define ACK_ERR 1

#define COMMAND_MAX 64

/* 5.1.6.5.6.1: the bits are those of the features. */
static int set_offloads(struct virtio_net *net, const void *data)
{
	uint64_t features;

	memcpy(&features, data, sizeof(features));
	if (features & ~(net->dev.accepted & VIRTIO_NET_GUEST_OFFLOADS))
		return -EINVAL;
	return virtio_net_set_offloads(net, features);
}

/* 5.1.6.5.2 */
static int set_mac(struct virtio_net *net, const void *data)
{
	memcpy(net->config.mac, data, sizeof(net->config.mac));
	return 0;
}

/**
 * struct command - a row of the table of commands
 * @class, @command: the two bytes at its start.
 * @feature: needed for it.
 * @len: of the data behind them.
 * @handle: does it; 0 or a negative errno.
 */
static const struct command {
	uint8_t class;
	uint8_t command;
	uint64_t feature;
	uint32_t len;
	int (*handle)(struct virtio_net *net, const void *data);
} commands[] = {
	{ 1, 1, VIRTIO_NET_F_CTRL_MAC_ADDR, 6, set_mac },
	{ 5, 0, VIRTIO_NET_F_CTRL_GUEST_OFFLOADS, 8, set_offloads },
};

static int run(struct virtio_net *net, const uint8_t *text, uint32_t len)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command *c = &commands[i];

		if (len == 2 + c->len && text[0] == c->class &&
		    text[1] == c->command &&
		    virtio_has(&net->dev, c->feature))
			return c->handle(net, text + 2);
	}
	return -EOPNOTSUPP;
}

void virtio_net_control(struct virtio_net *net)
{
	struct virtq *q = &net->queues[VIRTIO_NET_CTRLQ];
	struct iovec iov[VIRTQ_MAX_CHAIN];
	uint8_t text[COMMAND_MAX];
	struct virtq_chain chain;
	uint32_t len;
	int i;

	do {
		while (virtq_get(q, iov, &chain) > 0) {
			if (!chain.in_len) {
				virtq_breaks(q);	/* nowhere to answer */
				break;
			}
			len = 0;
			for (i = 0; i < chain.out; i++) {
				if (iov[i].iov_len > sizeof(text) - len)
					break;
				memcpy(text + len, iov[i].iov_base,
				       iov[i].iov_len);
				len += iov[i].iov_len;
			}
			if (i < chain.out)
				len = 0;
			/* The answer is the first byte that may be written. */
			for (i = chain.out; !iov[i].iov_len; i++)
				;
			*(uint8_t *)iov[i].iov_base =
				run(net, text, len) ? ACK_ERR : ACK_OK;
			virtq_put(q, chain.head, 1);
		}
	} while (virtq_ask_notify(q));
	virtio_flush(&net->dev, q);
}
