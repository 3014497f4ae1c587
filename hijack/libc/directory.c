// SPDX-License-Identifier: GPL-2.0-only
/*
 * Directories, and functions that walk through them. What libc keeps about an
 * open one is its own, so its functions run, with their calls caught (sud.h).
 */
#include <dirent.h>
#include <fcntl.h>
#include <fts.h>
#include <ftw.h>
#include <glob.h>
#include <stdbool.h>
#include "libc.h"
#include "netview.h"
#include "sud.h"

#define WALK(type, name, ours, params, ...)				\
EXPORT type name params							\
{									\
	__typeof__(&name) next = real(name);				\
	struct sud before;						\
	type ret;							\
									\
	if (__builtin_expect(!(ours), 1))				\
		return next(__VA_ARGS__);				\
	sud_begin(&before);						\
	ret = next(__VA_ARGS__);					\
	sud_end(&before);						\
	return ret;							\
}

#define WALK_NOTHING(name, ours, params, ...)				\
EXPORT void name params							\
{									\
	__typeof__(&name) next = real(name);				\
	struct sud before;						\
									\
	if (__builtin_expect(!(ours), 1)) {				\
		next(__VA_ARGS__);					\
		return;							\
	}								\
	sud_begin(&before);						\
	next(__VA_ARGS__);						\
	sud_end(&before);						\
}

#define OPEN(dir) OURS(dirfd(dir))

/* readdir_r(3) is deprecated, and used. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

WALK(DIR *, opendir, netview_has(AT_FDCWD, path), (const char *path), path)
WALK(DIR *, fdopendir, OURS(fd), (int fd), fd)
WALK(int, closedir, OPEN(dir), (DIR *dir), dir)
/* What is hidden is passed over. */
#define READDIR(name, type)						\
EXPORT struct type *name(DIR *dir)					\
{									\
	struct sud before;						\
	struct type *entry;						\
									\
	if (__builtin_expect(OPEN(dir), 0)) {				\
		sud_begin(&before);					\
		entry = real(name)(dir);				\
		sud_end(&before);					\
		return entry;						\
	}								\
	do {								\
		entry = real(name)(dir);				\
	} while (entry && netview_hides(dirfd(dir), entry->d_name));	\
	return entry;							\
}

READDIR(readdir, dirent)
READDIR(readdir64, dirent64)
WALK(int, readdir_r, OPEN(dir),
     (DIR *dir, struct dirent *entry, struct dirent **ret_entry),
     dir, entry, ret_entry)
WALK(int, readdir64_r, OPEN(dir),
     (DIR *dir, struct dirent64 *entry, struct dirent64 **ret_entry),
     dir, entry, ret_entry)
WALK_NOTHING(rewinddir, OPEN(dir), (DIR *dir), dir)
WALK_NOTHING(seekdir, OPEN(dir), (DIR *dir, long at), dir, at)

WALK(int, scandir, netview_has(AT_FDCWD, path),
     (const char *path, struct dirent ***list,
      int (*filter)(const struct dirent *),
      int (*order)(const struct dirent **, const struct dirent **)),
     path, list, filter, order)
WALK(int, scandir64, netview_has(AT_FDCWD, path),
     (const char *path, struct dirent64 ***list,
      int (*filter)(const struct dirent64 *),
      int (*order)(const struct dirent64 **, const struct dirent64 **)),
     path, list, filter, order)
WALK(int, scandirat, netview_has(at, path),
     (int at, const char *path, struct dirent ***list,
      int (*filter)(const struct dirent *),
      int (*order)(const struct dirent **, const struct dirent **)),
     at, path, list, filter, order)
WALK(int, scandirat64, netview_has(at, path),
     (int at, const char *path, struct dirent64 ***list,
      int (*filter)(const struct dirent64 *),
      int (*order)(const struct dirent64 **, const struct dirent64 **)),
     at, path, list, filter, order)
WALK(ssize_t, getdirentries, OURS(fd),
     (int fd, char *buf, size_t len, off_t *base), fd, buf, len, base)
WALK(ssize_t, getdirentries64, OURS(fd),
     (int fd, char *buf, size_t len, off64_t *base), fd, buf, len, base)

WALK(int, glob, netview_maybe(AT_FDCWD, pattern),
     (const char *pattern, int flags, int (*error)(const char *, int),
      glob_t *found), pattern, flags, error, found)
WALK(int, glob64, netview_maybe(AT_FDCWD, pattern),
     (const char *pattern, int flags, int (*error)(const char *, int),
      glob64_t *found), pattern, flags, error, found)
WALK(int, ftw, netview_has(AT_FDCWD, path),
     (const char *path, __ftw_func_t fn, int depth), path, fn, depth)
WALK(int, ftw64, netview_has(AT_FDCWD, path),
     (const char *path, __ftw64_func_t fn, int depth), path, fn, depth)
WALK(int, nftw, netview_has(AT_FDCWD, path),
     (const char *path, __nftw_func_t fn, int depth, int flags),
     path, fn, depth, flags)
WALK(int, nftw64, netview_has(AT_FDCWD, path),
     (const char *path, __nftw64_func_t fn, int depth, int flags),
     path, fn, depth, flags)

/*
 * A walk over many trees is caught if one of them is LKL's. It cannot change to
 * directories of LKL's. The mark is a bit that <fts.h> leaves free.
 */
#define FTS_CAUGHT 0x8000

static bool any_has(char *const *paths)
{
	for (; *paths; paths++)
		if (netview_has(AT_FDCWD, *paths))
			return true;
	return false;
}

#define FTS_FAMILY(name, fts_type, entry_type)				\
EXPORT fts_type *name##_open(char *const *paths, int options,		\
			     int (*order)(const entry_type **,		\
					  const entry_type **))		\
{									\
	struct sud before;						\
	fts_type *fts;							\
									\
	if (!any_has(paths))						\
		return real(name##_open)(paths, options, order);	\
	sud_begin(&before);						\
	fts = real(name##_open)(paths, options | FTS_NOCHDIR, order);	\
	sud_end(&before);						\
	if (fts)							\
		fts->fts_options |= FTS_CAUGHT;				\
	return fts;							\
}									\
									\
WALK(entry_type *, name##_read, fts->fts_options & FTS_CAUGHT,		\
     (fts_type *fts), fts)						\
WALK(entry_type *, name##_children, fts->fts_options & FTS_CAUGHT,	\
     (fts_type *fts, int options), fts, options)

FTS_FAMILY(fts, FTS, FTSENT)
FTS_FAMILY(fts64, FTS64, FTSENT64)
