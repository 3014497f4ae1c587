// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs a program on both sides and compares line by line, see compare.h. */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "compare.h"

#define SIDE "COMPARE_SIDE"
#define SECONDS 60

int under_hijack(void)
{
	return !strcmp(getenv(SIDE), "hijack");
}

static const char *base(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

void *write_later(void *fd)
{
	usleep(30000);
	if (write((int)(long)fd, "!", 1) != 1)
		puts("write failed");
	return NULL;
}

long result(const char *file, int line, const char *what, long value)
{
	int err = errno;

	printf("%s:%d: %s: %ld", base(file), line, what, value);
	if (value == -1 && err)
		printf(" %s", strerrorname_np(err));
	putchar('\n');
	errno = err;
	return value;
}

void told(const char *file, int line, const char *what, const char *text)
{
	printf("%s:%d: %s: \"%s\"\n", base(file), line, what,
	       text ? text : "(null)");
}

void bytes(const char *file, int line, const char *what, const void *data,
	   size_t len)
{
	const unsigned char *byte = data;

	printf("%s:%d: %s:", base(file), line, what);
	while (len--)
		printf(" %02x", *byte++);
	putchar('\n');
}

static void need(int ok, const char *what)
{
	if (ok)
		return;
	printf("%s failed: %s\n", what, strerror(errno));
	exit(1);
}

struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

void tcp_pair(int pair[2])
{
	struct sockaddr_in addr = loopback(0);
	socklen_t len = sizeof(addr);
	int s = socket(AF_INET, SOCK_STREAM, 0);

	need(s >= 0 && !bind(s, (struct sockaddr *)&addr, len) &&
	     !listen(s, 1) && !getsockname(s, (struct sockaddr *)&addr, &len),
	     "listening");
	pair[0] = socket(AF_INET, SOCK_STREAM, 0);
	need(!connect(pair[0], (struct sockaddr *)&addr, len), "connect");
	pair[1] = accept(s, NULL, NULL);
	need(pair[1] >= 0, "accept");
	close(s);
}

void udp_pair(int pair[2])
{
	struct sockaddr_in addr[2];
	socklen_t len = sizeof(addr[0]);
	int i;

	for (i = 0; i < 2; i++) {
		pair[i] = socket(AF_INET, SOCK_DGRAM, 0);
		addr[i] = loopback(0);
		need(!bind(pair[i], (struct sockaddr *)&addr[i], len) &&
		     !getsockname(pair[i], (struct sockaddr *)&addr[i], &len),
		     "bind");
	}
	for (i = 0; i < 2; i++)
		need(!connect(pair[i], (struct sockaddr *)&addr[!i], len),
		     "connect");
}

/* ------------------------------------------------------------------------ */

/* The host's side gets a network of its own, as the other one has. */
static void own_network(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int s;

	need(!unshare(CLONE_NEWNET | CLONE_NEWNS), "unshare");
	s = socket(AF_INET, SOCK_DGRAM, 0);
	need(s >= 0 && !ioctl(s, SIOCSIFFLAGS, &lo), "lo up");
	close(s);
}

static char *library(void)
{
	static char path[PATH_MAX + 32];
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);

	need(n > 0, "readlink");
	path[n] = '\0';
	*strrchr(path, '/') = '\0';
	strcpy(strrchr(path, '/'), "/liblkl-hijack.so");
	return path;
}

/* What the program prints on one side, whole. */
static char *run(const char *side, char **argv, int *status)
{
	size_t room = 1 << 20, len = 0;
	char *text = malloc(room);
	int out[2];
	ssize_t n;
	pid_t pid;

	need(text && !pipe(out), "pipe");
	pid = fork();
	need(pid >= 0, "fork");
	if (!pid) {
		setenv(SIDE, side, 1);
		if (!strcmp(side, "hijack")) {
			setenv("LD_PRELOAD", library(), 1);
			unsetenv("LKL_HIJACK_CONFIG_FILE");
			need(!chdir("/"), "chdir");
		} else {
			own_network();
		}
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		alarm(SECONDS);
		execv("/proc/self/exe", argv);
		_exit(126);
	}
	close(out[1]);
	while (len < room - 1 &&
	       (n = read(out[0], text + len, room - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	close(out[0]);
	need(waitpid(pid, status, 0) == pid, "waitpid");
	return text;
}

static char *next_line(char **text)
{
	char *line = strsep(text, "\n");

	return line && (*line || *text) ? line : NULL;
}

int main(int argc, char **argv)
{
	char *host, *ours, *h, *o;
	int status[2], n = 0, bad = 0;

	(void)argc;
	if (getenv(SIDE)) {
		setvbuf(stdout, NULL, _IOLBF, 0);
		need((dlsym(RTLD_DEFAULT, "lkl_is_running") != NULL) ==
		     under_hijack(), "having the library on one side");
		body();
		fflush(stdout);
		return 0;
	}
	if (geteuid()) {
		puts("skipped: only root can make a network namespace");
		return 77;
	}
	host = run("host", argv, &status[0]);
	ours = run("hijack", argv, &status[1]);
	do {
		h = host ? next_line(&host) : NULL;
		o = ours ? next_line(&ours) : NULL;
		if (!h && !o)
			break;
		if (h && o && !strcmp(h, o)) {
			printf("ok %d %s\n", ++n, h);
			continue;
		}
		bad++;
		printf("not ok %d\n  host:   %s\n  hijack: %s\n", ++n,
		       h ? h : "(nothing)", o ? o : "(nothing)");
	} while (h || o);
	n++;
	if (status[0] || status[1]) {
		bad++;
		printf("not ok %d wait status host %#x, hijack %#x\n", n,
		       status[0], status[1]);
	} else {
		printf("ok %d both ended well\n", n);
	}
	printf("1..%d\n", n);
	return bad ? 1 : 0;
}
