/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables, which the linker puts together, of instructions of this library that a
 * handler of signals has go on elsewhere when it finds its thread there.
 */
#ifndef HIJACK_CODE_TABLE_H
#define HIJACK_CODE_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>
#include "host.h"

/* In assembly: from label @first to @last, go on at 3; relative to themselves. */
#define CODE_TABLE_ENTRY(table, first, last)				\
	".pushsection " #table ", \"a\"\n"				\
	".long " #first " - ., " #last " - ., 3b - .\n"			\
	".popsection\n"

struct code_table_entry {
	int32_t first;
	int32_t last;
	int32_t go_on;
};

/* The linker's names for where a table begins and ends. */
#define CODE_TABLE(table)						\
	extern const struct code_table_entry __start_##table[]		\
		__attribute__((visibility("hidden")));			\
	extern const struct code_table_entry __stop_##table[]		\
		__attribute__((visibility("hidden")))

/* code_table_go_on(user_faults, context): whether it was found there. */
#define code_table_go_on(table, context)				\
	code_table_search(__start_##table, __stop_##table, context)

static inline uintptr_t code_table_place(const int32_t *from)
{
	return (uintptr_t)from + *from;
}

static inline bool code_table_search(const struct code_table_entry *e,
				     const struct code_table_entry *end,
				     ucontext_t *context)
{
	uintptr_t ip = HOST_CONTEXT_IP(context);

	/* cppcheck-suppress comparePointers ; one table to the linker */
	for (; e < end; e++) {
		if (ip < code_table_place(&e->first) ||
		    ip > code_table_place(&e->last))
			continue;
		HOST_CONTEXT_IP(context) = code_table_place(&e->go_on);
		return true;
	}
	return false;
}

#endif
