// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * busy MS: spends MS milliseconds of CPU time, three quarters in three_quarters() and a quarter in quarter(). busy -k MS: the same in the
 * kernel, which makes zeros.
 */
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TURNS = 30000 };

static __attribute__((noinline)) void quarter(void)
{
	for (int i = 0; i < TURNS; i++)
		__asm__ volatile("" ::: "memory");
}

static __attribute__((noinline)) void three_quarters(void)
{
	for (int i = 0; i < 3 * TURNS; i++)
		__asm__ volatile("" ::: "memory");
}

static void zeros(void)
{
	static char buffer[1 << 18];
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/zero", O_RDONLY);
	if (read(fd, buffer, sizeof(buffer)) != sizeof(buffer))
		err(1, "/dev/zero");
}

static long used_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	int kernel = argc > 1 && !strcmp(argv[1], "-k");
	long ms = argc == 2 + kernel ? atol(argv[1 + kernel]) : 0;

	if (ms < 1)
		errx(2, "usage: busy [-k] MS");
	while (used_ms() < ms) {
		if (kernel) {
			zeros();
		} else {
			three_quarters();
			quarter();
		}
	}
	return 0;
}
