/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs that are run twice, on the host's kernel and under liblkl-hijack.so,
 * and must not see a difference. Each result is one comparison, one TAP point.
 */
#ifndef TEST_HIJACK_COMPARE_H
#define TEST_HIJACK_COMPARE_H

#include <errno.h>
#include <pthread.h>
#include <stddef.h>

/** body() - the program; defined by the test, run once on each side */
void body(void);

/** result() - tells the result of a call, with errno when it is -1 */
long result(const char *file, int line, const char *what, long value);

/** told() - tells a text */
void told(const char *file, int line, const char *what, const char *text);

/** bytes() - tells the content of memory */
void bytes(const char *file, int line, const char *what, const void *data,
	   size_t len);

/* R(close(fd)): the result of a call that sets errno. */
#define R(expr) (errno = 0, result(__FILE__, __LINE__, #expr, (long)(expr)))
/* V(len): a value. */
#define V(expr) result(__FILE__, __LINE__, #expr, ((long)(expr)) & ~0L)
#define S(text) told(__FILE__, __LINE__, #text, text)
#define B(data, len) bytes(__FILE__, __LINE__, #data, data, len)

/** under_hijack() - which run this is, where the two need different steps */
int under_hijack(void);

/* Helpers that more than one test needs; they exit when they fail. */

/** write_later() - writes a byte to descriptor @fd, an integer, after 30 ms */
void *write_later(void *fd);

/* Has another thread do that meanwhile. */
#define LATER(fd, statement) do {					\
	pthread_t thread_;						\
	pthread_create(&thread_, NULL, write_later, (void *)(long)(fd)); \
	statement;							\
	pthread_join(thread_, NULL);					\
} while (0)

/** loopback() - a struct sockaddr_in of 127.0.0.1 and @port (host order) */
struct sockaddr_in loopback(int port);

/** tcp_pair() - two connected TCP sockets over loopback */
void tcp_pair(int pair[2]);

/** udp_pair() - two UDP sockets over loopback, connected to each other */
void udp_pair(int pair[2]);

#endif
