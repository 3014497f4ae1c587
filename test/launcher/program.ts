// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../../src/launcher/failure.ts';
import { findProgram } from '../../src/launcher/program.ts';
import { define } from '../support/define.ts';
import { compile, MAIN } from '../support/elf.ts';
import { temporaryDirectory } from '../support/hijack.ts';

const directory = path.join(temporaryDirectory(), 'bin');
mkdirSync(directory);
const program = compile(MAIN);
symlinkSync(program, path.join(directory, 'tool'));

function script(name: string, text: string, mode = 0o755): string {
  const file = path.join(directory, name);
  writeFileSync(file, text, { mode });
  return file;
}

function refuses(name: string, status: number, message: RegExp, searchPath = directory): void {
  assert.throws(
    () => findProgram(name, searchPath),
    (error) => error instanceof Failure && error.status === status && message.test(error.message) && !!error.remedy,
  );
}

define('finding the program', (test) => {
  test('by PATH, in its order, the current directory where an entry is empty', () => {
    assert.equal(findProgram('tool', `/nowhere:${directory}`).file, path.join(directory, 'tool'));
    assert.equal(findProgram('sh', undefined).file, '/usr/bin/sh');
    assert.throws(() => findProgram('tool', '/nowhere:'), Failure);
  });

  test('by its path', () => {
    assert.equal(findProgram(program, '').elfFile, program);
  });

  test('what is not there is 127, what cannot be executed 126', () => {
    refuses('nosuch', 127, /nosuch.*PATH/);
    refuses('', 127, /empty/);
    refuses('/no/such', 127, /no such file/);
    refuses(directory, 126, /directory/);
    refuses(script('plain', 'x', 0o644), 126, /not executable/);
    refuses('plain', 126, /not executable/, `/nowhere:${directory}:/usr/bin`);
    refuses(script('garbage', 'MZ\0\0'), 126, /neither/);
  });

  test('one that cannot be executed is passed over for one that can', () => {
    script('cat', 'x', 0o644);
    assert.equal(findProgram('cat', `${directory}:/usr/bin`).file, '/usr/bin/cat');
  });

  test('so is one that cannot even be looked at, as in a directory of another user', () => {
    const loop = path.join(directory, 'to-itself');
    symlinkSync(loop, loop);
    assert.equal(findProgram('tool', `${loop}:${directory}`).file, path.join(directory, 'tool'));
    refuses('nosuch', 126, /ELOOP/, loop);
  });

  test('through a script to its interpreter', () => {
    const file = script('one', `#!${program} -x\n`);
    assert.deepEqual(findProgram('one', directory), {
      ...findProgram(program, ''),
      file,
      scripts: [file],
    });
  });

  test('through a script whose interpreter is a name alone, of the current directory', () => {
    const file = script('by-name', '#!s1\n');
    script('s1', `#!${program}\n`);
    const before = process.cwd();
    process.chdir(directory);
    try {
      assert.deepEqual(findProgram(file, '/nowhere').scripts, [file, './s1']);
      process.chdir('/');
      refuses(file, 126, /by-name.*\.\/s1/);
    } finally {
      process.chdir(before);
    }
  });

  test('through env, and through a script that is an interpreter', () => {
    const file = script('two', `#!/usr/bin/env -S tool -x\n`);
    const outer = script('three', `#!${file}\n`);
    const found = findProgram('three', directory);
    assert.deepEqual(found.scripts, [outer, file]);
    assert.equal(realpathSync(found.elfFile), program);
  });

  test('a text without a first line of that kind is for the shell', () => {
    script('four', 'echo four\n');
    assert.equal(findProgram('four', directory).elfFile, '/bin/sh');
  });

  test('refuses a script that would lose LD_PRELOAD, or whose interpreter is missing', () => {
    script('five', '#!/usr/bin/env -S -i sh\n');
    refuses('five', 125, /LD_PRELOAD/);
    script('six', '#!/no/such/interpreter\n');
    refuses('six', 126, /six.*\/no\/such\/interpreter/);
    script('seven', '#!/usr/bin/env nosuch\n');
    refuses('seven', 126, /nosuch/);
  });

  test('does not follow scripts for ever', () => {
    const file = path.join(directory, 'loop');
    script('loop', `#!${file}\n`);
    refuses('loop', 126, /on and on/);
  });
});
