/* SPDX-License-Identifier: GPL-2.0-only */
/* sigaction(2) in the host, without libc and without signals.h. */
#ifndef HIJACK_HOST_SIGACTION_H
#define HIJACK_HOST_SIGACTION_H

#include <signal.h>
#include <stdint.h>

/** struct host_sigaction - struct sigaction as the host's kernel has it */
struct host_sigaction {
	void (*handler)(int sig, siginfo_t *info, void *context);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

void sigaction_to_host(struct host_sigaction *to, const struct sigaction *from);
void sigaction_from_host(struct sigaction *to,
			 const struct host_sigaction *from);

/**
 * host_sigaction() - sets or asks what a signal does
 * @act, @old: may be NULL.
 *
 * Return: 0 or a negative errno.
 */
int host_sigaction(int sig, const struct sigaction *act, struct sigaction *old);

#endif
