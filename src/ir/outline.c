// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/outline.h"

#include <string.h>

/* --- functions --- */

struct ir_func *outline_find(const struct lower *l, const char *name)
{
	vec_foreach(f, &l->b.program->funcs)
		if (!strcmp((*f)->name, name))
			return *f;
	return NULL;
}

static void begin(struct lower *l, struct outline *o, const char *name)
{
	struct span span = l->b.span;

	o->caller = *l;
	o->func = ir_func_add(l->result->module, l->b.program, name, IR_I64);
	o->func->span = span;
	ir_builder_start(&l->b, l->result->module, l->b.program, o->func);
	l->b.span = span;
	l->env = NULL;
	l->nenv = l->env_cap = 0;
}

static void add_param(struct lower *l, struct outline *o, enum ir_type type)
{
	*arena_vec_add(l->arena, &o->func->params) = type;
}

void outline_begin(struct lower *l, struct outline *o, const char *name, unsigned nparams)
{
	begin(l, o, name);
	o->func->global = true;
	for (unsigned i = 0; i < nparams; i++)
		add_param(l, o, IR_I64);
}

struct ir_func *outline_end(struct lower *l, struct outline *o)
{
	o->caller.failed |= l->failed;
	*l = o->caller;
	return o->func;
}

/* --- memory --- */

struct memory memory_create(struct lower *l, const char *name)
{
	struct memory m = { .base = ir_slot(&l->b, 8, 8, name) };

	m.slot = m.base->slot;
	m.slot->size = 0;
	m.slot->indexed = true;
	return m;
}

unsigned memory_add(struct memory *m, unsigned size)
{
	unsigned at = m->slot->size;

	m->slot->size += (size + 7) & ~7u;
	return at;
}

unsigned memory_add_string(struct lower *l, struct memory *m, unsigned bound, struct ir_value *address)
{
	unsigned at = memory_add(m, bound);

	read_string(l, ir_padd(&l->b, m->base, NULL, at), ir_const(&l->b, bound), address, MEMORY_KERNEL, SPAN_NONE);
	return at;
}

unsigned memory_add_word(struct lower *l, struct memory *m, struct ir_value *v)
{
	unsigned at = memory_add(m, 8);

	memory_set_word(l, m, at, v);
	return at;
}

struct ir_value *memory_element(struct lower *l, const struct memory *m, unsigned at, unsigned size, struct ir_value *index,
				unsigned count)
{
	struct ir_builder *b = &l->b;

	index = ir_binary(b, IR_AND, index, ir_const(b, count - 1));
	return ir_padd(b, m->base, ir_binary(b, IR_MUL, index, ir_const(b, size)), at);
}

struct ir_value *memory_byte(struct lower *l, const struct memory *m, unsigned at, struct ir_value *index, unsigned count)
{
	return ir_load(&l->b, 1, memory_element(l, m, at, 1, index, count), 0);
}

struct ir_value *memory_word(struct lower *l, const struct memory *m, unsigned at)
{
	return ir_load(&l->b, 8, m->base, at);
}

void memory_set_word(struct lower *l, const struct memory *m, unsigned at, struct ir_value *v)
{
	ir_store(&l->b, 8, m->base, at, v);
}

/* --- rounds --- */

static struct ir_value *begin_callback(struct lower *l, struct rounds *r)
{
	struct ir_program *p = l->b.program;

	begin(l, &r->body, arena_printf(l->arena, "round_%u", p->funcs.len));
	add_param(l, &r->body, IR_I64);
	add_param(l, &r->body, IR_PTR);
	r->stop = join_create(l);
	r->m->base = ir_loadp(&l->b, ir_param(&l->b, 1), 0);
	return ir_param(&l->b, 0);
}

struct ir_value *rounds_begin(struct lower *l, struct rounds *r, struct memory *m, unsigned n)
{
	struct join *go_on;

	*r = (struct rounds){ .m = m, .outer = m->base, .called = lower_has(l, "loop"), .n = n };
	if (r->called)
		return begin_callback(l, r);
	r->stop = join_create(l);
	go_on = join_create(l);
	r->count = env_add(l, ir_const(&l->b, 0));
	r->header = loop_enter(l);
	join_branch(l, ir_binary(&l->b, IR_ULT, l->env[r->count], ir_const(&l->b, n)), go_on, r->stop);
	join_enter(l, go_on);
	return l->env[r->count];
}

void rounds_stop_if(struct lower *l, struct rounds *r, struct ir_value *cond)
{
	struct join *go_on = join_create(l);

	/* out of the way: the verifier looks first at what comes next, and so leaves one way to be looked at, not one a round */
	go_on->block->unlikely = !r->called;
	join_branch(l, cond, r->stop, go_on);
	join_enter(l, go_on);
}

void rounds_end(struct lower *l, struct rounds *r)
{
	struct ir_builder *b = &l->b;
	struct ir_value *context;
	struct ir_func *f;

	if (!r->called) {
		l->env[r->count] = ir_binary(b, IR_ADD, l->env[r->count], ir_const(b, 1));
		loop_back(l, r->header);
		join_enter(l, r->stop);
		return;
	}
	ir_ret(b, ir_const(b, 0));
	join_enter(l, r->stop);
	ir_ret(b, ir_const(b, 1));
	r->m->base = r->outer;
	f = outline_end(l, &r->body);
	context = ir_slot(b, 8, 8, "context");
	ir_store(b, 8, context, 0, r->outer);
	ir_call(b, IR_H_loop, ir_const(b, r->n), ir_func_addr(b, f), context, ir_const(b, 0));
}

/* --- without branches --- */

static struct ir_value *sign_bit(struct lower *l, struct ir_value *x)
{
	return ir_binary(&l->b, IR_LSHR, x, ir_const(&l->b, 63));
}

struct ir_value *word_is_set(struct lower *l, struct ir_value *x)
{
	return sign_bit(l, ir_binary(&l->b, IR_OR, x, ir_unary(&l->b, IR_NEG, x)));
}

struct ir_value *small_is_set(struct lower *l, struct ir_value *x)
{
	return ir_binary(&l->b, IR_LSHR, ir_binary(&l->b, IR_ADD, x, ir_const(&l->b, 0xffff)), ir_const(&l->b, 16));
}

struct ir_value *bytes_equal(struct lower *l, struct ir_value *x, struct ir_value *y)
{
	return sign_bit(l, ir_binary(&l->b, IR_SUB, ir_binary(&l->b, IR_XOR, x, y), ir_const(&l->b, 1)));
}

struct ir_value *word_choose(struct lower *l, struct ir_value *mask, struct ir_value *x, struct ir_value *y)
{
	struct ir_builder *b = &l->b;

	return ir_binary(b, IR_XOR, y, ir_binary(b, IR_AND, ir_binary(b, IR_XOR, x, y), ir_unary(b, IR_NEG, mask)));
}
