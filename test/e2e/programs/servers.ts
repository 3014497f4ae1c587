// SPDX-License-Identifier: GPL-2.0-or-later
/** redis, memcached and nginx serve clients on the host, and are measured by their usual load generators. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { hijack, startHijacked, temporaryDirectory } from '../../support/hijack.ts';
import { noHosts } from '../../support/namespace.ts';
import { makeSite } from '../../support/nginx.ts';
import { accepting, CONFIG, FAMILIES, listening, onHost, startOnHost, tapHost, withInput } from '../../support/tap.ts';
import { waitFor } from '../../support/wait.ts';

const LKL = FAMILIES[0].lkl;

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const directory = temporaryDirectory();

/** A redis-server that keeps its data in a directory of its own. */
function redis(name: string, ...args: string[]): string[] {
  const dir = path.join(directory, name);
  mkdirSync(dir, { recursive: true });
  return ['redis-server', '--dir', dir, '--protected-mode', 'no', '--bind', '0.0.0.0', '::', '--save', '', ...args];
}

/** Requests per second by test, of `redis-benchmark --csv`. */
function rates(csv: string): Map<string, number> {
  const rows = csv.trim().split('\n').slice(1);
  return new Map(
    rows
      .map((row) => row.split(',').map((cell) => cell.replaceAll('"', '')))
      .map(([test = '', rate]) => [test, Number(rate)]),
  );
}

define('servers', (test) => {
  test('redis-server: data, both families, a save by a child process, the same data after a restart', async () => {
    const host = tapHost();
    const values = new Map(Array.from({ length: 500 }, (_, n) => [`key${n}`, randomBytes(500).toString('hex')]));
    const command = redis('data');
    const first = startHijacked(command, { config: CONFIG, netns: host });
    await accepting(host, LKL, 6379);
    const set = [...values].map(([key, value]) => `SET ${key} ${value}\n`).join('');
    assert.is(await withInput(host, set, 'redis-cli', '-h', LKL), Array(values.size).fill('OK').join('\n'));
    const get = [...values.keys()].map((key) => `GET ${key}\n`).join('');
    for (const { lkl } of FAMILIES) {
      assert.equal((await withInput(host, get, 'redis-cli', '-h', lkl)).split('\n'), [...values.values()]);
    }

    const saved = async (): Promise<string> => onHost(host, 'redis-cli', '-h', LKL, 'LASTSAVE');
    const before = await saved();
    // The time has seconds: not within the one in which the server began.
    await waitFor(
      'the next second',
      async () => (await onHost(host, 'redis-cli', '-h', LKL, 'TIME')).split('\n')[0] !== before,
    );
    assert.is(await onHost(host, 'redis-cli', '-h', LKL, 'BGSAVE'), 'Background saving started');
    await waitFor('the child to have saved', async () => (await saved()) !== before);
    first.kill('SIGTERM');
    const { exitCode, stdout } = await first;
    assert.is(exitCode, 0, stdout);

    const second = startHijacked(command, { config: CONFIG, netns: host });
    await accepting(host, LKL, 6379);
    assert.equal((await withInput(host, get, 'redis-cli', '-h', LKL)).split('\n'), [...values.values()]);
    second.kill('SIGTERM');
    await second;
    host.remove();
  });

  test('redis-server with threads for input and output under redis-benchmark, with pipelining and without', async () => {
    const host = tapHost();
    const server = startHijacked(redis('threads', '--io-threads', '2', '--io-threads-do-reads', 'yes'), {
      config: CONFIG,
      netns: host,
    });
    await accepting(host, LKL, 6379);
    for (const pipeline of ['1', '16']) {
      const args = ['-n', '3000', '-c', '50', '-P', pipeline, '-t', 'set,get,lpush,lrange_100', '--csv'];
      const found = rates(await onHost(host, 'redis-benchmark', '-h', LKL, ...args));
      assert.is(found.size, 5);
      assert.ok(
        [...found.values()].every((rate) => rate > 0),
        JSON.stringify([...found]),
      );
    }
    const info = await onHost(host, 'redis-cli', '-h', LKL, 'INFO', 'stats');
    assert.match(info, 'total_error_replies:0');
    server.kill('SIGTERM');
    assert.is((await server).exitCode, 0);
    host.remove();
  });

  test('redis-cli and redis-benchmark are clients of a server on the host', async () => {
    const host = tapHost();
    startOnHost(host, ...redis('host'));
    await listening(host, 6379);
    const options = { config: CONFIG, netns: host };
    const set = await hijack(['redis-cli', '-h', FAMILIES[0].host, 'SET', 'greeting', 'hello'], options);
    assert.is(set.stdout, 'OK\n', set.stderr);
    const get = await hijack(['redis-cli', '-h', FAMILIES[1].host, 'GET', 'greeting'], options);
    assert.is(get.stdout, 'hello\n', get.stderr);
    const benchmark = ['redis-benchmark', '-h', FAMILIES[0].host, '-n', '20000', '-t', 'set,get', '--csv'];
    for (const threads of [[], ['--threads', '2']]) {
      const { stdout, stderr, exitCode } = await hijack([...benchmark, ...threads], options);
      assert.is(exitCode, 0, stderr);
      assert.is(rates(stdout).size, 2, stdout);
    }
    host.remove();
  });

  test('memcached with four threads keeps what 20 connections store', async () => {
    const host = tapHost();
    const server = startHijacked(['memcached', '-u', 'root', '-l', LKL, '-U', '11211', '-t', '4'], {
      config: CONFIG,
      netns: host,
    });
    await accepting(host, LKL, 11211);
    const values = Array.from({ length: 20 }, () => randomBytes(50_000).toString('base64'));
    await Promise.all(
      values.map(async (value, n) => {
        const store = `set key${n} 0 0 ${value.length}\r\n${value}\r\nquit\r\n`;
        assert.is(await withInput(host, store, 'nc', '-N', LKL, '11211'), 'STORED');
      }),
    );
    const got = await withInput(
      host,
      `get ${values.map((_, n) => `key${n}`).join(' ')}\r\nquit\r\n`,
      'nc',
      '-N',
      LKL,
      '11211',
    );
    const expected = values.map((value, n) => `VALUE key${n} 0 ${value.length}\r\n${value}\r\n`).join('');
    assert.is(got, `${expected}END`);
    server.kill('SIGTERM');
    const { stderr, exitCode } = await server;
    assert.is(exitCode, 0);
    assert.is(stderr, '');
    host.remove();
  });

  test('nginx serves wrk, curl with HTTP/2, and both families', async () => {
    const host = tapHost();
    const site = makeSite(
      directory,
      FAMILIES.map(({ lkl }) => lkl),
    );
    const data = randomBytes(10 << 20);
    writeFileSync(path.join(site.root, 'data'), data);
    writeFileSync(path.join(site.root, 'index.html'), 'the index\n'.repeat(100));
    const server = startHijacked(site.command, { config: CONFIG, netns: host });
    await accepting(host, LKL, 443);
    for (const scheme of ['http', 'https']) {
      const wrk = await onHost(host, 'wrk', '-t', '2', '-c', '50', '-d', '2', `${scheme}://${LKL}/`);
      assert.match(wrk, /\n *[1-9]\d* requests in /);
      assert.not.match(wrk, /Socket errors|Non-2xx/);
    }
    for (const { lklUrl } of FAMILIES) {
      const file = path.join(directory, 'fetched');
      const args = ['-sSg', '-o', file, '--cacert', site.certificate.file, `https://${lklUrl}/data`];
      assert.is(await onHost(host, 'curl', '-w', '%{http_version}', ...args), '2');
      assert.is(sha256(readFileSync(file)), sha256(data));
    }
    server.kill('SIGQUIT');
    assert.is((await server).exitCode, 0);
    assert.is(readFileSync(path.join(directory, 'error.log'), 'utf8'), '');
    host.remove();
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
