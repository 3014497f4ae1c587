/* SPDX-License-Identifier: GPL-2.0-only */
/* The LKL half of epoll sets that hold descriptors of both sides (epoll.c). */
#ifndef HIJACK_EPOLL_H
#define HIJACK_EPOLL_H

/** epoll_twin_get() - one more number names the set with the twin @lkl_fd */
void epoll_twin_get(int lkl_fd);

/** epoll_twin_put() - one less; the last one closes the twin */
void epoll_twin_put(int lkl_fd);

#endif
