// SPDX-License-Identifier: GPL-2.0-only
/* Machine set-up, and the ways in which a machine ends. */
#include <linux/console.h>
#include <linux/cpu.h>
#include <linux/init.h>
#include <linux/panic_notifier.h>
#include <linux/random.h>
#include <linux/reboot.h>
#include <linux/screen_info.h>
#include <linux/seq_file.h>
#include <asm/setup.h>
#include "lkl.h"

void (*pm_power_off)(void);
EXPORT_SYMBOL(pm_power_off);

static char command_line[COMMAND_LINE_SIZE] __initdata;

/* Drivers that make interfaces unasked are told not to: there is lo alone. */
static const char defaults[] =
	"dummy.numdummies=0 ifb.numifbs=0 fb_tunnels=none ";

void __init lkl_set_command_line(const char *cmdline)
{
	strscpy(boot_command_line, defaults, COMMAND_LINE_SIZE);
	strlcat(boot_command_line, cmdline, COMMAND_LINE_SIZE);
}

/* A panic has one outcome: the host ends the process, with the log's tail. */
static int lkl_panic(struct notifier_block *nb, unsigned long event, void *msg)
{
	console_flush_on_panic(CONSOLE_FLUSH_PENDING);
	lkl_ops->panic();
	return NOTIFY_DONE;
}

static struct notifier_block lkl_panic_notifier = {
	.notifier_call = lkl_panic,
	.priority = INT_MIN,
};

void __init setup_arch(char **cmdline_p)
{
	u8 seed[32];

	/* Before anything that may panic, as it would go on for ever. */
	lkl_console_init();
	atomic_notifier_chain_register(&panic_notifier_list,
				       &lkl_panic_notifier);

	strscpy(command_line, boot_command_line, COMMAND_LINE_SIZE);
	*cmdline_p = command_line;
	parse_early_param();
	lkl_ram_init();

	lkl_ops->entropy(seed, sizeof(seed));
	add_bootloader_randomness(seed, sizeof(seed));
}

void __init arch_cpu_finalize_init(void)
{
}

void machine_halt(void)
{
	lkl_stop(0);
}

void machine_power_off(void)
{
	lkl_stop(0);
}

/* The image's data are used up: a kernel boots once. */
void machine_restart(char *cmd)
{
	pr_emerg("the kernel in this process cannot start again\n");
	lkl_stop(0);
}

static void *cpuinfo_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? NULL : m;
}

static void *cpuinfo_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void cpuinfo_stop(struct seq_file *m, void *v)
{
}

static int cpuinfo_show(struct seq_file *m, void *v)
{
	seq_puts(m, "processor\t: 0\nmodel name\t: LKL\n\n");
	return 0;
}

const struct seq_operations cpuinfo_op = {
	.start = cpuinfo_start,
	.next = cpuinfo_next,
	.stop = cpuinfo_stop,
	.show = cpuinfo_show,
};
