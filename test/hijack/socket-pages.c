// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options with which the kernel would take pages of the program are refused, and
 * what they speed up works all the same: MSG_ZEROCOPY, keys of TLS.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/tls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include "run.h"

#define BYTES 100000

/* A connection of TCP over loopback. */
static void connection(int end[2])
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);
	int server = socket(AF_INET, SOCK_STREAM, 0);

	CHECK_EQ(bind(server, (struct sockaddr *)&addr, len), 0);
	CHECK_EQ(listen(server, 1), 0);
	CHECK_EQ(getsockname(server, (struct sockaddr *)&addr, &len), 0);
	end[0] = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_EQ(connect(end[0], (struct sockaddr *)&addr, len), 0);
	end[1] = accept(server, NULL, NULL);
	CHECK(end[1] >= 0);
	close(server);
}

/* Sends with flags, and compares what comes. */
static void send_through(int end[2], int flags)
{
	static char out[BYTES], in[BYTES];
	size_t i;

	for (i = 0; i < sizeof(out); i++)
		out[i] = i % 251;
	CHECK_EQ(send(end[0], out, sizeof(out), flags), sizeof(out));
	for (i = 0; i < sizeof(in);) {
		ssize_t n = recv(end[1], in + i, sizeof(in) - i, 0);

		CHECK(n > 0);
		i += n;
	}
	CHECK(!memcmp(in, out, sizeof(in)));
	memset(in, 0, sizeof(in));
}

static int keys(int fd, int direction, int version)
{
	struct tls12_crypto_info_aes_gcm_128 keys = {
		.info = { .version = version,
			  .cipher_type = TLS_CIPHER_AES_GCM_128 },
		.key = "0123456789abcde",
	};

	return setsockopt(fd, SOL_TLS, direction, &keys, sizeof(keys));
}

static void use(void)
{
	int end[2], one = 1;

	connection(end);
	CHECK_EQ(setsockopt(end[0], SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)), -1);
	CHECK_EQ(errno, ENOPROTOOPT);
	send_through(end, MSG_ZEROCOPY);

	CHECK_EQ(setsockopt(end[0], SOL_TCP, TCP_ULP, "tls", 3), 0);
	CHECK_EQ(setsockopt(end[1], SOL_TCP, TCP_ULP, "tls", 3), 0);
	CHECK_EQ(keys(end[1], TLS_RX, TLS_1_2_VERSION), -1);
	CHECK_EQ(errno, ENOPROTOOPT);
	CHECK_EQ(keys(end[0], TLS_TX, TLS_1_3_VERSION), 0);
	CHECK_EQ(keys(end[1], TLS_RX, TLS_1_3_VERSION), 0);
	CHECK_EQ(setsockopt(end[1], SOL_TLS, TLS_RX_EXPECT_NO_PAD, &one, sizeof(one)), -1);
	CHECK_EQ(errno, ENOPROTOOPT);
	send_through(end, 0);
	puts("done");
}

int main(void)
{
	if (again()) {
		use();
		return 0;
	}
	check_hijacked(NULL, NULL, "done\n");
	return 0;
}
