/* SPDX-License-Identifier: GPL-2.0-only */
/* What the command line asks for. */
#ifndef LKLFUSE_OPTIONS_H
#define LKLFUSE_OPTIONS_H

#include "lklfuse.h"

/**
 * struct options - what the command line asks for
 * @image: path of the image.
 * @mountpoint: where it is to be seen.
 * @type: of the file system, NULL to find it out.
 * @fs_options: the file system's own mount options, or NULL.
 * @partition: 0 for the whole image.
 * @mib: RAM of the kernel in MiB, 0 for its default.
 * @read_only, @fakeroot, @writeback: see struct mount_state.
 * @foreground, @debug, @single: -f, -d, -s.
 * @max_threads: how many requests can be under way.
 * @fuse: what libfuse shall read.
 */
struct options {
	char *image;
	char *mountpoint;
	char *type;
	char *fs_options;
	unsigned int partition;
	unsigned int mib;
	int read_only;
	int fakeroot;
	int writeback;
	int foreground;
	int debug;
	int single;
	unsigned int max_threads;
	struct fuse_args fuse;
};

/**
 * options_read() - reads the command line
 *
 * Prints help or version, or what is wrong, and ends the program where it is
 * not to go on.
 */
void options_read(struct options *options, int argc, char **argv);

#endif
