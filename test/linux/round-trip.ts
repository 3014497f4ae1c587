// SPDX-License-Identifier: GPL-2.0-or-later
// time limit: 900 s
/** A tree of 20,000 entries goes into images of each type and comes out as it was, by cptofs, cpfromfs and fs2tar. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { define } from '../support/define.ts';
import { emptyImage, FILE_SYSTEMS, type FileSystem, imageDirectory, mustRun, shell } from '../support/file-systems.ts';

const SIZE = 1024 ** 3;

const directory = imageDirectory();
const image = path.join(directory, 'image');
const out = path.join(directory, 'out');
const trees = new Set<string>();

/** The tree with all that a type can hold; made at its first use. */
async function tree(without: string): Promise<string> {
  const place = path.join(directory, `with-all-but-${without}`, 'tree');
  if (!trees.has(place)) {
    mkdirSync(path.dirname(place));
    await mustRun('tree', ['make', place, without]);
    trees.add(place);
  }
  return place;
}

async function roundTrip({ type, make, check, readOnly, without }: FileSystem): Promise<void> {
  const omitted = without.join(',');
  const source = await tree(omitted);
  const name = path.basename(source);
  const env = { IMAGE: image, TREE: source, OUT: out };
  emptyImage(image, readOnly ? 0 : SIZE);
  await shell(make, env);
  if (!readOnly) {
    await mustRun('cptofs', ['-t', type, '-i', image, ...lossy(type), source, '/']);
    await shell(check, env);
  }

  rmSync(out, { recursive: true, force: true });
  await mustRun('cpfromfs', ['-i', image, name, out]);
  await mustRun('tree', ['compare', source, out, omitted]);

  rmSync(out, { recursive: true, force: true });
  // Another reader of the archive than its writer's: GNU tar.
  await mustRun('fs2tar', [image, `${out}.tar`, name]);
  await shell(
    `mkdir $OUT && tar --xattrs --xattrs-include='*' --acls --warning=no-timestamp -C $OUT -xpf $OUT.tar`,
    env,
  );
  await mustRun('tree', ['compare', source, path.join(out, name), omitted]);
}

/** FAT knows one owner and one mode: what it cannot keep would be told otherwise. */
function lossy(type: string): string[] {
  return type === 'vfat' || type === 'exfat' ? ['--owner=0', '--group=0', '--mode=0755'] : [];
}

define('round trip', (test) => {
  for (const fileSystem of FILE_SYSTEMS) {
    test(fileSystem.type, () => roundTrip(fileSystem), { timeout: 240_000 });
  }
});
