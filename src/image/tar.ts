// SPDX-License-Identifier: GPL-2.0-or-later
import type { Writable } from 'node:stream';
import { commonArguments, type ImageOptions, option } from './options.ts';
import { runTool } from './tool.ts';

export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd' | 'lz4' | 'lzma' | 'lzip';

export interface TarOptions extends ImageOptions {
  /** The file to be written, or a stream that takes the archive; it is ended after it, or destroyed if there is none. */
  readonly archive: string | Writable;
  /** By the suffix of the file if absent; none for a stream. */
  readonly compression?: Compression;
  /** What of the image, with all that is in it; everything if absent. */
  readonly paths?: readonly string[];
  /** A file that gets a list of the SELinux labels. */
  readonly selinux?: string;
}

export interface TarResult {
  /** The names in the archive, in its order; `.` is the root of the image. */
  readonly archived: readonly string[];
}

/**
 * Writes the files of a file-system image, which stays as it is, to a tar archive (pax): with owners, times to the
 * nanosecond, links, devices, holes, extended attributes and access control lists.
 */
export async function imageToTar(options: TarOptions): Promise<TarResult> {
  const { archive, compression, paths = [], selinux, signal } = options;
  const named = typeof archive === 'string';
  const args = [
    ...commonArguments(options),
    ...option('compress', compression),
    ...option('selinux', selinux),
    '--',
    // Only by itself it is standard output, which here is a stream's.
    named ? archive.replace(/^-$/, './-') : '-',
    ...paths,
  ];
  const stderr = await runTool('fs2tar', args, signal, named ? undefined : archive);
  return { archived: archivedNames(stderr) };
}

/** Each is a line; what is a message begins otherwise. */
function archivedNames(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line !== '' && !/^(?:fs2tar: |')/.test(line));
}
