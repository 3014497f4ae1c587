// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of tunnels: what they hold is understood whole, or refused with its line. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../lib/check.h"
#include "wireguard/file.h"

#define A_KEY "qHvpehP1+sK2PCUqjromahB+feSDu54PX6byT5nKU3k="
#define B_KEY "BuL3IVXB0gf8wdkKKIszynB/ar5yXzIasrIFhAkRkiw="
#define START "[Interface]\nPrivateKey = " A_KEY "\n"
#define PEER START "[Peer]\nPublicKey=" B_KEY "\n"
#define NO_KEY "is not a key: 32 bytes in base64, as wg genkey prints them"

static char said[700];

static void keep(void *arg, unsigned int line, const char *text)
{
	CHECK(arg == said);
	snprintf(said, sizeof(said), "%u: %s", line, text);
}

/* A copy of exactly that size, so that reading beyond its end is seen. */
static bool parse(struct wg_file *file, const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);
	bool sound;

	CHECK(copy);
	memcpy(copy, text, len);
	said[0] = '\0';
	sound = wg_file_parse(file, copy, len, keep, said);
	free(copy);
	CHECK(sound == !said[0]);
	return sound;
}

static void check_prefix(const struct wg_prefixes *list, unsigned int n,
			 const char *address, unsigned int len)
{
	char text[INET6_ADDRSTRLEN];

	CHECK(n < list->count);
	inet_ntop(list->prefix[n].family, list->prefix[n].addr, text,
		  sizeof(text));
	CHECK(!strcmp(text, address));
	CHECK_EQ(list->prefix[n].len, len);
}

static void test_all_keys(void)
{
	static const char text[] =
		"# A comment, and white space of all kinds\r\n"
		"[interface] # in any case of letters\n"
		"\tprivatekey=" A_KEY "   # its\n"
		"LISTENPORT = 51820\n"
		"FwMark = 0xCA6C\n"
		"Address = 10.0.0.2/24, fd00::2/64\n"
		"Address=192.0.2.7\n"
		"DNS = 10.0.0.1, vpn.example,fd00::53\n"
		"MTU = 1380\n"
		"Table = 1234\n"
		"SaveConfig = false\n"
		"\n"
		"[Peer]\n"
		"PublicKey = " B_KEY "\n"
		"PresharedKey = " A_KEY "\n"
		"AllowedIPs = 0.0.0.0/0 , ::/0\n"
		"AllowedIPs = 10.1.0.5\n"
		"Endpoint = [fe80::1%eth0]:51821\n"
		"PersistentKeepalive = 25\n"
		"[Peer]\n"
		"PublicKey = " A_KEY "\n"
		"AllowedIPs =\n"
		"Endpoint = vpn.example.com:1\n"
		"PersistentKeepalive = off";
	static const unsigned char first[] = { 0xa8, 0x7b, 0xe9, 0x7a };
	struct wg_file f;

	CHECK(parse(&f, text, strlen(text)));
	CHECK(!memcmp(f.private_key, first, sizeof(first)));
	CHECK_EQ(f.private_key[31], 0x79);
	CHECK_EQ(f.port, 51820);
	CHECK_EQ(f.mark, 0xca6c);
	CHECK_EQ(f.mtu, 1380);
	CHECK_EQ(f.routing, WG_ROUTES_TABLE);
	CHECK_EQ(f.table, 1234);
	CHECK_EQ(f.addresses.count, 3);
	check_prefix(&f.addresses, 0, "10.0.0.2", 24);
	check_prefix(&f.addresses, 1, "fd00::2", 64);
	check_prefix(&f.addresses, 2, "192.0.2.7", 32);
	CHECK(!strcmp(f.resolver, "nameserver 10.0.0.1\nnameserver fd00::53\n"));
	CHECK(!strcmp(f.domains, " vpn.example"));
	CHECK_EQ(f.peers, 2);
	CHECK_EQ(f.peer[0].line, 13);
	CHECK_EQ(f.peer[0].public_key[31], 0x2c);
	CHECK(f.peer[0].has_preshared_key);
	CHECK(!memcmp(f.peer[0].preshared_key, f.private_key, 32));
	CHECK_EQ(f.peer[0].allowed.count, 3);
	check_prefix(&f.peer[0].allowed, 0, "0.0.0.0", 0);
	check_prefix(&f.peer[0].allowed, 1, "::", 0);
	check_prefix(&f.peer[0].allowed, 2, "10.1.0.5", 32);
	CHECK(!strcmp(f.peer[0].host, "fe80::1%eth0"));
	CHECK_EQ(f.peer[0].port, 51821);
	CHECK_EQ(f.peer[0].endpoint_line, 18);
	CHECK_EQ(f.peer[0].keepalive, 25);
	CHECK(!f.peer[1].has_preshared_key);
	CHECK_EQ(f.peer[1].allowed.count, 0);
	CHECK(!strcmp(f.peer[1].host, "vpn.example.com"));
	CHECK_EQ(f.peer[1].port, 1);
	CHECK_EQ(f.peer[1].keepalive, 0);
	wg_file_forget(&f);
	CHECK_EQ(f.private_key[0], 0);
}

static void test_defaults(void)
{
	struct wg_file f;

	CHECK(parse(&f, START, strlen(START)));
	CHECK_EQ(f.port, 0);
	CHECK_EQ(f.mark, 0);
	CHECK_EQ(f.mtu, 0);
	CHECK_EQ(f.routing, WG_ROUTES_AUTO);
	CHECK_EQ(f.peers, 0);
	CHECK(!f.resolver);
	wg_file_forget(&f);
}

/* What the file holds, and what is said of it. */
static const struct {
	const char *text;
	const char *message;
} bad[] = {
	{ "", "1: there is no section [Interface]; it has the PrivateKey" },
	{ "[Peer]\nPublicKey=" B_KEY "\n", "3: there is no section [Interface]; it has the PrivateKey" },
	{ "ListenPort = 1\n", "1: the line is in no section; begin with [Interface]" },
	{ "[Interface]\nListenPort = 1\n", "3: [Interface] has no PrivateKey before this line; add the one that wg genkey has made" },
	{ START START, "3: there is a section [Interface] before; make one of them" },
	{ "[Interfaces]\n", "1: [Interfaces]: there is no such section; there are [Interface] and [Peer]" },
	{ START "ListenPort 51820\n", "3: the line is no key with its value, such as ListenPort = 51820, and no section" },
	/* Secrets are not shown, wherever they stand. */
	{ START A_KEY "\n", "3: what is before \"=\" is no name of a key" },
	{ "[Interface]\nPrivateKey = " A_KEY A_KEY "\n", "2: PrivateKey: what is given, of 88 characters, " NO_KEY },
	{ "[Interface]\nPrivateKey =\n", "2: PrivateKey: what is given, of 0 characters, " NO_KEY },
	{ "[Interface]\nPrivateKey = qHvpehP1+sK2PCUqjromahB+feSDu54PX6byT5nKU3k\n", "2: PrivateKey: what is given, of 43 characters, " NO_KEY },
	{ "[Interface]\nPrivateKey = qHvpehP1+sK2PCUqjromahB+feSDu54PX6byT5nKU3l=\n", "2: PrivateKey: what is given, of 44 characters, " NO_KEY },
	{ "[Interface]\nPrivateKey = qHvpehP1-sK2PCUqjromahB+feSDu54PX6byT5nKU3k=\n", "2: PrivateKey: what is given, of 44 characters, " NO_KEY },
	{ PEER "PresharedKey = x\n", "5: PresharedKey: what is given, of 1 characters, " NO_KEY },
	{ START "PrivateKey = " B_KEY "\n", "3: PrivateKey: it is in line 2, too; remove one of them" },
	{ START "PostUp = iptables -A FORWARD -i %i -j ACCEPT\n", "3: PostUp: lkl-hijack runs no commands; remove the line, or do in the configuration what it is for" },
	{ START "predown = x\n", "3: PreDown: lkl-hijack runs no commands; remove the line, or do in the configuration what it is for" },
	{ START "SaveConfig = true\n", "3: SaveConfig: \"true\" is not false: lkl-hijack never writes to the file" },
	{ START "PublicKey = " B_KEY "\n", "3: PublicKey: [Interface] has no such key; it has PrivateKey, ListenPort, FwMark, Address, DNS, MTU, Table, SaveConfig" },
	{ PEER "MTU = 1400\n", "5: MTU: [Peer] has no such key; it has PublicKey, PresharedKey, AllowedIPs, Endpoint, PersistentKeepalive" },
	{ START "ListenPort = 65536\n", "3: ListenPort: \"65536\" is not the number of a port, such as 51820" },
	{ START "FwMark = -1\n", "3: FwMark: \"-1\" is not off or a mark of packets, such as 0xca6c" },
	{ START "FwMark = 0x100000000\n", "3: FwMark: \"0x100000000\" is not off or a mark of packets, such as 0xca6c" },
	{ START "MTU = 67\n", "3: MTU: \"67\" is not a number of bytes from 68 to 65535" },
	{ START "Table = main\n", "3: Table: \"main\" is not auto, off or the number of a routing table" },
	{ START "Address = 10.0.0.2/33\n", "3: Address: \"10.0.0.2/33\" is not an address, with or without a prefix length, such as 10.0.0.0/24 or fd00::2" },
	{ START "Address = 10.0.0.2/0\n", "3: Address: \"10.0.0.2/0\" is not the address of an interface, such as 10.0.0.2/24" },
	{ START "Address = 10.0.0.2/24,\n", "3: Address: \"\" is not an address, with or without a prefix length, such as 10.0.0.0/24 or fd00::2" },
	{ START "DNS = 10.0.0.1/24\n", "3: DNS: \"10.0.0.1/24\" is not the address of a name server or a domain to search in" },
	{ START "DNS = example.org\n[Peer]\n", "4: DNS: it names domains and no name server before this line; add the address of one" },
	{ START "[Peer]\nEndpoint = a:1\n", "5: the [Peer] of line 3 has no PublicKey before this line; add what wg pubkey has made of its private key" },
	{ PEER "[Peer]\nPublicKey = " B_KEY "\n", "7: the [Peer] of line 5 has the PublicKey of the one of line 3; make one of them" },
	{ PEER "AllowedIPs = 10.0.0.0/x\n", "5: AllowedIPs: \"10.0.0.0/x\" is not an address, with or without a prefix length, such as 10.0.0.0/24 or fd00::2" },
	{ PEER "AllowedIPs = ::1:2:3:4:5:6:7:8:9/128\n", "5: AllowedIPs: \"::1:2:3:4:5:6:7:8:9/128\" is not an address, with or without a prefix length, such as 10.0.0.0/24 or fd00::2" },
#define NO_ENDPOINT " is not a host and its port, such as vpn.example.com:51820, 192.0.2.1:51820 or [2001:db8::1]:51820"
	{ PEER "Endpoint = 192.0.2.1\n", "5: Endpoint: \"192.0.2.1\"" NO_ENDPOINT },
	{ PEER "Endpoint = 192.0.2.1:0\n", "5: Endpoint: \"192.0.2.1:0\"" NO_ENDPOINT },
	{ PEER "Endpoint = :51820\n", "5: Endpoint: \":51820\"" NO_ENDPOINT },
	{ PEER "Endpoint = 2001:db8::1:51820\n", "5: Endpoint: \"2001:db8::1:51820\"" NO_ENDPOINT },
	{ PEER "Endpoint = [2001:db8::1:51820\n", "5: Endpoint: \"[2001:db8::1:51820\"" NO_ENDPOINT },
	{ PEER "Endpoint = []:51820\n", "5: Endpoint: \"[]:51820\"" NO_ENDPOINT },
	{ PEER "PersistentKeepalive = 65536\n", "5: PersistentKeepalive: \"65536\" is not off or a number of seconds, such as 25" },
};

int main(void)
{
	static const char zero[] = START "MTU = 1\0" "400\n";
	char *large = calloc(1, WG_FILE_MAX + 1);
	struct wg_file f;
	size_t i;

	test_all_keys();
	test_defaults();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(!parse(&f, bad[i].text, strlen(bad[i].text)));
		if (strcmp(said, bad[i].message)) {
			fprintf(stderr, "%s\nnot\n%s\n", said, bad[i].message);
			return 1;
		}
		wg_file_forget(&f);
	}
	CHECK(!parse(&f, zero, sizeof(zero) - 1));
	CHECK(!strcmp(said, "3: the line holds a byte 0: the file is no text"));
	wg_file_forget(&f);
	CHECK(large);
	CHECK(!parse(&f, large, WG_FILE_MAX + 1));
	wg_file_forget(&f);
	free(large);
	return 0;
}
