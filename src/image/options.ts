// SPDX-License-Identifier: GPL-2.0-or-later

/** Which file system of which image, and how the kernel inside the program is to use it. */
export interface ImageOptions {
  /** A file or a block device. */
  readonly image: string;
  /** The type of the file system, such as `ext4`; found out if absent. */
  readonly type?: string;
  /** The number of a partition (MBR, GPT); without it the file system begins where the image does. */
  readonly partition?: number;
  /** Options of the mount, as for mount(8). */
  readonly mountOptions?: string;
  /** MiB that the kernel inside may use at most. */
  readonly memory?: number;
  /** Ends it early. The image is left in order. */
  readonly signal?: AbortSignal;
}

/** An argument of a program: its option and its value, or nothing. */
export function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

/** The options that cptofs, cpfromfs and fs2tar have in common. */
export function commonArguments({ image, type, partition, mountOptions, memory }: ImageOptions): string[] {
  return [
    ...option('image', image),
    ...option('type', type),
    ...option('partition', partition),
    ...option('options', mountOptions),
    ...option('memory', memory),
    '--no-progress',
    '--verbose',
  ];
}
