// SPDX-License-Identifier: GPL-2.0-or-later
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { ImageError } from '../../src/image/index.ts';
import { emptyImage } from './file-systems.ts';
import { temporaryDirectory } from './hijack.ts';

/**
 * Shell commands that make a small image `$i` of each type, and without checksums where they can be left out: with what
 * is in `tree` where the maker of the type takes one.
 */
export const IMAGES: Readonly<Record<string, string>> = {
  ext2: 'truncate -s 8M $i && mkfs.ext2 -q -d tree $i',
  ext4: 'truncate -s 16M $i && mkfs.ext4 -q -d tree $i',
  'ext4-without-checksums': 'truncate -s 16M $i && mkfs.ext4 -q -O ^metadata_csum,inline_data -d tree $i',
  xfs: 'truncate -s 300M $i && mkfs.xfs -q $i',
  'xfs-without-checksums': 'truncate -s 300M $i && mkfs.xfs -q -m crc=0 $i',
  btrfs: 'truncate -s 110M $i && mkfs.btrfs -q --rootdir tree $i',
  f2fs: 'truncate -s 64M $i && mkfs.f2fs -q -f $i',
  'vfat-12': 'truncate -s 4M $i && mkfs.vfat -F 12 $i',
  'vfat-16': 'truncate -s 16M $i && mkfs.vfat -F 16 $i',
  'vfat-32': 'truncate -s 40M $i && mkfs.vfat -F 32 $i',
  exfat: 'truncate -s 8M $i && mkfs.exfat $i',
  squashfs: 'mksquashfs tree $i -noappend -quiet -no-progress',
  'squashfs-xz': 'mksquashfs tree $i -comp xz -noappend -quiet -no-progress',
  iso9660: 'xorriso -as mkisofs -quiet -R -J -o $i tree',
};

/** Makes an image of a type in a directory, and tells its path. The tree that it may hold is beside it. */
export async function makeImage(directory: string, type: string): Promise<string> {
  const tree = path.join(directory, 'tree', 'deep');
  mkdirSync(tree, { recursive: true });
  for (let i = 0; i < 40; i++) {
    writeFileSync(path.join(tree, `file-${i}`), `${i} `.repeat(i * 60));
  }
  rmSync(path.join(directory, 'tree', 'link'), { force: true });
  symlinkSync('deep/file-1', path.join(directory, 'tree', 'link'));
  const image = path.join(directory, `${type}.img`);
  await execa('sh', ['-euc', IMAGES[type] ?? 'exit 1'], {
    cwd: directory,
    env: { i: image, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  });
  return image;
}

let images = 0;

/** Makes an image with an empty file system of ext4, and tells its path. */
export function makeExt4(size = 32 << 20): string {
  const image = path.join(temporaryDirectory(), `ext4-${++images}.img`);
  emptyImage(image, size);
  execFileSync('mkfs.ext4', ['-q', '-I', '256', image], { env: { PATH: '/usr/sbin:/sbin' } });
  return image;
}

/** Checks a file system of ext4: throws what is wrong with it. */
export function checkExt4(image: string): void {
  execFileSync('e2fsck', ['-fn', image], { encoding: 'utf8', stdio: 'pipe', env: { PATH: '/usr/sbin:/sbin' } });
}

/** What somebody's function failed with. */
export async function failure(promise: Promise<unknown>): Promise<ImageError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ImageError) {
      return error;
    }
    throw error;
  }
  return assert.unreachable('it did not fail') as never;
}
