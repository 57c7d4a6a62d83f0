// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls [-t THREADS] [-s SIZE] [-p PATH] [-u USEC] [-w] CALL N: every thread makes N system calls of one kind.
 *
 * CALL is a name of the table below or a number (called with zeros). Threads begin together. -u sleeps that long
 * after each call; -w does nothing before stdin ends (it polls, so that no read is made). Linked statically, since a
 * dynamic linker makes calls of its own.
 */
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static size_t size = 1;
static const char *path = "/dev/null";
static long number, count;
static unsigned int pause_usec;
static int fd;
static char *buffer;
static pthread_barrier_t barrier;
static void (*call)(void);

static void call_number(void)
{
	syscall(number, 0, 0, 0, 0, 0, 0);
}

static void call_getppid(void)
{
	syscall(SYS_getppid);
}

static void call_read(void)
{
	syscall(SYS_read, fd, buffer, size);
}

static void call_write(void)
{
	syscall(SYS_write, fd, buffer, size);
}

static void call_pread(void)
{
	syscall(SYS_pread64, fd, buffer, size, 0L);
}

/* Fails with ENOENT if -p names what is not there; else the descriptor is closed again. */
static void call_openat(void)
{
	long f = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);

	if (f >= 0)
		syscall(SYS_close, f);
}

/* Fails with EBADF. */
static void call_close(void)
{
	syscall(SYS_close, -1);
}

static void call_nanosleep(void)
{
	static const struct timespec zero;

	syscall(SYS_nanosleep, &zero, NULL);
}

static void call_newfstatat(void)
{
	struct stat st;

	syscall(SYS_newfstatat, AT_FDCWD, path, &st, 0);
}

static void call_lseek(void)
{
	syscall(SYS_lseek, fd, (off_t)size, SEEK_SET);
}

static void call_sched_yield(void)
{
	syscall(SYS_sched_yield);
}

static void call_kill(void)
{
	syscall(SYS_kill, getpid(), 0);
}

static const struct {
	const char *name;
	void (*call)(void);
	int flags; /* for opening PATH, which the call uses; -1: no file is opened */
} table[] = {
	{"getppid", call_getppid, -1},
	{"read", call_read, O_RDONLY}, /* -p /dev/zero fills the buffer, /dev/null returns 0 */
	{"write", call_write, O_WRONLY},
	{"pread64", call_pread, O_RDONLY},
	{"openat", call_openat, -1},
	{"close", call_close, -1},
	{"nanosleep", call_nanosleep, -1},
	{"newfstatat", call_newfstatat, -1},
	{"lseek", call_lseek, O_RDONLY},
	{"sched_yield", call_sched_yield, -1},
	{"kill", call_kill, -1},
};

static void *work(void *arg)
{
	pthread_barrier_wait(&barrier);
	for (long i = 0; i < count; i++) {
		call();
		if (pause_usec)
			usleep(pause_usec);
	}
	return arg;
}

static void choose(const char *name)
{
	char *end;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, name))
			continue;
		call = table[i].call;
		if (table[i].flags >= 0 && (fd = open(path, table[i].flags)) < 0)
			err(1, "%s", path);
		return;
	}
	number = strtol(name, &end, 0);
	call = call_number;
	if (*end)
		errx(2, "no call %s", name);
}

int main(int argc, char **argv)
{
	int threads = 1, wait = 0, opt;

	while ((opt = getopt(argc, argv, "t:s:p:u:w")) != -1) {
		switch (opt) {
		case 't': threads = atoi(optarg); break;
		case 's': size = strtoul(optarg, NULL, 0); break;
		case 'p': path = optarg; break;
		case 'u': pause_usec = atoi(optarg); break;
		case 'w': wait = 1; break;
		default: return 2;
		}
	}
	if (argc - optind != 2 || threads < 1)
		errx(2, "usage: calls [-t THREADS] [-s SIZE] [-p PATH] [-u USEC] [-w] CALL N");
	choose(argv[optind]);
	count = strtol(argv[optind + 1], NULL, 0);
	buffer = calloc(1, size);
	if (!buffer)
		err(1, NULL);

	pthread_t id[threads];

	if (wait)
		poll(&(struct pollfd){.fd = 0, .events = POLLIN}, 1, -1);
	pthread_barrier_init(&barrier, NULL, threads);
	for (int i = 1; i < threads; i++)
		if (pthread_create(&id[i], NULL, work, NULL))
			errx(1, "no thread");
	work(NULL);
	for (int i = 1; i < threads; i++)
		pthread_join(id[i], NULL);
	return 0;
}
