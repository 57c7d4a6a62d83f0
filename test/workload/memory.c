// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory [-t THREADS] [-w] HOW N: every thread touches memory at 0x1000000000, N times:
 *
 *	touch	the first byte of N pages, one after the other, which were never touched before (once for all threads)
 *	write	writes the 8 bytes there
 *	read	reads them
 *	call	calls the function there, which returns at once
 *
 * -w does nothing before stdin ends. memory -c writes the 8 bytes and exits with 77 if the processor does not tell of it, as it was asked to
 * (some hypervisors take the request and forget it).
 */
#include <err.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *const place = (void *)0x1000000000;
static long count, page;
static const char *how;

static void touch(void)
{
	for (long i = 0; i < count; i++)
		((volatile char *)place)[i * page] = 1;
}

static void *work(void *arg)
{
	volatile uint64_t *word = place;

	for (long i = 0; i < count; i++) {
		if (*how == 'w')
			*word = (uint64_t)i;
		else if (*how == 'r')
			(void)*word;
		else
			((void (*)(void))place)();
	}
	return arg;
}

static bool is_watched(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT, .size = sizeof(attr), .bp_type = HW_BREAKPOINT_W, .bp_addr = (uintptr_t)&count, .bp_len = 8,
		.sample_period = 1, .exclude_kernel = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	uint64_t n = 0;

	*(volatile long *)&count = 1;
	return fd >= 0 && read(fd, &n, sizeof(n)) == sizeof(n) && n;
}

int main(int argc, char **argv)
{
	int threads = 1, wait = 0, opt;
	pthread_t id[64];
	size_t size;

	while ((opt = getopt(argc, argv, "t:wc")) != -1) {
		switch (opt) {
		case 't': threads = atoi(optarg); break;
		case 'w': wait = 1; break;
		case 'c': return is_watched() ? 0 : 77;
		default: return 2;
		}
	}
	if (argc - optind != 2 || threads < 1 || threads > 64)
		errx(2, "usage: memory [-t THREADS] [-w] touch|write|read|call N");
	how = argv[optind];
	count = strtol(argv[optind + 1], NULL, 0);
	page = sysconf(_SC_PAGESIZE);
	size = (size_t)(*how == 't' ? count : 1) * (size_t)page;
	if (mmap(place, size, PROT_READ | PROT_WRITE | (*how == 'c' ? PROT_EXEC : 0),
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != place)
		err(1, "mmap");
	madvise(place, size, MADV_NOHUGEPAGE);
#if defined(__x86_64__)
	if (*how == 'c')
		memcpy(place, "\xc3", 1);
#endif
	if (wait)
		poll(&(struct pollfd){.fd = 0, .events = POLLIN}, 1, -1);
	if (*how == 't') {
		touch();
		return 0;
	}
	for (int i = 1; i < threads; i++)
		if (pthread_create(&id[i], NULL, work, NULL))
			errx(1, "no thread");
	work(NULL);
	for (int i = 1; i < threads; i++)
		pthread_join(id[i], NULL);
	return 0;
}
