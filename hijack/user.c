// SPDX-License-Identifier: GPL-2.0-only
/* Access to memory of the program, see user.h. */
#include "code_table.h"
#include "user.h"

CODE_TABLE(user_faults);

bool user_mend(void *context)
{
	return code_table_go_on(user_faults, context);
}

int user_copy(void *to, const void *from, size_t len)
{
	int bad = 0;

	HOST_COPY(to, from, len, bad, USER_FAULT);
	return bad ? -EFAULT : 0;
}
