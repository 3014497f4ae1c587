// SPDX-License-Identifier: GPL-2.0-or-later
import type { Host } from '../../test/support/namespace.ts';

/** What the interfaces of a wire are set to. */
export interface Setting {
  readonly mtu: number;
  /** Whether packets may be left big and without checksums; false: each is as it would be on a cable. */
  readonly offload: boolean;
}

/** Two hosts and what connects them: programs run inside, and talk to servers on the peer, or the other way round. */
export interface Wire {
  readonly peer: Host;
  /** The address of the peer, as programs inside know it. */
  readonly address: string;
  /** Before a command, makes it run inside. */
  readonly inside: readonly string[];
  /** The same in the inside's place, but with the host's kernel; for the programs that look on. */
  readonly outside: readonly string[];
  /** How programs of the peer reach a port of the inside. */
  readonly entry: (port: number) => { readonly address: string; readonly port: number };
  /** IDs of the processes that carry packets. */
  readonly helpers: readonly number[];
  readonly remove: () => void;
}

/** One column of the table: a way to be on the network. */
export interface Column {
  readonly name: string;
  readonly title: string;
  /** What it is, in a sentence. */
  readonly description: string;
  /** Its packets can be big, so that there is something to switch off. */
  readonly offload: boolean;
  readonly make: (setting: Setting) => Promise<Wire> | Wire;
}

/** What a figure is, and what processor time is told by. */
export interface Unit {
  readonly text: string;
  /** In which direction it is better. */
  readonly better: 'more' | 'less';
  /** The unit of processor time; undefined where that says nothing. */
  readonly cpu?: string;
}

/** Processor time for each piece of work, in the unit's terms. */
export interface Cpu {
  /** In which any processor was busy: what the others are charged for, and interrupts, and what they woke. */
  readonly machine: number;
  readonly client: number;
  readonly servers: number;
  /** Of what carries packets between the two. */
  readonly helpers: number;
}

export interface Sample {
  readonly value: number;
  readonly cpu?: Cpu;
}

/** One row of the table: a load. */
export interface Row {
  readonly name: string;
  /** The table that it is shown in. */
  readonly group: string;
  readonly title: string;
  readonly unit: Unit;
  readonly setting: Setting;
  /** The only columns that it is measured in; without it, all that can do the setting. */
  readonly columns?: readonly string[];
  /** One sample, which measures for about so many seconds. */
  readonly sample: (wire: Servers, seconds: number) => Promise<Sample>;
}

/** A wire with the servers that rows want on its peer. */
export interface Servers {
  readonly wire: Wire;
  /** Starts a server of the table in servers.ts, unless it runs, and gives its process ID. */
  readonly start: (name: string) => Promise<number>;
}

/** What was found for a row and a column. */
export interface Cell {
  readonly row: string;
  readonly column: string;
  /** Medians of the rounds; of the ratio as well. Null where there is none. */
  readonly value: number | null;
  /** To the first column, in the same round. */
  readonly ratio: number | null;
  /** How far the middle half of the rounds' ratios, or of the values, lies apart, as a part of the median. */
  readonly spread: number | null;
  readonly cpu: Cpu | null;
  /** Rounds that were counted. */
  readonly rounds: number;
  /** Why there are no figures. */
  readonly error?: string;
}

/** All that was found in a run. */
export interface Report {
  /** What it ran on: name and value. */
  readonly machine: Readonly<Record<string, string>>;
  readonly cells: readonly Cell[];
}
