// SPDX-License-Identifier: GPL-2.0-or-later
#include "bpfgen/mach.h"

#include <string.h>

/*
 * A value of an array map is one piece of kernel memory; kernels before 5.11 limit it to what kmalloc gives, and nobody
 * wants more.
 */
enum { SCRATCH_MAX = 4 << 20, FRAME_ALIGN = 32 };

struct frame_slot *frame_slot(struct gen_func *f, const struct ir_slot *slot)
{
	return &f->slots[slot->id];
}

static void slots_init(struct gen_func *f)
{
	vec_foreach(s, &f->ir->slots)
		if ((*s)->id >= f->nslots)
			f->nslots = (*s)->id + 1;
	f->slots_cap = f->nslots + 8;
	f->slots = arena_array(f->gen->arena, struct frame_slot, f->slots_cap);
	vec_foreach(s, &f->ir->slots)
		f->slots[(*s)->id] = (struct frame_slot){ .slot = *s, .first = ~0u };
}

struct ir_slot *frame_spill(struct gen_func *f)
{
	struct ir_slot *slot = arena_new(f->gen->arena, struct ir_slot);
	unsigned n = f->nslots + f->nspills;

	if (n == f->slots_cap) {
		struct frame_slot *grown = arena_array(f->gen->arena, struct frame_slot, 2 * n);

		memcpy(grown, f->slots, n * sizeof(*grown));
		f->slots = grown;
		f->slots_cap = 2 * n;
	}
	*slot = (struct ir_slot){ .id = n, .size = 8, .align = 8, .name = "spill" };
	f->slots[n] = (struct frame_slot){ .slot = slot, .pinned = true, .last = ~0u };
	f->nspills++;
	return slot;
}

int frame_spill_number(struct gen_func *f)
{
	if (f->nroom == f->spill_room) {
		f->nmovable++;
		return -1;
	}
	return (int)(f->spill_base + 8 * f->nroom++);
}

/* The slot that pointer v leads into, if only one can be. */
static struct frame_slot *root(struct gen_func *f, const struct ir_value *v)
{
	while (v->op == IR_PADD)
		v = v->args[0];
	return v->op == IR_SLOT ? frame_slot(f, v->slot) : NULL;
}

static void touch(struct frame_slot *s, unsigned position)
{
	if (position < s->first)
		s->first = position;
	if (position > s->last)
		s->last = position;
}

static void in_use_all_along(struct frame_slot *s)
{
	s->first = 0;
	s->last = ~0u;
}

/* v is the base of a pointer with a variable offset: whatever slot it may lead into is indexed. */
static void mark_indexed(struct gen_func *f, struct ir_value *v)
{
	while (v->op == IR_PADD)
		v = v->args[0];
	switch (v->op) {
	case IR_SLOT:
		frame_slot(f, v->slot)->indexed = true;
		break;
	case IR_PARAM:
		f->indexed_params |= 1u << v->imm;
		break;
	case IR_PHI:
		if (v->aux == f)
			break;
		v->aux = f;
		for (unsigned i = 0; i < v->nargs; i++)
			mark_indexed(f, v->args[i]);
		break;
	default:
		break;
	}
}

static void mark_indexed_by_callee(struct gen_func *f, struct ir_value *v)
{
	struct gen_func *c;

	if (v->op == IR_CALLF) {
		c = v->func->aux;
		for (unsigned i = 0; i < v->nargs; i++)
			if (c->indexed_params & 1u << i)
				mark_indexed(f, v->args[i]);
	} else if (v->op == IR_CALL && v->nargs > 2 && v->args[1]->op == IR_FUNC) {
		/* the pointer handed to a callback: its parameter 1 from bpf_loop, 3 from bpf_for_each_map_elem */
		c = v->args[1]->func->aux;
		if (c->indexed_params & 1u << (v->helper == IR_H_loop ? 1 : 3))
			mark_indexed(f, v->args[2]);
	}
}

/* Memory of which a helper fills or reads as much as a number says: on the stack, older kernels want all of it initialised. */
static void mark_sized(struct gen_func *f, const struct ir_value *call)
{
	for (unsigned i = 0; i + 1 < call->nargs; i++)
		if (call->args[i]->type == IR_PTR && call->args[i + 1]->type == IR_I64 && !ir_is_const(call->args[i + 1]))
			mark_indexed(f, call->args[i]);
}

static void look_at(struct gen_func *f, struct ir_value *v, unsigned position)
{
	for (unsigned i = 0; i < v->nargs; i++) {
		struct frame_slot *s = root(f, v->args[i]);

		if (!s || v->op == IR_PADD)
			continue;
		if (v->op == IR_PHI || v->op == IR_ADDRESS || v->type == IR_PTR)
			in_use_all_along(s);
		touch(s, position);
		if (v->op == IR_STORE && i == 1) {
			in_use_all_along(s);
			s->indexed |= s->slot->indexed;
			s = root(f, v->args[0]);
			if (s)
				s->pinned = true;
		}
	}
	if (v->op == IR_PADD && !ir_is_const(v->args[1]))
		mark_indexed(f, v->args[0]);
	if (v->op == IR_CALL)
		mark_sized(f, v);
	mark_indexed_by_callee(f, v);
}

/* What is in use anywhere in a loop is in use in all of it: the next round may read what this one wrote. */
static void widen_to_loops(struct gen_func *f, const unsigned *begins)
{
	for (unsigned i = 0, end; i < f->nblocks; i = end) {
		end = i + 1;
		if (!f->blocks[i].depth)
			continue;
		while (end < f->nblocks && f->blocks[end].depth)
			end++;
		for (unsigned n = 0; n < f->nslots; n++) {
			struct frame_slot *s = &f->slots[n];

			if (s->first < begins[end] && s->last >= begins[i] && s->first <= s->last) {
				touch(s, begins[i]);
				touch(s, begins[end] - 1);
			}
		}
	}
}

static void analyse(struct gen_func *f)
{
	unsigned position = 0;
	unsigned *begins = arena_array(f->gen->arena, unsigned, f->nblocks + 1);

	slots_init(f);
	for (unsigned i = 0; i < f->nblocks; i++)
		for (struct ir_value *v = f->blocks[i].ir->first; v; v = v->next)
			v->aux = NULL;
	for (unsigned i = 0; i < f->nblocks; i++) {
		begins[i] = position;
		for (struct ir_value *v = f->blocks[i].ir->first; v; v = v->next)
			look_at(f, v, position++);
	}
	begins[f->nblocks] = position;
	if (f->nslots)
		widen_to_loops(f, begins);
	for (unsigned i = 0; i < f->nslots; i++)
		if (f->slots[i].slot)
			f->slots[i].scratch = !f->slots[i].pinned &&
					      (f->slots[i].indexed || f->slots[i].slot->size > STACK_MAX);
}

static unsigned slot_align(const struct ir_slot *s)
{
	return s->size >= 8 ? 8 : s->align ? s->align : 1;
}

static unsigned round_up(unsigned n, unsigned align)
{
	return (n + align - 1) / align * align;
}

static int by_size(const void *a, const void *b)
{
	const struct frame_slot *x = *(struct frame_slot *const *)a, *y = *(struct frame_slot *const *)b;

	if (x->slot->size != y->slot->size)
		return x->slot->size < y->slot->size ? 1 : -1;
	return x->slot->id < y->slot->id ? -1 : 1;
}

/* A place that is taken, from the frame's end. */
struct extent {
	unsigned at, end;
};

static int by_place(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* The first gap for that many bytes between the n places. */
static unsigned first_gap(struct extent *taken, unsigned n, unsigned size, unsigned align)
{
	unsigned at = 0;

	qsort(taken, n, sizeof(*taken), by_place);
	for (unsigned i = 0; i < n && taken[i].at < at + size; i++)
		if (taken[i].end > at)
			at = round_up(taken[i].end, align);
	return at;
}

/*
 * First fit, largest first; slots in use at different times may share a place. Distances are from the frame's end
 * downwards on the stack, upwards in the scratch map.
 */
static unsigned lay_out(struct gen_func *f, bool scratch)
{
	unsigned n = 0, used = 0, all = f->nslots + f->nspills;
	struct frame_slot **list = arena_array(f->gen->arena, struct frame_slot *, all);
	struct extent *taken = arena_array(f->gen->arena, struct extent, all);

	for (unsigned i = 0; i < all; i++)
		if (f->slots[i].slot && f->slots[i].scratch == scratch && f->slots[i].first <= f->slots[i].last)
			list[n++] = &f->slots[i];
	qsort(list, n, sizeof(*list), by_size);
	for (unsigned i = 0; i < n; i++) {
		struct frame_slot *s = list[i];
		unsigned size = round_up(s->slot->size, slot_align(s->slot)), at, ntaken = 0;

		for (unsigned j = 0; j < i; j++) {
			const struct frame_slot *o = list[j];
			unsigned osize = round_up(o->slot->size, slot_align(o->slot));

			if (s->first > o->last || o->first > s->last)
				continue;
			at = scratch ? (unsigned)o->offset : -o->offset - osize;
			taken[ntaken++] = (struct extent){ at, at + osize };
		}
		at = first_gap(taken, ntaken, size, slot_align(s->slot));
		s->offset = scratch ? (int)at : -(int)(at + size);
		if (at + size > used)
			used = at + size;
	}
	return used;
}

static unsigned frame_size(const struct gen_func *f)
{
	return round_up(f->stack ? f->stack : 1, FRAME_ALIGN);
}

/* The deepest chain of calls from f on, in bytes; *next is the callee that it goes through, if any. */
static unsigned chain(const struct gen_func *f, struct gen_func **next)
{
	unsigned most = 0;

	*next = NULL;
	vec_foreach(c, &f->callees) {
		unsigned below = (*c)->chain;

		if (below > most) {
			most = below;
			*next = *c;
		}
	}
	return frame_size(f) + most;
}

/* The largest slot on the worst chain of calls that may move away. */
static struct frame_slot *largest(struct gen *g, struct gen_func **of)
{
	struct frame_slot *best = NULL;

	for (struct gen_func *f = g->funcs.data[0], *next; f; f = next) {
		for (unsigned i = 0; i < f->nslots; i++) {
			struct frame_slot *s = &f->slots[i];

			if (s->slot && !s->pinned && !s->scratch && s->first <= s->last &&
			    (!best || s->slot->size > best->slot->size)) {
				best = s;
				*of = f;
			}
		}
		chain(f, &next);
	}
	return best;
}

/* `changed`: the only function whose slots are others than before; NULL: any may be. */
static void lay_out_stacks(struct gen *g, const struct gen_func *changed)
{
	for (unsigned i = g->funcs.len; i--;) {
		struct gen_func *f = g->funcs.data[i], *next;

		if (!changed || f == changed)
			f->stack = lay_out(f, false);
		f->chain = chain(f, &next);
	}
}

static void lay_out_scratch(struct gen *g)
{
	struct map_def *map = g->program->scratch;
	struct gen_func *largest = g->funcs.data[0];
	unsigned total = 0;

	vec_foreach(f, &g->funcs)
		(*f)->scratch_base = 0;
	vec_foreach(f, &g->funcs) {
		(*f)->spill_base = round_up(lay_out(*f, true), 8);
		(*f)->scratch = (*f)->spill_base + 8 * (*f)->spill_room;
		(*f)->stale |= (*f)->scratch > 0;
		if ((*f)->scratch > largest->scratch)
			largest = *f;
		if ((*f)->scratch_base + (*f)->scratch > total)
			total = (*f)->scratch_base + (*f)->scratch;
		vec_foreach(c, &(*f)->callees)
			if ((*c)->scratch_base < (*f)->scratch_base + round_up((*f)->scratch, 8))
				(*c)->scratch_base = (*f)->scratch_base + round_up((*f)->scratch, 8);
	}
	if (!total)
		return;
	if (!map) {
		struct map_def **at = arena_vec_add(g->module->arena, &g->module->maps);

		g->funcs.data[0]->stale = true;	/* its branches on SCRATCH */
		map = *at = g->program->scratch = arena_new(g->module->arena, struct map_def);
		*map = (struct map_def){ .name = "scratch", .index = g->module->maps.len - 1, .kind = MAP_ARRAY,
					 .key_size = 4, .entries = 1, .drops = -1, .zeros = -1 };
	}
	map->stride = round_up(total, 64);
	if (map->stride > SCRATCH_MAX / g->image->data.ncpus) {
		diag_error(g->diag, largest->ir->span, "TOO_LARGE",
			   "this clause needs %u bytes of memory on each of %u CPUs; there are %u for all of them",
			   total, g->image->data.ncpus, SCRATCH_MAX);
		g->failed = true;
	}
	map->value_size = map->stride * g->image->data.ncpus * (g->program->part ? IR_SCRATCH_PARTS : 1);
}

/* The function on the worst chain of calls that has most of something. */
static struct gen_func *most_on_chain(struct gen *g, unsigned (*has)(const struct gen_func *))
{
	struct gen_func *best = NULL;

	for (struct gen_func *f = g->funcs.data[0], *next; f; f = next) {
		if (!best || has(f) > has(best))
			best = f;
		chain(f, &next);
	}
	return best;
}

static unsigned movable_spills(const struct gen_func *f)
{
	return f->nmovable;
}

/* When all slots have moved, spilled numbers do. */
static bool move_spills(struct gen *g)
{
	struct gen_func *f = most_on_chain(g, movable_spills);

	if (f->nmovable) {
		f->spill_room += f->nmovable;
		f->nmovable = 0;
		return true;
	}
	f = most_on_chain(g, frame_size);
	diag_error(g->diag, f->ir->span, "TOO_LARGE",
		   "this clause is too complex: it needs more than the %u bytes of stack that programs have", STACK_MAX);
	g->failed = true;
	return false;
}

/*
 * Moves the largest slots away, as many as must go whatever is shared and however frames are rounded, but at least one.
 * *changed is the only function that had them, NULL if several had. False: there are none.
 */
static bool move_largest(struct gen *g, unsigned excess, struct gen_func **changed)
{
	unsigned rounding = FRAME_ALIGN * g->funcs.len, n = 0;

	for (unsigned bytes = 0; !n || bytes + rounding < excess; n++) {
		struct gen_func *f;
		struct frame_slot *s = largest(g, &f);

		if (!s)
			break;
		s->scratch = true;
		bytes += round_up(s->slot->size, slot_align(s->slot));
		*changed = !n || *changed == f ? f : NULL;
	}
	return n;
}

static bool move_slots(struct gen *g)
{
	struct gen_func *f = NULL;
	bool moved = false;

	for (lay_out_stacks(g, NULL); g->funcs.data[0]->chain > STACK_MAX; lay_out_stacks(g, f)) {
		if (!move_largest(g, g->funcs.data[0]->chain - STACK_MAX, &f))
			return move_spills(g);
		moved = true;
	}
	return moved;
}

void frame_plan(struct gen *g)
{
	for (unsigned i = g->funcs.len; i--;)
		analyse(g->funcs.data[i]);
	move_slots(g);
	lay_out_scratch(g);
	vec_foreach(f, &g->funcs)
		(*f)->stale = true;
}

void frame_check(struct gen *g)
{
	if (move_slots(g))
		lay_out_scratch(g);
}
