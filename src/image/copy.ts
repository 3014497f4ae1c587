// SPDX-License-Identifier: GPL-2.0-or-later
import { commonArguments, type ImageOptions, option } from './options.ts';
import { messagesOf, runTool, type Tool } from './tool.ts';

export interface CopyOptions extends ImageOptions {
  /** Files and directories, with all that is in them. `directory/.` is what is in it, without itself. */
  readonly sources: string | readonly string[];
  /** A directory that there is, or the name that the only source is to get. */
  readonly target: string;
  /** The owner of all that is copied: a number, or a name that this host knows. It is kept if absent. */
  readonly owner?: number | string;
  /** Its group, likewise. */
  readonly group?: number | string;
  /** Its mode, such as 0o644: who may read a directory may search it. */
  readonly mode?: number;
  /** Its SELinux label. */
  readonly selinux?: string;
  /** Only tells what would be copied. */
  readonly dryRun?: boolean;
}

/** A file, a directory or whatever else was copied. */
export interface CopiedEntry {
  readonly from: string;
  readonly to: string;
}

/** What some entries could not keep, for the target cannot hold it or this user may not set it. */
export interface Loss {
  readonly attribute: 'owner' | 'mode' | 'times' | 'extended attributes';
  /** How many. */
  readonly entries: number;
}

export interface CopyResult {
  /** In the order in which it was done: a directory before what is in it. */
  readonly copied: readonly CopiedEntry[];
  readonly lost: readonly Loss[];
}

/**
 * Copies files and directories into a file-system image, without root and without mounting it. Modes, owners, times,
 * links, extended attributes and holes are kept.
 */
export function copyToImage(options: CopyOptions): Promise<CopyResult> {
  return copy('cptofs', options);
}

/**
 * Copies files and directories out of a file-system image, which stays as it is. Patterns (`*`, `?`, `[a-z]`) in
 * sources are the image's. Owners are kept if root does it.
 */
export function copyFromImage(options: CopyOptions): Promise<CopyResult> {
  return copy('cpfromfs', options);
}

async function copy(tool: Tool, options: CopyOptions): Promise<CopyResult> {
  const { sources, target, owner, group, mode, selinux, dryRun = false, signal } = options;
  const args = [
    ...commonArguments(options),
    ...option('owner', owner),
    ...option('group', group),
    ...option('mode', mode?.toString(8)),
    ...option('selinux', selinux),
    ...(dryRun ? ['--dry-run'] : []),
    '--',
    ...[sources].flat(),
    target,
  ];
  const stderr = await runTool(tool, args, signal);
  return { copied: copiedEntries(tool, stderr), lost: messagesOf(tool, stderr).flatMap(lossOf) };
}

/** The entries that a program named. */
function copiedEntries(tool: Tool, stderr: string): CopiedEntry[] {
  const line = new RegExp(`^'([\\s\\S]*?)' -> '([\\s\\S]*?)'\\n?(?=^'|^${tool}: |$(?![\\s\\S]))`, 'gm');
  return [...stderr.matchAll(line)].map(([, from = '', to = '']) => ({ from, to }));
}

const LOSS = /^(\d+) entries could not keep all of their (owner|mode|times|extended attributes): /;

function lossOf(message: string): Loss[] {
  const [, entries, attribute] = LOSS.exec(message) ?? [];
  return attribute === undefined ? [] : [{ attribute: attribute as Loss['attribute'], entries: Number(entries) }];
}
