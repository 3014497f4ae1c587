/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs for file-system images have in common: options, messages,
 * progress, signals and exit statuses.
 */
#ifndef LKL_TOOLS_IMAGE_PROGRAM_H
#define LKL_TOOLS_IMAGE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses. */
enum {
	EXIT_DONE = 0,
	EXIT_SOME_FAILED = 1,	/* some files could not be copied */
	EXIT_TROUBLE = 2,	/* bad usage, or an image that cannot be used */
};

/**
 * struct option_row - an option
 * @letter: the short form, or 0.
 * @name: the long form.
 * @arg: name of its argument in the help, or NULL if it has none.
 * @help: what it does; further lines bring their indent with them.
 * @set: takes the argument. An error message has been printed when it returns
 *	false.
 */
struct option_row {
	char letter;
	const char *name;
	const char *arg;
	const char *help;
	bool (*set)(const char *value);
};

/**
 * struct program - a program
 * @name: of the command.
 * @usage: lines of its usage, the command's name left out.
 * @purpose: what it is for; below the usage in the help.
 * @options: its own, ended by a row without a name.
 * @trailer: end of the help: examples; may be NULL.
 */
struct program {
	const char *name;
	const char *const *usage;
	const char *purpose;
	const struct option_row *options;
	const char *trailer;
};

/**
 * struct image_options - the common options
 * @image: path of the image (-i), or NULL.
 * @type: of the file system (-t), NULL to find it out.
 * @mount_options: of the file system (-o), or NULL.
 * @partition: number (-P), 0 for the whole image.
 * @memory: of the kernel in MiB (-m).
 * @verbose: -v.
 * @kernel_log: the kernel's messages go to standard error.
 * @progress: show it: standard error is a terminal, or asked for.
 */
struct image_options {
	const char *image;
	const char *type;
	const char *mount_options;
	unsigned int partition;
	unsigned int memory;
	bool verbose;
	bool kernel_log;
	bool progress;
};

extern struct image_options image_options;

/**
 * program_start() - reads the options
 *
 * Handles --help, --version and bad usage itself, by exiting. Signals that end
 * a program are noted from here on (interrupted()).
 *
 * Return: index of the first argument in @argv.
 */
int program_start(const struct program *program, int argc, char **argv);

/** say_memory_short() - what helps where the kernel had too little memory */
void say_memory_short(void);

/** say_error() - "NAME: ..." to standard error, as printf(3) */
void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** say_usage() - the same, with a hint at --help; exits with EXIT_TROUBLE */
void say_usage(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/** say() - a line of -v to standard error, if that was given */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * read_number() - the whole of @text as a number
 * @base: 8 or 10.
 * Return: whether it is one, up to @max.
 */
bool read_number(const char *text, int base, unsigned long max,
		 unsigned long *value);

/** interrupted() - the signal that asks the program to end, or 0 */
int interrupted(void);

/**
 * program_end() - ends the program
 *
 * By the signal that asked for it, if one did; else with @status.
 */
void program_end(int status) __attribute__((noreturn));

/**
 * progress_add() - counts what was done, and shows it now and then
 * @entries, @bytes: how much more.
 */
void progress_add(unsigned int entries, uint64_t bytes);

/** progress_clear() - takes the line away, for something else to be printed */
void progress_clear(void);

#endif
