// SPDX-License-Identifier: GPL-2.0-or-later
//
// `npm run bench [-- NAME...] [--json]`: measures, and prints a table or one JSON object a line.
// `npm run bench -- --suite [--quick] [ROW...] [--json]`: the whole suite, against other ways onto the network; it
// writes docs/benchmarks.md and its chart. `--from FILE` writes them from a report of before.
import { parseArgs } from 'node:util';
import type { Benchmark, Result } from './benchmark.ts';
import { benchmarks } from './index.ts';
import { suite } from './suite/main.ts';

const names = benchmarks.map(({ name }) => name).join(', ');

const USAGE = `npm run bench [-- NAME...] [--json]
  measures, by default all but those that run only by name
npm run bench -- --suite [--quick] [ROW...] [--json]
  the whole suite, against other ways onto the network; writes docs/benchmarks.md
npm run bench -- --suite --from FILE
  writes it from a report of before

Names: ${names}
`;

function understand() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        suite: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        from: { type: 'string' },
      },
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

const { values, positionals } = understand();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

if (values.suite) {
  process.exit(await suite({ ...values, names: positionals }));
}

const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  process.stderr.write(`there is no benchmark ${unknown.join(', ')}; there are ${names}\n`);
  process.exit(2);
}

/** A figure with three significant digits, without the exponent of toPrecision(). */
function figure(value: number | null): string {
  return value === null ? '' : Number(value.toPrecision(3)).toString();
}

function line(cells: readonly string[]): string {
  const widths = [16, 10, 10, 8, 7, 8];
  return `${cells.map((cell, column) => (column === 0 || column > 5 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd();
}

function show({ name, description }: Benchmark, { ours, host, unit, ratio, spread, notes }: Result): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ name, ours, host, unit, ratio, spread, ...(notes ? { notes } : {}) })}\n`);
    return;
  }
  const more = Object.entries(notes ?? {}).map(([key, value]) => `; ${key} ${figure(value)}`);
  const percent = `±${(100 * spread).toFixed(0)} %`;
  process.stdout.write(
    `${line([name, figure(ours), figure(host), unit, figure(ratio), percent, `${description}${more.join('')}`])}\n`,
  );
}

if (!values.json) {
  process.stdout.write(`${line(['benchmark', 'ours', 'host', 'unit', 'ratio', 'spread', 'what'])}\n`);
}
let failed = false;
for (const benchmark of benchmarks) {
  if (positionals.length === 0 ? !benchmark.onlyByName : positionals.includes(benchmark.name)) {
    try {
      show(benchmark, await benchmark.run());
    } catch (error) {
      failed = true;
      process.stderr.write(`${benchmark.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}
process.exitCode = failed ? 1 : 0;
