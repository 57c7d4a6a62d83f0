/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Providers and events.
 *
 * A provider is how a kind of event is spelled, which targets a spec expands to, and what names it offers with what types.
 * It knows nothing of how a program gets into the kernel: that is the mechanism (mechanism.h).
 *
 *	spec ──parse──▶ form ──expand──▶ targets ──prov_group──▶ events ──prov_choose──▶ programs
 *
 * A target is one place where something fires, by its identity: `syscall:read`, `tracepoint:syscalls:sys_enter_read` and
 * `kprobe:SyS_read` expand to the same target. What it is called (func, probe) depends on the spec, so a struct naming belongs to a
 * target and a clause. Targets with the same list of clauses (and the same kind) form an event; an event has one mechanism.
 *
 * To add a provider: its file with one struct provider, a line in providers.def, a line in Makefile.inc, its tests, its
 * section of the manual.
 */
#ifndef PROVIDER_PROVIDER_H
#define PROVIDER_PROVIDER_H

#include "base/diag.h"
#include "ir/layout.h"
#include "lang/ast.h"
#include "lang/scope.h"

/* What a target is, whatever it is called; with its identity below: `number` or `name` (and `module`, `offset`). */
enum target_kind {
	TARGET_BEGIN, TARGET_END, TARGET_ERROR,
	TARGET_INTERVAL,		/* number: period in ns */
	TARGET_PROFILE,			/* number: period in ns, or frequency in Hz if is_hz */
	TARGET_TRACEPOINT,		/* module: category, name: event */
	TARGET_RAWTP,			/* name: event */
	TARGET_SYSCALL, TARGET_SYSRET,	/* number: of the call */
	TARGET_KPROBE, TARGET_KRETPROBE, TARGET_FENTRY, TARGET_FEXIT,	/* name: function, offset, module */
};

struct target {
	enum target_kind kind;
	const char *module, *name;
	uint64_t number;
	bool is_hz;
	unsigned offset;
	struct span span;		/* of the first spec that led here */
	void *info;			/* provider's or mechanism's: BTF types, format … found once */
	struct target *next;		/* in the session's table */
};

/* What a clause calls a target. */
struct naming {
	struct target *target;
	struct clause *clause;
	const char *func, *probe, *prov, *mod, *name;
	unsigned number;		/* index in the image's targets, given by prov_group */
};

struct mechanism;

struct event {
	enum target_kind kind;
	const struct provider *provider;	/* that of its first spec: answers for names */
	VEC(struct target *) targets;
	VEC(struct clause *) clauses;
	/* numbers of the targets by clause: numbers.data[c * targets.len + t]; consecutive where the mechanism wants it so */
	VEC(unsigned) numbers;
	/* what the clauses use, gathered from the checked tree: bit set of enum event_need, and names of args */
	unsigned needs;
	VEC(const char *) names;
	const struct mechanism *mechanism;
	const char *reason;		/* why this mechanism, for -v */
	void *info;
};

enum event_need {
	NEED_TARGET = 1,		/* func, probe: which target fired */
	NEED_ARGS = 2,			/* args.NAME or argN */
	NEED_RETVAL = 4,
	NEED_REGS = 8,
	NEED_STACK = 16,
};

/* The state of one run's probes, made by prov_init. */
struct probes {
	struct arena *arena;
	struct diag *diag;
	struct script *script;
	bool allow_missing;		/* -Z */
	unsigned max_probes;		/* -x maxprobes */
	int pid;			/* -p: 0 all */
	VEC(struct target *) targets;
	VEC(struct naming) namings;
	VEC(struct event *) events;
	VEC(struct program *) programs;
};

struct provider {
	const char *name;		/* canonical: "kprobe" */
	const char *aliases;		/* blank separated: "k" */
	const char *syntax;		/* for messages: "kprobe:[MODULE:]FUNCTION[+OFFSET]" */
	/*
	 * Adds the targets of a spec of clause c by prov_add_target. Reports what is wrong with the spec; gives -1 then. A spec that
	 * matches nothing adds nothing and gives 0; the caller reports it with what `near` found.
	 */
	int (*expand)(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near);
	/* scope.h's builtin and arg, for one event of this provider. */
	const struct type *(*builtin)(struct probes *p, const struct event *e, const char *name, const char **why);
	const struct type *(*arg)(struct probes *p, const struct event *e, const char *name, const char **known,
				  struct suggest *near);
	/* Prints the probes that match a glob over "provider:…", a line each; with arguments if verbose. */
	int (*list)(const char *glob, bool verbose, FILE *out);
};

extern const struct provider *const prov_all[];

/* Stage 1: expands all specs of the script into targets and namings, groups them into events. -1 if something was reported. */
int prov_expand(struct probes *p);
/* Answers scope.h's questions from the events and the kernel's BTF. */
void prov_scope(struct probes *p, struct scope *scope);
/* Stage 2, after checking: gathers each event's needs, chooses mechanisms and makes programs. -1 if something was reported. */
int prov_choose(struct probes *p);
/* ply -l: all probes that match the glob (NULL: all); -1 if nothing matched. */
int prov_list(const char *glob, bool verbose, FILE *out);
/* -v: a line for each event: probes, mechanism, why. */
void prov_describe(const struct probes *p, FILE *out);

/* For providers: */
struct target *prov_add_target(struct probes *p, struct clause *c, const struct target *like, const char *func,
			       const char *probe, const char *prov, const char *mod, const char *name);
/* A glob of * ? and [set], on the whole name. */
bool prov_glob(const char *pattern, const char *name);
bool prov_is_glob(const char *pattern);

#endif
