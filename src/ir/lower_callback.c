// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bodies of loops as functions that a helper calls back (bpf_loop, bpf_for_each_map_elem), and clauses in functions. They go
 * on with the locals of the clause or the event they are in:
 *
 *	context, on the caller's stack	where the numbers are; the program's context; addresses of the slots that are used
 *	numbers, in the scratch map	a word for each place in env that the body reads or changes, and how it was left
 *
 * The verifier does not follow what is in the scratch map, so it need not see each round. What is sent is sent before the
 * loop and within each round, so ENV_PRESENT and ENV_TAIL are 0 on the way in and out.
 */
#include "ir/lowering.h"

#include <assert.h>
#include <string.h>

enum { HOLDER_NUMBERS = 0, HOLDER_CONTEXT = 8, HOLDER_SLOTS = 16 };
/* how a callback was left, other than for the next round */
enum { LEFT_STOPPED = 1, LEFT_RETURN, LEFT_EXIT };

struct saved {
	struct ir_builder b;
	struct ir_value **env;
	struct known known;
	unsigned nenv, env_cap;
	struct join *clause_end, *event_end;
	struct loop *loop;
};

struct callback {
	struct callback *outer;
	struct saved caller;
	struct ir_func *func;
	struct ir_value *holder, *base;
	struct ir_value **initial;	/* what env was at its begin */
	unsigned n;
	bool *changed;
	VEC(struct ir_slot *) slots;
	struct loop loop;
	struct join *on_return, *on_exit;
	struct ir_value *numbers;	/* the caller's */
};

static struct saved save(const struct lower *l)
{
	return (struct saved){
		.b = l->b, .env = l->env, .known = l->known, .nenv = l->nenv, .env_cap = l->env_cap,
		.clause_end = l->clause_end, .event_end = l->event_end, .loop = l->loop,
	};
}

static void restore(struct lower *l, const struct saved *s)
{
	l->b = s->b;
	l->env = s->env;
	l->known = s->known;
	l->nenv = s->nenv;
	l->env_cap = s->env_cap;
	l->clause_end = s->clause_end;
	l->event_end = s->event_end;
	l->loop = s->loop;
}

/* --- slots --- */

static bool is_slot_of(const struct ir_func *f, const struct ir_slot *slot)
{
	return slot->id < f->slots.len && f->slots.data[slot->id] == slot;
}

static unsigned slot_index(struct lower *l, struct ir_slot *slot)
{
	struct callback *c = l->callback;

	for (unsigned i = 0; i < c->slots.len; i++)
		if (c->slots.data[i] == slot)
			return i;
	slot->indexed = true;	/* for the verifier not to follow what is in it */
	*arena_vec_add(l->arena, &c->slots) = slot;
	return c->slots.len - 1;
}

struct ir_value *lower_slot_address(struct lower *l, struct ir_slot *slot)
{
	if (is_slot_of(l->b.func, slot))
		return ir_slot_addr(&l->b, slot);
	assert(l->callback);
	return ir_loadp(&l->b, l->callback->holder, HOLDER_SLOTS + 8 * slot_index(l, slot));
}

/* --- the callback --- */

static bool is_carried(const struct callback *c, unsigned i)
{
	return i >= ENV_LOCALS && c->caller.env[i]->type == IR_I64;
}

struct callback *callback_begin(struct lower *l, const enum ir_type *params, unsigned nparams, unsigned holder)
{
	struct callback *c = arena_new(l->arena, struct callback);
	struct ir_value *zero;

	c->outer = l->callback;
	c->caller = save(l);
	c->n = l->nenv;
	c->func = ir_func_add(l->result->module, l->b.program, arena_printf(l->arena, "body_%u", l->b.program->funcs.len), IR_I64);
	c->func->span = l->b.span;
	for (unsigned i = 0; i < nparams; i++)
		*arena_vec_add(l->arena, &c->func->params) = params[i];
	ir_builder_start(&l->b, l->result->module, l->b.program, c->func);
	l->b.span = c->func->span;
	c->holder = ir_param(&l->b, holder);
	c->base = ir_loadp(&l->b, c->holder, HOLDER_NUMBERS);
	l->b.context = ir_loadp(&l->b, c->holder, HOLDER_CONTEXT);
	zero = ir_const(&l->b, 0);
	l->env_cap = c->n;
	l->env = arena_array(l->arena, struct ir_value *, c->n);
	for (unsigned i = 0; i < c->n; i++)
		l->env[i] = is_carried(c, i) ? ir_load(&l->b, 8, c->base, 8 * i) : zero;
	c->initial = arena_memdup(l->arena, l->env, c->n * sizeof(*l->env));
	c->changed = arena_array(l->arena, bool, c->n);
	c->loop = (struct loop){ .on_break = join_create(l), .on_continue = join_create(l), .outer = l->loop };
	c->on_return = join_create(l);
	c->on_exit = join_create(l);
	l->clause_end = c->on_return;
	l->event_end = c->on_exit;
	l->loop = &c->loop;
	l->known = (struct known){ 0 };
	l->callback = c;
	return c;
}

/*
 * Whether v is x, which is no PHI: loops make PHIs of all that is in env, of what they leave alone, too. What is taken for changed
 * comes back as a number that the verifier knows nothing of, and it may be what ends a loop around.
 */
static bool is_same(struct ir_value *v, const struct ir_value *x, void *visit)
{
	if (v->op != IR_PHI || v->aux == visit)
		return v == x || v->op == IR_PHI;
	v->aux = visit;
	for (unsigned i = 0; i < v->nargs; i++)
		if (!is_same(v->args[i], x, visit))
			return false;
	return true;
}

static void leave(struct lower *l, struct callback *c, struct join *j, unsigned how)
{
	struct ir_builder *b = &l->b;

	join_enter(l, j);
	if (!b->block)
		return;
	for (unsigned i = ENV_LOCALS; i < c->n; i++)
		if (!is_same(l->env[i], c->initial[i], arena_alloc(l->arena, 1))) {
			c->changed[i] = true;
			ir_store(b, 8, c->base, 8 * i, l->env[i]);
		}
	if (how)
		ir_store(b, 8, c->base, 8 * c->n, ir_const(b, how));
	ir_ret(b, ir_const(b, how != 0));
}

/* Which of the numbers the callback reads. */
static bool *find_used(struct lower *l, const struct callback *c)
{
	bool *used = arena_array(l->arena, bool, c->n);

	vec_foreach(block, &c->func->blocks)
		for (const struct ir_value *v = (*block)->first; v; v = v->next)
			for (unsigned i = 0; i < v->nargs; i++) {
				const struct ir_value *arg = v->args[i];

				if (arg->op == IR_LOAD && arg->args[0] == c->base && arg->imm < 8 * c->n &&
				    c->initial[arg->imm / 8] == arg)
					used[arg->imm / 8] = true;
			}
	return used;
}

struct ir_value *callback_end(struct lower *l, struct callback *c)
{
	struct ir_builder *b = &l->b;
	struct ir_value *holder;
	bool *used;

	leave(l, c, c->loop.on_continue, 0);
	leave(l, c, c->loop.on_break, LEFT_STOPPED);
	leave(l, c, c->on_return, LEFT_RETURN);
	leave(l, c, c->on_exit, LEFT_EXIT);
	used = find_used(l, c);
	restore(l, &c->caller);
	l->callback = c->outer;
	c->numbers = ir_slot(b, 8 * (c->n + 1), 8, "numbers");
	c->numbers->slot->indexed = true;
	for (unsigned i = ENV_LOCALS; i < c->n; i++)
		if (used[i] || c->changed[i])
			ir_store(b, 8, c->numbers, 8 * i, l->env[i]);
	ir_store(b, 8, c->numbers, 8 * c->n, ir_const(b, 0));
	holder = ir_slot(b, HOLDER_SLOTS + 8 * c->slots.len, 8, "holder");
	ir_store(b, 8, holder, HOLDER_NUMBERS, c->numbers);
	ir_store(b, 8, holder, HOLDER_CONTEXT, ir_ctx(b));
	for (unsigned i = 0; i < c->slots.len; i++)
		ir_store(b, 8, holder, HOLDER_SLOTS + 8 * i, lower_slot_address(l, c->slots.data[i]));
	return holder;
}

struct ir_func *callback_func(const struct callback *c)
{
	return c->func;
}

static void go_where_it_went(struct lower *l, struct callback *c, struct join *left, unsigned how, struct join *to)
{
	struct join *go_on;

	if (!left->edges.len)
		return;
	go_on = join_create(l);
	join_branch(l, ir_binary(&l->b, IR_EQ, ir_load(&l->b, 8, c->numbers, 8 * c->n), ir_const(&l->b, how)), to, go_on);
	join_enter(l, go_on);
}

void callback_resume(struct lower *l, struct callback *c)
{
	for (unsigned i = ENV_LOCALS; i < c->n; i++)
		if (c->changed[i])
			l->env[i] = ir_load(&l->b, 8, c->numbers, 8 * i);
	go_where_it_went(l, c, c->on_return, LEFT_RETURN, l->clause_end);
	go_where_it_went(l, c, c->on_exit, LEFT_EXIT, l->event_end);
}
