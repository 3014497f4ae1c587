// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The files that show the network, by every way to a file: what the program sees
 * there is its own network, on the host in a namespace of its own.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <fts.h>
#include <glob.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "compare.h"

static char text[65536];

static const char *first_line(int fd)
{
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return "(unreadable)";
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* How many lines of /proc/net/udp are of our socket. */
static int found_in(const char *path, int port)
{
	char line[512], want[16];
	FILE *f = fopen(path, "r");
	int found = 0;

	if (!f)
		return -1;
	snprintf(want, sizeof(want), ":%04X ", port);
	while (fgets(line, sizeof(line), f))
		found += strstr(line, want) != NULL;
	fclose(f);
	return found;
}

static void proc_net(void)
{
	static const char *const names[] = {
		"/proc/net/dev", "/proc//net/./dev", "/proc/self/net/dev",
		"/proc/thread-self/net/dev", "/proc/sys/../net/dev",
		"/proc/net/route", "/proc/net/snmp", "/proc/net/nothing",
		"/proc/net/dev/", "/proc/net/", "/proc/net",
	};
	struct sockaddr_in addr = loopback(7400);
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	struct statvfs vfs;
	struct statfs fs;
	struct stat st;
	char path[64];
	unsigned int i;

	R(bind(s, (struct sockaddr *)&addr, sizeof(addr)));
	V(found_in("/proc/net/udp", 7400));
	V(found_in("/proc/self/net/udp", 7400));
	snprintf(path, sizeof(path), "/proc/%d/net/udp", getpid());
	V(found_in(path, 7400));
	snprintf(path, sizeof(path), "/proc/%ld/net/udp", syscall(SYS_gettid));
	V(found_in(path, 7400));
	V(found_in("/proc/net/tcp", 7400));
	close(s);
	V(found_in("/proc/net/udp", 7400));
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		S(names[i]);
		S(first_line(R(open(names[i], O_RDONLY)) >= 0
				     ? open(names[i], O_RDONLY) : -1));
		closefrom(3);
		if (R(stat(names[i], &st)) == 0) {
			V(st.st_mode);
			V(st.st_size);
			V(st.st_uid);
		}
		R(lstat(names[i], &st));
		R(access(names[i], R_OK));
		R(faccessat(AT_FDCWD, names[i], R_OK, AT_EACCESS));
		R(euidaccess(names[i], F_OK));
		R(access(names[i], 99));
	}
	R(statfs("/proc/net/dev", &fs));
	V(fs.f_type);
	R(statvfs("/proc/net/dev", &vfs));
	V(vfs.f_bsize);
	R(open("/proc/net/dev", O_WRONLY | O_CREAT | O_EXCL, 0600));
	R(open("/proc/net/made", O_WRONLY | O_CREAT, 0600));
	R(syscall(SYS_open, NULL, O_RDONLY));
}

static void sysctls(void)
{
	static const char name[] = "/proc/sys/net/ipv4/ip_default_ttl";
	char buf[16] = "";
	int fd = R(open(name, O_RDWR));
	struct stat st;
	FILE *f;

	R(read(fd, buf, sizeof(buf)));
	S(buf);
	R(pwrite(fd, "99\n", 3, 0));
	R(lseek(fd, 0, SEEK_SET));
	R(read(fd, buf, sizeof(buf)));
	S(buf);
	R(fstat(fd, &st));
	V(st.st_mode);
	V(fcntl(fd, F_GETFL) & O_ACCMODE);
	V(fcntl(fd, F_GETFD));
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	socklen_t len = sizeof(buf);
	R(getsockopt(fd, IPPROTO_IP, IP_TTL, buf, &len));
	V(*(int *)buf);
	close(fd);
	f = fopen(name, "r+");
	V(f != NULL);
	R(fprintf(f, "64\n"));
	R(fflush(f));
	rewind(f);
	V(fgets(buf, sizeof(buf), f) != NULL);
	S(buf);
	R(fclose(f));
	f = fopen(name, "w");
	R(fputs("nonsense\n", f));
	R(fclose(f));
	V(fopen("/proc/sys/net/nothing", "r") == NULL);
	V(errno);
	V(fopen(name, "q") == NULL);
	V(errno);
	fd = R(openat(AT_FDCWD, name, O_RDONLY | O_CLOEXEC));
	V(fcntl(fd, F_GETFD));
	close(fd);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a directory, sorted. */
static void list(DIR *dir)
{
	char *names[512];
	struct dirent *entry;
	int n = 0, i;

	V(dir != NULL);
	if (!dir)
		return;
	while (n < 512 && (entry = readdir(dir)))
		names[n++] = strdup(entry->d_name);
	qsort(names, n, sizeof(*names), by_name);
	for (i = 0; i < n; i++) {
		S(names[i]);
		free(names[i]);
	}
	rewinddir(dir);
	V(readdir(dir) != NULL);
	R(closedir(dir));
}

static int visits, deepest;

static int visit(const char *path, const struct stat *st, int type,
		 struct FTW *at)
{
	(void)path;
	(void)st;
	visits += type != FTW_NS && type != FTW_DNR;
	if (at->level > deepest)
		deepest = at->level;
	return 0;
}

static void directories(void)
{
	char *roots[] = { "/proc/sys/net/unix", NULL };
	struct dirent **entries;
	int at, fd, n = 0;
	FTSENT *entry;
	struct stat st;
	glob_t found;
	FTS *fts;

	list(opendir("/sys/class/net"));
	list(opendir("/sys/class/net/lo/statistics"));
	list(opendir("/proc/sys/net/ipv4/../unix"));
	V(opendir("/proc/net/nothing") == NULL);
	V(errno);
	V(opendir("/proc/net/dev") == NULL);
	V(errno);

	at = R(open("/proc/sys/net", O_RDONLY | O_DIRECTORY));
	S(first_line(openat(at, "ipv4/ip_default_ttl", O_RDONLY)));
	R(fstatat(at, "ipv4", &st, 0));
	V(S_ISDIR(st.st_mode));
	R(fstatat(at, "", &st, AT_EMPTY_PATH));
	V(S_ISDIR(st.st_mode));
	R(faccessat(at, "core/somaxconn", W_OK, 0));
	R(openat(at, "nothing", O_RDONLY));
	fd = openat(at, "unix", O_RDONLY | O_DIRECTORY);
	list(fdopendir(fd));
	fd = R(openat(at, "/dev/null", O_RDONLY));
	close(fd);
	close(at);

	/* From directories of the host. */
	at = R(open("/proc", O_PATH | O_DIRECTORY));
	S(first_line(openat(at, "sys/net/ipv4/ip_default_ttl", O_RDONLY)));
	R(fstatat(at, "self/net", &st, 0));
	close(at);
	at = R(open("/sys/class", O_RDONLY));
	S(first_line(openat(at, "net/lo/address", O_RDONLY)));
	S(first_line(openat(at, "../class/net/lo/mtu", O_RDONLY)));
	close(at);

	R(scandir("/sys/class/net", &entries, NULL, alphasort));
	S(entries[0]->d_name);
	R(glob("/sys/class/net/*/address", 0, NULL, &found));
	V(found.gl_pathc);
	S(found.gl_pathv[0]);
	globfree(&found);
	R(glob("/proc/sys/net/ipv[46]/neigh/lo/*delay*", 0, NULL, &found));
	for (n = 0; n < (int)found.gl_pathc; n++)
		S(found.gl_pathv[n]);
	globfree(&found);
	R(nftw("/proc/sys/net/ipv4/neigh", visit, 8, FTW_PHYS));
	V(visits > 5);
	V(deepest);
	fts = fts_open(roots, FTS_PHYSICAL, NULL);
	for (n = 0; (entry = fts_read(fts));)
		n += entry->fts_info == FTS_F;
	V(n);
	R(fts_close(fts));
}

static void links(void)
{
	char buf[4096] = "", *real;

	R(readlink("/sys/class/net/lo", buf, sizeof(buf)));
	S(buf);
	memset(buf, 0, sizeof(buf));
	R(readlink("/proc/net", buf, sizeof(buf)));
	S(buf);
	R(readlink("/proc/net/dev", buf, sizeof(buf)));
	R(readlink("/proc/net/nothing", buf, sizeof(buf)));
	real = realpath("/sys/class/net/lo/address", NULL);
	S(real);
	S(first_line(open(real, O_RDONLY)));
	free(real);
	real = realpath("/sys/class/net/nothing", NULL);
	V(real == NULL);
}

/* The directory where the program is. */
static void moving(void)
{
	struct stat st;
	int fd;

	R(chdir("/proc/sys/net"));
	S(first_line(open("ipv4/ip_default_ttl", O_RDONLY)));
	R(chdir("ipv4"));
	S(first_line(open("ip_default_ttl", O_RDONLY)));
	R(stat("../core/somaxconn", &st));
	R(chdir("/tmp"));
	R(stat("ip_default_ttl", &st));
	S(first_line(open("../proc/sys/net/ipv4/ip_default_ttl", O_RDONLY)));
	R(chdir("/sys/class"));
	S(first_line(open("net/lo/address", O_RDONLY)));
	fd = open("/", O_RDONLY);
	R(fchdir(fd));
	S(first_line(open("sys/class/net/lo/address", O_RDONLY)));
	close(fd);
	R(syscall(SYS_chdir, "/proc"));
	S(first_line(syscall(SYS_open, "sys/net/ipv4/ip_default_ttl", O_RDONLY)));
}

/* LKL's descriptors, among those of /proc/self/fd. */
static void own_descriptors(void)
{
	char path[64], link[128] = "", want[64];
	struct stat st, other;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", s);
	R(fstat(s, &st));
	snprintf(want, sizeof(want), "socket:[%lu]", st.st_ino);
	V(readlink(path, link, sizeof(link)) > 0);
	V(strcmp(link, want));
	R(stat(path, &other));
	V(other.st_ino == st.st_ino);
	V(S_ISSOCK(other.st_mode));
	R(lstat(path, &other));
	V(S_ISLNK(other.st_mode));
	R(open(path, O_RDONLY));
	snprintf(path, sizeof(path), "/dev/fd/%d", s);
	R(stat(path, &other));
	V(other.st_ino == st.st_ino);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", s);
	S(first_line(open(path, O_RDONLY)));
	close(s);
	R(stat(path, &other));
}

void body(void)
{
	/* The mount of /sys shows the namespace in which it was made. */
	if (!under_hijack() && (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) ||
				mount("sysfs", "/sys", "sysfs", 0, NULL)))
		V(errno);
	closefrom(3);
	proc_net();
	sysctls();
	directories();
	links();
	moving();
	own_descriptors();
}
