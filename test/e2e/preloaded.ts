// SPDX-License-Identifier: GPL-2.0-or-later
/** Other libraries that are preloaded, in front of ours. */
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { LIBRARY } from '../support/hijack.ts';

const SO_PROTOCOL = 38;
const IPPROTO_MPTCP = 262;

define('other libraries that are preloaded', (test) => {
  test('change what the program asks of LKL', async () => {
    const config = { interfaces: [{ type: 'loop', ip: '192.0.2.7', masklen: 24 }] };
    const multipath = path.join(ROOT, 'build/Release/tests/tools/multipath.so');
    const env = { LD_PRELOAD: `${multipath}:${LIBRARY}`, LKL_HIJACK_CONFIG_FILE: JSON.stringify(config) };
    const program = `
import socket
s = socket.create_server(("192.0.2.7", 0))
c = socket.create_connection(s.getsockname())
print(s.getsockopt(socket.SOL_SOCKET, ${SO_PROTOCOL}), c.send(b"x"))
`;
    const { stdout, stderr } = await execa('python3', ['-c', program], { env, reject: false });
    assert.is(stdout, `${IPPROTO_MPTCP} 1`, stderr);
  });
});
