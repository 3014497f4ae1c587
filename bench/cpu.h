/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processor time that a load costs: of the programs that take part, and of the
 * machine, which has done more than they are charged for.
 *
 * The variables BENCH_SERVERS and BENCH_HELPERS have the processes of the two
 * kinds besides the client, as IDs with commas between them.
 */
#ifndef BENCH_CPU_H
#define BENCH_CPU_H

/**
 * struct cpu - a moment, or the time between two
 * @time: of the clock
 * @client: of this process and, with cpu_read(1), its ended children
 * @servers: of the processes in BENCH_SERVERS
 * @helpers: of the processes in BENCH_HELPERS
 * @machine: in which a processor was busy
 *
 * All in seconds.
 */
struct cpu {
	double time;
	double client;
	double servers;
	double helpers;
	double machine;
};

/**
 * cpu_read() - the state at this moment
 * @children: whether the client is a child of this process, which has ended or
 *	has not begun, instead of this process itself.
 */
struct cpu cpu_read(int children);

/**
 * cpu_since() - what was used since a moment
 * @before: of cpu_read().
 * @children: as there.
 */
struct cpu cpu_since(const struct cpu *before, int children);

/**
 * cpu_print() - writes the JSON members "seconds" and "cpu"
 * @used: of cpu_since().
 */
void cpu_print(const struct cpu *used);

#endif
