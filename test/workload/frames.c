// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames [-d DEPTH] [-s] [-o] [-t] [-a BYTES] N: main calls outer, outer calls middle, middle calls inner, and inner makes N calls of
 * getppid. With -d, middle calls itself DEPTH times before, each time with BYTES (64) of its own on the stack; -s, inner
 * raises SIGUSR1, whose handler makes the calls, with -o on a stack of its own; -t, a thread does all of it.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int depth, calls, by_signal, threaded;
static size_t bytes = 64;
/* calls by pointer, and something left to do behind them, so that each function keeps its frame */
static volatile int sink;

__attribute__((noinline)) void leaf(int n)
{
	for (int i = 0; i < n; i++)
		syscall(SYS_getppid);
	sink++;
}

__attribute__((noinline)) void handler(int signal)
{
	(void)signal;
	leaf(calls);
	sink++;
}

__attribute__((noinline)) void inner(int n)
{
	if (by_signal)
		raise(SIGUSR1);
	else
		leaf(n);
	sink++;
}

__attribute__((noinline)) void middle(int n, int left)
{
	volatile char *own = __builtin_alloca(bytes);

	memset((char *)own, left, bytes);
	if (left)
		middle(n, left - 1);
	else
		inner(n);
	sink += own[0];
}

__attribute__((noinline)) void outer(int n)
{
	middle(n, depth);
	sink++;
}

static void *thread(void *arg)
{
	outer(calls);
	sink++;
	return arg;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = handler };
	static char own[1 << 16];
	pthread_t id;
	int c;

	while ((c = getopt(argc, argv, "d:sota:")) != -1)
		switch (c) {
		case 'd': depth = atoi(optarg); break;
		case 'a': bytes = (size_t)atol(optarg); break;
		case 's': by_signal = 1; break;
		case 'o': action.sa_flags = SA_ONSTACK; break;
		case 't': threaded = 1; break;
		default: return 2;
		}
	calls = optind < argc ? atoi(argv[optind]) : 1;
	sigaltstack(&(stack_t){ .ss_sp = own, .ss_size = sizeof(own) }, NULL);
	sigaction(SIGUSR1, &action, NULL);
	signal(SIGUSR2, handler);
	if (threaded && !pthread_create(&id, NULL, thread, NULL))
		pthread_join(id, NULL);
	else
		outer(calls);
	return sink == -1;
}
