// SPDX-License-Identifier: GPL-2.0-only
/* Walking a tree and copying each entry by its type. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <lkl.h>
#include "../image/program.h"
#include "copy.h"

/* After these there is no use in going on. */
static bool is_fatal(int err)
{
	return err == -ENOSPC || err == -EDQUOT || err == -EROFS ||
	       err == -EINTR || err == -ENOMEM || err == -ENODEV;
}

/* Tells of a failure. Return: @err when it is the end, else 0. */
static int failed(struct copy *c, const char *path, const char *what, int err)
{
	if (err != -EINTR) {
		c->failed++;
		say_error("'%s' cannot be %s: %s", path, what,
			  lkl_strerror(err));
	}
	if (is_fatal(err))
		c->stop = err;
	return c->stop;
}

/* Each of these makes @to and returns 0 or a negative errno. */
typedef int make_fn(struct copy *c, struct place from, struct place to,
		    const struct statx *st);

static int make_file(struct copy *c, struct place from, struct place to,
		     const struct statx *st)
{
	int in, out, err, closed;

	in = c->from->open_file(from.dir, from.name);
	if (in < 0)
		return in;
	out = c->to->create(to.dir, to.name);
	err = out < 0 ? out : copy_data(c, in, out, st);
	/* It may be the end that tells of what could not be written. */
	closed = out < 0 ? 0 : c->to->close(out);
	err = err ? err : closed;
	c->from->close(in);
	/* Half a file is worse than none. */
	if (err && out >= 0)
		c->to->unlink(to.dir, to.name);
	return err;
}

static int make_symlink(struct copy *c, struct place from, struct place to,
			const struct statx *st)
{
	char target[PATH_MAX + 1];
	ssize_t n = c->from->readlink(from.dir, from.name, target,
				      sizeof(target) - 1);

	(void)st;
	if (n < 0)
		return n;
	target[n] = '\0';
	return c->to->symlink(target, to.dir, to.name);
}

static int make_special(struct copy *c, struct place from, struct place to,
			const struct statx *st)
{
	(void)from;
	return c->to->mknod(to.dir, to.name, st);
}

/* There is nothing to be copied: it is done, or was refused and told. */
#define SETTLED 1

static int refuse(struct copy *c, const char *why)
{
	c->failed++;
	say_error("'%s' cannot be copied: '%s' %s", c->source.text,
		  c->target.text, why);
	return SETTLED;
}

/* Another name of the same SOURCE, which the target takes for this one. */
static int refuse_name(struct copy *c)
{
	return refuse(c, "was just made of another file: the file system takes both names for one");
}

static int copy_below(struct copy *c, int from, int to);

/* Makes a directory, or joins what is there; @out is it, to be closed. */
static int open_joined(struct copy *c, struct place to, const struct statx *st,
		       int *out)
{
	const struct made *made;
	struct statx new;
	int err = c->to->mkdir(to.dir, to.name);

	if (err && err != -EEXIST)
		return err;
	*out = c->to->open_dir(to.dir, to.name, false);
	if (*out == -ENOTDIR)
		return refuse(c, "is there and is no directory");
	if (*out < 0)
		return *out;
	err = c->to->stat(*out, ".", false, &new);
	made = err ? NULL : made_find(&c->made, &new);
	if (made && made->argument == c->argument && !made_of(made, st))
		return refuse_name(c);
	return err ? err : made_add(&c->made, &new, st, c->argument);
}

static int make_directory(struct copy *c, struct place from, struct place to,
			  const struct statx *st)
{
	int in, out = -1, err;

	in = c->from->open_dir(from.dir, from.name, false);
	if (in < 0)
		return in;
	err = c->options->dry_run ? 0 : open_joined(c, to, st, &out);
	if (!err)
		err = copy_below(c, in, out);
	if (out >= 0)
		c->to->close(out);
	c->from->close(in);
	return err;
}

static const struct {
	uint32_t type;
	make_fn *make;
} makers[] = {
	{ S_IFREG, make_file },
	{ S_IFDIR, make_directory },
	{ S_IFLNK, make_symlink },
	{ S_IFIFO, make_special },
	{ S_IFSOCK, make_special },
	{ S_IFCHR, make_special },
	{ S_IFBLK, make_special },
};

static make_fn *find_maker(uint32_t mode)
{
	size_t i;

	for (i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (makers[i].type == (mode & S_IFMT))
			return makers[i].make;
	return NULL;
}

/* @st is of the side @vfs. */
static bool is_image(const struct copy *c, const struct vfs *vfs,
		     const struct statx *st)
{
	return vfs != vfs_lkl() && session_is_image(c->session, st);
}

/* Contents alone, into what @to is or leads to. */
static int copy_over(struct copy *c, struct place from, struct place to,
		     const struct statx *st)
{
	struct statx old;
	int in, out, closed, err;

	err = c->to->stat(to.dir, to.name, true, &old);
	if (err == -ENOENT)
		return refuse(c, "is a symbolic link to what does not exist");
	if (!err && is_image(c, c->to, &old))
		return refuse(c, "is the image");
	in = err ? err : c->from->open_file(from.dir, from.name);
	if (in < 0)
		return in;
	out = c->to->open_over(to.dir, to.name);
	if (out < 0)
		err = out;
	else if (S_ISREG(old.stx_mode))
		err = copy_data(c, in, out, st);
	else
		err = copy_stream(c, in, out, st);
	closed = out < 0 ? 0 : c->to->close(out);
	err = err ? err : closed;
	c->from->close(in);
	if (!err)
		progress_add(1, 0);
	return err ? err : SETTLED;
}

/*
 * What is at @to gives way, if it can. Names of one directory are one file where
 * case does not matter, and those of several SOURCEs may be the same.
 */
static int make_way(struct copy *c, struct place from, struct place to,
		    const struct statx *st)
{
	const struct made *made;
	struct statx old;
	int err = c->to->stat(to.dir, to.name, false, &old);

	if (err)
		return err;
	if (is_image(c, c->to, &old))
		return refuse(c, "is the image");
	if (c->named && !c->depth && c->to->open_over &&
	    !S_ISREG(old.stx_mode) && !S_ISDIR(old.stx_mode)) {
		if (S_ISREG(st->stx_mode))
			return copy_over(c, from, to, st);
		if (!S_ISLNK(old.stx_mode))
			return -EEXIST;
	}
	made = made_find(&c->made, &old);
	if (made && made_of(made, st))
		return SETTLED;
	if (made && made->argument == c->argument)
		return refuse_name(c);
	if (made && !c->depth)
		return refuse(c, "was just made of another file");
	return c->to->unlink(to.dir, to.name);
}

static int make_new(struct copy *c, struct place from, struct place to,
		    const struct statx *st)
{
	struct statx made;
	int err = find_maker(st->stx_mode)(c, from, to, st);

	if (!err)
		err = c->to->stat(to.dir, to.name, false, &made);
	if (!err)
		err = made_add(&c->made, &made, st, c->argument);
	if (!err && st->stx_nlink > 1)
		err = links_add(c->links, st, c->target.text);
	return err;
}

/* Another name for what was copied already, where such can be made. */
static int make_link(struct copy *c, const char *first, struct place from,
		     struct place to, const struct statx *st)
{
	int err = c->to->link(first, to.dir, to.name);

	if (err == -EPERM || err == -EMLINK || err == -EOPNOTSUPP ||
	    err == -ENAMETOOLONG || err == -EXDEV)
		return make_new(c, from, to, st);
	return err;
}

static int make(struct copy *c, struct place from, struct place to,
		const struct statx *st)
{
	make_fn *maker = find_maker(st->stx_mode);
	const char *first;
	int err;

	if (!maker)
		return -EOPNOTSUPP;
	if (S_ISDIR(st->stx_mode))
		return maker(c, from, to, st);
	if (c->options->dry_run)
		return 0;
	first = st->stx_nlink > 1 ? links_find(c->links, st) : NULL;
	do {
		err = first ? make_link(c, first, from, to, st) :
		      make_new(c, from, to, st);
	} while (err == -EEXIST &&
		 !(err = interrupted() ? -EINTR :
		   make_way(c, from, to, st)));
	return err;
}

/* Whether to try again: memory was short, and what used it up is written now. */
static bool made_room(const struct copy *c, int err)
{
	return err == -ENOMEM && !c->stop && c->to->settle && !c->to->settle();
}

int copy_entry(struct copy *c, struct place from, struct place to)
{
	struct statx st;
	int err;

	if (interrupted())
		return c->stop = -EINTR;
	err = c->from->stat(from.dir, from.name, false, &st);
	if (err)
		return failed(c, c->source.text, "read", err);
	if (is_image(c, c->from, &st)) {
		say_error("'%s' is the image itself: left out",
			  c->source.text);
		return 0;
	}
	say("'%s' -> '%s'", c->source.text, c->target.text);
	err = make(c, from, to, &st);
	if (made_room(c, err))
		err = make(c, from, to, &st);
	if (c->stop)
		return c->stop;		/* was told of further down */
	if (err == SETTLED)
		return 0;
	if (err)
		return failed(c, c->source.text, "copied", err);
	progress_add(1, 0);
	if (c->options->dry_run)
		return 0;
	err = copy_attributes(c, from, to, &st);
	if (made_room(c, err))
		err = copy_attributes(c, from, to, &st);
	return err ? failed(c, c->target.text, "given its attributes", err) : 0;
}

static int copy_below(struct copy *c, int from, int to)
{
	size_t source, target;
	char **names;
	long i, n;
	int err;

	n = vfs_names(c->from, from, &names);
	if (n < 0)
		return n;
	c->depth++;
	for (i = 0, err = 0; i < n && !err; i++) {
		err = path_push(&c->source, names[i], &source);
		if (err)
			break;
		err = path_push(&c->target, names[i], &target);
		if (!err) {
			err = copy_entry(c, (struct place){ from, names[i] },
					 (struct place){ to, names[i] });
			path_pop(&c->target, target);
		}
		path_pop(&c->source, source);
	}
	c->depth--;
	free(names);
	return err;
}
