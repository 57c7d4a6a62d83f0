// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory is divided into cells, each with the number of the write that changed it last. A write changes several:
 *
 *	exact, to a slot or map		the cells of the 4-byte units it touches, the object's WHOLE, ANY
 *	elsewhere in a slot or map	the object's SOMEWHERE, its WHOLE, ANY
 *	through a shared pointer	SHARED, ANY		(a call of a function too)
 *	through an unknown pointer	EVERYTHING, ANY		(likewise, if it is given pointers)
 *
 * and a read depends on several: exact ones on their units, SOMEWHERE, SHARED but for slots, and EVERYTHING. The numbers only
 * grow, so the greatest of them tells whether any has changed.
 *
 * Where ways join, all that was written on them since the dominator counts as written there. It is collected from the
 * joining blocks up the dominator tree; what lies between a block and its own dominator has then been collected before.
 */
#include "ir/memory.h"

#include <string.h>

enum { CELL_ANY, CELL_SHARED, CELL_EVERYTHING, CELL_FIRST };
/* beside the units of an object, which count from 0 */
enum { UNIT = 4, UNITS_MAX = 16, WHOLE = -1, SOMEWHERE = -2, REMOVALS = -3, INSERTIONS = -4 };

struct cell_key {
	const void *object;
	int64_t unit;
	unsigned cell;		/* 0: free */
};

struct undo {
	unsigned cell, version;
};

struct scope {
	const struct ir_block *block;
	unsigned undo;
};

struct ir_memory {
	const struct ir_func *func;
	const struct ir_cfg *cfg;
	struct ir_place *roots;			/* by value->id, of PHIs; */
	unsigned char *root_known;
	unsigned nvalues;

	struct cell_key *keys;
	unsigned nkeys, keys_cap;
	VEC(unsigned) version;			/* by cell */
	unsigned last;				/* version given */

	VEC(unsigned) writes;			/* cells, in the order of values */
	unsigned *value_writes;			/* by value->id: where they begin; the next value's begin is their end */
	struct { unsigned begin, end; } *block_writes, *between;	/* by block->id; in writes, in between_cells */
	VEC(unsigned) between_cells;
	bool *between_known;

	VEC(struct undo) undo;
	VEC(struct scope) scopes;
};

/* ---- cells ---- */

static unsigned hash_cell(const void *object, int64_t unit)
{
	uint64_t h = ((uintptr_t)object >> 4) * 0x9e3779b97f4a7c15ull + (uint64_t)unit * 0xff51afd7ed558ccdull;

	return (unsigned)(h >> 32);
}

static struct cell_key *find_cell(const struct ir_memory *mem, const void *object, int64_t unit)
{
	unsigned i = hash_cell(object, unit) & (mem->keys_cap - 1);

	while (mem->keys[i].cell && (mem->keys[i].object != object || mem->keys[i].unit != unit))
		i = (i + 1) & (mem->keys_cap - 1);
	return &mem->keys[i];
}

static void grow_cells(struct ir_memory *mem)
{
	struct cell_key *old = mem->keys;
	unsigned cap = mem->keys_cap;

	mem->keys_cap = cap ? 2 * cap : 64;
	mem->keys = xcalloc(mem->keys_cap, sizeof(*mem->keys));
	for (unsigned i = 0; i < cap; i++)
		if (old[i].cell)
			*find_cell(mem, old[i].object, old[i].unit) = old[i];
	free(old);
}

static unsigned add_cell(struct ir_memory *mem, const void *object, int64_t unit)
{
	struct cell_key *key;

	if (2 * (mem->nkeys + 1) > mem->keys_cap)
		grow_cells(mem);
	key = find_cell(mem, object, unit);
	if (!key->cell) {
		*key = (struct cell_key){ object, unit, mem->version.len };
		mem->nkeys++;
		*vec_add(&mem->version) = 0;
	}
	return key->cell;
}

/* A cell that nothing in the function writes has version 0. */
static unsigned version_of(const struct ir_memory *mem, const void *object, int64_t unit)
{
	return mem->keys_cap ? mem->version.data[find_cell(mem, object, unit)->cell ?: CELL_FIRST] : 0;
}

static void change(struct ir_memory *mem, unsigned cell)
{
	*vec_add(&mem->undo) = (struct undo){ cell, mem->version.data[cell] };
	mem->version.data[cell] = ++mem->last;
}

static unsigned max(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* ---- places ---- */

struct map_def *ir_memory_map(const struct ir_value *operand)
{
	if (operand->op == IR_CALL && operand->helper == IR_H_map_lookup_elem)
		operand = operand->args[0];
	return operand->op == IR_MAP ? operand->map : NULL;
}

static struct ir_place in_map(const struct map_def *map)
{
	if (!map)
		return (struct ir_place){ .kind = PLACE_SHARED };
	return (struct ir_place){ PLACE_MAP, map, true, 0 };
}

static struct ir_place place_of_call(const struct ir_value *v)
{
	switch (v->helper) {
	case IR_H_map_lookup_elem: case IR_H_task_storage_get:
		return in_map(ir_memory_map(v->args[0]));
	case IR_H_get_current_task_btf:
		return (struct ir_place){ .kind = PLACE_CONSTANT };
	default:
		return (struct ir_place){ .kind = PLACE_SHARED };
	}
}

static struct ir_place place_of(struct ir_memory *mem, const struct ir_value *v, unsigned depth);

static bool is_null(const struct ir_value *v)
{
	return ir_is_const(v);
}

/* The object that all operands point into; while it is being found out, and where nesting is deep, nothing is known. */
static struct ir_place place_of_phi(struct ir_memory *mem, const struct ir_value *v, unsigned depth)
{
	struct ir_place place = { .kind = PLACE_UNKNOWN }, other;
	bool first = true;

	if (v->id >= mem->nvalues || depth > 16)
		return place;
	if (mem->root_known[v->id])
		return mem->roots[v->id];
	mem->root_known[v->id] = true;
	mem->roots[v->id] = place;
	for (unsigned i = 0; i < v->nargs; i++) {
		if (is_null(v->args[i]) || v->args[i] == v)
			continue;
		other = place_of(mem, v->args[i], depth + 1);
		if (!first && (other.kind != place.kind || other.object != place.object)) {
			place = (struct ir_place){ .kind = PLACE_UNKNOWN };
			break;
		}
		if (!first && other.offset != place.offset)
			other.exact = false;
		if (!first)
			other.exact &= place.exact;
		place = other;
		first = false;
	}
	mem->roots[v->id] = place;
	return place;
}

static struct ir_place place_of(struct ir_memory *mem, const struct ir_value *v, unsigned depth)
{
	struct ir_place place = { .kind = PLACE_UNKNOWN };
	int64_t offset = 0;
	bool exact = true;

	for (; v->op == IR_PADD; v = v->args[0]) {
		offset += v->imm;
		if (ir_is_const(v->args[1]))
			offset += v->args[1]->imm;
		else
			exact = false;
	}
	switch (v->op) {
	case IR_SLOT:
		place = (struct ir_place){ PLACE_SLOT, v->slot, true, 0 };
		break;
	case IR_DATA:
		place = in_map(v->map);
		place.offset = v->imm;
		break;
	case IR_LOOKUP: case IR_ENTRY:
		place = in_map(v->map);
		break;
	case IR_CALL:
		place = place_of_call(v);
		break;
	case IR_CTX:
		place.kind = PLACE_CONSTANT;
		break;
	case IR_LOADP:
		place.kind = v->args[0]->op == IR_PARAM ? PLACE_SHARED : PLACE_CONSTANT;
		break;
	case IR_PARAM: case IR_CALLF:
		place.kind = PLACE_SHARED;
		break;
	case IR_PHI:
		place = place_of_phi(mem, v, depth);
		break;
	default:
		break;
	}
	place.offset += offset;
	place.exact &= exact;
	return place;
}

struct ir_place ir_memory_place(struct ir_memory *mem, const struct ir_value *pointer)
{
	return place_of(mem, pointer, 0);
}

/* ---- what is written ---- */

static void write_cell(struct ir_memory *mem, const void *object, int64_t unit)
{
	*vec_add(&mem->writes) = add_cell(mem, object, unit);
}

static bool has_units(const struct ir_place *place, int64_t offset, unsigned size)
{
	return place->exact && size && offset >= 0 && size <= UNIT * UNITS_MAX;
}

static void write_place(struct ir_memory *mem, const struct ir_value *pointer, int64_t offset, unsigned size)
{
	struct ir_place place = ir_memory_place(mem, pointer);

	switch (place.kind) {
	case PLACE_SLOT: case PLACE_MAP:
		offset += place.offset;
		if (has_units(&place, offset, size))
			for (int64_t unit = offset / UNIT; unit <= (offset + size - 1) / UNIT; unit++)
				write_cell(mem, place.object, unit);
		else
			write_cell(mem, place.object, SOMEWHERE);
		write_cell(mem, place.object, WHOLE);
		break;
	case PLACE_CONSTANT: case PLACE_SHARED:
		*vec_add(&mem->writes) = CELL_SHARED;
		break;
	case PLACE_UNKNOWN:
		*vec_add(&mem->writes) = CELL_EVERYTHING;
		break;
	}
}

/* Every value of the map may change. */
static void write_map(struct ir_memory *mem, const struct map_def *map)
{
	write_cell(mem, map, SOMEWHERE);
	write_cell(mem, map, WHOLE);
}

static void write_removal(struct ir_memory *mem, const struct map_def *map)
{
	write_cell(mem, map, REMOVALS);
	write_map(mem, map);
}

/* A function may write wherever its pointers lead, and follows pointers that are kept there. */
static void write_arguments(struct ir_memory *mem, const struct ir_value *v)
{
	unsigned cell = CELL_SHARED;

	for (unsigned i = 0; i < v->nargs; i++)
		if (v->args[i]->type == IR_PTR && ir_memory_place(mem, v->args[i]).kind != PLACE_CONSTANT)
			cell = CELL_EVERYTHING;
	*vec_add(&mem->writes) = cell;
}

static void write_buffers(struct ir_memory *mem, const struct ir_value *v)
{
	const char *letters = ir_helpers[v->helper].arguments;

	for (unsigned i = 0; i < v->nargs; i++) {
		const struct ir_value *size = i + 1 < v->nargs ? v->args[i + 1] : NULL;

		if (letters[i] == 'b')
			write_place(mem, v->args[i], 0,
				    size && ir_is_const(size) && size->imm > 0 && size->imm < INT32_MAX ? (unsigned)size->imm : 0);
	}
}

static void write_call(struct ir_memory *mem, const struct ir_value *v)
{
	const struct map_def *map = v->nargs ? ir_memory_map(v->args[0]) : NULL;

	switch (v->helper) {
	case IR_H_loop: case IR_H_for_each_map_elem:
		/* the callback follows pointers that its context holds */
		*vec_add(&mem->writes) = CELL_EVERYTHING;
		break;
	case IR_H_map_update_elem: case IR_H_map_delete_elem: case IR_H_task_storage_get: case IR_H_task_storage_delete:
		if (!map) {
			*vec_add(&mem->writes) = CELL_SHARED;
			break;
		}
		write_cell(mem, map, INSERTIONS);
		/* an update puts a new value in the old one's place, unless it makes new ones only */
		if (v->helper == IR_H_map_update_elem ? !ir_is_const(v->args[3]) || v->args[3]->imm != 1 :
		    v->helper != IR_H_task_storage_get)
			write_removal(mem, map);
		break;
	default:
		write_buffers(mem, v);
	}
}

static void find_writes(struct ir_memory *mem, const struct ir_value *v)
{
	if (!(ir_flags(v) & IR_F_WRITES) || ir_ops[v->op].flags & IR_F_TERM)
		return;
	*vec_add(&mem->writes) = CELL_ANY;
	switch (v->op) {
	case IR_STORE: case IR_AADD: case IR_FETCHADD: case IR_XCHG: case IR_CMPXCHG:
		write_place(mem, v->args[0], v->imm, v->size);
		break;
	case IR_COPY: case IR_ZERO:
		write_place(mem, v->args[0], 0, v->imm < INT32_MAX ? (unsigned)v->imm : 0);
		break;
	case IR_ENTRY:
		write_cell(mem, v->map, INSERTIONS);
		break;
	case IR_REMOVE:
		/* a thread's storage stays where it is, zeroed */
		if (v->map->kind == MAP_TASK_STORAGE)
			write_map(mem, v->map);
		else
			write_removal(mem, v->map);
		break;
	case IR_CALL:
		write_call(mem, v);
		break;
	default:
		write_arguments(mem, v);
	}
}

/* ---- joins ---- */

struct collection {
	unsigned *cell_seen, *block_seen;	/* equal to mark: seen */
	unsigned mark;
};

static void collect(struct ir_memory *mem, struct collection *c, const unsigned *cells, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (c->cell_seen[cells[i]] != c->mark) {
			c->cell_seen[cells[i]] = c->mark;
			*vec_add(&mem->between_cells) = cells[i];
		}
}

static void collect_between(struct ir_memory *mem, struct collection *c, const struct ir_block *join)
{
	static const unsigned all[] = { CELL_ANY, CELL_SHARED, CELL_EVERYTHING };
	const struct ir_block *top = mem->cfg->idom[join->id];

	c->mark++;
	mem->between[join->id].begin = mem->between_cells.len;
	for (unsigned i = 0; join->preds.len > 1 && i < join->preds.len; i++)
		for (const struct ir_block *b = join->preds.data[i]; b != top; b = mem->cfg->idom[b->id]) {
			if (c->block_seen[b->id] == c->mark)
				break;
			c->block_seen[b->id] = c->mark;
			collect(mem, c, mem->writes.data + mem->block_writes[b->id].begin,
				mem->block_writes[b->id].end - mem->block_writes[b->id].begin);
			if (b == join)
				continue;
			if (!mem->between_known[b->id]) {
				/* two loops into each other */
				collect(mem, c, all, 3);
				continue;
			}
			for (unsigned j = mem->between[b->id].begin; j < mem->between[b->id].end; j++) {
				unsigned cell = mem->between_cells.data[j];

				collect(mem, c, &cell, 1);
			}
		}
	mem->between[join->id].end = mem->between_cells.len;
	mem->between_known[join->id] = true;
}

static void find_joins(struct ir_memory *mem)
{
	struct collection c = { xcalloc(mem->version.len, sizeof(unsigned)), xcalloc(mem->func->blocks.len, sizeof(unsigned)), 0 };

	for (unsigned i = 0; i < mem->cfg->n; i++)
		if (mem->cfg->idom[mem->cfg->postorder[i]->id])
			collect_between(mem, &c, mem->cfg->postorder[i]);
	free(c.cell_seen);
	free(c.block_seen);
}

/* ---- the walk ---- */

struct ir_memory *ir_memory_create(const struct ir_func *f, const struct ir_cfg *g)
{
	struct ir_memory *mem = xcalloc(1, sizeof(*mem));

	mem->func = f;
	mem->cfg = g;
	mem->nvalues = f->nvalues;
	mem->roots = xcalloc(f->nvalues, sizeof(*mem->roots));
	mem->root_known = xcalloc(f->nvalues, 1);
	mem->value_writes = xcalloc(f->nvalues + 1, sizeof(*mem->value_writes));
	mem->block_writes = xcalloc(f->blocks.len, sizeof(*mem->block_writes));
	mem->between = xcalloc(f->blocks.len, sizeof(*mem->between));
	mem->between_known = xcalloc(f->blocks.len, sizeof(*mem->between_known));
	/* CELL_FIRST itself is never written: it stands for cells that are not */
	for (unsigned i = 0; i <= CELL_FIRST; i++)
		*vec_add(&mem->version) = 0;
	vec_foreach(b, &f->blocks) {
		mem->block_writes[(*b)->id].begin = mem->writes.len;
		for (struct ir_value *v = (*b)->first; v; v = v->next) {
			mem->value_writes[v->id] = mem->writes.len;
			find_writes(mem, v);
		}
		mem->block_writes[(*b)->id].end = mem->writes.len;
	}
	mem->value_writes[f->nvalues] = mem->writes.len;
	find_joins(mem);
	return mem;
}

void ir_memory_destroy(struct ir_memory *mem)
{
	if (!mem)
		return;
	free(mem->roots);
	free(mem->root_known);
	free(mem->value_writes);
	free(mem->block_writes);
	free(mem->between);
	free(mem->between_known);
	free(mem->keys);
	vec_free(&mem->version);
	vec_free(&mem->writes);
	vec_free(&mem->between_cells);
	vec_free(&mem->undo);
	vec_free(&mem->scopes);
	free(mem);
}

/* Takes back what was written in the blocks that do not dominate b. */
static void leave_scopes(struct ir_memory *mem, const struct ir_block *b)
{
	while (mem->scopes.len && !ir_dominates(mem->cfg, mem->scopes.data[mem->scopes.len - 1].block, b)) {
		const struct scope *top = &mem->scopes.data[--mem->scopes.len];

		while (mem->undo.len > top->undo) {
			const struct undo *u = &mem->undo.data[--mem->undo.len];

			mem->version.data[u->cell] = u->version;
		}
	}
}

void ir_memory_enter(struct ir_memory *mem, const struct ir_block *b)
{
	leave_scopes(mem, b);
	*vec_add(&mem->scopes) = (struct scope){ b, mem->undo.len };
	for (unsigned i = mem->between[b->id].begin; i < mem->between[b->id].end; i++)
		change(mem, mem->between_cells.data[i]);
}

void ir_memory_step(struct ir_memory *mem, const struct ir_value *v)
{
	if (v->id >= mem->nvalues)
		return;
	for (unsigned i = mem->value_writes[v->id]; i < mem->value_writes[v->id + 1]; i++)
		change(mem, mem->writes.data[i]);
}

unsigned ir_memory_state(struct ir_memory *mem, const struct ir_value *pointer, int64_t offset, unsigned size)
{
	struct ir_place place = ir_memory_place(mem, pointer);
	unsigned state = mem->version.data[CELL_EVERYTHING];

	switch (place.kind) {
	case PLACE_CONSTANT:
		return 0;
	case PLACE_SHARED: case PLACE_UNKNOWN:
		return mem->version.data[CELL_ANY];
	case PLACE_MAP:
		state = max(state, mem->version.data[CELL_SHARED]);
		break;
	default:
		break;
	}
	offset += place.offset;
	if (!has_units(&place, offset, size))
		return max(state, version_of(mem, place.object, WHOLE));
	for (int64_t unit = offset / UNIT; unit <= (offset + size - 1) / UNIT; unit++)
		state = max(state, version_of(mem, place.object, unit));
	return max(state, version_of(mem, place.object, SOMEWHERE));
}

static unsigned presence(struct ir_memory *mem, const struct map_def *map, int64_t what)
{
	return max(version_of(mem, map, what), max(mem->version.data[CELL_SHARED], mem->version.data[CELL_EVERYTHING]));
}

unsigned ir_memory_removals(struct ir_memory *mem, const struct map_def *map)
{
	return presence(mem, map, REMOVALS);
}

unsigned ir_memory_insertions(struct ir_memory *mem, const struct map_def *map)
{
	return presence(mem, map, INSERTIONS);
}

unsigned ir_memory_any(const struct ir_memory *mem)
{
	return mem->version.data[CELL_ANY];
}
