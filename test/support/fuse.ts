// SPDX-License-Identifier: GPL-2.0-or-later
import { accessSync, chmodSync, chownSync, constants, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { TOOLS } from './file-systems.ts';

/** Nobody: the ordinary user that root becomes. */
const USER = 65534;

/** What root does first: /dev/fuse as udev makes it, where everything below is seen by this test alone. */
const BECOME_USER = `
mount -t tmpfs -o mode=755 none "$1"
mknod -m 666 "$1/fuse" c 10 229
mount --bind "$1/fuse" /dev/fuse
umount "$1"
exec setpriv --reuid ${USER} --regid ${USER} --clear-groups sh -euc "$2"
`;

/**
 * mount_image IMAGE [OPTIONS] returns when mnt shows the image, unmount_image when it is free again; what they are
 * given beyond that, and what else is in the script, is sh's.
 */
const FUNCTIONS = `
mount_image() {
	image=$1
	shift
	./lklfuse "$image" mnt "$@"
}
unmount_image() {
	fusermount3 -u mnt
	flock -w 60 "$image" true
}
trap 'fusermount3 -q -u -z mnt || :' EXIT
mkdir -p mnt
`;

/** Whether this process may mount at all. */
export function fuseIsMissing(): string | undefined {
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
    return undefined;
  } catch {
    return '/dev/fuse cannot be used';
  }
}

/** A directory of the ordinary user's, with the programs named, which are built in build/Release. */
export function makeUserDirectory(programs: readonly string[]): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'lkl-fuse-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  for (const program of programs) {
    copyFileSync(path.join(TOOLS, program), path.join(directory, path.basename(program)));
  }
  chmodSync(directory, 0o755);
  if (process.getuid?.() === 0) {
    chownSync(directory, USER, USER);
  }
  return directory;
}

/**
 * Runs a script of sh in a directory as an ordinary user, and gives what it printed. All processes that it leaves
 * behind end with it, where the test is run by root.
 */
export async function runAsUser(directory: string, script: string, seconds = 120): Promise<string> {
  const text = `exec 2>&1\nexport HOME="$PWD" PATH="$PATH:/sbin:/usr/sbin"\n${FUNCTIONS}\n${script}`;
  const command =
    process.getuid?.() === 0
      ? [
          'unshare',
          '--mount',
          '--pid',
          '--fork',
          '--kill-child',
          '--mount-proc',
          'sh',
          '-euc',
          BECOME_USER,
          'sh',
          directory,
          text,
        ]
      : ['sh', '-euc', text];
  const [program = '', ...args] = command;
  const { all, exitCode, timedOut } = await execa(program, args, {
    cwd: directory,
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: seconds * 1000,
  });
  if (exitCode !== 0) {
    throw new Error(`${timedOut ? `not done after ${seconds} s` : `exit status ${exitCode}`}:\n${all}`);
  }
  return all;
}
