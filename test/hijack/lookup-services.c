// SPDX-License-Identifier: GPL-2.0-or-later
/* Lookups of names ask no service of the host, which would ask its network. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "run.h"

/* Of nscd(8), which libc asks first. */
#define SOCKET "/var/run/nscd/socket"
#define LISTENER 100

/* Told by name-service.c. */
#define NOBODY "the plug-in finds nobody\n"

/* As nsswitch.conf(5) would have it; of libc. */
int __nss_configure_lookup(const char *database, const char *services);

static const struct sockaddr_un address = { AF_UNIX, SOCKET };

/* A nscd that takes connections, in a /run of the program's own. */
static void start_service(void)
{
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK_EQ(unshare(CLONE_NEWNS), 0);
	CHECK_EQ(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	CHECK_EQ(mount("tmpfs", "/run", "tmpfs", 0, NULL), 0);
	CHECK_EQ(mkdir("/run/nscd", 0755), 0);
	CHECK_EQ(bind(s, (struct sockaddr *)&address, sizeof(address)), 0);
	CHECK_EQ(listen(s, 8), 0);
	CHECK_EQ(dup2(s, LISTENER), LISTENER);
	close(s);
}

static int asked(void)
{
	int fd = accept4(LISTENER, NULL, NULL, SOCK_NONBLOCK);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void ask(void)
{
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK_EQ(connect(s, (struct sockaddr *)&address, sizeof(address)), 0);
	close(s);
	CHECK(asked());
}

static void use(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct addrinfo *list;
	char host[64];

	fcntl(LISTENER, F_SETFL, O_NONBLOCK);
	CHECK_EQ(getaddrinfo("localhost", NULL, NULL, &list), 0);
	freeaddrinfo(list);
	CHECK(!asked());
	CHECK(gethostbyname("localhost"));
	CHECK(!asked());
	CHECK_EQ(getnameinfo((struct sockaddr *)&in, sizeof(in), host,
			     sizeof(host), NULL, 0, 0), 0);
	CHECK(!asked());
	CHECK_EQ(__nss_configure_lookup("hosts", "lkltest"), 0);
	/* The first calls of a thread are made elsewhere (direct.h). */
	CHECK(!gethostbyname2("name.example", AF_INET));
	CHECK(!gethostbyname2("name.example", AF_INET));
	CHECK(!asked());
	/* For anything else it is there. */
	ask();
	puts("done");
}

int main(void)
{
	static const char *const environment[] = { "LD_LIBRARY_PATH=" PLUGINS,
						   NULL };
	static struct ended ended;

	if (again()) {
		use();
		return 0;
	}
	if (geteuid()) {
		puts("skipped: only root can make a mount namespace");
		return 77;
	}
	run_hijacked(NULL, environment, start_service, &ended);
	fputs(ended.err, stderr);
	CHECK_EQ(ended.status, 0);
	CHECK_TEXT(ended.out, NOBODY NOBODY "done\n");
	return 0;
}
