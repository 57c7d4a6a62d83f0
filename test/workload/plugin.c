// SPDX-License-Identifier: GPL-2.0-or-later
/* A library that `loads` loads: two functions, of which the first fires a static probe. */
#include <sys/sdt.h>

static volatile char name[] = "_irst";

int plugin_first(int n);
int plugin_second(int n);

int plugin_first(int n)
{
	name[0] = 'f';		/* the page of the string is there then */
	DTRACE_PROBE2(plugin, first__called, n, name);
	return n + 1;
}

int plugin_second(int n)
{
	return 2 * n;
}
