// SPDX-License-Identifier: GPL-2.0-or-later
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { makeRandom } from './random.ts';

const SECTOR = 512;

/** What is compared and copied at once. */
const PART = 16 * SECTOR;

/** What is in an image; the rest of it is zeroes. */
export interface Contents {
  readonly size: number;
  readonly parts: readonly { readonly at: number; readonly data: Buffer }[];
  /** Offsets of the sectors in which there is something: mostly what describes the rest. */
  readonly sectors: readonly number[];
}

/** Reads an image, for damaged copies to be made of it. */
export function readContents(image: string): Contents {
  const file = openSync(image, 'r');
  const { size } = fstatSync(file);
  const zeros = Buffer.alloc(PART);
  const chunk = Buffer.alloc(128 * PART);
  const parts: { at: number; data: Buffer }[] = [];
  const sectors: number[] = [];
  for (let start = 0; start < size; start += chunk.length) {
    const length = readSync(file, chunk, 0, chunk.length, start);
    for (let at = 0; at < length; at += PART) {
      const data = chunk.subarray(at, Math.min(at + PART, length));
      if (zeros.compare(data, 0, data.length, 0, data.length) !== 0) {
        parts.push({ at: start + at, data: Buffer.from(data) });
      }
    }
  }
  closeSync(file);
  for (const { at, data } of parts) {
    for (let sector = 0; sector < data.length; sector += SECTOR) {
      if (zeros.compare(data, sector, sector + SECTOR, 0, SECTOR) !== 0) {
        sectors.push(at + sector);
      }
    }
  }
  return { size, parts, sectors };
}

type Random = (limit: number) => number;

/** Each spoils a sector in its way. */
const SPOILERS: readonly ((sector: Buffer, random: Random) => void)[] = [
  (sector, random) => {
    const at = random(SECTOR);
    sector.writeUInt8(sector.readUInt8(at) ^ (1 << random(8)), at);
  },
  (sector, random) => sector.writeUInt8(random(256), random(SECTOR)),
  (sector, random) =>
    sector.writeUInt32LE([0, 1, 0x7fffffff, 0x80000000, 0xffffffff][random(5)] ?? 0, random(SECTOR / 4) * 4),
  (sector, random) => sector.writeUInt16LE([0, 1, 0x7fff, 0xffff][random(4)] ?? 0, random(SECTOR / 2) * 2),
  (sector, random) => sector.fill(random(2) * 0xff, random(SECTOR)),
  (sector, random) => {
    for (let n = 0; n < 16; n++) {
      sector.writeUInt8(random(256), random(SECTOR));
    }
  },
];

/**
 * Writes a copy with some sectors spoiled, of those in which there is something: the first ones, with the superblocks,
 * every other time.
 */
export function writeDamaged({ size, parts, sectors }: Contents, copy: string, seed: number): void {
  const file = openSync(copy, 'w+');
  ftruncateSync(file, size);
  for (const { at, data } of parts) {
    writeSync(file, data, 0, data.length, at);
  }
  const random = makeRandom(seed);
  const first = sectors.filter((at) => at < 1 << 17);
  const sector = Buffer.alloc(SECTOR);
  for (let n = 1 + random(4); n > 0; n--) {
    const from = random(2) === 0 ? first : sectors;
    const at = from[random(from.length)] ?? 0;
    readSync(file, sector, 0, SECTOR, at);
    SPOILERS[random(SPOILERS.length)]?.(sector, random);
    writeSync(file, sector, 0, SECTOR, at);
  }
  closeSync(file);
}
