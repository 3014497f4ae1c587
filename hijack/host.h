/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's system calls, which no symbol of this library stands in front of. */
#include "../linux/lib/host.h"
