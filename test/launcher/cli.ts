// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { parseArguments } from '../../src/launcher/cli.ts';
import { Failure } from '../../src/launcher/failure.ts';
import { define } from '../support/define.ts';

function run(...argv: string[]) {
  const request = parseArguments(argv);
  assert.equal(request.kind, 'run');
  return request.kind === 'run' ? request : assert.fail();
}

define('the command line', (test) => {
  test('options end at the program', () => {
    const { options, program, skip } = run('-c', 'x.json', 'ip', '-c', 'addr', '--', '--dry-run');
    assert.deepEqual(options, { config: ['x.json'] });
    assert.deepEqual(program, ['ip', '-c', 'addr', '--', '--dry-run']);
    assert.equal(skip, 2);
  });

  test('or at --, which is not handed on', () => {
    const { program, skip } = run('-v', '--', 'ls', '--help');
    assert.deepEqual(program, ['ls', '--help']);
    assert.equal(skip, 2);
    assert.deepEqual(run('--', '--odd').program, ['--odd']);
    assert.deepEqual(run('--', '--', 'x').skip, 1);
  });

  test('every option is understood', () => {
    const { options } = run('--no-config', '--on-error=continue', '--private-copy', '--dry-run', '--verbose', 'x');
    assert.deepEqual(options, {
      config: false,
      onError: 'continue',
      privateCopy: true,
      dryRun: true,
      verbose: true,
    });
    assert.deepEqual(run('--print-env', '--json').options, { printEnv: true, json: true });
    assert.deepEqual(run('--pcap', '--trace', '--trace', 'x', '--trace'), {
      kind: 'run',
      options: { pcap: '--trace', trace: 'all' },
      program: ['x', '--trace'],
      skip: 3,
    });
    assert.deepEqual(run('--trace=net,fd', '--trace-file=f', 'x').options, { trace: 'net,fd', traceFile: 'f' });
    assert.deepEqual(run('--config=a', 'x').options, { config: ['a'] });
    assert.deepEqual(run('-ca', '--set', 'b=1', '-c', 'c', '--set=d=2', 'x').options, {
      config: ['a', 'c'],
      set: ['b=1', 'd=2'],
    });
    assert.deepEqual(run('-c', 'a', '--no-config', 'x').options, { config: false });
    assert.deepEqual(run('--no-config', '-c', 'a', 'x').options, { config: ['a'] });
  });

  const wrong: [argv: string[], message: RegExp][] = [
    [[], /no program/],
    [['--dry-run'], /no program/],
    [['--confg', 'x', 'ls'], /--confg.*--config/],
    [['-c'], /argument missing/],
    [['-c', '', 'ls'], /--config.*empty/],
    [['--pcap', '', 'ls'], /--pcap.*empty/],
    [['--trace-file=', 'ls'], /--trace-file.*empty/],
    [['--trace=', 'ls'], /--trace.*empty/],
    [['--on-error', 'pray', 'ls'], /stop, continue/],
  ];
  for (const [argv, message] of wrong) {
    test(`refuses ${JSON.stringify(argv)}`, () => {
      assert.throws(
        () => parseArguments(argv),
        (error) => error instanceof Failure && error.status === 125 && message.test(error.message),
      );
    });
  }

  test('help tells every option and the exit status', () => {
    const request = parseArguments(['--help']);
    const text = request.kind === 'print' ? request.text : '';
    for (const word of ['--config', '--no-config', '--private-copy', '--print-env', '125', 'PROGRAM']) {
      assert.ok(text.includes(word), word);
    }
  });
});
