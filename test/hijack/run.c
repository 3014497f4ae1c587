// SPDX-License-Identifier: GPL-2.0-or-later
/* Starting programs under the library, see run.h. */
#include <errno.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "run.h"

#define AGAIN "HIJACK_TEST_AGAIN"
#define SECONDS 60

static char directory[] = "/tmp/hijack-test-XXXXXX";
static pid_t owner;

static void remove_directory(void)
{
	char command[64];

	if (getpid() != owner)
		return;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	if (system(command))
		fprintf(stderr, "%s stays\n", directory);
}

static const char *where(void)
{
	if (!owner) {
		CHECK(mkdtemp(directory));
		owner = getpid();
		atexit(remove_directory);
	}
	return directory;
}

const char *library(void)
{
	static char path[PATH_MAX + 32];
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);

	CHECK(n > 0);
	path[n] = '\0';
	*strrchr(path, '/') = '\0';
	strcpy(strrchr(path, '/'), "/liblkl-hijack.so");
	return path;
}

int again(void)
{
	return getenv(AGAIN) != NULL;
}

const char *write_file(const char *name, const char *text)
{
	static char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", where(), name);
	f = fopen(path, "w");
	CHECK(f);
	CHECK(fputs(text, f) >= 0);
	CHECK(!fclose(f));
	return path;
}

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static void use_filter(struct sock_filter *filter, unsigned short len)
{
	struct sock_fprog program = { .len = len, .filter = filter };

	CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	CHECK_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

void forbid_host_network(void)
{
	struct sock_filter filter[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),
		ALLOW,
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1),
		ALLOW,
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};

	use_filter(filter, sizeof(filter) / sizeof(filter[0]));
}

void forbid_sockets(void)
{
	struct sock_filter filter[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),
		ALLOW,
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	};

	use_filter(filter, sizeof(filter) / sizeof(filter[0]));
}

static void start(char *const argv[], const char *const env[],
		  void (*prepare)(void))
{
	CHECK(!chdir(where()));
	setenv("LD_PRELOAD", library(), 1);
	for (; env && *env; env++)
		putenv((char *)*env);
	if (!argv)
		setenv(AGAIN, "1", 1);
	if (prepare)
		prepare();
	if (argv)
		execvp(argv[0], argv);
	else
		execl("/proc/self/exe", "test", NULL);
	_exit(126);
}

/* Both outputs to their ends, or until the time is over. */
static void collect(pid_t pid, int out, int err, struct ended *ended)
{
	struct pollfd p[2] = { { out, POLLIN, 0 }, { err, POLLIN, 0 } };
	char *text[2] = { ended->out, ended->err };
	size_t len[2] = { 0, 0 };
	ssize_t n;
	int i, left = 2;

	while (left) {
		if (!poll(p, 2, SECONDS * 1000)) {
			kill(pid, SIGKILL);
			fprintf(stderr, "not done after %d s\n", SECONDS);
			break;
		}
		for (i = 0; i < 2; i++) {
			if (p[i].fd < 0 || !p[i].revents)
				continue;
			n = read(p[i].fd, text[i] + len[i],
				 sizeof(ended->out) - 1 - len[i]);
			if (n <= 0) {
				close(p[i].fd);
				p[i].fd = -1;
				left--;
			} else {
				len[i] += n;
			}
		}
	}
	ended->out[len[0]] = '\0';
	ended->err[len[1]] = '\0';
}

void run_hijacked(char *const argv[], const char *const env[],
		  void (*prepare)(void), struct ended *ended)
{
	int out[2], err[2];
	pid_t pid;

	where();
	CHECK(!pipe(out) && !pipe(err));
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		dup2(out[1], 1);
		dup2(err[1], 2);
		closefrom(3);
		start(argv, env, prepare);
	}
	close(out[1]);
	close(err[1]);
	collect(pid, out[0], err[0], ended);
	CHECK_EQ(waitpid(pid, &ended->status, 0), pid);
}

const struct ended *check_hijacked(const char *const env[],
				   void (*prepare)(void), const char *out)
{
	static struct ended ended;

	run_hijacked(NULL, env, prepare, &ended);
	fputs(ended.err, stderr);
	CHECK_EQ(ended.status, 0);
	CHECK_TEXT(ended.out, out);
	return &ended;
}
