/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's network stack and LKL's by one set of functions, so that a test
 * can let either be the client. Each does what the system call of its name
 * does, returns its result or a negative errno, and gives up after a while.
 */
#ifndef TEST_LIB_STACK_H
#define TEST_LIB_STACK_H

#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

struct stack {
	const char *name;
	long (*socket)(int family, int type, int protocol);
	long (*bind)(int fd, const struct sockaddr *addr, socklen_t len);
	long (*listen)(int fd, int backlog);
	long (*accept)(int fd);
	long (*connect)(int fd, const struct sockaddr *addr, socklen_t len);
	long (*send)(int fd, const void *buf, size_t len);
	long (*recv)(int fd, void *buf, size_t len);
	long (*close)(int fd);
};

extern const struct stack host_stack, lkl_stack;

/* An address of this test: of @stack, in @family. */
struct sockaddr_storage address_of(const struct stack *stack, int family,
				   unsigned short port, socklen_t *len);

/* The prefix length of both. */
#define PREFIX4 24
#define PREFIX6 64

/*
 * Moves the process into a network namespace of its own, with taps tap0, ... of
 * which the first has the host's addresses. Skips the test where it cannot.
 */
void make_namespace(unsigned int taps);

/* Gives an interface of LKL its addresses, and brings it up, and lo. */
void configure_lkl(int ifindex);

/* A socket with time limits for what waits. */
long open_socket(const struct stack *stack, int family, int type, int protocol);

/* An echo request from one to the other, and the reply. */
void ping(const struct stack *from, const struct stack *to, int family);

/* The kernel's log has no warning. */
void check_log(void);

#endif
