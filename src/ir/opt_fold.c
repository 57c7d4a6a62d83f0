// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Folding: the rules of fold_value.c for each value, in the dominator tree's preorder (operands before what uses them), with
 * what branches tell about conditions below them; then fold_jumps.c for the blocks; again while blocks change.
 */
#include "ir/edit.h"
#include "ir/fold.h"
#include "ir/passes.h"
#include "ir/replace.h"

#include <stdlib.h>

enum { ROUNDS_MAX = 10 };

struct fold {
	struct arena *arena;
	struct ir_func *func;
	struct ir_facts facts;
	struct ir_replacements replaced;	/* in this round */
};

static struct ir_value *new_constant(struct fold *f, struct ir_value *before, int64_t n)
{
	struct ir_value *v = ir_value_new(f->arena, f->func, IR_CONST, IR_I64, 0);

	v->imm = n;
	v->span = before->span;
	ir_insert_before(before, v);
	return v;
}

/* The number that v is if that is known, as a constant in front of `before`; else v. */
static struct ir_value *apply(struct fold *f, struct ir_value *v, enum ir_known known, struct ir_value *before)
{
	if (!known || v->type != IR_I64 || ir_is_const(v) || (known == IR_IS_NOT_ZERO && !ir_is_bool(v)))
		return v;
	return new_constant(f, before, known == IR_IS_NOT_ZERO);
}

/* Constants are made to stand in the block that uses them, so that blocks do not depend on each other for their sake. */
static void give_operands(struct fold *f, struct ir_value *v)
{
	for (unsigned i = 0; i < v->nargs; i++) {
		struct ir_block *pred = v->op == IR_PHI ? v->block->preds.data[i] : NULL;
		struct ir_value *arg = ir_replaced(&f->replaced, v->args[i]), *at = pred ? pred->last : v;

		if (pred)
			arg = apply(f, arg, ir_facts_on_edge(&f->facts, arg, v->block, pred), at);
		else
			arg = apply(f, arg, ir_facts_in(&f->facts, arg, v->block), v);
		if (ir_is_const(arg) && arg->block != at->block)
			arg = new_constant(f, at, arg->imm);
		v->args[i] = arg;
	}
}

static struct ir_value *fold_value(struct fold *f, struct ir_value *v)
{
	struct ir_value *by = apply(f, v, ir_facts_in(&f->facts, v, v->block), v);

	if (by != v)
		return by;
	do
		by = ir_fold_value(f->arena, f->func, v);
	while (by == v);
	return by;
}

static void visit(struct fold *f, struct ir_value *v)
{
	struct ir_value *by;

	give_operands(f, v);
	by = fold_value(f, v);
	if (by && v->id < f->replaced.nvalues)
		ir_replace(&f->replaced, v, by);
}

static void fold_values(struct fold *f)
{
	ir_replacements_init(&f->replaced, f->func);
	for (unsigned i = 0; i < f->facts.cfg.n; i++) {
		struct ir_block *b = f->facts.cfg.preorder[i];

		ir_facts_enter(&f->facts, b);
		for (struct ir_value *v = b->first, *next; v; v = next) {
			struct ir_value *after = v->next;

			visit(f, v);
			next = v->block ? v->next : after;
		}
	}
	ir_replace_in_phis(&f->replaced, f->func);
	ir_replacements_deinit(&f->replaced);
}

bool ir_opt_fold(struct ir_module *m, struct ir_func *func)
{
	struct fold f = { .arena = m->arena, .func = func };
	bool changed = true;

	for (int i = 0; changed && i < ROUNDS_MAX; i++) {
		ir_facts_init(&f.facts, func);
		fold_values(&f);
		changed = ir_fold_jumps(m->arena, func, &f.facts);
		ir_facts_deinit(&f.facts);
		ir_renumber(func);
	}
	return true;
}
