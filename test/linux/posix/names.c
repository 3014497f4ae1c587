// SPDX-License-Identifier: GPL-2.0-or-later
/* Names: unlink(2), link(2), symlink(2), mknod(2). */
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include "posix.h"

void test_unlink(void)
{
	char buf[16];
	struct stat st;
	int fd;

	make_file("file", "text");
	fd = OK(open("file", O_RDWR));
	OK(unlink("file"));
	FAILS(ENOENT, unlink("file"));
	FAILS(ENOENT, lstat("file", &st));

	/* It lives on for who has it open. */
	OK(fstat(fd, &st));
	EQ(st.st_nlink, 0);
	EQ(read(fd, buf, 16), 4);
	EQ(pwrite(fd, "more", 4, 4), 4);
	EQ(pread(fd, buf, 16, 0), 8);
	IS(!memcmp(buf, "textmore", 8));
	OK(fchmod(fd, 0600));
	OK(ftruncate(fd, 3));
	OK(fstat(fd, &st));
	EQ(st.st_size, 3);
	EQ(st.st_mode & 07777, 0600);
	/* A new one of that name is another. */
	make_file("file", "new");
	IS(stat_of("file").st_ino != st.st_ino);
	EQ(pread(fd, buf, 16, 0), 3);
	IS(!memcmp(buf, "tex", 3));
	OK(close(fd));

	OK(mkdir("dir", 0755));
	FAILS(EISDIR, unlink("dir"));
	FAILS(ENOTDIR, unlink("file/below"));
	FAILS(ENOENT, unlink("absent/file"));
	FAILS(ENAMETOOLONG, unlink(name_256));
	FAILS(EINVAL, unlinkat(AT_FDCWD, "file", ~AT_REMOVEDIR));
	OK(symlink("file", "link"));
	OK(unlink("link"));
	IS(holds("file", "new"));
	OK(unlinkat(AT_FDCWD, "dir", AT_REMOVEDIR));
}

void test_link(void)
{
	struct stat first, second;
	int fd;

	make_file("file", "text");
	OK(link("file", "other"));
	first = stat_of("file");
	second = stat_of("other");
	EQ(first.st_ino, second.st_ino);
	EQ(first.st_nlink, 2);
	EQ(second.st_nlink, 2);
	make_file("other", "changed");
	IS(holds("file", "changed"));
	OK(chmod("file", 0600));
	EQ(stat_of("other").st_mode & 07777, 0600);
	FAILS(EEXIST, link("file", "other"));
	FAILS(ENOENT, link("absent", "new"));
	FAILS(ENOENT, link("file", "absent/new"));
	FAILS(ENOTDIR, link("file", "other/new"));
	FAILS(ENOTDIR, link("file/below", "new"));
	OK(mkdir("dir", 0755));
	FAILS(EPERM, link("dir", "new"));
	FAILS(EEXIST, link("file", "dir"));
	FAILS(ENAMETOOLONG, link("file", name_256));
	OK(link("file", "dir/third"));
	EQ(stat_of("file").st_nlink, 3);
	OK(unlink("file"));
	EQ(stat_of("other").st_nlink, 2);
	IS(holds("dir/third", "changed"));
	OK(unlink("dir/third"));
	EQ(stat_of("other").st_nlink, 1);

	OK(symlink("other", "soft"));
	OK(link("soft", "soft-too"));
	EQ(stat_of("soft").st_nlink, 2);
	IS(S_ISLNK(stat_of("soft-too").st_mode));
	OK(linkat(AT_FDCWD, "soft", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
	EQ(stat_of("followed").st_ino, stat_of("other").st_ino);
	fd = OK(open("other", O_RDONLY));
	EQ(fstat(fd, &first), 0);
	EQ(first.st_nlink, 2);
	OK(close(fd));
}

void test_symlink(void)
{
	static const char *const targets[] = {
		"file", "./file", "/", "absent", "../symlink/file", "a b",
	};
	char buf[4200], target[4200];
	size_t i;

	make_file("file", "text");
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		OK(symlink(targets[i], "link"));
		IS(S_ISLNK(stat_of("link").st_mode));
		EQ(stat_of("link").st_size, strlen(targets[i]));
		EQ(readlink("link", buf, sizeof(buf)), strlen(targets[i]));
		IS(!memcmp(buf, targets[i], strlen(targets[i])));
		OK(unlink("link"));
	}
	OK(symlink("file", "link"));
	IS(holds("link", "text"));
	EQ(readlink("link", buf, 2), 2);
	IS(!memcmp(buf, "fi", 2));
	FAILS(EINVAL, readlink("link", buf, 0));
	FAILS(EINVAL, readlink("file", buf, 16));
	FAILS(ENOENT, readlink("absent", buf, 16));
	FAILS(ENOTDIR, readlink("file/below", buf, 16));
	FAILS(EEXIST, symlink("x", "file"));
	FAILS(EEXIST, symlink("x", "link"));
	FAILS(ENOENT, symlink("x", "absent/link"));
	FAILS(ENOENT, symlink("", "empty"));
	FAILS(ENOTDIR, symlink("x", "file/link"));
	FAILS(ENAMETOOLONG, symlink("x", name_256));
	memset(target, 't', sizeof(target));
	target[4096] = 0;
	FAILS(ENAMETOOLONG, symlink(target, "long"));
	target[1000] = 0;
	OK(symlink(target, "long"));
	EQ(readlink("long", buf, sizeof(buf)), 1000);
	IS(!memcmp(buf, target, 1000));
	FAILS(EOPNOTSUPP, fchmodat(AT_FDCWD, "link", 0600,
				   AT_SYMLINK_NOFOLLOW));
}

void test_special(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX,
				    .sun_path = "socket" };
	char buf[8];
	int fd, in, out;

	OK(mkfifo("fifo", 0640));
	EQ(stat_of("fifo").st_mode, S_IFIFO | 0640);
	FAILS(EEXIST, mkfifo("fifo", 0640));
	FAILS(ENOENT, mkfifo("absent/fifo", 0640));
	FAILS(ENAMETOOLONG, mkfifo(name_256, 0640));
	FAILS(ENXIO, open("fifo", O_WRONLY | O_NONBLOCK));
	in = OK(open("fifo", O_RDONLY | O_NONBLOCK));
	out = OK(open("fifo", O_WRONLY | O_NONBLOCK));
	EQ(write(out, "through", 7), 7);
	EQ(read(in, buf, 8), 7);
	OK(close(in));
	OK(close(out));
	OK(unlink("fifo"));

	OK(mknod("regular", S_IFREG | 0600, 0));
	EQ(stat_of("regular").st_mode, S_IFREG | 0600);
	OK(mknod("fifo", S_IFIFO | 0600, 0));
	IS(S_ISFIFO(stat_of("fifo").st_mode));
	if (geteuid())
		FAILS(EPERM, mknod("device", S_IFCHR | 0600, makedev(1, 3)));
	fd = OK(socket(AF_UNIX, SOCK_STREAM, 0));
	OK(bind(fd, (struct sockaddr *)&name, sizeof(name)));
	IS(S_ISSOCK(stat_of("socket").st_mode));
	FAILS(ENXIO, open("socket", O_RDWR));
	OK(listen(fd, 1));
	out = OK(socket(AF_UNIX, SOCK_STREAM, 0));
	OK(connect(out, (struct sockaddr *)&name, sizeof(name)));
	OK(close(out));
	OK(close(fd));
	OK(unlink("socket"));
}
