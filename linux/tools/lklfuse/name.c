// SPDX-License-Identifier: GPL-2.0-only
/* What changes directories. */
#include <lkl/linux/fcntl.h>
#include "node.h"
#include "operations.h"

/* The answer to what has made something, or not. */
static void answer_entry(fuse_req_t req, fuse_ino_t parent, const char *name,
			 long err)
{
	struct fuse_entry_param entry;

	if (!err)
		err = node_enter(parent, name, &entry);
	if (err)
		answer(req, err);
	else if (fuse_reply_entry(req, &entry))
		node_forget(entry.ino, 1);
}

void do_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
	      dev_t rdev)
{
	identity_take(req);
	answer_entry(req, parent, name,
		     lkl_sys_mknodat(node_fd(parent), name, mode, rdev));
}

void do_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
	identity_take(req);
	answer_entry(req, parent, name,
		     lkl_sys_mkdirat(node_fd(parent), name, mode));
}

void do_symlink(fuse_req_t req, const char *link, fuse_ino_t parent,
		const char *name)
{
	identity_take(req);
	answer_entry(req, parent, name,
		     lkl_sys_symlinkat(link, node_fd(parent), name));
}

void do_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t parent,
	     const char *name)
{
	identity_take(req);
	answer_entry(req, parent, name,
		     lkl_sys_linkat(node_fd(ino), "", node_fd(parent), name,
				    LKL_AT_EMPTY_PATH));
}

void do_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	answer(req, lkl_sys_unlinkat(node_fd(parent), name, 0));
}

void do_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	answer(req, lkl_sys_unlinkat(node_fd(parent), name,
				     LKL_AT_REMOVEDIR));
}

void do_rename(fuse_req_t req, fuse_ino_t parent, const char *name,
	       fuse_ino_t new_parent, const char *new_name, unsigned int flags)
{
	int lkl_flags = to_lkl_rename_flags(flags);

	answer(req, lkl_flags < 0 ? -LKL_EINVAL :
		    lkl_sys_renameat2(node_fd(parent), name,
				      node_fd(new_parent), new_name,
				      lkl_flags));
}
