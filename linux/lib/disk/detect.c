// SPDX-License-Identifier: GPL-2.0-only
/* Which file system is on a device: by what its superblock begins with. */
#include <string.h>
#include "disk.h"
#include <lkl.h>

#define MAGIC(offset, magic) offset, magic, sizeof(magic) - 1

/*
 * The first that matches counts, so what is unlikely to be there by chance
 * comes first.
 */
static const struct fs_type types[] = {
	{ "btrfs", MAGIC(0x10040, "_BHRfS_M"), "rescue=nologreplay", NULL },
	{ "xfs", MAGIC(0, "XFSB"), "norecovery", NULL },
	{ "squashfs", MAGIC(0, "hsqs"), NULL, NULL },
	{ "iso9660", MAGIC(0x8001, "CD001"), NULL, NULL },
	{ "exfat", MAGIC(3, "EXFAT   "), NULL, NULL },
	{ "f2fs", MAGIC(0x400, "\x10\x20\xf5\xf2"), "norecovery", NULL },
	{ "ext4", MAGIC(0x438, "\x53\xef"), "noload", NULL },
	{ "vfat", MAGIC(0x52, "FAT32   "), NULL, NULL },
	{ "vfat", MAGIC(0x36, "FAT1"), NULL, NULL },

	{ "LUKS", MAGIC(0, "LUKS\xba\xbe"), NULL,
	  "it is encrypted: unlock it with cryptsetup first" },
	{ "swap", MAGIC(4086, "SWAPSPACE2"), NULL, "it holds no files" },
	{ "LVM", MAGIC(512, "LABELONE"), NULL,
	  "it is a part of a volume group, which has the file systems" },
	{ "RAID", MAGIC(4096, "\xfc\x4e\x2b\xa9"), NULL,
	  "it is a part of an array, which has the file system" },
	{ "NTFS", MAGIC(3, "NTFS    "), NULL,
	  "this kernel is built without that type" },
	{ "qcow", MAGIC(0, "QFI\xfb"), NULL,
	  "convert it with 'qemu-img convert -O raw' first" },
	{ "VMDK", MAGIC(0, "KDMV"), NULL,
	  "convert it with 'qemu-img convert -O raw' first" },
	{ "VHDX", MAGIC(0, "vhdxfile"), NULL,
	  "convert it with 'qemu-img convert -O raw' first" },
	{ "gzip", MAGIC(0, "\x1f\x8b\x08"), NULL, "uncompress it first" },
	{ "xz", MAGIC(0, "\xfd" "7zXZ"), NULL, "uncompress it first" },
	{ "zstd", MAGIC(0, "\x28\xb5\x2f\xfd"), NULL, "uncompress it first" },
	{ "bzip2", MAGIC(0, "BZh"), NULL, "uncompress it first" },
};

#define TYPES (sizeof(types) / sizeof(types[0]))

const struct fs_type *detect_type(const char *device)
{
	const struct fs_type *found = NULL;
	char buf[16];
	size_t i;
	int fd;

	fd = lkl_sys_openat(LKL_AT_FDCWD, device, LKL_O_RDONLY, 0);
	if (fd < 0)
		return NULL;
	for (i = 0; i < TYPES && !found; i++)
		if (lkl_sys_pread64(fd, buf, types[i].len, types[i].offset) ==
			    types[i].len &&
		    !memcmp(buf, types[i].magic, types[i].len))
			found = &types[i];
	lkl_sys_close(fd);
	return found;
}

const struct fs_type *detect_row(const char *name)
{
	size_t i;

	/* One driver has three names. */
	if (!strcmp(name, "ext2") || !strcmp(name, "ext3"))
		name = "ext4";
	for (i = 0; i < TYPES; i++)
		if (!strcmp(types[i].name, name))
			return &types[i];
	return NULL;
}
