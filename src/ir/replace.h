/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a pass puts in the place of values while it walks a function: operands are resolved as they are met, those that come
 * along back edges at the end.
 */
#ifndef IR_REPLACE_H
#define IR_REPLACE_H

#include "ir/ir.h"

struct ir_replacements {
	struct ir_value **by;		/* by value->id as the pass found it; values made since have none */
	unsigned nvalues;
	bool any;
};

/* Needs ir_renumber. */
void ir_replacements_init(struct ir_replacements *r, const struct ir_func *f);
void ir_replacements_deinit(struct ir_replacements *r);

/* Takes v, which the pass found, out of its block; `by` stands for it from now on. */
void ir_replace(struct ir_replacements *r, struct ir_value *v, struct ir_value *by);

/* What stands for v: itself if nothing else does. */
static inline struct ir_value *ir_replaced(const struct ir_replacements *r, struct ir_value *v)
{
	while (v->id < r->nvalues && r->by[v->id])
		v = r->by[v->id];
	return v;
}

/* ir_replaced for each operand of v. */
static inline void ir_replace_operands(const struct ir_replacements *r, struct ir_value *v)
{
	for (unsigned i = 0; i < v->nargs; i++)
		v->args[i] = ir_replaced(r, v->args[i]);
}

/* At the end: the operands of PHIs, which may be behind them. */
void ir_replace_in_phis(const struct ir_replacements *r, struct ir_func *f);

#endif
