// SPDX-License-Identifier: GPL-2.0-or-later
/** Files go into an image of ext4 and come out of it, and what fails is told in types. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { copyFromImage, copyToImage, imageToTar } from '../../src/image/index.ts';
import { define } from '../support/define.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { checkExt4, failure, makeExt4 } from '../support/images.ts';
import { waitFor } from '../support/wait.ts';

const ODD = "line\nend's -> 'quote";

function newDirectory(): string {
  return mkdtempSync(path.join(temporaryDirectory(), 'tree-'));
}

/** A tree with what a file system can hold. */
function makeTree(): string {
  const tree = path.join(newDirectory(), 'tree');
  mkdirSync(path.join(tree, 'a', 'b'), { recursive: true });
  writeFileSync(path.join(tree, 'a', 'b', 'file'), 'contents\n');
  writeFileSync(path.join(tree, ODD), Buffer.alloc(100_000, 'x'));
  symlinkSync('a/b/file', path.join(tree, 'link'));
  chmodSync(path.join(tree, 'a', 'b', 'file'), 0o640);
  utimesSync(path.join(tree, 'a', 'b', 'file'), 1_000_000_000.25, 1_000_000_000.5);
  return tree;
}

define('images', (test) => {
  test('a tree goes in and comes out as it was', async () => {
    const image = makeExt4();
    const tree = makeTree();
    const { copied, lost } = await copyToImage({ image, sources: tree, target: '/', type: 'ext4' });
    assert.equal(lost, []);
    assert.equal(
      copied.map(({ from, to }) => [path.relative(tree, from), to]).sort(),
      ['', 'a', 'a/b', 'a/b/file', 'link', ODD].map((name) => [name, path.join('/tree', name)]).sort(),
    );
    checkExt4(image);

    const before = readFileSync(image);
    const target = newDirectory();
    const back = await copyFromImage({ image, sources: ['/tree/a', '/tree/li?k', '/tree/line*'], target });
    assert.is(back.copied.length, 5);
    assert.ok(before.equals(readFileSync(image)));
    const file = path.join(target, 'a', 'b', 'file');
    assert.is(readFileSync(file, 'utf8'), 'contents\n');
    assert.is(lstatSync(file).mode & 0o7777, 0o640);
    assert.is(lstatSync(file).mtimeMs, 1_000_000_000_500);
    assert.is(readlinkSync(path.join(target, 'link')), 'a/b/file');
    assert.ok(readFileSync(path.join(target, ODD)).equals(readFileSync(path.join(tree, ODD))));
  });

  test('owner and mode are set if that is asked for; nothing is copied for a look', async () => {
    const image = makeExt4();
    const sources = [path.join(makeTree(), 'a/b/file')];
    const looked = await copyToImage({ image, sources, target: '/', dryRun: true });
    assert.equal(
      looked.copied.map(({ to }) => to),
      ['/file'],
    );
    const copy = { image, sources, target: '/renamed', owner: 12, group: 34, mode: 0o604 };
    await copyToImage(copy);
    const chunks: Buffer[] = [];
    const archive = new Writable({
      write: (chunk, _encoding, done) => {
        chunks.push(chunk);
        done();
      },
    });
    const { archived } = await imageToTar({ image, archive });
    assert.equal([...archived].sort(), ['.', 'lost+found', 'renamed']);
    const { stdout } = await execa('tar', ['-tv', '--numeric-owner'], { input: Buffer.concat(chunks) });
    assert.match(stdout, /^-rw----r-- 12\/34 +9 .* renamed$/m);
  });

  test('an archive whose name is a dash is a file, too', async () => {
    const image = makeExt4();
    const before = process.cwd();
    process.chdir(newDirectory());
    try {
      const { archived } = await imageToTar({ image, archive: '-' });
      assert.equal([...archived].sort(), ['.', 'lost+found']);
      const { stdout } = await execa('tar', ['-tf', './-']);
      assert.equal(stdout.split('\n').sort(), ['./', 'lost+found/']);
    } finally {
      process.chdir(before);
    }
  });

  test('an archive is compressed as its name says, or as is asked, and may have a part of the image', async () => {
    const image = makeExt4();
    await copyToImage({ image, sources: makeTree(), target: '/' });
    for (const [name, compression, magic] of [
      ['a.tar', undefined, '7472'],
      ['a.tar.gz', undefined, '1f8b'],
      ['a.tar.zst', undefined, '28b5'],
      ['b.tar', 'xz', 'fd37'],
    ] as const) {
      const archive = path.join(newDirectory(), name);
      const paths = ['/tree/a'];
      const { archived } = await imageToTar({ image, archive, paths, ...(compression ? { compression } : {}) });
      assert.equal(archived, ['tree/a', 'tree/a/b', 'tree/a/b/file']);
      assert.is(readFileSync(archive).subarray(0, 2).toString('hex'), magic, name);
    }
  });

  test('an image that cannot be used', async () => {
    const error = await failure(copyToImage({ image: '/no/such', sources: '/etc/passwd', target: '/' }));
    assert.equal([error.code, error.tool, error.exitCode, error.failed], ['image', 'cptofs', 2, []]);
    assert.match(error.message, /^cptofs: '\/no\/such' does not exist/);
    const image = makeExt4();
    assert.is((await failure(copyFromImage({ image, type: 'xfs', sources: '/', target: '/' }))).code, 'image');
    assert.is((await failure(copyFromImage({ image, partition: 3, sources: '/', target: '/' }))).code, 'image');
    assert.is((await failure(imageToTar({ image, archive: '/no/such/a.tar' }))).tool, 'fs2tar');
  });

  test('files that cannot be copied, beside others that can', async () => {
    const image = makeExt4(4 << 20);
    const directory = newDirectory();
    writeFileSync(path.join(directory, 'big'), Buffer.alloc(8 << 20, 'x'));
    writeFileSync(path.join(directory, 'small'), 'x');
    const sources = ['small', 'none', 'big'].map((name) => path.join(directory, name));
    const error = await failure(copyToImage({ image, sources, target: '/' }));
    assert.is(error.code, 'incomplete');
    assert.equal(
      error.failed.map((failed) => [path.basename(failed.path), failed.reason]),
      [
        ['none', 'No such file or directory'],
        ['big', 'No space left on device'],
      ],
    );
    checkExt4(image);
    await copyFromImage({ image, sources: '/small', target: newDirectory() });
  });

  test('a stream that gets no whole archive is destroyed; one that fails ends it', async () => {
    const image = makeExt4();
    const archive = new Writable({ write: (_chunk, _encoding, done) => done() });
    archive.on('error', () => {});
    const error = await failure(imageToTar({ image, type: 'xfs', archive }));
    assert.is(error.code, 'image');
    assert.is(archive.errored, error);
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('full')) });
    full.on('error', () => {});
    try {
      await imageToTar({ image, archive: full });
      assert.unreachable();
    } catch (caught) {
      assert.is(caught, full.errored);
      assert.is(String(caught), 'Error: full');
    }
  });

  test('an end by a signal leaves the image in order', async () => {
    const image = makeExt4(1 << 30);
    const sources = makeTree();
    assert.is(
      (await failure(copyToImage({ image, sources, target: '/', signal: AbortSignal.abort() }))).code,
      'aborted',
    );
    const huge = path.join(newDirectory(), 'huge');
    // Its blocks are there, so that it takes longer than the wait below.
    await execa('fallocate', ['-l', '768M', huge]);
    const control = new AbortController();
    const before = statSync(image).mtimeMs;
    const end = failure(copyToImage({ image, sources: huge, target: '/', signal: control.signal }));
    await waitFor('the image to be written to', () => statSync(image).mtimeMs !== before);
    control.abort();
    assert.is((await end).code, 'aborted');
    checkExt4(image);
  });
});
