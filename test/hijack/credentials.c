// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A process that changes its credentials does so in all threads, the library's
 * too, whatever its thread may do by itself and wherever the others wait.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "run.h"

#define NOBODY 65534

/* The lines of a thread's status that tell of its credentials. */
static void credentials(const char *task, char *all, size_t size)
{
	char path[300], line[1024];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%s/status", task);
	f = fopen(path, "r");
	CHECK(f);
	*all = '\0';
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, "Uid:", 4) || !strncmp(line, "Gid:", 4) ||
		    !strncmp(line, "CapPrm:", 7) ||
		    !strncmp(line, "CapEff:", 7) || !strncmp(line, "Groups:", 7))
			strncat(all, line, size - strlen(all) - 1);
	fclose(f);
}

static void check_same(int most)
{
	char main_thread[20], its[4096], first[4096];
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;
	int n = 0;

	CHECK(tasks);
	snprintf(main_thread, sizeof(main_thread), "%d", getpid());
	credentials(main_thread, first, sizeof(first));
	CHECK(strstr(first, "65534"));
	while ((task = readdir(tasks))) {
		if (*task->d_name == '.')
			continue;
		credentials(task->d_name, its, sizeof(its));
		CHECK_TEXT(its, first);
		n++;
	}
	closedir(tasks);
	CHECK(n >= most);
}

/* As setpriv(1) does: it may change groups still, as its one thread kept that. */
static void keeps_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {
		{ 1 << CAP_SETGID, 1 << CAP_SETGID, 0 },
	};

	CHECK_EQ(prctl(PR_SET_KEEPCAPS, 1), 0);
	CHECK_EQ(setresuid(NOBODY, NOBODY, NOBODY), 0);
	CHECK_EQ(syscall(SYS_capset, &header, data), 0);
	CHECK_EQ(setresgid(NOBODY, NOBODY, NOBODY), 0);
	CHECK_EQ(setgroups(0, NULL), 0);
	check_same(2);
}

/* Whether there is a way back is asked by trying it. */
static void by_itself(void)
{
	CHECK_EQ(syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY), 0);
	CHECK_EQ(setuid(0), -1);
	CHECK_EQ(errno, EPERM);
	CHECK_EQ(setuid(NOBODY), 0);
	check_same(2);
}

static int udp(void)
{
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	CHECK(s >= 0);
	return s;
}

static void with_sigio(void)
{
	int s = udp();

	CHECK_EQ(fcntl(s, F_SETOWN, getpid()), 0);
	CHECK_EQ(fcntl(s, F_SETFL, O_ASYNC), 0);
	CHECK_EQ(setuid(NOBODY), 0);
	check_same(3);
}

static void *receives(void *arg)
{
	char c;

	recv(udp(), &c, 1, 0);
	return arg;
}

static void *polls(void *arg)
{
	struct pollfd fd = { .fd = udp(), .events = POLLIN };
	sigset_t all;

	sigfillset(&all);
	ppoll(&fd, 1, NULL, &all);
	return arg;
}

static void *polls_both(void *arg)
{
	struct pollfd fds[2] = { { .fd = udp(), .events = POLLIN } };
	int ends[2];

	CHECK_EQ(pipe(ends), 0);
	fds[1] = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	poll(fds, 2, -1);
	return arg;
}

static void others_wait(void)
{
	static void *(*const waits[])(void *) = { receives, polls, polls_both };
	pthread_t thread;
	size_t i;

	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		CHECK_EQ(pthread_create(&thread, NULL, waits[i], NULL), 0);
	/* Wherever they are on their way, again and again. */
	for (i = 0; i < 200; i++)
		CHECK_EQ(setresuid(-1, i % 2 ? 0 : NOBODY, 0), 0);
	CHECK_EQ(setuid(0), 0);
	CHECK_EQ(setgid(NOBODY), 0);
	check_same(5);
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "keeps capabilities", keeps_capabilities },
	{ "by itself", by_itself },
	{ "with SIGIO", with_sigio },
	{ "others wait", others_wait },
};

int main(void)
{
	char variable[100];
	size_t i;

	if (again()) {
		for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			if (!strcmp(getenv("CREDENTIALS"), cases[i].name))
				cases[i].run();
		puts("done");
		return 0;
	}
	if (geteuid()) {
		puts("needs root, who alone can become somebody else");
		return 77;
	}
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(variable, sizeof(variable), "CREDENTIALS=%s",
			 cases[i].name);
		fprintf(stderr, "%s:\n", cases[i].name);
		check_hijacked((const char *[]){ variable, NULL }, NULL, "done\n");
	}
	return 0;
}
