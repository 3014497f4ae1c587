// SPDX-License-Identifier: GPL-2.0-or-later
/** The file systems that images are made of: how, how they are checked, and what they cannot hold. */
import { accessSync, constants, mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { ROOT } from './discover.ts';

export const TOOLS = path.join(ROOT, 'build', 'Release');

/** What test/linux/tools/tree.h calls so. */
type Without =
  | 'owners'
  | 'modes'
  | 'xattrs'
  | 'symlinks'
  | 'links'
  | 'specials'
  | 'sparse'
  | 'nsec'
  | 'odd-seconds'
  | 'before-1970'
  | 'before-1980'
  | 'after-2105'
  | 'long-names'
  | 'big-minors'
  | 'acls';

export interface FileSystem {
  readonly type: string;
  /** Makes an empty one in the sparse file $IMAGE; or, of one that is only read, one with the directory $TREE. */
  readonly make: string;
  readonly readOnly?: true;
  /** Finds nothing in the image, or fails. */
  readonly check: string;
  readonly without: readonly Without[];
}

const FAT: readonly Without[] = [
  'owners',
  'modes',
  'xattrs',
  'symlinks',
  'links',
  'specials',
  'sparse',
  'nsec',
  'odd-seconds',
  'before-1980',
  'after-2105',
];

// Inodes of 256 bytes hold 34 bits of seconds, to 2446; XFS's bigtime ends in 2486.
export const FILE_SYSTEMS: readonly FileSystem[] = [
  { type: 'ext2', make: 'mkfs.ext2 -q $IMAGE', check: 'e2fsck -fn $IMAGE', without: [] },
  { type: 'ext3', make: 'mkfs.ext3 -q $IMAGE', check: 'e2fsck -fn $IMAGE', without: [] },
  { type: 'ext4', make: 'mkfs.ext4 -q $IMAGE', check: 'e2fsck -fn $IMAGE', without: [] },
  { type: 'xfs', make: 'mkfs.xfs -q $IMAGE', check: 'xfs_repair -n $IMAGE', without: [] },
  { type: 'btrfs', make: 'mkfs.btrfs -q $IMAGE', check: 'btrfs check $IMAGE', without: [] },
  { type: 'f2fs', make: 'mkfs.f2fs -q $IMAGE', check: 'fsck.f2fs --dry-run $IMAGE', without: [] },
  { type: 'vfat', make: 'mkfs.vfat -F 32 $IMAGE', check: 'fsck.fat -n $IMAGE', without: FAT },
  { type: 'exfat', make: 'mkfs.exfat $IMAGE', check: 'fsck.exfat -n $IMAGE', without: FAT },
  {
    type: 'squashfs',
    // It reads all of a hole: of 10 GiB in seconds by large blocks, in minutes by its usual ones.
    make: 'mksquashfs $TREE $IMAGE -b 1M -noappend -quiet -no-progress -keep-as-directory',
    check: 'true',
    readOnly: true,
    // Unsigned seconds of 32 bits; no access control lists.
    without: ['acls', 'nsec', 'before-1970', 'after-2105'],
  },
  {
    type: 'iso9660',
    // Rock Ridge: names of any depth, owners, modes, seconds.
    make: 'xorriso -report_about FAILURE -as mkisofs -quiet -R -D -iso-level 3 -o $IMAGE $(dirname $TREE)',
    check: 'true',
    readOnly: true,
    without: ['xattrs', 'links', 'sparse', 'nsec', 'before-1970', 'after-2105', 'long-names', 'big-minors'],
  },
];

/** What the trees and images of a test take at most. */
const SPACE = 4 * 1024 ** 3;

/** A directory for images, removed at the end; in memory, where there is enough of that. */
export function imageDirectory(): string {
  const directory = mkdtempSync(path.join(memory() ?? tmpdir(), 'lkl-test-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function memory(): string | undefined {
  try {
    accessSync('/dev/shm', constants.W_OK);
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize >= 2 * SPACE ? '/dev/shm' : undefined;
  } catch {
    return undefined;
  }
}

/** Runs a command of the table. Fails with what it printed. */
export async function shell(command: string, env: Record<string, string>): Promise<void> {
  const { all, exitCode } = await execa('sh', ['-c', command], { env, all: true, reject: false, stdin: 'ignore' });
  if (exitCode !== 0) {
    throw new Error(`${command} ended with ${exitCode}:\n${all}`);
  }
}

/** One of the programs for images, or `tree`. */
export function tool(name: string, args: readonly string[]) {
  const file = path.join(TOOLS, name === 'tree' ? 'tests/tools/tree' : name);
  return execa(file, args, { reject: false, stdin: 'ignore' });
}

/** The same, which must succeed and say nothing. */
export async function mustRun(name: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr, signal } = await tool(name, args);
  if (exitCode !== 0 || stderr !== '') {
    throw new Error(`${name} ${args.join(' ')} ended with ${exitCode ?? signal}:\n${stderr}`);
  }
}

/** Makes an image that is one hole, in place of what was there. */
export function emptyImage(image: string, bytes: number): void {
  rmSync(image, { force: true });
  writeFileSync(image, '');
  truncateSync(image, bytes);
}
