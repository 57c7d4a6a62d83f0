// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * loads LIBRARY N: waits for a line, loads the library, waits for the end of stdin, calls plugin_first and plugin_second N times each, with 0 to
 * N - 1.
 */
#include <dlfcn.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	int n = argc == 3 ? atoi(argv[2]) : 0, (*first)(int), (*second)(int);
	void *library;

	if (!n)
		errx(2, "usage: loads LIBRARY N");
	getchar();
	library = dlopen(argv[1], RTLD_NOW);
	if (!library)
		errx(1, "%s", dlerror());
	*(void **)&first = dlsym(library, "plugin_first");
	*(void **)&second = dlsym(library, "plugin_second");
	while (getchar() != EOF)
		;
	for (int i = 0; i < n; i++) {
		first(i);
		second(i);
	}
	return 0;
}
