// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tells when eth0 has a carrier ("up"), when it has lost it ("down"), and then
 * does nothing.
 */
#include <linux/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	struct ifreq ifr = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), up = 0;

	strcpy(ifr.ifr_name, "eth0");
	setlinebuf(stdout);
	for (;;) {
		if (ioctl(fd, SIOCGIFFLAGS, &ifr)) {
			perror("eth0");
			return 1;
		}
		if (!up && ifr.ifr_flags & IFF_RUNNING) {
			up = 1;
			puts("up");
		} else if (up && !(ifr.ifr_flags & IFF_RUNNING)) {
			break;
		}
		poll(NULL, 0, 20);
	}
	puts("down");
	for (;;)
		pause();
}
