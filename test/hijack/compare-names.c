// SPDX-License-Identifier: GPL-2.0-or-later
/* Names, interfaces and addresses as libc's own functions tell them. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "compare.h"

static void look_up(const char *node, const char *service, int flags,
		    int family)
{
	struct addrinfo hints = { .ai_flags = flags, .ai_family = family,
				  .ai_socktype = SOCK_STREAM };
	struct addrinfo *list, *a;
	char host[64], serv[16];

	if (R(getaddrinfo(node, service, &hints, &list)))
		return;
	for (a = list; a; a = a->ai_next) {
		R(getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof(host),
			      serv, sizeof(serv), NI_NUMERICHOST | NI_NUMERICSERV));
		S(host);
		S(serv);
	}
	freeaddrinfo(list);
}

static void interfaces(void)
{
	struct if_nameindex *names;
	struct ifaddrs *list, *i;
	char name[IF_NAMESIZE];

	R(if_nametoindex("lo"));
	R(if_nametoindex("nosuch0"));
	S(if_indextoname(1, name));
	V(if_indextoname(9999, name) == NULL);
	names = if_nameindex();
	S(names[0].if_name);
	V(names[0].if_index);
	if_freenameindex(names);
	R(getifaddrs(&list));
	for (i = list; i; i = i->ifa_next) {
		if (strcmp(i->ifa_name, "lo"))
			continue;
		V(i->ifa_addr->sa_family);
		V(i->ifa_flags);
		if (i->ifa_addr->sa_family == AF_INET)
			B(&((struct sockaddr_in *)i->ifa_addr)->sin_addr, 4);
	}
	freeifaddrs(list);
}

static void *in_thread(void *arg)
{
	look_up("localhost", "http", 0, AF_INET);
	return arg;
}

void body(void)
{
	struct sockaddr_in addr = loopback(80);
	char host[64], serv[16];
	pthread_t thread;
	sigset_t all;

	closefrom(3);
	look_up("127.0.0.1", "80", AI_NUMERICHOST, AF_UNSPEC);
	look_up("::1", "80", AI_NUMERICHOST, AF_UNSPEC);
	look_up("localhost", "http", 0, AF_INET);
	look_up(NULL, "443", AI_PASSIVE, AF_UNSPEC);
	look_up("nonsense", NULL, AI_NUMERICHOST, AF_UNSPEC);
	look_up("127.0.0.1", "nosuchservice", 0, AF_UNSPEC);
	R(getnameinfo((struct sockaddr *)&addr, sizeof(addr), host,
		      sizeof(host), serv, sizeof(serv), NI_NUMERICHOST));
	S(serv);
	S(gethostbyname("127.0.0.1")->h_name);
	V(gethostbyname("localhost")->h_addrtype);
	interfaces();
	pthread_create(&thread, NULL, in_thread, NULL);
	pthread_join(thread, NULL);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	look_up("localhost", "http", 0, AF_INET);
	sigprocmask(SIG_BLOCK, NULL, &all);
	V(sigismember(&all, SIGSYS));
	V(sigismember(&all, SIGUSR1));
	R(socket(AF_INET, SOCK_STREAM, 0));
}
