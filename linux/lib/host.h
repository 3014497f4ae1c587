/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls of the host, without its libc.
 *
 * This library is linked into liblkl-hijack.so, which itself defines read(),
 * close(), epoll_wait() and their like for the program. So nothing in here may
 * call them: it uses these functions, which enter the host kernel directly,
 * leave errno alone, return negative errno values and may be used in signal
 * handlers. One file per host operating system and one per instruction set.
 */
#ifndef LKL_LIB_HOST_H
#define LKL_LIB_HOST_H

#if defined(__linux__)
#include "host/linux.h"
#else
#error "this host operating system needs its file in linux/lib/host/"
#endif

#endif
