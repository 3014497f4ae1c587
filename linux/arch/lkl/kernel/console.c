// SPDX-License-Identifier: GPL-2.0-only
/* The console: everything printed goes to the host, which keeps or shows it. */
#include <linux/cdev.h>
#include <linux/console.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/major.h>
#include <linux/uaccess.h>
#include "lkl.h"

static void lkl_console_write(struct console *con, const char *str,
			      unsigned int len)
{
	if (lkl_ops->print)
		lkl_ops->print(str, len);
}

static struct console lkl_console = {
	.name = "lkl",
	.write = lkl_console_write,
	.flags = CON_PRINTBUFFER | CON_ENABLED,
	.index = -1,
};

void __init lkl_console_init(void)
{
	register_console(&lkl_console);
}

/* /dev/console, which process 1 opens: there are no terminals here. */
static ssize_t dev_console_write(struct file *file, const char __user *buf,
				 size_t len, loff_t *pos)
{
	if (lkl_ops->print)
		lkl_ops->print((const char __force *)buf, len);
	return len;
}

static const struct file_operations dev_console_fops = {
	.write = dev_console_write,
	.llseek = noop_llseek,
};

static struct cdev dev_console;

static int __init dev_console_init(void)
{
	dev_t dev = MKDEV(TTYAUX_MAJOR, 1);
	int err = register_chrdev_region(dev, 1, "console");

	if (err)
		return err;
	cdev_init(&dev_console, &dev_console_fops);
	return cdev_add(&dev_console, dev, 1);
}
fs_initcall(dev_console_init);
