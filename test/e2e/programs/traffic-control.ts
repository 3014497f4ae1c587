// SPDX-License-Identifier: GPL-2.0-or-later
/** tc, nft, iptables, ethtool and ss: what they set is set, and what they show is LKL's. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { ROOT } from '../../support/discover.ts';
import { hijack, startHijacked, temporaryDirectory } from '../../support/hijack.ts';
import { noHosts } from '../../support/namespace.ts';
import { CONFIG, listening, startOnHost, tapHost } from '../../support/tap.ts';
import { waitFor } from '../../support/wait.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

/** Runs a program on lines that change its kernel; each must succeed. */
async function lines(command: readonly string[], ...input: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await hijack(command, { input: `${input.join('\n')}\n` });
  assert.is(exitCode, 0, `${input.join('\n')}\n${stderr}`);
  assert.is(stderr, '');
  return stdout;
}

const TC = ['tc', '-batch', '-'];
// Each line is a transaction; with -f the whole file would be one.
const NFT = ['nft', '-i'];

/** Queueing disciplines and how they are shown with the options that were given. */
const QDISCS: readonly [qdisc: string, shown: RegExp][] = [
  ['fq limit 5000', /^qdisc fq \S+ root .*limit 5000p/],
  ['fq_codel target 4ms', /^qdisc fq_codel \S+ root .*target 4ms/],
  ['codel interval 50ms', /interval 50ms/],
  ['cake bandwidth 10mbit', /^qdisc cake \S+ root .*bandwidth 10Mbit/],
  ['tbf rate 1mbit burst 10k latency 50ms', /^qdisc tbf \S+ root .*rate 1Mbit burst 10Kb lat 50ms/],
  ['netem delay 10ms loss 1%', /delay 10ms loss 1%/],
  ['sfq perturb 10', /perturb 10sec/],
  ['pie target 20ms', /^qdisc pie \S+ root .*target 20ms/],
  ['fq_pie flows 64', /flows 64/],
  ['red limit 400000 avpkt 1000 bandwidth 10mbit', /^qdisc red \S+ root .*limit 400000b/],
  ['prio bands 4', /bands 4/],
  ['pfifo limit 77', /limit 77p/],
  ['drr', /^qdisc drr/],
  ['qfq', /^qdisc qfq/],
  ['hfsc default 1', /^qdisc hfsc \S+ root .*default 1/],
];

define('traffic control and filters', (test) => {
  for (const [qdisc, shown] of QDISCS) {
    test(`tc qdisc ${qdisc}`, async () => {
      assert.match(await lines(TC, `qdisc add dev lo root ${qdisc}`, 'qdisc show dev lo root'), shown);
    });
  }

  test('tc classes, filters and actions', async () => {
    const shown = await lines(
      TC,
      'qdisc add dev lo root handle 1: htb default 10',
      'class add dev lo parent 1: classid 1:10 htb rate 10mbit ceil 20mbit',
      'class add dev lo parent 1: classid 1:20 htb rate 5mbit',
      'qdisc add dev lo parent 1:20 handle 20: netem delay 10ms',
      'filter add dev lo parent 1: protocol ip prio 1 u32 match ip dport 80 0xffff flowid 1:20',
      'filter add dev lo parent 1: protocol ip prio 2 flower ip_proto tcp dst_port 443 action drop',
      'filter add dev lo parent 1: protocol ip prio 3 matchall action police rate 1mbit burst 10k',
      'filter add dev lo parent 1: prio 4 handle 7 fw flowid 1:10',
      "filter add dev lo parent 1: prio 5 bpf bytecode '1,6 0 0 4294967295' classid 1:20",
      'filter add dev lo parent 1: prio 6 matchall action gate sched-entry open 100ms -1 -1',
      'class show dev lo',
      'filter show dev lo parent 1:',
    );
    for (const pattern of [
      /class htb 1:10 root .*rate 10Mbit ceil 20Mbit/,
      /class htb 1:20 root leaf 20: .*rate 5Mbit/,
      /match 00000050\/0000ffff at 20/,
      /dst_port 443[\s\S]*gact action drop/,
      /police .*rate 1Mbit burst 10Kb/,
      /fw .*handle 0x7 classid 1:10/,
      /bpf .*flowid 1:20 .*bytecode '1,6 0 0 4294967295'/,
      /matchall[\s\S]*gate-state open\s+interval 100ms/,
    ]) {
      assert.match(shown, pattern);
    }
  });

  test('tc refuses what makes no sense', async () => {
    const { stderr, exitCode } = await hijack(['tc', 'qdisc', 'add', 'dev', 'lo', 'parent', '9:9', 'fq']);
    assert.is(exitCode, 2);
    assert.match(stderr, 'Failed to find specified qdisc');
  });

  test('nft: tables of each family, sets, maps, counters and rules come back as they were given', async () => {
    const ruleset = `table ip nat {
	chain pre {
		type nat hook prerouting priority dstnat; policy accept;
		tcp dport 8080 redirect to :80
		tcp dport 8081 dnat to 127.0.0.1:80
	}

	chain post {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "eth0" masquerade
		ip saddr 10.0.0.0/8 snat to 192.0.2.9
	}
}
table ip6 six {
	chain in {
		type filter hook input priority filter; policy drop;
		ip6 nexthdr tcp accept
	}
}
table inet filter {
	counter c {
		packets 0 bytes 0
	}

	quota q {
		over 10 mbytes
	}

	set s {
		type ipv4_addr
		flags interval
		elements = { 10.0.0.0/8, 192.0.2.1 }
	}

	map m {
		type inet_service : verdict
		elements = { 22 : accept, 23 : drop }
	}

	chain in {
		type filter hook input priority filter; policy accept;
		ct state established,related accept
		ip saddr @s counter packets 0 bytes 0 drop
		tcp dport vmap @m
		limit rate 5/second accept
		tcp dport 80 counter name "c" accept
		log prefix "seen " group 1
		fib saddr type local accept
		socket transparent 1 accept
		udp dport 53 meta mark set 0x00000001
		numgen inc mod 2 0 accept
		ct count over 10 reject
		tcp dport 81 reject with tcp reset
	}
}
table arp a {
	chain in {
		type filter hook input priority filter; policy accept;
	}
}
table netdev n {
	chain in {
		type filter hook ingress device "lo" priority filter; policy accept;
		ip saddr 10.0.0.1 drop
	}
}`;
    const file = path.join(temporaryDirectory(), 'ruleset');
    writeFileSync(file, `${ruleset}\n`);
    assert.is(await lines(NFT, `include "${file}"`, 'list ruleset'), `${ruleset}\n`);
  });

  test('nft logs to the kernel, and lists hooks', async () => {
    const shown = await lines(
      NFT,
      'add table t',
      'add chain t c { type filter hook input priority 0; }',
      'add rule t c log prefix "in "',
      'list ruleset',
      'list hooks',
    );
    assert.match(shown, 'log prefix "in "');
    assert.match(shown, /hook input \{\s+0+ chain ip t c/);
  });

  for (const [program, unreachable] of [
    ['iptables-nft-restore', 'icmp-port-unreachable'],
    ['ip6tables-nft-restore', 'icmp6-port-unreachable'],
  ] as const) {
    test(`${program}: matches and targets of three tables`, async () => {
      await lines(
        [program],
        '*filter',
        '-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
        '-A INPUT -p tcp -m multiport --dports 22,80 -m comment --comment web -j ACCEPT',
        '-A INPUT -p tcp -m hashlimit --hashlimit-upto 10/sec --hashlimit-name h -j LOG --log-prefix in',
        `-A INPUT -j REJECT --reject-with ${unreachable}`,
        'COMMIT',
        '*nat',
        '-A PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 80',
        '-A POSTROUTING -o eth0 -j MASQUERADE',
        'COMMIT',
        '*mangle',
        '-A POSTROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
        '-A OUTPUT -j MARK --set-mark 7',
        'COMMIT',
      );
    });
  }

  test('nft drops, counts and redirects what comes from the host', async () => {
    const host = tapHost();
    const nft = startHijacked(NFT, { config: CONFIG, netns: host, interactive: true });
    const ping = async (): Promise<string> => {
      const [program = '', ...args] = [...host.prefix, 'ping', '-c', '2', '-i', '0.1', '-W', '1', '192.168.13.2'];
      return (await execa(program, args, { reject: false })).stdout;
    };
    let shown = '';
    nft.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
    });
    const say = async (...commands: string[]): Promise<void> => {
      shown = '';
      nft.stdin.write(`${[...commands, 'list tables'].join('\n')}\n`);
      await waitFor('nft', () => shown.includes('table ip t\n'));
    };
    await say('add table t', 'add chain t in { type filter hook input priority 0; }');
    assert.match(await ping(), '2 received');
    await say('add rule t in icmp type echo-request counter drop');
    assert.match(await ping(), '0 received');
    await say('list chain t in');
    assert.match(shown, 'icmp type echo-request counter packets 2 bytes 168 drop');
    await say('flush chain t in', 'add rule t in icmp type echo-request reject with icmp admin-prohibited');
    assert.match(await ping(), 'Packet filtered');
    await say('flush chain t in');
    assert.match(await ping(), '2 received');
    nft.stdin.end('quit\n');
    assert.is((await nft).exitCode, 0);
    host.remove();
  });

  test('ethtool tells of the virtio device and of lo, and changes features', async () => {
    const host = tapHost();
    const run = async (...args: string[]): Promise<string> => {
      const { stdout, stderr, exitCode } = await hijack(['ethtool', ...args], { config: CONFIG, netns: host });
      assert.is(exitCode, 0, stderr);
      return stdout;
    };
    assert.match(await run('eth0'), /Settings for eth0:[\s\S]*Link detected: yes/);
    assert.match(await run('-i', 'eth0'), /^driver: virtio_net$/m);
    assert.is(await run('-P', 'eth0'), 'Permanent address: 12:34:56:78:9a:bc\n');
    assert.match(await run('-k', 'eth0'), /^tx-checksumming: on$/m);
    assert.match(await run('-g', 'eth0'), /RX:\t+256/);
    assert.match(await run('-l', 'eth0'), /Combined:\t+1/);
    assert.match(await run('-S', 'eth0'), /rx_drops: 0/);
    assert.match(await run('-T', 'eth0'), 'software-transmit');
    assert.match(await run('-k', 'lo'), /^generic-segmentation-offload: on$/m);
    assert.is(await run('-K', 'eth0', 'tso', 'off', 'gro', 'off'), '');
    const none = await hijack(['ethtool', 'eth9']);
    assert.is(none.exitCode, 75);
    assert.match(none.stderr, 'No such device');
    host.remove();
  });

  test('ss shows the sockets of LKL, and none of the host', async () => {
    const host = tapHost();
    startOnHost(host, 'nc', '-l', '4321');
    await listening(host, 4321);
    const run = async (...args: string[]): Promise<string> => {
      const { stdout, stderr, exitCode } = await hijack(['ss', ...args], { config: CONFIG, netns: host });
      assert.is(exitCode, 0, stderr);
      return stdout;
    };
    assert.is((await run('-tanpi')).trim().split('\n').length, 1);
    assert.is((await run('-H', '-tuanpi')).trim(), '');
    // The socket with which it asks is the only one.
    assert.match(await run('-H', '-a', '-f', 'netlink'), /^\S+ +\S+ +\S+ +tcpdiag:/m);
    assert.match(await run('-s'), /^TCP: +0 /m);
    host.remove();
  });

  test('ss shows what is open in its process, with owner and state of TCP', async () => {
    const env = { LD_PRELOAD: path.join(ROOT, 'build/Release/tests/tools/sockets.so') };
    const { stdout, stderr, exitCode } = await hijack(['ss', '-Htanpi'], { env });
    assert.is(exitCode, 0, stderr);
    const sockets = stdout.split(/\n(?=\S)/).map((text) => text.replaceAll(/\s+/g, ' '));
    assert.is(sockets.length, 3, stdout);
    const [listener, client, accepted] = ['LISTEN 0 5 127.0.0.1:4321 ', 'ESTAB 0 0 ', 'ESTAB 5 0 127.0.0.1:4321 '].map(
      (start) => sockets.find((text) => text.startsWith(start)) ?? '',
    ) as [string, string, string];
    assert.match(listener, /0\.0\.0\.0:\* users:\(\("ss",pid=\d+,fd=\d+\)\) cubic /);
    assert.match(client, /127\.0\.0\.1:4321 users:\(\("ss",pid=\d+,fd=\d+\)\) .* bytes_sent:5 /);
    assert.match(accepted, ` ${client.split(' ')[3]} users:(("ss",pid=`);
    assert.match(accepted, /,fd=\d+\)\) .* bytes_received:5 /);
  });
});
