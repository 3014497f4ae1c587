// SPDX-License-Identifier: GPL-2.0-only
/* fs2tar: the files of an image as a tar archive. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../image/program.h"
#include "../image/session.h"
#include "tar.h"

static const char *labels_file;
static const char *compression;

static bool set_labels(const char *value)
{
	labels_file = value;
	return true;
}

/* Suffixes of archives, and what libarchive calls their compression. */
static const struct {
	const char *suffix;
	const char *filter;
} filters[] = {
	{ ".tar", NULL },
	{ ".gz", "gzip" },
	{ ".tgz", "gzip" },
	{ ".bz2", "bzip2" },
	{ ".tbz2", "bzip2" },
	{ ".xz", "xz" },
	{ ".txz", "xz" },
	{ ".zst", "zstd" },
	{ ".tzst", "zstd" },
	{ ".lz4", "lz4" },
	{ ".lzma", "lzma" },
	{ ".lz", "lzip" },
};

#define FILTERS (sizeof(filters) / sizeof(filters[0]))

static bool set_compression(const char *value)
{
	size_t i;

	compression = value;
	if (!strcmp(value, "none"))
		return true;
	for (i = 0; i < FILTERS; i++)
		if (filters[i].filter && !strcmp(value, filters[i].filter))
			return true;
	say_error("--compress '%s': use gzip, bzip2, xz, zstd, lz4, lzma, lzip or none",
		  value);
	return false;
}

static const char *choose_filter(const char *archive)
{
	const char *dot = strrchr(archive, '.');
	size_t i;

	if (compression)
		return strcmp(compression, "none") ? compression : NULL;
	for (i = 0; dot && i < FILTERS; i++)
		if (!strcmp(dot, filters[i].suffix))
			return filters[i].filter;
	return NULL;
}

static const struct option_row rows[] = {
	{ 'z', "compress", "NAME",
	  "gzip, bzip2, xz, zstd, lz4, lzma, lzip or none; by the suffix of\n"
	  "                               ARCHIVE when left out",
	  set_compression },
	{ 's', "selinux", "FILE", "list the SELinux labels in FILE", set_labels },
	{ 0, NULL, NULL, NULL, NULL },
};

static const char *const usage[] = {
	"[OPTION]... IMAGE ARCHIVE [PATH]...",
	"[OPTION]... -i IMAGE ARCHIVE [PATH]...",
	NULL,
};

static const struct program program = {
	.name = "fs2tar",
	.usage = usage,
	.purpose =
	"Write the files of a file-system image to a tar archive, without root and without\n"
	"mounting it: a Linux kernel inside this program does it. The image is not\n"
	"changed. ARCHIVE - is standard output; PATHs of the image select from it.",
	.options = rows,
	.trailer =
	"The format is pax: owners, times to the nanosecond, links, devices, holes,\n"
	"extended attributes and access control lists are kept.\n"
	"Exit status: 0 all is archived, 1 some files are not, 2 bad usage or image.\n"
	"\n"
	"  fs2tar -P 2 disk.img files.tar.zst\n"
	"  fs2tar disk.img - etc | tar -t\n",
};

/* ------------------------------------------------------------------------ */

static bool refuse_output(const char *path, const char *why)
{
	say_error("'%s' cannot be written: %s", path, why);
	return false;
}

static bool archive_trouble(struct archive *a, const char *archive)
{
	refuse_output(archive, archive_error_string(a));
	archive_write_free(a);
	return false;
}

static int open_output(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_NOCTTY | O_CLOEXEC, 0666);
}

/* What is in an open file gives way, unless it is the image. */
static bool take_over(int fd, const char *path, const struct session *session)
{
	struct statx st;

	if (fd < 0 || statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &st))
		return refuse_output(path, strerror(errno));
	if (session_is_image(session, &st))
		return refuse_output(path, "it is the image");
	/* Standard output may go on behind what is there. */
	if (fd != STDOUT_FILENO && S_ISREG(st.stx_mode) && ftruncate(fd, 0))
		return refuse_output(path, strerror(errno));
	return true;
}

static bool open_archive(struct tar *t, const char *archive,
			 const struct session *session)
{
	const char *filter = choose_filter(archive);
	bool standard = !strcmp(archive, "-");
	struct archive *a = archive_write_new();

	if (!a)
		return false;
	if (standard && isatty(STDOUT_FILENO))
		say_usage("an archive is not for a terminal: send it elsewhere, or name a file");
	if (archive_write_set_format_pax(a) < ARCHIVE_WARN ||
	    /* One form of extended attributes: the one that every tar knows. */
	    archive_write_set_options(a, "pax:xattrheader=SCHILY") <
	    ARCHIVE_WARN ||
	    (filter && archive_write_add_filter_by_name(a, filter) <
	     ARCHIVE_WARN))
		return archive_trouble(a, archive);
	/* The archive of an image is the same whenever it is written. */
	if (filter && !strcmp(filter, "gzip"))
		archive_write_set_filter_option(a, filter, "timestamp", NULL);
	/* All processors, where a compression can; the others ignore it. */
	if (filter && (!strcmp(filter, "xz") || !strcmp(filter, "zstd")))
		archive_write_set_filter_option(a, filter, "threads", "0");
	t->fd = standard ? STDOUT_FILENO : open_output(archive);
	if (!take_over(t->fd, archive, session))
		return false;
	if (archive_write_open_fd(a, t->fd) != ARCHIVE_OK)
		return archive_trouble(a, archive);
	t->archive = a;
	t->entry = archive_entry_new2(a);
	return t->entry;
}

/* Whether one of the names in @path is "..". */
static bool goes_up(const char *path)
{
	const char *p;

	for (p = path; (p = strstr(p, "..")); p += 2)
		if ((p == path || p[-1] == '/') && (!p[2] || p[2] == '/'))
			return true;
	return false;
}

/*
 * Makes the path of @t that of the member for @name in the directory @dir. It is
 * as the caller has it, @path, unless that goes up: tar(1) extracts no such
 * member.
 */
static int start_path(struct tar *t, int dir, const char *path, const char *name)
{
	char directory[PATH_MAX];
	size_t before;
	int err;

	t->path.len = 0;
	if (!goes_up(path))
		return path_push(&t->path, strcmp(path, ".") ? path : "",
				 &before);
	err = lkl_sys_fchdir(dir);
	if (!err)
		err = lkl_sys_getcwd(directory, sizeof(directory));
	if (err < 0)
		return err;
	err = path_push(&t->path, directory + 1, &before);
	return err || !strcmp(name, ".") ? err :
	       path_push(&t->path, name, &before);
}

/* Opens the directory that has the last name in @path; a ".." has none. */
static int open_above(const struct vfs *vfs, char *path, const char **name)
{
	char *slash = strrchr(path, '/');
	int dir;

	*name = slash ? slash + 1 : path;
	if (!strcmp(*name, "..")) {
		*name = ".";
		return vfs->open_dir(vfs->root, path, true);
	}
	if (!**name)
		*name = ".";
	if (!slash)
		return vfs->open_dir(vfs->root, "/", true);
	*slash = '\0';
	dir = vfs->open_dir(vfs->root, path, true);
	*slash = '/';
	return dir;
}

/* One path of the image, its links followed but for the last. */
static bool add_path(struct tar *t, const char *path)
{
	char *copy = strdup(path), *inner;
	const char *name;
	size_t len;
	bool on = true;
	int dir, err;

	if (!copy)
		return false;
	inner = copy + strspn(copy, "/");
	for (len = strlen(inner); len && inner[len - 1] == '/';)
		inner[--len] = '\0';
	dir = *path ? open_above(t->vfs, inner, &name) : -ENOENT;
	err = dir < 0 ? dir : start_path(t, dir, inner, name);
	if (err) {
		say_error("'%s' cannot be read: %s", path, lkl_strerror(err));
		t->failed++;
	} else {
		on = tar_tree(t, dir, name);
	}
	if (dir >= 0)
		t->vfs->close(dir);
	free(copy);
	return on;
}

static bool open_labels(struct tar *t, const struct session *session)
{
	int fd;

	if (!labels_file)
		return true;
	fd = open_output(labels_file);
	if (!take_over(fd, labels_file, session))
		return false;
	t->labels = fdopen(fd, "w");
	return t->labels;
}

/* Part of an archive would look like one. A device stays, of course. */
static void remove_part(const char *archive)
{
	struct stat st;

	if (strcmp(archive, "-") && !stat(archive, &st) && S_ISREG(st.st_mode))
		unlink(archive);
}

static bool close_all(struct tar *t, const char *archive)
{
	bool good = true;

	if (t->labels && (ferror(t->labels) | fclose(t->labels)))
		good = refuse_output(labels_file, strerror(errno));
	archive_entry_free(t->entry);
	if (!t->broken && archive_write_close(t->archive) != ARCHIVE_OK)
		t->broken = !refuse_output(archive,
				strerror(archive_errno(t->archive)));
	archive_write_free(t->archive);
	if (t->fd != STDOUT_FILENO && close(t->fd) && !t->broken)
		t->broken = !refuse_output(archive, strerror(errno));
	if (t->broken || interrupted())
		remove_part(archive);
	return good && !t->broken;
}

static int write_archive(const char *archive, char **paths, int n,
			 const struct session *session)
{
	struct tar t = { .vfs = vfs_lkl(), .links = links_new() };
	bool on;
	int i;

	if (!t.links || !open_labels(&t, session) ||
	    !open_archive(&t, archive, session))
		return EXIT_TROUBLE;
	on = n || add_path(&t, "/");
	for (i = 0; i < n && on; i++)
		on = add_path(&t, paths[i]);
	if (t.memory_short)
		say_memory_short();
	if (!close_all(&t, archive))
		return EXIT_TROUBLE;
	links_free(t.links);
	path_free(&t.path);
	return !on || t.failed ? EXIT_SOME_FAILED : EXIT_DONE;
}

int main(int argc, char **argv)
{
	struct session session;
	int first, status;

	/* Names are bytes; those that are UTF-8 are written as such. */
	setlocale(LC_CTYPE, "C.UTF-8");
	first = program_start(&program, argc, argv);
	if (!image_options.image) {
		if (first == argc)
			say_usage("no image is named");
		image_options.image = argv[first++];
	}
	if (first == argc)
		say_usage("no archive is named: give a file, or - for standard output");
	if (!session_start(&session, true))
		program_end(EXIT_TROUBLE);
	status = write_archive(argv[first], argv + first + 1,
			       argc - first - 1, &session);
	if (!session_end(&session))
		status = EXIT_TROUBLE;
	program_end(status);
}
