// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pingpong N: two processes named ping and pong hand a byte to and fro N times through pipes, so that the CPU is
 * switched N times from ping to pong and N times back. That is exact because both have the same real-time priority on
 * one CPU, where waking the other never preempts; status 77 where that priority may not be had.
 */
#define _GNU_SOURCE
#include <err.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void one_cpu(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "sched_setaffinity");
	if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 10}))
		_exit(77);
}

static void receive(int fd)
{
	char c;

	if (read(fd, &c, 1) != 1)
		_exit(1);
}

static void send(int fd)
{
	if (write(fd, "", 1) != 1)
		_exit(1);
}

int main(int argc, char **argv)
{
	int there[2], back[2], status;
	long n = argc == 2 ? atol(argv[1]) : 0;
	pid_t pid;

	if (n < 1)
		errx(2, "usage: pingpong N");
	if (pipe(there) || pipe(back))
		err(1, "pipe");
	one_cpu();
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		/* ping is reading the first time when this is written, so every later write finds its reader asleep */
		prctl(PR_SET_NAME, "pong");
		send(back[1]);
		for (long i = 0; i < n; i++) {
			receive(there[0]);
			send(back[1]);
		}
		_exit(0);
	}
	receive(back[0]);
	prctl(PR_SET_NAME, "ping");
	for (long i = 0; i < n; i++) {
		send(there[1]);
		receive(back[0]);
	}
	prctl(PR_SET_NAME, "pingpong");
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}
