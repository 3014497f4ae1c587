/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host: its system calls, which no symbol of this library stands in front
 * of, and what only this library needs, one file per instruction set.
 */
#ifndef HIJACK_HOST_H
#define HIJACK_HOST_H

#include "../linux/lib/host.h"

#if defined(__x86_64__)
#include "host/x86_64.h"
#else
#error "this instruction set needs its file in hijack/host/"
#endif

#endif
