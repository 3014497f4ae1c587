// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of operations. Not in it, because the host does better:
 *
 * - locks (flock, fcntl): nobody else uses the image, and the host's own locks
 *   make no thread wait;
 * - access: the host checks permissions;
 * - flush: what is written is inside when write() returns;
 * - write_buf and the like: LKL's descriptors are not the host's, so that there
 *   is nothing to splice.
 */
#include "node.h"
#include "operations.h"

/*
 * From this one on (Linux 6.14) the host's cache knows of what is written past
 * it, even when somebody reads the same meanwhile.
 */
#define BYPASS_MINOR 42

static void do_init(void *data, struct fuse_conn_info *conn)
{
	static const unsigned int wanted[] = {
		FUSE_CAP_ASYNC_DIO, FUSE_CAP_ASYNC_READ,
		FUSE_CAP_ATOMIC_O_TRUNC, FUSE_CAP_CACHE_SYMLINKS,
		FUSE_CAP_DONT_MASK, FUSE_CAP_IOCTL_DIR,
		FUSE_CAP_PARALLEL_DIROPS, FUSE_CAP_READDIRPLUS,
		FUSE_CAP_READDIRPLUS_AUTO,
	};
	unsigned int i, want = 0;

	(void)data;
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		want |= wanted[i];
	if (!mounted.fakeroot)
		want |= FUSE_CAP_POSIX_ACL;
	if (mounted.writeback)
		want |= FUSE_CAP_WRITEBACK_CACHE;
	mounted.bypass = !mounted.writeback && conn->proto_major == 7 &&
			 conn->proto_minor >= BYPASS_MINOR;
	conn->want = want & conn->capable;
	conn->max_write = IO_BYTES;
	conn->max_readahead = IO_BYTES;
	conn->time_gran = 1;
}

static void do_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param entry = { 0 };
	int err = node_enter(parent, name, &entry);

	/* That there is no such name is worth to be known, too. */
	if (err == -LKL_ENOENT && mounted.timeout > 0) {
		entry.entry_timeout = mounted.timeout;
		err = 0;
	}
	if (err)
		answer(req, err);
	else
		fuse_reply_entry(req, &entry);
}

static void do_forget(fuse_req_t req, fuse_ino_t ino, uint64_t count)
{
	node_forget(ino, count);
	fuse_reply_none(req);
}

static void do_forget_multi(fuse_req_t req, size_t n,
			    struct fuse_forget_data *forgets)
{
	size_t i;

	for (i = 0; i < n; i++)
		node_forget(forgets[i].ino, forgets[i].nlookup);
	fuse_reply_none(req);
}

const struct fuse_lowlevel_ops operations = {
	.init = do_init,
	.lookup = do_lookup,
	.forget = do_forget,
	.forget_multi = do_forget_multi,
	.getattr = do_getattr,
	.setattr = do_setattr,
	.readlink = do_readlink,
	.statfs = do_statfs,
	.setxattr = do_setxattr,
	.getxattr = do_getxattr,
	.listxattr = do_listxattr,
	.removexattr = do_removexattr,
	.mknod = do_mknod,
	.mkdir = do_mkdir,
	.symlink = do_symlink,
	.link = do_link,
	.unlink = do_unlink,
	.rmdir = do_rmdir,
	.rename = do_rename,
	.create = do_create,
	.open = do_open,
	.release = do_release,
	.read = do_read,
	.write = do_write,
	.fsync = do_fsync,
	.fallocate = do_fallocate,
	.lseek = do_lseek,
	.copy_file_range = do_copy_file_range,
	.opendir = do_opendir,
	.releasedir = do_releasedir,
	.readdir = do_readdir,
	.readdirplus = do_readdirplus,
	.fsyncdir = do_fsyncdir,
	.ioctl = do_ioctl,
};
