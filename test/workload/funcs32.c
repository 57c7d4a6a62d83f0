// SPDX-License-Identifier: GPL-2.0-or-later
/* funcs32: calls a function 100 times as a 32-bit program does, with its arguments on the stack. Without any library. */
__attribute__((noinline, noclone, used)) int f_args(int a, const char *b, short c)
{
	__asm__ volatile("" : : "r"(a), "r"(b), "r"(c) : "memory");
	return -a;
}

__attribute__((used)) static void run(void)
{
	static const char text[] = "on the stack";

	(void)*(volatile const char *)text; /* a page is there once it has been touched */
	for (int i = 0; i < 100; i++)
		f_args(7, text, -3);
	__asm__ volatile("int $0x80" : : "a"(1), "b"(0));
}

__asm__(".globl _start\n_start:\n	call run\n");
