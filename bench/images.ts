// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { emptyImage, imageDirectory, TOOLS } from '../test/support/file-systems.ts';
import { temporaryDirectory } from '../test/support/hijack.ts';
import { makeRandom } from '../test/support/random.ts';
import { type Benchmark, median, type Result, spread } from './benchmark.ts';

const ROUNDS = Number(process.env.IMAGES_ROUNDS ?? 3);

/** The large file, in MiB; and what an image has beyond it. */
const LARGE_MIB = Number(process.env.IMAGES_MIB ?? 2048);
const ROOM_MIB = 400;

const FILES = 20_000;
const FILES_IN_DIRECTORY = 100;
const LARGEST_SMALL = 8192;

/** Commands of sh for what is copied, with $from, $to, an image $i and a directory $mnt to mount it on. */
interface Way {
  readonly write: string;
  readonly read: string;
}

/** The kernel of the host, with the same image: what one would do as root. */
const LOOP: Way = {
  write: 'mount -o loop $i $mnt; cp -a $from $mnt/; umount $mnt',
  read: 'mount -o loop,ro $i $mnt; cp -a $mnt/$(basename $from) $to; umount $mnt',
};

const TOOL: Way = {
  write: '$bin/cptofs -i $i $from /',
  read: '$bin/cpfromfs -i $i /$(basename $from) $to',
};

/** The image is free, and complete, when its lock is. */
const FUSE: Way = {
  write: '$bin/lklfuse $i $mnt -o fakeroot; cp -a $from $mnt/; fusermount3 -u $mnt; flock $i true',
  read: '$bin/lklfuse $i $mnt -o fakeroot; cp -a $mnt/$(basename $from) $to; fusermount3 -u $mnt; flock $i true',
};

/** A file system, and who else can do it without mounting. */
interface Type {
  readonly make: string;
  readonly other: { readonly name: string; readonly large: Way; readonly small: Way };
}

const MTOOLS: Way = { write: 'mcopy -s -Q -i $i $from ::', read: 'mcopy -s -Q -i $i ::$(basename $from) $to' };

const TYPES: Readonly<Record<string, Type>> = {
  ext4: {
    make: 'mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 $i',
    other: {
      name: 'debugfs',
      large: {
        write: 'debugfs -w -R "write $from $(basename $from)" $i',
        read: 'debugfs -R "dump $(basename $from) $to" $i',
      },
      small: {
        write:
          '(cd $from/..; find tree -type d -printf "mkdir %p\\n"; find tree -type f -printf "write $PWD/%p %p\\n") | debugfs -w -f - $i',
        read: 'mkdir $to; debugfs -R "rdump tree $to" $i',
      },
    },
  },
  vfat: { make: 'mkfs.vfat -F 32 $i', other: { name: 'mtools', large: MTOOLS, small: MTOOLS } },
};

/** Files for all benchmarks of this run. */
interface Files {
  /** In memory: images, and what is read from them. */
  readonly directory: string;
  readonly large: string;
  readonly tree: string;
}

let prepared: Files | undefined;

/** The large file is where it takes no memory but the page cache, in which it is. */
function prepare(): Files {
  const directory = imageDirectory();
  const { bavail, bsize } = statfsSync(directory);
  if (process.getuid?.() !== 0) {
    throw new Error('the host mounts the same image for comparison: only root may do that');
  }
  if (bavail * bsize < 3 * LARGE_MIB * 1024 ** 2) {
    throw new Error(`${directory} has no room for the image and what is read from it: set IMAGES_MIB to less`);
  }
  const random = makeRandom(1);
  const noise = Buffer.alloc(1 << 20);
  for (let at = 0; at < noise.length; at += 4) {
    noise.writeUInt32LE(random(2 ** 31), at);
  }
  const large = path.join(temporaryDirectory(), 'large');
  writeFileSync(large, '');
  for (let part = 0; part < LARGE_MIB; part++) {
    noise.writeUInt32LE(part, 0);
    writeFileSync(large, noise, { flag: 'a' });
  }
  const tree = path.join(directory, 'tree');
  for (let n = 0; n < FILES; n++) {
    const parent = path.join(tree, `directory-${Math.floor(n / FILES_IN_DIRECTORY)}`);
    if (n % FILES_IN_DIRECTORY === 0) {
      mkdirSync(parent, { recursive: true });
    }
    const at = random(noise.length - LARGEST_SMALL);
    writeFileSync(path.join(parent, `file-${n}`), noise.subarray(at, at + random(LARGEST_SMALL)));
  }
  mkdirSync(path.join(directory, 'mnt'));
  return { directory, large, tree };
}

/** Seconds in which the processors of this machine did something: what kernel threads do counts as well. */
function cpuSeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, soft = 0] =
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? [];
  return (user + nice + system + irq + soft) / 100;
}

interface Sample {
  readonly rate: number;
  readonly cpu: number;
}

interface Row {
  readonly type: string;
  readonly what: 'large' | 'tree';
  readonly direction: keyof Way;
  readonly ours: Way;
}

/** Runs commands against an image: a fresh one to write to, or one that has what is read. */
async function run(row: Row, way: Way, files: Files): Promise<Sample> {
  const { type, what, direction } = row;
  const image = path.join(files.directory, 'image');
  const from = files[what];
  const env = {
    i: image,
    from,
    to: path.join(files.directory, 'out'),
    mnt: path.join(files.directory, 'mnt'),
    bin: TOOLS,
    MTOOLS_SKIP_CHECK: '1',
    PATH: `${process.env.PATH}:/sbin:/usr/sbin`,
  };
  // What is mounted is seen here alone: a copy of the mount in a namespace that is made meanwhile would hold it.
  const shell = (script: string) =>
    execa('unshare', ['--mount', 'sh', '-euc', script], { env, stdin: 'ignore', timeout: 170_000 });
  if (direction === 'write') {
    emptyImage(image, (LARGE_MIB + ROOM_MIB) * 1024 ** 2);
    await shell(TYPES[type]?.make ?? 'exit 1');
  }
  const cpu = cpuSeconds();
  const start = process.hrtime.bigint();
  await shell(way[direction]);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const used = cpuSeconds() - cpu;
  rmSync(env.to, { recursive: true, force: true });
  return { rate: (what === 'large' ? LARGE_MIB / 1024 : FILES) / seconds, cpu: used };
}

/** Whether the host's kernel can mount it, for which it may load a module. */
async function isKnown(type: string): Promise<boolean> {
  await execa('modprobe', ['-q', type], { reject: false });
  return new RegExp(`\\b${type}$`, 'm').test(readFileSync('/proc/filesystems', 'utf8'));
}

async function compareRow(row: Row): Promise<Result> {
  prepared ??= prepare();
  const files = prepared;
  const other = TYPES[row.type]?.other;
  const ways: Record<string, Way> = { ours: row.ours };
  if (await isKnown(row.type)) {
    ways.host = LOOP;
  }
  if (row.ours === TOOL && other !== undefined) {
    ways[other.name] = row.what === 'large' ? other.large : other.small;
  }
  if (row.direction === 'read') {
    await run({ ...row, direction: 'write' }, TOOL, files);
  }
  const samples: Record<string, Sample[]> = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const sample = await run(row, way, files);
      // The first round fills caches.
      if (round > 0) {
        samples[name] = [...(samples[name] ?? []), sample];
      }
    }
  }
  const rates = (name: string): number[] => (samples[name] ?? []).map(({ rate }) => rate);
  const notes: Record<string, number> = {};
  for (const [name, list] of Object.entries(samples)) {
    if (name === other?.name) {
      notes[name] = median(rates(name));
    }
    notes[`CPU seconds ${name}`] = median(list.map(({ cpu }) => cpu));
  }
  const [ours, host] = [rates('ours'), rates('host')];
  const loop = ways.host !== undefined;
  return {
    ours: median(ours),
    host: loop ? median(host) : null,
    unit: row.what === 'large' ? 'GiB/s' : 'files/s',
    ratio: loop ? median(ours) / median(host) : null,
    spread: spread(loop ? ours.map((rate, round) => rate / (host[round] ?? Number.NaN)) : ours),
    notes,
  };
}

const WHAT = { large: `a file of ${LARGE_MIB} MiB`, tree: `a tree of ${FILES} small files` };

/** Against the host's kernel with the same image, in memory; what is copied into it is in the host's page cache. */
export const images: readonly Benchmark[] = (['large', 'tree'] as const).flatMap((what) =>
  [
    { type: 'ext4', program: 'copy', ours: TOOL },
    { type: 'vfat', program: 'copy', ours: TOOL },
    { type: 'ext4', program: 'fuse', ours: FUSE },
  ].flatMap(({ type, program, ours }) =>
    (['write', 'read'] as const).map((direction) => ({
      name: `${program}-${direction}-${type}-${what}`,
      description: `${direction} ${WHAT[what]}, against a loop mount`,
      onlyByName: true as const,
      run: () => compareRow({ type, what, direction, ours }),
    })),
  ),
);
