// SPDX-License-Identifier: GPL-2.0-or-later
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../test/support/discover.ts';
import { noHosts } from '../../test/support/namespace.ts';
import { chart } from './chart.ts';
import { columns } from './columns.ts';
import { figure, percent } from './figures.ts';
import { columnsOf, measureAll, type Plan } from './measure.ts';
import type { Cell, Report, Row } from './model.ts';
import { page } from './page.ts';
import { rows } from './rows.ts';

export interface SuiteOptions {
  /** Rows to measure; none are all. */
  readonly names: readonly string[];
  /** One short round, to see whether it works. */
  readonly quick: boolean;
  readonly json: boolean;
  /** A report of an earlier run, to write the page from. */
  readonly from?: string | undefined;
}

/** Where the report of the last whole run is kept, for --from. */
const REPORT = path.join(ROOT, 'build', 'benchmarks.json');
const DOCS = path.join(ROOT, 'docs');

export const THOROUGH = { rounds: 5, seconds: 0.6 };
const QUICK = { rounds: 1, seconds: 0.3 };

/** What a sample takes besides its seconds, as seen: warming up, starting, connecting. */
const OVERHEAD = 0.35;

function output(...command: string[]): string {
  const [file = '', ...args] = command;
  return execFileSync(file, args, { cwd: ROOT, encoding: 'utf8' }).trim();
}

function version(name: string): string {
  return output('dpkg-query', '-W', '-f', '${Version}', name);
}

function describeMachine(plan: Plan): Record<string, string> {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: output('git', 'rev-parse', '--short', 'HEAD'),
    processor: `${availableParallelism()} × ${cpus()[0]?.model ?? '?'}`,
    'host kernel': release(),
    'passt, pasta': version('passt'),
    slirp4netns: version('slirp4netns'),
    rounds: `${plan.rounds}, of ${plan.seconds} s a sample`,
  };
}

/** Minutes that a plan takes. */
export function expectedMinutes({ rows: all, columns: some, rounds, seconds }: Plan): number {
  const samples = all.reduce((sum, row) => sum + columnsOf(row, some).length, 0);
  return (samples * rounds * (seconds + OVERHEAD)) / 60;
}

function showRow(row: Row, cells: readonly Cell[], json: boolean): void {
  if (json) {
    for (const cell of cells) {
      process.stdout.write(`${JSON.stringify({ ...cell, unit: row.unit.text, better: row.unit.better })}\n`);
    }
    return;
  }
  const texts = cells.map(({ column, value, ratio, spread, error }) => {
    const ratioText = ratio === null ? '' : ` ${ratio.toFixed(2)}`;
    return value === null
      ? `${column} failed (${error})`
      : `${column} ${figure(value)}${ratioText} ${percent(spread ?? 0)}`;
  });
  process.stdout.write(`${row.name} (${row.unit.text}): ${texts.join('; ')}\n`);
}

/** Writes the page and the chart. */
function write(report: Report): void {
  const intro = readFileSync(path.join(ROOT, 'bench', 'suite', 'intro.md'), 'utf8').trim();
  writeFileSync(path.join(DOCS, 'benchmarks.md'), page(report, rows, columns, intro));
  writeFileSync(path.join(DOCS, 'benchmarks.svg'), chart(report, rows, columns));
}

/** Runs the suite: the exit status. A whole run writes docs/benchmarks.md and its chart. */
export async function suite({ names, quick, json, from }: SuiteOptions): Promise<number> {
  if (from !== undefined) {
    write(JSON.parse(readFileSync(from, 'utf8')) as Report);
    return 0;
  }
  const chosen = rows.filter(({ name }) => names.length === 0 || names.includes(name));
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) {
    const known = rows.map(({ name }) => name).join(', ');
    process.stderr.write(`there is no row ${unknown.join(', ')}; there are ${known}\n`);
    return 2;
  }
  // Each host is removed at exit.
  process.setMaxListeners(0);
  const reason = noHosts();
  if (reason !== undefined) {
    process.stderr.write(`the suite ${reason}\n`);
    return 1;
  }
  const plan: Plan = { rows: chosen, columns, ...(quick ? QUICK : THOROUGH) };
  process.stderr.write(`${chosen.length} rows, about ${Math.ceil(expectedMinutes(plan))} minutes\n`);
  const machine = describeMachine(plan);
  const cells = await measureAll(plan, (row, found) => showRow(row, found, json));
  const report: Report = { machine, cells };
  if (!quick && names.length === 0) {
    mkdirSync(path.dirname(REPORT), { recursive: true });
    writeFileSync(REPORT, `${JSON.stringify(report)}\n`);
    write(report);
  }
  return cells.some(({ error }) => error !== undefined) ? 1 : 0;
}
