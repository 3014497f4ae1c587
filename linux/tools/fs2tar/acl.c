// SPDX-License-Identifier: GPL-2.0-only
/* Access control lists: from the kernel's form to libarchive's. */
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <string.h>
#include "tar.h"

/* Tag of an entry, and whom @id means then. */
static int tag_of(int tag)
{
	switch (tag) {
	case ACL_USER_OBJ:
		return ARCHIVE_ENTRY_ACL_USER_OBJ;
	case ACL_USER:
		return ARCHIVE_ENTRY_ACL_USER;
	case ACL_GROUP_OBJ:
		return ARCHIVE_ENTRY_ACL_GROUP_OBJ;
	case ACL_GROUP:
		return ARCHIVE_ENTRY_ACL_GROUP;
	case ACL_MASK:
		return ARCHIVE_ENTRY_ACL_MASK;
	case ACL_OTHER:
		return ARCHIVE_ENTRY_ACL_OTHER;
	default:
		return 0;
	}
}

bool tar_acl(struct archive_entry *entry, const void *value, size_t len,
	     int type)
{
	const struct posix_acl_xattr_header *header = value;
	const struct posix_acl_xattr_entry *e = (const void *)(header + 1);
	size_t i, n;
	int tag;

	if (len < sizeof(*header) || (len - sizeof(*header)) % sizeof(*e) ||
	    le32toh(header->a_version) != POSIX_ACL_XATTR_VERSION)
		return false;
	n = (len - sizeof(*header)) / sizeof(*e);
	for (i = 0; i < n; i++) {
		tag = tag_of(le16toh(e[i].e_tag));
		/* The kernel's permissions are r 4, w 2, x 1, as here. */
		if (!tag ||
		    archive_entry_acl_add_entry(entry, type,
				le16toh(e[i].e_perm) & 7, tag,
				le32toh(e[i].e_id), NULL) != ARCHIVE_OK)
			return false;
	}
	return true;
}
