// SPDX-License-Identifier: GPL-2.0-or-later
//
// The doctor, on hosts that lack something: their files are in a directory of the test.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { examine } from '../../src/config/doctor.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { compile, compileProof, MAIN } from '../support/elf.ts';
import { temporaryDirectory } from '../support/hijack.ts';

/** A host with these files, and a process without rights. */
function host(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(path.join(temporaryDirectory(), 'host-'));
  for (const [name, text] of Object.entries({
    '/proc/self/status': 'CapEff:\t0000000000000000\n',
    '/sys/class/net/lo/mtu': '65536\n',
    ...files,
  })) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

function diagnose(files: string, programs: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const variables = new Map(
    Object.entries({ PATH: process.env.PATH ?? '', LKL_HIJACK_LIBRARY: '/no/such.so', ...env }),
  );
  const found = examine({ variables, root: ROOT, files, programs });
  return (subject: string) => found.find((one) => one.subject === subject) ?? assert.fail(subject);
}

define('the doctor', (test) => {
  test('misses devices and rights, which only some interfaces need', () => {
    const about = diagnose(host());
    assert.equal(about('/dev/net/tun').state, 'missing');
    assert.match(about('rights').message, /^without CAP_NET_ADMIN.*; CAP_NET_RAW/);
    assert.equal(about('tap devices').message, 'none');
    assert.match(about('tap devices').remedy ?? '', /^ip tuntap add/);
  });

  test('takes a file for no device', () => {
    assert.match(diagnose(host({ '/dev/net/tun': '' }))('/dev/net/tun').message, /no device/);
  });

  test('knows rights by their bits', () => {
    const status = (mask: string) => host({ '/proc/self/status': `CapEff:\t${mask}\n` });
    assert.equal(diagnose(status('0000000000003000'))('rights').state, 'good');
    assert.match(diagnose(status('0000000000001000'))('rights').message, /^without CAP_NET_RAW/);
    assert.match(diagnose(status('0000000000002000'))('rights').message, /^without CAP_NET_ADMIN/);
  });

  test('lists taps and whose they are, and no tun', () => {
    const device = (name: string, owner: string, flags: string) => ({
      [`/sys/class/net/${name}/owner`]: `${owner}\n`,
      [`/sys/class/net/${name}/tun_flags`]: `${flags}\n`,
    });
    const files = host({
      ...device('tap0', '-1', '0x5002'),
      ...device('tap1', '1000', '0x1002'),
      ...device('tun0', '-1', '0x1001'),
    });
    assert.equal(diagnose(files)('tap devices').message, 'tap0, tap1 of user 1000');
  });

  test('sees a library that is missing, and then says nothing of programs', () => {
    const about = diagnose(host(), ['cat']);
    assert.match(about('library').message, /cannot be read/);
    assert.throws(() => about('cat'));
    assert.throws(() => about('kernel'));
  });

  test('sees programs that are not there, or would not be hijacked', () => {
    const note =
      '.section .note.go.buildid, \\"a\\", @note\\n.balign 4\\n.long 4, 4, 4\\n.ascii \\"Go\\\\0\\\\0abcd\\"\\n';
    const go = compile(`${MAIN}\nasm("${note}.text");`);
    const fixed = compile(MAIN, '-static');
    const library = compileProof();
    const about = diagnose(host(), ['nosuch', go, fixed, 'cat'], { LKL_HIJACK_LIBRARY: library });
    assert.match(about('nosuch').message, /no such program/);
    assert.match(about(go).message, /is a Go program/);
    assert.match(about(fixed).message, /statically linked/);
    assert.equal(about('cat').state, 'good');
  });

  test('sees whether libslirp is installed', () => {
    assert.equal(diagnose(host())('libslirp').state, 'missing');
    const files = host({ '/usr/lib/x86_64-linux-gnu/libslirp.so.0': '' });
    assert.equal(diagnose(files)('libslirp').state, 'good');
  });

  test('sees that passt is not installed', () => {
    assert.equal(diagnose(host(), [], { PATH: '/no/such' })('passt').state, 'missing');
  });

  test('sees the configuration that would be used', () => {
    const use = (file: string) => diagnose(host(), [], { LKL_HIJACK_CONFIG_FILE: file })('configuration');
    assert.equal(use('{"interfaces":[{"type":"loop"}]}').message, 'LKL_HIJACK_CONFIG_FILE, 1 interface beside lo');
    assert.match(use('{"debug":"x"}').message, /debug: "x" is not/);
    assert.match(use('/no/such').message, /no such configuration file/);
    assert.equal(
      diagnose(host(), [], { LKL_HIJACK_NET_TAP: 'tap0' })('configuration').message,
      'environment, 1 interface beside lo',
    );
  });
});
