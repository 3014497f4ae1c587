// SPDX-License-Identifier: GPL-2.0-or-later
/* What is asked of files, asked of sockets: the same answers, and the same refusals. */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <termios.h>
#include <unistd.h>
#include "compare.h"

int isfdtype(int fd, int type);

static void nature(int fd)
{
	struct statvfs vfs;
	struct statfs fs;
	struct stat st;
	struct termios tio;
	char name[64] = "";

	R(fstat(fd, &st));
	V(st.st_mode & S_IFMT);
	V(st.st_size);
	V(st.st_nlink);
	V(st.st_blksize);
	V(st.st_uid == geteuid());
	R(isfdtype(fd, S_IFSOCK));
	R(isfdtype(fd, S_IFREG));
	R(fstatfs(fd, &fs));
	V(fs.f_type);
	V(fs.f_bsize);
	V(fs.f_namelen);
	R(fstatvfs(fd, &vfs));
	V(vfs.f_bsize);
	V(vfs.f_namemax);
	V(vfs.f_flag);
	R(isatty(fd));
	R(tcgetattr(fd, &tio));
	V(ttyname_r(fd, name, sizeof(name)));
	R(fpathconf(fd, _PC_PIPE_BUF));
	R(fchdir(fd));
}

static void positions(int fd)
{
	char buf[512];

	R(lseek(fd, 0, SEEK_CUR));
	R(lseek(fd, 5, 99));
	R(pread(fd, buf, 1, 0));
	R(pwrite(fd, "x", 1, 0));
	R(ftruncate(fd, 0));
	R(ftruncate(fd, -1));
	R(fsync(fd));
	R(fdatasync(fd));
	R(syncfs(fd));
	R(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE));
	R(readahead(fd, 0, 10));
	V(posix_fadvise(fd, 0, 0, POSIX_FADV_NORMAL));
	V(posix_fadvise(fd, 0, 0, 99));
	V(posix_fallocate(fd, 0, 10));
	R(fallocate(fd, 0, 0, 10));
	R(fallocate(fd, 0x1000, 0, 10));
	R(getdents64(fd, buf, sizeof(buf)));
	R(lockf(fd, F_TLOCK, 0));
	R(lockf(fd, F_TEST, 0));
	R(lockf(fd, F_ULOCK, 0));
	R(lockf(fd, 99, 0));
}

static void attributes(int fd, int other)
{
	struct timespec times[2] = { { 1000000, 0 }, { 2000000, 0 } };
	struct timeval tv[2] = { { 3000000, 0 }, { 4000000, 0 } };
	struct stat st;
	char buf[256];

	R(fchmod(fd, 0600));
	R(fstat(fd, &st));
	V(st.st_mode & 07777);
	R(fstat(other, &st));
	V(st.st_mode & 07777);
	R(fchown(fd, 1, 2));
	R(fstat(fd, &st));
	V(st.st_uid);
	V(st.st_gid);
	R(fchown(fd, 0, 0));
	R(futimens(fd, times));
	R(fstat(fd, &st));
	V(st.st_mtime);
	R(futimes(fd, tv));
	R(fstat(fd, &st));
	V(st.st_mtime);
	memset(buf, 0, sizeof(buf));
	R(fgetxattr(fd, "system.sockprotoname", buf, sizeof(buf)));
	S(buf);
	R(fgetxattr(fd, "user.none", buf, sizeof(buf)));
	R(fsetxattr(fd, "user.one", "1", 1, 0));
	R(fremovexattr(fd, "user.one"));
	R(flock(fd, LOCK_EX | LOCK_NB));
	R(flock(other, LOCK_EX | LOCK_NB));
	R(flock(fd, LOCK_UN));
	R(flock(fd, 99));
}

static void memory_and_copies(int fd, int other)
{
	char path[] = "/tmp/compare-files-XXXXXX";
	int file = mkstemp(path);
	long mark = -1;

	V(file >= 0);
	unlink(path);
	R(write(file, "0123456789", 10));
	V(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED);
	V(errno);
	V(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED);
	V(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, fd, 0) !=
	  MAP_FAILED);
	V(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0) != MAP_FAILED);
	R(copy_file_range(file, NULL, fd, NULL, 5, 0));
	R(copy_file_range(fd, NULL, file, NULL, 5, 0));
	R(copy_file_range(fd, NULL, other, NULL, 5, 0));
	R(copy_file_range(file, NULL, 99, NULL, 5, 0));
	R(copy_file_range(99, NULL, fd, NULL, 5, 0));
	R(ioctl(fd, SIOCATMARK, &mark));
	close(file);
}

typedef ssize_t (*read_fn)(int fd, void *buf, size_t len);
typedef ssize_t (*write_fn)(int fd, const void *buf, size_t len);
typedef int (*dup2_fn)(int fd, int to);
typedef int (*fd_fn)(int fd);
typedef int (*fcntl_fn)(int fd, int command, ...);

/* The names that libraries use among themselves, and programs built long ago. */
static void other_names(int pair[2])
{
	read_fn read_it = (read_fn)dlsym(RTLD_DEFAULT, "__read");
	write_fn write_it = (write_fn)dlsym(RTLD_DEFAULT, "__write");
	dup2_fn dup2_it = (dup2_fn)dlsym(RTLD_DEFAULT, "__dup2");
	fd_fn close_it = (fd_fn)dlsym(RTLD_DEFAULT, "__close");
	fcntl_fn fcntl_it = (fcntl_fn)dlsym(RTLD_DEFAULT, "__fcntl");
	char buf[8] = "";

	R(write_it(pair[0], "abc", 3));
	R(read_it(pair[1], buf, sizeof(buf)));
	S(buf);
	R(dup2_it(pair[0], 60));
	R(fcntl_it(60, F_GETFL));
	R(write_it(60, "de", 2));
	R(read_it(pair[1], buf, sizeof(buf)));
	S(buf);
	R(close_it(60));
	R(close_it(60));
}

void body(void)
{
	int tcp[2], udp[2];

	closefrom(3);
	tcp_pair(tcp);
	udp_pair(udp);
	S("tcp");
	nature(tcp[0]);
	positions(tcp[0]);
	attributes(tcp[0], tcp[1]);
	R(sockatmark(tcp[0]));
	R(send(tcp[1], "o", 1, MSG_OOB));
	R(sockatmark(udp[0]));
	S("udp");
	nature(udp[0]);
	positions(udp[0]);
	attributes(udp[0], tcp[0]);
	memory_and_copies(udp[0], udp[1]);
	other_names(udp);
	S("none");
	R(flock(99, LOCK_EX));
	R(fchmod(99, 0));
	R(isfdtype(99, S_IFSOCK));
	R(sockatmark(99));
	V(posix_fadvise(99, 0, 0, 0));
	R(futimens(99, NULL));
}
