// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/facts.h"

#include <stdlib.h>

void ir_facts_init(struct ir_facts *f, const struct ir_func *func)
{
	f->nvalues = func->nvalues;
	f->facts = xcalloc(f->nvalues, sizeof(*f->facts));
	ir_cfg_init(&f->cfg, func);
}

void ir_facts_deinit(struct ir_facts *f)
{
	ir_cfg_deinit(&f->cfg);
	free(f->facts);
}

/* The value that is compared with 0, or NULL */
static const struct ir_value *compared_with_zero(const struct ir_value *v)
{
	if ((v->op != IR_EQ && v->op != IR_NE) || !ir_is_const(v->args[1]) || v->args[1]->imm)
		return NULL;
	return v->args[0];
}

/* Of EQ x, 0 the one is known if the opposite is of x; of NE the same. */
static enum ir_known through_compare(const struct ir_value *compare, enum ir_known known)
{
	if (compare->op == IR_NE || known == IR_NOT_KNOWN)
		return known;
	return known == IR_IS_ZERO ? IR_IS_NOT_ZERO : IR_IS_ZERO;
}

static enum ir_known fact(const struct ir_facts *f, const struct ir_value *v, const struct ir_block *b)
{
	const struct ir_fact *fact = v->id < f->nvalues ? &f->facts[v->id] : NULL;

	return fact && fact->from && ir_dominates(&f->cfg, fact->from, b) ? fact->known : IR_NOT_KNOWN;
}

static void learn(struct ir_facts *f, const struct ir_value *v, enum ir_known known, const struct ir_block *b)
{
	if (v->id < f->nvalues && !ir_is_const(v) && !fact(f, v, b))
		f->facts[v->id] = (struct ir_fact){ b, known };
}

void ir_facts_enter(struct ir_facts *f, const struct ir_block *b)
{
	const struct ir_block *pred = b->preds.len == 1 ? b->preds.data[0] : NULL;
	const struct ir_value *cond, *x;
	enum ir_known known;

	if (!pred || pred->last->op != IR_BR)
		return;
	cond = pred->last->args[0];
	known = b == pred->succ[1] ? IR_IS_ZERO : IR_IS_NOT_ZERO;
	learn(f, cond, known, b);
	x = compared_with_zero(cond);
	if (x)
		learn(f, x, through_compare(cond, known), b);
}

enum ir_known ir_facts_in(const struct ir_facts *f, const struct ir_value *v, const struct ir_block *b)
{
	enum ir_known known = fact(f, v, b);
	const struct ir_value *x = known ? NULL : compared_with_zero(v);

	return x ? through_compare(v, fact(f, x, b)) : known;
}

/* What the branch at the end of pred tells of v where it leads to b */
static enum ir_known by_branch(const struct ir_value *v, const struct ir_block *b, const struct ir_block *pred)
{
	const struct ir_value *cond, *x;
	enum ir_known known;

	if (pred->last->op != IR_BR)
		return IR_NOT_KNOWN;
	cond = pred->last->args[0];
	known = b == pred->succ[1] ? IR_IS_ZERO : IR_IS_NOT_ZERO;
	if (v == cond)
		return known;
	x = compared_with_zero(cond);
	return x == v ? through_compare(cond, known) : IR_NOT_KNOWN;
}

enum ir_known ir_facts_on_edge(const struct ir_facts *f, const struct ir_value *v, const struct ir_block *b,
			       const struct ir_block *pred)
{
	const struct ir_value *x = compared_with_zero(v);
	enum ir_known known = by_branch(v, b, pred);

	if (!known && x)
		known = through_compare(v, by_branch(x, b, pred));
	return known ? known : ir_facts_in(f, v, pred);
}
