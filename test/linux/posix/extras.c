// SPDX-License-Identifier: GPL-2.0-or-later
/* Extended attributes, locks, mappings, and the file system as a whole. */
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include "posix.h"

static bool lists(const char *path, const char *name)
{
	char names[1024];
	ssize_t n = listxattr(path, names, sizeof(names)), at;

	for (at = 0; at < n; at += strlen(names + at) + 1)
		if (!strcmp(names + at, name))
			return true;
	return false;
}

void test_xattr(void)
{
	char buf[2048], big[512];
	int fd;

	make_file("file", "");
	OK(mkdir("dir", 0755));
	OK(symlink("file", "link"));
	FAILS(ENODATA, getxattr("file", "user.one", buf, sizeof(buf)));
	OK(setxattr("file", "user.one", "value", 5, 0));
	EQ(getxattr("file", "user.one", NULL, 0), 5);
	EQ(getxattr("file", "user.one", buf, sizeof(buf)), 5);
	IS(!memcmp(buf, "value", 5));
	FAILS(ERANGE, getxattr("file", "user.one", buf, 2));
	FAILS(EEXIST, setxattr("file", "user.one", "x", 1, XATTR_CREATE));
	FAILS(ENODATA, setxattr("file", "user.two", "x", 1, XATTR_REPLACE));
	OK(setxattr("file", "user.one", "other", 5, XATTR_REPLACE));
	EQ(getxattr("file", "user.one", buf, sizeof(buf)), 5);
	IS(!memcmp(buf, "other", 5));
	OK(setxattr("file", "user.empty", "", 0, XATTR_CREATE));
	EQ(getxattr("file", "user.empty", buf, sizeof(buf)), 0);
	IS(lists("file", "user.one"));
	IS(lists("file", "user.empty"));
	IS(!lists("file", "user.absent"));
	FAILS(ERANGE, listxattr("file", buf, 3));
	memset(big, 'b', sizeof(big));
	big[7] = 0;
	OK(setxattr("file", "user.big", big, sizeof(big), 0));
	EQ(getxattr("file", "user.big", buf, sizeof(buf)), sizeof(big));
	IS(!memcmp(buf, big, sizeof(big)));
	OK(removexattr("file", "user.one"));
	FAILS(ENODATA, removexattr("file", "user.one"));
	IS(!lists("file", "user.one"));
	OK(setxattr("dir", "user.dir", "d", 1, 0));
	EQ(getxattr("dir", "user.dir", buf, sizeof(buf)), 1);
	EQ(getxattr("link", "user.big", buf, sizeof(buf)), sizeof(big));
	FAILS(EPERM, lsetxattr("link", "user.link", "x", 1, 0));
	FAILS(EOPNOTSUPP, setxattr("file", "nonsense.name", "x", 1, 0));
	FAILS(ENOENT, setxattr("absent", "user.x", "x", 1, 0));
	fd = OK(open("file", O_RDWR));
	OK(fsetxattr(fd, "user.fd", "fd", 2, 0));
	EQ(fgetxattr(fd, "user.fd", buf, sizeof(buf)), 2);
	OK(fremovexattr(fd, "user.fd"));
	OK(close(fd));
	if (geteuid()) {
		FAILS(EPERM, setxattr("file", "trusted.x", "x", 1, 0));
		OK(chmod("file", 0400));
		FAILS(EACCES, setxattr("file", "user.x", "x", 1, 0));
	}
}

static int try_lock(short type, off_t start, off_t len)
{
	struct flock lock = { .l_type = type, .l_start = start, .l_len = len };
	int fd = open("file", O_RDWR);

	return fcntl(fd, F_SETLK, &lock) ? errno : 0;
}

struct range {
	short type;
	off_t start, len;
};

static int lock_range(const void *arg)
{
	const struct range *range = arg;

	return try_lock(range->type, range->start, range->len);
}

static int flock_too(const void *arg)
{
	int fd = open("file", O_RDWR);

	return flock(fd, *(const int *)arg | LOCK_NB) ? errno : 0;
}

static int who_locks(const void *arg)
{
	struct flock lock = { .l_type = F_WRLCK };
	int fd = open("file", O_RDWR);

	return fcntl(fd, F_GETLK, &lock) || lock.l_type != F_WRLCK ||
	       lock.l_pid != *(const pid_t *)arg;
}

void test_locks(void)
{
	static const struct {
		struct range range;
		int error;
	} tries[] = {
		{ { F_WRLCK, 0, 10 }, EAGAIN },
		{ { F_RDLCK, 0, 10 }, EAGAIN },
		{ { F_WRLCK, 5, 1 }, EAGAIN },
		{ { F_WRLCK, 10, 10 }, 0 },
		{ { F_RDLCK, 100, 10 }, 0 },
		{ { F_WRLCK, 100, 10 }, EAGAIN },
		{ { F_WRLCK, 99, 1 }, 0 },
		{ { F_WRLCK, 0, 0 }, EAGAIN },
	};
	struct flock write_lock = { .l_type = F_WRLCK, .l_len = 10 };
	struct flock read_lock = { .l_type = F_RDLCK, .l_start = 100,
				   .l_len = 10 };
	int fd, other, exclusive = LOCK_EX, shared = LOCK_SH;
	pid_t me = getpid();
	size_t i;

	make_file("file", "text");
	fd = OK(open("file", O_RDWR));
	OK(fcntl(fd, F_SETLK, &write_lock));
	OK(fcntl(fd, F_SETLK, &read_lock));
	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		EQ(in_child(lock_range, &tries[i].range), tries[i].error);
	EQ(in_child(who_locks, &me), 0);
	write_lock.l_type = F_UNLCK;
	OK(fcntl(fd, F_SETLK, &write_lock));
	EQ(in_child(lock_range, &tries[0].range), 0);
	/* A close of any descriptor gives them all up. */
	other = OK(open("file", O_RDWR));
	OK(close(other));
	EQ(in_child(lock_range, &tries[7].range), 0);

	OK(flock(fd, LOCK_EX));
	EQ(in_child(flock_too, &exclusive), EWOULDBLOCK);
	EQ(in_child(flock_too, &shared), EWOULDBLOCK);
	OK(flock(fd, LOCK_SH));
	EQ(in_child(flock_too, &shared), 0);
	EQ(in_child(flock_too, &exclusive), EWOULDBLOCK);
	OK(flock(fd, LOCK_UN));
	EQ(in_child(flock_too, &exclusive), 0);
	OK(close(fd));
	fd = OK(open("file", O_RDONLY));
	write_lock.l_type = F_WRLCK;
	FAILS(EBADF, fcntl(fd, F_SETLK, &write_lock));
	OK(close(fd));
}

void test_mmap(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	int fd = OK(open("file", O_RDWR | O_CREAT, 0644));
	char buf[16], *shared, *private;

	OK(ftruncate(fd, 3 * page));
	shared = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		      0);
	private = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (!IS(shared != MAP_FAILED && private != MAP_FAILED))
		return;
	memcpy(shared + page, "mapped", 6);
	EQ(pread(fd, buf, 6, page), 6);
	IS(!memcmp(buf, "mapped", 6));
	EQ(pwrite(fd, "written", 7, 10), 7);
	IS(!memcmp(shared + 10, "written", 7));
	memcpy(private, "secret", 6);
	EQ(pread(fd, buf, 6, 0), 6);
	IS(memcmp(buf, "secret", 6) != 0);
	OK(msync(shared, 3 * page, MS_SYNC));
	OK(close(fd));
	memcpy(shared + 2 * page, "after", 5);
	OK(munmap(shared, 3 * page));
	OK(munmap(private, page));
	fd = OK(open("file", O_RDONLY));
	EQ(pread(fd, buf, 5, 2 * page), 5);
	IS(!memcmp(buf, "after", 5));
	FAILS(EACCES, mmap(NULL, page, PROT_WRITE, MAP_SHARED, fd, 0) ==
		      MAP_FAILED ? -1 : 0);
	OK(close(fd));
}

void test_statvfs(void)
{
	struct statvfs before, after;
	char *data = calloc(1, 1 << 20);
	int fd, i;

	OK(statvfs(".", &before));
	EQ(before.f_namemax, 255);
	IS(before.f_bsize >= 512 && before.f_frsize >= 512);
	IS(before.f_blocks > 0 && before.f_bfree <= before.f_blocks);
	IS(before.f_bavail <= before.f_bfree);
	fd = OK(open("big", O_WRONLY | O_CREAT, 0644));
	for (i = 0; i < 4; i++)
		EQ(write(fd, data, 1 << 20), 1 << 20);
	OK(fsync(fd));
	OK(fstatvfs(fd, &after));
	if (!lacks("exact-free"))
		IS(after.f_bfree < before.f_bfree);
	OK(close(fd));
	OK(unlink("big"));
	free(data);
}
