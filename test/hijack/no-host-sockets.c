// SPDX-License-Identifier: GPL-2.0-or-later
/* No socket of a network's family reaches the host, libc's own included. */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "run.h"

static void *look_up(void *arg)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list;
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct if_nameindex *names;
	struct ifaddrs *ifaddrs;
	char host[64], name[IF_NAMESIZE];
	int i;

	for (i = 0; i < 20; i++) {
		CHECK_EQ(getaddrinfo("localhost", "80", &hints, &list), 0);
		freeaddrinfo(list);
		CHECK_EQ(getaddrinfo("127.0.0.1", "80", &hints, &list), 0);
		freeaddrinfo(list);
		/* Asks a name server, if one is configured: LKL has no route. */
		CHECK(getaddrinfo("host.invalid", "80", &hints, &list));
		CHECK_EQ(getnameinfo((struct sockaddr *)&addr, sizeof(addr),
				     host, sizeof(host), NULL, 0, 0), 0);
		CHECK(gethostbyname("localhost"));
		CHECK_EQ(if_nametoindex("lo"), 1);
		CHECK(if_indextoname(1, name));
		names = if_nameindex();
		CHECK(names);
		if_freenameindex(names);
		CHECK_EQ(getifaddrs(&ifaddrs), 0);
		freeifaddrs(ifaddrs);
	}
	return arg;
}

/* What a program that is linked with liburing has of it. */
__attribute__((weak)) int io_uring_queue_init(unsigned int entries, void *ring,
					      unsigned int flags);

/* Its queue would make sockets past us. */
static void no_queue(void)
{
	static char ring[4096];
	struct io_uring_params params = { 0 };
	void *library = dlopen("liburing.so.2", RTLD_NOW);
	int (*setup)(unsigned int entries, struct io_uring_params *params);
	int (*init)(unsigned int entries, void *ring,
		    struct io_uring_params *params);
	void *(*probe)(void);

	CHECK_EQ(syscall(SYS_io_uring_setup, 8, &params), -1);
	CHECK_EQ(errno, ENOSYS);
	CHECK(io_uring_queue_init);
	CHECK_EQ(io_uring_queue_init(8, ring, 0), -ENOSYS);
	CHECK(library);
	setup = dlsym(library, "io_uring_setup");
	init = dlsym(library, "io_uring_queue_init_params");
	probe = dlsym(library, "io_uring_get_probe");
	CHECK(setup && init && probe);
	CHECK_EQ(setup(8, &params), -ENOSYS);
	CHECK_EQ(init(8, ring, &params), -ENOSYS);
	CHECK(!probe());
}

static void use(void)
{
	static const int families[] = { AF_INET, AF_INET6, AF_NETLINK,
					AF_PACKET };
	pthread_t thread[3];
	unsigned int i;
	int fd;

	no_queue();
	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		fd = socket(families[i], SOCK_RAW,
			    families[i] == AF_INET || families[i] == AF_INET6
			    ? IPPROTO_ICMP : 0);
		CHECK(fd >= 0);
		close(fd);
		fd = syscall(SYS_socket, families[i], SOCK_DGRAM, 0);
		CHECK(fd >= 0);
		close(fd);
	}
	/* Families that LKL does not have do not reach the host either. */
	for (i = 0; i < 50; i++)
		if (i != AF_ALG && i != AF_VSOCK)
			close(socket(i, SOCK_DGRAM, 0));
	look_up(NULL);
	for (i = 0; i < 3; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, look_up, NULL), 0);
	for (i = 0; i < 3; i++)
		CHECK_EQ(pthread_join(thread[i], NULL), 0);
	puts("done");
}

int main(void)
{
	if (again()) {
		use();
		return 0;
	}
	check_hijacked(NULL, forbid_host_network, "done\n");
	return 0;
}
