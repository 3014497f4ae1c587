// SPDX-License-Identifier: GPL-2.0-or-later
/* Regular files: open(2), write(2), truncate(2), holes. */
#include <stdlib.h>
#include <sys/uio.h>
#include "posix.h"

static void modes_of_creation(void)
{
	static const mode_t masks[] = { 0, 022, 077, 0777 };
	mode_t mode;
	size_t i;
	int fd;

	for (i = 0; i < sizeof(masks) / sizeof(masks[0]); i++)
		for (mode = 0600; mode <= 0777; mode += 0033) {
			umask(masks[i]);
			fd = OK(open("mode", O_CREAT | O_EXCL | O_WRONLY, mode));
			close(fd);
			EQ(stat_of("mode").st_mode & 07777, mode & ~masks[i]);
			unlink("mode");
		}
	umask(022);
}

void test_open(void)
{
	char buf[8];
	int fd;

	modes_of_creation();
	fd = OK(open("file", O_RDWR | O_CREAT | O_EXCL, 0644));
	EQ(stat_of("file").st_size, 0);
	EQ(stat_of("file").st_nlink, 1);
	EQ(stat_of("file").st_uid, geteuid());
	EQ(stat_of("file").st_gid, getegid());
	IS(S_ISREG(stat_of("file").st_mode));
	EQ(write(fd, "hello", 5), 5);
	OK(close(fd));

	FAILS(EEXIST, open("file", O_RDWR | O_CREAT | O_EXCL, 0644));
	FAILS(ENOENT, open("absent", O_RDONLY));
	FAILS(ENOENT, open("absent/file", O_RDONLY));
	FAILS(ENOENT, open("absent/file", O_RDWR | O_CREAT, 0644));
	FAILS(ENOTDIR, open("file/below", O_RDONLY));
	FAILS(ENOTDIR, open("file/below", O_RDWR | O_CREAT, 0644));
	FAILS(ENOTDIR, open("file", O_RDONLY | O_DIRECTORY));
	FAILS(EISDIR, open(".", O_WRONLY));
	FAILS(EISDIR, open(".", O_RDWR));
	FAILS(EISDIR, open(".", O_RDONLY | O_CREAT, 0644));
	FAILS(ENAMETOOLONG, open(name_256, O_RDWR | O_CREAT, 0644));
	fd = OK(open(name_255, O_RDWR | O_CREAT, 0644));
	OK(close(fd));
	OK(unlink(name_255));

	fd = OK(open("file", O_RDONLY));
	FAILS(EBADF, write(fd, "x", 1));
	EQ(read(fd, buf, 8), 5);
	EQ(read(fd, buf, 8), 0);
	OK(close(fd));
	fd = OK(open("file", O_WRONLY));
	FAILS(EBADF, read(fd, buf, 1));
	OK(close(fd));
	fd = OK(open("file", O_RDWR | O_TRUNC));
	EQ(stat_of("file").st_size, 0);
	OK(close(fd));
	make_file("file", "again");
	fd = OK(open("file", O_RDONLY | O_CREAT, 0600));
	EQ(stat_of("file").st_mode & 07777, 0644);
	OK(close(fd));

	OK(symlink("file", "link"));
	FAILS(ELOOP, open("link", O_RDONLY | O_NOFOLLOW));
	FAILS(EEXIST, open("link", O_RDWR | O_CREAT | O_EXCL, 0644));
	fd = OK(open("link", O_RDONLY));
	EQ(read(fd, buf, 8), 5);
	OK(close(fd));
	OK(symlink("made-through", "dangling"));
	fd = OK(open("dangling", O_RDWR | O_CREAT, 0644));
	OK(close(fd));
	OK(access("made-through", F_OK));
	OK(symlink("loop-b", "loop-a"));
	OK(symlink("loop-a", "loop-b"));
	FAILS(ELOOP, open("loop-a", O_RDONLY));
	fd = OK(open("file", O_PATH));
	FAILS(EBADF, read(fd, buf, 1));
	OK(close(fd));
}

static void appending(void)
{
	int first, second;

	make_file("log", "");
	first = OK(open("log", O_WRONLY | O_APPEND));
	second = OK(open("log", O_WRONLY | O_APPEND));
	EQ(write(first, "one ", 4), 4);
	EQ(write(second, "two ", 4), 4);
	EQ(write(first, "three", 5), 5);
	OK(close(first));
	OK(close(second));
	IS(holds("log", "one two three"));
}

void test_write(void)
{
	char buf[16] = "", pair[2][4];
	struct iovec out[2] = { { "AB", 2 }, { "CDE", 3 } };
	struct iovec in[2] = { { pair[0], 2 }, { pair[1], 3 } };
	char *big = malloc(1 << 20), *back = malloc(1 << 20);
	int fd = OK(open("file", O_RDWR | O_CREAT, 0644)), i, other;

	EQ(write(fd, "0123456789", 10), 10);
	EQ(lseek(fd, 0, SEEK_CUR), 10);
	EQ(pwrite(fd, "abc", 3, 2), 3);
	EQ(lseek(fd, 0, SEEK_CUR), 10);
	EQ(pread(fd, buf, 5, 1), 5);
	IS(!memcmp(buf, "1abc5", 5));
	EQ(lseek(fd, -3, SEEK_END), 7);
	EQ(read(fd, buf, 16), 3);
	FAILS(EINVAL, lseek(fd, -1, SEEK_SET));
	EQ(pwritev(fd, out, 2, 4), 5);
	EQ(preadv(fd, in, 2, 4), 5);
	IS(!memcmp(pair[0], "AB", 2) && !memcmp(pair[1], "CDE", 3));
	EQ(write(fd, "", 0), 0);
	EQ(stat_of("file").st_size, 10);

	/* Beyond the end, and what is between reads as zeros. */
	EQ(pwrite(fd, "end", 3, 100000), 3);
	EQ(stat_of("file").st_size, 100003);
	EQ(pread(fd, buf, 16, 50000), 16);
	for (i = 0; i < 16 && !buf[i]; i++)
		;
	EQ(i, 16);
	EQ(pread(fd, buf, 16, 100000), 3);
	EQ(pread(fd, buf, 16, 100003), 0);
	EQ(pread(fd, buf, 16, 200000), 0);

	for (i = 0; i < 1 << 20; i++)
		big[i] = i * 7 + (i >> 12);
	EQ(pwrite(fd, big, 1 << 20, 12345), 1 << 20);
	EQ(pread(fd, back, 1 << 20, 12345), 1 << 20);
	IS(!memcmp(big, back, 1 << 20));
	OK(fsync(fd));
	OK(fdatasync(fd));
	OK(syncfs(fd));

	/* Another descriptor sees it at once. */
	other = OK(open("file", O_RDONLY));
	EQ(pwrite(fd, "fresh", 5, 0), 5);
	EQ(pread(other, buf, 5, 0), 5);
	IS(!memcmp(buf, "fresh", 5));
	OK(close(other));
	OK(close(fd));
	FAILS(EBADF, write(fd, "x", 1));
	appending();

	fd = OK(open("file", O_RDWR));
	other = OK(open("copy", O_RDWR | O_CREAT, 0644));
	EQ(copy_file_range(fd, &(off_t){ 12345 }, other, NULL, 65536, 0),
	   65536);
	EQ(pread(other, back, 65536, 0), 65536);
	IS(!memcmp(back, big, 65536));
	OK(close(other));
	OK(close(fd));
	fd = OK(open("synchronous", O_WRONLY | O_CREAT | O_SYNC, 0644));
	EQ(write(fd, "written", 7), 7);
	OK(close(fd));
	IS(holds("synchronous", "written"));
	free(big);
	free(back);
}

void test_truncate(void)
{
	static const off_t sizes[] = { 0, 1, 4095, 4096, 4097, 65536, 1000000 };
	char buf[16];
	size_t i;
	int fd;

	make_file("file", "some text that is longer");
	OK(truncate("file", 4));
	IS(holds("file", "some"));
	OK(truncate("file", 6));
	fd = OK(open("file", O_RDWR));
	EQ(read(fd, buf, 16), 6);
	IS(!memcmp(buf, "some\0\0", 6));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		OK(ftruncate(fd, sizes[i]));
		EQ(stat_of("file").st_size, sizes[i]);
		OK(truncate("file", sizes[i] / 2));
		EQ(stat_of("file").st_size, sizes[i] / 2);
	}
	FAILS(EINVAL, ftruncate(fd, -1));
	FAILS(EINVAL, truncate("file", -1));
	OK(close(fd));
	fd = OK(open("file", O_RDONLY));
	FAILS(EINVAL, ftruncate(fd, 1));
	OK(close(fd));
	FAILS(ENOENT, truncate("absent", 0));
	FAILS(EISDIR, truncate(".", 0));
	FAILS(ENOTDIR, truncate("file/below", 0));
	FAILS(ENAMETOOLONG, truncate(name_256, 0));

	/* What is cut off and grown again is zeros. */
	make_file("file", "secret");
	OK(truncate("file", 2));
	OK(truncate("file", 6));
	fd = OK(open("file", O_RDONLY));
	EQ(read(fd, buf, 16), 6);
	IS(!memcmp(buf, "se\0\0\0\0", 6));
	OK(close(fd));
}

static void allocation(void)
{
	char buf[65536], zeros[4096] = "";
	int fd = OK(open("allocated", O_RDWR | O_CREAT, 0644));

	OK(fallocate(fd, 0, 0, 100000));
	EQ(stat_of("allocated").st_size, 100000);
	IS(stat_of("allocated").st_blocks * 512 >= 100000);
	OK(fallocate(fd, FALLOC_FL_KEEP_SIZE, 100000, 100000));
	EQ(stat_of("allocated").st_size, 100000);
	memset(buf, 'x', sizeof(buf));
	EQ(pwrite(fd, buf, sizeof(buf), 0), sizeof(buf));
	OK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 8192,
		     8192));
	EQ(pread(fd, buf, 4096, 8192), 4096);
	IS(!memcmp(buf, zeros, 4096));
	EQ(pread(fd, buf, 4096, 16384), 4096);
	EQ(buf[0], 'x');
	EQ(buf[4095], 'x');
	if (!lacks("zero-range")) {
		OK(fallocate(fd, FALLOC_FL_ZERO_RANGE, 32768, 4096));
		EQ(pread(fd, buf, 4096, 32768), 4096);
		IS(!memcmp(buf, zeros, 4096));
	}
	FAILS(EINVAL, fallocate(fd, 0, 0, 0));
	FAILS(EINVAL, fallocate(fd, 0, -1, 1));
	OK(close(fd));
	fd = OK(open("allocated", O_RDONLY));
	FAILS(EBADF, fallocate(fd, 0, 0, 10));
	OK(close(fd));
}

void test_holes(void)
{
	const off_t hole = 1 << 20;
	int fd = OK(open("sparse", O_RDWR | O_CREAT, 0644));

	EQ(pwrite(fd, "data", 4, 2 * hole), 4);
	EQ(pwrite(fd, "data", 4, 0), 4);
	OK(fsync(fd));
	EQ(stat_of("sparse").st_size, 2 * hole + 4);
	IS(stat_of("sparse").st_blocks * 512 < hole);
	EQ(lseek(fd, 0, SEEK_DATA), 0);
	IS(lseek(fd, 0, SEEK_HOLE) <= hole);
	EQ(lseek(fd, hole, SEEK_HOLE), hole);
	EQ(lseek(fd, hole, SEEK_DATA), 2 * hole);
	EQ(lseek(fd, 2 * hole, SEEK_HOLE), 2 * hole + 4);
	FAILS(ENXIO, lseek(fd, 2 * hole + 4, SEEK_DATA));
	FAILS(ENXIO, lseek(fd, 3 * hole, SEEK_HOLE));
	/* Sizes of more than 32 bits. */
	OK(ftruncate(fd, 10LL << 30));
	EQ(stat_of("sparse").st_size, 10LL << 30);
	EQ(pwrite(fd, "far", 3, (10LL << 30) - 3), 3);
	IS(lseek(fd, 3 * hole, SEEK_DATA) > (10LL << 30) - 65536);
	EQ(lseek(fd, 0, SEEK_END), 10LL << 30);
	OK(close(fd));
	allocation();
}
