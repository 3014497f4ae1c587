// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process 1: the kernel wants to execute /init. It is given a file of that
 * name and a binary format that executes it by making the task one that could
 * return to user mode, with a memory map of its own; see boot_done().
 */
#include <linux/binfmts.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>

static int load_init(struct linux_binprm *bprm)
{
	int err;

	if (strcmp(bprm->filename, "/init"))
		return -ENOEXEC;

	err = begin_new_exec(bprm);
	if (err)
		return err;
	setup_new_exec(bprm);
	finalize_exec(bprm);
	return 0;
}

static struct linux_binfmt init_format = {
	.load_binary = load_init,
};

static int __init create_init(void)
{
	struct file *file;

	/* Read-only: a late close of a writer would fail the exec (ETXTBSY). */
	file = filp_open("/init", O_CREAT | O_RDONLY, 0700);
	if (IS_ERR(file))
		return PTR_ERR(file);
	fput(file);
	register_binfmt(&init_format);
	return 0;
}
late_initcall(create_init);
