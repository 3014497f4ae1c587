// SPDX-License-Identifier: GPL-2.0-or-later
//
// The programs that do it, and what their ends mean.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { ExecaError, execa } from 'execa';
import { type FailedEntry, ImageError } from './error.ts';

export type Tool = 'cptofs' | 'cpfromfs' | 'fs2tar' | 'lklfuse';

/** The exit status of those that copy, where some files are missing. */
const INCOMPLETE = 1;

/** The program of this package, built or installed with it; else that of the PATH. */
export function toolPath(tool: Tool): string {
  const root = packageRoot(path.dirname(fileURLToPath(import.meta.url)));
  // cpfromfs is cptofs under another name, and a package of npm holds no links: see argv0 below.
  const file = tool === 'cpfromfs' ? 'cptofs' : tool;
  const places = root === undefined ? [] : [path.join(root, 'build', 'Release', file), path.join(root, 'lib', file)];
  return places.find((place) => existsSync(place)) ?? tool;
}

function packageRoot(directory: string): string | undefined {
  if (existsSync(path.join(directory, 'package.json'))) {
    return directory;
  }
  const above = path.dirname(directory);
  return above === directory ? undefined : packageRoot(above);
}

/**
 * Runs a program to its end, and gives what it wrote on standard error. A stream gets its standard output: it is ended
 * if all went well, else destroyed. Throws an ImageError if it was not done, or the error of the stream.
 */
export async function runTool(
  tool: Tool,
  args: readonly string[],
  signal: AbortSignal | undefined,
  output?: Writable,
): Promise<string> {
  const child = execa(toolPath(tool), args, {
    argv0: tool,
    stdin: 'ignore',
    stdout: output === undefined ? 'ignore' : 'pipe',
    stderr: 'pipe',
    buffer: { stdout: false },
    env: { LC_ALL: 'C.UTF-8' },
    // It tidies up at the signal, and takes as long as the image needs.
    forceKillAfterDelay: false,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  const written = output === undefined ? undefined : pipeline(child.stdout ?? [], output, { end: false });
  const [end] = await Promise.allSettled([child, written]);
  if (output?.errored) {
    throw output.errored;
  }
  if (end.status === 'rejected') {
    const error = end.reason instanceof ExecaError ? toolError(tool, end.reason) : end.reason;
    output?.destroy(error);
    throw error;
  }
  if (output !== undefined) {
    output.end();
    await finished(output, { readable: false });
  }
  return String(end.value.stderr);
}

/** What the end of a program means that was not done. */
export function toolError(tool: Tool, error: ExecaError): ImageError {
  const stderr = typeof error.stderr === 'string' ? error.stderr : '';
  const details = { tool, exitCode: error.exitCode, stderr, cause: error };
  if (error.isCanceled || error.signal !== undefined) {
    const why = error.isCanceled ? 'it was aborted' : `it was ended by ${error.signal}`;
    return new ImageError('aborted', `${tool}: ${why}`, details);
  }
  if (error.exitCode === undefined) {
    return new ImageError('not-installed', `${tool}: ${error.shortMessage}`, details);
  }
  const messages = messagesOf(tool, stderr);
  const [first = `it ended with status ${error.exitCode}`] = messages;
  if (tool === 'lklfuse' || error.exitCode !== INCOMPLETE) {
    return new ImageError('image', `${tool}: ${first}`, details);
  }
  const failed = messages.flatMap(failedEntry);
  const more = failed.length > 1 ? `, and ${failed.length - 1} more` : '';
  return new ImageError('incomplete', `${tool}: ${first}${more}`, { ...details, failed });
}

/** What a program said, without its name; names of files may hold line ends. */
export function messagesOf(tool: Tool, stderr: string): string[] {
  const start = new RegExp(`^(?=${tool}: |')`, 'm');
  return stderr
    .split(start)
    .filter((message) => message.startsWith(`${tool}: `))
    .map((message) => message.slice(tool.length + 2).trimEnd());
}

function failedEntry(message: string): FailedEntry[] {
  const [, path = '', operation = '', reason = ''] = /^'(.*)' cannot be (\w+): (.*)$/s.exec(message) ?? [];
  return operation === '' ? [] : [{ path, operation, reason }];
}
