// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * jit [-m] N: makes code that calls a function of this program, which makes N calls of getppid; -m: writes the code's name, "made_code", to
 * /tmp/perf-PID.map, and removes that at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static int calls;
static volatile int sink;

__attribute__((noinline)) void called(void)
{
	for (int i = 0; i < calls; i++)
		syscall(SYS_getppid);
	sink++;
}

int main(int argc, char **argv)
{
	/* push rbp; mov rbp, rsp; call rdi; pop rbp; ret */
	static const unsigned char code[] = { 0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3 };
	int named = argc > 1 && !strcmp(argv[1], "-m");
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), path[64];
	void (*made)(void (*)(void));
	FILE *f;

	if (page == MAP_FAILED)
		return 1;
	memcpy(page + 64, code, sizeof(code));
	calls = argc > 1 + named ? atoi(argv[1 + named]) : 1;
	snprintf(path, sizeof(path), "/tmp/perf-%d.map", getpid());
	if (named && (f = fopen(path, "w"))) {
		fprintf(f, "%lx %zx made_code\n", (unsigned long)page + 64, sizeof(code));
		fclose(f);
	}
	made = (void (*)(void (*)(void)))(page + 64);
	made(called);
	sink++;
	getc(stdin);
	if (named)
		unlink(path);
	return 0;
}
