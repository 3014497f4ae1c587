// SPDX-License-Identifier: GPL-2.0-or-later
/** A block device of the host as the image: a loop device, which root may make. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { imageDirectory, mustRun, shell, TOOLS } from '../support/file-systems.ts';

const directory = imageDirectory();
const at = (name: string): string => path.join(directory, name);

writeFileSync(at('file'), 'what is in the file\n');
mkdirSync(at('mnt'));
await shell('truncate -s 64M $IMAGE; echo "2048,,83" | sfdisk -q $IMAGE', { IMAGE: at('image') });

const { exitCode, stdout: device } = await execa('losetup', ['--find', '--show', '--partscan', at('image')], {
  reject: false,
});
if (exitCode !== 0) {
  skip('only root makes loop devices');
}

process.on('exit', () => spawnSync('losetup', ['-d', device]));

define('block devices of the host', (test) => {
  test('the partition of a disk: written, read, and clean', async () => {
    await shell('mkfs.ext4 -q -E offset=1048576 $IMAGE 60M', { IMAGE: device });
    await mustRun('cptofs', ['-i', device, '-P', '1', at('file'), '/']);
    await mustRun('cpfromfs', ['-i', device, '-P', '1', '/file', at('copy')]);
    assert.is(readFileSync(at('copy'), 'utf8'), 'what is in the file\n');
    await shell('e2fsck -fn "$IMAGE?offset=1048576"', { IMAGE: device });
  });

  // The mount is seen by this script alone: no namespace that is made meanwhile can keep it.
  test('the whole of it, by its type; what is mounted is only read', async () => {
    const env = { IMAGE: device, MNT: at('mnt'), FILE: at('file'), COPY: at('mounted'), BIN: TOOLS };
    const script = `mkfs.ext4 -q -F $IMAGE
mount $IMAGE $MNT
cp $FILE $MNT/
sync -f $MNT
$BIN/cpfromfs -i $IMAGE /file $COPY
$BIN/cptofs -i $IMAGE $FILE /other || echo "status $?"
umount $MNT`;
    const { all } = await execa('unshare', ['--mount', 'sh', '-euc', script], { env, all: true, stdin: 'ignore' });
    assert.match(all, /is in use by the host, mounted or part of another device[\s\S]*status 2/);
    assert.is(readFileSync(at('mounted'), 'utf8'), 'what is in the file\n');
    await mustRun('cptofs', ['-i', device, at('file'), '/other']);
    await shell('e2fsck -fn $IMAGE', { IMAGE: device });
  });
});
