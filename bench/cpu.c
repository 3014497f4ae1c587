// SPDX-License-Identifier: GPL-2.0-or-later
#include "cpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double read_clock(clockid_t clock)
{
	struct timespec ts;

	return clock_gettime(clock, &ts) ? 0 : ts.tv_sec + ts.tv_nsec / 1e9;
}

/* The time of the processes that a variable lists. */
static double listed(const char *variable)
{
	const char *list = getenv(variable);
	double sum = 0;
	clockid_t clock;
	char *end;
	long pid;

	for (; list && *list; list = *end ? end + 1 : end) {
		pid = strtol(list, &end, 10);
		if (end == list || clock_getcpuclockid(pid, &clock)) {
			fprintf(stderr, "%s: no such process: %s\n", variable, list);
			exit(1);
		}
		sum += read_clock(clock);
	}
	return sum;
}

/*
 * Idle time is exact, where busy time is sampled by ticks. What a hypervisor
 * took away (steal) was nobody's.
 */
static double unused(void)
{
	unsigned long long user, nice, system, idle, iowait, irq, softirq, steal;
	FILE *f = fopen("/proc/stat", "r");

	if (!f || fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user,
			 &nice, &system, &idle, &iowait, &irq, &softirq,
			 &steal) != 8) {
		perror("/proc/stat");
		exit(1);
	}
	fclose(f);
	return (double)(idle + iowait + steal) / sysconf(_SC_CLK_TCK);
}

static double ended_children(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

struct cpu cpu_read(int children)
{
	struct cpu cpu = { .servers = listed("BENCH_SERVERS"),
			   .helpers = listed("BENCH_HELPERS"),
			   .machine = -unused() };

	cpu.client = children ? ended_children() :
				read_clock(CLOCK_PROCESS_CPUTIME_ID);
	cpu.time = read_clock(CLOCK_MONOTONIC);
	return cpu;
}

struct cpu cpu_since(const struct cpu *before, int children)
{
	struct cpu used = cpu_read(children);

	used.time -= before->time;
	used.client -= before->client;
	used.servers -= before->servers;
	used.helpers -= before->helpers;
	used.machine -= before->machine;
	used.machine += used.time * sysconf(_SC_NPROCESSORS_ONLN);
	return used;
}

void cpu_print(const struct cpu *used)
{
	printf("\"seconds\": %.6f, \"cpu\": {\"client\": %.6f, \"servers\": %.6f, \"helpers\": %.6f, \"machine\": %.3f}",
	       used->time, used->client, used->servers, used->helpers,
	       used->machine);
}
