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

#include "debuginfo/btf.h"
#include "ir/lower.h"
#include "provider/provider.h"

#include <linux/bpf.h>

struct bpf_prog_load_opts;

/* What tells the target that fired. */
enum identifies {
	IDENTIFIES_NOTHING,		/* one target a program, or a copy of the program for each with IR_PATCH_TARGET */
	IDENTIFIES_COOKIE,		/* bpf_get_attach_cookie */
	IDENTIFIES_NUMBER,		/* the context itself (system call's number) */
};

/* How the program is started. */
enum started_by {
	STARTED_BY_KERNEL,		/* attach */
	STARTED_BY_BEGIN, STARTED_BY_END, STARTED_BY_ERROR,	/* test runs from user space */
	STARTED_BY_TIMER,		/* test runs, each target's period in target->number */
};

/*
 * One compiled program. The loader loads it once, or with `copies` once for each target t of its only event, IR_PATCH_TARGET being
 * events.data[0]->cookies.data[t]; prog_fds then has one descriptor a target, in their order. mechanism->btf_id is
 * asked for each load (target 0 where there are no copies).
 */
struct program {
	const char *name;
	const struct mechanism *mechanism;
	VEC(struct event *) events;
	struct lower_program lower;	/* what lowering is given; lower.mechanism is this struct program */
	bool copies;
	bool is_rest;			/* there is another for the first clauses of its event */
	bool is_called;			/* and that one goes on with this one (a tail call): this one is not attached */
	struct program *rest;		/* what this one goes on with */
	unsigned size;			/* expressions in it */
	/* runtime: */
	VEC(int) prog_fds;		/* one, or one a target if copies */
	VEC(int) link_fds;		/* what holds the attachments: links or perf events */
	void *state;
};

struct late_place;

struct mechanism {
	const char *name;
	enum bpf_prog_type prog_type;
	enum bpf_attach_type attach_type;	/* expected_attach_type at load, 0 if none */
	enum identifies identifies;
	enum started_by started_by;
	bool one_program;		/* all its events share one program */
	bool copies;			/* where NEED_TARGET: a copy for each target of an event that has several */
	bool copies_always;		/* a copy for each target in any case (the program is bound to its target when loaded) */
	struct lower_ops ops;
	/* Cost of an event here (ns per firing, roughly), or -1 and why not ("" where it is not meant for such events). *why with a cost: why it is good. */
	int (*usable)(struct probes *p, struct event *e, const char **why);
	/* What cookies.data[t] has above the number. NULL: nothing. */
	unsigned (*cookie_bits)(const struct target *t);
	/* Whether its programs for the event may be started where they run (copies of one may in any case). NULL: never. */
	enum nesting (*nests)(struct probes *p, struct event *e);
	/* The BTF id to load for (target t of the event), -1: reported. NULL: the type needs none. */
	int (*btf_id)(struct probes *p, struct event *e, struct target *t);
	/* The module's BTF that the id is of, as a descriptor (not to be closed); 0: the kernel's own. NULL: always 0. */
	int (*btf_fd)(struct probes *p, struct event *e, struct target *t);
	/*
	 * Attaches the loaded program(s) to all targets of all its events; fds go to program->link_fds. Reports on p->diag at the target's span: -1.
	 * NULL where the runtime starts the program itself.
	 */
	int (*attach)(struct probes *p, struct program *program);
	/* Attaches it to n of its late event's places, which are in one file. Gives how many were refused. NULL: there are no such events. */
	unsigned (*attach_late)(struct probes *p, struct program *program, const struct late_place *places, unsigned n);
	/* Lets go. NULL: closing link_fds is all. */
	void (*detach)(struct program *program);
	bool slow;			/* closing costs tens of ms an event: the prompt must not wait for it */
};

extern const struct mechanism *const mech_all[];	/* ends in NULL */

/* For mechanisms: */

/* Whether programs that an interrupt may start are started on top of themselves. */
enum nesting mech_nests_in_interrupts(void);

/* Loads a program that does nothing, to try whether the kernel has a mechanism: a descriptor or -errno. */
int mech_load_empty(enum bpf_prog_type type, const struct bpf_prog_load_opts *opts);

/* The number of the target that fired for clause c: `first` is the number that clause 0 calls it by (a patch, a cookie). */
struct ir_value *mech_number(struct ir_builder *b, const struct event *e, const struct clause *c, struct ir_value *first);
/* ops.target of a mechanism with IDENTIFIES_NOTHING. */
struct ir_value *mech_target_copies(struct ir_builder *b, void *event, const struct clause *c);
/* ops.regs of mechanisms whose context is the registers. */
struct ir_value *mech_ctx_regs(struct ir_builder *b);
/* ops.named of all of them. */
unsigned mech_named(struct ir_builder *b, void *event, const struct clause *c, enum type_show show, const char *text,
		    unsigned **numbers);
const char *const *mech_texts(void *event, const struct clause *c, enum type_show show, unsigned *first, unsigned *n);
const unsigned *mech_shared(void *event, const struct clause *c, enum type_show show, unsigned *first, unsigned *n);
/* A number of `size` bytes read from kernel memory at address + offset (an i64), sign extended if is_signed; 0 where that fails. */
struct ir_value *mech_read(struct ir_builder *b, struct ir_value *address, int64_t offset, unsigned size, bool is_signed);
/* The same from user memory. */
struct ir_value *mech_read_user(struct ir_builder *b, struct ir_value *address, int64_t offset, unsigned size, bool is_signed);
/*
 * A pointer that lies in the context or a kernel object, as a number: the verifier lets nobody calculate with its typed pointers, and
 * some it does not hand out at all.
 */
struct ir_value *mech_pointer_at(struct ir_builder *b, struct ir_value *p, unsigned offset);
/* v's low bytes extended as the type (an integer or pointer) says. */
struct ir_value *mech_extend(struct ir_builder *b, struct ir_value *v, const struct type *type);
/*
 * Reports that attaching to the target failed, at its span. Gives -1. mech_attach_error: from errno, naming the capability or
 * option that lacks; mech_refuse: what the kernel's refusal means.
 */
int mech_refuse(struct probes *p, const struct target *t, const char *why);
int mech_attach_error(struct probes *p, const struct target *t, const char *what, const char *option);
/* Opens what holds the attachment of one target; -errno. */
typedef int mech_open_fn(struct probes *p, struct target *t, int prog_fd);
/*
 * attach of mechanisms that attach targets one by one. refusal: what an error says of the target (NULL: nothing), which then is left out
 * if it came by a glob; NULL: no error does. what, option: as of mech_attach_error, for all other errors.
 */
int mech_attach_each(struct probes *p, struct program *program, mech_open_fn *open, const char *(*refusal)(int error),
		     const char *what, const char *option);
/* The one of programs that are bound to their target when they are loaded. */
mech_open_fn mech_open_bound;
/* What btf_fd gives for a target in that BTF; -1 reported. */
int mech_btf_fd(struct probes *p, const struct target *t, struct dbg_btf *btf);
/*
 * Warns that some of the event's functions cannot be probed, naming a few of them; an error (-1) if all of them cannot. For targets that came
 * by a glob.
 */
int mech_refused(struct probes *p, const struct event *e, const struct name_list *refused);
/* The first few of a list, as text. */
const char *mech_some(struct arena *a, const struct name_list *names);
/* Adds what an event has to do to a program, or makes programs for it. */
void prov_add_to_programs(struct probes *p, struct event *e);
/* The text of a target as its first clause calls it. */
const char *mech_probe(const struct target *t);

#endif
