// SPDX-License-Identifier: GPL-2.0-or-later
import { median, spread } from '../benchmark.ts';
import type { Cell, Column, Cpu, Row, Sample, Setting } from './model.ts';
import { PeerServers } from './servers.ts';

export interface Plan {
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  readonly rounds: number;
  /** Of one sample. */
  readonly seconds: number;
}

/** Samples that fail before a cell is given up. */
const FAILURES = 2;

/** The columns that a row is measured in. */
export function columnsOf({ columns: only, setting }: Row, columns: readonly Column[]): Column[] {
  return columns.filter(({ name, offload }) => (only?.includes(name) ?? true) && (setting.offload || offload));
}

/** Rows of one setting share their wires. */
export function bySetting(rows: readonly Row[]): { setting: Setting; rows: Row[] }[] {
  const groups: { setting: Setting; rows: Row[] }[] = [];
  for (const row of rows) {
    const { mtu, offload } = row.setting;
    const group = groups.find(({ setting }) => setting.mtu === mtu && setting.offload === offload);
    if (group === undefined) {
      groups.push({ setting: row.setting, rows: [row] });
    } else {
      group.rows.push(row);
    }
  }
  return groups;
}

/** One cell while it is measured: its samples by round. */
interface Samples {
  readonly column: string;
  readonly samples: (Sample | undefined)[];
  readonly errors: string[];
}

function medianCpu(samples: readonly Sample[]): Cpu | null {
  const cpus = samples.flatMap(({ cpu }) => (cpu === undefined ? [] : [cpu]));
  if (cpus.length === 0) {
    return null;
  }
  const of = (part: keyof Cpu): number => median(cpus.map((cpu) => cpu[part]));
  return { machine: of('machine'), client: of('client'), servers: of('servers'), helpers: of('helpers') };
}

/** What the rounds of a row come to. The first column is what the others are divided by, in the same round. */
export function reduce(row: Row, cells: readonly Samples[], base: string): Cell[] {
  const reference = cells.find(({ column }) => column === base)?.samples ?? [];
  return cells.map(({ column, samples, errors }) => {
    const good = samples.filter((sample) => sample !== undefined);
    if (good.length === 0 || errors.length >= FAILURES) {
      const error = errors.at(-1) ?? 'not measured';
      return { row: row.name, column, value: null, ratio: null, spread: null, cpu: null, rounds: 0, error };
    }
    const values = good.map(({ value }) => value);
    const ratios = samples.flatMap((sample, round) => {
      const other = reference[round];
      return sample === undefined || other === undefined ? [] : [sample.value / other.value];
    });
    const compared = column !== base && ratios.length > 0;
    return {
      row: row.name,
      column,
      value: median(values),
      ratio: compared ? median(ratios) : null,
      spread: spread(compared ? ratios : values),
      cpu: medianCpu(good),
      rounds: good.length,
    };
  });
}

function why(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').slice(0, 2).join(' ').slice(0, 300);
}

/** A round of a row: every column once, each round beginning with another. */
async function round(row: Row, cells: Samples[], wires: ReadonlyMap<string, PeerServers>, n: number, seconds: number) {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[(i + n) % cells.length];
    const servers = wires.get(cell?.column ?? '');
    if (cell === undefined || servers === undefined || cell.errors.length >= FAILURES) {
      continue;
    }
    try {
      cell.samples[n] = await row.sample(servers, seconds);
    } catch (error) {
      cell.errors.push(why(error));
      await servers.stop();
    }
  }
}

/** Measures all rows in all columns, setting by setting, and tells of each row when it is done. */
export async function measureAll(plan: Plan, done: (row: Row, cells: readonly Cell[]) => void): Promise<Cell[]> {
  const all: Cell[] = [];
  for (const { setting, rows } of bySetting(plan.rows)) {
    const wires = new Map<string, PeerServers>();
    const broken = new Map<string, string>();
    try {
      for (const column of plan.columns.filter((one) => rows.some((row) => columnsOf(row, [one]).length > 0))) {
        try {
          wires.set(column.name, new PeerServers(await column.make(setting)));
        } catch (error) {
          broken.set(column.name, why(error));
        }
      }
      for (const row of rows) {
        const cells = columnsOf(row, plan.columns).map(({ name }): Samples => {
          const error = broken.get(name);
          return { column: name, samples: [], errors: error === undefined ? [] : Array(FAILURES).fill(error) };
        });
        for (let n = 0; n < plan.rounds; n++) {
          await round(row, cells, wires, n, plan.seconds);
        }
        const found = reduce(row, cells, plan.columns[0]?.name ?? '');
        all.push(...found);
        done(row, found);
      }
    } finally {
      for (const servers of wires.values()) {
        await servers.stop();
        servers.wire.remove();
      }
    }
  }
  return all;
}
