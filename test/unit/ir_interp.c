// SPDX-License-Identifier: GPL-2.0-or-later
#include "test/unit/ir_interp.h"

#include "ir/edit.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 200000 };

/* The values of one call of a function */
struct frame {
	struct interp *in;
	uint64_t *values;		/* by value->id */
	unsigned char **slots;
	const uint64_t *args;
};

void interp_init(struct interp *in, const struct ir_module *m)
{
	memset(in, 0, sizeof(*in));
	in->module = m;
	for (unsigned i = 0; i < m->maps.len && i < INTERP_MAPS; i++) {
		in->maps[i].def = in->outer[i].def = m->maps.data[i];
		in->outer[i].is_outer = true;
	}
	for (unsigned i = 0; i < sizeof(in->ctx); i++)
		in->ctx[i] = (unsigned char)(37 * i + 11);
}

void interp_deinit(struct interp *in)
{
	arena_deinit(&in->arena);
}

static void *pointer(uint64_t v)
{
	return (void *)(uintptr_t)v;
}

static uint64_t number(const void *p)
{
	return (uintptr_t)p;
}

/* ---- maps ---- */

static bool is_array(const struct map_def *def)
{
	return def->kind == MAP_ARRAY;
}

static unsigned key_size(const struct map_def *def)
{
	return def->kind == MAP_TASK_STORAGE ? 0 : def->key_size;
}

static struct interp_entry *find(struct interp_map *m, const unsigned char *key)
{
	for (unsigned i = 0; i < INTERP_KEYS; i++)
		if (m->entries[i].used && (!key || !memcmp(m->entries[i].key, key, key_size(m->def))))
			return &m->entries[i];
	return NULL;
}

static unsigned char *lookup(struct interp *in, struct interp_map *m, const unsigned char *key)
{
	struct interp_entry *e;

	in->lookups++;
	if (m->is_outer)
		return (unsigned char *)&in->maps[m->def->index];
	if (is_array(m->def))
		return m->data;
	e = find(m, key);
	return e ? e->value : NULL;
}

/* A new entry with a copy of the value (zeros if NULL), unless the map is full or has the key. */
static unsigned char *insert(struct interp *in, struct interp_map *m, const unsigned char *key, const unsigned char *value)
{
	struct interp_entry *free_one = NULL;
	unsigned n = 0;

	if (find(m, key))
		return NULL;
	for (unsigned i = 0; i < INTERP_KEYS; i++)
		if (m->entries[i].used)
			n++;
		else if (!free_one)
			free_one = &m->entries[i];
	if (!free_one || n >= m->def->entries)
		return NULL;
	free_one->used = true;
	if (key)
		memcpy(free_one->key, key, key_size(m->def));
	free_one->value = arena_alloc(&in->arena, m->def->value_size);
	if (value)
		memcpy(free_one->value, value, m->def->value_size);
	return free_one->value;
}

static void erase(struct interp_map *m, const unsigned char *key)
{
	struct interp_entry *e = find(m, key);

	if (e)
		e->used = false;
}

/* LOOKUP, ENTRY, REMOVE as they stand */
static uint64_t keyed(struct frame *f, const struct ir_value *v)
{
	struct interp_map *m = &f->in->maps[v->map->index];
	unsigned char key[INTERP_BYTES] = { 0 }, *value;

	for (unsigned i = 0; i < v->nargs; i++) {
		const struct key_field *field = &v->map->key.data[i];
		uint64_t arg = f->values[v->args[i]->id];

		memcpy(key + field->offset, field->memory ? pointer(arg) : &arg, field->size);
	}
	value = lookup(f->in, m, key);
	if (v->op == IR_REMOVE) {
		if (m->def->kind == MAP_TASK_STORAGE && value)
			memset(value, 0, m->def->value_size);
		else if (m->def->kind != MAP_TASK_STORAGE)
			erase(m, key);
		return 0;
	}
	if (!value && v->op == IR_ENTRY)
		value = insert(f->in, m, key, NULL);
	return number(value);
}

/* ---- helpers ---- */

static const char comm[16] = "interpreter";

static uint64_t call(struct frame *f, const struct ir_value *v)
{
	uint64_t a[5] = { 0 };
	struct interp_map *m;

	for (unsigned i = 0; i < v->nargs; i++)
		a[i] = f->values[v->args[i]->id];
	m = pointer(a[0]);
	switch (v->helper) {
	case IR_H_map_lookup_elem:
		return number(lookup(f->in, m, pointer(a[1])));
	case IR_H_map_update_elem:
		return insert(f->in, m, pointer(a[1]), pointer(a[2])) ? 0 : (uint64_t)-7;
	case IR_H_map_delete_elem:
		erase(m, pointer(a[1]));
		return 0;
	case IR_H_task_storage_get:
		m = pointer(a[0]);
		if (!lookup(f->in, m, NULL) && a[3] == 1)
			insert(f->in, m, NULL, NULL);
		return number(lookup(f->in, m, NULL));
	case IR_H_get_current_comm:
		memcpy(pointer(a[0]), comm, a[1] < sizeof(comm) ? a[1] : sizeof(comm));
		return 0;
	case IR_H_get_current_task_btf: case IR_H_get_current_task:
		return 4096;
	case IR_H_get_current_pid_tgid:
		return 0x1234000005678;
	case IR_H_get_smp_processor_id:
		return 3;
	case IR_H_ktime_get_ns:
		return 1000000007;
	default:
		f->in->error = ir_helpers[v->helper].name;
		return 0;
	}
}

/* ---- values ---- */

static uint64_t load(const unsigned char *p, unsigned size)
{
	uint64_t n = 0;

	memcpy(&n, p, size);
	return n;
}

static uint64_t atomic(const struct ir_value *v, unsigned char *p, uint64_t x, uint64_t y)
{
	uint64_t before = load(p, v->size), after = x;

	if (v->op == IR_AADD || v->op == IR_FETCHADD)
		after = before + x;
	if (v->op == IR_CMPXCHG)
		after = before == x ? y : before;
	memcpy(p, &after, v->size);
	return before;
}

static uint64_t eval(struct frame *f, const struct ir_value *v)
{
	uint64_t x = v->nargs > 0 ? f->values[v->args[0]->id] : 0, y = v->nargs > 1 ? f->values[v->args[1]->id] : 0;
	int64_t n;

	if (ir_eval(v->op, v->size, (int64_t)x, (int64_t)y, &n))
		return (uint64_t)n;
	switch (v->op) {
	case IR_CONST: return (uint64_t)v->imm;
	case IR_PARAM: return f->args[v->imm];
	case IR_CTX: return number(f->in->ctx);
	case IR_SLOT: return number(f->slots[v->slot->id]);
	case IR_MAP: return number(v->map->swapped ? &f->in->outer[v->map->index] : &f->in->maps[v->map->index]);
	case IR_DATA: return number(f->in->maps[v->map->index].data + v->imm);
	case IR_PATCH: return 42;
	case IR_PADD: return x + y + (uint64_t)v->imm;
	case IR_ADDRESS: return x;
	case IR_LOAD: return load(pointer(x + (uint64_t)v->imm), v->size);
	case IR_STORE: memcpy(pointer(x + (uint64_t)v->imm), &y, v->size); return 0;
	case IR_COPY: memmove(pointer(x), pointer(y), (size_t)v->imm); return 0;
	case IR_ZERO: memset(pointer(x), 0, (size_t)v->imm); return 0;
	case IR_AADD: case IR_FETCHADD: case IR_XCHG: case IR_CMPXCHG:
		return atomic(v, pointer(x + (uint64_t)v->imm), y, v->nargs > 2 ? f->values[v->args[2]->id] : 0);
	case IR_LOOKUP: case IR_ENTRY: case IR_REMOVE: return keyed(f, v);
	case IR_CALL: return call(f, v);
	default:
		f->in->error = ir_ops[v->op].name;
		return 0;
	}
}

/* The PHIs of a block take their values all at once. */
static const struct ir_value *enter(struct frame *f, const struct ir_block *b, const struct ir_block *from)
{
	uint64_t taken[64];
	unsigned n = 0;
	const struct ir_value *v;
	int way = from ? ir_pred_index(b, from) : -1;

	for (v = b->first; v->op == IR_PHI; v = v->next)
		taken[n++ % 64] = f->values[v->args[way]->id];
	n = 0;
	for (v = b->first; v->op == IR_PHI; v = v->next)
		f->values[v->id] = taken[n++ % 64];
	return v;
}

static uint64_t run(struct interp *in, const struct ir_func *func, const uint64_t *args)
{
	struct frame f = { in, arena_array(&in->arena, uint64_t, func->nvalues), NULL, args };
	const struct ir_block *b = func->blocks.data[0], *from = NULL;

	f.slots = arena_array(&in->arena, unsigned char *, func->slots.len);
	for (unsigned i = 0; i < func->slots.len; i++)
		f.slots[i] = arena_alloc(&in->arena, func->slots.data[i]->size);
	while (!in->error) {
		for (const struct ir_value *v = enter(&f, b, from); v && !in->error; v = v->next) {
			if (++in->steps > STEPS_MAX)
				in->error = "too many steps";
			if (v->op == IR_RET)
				return f.values[v->args[0]->id];
			if (v->op == IR_CALLF) {
				uint64_t a[5] = { 0 };

				for (unsigned i = 0; i < v->nargs; i++)
					a[i] = f.values[v->args[i]->id];
				f.values[v->id] = run(in, v->func, a);
			} else if (v->op != IR_JMP && v->op != IR_BR) {
				f.values[v->id] = eval(&f, v);
			}
		}
		from = b;
		b = b->succ[b->last->op == IR_BR && !f.values[b->last->args[0]->id]];
	}
	return 0;
}

uint64_t interp_run(struct interp *in, const struct ir_func *f)
{
	return run(in, f, NULL);
}

/* ---- comparing ---- */

static const char *compare_maps(const struct interp_map *a, const struct interp_map *b, unsigned drops)
{
	static char text[128];

	for (unsigned i = 0; i < INTERP_DATA; i++)
		if (a->data[i] != b->data[i] && i - drops >= 8) {
			snprintf(text, sizeof(text), "byte %u of map %s", i, a->def->name);
			return text;
		}
	for (unsigned i = 0; i < INTERP_KEYS; i++) {
		const struct interp_entry *e = &a->entries[i], *other;

		if (!e->used)
			continue;
		other = find((struct interp_map *)b, e->key);
		if (!other || memcmp(e->value, other->value, a->def->value_size)) {
			snprintf(text, sizeof(text), "key %02x of map %s", e->key[0], a->def->name);
			return text;
		}
	}
	return NULL;
}

const char *interp_compare(const struct interp *a, const struct interp *b, unsigned drops)
{
	const char *text = NULL;

	for (unsigned i = 0; i < a->module->maps.len && i < INTERP_MAPS && !text; i++) {
		text = compare_maps(&a->maps[i], &b->maps[i], drops);
		if (!text)
			text = compare_maps(&b->maps[i], &a->maps[i], drops);
	}
	return text;
}
