// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/lowering.h"

static void lower_list(struct lower *l, const struct stmt *s)
{
	for (; s && l->b.block; s = s->next)
		lower_stmt(l, s);
}

/* if (expr) body [else otherwise] */
static void lower_if(struct lower *l, const struct stmt *s)
{
	struct join *then, *otherwise, *end;

	if (s->expr->is_const && type_is_int(s->expr->type)) {
		lower_list(l, s->expr->value ? s->body : s->otherwise);
		return;
	}
	then = join_create(l);
	otherwise = join_create(l);
	end = join_create(l);
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

/*
 * The one shape of all loops:
 *
 *	header: [limit]; cond → body, end		limit counts iterations where the bound is not the script's own
 *	body: …
 *	next: step → header
 *	end:
 */
struct loop_parts {
	void (*condition)(struct lower *l, const struct stmt *s, struct join *body, struct join *end);
	void (*step)(struct lower *l, const struct stmt *s);
	bool limited;
};

/*
 * Output in a loop goes out with each iteration, what came before the loop goes first: a record has its items in the
 * order of the text.
 */
static void lower_loop(struct lower *l, const struct stmt *s, const struct loop_parts *parts)
{
	struct join *body, *next, *end, *over;
	struct loop_header *header;
	struct loop loop;
	unsigned count = env_add(l, ir_const(&l->b, 0));

	header = loop_enter(l);
	if (!header)
		return;
	body = join_create(l);
	next = join_create(l);
	end = join_create(l);
	if (parts->limited) {
		struct join *within = join_create(l);

		over = join_create(l);
		join_branch(l, ir_binary(&l->b, IR_ULT, l->env[count], ir_const(&l->b, l->env_info->loop_limit)), within, over);
		join_enter(l, over);
		lower_loss(l, LOSS_LOOP_LIMIT, NULL, s->span);
		join_jump(l, end);
		join_enter(l, within);
		l->env[count] = ir_binary(&l->b, IR_ADD, l->env[count], ir_const(&l->b, 1));
	}
	parts->condition(l, s, body, end);
	loop = (struct loop){ .on_break = end, .on_continue = next, .outer = l->loop };
	l->loop = &loop;
	l->depth++;
	join_enter(l, body);
	lower_list(l, s->body);
	join_jump(l, next);
	join_enter(l, next);
	if (l->b.block && parts->step)
		parts->step(l, s);
	loop_back(l, header);
	l->depth--;
	l->loop = loop.outer;
	join_enter(l, end);
}

static void while_condition(struct lower *l, const struct stmt *s, struct join *body, struct join *end)
{
	if (s->expr)
		lower_condition(l, s->expr, body, end);
	else
		join_jump(l, body);
}

static void for_step(struct lower *l, const struct stmt *s)
{
	if (s->step)
		lower_expr(l, s->step);
}

static void range_condition(struct lower *l, const struct stmt *s, struct join *body, struct join *end)
{
	struct local *var = local_find(l, s->symbol);

	join_branch(l, ir_binary(&l->b, IR_SLT, l->env[var->index], lower_number(l, s->limit)), body, end);
}

static void range_step(struct lower *l, const struct stmt *s)
{
	struct local *var = local_find(l, s->symbol);

	l->env[var->index] = ir_binary(&l->b, IR_ADD, l->env[var->index], ir_const(&l->b, 1));
}

static const struct loop_parts while_loop = { while_condition, for_step, true };
static const struct loop_parts range_loop = { range_condition, range_step, true };
static const struct loop_parts counted_loop = { range_condition, range_step, false };

/* for ($i : from..to): needs no limit if the script's own bounds are constants within it. */
static void lower_range(struct lower *l, const struct stmt *s)
{
	struct local *var = local_find(l, s->symbol);
	bool counted = s->expr->is_const && s->limit->is_const &&
		       (int64_t)s->limit->value - (int64_t)s->expr->value <= (int64_t)l->env_info->loop_limit;

	l->env[var->index] = lower_number(l, s->expr);
	lower_loop(l, s, counted ? &counted_loop : &range_loop);
}

static void lower_unroll(struct lower *l, const struct stmt *s)
{
	for (uint64_t i = 0; i < s->expr->value && l->b.block; i++) {
		struct join *next = join_create(l), *end = join_create(l);
		struct loop loop = { .on_break = end, .on_continue = next, .outer = l->loop };

		l->loop = &loop;
		lower_list(l, s->body);
		l->loop = loop.outer;
		if (!next->edges.len && !end->edges.len)
			continue;
		/* break leaves all iterations: what follows is reached by falling through only */
		join_jump(l, next);
		join_enter(l, next);
		if (end->edges.len) {
			lower_unsupported(l, s->span, "break in unroll");
			return;
		}
	}
}

static void lower_let(struct lower *l, const struct stmt *s)
{
	struct local *var = local_find(l, s->symbol);

	if (!s->expr)
		return;
	if (!var->slot)
		l->env[var->index] = lower_convert(l, lower_number(l, s->expr), s->symbol->type);
	else
		var_write(l, s->var, s->expr);
}

void lower_stmt(struct lower *l, const struct stmt *s)
{
	struct span outer = l->b.span;

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
		if (s->init)
			lower_expr(l, s->init);
		lower_loop(l, s, &while_loop);
		break;
	case STMT_WHILE:
		lower_loop(l, s, &while_loop);
		break;
	case STMT_FOR_RANGE:
		lower_range(l, s);
		break;
	case STMT_FOR_MAP:
		lower_unsupported(l, s->span, "a loop over a map");
		break;
	case STMT_UNROLL:
		lower_unroll(l, s);
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
}
