// SPDX-License-Identifier: GPL-2.0-or-later
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readContents, writeDamaged } from '../test/support/damage.ts';
import { temporaryDirectory } from '../test/support/hijack.ts';
import { IMAGES, makeImage } from '../test/support/images.ts';
import { goIn, waysIn } from '../test/support/ways-in.ts';
import type { Benchmark } from './benchmark.ts';

/** For each type of file system. */
const SECONDS = Number(process.env.DAMAGED_SECONDS ?? 600);

/**
 * With a file for what was done so far, a run is a piece of this many seconds, which goes on with the type that had
 * the least time, until all had theirs: `DAMAGED_STATE=state.json DAMAGED_PIECE=30 npm run bench -- damaged`.
 */
const STATE = process.env.DAMAGED_STATE;
const PIECE = Number(process.env.DAMAGED_PIECE ?? 30);

/** The seeds of test/linux/damaged.ts are below. */
const FIRST_SEED = Number(process.env.DAMAGED_SEED ?? 1000);

/** A machine that is busy with other work is no hang: it is tried as often before it counts. */
const TRIALS = 3;

/** What each type had so far. */
interface Done {
  seconds: number;
  images: number;
  /** Of which the first trial took too long, or failed. */
  again: number;
}

type State = Record<string, Done>;

function readState(): State {
  const known: State = STATE !== undefined && existsSync(STATE) ? JSON.parse(readFileSync(STATE, 'utf8')) : {};
  const none = { seconds: 0, images: 0, again: 0 };
  return Object.fromEntries(Object.keys(IMAGES).map((type) => [type, { ...none, ...known[type] }]));
}

/** Goes into images of a type for some seconds. Fails at the first crash or hang, with the image that leads there. */
async function spend(type: string, seconds: number, done: Done): Promise<void> {
  const directory = temporaryDirectory();
  const image = await makeImage(directory, type);
  const whole = await goIn('walk', image);
  if (whole.status !== 0) {
    throw new Error(`${type}, not damaged: ${whole.output}`);
  }
  const contents = readContents(image);
  const copy = path.join(directory, 'damaged.img');
  const start = Date.now();
  for (; Date.now() < start + seconds * 1000; done.images++) {
    const seed = FIRST_SEED + done.images;
    // The walk every other time.
    const way = waysIn[seed % 2 === 0 ? 0 : (seed >> 1) % waysIn.length] ?? '';
    for (let trial = 1; ; trial++) {
      writeDamaged(contents, copy, seed);
      const { sound, output } = await goIn(way, copy);
      if (sound) {
        break;
      }
      done.again++;
      writeDamaged(contents, copy, seed);
      const kept = path.resolve(`damaged-${type}-${seed}.img`);
      copyFileSync(copy, kept);
      process.stderr.write(`${type}, seed ${seed}, ${way}: ${output}\n(${kept})\n`);
      if (trial === TRIALS) {
        done.images++;
        throw new Error(`${type}, ${way}: ${kept}`);
      }
    }
  }
  done.seconds += (Date.now() - start) / 1000;
}

/** Ten minutes of damaged images of each type. */
export const damaged: Benchmark = {
  name: 'damaged',
  description: 'damaged images, ten minutes of each type of file system, that ended the kernel',
  onlyByName: true,
  run: async () => {
    const state = readState();
    const left = (): [string, Done][] =>
      Object.entries(state)
        .filter(([, { seconds }]) => seconds < SECONDS)
        .sort(([, a], [, b]) => a.seconds - b.seconds);
    for (let next = left()[0]; next !== undefined; next = STATE === undefined ? left()[0] : undefined) {
      const [type, done] = next;
      try {
        await spend(type, STATE === undefined ? SECONDS : PIECE, done);
      } finally {
        if (STATE !== undefined) {
          writeFileSync(STATE, `${JSON.stringify(state, null, 1)}\n`);
        }
      }
    }
    const notes = Object.fromEntries(Object.entries(state).map(([type, { images }]) => [type, images]));
    return { ours: 0, host: null, unit: 'images', ratio: null, spread: 0, notes };
  },
};
