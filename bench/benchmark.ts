// SPDX-License-Identifier: GPL-2.0-or-later

/** What a benchmark found: ours, and where it makes sense the host kernel's in the same run. */
export interface Result {
  readonly ours: number;
  /** Null where there is nothing on the host to compare with. */
  readonly host: number | null;
  readonly unit: string;
  /** ours ÷ host; null without host. */
  readonly ratio: number | null;
  /** How far the middle half of the samples lies apart, as a part of their median. */
  readonly spread: number;
  /** More figures that help to understand the result, such as context switches per request. */
  readonly notes?: Readonly<Record<string, number>>;
}

/** One row of the table in index.ts: one file in this directory. */
export interface Benchmark {
  readonly name: string;
  /** What is measured, in a few words. */
  readonly description: string;
  /** It takes so long that it is run only when it is named. */
  readonly onlyByName?: true;
  readonly run: () => Promise<Result>;
}

/** The value that a given part of the samples lies below. */
function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Between which the middle half of the samples lies. */
export function quartiles(samples: readonly number[]): [number, number] {
  return [quantile(samples, 0.25), quantile(samples, 0.75)];
}

export function spread(samples: readonly number[]): number {
  const [low, high] = quartiles(samples);
  return (high - low) / median(samples);
}

type Sample = () => number | Promise<number>;

/** Samples of two things taken in turns, so that both see the same noise, after one round that does not count. */
export async function inTurns(rounds: number, ours: Sample, host: Sample): Promise<{ ours: number[]; host: number[] }> {
  const samples = { ours: [] as number[], host: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const pair = { ours: await ours(), host: await host() };
    if (round > 0) {
      samples.ours.push(pair.ours);
      samples.host.push(pair.host);
    }
  }
  return samples;
}

/** The usual result: medians of samples taken in turns, and the ratio of these with the spread of the rounds' ratios. */
export async function compare(unit: string, rounds: number, ours: Sample, host: Sample): Promise<Result> {
  const samples = await inTurns(rounds, ours, host);
  const ratios = samples.ours.map((sample, round) => sample / (samples.host[round] ?? Number.NaN));
  const [a, b] = [median(samples.ours), median(samples.host)];
  return { ours: a, host: b, unit, ratio: a / b, spread: spread(ratios) };
}
