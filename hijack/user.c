// SPDX-License-Identifier: GPL-2.0-only
/* Access to memory of the program, see user.h. */
#include <stdint.h>
#include <ucontext.h>
#include "user.h"

struct entry {
	int32_t instruction;
	int32_t go_on;
};

/* The linker's names for where the table begins and ends. */
extern const struct entry __start_user_faults[]
	__attribute__((visibility("hidden")));
extern const struct entry __stop_user_faults[]
	__attribute__((visibility("hidden")));

static uintptr_t place(const int32_t *from)
{
	return (uintptr_t)from + *from;
}

bool user_mend(void *context)
{
	ucontext_t *uc = context;
	const struct entry *e;

	/* cppcheck-suppress comparePointers ; one table to the linker */
	for (e = __start_user_faults; e < __stop_user_faults; e++) {
		if (place(&e->instruction) != (uintptr_t)HOST_CONTEXT_IP(uc))
			continue;
		HOST_CONTEXT_IP(uc) = place(&e->go_on);
		return true;
	}
	return false;
}

int user_copy(void *to, const void *from, size_t len)
{
	int bad = 0;

	HOST_COPY(to, from, len, bad, USER_FAULT);
	return bad ? -EFAULT : 0;
}
