// SPDX-License-Identifier: GPL-2.0-or-later
// time limit: 600 s
/** lklfuse (linux/tools/lklfuse) as an ordinary user: file systems as POSIX has them, under load, and when all goes wrong. */
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { fuseIsMissing, makeUserDirectory, runAsUser } from '../support/fuse.ts';

const missing = fuseIsMissing();
if (missing !== undefined) {
  skip(missing);
}

const directory = makeUserDirectory(['lklfuse', 'posix-fs']);
const run = (script: string): Promise<string> => runAsUser(directory, script, 240);

/** How an image of each type is made and checked, and what the type lacks of what is asserted (test/linux/posix). */
interface Type {
  readonly make: string;
  readonly check: string;
  readonly lacks?: readonly string[];
}

const OWNER = 'root_owner=$(id -u):$(id -g)';

const posixTypes: Readonly<Record<string, Type>> = {
  ext4: { make: `truncate -s 256M $i && mkfs.ext4 -q -b 4096 -E ${OWNER} $i`, check: 'e2fsck -fn $i' },
  xfs: { make: 'truncate -s 320M $i && mkfs.xfs -q $i', check: 'xfs_repair -n $i' },
  btrfs: {
    make: 'truncate -s 256M $i && mkfs.btrfs -q $i',
    check: 'btrfs check $i',
    lacks: ['dir-nlink', 'zero-range', 'exact-free'],
  },
  f2fs: { make: 'truncate -s 256M $i && mkfs.f2fs -q -f $i', check: 'fsck.f2fs --dry-run $i' },
};

/** A directory of the user's in the image, whoever owns its root. */
const OWN = `mount_image $i -o fakeroot
mkdir -p mnt/own
chown $(id -u):$(id -g) mnt/own
unmount_image
mount_image $i`;

/** What each type of file system is to do with a small tree; those that cannot be written hold it from the start. */
const TREE = `mkdir -p tree/deep/er
for n in 1 2 3 4 5 6 7 8 9; do seq $((n * n * 1000)) >tree/deep/$n; done
cp tree/deep/5 "tree/deep/er/ein großer Name"
: >tree/empty`;

const treeTypes: Readonly<Record<string, Type>> = {
  ext2: { make: 'truncate -s 32M $i && mkfs.ext2 -q $i', check: 'e2fsck -fn $i' },
  ext3: { make: 'truncate -s 32M $i && mkfs.ext3 -q $i', check: 'e2fsck -fn $i' },
  'xfs-64k': { make: 'truncate -s 320M $i && mkfs.xfs -q -n size=65536 $i', check: 'xfs_repair -n $i' },
  vfat: { make: 'truncate -s 64M $i && mkfs.vfat -F 32 $i', check: 'fsck.vfat -n $i' },
  'vfat-16': { make: 'truncate -s 16M $i && mkfs.vfat -F 16 $i', check: 'fsck.vfat -n $i' },
  exfat: { make: 'truncate -s 64M $i && mkfs.exfat $i', check: 'fsck.exfat -n $i' },
  'f2fs-compressed': {
    make: 'truncate -s 128M $i && mkfs.f2fs -q -f -O extra_attr,compression $i',
    check: 'fsck.f2fs --dry-run $i',
  },
};

const readOnlyTypes: Readonly<Record<string, string>> = {
  'squashfs-gzip': 'mksquashfs tree $i -noappend -quiet -no-progress',
  'squashfs-xz': 'mksquashfs tree $i -comp xz -noappend -quiet -no-progress',
  'squashfs-zstd': 'mksquashfs tree $i -comp zstd -noappend -quiet -no-progress',
  'squashfs-lz4': 'mksquashfs tree $i -comp lz4 -noappend -quiet -no-progress',
  'squashfs-lzo': 'mksquashfs tree $i -comp lzo -noappend -quiet -no-progress',
  'iso9660-rock-ridge': 'xorriso -as mkisofs -quiet -R -o $i tree',
  'iso9660-joliet': 'xorriso -as mkisofs -quiet -J -o $i tree',
};

define('lklfuse', (test) => {
  const long = { timeout: 250_000 };

  test('the assertions hold on a file system of the host', async () => {
    assert.match(await run('mkdir host && ./posix-fs host --without zero-range'), /^\d+ assertions, 0 failed$/m);
  });

  for (const [name, { make, check, lacks = [] }] of Object.entries(posixTypes)) {
    test(
      `${name} is as POSIX has it`,
      async () => {
        const without = lacks.map((feature) => ` --without ${feature}`).join('');
        const output = await run(`i=posix-${name}.img
${make}
${OWN}
mkdir mnt/own/posix
./posix-fs mnt/own/posix${without}
unmount_image
${check}
rm $i`);
        const [, made] = /^(\d+) assertions, 0 failed$/m.exec(output) ?? [];
        assert.ok(Number(made) >= 800, output);
      },
      long,
    );
  }

  for (const [name, { make, check }] of Object.entries(treeTypes)) {
    test(
      `${name}: a tree is there again after a mount`,
      async () => {
        const type = name.startsWith('f2fs') ? ' -o opts=compress_algorithm=zstd' : '';
        await run(`i=tree-${name}.img
${make}
${TREE}
mount_image $i -o fakeroot${type}
mkdir mnt/copy
${name.startsWith('f2fs') ? 'chown $(id -u) mnt/copy\nchattr +c mnt/copy' : ''}
cp -r tree/. mnt/copy/
diff -r tree mnt/copy
for n in $(seq 400); do : >mnt/copy/an-entry-whose-name-is-rather-long-$n; done
test $(ls mnt/copy | wc -l) -eq 402
rm mnt/copy/an-entry-*
unmount_image
mount_image $i -o ro
diff -r tree mnt/copy
unmount_image
${check}
rm $i`);
      },
      long,
    );
  }

  for (const [name, make] of Object.entries(readOnlyTypes)) {
    test(`${name} can be read`, async () => {
      const output = await run(`i=${name}.img
${TREE}
${make}
mount_image $i
diff -r tree mnt
! touch mnt/new
unmount_image
rm $i`);
      assert.match(output, /Read-only file system/);
    });
  }

  test(
    'random reads and writes of many jobs are verified',
    async () => {
      const output = await run(`i=fio.img
truncate -s 256M $i
mkfs.ext4 -q -b 4096 -E ${OWNER} $i
mount_image $i
fio --directory=$PWD/mnt --ioengine=psync --bs=1k-64k --size=12M --verify=crc32c --verify_fatal=1 --fallocate=none \\
	--name=random --rw=randrw --numjobs=4 --fsync=64 \\
	--name=sequential --rw=write --bs=1M --numjobs=2 --end_fsync=1 \\
	--name=direct --rw=randwrite --bs=4k --size=2M --direct=1 \\
	--name=mapped --ioengine=mmap --rw=randrw --bs=4k --size=4M --numjobs=2
unmount_image
e2fsck -fn $i
rm $i`);
      assert.not.match(output, /err= *[1-9]|verify:/);
    },
    long,
  );

  test(
    'git, tar and sqlite3 work on it',
    async () => {
      const output = await run(`i=programs.img
truncate -s 256M $i
mkfs.ext4 -q -b 4096 -E ${OWNER} $i
${TREE}
git init -q origin
cp -r tree origin/
git -C origin add .
git -C origin -c user.name=t -c user.email=t@t commit -qm first
tar -cf tree.tar tree

mount_image $i
git clone -q file://$PWD/origin mnt/clone
git -C mnt/clone fsck --strict
git -C mnt/clone checkout -q -b branch
echo changed >>mnt/clone/tree/deep/1
git -C mnt/clone -c user.name=t -c user.email=t@t commit -qam second
git -C mnt/clone gc -q
test -z "$(git -C mnt/clone status --porcelain)"
tar -xf tree.tar -C mnt
tar -df tree.tar -C mnt
for mode in delete wal; do
	sqlite3 mnt/$mode.db "PRAGMA journal_mode=$mode; CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)"
	for writer in 1 2 3; do
		sqlite3 -cmd '.timeout 60000' mnt/$mode.db "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x<500)
			INSERT INTO t(b) SELECT 'writer $writer row ' || x FROM n; UPDATE t SET b = b || '!'" &
	done
	wait
	sqlite3 mnt/$mode.db 'PRAGMA integrity_check; SELECT count(*) FROM t'
done
unmount_image

mount_image $i -o ro
sqlite3 -readonly "file:mnt/delete.db?immutable=1" 'PRAGMA integrity_check; SELECT count(*) FROM t'
git -C mnt/clone -c safe.directory='*' log --oneline | wc -l
diff -r tree mnt/tree
unmount_image
e2fsck -fn $i
rm $i`);
      assert.is(output.match(/^ok\n1500$/gm)?.length, 3, output);
      assert.match(output, /^2$/m);
    },
    long,
  );

  for (const [name, options] of [
    ['many requests', ''],
    ['one request at a time', '-s'],
    ['gathered writes', '-o writeback'],
  ]) {
    test(`${name}: what is written past the host's cache is read, and ends set-id bits`, async () => {
      const output = await run(`i=past.img
truncate -s 64M $i
mkfs.ext4 -q -b 4096 -E ${OWNER} $i
seq 3000 >all
mount_image $i ${options}
: >mnt/log
(while read -r line; do echo $line; done <all >>mnt/log) &
exec 7<mnt/log
until cmp -s all mnt/log; do
	cat <&7 >>followed
	cat mnt/log >seen
	head -c $(stat -c %s seen) all | cmp - seen
done
wait
cat <&7 >>followed
cmp all followed
exec 7<&-
head -c 9M /dev/urandom >large
cp large mnt/
cmp large mnt/large
printf changed | dd of=mnt/large conv=notrunc bs=1 seek=5000000 status=none
printf changed | dd of=large conv=notrunc bs=1 seek=5000000 status=none
cmp large mnt/large
chmod 4755 mnt/log
echo more >>mnt/log
stat -c 'before it was opened %a' mnt/log
exec 8>>mnt/log
chmod 6775 mnt/log
echo more >&8
stat -c 'after it was opened %a' mnt/log
exec 8>&-
unmount_image
mount_image $i -o ro
cmp large mnt/large
unmount_image
e2fsck -fn $i
rm $i followed`);
      assert.match(output, /^before it was opened 755\nafter it was opened 775$/m);
    });
  }

  test('writes that the host gathers are all there', async () => {
    await run(`i=writeback.img
truncate -s 64M $i
mkfs.ext4 -q -b 4096 -E ${OWNER} $i
${TREE}
mount_image $i -o writeback
cp -a tree mnt/
for n in $(seq 200); do echo $n >>mnt/appended; done
unmount_image
mount_image $i
diff -r tree mnt/tree
seq 200 | cmp - mnt/appended
unmount_image
e2fsck -fn $i
rm $i`);
  });

  test('XFS in a small kernel: what is in its log does not use up the memory', async () => {
    await run(`i=log.img
truncate -s 320M $i
mkfs.xfs -q $i
mount_image $i -o fakeroot,mb=64
text=$(seq 600)
for d in $(seq 150); do
	mkdir mnt/$d
	for n in $(seq 100); do echo "$text" >mnt/$d/$n; done
done
test $(find mnt -type f | wc -l) -eq 15000
unmount_image
xfs_repair -n $i
rm $i`);
  });

  test('more files than the kernel inside can keep in mind', async () => {
    await run(`i=many.img
truncate -s 128M $i
mkfs.ext4 -q -b 4096 -N 30000 -E ${OWNER} $i
mount_image $i -o mb=64
mkdir mnt/a mnt/b
(cd mnt/a && seq 9000 | xargs touch)
(cd mnt/b && seq 9000 | xargs touch)
exec 9<mnt/a/1
test $(find mnt -type f -size 0 -printf 'x\n' | wc -l) -eq 18000
test $(find mnt -type f -mtime -1 -printf 'x\n' | wc -l) -eq 18000
stat -L /dev/fd/9 >/dev/null
exec 9<&-
rm -r mnt/a
unmount_image
e2fsck -fn $i
rm $i`);
  });

  test('a signal unmounts, and an image that is read is not changed', async () => {
    const output = await run(`i=signal.img
truncate -s 64M $i
mkfs.ext4 -q -b 4096 -E ${OWNER} $i
for signal in TERM INT HUP; do
	env --default-signal ./lklfuse -f $i mnt &
	until mountpoint -q mnt; do sleep 0.05; done
	echo $signal >mnt/$signal
	kill -$signal $!
	wait $!
	e2fsck -fn $i >/dev/null
done
before=$(sha256sum <$i)
mount_image $i -o ro
grep -h . mnt/TERM mnt/INT mnt/HUP
! echo no >mnt/no
! chmod 600 mnt/TERM
! rm mnt/TERM
unmount_image
test "$before" = "$(sha256sum <$i)"
rm $i`);
    assert.match(output, /^TERM\nINT\nHUP$/m);
    assert.is(output.match(/Read-only file system/g)?.length, 3, output);
  });

  test('without standard input, output and error it goes to the background all the same', async () => {
    await run(`i=silent.img
truncate -s 16M $i
mkfs.ext4 -q -E ${OWNER} $i
mount_image $i <&- >&- 2>&-
echo text >mnt/file
unmount_image
e2fsck -fn $i
rm $i`);
  });

  test('a partition is chosen', async () => {
    const output = await run(`i=disk.img
truncate -s 40M $i
printf 'label: gpt\nsize=8M\nsize=16M\n' | sfdisk -q $i
truncate -s 16M part.img
mkfs.ext4 -q -b 1024 -E ${OWNER} part.img
dd if=part.img of=$i bs=1M seek=$(($(sfdisk -J $i | sed -n 's/.*"start": *\\([0-9]*\\).*/\\1/p' | tail -1) / 2048)) conv=notrunc status=none
mount_image $i -o part=2
echo here >mnt/file
unmount_image
mount_image $i -o part=2,type=ext4
cat mnt/file
unmount_image
! mount_image $i
! mount_image $i -o part=7
rm $i`);
    assert.match(output, /^here$/m);
    assert.match(output, /partition/);
  });

  test('an image that shrinks meanwhile is an input/output error', async () => {
    const output = await run(`i=shrinking.img
truncate -s 64M $i
mkfs.ext4 -q -b 4096 -E ${OWNER},packed_meta_blocks=1 -O ^has_journal $i
mount_image $i
for n in 1 2 3 4 5 6 7 8; do head -c 4M /dev/urandom >mnt/$n; done
unmount_image
./lklfuse -f $i mnt -o ro &
until mountpoint -q mnt; do sleep 0.05; done
truncate -s 8M $i
! cat mnt/* >/dev/null
ls mnt >/dev/null
fusermount3 -u mnt
wait $! || :
rm $i`);
    assert.match(output, /Input\/output error/);
  });

  test('what cannot be mounted is said, with a status', async () => {
    const output = await run(`refused() {
	status=0
	./lklfuse "$@" || status=$?
	echo "status $status"
}
truncate -s 1M zeros.img
printf x >tiny.img
refused
refused absent.img mnt
refused zeros.img absent
refused zeros.img mnt
refused tiny.img mnt
refused zeros.img mnt -o type=nonsense
refused zeros.img mnt -o type=ext4
truncate -s 16M ext4.img
mkfs.ext4 -q ext4.img
refused ext4.img tiny.img
refused ext4.img mnt -o type=xfs
refused zeros.img mnt -o mb=5
refused zeros.img mnt extra`);
    const statuses = [...output.matchAll(/^status (\d+)$/gm)].map(([, status]) => Number(status));
    assert.equal(statuses, [2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2], output);
    assert.is(output.match(/^lklfuse: /gm)?.length, 11, output);
    assert.match(output, /^lklfuse: the mount point \/.*\/tiny.img: Not a directory$/m);
    assert.match(output, /the kernel says: XFS \(vda\): Invalid superblock magic number$/m);
  });

  test('its help and its version', async () => {
    const output = await run('./lklfuse --help; ./lklfuse --version');
    assert.match(output, /^usage: lklfuse IMAGE MOUNTPOINT/);
    assert.match(output, /^lklfuse, with FUSE library version 3/m);
  });
});
