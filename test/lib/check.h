/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For C test programs: exit status 0 when all is well, 1 if not, 77 to skip. */
#ifndef TEST_LIB_CHECK_H
#define TEST_LIB_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)						\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: not true: %s\n",	\
				__FILE__, __LINE__, #condition);	\
			exit(1);					\
		}							\
	} while (0)

/* Compares numbers and shows both. */
#define CHECK_EQ(actual, expected)					\
	do {								\
		long long a_ = (long long)(actual);			\
		long long e_ = (long long)(expected);			\
									\
		if (a_ != e_) {						\
			fprintf(stderr,					\
				"%s:%d: %s is %lld (%#llx), not %lld (%#llx)\n", \
				__FILE__, __LINE__, #actual, a_,	\
				(unsigned long long)a_, e_,		\
				(unsigned long long)e_);		\
			exit(1);					\
		}							\
	} while (0)

#define SKIP(...)							\
	do {								\
		printf("skip: " __VA_ARGS__);			\
		putchar('\n');						\
		exit(77);						\
	} while (0)

#endif
