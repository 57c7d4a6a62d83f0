// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/ast.h"
#include "lang/getopt.h"

#include <string.h>
#include <unistd.h>

static const char *number(char *buf, long n)
{
	snprintf(buf, 24, "%ld", n);
	return buf;
}

static const char *argument(const struct macros *m, const char *digits)
{
	unsigned long n = strtoul(digits, NULL, 10);

	if (!n)
		return m->name;
	if (n > m->argc)
		return NULL;
	if (m->used)
		m->used[n - 1] = true;
	return m->argv[n - 1];
}

const char *macro_text(const struct macros *m, const char *name, char *buf)
{
	const struct script_option *o;

	if (*name >= '0' && *name <= '9')
		return argument(m, name);
	if (!strcmp(name, "#")) {
		for (unsigned i = 0; m->used && i < m->argc; i++)
			m->used[i] = true;
		return number(buf, m->argc);
	}
	if (!strcmp(name, "target"))
		return m->target ? number(buf, m->target) : NULL;
	if (!strcmp(name, "pid"))
		return number(buf, getpid());
	if (!strcmp(name, "ppid"))
		return number(buf, getppid());
	if (!strcmp(name, "pgid"))
		return number(buf, getpgrp());
	if (!strcmp(name, "sid"))
		return number(buf, getsid(0));
	if (!strcmp(name, "uid"))
		return number(buf, getuid());
	if (!strcmp(name, "euid"))
		return number(buf, geteuid());
	if (!strcmp(name, "gid"))
		return number(buf, getgid());
	if (!strcmp(name, "egid"))
		return number(buf, getegid());
	/* Solaris's, which D scripts name */
	if (!strcmp(name, "projid") || !strcmp(name, "taskid") || !strcmp(name, "zoneid"))
		return "0";
	o = m->options ? option_find(m->options, name) : NULL;
	if (o && option_is_target(o))
		return macro_text(m, "target", buf);
	return o ? o->value : NULL;
}
