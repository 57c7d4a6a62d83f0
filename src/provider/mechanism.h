/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mechanisms: ways into the kernel.
 *
 * A mechanism knows its program type and context, how a name is read there (as IR), what tells which target fired, and how
 * a list of targets is attached and let go at once. prov_choose (choose.c) asks each mechanism for an event's cost and
 * takes the cheapest; programs are then formed, one an event, or one for all events where the mechanism says so.
 *
 * To add one: its file with one struct mechanism, a line in mechanisms.def, a line in Makefile.inc, its tests.
 */
#ifndef PROVIDER_MECHANISM_H
#define PROVIDER_MECHANISM_H

#include "ir/lower.h"
#include "provider/provider.h"

#include <linux/bpf.h>

/* What tells the target that fired. */
enum identifies {
	IDENTIFIES_NOTHING,		/* one target a program, or a copy of the program for each with IR_PATCH_TARGET */
	IDENTIFIES_COOKIE,		/* bpf_get_attach_cookie */
	IDENTIFIES_NUMBER,		/* the context itself (system call's number) */
};

/* How the program is started. */
enum started_by {
	STARTED_BY_KERNEL,		/* attach */
	STARTED_BY_BEGIN, STARTED_BY_END,	/* test runs from user space */
	STARTED_BY_TIMER,		/* test runs, each target's period in target->number */
};

struct program {
	const char *name;
	const struct mechanism *mechanism;
	VEC(struct event *) events;
	struct lower_program lower;	/* what lowering is given */
	bool copies;			/* loaded once for each target (of its only event) with the target's number patched in */
	/* runtime: */
	VEC(int) prog_fds;		/* one, or one a target if copies */
	VEC(int) link_fds;		/* what holds the attachments: links or perf events */
	void *state;
};

struct mechanism {
	const char *name;
	enum bpf_prog_type prog_type;
	enum bpf_attach_type attach_type;	/* expected_attach_type at load, 0 if none */
	enum identifies identifies;
	enum started_by started_by;
	bool one_program;		/* all its events share one program */
	struct lower_ops ops;
	/* Cost of an event here (ns per firing, roughly), or -1 and why not. */
	int (*usable)(struct probes *p, struct event *e, const char **why);
	/* The BTF id to load for (target t of the event), 0 if the type needs none, -1 reported. NULL: none. */
	int (*btf_id)(struct probes *p, struct event *e, struct target *t);
	/*
	 * Attaches the loaded program(s) to all targets of all its events; fds go to program->link_fds. Reports on p->diag at the target's span: -1.
	 * NULL where the runtime starts the program itself.
	 */
	int (*attach)(struct probes *p, struct program *program);
	/* Lets go; what waits for the kernel is told by `slow`. NULL: closing link_fds is all. */
	void (*detach)(struct program *program);
	bool slow;			/* closing costs tens of ms an event: the prompt must not wait for it */
};

extern const struct mechanism *const mech_all[];

#endif
