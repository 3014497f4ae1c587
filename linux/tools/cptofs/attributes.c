// SPDX-License-Identifier: GPL-2.0-only
/* Copying what files have besides their contents. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "copy.h"

#define XATTR_MAX 65536		/* of a list, or of a value: the kernel's limits */

#define SELINUX "security.selinux"

/* Errors that say: not here. */
static bool cannot_hold(int err)
{
	return err == -EPERM || err == -EOPNOTSUPP || err == -ENOSYS;
}

/* Counts an attribute that cannot be held; passes other errors on. */
static int lose(struct copy *c, enum attribute attribute, int err)
{
	if (!cannot_hold(err))
		return err;
	c->lost[attribute]++;
	return 0;
}

static uint32_t wanted_mode(const struct copy *c, const struct statx *st)
{
	uint32_t mode = st->stx_mode & 07777;

	if (c->options->mode < 0)
		return mode;
	mode = c->options->mode;
	if (S_ISDIR(st->stx_mode))
		mode |= (mode & 0444) >> 2;
	return mode;
}

static int set_owner(struct copy *c, struct place to, const struct statx *st,
		     bool *kept)
{
	const struct copy_options *o = c->options;
	bool asked = o->owner >= 0 || o->group >= 0;
	int err = c->to->chown(to.dir, to.name,
			       o->owner >= 0 ? o->owner : st->stx_uid,
			       o->group >= 0 ? o->group : st->stx_gid);

	*kept = !err;
	/* Who is not privileged owns what he makes: nothing to speak of. */
	if (err == -EPERM && !c->to->privileged && !asked)
		return 0;
	/* On the host that must be said; an image may have no owners. */
	return lose(c, ATTRIBUTE_OWNER, err);
}

static int set_mode(struct copy *c, struct place to, const struct statx *st,
		    bool owner_kept)
{
	uint32_t mode = wanted_mode(c, st);

	if (S_ISLNK(st->stx_mode))
		return 0;
	/* Another owner's programs must not run as ours. */
	if (!owner_kept)
		mode &= ~(S_ISUID | S_ISGID);
	return lose(c, ATTRIBUTE_MODE, c->to->chmod(to.dir, to.name, mode));
}

static int copy_xattr(struct copy *c, struct place from, struct place to,
		      const char *attr, bool *lost)
{
	static char value[XATTR_MAX];
	ssize_t len = c->from->get_xattr(from.dir, from.name, attr, value,
					 sizeof(value));
	int err;

	if (len == -ENODATA)
		return 0;
	err = len < 0 ? len : c->to->set_xattr(to.dir, to.name, attr, value,
					       len);
	if (!cannot_hold(err))
		return err;
	*lost = true;
	return 0;
}

static int copy_xattrs(struct copy *c, struct place from, struct place to)
{
	static char list[XATTR_MAX];
	const char *selinux = c->options->selinux;
	ssize_t len = c->from->list_xattr(from.dir, from.name, list,
					  sizeof(list));
	const char *attr;
	bool lost = false;
	int err = 0;

	if (len == -EOPNOTSUPP || len == -ENOSYS)
		len = 0;
	if (len < 0)
		return len;
	for (attr = list; attr < list + len && !err; attr += strlen(attr) + 1)
		if (!vfs_is_alias(attr) && (!selinux || strcmp(attr, SELINUX)))
			err = copy_xattr(c, from, to, attr, &lost);
	if (!err && selinux) {
		err = c->to->set_xattr(to.dir, to.name, SELINUX, selinux,
				       strlen(selinux) + 1);
		if (cannot_hold(err)) {
			lost = true;
			err = 0;
		}
	}
	c->lost[ATTRIBUTE_XATTR] += lost;
	return err;
}

int copy_attributes(struct copy *c, struct place from, struct place to,
		    const struct statx *st)
{
	const struct timespec times[2] = {
		vfs_time(st->stx_atime), vfs_time(st->stx_mtime),
	};
	bool owner_kept;
	int err;

	/* In this order: each may undo what comes behind it. */
	err = set_owner(c, to, st, &owner_kept);
	if (!err)
		err = set_mode(c, to, st, owner_kept);
	if (!err)
		err = copy_xattrs(c, from, to);
	if (!err)
		err = lose(c, ATTRIBUTE_TIMES,
			   c->to->set_times(to.dir, to.name, times));
	return err;
}
