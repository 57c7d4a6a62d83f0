// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Folding: the rules of fold_value.c for each value, in the dominator tree's preorder (operands before what uses them), with
 * what branches tell about conditions below them; then fold_jumps.c for the blocks; again while blocks change.
 */
#include "ir/cfg.h"
#include "ir/edit.h"
#include "ir/fold.h"
#include "ir/passes.h"

#include <stdlib.h>

enum { ROUNDS_MAX = 10 };

/* Of a value, from a block on: it is 0, or it is not */
struct fact {
	const struct ir_block *from;
	bool zero;
};

struct fold {
	struct arena *arena;
	struct ir_func *func;
	struct ir_cfg cfg;
	struct ir_value **by;		/* by value->id */
	struct fact *facts;		/* by value->id */
	unsigned nvalues;		/* when the round began; newer values have neither */
};

/* ---- facts ---- */

static const struct fact *fact_of(const struct fold *f, const struct ir_value *v, const struct ir_block *at)
{
	const struct fact *fact = v->id < f->nvalues ? &f->facts[v->id] : NULL;

	return fact && fact->from && ir_dominates(&f->cfg, fact->from, at) ? fact : NULL;
}

static void learn(struct fold *f, const struct ir_value *v, bool zero, const struct ir_block *from)
{
	if (v->id < f->nvalues && !ir_is_const(v) && !fact_of(f, v, from))
		f->facts[v->id] = (struct fact){ from, zero };
}

/* The value that is compared with 0, or NULL */
static struct ir_value *compared_with_zero(const struct ir_value *cond)
{
	if ((cond->op != IR_EQ && cond->op != IR_NE) || !ir_is_const(cond->args[1]) || cond->args[1]->imm)
		return NULL;
	return cond->args[0];
}

/* What is known where only one branch leads. */
static void learn_from_branch(struct fold *f, const struct ir_block *b)
{
	const struct ir_value *cond, *x;
	bool zero;

	if (b->preds.len != 1 || b->preds.data[0]->last->op != IR_BR)
		return;
	cond = b->preds.data[0]->last->args[0];
	zero = b == b->preds.data[0]->succ[1];
	learn(f, cond, zero, b);
	x = compared_with_zero(cond);
	if (x)
		learn(f, x, cond->op == IR_EQ ? !zero : zero, b);
}

static struct ir_value *new_constant(struct fold *f, struct ir_value *before, int64_t n)
{
	struct ir_value *v = ir_value_new(f->arena, f->func, IR_CONST, IR_I64, 0);

	v->imm = n;
	v->span = before->span;
	ir_insert_before(before, v);
	return v;
}

/* The number that v is known to be, as a constant in front of `before`; else v. */
static struct ir_value *apply(struct fold *f, struct ir_value *v, const struct fact *fact, struct ir_value *before)
{
	if (!fact || v->type != IR_I64 || (!fact->zero && !ir_is_bool(v)))
		return v;
	return new_constant(f, before, !fact->zero);
}

/* A test of a value of which it is known whether it is 0 */
static struct ir_value *decide_test(struct fold *f, struct ir_value *v)
{
	const struct ir_value *x = compared_with_zero(v);
	const struct fact *fact = x ? fact_of(f, x, v->block) : NULL;

	return fact ? new_constant(f, v, fact->zero == (v->op == IR_EQ)) : NULL;
}

/* What the edge from the predecessor alone tells of the operand. */
static struct ir_value *apply_edge(struct fold *f, struct ir_value *arg, const struct ir_block *to, struct ir_block *pred)
{
	struct ir_value *br = pred->last, *x;
	bool zero;
	struct fact fact;

	if (br->op != IR_BR || arg->type != IR_I64 || ir_is_const(arg))
		return arg;
	zero = pred->succ[1] == to;
	x = compared_with_zero(br->args[0]);
	if (br->args[0] == arg)
		fact.zero = zero;
	else if (x == arg)
		fact.zero = br->args[0]->op == IR_EQ ? !zero : zero;
	else
		return arg;
	return apply(f, arg, &fact, br);
}

/* ---- values ---- */

static struct ir_value *resolve(const struct fold *f, struct ir_value *v)
{
	while (v->id < f->nvalues && f->by[v->id])
		v = f->by[v->id];
	return v;
}

/* Constants are made to stand in the block that uses them, so that blocks do not depend on each other for their sake. */
static void give_operands(struct fold *f, struct ir_value *v)
{
	for (unsigned i = 0; i < v->nargs; i++) {
		struct ir_block *pred = v->op == IR_PHI ? v->block->preds.data[i] : NULL;
		struct ir_value *arg = resolve(f, v->args[i]), *at = pred ? pred->last : v;

		if (pred)
			arg = apply_edge(f, arg, v->block, pred);
		else
			arg = apply(f, arg, fact_of(f, arg, v->block), v);
		if (ir_is_const(arg) && arg->block != at->block)
			arg = new_constant(f, at, arg->imm);
		v->args[i] = arg;
	}
}

static void visit(struct fold *f, struct ir_value *v)
{
	struct ir_value *by;

	give_operands(f, v);
	by = decide_test(f, v);
	if (!by)
		do
			by = ir_fold_value(f->arena, f->func, v);
		while (by == v);
	if (by && v->id < f->nvalues) {
		f->by[v->id] = by;
		ir_unlink(v);
	}
}

static void fold_values(struct fold *f)
{
	f->nvalues = f->func->nvalues;
	f->by = xcalloc(f->nvalues, sizeof(*f->by));
	f->facts = xcalloc(f->nvalues, sizeof(*f->facts));
	ir_cfg_init(&f->cfg, f->func);
	for (unsigned i = 0; i < f->cfg.n; i++) {
		struct ir_block *b = f->cfg.preorder[i];

		learn_from_branch(f, b);
		for (struct ir_value *v = b->first, *next; v; v = next) {
			struct ir_value *after = v->next;

			visit(f, v);
			next = v->block ? v->next : after;
		}
	}
	/* operands that come along back edges */
	vec_foreach(b, &f->func->blocks)
		for (struct ir_value *v = (*b)->first; v && v->op == IR_PHI; v = v->next)
			for (unsigned i = 0; i < v->nargs; i++)
				v->args[i] = resolve(f, v->args[i]);
	ir_cfg_deinit(&f->cfg);
	free(f->by);
	free(f->facts);
}

void ir_opt_fold(struct ir_module *m, struct ir_func *func)
{
	struct fold f = { .arena = m->arena, .func = func };
	bool changed = true;

	for (int i = 0; changed && i < ROUNDS_MAX; i++) {
		fold_values(&f);
		changed = ir_fold_jumps(m->arena, func);
		ir_renumber(func);
	}
}
