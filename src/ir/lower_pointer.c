// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What pointers lead to: members, elements, *p.
 *
 * An expression that names memory has a place: a base and a constant offset from it. Members only add to the offset, so a chain
 * a->b.c->d costs one read for each pointer that is followed. There are three kinds of memory:
 *
 *	an address (IR_I64)		read by probe_read, which fails where nothing is mapped
 *	a kernel object (IR_PTR)	the verifier knows its type and lets it be loaded from, at constant offsets; a pointer
 *					loaded from it is such an object, too, or null
 *	our own				variables, map values
 *
 * All reads of a chain that fail meet in one block, which counts the loss; the value is 0 then.
 */
#include "ir/lowering.h"

enum place_kind { PLACE_ADDRESS, PLACE_OBJECT, PLACE_OWN };

struct place {
	enum place_kind kind;
	struct ir_value *base;
	int64_t offset;
	const struct type *of;		/* OBJECT: its type */
	const struct type *type;	/* of what lies there */
	const struct type_member *bits;	/* a bit field */
	bool user;			/* ADDRESS: the user's memory */
};

bool lower_is_place(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_ARROW:
		return true;
	case EXPR_MEMBER:
		return !e->is_arg && e->member;
	case EXPR_INDEX:
		return !e->symbol && e->left->type && (e->left->type->kind == TYPE_POINTER || e->left->type->kind == TYPE_ARRAY);
	case EXPR_UNARY:
		return e->op == OP_DEREF;
	default:
		return false;
	}
}

static bool is_composite(const struct type *t)
{
	return t->kind == TYPE_STRUCT || t->kind == TYPE_UNION;
}

static unsigned size_of(const struct type *t)
{
	return t->kind == TYPE_POINTER ? 8 : t->size;
}

/* ---- faults */

/* The value as it is now, or 0 where one of the reads on the way failed. */
static struct ir_value *join_fault(struct lower *l, struct ir_value *v, unsigned result, struct join *fault, struct span span)
{
	struct join *end;

	if (!fault->edges.len)
		return v;
	end = join_create(l);
	fault->block->unlikely = true;
	l->env[result] = v;
	join_jump(l, end);
	join_enter(l, fault);
	l->env[result] = ir_const(&l->b, 0);
	lower_read_failed(l, LOSS_READ_FAILED, NULL, span, end);
	join_enter(l, end);
	return env_take(l, result);
}

/* Goes on where cond holds; else to the fault. */
static void require(struct lower *l, struct ir_value *cond, struct join *fault)
{
	struct join *ok;

	if (!l->b.block || (ir_is_const(cond) && cond->imm))
		return;
	ok = join_create(l);
	join_branch(l, cond, ok, fault);
	join_enter(l, ok);
}

/* Of an object or our own memory a pointer, else a number. */
static struct ir_value *address_of(struct lower *l, const struct place *p)
{
	if (p->kind == PLACE_ADDRESS)
		return ir_binary(&l->b, IR_ADD, p->base, ir_const(&l->b, p->offset));
	return ir_padd(&l->b, p->base, NULL, p->offset);
}

static void read_into(struct lower *l, struct ir_value *to, unsigned size, const struct place *p, struct join *fault)
{
	enum ir_helper helper = p->user ? IR_H_probe_read_user : IR_H_probe_read_kernel;
	struct ir_value *error;

	if (!l->b.block)
		return;
	if (p->kind == PLACE_OWN) {
		ir_copy(&l->b, to, address_of(l, p), size);
		return;
	}
	if (l->fault && p->kind == PLACE_ADDRESS)
		l->env[ENV_FAULT_VALUE] = address_of(l, p);
	error = ir_call(&l->b, helper, to, ir_const(&l->b, size), address_of(l, p));
	require(l, ir_binary(&l->b, IR_EQ, error, ir_const(&l->b, 0)), fault);
}

/* ---- places */

static struct place find_place(struct lower *l, const struct expr *e, bool objects, struct join *fault);
static struct ir_value *read_place(struct lower *l, const struct place *p, struct join *fault);

/* What the verifier takes a load from there for. */
static enum type_access access_of(const struct place *p, const struct type **to)
{
	const struct type_origin *origin = p->of->origin;

	return origin && origin->access ? origin->access(p->of, p->offset, size_of(p->type), to) : ACCESS_NONE;
}

/* A pointer that lies in a kernel object and leads to another: for the verifier, too. */
static bool is_object_pointer(const struct place *p)
{
	const struct type *to, *target = p->type->target;

	return p->kind == PLACE_OBJECT && p->type->kind == TYPE_POINTER && !p->type->user && access_of(p, &to) == ACCESS_POINTER &&
	       to->origin == target->origin && to->origin_id == target->origin_id;
}

/* A pointer as a kernel object, where the verifier takes it for one; else as a number. */
static struct ir_value *pointer(struct lower *l, const struct expr *e, bool objects, struct join *fault)
{
	struct ir_value *v = NULL;
	struct place p;

	if (lower_is_place(e)) {
		p = find_place(l, e, true, fault);
		if (!objects || !is_object_pointer(&p))
			return read_place(l, &p, fault);
		v = ir_loadp(&l->b, p.base, p.offset);
	} else if (objects) {
		v = lower_object(l, e);
	}
	if (!v)
		return lower_number(l, e);
	if (l->b.block && v->op != IR_CALL)
		require(l, ir_binary(&l->b, IR_NE, v, ir_const(&l->b, 0)), fault);
	return v;
}

/* The place that a pointer leads to. */
static struct place pointed(struct lower *l, const struct expr *e, bool objects, struct join *fault)
{
	struct place p = { .user = e->user || e->type->user, .of = e->type->target };
	struct join *storing = l->storing;

	while (e->kind == EXPR_CAST && type_equal(e->type, e->left->type))
		e = e->left;
	if (e->kind == EXPR_UNARY && e->op == OP_ADDR)
		return find_place(l, e->left, objects, fault);
	l->storing = NULL;	/* the pointer itself is read */
	p.base = pointer(l, e, objects && !p.user, fault);
	l->storing = storing;
	p.kind = p.base->type == IR_PTR ? PLACE_OBJECT : PLACE_ADDRESS;
	return p;
}

/* The value of a variable or the probe's. */
static struct place own_place(struct lower *l, const struct expr *e)
{
	const struct symbol *sym = e->symbol;
	struct ir_value *base;

	if (!l->storing)
		base = lower_memory(l, e, false).v;
	else if (sym && sym->kind == SYM_LOCAL)
		base = lower_slot_address(l, local_find(l, sym)->slot);
	else
		base = var_place(l, e, true, l->storing);
	return (struct place){ .kind = PLACE_OWN, .base = base, .type = e->type };
}

static struct ir_value *scaled(struct lower *l, struct ir_value *index, unsigned size)
{
	return size == 1 ? index : ir_binary(&l->b, IR_MUL, index, ir_const(&l->b, size));
}

/* Element number `index` from the place on. */
static void add_index(struct lower *l, struct place *p, const struct expr *index, unsigned size, unsigned count, struct join *fault)
{
	struct join *storing = l->storing;
	struct ir_value *v;

	l->storing = NULL;
	v = lower_number(l, index);
	l->storing = storing;
	if (ir_is_const(v) && (p->kind != PLACE_OWN || (uint64_t)v->imm < count)) {
		p->offset += v->imm * size;
	} else if (p->kind == PLACE_OWN) {
		require(l, ir_binary(&l->b, IR_ULT, v, ir_const(&l->b, count)), fault);
		if (p->base->op == IR_SLOT)
			p->base->slot->indexed = true;
		p->base = ir_padd(&l->b, p->base, scaled(l, v, size), 0);
	} else {
		p->base = ir_binary(&l->b, IR_ADD, p->base, scaled(l, v, size));
	}
}

static struct place element(struct lower *l, const struct expr *e, bool objects, struct join *fault)
{
	const struct expr *index = e->args.data[0];
	const struct type *of = e->left->type;
	struct place p;
	bool faults;

	objects = objects && index->is_const;
	if (of->kind == TYPE_POINTER)
		p = pointed(l, e->left, objects, fault);
	else
		p = find_place(l, e->left, objects, fault);
	p.type = of->target;
	/* the size of a struct is known of the expression, whose type is complete */
	if (is_composite(p.type) || p.type->kind == TYPE_VOID)
		p.type = e->type;
	/* the index is not computed where the pointer led nowhere */
	faults = fault && fault->edges.len;
	l->depth += faults;
	add_index(l, &p, index, p.type->kind == TYPE_VOID ? 1 : size_of(p.type), of->count, fault);
	l->depth -= faults;
	return p;
}

static struct place find_place(struct lower *l, const struct expr *e, bool objects, struct join *fault)
{
	struct place p;

	if (!lower_is_place(e))
		return own_place(l, e);
	if (e->kind == EXPR_INDEX)
		return element(l, e, objects, fault);
	if (e->kind == EXPR_UNARY) {
		p = pointed(l, e->left, objects, fault);
		p.type = is_composite(e->left->type->target) ? e->type : e->left->type->target;
		return p;
	}
	p = e->kind == EXPR_ARROW ? pointed(l, e->left, objects, fault) : find_place(l, e->left, objects, fault);
	p.offset += e->member->offset;
	p.type = e->member->type;
	p.bits = e->member->bit_size ? e->member : NULL;
	return p;
}

/* ---- values */

static struct ir_value *bit_field(struct lower *l, struct ir_value *v, const struct type_member *m)
{
	unsigned above = 64 - m->bit_offset - m->bit_size;

	v = ir_binary(&l->b, IR_SHL, v, ir_const(&l->b, above));
	return ir_binary(&l->b, m->type->is_signed ? IR_ASHR : IR_LSHR, v, ir_const(&l->b, 64 - m->bit_size));
}

/* Whether the place can be loaded from, the result being a number for the verifier as well. */
static bool is_loaded(const struct place *p)
{
	const struct type *to;

	return p->kind == PLACE_OWN || (p->kind == PLACE_OBJECT && access_of(p, &to) == ACCESS_NUMBER);
}

/* The number that lies there, its high bits 0. */
static struct ir_value *read_place(struct lower *l, const struct place *p, struct join *fault)
{
	unsigned size = size_of(p->type);
	struct ir_value *slot;

	if (is_loaded(p))
		return ir_load(&l->b, size, p->base, p->offset);
	slot = ir_slot(&l->b, 8, 8, "read");
	read_into(l, slot, size, p, fault);
	return ir_load(&l->b, size, slot, 0);
}

/* What was read, as its type's number: behind the fault's join, so that a use that needs few bytes is seen to. */
static struct ir_value *number(struct lower *l, const struct place *p, struct ir_value *v)
{
	return p->bits ? bit_field(l, v, p->bits) : lower_convert(l, v, p->type);
}

/*
 * The bytes that lie there, to `to`; a string ends with its 0 and has no more than size bytes. Gives the string's length with
 * the 0. Where a read on the way failed all is 0.
 */
static struct ir_value *copy_place(struct lower *l, const struct expr *e, const struct place *p, struct ir_value *to,
				   unsigned size, unsigned result, struct join *fault)
{
	bool is_string = e->type->kind == TYPE_STRING;
	struct ir_value *length = ir_const(&l->b, size);
	struct join *end;

	if (!is_string)
		read_into(l, to, size, p, fault);
	else if (l->b.block)
		length = read_string(l, to, length, address_of(l, p), p->user ? MEMORY_USER : MEMORY_KERNEL, e->span);
	if (!fault->edges.len)
		return length;
	end = join_create(l);
	fault->block->unlikely = true;
	l->env[result] = length;
	join_jump(l, end);
	join_enter(l, fault);
	if (is_string)
		ir_store(&l->b, 1, to, 0, ir_const(&l->b, 0));
	else
		ir_zero(&l->b, to, size);
	l->env[result] = ir_const(&l->b, 1);
	lower_read_failed(l, LOSS_READ_FAILED, NULL, e->span, end);
	join_enter(l, end);
	return env_take(l, result);
}

struct ir_value *lower_place_into(struct lower *l, const struct expr *e, struct ir_value *to, unsigned size)
{
	unsigned result = env_add(l, ir_const(&l->b, 1));
	struct join *fault = join_create(l);
	struct place p = find_place(l, e, true, fault);

	return copy_place(l, e, &p, to, size < e->type->size ? size : e->type->size, result, fault);
}

static struct value place_memory(struct lower *l, const struct expr *e, bool padded)
{
	unsigned size = (e->type->size + 7) & ~7u, result = env_add(l, ir_const(&l->b, 1));
	struct value v = { .kind = VALUE_MEMORY, .type = e->type, .padded = e->type->kind != TYPE_STRING };
	struct join *fault = join_create(l);
	struct place p;

	v.v = ir_slot(&l->b, size, 8, "read");
	p = find_place(l, e, true, fault);
	if (p.kind == PLACE_OWN && e->type->kind != TYPE_STRING && !fault->edges.len) {
		v.v = address_of(l, &p);
		return v;
	}
	if (padded && !v.padded && l->b.block) {
		ir_zero(&l->b, v.v, size);
		v.padded = true;
	}
	copy_place(l, e, &p, v.v, e->type->size, result, fault);
	v.on_stack = true;
	return v;
}

struct value lower_place(struct lower *l, const struct expr *e, bool padded)
{
	struct ir_value *v;
	struct join *fault;
	struct place p;
	unsigned result;

	if (!type_is_scalar(e->type))
		return place_memory(l, e, padded);
	result = env_add(l, ir_const(&l->b, 0));
	fault = join_create(l);
	p = find_place(l, e, true, fault);
	v = join_fault(l, read_place(l, &p, fault), result, fault, e->span);
	return value_number(e->type, number(l, &p, v));
}

struct ir_value *lower_tested(struct lower *l, const struct expr *e)
{
	struct join *fault;
	struct place p;
	unsigned result;
	struct ir_value *v;

	if (!lower_is_place(e) || e->type->kind != TYPE_POINTER)
		return lower_number(l, e);
	result = env_add(l, ir_const(&l->b, 0));
	fault = join_create(l);
	p = find_place(l, e, true, fault);
	v = is_object_pointer(&p) ? ir_loadp(&l->b, p.base, p.offset) : read_place(l, &p, fault);
	return join_fault(l, v, result, fault, e->span);
}

struct ir_value *lower_object_or_number(struct lower *l, const struct expr *e)
{
	struct ir_value *v;

	while (e->kind == EXPR_CAST && type_equal(e->type, e->left->type))
		e = e->left;
	if (lower_is_place(e))
		return lower_tested(l, e);
	v = lower_object(l, e);
	return v ? v : lower_number(l, e);
}

struct ir_value *lower_place_address(struct lower *l, const struct expr *e)
{
	unsigned result = env_add(l, ir_const(&l->b, 0));
	struct join *fault = join_create(l);
	struct place p = find_place(l, e, false, fault);
	struct ir_value *v = address_of(l, &p);

	return join_fault(l, v->type == IR_PTR ? lower_address(l, v) : v, result, fault, e->span);
}

/* ---- D's assignments to memory */

static void write_bits(struct lower *l, struct ir_value *to, unsigned size, struct ir_value *v, const struct type_member *m)
{
	struct ir_builder *b = &l->b;
	uint64_t mask = (m->bit_size < 64 ? (1ull << m->bit_size) - 1 : ~0ull) << m->bit_offset;
	struct ir_value *others = ir_binary(b, IR_AND, ir_load(b, size, to, 0), ir_const(b, (int64_t)~mask));

	v = ir_binary(b, IR_AND, ir_binary(b, IR_SHL, v, ir_const(b, m->bit_offset)), ir_const(b, (int64_t)mask));
	ir_store(b, size, to, 0, ir_binary(b, IR_OR, others, v));
}

/* The place as a pointer that can be written through. */
static struct ir_value *to_write(struct lower *l, const struct place *p, struct join *fault)
{
	struct ir_value *address;

	if (!l->b.block || p->kind == PLACE_OWN)
		return l->b.block ? address_of(l, p) : p->base;
	address = address_of(l, p);
	if (address->type == IR_PTR)
		address = lower_address(l, address);
	if (l->fault)
		l->env[ENV_FAULT_VALUE] = address;
	return lower_scratch_place(l, address, fault);
}

/* What the number there becomes: by e's operator, or v. */
static struct ir_value *stepped(struct lower *l, const struct expr *e, const struct place *p, struct ir_value *to, struct ir_value *v,
				struct ir_value **result)
{
	bool steps = e->kind != EXPR_ASSIGN, is_unsigned = p->type->size == 8 && !p->type->is_signed;
	enum op op = !steps ? e->op : e->op == OP_INC ? OP_ADD : OP_SUB;
	struct ir_value *before = v, *after = v;

	if (steps || op != OP_NONE) {
		before = number(l, p, ir_load(&l->b, size_of(p->type), to, 0));
		if (p->type->kind == TYPE_POINTER && p->type->target->size > 1)
			v = ir_binary(&l->b, IR_MUL, v, ir_const(&l->b, p->type->target->size));
		after = lower_arith(l, op, is_unsigned, before, v, e->span);
	}
	if (!l->b.block)
		return v;
	after = lower_convert(l, after, p->type);
	*result = e->kind == EXPR_POSTFIX ? before : after;
	return after;
}

struct value lower_store(struct lower *l, const struct expr *e)
{
	bool is_number = type_is_scalar(e->left->type);
	unsigned result = env_add(l, ir_const(&l->b, 0)), size = size_of(e->left->type);
	struct join *fault = join_create(l), *end = join_create(l);
	struct value v = value_number(e->type, ir_const(&l->b, 1));
	struct ir_value *to;
	struct place p;

	if (e->kind == EXPR_ASSIGN && is_number)
		v.v = lower_number(l, e->right);
	else if (e->kind == EXPR_ASSIGN)
		v = lower_sized(l, e->right, size);
	if (!l->b.block)
		return v;
	l->storing = end;
	p = find_place(l, e->left, false, fault);
	l->storing = NULL;
	to = to_write(l, &p, fault);
	if (l->b.block && !is_number) {
		ir_copy(&l->b, to, v.v, size);
	} else if (l->b.block) {
		struct ir_value *now = stepped(l, e, &p, to, v.v, &l->env[result]);

		if (l->b.block && p.bits)
			write_bits(l, to, size, now, p.bits);
		else if (l->b.block)
			ir_store(&l->b, size, to, 0, now);
	}
	join_jump(l, end);
	if (fault->edges.len) {
		fault->block->unlikely = true;
		join_enter(l, fault);
		lower_read_failed(l, LOSS_READ_FAILED, NULL, e->span, end);
	}
	join_enter(l, end);
	to = env_take(l, result);
	if (is_number)
		v.v = to;
	return v;
}
