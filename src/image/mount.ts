// SPDX-License-Identifier: GPL-2.0-or-later
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ExecaError, execa } from 'execa';
import { ImageError } from './error.ts';
import type { ImageOptions } from './options.ts';
import { toolError, toolPath } from './tool.ts';

export interface MountOptions extends ImageOptions {
  /** A directory that there is. */
  readonly mountpoint: string;
  /** No byte of the image is changed. */
  readonly readOnly?: boolean;
  /** Act as root inside: no permission is checked, and what is made belongs to root. */
  readonly fakeroot?: boolean;
  /** Further options, as of lklfuse -o: `allow_other`, `writeback`. */
  readonly options?: readonly string[];
}

/** An image whose files are there until it is unmounted, or this program ends. */
export interface MountedImage extends AsyncDisposable {
  readonly mountpoint: string;
  /** Takes it away again: when that is done, everything is in the image. */
  readonly unmount: () => Promise<void>;
  /** When it is no longer mounted, by whoever did that; rejects if the image was not left in order. */
  readonly ended: Promise<void>;
}

/** How often it is looked whether it is mounted. */
const LOOK_AGAIN_MS = 5;

/** Mounts a file-system image by FUSE, without root. */
export async function mountImage(options: MountOptions): Promise<MountedImage> {
  const { image, mountpoint, signal } = options;
  const before = await device(mountpoint);
  const child = execa(toolPath('lklfuse'), [image, mountpoint, '-f', ...mountArguments(options)], {
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    forceKillAfterDelay: false,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  let running = true;
  const ended = child.then(
    () => {
      running = false;
    },
    (error: unknown) => {
      running = false;
      throw error instanceof ExecaError ? toolError('lklfuse', error) : error;
    },
  );
  // Who does not wait for it learns of it when unmounting.
  ended.catch(() => {});
  while (running && (await device(mountpoint)) === before) {
    await delay(LOOK_AGAIN_MS);
  }
  if (!running) {
    await ended;
    throw new ImageError('image', 'lklfuse: it ended at once', { tool: 'lklfuse' });
  }
  const unmount = async (): Promise<void> => {
    // As fusermount3 -u, and without needing it.
    child.kill('SIGTERM');
    await ended;
  };
  return { mountpoint: path.resolve(mountpoint), unmount, ended, [Symbol.asyncDispose]: unmount };
}

function mountArguments(options: MountOptions): string[] {
  const { type, partition, mountOptions, memory, readOnly, fakeroot, options: more = [] } = options;
  const list = [
    ...(type === undefined ? [] : [`type=${type}`]),
    ...(partition === undefined ? [] : [`part=${partition}`]),
    ...(memory === undefined ? [] : [`mb=${memory}`]),
    ...(readOnly ? ['ro'] : []),
    ...(fakeroot ? ['fakeroot'] : []),
    // One each: a comma within would be lklfuse's own.
    ...(mountOptions?.split(',') ?? []).map((one) => `opts=${one}`),
    ...more,
  ];
  return list.flatMap((one) => ['-o', one]);
}

/** What a directory is on: another one when something is mounted there. What is wrong with it lklfuse says. */
async function device(directory: string): Promise<bigint | undefined> {
  try {
    return (await stat(directory, { bigint: true })).dev;
  } catch {
    return undefined;
  }
}
