// SPDX-License-Identifier: GPL-2.0-only
/* For whom a thread acts inside. */
#include <stdint.h>
#include <lkl/linux/securebits.h>
#include "lklfuse.h"

/*
 * What is set in the calling thread's task. All begin as root with all
 * capabilities and share one umask.
 */
static _Thread_local struct {
	bool own;
	bool plain;	/* without the right to write to set-id files */
	unsigned int uid, gid, umask;
} now;

/* Gives the thread a right, or takes it. */
static void set_right(unsigned int cap, bool have)
{
	struct __lkl__user_cap_header_struct header = {
		.version = _lkl_LINUX_CAPABILITY_VERSION_3,
	};
	struct __lkl__user_cap_data_struct data[2];

	if (lkl_sys_capget(&header, data))
		return;
	if (have)
		data[0].effective |= 1U << cap;
	else
		data[0].effective &= ~(1U << cap);
	lkl_sys_capset(&header, data);
}

static void make_own(void)
{
	lkl_sys_unshare(LKL_CLONE_FS);
	/* The rights of root stay whoever owns what is made. */
	lkl_sys_prctl(LKL_PR_SET_SECUREBITS, LKL_SECBIT_NO_SETUID_FIXUP, 0, 0,
		      0);
	/* All but the one to what is reserved: root has that by its number. */
	set_right(LKL_CAP_SYS_RESOURCE, false);
	now.own = true;
	now.umask = lkl_sys_umask(0);
	lkl_sys_umask(now.umask);
}

static void take(fuse_req_t req, bool writes)
{
	const struct fuse_ctx *caller = fuse_req_ctx(req);
	unsigned int uid = mounted.fakeroot ? 0 : caller->uid;
	unsigned int gid = mounted.fakeroot ? 0 : caller->gid;
	bool plain = writes && caller->uid;

	if (!now.own)
		make_own();
	if (uid != now.uid)
		lkl_sys_setfsuid(uid);
	if (gid != now.gid)
		lkl_sys_setfsgid(gid);
	if (caller->umask != now.umask)
		lkl_sys_umask(caller->umask);
	if (plain != now.plain)
		set_right(LKL_CAP_FSETID, !plain);
	now.uid = uid;
	now.gid = gid;
	now.umask = caller->umask;
	now.plain = plain;
}

void identity_take(fuse_req_t req)
{
	take(req, false);
}

void identity_take_writer(fuse_req_t req)
{
	take(req, true);
}
