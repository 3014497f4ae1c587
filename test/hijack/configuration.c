// SPDX-License-Identifier: GPL-2.0-or-later
/* A wrong configuration: one exact message, status 125, main() does not run. */
#include <sys/wait.h>
#include <unistd.h>
#include "run.h"

#define TAP "\"type\":\"tap\",\"param\":\"x0\""
/* The ports are the digit and two more, so that no two are the same. */
#define TEN_PORTS(n) n "10:80," n "11:80," n "12:80," n "13:80," n "14:80," \
	n "15:80," n "16:80," n "17:80," n "18:80," n "19:80,"
#define SIXTY_PORTS TEN_PORTS("1") TEN_PORTS("2") TEN_PORTS("3") \
	TEN_PORTS("4") TEN_PORTS("5") TEN_PORTS("6")
#define PORTS_65 SIXTY_PORTS "1:80,2:80,3:80,4:80,5:80"

#define TUNNEL "\"type\":\"wireguard\",\"param\":\"/no/wg0.conf\""

/* What the file holds, and the message, in which @ is the file's name. */
static const struct {
	const char *text;
	const char *message;
} bad[] = {
	{ "", "@:1:0: not valid JSON: '[' or '{' expected near end of file; see 'lkl-config lint @'" },
	{ "{\"debug\":\"1\",}", "@:1:14: not valid JSON: string or '}' expected near '}'; see 'lkl-config lint @'" },
	{ "{\n  \"debug\" \"1\"\n}", "@:2:13: not valid JSON: ':' expected near '\"1\"'; see 'lkl-config lint @'" },
	{ "{} {}", "@:1:4: not valid JSON: end of file expected near '{'; see 'lkl-config lint @'" },
	{ "{\"debug\":\"1\",\"debug\":\"1\"}", "@:1:20: not valid JSON: duplicate object key near '\"debug\"'; see 'lkl-config lint @'" },
	{ "// no\n{}", "@:1:1: not valid JSON: '[' or '{' expected near '/'; see 'lkl-config lint @'" },
	{ "{\"gateway\":\"1.2.3.4\\u0000\"}", "@:1:26: not valid JSON: \\u0000 is not allowed without JSON_ALLOW_NUL near '\"1.2.3.4\\u0000\"'; see 'lkl-config lint @'" },
	{ "[]", "@:1:1: not a JSON object: a configuration is { \"interfaces\": [ ... ] }" },
	{ "{\"gatway\":\"1.2.3.4\"}", "@: gatway: there is no such key; did you mean \"gateway\"?" },
	{ "{\"flux\":\"1\"}", "@: flux: there is no such key; remove it, or see docs/config.md for the keys" },
	{ "{\"interfaces\":[{" TAP ",\"masklne\":\"1\"}]}", "@: interfaces[0].masklne: there is no such key; did you mean \"masklen\"?" },
	{ "{\"gateway\":\"300.2.3.4\"}", "@: gateway: \"300.2.3.4\" is not an IPv4 address, as 192.168.0.2" },
	{ "{\"gateway\":\"1.2.3\"}", "@: gateway: \"1.2.3\" is not an IPv4 address, as 192.168.0.2" },
	{ "{\"gateway6\":\"1.2.3.4\"}", "@: gateway6: \"1.2.3.4\" is not an IPv6 address, as 2001:db8::2" },
	{ "{\"gateway\":[]}", "@: gateway: the value is no string and no integer: write it in quotes" },
	{ "{\"gateway\":null}", "@: gateway: the value is no string and no integer: write it in quotes" },
	{ "{\"debug\":\"1 \"}", "@: debug: \"1 \" is not a number, as 1, 0x100" },
	{ "{\"debug\":\"0x\"}", "@: debug: \"0x\" is not a number, as 1, 0x100" },
	{ "{\"debug\":\"-1\"}", "@: debug: \"-1\" is not a number, as 1, 0x100" },
	{ "{\"debug\":\"99999999999999999999\"}", "@: debug: \"99999999999999999999\" is not a number, as 1, 0x100" },
	{ "{\"boot_cmdline\":\"a\\nb\"}", "@: boot_cmdline: \"a?b\" is not printable ASCII text" },
	{ "{\"interfaces\":{}}", "@: interfaces: not an array of objects: write \"interfaces\": [{ ... }]" },
	{ "{\"interfaces\":[1]}", "@: interfaces[0]: not an object: write { \"type\": \"tap\", ... }" },
	{ "{\"interfaces\":[{}]}", "@: interfaces[0].type: missing; write \"type\": \"tap\"" },
	{ "{\"interfaces\":[{\"type\":\"tun\"}]}", "@: interfaces[0].type: \"tun\" is not a known type of interface: tap, macvtap, raw, pipe, fd, vde, dpdk, user, passt, slirp, loop, wireguard" },
	{ "{\"interfaces\":[{\"type\":\"tap\"}]}", "@: interfaces[0].param: missing; a tap needs the name of the host's interface, as \"param\": \"tap0\"" },
	{ "{\"interfaces\":[{" TAP ",\"ip\":\"10.0.0.1\"}]}", "@: interfaces[0].masklen: missing; \"ip\" and \"masklen\" belong together" },
	{ "{\"interfaces\":[{" TAP ",\"ip\":\"10.0.0.256\",\"masklen\":\"24\"}]}", "@: interfaces[0].ip: \"10.0.0.256\" is not an IPv4 address, as 192.168.0.2" },
	{ "{\"interfaces\":[{" TAP ",\"masklen6\":\"64\"}]}", "@: interfaces[0].ipv6: missing; \"ipv6\" and \"masklen6\" belong together" },
	{ "{\"interfaces\":[{" TAP ",\"masklen\":\"33\"}]}", "@: interfaces[0].masklen: \"33\" is not a prefix length from 1 to 32" },
	{ "{\"interfaces\":[{" TAP ",\"masklen6\":\"0\"}]}", "@: interfaces[0].masklen6: \"0\" is not a prefix length from 1 to 128" },
	{ "{\"interfaces\":[{" TAP ",\"mtu\":\"67\"}]}", "@: interfaces[0].mtu: \"67\" is not a number of bytes from 68 to 65535" },
	{ "{\"interfaces\":[{" TAP ",\"mtu\":\"1000\",\"ipv6\":\"fd00::1\",\"masklen6\":\"64\"}]}", "@: interfaces[0].mtu: 1000 is too small for IPv6, which needs 1280 (RFC 8200)" },
	{ "{\"interfaces\":[{" TAP ",\"mac\":\"01:02:03:04:05:06\"}]}", "@: interfaces[0].mac: \"01:02:03:04:05:06\" is not six octets of a unicast address, as 12:34:56:78:9a:bc" },
	{ "{\"interfaces\":[{" TAP ",\"mac\":\"02:02:03:04:05\"}]}", "@: interfaces[0].mac: \"02:02:03:04:05\" is not six octets of a unicast address, as 12:34:56:78:9a:bc" },
	{ "{\"singlecpu\":\"3\"}", "@: singlecpu: \"3\" is not 0, 1 or 2" },
	{ "{\"delay_main\":\"soon\"}", "@: delay_main: \"soon\" is not a number of microseconds up to an hour, as 500000, or auto" },
	{ "{\"mount\":\"proc,ext4\"}", "@: mount: \"ext4\" is not a file system that needs no device: proc, sysfs, devtmpfs, ramfs, tmpfs" },
	{ "{\"dump\":[\"proc/version\"]}", "@: dump: \"proc/version\" is not an absolute path inside LKL, as /sysfs/class/net/lo/mtu" },
	{ "{\"nameserver\":\"192.168.0.1, here\"}", "@: nameserver: \"here\" is not an address, as 192.168.0.1 or 2001:db8::1" },
	{ "{\"sysctl\":\"net.ipv4.ip_forward=1;net.ipv4.tcp_sack\"}", "@: sysctl: \"net.ipv4.tcp_sack\" is not a sysctl and its value, as net.ipv4.tcp_syncookies=1" },
	{ "{\"sysctl\":{\"net.ipv4.tcp_sack\":null}}", "@: sysctl: net.ipv4.tcp_sack is no string and no integer: write it in quotes" },
	{ "{\"sysctl\":null}", "@: sysctl: the value is no string, no array of strings and no object: write it in quotes" },
	{ "{\"sysctl\":\"net.ipv4.tcp_wmem=a\"}", "@: sysctl: \"net.ipv4.tcp_wmem\" does not take \"a\": Invalid argument; correct the value" },
	{ "{\"sysctl\":\"net.ipv4.ip_forward=1 x\"}", "@: sysctl: \"net.ipv4.ip_forward\" does not take \"1 x\": Invalid argument; correct the value" },
	{ "{\"sysctl\":\"net.ipv4.nope=1\"}", "@: sysctl: \"net.ipv4.nope\": this kernel has no such sysctl; correct the name, or remove it" },
	{ "{\"sysctl\":\"net/../../version=1\"}", "@: sysctl: \"net/../../version\": this kernel has no such sysctl; correct the name, or remove it" },
	{ "{\"sysctl\":\"kernel.ostype=x\"}", "@: sysctl: \"kernel.ostype\": it can only be read; remove it" },
	{ "{\"interfaces\":[{" TAP ",\"ifgateway\":\"10.0.0.1\"}]}", "@: interfaces[0].ifgateway: it is for what comes from \"ip\", which is missing; add \"ip\" and \"masklen\"" },
	{ "{\"interfaces\":[{" TAP ",\"ifgateway\":\"fd00::1\"}]}", "@: interfaces[0].ifgateway: \"fd00::1\" is not an IPv4 address, as 192.168.0.2" },
	{ "{\"interfaces\":[{" TAP ",\"ifgateway6\":\"fd00::1\"}]}", "@: interfaces[0].ifgateway6: it is for what comes from \"ipv6\", which is missing; add \"ipv6\" and \"masklen6\"" },
	{ "{\"interfaces\":[{" TAP ",\"neigh\":\"10.0.0.1|12:34:56:78:9a:bc;10.0.0.2\"}]}", "@: interfaces[0].neigh: \"10.0.0.2\" is not an address and the MAC address behind it, as 192.168.0.1|12:34:56:78:9a:bc" },
	{ "{\"interfaces\":[{" TAP ",\"neigh\":{\"10.0.0.1\":7}}]}", "@: interfaces[0].neigh: \"10.0.0.1|7\" is not an address and the MAC address behind it, as 192.168.0.1|12:34:56:78:9a:bc" },
	{ "{\"mount\":{}}", "@: mount: the value is no string and no array of strings: write it in quotes" },
	{ "{\"interfaces\":[{" TAP ",\"qdisc\":[\"top|fq\"]}]}", "@: interfaces[0].qdisc: \"top|fq\" is not a parent and a queueing discipline, as root|fq" },
	{ "{\"interfaces\":[{" TAP ",\"offload\":\"all\"}]}", "@: interfaces[0].offload: \"all\" is not a mask of virtio-net feature bits, as 0xc803" },
	{ "{\"interfaces\":[{" TAP ",\"offload\":\"0x10001\"}]}", "@: interfaces[0].offload: 0x10001: bits 0x10000 are no offloads of virtio-net; without them it is 0x1" },
	{ "{\"interfaces\":[{" TAP ",\"offload\":\"0x8800\"}]}", "@: interfaces[0].offload: 0x8800: bit 0x800 needs one of 0x1; 'lkl-config explain offload 0x8800' names them" },
	{ "{\"interfaces\":[{" TAP "},{\"type\":\"wireguard\"}]}", "@: interfaces[1].param: missing; a wireguard interface needs the file of its tunnel, as \"param\": \"/etc/wireguard/wg0.conf\"" },
	{ "{\"interfaces\":[{" TAP "},{" TUNNEL ",\"neigh\":\"10.0.0.1|12:34:56:78:9a:bc\"}]}", "@: interfaces[1].neigh: a wireguard interface has none, for it is no device with a link; remove it" },
	{ "{\"interfaces\":[{" TUNNEL "}]}", "@: interfaces[0].type: a wireguard interface needs another one that carries its packets; add it, such as { \"type\": \"passt\" }; variables describe one alone, a file as many as it lists" },
	{ "{\"interfaces\":[{" TAP "},{" TUNNEL "}]}", "@: interfaces[1].param: /no/wg0.conf: the tunnel's file cannot be read: No such file or directory; correct its name or its permissions" },
	{ "{\"interfaces\":[{\"type\":\"user\",\"param\":\"81:80,81:82\"}]}", "@: interfaces[0].param: port 81 of the host is published twice; leave one of them out, or take another port" },
	{ "{\"interfaces\":[{\"type\":\"user\",\"param\":\"" PORTS_65 "\"}]}", "@: interfaces[0].param: more than 64 published ports; leave some out" },
	{ "{\"interfaces\":[{\"type\":\"user\",\"param\":\"" PORTS_65 ",\"}]}", "@: interfaces[0].param: \"" TEN_PORTS("1") "210:80,211:80,212:80,213:80,21...\" is not a list of published ports, or nothing" },
	{ "{\"interfaces\":[{\"type\":\"user\",\"ip\":\"10.1.1.1\",\"masklen\":\"24\"}]}", "@: interfaces[0].ip: 10.1.1.1 is not in 10.0.2.0/24, the network of a user interface; take an address of it, such as 10.0.2.15, or leave it out" },
	{ "{\"gateway\":\"10.0.0.1\"}", "@: gateway: \"10.0.0.1\": Network is unreachable; no interface has a subnet that holds it: correct it, or an interface's ip and masklen" },
};

static const char *const good[] = {
	"{}",
	" {\n\t\"$schema\": \"https://example.org/s.json\" } \n",
	"{\"debug\":0,\"interfaces\":[]}",
	"{\"debug\":\"0x0\",\"boot_cmdline\":\"mem=48M\"}",
	"{\"boot_cmdline\":\"\"}",
};

/* Variables, and the message. */
static const struct {
	const char *variable;
	const char *message;
} variables[] = {
	{ "LKL_HIJACK_CONFIG_FILE=", "LKL_HIJACK_CONFIG_FILE: it is empty: name a file, or unset it" },
	{ "LKL_HIJACK_CONFIG_FILE=/", "/: the configuration cannot be read: Is a directory; correct LKL_HIJACK_CONFIG_FILE or the file's permissions" },
	{ "LKL_HIJACK_CONFIG_FILE=/no/such", "/no/such: the configuration cannot be read: No such file or directory; correct LKL_HIJACK_CONFIG_FILE or the file's permissions" },
	{ "LKL_HIJACK_CONFIG_FILE={\"debug\":", "LKL_HIJACK_CONFIG_FILE:1:9: not valid JSON: unexpected token near end of file; see 'lkl-config lint -'" },
	{ "LKL_HIJACK_CONFIG_FILE={\"debug\":\"x\"}", "LKL_HIJACK_CONFIG_FILE: debug: \"x\" is not a number, as 1, 0x100" },
	{ "LKL_HIJACK_NET_MTU=big", "LKL_HIJACK_NET_MTU: \"big\" is not a number of bytes from 68 to 65535" },
	{ "LKL_HIJACK_NET_GATEWAY=here", "LKL_HIJACK_NET_GATEWAY: \"here\" is not an IPv4 address, as 192.168.0.2" },
	{ "LKL_HIJACK_CONFIG_FILE={\"debug\":\"x\"}", "LKL_HIJACK_CONFIG_FILE: debug: \"x\" is not a number, as 1, 0x100" },
	{ "LKL_HIJACK_SYSCTL=a", "LKL_HIJACK_SYSCTL: \"a\" is not a sysctl and its value, as net.ipv4.tcp_syncookies=1" },
	{ "LKL_HIJACK_SINGLE_CPU=on", "LKL_HIJACK_SINGLE_CPU: \"on\" is not 0, 1 or 2" },
	{ "LKL_HIJACK_ON_ERROR=go", "LKL_HIJACK_ON_ERROR: \"go\" is not continue or stop" },
	{ "LKL_HIJACK_NET_GATWAY=1.2.3.4", "LKL_HIJACK_NET_GATWAY: there is no such variable; did you mean LKL_HIJACK_NET_GATEWAY?" },
};

static char *main_runs[] = { "echo", "main", NULL };

/* The message with the file's name for each @, as a line of the library. */
static const char *line(const char *message, const char *file)
{
	static char text[2048];
	char *at = text + sprintf(text, "lkl-hijack: ");

	for (; *message; message++)
		if (*message == '@')
			at += sprintf(at, "%s", file);
		else
			*at++ = *message;
	strcpy(at, "\n");
	return text;
}

static void refused(const char *const env[], const char *expected)
{
	static struct ended ended;

	run_hijacked(main_runs, env, NULL, &ended);
	CHECK_TEXT(ended.err, expected);
	CHECK_TEXT(ended.out, "");
	CHECK_EQ(WEXITSTATUS(ended.status), 125);
}

static void accepted(const char *const env[])
{
	static struct ended ended;

	run_hijacked(main_runs, env, NULL, &ended);
	CHECK_TEXT(ended.err, "");
	CHECK_TEXT(ended.out, "main\n");
	CHECK_EQ(ended.status, 0);
}

int main(void)
{
	const char *env[] = { NULL, NULL, NULL };
	static struct ended ended;
	char variable[256], file[200];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		strcpy(file, write_file("bad.json", bad[i].text));
		snprintf(variable, sizeof(variable), "LKL_HIJACK_CONFIG_FILE=%s",
			 file);
		env[0] = variable;
		refused(env, line(bad[i].message, file));
	}
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(variable, sizeof(variable), "LKL_HIJACK_CONFIG_FILE=%s",
			 write_file("good.json", good[i]));
		env[0] = variable;
		accepted(env);
	}
	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		env[0] = variables[i].variable;
		refused(env, line(variables[i].message, ""));
	}
	/* Variables describe one interface, and a tunnel needs two. */
	env[0] = "LKL_HIJACK_NET_IFTYPE=wireguard";
	env[1] = "LKL_HIJACK_NET_IFPARAMS=/no/wg0.conf";
	refused(env, line("@: a wireguard interface needs another one that carries its packets; add it, such as { \"type\": \"passt\" }; variables describe one alone, a file as many as it lists",
			  "LKL_HIJACK_NET_IFTYPE"));
	env[1] = NULL;

	/* A file that says nothing of it is not to blame for a variable. */
	write_file("lkl-hijack.json", "{}");
	env[0] = "LKL_HIJACK_SYSCTL=net.ipv4.nope=1";
	refused(env, line("LKL_HIJACK_SYSCTL: \"net.ipv4.nope\": this kernel has no such sysctl; correct the name, or remove it", ""));
	env[0] = "LKL_HIJACK_NET_GATEWAY=10.0.0.1";
	refused(env, line("LKL_HIJACK_NET_GATEWAY: \"10.0.0.1\": Network is unreachable; no interface has a subnet that holds it: correct it, or an interface's ip and masklen", ""));
	write_file("lkl-hijack.json", "{\"gateway\":\"10.0.0.2\"}");
	refused(env, line("lkl-hijack.json: gateway: \"10.0.0.2\": Network is unreachable; no interface has a subnet that holds it: correct it, or an interface's ip and masklen", ""));
	write_file("lkl-hijack.json", "{\"interfaces\":[]}");
	env[0] = "LKL_HIJACK_NET_MTU=1400";
	accepted(env);
	unlink(write_file("lkl-hijack.json", ""));
	/* An interface needs a type, and has one. */
	refused(env, line("LKL_HIJACK_NET_IFTYPE: missing; set it, as to tap, or unset the other variables of the interface", ""));
	env[0] = "LKL_HIJACK_NET_TAP=x0";
	env[1] = "LKL_HIJACK_NET_IFTYPE=loop";
	refused(env, line("LKL_HIJACK_NET_TAP: it is for a tap, and LKL_HIJACK_NET_IFTYPE is \"loop\"; unset one of them", ""));
	env[0] = "LKL_HIJACK_NET_TAP=a/b";
	env[1] = NULL;
	refused(env, line("LKL_HIJACK_NET_TAP: \"a/b\" is not the name of a tap device, of at most 15 characters", ""));

	/* The text itself, which only the program and its children see. */
	env[0] = "LKL_HIJACK_CONFIG_FILE={\"debug\":\"0\"}";
	accepted(env);
	/* Whoever has put it together says what the user calls it. */
	env[0] = "LKL_HIJACK_CONFIG_FILE={\"gateway\":\"10.0.0.1\"}";
	env[1] = "LKL_HIJACK_CONFIG_NAME=site.json, --set";
	refused(env, line("@: gateway: \"10.0.0.1\": Network is unreachable; no interface has a subnet that holds it: correct it, or an interface's ip and masklen",
			  "site.json, --set"));
	env[1] = "LKL_HIJACK_CONFIG_NAME=";
	refused(env, line("@: gateway: \"10.0.0.1\": Network is unreachable; no interface has a subnet that holds it: correct it, or an interface's ip and masklen",
			  "LKL_HIJACK_CONFIG_FILE"));
	env[1] = NULL;

	/* A file without a name, in the directory, and none at all. */
	env[0] = NULL;
	accepted(env);
	write_file("lkl-hijack.json", "{\"debug\":\"x\"}");
	refused(env, line("@: debug: \"x\" is not a number, as 1, 0x100",
			  "lkl-hijack.json"));
	write_file("lkl-hijack.json", "{}");
	accepted(env);
	/* A key of the file replaces a variable that is right by itself. */
	write_file("lkl-hijack.json", "{\"debug\":\"0\"}");
	env[0] = "LKL_HIJACK_DEBUG=1";
	accepted(env);

	/* Asked to, it goes on as well as it can. */
	write_file("lkl-hijack.json", "{\"gateway\":\"10.0.0.1\"}");
	env[0] = "LKL_HIJACK_ON_ERROR=continue";
	run_hijacked(main_runs, env, NULL, &ended);
	CHECK(strstr(ended.err, "lkl-hijack.json: gateway: \"10.0.0.1\""));
	CHECK_TEXT(ended.out, "main\n");
	return 0;
}
