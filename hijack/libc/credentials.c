// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions with which a process changes who it is. libc has each thread make
 * the call, this library's too, by a signal of its own, and ends the program
 * (abort(3)) where one may do what another may not. What a thread has by itself
 * decides that: capabilities, what becomes of them (PR_SET_KEEPCAPS), and IDs
 * from syscall(2). So this library's threads first take what the caller has.
 */
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include "../host_sigaction.h"
#include "../../linux/lib/own_thread.h"
#include "libc.h"

/* libc's signal for this, which it does not let anybody else have. */
#define SIGSETXID (__SIGRTMIN + 1)

#define KEEP_CAPS (1L << SECURE_KEEP_CAPS)

/*
 * Of the thread that changes them. Two that do so at once have the same, or the
 * program ends as it does on the host.
 */
static struct credentials {
	bool known;
	uid_t uid[3];
	gid_t gid[3];
	long secure;
	struct __user_cap_data_struct capabilities[_LINUX_CAPABILITY_U32S_3];
} caller;

static struct sigaction libcs;

/* capget(2) and capset(2), of the calling thread */
static long capabilities(long nr, struct credentials *its)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};

	return host_syscall3(nr, (long)&header, (long)its->capabilities, 0);
}

static void get(struct credentials *its)
{
	host_syscall3(SYS_getresuid, (long)&its->uid[0], (long)&its->uid[1],
		      (long)&its->uid[2]);
	host_syscall3(SYS_getresgid, (long)&its->gid[0], (long)&its->gid[1],
		      (long)&its->gid[2]);
	its->secure = host_prctl(PR_GET_SECUREBITS, 0);
	capabilities(SYS_capget, its);
	its->known = true;
}

/* Where the host refuses it, libc's own call is what tells. */
static void take_over(struct credentials *its)
{
	struct credentials mine;

	get(&mine);
	if (memcmp(mine.uid, its->uid, sizeof(mine.uid)) ||
	    memcmp(mine.gid, its->gid, sizeof(mine.gid))) {
		host_prctl(PR_SET_KEEPCAPS, 1);
		host_syscall3(SYS_setresgid, its->gid[0], its->gid[1],
			      its->gid[2]);
		host_syscall3(SYS_setresuid, its->uid[0], its->uid[1],
			      its->uid[2]);
	}
	if ((mine.secure ^ its->secure) & ~KEEP_CAPS)
		host_prctl(PR_SET_SECUREBITS, its->secure);
	host_prctl(PR_SET_KEEPCAPS, !!(its->secure & KEEP_CAPS));
	capabilities(SYS_capset, its);
}

static void change(int sig, siginfo_t *info, void *context)
{
	if (own_thread && caller.known)
		take_over(&caller);
	libcs.sa_sigaction(sig, info, context);
}

static void begin(void)
{
	struct sigaction now;

	get(&caller);
	/* Without threads there is no handler of libc's either. */
	if (host_sigaction(SIGSETXID, NULL, &now) ||
	    now.sa_sigaction == change || now.sa_handler == SIG_DFL)
		return;
	libcs = now;
	now.sa_sigaction = change;
	host_sigaction(SIGSETXID, &now, NULL);
}

static int end(int ret)
{
	caller.known = false;
	return ret;
}

#define IN_ALL_THREADS(name, params, ...)				\
EXPORT int name params							\
{									\
	begin();							\
	return end(real(name)(__VA_ARGS__));				\
}

IN_ALL_THREADS(setuid, (uid_t uid), uid)
IN_ALL_THREADS(setgid, (gid_t gid), gid)
IN_ALL_THREADS(seteuid, (uid_t euid), euid)
IN_ALL_THREADS(setegid, (gid_t egid), egid)
IN_ALL_THREADS(setreuid, (uid_t ruid, uid_t euid), ruid, euid)
IN_ALL_THREADS(setregid, (gid_t rgid, gid_t egid), rgid, egid)
IN_ALL_THREADS(setresuid, (uid_t ruid, uid_t euid, uid_t suid), ruid, euid, suid)
IN_ALL_THREADS(setresgid, (gid_t rgid, gid_t egid, gid_t sgid), rgid, egid, sgid)
IN_ALL_THREADS(setgroups, (size_t n, const gid_t *groups), n, groups)
IN_ALL_THREADS(initgroups, (const char *user, gid_t group), user, group)
