// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/lowering.h"

void lower_list(struct lower *l, const struct stmt *s)
{
	for (; s && l->b.block; s = s->next)
		lower_stmt(l, s);
}

/* if (expr) body [else otherwise] */
static void lower_if(struct lower *l, const struct stmt *s)
{
	struct join *then = join_create(l), *otherwise = join_create(l), *end = join_create(l);

	lower_condition(l, s->expr, then, otherwise);
	l->depth++;
	join_enter(l, then);
	lower_list(l, s->body);
	join_jump(l, end);
	join_enter(l, otherwise);
	lower_list(l, s->otherwise);
	join_jump(l, end);
	l->depth--;
	join_enter(l, end);
}

static void lower_let(struct lower *l, const struct stmt *s)
{
	struct local *var = local_find(l, s->symbol);
	struct ir_value *v;

	if (!s->expr)
		return;
	var->object = NULL;
	if (var->slot) {
		var_write(l, s->var, s->expr);
		return;
	}
	v = lower_convert(l, lower_number(l, s->expr), s->symbol->type);
	l->env[var->index] = v;	/* which may have moved meanwhile */
}

void lower_stmt(struct lower *l, const struct stmt *s)
{
	struct span outer = l->b.span;
	unsigned nenv = l->nenv;

	if (!l->b.block)
		return;
	l->b.span = s->span;
	switch (s->kind) {
	case STMT_BLOCK:
		lower_list(l, s->body);
		break;
	case STMT_EXPR:
		if (!lower_action(l, s->expr))
			lower_expr(l, s->expr);
		break;
	case STMT_IF:
		lower_if(l, s);
		break;
	case STMT_FOR:
	case STMT_WHILE:
	case STMT_FOR_RANGE:
	case STMT_FOR_MAP:
	case STMT_UNROLL:
		lower_loop(l, s);
		break;
	case STMT_DELETE:
		var_delete(l, s->expr);
		break;
	case STMT_RETURN:
		join_jump(l, l->clause_end);
		break;
	case STMT_BREAK:
		join_jump(l, l->loop->on_break);
		break;
	case STMT_CONTINUE:
		join_jump(l, l->loop->on_continue);
		break;
	case STMT_LET:
		lower_let(l, s);
		break;
	}
	l->b.span = outer;
	if (l->nenv > nenv)	/* what the statement alone needed */
		l->nenv = nenv;
}
