// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a program may bring along: other preloads before and after ours that use
 * the network first and last, libraries loaded in unusual ways, exit handlers,
 * very many descriptors, none at all, vfork(2) among threads. The host kills who
 * makes a socket of its network.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "run.h"

typedef int (*use_fn)(void);
typedef int (*socket_fn)(int family, int type, int protocol);

static void use_by(void *handle)
{
	use_fn use;

	if (!handle)
		fprintf(stderr, "%s\n", dlerror());
	CHECK(handle);
	use = (use_fn)dlsym(handle, "plugin_use");
	CHECK(use);
	CHECK_EQ(use(), 1);
	CHECK_EQ(dlclose(handle), 0);
}

static void loaders(void)
{
	void *libc = dlopen("libc.so.6", RTLD_NOW);
	socket_fn by_name;

	use_by(dlopen(PLUGIN, RTLD_NOW));
	use_by(dlopen(PLUGIN, RTLD_NOW | RTLD_DEEPBIND));
	use_by(dlmopen(LM_ID_NEWLM, PLUGIN, RTLD_NOW));
	use_by(dlmopen(LM_ID_BASE, PLUGIN, RTLD_LAZY | RTLD_DEEPBIND));
	CHECK(libc);
	by_name = (socket_fn)dlsym(libc, "socket");
	CHECK(by_name);
	CHECK(by_name == (socket_fn)dlsym(RTLD_DEFAULT, "socket"));
	CHECK(by_name(AF_INET, SOCK_STREAM, 0) >= 0);
	CHECK(dlsym(libc, "strlen"));
	CHECK(!dlsym(libc, "no_such_function"));
	CHECK(dlerror());
	CHECK(!dlopen("/no/such/library.so", RTLD_NOW));
	CHECK(strstr(dlerror(), "/no/such/library.so"));
}

/* As many as the test may have: a million, where root has all of its rights. */
static void many_descriptors(void)
{
	struct rlimit limit = { 1048576, 1048576 };
	struct pollfd p = { .events = POLLOUT };
	int s = socket(AF_INET, SOCK_DGRAM, 0), last;

	if (setrlimit(RLIMIT_NOFILE, &limit)) {
		CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
		limit.rlim_cur = limit.rlim_max;
		CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
	}
	last = limit.rlim_cur - 1;
	CHECK(last > 4096);
	CHECK_EQ(dup2(s, last), last);
	p.fd = last;
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(dup2(s, last + 1), -1);
	CHECK_EQ(errno, EBADF);
	CHECK_EQ(fcntl(s, F_DUPFD, last - 10), last - 10);
	closefrom(1000);
	CHECK_EQ(fcntl(last, F_GETFD), -1);
	CHECK_EQ(fcntl(s, F_GETFD), 0);
}

static void few_descriptors(void)
{
	struct rlimit limit = { 64, 64 };
	int fds[64], n = 0, i;

	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
	while (n < 64 && (fds[n] = socket(AF_INET, SOCK_DGRAM, 0)) >= 0)
		n++;
	CHECK_EQ(errno, EMFILE);
	/* Those of the library are above, or few. */
	CHECK(n > 30);
	for (i = 0; i < n; i++)
		close(fds[i]);
	CHECK_EQ(socket(AF_INET, SOCK_DGRAM, 0), fds[0]);
}

static void no_descriptors(void)
{
	int i;

	closefrom(0);
	for (i = 0; i < 3; i++)
		if (socket(AF_INET, SOCK_STREAM, 0) != i)
			_exit(10 + i);
	closefrom(0);
	if (socket(AF_INET, SOCK_STREAM, 0))
		_exit(20);
	_exit(0);
}

static volatile int stop;

static void *chatter(void *arg)
{
	use_fn use = (use_fn)dlsym(arg, "plugin_use");

	while (!stop)
		CHECK_EQ(use(), 1);
	return NULL;
}

/* A child that shares memory starts a program while other threads are in LKL. */
static void vforks(void)
{
	char *argv[] = { "true", NULL };
	void *handle = dlopen(PLUGIN, RTLD_NOW);
	pthread_t thread[3];
	int i, status;
	pid_t pid;

	for (i = 0; i < 3; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, chatter, handle), 0);
	for (i = 0; i < 20; i++) {
		pid = vfork();
		if (!pid) {
			close(0);
			dup2(2, 1);
			execvp(argv[0], argv);
			_exit(127);
		}
		CHECK_EQ(waitpid(pid, &status, 0), pid);
		CHECK_EQ(status, 0);
	}
	stop = 1;
	for (i = 0; i < 3; i++)
		CHECK_EQ(pthread_join(thread[i], NULL), 0);
	CHECK(fcntl(0, F_GETFD) >= 0);
}

static void at_the_end(void)
{
	dprintf(1, "handler %d\n",
		((use_fn)dlsym(RTLD_DEFAULT, "plugin_use"))());
}

/* A library behind ours sees the calls of the host, as it would without ours. */
static void count_calls(void)
{
	use_fn preads = (use_fn)dlsym(RTLD_DEFAULT, "plugin_preads");
	int file = open("/proc/self/exe", O_RDONLY), i;
	char c;

	for (i = 1; i <= 3; i++) {
		CHECK_EQ(pread(file, &c, 1, 0), 1);
		CHECK_EQ(preads(), i);
	}
	close(file);
}

/* What another library has in front of libc is not asked in a circle. */
static void old_names(void)
{
	struct stat st;

	CHECK_EQ(stat("/", &st), 0);
	CHECK(S_ISDIR(st.st_mode));
	CHECK_EQ(stat("/proc/net/tcp", &st), 0);
	CHECK_EQ(stat("/no/such/file", &st), -1);
}

/* LKL's time goes on when the program's does not. */
static void still_clock(void)
{
	struct timeval time = { .tv_usec = 20000 };
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	struct pollfd p = { s, POLLIN, 0 };
	struct timespec now;
	char c;

	CHECK_EQ(clock_gettime(CLOCK_REALTIME, &now), 0);
	CHECK_EQ(now.tv_sec, 1);
	CHECK_EQ(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)), 0);
	CHECK_EQ(recv(s, &c, 1, 0), -1);
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(poll(&p, 1, 20), 0);
}

/* A sandbox without sockets, as that of man(1), has LKL's alone. */
static void no_sockets(void)
{
	CHECK_EQ(socket(AF_UNIX, SOCK_STREAM, 0), -1);
	CHECK_EQ(errno, ENOSYS);
	use_by(dlopen(PLUGIN, RTLD_NOW));
}

static void run_in(void (*prepare)(void), const char *step, const char *preload,
		   const char *more, const char *expected)
{
	static struct ended ended;
	char what[64], variable[2 * PATH_MAX];
	const char *env[] = { what, variable, more, NULL };

	snprintf(what, sizeof(what), "STEP=%s", step);
	snprintf(variable, sizeof(variable), "LD_PRELOAD=%s", preload);
	run_hijacked(NULL, env, prepare, &ended);
	fputs(ended.err, stderr);
	printf("%s\n", step);
	CHECK_EQ(ended.status, 0);
	CHECK_TEXT(ended.out, expected);
}

static void run(const char *step, const char *preload, const char *more,
		const char *expected)
{
	run_in(forbid_host_network, step, preload, more, expected);
}

static void limit_memory(void)
{
	struct rlimit limit = { 150UL << 20, 150UL << 20 };

	CHECK_EQ(setrlimit(RLIMIT_AS, &limit), 0);
}

static void limit_descriptors(void)
{
	struct rlimit limit = { 7, 7 };

	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* Too little for the kernel: that is said, and soon. */
static void too_little(const char *of, void (*limit)(void), const char *message)
{
	static struct ended ended;

	run_hijacked(NULL, (const char *[]){ "STEP=loaders", NULL }, limit,
		     &ended);
	printf("%s\n", of);
	CHECK(WIFEXITED(ended.status));
	CHECK_EQ(WEXITSTATUS(ended.status), 125);
	CHECK_TEXT(ended.err, message);
}

static void end_later(void)
{
	CHECK_EQ(atexit(at_the_end), 0);
}

static const struct {
	const char *name;
	void (*run)(void);
} steps[] = {
	{ "loaders", loaders },
	{ "many", many_descriptors },
	{ "few", few_descriptors },
	{ "none", no_descriptors },
	{ "vfork", vforks },
	{ "count", count_calls },
	{ "old", old_names },
	{ "clock", still_clock },
	{ "sandbox", no_sockets },
	{ "talk", end_later },
};

static void step(const char *name)
{
	size_t i = 0;

	while (strcmp(steps[i].name, name))
		CHECK(++i < sizeof(steps) / sizeof(steps[0]));
	steps[i].run();
}

int main(void)
{
	static const char talk[] = "early 1\nhandler 1\nlate 1\n";
	char both[2 * PATH_MAX];

	if (again()) {
		step(getenv("STEP"));
		return 0;
	}
	run("loaders", library(), "LD_BIND_NOW=", "");
	run("loaders", library(), "LD_BIND_NOW=1", "");
	run("many", library(), NULL, "");
	run("few", library(), NULL, "");
	run("none", library(), NULL, "");
	run("vfork", library(), NULL, "");
	snprintf(both, sizeof(both), "%s:%s", library(), PLUGIN);
	run("talk", both, "PLUGIN_EARLY=1", talk);
	run("talk", both, "LD_BIND_NOW=1", "handler 1\n");
	run("count", both, NULL, "");
	run("old", both, NULL, "");
	run("clock", both, "PLUGIN_CLOCK=1", "");
	run_in(forbid_sockets, "sandbox", library(), NULL, "");
	too_little("memory", limit_memory,
		   "lkl-hijack: environment: boot_cmdline: the kernel does not start: Out of memory; let the process have more (ulimit -v), or the kernel less (mem=)\n");
	too_little("descriptors", limit_descriptors,
		   "lkl-hijack: environment: RLIMIT_NOFILE: the kernel does not start: Too many open files; let the process have more (ulimit -n)\n");
	snprintf(both, sizeof(both), "%s", PLUGIN);
	strcat(strcat(both, ":"), library());
	run("talk", both, "PLUGIN_EARLY=1", talk);
	run("clock", both, "PLUGIN_CLOCK=1", "");
	return 0;
}
