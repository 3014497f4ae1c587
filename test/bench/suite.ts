// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { chart, position } from '../../bench/suite/chart.ts';
import { columns } from '../../bench/suite/columns.ts';
import { expectedMinutes, THOROUGH } from '../../bench/suite/main.ts';
import { bySetting, columnsOf, reduce } from '../../bench/suite/measure.ts';
import type { Cell, Report, Row, Sample } from '../../bench/suite/model.ts';
import { page } from '../../bench/suite/page.ts';
import { rows } from '../../bench/suite/rows.ts';
import { define } from '../support/define.ts';

function row(name: string): Row {
  return rows.find((one) => one.name === name) ?? assert.fail(name);
}

/** Samples of these values. */
function values(...all: (number | undefined)[]): (Sample | undefined)[] {
  return all.map((value) => (value === undefined ? undefined : { value }));
}

const CPU = { machine: 0.5, client: 0.25, servers: 0.125, helpers: 0 };

/** A report in which every cell has the same ratio. */
function report(ratio: number): Report {
  const cells = rows.flatMap((one) =>
    columnsOf(one, columns).map(({ name }): Cell => {
      const base = name === 'veth';
      return {
        row: one.name,
        column: name,
        value: 20_000,
        ratio: base ? null : ratio,
        spread: 0.1,
        cpu: CPU,
        rounds: 5,
      };
    }),
  );
  return { machine: { processor: '2 × Example' }, cells };
}

define('the suite', (test) => {
  test('names of rows and columns are theirs alone', () => {
    for (const table of [rows, columns]) {
      assert.equal(new Set(table.map(({ name }) => name)).size, table.length);
    }
  });

  test('there is bulk data of each kind', () => {
    for (const protocol of ['tcp', 'udp']) {
      const found = rows.filter(({ name }) => name.startsWith(`${protocol}-`) && /-\d+-/.test(name));
      assert.equal(found.length, 16);
      assert.equal(found.filter(({ setting }) => setting.mtu === 9000 && !setting.offload).length, 4);
    }
  });

  test('offloads are switched off only where there are any', () => {
    const names = (name: string) => columnsOf(row(name), columns).map((column) => column.name);
    assert.deepEqual(names('tcp-send-1-1500-off'), ['veth', 'tap', 'lkl-tap']);
    assert.deepEqual(names('null-syscall'), ['veth', 'lkl-tap']);
    assert.equal(names('tcp-rr').length, columns.length);
  });

  test('rows of one setting are measured together', () => {
    const groups = bySetting(rows);
    assert.equal(groups.length, 4);
    assert.equal(
      groups.reduce((sum, group) => sum + group.rows.length, 0),
      rows.length,
    );
  });

  test('all of it takes no longer than 25 minutes, as planned', () => {
    assert.ok(expectedMinutes({ rows, columns, ...THOROUGH }) < 25);
  });

  test('a ratio is the median of the rounds that both have', () => {
    const [base, ours] = reduce(
      row('tcp-rr'),
      [
        { column: 'veth', samples: values(10, 20, undefined, 40), errors: ['lost'] },
        { column: 'tap', samples: values(20, 20, 30, 20), errors: [] },
      ],
      'veth',
    );
    assert.deepEqual(base, {
      row: 'tcp-rr',
      column: 'veth',
      value: 20,
      ratio: null,
      spread: 0.75,
      cpu: null,
      rounds: 3,
    });
    assert.deepEqual(ours, { row: 'tcp-rr', column: 'tap', value: 20, ratio: 1, spread: 0.75, cpu: null, rounds: 4 });
  });

  test('processor time is the median of each part', () => {
    const samples = [1, 2, 9].map((machine) => ({ value: 1, cpu: { ...CPU, machine } }));
    const [cell] = reduce(row('tcp-rr'), [{ column: 'veth', samples, errors: [] }], 'veth');
    assert.deepEqual(cell?.cpu, { ...CPU, machine: 2 });
  });

  test('a cell that failed twice has no figures but the reason', () => {
    const [cell] = reduce(row('tcp-rr'), [{ column: 'veth', samples: values(1), errors: ['a', 'b'] }], 'veth');
    assert.equal(cell?.value, null);
    assert.equal(cell?.error, 'b');
  });

  test('the page has a line for each row, and says where LKL is behind', () => {
    const text = page(report(1.5), rows, columns, 'the introduction');
    for (const { title } of rows) {
      assert.ok(text.includes(`| ${title} |`), title);
    }
    assert.ok(text.includes('20,000<br>**1.50** ±10 %<br><sub>0.5 (0.25 + 0.125)</sub>'));
    assert.ok(text.includes('the introduction'));
    assert.ok(text.includes('- processor: 2 × Example'));
    assert.ok(text.includes('LKL, tap behind pasta: in no row'));
  });

  test('a faster rival is named, in either direction of better', () => {
    const { machine, cells } = report(1);
    const faster = cells.map((cell) => {
      const ratio = cell.row === 'tcp-rr' ? 0.5 : cell.row === 'tcp-crr' ? 2 : cell.ratio;
      return cell.column === 'pasta' ? { ...cell, ratio } : cell;
    });
    const text = page({ machine, cells: faster }, rows, columns, '');
    const titles = ['tcp-rr', 'tcp-crr'].map((name) => row(name).title);
    assert.ok(text.includes(`LKL, tap behind pasta: Requests: ${titles.join('; Requests: ')}\n`), text.slice(-900));
  });

  test('what failed is in the page with its reason', () => {
    const failed: Cell = {
      row: 'tcp-rr',
      column: 'pasta',
      value: null,
      ratio: null,
      spread: null,
      cpu: null,
      rounds: 0,
      error: 'no route',
    };
    const text = page({ machine: {}, cells: [failed] }, rows, columns, '');
    assert.ok(text.includes('| failed |'));
    assert.ok(text.includes('- tcp-rr, pasta: no route'));
  });

  test('the axis of the chart is logarithmic and has ends', () => {
    assert.equal(Math.round(position(2) - position(1)), Math.round(position(1) - position(0.5)));
    assert.equal(position(1e9), position(8));
    assert.equal(position(1e-9), position(1 / 64));
  });

  test('the chart has a mark for each ratio, farther right where it is better', () => {
    const svg = chart(report(2), rows, columns);
    const { cells } = report(2);
    assert.equal(svg.match(/<title>[^<]*: \d/g)?.length, cells.filter(({ ratio }) => ratio !== null).length);
    assert.ok(svg.includes('<title>LKL, tap: 2.00</title>'));
    assert.ok(svg.includes('<title>LKL, tap: 0.50</title>'), 'twice the time of a round trip is half the speed');
    assert.ok(svg.length < 1 << 16, `${svg.length} bytes`);
  });

  test('the chart is well-formed and goes with light and dark', () => {
    const svg = chart(report(1), rows, columns);
    const open: string[] = [];
    for (const [, end, name = '', alone] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[a-zA-Z0-9:-]+="[^"<]*")*(\/?)>/g)) {
      if (end) {
        assert.equal(open.pop(), name);
      } else if (!alone) {
        open.push(name);
      }
    }
    assert.deepEqual(open, []);
    assert.match(svg, /prefers-color-scheme:dark/);
  });
});
