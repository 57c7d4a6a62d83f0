/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What lang asks about the world. Whoever knows the probes and the kernel answers; the checker knows neither.
 *
 * All answers about a clause hold for all the probes that its specs expanded to: where two of them differ in width, the wider type is
 * given; where they cannot be brought together, the callee reports and gives &type_error. Types are allocated in the
 * script's arena. A NULL callback answers nothing.
 */
#ifndef LANG_SCOPE_H
#define LANG_SCOPE_H

#include "lang/ast.h"

struct scope {
	void *data;
	/*
	 * The type of a variable that depends on the probe, in all probes of the clause: "arg0" … "arg9", "retval", "func",
	 * "probe", "probemod" … (canonical names of builtins.def with the flag PROBE). NULL if a probe of the clause does not
	 * have it: then *why says so ("retval is known in return probes only").
	 */
	const struct type *(*builtin)(void *data, const struct clause *c, const char *name, const char **why);
	/*
	 * The type of args.NAME. NULL if there is none; *lacking is then the one of several probes that it was missed in, or NULL, *known
	 * lists the names there are (comma separated, for the hint; may be NULL), and near, if given, has been fed with them. What else there
	 * is to say is reported at span.
	 */
	const struct type *(*arg)(void *data, const struct clause *c, const char *name, struct span span, const char **lacking,
				  const char **known, struct suggest *near);
	/*
	 * The struct, union, enum or typedef of that name (base as in enum type_name_base), with members, as it is known where the clause's
	 * probes are (NULL: in a declaration); NULL if it is not known.
	 */
	const struct type *(*type)(void *data, const struct clause *c, enum type_name_base base, const char *name);
	/* Feeds the names that `type` knows; gives why the kernel's are not known, or NULL. */
	const char *(*type_names)(void *data, const struct clause *c, enum type_name_base base, struct suggest *near);
	/* An enumerator of the programs that the clause probes; clause NULL: of the kernel's. */
	bool (*constant)(void *data, const struct clause *c, const char *name, int64_t *value, const struct type **type);
	/* The address of a kernel symbol, module NULL for any. false with errno EPERM: addresses are hidden. */
	bool (*symbol)(void *data, const char *module, const char *name, uint64_t *address);
	/*
	 * A variable or function of the program that the clause probes, by its name in double quotes: uaddr("x"). Its address where the program
	 * runs is that of BIAS, a variable of the probe, + address; type is what lies there. false: *why says why it is not known, and near, if that
	 * is the name's fault, has been fed with names.
	 */
	bool (*user_symbol)(void *data, const struct clause *c, const char *name, uint64_t *address, const struct type **type,
			    struct suggest *near, const char **why);
	/* The id of the control group at a path; 0: *why says why there is none. */
	uint64_t (*cgroup)(void *data, const char *path, const char **why);
	/* The probes of the clause in words, for messages: "tracepoint:syscalls:sys_enter_read". */
	const char *(*probes)(void *data, const struct clause *c);
};

#endif
