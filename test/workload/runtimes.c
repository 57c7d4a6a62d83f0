// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * runtimes N: fires N times the static probes that language runtimes and databases have, with arguments shaped as theirs are. The python
 * function calls itself twice.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/sdt.h>

static volatile int sink;

/* A runtime has looked at its strings before it names them in a probe. */
static const char *seen(const char *s)
{
	sink += (int)strlen(s) + s[0];
	return s;
}

static void python(const char *file, const char *name, int line, int depth)
{
	DTRACE_PROBE3(python, function__entry, file, name, line);
	if (depth)
		python(file, seen("inner"), line + 10, depth - 1);
	DTRACE_PROBE3(python, function__return, file, name, line + 1);
}

static void java(void)
{
	/* names are told with their lengths, and do not end there */
	const char *class = seen("java/lang/String$$"), *method = seen("hashCode$$"), *signature = seen("()I");

	DTRACE_PROBE7(hotspot, method__entry, 1L, class, 16, method, 8, signature, 3);
	DTRACE_PROBE4(hotspot, object__alloc, 1L, class, 16, 24L);
	DTRACE_PROBE7(hotspot, method__return, 1L, class, 16, method, 8, signature, 3);
	DTRACE_PROBE1(hotspot_jni, GetVersion__entry, 1L);
}

static void others(void)
{
	const char *file = seen("/srv/www/page");

	DTRACE_PROBE4(ruby, method__entry, seen("Class"), seen("method"), file, 12);
	DTRACE_PROBE4(perl, sub__entry, seen("main::sub"), file, 7, seen("main"));
	DTRACE_PROBE5(php, function__entry, seen("func"), file, 3, seen("Class"), seen("::"));
	DTRACE_PROBE4(mysql, query__start, seen("select 1"), 1L, seen("db"), seen("user"));
	DTRACE_PROBE1(mysql, query__done, 0);
	DTRACE_PROBE1(postgresql, transaction__start, 1);
	DTRACE_PROBE1(postgresql, transaction__commit, 1);
}

int main(int argc, char **argv)
{
	for (long n = argc > 1 ? atol(argv[1]) : 1; n; n--) {
		python(seen("/usr/lib/python/module.py"), seen("outer"), 5, 2);
		java();
		others();
	}
	return 0;
}
