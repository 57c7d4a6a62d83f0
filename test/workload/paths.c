// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * paths N: N times openat("/nowhere/I"), I from 0, which fails. Each path lies in a page that nobody has touched before in
 * this process.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long n = argc == 2 ? strtol(argv[1], NULL, 0) : 0, page = sysconf(_SC_PAGESIZE);
	int fd = memfd_create("paths", MFD_CLOEXEC);
	char *place, text[32];

	if (n < 1)
		errx(2, "usage: paths N");
	place = mmap(NULL, (size_t)(2 * n * page), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || place == MAP_FAILED || ftruncate(fd, n * page))
		err(1, NULL);
	/* apart from each other, or the kernel would map neighbours too */
	for (long i = 0; i < n; i++) {
		int length = snprintf(text, sizeof(text), "/nowhere/%ld", i);

		if (pwrite(fd, text, (size_t)length, i * page) != length ||
		    mmap(place + 2 * i * page, (size_t)page, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, i * page) == MAP_FAILED)
			err(1, NULL);
	}
	for (long i = 0; i < n; i++)
		syscall(SYS_openat, AT_FDCWD, place + 2 * i * page, O_RDONLY, 0);
	return 0;
}
