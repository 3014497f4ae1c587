// SPDX-License-Identifier: GPL-2.0-or-later

/**
 * What went wrong:
 * - `not-installed`: the program that does it is not there, or cannot be run,
 * - `image`: the image cannot be used, or an option is wrong; nothing was done,
 * - `incomplete`: some files could not be copied, `failed` has them; all others were,
 * - `aborted`: by the signal of the options, or because the program was killed.
 */
export type ImageErrorCode = 'not-installed' | 'image' | 'incomplete' | 'aborted';

/** A file that could not be copied. */
export interface FailedEntry {
  /** As the program names it: of the image, or of the host. */
  readonly path: string;
  /** What could not be done: `read`, `written` and the like. */
  readonly operation: string;
  /** Why: `No space left on device`. */
  readonly reason: string;
}

export interface ImageErrorDetails {
  readonly tool: string;
  readonly failed?: readonly FailedEntry[];
  readonly exitCode?: number | undefined;
  readonly stderr?: string;
  readonly cause?: unknown;
}

/** Whatever the functions for images fail with. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageErrorCode;
  /** The program that did it: `cptofs` and so on. */
  readonly tool: string;
  /** What could not be copied; empty but for `incomplete`. */
  readonly failed: readonly FailedEntry[];
  /** Its exit status; undefined where it has none. */
  readonly exitCode: number | undefined;
  /** What it said. */
  readonly stderr: string;

  constructor(code: ImageErrorCode, message: string, details: ImageErrorDetails) {
    super(message, { cause: details.cause });
    this.code = code;
    this.tool = details.tool;
    this.failed = details.failed ?? [];
    this.exitCode = details.exitCode;
    this.stderr = details.stderr ?? '';
  }
}
