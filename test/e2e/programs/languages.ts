// SPDX-License-Identifier: GPL-2.0-or-later
/** python3, node and perl: servers and clients in one process over the loopback of LKL, and over a tap. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { ROOT } from '../../support/discover.ts';
import { hijack, startHijacked, temporaryDirectory } from '../../support/hijack.ts';
import { noHosts } from '../../support/namespace.ts';
import { makeSite } from '../../support/nginx.ts';
import { accepting, CONFIG, FAMILIES, listening, onHost, startOnHost, tapHost } from '../../support/tap.ts';

const FIXTURES = path.join(ROOT, 'test/e2e/programs/fixtures');
// Debian's python: other ones may come before it in PATH.
const LANGUAGES: Readonly<Record<string, string>> = {
  '.py': '/usr/bin/python3',
  '.mjs': process.execPath,
  '.pl': 'perl',
};

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

define('languages', (test) => {
  for (const script of readdirSync(FIXTURES)) {
    const language = LANGUAGES[path.extname(script)];
    if (language === undefined) {
      continue;
    }
    const command = [language, path.join(FIXTURES, script)];
    test(`${script} over loopback, as on the host`, async () => {
      const { stdout, stderr, exitCode } = await hijack(command);
      assert.is(exitCode, 0, stderr);
      assert.is(stdout, 'ok\n');
      assert.is(stderr, '');
    });
  }

  const directory = temporaryDirectory();
  const site = makeSite(
    directory,
    FAMILIES.map(({ host }) => host),
  );
  const data = randomBytes(10 << 20);
  writeFileSync(path.join(site.root, 'data'), data);

  for (const { name, url, lkl, lklUrl } of FAMILIES) {
    test(`python's web server serves a client on the host, ${name}`, async () => {
      const host = tapHost();
      const args = ['-m', 'http.server', '--bind', lkl, '--directory', site.root, '8080'];
      const server = startHijacked(['/usr/bin/python3', ...args], { config: CONFIG, netns: host });
      await accepting(host, lkl, 8080);
      const fetched = path.join(directory, 'fetched');
      for (let n = 0; n < 5; n++) {
        await onHost(host, 'curl', '-sSg', '-o', fetched, `http://${lklUrl}:8080/data`);
        assert.ok(readFileSync(fetched).equals(data));
      }
      server.kill('SIGINT');
      const { stdout, exitCode } = await server;
      assert.match(stdout, 'Keyboard interrupt received, exiting.');
      assert.is(exitCode, 0);
      host.remove();
    });

    test(`urllib and fetch() from a server on the host, over TLS and not, ${name}`, async () => {
      const host = tapHost();
      startOnHost(host, ...site.command);
      await listening(host, 80);
      const options = {
        config: CONFIG,
        netns: host,
        env: { SSL_CERT_FILE: site.certificate.file, NODE_EXTRA_CA_CERTS: site.certificate.file },
      };
      const { stdout: sum } = await execa('sha256sum', [path.join(site.root, 'data')]);
      const python =
        'import hashlib, sys, urllib.request; print(hashlib.sha256(urllib.request.urlopen(sys.argv[1]).read()).hexdigest())';
      const node = `const data = await (await fetch(process.argv[1])).arrayBuffer();
        console.log(crypto.createHash('sha256').update(Buffer.from(data)).digest('hex'))`;
      for (const scheme of ['http', 'https']) {
        for (const command of [
          ['/usr/bin/python3', '-c', python],
          [process.execPath, '-e', `(async () => { ${node} })()`],
        ]) {
          const { stdout, stderr } = await hijack([...command, `${scheme}://${url}/data`], options);
          assert.is(stdout.trim(), sum.split(' ')[0], `${command[0]} ${scheme}: ${stderr}`);
        }
      }
      host.remove();
    });
  }
});
