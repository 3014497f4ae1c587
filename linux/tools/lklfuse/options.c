// SPDX-License-Identifier: GPL-2.0-only
/* What the command line asks for. */
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "options.h"

#define MIN_MIB 64
#define MAX_MIB 1048576

static const char usage[] =
	"usage: lklfuse IMAGE MOUNTPOINT [-o OPTION[,OPTION...]] [-f] [-d] [-s]\n"
	"\n"
	"Mounts the file system of a disk image, for which Linux runs in this\n"
	"program. Needs no privileges. fusermount3 -u MOUNTPOINT unmounts it.\n"
	"\n"
	"  -o type=TYPE     of the file system; found out if not given\n"
	"  -o part=N        use partition N (MBR or GPT)\n"
	"  -o ro            read only: no byte of the image is changed\n"
	"  -o opts=OPTIONS  mount options of the file system; may be repeated\n"
	"  -o mb=N          memory of the kernel inside, in MiB (256)\n"
	"  -o fakeroot      act as root inside: no permission is checked, and\n"
	"                   what is made belongs to root\n"
	"  -o writeback     gather small writes before they reach the image\n"
	"  -o OPTION        any of mount(8)'s for all types, and of fuse(8):\n"
	"                   allow_other, noexec, nosuid, ...\n"
	"  -f               stay in the foreground\n"
	"  -d               foreground, requests and the kernel's log are printed\n"
	"  -s               serve one request at a time\n"
	"  -h, --help       this text\n"
	"  -V, --version    versions of lklfuse's parts\n";

enum { KEY_OPTS, KEY_HELP, KEY_VERSION };

#define OPTION(template, member) \
	{ template, offsetof(struct options, member), 1 }

static const struct fuse_opt known[] = {
	OPTION("type=%s", type),
	OPTION("part=%u", partition),
	OPTION("mb=%u", mib),
	OPTION("ro", read_only),
	OPTION("fakeroot", fakeroot),
	OPTION("writeback", writeback),
	OPTION("max_threads=%u", max_threads),
	OPTION("-f", foreground),
	OPTION("-d", debug),
	OPTION("debug", debug),
	OPTION("-s", single),
	FUSE_OPT_KEY("opts=", KEY_OPTS),
	FUSE_OPT_KEY("-h", KEY_HELP),
	FUSE_OPT_KEY("--help", KEY_HELP),
	FUSE_OPT_KEY("-V", KEY_VERSION),
	FUSE_OPT_KEY("--version", KEY_VERSION),
	/* Said in another way to libfuse as well. */
	FUSE_OPT_KEY("ro", FUSE_OPT_KEY_KEEP),
	FUSE_OPT_KEY("-d", FUSE_OPT_KEY_KEEP),
	FUSE_OPT_KEY("debug", FUSE_OPT_KEY_KEEP),
	FUSE_OPT_END
};

static void __attribute__((noreturn)) refuse(const char *what,
					     const char *value,
					     const char *why)
{
	fprintf(stderr, "lklfuse: %s%s%s: %s (see lklfuse --help)\n", what,
		value ? " " : "", value ? value : "", why);
	exit(2);
}

static int take(void *data, const char *arg, int key, struct fuse_args *rest)
{
	struct options *options = data;

	(void)rest;
	switch (key) {
	case KEY_HELP:
		fputs(usage, stdout);
		exit(0);
	case KEY_VERSION:
		printf("lklfuse, with FUSE library version %s\n",
		       fuse_pkgversion());
		exit(0);
	case KEY_OPTS:
		return fuse_opt_add_opt(&options->fs_options,
					arg + strlen("opts="));
	case FUSE_OPT_KEY_NONOPT:
		if (!options->image)
			options->image = strdup(arg);
		else if (!options->mountpoint)
			options->mountpoint = strdup(arg);
		else
			refuse("one argument too many:", arg,
			       "there are IMAGE and MOUNTPOINT");
		return 0;
	}
	return 1;
}

/* The name under which mount(8) and df(1) show it. */
static void name_mount(struct options *options)
{
	char *escaped = NULL, name[PATH_MAX + 16];

	snprintf(name, sizeof(name), "fsname=%s", options->image);
	if (fuse_opt_add_arg(&options->fuse, "-osubtype=lklfuse") ||
	    fuse_opt_add_opt_escaped(&escaped, name) ||
	    fuse_opt_add_arg(&options->fuse, "-o") ||
	    fuse_opt_add_arg(&options->fuse, escaped))
		exit(1);	/* libfuse has said that there is no memory */
	free(escaped);
}

/* Paths are of the directory in which the program was started. */
static void make_absolute(char **path, const char *what)
{
	char *absolute = realpath(*path, NULL);

	if (!absolute) {
		fprintf(stderr, "lklfuse: %s %s: ", what, *path);
		perror(NULL);
		exit(1);
	}
	free(*path);
	*path = absolute;
}

/* The host would mount on a file as well, and then show nothing. */
static void require_directory(const char *mountpoint)
{
	struct stat st;

	if (stat(mountpoint, &st) || S_ISDIR(st.st_mode))
		return;
	fprintf(stderr, "lklfuse: the mount point %s: %s\n", mountpoint,
		strerror(ENOTDIR));
	exit(1);
}

void options_read(struct options *options, int argc, char **argv)
{
	struct fuse_args args = FUSE_ARGS_INIT(argc, argv);

	*options = (struct options){ .max_threads = 10 };
	if (fuse_opt_parse(&args, options, known, take))
		exit(2);
	options->fuse = args;
	if (!options->image || !options->mountpoint)
		refuse("IMAGE and MOUNTPOINT", NULL, "both must be given");
	if (options->mib &&
	    (options->mib < MIN_MIB || options->mib > MAX_MIB))
		refuse("mb", NULL, "a number from 64 to 1048576 is needed");
	if (!options->max_threads)
		refuse("max_threads", NULL, "at least 1 is needed");
	make_absolute(&options->image, "the image");
	make_absolute(&options->mountpoint, "the mount point");
	require_directory(options->mountpoint);
	options->foreground |= options->debug;
	name_mount(options);
	/* The host knows the caller's groups, and what it caches. */
	if (!options->fakeroot &&
	    fuse_opt_add_arg(&options->fuse, "-odefault_permissions"))
		exit(1);
}
