// SPDX-License-Identifier: GPL-2.0-or-later
/** A program that ends, by itself or by a signal: its peers learn of it, as from a host's kernel. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { hijack, startHijacked } from '../support/hijack.ts';
import { noHosts } from '../support/namespace.ts';
import { CONFIG, listening, onHost, tapHost } from '../support/tap.ts';
import { waitFor } from '../support/wait.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const OPENER = path.join(ROOT, 'build/Release/tests/tools/opener');

/** Connects, says so, and waits. */
const CLIENT = `
import socket, sys
s = socket.create_connection(("192.168.13.1", 7000))
s.sendall(b"last words")
print("connected", flush=True)
s.recv(1)
`;

/** Has two threads wait for a peer, in different calls, and ends as it is told to. */
const WAITING = `
import os, select, socket, sys, threading
def waits(kind):
    s = socket.create_connection(("192.168.13.1", 7000))
    s.sendall(b"x")
    s.recv(1)
    ready.release()
    try:
        s.recv(1) if kind == "recv" else select.select([s], [], [])
    except OSError as error:
        os.write(2, str(error).encode())
ready = threading.Semaphore(0)
for kind in "recv", "select":
    threading.Thread(target=waits, args=(kind,), daemon=True).start()
    ready.acquire()
print("waiting", flush=True)
sys.stdin.readline()
sys.argv[1] == "exit" and sys.exit(3)
os._exit(3)
`;

/** Takes two connections, answers each once, and tells what came of them in the end. */
const ANSWERING = `
import socket
l = socket.create_server(("192.168.13.1", 7000))
taken = []
for _ in range(2):
    s = l.accept()[0]
    s.settimeout(20)
    s.sendall(s.recv(1))
    taken.append(s)
print([s.recv(1) for s in taken])
`;

/** Fills the way to a peer that does not read, and ends. */
const WRITER = `
import os, socket
s = socket.create_connection(("192.168.13.1", 7000))
s.setblocking(False)
n = 0
try:
    while True:
        n += s.send(bytes(8192))
except BlockingIOError:
    print(n, flush=True)
    os._exit(0)
`;

/** Takes a connection, and reads it to its end when it is told to. */
const SLOW_READER = `
import socket, sys
l = socket.socket()
l.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
l.bind(("192.168.13.1", 7000))
l.listen()
s = l.accept()[0]
sys.stdin.readline()
s.settimeout(20)
print(sum(len(data) for data in iter(lambda: s.recv(65536), b"")))
`;

define('ended by itself', (test) => {
  test('what a program has written arrives, and the end of it', async () => {
    const host = tapHost();
    const [program = '', ...args] = [...host.prefix, 'python3', '-c', SLOW_READER];
    const reader = execa(program, args, { reject: false });
    await listening(host, 7000);
    // A send buffer that is soon acknowledged: the way out is waited for two seconds, no longer.
    const config = { ...(CONFIG as object), sysctl: 'net.ipv4.tcp_wmem=4096 65536 65536' };
    const writer = startHijacked(['python3', '-c', WRITER], { config, netns: host, interactive: true });
    await once(writer.stdout, 'data');
    reader.stdin.end('read\n');
    const written = (await writer).stdout.trim();
    assert.ok(Number(written) > 8192, written);
    assert.is((await reader).stdout, written);
    host.remove();
  });
});

/** Has the host's kernel take connections, and keep them. */
const HOLDING = `
import socket, sys
l = socket.create_server(("192.168.13.1", 7000), backlog=4096)
sys.stdin.readline()
`;

/** Says when it has a connection, and ends, with more to send, when it is told to. */
const SENDER = `
import socket, sys
s = socket.create_connection(("192.168.13.1", 7000))
print("connected", flush=True)
sys.stdin.readline()
s.sendall(b"lost")
`;

/** Starts it on a host of its own, and has it connect. */
async function startSender() {
  const host = tapHost();
  const [program = '', ...args] = [...host.prefix, 'python3', '-c', HOLDING];
  execa(program, args, { reject: false }).unref();
  await listening(host, 7000);
  const client = startHijacked(['python3', '-c', SENDER], { config: CONFIG, netns: host, interactive: true });
  await once(client.stdout, 'data');
  return { host, client };
}

define('ended with more to send', (test) => {
  test('without a carrier it is not waited for, as it is where the peer may still answer', async () => {
    const [patient, hopeless] = await Promise.all([startSender(), startSender()]);
    patient.host.ip('addr', 'del', '192.168.13.1/24', 'dev', 'tap0');
    hopeless.host.ip('link', 'del', 'tap0');
    const ended: string[] = [];
    for (const [name, { client }] of Object.entries({ patient, hopeless })) {
      client.then(() => ended.push(name));
      client.stdin.end('end\n');
    }
    const [first, second] = await Promise.all([patient.client, hopeless.client]);
    assert.equal([first.stderr, second.stderr], ['', '']);
    assert.equal(ended, ['hopeless', 'patient']);
    patient.host.remove();
    hopeless.host.remove();
  });
});

define('ended while threads wait', (test) => {
  for (const way of ['exit', '_exit', 'SIGTERM'] as const) {
    test(`${way}: peers see the end of their sockets too`, async () => {
      const host = tapHost();
      const [program = '', ...args] = [...host.prefix, 'python3', '-c', ANSWERING];
      const server = execa(program, args, { reject: false });
      await listening(host, 7000);
      const client = startHijacked(['python3', '-c', WAITING, way], {
        config: CONFIG,
        netns: host,
        interactive: true,
      });
      await once(client.stdout, 'data');
      if (way === 'SIGTERM') {
        client.kill(way);
      } else {
        client.stdin.end('end\n');
      }
      const ended = await client;
      assert.is(ended.stderr, '');
      assert.equal([ended.exitCode, ended.signal], way === 'SIGTERM' ? [undefined, way] : [3, undefined]);
      assert.is((await server).stdout, "[b'', b'']");
      host.remove();
    });
  }
});

define('ended while threads open connections', (test) => {
  for (const way of ['exit', '_exit'] as const) {
    test(`${way}: the peer sees the end of all of them`, async () => {
      const host = tapHost();
      const [program = '', ...args] = [...host.prefix, 'python3', '-c', HOLDING];
      const server = execa(program, args, { reject: false });
      await listening(host, 7000);
      const { exitCode, stderr } = await hijack([OPENER, '192.168.13.1', '7000', way], { config: CONFIG, netns: host });
      assert.equal([exitCode, stderr], [3, '']);
      const inState = (state: string) => onHost(host, 'ss', '-tnH', 'state', state);
      await waitFor('the end', async () => (await inState('established')) === '');
      assert.ok((await inState('close-wait')).split('\n').length >= 40);
      server.stdin.end('end\n');
      await server;
      host.remove();
    });
  }
});

define('ended by a signal', (test) => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGALRM'] as const) {
    test(`${signal} has the peer see the end`, async () => {
      const host = tapHost();
      const [program = '', ...args] = [...host.prefix, 'nc', '-l', '7000'];
      const server = execa(program, args, { reject: false, stdin: 'ignore' });
      await listening(host, 7000);
      // Python has a handler for SIGINT, which is put back to the default.
      const client = startHijacked(
        ['python3', '-c', `import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)\n${CLIENT}`],
        { config: CONFIG, netns: host, interactive: true },
      );
      await once(client.stdout, 'data');
      client.kill(signal);
      assert.is((await client).signal, signal);
      assert.is((await server).stdout, 'last words');
      host.remove();
    });
  }

  test('by the default action that is to be reset, inside a call', async () => {
    const reset = 'import ctypes; ctypes.CDLL(None).sysv_signal(15, 0)';
    const wait = 'socket.create_server(("127.0.0.1", 7000)).accept()';
    const client = startHijacked(['python3', '-c', `${reset}\nimport socket\nprint("waits", flush=True)\n${wait}`], {
      interactive: true,
    });
    await once(client.stdout, 'data');
    await waitFor('accept()', () => / S /.test(readFileSync(`/proc/${client.pid}/stat`, 'utf8')));
    client.kill('SIGTERM');
    assert.is((await client).signal, 'SIGTERM');
  });

  test('who ignores it goes on, and a handler is called', async () => {
    const { stdout, exitCode } = await hijack([
      'python3',
      '-c',
      `
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.kill(os.getpid(), signal.SIGTERM)
print(signal.signal(signal.SIGTERM, signal.SIG_DFL) == signal.SIG_IGN)
print(signal.signal(signal.SIGTERM, lambda *_: print("handled")) == signal.SIG_DFL)
os.kill(os.getpid(), signal.SIGTERM)
print(signal.signal(signal.SIGTERM, signal.SIG_DFL) != signal.SIG_DFL, flush=True)
if os.fork() == 0:
    os.kill(os.getpid(), signal.SIGTERM)
print(os.waitstatus_to_exitcode(os.wait()[1]))
`,
    ]);
    assert.is(stdout, 'True\nTrue\nhandled\nTrue\n-15\n');
    assert.is(exitCode, 0);
  });
});
