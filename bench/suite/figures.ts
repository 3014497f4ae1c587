// SPDX-License-Identifier: GPL-2.0-or-later
import type { Cell, Cpu, Row } from './model.ts';

/** A figure with three significant digits, without the exponent of toPrecision(). */
export function figure(value: number): string {
  const digits = Number(value.toPrecision(3));
  return Math.abs(digits) >= 10_000 ? digits.toLocaleString('en-US') : digits.toString();
}

export function percent(part: number): string {
  return `±${(100 * part).toFixed(0)} %`;
}

/** How fast a cell is, in times of the first column: more is better, whatever the unit. */
export function speed(row: Row, cell: Cell): number | null {
  if (cell.ratio === null) {
    return null;
  }
  return row.unit.better === 'more' ? cell.ratio : 1 / cell.ratio;
}

/** The machine's time, and that of client, servers and helpers. */
export function cpuText({ machine, client, servers, helpers }: Cpu): string {
  const parts = [client, servers, ...(helpers > 0 ? [helpers] : [])].map(figure).join(' + ');
  return `${figure(machine)} (${parts})`;
}
