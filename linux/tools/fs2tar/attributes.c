// SPDX-License-Identifier: GPL-2.0-only
/* Extended attributes of a file, those that are something else included. */
#include <errno.h>
#include <string.h>
#include "tar.h"

#define XATTR_MAX 65536		/* of a list, or of a value: the kernel's limits */

static const struct {
	const char *attr;
	int type;
} acls[] = {
	{ "system.posix_acl_access", ARCHIVE_ENTRY_ACL_TYPE_ACCESS },
	{ "system.posix_acl_default", ARCHIVE_ENTRY_ACL_TYPE_DEFAULT },
};

static bool add_acl(struct tar *t, const char *attr, const void *value,
		    size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(acls) / sizeof(acls[0]); i++)
		if (!strcmp(attr, acls[i].attr))
			return tar_acl(t->entry, value, len, acls[i].type);
	return false;
}

static int add(struct tar *t, int dir, const char *name, const char *attr)
{
	static char value[XATTR_MAX];
	ssize_t len = t->vfs->get_xattr(dir, name, attr, value, sizeof(value));

	if (len == -ENODATA)
		return 0;
	if (len < 0)
		return len;
	if (t->labels && !strcmp(attr, "security.selinux"))
		fprintf(t->labels, "/%s %.*s\n", t->path.text,
			(int)strnlen(value, len), value);
	if (!add_acl(t, attr, value, len))
		archive_entry_xattr_add_entry(t->entry, attr, value, len);
	return 0;
}

int tar_attributes(struct tar *t, int dir, const char *name)
{
	static char list[XATTR_MAX];
	ssize_t len = t->vfs->list_xattr(dir, name, list, sizeof(list));
	const char *attr;
	int err = 0;

	if (len == -EOPNOTSUPP || len == -ENOSYS)
		return 0;
	if (len < 0)
		return len;
	for (attr = list; attr < list + len && !err; attr += strlen(attr) + 1)
		if (!vfs_is_alias(attr))
			err = add(t, dir, name, attr);
	return err;
}
