/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Providers and events.
 *
 * A provider is how a kind of event is spelled, which targets a spec expands to, and what names it offers with what types.
 * It knows nothing of how a program gets into the kernel: that is the mechanism (mechanism.h).
 *
 *	spec ──expand──▶ targets ──prov_expand──▶ events ──prov_choose──▶ programs
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
#include "base/strmap.h"
#include "ir/layout.h"
#include "lang/ast.h"
#include "lang/scope.h"

/* What a target is, whatever it is called; with its identity below: `number` or `name` (and `module`, `offset`). */
enum target_kind {
	TARGET_BEGIN, TARGET_END, TARGET_ERROR,
	TARGET_INTERVAL,		/* number: period in ns */
	TARGET_PROFILE,			/* number: period in ns, or frequency in Hz if is_hz */
	TARGET_TRACEPOINT,		/* module: category, "" if not known; name: event */
	TARGET_RAWTP,			/* name: event */
	TARGET_SYSCALL, TARGET_SYSRET,	/* number: of the call; name: as user space knows it */
	TARGET_KPROBE, TARGET_KRETPROBE,	/* name: function (or 0x… an address), offset, module or NULL */
	TARGET_FENTRY, TARGET_FEXIT,	/* name: function, module or NULL */
	TARGET_SOFTWARE, TARGET_HARDWARE,	/* name: event; number: period; offset: modes (perf_event.h) */
	TARGET_WATCHPOINT,		/* number: address; offset: length; name: mode */
	TARGET_UPROBE, TARGET_URETPROBE,	/* module: path of the file; number: offset in it; pid */
	TARGET_USDT,			/* likewise; name: PROVIDER:NAME */
};

struct clause_node;
struct late_spec;
struct late_table;
struct listing;
struct target_table;

/* What a clause calls a target. Texts that are not there are "". */
struct naming {
	struct target *target;		/* NULL: a number that is not used */
	struct clause *clause;
	const struct spec *spec;
	const char *func, *probe, *prov, *mod, *name;
	/*
	 * System calls: the spelling, the same for all targets that it names ("kprobe:SyS_"), so that their numbers can be
	 * consecutive by the call's number. NULL for all others.
	 */
	const char *spelling;
	unsigned number;		/* index in the image's targets; given by prov_choose */
	bool is_late;			/* of a place that turned up while the script runs (late.h) */
};

struct target {
	enum target_kind kind;
	const char *module, *name;
	uint64_t number;
	bool is_hz;
	unsigned offset;
	int pid;			/* it fires in this process only; 0: in all */
	struct span span;		/* of the first spec that led here */
	bool optional;			/* one of many by a glob: where it cannot be attached, the others still are */
	bool is_late;			/* stands for places that are not known yet (late.h) */
	void *info;			/* of its kind's provider (BTF types, format …), found once */
	VEC(struct naming) namings;	/* one for each clause on it, in the order of the event's clauses */
	struct clause_node *node;	/* prov_expand's */
};

struct mechanism;

struct probes;

struct name_list {
	const char **data;
	unsigned len, cap;
};

struct event {
	struct probes *probes;
	enum target_kind kind;
	const struct provider *provider;	/* that of the kind: answers for names */
	VEC(struct target *) targets;
	VEC(struct clause *) clauses;
	/*
	 * Clause c calls target t numbers.data[c * targets.len + t]: a constant apart from what clause 0 calls it, or (system calls)
	 * from the call's number.
	 */
	VEC(unsigned) numbers;
	/* What a program is told of target t, by a cookie or a constant in its copy: numbers.data[t], and what its mechanism adds. */
	VEC(unsigned) cookies;
	/* what the clauses use, gathered from the checked tree: set of enum event_need, and names of args ("fd") and variables ("arg0") */
	unsigned needs;
	struct name_list args, variables;
	struct name_list absent;	/* of the variables, those that D has as 0 in this event */
	const struct mechanism *mechanism;
	const char *reason;		/* why this mechanism, for -v */
	void *info;			/* the mechanism's */
	struct late_table *late;	/* of places that are not known yet (late.h); NULL: they are */
};

enum event_need {
	NEED_TARGET = 1,		/* func, probe …: which target fired */
	NEED_ARGS = 2,			/* args.NAME or argN */
	NEED_RETVAL = 4,
	NEED_REGS = 8,			/* regs, ctx */
	NEED_STACK = 16,
	NEED_FOLLOW = 32,		/* one of those in NEED_ARGS is followed as a pointer */
};

struct program;

/*
 * In D a clause is compiled for each of its probes. Probes whose arguments stand for others (dprobes.c) get a copy of the clause: the first
 * of an alias has the clause itself.
 */
struct clause_variant {
	struct clause *original, *clause;
};

/* A spec that matches nothing, and why, if that is known. */
struct missing_spec {
	const struct spec *spec;
	const char *why;
	const char *tag;		/* of lang/errors.def; or dtrace(1)'s, without its D_ */
};

/* The state of one run's probes. The caller fills the first part (all else 0). */
struct probes {
	struct arena *arena;
	struct diag *diag;
	struct script *script;
	bool allow_missing;		/* -Z */
	bool name_targets;		/* the output names the target of every record (-F dtrace) */
	unsigned max_probes;		/* -x maxprobes; 0: 500 */
	int pid;			/* -p: 0 all */
	int target;			/* the process of -p or -c; 0: none */
	const char *target_program;	/* -c: what it will run */

	VEC(struct target *) targets;
	VEC(struct event *) events;
	VEC(struct program *) programs;
	VEC(struct naming) namings;	/* the image's targets in order: namings.data[n].number == n; by prov_choose */
	unsigned *first_numbers[SHOW_PROBENAME - SHOW_FUNC + 1];	/* prov_shared's */
	unsigned *ids;				/* likewise */

	const struct spec *spec;	/* the one that is expanded */
	/* while a spec is expanded, in D: the clause's alias, and what its targets are called; NULL: as their provider says */
	const char *alias;
	bool is_alias;			/* the present call is one by an older name */
	const struct naming *rename;
	VEC(struct clause_variant) variants;
	VEC(struct missing_spec) missing;	/* of D scripts */
	VEC(struct late_spec *) lates;
	/* files of code that processes have mapped, each once, and what they are called: usdt.c's */
	struct name_list mapped, mapped_names;
	struct strmap mapped_paths;

	/* prov_expand's own */
	VEC(struct clause_node *) nodes;
	struct target_table *table;
	unsigned matched;		/* calls of prov_add_target */
	const char *why_none;		/* if it stays at 0; NULL: nobody knows */
	const char *tag_none;		/* likewise, the error's tag; NULL: PDESC_ZERO */
	bool quiet;			/* a spec that matches nothing is not reported */
	bool warned_of_exceptions;	/* said that uretprobes and exceptions do not go together */
};

/*
 * A spec in D's form, PROVIDER:MODULE:FUNCTION:NAME. Parts that the spec leaves out ("read:entry") are "", and match everything
 * as empty ones do.
 */
struct d_spec {
	const char *prov, *mod, *func, *name;
};

struct provider {
	const char *name;		/* canonical: "kprobe" */
	const char *aliases;		/* blank separated: "k" */
	const char *syntax;		/* for messages: "kprobe:[MODULE:]FUNCTION[+OFFSET]" */
	unsigned kinds;			/* set of KIND_BIT(target_kind) that it answers for: in one provider each */
	/*
	 * Adds the targets of a spec of clause c by prov_add_target. Reports what is wrong with the spec; gives -1 then. A spec that
	 * matches nothing adds nothing and gives 0; the caller reports it with what `near` found (fed with whole specs). Gives 1
	 * where prov_missing has said what it is that is not there.
	 */
	int (*expand)(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near);
	/* The same for a spec in D's form, whatever its provider is (d->prov may be another's: nothing matches then). NULL: has none. */
	const char *d_name;		/* D's provider: "fbt"; NULL: expand_d looks for itself */
	int (*expand_d)(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near);
	/* The type of a variable in a target: see scope.h. */
	const struct type *(*builtin)(struct probes *p, struct target *t, const char *name, const char **why);
	/* The type of args.NAME in a target; NULL: it has none. */
	const struct type *(*arg)(struct probes *p, struct target *t, const char *name);
	/* The names of a target's args, comma separated; each fed to near if given. NULL if there are none. */
	const char *(*arg_names)(struct probes *p, struct target *t, struct suggest *near);
	/* Where arg gave NULL: reports why the target has no such argument by name and gives true, if there is more to say than what names it has. */
	bool (*no_arg)(struct probes *p, struct target *t, const char *name, struct span span);
	/* Whether the args that e uses lie alike and are of one type in both targets. NULL: they never do. */
	bool (*same_args)(struct probes *p, const struct event *e, struct target *a, struct target *b);
	/* Offers all probes to the list (provider/list.h). */
	void (*list)(struct listing *l);
	/* An argument as the list shows it ("umode_t mode"); NULL (also the result): by its type. */
	const char *(*arg_text)(struct probes *p, struct target *t, const char *name);
};

#define KIND_BIT(kind) (1u << (kind))

extern const struct provider *const prov_all[];		/* ends in NULL */

/* Stage 1: expands all specs of the script into targets and namings, groups them into events. -1 if something was reported. */
int prov_expand(struct probes *p);
/* Answers scope.h's questions from the events and the kernel's BTF. */
void prov_scope(struct probes *p, struct scope *scope);

/* Whether the variable is one that D has in all probes (argN, errno), and nothing in this target: 0. */
bool prov_is_absent(struct probes *p, struct target *t, const char *name);
/* Stage 2, after checking: gathers each event's needs, chooses mechanisms and makes programs. -1 if something was reported. */
int prov_choose(struct probes *p);
/*
 * ply -l: prints all probes that match the glob (NULL: all), with their arguments if verbose; of user programs those of process pid, which
 * says what files are called, if that is not 0. -1 if nothing matched.
 */
int prov_list(const char *glob, int pid, bool verbose, FILE *out);
/* dtrace -l: the probes that the script's specs matched. */
int prov_list_d(struct probes *p, bool verbose, FILE *out);
/* D's number of a target. Where the kernel has it, it is the same in all programs. */
unsigned prov_id(const struct naming *n);
/* The spec of the probe of that number; NULL: there is none, or only a program gives it one. */
const char *prov_spec_of_id(struct arena *a, unsigned id);
/*
 * The numbers by which clause c calls the targets of e whose text of that kind (SHOW_FUNC, SHOW_PROBE, SHOW_PROBEPROV, SHOW_PROBEMOD,
 * SHOW_PROBENAME) is `text`: for comparisons with a literal. Gives how many; *list in the arena.
 */
unsigned prov_numbers(struct probes *p, const struct event *e, const struct clause *c, enum type_show show,
		      const char *text, unsigned **list);
/*
 * What those numbers become so that probes with equal texts of the kind have equal numbers, whichever clause names them: table[i] for number
 * *first + i, i < *n, -1 where the clause has none. NULL: they stay as they are.
 */
const unsigned *prov_shared(struct probes *p, const struct event *e, const struct clause *c, enum type_show show,
			    unsigned *first, unsigned *n);
/* A naming's text of that kind. */
const char *prov_text_of(const struct naming *n, enum type_show show);
/* The number that is the first of those that were there at first with the text, NO_TARGET if there is none. */
unsigned prov_number_of(struct probes *p, enum type_show show, const char *text);
/* The texts of those numbers, NULL where the clause has no such target. */
const char *const *prov_texts(struct probes *p, const struct event *e, const struct clause *c, enum type_show show,
			      unsigned *first, unsigned *n);
/* -v: a line for each event: probes, mechanism, why. */
void prov_describe(const struct probes *p, FILE *out);

/* For providers: */

/*
 * The target of like's identity (made if it is new), on which clause c fires now; naming's texts (kept; NULL is "") are
 * what c calls it. A clause that fires there already does not fire twice (it does in D).
 */
struct target *prov_add_target(struct probes *p, struct clause *c, const struct target *like,
			       const struct naming *naming);
/* A glob of * ? and [set], on the whole name. */
bool prov_glob(const char *pattern, const char *name);
bool prov_is_glob(const char *pattern);
/* Whether the glob (NULL: all) may match a text that begins so. */
bool prov_glob_begins(const char *pattern, const char *begin);
/* Whether the word is one of those, blank separated. */
bool prov_has_word(const char *words, const char *word);
/* Reports that a spec is not of its provider's form. Gives -1. */
int prov_bad_spec(struct probes *p, const struct spec *spec, const struct provider *prov);
/*
 * Reports that something a spec names is not there, an error or (-Z) a warning: what expand then gives. A hint may follow.
 */
int prov_missing(struct probes *p, struct span span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The provider of that name or alias, NULL if there is none. */
const struct provider *prov_by_name(const char *name);
/* The spec as it is written, but for a short name of its provider ("p:hz:99" is "profile:hz:99"). */
const char *prov_spec_text(struct probes *p, const struct spec *spec);
/* The provider that answers for a kind. */
const struct provider *prov_of_kind(enum target_kind kind);
/* Whether a part of a D spec ("", a glob or a name) matches. */
bool prov_d_match(const char *part, const char *name);

#endif
