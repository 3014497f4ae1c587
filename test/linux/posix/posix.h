/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What POSIX and Linux say of file systems, as assertions about the directory in
 * which the program runs. Each is made once and counted; one that fails is
 * printed with its place and what came instead.
 */
#ifndef TEST_POSIX_H
#define TEST_POSIX_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/** check() - one assertion. Return: @good. */
bool check(bool good, const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A condition. */
#define IS(condition) check(condition, __FILE__, __LINE__, "%s", #condition)

/* Two numbers that are equal. */
#define EQ(a, b) ({							\
	long long a_ = (a), b_ = (b);					\
	check(a_ == b_, __FILE__, __LINE__, "%s is %lld, not %s (%lld)",	\
	      #a, a_, #b, b_); })

/* A call that succeeds; its value is the call's. */
#define OK(call) ({							\
	long long r_ = (call);						\
	check(r_ >= 0, __FILE__, __LINE__, "%s: %s", #call,		\
	      r_ < 0 ? strerror(errno) : "");				\
	r_; })

/* A call that fails with an errno. */
#define FAILS(error, call) ({						\
	errno = 0;							\
	long long r_ = (call);						\
	check(r_ == -1 && errno == (error), __FILE__, __LINE__,		\
	      "%s: %lld, %s, not %s", #call, r_, strerror(errno),	\
	      #error); })

/* A call that fails in either of two ways: POSIX leaves it open. */
#define FAILS_EITHER(first, second, call) ({				\
	errno = 0;							\
	long long r_ = (call);						\
	check(r_ == -1 && (errno == (first) || errno == (second)),	\
	      __FILE__, __LINE__, "%s: %lld, %s, neither %s nor %s",	\
	      #call, r_, strerror(errno), #first, #second); })

/** make_file() - a file with @text in it; the mode is 0644 */
void make_file(const char *path, const char *text);

/** holds() - whether a file has just this text */
bool holds(const char *path, const char *text);

/** stat_of() - lstat(2) of a file that must be there */
struct stat stat_of(const char *path);

/** wait_tick() - until the clock of file times has moved on */
void wait_tick(void);

/** in_child() - runs @test in a child process. Return: what it returns. */
int in_child(int (*test)(const void *arg), const void *arg);

/* The features that the file system under test may lack: named by --without. */
bool lacks(const char *feature);

/* Names that are as long as they may be, and longer. */
extern char name_255[256], name_256[257];

void test_open(void);
void test_write(void);
void test_truncate(void);
void test_holes(void);
void test_mkdir(void);
void test_readdir(void);
void test_unlink(void);
void test_link(void);
void test_symlink(void);
void test_special(void);
void test_rename(void);
void test_rename_flags(void);
void test_chmod(void);
void test_chown(void);
void test_access(void);
void test_times(void);
void test_utimens(void);
void test_xattr(void);
void test_locks(void);
void test_mmap(void);
void test_statvfs(void);

#endif
