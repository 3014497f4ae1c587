/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines about the calls that went to LKL, as strace(1) writes them.
 *
 * LKL_HIJACK_TRACE has the classes that are wanted, separated by commas;
 * LKL_HIJACK_TRACE_FILE the file that the lines are appended to, else they go
 * to standard error.
 */
#ifndef HIJACK_TRACE_H
#define HIJACK_TRACE_H

#include <stdbool.h>
#include <stddef.h>

/* Classes of calls, as in calls.def. */
enum {
	TRACE_net = 1,		/* sockets */
	TRACE_fd = 2,		/* descriptors of any kind */
	TRACE_path = 4,		/* files by their name */
	TRACE_ready = 8,	/* waiting for descriptors */
	TRACE_process = 16,
	TRACE_all = 31,
};

/* Those that are wanted; 0 for no trace. Set before main(); 0 when its reader has gone. */
extern unsigned int trace_classes;

/**
 * trace_init() - reads the variables and opens the file
 *
 * Return: whether they are right; if not, the user has been told.
 */
bool trace_init(void);

/**
 * trace_call() - makes a call and writes a line about it if it reached LKL
 * @route: makes the call.
 *
 * Calls that this library makes to serve another one are not written.
 */
long trace_call(long nr, const long *args,
		long (*route)(long nr, const long *args));

/** trace_reached() - the call that this thread makes has reached LKL */
void trace_reached(void);

/** trace_pause() - a handler runs in the middle of a call; what to resume */
bool trace_pause(void);
void trace_resume(bool was);

/** struct trace_text - a line in the making; what does not fit is left out */
struct trace_text {
	char text[1024];
	size_t len;
};

void trace_add(struct trace_text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * trace_args() - adds the arguments of a call that has been made
 * @letters: a letter for each, see trace_args.c.
 * @ret: its result.
 *
 * Memory of the program is copied by the host: a bad pointer is just shown.
 */
void trace_args(struct trace_text *t, const char *letters, const long *args,
		long ret);

/* Names of constants, a kind each; the number where it has none. */
enum trace_names { FAMILIES, LEVELS, COMMANDS, OPERATIONS };
void trace_add_name(struct trace_text *t, enum trace_names kind, long value);

/* Names of bits, joined by "|". */
enum trace_bits { EPOLL_EVENTS, POLL_EVENTS, MESSAGE_FLAGS };
void trace_add_bits(struct trace_text *t, enum trace_bits kind,
		    unsigned long value);

/** trace_add_type() - the second argument of socket(2) */
void trace_add_type(struct trace_text *t, long type);

/** trace_add_option() - name of a socket option at a level */
void trace_add_option(struct trace_text *t, long level, long option);

#endif
