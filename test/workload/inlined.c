// SPDX-License-Identifier: GPL-2.0-or-later
/* inlined: calls getppid once, through two functions that are inlined into a third. */
#include <sys/syscall.h>
#include <unistd.h>

static volatile int sink;

static inline __attribute__((always_inline)) void innermost(int n)
{
	if (n)
		syscall(SYS_getppid);
}

static inline __attribute__((always_inline)) void between(int n)
{
	innermost(n);
	sink++;
}

__attribute__((noinline)) void around(int n)
{
	between(n);
	sink++;
}

int main(int argc, char **argv)
{
	around(argv[0] ? argc : 0);
	sink++;
	return 0;
}
