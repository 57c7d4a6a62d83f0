// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operations that have no instruction: maps by key, signed division.
 *
 * A key is built in a slot that the function keeps for its map. What an ENTRY does when the key is new lies apart from the
 * common path:
 *
 *	b0:	p = map_lookup_elem map, key
 *		br p, done, miss
 *	miss:	r = map_update_elem map, key, zeros, BPF_NOEXIST
 *		q = map_lookup_elem map, key
 *		br q, done, full
 *	full:	count a drop, for r's reason
 *	done:	phi p, q, 0
 *
 * Tests of that PHI go where p and q have been tested when opt_fold.c is through with it.
 */
#include "ir/build.h"
#include "ir/edit.h"
#include "ir/passes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NOEXIST = 1, STORAGE_CREATE = 1 };	/* BPF_NOEXIST, BPF_LOCAL_STORAGE_GET_F_CREATE */

struct expander {
	struct ir_builder b;
	struct ir_slot **keys;		/* by map->index */
	struct ir_slot *zeros;		/* of the largest value made from it */
	struct ir_slot *outer_key;
};

static struct ir_value *slot_of(struct expander *x, struct ir_slot **slot, unsigned size, unsigned align, const char *name)
{
	struct ir_value *addr;

	if (*slot) {
		if ((*slot)->size < size)
			(*slot)->size = size;
		return ir_slot_addr(&x->b, *slot);
	}
	addr = ir_slot(&x->b, size, align, name);
	*slot = addr->slot;
	return addr;
}

/* ---- keys ---- */

/* Is the one part of the key all of it, and lies where helpers may read it? */
static bool is_key_already(const struct ir_value *v)
{
	const struct map_def *map = v->map;
	const struct key_field *field = map->key.data;
	const struct ir_value *part = v->nargs ? v->args[0] : NULL;
	int64_t offset = 0;

	if (map->key.len != 1 || !field->memory || field->offset || field->size != map->key_size)
		return false;
	while (part->op == IR_PADD && ir_is_const(part->args[1])) {
		offset += part->imm + part->args[1]->imm;
		part = part->args[0];
	}
	return part->op == IR_SLOT && offset >= 0 && offset + map->key_size <= part->slot->size;
}

/* Zeroes the bytes from `from` to `to` of the key. */
static void zero_gap(struct expander *x, struct ir_value *key, unsigned from, unsigned to)
{
	while (from < to) {
		unsigned size = 8;

		while (from % size || from + size > to)
			size /= 2;
		ir_store(&x->b, size, key, from, ir_const(&x->b, 0));
		from += size;
	}
}

static void store_parts(struct expander *x, const struct map_def *map, struct ir_value *key, struct ir_value *const *parts)
{
	unsigned end = 0;

	for (unsigned i = 0; i < map->key.len; i++) {
		const struct key_field *field = &map->key.data[i];

		zero_gap(x, key, end, field->offset);
		if (field->memory)
			ir_copy(&x->b, ir_padd(&x->b, key, NULL, field->offset), parts[i], field->size);
		else
			ir_store(&x->b, field->size, key, field->offset, parts[i]);
		end = field->offset + field->size;
	}
	zero_gap(x, key, end, map->key_size);
}

/* The address of the key of a LOOKUP, ENTRY or REMOVE. */
static struct ir_value *build_key(struct expander *x, const struct ir_value *v)
{
	struct ir_value *key;

	if (is_key_already(v))
		return v->args[0];
	key = slot_of(x, &x->keys[v->map->index], v->map->key_size, 8, "key");
	store_parts(x, v->map, key, v->args);
	return key;
}

/* ---- maps ---- */

static struct ir_value *not_null(struct expander *x, struct ir_value *p)
{
	return ir_binary(&x->b, IR_NE, p, ir_const(&x->b, 0));
}

/* The map as an operand; of a map-in-map the inner one, which may be null. */
static struct ir_value *map_operand(struct expander *x, struct map_def *map)
{
	struct ir_value *key;

	if (!map_is_inner(map))
		return ir_map(&x->b, map);
	key = slot_of(x, &x->outer_key, 4, 4, "outer");
	return ir_inner_map(&x->b, map, key);
}

static struct ir_value *zero_value(struct expander *x, const struct map_def *map)
{
	struct ir_builder *b = &x->b;
	struct ir_value *slot;

	if (map->zeros >= 0 && b->module->data)
		return ir_data(b, b->module->data->map, map->zeros);
	slot = slot_of(x, &x->zeros, map->value_size, 8, "zero");
	ir_zero(b, slot, map->value_size);
	return slot;
}

static struct ir_value *get_task_storage(struct expander *x, struct map_def *map, bool make)
{
	struct ir_builder *b = &x->b;
	struct ir_value *task = ir_call(b, IR_H_get_current_task_btf);

	return ir_call(b, IR_H_task_storage_get, ir_map(b, map), task, ir_const(b, 0), ir_const(b, make ? STORAGE_CREATE : 0));
}

/* The ways that an operation's result is come to; they meet in `done`. */
struct ways {
	struct ir_block *done;
	struct { struct ir_block *from; struct ir_value *pointer; } way[4];
	unsigned n;
};

static void add_way(struct expander *x, struct ways *w, struct ir_value *pointer)
{
	w->way[w->n].from = x->b.block;
	w->way[w->n++].pointer = pointer;
}

/* To done with the pointer, which may be null. Ends the block. */
static void leave_with(struct expander *x, struct ways *w, struct ir_value *pointer)
{
	add_way(x, w, pointer);
	ir_jmp(&x->b, w->done);
}

/* To done, with null, if p is null; else goes on. */
static void leave_if_null(struct expander *x, struct ways *w, struct ir_value *p)
{
	struct ir_block *go_on = ir_block_add(&x->b);

	add_way(x, w, ir_const(&x->b, 0));
	ir_br(&x->b, not_null(x, p), go_on, w->done);
	ir_enter(&x->b, go_on);
}

/* To done with the pointer if it is not null; else goes on in a block off the common path. */
static void leave_if_found(struct expander *x, struct ways *w, struct ir_value *pointer)
{
	struct ir_block *rare = ir_block_add(&x->b);

	rare->unlikely = true;
	add_way(x, w, pointer);
	ir_br(&x->b, not_null(x, pointer), w->done, rare);
	ir_enter(&x->b, rare);
}

static bool counts_drops(const struct expander *x, const struct map_def *map)
{
	return map->drops >= 0 && x->b.module->data;
}

/* To done with the pointer; where it is null, that is counted, by what the insertion returned (NULL: one counter for all). */
static void leave_counting(struct expander *x, struct ways *w, const struct map_def *map, struct ir_value *inserted,
			   struct ir_value *pointer)
{
	struct ir_builder *b = &x->b;
	struct ir_value *place, *other;

	if (counts_drops(x, map)) {
		leave_if_found(x, w, pointer);
		place = ir_data(b, b->module->data->map, map->drops);
		if (map->drops_stride)
			place = ir_by_cpu(b, place, b->module->data->ncpus, map->drops_stride);
		if (inserted) {
			/* an int, whose upper half means nothing on older kernels */
			other = ir_extend(b, IR_ZEXT, ir_binary(b, IR_ADD, inserted, ir_const(b, E2BIG)), 4);
			other = ir_binary(b, IR_SHL, ir_binary(b, IR_NE, other, ir_const(b, 0)), ir_const(b, 3));
			place = ir_padd(b, place, other, 0);
		}
		ir_atomic_add(b, 8, place, 0, ir_const(b, 1));
		pointer = ir_const(b, 0);
	}
	leave_with(x, w, pointer);
}

static bool makes_entries(const struct ir_value *v)
{
	return v->op == IR_ENTRY && (v->map->kind == MAP_HASH || v->map->kind == MAP_PERCPU_HASH);
}

/* Is the operation a single call? */
static bool is_call(const struct ir_value *v)
{
	if (v->map->kind == MAP_TASK_STORAGE)
		return v->op == IR_LOOKUP;
	return !map_is_inner(v->map) && !makes_entries(v);
}

/* v becomes the call. */
static void expand_call(struct expander *x, struct ir_value *v)
{
	struct ir_builder *b = &x->b;
	struct map_def *map = v->map;
	struct ir_value *call;

	if (map->kind == MAP_TASK_STORAGE)
		call = get_task_storage(x, map, false);
	else
		call = ir_call(b, IR_H_map_lookup_elem, ir_map(b, map), build_key(x, v));
	ir_unlink(call);
	v->op = IR_CALL;
	v->helper = call->helper;
	v->nargs = call->nargs;
	v->args = call->args;
	ir_append(b->block, v);
}

/* v becomes the PHI of the ways, in the block where they meet. */
static void become_phi(struct expander *x, struct ir_value *v, const struct ways *w)
{
	v->op = IR_PHI;
	v->nargs = 0;
	ir_insert_phi(w->done, v);
	ir_phi_grow(x->b.module->arena, v, w->done->preds.len);
	for (unsigned i = 0; i < w->n; i++)
		ir_phi_add(&x->b, v, w->way[i].from, w->way[i].pointer);
}

/*
 * While another tracer's end takes what it had of the task away, the kernel makes nothing new there (-EAGAIN of bpf_local_storage_update()),
 * but does at once afterwards.
 */
static void expand_storage(struct expander *x, struct ir_value *v)
{
	struct ways w = { .done = ir_block_add(&x->b) };

	leave_if_found(x, &w, get_task_storage(x, v->map, true));
	leave_counting(x, &w, v->map, NULL, get_task_storage(x, v->map, true));
	ir_enter(&x->b, w.done);
	become_phi(x, v, &w);
}

static void expand_find(struct expander *x, struct ir_value *v)
{
	struct ir_builder *b = &x->b;
	struct ways w = { .done = ir_block_add(b) };
	struct ir_value *map = map_operand(x, v->map), *key, *p, *inserted;

	if (map_is_inner(v->map))
		leave_if_null(x, &w, map);
	key = build_key(x, v);
	p = ir_call(b, IR_H_map_lookup_elem, map, key);
	if (makes_entries(v)) {
		leave_if_found(x, &w, p);
		inserted = ir_call(b, IR_H_map_update_elem, map, key, zero_value(x, v->map), ir_const(b, NOEXIST));
		leave_counting(x, &w, v->map, inserted, ir_call(b, IR_H_map_lookup_elem, map, key));
	} else {
		leave_with(x, &w, p);
	}
	ir_enter(b, w.done);
	become_phi(x, v, &w);
}

static void expand_remove(struct expander *x, struct ir_value *v)
{
	struct ir_builder *b = &x->b;
	bool is_storage = v->map->kind == MAP_TASK_STORAGE;
	struct ir_value *map = is_storage ? get_task_storage(x, v->map, false) : map_operand(x, v->map);
	struct ways w = { .done = ir_block_add(b) };

	if (is_storage || map_is_inner(v->map))
		leave_if_null(x, &w, map);
	if (is_storage)
		ir_zero(b, map, v->map->value_size);
	else
		ir_call(b, IR_H_map_delete_elem, map, build_key(x, v));
	ir_jmp(b, w.done);
	ir_enter(b, w.done);
}

/* ---- division ---- */

static struct ir_value *binary(struct expander *x, enum ir_op op, struct ir_value *y, struct ir_value *z)
{
	return ir_binary(&x->b, op, y, z);
}

/* v becomes op of the two, at the end of the current block. */
static void become(struct expander *x, struct ir_value *v, enum ir_op op, struct ir_value *y, struct ir_value *z)
{
	v->op = op;
	v->args[0] = y;
	v->args[1] = z;
	ir_append(x->b.block, v);
}

/* By 2^n: rounds towards 0 by adding 2^n - 1 to negative dividends. */
static void divide_by_power(struct expander *x, struct ir_value *v, struct ir_value *sign, int n)
{
	struct ir_value *bias = binary(x, IR_LSHR, sign, ir_const(&x->b, 64 - n));
	struct ir_value *sum = binary(x, IR_ADD, v->args[0], bias);

	if (v->op == IR_SDIV)
		become(x, v, IR_ASHR, sum, ir_const(&x->b, n));
	else
		become(x, v, IR_SUB, binary(x, IR_AND, sum, ir_const(&x->b, (1ll << n) - 1)), bias);
}

/* (n ^ sign) - sign: n, or its negative where sign is -1 */
static struct ir_value *with_sign(struct expander *x, struct ir_value *n, struct ir_value *sign)
{
	return binary(x, IR_SUB, binary(x, IR_XOR, n, sign), sign);
}

static void expand_division(struct expander *x, struct ir_value *v)
{
	struct ir_builder *b = &x->b;
	struct ir_value *n = v->args[0], *by = v->args[1], *sign = binary(x, IR_ASHR, n, ir_const(b, 63)), *by_sign;

	if (ir_is_const(by) && by->imm > 1 && !(by->imm & (by->imm - 1))) {
		divide_by_power(x, v, sign, __builtin_ctzll((uint64_t)by->imm));
		return;
	}
	by_sign = binary(x, IR_ASHR, by, ir_const(b, 63));
	n = binary(x, v->op == IR_SDIV ? IR_UDIV : IR_UMOD, with_sign(x, n, sign), with_sign(x, by, by_sign));
	if (v->op == IR_SDIV)
		sign = binary(x, IR_XOR, sign, by_sign);
	become(x, v, IR_SUB, binary(x, IR_XOR, n, sign), sign);
}

/* ---- the function ---- */

static bool is_keyed(const struct ir_value *v)
{
	return v->op == IR_LOOKUP || v->op == IR_ENTRY || v->op == IR_REMOVE;
}

static bool is_expanded(const struct ir_value *v)
{
	return is_keyed(v) || v->op == IR_SDIV || v->op == IR_SMOD;
}

/* Puts the block's end, which it had before, at the end of the current block. */
static void append_terminator(struct expander *x, struct ir_block *origin, struct ir_value *v, struct ir_block *const succ[2])
{
	struct ir_block *b = x->b.block;

	ir_append(b, v);
	for (int i = 0; i < 2; i++) {
		b->succ[i] = succ[i];
		if (succ[i] && b != origin)
			ir_pred_replace(succ[i], origin, b);
	}
}

static void expand_block(struct expander *x, struct ir_block *origin)
{
	struct ir_value *v = origin->first, *next;
	struct ir_block *const succ[2] = { origin->succ[0], origin->succ[1] };

	origin->first = origin->last = NULL;
	origin->succ[0] = origin->succ[1] = NULL;
	x->b.block = origin;
	for (; v; v = next) {
		next = v->next;
		x->b.span = v->span;
		if (v->op == IR_SDIV || v->op == IR_SMOD) {
			expand_division(x, v);
		} else if (v->op == IR_REMOVE) {
			expand_remove(x, v);
		} else if (is_keyed(v) && is_call(v)) {
			expand_call(x, v);
		} else if (is_keyed(v) && v->map->kind == MAP_TASK_STORAGE) {
			expand_storage(x, v);
		} else if (is_keyed(v)) {
			expand_find(x, v);
		} else if (!next) {
			append_terminator(x, origin, v, succ);
		} else {
			ir_append(x->b.block, v);
		}
	}
}

bool ir_expand(struct ir_module *m, struct ir_func *f)
{
	struct expander x = { .b = { .module = m, .program = f->program, .func = f } };
	typeof(f->blocks) blocks = f->blocks;
	bool any = false;

	vec_foreach(b, &blocks)
		for (struct ir_value *v = (*b)->first; v && !any; v = v->next)
			any = is_expanded(v);
	if (!any)
		return false;
	x.keys = xcalloc(m->maps.len, sizeof(*x.keys));
	memset(&f->blocks, 0, sizeof(f->blocks));
	vec_foreach(b, &blocks) {
		*arena_vec_add(m->arena, &f->blocks) = *b;
		expand_block(&x, *b);
	}
	free(x.keys);
	ir_renumber(f);
	return true;
}
