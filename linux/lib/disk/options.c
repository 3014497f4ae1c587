// SPDX-License-Identifier: GPL-2.0-only
/* Options of a mount: those of every type, and those of the file system. */
#include <errno.h>
#include <string.h>
#include "disk.h"
#include <lkl.h>
#include <lkl/linux/mount.h>

static const struct word {
	const char *name;
	unsigned long set;
	unsigned long clear;
} words[] = {
	{ "defaults", 0, 0 },
	{ "ro", LKL_MS_RDONLY, 0 },
	{ "rw", 0, LKL_MS_RDONLY },
	{ "nosuid", LKL_MS_NOSUID, 0 },
	{ "suid", 0, LKL_MS_NOSUID },
	{ "nodev", LKL_MS_NODEV, 0 },
	{ "dev", 0, LKL_MS_NODEV },
	{ "noexec", LKL_MS_NOEXEC, 0 },
	{ "exec", 0, LKL_MS_NOEXEC },
	{ "sync", LKL_MS_SYNCHRONOUS, 0 },
	{ "async", 0, LKL_MS_SYNCHRONOUS },
	{ "dirsync", LKL_MS_DIRSYNC, 0 },
	{ "noatime", LKL_MS_NOATIME, 0 },
	{ "atime", 0, LKL_MS_NOATIME },
	{ "nodiratime", LKL_MS_NODIRATIME, 0 },
	{ "diratime", 0, LKL_MS_NODIRATIME },
	{ "relatime", LKL_MS_RELATIME, LKL_MS_NOATIME },
	{ "norelatime", 0, LKL_MS_RELATIME },
	{ "strictatime", LKL_MS_STRICTATIME, LKL_MS_NOATIME },
	{ "nostrictatime", 0, LKL_MS_STRICTATIME },
	{ "lazytime", LKL_MS_LAZYTIME, 0 },
	{ "nolazytime", 0, LKL_MS_LAZYTIME },
	{ "iversion", LKL_MS_I_VERSION, 0 },
	{ "noiversion", 0, LKL_MS_I_VERSION },
	{ "silent", LKL_MS_SILENT, 0 },
	{ "loud", 0, LKL_MS_SILENT },
	/* About who mounts it when: for the readers of fstab(5). */
	{ "auto", 0, 0 },
	{ "noauto", 0, 0 },
	{ "nofail", 0, 0 },
	{ "_netdev", 0, 0 },
	{ "user", 0, 0 },
	{ "nouser", 0, 0 },
	{ "users", 0, 0 },
	{ "owner", 0, 0 },
	{ "group", 0, 0 },
};

static const struct word *find(const char *option, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strncmp(words[i].name, option, len) &&
		    !words[i].name[len])
			return &words[i];
	return NULL;
}

/* Up to the next comma that is not between quotation marks. */
static size_t length(const char *option)
{
	bool quoted = false;
	size_t len;

	for (len = 0; option[len] && (quoted || option[len] != ','); len++)
		quoted ^= option[len] == '"';
	return len;
}

int options_split(const char *options, unsigned long *flags,
		  char rest[MOUNT_OPTIONS_SIZE])
{
	const struct word *word;
	size_t len, used = 0;

	for (; *options; options += len + (options[len] == ',')) {
		len = length(options);
		word = find(options, len);
		if (word) {
			*flags = (*flags | word->set) & ~word->clear;
			continue;
		}
		if (!len)
			continue;
		if (used + len + 2 > MOUNT_OPTIONS_SIZE)
			return -E2BIG;
		if (used)
			rest[used++] = ',';
		memcpy(rest + used, options, len);
		used += len;
	}
	rest[used] = '\0';
	return 0;
}
