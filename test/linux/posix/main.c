// SPDX-License-Identifier: GPL-2.0-or-later
/* posix-fs DIRECTORY [--without FEATURE]...: the assertions, in a directory. */
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include "posix.h"

static const struct {
	const char *name;
	void (*run)(void);
} groups[] = {
	{ "open", test_open },
	{ "write", test_write },
	{ "truncate", test_truncate },
	{ "holes", test_holes },
	{ "mkdir", test_mkdir },
	{ "readdir", test_readdir },
	{ "unlink", test_unlink },
	{ "link", test_link },
	{ "symlink", test_symlink },
	{ "special", test_special },
	{ "rename", test_rename },
	{ "rename-flags", test_rename_flags },
	{ "chmod", test_chmod },
	{ "chown", test_chown },
	{ "access", test_access },
	{ "times", test_times },
	{ "utimens", test_utimens },
	{ "xattr", test_xattr },
	{ "locks", test_locks },
	{ "mmap", test_mmap },
	{ "statvfs", test_statvfs },
};

char name_255[256], name_256[257];

static unsigned int made, failed;
static char **without;

bool check(bool good, const char *file, int line, const char *format, ...)
{
	const char *base = strrchr(file, '/');
	va_list args;

	made++;
	if (good)
		return true;
	failed++;
	printf("%s:%d: ", base ? base + 1 : file, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	return false;
}

bool lacks(const char *feature)
{
	char **at;

	for (at = without; *at; at++)
		if (!strcmp(*at, feature))
			return true;
	return false;
}

void make_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
	    close(fd)) {
		printf("%s: %s\n", path, strerror(errno));
		exit(1);
	}
}

bool holds(const char *path, const char *text)
{
	char buf[4096];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf));

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text) && !memcmp(buf, text, n);
}

struct stat stat_of(const char *path)
{
	struct stat st;

	if (lstat(path, &st)) {
		printf("%s: %s\n", path, strerror(errno));
		exit(1);
	}
	return st;
}

static struct timespec changed(void)
{
	if (chmod("probe", 0600)) {
		printf("probe: %s\n", strerror(errno));
		exit(1);
	}
	return stat_of("probe").st_ctim;
}

void wait_tick(void)
{
	struct timespec before, now, rest = { .tv_nsec = 1000000 };

	make_file("probe", "");
	before = changed();
	do {
		nanosleep(&rest, NULL);
		now = changed();
	} while (now.tv_sec == before.tv_sec && now.tv_nsec == before.tv_nsec);
}

int in_child(int (*test)(const void *arg), const void *arg)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(test(arg));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
		puts("a child process does not run");
		exit(1);
	}
	return WEXITSTATUS(status);
}

/* Each group has a directory of its own. */
static void run(size_t i)
{
	unsigned int before = made;

	if (mkdir(groups[i].name, 0755) || chdir(groups[i].name)) {
		printf("%s: %s\n", groups[i].name, strerror(errno));
		exit(1);
	}
	groups[i].run();
	if (chdir(".."))
		exit(1);
	printf("%s: %u assertions\n", groups[i].name, made - before);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		fputs("usage: posix-fs DIRECTORY [--without FEATURE]...\n",
		      stderr);
		return 2;
	}
	without = argv + 2;
	if (chdir(argv[1])) {
		perror(argv[1]);
		return 1;
	}
	setvbuf(stdout, NULL, _IONBF, 0);
	umask(022);
	memset(name_255, 'n', 255);
	memset(name_256, 'n', 256);
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		run(i);
	printf("%u assertions, %u failed\n", made, failed);
	return failed ? 1 : 0;
}
