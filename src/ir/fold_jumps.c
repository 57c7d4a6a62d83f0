// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/edit.h"
#include "ir/fold.h"

#include <stdlib.h>

/*
 * Where a value is used other than in its block and the PHIs right behind it: not only where the block's target n alone leads
 * (bit n). 0: nowhere.
 */
enum { NOT_UNDER_0 = 1, NOT_UNDER_1 = 2, ANYWHERE = 3 };

struct jumps {
	struct arena *arena;
	struct ir_func *func;
	const struct ir_facts *facts;
	unsigned char *outside;		/* by value->id */
	struct ir_value **sunk;		/* by value->id: the PHI that stands for it below its block */
	unsigned nvalues;
	bool changed, any_sunk;
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

static const struct ir_value *skip_constants(const struct ir_value *v)
{
	while (ir_is_const(v))
		v = v->next;
	return v;
}

static const struct ir_value *first_action(const struct ir_block *b)
{
	return skip_constants(ir_first_after_phis((struct ir_block *)b));
}

/* Where the block's values are of use outside it. Constants, and PHIs, of which each way knows its part, do not count behind it. */
static unsigned outside_uses(const struct jumps *j, const struct ir_block *b)
{
	unsigned uses = 0;

	for (const struct ir_value *v = b->first; v != b->last; v = v->next)
		uses |= v->id < j->nvalues ? j->outside[v->id] : ANYWHERE;
	return uses;
}

static void note_outside_use(struct jumps *j, const struct ir_value *v, const struct ir_block *at)
{
	for (int n = 0; n < 2; n++) {
		const struct ir_block *to = v->block->succ[n];

		if (v->op != IR_PHI || !to || to->preds.len != 1 || !ir_dominates(&j->facts->cfg, to, at))
			j->outside[v->id] |= 1 << n;
	}
}

static void find_outside_uses(struct jumps *j)
{
	vec_foreach(b, &j->func->blocks)
		for (const struct ir_value *v = (*b)->first; v; v = v->next)
			for (unsigned i = 0; i < v->nargs; i++) {
				const struct ir_value *arg = v->args[i];
				const struct ir_block *at = v->op == IR_PHI ? (*b)->preds.data[i] : *b;
				bool known_by_way = arg->op == IR_PHI || ir_is_const(arg);

				/* by a way around, in the PHIs of its own block */
				if (v->op == IR_PHI && (arg->block == *b || !known_by_way))
					j->outside[arg->id] = ANYWHERE;
				else if (arg->block != at)
					note_outside_use(j, arg, at);
			}
}

/*
 * b's PHIs that are used below `to` get a PHI there, where ways that go around b can bring their part. False if there are such
 * ways already, that did not know of it.
 */
static bool sink_phis(struct jumps *j, const struct ir_block *b, struct ir_block *to)
{
	for (struct ir_value *v = b->first; v->op == IR_PHI; v = v->next) {
		struct ir_value *phi;

		if (!j->outside[v->id] || j->sunk[v->id])
			continue;
		if (to->preds.len != 1)
			return false;
		phi = ir_value_new(j->arena, j->func, IR_PHI, v->type, 0);
		phi->span = v->span;
		ir_insert_phi(to, phi);
		ir_phi_grow(j->arena, phi, 1);
		phi->args[0] = v;
		j->sunk[v->id] = phi;
		j->any_sunk = true;
	}
	return true;
}

static void use_sunk_phis(struct jumps *j)
{
	vec_foreach(b, &j->func->blocks)
		for (struct ir_value *v = (*b)->first; v; v = v->next)
			for (unsigned i = 0; i < v->nargs; i++) {
				const struct ir_value *arg = v->args[i];
				const struct ir_block *at = v->op == IR_PHI ? (*b)->preds.data[i] : *b;

				if (arg->id < j->nvalues && j->sunk[arg->id] && at != arg->block)
					v->args[i] = j->sunk[arg->id];
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
	if (b->last->op != IR_JMP || first_action(b) != b->last || b->succ[0] == b || outside_uses(j, b))
		return;
	for (unsigned i = b->preds.len; i--;)
		bypass(j, b, i, b->succ[0]);
}

/* The number that b's branch tests, when b is entered by that way; false if it cannot be told. */
static bool tested_on_way(const struct jumps *j, const struct ir_block *b, unsigned way, int64_t *n)
{
	const struct ir_value *cond = b->last->args[0], *x, *y;
	enum ir_known known;

	if (cond->op == IR_PHI && cond->block == b)
		cond = cond->args[way];
	if (ir_is_const(cond)) {
		*n = cond->imm;
		return true;
	}
	if (cond->block == b) {
		if (cond->nargs != 2)
			return false;
		x = on_way(cond->args[0], b, way);
		y = on_way(cond->args[1], b, way);
		if (ir_is_const(x) && ir_is_const(y))
			return ir_eval(cond->op, cond->size, x->imm, y->imm, n);
		if ((cond->op == IR_EQ || cond->op == IR_NE) && ir_is_const(y) && !y->imm) {
			known = ir_facts_on_edge(j->facts, x, b, b->preds.data[way]);
			*n = (known == IR_IS_NOT_ZERO) == (cond->op == IR_NE);
			return known;
		}
		/* nothing follows from what the condition was before, as b's own PHIs change when it is entered */
		if (x != cond->args[0] || y != cond->args[1])
			return false;
	}
	known = ir_facts_on_edge(j->facts, cond, b, b->preds.data[way]);
	*n = known == IR_IS_NOT_ZERO;
	return known;
}

/* b only tests what some ways decide: they go where the test leads. */
static void thread(struct jumps *j, struct ir_block *b)
{
	const struct ir_value *action = first_action(b);
	unsigned uses;
	int64_t n;
	int target;

	if (b->last->op != IR_BR)
		return;
	if (action == b->last->args[0])
		action = skip_constants(action->next);
	if (action != b->last)
		return;
	uses = outside_uses(j, b);
	if (uses == ANYWHERE)
		return;
	for (unsigned i = b->preds.len; i--;) {
		if (!tested_on_way(j, b, i, &n))
			continue;
		target = n ? 0 : 1;
		if (uses == (target ? NOT_UNDER_0 : NOT_UNDER_1) && !sink_phis(j, b, b->succ[target]))
			continue;
		bypass(j, b, i, b->succ[target]);
	}
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

bool ir_fold_jumps(struct arena *a, struct ir_func *f, const struct ir_facts *facts)
{
	struct jumps j = { .arena = a, .func = f, .facts = facts, .nvalues = f->nvalues };

	j.outside = xcalloc(f->nvalues, sizeof(*j.outside));
	j.sunk = xcalloc(f->nvalues, sizeof(*j.sunk));
	vec_foreach(b, &f->blocks)
		fold_branch(&j, *b);
	find_outside_uses(&j);
	/* the last of a chain first, so that each edge is moved once */
	for (unsigned i = f->blocks.len; i--;)
		skip_jump(&j, f->blocks.data[i]);
	vec_foreach(b, &f->blocks) {
		skip_jump(&j, *b);
		thread(&j, *b);
	}
	if (j.any_sunk)
		use_sunk_phis(&j);
	free(j.outside);
	free(j.sunk);
	if (j.changed)
		ir_renumber(f);
	vec_foreach(b, &f->blocks)
		if ((*b)->first)
			merge(&j, *b);
	return j.changed;
}
