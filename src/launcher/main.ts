// SPDX-License-Identifier: GPL-2.0-or-later
//
// The planner of bin/lkl-hijack: `node launch.cjs SHELL-PID ARGUMENTS...` writes shell code to standard output, or a
// message to standard error. Both are written with writeSync: Node's streams make a pipe non-blocking, and the pipe is
// the user's. What is needed only now and then is imported where it is needed: this is the start-up of every program.
import { writeSync } from 'node:fs';
import path from 'node:path';
import { readEnvironment } from './environment.ts';
import { Failure, Status } from './failure.ts';
import { launch } from './launch.ts';
import { planToShell } from './shell.ts';

function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    at += writeSync(descriptor, bytes, at);
  }
}

async function main(): Promise<void> {
  const [shellPid = '', ...argv] = process.argv.slice(2);
  try {
    const plan = await launch({
      argv,
      environment: readEnvironment(shellPid),
      root: path.dirname(path.dirname(process.argv[1] ?? '')),
      tell: (message) => write(2, `lkl-hijack: ${message}\n`),
    });
    write(1, planToShell(plan));
  } catch (error) {
    write(2, error instanceof Failure ? error.toString() : `lkl-hijack: ${String(error)}\n`);
    process.exitCode = error instanceof Failure ? error.status : Status.ours;
  }
}

void main();
