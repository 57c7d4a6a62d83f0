// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * waits N USEC: the thread "sleeper" waits N times for the thread "waker", which lets it sleep for USEC and more before it
 * wakes it, from another CPU if there is one. The microseconds that it slept in all are between the two numbers that go to the file "waits".
 *
 * It waits once before, which the first of the numbers does not contain: a tracepoint that nobody had switched on until a moment ago may miss
 * the first switch away from a CPU's idle task (seen on Linux 6.18 once in a hundred times; not where it was on already).
 */
#define _GNU_SOURCE
#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long n, usec;
static int gate[2];
static int sleeper;
static uint64_t slept;

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Fails where there is no such CPU. */
static void use_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * Whether the thread has gone to sleep once more since it had done so *times; what is about to sleep is in that state, too, but may be
 * taken from its CPU before.
 */
static bool sleeps(int tid, unsigned long *times)
{
	char path[64], line[256], state = 0;
	unsigned long now = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/status", tid);
	f = fopen(path, "r");
	if (!f)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "State: %c", &state) != 1)
			sscanf(line, "voluntary_ctxt_switches: %lu", &now);
	fclose(f);
	if (state != 'S' || now <= *times)
		return false;
	*times = now;
	return true;
}

static void *sleeper_main(void *unused)
{
	char c;

	use_cpu(0);
	pthread_setname_np(pthread_self(), "sleeper");
	__atomic_store_n(&sleeper, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
	for (long i = 0; i <= n; i++)
		if (read(gate[0], &c, 1) != 1)
			err(1, "read");
	return unused;
}

static void *waker_main(void *unused)
{
	unsigned long times = 0;

	use_cpu(1);
	pthread_setname_np(pthread_self(), "waker");
	while (!__atomic_load_n(&sleeper, __ATOMIC_SEQ_CST))
		sched_yield();
	for (long i = 0; i <= n; i++) {
		uint64_t begin;

		while (!sleeps(sleeper, &times))
			sched_yield();
		begin = now_us();
		usleep((useconds_t)usec);
		slept += i ? now_us() - begin : 0;
		if (write(gate[1], "", 1) != 1)
			err(1, "write");
	}
	return unused;
}

int main(int argc, char **argv)
{
	uint64_t begin = now_us();
	pthread_t threads[2];
	FILE *f;

	n = argc == 3 ? atol(argv[1]) : 0;
	usec = argc == 3 ? atol(argv[2]) : 0;
	if (n < 1 || usec < 1)
		errx(2, "usage: waits N USEC");
	if (pipe(gate))
		err(1, "pipe");
	if (pthread_create(&threads[0], NULL, sleeper_main, NULL) || pthread_create(&threads[1], NULL, waker_main, NULL))
		errx(1, "pthread_create");
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	f = fopen("waits", "w");
	if (!f || fprintf(f, "%llu %llu\n", (unsigned long long)slept, (unsigned long long)(now_us() - begin)) < 0 || fclose(f))
		err(1, "waits");
	return 0;
}
