// SPDX-License-Identifier: GPL-2.0-or-later
import { chmodSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { TOOLS } from './file-systems.ts';
import { fuseIsMissing, makeUserDirectory, runAsUser } from './fuse.ts';

/** Longer than this is a hang; the programs of the walk end themselves before. */
const SECONDS = 90;

/** How a program ended: soundly, unless it crashed or hung, or wrote to what it was only to read. */
export interface End {
  readonly sound: boolean;
  readonly status: number | undefined;
  readonly output: string;
}

/** A way into an image that may be damaged. */
export interface Way {
  readonly name: string;
  /** Exit statuses that programs are to have. */
  readonly statuses: readonly number[];
  /** No byte of the image may change. */
  readonly readOnly?: true;
  /** Commands of sh: the image is `$i`, and there is a directory `tree`. */
  readonly script: string;
}

/** A damaged file may be as long as the type can say; nobody waits for all of its zeroes. */
const LIMIT = "trap '' XFSZ; ulimit -f 65536";

const WAYS: readonly Way[] = [
  { name: 'walk', statuses: [0, 1], script: 'exec "$bin/image-walk" "$i"' },
  { name: 'walk, read-only', statuses: [0, 1], readOnly: true, script: 'exec "$bin/image-walk" -r "$i"' },
  { name: 'cptofs', statuses: [0, 1, 2], script: 'exec "$bin/cptofs" -i "$i" tree/deep tree/link /' },
  {
    name: 'cpfromfs',
    statuses: [0, 1, 2],
    readOnly: true,
    script: `rm -rf out; mkdir out; ${LIMIT}; exec "$bin/cpfromfs" -i "$i" / out`,
  },
  { name: 'fs2tar', statuses: [0, 1, 2], readOnly: true, script: `${LIMIT}; exec "$bin/fs2tar" "$i" out.tar` },
];

/** As an ordinary user; what the host's programs say of what they meet is of no interest. */
const FUSE = `
status=0
./lklfuse -f damaged.img mnt & server=$!
until mountpoint -q mnt; do
	kill -0 $server 2>/dev/null || break
	sleep 0.02
done
if mountpoint -q mnt; then
	timeout -s KILL 20 sh -c '
		find mnt -maxdepth 12 -ls
		find mnt -maxdepth 12 -type f -size -16M -exec cat {} +
		mkdir mnt/made
		for n in 1 2 3 4 5 6 7 8; do seq $((n * 2000)) >mnt/made/$n; done
		mv mnt/made/1 mnt/moved
		rm -r mnt/made/2 mnt/deep
		sync -f mnt' >/dev/null 2>&1 || :
	fusermount3 -u mnt || fusermount3 -u -z mnt || :
fi
wait $server || status=$?
echo "status $status"
`;

let userDirectory: string | undefined;

async function throughFuse(image: string): Promise<End> {
  userDirectory ??= makeUserDirectory(['lklfuse']);
  const copy = path.join(userDirectory, 'damaged.img');
  await execa('cp', ['--sparse=always', image, copy]);
  chmodSync(copy, 0o666);
  try {
    const output = await runAsUser(userDirectory, FUSE, SECONDS);
    const status = Number(/^status (\d+)$/m.exec(output)?.[1] ?? Number.NaN);
    return { sound: status === 0 || status === 1, status, output };
  } catch (error) {
    return { sound: false, status: undefined, output: error instanceof Error ? error.message : String(error) };
  }
}

async function through({ statuses, readOnly, script }: Way, image: string): Promise<End> {
  const before = 1e9;
  utimesSync(image, before, before);
  const { exitCode, signal, all } = await execa('sh', ['-euc', script], {
    cwd: path.dirname(image),
    env: { i: image, bin: TOOLS },
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: SECONDS * 1000,
    killSignal: 'SIGKILL',
  });
  const written = readOnly && statSync(image).mtimeMs !== before * 1000;
  return {
    sound: exitCode !== undefined && statuses.includes(exitCode) && !written,
    status: exitCode,
    output: `${written ? 'wrote to the image; ' : ''}${signal ?? `exit status ${exitCode}`}: ${all}`,
  };
}

/** Names of all ways that this machine has. */
export const waysIn: readonly string[] = [
  ...WAYS.map(({ name }) => name),
  ...(fuseIsMissing() === undefined ? ['lklfuse'] : []),
];

/** Goes into an image by one of these ways. */
export async function goIn(name: string, image: string): Promise<End> {
  const way = WAYS.find((one) => one.name === name);
  const end = way === undefined ? await throughFuse(image) : await through(way, image);
  rmSync(path.join(path.dirname(image), 'out'), { recursive: true, force: true });
  rmSync(path.join(path.dirname(image), 'out.tar'), { force: true });
  return end;
}
