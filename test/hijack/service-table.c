// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The service thread has a table of descriptors of its own, in which there is
 * nothing of the program's: a shared one makes every call of the program
 * dearer, and a copy would keep open what the program closes.
 */
#include <dirent.h>
#include <unistd.h>
#include "run.h"

/* Number of the service thread of this process; 0 if there is none. */
static int service_thread(void)
{
	char path[300], name[32];
	struct dirent *entry;
	DIR *tasks = opendir("/proc/self/task");
	FILE *f;
	int tid = 0;

	CHECK(tasks);
	while (!tid && (entry = readdir(tasks))) {
		snprintf(path, sizeof(path), "/proc/self/task/%s/comm",
			 entry->d_name);
		f = fopen(path, "re");
		if (!f)
			continue;
		if (fgets(name, sizeof(name), f) &&
		    !strcmp(name, "lkl-service\n"))
			tid = atoi(entry->d_name);
		fclose(f);
	}
	closedir(tasks);
	return tid;
}

static void checks(void)
{
	char command[128], line[256];
	int tid = service_thread(), ours = 0;
	FILE *list;

	CHECK(tid);
	/* Somebody else looks, who sees what is hidden from the program. */
	snprintf(command, sizeof(command),
		 "env -u LD_PRELOAD ls -l /proc/%d/task/%d/fd", getpid(), tid);
	list = popen(command, "r");
	CHECK(list);
	while (fgets(line, sizeof(line), list)) {
		if (!strstr(line, " -> "))
			continue;
		if (!strstr(line, "-> anon_inode:[eventpoll]") &&
		    !strstr(line, "-> anon_inode:[eventfd]") &&
		    !strstr(line, "-> anon_inode:[pidfd]")) {
			fprintf(stderr, "not the library's: %s", line);
			exit(1);
		}
		ours++;
	}
	CHECK_EQ(pclose(list), 0);
	CHECK(ours >= 4);
}

int main(void)
{
	static struct ended ended;

	if (again()) {
		checks();
		return 0;
	}
	run_hijacked(NULL, NULL, NULL, &ended);
	fputs(ended.err, stderr);
	CHECK_EQ(ended.status, 0);
	return 0;
}
