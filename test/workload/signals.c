// SPDX-License-Identifier: GPL-2.0-or-later
/* signals SIGNAL N: sends itself the signal (a number) N times with kill() and handles it each time. */
#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static volatile long handled;

static void handle(int sig)
{
	(void)sig;
	handled++;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		errx(2, "usage: signals SIGNAL N");

	int sig = atoi(argv[1]);
	long n = atol(argv[2]);

	signal(sig, handle);
	for (long i = 0; i < n; i++)
		kill(getpid(), sig);
	return handled != n;
}
