// SPDX-License-Identifier: GPL-2.0-or-later
//
// What `import ... from 'lkl-hijack'` gives: file-system images for Node programs, without root.
export { type CopiedEntry, type CopyOptions, type CopyResult, copyFromImage, copyToImage, type Loss } from './copy.ts';
export { type FailedEntry, ImageError, type ImageErrorCode } from './error.ts';
export { type MountedImage, type MountOptions, mountImage } from './mount.ts';
export type { ImageOptions } from './options.ts';
export { type Compression, imageToTar, type TarOptions, type TarResult } from './tar.ts';
