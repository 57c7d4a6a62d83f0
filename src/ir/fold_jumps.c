// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/edit.h"
#include "ir/fold.h"

#include <stdlib.h>

struct jumps {
	struct arena *arena;
	struct ir_func *func;
	bool *outside;		/* by value->id: used elsewhere than in its block and the PHIs right behind it */
	unsigned nvalues;
	bool changed;
};

/* ---- edges ---- */

/* The block's branch becomes a jump to succ[n]; the other target loses its predecessor. */
static void always_take(struct jumps *j, struct ir_block *b, int n)
{
	struct ir_value *br = b->last;

	ir_pred_remove(b->succ[1 - n], b);
	b->succ[0] = b->succ[n];
	b->succ[1] = NULL;
	br->op = IR_JMP;
	br->nargs = 0;
	j->changed = true;
}

/* A copy of a constant at the end of the block; other values are there as they are. */
static struct ir_value *at_end_of(struct jumps *j, struct ir_block *b, struct ir_value *v)
{
	struct ir_value *copy;

	if (!ir_is_const(v))
		return v;
	copy = ir_value_new(j->arena, j->func, IR_CONST, IR_I64, 0);
	copy->imm = v->imm;
	copy->span = v->span;
	ir_insert_before(b->last, copy);
	return copy;
}

/* What v, used behind block b, is when b is entered by its predecessor `way` */
static struct ir_value *on_way(const struct ir_value *v, const struct ir_block *b, unsigned way)
{
	return v->op == IR_PHI && v->block == b ? v->args[way] : (struct ir_value *)v;
}

/* Do all PHIs of `to` get the same from its predecessor pred as from b when that is entered by way? */
static bool brings_same(const struct ir_block *b, unsigned way, const struct ir_block *to, const struct ir_block *pred)
{
	int from_b = ir_pred_index(to, b), from_pred = ir_pred_index(to, pred);

	for (const struct ir_value *phi = to->first; phi->op == IR_PHI; phi = phi->next) {
		const struct ir_value *x = on_way(phi->args[from_b], b, way), *y = phi->args[from_pred];

		if (x != y && !(ir_is_const(x) && ir_is_const(y) && x->imm == y->imm))
			return false;
	}
	return true;
}

/*
 * Lets the edge from b's predecessor number way lead to b's target `to` at once, where b does nothing that is of use there.
 * Two edges to `to` become one, if they bring the same.
 */
static void bypass(struct jumps *j, struct ir_block *b, unsigned way, struct ir_block *to)
{
	struct ir_block *pred = b->preds.data[way];
	int n = pred->succ[1] == b, from_b = ir_pred_index(to, b);
	unsigned added = to->preds.len;

	if (pred == b || to == b)
		return;
	if (pred->succ[1 - n] == to) {
		if (brings_same(b, way, to, pred))
			always_take(j, pred, 1 - n);
		return;
	}
	ir_pred_add(j->arena, to, pred);
	for (struct ir_value *phi = to->first; phi->op == IR_PHI; phi = phi->next)
		phi->args[added] = at_end_of(j, pred, on_way(phi->args[from_b], b, way));
	ir_pred_remove(b, pred);
	pred->succ[n] = to;
	j->changed = true;
}

/* ---- what a block does ---- */

static struct ir_value *first_action(const struct ir_block *b)
{
	struct ir_value *v = ir_first_after_phis((struct ir_block *)b);

	while (ir_is_const(v))
		v = v->next;
	return v;
}

/*
 * Can the block be bypassed? Its values must be of use in it alone; its PHIs, of which each way knows its part, and constants
 * also in the PHIs that it leads to.
 */
static bool is_transparent(const struct jumps *j, const struct ir_block *b)
{
	for (const struct ir_value *v = b->first; v != b->last; v = v->next)
		if (v->id >= j->nvalues || j->outside[v->id])
			return false;
	return true;
}

static void find_outside_uses(struct jumps *j)
{
	j->nvalues = j->func->nvalues;
	j->outside = xcalloc(j->nvalues, sizeof(*j->outside));
	vec_foreach(b, &j->func->blocks)
		for (const struct ir_value *v = (*b)->first; v; v = v->next)
			for (unsigned i = 0; i < v->nargs; i++) {
				const struct ir_value *arg = v->args[i];
				const struct ir_block *at = v->op == IR_PHI ? (*b)->preds.data[i] : *b;
				bool known_by_way = arg->op == IR_PHI || ir_is_const(arg);

				/* by a way around, in the PHIs of its own block */
				if (v->op == IR_PHI && (arg->block == *b || !known_by_way))
					j->outside[arg->id] = true;
				if (arg->block != at)
					j->outside[arg->id] = true;
			}
}

/* ---- the steps ---- */

static void fold_branch(struct jumps *j, struct ir_block *b)
{
	const struct ir_value *cond;

	if (b->last->op != IR_BR)
		return;
	cond = b->last->args[0];
	if (ir_is_const(cond))
		always_take(j, b, !cond->imm);
}

/* b only jumps: whoever jumps to b may as well jump on. */
static void skip_jump(struct jumps *j, struct ir_block *b)
{
	if (b->last->op != IR_JMP || first_action(b) != b->last || b->succ[0] == b || !is_transparent(j, b))
		return;
	for (unsigned i = b->preds.len; i--;)
		bypass(j, b, i, b->succ[0]);
}

/* Has a branch on the same condition led to the way's predecessor, or from it? */
static bool tested_before(const struct ir_block *b, unsigned way, int64_t *n)
{
	const struct ir_block *to = b, *from = b->preds.data[way];

	if (from->last->op == IR_JMP && from->preds.len == 1) {
		to = from;
		from = from->preds.data[0];
	}
	*n = from->succ[0] == to;
	return from->last->op == IR_BR && from->last->args[0] == b->last->args[0];
}

/* The number that b's branch tests, when b is entered by that way; false if it cannot be told. */
static bool tested_on_way(const struct ir_block *b, unsigned way, int64_t *n)
{
	const struct ir_value *cond = b->last->args[0], *x, *y;

	if (cond->block != b)
		return tested_before(b, way, n);
	if (cond->op == IR_PHI) {
		*n = cond->args[way]->imm;
		return ir_is_const(cond->args[way]);
	}
	if (cond->nargs != 2)
		return false;
	x = on_way(cond->args[0], b, way);
	y = on_way(cond->args[1], b, way);
	return ir_is_const(x) && ir_is_const(y) && ir_eval(cond->op, cond->size, x->imm, y->imm, n);
}

/* b only tests what some ways decide: they go where the test leads. */
static void thread(struct jumps *j, struct ir_block *b)
{
	const struct ir_value *action = first_action(b);
	int64_t n;

	if (b->last->op != IR_BR || (action != b->last && (action != b->last->args[0] || action->next != b->last)))
		return;
	if (!is_transparent(j, b))
		return;
	for (unsigned i = b->preds.len; i--;)
		if (tested_on_way(b, i, &n))
			bypass(j, b, i, b->succ[n ? 0 : 1]);
}

/* The one that only b leads to, and b leads to alone, becomes part of b. */
static void merge(struct jumps *j, struct ir_block *b)
{
	while (b->last->op == IR_JMP) {
		struct ir_block *next = b->succ[0];

		if (next == b || next->preds.len != 1 || next->first->op == IR_PHI || next == j->func->blocks.data[0])
			return;
		ir_unlink(b->last);
		for (struct ir_value *v = next->first; v; v = v->next)
			v->block = b;
		next->first->prev = b->last;
		if (b->last)
			b->last->next = next->first;
		else
			b->first = next->first;
		b->last = next->last;
		for (int i = 0; i < 2; i++) {
			b->succ[i] = next->succ[i];
			if (b->succ[i])
				ir_pred_replace(b->succ[i], next, b);
			next->succ[i] = NULL;
		}
		next->first = next->last = NULL;
		next->preds.len = 0;
		j->changed = true;
	}
}

bool ir_fold_jumps(struct arena *a, struct ir_func *f)
{
	struct jumps j = { .arena = a, .func = f };

	vec_foreach(b, &f->blocks)
		fold_branch(&j, *b);
	if (j.changed)
		ir_renumber(f);
	find_outside_uses(&j);
	vec_foreach(b, &f->blocks) {
		skip_jump(&j, *b);
		thread(&j, *b);
	}
	free(j.outside);
	if (j.changed)
		ir_renumber(f);
	vec_foreach(b, &f->blocks)
		if ((*b)->first)
			merge(&j, *b);
	return j.changed;
}
