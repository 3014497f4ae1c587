// SPDX-License-Identifier: GPL-2.0-or-later
/** iperf3, client and server: eight streams at once, and datagrams. What one side says it sent, the other received. */
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { hijack, startHijacked } from '../../support/hijack.ts';
import { noHosts } from '../../support/namespace.ts';
import { accepting, CONFIG, FAMILIES, listening, onHost, startOnHost, tapHost } from '../../support/tap.ts';

interface Sum {
  readonly bytes: number;
  readonly packets?: number;
  readonly lost_packets?: number;
}

interface Report {
  readonly error?: string;
  readonly start: { readonly connected: readonly unknown[] };
  readonly end: { readonly sum_sent?: Sum; readonly sum_received?: Sum; readonly sum?: Sum };
}

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

function judge(output: string, streams: number): Report['end'] {
  const report = JSON.parse(output) as Report;
  assert.is(report.error, undefined, output);
  assert.is(report.start.connected.length, streams);
  return report.end;
}

function judgeTcp(output: string, bytes: number): void {
  const end = judge(output, 8);
  assert.ok((end.sum_sent?.bytes ?? 0) >= bytes, output);
  // What is still in buffers when the sender has sent everything is not counted.
  assert.ok((end.sum_received?.bytes ?? 0) >= bytes / 2, output);
}

const DATAGRAMS = 2000;

function judgeUdp(output: string): void {
  const { packets = 0, lost_packets: lost = packets } = judge(output, 1).sum ?? {};
  // A busy machine notices the end late, and loses some.
  assert.ok(packets >= DATAGRAMS, output);
  assert.ok(packets - lost >= DATAGRAMS / 2, output);
}

const BYTES = 200_000_000;
const TCP = ['-J', '-P', '8', '-n', String(BYTES)];
const UDP = ['-J', '-u', '-b', '20M', '-l', '1000', '-k', String(DATAGRAMS)];

define('iperf3', (test) => {
  for (const { name, host: address, lkl } of FAMILIES) {
    test(`client, ${name}`, async () => {
      const host = tapHost();
      startOnHost(host, 'iperf3', '-s');
      await listening(host, 5201);
      const run = async (...args: string[]): Promise<string> =>
        (await hijack(['iperf3', '-c', address, ...args], { config: CONFIG, netns: host })).stdout;
      judgeTcp(await run(...TCP), BYTES);
      judgeTcp(await run(...TCP, '-R'), BYTES);
      judgeUdp(await run(...UDP));
      judgeUdp(await run(...UDP, '-R'));
      host.remove();
    });

    test(`server, ${name}`, async () => {
      const host = tapHost();
      const server = startHijacked(['iperf3', '-s'], { config: CONFIG, netns: host });
      await accepting(host, lkl, 5201);
      const run = async (...args: string[]): Promise<string> => onHost(host, 'iperf3', '-c', lkl, ...args);
      judgeTcp(await run(...TCP), BYTES);
      judgeTcp(await run(...TCP, '-R'), BYTES);
      judgeUdp(await run(...UDP));
      judgeUdp(await run(...UDP, '-R'));
      server.kill('SIGTERM');
      await server;
      host.remove();
    });
  }
});
