// SPDX-License-Identifier: GPL-2.0-or-later
import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from './hijack.ts';

let images = 0;

/** Makes an image with an empty file system of ext4, and tells its path. */
export function makeExt4(size = 32 << 20): string {
  const image = path.join(temporaryDirectory(), `ext4-${++images}.img`);
  writeFileSync(image, '');
  truncateSync(image, size);
  execFileSync('mkfs.ext4', ['-q', '-I', '256', image], { env: { PATH: '/usr/sbin:/sbin' } });
  return image;
}

/** Checks a file system of ext4: throws what is wrong with it. */
export function checkExt4(image: string): void {
  execFileSync('e2fsck', ['-fn', image], { encoding: 'utf8', stdio: 'pipe', env: { PATH: '/usr/sbin:/sbin' } });
}
