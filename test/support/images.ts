// SPDX-License-Identifier: GPL-2.0-or-later
import { closeSync, fstatSync, mkdirSync, openSync, readSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { ROOT } from './discover.ts';
import { makeRandom } from './random.ts';

/** Shell commands that make a small image `$i` with what is in `tree`; of every type, and without checksums where they can be left out. */
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

/** Makes an image of a type in a directory, and tells its path. What mkfs does not fill, the first walk fills. */
export async function makeImage(directory: string, type: string): Promise<string> {
  const tree = path.join(directory, 'tree', 'deep');
  mkdirSync(tree, { recursive: true });
  for (let i = 0; i < 40; i++) {
    writeFileSync(path.join(tree, `file-${i}`), `${i} `.repeat(i * 60));
  }
  symlinkSync('deep/file-1', path.join(directory, 'tree', `link-${type}`));
  const image = path.join(directory, `${type}.img`);
  await execa('sh', ['-euc', IMAGES[type] ?? 'exit 1'], {
    cwd: directory,
    env: { i: image, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  });
  const first = await walkImage(image);
  if (!first.sound || first.status !== 0) {
    throw new Error(`${type}, not damaged: ${first.output}`);
  }
  return image;
}

const SECTOR = 512;

const PART = Buffer.alloc(1 << 20);
const ZEROS = Buffer.alloc(PART.length);

/** Offsets of the sectors in which there is something: mostly what describes the rest. */
export function filledSectors(image: string): number[] {
  const file = openSync(image, 'r');
  const { size } = fstatSync(file);
  const sectors: number[] = [];
  for (let at = 0; at < size; at += PART.length) {
    const length = readSync(file, PART, 0, PART.length, at);
    const step = PART.compare(ZEROS, 0, length, 0, length) === 0 ? length : SECTOR;
    for (let sector = 0; sector + step <= length; sector += step) {
      if (PART.compare(ZEROS, 0, step, sector, sector + step) !== 0) {
        sectors.push(at + sector);
      }
    }
  }
  closeSync(file);
  return sectors;
}

type Random = (limit: number) => number;

/** Each spoils a sector in its way. */
const SPOILERS: readonly ((sector: Buffer, random: Random) => void)[] = [
  (sector, random) => {
    const at = random(SECTOR);
    sector.writeUInt8(sector.readUInt8(at) ^ (1 << random(8)), at);
  },
  (sector, random) => sector.writeUInt8(random(256), random(SECTOR)),
  (sector, random) =>
    sector.writeUInt32LE([0, 1, 0x7fffffff, 0x80000000, 0xffffffff][random(5)] ?? 0, random(SECTOR / 4) * 4),
  (sector, random) => sector.writeUInt16LE([0, 1, 0x7fff, 0xffff][random(4)] ?? 0, random(SECTOR / 2) * 2),
  (sector, random) => sector.fill(random(2) * 0xff, random(SECTOR)),
  (sector, random) => {
    for (let n = 0; n < 16; n++) {
      sector.writeUInt8(random(256), random(SECTOR));
    }
  },
];

/**
 * Copies an image and spoils some of the sectors in which there is something: the first ones, with the superblocks,
 * every other time.
 */
export async function damage(image: string, sectors: readonly number[], copy: string, seed: number): Promise<void> {
  await execa('cp', ['--sparse=always', image, copy]);
  const random = makeRandom(seed);
  const file = openSync(copy, 'r+');
  const first = sectors.filter((at) => at < 1 << 17);
  const sector = Buffer.alloc(SECTOR);
  for (let n = 1 + random(4); n > 0; n--) {
    const from = random(2) === 0 ? first : sectors;
    const at = from[random(from.length)] ?? 0;
    readSync(file, sector, 0, SECTOR, at);
    SPOILERS[random(SPOILERS.length)]?.(sector, random);
    writeSync(file, sector, 0, SECTOR, at);
  }
  closeSync(file);
}

/** How a walk through an image ended: soundly unless by a signal (a crash), or not at all (a hang). */
export interface Walk {
  readonly sound: boolean;
  readonly status: number | undefined;
  readonly output: string;
}

/** Mounts an image, reads all that is in it, writes a file, and unmounts (test/linux/images). */
export async function walkImage(image: string): Promise<Walk> {
  const { exitCode, signal, all } = await execa(path.join(ROOT, 'build', 'Release', 'image-walk'), [image], {
    reject: false,
    all: true,
    timeout: 90_000,
    killSignal: 'SIGKILL',
  });
  return {
    sound: signal === undefined && (exitCode === 0 || exitCode === 1),
    status: exitCode,
    output: `${signal ?? `exit status ${exitCode}`}: ${all}`,
  };
}
