// SPDX-License-Identifier: GPL-2.0-or-later
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** What decides whether the dynamic linker can load a library into a program (System V ABI, chapters 4 and 5; elf(5)). */
export interface Elf {
  readonly bits: 32 | 64;
  readonly endian: 'little' | 'big';
  /** e_machine, such as 62 for x86-64. */
  readonly machine: number;
  /** PT_INTERP: the dynamic linker; absent in a static program and in most libraries. */
  readonly interpreter: string | undefined;
  /** DT_NEEDED: the libraries it asks for. */
  readonly needed: readonly string[];
  /** DT_SONAME: what a library calls itself. */
  readonly soname: string | undefined;
  /** The file ends before what is to be loaded of it does: it was not copied as a whole. */
  readonly truncated: boolean;
  /** Made by the Go compiler, which makes system calls without libc. */
  readonly go: boolean;
}

const MAGIC = 0x7f454c46;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const PT_NOTE = 4;
const DT_NULL = 0n;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;
const DT_SONAME = 14n;
/** No table read here is nearly as long in a sound file. */
const LONGEST = 1 << 20;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: bigint;
  readonly size: number;
}

/** Reads part of a file; what lies past its end is missing from the result. */
type Read = (offset: number, length: number) => Buffer;

/** Names of the machines that a user may meet, for messages. */
const MACHINES: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'MIPS',
  20: '32-bit PowerPC',
  21: 'PowerPC',
  22: 's390',
  40: '32-bit ARM',
  62: 'x86-64',
  183: 'arm64',
  243: 'RISC-V',
  258: 'LoongArch',
};

export function machineName(elf: Elf): string {
  const name = MACHINES[elf.machine] ?? `machine ${elf.machine}`;
  // x32 programs and 64-bit ones have the same machine.
  return elf.machine === 62 && elf.bits === 32 ? 'x32' : name;
}

/** Reads the headers of an ELF file: undefined when it is none. Throws where it cannot be read. */
export function readElf(path: string): Elf | undefined {
  const fd = openSync(path, 'r');
  try {
    return parseElf((offset, length) => {
      const buffer = Buffer.alloc(Math.min(length, LONGEST));
      return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, offset));
    }, fstatSync(fd).size);
  } finally {
    closeSync(fd);
  }
}

function parseElf(read: Read, length: number): Elf | undefined {
  const header = read(0, 64);
  if (header.length < 52 || header.readUInt32BE(0) !== MAGIC) {
    return undefined;
  }
  const bits = header[4] === 1 ? 32 : 64;
  const endian = header[5] === 2 ? 'big' : 'little';
  if (bits === 64 && header.length < 64) {
    return undefined;
  }
  const numbers = new Numbers(bits, endian);
  const segments = readSegments(read, header, numbers);
  const text = (type: number): string | undefined => {
    const segment = segments.find((candidate) => candidate.type === type);
    return segment && cString(read(segment.offset, segment.size), 0);
  };
  return {
    bits,
    endian,
    machine: numbers.half(header, 18),
    interpreter: text(PT_INTERP),
    ...readDynamic(read, segments, numbers),
    truncated: segments.some(({ type, offset, size }) => type === PT_LOAD && offset + size > length),
    go: segments.some((segment) => segment.type === PT_NOTE && hasGoNote(read(segment.offset, segment.size), numbers)),
  };
}

/** Numbers of a file's own byte order and word size. */
class Numbers {
  readonly wide: boolean;
  readonly #little: boolean;

  constructor(bits: 32 | 64, endian: 'little' | 'big') {
    this.wide = bits === 64;
    this.#little = endian === 'little';
  }

  half(buffer: Buffer, offset: number): number {
    return this.#little ? buffer.readUInt16LE(offset) : buffer.readUInt16BE(offset);
  }

  word(buffer: Buffer, offset: number): number {
    return this.#little ? buffer.readUInt32LE(offset) : buffer.readUInt32BE(offset);
  }

  /** An address or size: 4 or 8 bytes. */
  address(buffer: Buffer, offset: number): bigint {
    if (!this.wide) {
      return BigInt(this.word(buffer, offset));
    }
    return this.#little ? buffer.readBigUInt64LE(offset) : buffer.readBigUInt64BE(offset);
  }
}

/** The program headers. Their 32-bit and 64-bit forms have the same fields in another order. */
function readSegments(read: Read, header: Buffer, numbers: Numbers): Segment[] {
  const { wide } = numbers;
  const start = Number(numbers.address(header, wide ? 32 : 28));
  const size = numbers.half(header, wide ? 54 : 42);
  const count = numbers.half(header, wide ? 56 : 44);
  const table = read(start, size * count);
  const at = wide ? { offset: 8, address: 16, size: 32 } : { offset: 4, address: 8, size: 16 };
  const segments: Segment[] = [];
  for (let row = 0; row + (wide ? 56 : 32) <= table.length; row += size) {
    segments.push({
      type: numbers.word(table, row),
      offset: Number(numbers.address(table, row + at.offset)),
      address: numbers.address(table, row + at.address),
      size: Number(numbers.address(table, row + at.size)),
    });
    if (size === 0) {
      break;
    }
  }
  return segments;
}

function readDynamic(read: Read, segments: readonly Segment[], numbers: Numbers): Pick<Elf, 'needed' | 'soname'> {
  const dynamic = segments.find((segment) => segment.type === PT_DYNAMIC);
  if (dynamic === undefined) {
    return { needed: [], soname: undefined };
  }
  const table = read(dynamic.offset, dynamic.size);
  const word = numbers.wide ? 8 : 4;
  const names: number[] = [];
  let own: number | undefined;
  let strings: number | undefined;
  for (let row = 0; row + 2 * word <= table.length; row += 2 * word) {
    const tag = numbers.address(table, row);
    const value = numbers.address(table, row + word);
    if (tag === DT_NULL) {
      break;
    } else if (tag === DT_NEEDED) {
      names.push(Number(value));
    } else if (tag === DT_SONAME) {
      own = Number(value);
    } else if (tag === DT_STRTAB) {
      strings = fileOffset(segments, value);
    }
  }
  const base = strings;
  const text = (name: number): string => (base === undefined ? '' : cString(read(base + name, 256), 0));
  return { needed: names.map(text), soname: own === undefined ? undefined : text(own) };
}

/** Where in the file the byte is that will be at this address. */
function fileOffset(segments: readonly Segment[], address: bigint): number | undefined {
  const segment = segments.find(
    (candidate) =>
      candidate.type === PT_LOAD &&
      address >= candidate.address &&
      address < candidate.address + BigInt(candidate.size),
  );
  return segment && segment.offset + Number(address - segment.address);
}

/** Is there a note of owner "Go" in it, the build ID that its linker leaves? */
function hasGoNote(notes: Buffer, numbers: Numbers): boolean {
  for (let at = 0; at + 12 <= notes.length; ) {
    const nameSize = numbers.word(notes, at);
    const contentSize = numbers.word(notes, at + 4);
    if (notes.toString('latin1', at + 12, at + 12 + nameSize) === 'Go\0\0') {
      return true;
    }
    at += 12 + 4 * Math.ceil(nameSize / 4) + 4 * Math.ceil(contentSize / 4);
  }
  return false;
}

function cString(buffer: Buffer, start: number): string {
  const end = buffer.indexOf(0, start);
  return buffer.toString('utf8', start, end < 0 ? buffer.length : end);
}
