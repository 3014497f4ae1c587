// SPDX-License-Identifier: GPL-2.0-or-later
import { speed } from './figures.ts';
import type { Cell, Column, Report, Row } from './model.ts';

const LINE = 17;
const HEADING = 26;
const LEFT = 330;
const PLOT = 560;
const RIGHT = 24;
const TOP = 54;

/** Ends of the axis: a step of two, in times of the first column. */
const FIRST = 1 / 64;
const LAST = 8;

/** In the order of the columns: seen by the colour-blind too, on white and on black. */
const COLOURS = ['#8c8c8c', '#0f7fd4', '#b3a000', '#18a07c', '#d9822b', '#c4549b'];
/** Shapes tell the same as colours. */
const SHAPES: readonly ((x: number, y: number) => string)[] = [
  (x, y) => `M${x - 4} ${y - 4}h8v8h-8z`,
  (x, y) => `M${x - 5} ${y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z`,
  (x, y) => `M${x - 2} ${y - 5}h4v3h3v4h-3v3h-4v-3h-3v-4h3z`,
  (x, y) => `M${x} ${y - 6}l6 6l-6 6l-6-6z`,
  (x, y) => `M${x} ${y - 5}l5.5 9h-11z`,
  (x, y) => `M${x} ${y + 5}l5.5-9h-11z`,
];

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Where a ratio is on the logarithmic axis. What lies beyond it is shown at its end. */
export function position(ratio: number): number {
  const inside = Math.min(LAST, Math.max(FIRST, ratio));
  return LEFT + (PLOT * Math.log2(inside / FIRST)) / Math.log2(LAST / FIRST);
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function tick(ratio: number): string {
  return ratio >= 1 ? `${ratio}` : `1/${1 / ratio}`;
}

/** docs/benchmarks.svg: a line for each row, on it a mark for each column, farther right where it is better. */
export function chart({ cells }: Report, rows: readonly Row[], columns: readonly Column[]): string {
  const others = columns.slice(1);
  const find = (row: Row, column: Column): Cell | undefined =>
    cells.find((cell) => cell.row === row.name && cell.column === column.name);
  const drawn = rows.filter((row) => others.some((column) => find(row, column)?.ratio != null));
  const body: string[] = [];
  let y = TOP;
  let group = '';
  for (const row of drawn) {
    if (row.group !== group) {
      group = row.group;
      y += HEADING;
      body.push(`<text class="h" x="8" y="${y}">${escaped(group)}</text>`);
      y += 5;
    }
    y += LINE;
    body.push(`<text x="${LEFT - 10}" y="${y + 4}" text-anchor="end">${escaped(row.title)}</text>`);
    body.push(`<path class="g" d="M${LEFT} ${y}h${PLOT}"/>`);
    others.forEach((column, index) => {
      const cell = find(row, column);
      const ratio = cell && speed(row, cell);
      if (cell === undefined || ratio == null) {
        return;
      }
      const half = (cell.spread ?? 0) / 2;
      const [from, to] = [position(ratio * (1 - half)), position(ratio * (1 + half))];
      body.push(`<path class="c${index}" d="M${round(from)} ${y}H${round(to)}" fill="none"/>`);
      const title = `${column.title}: ${ratio.toFixed(2)}`;
      const shape = SHAPES[index]?.(round(position(ratio)), y) ?? '';
      body.push(`<path class="c${index}" d="${shape}"><title>${escaped(title)}</title></path>`);
    });
  }
  const bottom = y + LINE;
  const height = bottom + 40;
  const axis: string[] = [];
  for (let ratio = FIRST; ratio <= LAST; ratio *= 2) {
    const x = round(position(ratio));
    axis.push(`<path class="${ratio === 1 ? 'one' : 'g'}" d="M${x} ${TOP}V${bottom}"/>`);
    axis.push(`<text x="${x}" y="${bottom + 16}" text-anchor="middle">${tick(ratio)}</text>`);
  }
  const legend = others.map((column, index) => {
    const x = LEFT + (index * PLOT) / others.length;
    return `<path class="c${index}" d="${SHAPES[index]?.(x, 32)}"/><text x="${x + 11}" y="36">${escaped(column.title)}</text>`;
  });
  const colours = others.map((_column, index) => `.c${index}{fill:${COLOURS[index]};stroke:${COLOURS[index]}}`);
  const width = LEFT + PLOT + RIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>Ratios to the host kernel over veth; farther right is better</title>',
    '<style>text{font:12px system-ui,sans-serif;fill:#57606a}.h{font-weight:600}.g{stroke:#8c959f;stroke-opacity:.3}',
    '.one{stroke:#57606a;stroke-width:1.5}',
    '@media(prefers-color-scheme:dark){text{fill:#adbac7}.one{stroke:#adbac7}}',
    `${colours.join('')}</style>`,
    '<text class="h" x="8" y="36">Host kernel over veth = 1</text>',
    ...legend,
    ...axis,
    ...body,
    `<text x="${LEFT + PLOT / 2}" y="${bottom + 34}" text-anchor="middle">farther right is better; the bar is the middle half of the rounds</text>`,
    '</svg>',
    '',
  ].join('\n');
}
