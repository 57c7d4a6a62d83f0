// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loops. Those of few rounds, and all where the kernel has no bpf_loop, are loops in the program too:
 *
 *	header:	cond → body, end; [limit]
 *	body:	…
 *	next:	step → header
 *	end:
 *
 * The verifier follows each of their rounds. Others are a function that bpf_loop calls back, which it looks at once.
 *
 * What is printed in a loop goes out with each round, what was printed before it goes first: a record has its items in the
 * order of the text.
 */
#include "ir/lowering.h"

#include "lang/builtin.h"
#include "lang/walk.h"

/* Of a loop in the program where the kernel has bpf_loop: rounds, and expressions in all of them. */
enum { INLINE_ROUNDS = 16, INLINE_EXPRESSIONS = 320 };

static void condition(struct lower *l, const struct stmt *s, struct join *body, struct join *end)
{
	if (s->kind == STMT_FOR_RANGE) {
		struct local *var = local_find(l, s->symbol);

		join_branch(l, ir_binary(&l->b, IR_SLT, l->env[var->index], lower_number(l, s->limit)), body, end);
	} else if (s->expr) {
		lower_condition(l, s->expr, body, end);
	} else {
		join_jump(l, body);
	}
}

static void step(struct lower *l, const struct stmt *s)
{
	if (!l->b.block)
		return;
	if (s->kind == STMT_FOR_RANGE) {
		struct local *var = local_find(l, s->symbol);

		l->env[var->index] = ir_binary(&l->b, IR_ADD, l->env[var->index], ir_const(&l->b, 1));
	} else if (s->step) {
		lower_expr(l, s->step);
	}
}

/* Goes on while fewer than limit rounds are done. */
static void test_limit(struct lower *l, const struct stmt *s, struct ir_value *rounds, struct ir_value *limit, struct join *end)
{
	struct join *within = join_create(l), *over = join_create(l);

	over->block->unlikely = true;
	join_branch(l, ir_binary(&l->b, IR_ULT, rounds, limit), within, over);
	join_enter(l, over);
	lower_loss(l, LOSS_LOOP_LIMIT, NULL, s->span);
	join_jump(l, end);
	join_enter(l, within);
}

/* --- in the program --- */

/* What the verifier sees before it gives up: instructions in all, branches that wait for their other side. */
enum { VERIFIED_MAX = 800000, BRANCHES_MAX = 8000, INNER_ROUNDS = 32 };

/* What a round costs the verifier: the blocks from the header on, loops in them with all their rounds. */
static struct loop_cost round_cost(const struct lower *l, const struct ir_block *header, struct loop_cost before)
{
	struct loop_cost cost = { l->loops.insns - before.insns + 1, l->loops.branches - before.branches + 1 };
	bool within = false;

	vec_foreach(b, &l->b.func->blocks) {
		within |= *b == header;
		for (const struct ir_value *v = (*b)->first; within && v; v = v->next) {
			cost.insns += v->op != IR_CONST;
			cost.branches += v->op == IR_BR;
		}
	}
	return cost;
}

/*
 * How many rounds the kernel will follow: half of what is left, so that loops behind this one find something too; all of it
 * where the script says how many.
 */
static unsigned affordable(const struct lower *l, struct loop_cost before, struct loop_cost cost, bool known)
{
	uint64_t insns = before.insns < VERIFIED_MAX ? (VERIFIED_MAX - before.insns) / cost.insns : 0;
	uint64_t branches = before.branches < BRANCHES_MAX ? (BRANCHES_MAX - before.branches) / cost.branches : 0;
	uint64_t rounds = insns < branches ? insns : branches;

	if (known)
		return (unsigned)rounds;
	rounds = rounds > 2 ? rounds / 2 : 1;
	return l->loop && rounds > INNER_ROUNDS ? INNER_ROUNDS : (unsigned)rounds;
}

/* known: the number of rounds if the script says it, else there are at most *limit. */
static void afford(struct lower *l, const struct stmt *s, const struct ir_block *header, struct loop_cost before,
		   int64_t known, struct ir_value *limit)
{
	struct loop_cost cost = round_cost(l, header, before);
	unsigned most = affordable(l, before, cost, !limit);
	uint64_t rounds = limit ? (uint64_t)limit->imm : (uint64_t)known;

	if (limit && rounds > most)
		rounds = (uint64_t)(limit->imm = most);
	if (rounds > most) {
		diag_error(l->diag, s->span, "LOOP", "this kernel would follow %u rounds of this loop, not %llu", most,
			   (unsigned long long)rounds);
		diag_hint(l->diag, "Linux has bpf_loop, which takes any number, from 5.17 on");
		l->failed = true;
	}
	l->loops.insns = before.insns + rounds * cost.insns;
	l->loops.branches = before.branches + rounds * cost.branches;
}

/* limit 0: it ends by itself, after `known` rounds */
static void loop_inline(struct lower *l, const struct stmt *s, unsigned limit, int64_t known)
{
	struct join *body, *next, *end;
	struct loop_header *header;
	struct loop_cost before = l->loops;
	struct ir_value *most = NULL;
	struct loop loop;
	unsigned count = env_add(l, ir_const(&l->b, 0));

	header = loop_enter(l);
	if (!header)
		return;
	body = join_create(l);
	next = join_create(l);
	end = join_create(l);
	l->depth++;
	condition(l, s, body, end);
	join_enter(l, body);
	if (limit) {
		most = ir_const(&l->b, limit);
		test_limit(l, s, l->env[count], most, end);
		l->env[count] = ir_binary(&l->b, IR_ADD, l->env[count], ir_const(&l->b, 1));
	}
	loop = (struct loop){ .on_break = end, .on_continue = next, .outer = l->loop };
	l->loop = &loop;
	lower_list(l, s->body);
	l->loop = loop.outer;
	join_jump(l, next);
	join_enter(l, next);
	step(l, s);
	loop_back(l, header);
	l->depth--;
	if (!lower_has(l, "loop"))
		afford(l, s, header->block, before, known, most && ir_is_const(most) ? most : NULL);
	join_enter(l, end);
}

/* --- called back --- */

static void note_output(void *data, struct expr *e)
{
	if (e->kind == EXPR_CALL && e->symbol && e->symbol->kind == SYM_FUNCTION &&
	    builtin_get(e->symbol->builtin)->kind == BK_ACTION)
		*(bool *)data = true;
}

/* What was printed before a loop that prints is sent. */
static void send_before(struct lower *l, const struct stmt *s)
{
	struct join *some, *nothing;
	bool prints = false;

	walk_expr(s->expr, note_output, &prints);
	walk_expr(s->step, note_output, &prints);
	walk_stmt(s->body, note_output, &prints);
	if (!prints || !l->rec.def || (ir_is_const(l->env[ENV_PRESENT]) && !l->env[ENV_PRESENT]->imm))
		return;
	some = join_create(l);
	nothing = join_create(l);
	join_branch(l, ir_binary(&l->b, IR_NE, l->env[ENV_PRESENT], ir_const(&l->b, 0)), some, nothing);
	join_enter(l, some);
	record_send(l, true);
	join_jump(l, nothing);
	join_enter(l, nothing);
	l->env[ENV_PRESENT] = l->env[ENV_TAIL] = ir_const(&l->b, 0);
}

static void loop_called(struct lower *l, const struct stmt *s, unsigned limit, unsigned rounds)
{
	static const enum ir_type params[] = { IR_I64, IR_PTR };
	struct join *body, *next, *again;
	struct callback *c;
	struct ir_value *holder;

	send_before(l, s);
	c = callback_begin(l, params, 2, 1);
	body = join_create(l);
	l->depth++;
	condition(l, s, body, l->loop->on_break);
	join_enter(l, body);
	if (limit)
		test_limit(l, s, ir_param(&l->b, 0), ir_const(&l->b, limit), l->loop->on_break);
	next = join_create(l);
	again = l->loop->on_continue;
	l->loop->on_continue = next;
	lower_list(l, s->body);
	l->loop->on_continue = again;
	join_jump(l, next);
	join_enter(l, next);
	step(l, s);
	join_jump(l, again);
	l->depth--;
	holder = callback_end(l, c);
	ir_call(&l->b, IR_H_loop, ir_const(&l->b, rounds), ir_func_addr(&l->b, callback_func(c)), holder, ir_const(&l->b, 0));
	callback_resume(l, c);
}

/* The number of rounds of for ($i : from..to) with constants, at most CHECK_ROUNDS_MAX, or -1. */
static int64_t known_rounds(const struct stmt *s)
{
	if (s->kind != STMT_FOR_RANGE || !s->expr->is_const || !s->limit->is_const)
		return -1;
	if ((int64_t)s->limit->value <= (int64_t)s->expr->value)
		return 0;
	return (int64_t)(s->limit->value - s->expr->value);
}

static void count_expression(void *data, struct expr *e)
{
	(void)e;
	++*(unsigned *)data;
}

static bool has_loop(const struct stmt *s)
{
	for (; s; s = s->next)
		if (s->kind == STMT_WHILE || s->kind == STMT_FOR || s->kind == STMT_FOR_RANGE || s->kind == STMT_FOR_MAP ||
		    has_loop(s->body) || has_loop(s->otherwise))
			return true;
	return false;
}

static bool is_small(const struct stmt *s, int64_t rounds)
{
	unsigned n = 0;

	if (rounds < 0 || rounds > INLINE_ROUNDS || has_loop(s->body))
		return false;
	walk_stmt(s->body, count_expression, &n);
	return rounds * n <= INLINE_EXPRESSIONS;
}

static void lower_counted(struct lower *l, const struct stmt *s)
{
	unsigned limit = l->env_info->loop_limit;
	int64_t known = known_rounds(s);

	/* a callback that is called no times is no function to the kernel, which then misses it */
	if (!known)
		return;
	if (known >= 0)
		limit = 0;
	if (is_small(s, known) || !lower_has(l, "loop"))
		loop_inline(l, s, limit, known);
	else
		loop_called(l, s, limit, limit ? limit + 1 : (unsigned)known);
}

static void lower_unroll(struct lower *l, const struct stmt *s)
{
	struct join *end = join_create(l);

	l->depth++;
	for (uint64_t i = 0; i < s->expr->value && l->b.block; i++) {
		struct join *next = join_create(l);
		struct loop loop = { .on_break = end, .on_continue = next, .outer = l->loop };

		l->loop = &loop;
		lower_list(l, s->body);
		l->loop = loop.outer;
		join_jump(l, next);
		join_enter(l, next);
	}
	l->depth--;
	join_jump(l, end);
	join_enter(l, end);
}

/* --- over a map --- */

/* A map's entry as memory of the tuple's parts: the parts of the key, in order, then the value. */
struct entry {
	const struct map_def *map;
	struct ir_value *key, *tuple;
	unsigned field;
};

static void copy_key(struct lower *l, struct entry *e, const struct type *t, unsigned offset)
{
	const struct key_field *field;

	if (t->kind == TYPE_TUPLE) {
		for (unsigned i = 0; i < t->nparts; i++)
			copy_key(l, e, t->parts[i], offset + type_tuple_offset(t, i));
		return;
	}
	field = &e->map->key.data[e->field++];
	ir_copy(&l->b, ir_padd(&l->b, e->tuple, NULL, offset), ir_padd(&l->b, e->key, NULL, field->offset), field->size);
}

static void copy_value(struct lower *l, const struct type *stored, const struct type *t, struct ir_value *from,
		       struct ir_value *to)
{
	if (stored->kind == TYPE_AGG)
		ir_store(&l->b, t->size, to, 0, agg_read(l, stored, from));
	else if (type_is_scalar(t))
		ir_store(&l->b, t->size, to, 0, ir_load(&l->b, 8, from, 0));
	else
		ir_copy(&l->b, to, from, t->size);
}

/* The map as a helper's argument, or NULL after a report. */
static bool can_iterate(struct lower *l, struct span span, const char *what)
{
	if (lower_has(l, "for_each_map_elem"))
		return true;
	diag_error(l->diag, span, "KERNEL_FEATURE", "this kernel has no bpf_for_each_map_elem, which %s needs", what);
	diag_hint(l->diag, "Linux has it from 5.13 on");
	l->failed = true;
	return false;
}

/* Of a map-in-map the inner one; control goes to none if there is none. */
static struct ir_value *map_argument(struct lower *l, struct map_def *map, struct join *none)
{
	struct ir_value *inner;
	struct join *found;

	if (!map_is_inner(map))
		return ir_map(&l->b, map);
	found = join_create(l);
	inner = ir_inner_map(&l->b, map, ir_slot(&l->b, 4, 4, "outer"));
	join_branch(l, ir_binary(&l->b, IR_NE, inner, ir_const(&l->b, 0)), found, none);
	join_enter(l, found);
	return inner;
}

static const enum ir_type each_params[] = { IR_PTR, IR_PTR, IR_PTR, IR_PTR };
enum { EACH_KEY = 1, EACH_VALUE, EACH_HOLDER };

static void lower_for_map(struct lower *l, const struct stmt *s)
{
	struct var_plan *plan = var_plan(s->expr);
	struct local *var = local_find(l, s->symbol);
	const struct type *t = s->symbol->type;
	struct ir_slot *outer_slot = var->slot;
	struct join *none = join_create(l);
	struct callback *c;
	struct entry e = { .map = plan->def.map };
	struct ir_value *holder;

	if (!can_iterate(l, s->span, "a loop over a map"))
		return;
	send_before(l, s);
	c = callback_begin(l, each_params, 4, EACH_HOLDER);
	e.key = ir_param(&l->b, EACH_KEY);
	e.tuple = ir_slot(&l->b, (t->size + 7) & ~7u, 8, s->symbol->name);
	var->slot = e.tuple->slot;
	ir_zero(&l->b, e.tuple, var->slot->size);
	copy_key(l, &e, t->parts[0], type_tuple_offset(t, 0));
	copy_value(l, plan->def.value, t->parts[1], ir_param(&l->b, EACH_VALUE),
		   ir_padd(&l->b, e.tuple, NULL, type_tuple_offset(t, 1)));
	l->depth++;
	lower_list(l, s->body);
	l->depth--;
	join_jump(l, l->loop->on_continue);
	var->slot = outer_slot;
	holder = callback_end(l, c);
	ir_call(&l->b, IR_H_for_each_map_elem, map_argument(l, plan->def.map, none), ir_func_addr(&l->b, callback_func(c)), holder,
		ir_const(&l->b, 0));
	join_jump(l, none);
	join_enter(l, none);
	callback_resume(l, c);
}

/* The number of keys: how many were gone over, doing nothing. */
struct ir_value *lower_len(struct lower *l, const struct expr *e)
{
	struct map_def *map = var_plan(e->args.data[0])->def.map;
	struct ir_builder *b = &l->b;
	struct join *none = join_create(l);
	unsigned result = env_add(l, ir_const(b, 0));
	struct callback *c;
	struct ir_value *holder;

	if (!can_iterate(l, e->span, "len()"))
		return ir_const(b, 0);
	c = callback_begin(l, each_params, 4, EACH_HOLDER);
	join_jump(l, l->loop->on_continue);
	holder = callback_end(l, c);
	l->env[result] = ir_call(b, IR_H_for_each_map_elem, map_argument(l, map, none), ir_func_addr(b, callback_func(c)), holder,
				 ir_const(b, 0));
	join_jump(l, none);
	join_enter(l, none);
	return env_take(l, result);
}

void lower_loop(struct lower *l, const struct stmt *s)
{
	struct ir_value *first;

	switch (s->kind) {
	case STMT_UNROLL:
		lower_unroll(l, s);
		return;
	case STMT_FOR_MAP:
		lower_for_map(l, s);
		return;
	case STMT_FOR_RANGE:
		first = lower_number(l, s->expr);
		l->env[local_find(l, s->symbol)->index] = first;	/* which may have moved meanwhile */
		break;
	default:
		if (s->init)
			lower_expr(l, s->init);
	}
	if (l->b.block)
		lower_counted(l, s);
}
