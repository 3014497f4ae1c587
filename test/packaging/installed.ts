// SPDX-License-Identifier: GPL-2.0-or-later
// time limit: 600 s
/** The three ways to install it, each used where there is no checkout: a prefix of CMake, npm's, and Debian's. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { noHosts } from '../support/namespace.ts';
import { listening, tapHost } from '../support/tap.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const EXAMPLES = path.join(ROOT, 'examples', 'library');
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };

function directory(name: string): string {
  const made = path.join(temporaryDirectory(), name);
  mkdirSync(made, { recursive: true });
  return made;
}

/** Runs a command where the checkout is an empty directory. */
async function elsewhere(prefix: readonly string[], env: Record<string, string>, ...command: string[]) {
  const hide = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none "$0" && exec "$@"', ROOT];
  const [file = '', ...args] = [...prefix, ...hide, ...command];
  return (await execa(file, args, { cwd: temporaryDirectory(), env })).stdout;
}

/** What an installation must do, whatever its kind. */
async function works(bin: string, manual: string): Promise<void> {
  const env = { PATH: `${bin}:${process.env.PATH}` };
  assert.match(await elsewhere([], env, 'lkl-hijack', '--version'), new RegExp(`${version}[^]*6\\.12`));
  const links = await elsewhere([], env, 'lkl-hijack', '--no-config', 'ip', '-br', 'link');
  assert.match(links, /^lo [^\n]*$/);
  const schema: Record<string, unknown> = JSON.parse(await elsewhere([], env, 'lkl-config', 'schema'));
  assert.ok('properties' in schema);
  const tools = ['cptofs', 'cpfromfs', 'fs2tar', 'lklfuse'];
  for (const name of tools) {
    assert.match(await elsewhere([], env, name, '--help'), new RegExp(`[Uu]sage: .*${name}`), name);
  }
  for (const name of ['lkl-hijack', 'lkl-config', ...tools]) {
    const page = await elsewhere([], { ...env, MANPATH: manual, MANPAGER: 'cat' }, 'man', '1', name);
    assert.match(page, new RegExp(`^NAME\\n +([a-z]+, +)?${name}(, +[a-z]+)? +-`, 'm'));
  }
}

let prefix: string | undefined;

/** `cmake --install` into a directory. */
async function installed(): Promise<string> {
  if (prefix === undefined) {
    prefix = directory('prefix');
    await execa('cmake', ['--install', path.join(ROOT, 'build'), '--prefix', prefix]);
  }
  return prefix;
}

/** Compiles an example as its README says, against an installation. */
async function compiled(name: string, ...more: string[]): Promise<string> {
  const env = { PKG_CONFIG_PATH: path.join(await installed(), 'lib', 'pkgconfig') };
  const { stdout } = await execa('pkg-config', ['--cflags', '--libs', ...more, 'lkl'], { env });
  const flags = stdout
    .trim()
    .split(/\s+/)
    .map((word) => (more.length > 0 && word === '-llkl' ? '-l:liblkl.a' : word));
  const program = path.join(temporaryDirectory(), `${name}${more.join('')}`);
  await execa('cc', ['-Wall', '-Wextra', '-Werror', '-o', program, path.join(EXAMPLES, `${name}.c`), ...flags]);
  return program;
}

/** For programs that are linked with liblkl.so of the prefix. */
async function library(): Promise<Record<string, string>> {
  return { LD_LIBRARY_PATH: path.join(await installed(), 'lib') };
}

/** A PATH with nothing but these programs. */
async function pathOf(...programs: string[]): Promise<string> {
  const bin = directory('path');
  for (const name of programs) {
    await execa('ln', ['-s', (await execa('which', [name])).stdout, path.join(bin, name)]);
  }
  return bin;
}

define('installations', (test) => {
  test('cmake --install: commands, pages, completions, schema', async () => {
    const at = await installed();
    await works(path.join(at, 'bin'), path.join(at, 'share', 'man'));
    const there = [
      'share/bash-completion/completions/lkl-hijack',
      'share/bash-completion/completions/lkl-config',
      'share/bash-completion/completions/fs2tar',
      'share/bash-completion/completions/lklfuse',
      'share/zsh/site-functions/_lkl-config',
      'share/zsh/site-functions/_image-tools',
      'share/zsh/site-functions/_lklfuse',
      'share/fish/vendor_completions.d/lkl-hijack.fish',
      'share/fish/vendor_completions.d/cpfromfs.fish',
      'share/fish/vendor_completions.d/lklfuse.fish',
      'share/lkl-hijack/schemas/lkl-hijack.schema.json',
      'include/lkl/lkl.h',
    ];
    assert.deepEqual(
      there.filter((file) => !existsSync(path.join(at, file))),
      [],
    );
  });

  test('the examples in C are short', () => {
    for (const file of readdirSync(EXAMPLES).filter((name) => name.endsWith('.c'))) {
      const lines = readFileSync(path.join(EXAMPLES, file), 'utf8').trimEnd().split('\n').length;
      assert.ok(lines < 60, `${file}: ${lines}`);
    }
  });

  for (const more of [[], ['--static']]) {
    test(`examples/library/read-file.c, by pkg-config ${more.join('')}`, async () => {
      const program = await compiled('read-file', ...more);
      const root = directory('tree');
      mkdirSync(path.join(root, 'etc'), { recursive: true });
      const text = 'what is in the file\n'.repeat(10_000);
      writeFileSync(path.join(root, 'etc', 'motd'), text);
      const image = path.join(temporaryDirectory(), 'disk.img');
      await execa('mkfs.ext4', ['-qF', '-d', root, image, '16M']);
      const env = await library();
      assert.equal(`${await elsewhere([], env, program, image, '/etc/motd')}\n`, text);
      await assert.rejects(elsewhere([], env, program, image, '/none'), /\/none: No such file or directory/);
    });
  }

  test('examples/library/tcp.c, by pkg-config', async () => {
    const program = await compiled('tcp');
    const host = tapHost();
    const [nc = '', ...args] = [...host.prefix, 'nc', '-l', '-N', '192.168.13.1', '13'];
    const server = execa(nc, args, { input: 'half past twelve\n' });
    try {
      await listening(host, 13);
      const env = await library();
      const output = await elsewhere(host.prefix, env, program, 'tap0', '192.168.13.2', '192.168.13.1', '13');
      assert.equal(output, 'half past twelve');
      await server;
    } finally {
      server.kill();
      host.remove();
    }
  });

  test(
    'npm pack: installs on a clean prefix without a compiler or a registry',
    async () => {
      await execa('sh', [path.join(ROOT, 'scripts', 'pack')]);
      const to = directory('packed');
      await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', to], { cwd: ROOT });
      const at = directory('npm-prefix');
      const install = ['install', '--global', '--offline', '--no-audit', '--no-fund', '--prefix', at];
      await execa('npm', [...install, path.join(to, `lkl-hijack-${version}.tgz`)], {
        cwd: to,
        env: { PATH: await pathOf('node', 'npm', 'sh', 'env'), npm_config_cache: directory('npm-cache') },
      });
      await works(path.join(at, 'bin'), path.join(at, 'share', 'man'));
      const text = (name: string) => readFileSync(path.join(at, 'lib', 'node_modules', 'lkl-hijack', name), 'utf8');
      const { os, cpu, libc } = JSON.parse(text('package.json'));
      assert.deepEqual({ os, cpu, libc }, { os: ['linux'], cpu: ['x64'], libc: ['glibc'] });
      const source = text('lib/SOURCE.txt');
      assert.match(source, /Linux 6\.12\.\d+, .*\npackage linux-source-6\.12 6\.12\S+ /);
      assert.match(source, /at commit [0-9a-f]{40}(-dirty)?\.\n.*libjansson-dev \d/);
      assert.match(text('dist/NOTICES.txt'), /^jansson\n[\s\S]*Petri Lehtinen[\s\S]*IN NO EVENT/m);
    },
    { timeout: 180_000 },
  );

  test(
    'the Debian package: lintian finds no errors, dpkg installs it',
    async () => {
      const to = directory('deb');
      await execa('cpack', ['--config', path.join(ROOT, 'build', 'CPackConfig.cmake'), '-B', to], { cwd: to });
      const file = path.join(to, readdirSync(to).find((name) => name.endsWith('.deb')) ?? 'no package');
      const lintian = await execa('lintian', ['--allow-root', '--fail-on', 'error', file], { reject: false });
      assert.equal(lintian.exitCode, 0, lintian.stdout);
      // The package's files take their places in a view of the file system that ends with the shell.
      const script = [
        'mount -t tmpfs none /mnt && mkdir /mnt/up /mnt/work /mnt/root',
        'mount -t overlay -o lowerdir=/,upperdir=/mnt/up,workdir=/mnt/work none /mnt/root',
        'mount --rbind /dev /mnt/root/dev && mount -t proc none /mnt/root/proc',
        'cp "$0" /mnt/up/package.deb',
        'mount -t tmpfs none "/mnt/root$1"',
        'chroot /mnt/root dpkg -i /package.deb >&2',
        'chroot /mnt/root lkl-hijack --no-config ip -br link',
        'chroot /mnt/root lkl-config schema | grep -q properties',
        'grep -q "Petri Lehtinen" /mnt/root/usr/share/doc/lkl-hijack/copyright',
        'chroot /mnt/root pkg-config --modversion lkl',
        'chroot /mnt/root man -P cat lkl-hijack | grep "^NAME"',
      ].join(' && ');
      const { stdout } = await execa('unshare', ['--mount', 'sh', '-c', script, file, ROOT], { cwd: '/' });
      assert.match(stdout, new RegExp(`^lo [^\n]*\n${version}\nNAME`));
    },
    { timeout: 300_000 },
  );
});
