// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads by probe_read. As in opt_cse.c the dominator tree is walked with a table; an entry is a read under the base of its
 * address. Within one firing what was read once is not read again; so pointers that were read are one value, and so are the
 * reads through them.
 *
 *	the same bytes, or some of them		are taken from the first read
 *	neighbours of what was read before	the first read gets them too, if all ways from it lead to the second, and both
 *						are near each other in the kernel's memory
 *
 * Only slots that a read fills and loads alone look at take part. Where the script writes to memory that it has addresses of
 * (ir_slot.rewritten) all is left as it is.
 */
#include "ir/cfg.h"
#include "ir/edit.h"
#include "ir/passes.h"
#include "ir/replace.h"

#include <stdlib.h>

enum { NEAR = 64, WAY_MAX = 64 };	/* bytes; blocks looked at on the ways between two reads */

/* A load of bytes that a read has read, counted from its base. */
struct look {
	struct ir_value *load;
	int64_t at;
};

struct read {
	struct ir_value *call, *base;
	int64_t begin, end;		/* what is read, counted from the base */
	VEC(struct look) looks;
	bool grown;
	unsigned next;			/* of the same base; 1 + number */
};

/* What is known of a slot: who fills it, and from where. */
struct filled {
	bool other_uses;
	unsigned fills;
	unsigned read;			/* 1 + number */
	int64_t begin;
};

struct reads {
	struct arena *arena;
	struct ir_func *func;
	struct ir_cfg cfg;
	struct filled *slots;		/* by slot->id */
	unsigned *first;		/* by the base's value->id */
	struct ir_replacements replaced;
	unsigned *seen, seen_mark;	/* by block->id */
	VEC(struct read) list;
};

static bool is_read(const struct ir_value *v)
{
	return v->op == IR_CALL && (v->helper == IR_H_probe_read_kernel || v->helper == IR_H_probe_read_user);
}

static bool is_plain_read(const struct ir_value *v)
{
	return is_read(v) && v->args[0]->op == IR_SLOT && ir_is_const(v->args[1]) && v->args[1]->imm > 0 && v->args[1]->imm <= 8;
}

/* ---- slots */

static void note_uses(struct reads *r, const struct ir_value *v)
{
	for (unsigned i = 0; i < v->nargs; i++) {
		struct filled *slot = v->args[i]->op == IR_SLOT ? &r->slots[v->args[i]->slot->id] : NULL;

		if (!slot)
			continue;
		if (i == 0 && is_plain_read(v))
			slot->fills++;
		else if (v->op != IR_LOAD || v->imm < 0)
			slot->other_uses = true;
	}
}

static struct filled *filled_slot(struct reads *r, const struct ir_value *p)
{
	struct filled *slot = p->op == IR_SLOT ? &r->slots[p->slot->id] : NULL;

	return slot && !slot->other_uses && slot->fills == 1 ? slot : NULL;
}

/* ---- values */

/* An address without the constants that are added to it; *offset gets those. */
static struct ir_value *base_of(struct reads *r, struct ir_value *v, int64_t *offset)
{
	for (;;) {
		v = ir_replaced(&r->replaced, v);
		if (v->op == IR_ADD && ir_is_const(v->args[1])) {
			*offset += v->args[1]->imm;
		} else if (v->op == IR_PADD && ir_is_const(v->args[1])) {
			*offset += v->imm + v->args[1]->imm;
		} else {
			return v;
		}
		v = v->args[0];
	}
}

/* An address of the program's own memory, which it may write between two reads. */
static bool may_be_own(const struct ir_value *v, unsigned depth)
{
	if (v->op == IR_ADDRESS || v->op == IR_SLOT || v->op == IR_DATA || depth > 8)
		return true;
	if (v->op != IR_PHI && v->op != IR_ADD && v->op != IR_SUB)
		return false;
	for (unsigned i = 0; i < v->nargs; i++)
		if (may_be_own(v->args[i], depth + 1))
			return true;
	return false;
}

/* ---- neighbours */

/* Whether the program ends somewhere behind `from` without having come through `to`. */
static bool ends_without(struct reads *r, const struct ir_block *from, const struct ir_block *to, unsigned *budget)
{
	if (from == to || r->seen[from->id] == r->seen_mark)
		return false;
	if (!(*budget)-- || !from->succ[0])
		return true;
	r->seen[from->id] = r->seen_mark;
	return ends_without(r, from->succ[0], to, budget) || (from->succ[1] && ends_without(r, from->succ[1], to, budget));
}

static bool surely_reaches(struct reads *r, const struct ir_block *from, const struct ir_block *to)
{
	unsigned budget = WAY_MAX;

	r->seen_mark++;
	return !ends_without(r, from, to, &budget);
}

static bool stay_aligned(const struct read *first, int64_t begin)
{
	for (unsigned i = 0; i < first->looks.len; i++)
		if ((first->looks.data[i].at - begin) % first->looks.data[i].load->size)
			return false;
	return true;
}

/* Lets the first read do the second's work, too, whose bytes are given; false if it cannot. */
static bool grow(struct reads *r, struct read *first, const struct ir_value *second, int64_t begin, int64_t end)
{
	int64_t size = end - begin, from = begin < first->begin ? begin : first->begin, to = end > first->end ? end : first->end;

	from &= ~7ll;
	if (first->call->helper != IR_H_probe_read_kernel || to - from > NEAR || size & (size - 1) || (begin - from) % size ||
	    !stay_aligned(first, from) || !surely_reaches(r, first->call->block, second->block))
		return false;
	first->begin = from;
	first->end = to;
	first->grown = true;
	return true;
}

/* ---- the walk */

static void visit_read(struct reads *r, struct ir_value *v)
{
	struct filled *slot = is_plain_read(v) ? filled_slot(r, v->args[0]) : NULL;
	int64_t begin = 0, end;
	struct ir_value *base;
	unsigned *first;

	if (!slot || !v->args[1]->imm)
		return;
	base = base_of(r, v->args[2], &begin);
	end = begin + v->args[1]->imm;
	if (ir_is_const(base) || base->id >= r->replaced.nvalues || may_be_own(base, 0))
		return;
	slot->begin = begin;
	first = &r->first[base->id];
	for (unsigned n = *first; n; n = r->list.data[n - 1].next) {
		struct read *before = &r->list.data[n - 1];

		if (before->call->helper != v->helper || !ir_dominates(&r->cfg, before->call->block, v->block))
			continue;
		if ((begin >= before->begin && end <= before->end) || grow(r, before, v, begin, end)) {
			slot->read = n;
			ir_replace(&r->replaced, v, before->call);
			return;
		}
	}
	*vec_add(&r->list) = (struct read){ .call = v, .base = base, .begin = begin, .end = end, .next = *first };
	*first = slot->read = r->list.len;
}

static void visit_load(struct reads *r, struct ir_value *v)
{
	struct filled *slot = filled_slot(r, v->args[0]);
	struct read *read = slot && slot->read ? &r->list.data[slot->read - 1] : NULL;
	int64_t at;

	if (!read)
		return;
	at = slot->begin + v->imm;
	for (unsigned i = 0; i < read->looks.len; i++) {
		struct ir_value *before = read->looks.data[i].load;

		if (read->looks.data[i].at == at && before->size == v->size && ir_dominates(&r->cfg, before->block, v->block)) {
			ir_replace(&r->replaced, v, before);
			return;
		}
	}
	*vec_add(&read->looks) = (struct look){ v, at };
}

static void visit(struct reads *r, struct ir_value *v)
{
	ir_replace_operands(&r->replaced, v);
	if (is_read(v))
		visit_read(r, v);
	else if (v->op == IR_LOAD)
		visit_load(r, v);
}

/* ---- at the end */

static struct ir_value *constant(struct reads *r, struct ir_value *before, int64_t n)
{
	struct ir_value *v = ir_value_new(r->arena, r->func, IR_CONST, IR_I64, 0);

	v->imm = n;
	ir_insert_before(before, v);
	return v;
}

/* base + offset in front of the call */
static struct ir_value *address(struct reads *r, struct ir_value *call, struct ir_value *base, int64_t offset)
{
	bool is_pointer = base->type == IR_PTR;
	struct ir_value *v;

	if (!offset)
		return base;
	v = ir_value_new(r->arena, r->func, is_pointer ? IR_PADD : IR_ADD, base->type, 2);
	v->args[0] = base;
	v->args[1] = constant(r, call, is_pointer ? 0 : offset);
	v->imm = is_pointer ? offset : 0;
	v->span = call->span;
	ir_insert_before(call, v);
	return v;
}

static void settle(struct reads *r, struct read *read)
{
	struct ir_value *call = read->call;
	unsigned size = (unsigned)(read->end - read->begin);

	if (read->grown) {
		call->args[1] = constant(r, call, size);
		call->args[2] = address(r, call, read->base, read->begin);
		call->args[0]->slot->size = (size + 7) & ~7u;
		call->args[0]->slot->align = 8;
	}
	for (unsigned i = 0; i < read->looks.len; i++) {
		read->looks.data[i].load->args[0] = call->args[0];
		read->looks.data[i].load->imm = read->looks.data[i].at - read->begin;
	}
	vec_free(&read->looks);
}

/* In any of the functions: addresses go from one to the other. */
static bool memory_changes(const struct ir_program *p)
{
	vec_foreach(f, &p->funcs)
		vec_foreach(slot, &(*f)->slots)
			if ((*slot)->rewritten)
				return true;
	return false;
}

bool ir_opt_reads(struct ir_module *m, struct ir_func *f)
{
	struct reads r = { .arena = m->arena, .func = f };
	unsigned n = 0;

	if (memory_changes(f->program))
		return false;
	r.slots = xcalloc(f->slots.len + 1, sizeof(*r.slots));
	vec_foreach(b, &f->blocks)
		for (struct ir_value *v = (*b)->first; v; v = v->next) {
			note_uses(&r, v);
			n += is_plain_read(v);
		}
	if (n < 2) {
		free(r.slots);
		return false;
	}
	r.first = xcalloc(f->nvalues, sizeof(*r.first));
	ir_replacements_init(&r.replaced, f);
	r.seen = xcalloc(f->blocks.len, sizeof(*r.seen));
	ir_cfg_init(&r.cfg, f);
	for (unsigned i = 0; i < r.cfg.n; i++)
		for (struct ir_value *v = r.cfg.preorder[i]->first, *next; v; v = next) {
			next = v->next;
			visit(&r, v);
		}
	vec_foreach(read, &r.list)
		settle(&r, read);
	ir_replace_in_phis(&r.replaced, f);
	ir_cfg_deinit(&r.cfg);
	vec_free(&r.list);
	free(r.slots);
	free(r.first);
	ir_replacements_deinit(&r.replaced);
	free(r.seen);
	ir_renumber(f);
	return r.replaced.any;
}
