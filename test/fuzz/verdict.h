/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The library's reader of configurations, by itself. */
#ifndef TEST_FUZZ_VERDICT_H
#define TEST_FUZZ_VERDICT_H

#include <stddef.h>
#include <stdint.h>

/**
 * config_verdict() - what the reader says of a text
 * Return: NULL when it takes it, else its message, until the next call.
 */
const char *config_verdict(const uint8_t *text, size_t size);

#endif
