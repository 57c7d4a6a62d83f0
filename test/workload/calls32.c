// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls32 NUMBER N: makes N 32-bit system calls (int $0x80) of that number, with zeros, from a 64-bit process. The 32-bit
 * 64 is getppid, 3 is read. Status 77 where the kernel or the machine has no such calls.
 */
#include <err.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>

static sigjmp_buf none;

static void fault(int sig)
{
	siglongjmp(none, sig);
}

static long call(long number)
{
#ifdef __x86_64__
	long ret;

	__asm__ volatile("int $0x80" : "=a"(ret) : "a"(number), "b"(0), "c"(0), "d"(0) : "memory", "r8", "r9", "r10", "r11");
	return ret;
#else
	return fault(number), 0;
#endif
}

int main(int argc, char **argv)
{
	if (argc != 3)
		errx(2, "usage: calls32 NUMBER N");
	signal(SIGSEGV, fault);
	if (sigsetjmp(none, 1))
		return 77;
	for (long n = atol(argv[2]); n > 0; n--)
		call(atol(argv[1]));
	return 0;
}
