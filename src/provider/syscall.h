/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls under all their spellings. */
#ifndef PROVIDER_SYSCALL_H
#define PROVIDER_SYSCALL_H

#include "provider/provider.h"

extern const struct provider prov_syscall, prov_sysret;

/* How a spec spells the calls that it matches. */
struct syscall_spelling {
	const char *probe, *probe_end;	/* what stands before and behind func in the probe's name: "kprobe:" and "" */
	const char *prefix;		/* what stands before the call's name in func and in patterns: "SyS_" */
	const char *prov, *mod, *name;
	bool kernel_names;		/* globs are over newstat, not stat */
	bool is_return;
};

/* Adds the calls whose name, behind the prefix, matches the pattern. */
void syscall_expand(struct probes *p, struct clause *c, const struct spec *spec, const struct syscall_spelling *how,
		    const char *pattern, struct suggest *near);
/* Lists all calls by their names behind `before`. */
void syscall_list(struct listing *l, bool is_return, const char *before, bool kernel_names);
/* Which argument of the call, from 0, has that name (or number); -1: none. */
int syscall_arg_index(struct probes *p, struct target *t, const char *name);

#endif
