// SPDX-License-Identifier: GPL-2.0-or-later
//
// The commands of lkl-config but lint, from outside.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { compile, MAIN } from '../support/elf.ts';
import { temporaryDirectory } from '../support/hijack.ts';

const CONFIG = path.join(ROOT, 'bin', 'lkl-config');

interface Given {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const place = path.join(temporaryDirectory(), 'commands');
mkdirSync(place);

function config(args: readonly string[], { input = '', env = {} }: Given = {}) {
  const { status, stdout, stderr } = spawnSync(CONFIG, args, {
    input,
    encoding: 'utf8',
    cwd: place,
    env: { PATH: process.env.PATH, ...env },
  });
  return { status, stdout, stderr };
}

function file(name: string, text: string): string {
  writeFileSync(path.join(place, name), text);
  return name;
}

const read = (name: string): string => readFileSync(path.join(place, name), 'utf8');

/** Standard output of a command that succeeds without a word. */
function says(args: readonly string[], given: Given = {}): string {
  const { status, stdout, stderr } = config(args, given);
  assert.deepEqual([status, stderr], [0, '']);
  return stdout;
}

const TWO = `{
  "gateway": "192.168.0.1",
  "interfaces": [
    { "type": "tap", "param": "tap7", "ip": "192.168.0.2", "masklen": "24", "mac": "12:34:56:78:9a:bc" },
    { "type": "tap", "param": "\${TAP}", "ipv6": "2001:db8:0:f102::2", "masklen6": "64" }
  ]
}
`;

define('lkl-config', (test) => {
  test('fmt lays files out in their place', () => {
    const one = file('one.json', '{"a":1}');
    const two = file('two.json5', '// c\n{}');
    assert.equal(says(['fmt', one, two]), '');
    assert.equal(read(one), '{\n  "a": 1\n}\n');
    assert.equal(read(two), '// c\n{}\n');
    assert.equal(says(['fmt', '-'], { input: '[1]' }), '[\n  1\n]\n');
  });

  test('fmt --check and --diff change nothing', () => {
    const good = file('good.json', '{}\n');
    const bad = file('bad.json', '{"a":1}');
    assert.deepEqual(config(['fmt', '--check', good, bad]), { status: 1, stdout: 'bad.json\n', stderr: '' });
    assert.equal(says(['fmt', '--check', '--diff', good]), '');
    const { status, stdout } = config(['fmt', '--diff', bad]);
    assert.equal(status, 1);
    assert.match(stdout, /^--- bad\.json\n\+\+\+ bad\.json\n@@ -1,1 \+1,3 @@\n-\{"a":1\}\n/);
    assert.equal(read(bad), '{"a":1}');
  });

  test('fmt leaves alone what it cannot read', () => {
    const broken = file('broken.json', '{"a":1');
    const { status, stdout, stderr } = config(['fmt', broken]);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^broken\.json:1:\d+: /);
    assert.equal(read(broken), '{"a":1');
    assert.equal(config(['fmt', 'nosuch.json']).status, 2);
  });

  test('fmt leaves bytes alone that are no text', () => {
    const bytes = Buffer.from('{"debug":"\xff"}', 'latin1');
    writeFileSync(path.join(place, 'bytes.json'), bytes);
    const { status, stdout, stderr } = config(['fmt', 'bytes.json']);
    assert.deepEqual([status, stdout, stderr], [2, '', 'lkl-config: bytes.json: not UTF-8: save the file as UTF-8\n']);
    assert.deepEqual(readFileSync(path.join(place, 'bytes.json')), bytes);
    assert.match(config(['convert', 'bytes.json']).stderr, /not UTF-8/);
  });

  test('what cannot be written is told, and no crash', () => {
    const message = {
      status: 2,
      stdout: '',
      stderr: `lkl-config: dir: EISDIR: illegal operation on a directory, open 'dir'\n`,
    };
    mkdirSync(path.join(place, 'dir'));
    assert.deepEqual(config(['init', 'dir', '--tap', 'tap0', '--force']), message);
    assert.deepEqual(config(['lint', '-o', 'dir', file('right.json', '{}')]), message);
    const missing = config(['init', '/nosuch/x.json', '--tap', 'tap0']);
    assert.deepEqual([missing.status, missing.stdout], [2, '']);
    assert.match(missing.stderr, /^lkl-config: \/nosuch\/x\.json: ENOENT: .*\n$/);
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(CONFIG, ['schema'], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
    closeSync(full);
    assert.deepEqual([status, stderr], [2, 'lkl-config: standard output: ENOSPC: no space left on device, write\n']);
  });

  test('a reader that goes early is no failure', async () => {
    const early = file('early.json', '{ "debug": "x" }');
    for (const [args, status] of [
      [['--help'], 0],
      [['schema'], 0],
      [['show', file('sound.json', '{}')], 0],
      [['lint', early], 1],
      [['lint', '--watch', early], 0],
    ] as const) {
      const child = spawn(CONFIG, args, { cwd: place, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      let told = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        told += text;
      });
      assert.deepEqual(await once(child, 'close'), [status, null], args.join(' '));
      assert.doesNotMatch(told, /EPIPE|at .*\d+:\d+/, args.join(' '));
    }
  });

  test('show tells values, origins, and the network', () => {
    file('two.json', TWO);
    const out = says(['show', 'two.json', '--set', 'interfaces.0.mtu=9000'], {
      env: { TAP: 'tap77', LKL_HIJACK_DEBUG: '1' },
    });
    assert.match(out, /^gateway +192\.168\.0\.1 +two\.json:2:3$/m);
    assert.match(out, /^debug +1 +LKL_HIJACK_DEBUG$/m);
    assert.match(out, /^interfaces\[0\]\.mtu +9000 +--set$/m);
    assert.match(out, /^interfaces\[1\]\.mtu +1500 +default$/m);
    assert.match(out, /^interfaces\[1\]\.param +tap77 +two\.json:5:22$/m);
    const drawing = out.slice(out.indexOf('the program'));
    assert.equal(
      drawing,
      `the program, on the network of LKL
├─ lo
│  ├─ address 127.0.0.1/8
│  └─ address ::1/128
├─ eth0 === tap tap7 of the host, mac 12:34:56:78:9a:bc, mtu 9000
│  └─ address 192.168.0.2/24
├─ eth1 === tap tap77 of the host
│  └─ address 2001:db8:0:f102::2/64
└─ table main
   ├─ default via 192.168.0.1 dev eth0
   ├─ 192.168.0.0/24 dev eth0
   └─ 2001:db8:0:f102::/64 dev eth1
`,
    );
  });

  test('show takes what lkl-hijack would, and tells one value or JSON', () => {
    file('lkl-hijack.json', '{ "debug": "0x1", "boot_cmdline": "mem=64M ip=dhcp" }');
    try {
      assert.equal(says(['show', '--key', 'boot_cmdline']), 'mem=64M ip=dhcp\n');
      assert.match(says(['show']), /└─ DHCP/);
      const shown: unknown = JSON.parse(says(['show', '--json']));
      assert.deepEqual(shown, {
        values: [
          { key: 'debug', value: '0x1', origin: 'lkl-hijack.json:1:3' },
          ...JSON.parse(says(['show', '--json'])).values.slice(1),
        ],
        topology: { devices: [], routes: [], dhcp: true },
      });
    } finally {
      rmSync(path.join(place, 'lkl-hijack.json'));
    }
    assert.equal(config(['show', '--key', 'nonsense']).status, 2);
  });

  test('show tells keys alone, and of members where each comes from', () => {
    file('two.json', TWO);
    file('more.json', '{ "sysctl": { "b": "2" } }');
    const env = { TAP: 'tap77' };
    assert.equal(
      says(['show', 'two.json', 'gateway', 'debug'], { env }).replace(/ +/g, ' '),
      'gateway 192.168.0.1 two.json:2:3\ndebug 0 default\n',
    );
    assert.match(
      says(['show', 'two.json', 'interfaces.1'], { env }),
      /^interfaces\[1\]\.type +tap .*\n(interfaces\[1\]\..*\n)+$/,
    );
    const set = ['--set', 'sysctl.a=1'];
    assert.equal(
      says(['show', 'two.json', 'more.json', ...set, 'sysctl'], { env }).replace(/ +/g, ' '),
      'sysctl.b 2 more.json:1:15\nsysctl.a 1 --set\n',
    );
    assert.equal(says(['show', 'more.json', '--key', 'sysctl']), '{"b":"2"}\n');
    assert.equal(says(['show', 'more.json', '--key', 'sysctl.b']), '2\n');
    assert.match(config(['show', 'more.json', 'gateway']).stderr, /gateway: it has no value/);
  });

  test('show tells what is wrong instead', () => {
    file('wrong.json', '{ "gateway": "x" }');
    const { status, stdout, stderr } = config(['show', 'wrong.json']);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^wrong\.json:1:14: gateway: "x" is not/);
    assert.equal(config(['show', 'nosuch.json']).status, 2);
    assert.equal(config(['show'], { env: { LKL_HIJACK_CONFIG_FILE: 'nosuch.json' } }).status, 2);
  });

  test('convert makes strict JSON', () => {
    file('x.json5', "// c\n{ debug: 0x10, boot_cmdline: '${MORE}', }");
    assert.equal(says(['convert', 'x.json5']), '{\n  "debug": 16,\n  "boot_cmdline": "${MORE}"\n}\n');
    assert.equal(
      says(['convert', '--substitute', 'x.json5', '--set', 'debug=0'], { env: { MORE: 'mem=1G' } }),
      '{\n  "debug": "0",\n  "boot_cmdline": "mem=1G"\n}\n',
    );
    assert.match(config(['convert', '--substitute', 'x.json5']).stderr, /MORE is not set/);
    assert.equal(config(['convert', '-'], { input: '{' }).status, 1);
  });

  test('convert makes variables of a file, and a file of variables', () => {
    file('one.json', TWO.replace(/,\n {4}\{.*/, '').replace('192.168.0.1"', '192.168.0.1", "boot_cmdline": "it\'s"'));
    const variables = says(['convert', '--to-env', 'one.json']);
    assert.match(variables, /^export LKL_HIJACK_BOOT_CMDLINE='it'\\''s'$/m);
    const { stdout } = spawnSync('/bin/sh', ['-c', `${variables}\nexec "$0" convert --from-env`, CONFIG], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
    assert.deepEqual(JSON.parse(stdout), JSON.parse(read('one.json')));
    const tap = says(['convert', '--from-env'], { env: { LKL_HIJACK_NET_TAP: 'tap0' } });
    assert.deepEqual(JSON.parse(tap), { interfaces: [{ type: 'tap', param: 'tap0' }] });
  });

  test('convert says what variables cannot', () => {
    file('two.json', TWO);
    const { status, stdout, stderr } = config(['convert', '--to-env', 'two.json'], { env: { TAP: 'tap77' } });
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /interfaces\[1\]: variables describe one interface/);
    file(
      'lists.json',
      '{ "sysctl": { "net.core.somaxconn": 99, "net.ipv4.tcp_sack": false }, "mount": ["proc", "sysfs"] }',
    );
    assert.equal(
      says(['convert', '--to-env', 'lists.json']),
      "export LKL_HIJACK_SYSCTL='net.core.somaxconn=99;net.ipv4.tcp_sack=0'\nexport LKL_HIJACK_MOUNT='proc,sysfs'\n",
    );
    assert.equal(config(['convert', '--from-env', 'two.json']).status, 2);
    assert.equal(config(['convert', '--from-env'], { env: { LKL_HIJACK_DEBUG: 'x' } }).status, 1);
  });

  test('init takes options', () => {
    const options = ['--tap', 'tap0', '--ip', '192.168.13.2/24', '--gateway', '192.168.13.1', '--mtu', '9000'];
    assert.equal(config(['init', 'new.json', ...options]).status, 0);
    assert.deepEqual(JSON.parse(read('new.json')), {
      $schema: './node_modules/lkl-hijack/schemas/lkl-hijack.schema.json',
      gateway: '192.168.13.1',
      interfaces: [{ type: 'tap', param: 'tap0', ip: '192.168.13.2', masklen: '24', mtu: '9000' }],
    });
    assert.equal(says(['lint', 'new.json', '--quiet']), '');
    const again = config(['init', 'new.json', '--tap', 'tap1']);
    assert.equal(again.status, 2);
    assert.match(again.stderr, /it exists.*--force/);
    assert.equal(config(['init', 'new.json', '--tap', 'tap1', '--force']).status, 0);
    assert.match(read('new.json'), /tap1/);
    assert.equal(config(['init', 'fd.json', '--type', 'fd', '--param', '5']).status, 0);
    assert.deepEqual(JSON.parse(read('fd.json')).interfaces, [{ type: 'fd', param: '5' }]);
  });

  test('init writes comments where there can be some', () => {
    assert.equal(config(['init', 'new.json5', '--tap', 'tap0']).status, 0);
    assert.match(read('new.json5'), /^ {6}\/\/ .*\n {6}"param": "tap0"$/m);
    assert.equal(says(['lint', 'new.json5', '--quiet']), '');
  });

  test('init refuses what is wrong', () => {
    const refused = (...args: string[]) => config(['init', '-', ...args]);
    assert.match(refused('--tap', 'tap0', '--ip', '1.2.3').stderr, /--ip: .*slash/);
    assert.match(refused('--tap', 'tap0', '--ip', '1.2.3/24').stderr, /--ip: "1\.2\.3" is not an IPv4 address/);
    assert.match(refused('--mtu', '1').stderr, /--mtu: "1" is not/);
    const { status, stderr } = refused('--ip', '1.2.3.4/24');
    assert.equal(status, 1);
    assert.match(stderr, /interfaces\[0\]\.type: missing/);
    assert.match(refused().stderr, /no terminal/);
    for (const [args, message] of [
      [['--tap', 't', '--ip', '10.0.0.0/24'], /interfaces\[0\]\.ip: 10\.0\.0\.0 is the network address/],
      [['--tap', 't', '--ip', '10.0.0.2/24', '--gateway', '10.0.1.1'], /gateway: 10\.0\.1\.1 is in the subnet of no/],
      [['--gateway', '1.1.1.1'], /gateway: there is no interface to reach 1\.1\.1\.1 by/],
    ] as const) {
      const result = config(['init', 'refused.json', ...args]);
      assert.equal(result.status, 1);
      assert.match(result.stderr, message);
    }
    assert.ok(!existsSync(path.join(place, 'refused.json')));
  });

  test('init asks on a terminal', () => {
    const command = `'${CONFIG}' init asked.json`;
    const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      cwd: place,
      encoding: 'utf8',
      input: 'tapp\ntap\ntap0\n1.2.3/24\n192.168.13.2/24\n192.168.13.1\n\n1400\n',
      env: { PATH: process.env.PATH, TERM: 'dumb' },
    });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /"tapp" is not a known interface type/);
    assert.match(stdout, /"1\.2\.3" is not an IPv4 address/);
    assert.deepEqual(JSON.parse(read('asked.json')).interfaces, [
      { type: 'tap', param: 'tap0', ip: '192.168.13.2', masklen: '24', mtu: '1400' },
    ]);
  });

  test('explain has the words for it', () => {
    assert.match(says(['explain', 'offload', '0xc803']), /HOST_TSO4/);
    assert.match(says(['explain', 'duplicate-key']), /a rule/);
    assert.equal(config(['explain', 'masklen', '99']).status, 1);
    const unknown = config(['explain', 'gatewy']);
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /did you mean gateway\?/);
  });

  test('doctor tells how the host is, and which programs can be hijacked', () => {
    const library = path.join(ROOT, 'build', 'Release', 'liblkl-hijack.so');
    const link = path.join(place, 'lkl-config');
    symlinkSync(CONFIG, link);
    const { status, stdout } = spawnSync(link, ['doctor', 'cat', compile(MAIN, '-static')], { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stdout, /^ok +Node\.js /m);
    assert.ok(stdout.includes(library), stdout);
    assert.match(stdout, /^ok +kernel +starts in a program$/m);
    assert.match(stdout, /^ok +configuration +none, 0 interfaces beside lo$/m);
    assert.match(stdout, /^ok +cat +\S*\/cat can be hijacked$/m);
    assert.match(stdout, /^FAILED .*statically linked/m);
    const good: { subject: string; state: string }[] = JSON.parse(says(['doctor', '--json', 'cat']));
    assert.equal(good.find(({ subject }) => subject === 'cat')?.state, 'good');
  });

  test('doctor sees a configuration that is wrong', () => {
    const wrong = file('wrong.json', '{ "gateway": "x", "debug": "x" }');
    const { status, stdout } = config(['doctor'], { env: { LKL_HIJACK_CONFIG_FILE: wrong } });
    assert.equal(status, 1);
    assert.match(stdout, /^FAILED +configuration +wrong\.json:1:14: gateway: .*\n.*all 2 again$/m);
  });

  test('doctor sees a library that does not work', () => {
    const missing = config(['doctor'], { env: { LKL_HIJACK_LIBRARY: '/no/such.so' } });
    assert.equal(missing.status, 1);
    assert.match(missing.stdout, /^FAILED +library +.*cannot be read/m);
    // One that ld.so takes no notice of, for it is no library.
    const other = path.join(place, 'other.so');
    copyFileSync(compile(MAIN), other);
    const none = config(['doctor'], { env: { LKL_HIJACK_LIBRARY: other } });
    assert.match(none.stdout, /^FAILED +library +.*not liblkl-hijack\.so/m);
    // One that calls itself so, and ends the program.
    const end = '__attribute__((constructor)) static void end(void) { __builtin_trap(); }';
    copyFileSync(compile(end, '-shared', '-fPIC', '-Wl,-soname,liblkl-hijack.so'), other);
    const ignored = config(['doctor'], { env: { LKL_HIJACK_LIBRARY: other } });
    assert.match(ignored.stdout, /^FAILED +kernel +does not start/m);
    assert.ok(existsSync(other));
  });

  test('completion is for known shells', () => {
    assert.equal(config(['completion', 'tcsh']).status, 2);
    assert.match(says(['completion', 'bash']), /^complete -F _lkl_hijack lkl-hijack$/m);
  });
});
