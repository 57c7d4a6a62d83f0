// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/build.h"

#include "ir/edit.h"

#include <assert.h>
#include <string.h>

struct ir_module *ir_module_create(struct arena *a)
{
	struct ir_module *m = arena_new(a, struct ir_module);

	m->arena = a;
	return m;
}

struct ir_program *ir_program_add(struct ir_module *m, const char *name)
{
	struct ir_program *p = arena_new(m->arena, struct ir_program);

	p->name = name;
	*arena_vec_add(m->arena, &m->programs) = p;
	return p;
}

struct ir_func *ir_func_add(struct ir_module *m, struct ir_program *p, const char *name, enum ir_type result)
{
	struct ir_func *f = arena_new(m->arena, struct ir_func);

	f->name = name;
	f->result = result;
	f->program = p;
	*arena_vec_add(m->arena, &p->funcs) = f;
	return f;
}

void ir_builder_start(struct ir_builder *b, struct ir_module *m, struct ir_program *p, struct ir_func *f)
{
	*b = (struct ir_builder){ .module = m, .program = p, .func = f };
	b->block = ir_block_add(b);
}

struct ir_block *ir_block_add(struct ir_builder *b)
{
	struct ir_block *block = ir_block_new(b->module->arena, b->func);

	block->id = b->func->blocks.len;
	*arena_vec_add(b->module->arena, &b->func->blocks) = block;
	return block;
}

/* A block that is entered stands behind those entered before: the list follows the script. */
void ir_enter(struct ir_builder *b, struct ir_block *block)
{
	struct ir_func *f = b->func;

	if (!block->first && block != f->blocks.data[0] && block != f->blocks.data[f->blocks.len - 1]) {
		unsigned i = f->blocks.len - 1;

		while (f->blocks.data[i] != block)
			i--;
		memmove(&f->blocks.data[i], &f->blocks.data[i + 1], (f->blocks.len - 1 - i) * sizeof(f->blocks.data[0]));
		f->blocks.data[f->blocks.len - 1] = block;
	}
	b->block = block;
}

/* A value at the end of the current block; in no block, a CONST 0, where nothing is reached. */
static struct ir_value *add(struct ir_builder *b, enum ir_op op, enum ir_type type, unsigned nargs)
{
	struct ir_value *v = ir_value_new(b->module->arena, b->func, b->block ? op : IR_CONST, b->block ? type : IR_I64, nargs);

	v->span = b->span;
	if (!b->block)
		v->nargs = 0;
	else if (op == IR_PHI)
		ir_insert_phi(b->block, v);
	else
		ir_append(b->block, v);
	return v;
}

static bool is(const struct ir_value *v, int64_t n)
{
	return ir_is_const(v) && v->imm == n;
}

struct ir_value *ir_const(struct ir_builder *b, int64_t n)
{
	struct ir_value *v = add(b, IR_CONST, IR_I64, 0);

	v->imm = b->block ? n : 0;
	return v;
}

struct ir_value *ir_param(struct ir_builder *b, unsigned n)
{
	struct ir_value *v = add(b, IR_PARAM, b->func->params.data[n], 0);

	if (b->block)
		v->imm = n;
	return v;
}

struct ir_value *ir_ctx(struct ir_builder *b)
{
	if (b->context)
		return b->context;
	if (b->func != b->program->funcs.data[0])
		return ir_param(b, 0);
	return add(b, IR_CTX, IR_PTR, 0);
}

struct ir_value *ir_scratch(struct ir_builder *b)
{
	return add(b, IR_SCRATCH, IR_I64, 0);
}

struct ir_value *ir_patch(struct ir_builder *b, enum ir_patch what)
{
	struct ir_value *v = add(b, IR_PATCH, IR_I64, 0);

	if (b->block)
		v->imm = what;
	return v;
}

struct ir_value *ir_slot(struct ir_builder *b, unsigned size, unsigned align, const char *name)
{
	struct ir_slot *slot = arena_new(b->module->arena, struct ir_slot);

	*slot = (struct ir_slot){ .id = b->func->slots.len, .size = size, .align = align, .name = name };
	*arena_vec_add(b->module->arena, &b->func->slots) = slot;
	return ir_slot_addr(b, slot);
}

struct ir_value *ir_slot_addr(struct ir_builder *b, struct ir_slot *slot)
{
	struct ir_value *v = add(b, IR_SLOT, IR_PTR, 0);

	v->slot = slot;
	return v;
}

struct ir_value *ir_map(struct ir_builder *b, struct map_def *map)
{
	struct ir_value *v = add(b, IR_MAP, IR_PTR, 0);

	v->map = map;
	return v;
}

struct ir_value *ir_inner_map(struct ir_builder *b, struct map_def *map, struct ir_value *key)
{
	ir_store(b, 4, key, 0, ir_const(b, map->place));
	return ir_call(b, IR_H_map_lookup_elem, ir_map(b, map->outer ? map->outer : map), key);
}

struct ir_value *ir_data(struct ir_builder *b, struct map_def *map, int64_t offset)
{
	struct ir_value *v = add(b, IR_DATA, IR_PTR, 0);

	v->map = map;
	if (b->block)
		v->imm = offset;
	return v;
}

struct ir_value *ir_func_addr(struct ir_builder *b, struct ir_func *f)
{
	struct ir_value *v = add(b, IR_FUNC, IR_PTR, 0);

	v->func = f;
	return v;
}

struct ir_value *ir_unary(struct ir_builder *b, enum ir_op op, struct ir_value *x)
{
	struct ir_value *v;
	int64_t n;

	if (ir_is_const(x) && ir_eval(op, 0, x->imm, 0, &n))
		return ir_const(b, n);
	v = add(b, op, IR_I64, 1);
	v->args[0] = x;
	return v;
}

struct ir_value *ir_binary(struct ir_builder *b, enum ir_op op, struct ir_value *x, struct ir_value *y)
{
	struct ir_value *v;
	int64_t n;

	if (ir_is_const(x) && ir_is_const(y) && ir_eval(op, 0, x->imm, y->imm, &n))
		return ir_const(b, n);
	if (is(y, 0) && (op == IR_ADD || op == IR_SUB || op == IR_OR || op == IR_XOR || op == IR_SHL || op == IR_LSHR ||
			 op == IR_ASHR))
		return x;
	if (is(x, 0) && (op == IR_ADD || op == IR_OR || op == IR_XOR))
		return y;
	if (is(y, 1) && (op == IR_MUL || op == IR_UDIV || op == IR_SDIV))
		return x;
	v = add(b, op, IR_I64, 2);
	v->args[0] = x;
	v->args[1] = y;
	return v;
}

struct ir_value *ir_extend(struct ir_builder *b, enum ir_op op, struct ir_value *x, unsigned size)
{
	struct ir_value *v;
	int64_t n;

	if (ir_is_const(x) && ir_eval(op, size, x->imm, 0, &n))
		return ir_const(b, n);
	if (size >= 8 && op != IR_BSWAP)
		return x;
	v = add(b, op, IR_I64, 1);
	v->size = size;
	v->args[0] = x;
	return v;
}

struct ir_value *ir_element(struct ir_builder *b, struct ir_value *table, struct ir_value *i, unsigned n, unsigned width)
{
	i = ir_binary(b, IR_AND, i, ir_const(b, data_table_room(n) - 1));
	return ir_padd(b, table, ir_binary(b, IR_MUL, i, ir_const(b, width)), 0);
}

struct ir_value *ir_padd(struct ir_builder *b, struct ir_value *p, struct ir_value *index, int64_t offset)
{
	struct ir_value *v;

	if (index && ir_is_const(index)) {
		offset += index->imm;
		index = NULL;
	}
	if (!index && !offset)
		return p;
	if (!index)
		index = ir_const(b, 0);
	v = add(b, IR_PADD, IR_PTR, 2);
	v->args[0] = p;
	v->args[1] = index;
	v->imm = b->block ? offset : 0;
	return v;
}

struct ir_value *ir_by_cpu(struct ir_builder *b, struct ir_value *p, unsigned ncpus, unsigned stride)
{
	struct ir_value *cpu = ir_binary(b, IR_AND, ir_call(b, IR_H_get_smp_processor_id), ir_const(b, ncpus - 1));

	return ir_padd(b, p, ir_binary(b, IR_MUL, cpu, ir_const(b, stride)), 0);
}

/* The operations on memory: a pointer, an offset, and up to two numbers. */
static struct ir_value *memory(struct ir_builder *b, enum ir_op op, enum ir_type type, unsigned size, struct ir_value *p,
			       int64_t offset, struct ir_value *x, struct ir_value *y)
{
	struct ir_value *v = add(b, op, type, 1 + !!x + !!y);

	if (!b->block)
		return v;
	v->size = size;
	v->imm = offset;
	v->args[0] = p;
	if (x)
		v->args[1] = x;
	if (y)
		v->args[2] = y;
	return v;
}

struct ir_value *ir_load(struct ir_builder *b, unsigned size, struct ir_value *p, int64_t offset)
{
	return memory(b, IR_LOAD, IR_I64, size, p, offset, NULL, NULL);
}

struct ir_value *ir_loadp(struct ir_builder *b, struct ir_value *p, int64_t offset)
{
	return memory(b, IR_LOADP, IR_PTR, 0, p, offset, NULL, NULL);
}

void ir_store(struct ir_builder *b, unsigned size, struct ir_value *p, int64_t offset, struct ir_value *v)
{
	memory(b, IR_STORE, IR_VOID, size, p, offset, v, NULL);
}

void ir_copy(struct ir_builder *b, struct ir_value *to, struct ir_value *from, unsigned size)
{
	memory(b, IR_COPY, IR_VOID, 0, to, size, from, NULL);
}

void ir_zero(struct ir_builder *b, struct ir_value *p, unsigned size)
{
	memory(b, IR_ZERO, IR_VOID, 0, p, size, NULL, NULL);
}

void ir_atomic_add(struct ir_builder *b, unsigned size, struct ir_value *p, int64_t offset, struct ir_value *v)
{
	memory(b, IR_AADD, IR_VOID, size, p, offset, v, NULL);
}

struct ir_value *ir_atomic(struct ir_builder *b, enum ir_op op, unsigned size, struct ir_value *p, int64_t offset,
			   struct ir_value *v)
{
	return memory(b, op, IR_I64, size, p, offset, v, NULL);
}

struct ir_value *ir_cmpxchg(struct ir_builder *b, unsigned size, struct ir_value *p, int64_t offset,
			    struct ir_value *expected, struct ir_value *v)
{
	return memory(b, IR_CMPXCHG, IR_I64, size, p, offset, expected, v);
}

static struct ir_value *with_args(struct ir_builder *b, enum ir_op op, enum ir_type type, struct ir_value *const *args,
				  unsigned n)
{
	struct ir_value *v = add(b, op, type, n);

	for (unsigned i = 0; i < n; i++)
		v->args[i] = args[i];
	return v;
}

struct ir_value *ir_keyed(struct ir_builder *b, enum ir_op op, struct map_def *map, struct ir_value *const *parts,
			  unsigned n)
{
	struct ir_value *v = with_args(b, op, op == IR_REMOVE ? IR_VOID : IR_PTR, parts, n);

	v->map = map;
	return v;
}

struct ir_value *ir_call_(struct ir_builder *b, enum ir_helper helper, struct ir_value **args, unsigned n)
{
	struct ir_value *v;

	assert(n == strlen(ir_helpers[helper].arguments));
	v = with_args(b, IR_CALL, ir_helpers[helper].result, args + 1, n);
	v->helper = helper;
	return v;
}

struct ir_value *ir_callf(struct ir_builder *b, struct ir_func *f, struct ir_value *const *args, unsigned n)
{
	struct ir_value *v = with_args(b, IR_CALLF, f->result, args, n);

	v->func = f;
	return v;
}

struct ir_value *ir_phi(struct ir_builder *b, enum ir_type type)
{
	struct ir_value *v = add(b, IR_PHI, type, 0);

	if (b->block)
		ir_phi_grow(b->module->arena, v, b->block->preds.len);
	return v;
}

/* The edge may come later: then `from`, not ended yet, is made a predecessor now, and edge() finds it. */
void ir_phi_add(struct ir_builder *b, struct ir_value *phi, struct ir_block *from, struct ir_value *v)
{
	int at;

	if (!from || !phi->block)
		return;
	at = ir_pred_index(phi->block, from);
	if (at < 0) {
		if (from->last && ir_ops[from->last->op].flags & IR_F_TERM)
			return;
		ir_pred_add(b->module->arena, phi->block, from);
		at = (int)phi->block->preds.len - 1;
	}
	phi->args[at] = v;
}

/* Only where there are PHIs can the edge be known already. */
static void edge(struct ir_builder *b, unsigned n, struct ir_block *to)
{
	b->block->succ[n] = to;
	if (!to->first || to->first->op != IR_PHI || ir_pred_index(to, b->block) < 0)
		ir_pred_add(b->module->arena, to, b->block);
}

void ir_jmp(struct ir_builder *b, struct ir_block *to)
{
	if (!b->block)
		return;
	add(b, IR_JMP, IR_VOID, 0);
	edge(b, 0, to);
	b->block = NULL;
}

void ir_br(struct ir_builder *b, struct ir_value *cond, struct ir_block *then, struct ir_block *otherwise)
{
	if (!b->block)
		return;
	if (ir_is_const(cond) || then == otherwise) {
		ir_jmp(b, !ir_is_const(cond) || cond->imm ? then : otherwise);
		return;
	}
	add(b, IR_BR, IR_VOID, 1)->args[0] = cond;
	edge(b, 0, then);
	edge(b, 1, otherwise);
	b->block = NULL;
}

void ir_ret(struct ir_builder *b, struct ir_value *v)
{
	if (!b->block)
		return;
	add(b, IR_RET, IR_VOID, 1)->args[0] = v;
	b->block = NULL;
}

struct map_def *ir_map_add(struct ir_module *m, const char *name)
{
	struct map_def *map;

	map = arena_new(m->arena, struct map_def);
	*map = (struct map_def){ .name = name, .index = m->maps.len, .drops = -1, .zeros = -1 };
	*arena_vec_add(m->arena, &m->maps) = map;
	return map;
}
