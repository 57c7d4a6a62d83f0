/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places in a file that a spec of user functions means, FUNCTION[+OFFSET], 0xADDRESS or FILE:LINE, become targets here; where there
 * are none, or none that a probe can stand at, it is said why.
 */
#ifndef PROVIDER_UPLACE_H
#define PROVIDER_UPLACE_H

#include "provider/provider.h"

#include "debuginfo/elf.h"

/* What stands behind BINARY. */
struct place {
	const char *function, *version;	/* function NULL: only an address; version NULL: any */
	uint64_t offset;		/* from the function, or the address */
	bool has_offset, only_default;	/* only_default: function@@version */
};

/* A spec, or D's form of one, while it is looked for which places it means. */
struct expansion {
	struct probes *p;
	struct clause *c;
	const struct spec *spec;
	struct spec_part part;		/* what stands behind BINARY */
	enum target_kind kind;
	int pid;			/* of the target: it fires in this process only */
	const char *called;		/* what the spec calls the file */
	const char *path;
	struct dbg_elf *elf;
	struct place place;
	const struct d_spec *d;		/* of D's form, else NULL */
	const char *line;		/* FILE:LINE; NULL: a function or an address */
	struct name_list refused;	/* where no probe can stand */
	uint64_t last_refused;
	bool failed;			/* an error was reported */
	const struct dbg_elf *asked;	/* whether it throws exceptions */
	unsigned indirect;		/* functions that are somewhere else */
};

/* FUNCTION[@VERSION][+OFFSET] or 0xADDRESS */
void uplace_parse(struct arena *a, const char *text, struct place *place);
/* FILE:LINE, else false */
bool uplace_parse_line(struct arena *a, const char *text, const char **file, unsigned *line);

/* Whether that is the place's function, by its name in the symbol table or in the source. */
bool uplace_matches(const struct place *place, const struct dbg_symbol *s, bool is_glob);
/* Whether the symbol is a function: no label within one, and no part that the compiler has put elsewhere (f.cold). */
bool uplace_is_whole(const struct dbg_symbol *s);
/* The symbol's name as in the source. */
const char *uplace_source_name(struct arena *a, const char *name);
/* A target at x->place of that function; one of a glob is left out where no probe can stand. */
void uplace_add_function(struct expansion *x, const struct dbg_symbol *s, bool is_glob);

/* Targets at all that x->place means, at its address, at a line: 0, or -1 and an error was reported. */
int uplace_add_functions(struct expansion *x);
int uplace_add_address(struct expansion *x);
int uplace_add_line(struct expansion *x, const char *file, unsigned line);

/* Whether it is a Go program, in which no uretprobe may stand; uplace_refuse_go says so and gives -1. */
bool uplace_is_go(const struct dbg_elf *elf);
int uplace_refuse_go(struct expansion *x);

/* What expand_d of the provider uprobe is (uprobe_d.c). */
int uprobe_expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near);

#endif
