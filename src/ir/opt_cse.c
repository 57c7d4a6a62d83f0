// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Common subexpressions. The dominator tree is walked in preorder with one table of what has been computed; an entry counts
 * where its block dominates. Entries for what is read from memory also hold the state of that memory, so they need no
 * killing: a write makes a new state.
 *
 * A store is entered as the load that would give what was stored.
 */
#include "ir/edit.h"
#include "ir/memory.h"
#include "ir/passes.h"
#include "ir/replace.h"

#include <stdlib.h>
#include <string.h>

/* Two values with equal keys are equal, if one dominates the other. */
struct key {
	enum ir_op op;
	unsigned size, nargs;
	int64_t imm;
	const void *object;
	unsigned state;			/* of the memory read */
	struct ir_value *const *args;
};

struct entry {
	struct key key;
	struct ir_value *value;
	const struct ir_block *block;
};

struct cse {
	struct ir_module *module;
	struct ir_func *func;
	struct ir_cfg cfg;
	struct ir_memory *memory;
	VEC(struct entry) entries;
	unsigned *table;		/* by hash: 1 + the place in entries; 0: free */
	unsigned mask;
	struct ir_replacements replaced;
	bool changed;			/* otherwise than by these */
};

/* ---- the table ---- */

static uint64_t mix(uint64_t h, uint64_t n)
{
	h = (h ^ n) * 0x9e3779b97f4a7c15ull;
	return h ^ h >> 29;
}

static uint64_t hash_arg(const struct ir_value *v)
{
	return ir_is_const(v) ? mix(1, (uint64_t)v->imm) : (uint64_t)v->id << 1;
}

static uint64_t hash_key(const struct key *k)
{
	uint64_t h = mix(mix(mix(k->op, k->size), (uint64_t)k->imm), (uintptr_t)k->object ^ k->state);

	for (unsigned i = 0; i < k->nargs; i++)
		h = mix(h, hash_arg(k->args[i]));
	return h;
}

static bool same(const struct ir_value *a, const struct ir_value *b)
{
	return a == b || (ir_is_const(a) && ir_is_const(b) && a->imm == b->imm);
}

static bool same_key(const struct key *a, const struct key *b)
{
	if (a->op != b->op || a->size != b->size || a->nargs != b->nargs || a->imm != b->imm || a->object != b->object ||
	    a->state != b->state)
		return false;
	for (unsigned i = 0; i < a->nargs; i++)
		if (!same(a->args[i], b->args[i]))
			return false;
	return true;
}

/* The key's place in the table, or the free one for it. */
static unsigned *find(struct cse *c, const struct key *k)
{
	unsigned i = (unsigned)hash_key(k) & c->mask;

	while (c->table[i] && !same_key(&c->entries.data[c->table[i] - 1].key, k))
		i = (i + 1) & c->mask;
	return &c->table[i];
}

/* The value entered under the key, where it dominates the block. */
static struct ir_value *known(struct cse *c, const struct key *k, const struct ir_block *at)
{
	unsigned n = *find(c, k);
	const struct entry *e = n ? &c->entries.data[n - 1] : NULL;

	return e && ir_dominates(&c->cfg, e->block, at) ? e->value : NULL;
}

static void enter(struct cse *c, const struct key *k, struct ir_value *v, const struct ir_block *at)
{
	unsigned *n = find(c, k);

	if (!*n) {
		(void)vec_add(&c->entries);
		*n = c->entries.len;
	}
	c->entries.data[*n - 1] = (struct entry){ *k, v, at };
}

/* ---- keys ---- */

static const void *object_of(const struct ir_value *v)
{
	switch (v->op) {
	case IR_SLOT: return v->slot;
	case IR_MAP: case IR_DATA: return v->map;
	case IR_FUNC: return v->func;
	case IR_CALL: return &ir_helpers[v->helper];
	case IR_PHI: return v->block;
	default: return NULL;
	}
}

/* Bytes at an address: the object and the offset in it where they are known, so that two ways to write the address are one */
static struct key bytes_key(struct cse *c, enum ir_op op, struct ir_value *const *address, int64_t offset, unsigned size)
{
	struct ir_place place = ir_memory_place(c->memory, *address);
	struct key k = { .op = op, .size = size, .state = ir_memory_state(c->memory, *address, offset, size) };

	if (place.exact && (place.kind == PLACE_SLOT || (place.kind == PLACE_MAP && (*address)->op == IR_DATA))) {
		k.object = place.object;
		k.imm = place.offset + offset;
	} else {
		k.args = address;
		k.nargs = 1;
		k.imm = offset;
	}
	return k;
}

static unsigned max(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* What a lookup depends on: the bytes of the key, and which keys the map has. The map of inner maps stays as it is. */
static unsigned lookup_state(struct cse *c, const struct ir_value *v)
{
	const struct ir_value *operand = v->args[0];
	const struct map_def *map = ir_memory_map(operand);
	unsigned state = map ? ir_memory_state(c->memory, v->args[1], 0, map->key_size) : ir_memory_any(c->memory);

	if (map && !((map->swapped || map->kind == MAP_OUTER) && operand->op == IR_MAP))
		state = max(state, max(ir_memory_removals(c->memory, map), ir_memory_insertions(c->memory, map)));
	return state;
}

static unsigned call_state(struct cse *c, const struct ir_value *v)
{
	if (v->helper == IR_H_map_lookup_elem)
		return lookup_state(c, v);
	return ir_helpers[v->helper].flags & IR_F_READS ? ir_memory_any(c->memory) : 0;
}

/* May v be shared, and under which key? */
static bool key_of(struct cse *c, const struct ir_value *v, struct key *k)
{
	unsigned flags = ir_flags(v);

	if (ir_is_const(v) || flags & IR_F_WRITES)
		return false;
	if (v->op == IR_LOAD || v->op == IR_LOADP) {
		*k = bytes_key(c, v->op, &v->args[0], v->imm, v->op == IR_LOADP ? 8 : v->size);
		return true;
	}
	*k = (struct key){ v->op, v->size, v->nargs, v->imm, object_of(v), 0, v->args };
	if (v->op == IR_CALL)
		k->state = call_state(c, v);
	else if (flags & IR_F_READS)
		return false;	/* LOOKUP: opt_lookup.c */
	return true;
}

/* ---- the walk ---- */

/* The stored value's low bytes are what a load gives. */
static void forward_store(struct cse *c, struct ir_value *load, struct ir_value *stored)
{
	if (load->size == 8 || (ir_is_const(stored) && (uint64_t)stored->imm >> 8 * load->size == 0)) {
		ir_replace(&c->replaced, load, stored);
		return;
	}
	load->op = IR_ZEXT;
	load->imm = 0;
	load->args[0] = stored;
	c->changed = true;
}

/* Loads and stores share a table under LOAD: a store's entry holds a value that was never loaded, whose high bytes may be set. */
static void visit_load(struct cse *c, struct ir_value *v)
{
	struct key k, stored;
	struct ir_value *by;

	key_of(c, v, &k);
	by = known(c, &k, v->block);
	if (by) {
		ir_replace(&c->replaced, v, by);
		return;
	}
	stored = k;
	stored.op = IR_STORE;
	by = v->op == IR_LOAD ? known(c, &stored, v->block) : NULL;
	if (by) {
		forward_store(c, v, by);
		return;
	}
	enter(c, &k, v, v->block);
}

/* Drops the store if the same stands there already. */
static void visit_store(struct cse *c, struct ir_value *v)
{
	struct key k = bytes_key(c, IR_STORE, &v->args[0], v->imm, v->size);
	const struct ir_value *there = known(c, &k, v->block);

	if (!there) {
		k.op = IR_LOAD;
		there = known(c, &k, v->block);
	}
	if (there && same(there, v->args[1])) {
		ir_unlink(v);
		c->changed = true;
		return;
	}
	ir_memory_step(c->memory, v);
	k = bytes_key(c, IR_STORE, &v->args[0], v->imm, v->size);
	enter(c, &k, v->args[1], v->block);
}

/* Helpers whose buffer gets the same all through an event */
static bool fills_alike(const struct ir_value *v)
{
	return v->op == IR_CALL && (v->helper == IR_H_get_current_comm || v->helper == IR_H_get_ns_current_pid_tgid);
}

/* The call of a helper that fills a buffer is dropped where the buffer holds just that. */
static void visit_fill(struct cse *c, struct ir_value *v)
{
	unsigned buffer = (unsigned)(strchr(ir_helpers[v->helper].arguments, 'b') - ir_helpers[v->helper].arguments);
	struct ir_value *size = v->args[buffer + 1], *before;
	struct key k = { v->op, 0, v->nargs, 0, object_of(v), 0, v->args };

	if (!ir_is_const(size)) {
		ir_memory_step(c->memory, v);
		return;
	}
	k.state = ir_memory_state(c->memory, v->args[buffer], 0, (unsigned)size->imm);
	before = known(c, &k, v->block);
	if (before) {
		ir_replace(&c->replaced, v, before);
		return;
	}
	ir_memory_step(c->memory, v);
	k.state = ir_memory_state(c->memory, v->args[buffer], 0, (unsigned)size->imm);
	enter(c, &k, v, v->block);
}

static void order_operands(struct ir_value *v)
{
	struct ir_value *x = v->args[0];
	bool swap = ir_is_const(x) ? !ir_is_const(v->args[1]) : !ir_is_const(v->args[1]) && v->args[1]->id < x->id;

	if (swap) {
		v->args[0] = v->args[1];
		v->args[1] = x;
	}
}

static void visit(struct cse *c, struct ir_value *v)
{
	struct ir_value *by;
	struct key k;

	ir_replace_operands(&c->replaced, v);
	if (ir_ops[v->op].flags & IR_F_COMM)
		order_operands(v);
	if (v->op == IR_LOAD || v->op == IR_LOADP) {
		visit_load(c, v);
	} else if (v->op == IR_STORE) {
		visit_store(c, v);
	} else if (fills_alike(v)) {
		visit_fill(c, v);
	} else if (key_of(c, v, &k)) {
		by = known(c, &k, v->block);
		if (by)
			ir_replace(&c->replaced, v, by);
		else
			enter(c, &k, v, v->block);
	} else {
		ir_memory_step(c->memory, v);
	}
}

bool ir_opt_cse(struct ir_module *m, struct ir_func *f)
{
	struct cse c = { .module = m, .func = f, .mask = 15 };

	/* a value makes at most one entry */
	while (c.mask < 2 * f->nvalues)
		c.mask = 2 * c.mask + 1;
	c.table = xcalloc(c.mask + 1, sizeof(*c.table));
	ir_replacements_init(&c.replaced, f);
	ir_cfg_init(&c.cfg, f);
	c.memory = ir_memory_create(f, &c.cfg);
	for (unsigned i = 0; i < c.cfg.n; i++) {
		struct ir_block *b = c.cfg.preorder[i];

		ir_memory_enter(c.memory, b);
		for (struct ir_value *v = b->first, *next; v; v = next) {
			next = v->next;
			visit(&c, v);
		}
	}
	ir_replace_in_phis(&c.replaced, f);
	ir_memory_destroy(c.memory);
	ir_cfg_deinit(&c.cfg);
	vec_free(&c.entries);
	free(c.table);
	ir_replacements_deinit(&c.replaced);
	ir_renumber(f);
	return c.changed || c.replaced.any;
}
