// SPDX-License-Identifier: GPL-2.0-or-later
/* tcp [-a ADDRESS] PORT N: listens on ADDRESS (127.0.0.1, or ::1) and PORT, connects to itself N times, one after the other. */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static union {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
} to;
static socklen_t len;

static void set_address(const char *text, int port)
{
	if (inet_pton(AF_INET, text, &to.in.sin_addr)) {
		to.in.sin_family = AF_INET;
		to.in.sin_port = htons(port);
		len = sizeof(to.in);
	} else if (inet_pton(AF_INET6, text, &to.in6.sin6_addr)) {
		to.in6.sin6_family = AF_INET6;
		to.in6.sin6_port = htons(port);
		len = sizeof(to.in6);
	} else {
		errx(2, "%s is no address", text);
	}
}

int main(int argc, char **argv)
{
	const char *address = "127.0.0.1";
	int opt, listener, one = 1;

	while ((opt = getopt(argc, argv, "a:")) != -1) {
		if (opt != 'a')
			return 2;
		address = optarg;
	}
	if (argc - optind != 2)
		errx(2, "usage: tcp [-a ADDRESS] PORT N");
	set_address(address, atoi(argv[optind]));
	listener = socket(to.any.sa_family, SOCK_STREAM, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, &to.any, len) || listen(listener, 8))
		err(1, "%s", address);
	for (int n = atoi(argv[optind + 1]); n > 0; n--) {
		int fd = socket(to.any.sa_family, SOCK_STREAM, 0), peer;

		if (connect(fd, &to.any, len) || (peer = accept(listener, NULL, NULL)) < 0)
			err(1, "connect");
		close(fd);
		close(peer);
	}
	return 0;
}
