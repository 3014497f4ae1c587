// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { ROOT } from './discover.ts';
import type { Host } from './namespace.ts';

export const LAUNCHER = path.join(ROOT, 'bin', 'lkl-hijack');
export const LIBRARY = path.join(ROOT, 'build', 'Release', 'liblkl-hijack.so');

export interface HijackOptions {
  /** The configuration, written to a file; without one the launcher is told to use none. */
  readonly config?: unknown;
  /** The host that the program's taps are on. */
  readonly netns?: Host;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input; without it, nothing. */
  readonly input?: string;
  /** Its standard input stays open, for the test to write to while it runs. */
  readonly interactive?: boolean;
  readonly cwd?: string;
  /** Milliseconds after which it is killed. */
  readonly timeout?: number;
}

/** The end of a hijacked program. A status other than 0 is no error here: tests look at it. */
export interface Hijacked {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end: `hijack(['ip', 'addr'])`. The launcher's own options may come before the program. */
export async function hijack(args: readonly string[], options: HijackOptions = {}): Promise<Hijacked> {
  const { exitCode, signal, stdout, stderr } = await startHijacked(args, options);
  return { exitCode, signal, stdout, stderr };
}

/** Starts a program that the test talks to while it runs. It is killed when the test process ends. */
export function startHijacked(args: readonly string[], options: HijackOptions = {}) {
  const { config, netns, env = {}, input = '', interactive = false, cwd = ROOT, timeout = 60_000 } = options;
  const configuration = config === undefined ? ['--no-config'] : ['--config', writeConfiguration(config)];
  const [program = '', ...rest] = [...(netns?.prefix ?? []), LAUNCHER, ...configuration, ...args];
  return execa(program, rest, {
    reject: false,
    stripFinalNewline: false,
    env: { ...env },
    cwd,
    timeout,
    ...(interactive ? {} : { input }),
  });
}

let directory: string | undefined;
let files = 0;

/** A directory for the files of a test process, removed when it ends. */
export function temporaryDirectory(): string {
  if (directory === undefined) {
    const made = mkdtempSync(path.join(tmpdir(), 'lkl-test-'));
    directory = made;
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  }
  return directory;
}

/** Writes a configuration, given as its text or as an object, and tells the file. */
export function writeConfiguration(config: unknown): string {
  const file = path.join(temporaryDirectory(), `config-${++files}.json`);
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  return file;
}
