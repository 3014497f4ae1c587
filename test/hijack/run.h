/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting programs under liblkl-hijack.so, and checks that end the test. */
#ifndef TEST_HIJACK_RUN_H
#define TEST_HIJACK_RUN_H

#include <string.h>
#include "../lib/check.h"

#define CHECK_TEXT(actual, expected)					\
	do {								\
		const char *at_ = (actual), *et_ = (expected);		\
									\
		if (strcmp(at_, et_)) {					\
			fprintf(stderr, "%s:%d: %s is\n%s\nnot\n%s\n",	\
				__FILE__, __LINE__, #actual, at_, et_);	\
			exit(1);					\
		}							\
	} while (0)

/** library() - path of liblkl-hijack.so, next to the test's directory */
const char *library(void);

/** again() - whether this is the test itself, run under the library */
int again(void);

/** struct ended - how a program came to its end */
struct ended {
	int status;		/* of waitpid(2) */
	char out[65536];
	char err[65536];
};

/**
 * run_hijacked() - runs a program under the library, in an empty directory
 * @argv: the program; with NULL the test itself, in which again() is true.
 * @env: variables for it, "NAME=value", ended by NULL; may be NULL.
 * @prepare: called in the child before exec; may be NULL.
 * @ended: filled. The program is killed after a minute.
 */
void run_hijacked(char *const argv[], const char *const env[],
		  void (*prepare)(void), struct ended *ended);

/** forbid_host_network() - the host kills who makes a socket but of AF_UNIX */
void forbid_host_network(void);

/** forbid_sockets() - the host knows no sockets: ENOSYS */
void forbid_sockets(void);

/** write_file() - makes a file in the directory where programs run; its path */
const char *write_file(const char *name, const char *text);

/**
 * check_hijacked() - runs the test itself, which has to succeed
 * @env, @prepare: as of run_hijacked().
 * @out: what it has to say.
 *
 * Return: how it ended; overwritten by the next call.
 */
const struct ended *check_hijacked(const char *const env[],
				   void (*prepare)(void), const char *out);

#endif
