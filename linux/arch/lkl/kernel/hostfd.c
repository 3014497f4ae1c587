// SPDX-License-Identifier: GPL-2.0-only
/*
 * A descriptor that mirrors the readiness of a host's descriptor, so that one
 * wait inside the kernel covers both sides (LKL_CALL_hostfd).
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include "lkl.h"

struct hostfd {
	int fd;
	wait_queue_head_t wait;
};

static __poll_t hostfd_poll(struct file *file, poll_table *wait)
{
	struct hostfd *h = file->private_data;
	__poll_t events = poll_requested_events(wait);

	poll_wait(file, &h->wait, wait);
	return (__force __poll_t)lkl_ops->hostfd_poll(h->fd,
						      (__force u32)events);
}

static int hostfd_release(struct inode *inode, struct file *file)
{
	struct hostfd *h = file->private_data;

	lkl_ops->hostfd_unwatch(h->fd, h);
	kfree(h);
	return 0;
}

static const struct file_operations hostfd_fops = {
	.owner = THIS_MODULE,
	.poll = hostfd_poll,
	.release = hostfd_release,
	.llseek = noop_llseek,
};

void lkl_kernel_hostfd_ready(void *handle)
{
	struct hostfd *h = handle;

	/* Which events, hostfd_poll() asks the host itself. */
	wake_up_poll(&h->wait, EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP |
			       EPOLLPRI | EPOLLRDHUP);
}

long lkl_hostfd_create(int host_fd)
{
	struct hostfd *h = kzalloc(sizeof(*h), GFP_KERNEL);
	int err, fd;

	if (!h)
		return -ENOMEM;
	h->fd = host_fd;
	init_waitqueue_head(&h->wait);

	err = lkl_ops->hostfd_watch(host_fd, h);
	if (err)
		goto free;
	fd = anon_inode_getfd("[hostfd]", &hostfd_fops, h, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	err = fd;
	lkl_ops->hostfd_unwatch(host_fd, h);
free:
	kfree(h);
	return err;
}
