// SPDX-License-Identifier: GPL-2.0-or-later
/* ways N: calls getppid on N different ways through two functions, one after the other. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile int sink;

__attribute__((noinline)) void right(unsigned way, unsigned left_over);

__attribute__((noinline)) void left(unsigned way, unsigned left_over)
{
	if (!left_over)
		syscall(SYS_getppid);
	else if (way & 1)
		right(way >> 1, left_over - 1);
	else
		left(way >> 1, left_over - 1);
	sink++;
}

__attribute__((noinline)) void right(unsigned way, unsigned left_over)
{
	if (!left_over)
		syscall(SYS_getppid);
	else if (way & 1)
		right(way >> 1, left_over - 1);
	else
		left(way >> 1, left_over - 1);
	sink += 2;
}

int main(int argc, char **argv)
{
	unsigned n = argc > 1 ? (unsigned)atoi(argv[1]) : 1, bits = 1;

	while (n > 1u << bits)
		bits++;
	for (unsigned i = 0; i < n; i++)
		left(i, bits);
	return 0;
}
