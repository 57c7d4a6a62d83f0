// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/edit.h"
#include "ir/names.h"

#include <assert.h>
#include <linux/bpf.h>
#include <string.h>

/* the columns of ops.def and helpers.def, as they are written there */
enum {
	PURE = IR_F_PURE, READS = IR_F_READS, WRITES = IR_F_WRITES, TERM = IR_F_TERM, COMM = IR_F_COMM, IMM = IR_F_IMM,
	SIZE = IR_F_SIZE, OBJ = IR_F_OBJ,
};

const struct ir_op_info ir_ops[IR_OP_COUNT] = {
#define IR_OP(name, result, operands, flags) [IR_##name] = { #name, operands, flags, IR_RESULT_##result },
#include "ir/ops.def"
#undef IR_OP
};

const struct ir_helper_info ir_helpers[IR_HELPER_COUNT] = {
#define IR_HELPER(name, result, arguments, effect) [IR_H_##name] = { #name, arguments, IR_##result, effect, BPF_FUNC_##name },
#include "ir/helpers.def"
#undef IR_HELPER
};

const char *const ir_type_names[] = { [IR_VOID] = "void", [IR_I64] = "i64", [IR_PTR] = "ptr", NULL };
const char *const ir_map_kind_names[] = {
	[MAP_ARRAY] = "array", [MAP_HASH] = "hash", [MAP_PERCPU_HASH] = "percpu_hash",
	[MAP_TASK_STORAGE] = "task_storage", [MAP_RINGBUF] = "ringbuf",
	[MAP_PROG_ARRAY] = "prog_array", [MAP_OUTER] = "outer", NULL
};
const char *const ir_patch_names[] = { [IR_PATCH_TARGET] = "target", NULL };

unsigned ir_flags(const struct ir_value *v)
{
	return ir_ops[v->op].flags | (v->op == IR_CALL ? ir_helpers[v->helper].flags : 0);
}

struct ir_value *ir_value_new(struct arena *a, struct ir_func *f, enum ir_op op, enum ir_type type, unsigned nargs)
{
	struct ir_value *v = arena_alloc(a, sizeof(*v) + nargs * sizeof(v->args[0]));

	v->op = op;
	v->type = type;
	v->id = f->nvalues++;
	v->nargs = nargs;
	v->args = (struct ir_value **)(v + 1);
	return v;
}

void ir_append(struct ir_block *block, struct ir_value *v)
{
	v->block = block;
	v->prev = block->last;
	v->next = NULL;
	if (block->last)
		block->last->next = v;
	else
		block->first = v;
	block->last = v;
}

void ir_insert_before(struct ir_value *at, struct ir_value *v)
{
	v->block = at->block;
	v->prev = at->prev;
	v->next = at;
	if (at->prev)
		at->prev->next = v;
	else
		at->block->first = v;
	at->prev = v;
}

void ir_unlink(struct ir_value *v)
{
	if (v->prev)
		v->prev->next = v->next;
	else
		v->block->first = v->next;
	if (v->next)
		v->next->prev = v->prev;
	else
		v->block->last = v->prev;
	v->prev = v->next = NULL;
	v->block = NULL;
}

struct ir_value *ir_first_after_phis(struct ir_block *block)
{
	struct ir_value *v = block->first;

	while (v && v->op == IR_PHI)
		v = v->next;
	return v;
}

void ir_insert_phi(struct ir_block *block, struct ir_value *phi)
{
	struct ir_value *at = ir_first_after_phis(block);

	if (at)
		ir_insert_before(at, phi);
	else
		ir_append(block, phi);
}

struct ir_block *ir_block_new(struct arena *a, struct ir_func *f)
{
	struct ir_block *b = arena_new(a, struct ir_block);

	b->func = f;
	return b;
}

/* From the end: the edge asked for is mostly the one made last. */
int ir_pred_index(const struct ir_block *block, const struct ir_block *pred)
{
	for (unsigned i = block->preds.len; i--;)
		if (block->preds.data[i] == pred)
			return (int)i;
	return -1;
}

void ir_phi_grow(struct arena *a, struct ir_value *phi, unsigned n)
{
	/* the room is n rounded up to a power of two, so it is full whenever n is one */
	while (phi->nargs < n) {
		if (!(phi->nargs & (phi->nargs - 1))) {
			struct ir_value **args = arena_array(a, struct ir_value *, phi->nargs ? 2 * phi->nargs : 1);

			if (phi->nargs)
				memcpy(args, phi->args, phi->nargs * sizeof(*args));
			phi->args = args;
		}
		phi->args[phi->nargs++] = NULL;
	}
}

void ir_pred_add(struct arena *a, struct ir_block *block, struct ir_block *pred)
{
	*arena_vec_add(a, &block->preds) = pred;
	for (struct ir_value *v = block->first; v && v->op == IR_PHI; v = v->next)
		ir_phi_grow(a, v, block->preds.len);
}

void ir_pred_remove(struct ir_block *block, const struct ir_block *pred)
{
	int at = ir_pred_index(block, pred);

	assert(at >= 0);
	block->preds.len--;
	for (unsigned i = (unsigned)at; i < block->preds.len; i++)
		block->preds.data[i] = block->preds.data[i + 1];
	for (struct ir_value *v = block->first; v && v->op == IR_PHI; v = v->next) {
		v->nargs--;
		for (unsigned i = (unsigned)at; i < v->nargs; i++)
			v->args[i] = v->args[i + 1];
	}
}

void ir_pred_replace(struct ir_block *block, const struct ir_block *pred, struct ir_block *by)
{
	int at = ir_pred_index(block, pred);

	assert(at >= 0);
	block->preds.data[at] = by;
}

struct ir_block *ir_block_split(struct arena *a, struct ir_value *at)
{
	struct ir_block *b = at->block, *rest = ir_block_new(a, b->func);

	rest->unlikely = b->unlikely;
	rest->first = at;
	rest->last = b->last;
	b->last = at->prev;
	if (at->prev)
		at->prev->next = NULL;
	else
		b->first = NULL;
	at->prev = NULL;
	for (struct ir_value *v = at; v; v = v->next)
		v->block = rest;
	for (int i = 0; i < 2; i++) {
		rest->succ[i] = b->succ[i];
		b->succ[i] = NULL;
		if (rest->succ[i])
			ir_pred_replace(rest->succ[i], b, rest);
	}
	return rest;
}

enum { NOT_REACHED = ~0u };

static void mark_reached(struct ir_func *f)
{
	VEC(struct ir_block *) todo = { 0 };

	vec_foreach(b, &f->blocks)
		(*b)->id = NOT_REACHED;
	f->blocks.data[0]->id = 0;
	*vec_add(&todo) = f->blocks.data[0];
	while (todo.len) {
		struct ir_block *b = todo.data[--todo.len];

		for (int i = 0; i < 2; i++)
			if (b->succ[i] && b->succ[i]->id == NOT_REACHED) {
				b->succ[i]->id = 0;
				*vec_add(&todo) = b->succ[i];
			}
	}
	vec_free(&todo);
}

static void drop_unreached_preds(struct ir_block *b)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < b->preds.len; i++) {
		if (b->preds.data[i]->id == NOT_REACHED)
			continue;
		b->preds.data[kept] = b->preds.data[i];
		for (struct ir_value *v = b->first; v && v->op == IR_PHI; v = v->next)
			v->args[kept] = v->args[i];
		kept++;
	}
	b->preds.len = kept;
	for (struct ir_value *v = b->first; v && v->op == IR_PHI; v = v->next)
		v->nargs = kept;
}

void ir_renumber(struct ir_func *f)
{
	unsigned kept = 0;

	mark_reached(f);
	vec_foreach(b, &f->blocks)
		if ((*b)->id != NOT_REACHED)
			drop_unreached_preds(*b);
	f->nvalues = 0;
	for (unsigned i = 0; i < f->blocks.len; i++) {
		struct ir_block *b = f->blocks.data[i];

		if (b->id == NOT_REACHED)
			continue;
		b->id = kept;
		f->blocks.data[kept++] = b;
		for (struct ir_value *v = b->first; v; v = v->next)
			v->id = f->nvalues++;
	}
	f->blocks.len = kept;
}
