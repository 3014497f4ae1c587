// SPDX-License-Identifier: GPL-2.0-or-later
/** A program elsewhere imports the package by its name, with its types. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { makeExt4 } from '../support/images.ts';

/** A directory of a project that has this package as a dependency. */
function makeProject(): string {
  const project = mkdtempSync(path.join(temporaryDirectory(), 'project-'));
  mkdirSync(path.join(project, 'node_modules', '@types'), { recursive: true });
  symlinkSync(ROOT, path.join(project, 'node_modules', 'lkl-hijack'));
  symlinkSync(path.join(ROOT, 'node_modules/@types/node'), path.join(project, 'node_modules/@types/node'));
  writeFileSync(path.join(project, 'package.json'), '{ "type": "module" }');
  return project;
}

/** As npm installs it, but for the programs: the package `copy` of a project. */
function installCopy(project: string): string {
  const copy = path.join(project, 'node_modules/copy');
  for (const part of ['package.json', 'dist/image.js']) {
    cpSync(path.join(ROOT, part), path.join(copy, part), { recursive: true });
  }
  symlinkSync(path.join(ROOT, 'node_modules/execa'), path.join(project, 'node_modules/execa'));
  return copy;
}

define('the package', (test) => {
  test('has functions for programs', async () => {
    const project = makeProject();
    writeFileSync(
      path.join(project, 'program.js'),
      `import { copyFromImage, copyToImage } from 'lkl-hijack';
const [image] = process.argv.slice(2);
await copyToImage({ image, sources: 'program.js', target: '/' });
const { copied } = await copyFromImage({ image, sources: '/program.js', target: 'copy.js' });
console.log(JSON.stringify(copied));
`,
    );
    const { stdout } = await execa(process.execPath, ['program.js', makeExt4()], { cwd: project });
    assert.is(stdout, '[{"from":"/program.js","to":"copy.js"}]');
    assert.is(
      readFileSync(path.join(project, 'copy.js'), 'utf8'),
      readFileSync(path.join(project, 'program.js'), 'utf8'),
    );
  });

  test('has their types', () => {
    const project = makeProject();
    writeFileSync(
      path.join(project, 'program.ts'),
      `import { copyToImage, type CopyResult, ImageError, imageToTar, mountImage } from 'lkl-hijack';
export async function program(): Promise<number> {
  const result: CopyResult = await copyToImage({ image: 'a', sources: ['b'], target: '/', mode: 0o644 });
  // @ts-expect-error: there must be a target.
  await copyToImage({ image: 'a', sources: 'b' });
  // @ts-expect-error: a compression that there is not.
  await imageToTar({ image: 'a', archive: 'b', compression: 'rar' });
  // @ts-expect-error: what was lost is an attribute.
  result.lost.some(({ attribute }) => attribute === 'colour');
  await using mounted = await mountImage({ image: 'a', mountpoint: 'b', readOnly: true });
  try {
    return mounted.mountpoint.length + result.copied.length;
  } catch (error) {
    return error instanceof ImageError && error.code === 'incomplete' ? error.failed.length : 0;
  }
}
`,
    );
    const options = [
      '--strict',
      '--noEmit',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--lib',
      'es2023,esnext.disposable',
      '--types',
      'node',
    ];
    execFileSync(path.join(ROOT, 'node_modules/.bin/tsc'), [...options, 'program.ts'], { cwd: project, stdio: 'pipe' });
  });

  test('finds its programs where npm has put them, on nobody’s PATH', async () => {
    const project = makeProject();
    const copy = installCopy(project);
    cpSync(path.join(ROOT, 'build/Release/cptofs'), path.join(copy, 'lib/cptofs'));
    writeFileSync(
      path.join(project, 'program.js'),
      `import { copyFromImage, copyToImage } from 'copy';
const [image] = process.argv.slice(2);
await copyToImage({ image, sources: 'program.js', target: '/' });
const { copied } = await copyFromImage({ image, sources: '/program.js', target: 'copy.js' });
console.log(JSON.stringify(copied));
`,
    );
    const options = { cwd: project, env: { PATH: project } };
    const { stdout } = await execa(process.execPath, ['program.js', makeExt4()], options);
    assert.is(stdout, '[{"from":"/program.js","to":"copy.js"}]');
  });

  test('says so where its programs are not installed', async () => {
    const project = makeProject();
    installCopy(project);
    writeFileSync(
      path.join(project, 'program.js'),
      `import { imageToTar } from 'copy';
await imageToTar({ image: 'a', archive: 'b' }).catch(({ name, code, tool }) => console.log(name, code, tool));
`,
    );
    const { stdout } = await execa(process.execPath, ['program.js'], { cwd: project, env: { PATH: project } });
    assert.is(stdout, 'ImageError not-installed fs2tar');
  });
});
