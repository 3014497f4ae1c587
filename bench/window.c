// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a program to its end and tells what that has cost (cpu.h):
 *
 *   window COMMAND...
 *
 * One JSON object: the seconds it took, the processor time, its output. It
 * fails as the program does.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "common.h"
#include "cpu.h"

static void print_text(const char *text, size_t len)
{
	size_t i;

	putchar('"');
	for (i = 0; i < len; i++) {
		unsigned char c = text[i];

		if (c < ' ' || c == '"' || c == '\\' || c > '~')
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

int main(int argc, char **argv)
{
	static char text[1 << 16];
	struct cpu before, used;
	size_t len = 0;
	int out[2], status;
	ssize_t n;
	pid_t pid;

	if (argc < 2) {
		fprintf(stderr, "usage: window COMMAND...\n");
		return 2;
	}
	if (pipe(out))
		die("pipe");
	before = cpu_read(1);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execvp(argv[1], argv + 1);
		die(argv[1]);
	}
	close(out[1]);
	while (len < sizeof(text) &&
	       (n = read(out[0], text + len, sizeof(text) - len)) > 0)
		len += n;
	if (waitpid(pid, &status, 0) < 0)
		die("waitpid");
	used = cpu_since(&before, 1);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "%s: ended with status 0x%x\n", argv[1], status);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	}
	printf("{");
	cpu_print(&used);
	printf(", \"output\": ");
	print_text(text, len);
	printf("}\n");
	return 0;
}
