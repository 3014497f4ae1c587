// SPDX-License-Identifier: GPL-2.0-or-later
/** dig, host, nslookup, and names in other programs: a name server on the host is asked. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { ROOT } from '../../support/discover.ts';
import { hijack, temporaryDirectory } from '../../support/hijack.ts';
import { type Host, noHosts } from '../../support/namespace.ts';
import { makeSite } from '../../support/nginx.ts';
import { CONFIG, FAMILIES, listening, startOnHost, tapHost } from '../../support/tap.ts';

const SERVER = path.join(ROOT, 'test/support/dns_server.py');

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

async function nameHost(): Promise<Host> {
  const host = tapHost();
  startOnHost(host, '/usr/bin/python3', SERVER, ...FAMILIES.map((family) => family.host));
  await listening(host, 53);
  return host;
}

define('names', (test) => {
  for (const { name, host: address } of FAMILIES) {
    test(`dig, host and nslookup ask a server over UDP and TCP, ${name}`, async () => {
      const host = await nameHost();
      const run = async (...command: string[]): Promise<string> => {
        const { stdout, stderr } = await hijack(command, { config: CONFIG, netns: host });
        assert.is(stderr, '');
        return stdout;
      };
      const at = `@${address}`;
      assert.is(await run('dig', '+short', at, 'server.test'), '192.168.13.1\n');
      assert.is(await run('dig', '+short', '+tcp', at, 'server.test', 'AAAA'), 'fd13::1\n');
      assert.is(await run('dig', '+short', at, '-x', '192.168.13.1'), 'server.test.\n');
      assert.match(await run('dig', at, 'nothing.test'), 'status: NXDOMAIN');
      const big = await run('dig', at, 'big.test', 'TXT');
      assert.match(big, ';; Truncated, retrying in TCP mode.');
      assert.is(big.match(/x{255}/g)?.length, 20);
      assert.match(await run('host', 'server.test', address), 'server.test has IPv6 address fd13::1');
      assert.match(await run('nslookup', 'server.test', address), /Name:\tserver\.test\nAddress: 192\.168\.13\.1/);
      host.remove();
    });
  }

  test('a server that is not there', async () => {
    const host = tapHost();
    const options = { config: CONFIG, netns: host };
    const { stdout, exitCode } = await hijack(['dig', '+tries=1', '@192.168.13.1', 'server.test'], options);
    assert.is(exitCode, 9);
    assert.match(stdout, 'connection refused');
    host.remove();
  });

  test("curl, wget, ping, nc, python and node look up a name in the host's resolv.conf", async () => {
    const host = await nameHost();
    const site = makeSite(temporaryDirectory());
    writeFileSync(path.join(site.root, 'index.html'), 'the index\n');
    startOnHost(host, ...site.command);
    await listening(host, 80);
    // ip-netns(8) puts the files in there over those in /etc.
    const files = path.join('/etc/netns', host.name);
    mkdirSync(files, { recursive: true });
    try {
      writeFileSync(path.join(files, 'resolv.conf'), `nameserver ${FAMILIES[0].host}\noptions timeout:5\n`);
      const python = "import socket; print(sorted({a[4][0] for a in socket.getaddrinfo('server.test', 80)}))";
      const reverse = "import socket; print(socket.gethostbyaddr('192.168.13.1')[0])";
      const node = "dns.promises.lookup('server.test', { family: 6 }).then(({ address }) => console.log(address))";
      for (const [command, expected, input] of [
        [['curl', '-sS', 'http://server.test/'], 'the index\n'],
        [['curl', '-sS', '--cacert', site.certificate.file, 'https://server.test/'], 'the index\n'],
        [['wget', '-q', '-O', '-', 'http://server.test/'], 'the index\n'],
        [['ping', '-c', '1', '-4', 'server.test'], '64 bytes from server.test (192.168.13.1)'],
        [['nc', 'server.test', '80'], 'the index\n', 'GET / HTTP/1.0\r\n\r\n'],
        [['/usr/bin/python3', '-c', python], "['192.168.13.1', 'fd13::1']\n"],
        [['/usr/bin/python3', '-c', reverse], 'server.test\n'],
        [[process.execPath, '-e', node], 'fd13::1\n'],
      ] as const) {
        const { stdout, stderr, exitCode } = await hijack(command, { config: CONFIG, netns: host, input: input ?? '' });
        assert.is(exitCode, 0, `${command.join(' ')}: ${stderr}`);
        assert.match(stdout, expected, command.join(' '));
      }
      const missing = await hijack(['curl', '-sS', 'http://nothing.test/'], { config: CONFIG, netns: host });
      assert.is(missing.exitCode, 6);
      assert.match(missing.stderr, 'Could not resolve host: nothing.test');
    } finally {
      rmSync(files, { recursive: true });
    }
    host.remove();
  });
});
