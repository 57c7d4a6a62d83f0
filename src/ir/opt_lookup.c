// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One lookup per key. As in opt_cse.c the dominator tree is walked with a table; an entry is a LOOKUP or ENTRY under its map
 * and key parts. What a later one of the same key may do with its pointer:
 *
 *	LOOKUP after LOOKUP	is the same, if nothing was put into the map meanwhile, or the first is known not to be null
 *	LOOKUP after ENTRY	is the same (null: the map was full)
 *	ENTRY after ENTRY	is the same
 *	ENTRY after LOOKUP	is the same if that is known not to be null; else the ENTRY is done only where it is null
 *
 * all of them only if nothing was taken out of the map meanwhile.
 *
 * Thread-local storage is never taken out but zeroed, so a REMOVE of it is made to share the pointer too.
 */
#include "ir/edit.h"
#include "ir/memory.h"
#include "ir/passes.h"
#include "ir/replace.h"

#include <stdlib.h>
#include <string.h>

struct found {
	struct ir_value *v;		/* NULL: free */
	const struct ir_block *block;
	unsigned removals, insertions;	/* states of the map just behind v */
	unsigned *states;		/* of the parts that are memory */
};

/* An ENTRY to be done only where a LOOKUP of the same key gave null */
struct repeat {
	struct ir_value *entry, *lookup;
};

struct pass {
	struct ir_module *module;
	struct ir_func *func;
	struct ir_cfg cfg;
	struct ir_memory *memory;
	struct arena arena;
	struct found *table;
	unsigned mask;
	struct ir_replacements replaced;
	const struct ir_block **not_null;	/* by value->id: from where on a pointer is known not to be null */
	VEC(struct repeat) repeats;
};

static bool finds(const struct ir_value *v)
{
	return v->op == IR_LOOKUP || v->op == IR_ENTRY;
}

static unsigned count_found(const struct ir_func *f)
{
	unsigned n = 0;

	vec_foreach(b, &f->blocks)
		for (const struct ir_value *v = (*b)->first; v; v = v->next)
			n += finds(v);
	return n;
}

/* ---- changing the graph ---- */

static struct ir_value *new_value(struct pass *p, struct ir_block *b, enum ir_op op, enum ir_type type, unsigned nargs,
				  struct span span)
{
	struct ir_value *v = ir_value_new(p->module->arena, p->func, op, type, nargs);

	v->span = span;
	ir_append(b, v);
	return v;
}

static void jump(struct pass *p, struct ir_block *from, struct ir_block *to, struct span span)
{
	new_value(p, from, IR_JMP, IR_VOID, 0, span);
	from->succ[0] = to;
	ir_pred_add(p->module->arena, to, from);
}

/* The block ends: to `then` where the pointer is not null. */
static void branch(struct pass *p, struct ir_block *from, struct ir_value *pointer, struct ir_block *then,
		   struct ir_block *otherwise, struct span span)
{
	struct ir_value *null = new_value(p, from, IR_CONST, IR_I64, 0, span);
	struct ir_value *test = new_value(p, from, IR_NE, IR_I64, 2, span);

	test->args[0] = pointer;
	test->args[1] = null;
	new_value(p, from, IR_BR, IR_VOID, 1, span)->args[0] = test;
	from->succ[0] = then;
	from->succ[1] = otherwise;
	ir_pred_add(p->module->arena, then, from);
	ir_pred_add(p->module->arena, otherwise, from);
}

/* New blocks are chained behind the one that they came from by aux; here they get their places in the list. */
static void list_blocks(struct pass *p)
{
	typeof(p->func->blocks) old = p->func->blocks;

	memset(&p->func->blocks, 0, sizeof(p->func->blocks));
	vec_foreach(first, &old)
		for (struct ir_block *b = *first; b; b = b->aux)
			*arena_vec_add(p->module->arena, &p->func->blocks) = b;
}

/* Splits the block in front of `at`: b goes on in the block returned, and a block for a case between them is made. */
static struct ir_block *split_for_case(struct pass *p, struct ir_value *at, struct ir_block **rare)
{
	struct ir_block *b = at->block, *rest = ir_block_split(p->module->arena, at);

	*rare = ir_block_new(p->module->arena, p->func);
	rest->aux = b->aux;
	(*rare)->aux = rest;
	b->aux = *rare;
	return rest;
}

static void clear_aux(struct ir_func *f)
{
	vec_foreach(b, &f->blocks)
		(*b)->aux = NULL;
}

/* REMOVE of thread-local storage: p = LOOKUP; if (p) ZERO p */
static void zero_instead(struct pass *p, struct ir_value *v)
{
	struct ir_block *b = v->block, *zero, *rest = split_for_case(p, v, &zero);
	struct ir_value *lookup = new_value(p, b, IR_LOOKUP, IR_PTR, 0, v->span);

	lookup->map = v->map;
	branch(p, b, lookup, zero, rest, v->span);
	ir_unlink(v);
	v->op = IR_ZERO;
	v->nargs = 1;
	v->args = arena_array(p->module->arena, struct ir_value *, 1);
	v->args[0] = lookup;
	v->imm = v->map->value_size;
	ir_append(zero, v);
	jump(p, zero, rest, v->span);
}

static bool share_removals(struct pass *p)
{
	bool any = false;
	struct ir_func *f = p->func;

	clear_aux(f);
	vec_foreach(first, &f->blocks)
		for (struct ir_block *b = *first, *next = NULL; b; b = next) {
			next = NULL;
			for (struct ir_value *v = b->first; v && !next; v = v->next)
				if (v->op == IR_REMOVE && v->map->kind == MAP_TASK_STORAGE) {
					zero_instead(p, v);
					next = b->succ[1];
					any = true;
					break;
				}
		}
	if (any) {
		list_blocks(p);
		ir_renumber(f);
	}
	return any;
}

/* The ENTRY becomes the PHI of the pointer there was, where that is not null, and of the ENTRY done now. */
static void make_if_null(struct pass *p, const struct repeat *r)
{
	struct ir_value *v = r->entry, *entry;
	struct ir_block *b = v->block, *miss, *rest = split_for_case(p, v, &miss);
	struct ir_value **parts = v->args;

	miss->unlikely = true;
	entry = new_value(p, miss, IR_ENTRY, IR_PTR, 0, v->span);
	entry->map = v->map;
	entry->nargs = v->nargs;
	entry->args = parts;
	branch(p, b, r->lookup, rest, miss, v->span);
	jump(p, miss, rest, v->span);
	v->op = IR_PHI;
	v->nargs = 0;
	ir_phi_grow(p->module->arena, v, 2);
	v->args[0] = r->lookup;
	v->args[1] = entry;
}

/* ---- the table ---- */

static uint64_t hash(const struct ir_value *v)
{
	uint64_t h = (uintptr_t)v->map >> 4;

	for (unsigned i = 0; i < v->nargs; i++) {
		const struct ir_value *part = v->args[i];

		h = (h ^ (ir_is_const(part) ? (uint64_t)part->imm : part->id + 1)) * 0x9e3779b97f4a7c15ull;
		h ^= h >> 29;
	}
	return h;
}

static bool same_parts(const struct ir_value *a, const struct ir_value *b)
{
	if (a->map != b->map || a->nargs != b->nargs)
		return false;
	for (unsigned i = 0; i < a->nargs; i++) {
		const struct ir_value *x = a->args[i], *y = b->args[i];

		if (x != y && !(ir_is_const(x) && ir_is_const(y) && x->imm == y->imm))
			return false;
	}
	return true;
}

static struct found *find(struct pass *p, const struct ir_value *v)
{
	unsigned i = (unsigned)hash(v) & p->mask;

	while (p->table[i].v && !same_parts(p->table[i].v, v))
		i = (i + 1) & p->mask;
	return &p->table[i];
}

static unsigned part_state(struct pass *p, const struct ir_value *v, unsigned i)
{
	const struct key_field *field = &v->map->key.data[i];

	return field->memory ? ir_memory_state(p->memory, v->args[i], 0, field->size) : 0;
}

static void remember(struct pass *p, struct ir_value *v)
{
	struct found *f = find(p, v);

	*f = (struct found){ v, v->block, ir_memory_removals(p->memory, v->map), ir_memory_insertions(p->memory, v->map),
			     arena_array(&p->arena, unsigned, v->nargs) };
	for (unsigned i = 0; i < v->nargs; i++)
		f->states[i] = part_state(p, v, i);
}

/* Is the pointer found before the one that a lookup of the key would give now, if it is not null? */
static bool still_holds(struct pass *p, const struct found *f, const struct ir_value *v)
{
	if (!f->v || !ir_dominates(&p->cfg, f->block, v->block) || f->removals != ir_memory_removals(p->memory, v->map))
		return false;
	for (unsigned i = 0; i < v->nargs; i++)
		if (f->states[i] != part_state(p, v, i))
			return false;
	return true;
}

/* ---- the walk ---- */

static bool known_not_null(const struct pass *p, const struct ir_value *pointer, const struct ir_block *at)
{
	const struct ir_block *from = p->not_null[pointer->id];

	return from && ir_dominates(&p->cfg, from, at);
}

/* What the branch that leads to b alone tells. */
static void learn(struct pass *p, const struct ir_block *b)
{
	const struct ir_value *test, *pointer;

	if (b->preds.len != 1 || b->preds.data[0]->last->op != IR_BR)
		return;
	test = b->preds.data[0]->last->args[0];
	if (test->op != IR_NE && test->op != IR_EQ)
		return;
	pointer = test->args[0];
	if (pointer->type == IR_PTR && ir_is_const(test->args[1]) && !test->args[1]->imm &&
	    b == b->preds.data[0]->succ[test->op == IR_NE ? 0 : 1] && !known_not_null(p, pointer, b))
		p->not_null[pointer->id] = b;
}

static bool is_array(const struct map_def *map)
{
	return map->kind == MAP_ARRAY;
}

static void visit_find(struct pass *p, struct ir_value *v)
{
	struct found *f = find(p, v);
	bool sure;

	if (!still_holds(p, f, v)) {
		ir_memory_step(p->memory, v);
		remember(p, v);
		return;
	}
	sure = known_not_null(p, f->v, v->block) || f->v->op == IR_ENTRY || is_array(v->map);
	if (v->op == IR_LOOKUP ? sure || f->insertions == ir_memory_insertions(p->memory, v->map) : sure) {
		ir_replace(&p->replaced, v, f->v);
		return;
	}
	if (v->op == IR_ENTRY)
		*vec_add(&p->repeats) = (struct repeat){ v, f->v };
	ir_memory_step(p->memory, v);
	remember(p, v);
}

static void walk(struct pass *p)
{
	for (unsigned i = 0; i < p->cfg.n; i++) {
		struct ir_block *b = p->cfg.preorder[i];

		ir_memory_enter(p->memory, b);
		learn(p, b);
		for (struct ir_value *v = b->first, *next; v; v = next) {
			next = v->next;
			ir_replace_operands(&p->replaced, v);
			if (finds(v))
				visit_find(p, v);
			else
				ir_memory_step(p->memory, v);
		}
	}
	ir_replace_in_phis(&p->replaced, p->func);
}

static void repeat(struct pass *p)
{
	if (!p->repeats.len)
		return;
	clear_aux(p->func);
	vec_foreach(r, &p->repeats)
		make_if_null(p, r);
	list_blocks(p);
}

bool ir_opt_lookup(struct ir_module *m, struct ir_func *f)
{
	struct pass p = { .module = m, .func = f, .mask = 15 };
	bool changed = share_removals(&p);
	unsigned n = count_found(f);

	if (n < 2)
		return changed;
	while (p.mask < 2 * n)
		p.mask = 2 * p.mask + 1;
	p.table = xcalloc(p.mask + 1, sizeof(*p.table));
	ir_replacements_init(&p.replaced, f);
	p.not_null = xcalloc(f->nvalues, sizeof(*p.not_null));
	ir_cfg_init(&p.cfg, f);
	p.memory = ir_memory_create(f, &p.cfg);
	walk(&p);
	repeat(&p);
	changed |= p.replaced.any || p.repeats.len;
	ir_memory_destroy(p.memory);
	ir_cfg_deinit(&p.cfg);
	vec_free(&p.repeats);
	arena_deinit(&p.arena);
	free(p.table);
	ir_replacements_deinit(&p.replaced);
	free(p.not_null);
	ir_renumber(f);
	return changed;
}
