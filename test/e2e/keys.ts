// SPDX-License-Identifier: GPL-2.0-or-later
/** What each global key does inside LKL, from a file and from the environment. */
import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { type Hijacked, hijack, LIBRARY, startHijacked, writeConfiguration } from '../support/hijack.ts';
import { waitFor } from '../support/wait.ts';

/** Runs a program under the library alone, with variables and no file. */
async function preloaded(env: Record<string, string>, ...command: string[]): Promise<Hijacked> {
  const { exitCode, signal, stdout, stderr } = await execa('env', [`LD_PRELOAD=${LIBRARY}`, ...command], {
    env,
    cwd: '/',
    reject: false,
    stripFinalNewline: false,
  });
  return { exitCode, signal, stdout, stderr };
}

/** Runs it in the four ways that there are: with a file and with variables, with and without the launcher. */
async function everyWay(key: string, variable: string, value: unknown, ...command: string[]): Promise<Hijacked[]> {
  const config = { [key]: value };
  const env = { [variable]: typeof value === 'string' ? value : String(value) };
  const ends = [
    await hijack(command, { config }),
    await hijack(command, { env }),
    await preloaded({ LKL_HIJACK_CONFIG_FILE: writeConfiguration(config) }, ...command),
    await preloaded(env, ...command),
  ];
  for (const { exitCode, stderr } of ends) {
    assert.is(exitCode, 0, stderr);
  }
  return ends;
}

/** Prints files of LKL when the program has ended. */
async function dumped(config: Record<string, unknown>, ...files: string[]): Promise<string> {
  const { exitCode, stderr } = await hijack(['/bin/true'], { config: { mount: 'proc', ...config, dump: files } });
  assert.is(exitCode, 0, stderr);
  return stderr;
}

/** The threads of a process, as its files in /proc tell. */
function threads(pid = 0): { Name: string; State: string; Cpus: string }[] {
  return readdirSync(`/proc/${pid}/task`).map((task) => {
    const status = readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8');
    const field = (name: string): string => new RegExp(`^${name}:\\t(\\S*)`, 'm').exec(status)?.[1] ?? '';
    return { Name: field('Name'), State: field('State'), Cpus: field('Cpus_allowed_list') };
  });
}

define('global keys', (test) => {
  test('mount and dump: files of LKL are printed at the end, on standard error', async () => {
    const config = { mount: 'proc,sysfs', dump: '/sysfs/class/net/lo/mtu,/proc/sys/kernel/ostype' };
    const expected = 'lkl-hijack: /sysfs/class/net/lo/mtu:\n65536\nlkl-hijack: /proc/sys/kernel/ostype:\nLinux\n';
    const file = writeConfiguration(config);
    // A program that closes its standard error before, as those of coreutils do.
    for (const { stdout, stderr } of [
      await hijack(['echo', 'x'], { config }),
      await preloaded({ LKL_HIJACK_CONFIG_FILE: file }, 'echo', 'x'),
      await preloaded({ LKL_HIJACK_MOUNT: config.mount, LKL_HIJACK_DUMP: config.dump }, 'echo', 'x'),
    ]) {
      assert.is(stdout, 'x\n');
      assert.is(stderr, expected);
    }
  });

  test('mount: every type that is accepted', async () => {
    const types = ['proc', 'sysfs', 'devtmpfs', 'ramfs', 'tmpfs'];
    const mounts = await dumped({ mount: types }, '/proc/mounts');
    for (const type of types) {
      assert.match(mounts, ` /${type} ${type} `);
    }
  });

  test('dump: a file that is not there is told, and the status is the program’s', async () => {
    const { exitCode, stderr } = await hijack(['/bin/false'], { config: { dump: '/no/such' } });
    assert.is(exitCode, 1);
    assert.match(stderr, 'dump: "/no/such": No such file or directory; LKL has only what "mount" mounts in it\n');
  });

  test('sysctl: text, array and object; dots and slashes; values with blanks', async () => {
    const files = [
      '/proc/sys/net/ipv4/tcp_wmem',
      '/proc/sys/net/ipv4/conf/lo/forwarding',
      '/proc/sys/kernel/domainname',
    ];
    const expected = [
      `lkl-hijack: ${files[0]}:\n4096\t87380\t2147483647\n`,
      `lkl-hijack: ${files[1]}:\n1\n`,
      `lkl-hijack: ${files[2]}:\nexample.org\n`,
    ].join('');
    const packed =
      'net.ipv4.tcp_wmem=4096 87380 2147483647; net/ipv4/conf/lo/forwarding = 1;kernel.domainname=example.org;';
    const object = {
      'net.ipv4.tcp_wmem': '4096 87380 2147483647',
      'net.ipv4.conf.lo.forwarding': 1,
      'kernel.domainname': 'example.org',
    };
    assert.is(await dumped({ sysctl: packed }, ...files), expected);
    assert.is(
      await dumped(
        {
          sysctl: packed
            .split(';')
            .slice(0, 3)
            .map((text) => text.trim()),
        },
        ...files,
      ),
      expected,
    );
    assert.is(await dumped({ sysctl: object }, ...files), expected);
    const env = { LKL_HIJACK_SYSCTL: packed, LKL_HIJACK_MOUNT: 'proc', LKL_HIJACK_DUMP: files.join() };
    assert.is((await preloaded(env, '/bin/true')).stderr, expected);
  });

  test('a file wins over variables, key by key', async () => {
    const env = { LKL_HIJACK_SYSCTL: 'kernel.domainname=variable', LKL_HIJACK_MOUNT: 'proc' };
    const file = writeConfiguration({ sysctl: 'kernel.domainname=file', dump: '/proc/sys/kernel/domainname' });
    const { stderr } = await preloaded({ ...env, LKL_HIJACK_CONFIG_FILE: file }, '/bin/true');
    assert.is(stderr, 'lkl-hijack: /proc/sys/kernel/domainname:\nfile\n');
  });

  test('boot_cmdline: memory that no kernel can start with is refused', async () => {
    const wrong = {
      '1M': ['is too small; the kernel with 2 interfaces needs mem=10M or more', 'is too little for the kernel with 2'],
      '9M': ['is too small; the kernel with 2 interfaces needs mem=10M or more', 'is too little for the kernel with 2'],
      '7.9G': ['is no size; write such as mem=64M', 'is no size, as mem=64M'],
      nothing: ['is no size; write such as mem=64M', 'is no size, as mem=64M'],
      '100T': ['the host has not enough memory to keep track of so much; give it '],
      '64E': ['the host has not enough memory to keep track of so much; give it '],
    };
    for (const [mem, [launcher = '', library = launcher]] of Object.entries(wrong)) {
      const config = { boot_cmdline: `mem=64M mem=${mem} quiet`, interfaces: [{ type: 'loop' }, { type: 'loop' }] };
      const variables = { LKL_HIJACK_CONFIG_FILE: writeConfiguration(config) };
      for (const [ended, words] of [
        [await hijack(['/bin/echo', 'main'], { config }), launcher],
        [await preloaded(variables, '/bin/echo', 'main'), library],
        // Wanted or not, there is no way to go on.
        [await preloaded({ ...variables, LKL_HIJACK_ON_ERROR: 'continue' }, '/bin/echo', 'main'), library],
      ] as const) {
        assert.is(ended.exitCode, 125, ended.stderr);
        assert.is(ended.stdout, '');
        assert.match(ended.stderr, `mem=${mem}`);
        assert.match(ended.stderr, words);
      }
    }
  });

  test('boot_cmdline: the least memory that is taken is enough', async () => {
    for (const length of [0, 1, 8, 40]) {
      const one = (n: number) => ({ type: 'loop', ip: `10.0.${n}.1`, masklen: 24, ipv6: `fd00:${n}::1`, masklen6: 64 });
      const interfaces = Array.from({ length }, (_, n) => one(n));
      const { exitCode, stderr } = await hijack(['/bin/true'], {
        config: { boot_cmdline: `mem=${8 + length}M`, interfaces },
      });
      assert.is(exitCode, 0, stderr);
      assert.is(stderr, '');
    }
  });

  test('boot_cmdline: what ends the options for the kernel does not end those for the interfaces', async () => {
    const command = ['cat', '/sys/class/net/eth0/carrier'];
    for (const boot_cmdline of ['quiet -- x', 'x="y z', '"', 'x'.repeat(3072)]) {
      const { exitCode, stdout, stderr } = await hijack(command, {
        config: { boot_cmdline, interfaces: [{ type: 'loop' }] },
      });
      assert.is(exitCode, 0, `${boot_cmdline}: ${stderr}`);
      assert.is(stdout, '1\n');
    }
  });

  test('boot_cmdline: the memory that it says', async () => {
    const size = async (mem: string): Promise<number> => {
      const text = await dumped({ boot_cmdline: `mem=${mem}` }, '/proc/meminfo');
      return Number(/MemTotal: *(\d+) kB/.exec(text)?.[1]);
    };
    assert.ok((await size('64M')) < 64 << 10);
    assert.ok((await size('1G')) > 900 << 10);
  });

  test('singlecpu: 1 pins the thread of LKL, 2 the program, too', async () => {
    const all = /Cpus_allowed_list:\t(.*)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    for (const [value, program] of [
      ['0', all],
      ['1', all],
      ['2', /^\d+$/],
    ] as const) {
      const run = startHijacked(['sleep', '60'], { config: { singlecpu: value } });
      // It sleeps when the set-up is done.
      await waitFor('main()', async () =>
        threads(run.pid).some(({ Name, State }) => Name === 'sleep' && State === 'S'),
      );
      const cpus = new Map(threads(run.pid).map(({ Name, Cpus }) => [Name, Cpus]));
      run.kill('SIGKILL');
      await run;
      assert.match(cpus.get('sleep') ?? '', program);
      assert.match(cpus.get('lkl-service') ?? '', value === '0' ? all : /^\d+$/);
    }
  });

  test('delay_main: the time passes before main()', async () => {
    const since = process.hrtime.bigint();
    await everyWay('delay_main', 'LKL_HIJACK_DELAY_MAIN', 300_000, '/bin/true');
    assert.ok(process.hrtime.bigint() - since >= 1_200_000_000n);
  });

  test('debug: messages of the kernel', async () => {
    for (const { stderr } of await everyWay('debug', 'LKL_HIJACK_DEBUG', '1', '/bin/true')) {
      assert.match(stderr, 'Linux version 6.12.');
      assert.match(stderr, /Memory: .* \d{1,4}K rodata, \d{1,4}K init, \d{1,4}K bss,/);
    }
  });

  test('debug 0x100: the kernel stays after the end, until a signal comes', async () => {
    const config = { debug: '0x100', mount: 'proc', dump: '/proc/sys/kernel/ostype' };
    const program = startHijacked(['sh', '-c', 'exit 7'], { config });
    let messages = '';
    program.stderr?.on('data', (chunk: Buffer) => {
      messages += chunk.toString();
    });
    await waitFor('the end', async () => messages.includes('the program has ended, its kernel stays: '));
    assert.match(messages, '/proc/sys/kernel/ostype:\nLinux\n');
    const pid = Number(/process (\d+) to end it/.exec(messages)?.[1]);
    assert.match(readFileSync(`/proc/${pid}/maps`, 'utf8'), 'liblkl-hijack.so');
    process.kill(pid, 'SIGTERM');
    const { exitCode, signal } = await program;
    assert.is(signal, undefined);
    assert.is(exitCode, 7);
  });
});
