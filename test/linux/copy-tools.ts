// SPDX-License-Identifier: GPL-2.0-or-later
/** cptofs, cpfromfs and fs2tar as their users see them: options, names, messages, exit statuses. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { imageDirectory, mustRun, shell, TOOLS, tool } from '../support/file-systems.ts';
import { readProjectFile } from '../support/files.ts';

const NAMES = ['cptofs', 'cpfromfs', 'fs2tar'];
const directory = imageDirectory();
const at = (name: string): string => path.join(directory, name);
const image = at('image');

async function makeImage(command = 'mkfs.ext4 -q $IMAGE 32M'): Promise<void> {
  rmSync(image, { force: true });
  await shell(`${command} && chmod 666 $IMAGE`, { IMAGE: image });
}

function checksum(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** What debugfs, which knows nothing of this project, says of a file. */
async function debugfs(request: string): Promise<string> {
  const { stdout } = await execa('debugfs', ['-R', request, image], { reject: false });
  return stdout;
}

async function expectFailure(name: string, args: readonly string[], status: number, text: RegExp): Promise<void> {
  const { exitCode, stderr } = await tool(name, args);
  assert.match(stderr, text);
  assert.is(exitCode, status, stderr);
}

mkdirSync(at('tree/below'), { recursive: true });
chmodSync(directory, 0o755);
writeFileSync(at('tree/a.txt'), 'a');
writeFileSync(at('tree/b.txt'), 'b');
writeFileSync(at('tree/below/c'), 'c');

define('copy tools', (test) => {
  for (const name of NAMES) {
    test(`${name}: help, manual page and completions know the same options`, async () => {
      const { stdout, exitCode } = await tool(name, ['--help']);
      assert.is(exitCode, 0);
      const options = [...stdout.matchAll(/--[a-z][a-z-]*(?==|\s)/g)].map(([option]) => option);
      assert.ok(options.length > 10, stdout);
      const page = readProjectFile(`share/man/man1/${name === 'cpfromfs' ? 'cptofs' : name}.1`).replaceAll('\\', '');
      const files = ['image-tools.bash', 'image-tools.fish', '_image-tools'];
      const [bash = '', fish = '', zsh = ''] = files.map((file) => readProjectFile(`share/completions/${file}`));
      for (const option of options) {
        assert.ok(page.includes(option), `${option} is not in the manual page`);
        assert.ok(bash.includes(`${option} `) || bash.includes(`${option}'`), `${option}: bash`);
        assert.match(fish, new RegExp(`-c ${name} .*-l ${option.slice(2)} `), `${option}: fish`);
        assert.ok(zsh.includes(option), `${option}: zsh`);
      }
    });

    test(`${name}: bad usage and bad images are status 2`, async () => {
      writeFileSync(at('nothing'), Buffer.alloc(65536));
      const args = (file: string) => (name === 'fs2tar' ? [file, at('out.tar')] : ['-i', file, at('tree'), '/']);
      await expectFailure(name, [], 2, /no image is named[\s\S]*--help/);
      await expectFailure(name, ['--no-such'], 2, /--help/);
      await expectFailure(name, ['-P', 'x', ...args(image)], 2, /a partition is a number/);
      await expectFailure(name, ['-m', '1', ...args(image)], 2, /MiB from 32/);
      await expectFailure(name, args(at('missing')), 2, /does not exist/);
      await expectFailure(name, args(directory), 2, /is a directory/);
      await expectFailure(name, args(at('nothing')), 2, /no file system that this kernel knows/);
      await expectFailure(name, ['-P', '3', ...args(at('nothing'))], 2, /no partition table/);
      const { stdout } = await tool(name, ['--version']);
      assert.match(stdout, new RegExp(`^${name} \\(lkl-hijack\\) \\d`));
    });
  }

  test('lklfuse: help, manual page and completions know the same options', async () => {
    const { stdout, exitCode } = await tool('lklfuse', ['--help']);
    assert.is(exitCode, 0);
    const options = [...stdout.matchAll(/^ {2}(?:-o ([a-z]+)|-([a-z]) )/gm)].map(
      ([, long, short]) => long ?? short ?? '',
    );
    assert.ok(options.length > 9, stdout);
    const files = [
      'man/man1/lklfuse.1',
      'bash-completion/completions/lklfuse',
      ...['lklfuse.fish', '_lklfuse'].map((name) => `completions/${name}`),
    ];
    for (const file of files) {
      const words = new Set(readProjectFile(`share/${file}`).split(/[^a-z_]+/));
      assert.equal(
        options.filter((option) => !words.has(option)),
        [],
        file,
      );
    }
  });

  test('XFS in a kernel that is small for a tree: what it holds back is written in time', async () => {
    await makeImage('truncate -s 512M $IMAGE && mkfs.xfs -q $IMAGE');
    for (let n = 0; n < 20_000; n++) {
      const parent = at(`more/${Math.floor(n / 100)}`);
      mkdirSync(parent, { recursive: true });
      writeFileSync(path.join(parent, `${n}`), 'x'.repeat(n % 5000));
    }
    await mustRun('cptofs', ['-m', '32', '-i', image, at('more'), '/']);
    await shell('xfs_repair -n $IMAGE', { IMAGE: image });
    await mustRun('cpfromfs', ['-m', '32', '-i', image, '/more/199/19999', at('19999')]);
    assert.is(statSync(at('19999')).size, 4999);
  });

  test('Btrfs in a kernel that is small for a tree: all is read, or what would help is said', async () => {
    await makeImage('truncate -s 512M $IMAGE && mkfs.btrfs -q $IMAGE');
    await mustRun('cptofs', ['-i', image, at('more'), '/']);
    // A few files cannot be read; how many depends on how soon memory is found.
    const { exitCode, stderr } = await tool('fs2tar', ['-m', '32', image, '/dev/null']);
    if (exitCode !== 0) {
      assert.match(stderr, /Out of memory\n.*-m '32': .* give the kernel more/);
      assert.is(exitCode, 1, stderr);
    }
  });

  test('F2FS in a small kernel: what it gathers makes nobody wait for ever', async () => {
    await makeImage('truncate -s 512M $IMAGE && mkfs.f2fs -q $IMAGE');
    for (let n = 0; n < 8000; n++) {
      const parent = at(`many/${Math.floor(n / 100)}`);
      mkdirSync(parent, { recursive: true });
      writeFileSync(path.join(parent, `${n}`), 'x'.repeat(n % 5000));
    }
    await mustRun('cptofs', ['-m', '64', '-i', image, at('many'), '/']);
    await shell('fsck.f2fs --dry-run $IMAGE', { IMAGE: image });
    await expectFailure(
      'cptofs',
      ['-m', '32', '-i', image, at('tree'), '/'],
      2,
      /cannot be written as f2fs with \d+ MiB/,
    );
    await mustRun('cpfromfs', ['-m', '32', '-i', image, '/many/79/7999', at('7999')]);
    assert.is(statSync(at('7999')).size, 2999);
  });

  test('names: into a directory, under another name, contents, patterns', async () => {
    await makeImage();
    await mustRun('cptofs', ['-i', image, at('tree'), '/']);
    await mustRun('cptofs', ['-i', image, at('tree'), '/renamed']);
    await mustRun('cptofs', ['-i', image, `${at('tree')}/.`, '/']);
    await mustRun('cptofs', ['-i', image, at('tree/a.txt'), at('tree/b.txt'), 'renamed/below']);
    for (const file of ['/tree/a.txt', '/renamed/below/c', '/a.txt', '/renamed/below/b.txt']) {
      assert.match(await debugfs(`stat ${file}`), /Type: regular/, file);
    }
    await expectFailure('cptofs', ['-i', image, at('tree/a.txt'), at('tree/b.txt'), '/new'], 1, /not a directory/);
    await expectFailure('cptofs', ['-i', image, at('missing'), at('tree/a.txt'), '/'], 1, /missing' cannot be read/);
    mkdirSync(at('globbed'));
    await mustRun('cpfromfs', ['-i', image, '/tr*/?.txt', 'renamed/below/[c]', at('globbed')]);
    assert.equal(readdirSync(at('globbed')).sort(), ['a.txt', 'b.txt', 'c']);
    await expectFailure('cpfromfs', ['-i', image, '/no*', at('globbed')], 1, /'\/no\*' cannot be read: No such file/);
  });

  test('names as cp(1) has them: none is none, and a slash behind one makes it a directory', async () => {
    await makeImage();
    const [file, tree] = [at('tree/a.txt'), at('tree')];
    await expectFailure('cptofs', ['-i', image, '', '/'], 1, /'' cannot be read: No such file/);
    await expectFailure('cptofs', ['-i', image, '', file, '/'], 1, /'' cannot be read: No such file/);
    await expectFailure('cptofs', ['-i', image, file, ''], 1, /'' cannot be written: No such file/);
    await expectFailure('cpfromfs', ['-i', image, '', at('whole')], 1, /'' cannot be read: No such file/);
    assert.not.ok(existsSync(at('whole')));
    assert.match(await debugfs('ls -p /'), /\/a\.txt\//);
    for (const target of ['/a.txt/', '/new/']) {
      await expectFailure('cptofs', ['-i', image, file, target], 1, /\/' cannot be written: Not a directory/);
    }
    await expectFailure('cptofs', ['-i', image, `${file}/`, '/new'], 1, /a.txt\/' cannot be read: Not a directory/);
    symlinkSync('tree', at('to-tree'));
    await mustRun('cptofs', ['-i', image, `${tree}/`, '/new/']);
    await mustRun('cptofs', ['-i', image, `${at('to-tree')}/`, '/new']);
    assert.match(await debugfs('stat /new/a.txt'), /Type: regular/);
    assert.match(await debugfs('stat /new/to-tree'), /Type: directory/);
  });

  test('owner, group, mode and SELinux label', async () => {
    await makeImage();
    const options = ['--owner=12', '--group=34', '--mode=0640', '--selinux=system_u:object_r:etc_t:s0'];
    await mustRun('cptofs', ['-i', image, ...options, at('tree'), '/']);
    assert.match(await debugfs('stat /tree/a.txt'), /Mode: {2}0640[\s\S]*User: +12 +Group: +34/);
    assert.match(await debugfs('stat /tree'), /Mode: {2}0750/);
    assert.match(await debugfs('ea_get /tree/a.txt security.selinux'), /system_u:object_r:etc_t:s0/);
    await mustRun('fs2tar', ['-s', at('labels'), image, at('out.tar'), 'tree/a.txt']);
    assert.is(readFileSync(at('labels'), 'utf8'), '/tree/a.txt system_u:object_r:etc_t:s0\n');
  });

  test('what is read or only tried leaves the image as it was', async () => {
    const before = checksum(image);
    await mustRun('cpfromfs', ['-i', image, '/tree', at('out')]);
    await mustRun('fs2tar', [image, at('out.tar')]);
    const { stderr } = await tool('cptofs', ['-nvi', image, at('tree'), '/other']);
    assert.match(stderr, /'.*\/below\/c' -> '\/other\/below\/c'/);
    assert.is(checksum(image), before);
  });

  test('links of an image stay in the image', async () => {
    await makeImage();
    rmSync(at('out'), { recursive: true, force: true });
    mkdirSync(at('links'));
    symlinkSync('/', at('links/root'));
    symlinkSync('../../../../..', at('links/up'));
    await mustRun('cptofs', ['-i', image, at('links'), at('tree'), '/']);
    await mustRun('cpfromfs', ['-i', image, '/links/root/tree/a.txt', at('out')]);
    assert.is(readFileSync(at('out'), 'utf8'), 'a');
    await mustRun('cptofs', ['-i', image, at('tree/b.txt'), '/links/up/b']);
    assert.match(await debugfs('stat /b'), /Type: regular/);
  });

  test('one file takes the place of another, and a directory does not', async () => {
    await makeImage();
    await mustRun('cptofs', ['-i', image, at('links'), at('tree'), '/']);
    await mustRun('cptofs', ['-i', image, at('tree/a.txt'), '/tree/b.txt']);
    await mustRun('cpfromfs', ['-i', image, '/tree/b.txt', at('out')]);
    assert.is(readFileSync(at('out'), 'utf8'), 'a');
    mkdirSync(at('other/a.txt'), { recursive: true });
    await expectFailure('cptofs', ['-i', image, `${at('other')}/.`, '/tree'], 1, /a.txt' is there and is no directory/);
  });

  test('no file is lost to another of the same copy', async () => {
    await makeImage();
    await shell('cd $AT && mkdir -p day1/d day2/d && echo data >day1/d/f && ln day1/d/f day2/d/f && echo x >day2/x', {
      AT: directory,
    });
    // Hard links of each other are one file, by which name ever they are given.
    for (const [name, from, to] of [
      ['cptofs', at('day'), '/'],
      ['cpfromfs', '/day', at('days')],
    ] as const) {
      mkdirSync(at('days'), { recursive: true });
      await mustRun(name, ['-i', image, `${from}1`, `${from}2`, to]);
      await mustRun(name, ['-i', image, `${from}1/d/f`, `${from}2/d/f`, `${from}1/d/f`, to]);
      await mustRun(name, ['-i', image, `${from}1/.`, `${from}2/.`, to]);
    }
    for (const file of ['f', 'd/f', 'day1/d/f', 'day2/d/f']) {
      assert.is(readFileSync(at(`days/${file}`), 'utf8'), 'data\n', file);
    }
    // What only has the same name is not.
    const [first, second] = [at('tree/a.txt'), at('other/x/a.txt')];
    mkdirSync(path.dirname(second), { recursive: true });
    writeFileSync(second, 'another');
    await expectFailure('cptofs', ['-i', image, first, second, '/'], 1, /'\/a.txt' was just made of another file/);
    await mustRun('cptofs', ['-i', image, second, '/']);
    await mustRun('cptofs', ['-i', image, `${path.dirname(second)}/.`, `${at('tree')}/.`, '/']);
    await mustRun('cpfromfs', ['-i', image, '/a.txt', at('out')]);
    assert.is(readFileSync(at('out'), 'utf8'), 'a');
    await makeImage('truncate -s 32M $IMAGE && mkfs.vfat $IMAGE');
    await shell('cd $AT && mkdir case && echo 1 >case/NAME && echo 2 >case/name && echo 3 >case/name.', {
      AT: directory,
    });
    const { stderr, exitCode } = await tool('cptofs', ['-i', image, at('case'), '/']);
    assert.is(
      stderr.match(/name\.?' was just made of another file: the file system takes both names for one/g)?.length,
      2,
      stderr,
    );
    assert.is(exitCode, 1);
    rmSync(at('out'));
    await mustRun('cpfromfs', ['-i', image, '/case/name', at('out')]);
    assert.is(readFileSync(at('out'), 'utf8'), '1\n');
    // Directories of one SOURCE are not joined for that, those of several are.
    await shell('cd $AT && mkdir -p dirs/Lib dirs/lib && echo 1 >dirs/Lib/one && echo 2 >dirs/lib/two', {
      AT: directory,
    });
    for (const time of ['first', 'again']) {
      const joined = await tool('cptofs', ['-i', image, `${at('dirs')}/.`, '/']);
      assert.match(joined.stderr, /'\/.\/lib' was just made of another file: .* both names for one\n?$/, time);
      assert.is(joined.exitCode, 1);
    }
    await expectFailure('cpfromfs', ['-i', image, '/lib/two', at('out')], 1, /'\/lib\/two' cannot be read: No such/);
    await mustRun('cptofs', ['-i', image, at('dirs/Lib'), at('dirs/lib'), '/']);
    await mustRun('cpfromfs', ['-i', image, '/lib/two', at('out')]);
  });

  test('files that tell no size, as those of /proc, have contents', async () => {
    await makeImage();
    writeFileSync(at('empty'), '');
    await mustRun('cptofs', ['-i', image, '/proc/version', at('empty'), '/']);
    await mustRun('cpfromfs', ['-i', image, '/version', '/empty', at('.')]);
    assert.is(readFileSync(at('version'), 'utf8'), readFileSync('/proc/version', 'utf8'));
    assert.is(statSync(at('empty')).size, 0);
  });

  test('without standard error no message becomes part of a file', async () => {
    await makeImage();
    await mustRun('cptofs', ['-i', image, at('tree'), '/']);
    const run = (script: string) =>
      execa('sh', ['-c', script], { env: { IMAGE: image, TOOLS, OUT: at('silent.tar') }, reject: false });
    const { stdout } = await run('"$TOOLS/fs2tar" -v "$IMAGE" "$OUT" tree/below 2>&- && tar -tf "$OUT"');
    assert.is(stdout, 'tree/below/\ntree/below/c');
    assert.is((await run('"$TOOLS/fs2tar" "$IMAGE" - >&-')).exitCode, 2);
  });

  test('an archive of an image is the same at any time', async () => {
    await mustRun('fs2tar', [image, at('once.tar.gz')]);
    const once = readFileSync(at('once.tar.gz'));
    // The header of gzip(1) begins so, with no time (RFC 1952).
    assert.is(once.subarray(0, 8).toString('hex'), '1f8b080000000000');
    await mustRun('fs2tar', [image, at('twice.tar.gz')]);
    assert.ok(once.equals(readFileSync(at('twice.tar.gz'))));
  });

  test('a user namespace: users that it does not have, and links across mounts', async () => {
    await makeImage();
    mkdirSync(at('root/a'), { recursive: true });
    mkdirSync(at('root/b'), { recursive: true });
    await shell('cd $AT/root && echo data >a/f && ln -f a/f b/f && chmod 751 a/f', { AT: directory });
    await mustRun('cptofs', ['-i', image, '--owner=12345', `${at('root')}/.`, '/']);
    mkdirSync(at('mounted/b'), { recursive: true });
    const script = `mount -t tmpfs none "$OUT/b"
"$CPFROMFS" -i "$IMAGE" '/*' "$OUT"
stat -c %a-%u "$OUT/a/f" "$OUT/b/f"
cat "$OUT/b/f"`;
    const { stdout, stderr } = await execa('unshare', ['-rm', 'sh', '-ec', script], {
      env: { IMAGE: image, CPFROMFS: path.join(TOOLS, 'cpfromfs'), OUT: at('mounted') },
    });
    assert.is(stdout, '751-0\n751-0\ndata');
    assert.match(stderr, /^cpfromfs: 4 entries could not keep all of their owner: [^\n]*$/);
  });

  test('what is no file to replace is written into, and the image never', async () => {
    await makeImage();
    writeFileSync(at('holes'), '');
    truncateSync(at('holes'), 1 << 20);
    await mustRun('cptofs', ['-i', image, at('tree'), at('holes'), '/']);
    const before = checksum(image);
    await shell(
      `cd $AT && mkfifo pipe && ln -s real link && echo old >real && ln -s nowhere dangling && ln image hard && ln -s image soft
[ $(id -u) != 0 ] || { mknod null c 1 3 && mknod full c 1 7; }`,
      { AT: directory },
    );
    const contents = execa('cat', [at('pipe')], { stripFinalNewline: false });
    await mustRun('cpfromfs', ['-i', image, '/holes', at('pipe')]);
    assert.is((await contents).stdout, '\0'.repeat(1 << 20));
    const { stdout } = await execa('sh', ['-c', '"$CPFROMFS" -i "$IMAGE" /tree/a.txt /dev/stdout | cat'], {
      env: { IMAGE: image, CPFROMFS: path.join(TOOLS, 'cpfromfs') },
    });
    assert.is(stdout, 'a');
    await mustRun('cpfromfs', ['-i', image, '/tree/a.txt', at('link')]);
    assert.is(readFileSync(at('real'), 'utf8'), 'a');
    if (process.getuid?.() === 0) {
      await mustRun('cpfromfs', ['-i', image, '/tree/a.txt', at('null')]);
      await expectFailure('cpfromfs', ['-i', image, '/tree/a.txt', at('full')], 1, /cannot be copied: No space left/);
      assert.ok(statSync(at('null')).isCharacterDevice() && statSync(at('full')).isCharacterDevice());
    }
    await expectFailure('cpfromfs', ['-i', image, '/tree', at('pipe')], 1, /pipe' is there and is no directory/);
    await expectFailure('cpfromfs', ['-i', image, '/tree/a.txt', at('dangling')], 1, /link to what does not exist/);
    assert.ok(statSync(at('pipe')).isFIFO());
    for (const name of ['image', 'hard', 'soft']) {
      await expectFailure('cpfromfs', ['-i', image, '/tree/a.txt', at(name)], 1, /' is the image\n?$/);
    }
    assert.is(checksum(image), before);
    mkdirSync(at('with'));
    linkSync(image, at('with/itself'));
    const { stderr, exitCode } = await tool('cptofs', ['-i', image, at('with'), '/']);
    assert.match(stderr, /itself' is the image itself: left out/);
    assert.is(exitCode, 0);
    assert.not.match(await debugfs('stat /with/itself'), /Type/);
    for (const name of ['hard', 'soft', 'with/itself']) {
      rmSync(at(name));
    }
  });

  test('an image that can only be read is refused before anything is tried', async () => {
    await makeImage(`rm -f $IMAGE && mksquashfs ${at('tree/below')} $IMAGE -quiet -no-progress`);
    await expectFailure('cptofs', ['-i', image, at('tree'), '/'], 2, /can only be read/);
  });

  test('a socket is not in an archive, nor told to be', async () => {
    await makeImage();
    mkdirSync(at('sockets'), { recursive: true });
    await shell('perl -MIO::Socket::UNIX -e "IO::Socket::UNIX->new(Local => q($S), Listen => 1)"', {
      S: at('sockets/s'),
    });
    await mustRun('cptofs', ['-i', image, at('sockets'), '/']);
    const { stderr } = await tool('fs2tar', ['-v', image, at('sockets.tar')]);
    const lines = stderr.split('\n');
    assert.ok(lines.includes('sockets'), stderr);
    assert.not.ok(lines.includes('sockets/s'), stderr);
    assert.match(stderr, /'\/sockets\/s' is a socket: left out/);
  });

  test('a full image is told, and stays whole', async () => {
    await makeImage('mkfs.ext4 -q $IMAGE 4M');
    writeFileSync(at('large'), Buffer.alloc(16 << 20, 'x'));
    await expectFailure('cptofs', ['-i', image, at('large'), at('tree'), '/'], 1, /No space left/);
    await shell('e2fsck -fn $IMAGE', { IMAGE: image });
  });

  test('what FAT cannot hold is told', async () => {
    await makeImage('truncate -s 32M $IMAGE && mkfs.vfat $IMAGE');
    chmodSync(at('tree/b.txt'), 0o4755);
    const { exitCode, stderr } = await tool('cptofs', ['-i', image, '--owner=5', at('tree'), at('links'), '/']);
    assert.match(stderr, /could not keep all of their owner: vfat cannot hold them/);
    assert.match(stderr, /root' cannot be copied: Operation not permitted/);
    assert.is(exitCode, 1);
    await shell('fsck.fat -n $IMAGE', { IMAGE: image });
  });

  test('a partition of a GPT', async () => {
    await makeImage(
      `truncate -s 40M $IMAGE && printf 'label: gpt\\nsize=4M\\nsize=20M\\n' | /sbin/sfdisk -q $IMAGE && mkfs.ext4 -q -F -E offset=$((5 * 1048576)) $IMAGE 20M`,
    );
    await expectFailure(
      'cptofs',
      ['-i', image, at('tree'), '/'],
      2,
      /one of its partitions: 1 \(unknown\), 2 \(ext4\)/,
    );
    await mustRun('cptofs', ['-i', image, '-P', '2', at('tree'), '/']);
    const { stdout } = await execa('sh', ['-c', '"$FS2TAR" -P2 "$IMAGE" - tree | tar -t'], {
      env: { IMAGE: image, FS2TAR: path.join(TOOLS, 'fs2tar') },
    });
    assert.is(stdout, 'tree/\ntree/a.txt\ntree/b.txt\ntree/below/\ntree/below/c');
  });

  test('archives are compressed by their suffix, and none is left of those that fail', async () => {
    for (const [suffix, magic] of [
      ['tar.gz', '1f8b'],
      ['tar.zst', '28b52ffd'],
      ['tar.xz', 'fd377a'],
      ['tar', '5061'],
    ] as const) {
      await mustRun('fs2tar', ['-P2', image, at(`out.${suffix}`), 'tree']);
      assert.ok(
        readFileSync(at(`out.${suffix}`))
          .toString('hex')
          .startsWith(magic),
        suffix,
      );
    }
    await expectFailure('fs2tar', ['-P2', image, at('out.tar'), 'missing'], 1, /'\/missing' cannot be read/);
    const { stderr, exitCode } = await execa('sh', ['-c', 'ulimit -f 8 && exec "$FS2TAR" -P2 "$IMAGE" "$OUT"'], {
      env: { IMAGE: image, FS2TAR: path.join(TOOLS, 'fs2tar'), OUT: at('part.tar') },
      reject: false,
    });
    assert.match(stderr, /cannot be written: File too large/);
    assert.is(exitCode, 2);
    assert.not.ok(existsSync(at('part.tar')));
    await expectFailure('fs2tar', ['-P2', '-z', 'best', image, at('out.tar')], 2, /use gzip/);
  });

  test('more memory than there is', async () => {
    await makeImage();
    await expectFailure(
      'cptofs',
      ['-m', '100000000', '-i', image, at('tree'), '/'],
      2,
      /-m '100000000': .* give .* less/,
    );
    for (const [name, option] of [
      ['fs2tar', "-m '512'"],
      ['lklfuse', 'mb=256'],
    ] as const) {
      const { exitCode, stderr } = await execa(
        'sh',
        ['-c', 'ulimit -v 200000; exec "$0" "$@"', path.join(TOOLS, name), image, directory],
        { reject: false },
      );
      assert.ok(stderr.includes(`${option}: so many MiB are more`), stderr);
      assert.is(exitCode, name === 'fs2tar' ? 2 : 1);
    }
  });

  test('options of a mount are those of mount(8)', async () => {
    await makeImage();
    // Nothing is behind them in memory, as in an environment of its own.
    const run = (name: string, ...args: string[]) =>
      execa(path.join(TOOLS, name), args, { extendEnv: false, reject: false, stdin: 'ignore' });
    const options = 'defaults,noatime,nodev,nosuid,noexec,nodiratime,lazytime,user,errors=remount-ro,rw';
    assert.is((await run('cptofs', '-o', options, '-i', image, at('tree'), '/')).exitCode, 0);
    for (const words of [options, 'ro', 'strictatime', 'norecovery,atime']) {
      const { exitCode, stderr } = await run('fs2tar', '-o', words, image, at('out.tar'));
      assert.is(exitCode, 0, `${words}: ${stderr}`);
    }
    await expectFailure('cptofs', ['-o', 'noatime,ro', '-i', image, at('tree'), '/'], 2, /-o 'ro': .* leave it out/);
    await expectFailure('fs2tar', ['-o', 'rot,nodev', image, at('out.tar')], 2, /Unknown parameter 'rot'/);
    await expectFailure('fs2tar', ['-o', 'x'.repeat(5000), image, at('out.tar')], 2, /longer than 4095 bytes/);
    await expectFailure('fs2tar', ['-t', 'tmpfs', image, at('out.tar')], 2, /'tmpfs' is not for images/);
  });

  test('an archive is never the image, has no name that goes up, and says why it cannot be', async () => {
    await makeImage();
    await shell('cd $AT/tree && mkdir -p d && echo x >d/x && ln -f d/x d/y', { AT: directory });
    await mustRun('cptofs', ['-i', image, at('tree'), '/']);
    const before = checksum(image);
    linkSync(image, at('hard.tar'));
    await expectFailure('fs2tar', [image, image], 2, /image' cannot be written: it is the image/);
    await expectFailure('fs2tar', [image, at('hard.tar')], 2, /hard.tar' cannot be written: it is the image/);
    await expectFailure('fs2tar', ['-s', image, image, at('out.tar')], 2, /image' cannot be written: it is the image/);
    const { exitCode } = await execa('sh', ['-c', '"$FS2TAR" "$IMAGE" - >>"$IMAGE"'], {
      env: { IMAGE: image, FS2TAR: path.join(TOOLS, 'fs2tar') },
      reject: false,
    });
    assert.is(exitCode, 2);
    assert.is(checksum(image), before);
    rmSync(at('hard.tar'));
    await expectFailure('fs2tar', [image, at('no/such.tar')], 2, /such.tar' cannot be written: No such file/);
    await expectFailure('fs2tar', [image, directory], 2, /cannot be written: Is a directory/);
    await expectFailure('fs2tar', [image, ''], 2, /'' cannot be written: No such file/);
    await expectFailure('fs2tar', [image, at('out.tar'), ''], 1, /'' cannot be read: No such file/);
    await mustRun('fs2tar', [image, at('out.tar'), '../tree/d/x', 'tree/below/../d/.', 'tree/below/..']);
    const { stdout } = await execa('sh', ['-c', 'tar -tvf "$1" | sed "s/.*:[0-9]* //"', 'sh', at('out.tar')]);
    const all = ['tree/', 'tree/a.txt', 'tree/b.txt', 'tree/below/', 'tree/below/c', 'tree/d/'];
    const links = ['tree/d/x link to tree/d/x', 'tree/d/y link to tree/d/x'];
    assert.equal(stdout.split('\n'), ['tree/d/x', 'tree/d/', ...links, ...all, ...links]);
  });

  test('an ordinary user needs nothing but the image', async () => {
    await makeImage();
    mkdirSync(at('users'), { recursive: true });
    const user = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];
    if (process.getuid?.() === 0) {
      chownSync(at('users'), 65534, 65534);
    }
    const [program = '', ...prefix] = user;
    const run = (name: string, ...args: string[]) => execa(program, [...prefix, path.join(TOOLS, name), ...args]);
    await run('cptofs', '-i', image, '--owner=0', at('tree'), '/');
    await run('cpfromfs', '-i', image, '/tree', at('users'));
    await run('fs2tar', image, at('users/out.tar.gz'));
    assert.is(readFileSync(at('users/tree/below/c'), 'utf8'), 'c');
    assert.is(statSync(at('users/tree/b.txt')).mode & 0o7777, 0o755, 'no set-user-ID bit without its owner');
    assert.ok(existsSync(at('users/out.tar.gz')));
  });
});
