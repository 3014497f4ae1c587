// SPDX-License-Identifier: GPL-2.0-or-later
/** An image that is mounted by a program is there until the program takes it away, or ends. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { ImageError, mountImage } from '../../src/image/index.ts';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { fuseIsMissing } from '../support/fuse.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { checkExt4, failure, makeExt4 } from '../support/images.ts';
import { waitFor } from '../support/wait.ts';

const missing = fuseIsMissing();
if (missing !== undefined) {
  skip(missing);
}

const newDirectory = (): string => mkdtempSync(path.join(temporaryDirectory(), 'mnt-'));

define('mounted images', (test) => {
  test('are there until they are unmounted', async () => {
    const image = makeExt4();
    const mountpoint = newDirectory();
    const mounted = await mountImage({ image, mountpoint, type: 'ext4', fakeroot: true });
    try {
      assert.is(mounted.mountpoint, mountpoint);
      mkdirSync(path.join(mountpoint, 'a'));
      writeFileSync(path.join(mountpoint, 'a', 'file'), 'contents\n');
    } finally {
      await mounted.unmount();
    }
    await mounted.ended;
    assert.equal(readdirSync(mountpoint), []);
    checkExt4(image);

    const before = readFileSync(image);
    const again = await mountImage({ image, mountpoint, readOnly: true, mountOptions: 'noload,errors=continue' });
    try {
      assert.is(readFileSync(path.join(mountpoint, 'a', 'file'), 'utf8'), 'contents\n');
      assert.throws(() => writeFileSync(path.join(mountpoint, 'b'), ''), /EROFS/);
    } finally {
      await again[Symbol.asyncDispose]();
    }
    assert.ok(before.equals(readFileSync(image)));
  });

  test('end by a signal, by somebody else, or with the program', async () => {
    const image = makeExt4();
    const mountpoint = newDirectory();
    const control = new AbortController();
    const aborted = await mountImage({ image, mountpoint, signal: control.signal });
    control.abort();
    const error: unknown = await aborted.ended.catch((reason: unknown) => reason);
    assert.ok(error instanceof ImageError && error.code === 'aborted', String(error));

    const other = await mountImage({ image, mountpoint });
    execFileSync('umount', [mountpoint]);
    await other.ended;
    await other.unmount();

    const program = `const { mountImage } = await import(${JSON.stringify(path.join(ROOT, 'dist/image.js'))});
await mountImage({ image: ${JSON.stringify(image)}, mountpoint: ${JSON.stringify(mountpoint)} });
console.log(require('node:fs').readdirSync(${JSON.stringify(mountpoint)}).join());
process.exit();`;
    const { stdout } = await execa(process.execPath, ['--input-type=commonjs', '-e', `(async () => {${program}})()`]);
    assert.is(stdout, 'lost+found');
    await waitFor('the end of the mount', () => !existsSync(path.join(mountpoint, 'lost+found')));
  });

  test('that cannot be say why', async () => {
    const mountpoint = newDirectory();
    const noImage = await failure(mountImage({ image: '/no/such', mountpoint }));
    assert.equal([noImage.code, noImage.tool], ['image', 'lklfuse']);
    assert.match(noImage.message, /no\/such/);
    assert.match(
      (await failure(mountImage({ image: makeExt4(), mountpoint: '/no/such' }))).message,
      /No such file or directory/,
    );
    assert.is((await failure(mountImage({ image: makeExt4(), mountpoint, type: 'xfs' }))).code, 'image');
  });
});
