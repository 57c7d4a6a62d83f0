/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The passes over IR, one file each, in the order of ir_passes[] (passes.c): the list is the pipeline.
 *
 * To add one: its file with one function below, one line in passes.def, one line in the source list, tests that give it
 * text and compare text (test/unit/ir_*.c, golden *.ir).
 *
 * Every pass leaves a function that ir_verify accepts, with values and blocks renumbered, and gives whether it may be another
 * than before. Run again at once it would change nothing: it is left out while no other pass has changed the function.
 */
#ifndef IR_PASSES_H
#define IR_PASSES_H

#include "ir/ir.h"

/* Folds constants, strength-reduces, removes branches on constants and blocks nothing reaches, merges chains of blocks. */
bool ir_opt_fold(struct ir_module *m, struct ir_func *f);
/* Common subexpressions by dominators: PURE values, pure helpers, LOADs with nothing written between. */
bool ir_opt_cse(struct ir_module *m, struct ir_func *f);
/* One lookup per key: LOOKUP/ENTRY of the same map and key parts reuse a pointer that dominates them. */
bool ir_opt_lookup(struct ir_module *m, struct ir_func *f);
/* What probe_read has read is not read again in the same firing; neighbours are read together. */
bool ir_opt_reads(struct ir_module *m, struct ir_func *f);
/* Drops what nothing uses, stores to slots that nothing reads included. */
bool ir_opt_dead(struct ir_module *m, struct ir_func *f);
/* LOOKUP, ENTRY, REMOVE become stores to a key slot and helper calls; full maps are counted in map->drops. */
bool ir_expand(struct ir_module *m, struct ir_func *f);

struct ir_pass {
	const char *name;
	bool (*run)(struct ir_module *m, struct ir_func *f);
	bool required;			/* not an optimisation: runs always */
};
extern const struct ir_pass ir_passes[];
extern const unsigned ir_npasses;

/*
 * Runs the pipeline over all functions, verifying before it and behind it (after each pass if `dump` is given). `off` names optimisations to leave out ("cse,dead",
 * "all", NULL). If `dump` is given, prints the module before the first and after each pass that changed it. Gives NULL,
 * or what the verifier said of which pass (a defect of ply).
 */
const char *ir_run_passes(struct ir_module *m, const char *off, FILE *dump);

/* Whether the name is in a list with commas (NULL: an empty one), or `all` is. */
bool ir_names(const char *list, const char *name);
/* Whether an optimisation has that name. */
bool ir_has_pass(const char *name);

#endif
