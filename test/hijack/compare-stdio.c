// SPDX-License-Identifier: GPL-2.0-or-later
/* Streams over sockets: fdopen(3), and stdin, stdout and stderr when their numbers are sockets. */
#include <fcntl.h>
#include <stdarg.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wchar.h>
#include "compare.h"

static int pair[2];
static char buf[4096];

/* What has arrived at the other end, without waiting. */
static const char *arrived(void)
{
	ssize_t n = recv(pair[1], buf, sizeof(buf) - 1, MSG_DONTWAIT);

	if (n < 0)
		return strerror(errno);
	buf[n] = '\0';
	return buf;
}

static int print_to(int fd, const char *format, ...)
{
	va_list ap;
	int ret;

	va_start(ap, format);
	ret = vdprintf(fd, format, ap);
	va_end(ap);
	return ret;
}

static void writing(void)
{
	FILE *f = fdopen(pair[0], "w");
	char small[8];

	V(f != NULL);
	V(fileno(f) == pair[0]);
	R(fprintf(f, "hello %d", 7));
	S(arrived());
	R(fflush(f));
	S(arrived());
	R(setvbuf(f, NULL, _IOLBF, 0));
	R(fputs("one\ntwo", f));
	S(arrived());
	R(fputc('\n', f));
	S(arrived());
	R(setvbuf(f, NULL, _IONBF, 0));
	R(fwrite("abc", 1, 3, f));
	S(arrived());
	R(setvbuf(f, small, _IOFBF, sizeof(small)));
	R(fputs("more than eight bytes", f));
	S(arrived());
	R(fflush(f));
	S(arrived());
	R(fseek(f, 0, SEEK_SET));
	R(ftell(f));
	V(feof(f));
	V(ferror(f));
	R(fgetc(f));
	V(ferror(f) != 0);
	clearerr(f);
	R(fwprintf(f, L"wide"));
	R(dprintf(pair[0], "%s-%d", "direct", 5));
	S(arrived());
	R(print_to(pair[0], "%c", 'v'));
	S(arrived());
	R(shutdown(pair[0], SHUT_WR));
	R(fputs("lost", f));
	R(fflush(f));
	V(ferror(f) != 0);
	R(dprintf(pair[0], "lost"));
	R(fclose(f));
	R(close(pair[0]));
	close(pair[1]);
}

static void *feed(void *arg)
{
	send(pair[1], "first line\nsecond ", 18, 0);
	usleep(20000);
	send(pair[1], "line\n12 34 end", 14, 0);
	shutdown(pair[1], SHUT_WR);
	return arg;
}

static void reading(void)
{
	pthread_t thread;
	FILE *f;
	char *line = NULL;
	size_t room = 0;
	int a, b;

	tcp_pair(pair);
	f = fdopen(pair[0], "r+");
	V(f != NULL);
	pthread_create(&thread, NULL, feed, NULL);
	V(getline(&line, &room, f));
	S(line);
	V(getline(&line, &room, f));
	S(line);
	R(fscanf(f, "%d %d", &a, &b));
	V(a);
	V(b);
	R(ungetc('x', f));
	R(fgetc(f));
	R(fread(buf, 1, 4, f));
	B(buf, 4);
	R(fread(buf, 1, 4, f));
	V(feof(f) != 0);
	pthread_join(thread, NULL);
	clearerr(f);
	R(fputs("reply", f));
	R(fflush(f));
	S(arrived());
	R(fclose(f));
	close(pair[1]);
	free(line);
}

static void refusals(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), fl;
	FILE *f;

	V(fdopen(s, "z") == NULL);
	V(errno);
	V(fdopen(99, "r") == NULL);
	V(errno);
	f = fdopen(s, "a");
	V(f != NULL);
	fl = fcntl(s, F_GETFL);
	V(fl & O_APPEND);
	R(fclose(f));
	s = open("/proc/sys/net/ipv4/ip_forward", O_RDONLY);
	V(fdopen(s, "w") == NULL);
	V(errno);
	f = fdopen(s, "r");
	R(fgetc(f));
	R(fseek(f, 0, SEEK_SET));
	R(ftell(f));
	R(fgetc(f));
	R(fclose(f));
	R(close(s));
}

/* As a shell does it: 1 is a socket for a while, and stdout follows. */
static void standard(void)
{
	int out, in, one, two, three;
	char line[64] = "";

	tcp_pair(pair);
	fflush(stdout);
	out = dup(1);
	in = dup(0);
	one = dup2(pair[0], 1);
	two = printf("through %s\n", "printf");
	three = puts("and puts");
	fflush(stdout);
	putchar('x');
	dup2(out, 1);
	/* What is not written yet goes where the number leads now. */
	fflush(stdout);
	printf("\n");
	S(arrived());
	V(one);
	V(two);
	V(three);

	fflush(stdout);
	printf("begun on one side,");
	dup2(pair[0], 1);
	printf(" ended on the other\n");
	fflush(stdout);
	dup2(out, 1);
	S(arrived());

	dup2(pair[0], 0);
	send(pair[1], "for stdin\n", 10, 0);
	V(fgets(line, sizeof(line), stdin) != NULL);
	S(line);
	shutdown(pair[1], SHUT_WR);
	V(getchar());
	V(feof(stdin) != 0);
	clearerr(stdin);
	dup2(in, 0);

	dup2(pair[0], 2);
	fprintf(stderr, "un%s", "buffered");
	errno = ENOENT;
	perror("perror");
	S(arrived());
	dup2(out, 2);
	close(out);
	close(in);
	close(pair[0]);
	close(pair[1]);
}

static void reopened(void)
{
	static const char ttl[] = "/proc/sys/net/ipv4/ip_default_ttl";
	char line[256] = "";
	int in = dup(0), err = dup(2);
	FILE *f = fopen("/dev/null", "r"), *same;

	R(freopen("/proc/net/dev", "r", stdin) == stdin);
	V(fileno(stdin));
	S(fgets(line, sizeof(line), stdin));
	R(freopen("/proc/net/arp", "r", stdin) == stdin);
	S(fgets(line, sizeof(line), stdin));
	R(freopen("/dev/null", "r", stdin) == stdin);
	S(fgets(line, sizeof(line), stdin));
	R(freopen("/proc/net/nothing", "r", stdin) == NULL);
	dup2(in, 0);
	close(in);

	R(freopen(ttl, "w", stderr) == stderr);
	R(fprintf(stderr, "77"));
	R(fflush(stderr));
	dup2(err, 2);
	close(err);

	same = freopen(ttl, "r", f);
	V(same == f);
	S(fgets(line, sizeof(line), same));
	same = freopen("/proc/net/dev", "r", f);
	V(same == f);
	S(fgets(line, sizeof(line), f));
	R(freopen("/proc/net/nothing", "r", f) == NULL);
	V(errno);
}

/* The end, with something still to be written, of both sides. */
static void at_the_end(void)
{
	FILE *f;

	tcp_pair(pair);
	f = fdopen(dup(pair[0]), "w");
	V(f != NULL);
	R(fputs("left behind", f));
	fdopen(dup(1), "w");
}

void body(void)
{
	closefrom(3);
	tcp_pair(pair);
	signal(SIGPIPE, SIG_IGN);
	writing();
	reading();
	refusals();
	setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
	standard();
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	reopened();
	at_the_end();
}
