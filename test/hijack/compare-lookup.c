// SPDX-License-Identifier: GPL-2.0-or-later
/* getaddrinfo_a(3), source filters, and functions of libc that make sockets inside it. */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "compare.h"

int bindresvport(int fd, struct sockaddr_in *addr);

static struct gaicb request[3];
static struct gaicb *list[4] = { &request[0], NULL, &request[1], &request[2] };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t told_all = PTHREAD_COND_INITIALIZER;
static int got;

static void set_up(void)
{
	static const struct addrinfo numeric = { .ai_flags = AI_NUMERICHOST,
						 .ai_socktype = SOCK_STREAM };

	memset(request, 0, sizeof(request));
	request[0].ar_name = "127.0.0.1";
	request[0].ar_service = "80";
	request[0].ar_request = &numeric;
	request[1].ar_name = "not numeric";
	request[1].ar_request = &numeric;
	request[2].ar_name = "::1";
	request[2].ar_request = &numeric;
}

static void results(void)
{
	const struct gaicb *const *all = (const struct gaicb *const *)list;
	int i;

	while (gai_suspend(all, 4, NULL) != EAI_ALLDONE)
		;
	for (i = 0; i < 3; i++) {
		V(gai_error(&request[i]));
		V(gai_cancel(&request[i]));
		V(request[i].ar_result != NULL);
		if (request[i].ar_result) {
			V(request[i].ar_result->ai_family);
			freeaddrinfo(request[i].ar_result);
		}
	}
}

static void told_by_thread(union sigval value)
{
	pthread_mutex_lock(&lock);
	got = value.sival_int;
	pthread_cond_signal(&told_all);
	pthread_mutex_unlock(&lock);
}

static void at_once(void)
{
	struct timespec none = { 0, 0 };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD,
				  .sigev_notify_function = told_by_thread,
				  .sigev_value.sival_int = 5 };
	siginfo_t info;
	sigset_t set;

	set_up();
	V(getaddrinfo_a(GAI_WAIT, list, 4, NULL));
	V(gai_suspend((const struct gaicb *const *)list, 4, &none));
	results();

	set_up();
	V(getaddrinfo_a(GAI_NOWAIT, list, 4, &event));
	pthread_mutex_lock(&lock);
	while (!got)
		pthread_cond_wait(&told_all, &lock);
	pthread_mutex_unlock(&lock);
	V(got);
	results();

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = SIGUSR1;
	set_up();
	V(getaddrinfo_a(GAI_NOWAIT, list, 4, &event));
	R(sigwaitinfo(&set, &info));
	V(info.si_value.sival_int);
	results();
	R(getaddrinfo_a(9, list, 4, NULL));
}

static void filters(void)
{
	struct sockaddr_in group = loopback(0), source = loopback(0);
	struct ip_mreq join = { .imr_interface.s_addr = htonl(INADDR_LOOPBACK) };
	struct in_addr sources[2] = { { htonl(0x0a000001) }, { htonl(0x0a000002) } };
	struct in_addr any = { htonl(INADDR_LOOPBACK) };
	struct in_addr back[4];
	struct sockaddr_storage list2[4];
	uint32_t mode = 9, n = 4;
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	memset(list2, 0, sizeof(list2));
	join.imr_multiaddr.s_addr = htonl(0xe8010203);
	group.sin_addr = join.imr_multiaddr;
	R(setsockopt(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof(join)));
	R(setipv4sourcefilter(s, any, join.imr_multiaddr, MCAST_INCLUDE, 2,
			      sources));
	R(getipv4sourcefilter(s, any, join.imr_multiaddr, &mode, &n, back));
	V(mode);
	V(n);
	B(back, 8);
	source.sin_addr = sources[1];
	memcpy(list2, &source, sizeof(source));
	R(setsourcefilter(s, 1, (struct sockaddr *)&group, sizeof(group),
			  MCAST_EXCLUDE, 1, list2));
	n = 4;
	R(getsourcefilter(s, 1, (struct sockaddr *)&group, sizeof(group), &mode,
			  &n, list2));
	V(mode);
	V(n);
	R(setipv4sourcefilter(99, any, join.imr_multiaddr, MCAST_INCLUDE, 0,
			      sources));
	close(s);
}

/* What rshd(8) does before it runs the command. */
static void *remote_shell(void *arg)
{
	int s = accept(*(int *)arg, NULL, NULL), nuls = 0;
	char c;

	while (nuls < 4 && recv(s, &c, 1, 0) == 1)
		nuls += !c;
	send(s, "\0ran", 4, 0);
	close(s);
	return NULL;
}

static void reserved(void)
{
	struct sockaddr_in addr;
	socklen_t len = sizeof(addr);
	int s = socket(AF_INET, SOCK_STREAM, 0), port = 1000, r;
	char *host = strdup("127.0.0.1"), buf[8] = "";
	pthread_t thread;

	R(bindresvport(s, NULL));
	R(getsockname(s, (struct sockaddr *)&addr, &len));
	V(ntohs(addr.sin_port) < 1024);
	close(s);
	r = rresvport(&port);
	V(r >= 0);
	R(getsockname(r, (struct sockaddr *)&addr, &len));
	V(ntohs(addr.sin_port));
	close(r);

	s = socket(AF_INET, SOCK_STREAM, 0);
	addr = loopback(7514);
	R(bind(s, (struct sockaddr *)&addr, len));
	R(listen(s, 1));
	pthread_create(&thread, NULL, remote_shell, &s);
	r = rcmd(&host, htons(7514), "a", "b", "true", NULL);
	V(r >= 0);
	R(recv(r, buf, 3, MSG_WAITALL));
	S(buf);
	pthread_join(thread, NULL);
	close(r);
	close(s);
}

void body(void)
{
	closefrom(3);
	at_once();
	filters();
	reserved();
}
