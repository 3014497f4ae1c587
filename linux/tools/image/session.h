/* SPDX-License-Identifier: GPL-2.0-only */
/* An image that is mounted in the kernel inside this program. */
#ifndef LKL_TOOLS_IMAGE_SESSION_H
#define LKL_TOOLS_IMAGE_SESSION_H

#include <stdbool.h>
#include <sys/stat.h>
#include <lkl.h>

/**
 * struct session - an image that is mounted
 * @mount: what is, and how.
 * @outside: descriptor of the kernel's root directory, of which the calling
 *	thread sees no more than the image's while the session lasts. So links
 *	of the image lead to files of the image.
 * @image: the image itself, as the host has it.
 */
struct session {
	struct lkl_mount mount;
	int outside;
	struct statx image;
};

/**
 * session_start() - boots the kernel and mounts the image of image_options
 * @read_only: not a byte of it is changed.
 *
 * Return: whether it is; if not, a message has been printed.
 */
bool session_start(struct session *session, bool read_only);

/**
 * session_is_image() - whether a file of the host is the image itself
 * @st: of statx(2).
 */
bool session_is_image(const struct session *session, const struct statx *st);

/**
 * session_end() - writes everything back, unmounts and ends the kernel
 *
 * Return: whether all is on the image; if not, a message has been printed.
 */
bool session_end(struct session *session);

#endif
