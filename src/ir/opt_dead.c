// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Marks what is needed, from terminators and effects on, and drops the rest. A write to a slot is an effect only if the slot is
 * read: its address is an operand anywhere but as the place that a write goes to. Slots that are gone lose their number.
 */
#include "ir/edit.h"
#include "ir/passes.h"

#include <stdlib.h>
#include <string.h>

enum { LIVE = 1, READ = 2 };	/* READ: as a pointer, what it points to is read */

struct mark {
	unsigned char *marks;		/* by value->id */
	bool *slot_read;		/* by slot->id */
	/* writes to each slot, linked: the first by slot->id, the next by value->id */
	struct ir_value **first_write, **next_write;
	VEC(struct ir_value *) todo;
};

/* Helpers that do nothing but fill a buffer */
static bool only_fills(const struct ir_value *v)
{
	switch (v->helper) {
	case IR_H_probe_read_kernel: case IR_H_probe_read_user: case IR_H_probe_read_kernel_str: case IR_H_probe_read_user_str:
	case IR_H_get_current_comm: case IR_H_get_ns_current_pid_tgid:
		return true;
	default:
		return false;
	}
}

/* The operand that says where v writes, if v has no other effect; -1 */
static int place_written(const struct ir_value *v)
{
	switch (v->op) {
	case IR_STORE: case IR_COPY: case IR_ZERO: case IR_AADD: case IR_FETCHADD: case IR_XCHG: case IR_CMPXCHG:
		return 0;
	case IR_CALL:
		return only_fills(v) ? (int)(strchr(ir_helpers[v->helper].arguments, 'b') - ir_helpers[v->helper].arguments) : -1;
	default:
		return -1;
	}
}

static struct ir_slot *slot_of(const struct ir_value *p)
{
	while (p->op == IR_PADD)
		p = p->args[0];
	return p->op == IR_SLOT ? p->slot : NULL;
}

/* The slot that v writes, and nothing else; NULL */
static struct ir_slot *slot_written(const struct ir_value *v)
{
	int n = place_written(v);

	return n >= 0 ? slot_of(v->args[n]) : NULL;
}

static void mark(struct mark *m, struct ir_value *v, unsigned how)
{
	if ((m->marks[v->id] & how) == how)
		return;
	m->marks[v->id] |= how;
	*vec_add(&m->todo) = v;
}

static void read_slot(struct mark *m, const struct ir_slot *slot)
{
	if (m->slot_read[slot->id])
		return;
	m->slot_read[slot->id] = true;
	for (struct ir_value *v = m->first_write[slot->id]; v; v = m->next_write[v->id])
		mark(m, v, LIVE);
}

/* Marks what v needs. A PADD or PHI hands on whether it is read through. */
static void mark_operands(struct mark *m, const struct ir_value *v)
{
	bool hands_on = v->op == IR_PADD || v->op == IR_PHI;
	int place = slot_written(v) ? place_written(v) : -1;

	if (v->op == IR_SLOT && m->marks[v->id] & READ)
		read_slot(m, v->slot);
	for (int i = 0; i < (int)v->nargs; i++)
		mark(m, v->args[i], i == place || (hands_on && !(m->marks[v->id] & READ)) ? LIVE : LIVE | READ);
}

static bool is_root(const struct ir_value *v)
{
	return ir_flags(v) & IR_F_WRITES && !slot_written(v);
}

static void mark_func(struct mark *m, struct ir_func *f)
{
	vec_foreach(b, &f->blocks)
		for (struct ir_value *v = (*b)->first; v; v = v->next) {
			struct ir_slot *slot = slot_written(v);

			if (slot) {
				m->next_write[v->id] = m->first_write[slot->id];
				m->first_write[slot->id] = v;
			}
		}
	vec_foreach(b, &f->blocks)
		for (struct ir_value *v = (*b)->first; v; v = v->next)
			if (is_root(v))
				mark(m, v, LIVE | READ);
	while (m->todo.len)
		mark_operands(m, m->todo.data[--m->todo.len]);
}

static void drop_slots(struct ir_func *f)
{
	bool *used = xcalloc(f->slots.len + 1, sizeof(*used));
	unsigned kept = 0;

	vec_foreach(b, &f->blocks)
		for (struct ir_value *v = (*b)->first; v; v = v->next)
			if (v->op == IR_SLOT)
				used[v->slot->id] = true;
	for (unsigned i = 0; i < f->slots.len; i++)
		if (used[i]) {
			f->slots.data[kept] = f->slots.data[i];
			f->slots.data[kept]->id = kept;
			kept++;
		}
	f->slots.len = kept;
	free(used);
}

bool ir_opt_dead(struct ir_module *module, struct ir_func *f)
{
	struct mark m = {
		.marks = xcalloc(f->nvalues, 1),
		.slot_read = xcalloc(f->slots.len + 1, sizeof(*m.slot_read)),
		.first_write = xcalloc(f->slots.len + 1, sizeof(*m.first_write)),
		.next_write = xcalloc(f->nvalues, sizeof(*m.next_write)),
	};
	unsigned slots = f->slots.len;
	bool changed = false;

	(void)module;
	mark_func(&m, f);
	vec_foreach(b, &f->blocks)
		for (struct ir_value *v = (*b)->first, *next; v; v = next) {
			next = v->next;
			if (!m.marks[v->id]) {
				ir_unlink(v);
				changed = true;
			}
		}
	drop_slots(f);
	free(m.marks);
	free(m.slot_read);
	free(m.first_write);
	free(m.next_write);
	vec_free(&m.todo);
	ir_renumber(f);
	return changed || f->slots.len < slots;
}
