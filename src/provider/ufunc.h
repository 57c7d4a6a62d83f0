/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places in user programs: what the providers uprobe and usdt find and their mechanisms attach to. */
#ifndef PROVIDER_UFUNC_H
#define PROVIDER_UFUNC_H

#include "debuginfo/dwarf.h"
#include "provider/binary.h"
#include "provider/provider.h"
#include "provider/usdt_arg.h"

extern const struct provider prov_uprobe, prov_uretprobe, prov_usdt;

/* A target's info. */
struct ufunc {
	struct dbg_elf *elf;
	uint64_t address;		/* the file's own */
	unsigned skip;			/* the probe stands so many bytes behind it */
	bool at_entry;			/* arguments are where the calling convention has them */
	bool looked;
	const struct dbg_function *function;	/* by DWARF; NULL: not known (or not looked for) */
	/* static probes */
	uint64_t semaphore;		/* offset in the file; 0: none */
	const char *args_text;
	const struct usdt_arg *args;
	unsigned nargs;
	unsigned variant;		/* which of the event's ways to hold arguments: see ufunc_needs_variant */
};

/*
 * For ply -l: calls list with each file that a glob that begins so ("usdt:") means by its BINARY, and what it is called. The target it makes has
 * info by ufunc_of_list; it returns why there are none, or NULL.
 */
struct listing;
typedef const char *ufunc_list_fn(struct listing *l, const char *before, struct dbg_elf *elf, const char *called);
void ufunc_list(struct listing *l, const char *before, ufunc_list_fn *list);
/* The info of a listed function, or of a static probe with those arguments, which lasts as long as the provider is listed. */
struct ufunc *ufunc_of_list(struct dbg_elf *elf, uint64_t address, const char *args);

/* Whether a target of that kind is a place in a user program; where a function returns. */
bool ufunc_is(enum target_kind kind);
bool ufunc_is_return(enum target_kind kind);
/* A user program's number: it leads into user memory. */
const struct type *ufunc_type(unsigned size, bool is_signed);

/* What DWARF says of the target's function; NULL if nothing. */
const struct dbg_function *ufunc_function(struct target *t);
/* Its parameter of that name ("0": by number); NULL if there is none. */
const struct dbg_param *ufunc_param(struct target *t, const char *name);
/* What all targets return, if that is known, a number and the same: registers have more than 32 bits of it. */
const struct type *ufunc_result_of_all(const struct event *e);

/* The type of that name in the user programs that the clause (NULL: any) probes; NULL if there is none. */
const struct type *ufunc_type_named(struct probes *p, const struct clause *c, enum type_name_base base, const char *name);
/* In words: a file of debug information that cannot be had. */
const char *ufunc_lacking(struct probes *p, const char *path);
/* Feeds the names of the types that the user programs have which the clause probes; gives why they are not all known, or NULL. */
const char *ufunc_suggest_types(struct probes *p, const struct clause *c, enum type_name_base base, struct suggest *near);
/* scope.h's user_symbol. What it is relative to, the probe's variable "bias", is 0 for programs that are not position independent. */
bool ufunc_symbol(struct probes *p, const struct clause *c, const char *name, uint64_t *address, const struct type **type,
		  struct suggest *near, const char **why);
/* The enumerator of that name in the user programs that the clause probes; false if there is none. */
bool ufunc_constant(struct probes *p, const struct clause *c, const char *name, int64_t *value, const struct type **type);

/* The process of -p or -c, which says what files are called. */
struct process ufunc_process(const struct probes *p);
/*
 * Takes D's provider PREFIX123 apart: the process. false if it is not of that form (prefix NULL: any) or there is no such process.
 */
bool ufunc_d_process(const struct probes *p, const char *prov, const char *prefix, struct process *process);
/* Finds and opens what a spec's part calls a program or library; else as prov_missing. */
int ufunc_open(struct probes *p, const struct spec_part *part, const char **path, struct dbg_elf **elf);
/*
 * expand of a provider whose specs begin PROVIDER:BINARY: where BINARY is a glob it is called for each file with such a name that the process of -p
 * or -c has, BINARY being that name.
 */
typedef int ufunc_expand_fn(struct probes *p, struct clause *c, struct spec *spec);
int ufunc_expand(struct probes *p, struct clause *c, struct spec *spec, ufunc_expand_fn *expand);
/* The parts of a spec from n on, as they were before ':' took them apart. */
struct spec_part ufunc_joined(struct arena *a, const struct spec *spec, unsigned n);

/*
 * Numbers the ways in which an event's places hold the arguments that it reads; -1 if there are too many. The program is
 * told which by its cookie: the target's number, and the variant above UFUNC_VARIANT_SHIFT.
 */
enum { UFUNC_VARIANT_SHIFT = 20, UFUNC_MAX_VARIANTS = 1024 };
int ufunc_needs_variant(struct event *e);
unsigned ufunc_cookie_bits(const struct target *t);

/* What the kernel's refusal (an errno) says of the place; NULL if nothing. */
const char *ufunc_refusal(int error);

#endif
