// SPDX-License-Identifier: GPL-2.0-or-later
// time limit: 600 s
/** cptofs is killed while it copies: the image mounts again, and is clean once its journal has been replayed. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { emptyImage, FILE_SYSTEMS, imageDirectory, mustRun, shell, TOOLS, tool } from '../support/file-systems.ts';

/** How often each; the long form says 100. */
const ROUNDS = Number(process.env.LKL_KILL_ROUNDS ?? 3);
const TYPES = new Set(['ext4', 'xfs', 'btrfs', 'f2fs']);

/** Longer than copying the tree takes, so that some are killed while they unmount. */
const LATEST_MS = 2500;

const directory = imageDirectory();
const image = path.join(directory, 'image');
const tree = path.join(directory, 'tree');

await mustRun('tree', ['make', tree, 'sparse']);

/** Copies until the signal comes. Whether it was ended by that. */
async function copyAndKill(signal: 'SIGKILL' | 'SIGTERM', after: number): Promise<boolean> {
  const run = execa(path.join(TOOLS, 'cptofs'), ['-i', image, tree, `/to-${after}`], { reject: false });
  const timer = setTimeout(() => run.kill(signal), after);
  const { isTerminated, exitCode, stderr } = await run;
  clearTimeout(timer);
  assert.ok(isTerminated || exitCode === 0, stderr);
  return isTerminated;
}

/** As the next one to use it would find it. */
async function mountAgain(): Promise<void> {
  const marker = path.join(directory, 'marker');
  writeFileSync(marker, 'here');
  await mustRun('cptofs', ['-i', image, marker, '/marker']);
}

define('copy killed', (test) => {
  for (const { type, make, check } of FILE_SYSTEMS.filter((one) => TYPES.has(one.type))) {
    test(
      `${type}: by SIGKILL at any moment`,
      async () => {
        let killed = 0;
        for (let round = 0; round < ROUNDS; round++) {
          emptyImage(image, 1024 ** 3);
          await shell(make, { IMAGE: image });
          killed += Number(await copyAndKill('SIGKILL', Math.floor((LATEST_MS * (round + Math.random())) / ROUNDS)));
          await mountAgain();
          await shell(check, { IMAGE: image });
        }
        assert.ok(killed > 0, 'no run was killed in time');
      },
      { timeout: 120_000 * Math.max(1, ROUNDS / 8) },
    );

    for (const end of type === 'ext4' ? (['SIGTERM', 'SIGQUIT'] as const) : (['SIGTERM'] as const)) {
      test(`${type}: by ${end}, which leaves nothing to be replayed`, async () => {
        emptyImage(image, 1024 ** 3);
        await shell(make, { IMAGE: image });
        const run = execa(path.join(TOOLS, 'cptofs'), ['-v', '-i', image, tree, '/'], {
          reject: false,
          maxBuffer: 1e8,
        });
        run.stderr.once('data', () => run.kill(end));
        const { signal } = await run;
        assert.is(signal, end);
        await shell(check, { IMAGE: image });
        const { stderr } = await tool('cpfromfs', ['-n', '-i', image, '/tree', directory]);
        assert.is(stderr, '');
      });
    }
  }
});
