// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { machineName, readElf } from '../../src/launcher/elf.ts';
import { define } from '../support/define.ts';
import { compile, MAIN, patch } from '../support/elf.ts';
import { temporaryDirectory } from '../support/hijack.ts';

function elfOf(file: string) {
  const elf = readElf(file);
  assert.ok(elf !== undefined);
  return elf;
}

define('ELF files', (test) => {
  test('a dynamic program has an interpreter and asks for libc', () => {
    const elf = elfOf(compile(MAIN));
    assert.match(elf.interpreter ?? '', /ld/);
    assert.ok(elf.needed.some((name) => name.startsWith('libc.')));
    assert.equal(elf.go, false);
  });

  test('static programs have none, position-independent or not', () => {
    assert.equal(elfOf(compile(MAIN, '-static')).interpreter, undefined);
    assert.equal(elfOf(compile(MAIN, '-static-pie')).interpreter, undefined);
  });

  test('a library has none, but asks for libc', () => {
    const elf = elfOf(compile('#include <stdio.h>\nvoid f(void) { puts("x"); }', '-shared', '-fPIC'));
    assert.equal(elf.interpreter, undefined);
    assert.ok(elf.needed.some((name) => name.startsWith('libc.')));
  });

  test('the Go build ID is found among other notes', () => {
    const note = `
      .section .note.go.buildid, "a", @note
      .balign 4
      .long 4, 8, 4
      .ascii "Go\\0\\0"
      .ascii "abcdefgh"`;
    assert.equal(elfOf(compile(`${MAIN}\nasm(${JSON.stringify(note.replaceAll('\n', '\n\t'))});`)).go, true);
  });

  test('machine, class and byte order are told', () => {
    const program = compile(MAIN);
    const other = patch(program, { 18: 183, 19: 0 });
    assert.equal(machineName(elfOf(other)), 'arm64');
    assert.equal(machineName(elfOf(patch(program, { 18: 0x39, 19: 0x30 }))), 'machine 12345');
  });

  test('32-bit and big-endian headers are understood', () => {
    const header = Buffer.alloc(52 + 32 + 16);
    header.write('\x7fELF\x01\x02\x01', 0, 'latin1');
    header.writeUInt16BE(20, 18);
    header.writeUInt32BE(52, 28);
    header.writeUInt16BE(32, 42);
    header.writeUInt16BE(1, 44);
    header.writeUInt32BE(3, 52);
    header.writeUInt32BE(84, 56);
    header.writeUInt32BE(12, 52 + 16);
    header.write('/lib/ld.so.1', 84);
    const file = path.join(temporaryDirectory(), 'big');
    writeFileSync(file, header);
    const elf = elfOf(file);
    assert.deepEqual([elf.bits, elf.endian, elf.interpreter], [32, 'big', '/lib/ld.so.1']);
    assert.equal(machineName(elf), '32-bit PowerPC');
  });

  test('what is no ELF file, or cut off anywhere, does no harm', () => {
    const program = compile(MAIN);
    const file = path.join(temporaryDirectory(), 'cut');
    writeFileSync(file, '#!/bin/sh\n');
    assert.equal(readElf(file), undefined);
    writeFileSync(file, '');
    assert.equal(readElf(file), undefined);
    const whole = elfOf(program);
    for (const length of [4, 40, 52, 63, 64, 100, 200, 400, 800, 2000]) {
      writeFileSync(file, patchedStart(program, length));
      const elf = readElf(file);
      assert.ok(elf === undefined || elf.machine === whole.machine);
    }
  });
});

function patchedStart(program: string, length: number): Buffer {
  return readFileSync(program).subarray(0, length);
}
