// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Strings, and other values that lie in memory. A string is the address of type->size bytes that hold it with its final 0;
 * what follows the 0 counts only where it becomes a key or is stored: then it must be zeros ("padded").
 */
#include "ir/lowering.h"

#include <string.h>

static unsigned round_up(unsigned n, unsigned align)
{
	return (n + align - 1) & ~(align - 1);
}

static struct value memory(const struct type *type, struct ir_value *v, bool padded)
{
	return (struct value){ .kind = VALUE_MEMORY, .type = type, .v = v, .padded = padded };
}

struct value string_slot(struct lower *l, unsigned capacity, const char *name)
{
	struct ir_value *slot = ir_slot(&l->b, round_up(capacity, 8), 8, name);

	slot->slot->indexed = true;
	return memory(type_string_of(l->arena, capacity), slot, false);
}

/* Literals lie in data, one copy of each. */
struct value string_literal(struct lower *l, const char *text, size_t len, unsigned capacity)
{
	struct data_def *data = &l->result->data;
	unsigned size = round_up(capacity > len ? capacity : (unsigned)len + 1, 8);
	char *bytes;

	vec_foreach(init, &data->inits)
		if (init->size >= size && !memcmp(init->bytes, text, len) && !((const char *)init->bytes)[len] && init->size == size)
			return memory(type_string_of(l->arena, size), ir_data(&l->b, data->map, init->offset), true);
	bytes = arena_alloc(l->arena, size);
	memcpy(bytes, text, len);
	return memory(type_string_of(l->arena, size), ir_data(&l->b, data->map, data_init(l->arena, data, bytes, size)), true);
}

struct value memory_resize(struct lower *l, struct value v, unsigned size, bool padded)
{
	struct ir_value *slot;

	if (!l->b.block || (v.type->size >= size && (v.padded || !padded)))
		return v;
	slot = ir_slot(&l->b, round_up(size, 8), 8, NULL);
	ir_zero(&l->b, slot, round_up(size, 8));
	if (v.padded || v.type->kind != TYPE_STRING)
		ir_copy(&l->b, slot, v.v, v.type->size < size ? v.type->size : size);
	else
		ir_call(&l->b, IR_H_probe_read_kernel_str, slot, ir_const(&l->b, size), v.v);
	v.v = slot;
	v.padded = true;
	v.on_stack = true;
	if (v.type->kind == TYPE_STRING)
		v.type = type_string_of(l->arena, size);
	return v;
}

/* Reads, and goes on where that failed; else to ok with the length in env[result]. */
static void try_read(struct lower *l, enum ir_helper read, struct ir_value *to, struct ir_value *capacity, struct ir_value *address,
		     unsigned result, struct join *ok)
{
	struct join *fault = join_create(l);

	fault->block->unlikely = true;
	l->env[result] = ir_call(&l->b, read, to, capacity, address);
	join_branch(l, ir_binary(&l->b, IR_SLT, ir_const(&l->b, 0), l->env[result]), ok, fault);
	join_enter(l, fault);
}

/* Where reading from the user failed: before 6.8 the kernel says 0 of a user's "". */
static void accept_empty(struct lower *l, struct ir_value *to, unsigned result, struct join *ok)
{
	struct ir_value *n = l->env[result];
	struct join *failed = join_create(l);

	if (!l->b.block)
		return;
	failed->block->unlikely = true;
	ir_store(&l->b, 1, to, 0, ir_const(&l->b, 0));
	l->env[result] = ir_const(&l->b, 1);
	join_branch(l, ir_binary(&l->b, IR_SLT, n, ir_const(&l->b, 0)), failed, ok);
	join_enter(l, failed);
}

struct ir_value *read_string(struct lower *l, struct ir_value *to, struct ir_value *capacity, struct ir_value *address,
			     enum memory_kind from, struct span span)
{
	unsigned result = env_add(l, ir_const(&l->b, 1));
	struct join *end = join_create(l);

	if (from == MEMORY_USER || from == MEMORY_USER_FIRST) {
		try_read(l, IR_H_probe_read_user_str, to, capacity, address, result, end);
		accept_empty(l, to, result, end);
	}
	if (from != MEMORY_USER && l->b.block)
		try_read(l, IR_H_probe_read_kernel_str, to, capacity, address, result, end);
	if (from == MEMORY_KERNEL_FIRST && l->b.block) {
		try_read(l, IR_H_probe_read_user_str, to, capacity, address, result, end);
		accept_empty(l, to, result, end);
	}
	if (l->b.block)
		ir_store(&l->b, 1, to, 0, ir_const(&l->b, 0));
	if (span.pos && l->b.block) {
		l->env[result] = ir_const(&l->b, 1);
		lower_read_failed(l, from == MEMORY_USER ? LOSS_USER_STRING : LOSS_READ_FAILED, address->type == IR_I64 ? address : NULL, span, end);
	}
	if (l->b.block)
		l->env[result] = ir_const(&l->b, 1);
	join_jump(l, end);
	join_enter(l, end);
	return env_take(l, result);
}

/* --- where strings come from --- */

bool reads_string(const struct expr *e)
{
	return e->kind == EXPR_CALL && e->symbol &&
	       (e->symbol->builtin == BUILTIN_str || e->symbol->builtin == BUILTIN_copyinstr ||
		e->symbol->builtin == BUILTIN_stringof) &&
	       type_is_scalar(e->args.data[0]->type);
}

struct ir_value *read_capacity(struct lower *l, const struct expr *e, unsigned capacity)
{
	struct join *more, *less, *end;
	struct ir_value *n;
	unsigned result;

	if (e->args.len < 2)
		return ir_const(&l->b, capacity);
	n = ir_binary(&l->b, IR_ADD, lower_number(l, e->args.data[1]), ir_const(&l->b, 1));
	if (ir_is_const(n))
		return ir_const(&l->b, (uint64_t)n->imm < capacity ? n->imm : capacity);
	more = join_create(l);
	less = join_create(l);
	end = join_create(l);
	result = env_add(l, n);
	join_branch(l, ir_binary(&l->b, IR_ULT, n, ir_const(&l->b, capacity)), less, more);
	join_enter(l, more);
	l->env[result] = ir_const(&l->b, capacity);
	join_jump(l, end);
	join_enter(l, less);
	join_jump(l, end);
	join_enter(l, end);
	return env_take(l, result);
}

static bool is_bytes(const struct type *t)
{
	return t->kind == TYPE_VOID || t->size == 1;
}

/* A number may be an address of either memory, and so may what a kernel function takes as a char *: the kernel's types do not tell. */
static enum memory_kind reads_from(const struct expr *e)
{
	const struct expr *p = e->args.data[0];

	if (e->symbol->builtin == BUILTIN_copyinstr || p->user || p->type->user)
		return MEMORY_USER;
	if (p->type->kind != TYPE_POINTER)
		return MEMORY_USER_FIRST;
	return is_bytes(p->type->target) && p->kind == EXPR_MEMBER && p->is_arg ? MEMORY_KERNEL_FIRST : MEMORY_KERNEL;
}

bool reads_user(const struct expr *e)
{
	const struct expr *p = e->args.data[0];

	if (e->symbol->builtin == BUILTIN_copyinstr)
		return true;
	return p->user || (p->type->kind == TYPE_POINTER ? p->type->user : true);
}

static struct ir_value *read_into(struct lower *l, const struct expr *e, struct ir_value *to, unsigned capacity)
{
	struct ir_value *address = lower_number(l, e->args.data[0]);
	struct ir_value *size = read_capacity(l, e, capacity);

	if (!l->b.block)
		return ir_const(&l->b, 1);
	return read_string(l, to, size, address, reads_from(e), e->span);
}

static struct value lower_str(struct lower *l, const struct expr *e, bool padded)
{
	struct value v = string_slot(l, e->type->size, "str");

	if (padded)
		ir_zero(&l->b, v.v, round_up(e->type->size, 8));
	read_into(l, e, v.v, e->type->size);
	v.padded = padded;
	v.type = e->type;
	return v;
}

static struct value lower_memory_choice(struct lower *l, const struct expr *e, bool padded)
{
	struct join *joins[] = { join_create(l), join_create(l) }, *end = join_create(l);
	const struct expr *sides[] = { e->args.data[0], e->right };
	unsigned result = env_add(l, ir_const(&l->b, 0));

	lower_condition(l, e->left, joins[0], joins[1]);
	l->depth++;
	for (unsigned i = 0; i < 2; i++) {
		join_enter(l, joins[i]);
		l->env[result] = memory_resize(l, lower_memory(l, sides[i], padded), e->type->size, padded).v;
		join_jump(l, end);
	}
	l->depth--;
	join_enter(l, end);
	return memory(e->type, env_take(l, result), padded);
}

static struct value cut(struct lower *l, struct value v, unsigned size)
{
	struct value to = string_slot(l, size, NULL);

	ir_zero(&l->b, to.v, round_up(size, 8));
	ir_call(&l->b, IR_H_probe_read_kernel_str, to.v, ir_const(&l->b, size), v.v);
	to.padded = to.on_stack = true;
	return to;
}

struct value lower_sized(struct lower *l, const struct expr *e, unsigned size)
{
	const bool is_literal = e->is_const && e->text && e->type->kind == TYPE_STRING;
	struct value v;

	if (is_literal && e->len >= size && l->b.block)
		return string_literal(l, e->text, size - 1, size);
	v = lower_memory(l, e, true);
	if (!is_literal && l->b.block && v.type->kind == TYPE_STRING && v.type->size > size)
		return cut(l, v, size);
	return memory_resize(l, v, size, true);
}

/* A tuple that is a value by itself: its parts one behind the other, as in a key. */
static struct value lower_tuple(struct lower *l, const struct expr *e)
{
	unsigned size = round_up(e->type->size, 8), offset = 0;
	struct ir_value *slot = ir_slot(&l->b, size, 8, "tuple");

	ir_zero(&l->b, slot, size);
	for (unsigned i = 0; i < e->type->nparts && l->b.block; i++) {
		const struct type *part = e->type->parts[i];

		offset = round_up(offset, type_is_scalar(part) ? part->size : type_align(part));
		if (type_is_scalar(part)) {
			ir_store(&l->b, part->size, slot, offset, lower_number(l, e->args.data[i]));
		} else {
			struct value v = lower_sized(l, e->args.data[i], part->size);

			if (l->b.block)
				ir_copy(&l->b, ir_padd(&l->b, slot, NULL, offset), v.v, part->size);
		}
		offset += part->size;
	}
	return memory(e->type, slot, true);
}

/* (u8[8])x */
static struct value bytes_of_number(struct lower *l, const struct expr *e)
{
	struct ir_value *slot = ir_slot(&l->b, 8, 8, "bytes"), *number = lower_number(l, e->left);

	if (l->b.block)
		ir_store(&l->b, 8, slot, 0, e->type->size < 8 ? ir_extend(&l->b, IR_ZEXT, number, e->type->size) : number);
	return memory(e->type, slot, true);
}

struct value lower_memory(struct lower *l, const struct expr *e, bool padded)
{
	struct value v = { 0 };

	if (!l->b.block)
		return memory(e->type, ir_const(&l->b, 0), true);
	if (e->is_const && e->text && e->type->kind == TYPE_STRING)
		return string_literal(l, e->text, e->len, e->type->size);
	if (reads_string(e))
		return lower_str(l, e, padded);
	if (lower_is_place(e))
		return lower_place(l, e, padded);
	if (e->kind == EXPR_TUPLE)
		return lower_tuple(l, e);
	if (e->kind == EXPR_COND)
		return lower_memory_choice(l, e, padded);
	if (e->kind == EXPR_ASSIGN) {
		v = lower_is_place(e->left) ? lower_store(l, e) : var_write(l, e->left, e->right);
	} else if (e->kind == EXPR_CAST && type_is_scalar(e->left->type)) {
		v = bytes_of_number(l, e);
	} else if (e->kind == EXPR_CAST) {
		v = lower_memory(l, e->left, padded);
	} else if (e->kind == EXPR_CALL) {
		v = lower_string_function(l, e, padded);
		if (v.kind == VALUE_NONE)
			v = lower_call(l, e, padded);
	} else {
		v = lower_variable(l, e, padded);
	}
	if (v.kind != VALUE_MEMORY && l->b.block) {
		lower_unsupported(l, e->span, "this value");
		return memory(e->type, ir_slot(&l->b, round_up(e->type->size, 8), 8, NULL), true);
	}
	return memory_resize(l, v, padded && !v.padded ? e->type->size : 0, padded);
}

struct ir_value *lower_string_into(struct lower *l, const struct expr *e, struct ir_value *to, unsigned capacity)
{
	struct value v;

	if (reads_string(e))
		return read_into(l, e, to, capacity);
	if (lower_is_place(e))
		return lower_place_into(l, e, to, capacity);
	v = lower_memory(l, e, false);
	if (!l->b.block)
		return ir_const(&l->b, 1);
	return read_string(l, to, ir_const(&l->b, v.type->size < capacity ? v.type->size : capacity), v.v, MEMORY_KERNEL, SPAN_NONE);
}

/* --- comparing --- */

enum { MAX_UNROLLED = 255 };

/* All of the n bytes alike: by words, jumping to `no` at the first difference. */
static void compare_bytes(struct lower *l, struct ir_value *x, struct ir_value *y, const char *literal, unsigned n,
			  struct join *no)
{
	for (unsigned i = 0; i < n && l->b.block;) {
		unsigned size = n - i >= 8 ? 8 : n - i >= 4 ? 4 : n - i >= 2 ? 2 : 1;
		struct join *same = join_create(l);
		uint64_t word = 0;
		struct ir_value *other;

		if (literal) {
			memcpy(&word, literal + i, size);
			other = ir_const(&l->b, (int64_t)word);
		} else {
			other = ir_load(&l->b, size, y, i);
		}
		join_branch(l, ir_binary(&l->b, IR_EQ, ir_load(&l->b, size, x, i), other), same, no);
		join_enter(l, same);
		i += size;
	}
}

static void equal_to_literal(struct lower *l, struct value x, const struct expr *literal, struct join *no)
{
	unsigned n = (unsigned)literal->len + 1;

	if (n > x.type->size) {
		join_jump(l, no);
		return;
	}
	compare_bytes(l, x.v, NULL, literal->text, n, no);
}

/* Memory that may be read at a variable offset. */
static struct value indexable(struct lower *l, struct value v)
{
	struct value copy;

	if (!v.on_stack || !l->b.block)
		return v;
	copy = string_slot(l, v.type->size, NULL);
	ir_copy(&l->b, copy.v, v.v, v.type->size);
	copy.padded = v.padded;
	return copy;
}

/*
 * The difference of the first bytes that differ, 0 if none do before the 0. Both memories are indexed up to the smaller size; a string
 * that ends there ended with its 0.
 */
static struct ir_value *short_difference(struct lower *l, struct value x, struct value y, unsigned limit)
{
	struct ir_builder *b = &l->b;
	unsigned result = env_add(l, ir_const(b, 0)), i = env_add(l, ir_const(b, 0));
	struct join *body = join_create(l), *end = join_create(l), *same = join_create(l), *more = join_create(l);
	struct loop_header *h;
	struct ir_value *cx, *cy;

	x = indexable(l, x);
	y = indexable(l, y);
	h = loop_enter(l);
	if (!h)
		return ir_const(b, 0);
	join_branch(l, ir_binary(b, IR_ULT, l->env[i], ir_const(b, limit)), body, end);
	join_enter(l, body);
	cx = ir_load(b, 1, ir_padd(b, x.v, l->env[i], 0), 0);
	cy = ir_load(b, 1, ir_padd(b, y.v, l->env[i], 0), 0);
	l->env[result] = ir_binary(b, IR_SUB, cx, cy);
	join_branch(l, ir_binary(b, IR_EQ, cx, cy), same, end);
	join_enter(l, same);
	join_branch(l, ir_binary(b, IR_NE, cx, ir_const(b, 0)), more, end);
	join_enter(l, more);
	l->env[i] = ir_binary(b, IR_ADD, l->env[i], ir_const(b, 1));
	loop_back(l, h);
	join_enter(l, end);
	return env_take(l, result);
}

enum { MAX_INLINE = 64 };

/* A number that is to 0 as x is to y. */
static struct ir_value *string_difference(struct lower *l, struct value x, struct value y)
{
	unsigned less = x.type->size < y.type->size ? x.type->size : y.type->size;

	if (less <= MAX_INLINE)
		return short_difference(l, x, y, less);
	return lower_compare(l, lower_address(l, x.v), lower_address(l, y.v),
			     x.type->size > y.type->size ? x.type->size : y.type->size, UINT64_MAX);
}

void lower_string_equal(struct lower *l, const struct expr *x, const struct expr *y, struct join *same,
			struct join *different)
{
	const struct expr *literal = y->is_const ? y : x->is_const ? x : NULL;
	struct value a, b;
	struct ir_value *difference;

	if (literal && literal->len <= MAX_UNROLLED) {
		equal_to_literal(l, lower_memory(l, literal == y ? x : y, false), literal, different);
		join_jump(l, same);
		return;
	}
	a = lower_memory(l, x, false);
	b = lower_memory(l, y, false);
	difference = string_difference(l, a, b);
	if (l->b.block)
		join_branch(l, ir_binary(&l->b, IR_EQ, difference, ir_const(&l->b, 0)), same, different);
}

static struct ir_value *equal_as_number(struct lower *l, const struct expr *x, const struct expr *y)
{
	struct join *same = join_create(l), *different = join_create(l), *end = join_create(l);
	unsigned result = env_add(l, ir_const(&l->b, 0));

	lower_string_equal(l, x, y, same, different);
	join_enter(l, same);
	if (l->b.block)
		l->env[result] = ir_const(&l->b, 1);
	join_jump(l, end);
	join_enter(l, different);
	if (l->b.block)
		l->env[result] = ir_const(&l->b, 0);
	join_jump(l, end);
	join_enter(l, end);
	return env_take(l, result);
}

struct ir_value *lower_string_compare(struct lower *l, enum op op, const struct expr *x, const struct expr *y)
{
	struct value a, b;
	struct ir_value *difference;

	if (op == OP_EQ)
		return equal_as_number(l, x, y);
	if (op == OP_NE)
		return ir_binary(&l->b, IR_XOR, equal_as_number(l, x, y), ir_const(&l->b, 1));
	a = lower_memory(l, x, false);
	b = lower_memory(l, y, false);
	difference = string_difference(l, a, b);
	return lower_arith(l, op, false, difference, ir_const(&l->b, 0), SPAN_NONE);
}
