// SPDX-License-Identifier: GPL-2.0-only
/* cptofs and cpfromfs: one program, which copies into an image or out of it. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../image/program.h"
#include "../image/session.h"
#include "copy.h"
#include "glob.h"

static struct copy_options options = {
	.owner = -1, .group = -1, .mode = -1,
};

static bool set_dry_run(const char *value)
{
	(void)value;
	options.dry_run = true;
	return true;
}

static bool set_owner(const char *value)
{
	const struct passwd *pw;
	unsigned long id;

	if (read_number(value, 10, UINT32_MAX - 1, &id)) {
		options.owner = id;
		return true;
	}
	pw = getpwnam(value);
	if (!pw) {
		say_error("--owner '%s': this host has no such user: give a number",
			  value);
		return false;
	}
	options.owner = pw->pw_uid;
	return true;
}

static bool set_group(const char *value)
{
	const struct group *gr;
	unsigned long id;

	if (read_number(value, 10, UINT32_MAX - 1, &id)) {
		options.group = id;
		return true;
	}
	gr = getgrnam(value);
	if (!gr) {
		say_error("--group '%s': this host has no such group: give a number",
			  value);
		return false;
	}
	options.group = gr->gr_gid;
	return true;
}

static bool set_mode(const char *value)
{
	unsigned long mode;

	if (!read_number(value, 8, 07777, &mode)) {
		say_error("--mode '%s': a mode is an octal number up to 7777",
			  value);
		return false;
	}
	options.mode = mode;
	return true;
}

static bool set_selinux(const char *value)
{
	options.selinux = value;
	return true;
}

static const struct option_row rows[] = {
	{ 'n', "dry-run", NULL, "say what would be copied, and copy nothing",
	  set_dry_run },
	{ 0, "owner", "USER", "owner of all that is copied; kept otherwise",
	  set_owner },
	{ 0, "group", "GROUP", "its group", set_group },
	{ 0, "mode", "OCTAL",
	  "its mode; who may read a directory may search it", set_mode },
	{ 's', "selinux", "LABEL", "its SELinux label", set_selinux },
	{ 0, NULL, NULL, NULL, NULL },
};

static const char *const usage[] = {
	"[OPTION]... -i IMAGE SOURCE... TARGET",
	NULL,
};

static const struct program cptofs = {
	.name = "cptofs",
	.usage = usage,
	.purpose =
	"Copy files and directories into a file-system image, without root and without\n"
	"mounting it: a Linux kernel inside this program does it.",
	.options = rows,
	.trailer =
	"Modes, owners, times, links, extended attributes and holes are kept.\n"
	"Exit status: 0 all is copied, 1 some files are not, 2 bad usage or image.\n"
	"\n"
	"  cptofs -i disk.img -P 1 --owner=0 --group=0 rootfs/. /\n",
};

static const struct program cpfromfs = {
	.name = "cpfromfs",
	.usage = usage,
	.purpose =
	"Copy files and directories out of a file-system image, without root and without\n"
	"mounting it: a Linux kernel inside this program does it. The image is not\n"
	"changed. Patterns (*, ?, [a-z]) in a SOURCE are the image's.",
	.options = rows,
	.trailer =
	"Modes, times, links, extended attributes and holes are kept, and owners by root.\n"
	"Exit status: 0 all is copied, 1 some files are not, 2 bad usage or image.\n"
	"\n"
	"  cpfromfs -i disk.img '/var/log/*.log' logs\n",
};

/* ------------------------------------------------------------------------ */
/* Paths                                                                     */

/**
 * struct split - a path in two
 * @parent: the directory, "" for none.
 * @name: "." when the path has no name for what it is: "/", ".", "..".
 */
struct split {
	char *parent;
	char *name;
};

static bool split_path(const char *path, struct split *s)
{
	size_t len = strlen(path);
	char *slash;

	s->parent = strdup(path);
	if (!s->parent)
		return false;
	while (len > 1 && s->parent[len - 1] == '/')
		s->parent[--len] = '\0';
	slash = strrchr(s->parent, '/');
	s->name = slash ? slash + 1 : s->parent;
	if (!*s->name || !strcmp(s->name, ".") || !strcmp(s->name, "..")) {
		s->name = ".";
		return true;
	}
	s->name = strdup(s->name);
	if (slash)
		slash[slash == s->parent] = '\0';
	else
		s->parent[0] = '\0';
	return s->name;
}

static void free_split(struct split *s)
{
	free(s->parent);
	if (s->name && strcmp(s->name, "."))
		free(s->name);
}

static int open_parent(const struct vfs *vfs, const struct split *s)
{
	return vfs->open_dir(vfs->root, *s->parent ? s->parent : ".", true);
}

static bool ends_in_slash(const char *path)
{
	return *path && path[strlen(path) - 1] == '/';
}

/*
 * Where a source is; -errno in the directory if it cannot be there. No name is
 * none, and one with a slash behind it is a directory's or leads to one.
 */
static struct place open_source(const struct vfs *vfs, const char *path,
				const struct split *s)
{
	if (!*path)
		return (struct place){ -ENOENT, "." };
	if (ends_in_slash(path))
		return (struct place){ vfs->open_dir(vfs->root, path, true),
				       "." };
	return (struct place){ open_parent(vfs, s), s->name };
}

/* ------------------------------------------------------------------------ */
/* Copying                                                                   */

static int copy_to(struct copy *c, const struct split *from, const char *source,
		   struct place to, const char *target, const char *name)
{
	struct place place = open_source(c->from, source, from);
	size_t before;
	int err;

	if (place.dir < 0) {
		say_error("'%s' cannot be read: %s", source,
			  lkl_strerror(place.dir));
		c->failed++;
		return 0;
	}
	c->source.len = c->target.len = 0;
	err = path_push(&c->source, source, &before);
	if (!err)
		err = path_push(&c->target, target, &before);
	if (!err && name)
		err = path_push(&c->target, name, &before);
	if (!err)
		err = copy_entry(c, place, to);
	c->from->close(place.dir);
	return err;
}

/* Into the directory @target, which is open as @dir. */
static int copy_into(struct copy *c, const char *source, int dir,
		     const char *target)
{
	struct split from;
	int err = -ENOMEM;

	if (split_path(source, &from))
		err = copy_to(c, &from, source, (struct place){ dir, from.name },
			      target, from.name);
	free_split(&from);
	return err;
}

/* The directory that @target is a name in; a slash behind it asks for another. */
static int open_target(const struct copy *c, const char *source,
		       const char *target, const struct split *to)
{
	struct statx st;

	if (!*target)
		return -ENOENT;
	if (ends_in_slash(target) &&
	    !c->from->stat(c->from->root, source, false, &st) &&
	    !S_ISDIR(st.stx_mode))
		return -ENOTDIR;
	return open_parent(c->to, to);
}

/* Under the name @target. */
static int copy_as(struct copy *c, const char *source, const char *target)
{
	struct split from, to = { NULL, NULL };
	int err = -ENOMEM, dir = -1;

	if (split_path(source, &from) && split_path(target, &to)) {
		dir = open_target(c, source, target, &to);
		if (dir >= 0) {
			c->named = true;
			err = copy_to(c, &from, source,
				      (struct place){ dir, to.name }, target,
				      NULL);
			c->to->close(dir);
		} else {
			say_error("'%s' cannot be written: %s", target,
				  lkl_strerror(dir));
			c->failed++;
			err = 0;
		}
	}
	free_split(&from);
	free_split(&to);
	return err;
}

/* What the sources given stand for. */
static int collect(const struct vfs *from, bool patterns, char **args, int n,
		   glob_t *all)
{
	int i, err = 0;

	if (!patterns) {
		all->gl_pathc = n;
		all->gl_pathv = args;
	}
	for (i = 0; patterns && i < n && !err; i++)
		err = glob_sources(from, args[i], i ? GLOB_APPEND : 0, all);
	return err;
}

static int copy_all(struct copy *c, const glob_t *sources, const char *target)
{
	int dir = c->to->open_dir(c->to->root, target, true), err = 0;
	size_t i;

	if (dir < 0 && sources->gl_pathc > 1) {
		say_error("'%s' is not a directory, and there are %zu sources: %s",
			  target, sources->gl_pathc, lkl_strerror(dir));
		c->failed++;
		return 0;
	}
	if (dir < 0)
		return copy_as(c, sources->gl_pathv[0], target);
	for (i = 0; i < sources->gl_pathc && !err; i++, c->argument++)
		err = copy_into(c, sources->gl_pathv[i], dir, target);
	c->to->close(dir);
	return err;
}

static void tell_losses(const struct copy *c, const char *where)
{
	static const char *const names[ATTRIBUTES] = {
		[ATTRIBUTE_OWNER] = "owner",
		[ATTRIBUTE_MODE] = "mode",
		[ATTRIBUTE_TIMES] = "times",
		[ATTRIBUTE_XATTR] = "extended attributes",
	};
	int i;

	for (i = 0; i < ATTRIBUTES; i++)
		if (c->lost[i])
			say_error("%lu entries could not keep all of their %s: %s",
				  c->lost[i], names[i], where);
}

static int copy(bool out, char **sources, int n, const char *target,
		const struct session *session)
{
	const struct vfs *host = vfs_host(), *image = vfs_lkl();
	struct copy c = {
		.from = out ? image : host,
		.to = out ? host : image,
		.session = session,
		.options = &options,
		.links = links_new(),
	};
	char where[64];
	glob_t all = { 0 };
	int err;

	if (!c.links)
		err = -ENOMEM;
	else
		err = collect(c.from, out, sources, n, &all);
	if (!err)
		err = copy_all(&c, &all, target);
	if (err == -ENOMEM)
		say_memory_short();
	snprintf(where, sizeof(where), out ?
		 "this user may not, or the host's file system cannot" :
		 "%s cannot hold them", session->mount.type);
	tell_losses(&c, where);
	if (out)
		globfree(&all);
	links_free(c.links);
	made_free(&c.made);
	path_free(&c.source);
	path_free(&c.target);
	return err || c.failed ? EXIT_SOME_FAILED : EXIT_DONE;
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	bool out = !strcmp(slash ? slash + 1 : argv[0], "cpfromfs");
	struct session session;
	int first, status;

	first = program_start(out ? &cpfromfs : &cptofs, argc, argv);
	if (!image_options.image)
		say_usage("no image is named: -i IMAGE");
	if (argc - first < 2)
		say_usage("at least one SOURCE and a TARGET are needed");
	if (!session_start(&session, out || options.dry_run))
		program_end(EXIT_TROUBLE);
	status = copy(out, argv + first, argc - first - 1, argv[argc - 1],
		      &session);
	if (!session_end(&session))
		status = EXIT_TROUBLE;
	program_end(status);
}
