// SPDX-License-Identifier: GPL-2.0-only
/* Files on a tmpfs, which mounts.c has mounted as /tmp. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "boot.h"

#define NEW (LKL_O_RDWR | LKL_O_CREAT | LKL_O_TRUNC)

long read_file(const char *path, char *buf, size_t size)
{
	long fd = lkl_sys_openat(LKL_AT_FDCWD, path, LKL_O_RDONLY, 0), n = 0;
	size_t len = 0;

	if (fd < 0)
		return fd;
	while (len < size - 1) {
		n = lkl_sys_read(fd, buf + len, size - 1 - len);
		if (n <= 0)
			break;
		len += n;
	}
	buf[len] = 0;
	lkl_sys_close(fd);
	return n < 0 ? n : (long)len;
}

long file_number(const char *path, const char *word)
{
	static _Thread_local char text[16384];
	long len = read_file(path, text, sizeof(text));
	const char *at;

	if (len < 0)
		return len;
	at = strstr(text, word);
	return at ? strtol(at + strlen(word), NULL, 10) : -LKL_ENOENT;
}

long count_entries(const char *path)
{
	char buf[4096];
	long fd = lkl_sys_openat(LKL_AT_FDCWD, path,
				 LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	long n = 0, at, count = 0;

	if (fd < 0)
		return fd;
	while ((n = lkl_sys_getdents64(fd, (struct lkl_linux_dirent64 *)buf,
				       sizeof(buf))) > 0) {
		for (at = 0; at < n;) {
			struct lkl_linux_dirent64 *entry =
				(struct lkl_linux_dirent64 *)(buf + at);

			if (strcmp(entry->d_name, ".") &&
			    strcmp(entry->d_name, ".."))
				count++;
			at += entry->d_reclen;
		}
	}
	lkl_sys_close(fd);
	return n < 0 ? n : count;
}

bool test_file_io(void)
{
	struct lkl_stat st;
	char buf[16] = "";
	long fd;

	EXPECT_IS(lkl_sys_umask(022), 022);
	fd = lkl_sys_openat(LKL_AT_FDCWD, "/tmp/file", NEW, 0666);
	EXPECT_OK(fd);
	EXPECT_IS(lkl_sys_write(fd, "Hello", 5), 5);
	EXPECT_IS(lkl_sys_fstat(fd, &st), 0);
	EXPECT_IS(st.st_size, 5);
	EXPECT_IS(st.st_mode, LKL_S_IFREG | 0644);
	EXPECT_IS(lkl_sys_close(fd), 0);
	EXPECT_IS(lkl_sys_close(fd), -LKL_EBADF);

	fd = lkl_sys_openat(LKL_AT_FDCWD, "/tmp/file", LKL_O_RDONLY, 0);
	EXPECT_OK(fd);
	EXPECT_IS(lkl_sys_write(fd, "no", 2), -LKL_EBADF);
	EXPECT_IS(lkl_sys_read(fd, buf, sizeof(buf)), 5);
	EXPECT(!strcmp(buf, "Hello"));
	EXPECT_IS(lkl_sys_read(fd, buf, sizeof(buf)), 0);
	EXPECT_IS(lkl_sys_close(fd), 0);
	return true;
}

bool test_file_names(void)
{
	char path[32], text[32];
	struct lkl_stat st;
	long i, fd;

	EXPECT_IS(lkl_sys_mkdirat(LKL_AT_FDCWD, "/tmp/dir", 0755), 0);
	EXPECT_IS(lkl_sys_mkdirat(LKL_AT_FDCWD, "/tmp/dir", 0755), -LKL_EEXIST);
	for (i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "/tmp/dir/%ld", i);
		fd = lkl_sys_openat(LKL_AT_FDCWD, path, NEW | LKL_O_EXCL, 0600);
		EXPECT_OK(fd);
		EXPECT_OK(lkl_sys_close(fd));
	}
	EXPECT_IS(count_entries("/tmp/dir"), 300);
	EXPECT_IS(lkl_sys_openat(LKL_AT_FDCWD, path, NEW | LKL_O_EXCL, 0600),
		  -LKL_EEXIST);

	EXPECT_IS(lkl_sys_renameat(LKL_AT_FDCWD, "/tmp/dir/0", LKL_AT_FDCWD,
				   "/tmp/dir/renamed"), 0);
	EXPECT_IS(lkl_sys_newfstatat(LKL_AT_FDCWD, "/tmp/dir/0", &st, 0),
		  -LKL_ENOENT);
	EXPECT_IS(lkl_sys_symlinkat("renamed", LKL_AT_FDCWD, "/tmp/dir/0"), 0);
	EXPECT_IS(lkl_sys_readlinkat(LKL_AT_FDCWD, "/tmp/dir/0", text,
				     sizeof(text)), 7);
	EXPECT_IS(lkl_sys_newfstatat(LKL_AT_FDCWD, "/tmp/dir/0", &st, 0), 0);
	EXPECT_IS(st.st_mode, LKL_S_IFREG | 0600);

	EXPECT_IS(lkl_sys_chdir("/tmp/dir"), 0);
	EXPECT_IS(lkl_sys_getcwd(text, sizeof(text)), 9);
	EXPECT(!strcmp(text, "/tmp/dir"));
	EXPECT_IS(lkl_sys_unlinkat(LKL_AT_FDCWD, "renamed", 0), 0);
	EXPECT_IS(lkl_sys_unlinkat(LKL_AT_FDCWD, "0", 0), 0);
	EXPECT_IS(lkl_sys_chdir("/"), 0);
	EXPECT_IS(lkl_sys_unlinkat(LKL_AT_FDCWD, "/tmp/dir", LKL_AT_REMOVEDIR),
		  -LKL_ENOTEMPTY);
	for (i = 1; i < 300; i++) {
		snprintf(path, sizeof(path), "/tmp/dir/%ld", i);
		EXPECT_IS(lkl_sys_unlinkat(LKL_AT_FDCWD, path, 0), 0);
	}
	EXPECT_IS(lkl_sys_unlinkat(LKL_AT_FDCWD, "/tmp/dir", LKL_AT_REMOVEDIR),
		  0);
	return true;
}

bool test_file_positions(void)
{
	char text[8] = "", first[4], second[4];
	struct lkl_iovec parts[2] = { { first, 4 }, { second, 4 } };
	long fd = lkl_sys_openat(LKL_AT_FDCWD, "/tmp/position", NEW, 0600);

	EXPECT_OK(fd);
	EXPECT_IS(lkl_sys_write(fd, "0123456789", 10), 10);
	EXPECT_IS(lkl_sys_lseek(fd, 0, LKL_SEEK_CUR), 10);
	EXPECT_IS(lkl_sys_lseek(fd, -3, LKL_SEEK_END), 7);
	EXPECT_IS(lkl_sys_read(fd, text, 8), 3);
	EXPECT(!memcmp(text, "789", 3));
	EXPECT_IS(lkl_sys_pwrite64(fd, "abc", 3, 2), 3);
	EXPECT_IS(lkl_sys_pread64(fd, text, 5, 1), 5);
	EXPECT(!memcmp(text, "1abc5", 5));
	EXPECT_IS(lkl_sys_lseek(fd, 0, LKL_SEEK_CUR), 10);

	EXPECT_IS(lkl_sys_lseek(fd, 0, LKL_SEEK_SET), 0);
	EXPECT_IS(lkl_sys_readv(fd, parts, 2), 8);
	EXPECT(!memcmp(first, "01ab", 4) && !memcmp(second, "c567", 4));

	EXPECT_IS(lkl_sys_ftruncate(fd, 4), 0);
	EXPECT_IS(lkl_sys_lseek(fd, 0, LKL_SEEK_END), 4);
	EXPECT_IS(lkl_sys_lseek(fd, -1, LKL_SEEK_SET), -LKL_EINVAL);
	EXPECT_IS(lkl_sys_close(fd), 0);
	return true;
}

bool test_big_file(void)
{
	enum { SIZE = 8 << 20, PART = 65536 };
	static char out[PART], in[PART];
	long fd = lkl_sys_openat(LKL_AT_FDCWD, "/tmp/big", NEW, 0600), at;
	struct lkl_sysinfo before, after;
	int i;

	EXPECT_OK(fd);
	EXPECT_OK(lkl_sys_sysinfo(&before));
	for (at = 0; at < SIZE; at += PART) {
		for (i = 0; i < PART; i++)
			out[i] = (at >> 16) + i * 31;
		EXPECT_IS(lkl_sys_write(fd, out, PART), PART);
	}
	EXPECT_IS(lkl_sys_lseek(fd, 0, LKL_SEEK_SET), 0);
	for (at = 0; at < SIZE; at += PART) {
		for (i = 0; i < PART; i++)
			out[i] = (at >> 16) + i * 31;
		EXPECT_IS(lkl_sys_read(fd, in, PART), PART);
		EXPECT(!memcmp(in, out, PART));
	}
	EXPECT_IS(lkl_sys_close(fd), 0);
	EXPECT_IS(lkl_sys_unlinkat(LKL_AT_FDCWD, "/tmp/big", 0), 0);
	EXPECT_OK(lkl_sys_sysinfo(&after));
	EXPECT(after.freeram + SIZE / 2 > before.freeram);
	return true;
}
