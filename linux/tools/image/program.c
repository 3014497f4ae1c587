// SPDX-License-Identifier: GPL-2.0-only
/* Options, messages, signals and exit statuses of the programs for images. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "program.h"
#include "standard_fds.h"

/*
 * Of the kernel: it is the host's memory only once it is used, mostly as its
 * page cache, which lets reading, writing and the host work at a time.
 */
#define DEFAULT_MEMORY 512
#define LEAST_MEMORY 32

#define MOST_OPTIONS 32

struct image_options image_options = { .memory = DEFAULT_MEMORY };

static const struct program *self;
static volatile sig_atomic_t signal_seen;

void say_error(const char *format, ...)
{
	va_list args;

	progress_clear();
	fprintf(stderr, "%s: ", self->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void say_memory_short(void)
{
	say_error("-m '%u': so many MiB do not suffice: give the kernel more",
		  image_options.memory);
}

void say_usage(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", self->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry '%s --help' for more.\n", self->name);
	exit(EXIT_TROUBLE);
}

void say(const char *format, ...)
{
	va_list args;

	if (!image_options.verbose)
		return;
	progress_clear();
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

bool read_number(const char *text, int base, unsigned long max,
		 unsigned long *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoul(text, &end, base);
	return !errno && !*end && *value <= max;
}

/* ------------------------------------------------------------------------ */
/* Common options                                                            */

static bool set_image(const char *value)
{
	image_options.image = value;
	return true;
}

static bool set_type(const char *value)
{
	image_options.type = strcmp(value, "auto") ? value : NULL;
	return true;
}

static bool set_partition(const char *value)
{
	unsigned long n;

	if (!read_number(value, 10, 255, &n)) {
		say_error("-P '%s': a partition is a number from 1 to 255, or 0 for the whole image",
			  value);
		return false;
	}
	image_options.partition = n;
	return true;
}

static bool set_mount_options(const char *value)
{
	image_options.mount_options = value;
	return true;
}

static bool set_memory(const char *value)
{
	unsigned long n;

	/* How much is too much, the host tells (session.c). */
	if (!read_number(value, 10, UINT32_MAX, &n) || n < LEAST_MEMORY) {
		say_error("-m '%s': memory is a number of MiB from %d to %u",
			  value, LEAST_MEMORY, UINT32_MAX);
		return false;
	}
	image_options.memory = n;
	return true;
}

static bool set_verbose(const char *value)
{
	(void)value;
	image_options.verbose = true;
	return true;
}

static bool set_kernel_log(const char *value)
{
	(void)value;
	image_options.kernel_log = true;
	return true;
}

static bool set_progress(const char *value)
{
	(void)value;
	image_options.progress = true;
	return true;
}

static bool set_no_progress(const char *value)
{
	(void)value;
	image_options.progress = false;
	return true;
}

static bool show_help(const char *value);
static bool show_version(const char *value);

static const struct option_row common[] = {
	{ 'i', "image", "IMAGE", "the image: a file or a block device",
	  set_image },
	{ 't', "type", "TYPE", "of the file system; found out when left out",
	  set_type },
	{ 'P', "partition", "N", "number of a partition of the image (MBR, GPT)",
	  set_partition },
	{ 'o', "options", "OPTIONS", "of the mount, as in mount(8)",
	  set_mount_options },
	{ 'm', "memory", "MIB", "that the kernel may use at most (512)",
	  set_memory },
	{ 'v', "verbose", NULL, "name what is done", set_verbose },
	{ 0, "progress", NULL,
	  "show progress even if standard error is no terminal", set_progress },
	{ 0, "no-progress", NULL, "never show it", set_no_progress },
	{ 0, "kernel-log", NULL, "show the messages of the kernel inside",
	  set_kernel_log },
	{ 'h', "help", NULL, "show this help", show_help },
	{ 'V', "version", NULL, "show the version", show_version },
	{ 0, NULL, NULL, NULL, NULL },
};

static void print_rows(const struct option_row *row)
{
	char left[64];

	for (; row->name; row++) {
		snprintf(left, sizeof(left), "%c%c%c --%s%s%s",
			 row->letter ? '-' : ' ',
			 row->letter ? row->letter : ' ',
			 row->letter ? ',' : ' ', row->name,
			 row->arg ? "=" : "", row->arg ? row->arg : "");
		printf("  %-27s  %s\n", left, row->help);
	}
}

static bool show_help(const char *value)
{
	const char *const *line;

	(void)value;
	for (line = self->usage; *line; line++)
		printf("%s %s %s\n", line == self->usage ? "Usage:" : "   or:",
		       self->name, *line);
	printf("%s\n\n", self->purpose);
	print_rows(self->options);
	print_rows(common);
	if (self->trailer)
		printf("\n%s", self->trailer);
	exit(fflush(stdout) ? EXIT_TROUBLE : EXIT_DONE);
}

static bool show_version(const char *value)
{
	(void)value;
	/* Of package.json, by CMakeLists.txt. */
	printf("%s (lkl-hijack) %s\n", self->name, LKL_VERSION);
	exit(fflush(stdout) ? EXIT_TROUBLE : EXIT_DONE);
}

/* ------------------------------------------------------------------------ */
/* The start                                                                 */

struct table {
	const struct option_row *rows[MOST_OPTIONS];
	struct option longs[MOST_OPTIONS + 1];
	char shorts[2 * MOST_OPTIONS + 2];
	int count;
};

static void add_rows(struct table *t, const struct option_row *row)
{
	size_t len = strlen(t->shorts);

	for (; row->name && t->count < MOST_OPTIONS; row++) {
		t->rows[t->count] = row;
		t->longs[t->count] = (struct option){
			.name = row->name,
			.has_arg = row->arg ? required_argument : no_argument,
			.val = row->letter,
		};
		t->count++;
		if (row->letter)
			t->shorts[len++] = row->letter;
		if (row->letter && row->arg)
			t->shorts[len++] = ':';
	}
	t->shorts[len] = '\0';
}

static const struct option_row *find_row(const struct table *t, int letter,
					 int index)
{
	int i;

	if (index >= 0)
		return t->rows[index];
	for (i = 0; i < t->count; i++)
		if (t->rows[i]->letter == letter)
			return t->rows[i];
	return NULL;
}

static void note_signal(int number)
{
	/* The second time, it is meant at once. */
	if (signal_seen) {
		signal(number, SIG_DFL);
		raise(number);
	}
	signal_seen = number;
}

int interrupted(void)
{
	return signal_seen;
}

static void note_signals(void)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct sigaction action = { .sa_handler = note_signal }, old;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		/* Those that nohup(1) and its like ignore stay so. */
		if (!sigaction(ends[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaction(ends[i], &action, NULL);
	/* A limit or a reader that has gone is an error of its write. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

int program_start(const struct program *program, int argc, char **argv)
{
	static struct table table;
	const struct option_row *row;
	int letter, index = -1;

	self = program;
	standard_fds_occupy();
	/* getopt(3) calls the program so in its messages. */
	argv[0] = (char *)program->name;
	image_options.progress = isatty(STDERR_FILENO);
	add_rows(&table, program->options);
	add_rows(&table, common);
	while ((letter = getopt_long(argc, argv, table.shorts, table.longs,
				     &index)) != -1) {
		row = letter == '?' ? NULL : find_row(&table, letter, index);
		index = -1;
		if (!row) {
			fprintf(stderr, "Try '%s --help' for more.\n",
				program->name);
			exit(EXIT_TROUBLE);
		}
		if (!row->set(optarg))
			exit(EXIT_TROUBLE);
	}
	note_signals();
	return optind;
}

void program_end(int status)
{
	progress_clear();
	if (signal_seen) {
		signal(signal_seen, SIG_DFL);
		raise(signal_seen);
	}
	exit(status);
}
