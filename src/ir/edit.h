/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing a function that is built: what the builder and the passes share. Edges are kept by hand: whoever sets
 * block->succ also tells the target (ir_pred_add, _remove, _replace), and removes or gives the operands of its PHIs.
 * A block has each other block at most once among its predecessors: a BR whose two targets are one is a JMP.
 */
#ifndef IR_EDIT_H
#define IR_EDIT_H

#include "ir/ir.h"

/* A value with room for nargs operands, in no block, with the next number. */
struct ir_value *ir_value_new(struct arena *a, struct ir_func *f, enum ir_op op, enum ir_type type, unsigned nargs);
/* Puts v, in no block, at the end of the block; a PHI behind the PHIs that are there. */
void ir_append(struct ir_block *block, struct ir_value *v);
void ir_insert_phi(struct ir_block *block, struct ir_value *phi);
/* The first value that is no PHI, or NULL. */
struct ir_value *ir_first_after_phis(struct ir_block *block);
/* Makes room for operands up to n; the new ones are NULL. */
void ir_phi_grow(struct arena *a, struct ir_value *phi, unsigned n);

/* An empty block of the function, not in its list. */
struct ir_block *ir_block_new(struct arena *a, struct ir_func *f);
/* Moves `at` and all behind it, the terminator and the edges with it, to a new block, which is in no list yet. */
struct ir_block *ir_block_split(struct arena *a, struct ir_value *at);

/* The place of pred among block's predecessors, or -1. */
int ir_pred_index(const struct ir_block *block, const struct ir_block *pred);
/* Adds a predecessor (operands of PHIs: NULL, to be set), removes one with the operands, puts one in another's place. */
void ir_pred_add(struct arena *a, struct ir_block *block, struct ir_block *pred);
void ir_pred_remove(struct ir_block *block, const struct ir_block *pred);
void ir_pred_replace(struct ir_block *block, const struct ir_block *pred, struct ir_block *by);

/*
 * What the operation gives for constants (y is ignored by those of one operand; size is value->size), or false where it
 * gives nothing: division by 0, operations that are not arithmetic.
 */
bool ir_eval(enum ir_op op, unsigned size, int64_t x, int64_t y, int64_t *result);

#endif
