// SPDX-License-Identifier: GPL-2.0-or-later
/* D: what is printed goes to one place in a clause: a speculation (speculate() before it), nowhere (commit() alone), or the output. */
#include "lang/checking.h"

#include "lang/walk.h"

struct order {
	struct check *c;
	bool speculates, commits, prints;
};

static bool is_printing(enum builtin_id id)
{
	switch (id) {
	case BUILTIN_printf:
	case BUILTIN_print:
	case BUILTIN_printa:
	case BUILTIN_trace:
	case BUILTIN_tracemem:
	case BUILTIN_stack_:
	case BUILTIN_ustack_:
	case BUILTIN_exit:
		return true;
	default:
		return false;
	}
}

static bool is_final(enum builtin_id id)
{
	return builtin_get(id)->flags & BF_DESTRUCTIVE || id == BUILTIN_clear || id == BUILTIN_trunc || id == BUILTIN_normalize ||
	       id == BUILTIN_denormalize;
}

static void check_speculate(struct order *o, const struct expr *e)
{
	if (o->speculates)
		check_error(o->c, e->span, ERR_SPEC_SPEC, "a clause speculates once");
	else if (o->commits)
		check_error(o->c, e->span, ERR_SPEC_COMM, "speculate() stands behind commit()");
	else if (o->prints)
		check_error(o->c, e->span, ERR_SPEC_DREC, "speculate() stands behind what is printed");
	o->speculates = true;
}

static void check_commit(struct order *o, const struct expr *e)
{
	if (o->commits)
		check_error(o->c, e->span, ERR_COMM_COMM, "a clause commits once");
	else if (o->prints)
		check_error(o->c, e->span, ERR_COMM_DREC, "commit() stands behind what is printed");
	o->commits = true;
}

static void check_aggregation(struct order *o, const struct expr *e)
{
	if (o->commits)
		check_error(o->c, e->span, ERR_AGG_COMM, "what is aggregated stands behind commit()");
	else if (o->speculates)
		check_error(o->c, e->span, ERR_AGG_SPEC, "aggregations cannot be speculative");
}

static void visit(void *data, struct expr *e)
{
	struct order *o = data;
	enum builtin_id id;

	if (e->kind != EXPR_CALL || !e->symbol || e->symbol->kind != SYM_FUNCTION)
		return;
	id = e->symbol->builtin;
	if (id == BUILTIN_speculate) {
		check_speculate(o, e);
	} else if (id == BUILTIN_commit) {
		check_commit(o, e);
	} else if (builtin_get(id)->kind == BK_AGG) {
		check_aggregation(o, e);
	} else if (id == BUILTIN_exit && o->speculates) {
		check_error(o->c, e->span, ERR_EXIT_SPEC, "exit() cannot be speculative");
	} else if (is_final(id) && o->speculates) {
		check_error(o->c, e->span, ERR_ACT_SPEC, "%s() cannot be speculative", e->name);
	} else if (is_printing(id)) {
		if (o->commits)
			check_error(o->c, e->span, ERR_DREC_COMM, "%s() stands behind commit()", e->name);
		o->prints = true;
	}
}

void check_d_order(struct check *c, struct clause *clause)
{
	struct order o = { .c = c };

	walk_stmt(clause->body, visit, &o);
}
