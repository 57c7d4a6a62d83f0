// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * spawn [-x] [-t] N: makes N children (-t: threads) one after the other and waits for each. A child exits with the low
 * bits of its number, from 0; with -x it is this program executed again as `spawn 0`, which exits with 0.
 */
#include <err.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *nothing(void *arg)
{
	return arg;
}

int main(int argc, char **argv)
{
	int exec = 0, threads = 0, opt;

	while ((opt = getopt(argc, argv, "xt")) != -1) {
		switch (opt) {
		case 'x': exec = 1; break;
		case 't': threads = 1; break;
		default: return 2;
		}
	}
	if (argc - optind != 1)
		errx(2, "usage: spawn [-x] [-t] N");

	int n = atoi(argv[optind]);

	for (int i = 0; i < n; i++) {
		pthread_t id;
		pid_t pid;

		if (threads) {
			if (pthread_create(&id, NULL, nothing, NULL))
				errx(1, "no thread");
			pthread_join(id, NULL);
			continue;
		}
		pid = fork();
		if (pid < 0)
			err(1, "fork");
		if (!pid) {
			if (exec)
				execl("/proc/self/exe", "spawn", "0", NULL);
			_exit(exec ? 127 : i & 0xff);
		}
		waitpid(pid, NULL, 0);
	}
	return 0;
}
