// SPDX-License-Identifier: GPL-2.0-only
/*
 * Out of memory: there is nobody to kill, as all tasks are threads of one
 * program, and of process 1 at that, for which the killer would panic. Without
 * it an allocation that finds nothing fails, and so does the system call.
 */
#include <linux/init.h>
#include <linux/oom.h>

static int __init no_oom_killer(void)
{
	return oom_killer_disable(0) ? 0 : -EBUSY;
}
late_initcall(no_oom_killer);
