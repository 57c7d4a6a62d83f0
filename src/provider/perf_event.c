// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/perf_event.h"

#include <string.h>

const struct type *perf_event_builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	(void)p;
	(void)t;
	if (!strcmp(name, "usermode"))
		return &type_bool;
	/* D: the program counter, in arg0 if it was in the kernel, in arg1 if not; else 0 */
	if (!strcmp(name, "arg0") || !strcmp(name, "arg1"))
		return &type_u64;
	*why = "a sample has the program counter only (arg0 in the kernel, arg1 in user code)";
	return NULL;
}

const struct type *perf_event_arg(struct probes *p, struct target *t, const char *name)
{
	(void)p;
	(void)t;
	return !strcmp(name, "addr") || !strcmp(name, "period") ? &type_u64 : NULL;
}

const char *perf_event_arg_names(struct probes *p, struct target *t, struct suggest *near)
{
	(void)p;
	(void)t;
	if (near) {
		suggest_add(near, "addr");
		suggest_add(near, "period");
	}
	return "addr, period";
}

bool perf_event_same_args(struct probes *p, const struct event *e, struct target *a, struct target *b)
{
	(void)p;
	(void)e;
	(void)a;
	(void)b;
	return true;
}
