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
	unsigned int uid, gid, umask;
} now;

/* All but the right to what is reserved: root has that by its number. */
static void drop_reserve(void)
{
	struct __lkl__user_cap_header_struct header = {
		.version = _lkl_LINUX_CAPABILITY_VERSION_3,
	};
	struct __lkl__user_cap_data_struct data[2];

	if (lkl_sys_capget(&header, data))
		return;
	data[0].effective &= ~(1U << LKL_CAP_SYS_RESOURCE);
	lkl_sys_capset(&header, data);
}

static void make_own(void)
{
	lkl_sys_unshare(LKL_CLONE_FS);
	/* The rights of root stay whoever owns what is made. */
	lkl_sys_prctl(LKL_PR_SET_SECUREBITS, LKL_SECBIT_NO_SETUID_FIXUP, 0, 0,
		      0);
	drop_reserve();
	now.own = true;
	now.umask = lkl_sys_umask(0);
	lkl_sys_umask(now.umask);
}

void identity_take(fuse_req_t req)
{
	const struct fuse_ctx *caller = fuse_req_ctx(req);
	unsigned int uid = mounted.fakeroot ? 0 : caller->uid;
	unsigned int gid = mounted.fakeroot ? 0 : caller->gid;

	if (!now.own)
		make_own();
	if (uid != now.uid)
		lkl_sys_setfsuid(uid);
	if (gid != now.gid)
		lkl_sys_setfsgid(gid);
	if (caller->umask != now.umask)
		lkl_sys_umask(caller->umask);
	now.uid = uid;
	now.gid = gid;
	now.umask = caller->umask;
}
