// SPDX-License-Identifier: GPL-2.0-or-later
/** curl, wget, openssl and nc fetch from servers on the host: what arrives is what was sent. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { type Hijacked, hijack, temporaryDirectory } from '../../support/hijack.ts';
import { type Host, noHosts } from '../../support/namespace.ts';
import { makeSite } from '../../support/nginx.ts';
import { CONFIG, FAMILIES, listening, startOnHost, tapHost } from '../../support/tap.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const directory = temporaryDirectory();
const site = makeSite(directory, ['server.test', ...FAMILIES.map(({ host }) => host)]);
const data = randomBytes(20 << 20);
writeFileSync(path.join(site.root, 'data'), data);
writeFileSync(path.join(site.root, 'index.html'), 'the index\n');

const fetched = path.join(directory, 'fetched');

/** The program has succeeded, and the file that it wrote is right. */
function good({ exitCode, stderr }: Hijacked): void {
  assert.is(exitCode, 0, stderr);
  assert.is(createHash('sha256').update(readFileSync(fetched)).digest('hex'), sha256(data));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function webHost(): Promise<Host> {
  const host = tapHost();
  startOnHost(host, ...site.command);
  await listening(host, 80);
  return host;
}

define('web clients', (test) => {
  for (const { name, url, host: address } of FAMILIES) {
    test(`curl, HTTP/1.1 and HTTP/2, over TLS and not, ${name}`, async () => {
      const host = await webHost();
      const tls = ['--cacert', site.certificate.file, `https://${url}/data`];
      for (const [version, args] of [
        ['1.1', ['--http1.1', `http://${url}/data`]],
        ['1.1', ['--http1.1', ...tls]],
        ['2', ['--http2', ...tls]],
      ] as const) {
        const curl = await hijack(['curl', '-sSg', '-w', '%{http_version}', '-o', fetched, ...args], {
          config: CONFIG,
          netns: host,
        });
        good(curl);
        assert.is(curl.stdout, version);
      }
      host.remove();
    });

    test(`wget, over TLS and not, ${name}`, async () => {
      const host = await webHost();
      for (const args of [[`http://${url}/data`], ['--ca-certificate', site.certificate.file, `https://${url}/data`]]) {
        good(await hijack(['wget', '-nv', '-O', fetched, ...args], { config: CONFIG, netns: host }));
      }
      host.remove();
    });

    test(`openssl s_client, ${name}`, async () => {
      const host = await webHost();
      const verify = ['-CAfile', site.certificate.file, '-verify_return_error'];
      const client = await hijack(['openssl', 's_client', '-quiet', ...verify, '-connect', `${url}:443`], {
        config: CONFIG,
        netns: host,
        input: 'GET / HTTP/1.0\r\n\r\n',
      });
      assert.match(client.stdout, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nthe index\n$/, client.stderr);
      host.remove();
    });

    test(`nc, ${name}`, async () => {
      const host = await webHost();
      const request = 'GET / HTTP/1.0\r\n\r\n';
      const nc = await hijack(['nc', address, '80'], { config: CONFIG, netns: host, input: request });
      assert.match(nc.stdout, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nthe index\n$/, nc.stderr);
      const scan = await hijack(['nc', '-zv', address, '79-81'], { config: CONFIG, netns: host });
      assert.match(
        scan.stderr,
        /port 79 \(tcp\) failed: Connection refused\n.*80 port.*succeeded!\n.*81 \(tcp\) failed/,
      );
      host.remove();
    });
  }

  test('curl: a certificate of nobody known, a port that nobody has, a host that is not there', async () => {
    const host = await webHost();
    const options = { config: CONFIG, netns: host };
    assert.is((await hijack(['curl', '-sS', 'https://192.168.13.1/data'], options)).exitCode, 60);
    const refused = await hijack(['curl', '-sS', 'http://192.168.13.1:81/'], options);
    assert.is(refused.exitCode, 7);
    assert.match(refused.stderr, 'port 81');
    const missing = await hijack(['curl', '-sS', '-m', '1', 'http://192.168.13.9/'], options);
    assert.is(missing.exitCode, 28, missing.stderr);
    host.remove();
  });

  test('curl sends a file of 20 MiB, 30 transfers at once in one process', async () => {
    const host = await webHost();
    const targets = Array.from({ length: 30 }, (_, n) => ['-o', `${fetched}-${n}`, 'http://192.168.13.1/data']).flat();
    const curl = await hijack(['curl', '-sS', '-Z', '--parallel-max', '30', ...targets], {
      config: CONFIG,
      netns: host,
    });
    assert.is(curl.exitCode, 0, curl.stderr);
    for (let n = 0; n < 30; n++) {
      assert.ok(readFileSync(`${fetched}-${n}`).equals(data), `file ${n}`);
    }
    host.remove();
  });
});
