// SPDX-License-Identifier: GPL-2.0-or-later
import { cpuText, figure, percent, speed } from './figures.ts';
import type { Cell, Column, Report, Row } from './model.ts';

/** Columns that LKL is to be ahead of, in each row. */
const RIVALS = ['pasta', 'slirp4netns'];
const OURS = ['lkl-tap', 'lkl-slirp', 'lkl-passt'];

/** A cell of a table: value, ratio with spread, processor time. */
function cellText(cell: Cell | undefined): string {
  if (cell === undefined) {
    return '–';
  }
  if (cell.value === null) {
    return 'failed';
  }
  const spread = cell.spread === null ? '' : ` ${percent(cell.spread)}`;
  const lines = [figure(cell.value), cell.ratio === null ? spread.trim() : `**${cell.ratio.toFixed(2)}**${spread}`];
  return [...lines, ...(cell.cpu === null ? [] : [`<sub>${cpuText(cell.cpu)}</sub>`])].join('<br>');
}

function unitText({ unit }: Row): string {
  const better = unit.better === 'less' ? ', less is better' : '';
  return `${unit.text}${better}${unit.cpu === undefined ? '' : `<br><sub>${unit.cpu}</sub>`}`;
}

type Find = (row: Row, column: Column) => Cell | undefined;

function table(rows: readonly Row[], columns: readonly Column[], find: Find): string[] {
  const shown = columns.filter((column) => rows.some((row) => find(row, column) !== undefined));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['', 'unit', ...shown.map(({ title }) => title)]),
    `|---|---|${'--:|'.repeat(shown.length)}`,
    ...rows.map((row) => line([row.title, unitText(row), ...shown.map((column) => cellText(find(row, column)))])),
  ];
}

/** For each of ours and each rival, the rows in which the rival is faster. */
function behind(rows: readonly Row[], columns: readonly Column[], find: Find): string[] {
  const pick = (names: readonly string[]) => columns.filter(({ name }) => names.includes(name));
  return pick(OURS).flatMap((ours) =>
    pick(RIVALS).map((rival) => {
      const slower = rows.filter((row) => {
        const [a, b] = [ours, rival].map((column) => find(row, column)).map((cell) => cell && speed(row, cell));
        return typeof a === 'number' && typeof b === 'number' && a < b;
      });
      const names = slower.map(({ title, group }) => `${group}: ${title}`).join('; ');
      return `- ${ours.title} behind ${rival.title}: ${slower.length === 0 ? 'in no row' : names}`;
    }),
  );
}

/** docs/benchmarks.md. */
export function page(report: Report, rows: readonly Row[], columns: readonly Column[], intro: string): string {
  const find: Find = (row, column) => report.cells.find((cell) => cell.row === row.name && cell.column === column.name);
  const measured = rows.filter((row) => report.cells.some((cell) => cell.row === row.name));
  const groups = [...new Set(measured.map(({ group }) => group))];
  const failures = report.cells.filter(({ error }) => error !== undefined);
  return [
    '<!-- Made by `npm run bench -- --suite`. -->',
    '# Benchmarks',
    '',
    '![Speed of each way onto the network, as a ratio to the host kernel over veth](benchmarks.svg)',
    '',
    intro,
    '',
    '| column | what it is |',
    '|---|---|',
    ...columns.map(({ title, description }) => `| ${title} | ${description} |`),
    '',
    ...Object.entries(report.machine).map(([name, value]) => `- ${name}: ${value}`),
    ...groups.flatMap((group) => [
      '',
      `## ${group}`,
      '',
      ...table(
        measured.filter((row) => row.group === group),
        columns,
        find,
      ),
    ]),
    '',
    '## Against other user-mode networks',
    '',
    ...behind(measured, columns, find),
    ...(failures.length === 0 ? [] : ['', '## Failed', '']),
    ...failures.map(({ row, column, error }) => `- ${row}, ${column}: ${error}`),
    '',
  ].join('\n');
}
