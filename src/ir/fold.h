/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of opt_fold.c: rules for one value, and what is done to blocks. */
#ifndef IR_FOLD_H
#define IR_FOLD_H

#include "ir/facts.h"

/*
 * Tries the rules on v, whose operands have been tried before. Gives a value that v can be replaced by (new ones stand in
 * front of v); v itself if it is now another operation, to be tried again; NULL if nothing applies.
 */
struct ir_value *ir_fold_value(struct arena *a, struct ir_func *f, struct ir_value *v);

/* Is the value 0 or 1? */
bool ir_is_bool(const struct ir_value *v);

/*
 * Branches that always go one way, jumps to jumps, blocks that can be joined, tests of what each way decides. True if anything
 * was changed; then blocks that nothing reaches may be left, and numbers are stale.
 */
bool ir_fold_jumps(struct arena *a, struct ir_func *f, const struct ir_facts *facts);

#endif
