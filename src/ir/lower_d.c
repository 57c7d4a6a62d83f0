// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions of D's: memory that lasts as long as the firing (alloca, copyin), bytes copied into it, the letters and numbers of strings, a
 * process's arguments and ancestors.
 */
#include "ir/lowering.h"

#include "lang/check.h"

/* --- scratch memory: handed out from its begin on, by addresses as numbers --- */

enum { SCRATCH = 2048 };

void lower_scratch_slot(struct lower *l)
{
	struct ir_value *slot;

	if (l->scratch)
		return;
	/* what begins before the end may be as large as all of it */
	slot = ir_slot(&l->b, 2 * SCRATCH, 8, "scratch");
	slot->slot->indexed = true;
	l->scratch = slot->slot;
	l->scratch_used = env_add(l, ir_const(&l->b, 0));
}

static struct ir_value *scratch_address(struct lower *l)
{
	return lower_address(l, lower_slot_address(l, l->scratch));
}

/* A place in scratch memory; the mask is for the verifier. */
static struct ir_value *scratch_at(struct lower *l, struct ir_value *offset)
{
	return ir_padd(&l->b, lower_slot_address(l, l->scratch), ir_binary(&l->b, IR_AND, offset, ir_const(&l->b, SCRATCH - 1)), 0);
}

/* Goes on only where the condition holds; the clause ends where it does not, for the value's sake (NULL: none). */
static void require_of(struct lower *l, struct ir_value *cond, enum loss_kind kind, struct ir_value *value, struct span span)
{
	struct join *ok = join_create(l), *fault = join_create(l);

	fault->block->unlikely = true;
	join_branch(l, cond, ok, fault);
	join_enter(l, fault);
	if (l->b.block && !lower_fault(l, kind == LOSS_SCRATCH ? FAULT_SCRATCH : FAULT_ADDRESS, value, span)) {
		lower_loss(l, kind, NULL, span);
		join_jump(l, l->clause_end);
	}
	join_enter(l, ok);
}

static void require(struct lower *l, struct ir_value *cond, enum loss_kind kind, struct span span)
{
	require_of(l, cond, kind, NULL, span);
}

/* The offset of `size` bytes; the clause ends if there are none left. */
static struct ir_value *allocate(struct lower *l, struct ir_value *size, struct span span)
{
	struct ir_builder *b = &l->b;
	struct ir_value *offset = l->env[l->scratch_used], *end;

	require(l, ir_binary(b, IR_ULE, size, ir_const(b, SCRATCH)), LOSS_SCRATCH, span);
	if (!b->block)
		return offset;
	end = ir_binary(b, IR_ADD, offset, ir_binary(b, IR_AND, ir_binary(b, IR_ADD, size, ir_const(b, 7)), ir_const(b, -8)));
	require(l, ir_binary(b, IR_ULE, end, ir_const(b, SCRATCH)), LOSS_SCRATCH, span);
	if (b->block)
		l->env[l->scratch_used] = end;
	return offset;
}

static struct ir_value *lower_alloca(struct lower *l, const struct expr *e)
{
	struct ir_value *size = lower_number(l, e->args.data[0]), *offset = allocate(l, size, e->span);

	return l->b.block ? ir_binary(&l->b, IR_ADD, scratch_address(l), offset) : offset;
}

/* n, which is at most SCRATCH, as the verifier sees it, too. */
static struct ir_value *bounded_size(struct lower *l, struct ir_value *n)
{
	struct ir_builder *b = &l->b;

	n = ir_binary(b, IR_AND, n, ir_const(b, 2 * SCRATCH - 1));
	return lower_number_choice(l, ir_binary(b, IR_ULE, n, ir_const(b, SCRATCH)), n, ir_const(b, SCRATCH));
}

/* Reads n bytes to a place in scratch memory; what cannot be read is counted. */
static void read_to(struct lower *l, struct ir_value *offset, struct ir_value *n, struct ir_value *from, bool user, struct span span)
{
	struct ir_builder *b = &l->b;
	struct ir_value *error;

	if (!b->block)
		return;
	n = bounded_size(l, n);
	error = ir_call(b, user ? IR_H_probe_read_user : IR_H_probe_read_kernel, scratch_at(l, offset), n, from);
	require(l, ir_binary(b, IR_EQ, error, ir_const(b, 0)), LOSS_READ_FAILED, span);
}

static struct ir_value *lower_copyin(struct lower *l, const struct expr *e)
{
	struct ir_value *from = lower_number(l, e->args.data[0]), *n = lower_number(l, e->args.data[1]);
	/* a byte more, so that a string ends */
	struct ir_value *offset = allocate(l, ir_binary(&l->b, IR_ADD, n, ir_const(&l->b, 1)), e->span);

	read_to(l, offset, n, from, true, e->span);
	if (!l->b.block)
		return offset;
	ir_store(&l->b, 1, scratch_at(l, ir_binary(&l->b, IR_ADD, offset, n)), 0, ir_const(&l->b, 0));
	return ir_binary(&l->b, IR_ADD, scratch_address(l), offset);
}

struct ir_value *lower_scratch_place(struct lower *l, struct ir_value *address, struct join *fault)
{
	struct ir_builder *b = &l->b;
	struct join *ok = join_create(l);
	struct ir_value *offset;

	if (!l->scratch) {
		join_jump(l, fault);
		return address;
	}
	l->scratch->rewritten = true;
	offset = ir_binary(b, IR_SUB, address, scratch_address(l));
	join_branch(l, ir_binary(b, IR_ULT, offset, ir_const(b, SCRATCH)), ok, fault);
	join_enter(l, ok);
	return l->b.block ? scratch_at(l, offset) : address;
}

/* An address, or memory of ours. */
static struct ir_value *address_of(struct lower *l, const struct expr *e)
{
	return type_is_scalar(e->type) ? lower_number(l, e) : lower_address(l, lower_memory(l, e, e->type->kind == TYPE_STRING).v);
}

/* copyinto(from, n, to), bcopy(from, to, n): to must be scratch memory. */
static void lower_copy(struct lower *l, const struct expr *e, unsigned to_arg, unsigned n_arg, bool user)
{
	struct ir_builder *b = &l->b;
	struct ir_value *from = address_of(l, e->args.data[0]), *to = lower_number(l, e->args.data[to_arg]);
	struct ir_value *n = lower_number(l, e->args.data[n_arg]), *offset;

	if (!b->block)
		return;
	l->scratch->rewritten = true;
	offset = ir_binary(b, IR_SUB, to, scratch_address(l));
	require_of(l, ir_binary(b, IR_ULT, offset, ir_const(b, SCRATCH)), LOSS_READ_FAILED, to, e->span);
	if (b->block)
		require(l, ir_binary(b, IR_ULE, n, ir_const(b, SCRATCH)), LOSS_SCRATCH, e->span);
	read_to(l, offset, n, from, user, e->span);
}

/*
 * Writes n bytes of `from` to the process; room: a power of two, as many bytes are there. The helper takes no size of 0, of which the mask is
 * what the verifier understands. Reads before and behind are of different memory.
 */
static void write_user(struct lower *l, struct ir_value *to, struct ir_value *from, struct ir_value *n, unsigned room, struct span span)
{
	struct ir_builder *b = &l->b;
	struct join *some = join_create(l), *end = join_create(l);
	struct ir_value *error;

	if (!b->block)
		return;
	join_branch(l, ir_binary(b, IR_NE, n, ir_const(b, 0)), some, end);
	join_enter(l, some);
	if (b->block) {
		n = ir_binary(b, IR_AND, ir_binary(b, IR_SUB, n, ir_const(b, 1)), ir_const(b, room - 1));
		error = ir_call(b, IR_H_probe_write_user, to, from, ir_binary(b, IR_ADD, n, ir_const(b, 1)));
		require_of(l, ir_binary(b, IR_EQ, error, ir_const(b, 0)), LOSS_READ_FAILED, to, span);
		join_jump(l, end);
	}
	join_enter(l, end);
}

/* copyout(from, to, n): from must be scratch memory. */
static void lower_copyout(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	struct ir_value *from = lower_number(l, e->args.data[0]), *to = lower_number(l, e->args.data[1]);
	struct ir_value *n = lower_number(l, e->args.data[2]), *offset;

	if (!b->block)
		return;
	offset = ir_binary(b, IR_SUB, from, scratch_address(l));
	require_of(l, ir_binary(b, IR_ULT, offset, ir_const(b, SCRATCH)), LOSS_READ_FAILED, from, e->span);
	if (b->block)
		require(l, ir_binary(b, IR_ULE, n, ir_const(b, SCRATCH)), LOSS_SCRATCH, e->span);
	if (!b->block)
		return;
	l->scratch->rewritten = true;
	write_user(l, to, scratch_at(l, offset), n, SCRATCH, e->span);
}

/* copyoutstr(s, to, n): n bytes at most, the 0 among them. */
static void lower_copyoutstr(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	unsigned size = e->args.data[0]->type->size, room = 1u << (32 - __builtin_clz(size | 1));
	struct value copy = string_slot(l, room, e->name);
	struct ir_value *length = lower_string_into(l, e->args.data[0], copy.v, size);
	struct ir_value *to = lower_number(l, e->args.data[1]), *n = lower_number(l, e->args.data[2]);

	if (!b->block)
		return;
	copy.v->slot->rewritten = true;
	n = lower_number_choice(l, ir_binary(b, IR_ULT, n, length), n, length);
	write_user(l, to, copy.v, n, room, e->span);
}

/* --- strings, eight bytes at a time --- */

static struct ir_value *word(struct lower *l, uint64_t byte)
{
	return ir_const(&l->b, (int64_t)(byte * 0x0101010101010101ull));
}

/* 0x80 in each byte of w that is 0. */
static struct ir_value *zero_bytes(struct lower *l, struct ir_value *w)
{
	struct ir_builder *b = &l->b;
	struct ir_value *low = word(l, 0x7f);
	struct ir_value *t = ir_binary(b, IR_ADD, ir_binary(b, IR_AND, w, low), low);

	return ir_binary(b, IR_XOR, ir_binary(b, IR_OR, ir_binary(b, IR_OR, t, w), low), ir_const(b, -1));
}

/* 0x80 in each byte of w that is an ASCII character from first to last. */
static struct ir_value *bytes_between(struct lower *l, struct ir_value *w, unsigned first, unsigned last)
{
	struct ir_builder *b = &l->b;
	struct ir_value *seven = ir_binary(b, IR_AND, w, word(l, 0x7f));
	struct ir_value *from = ir_binary(b, IR_ADD, seven, word(l, 0x80 - first));
	struct ir_value *beyond = ir_binary(b, IR_ADD, seven, word(l, 0x7f - last));

	/* of what is not ASCII nothing is one */
	return ir_binary(b, IR_AND, ir_binary(b, IR_AND, ir_binary(b, IR_XOR, from, beyond), ir_binary(b, IR_XOR, w, ir_const(b, -1))),
			 word(l, 0x80));
}

/* toupper, tolower: letters differ in one bit. */
static struct value lower_case(struct lower *l, const struct expr *e, unsigned first, unsigned last)
{
	struct ir_builder *b = &l->b;
	unsigned size = (e->type->size + 7) & ~7u;
	struct value to = string_slot(l, size, e->name);

	ir_zero(b, to.v, size);
	lower_string_into(l, e->args.data[0], to.v, e->type->size);
	for (unsigned i = 0; i < size && b->block; i += 8) {
		struct ir_value *w = ir_load(b, 8, to.v, i);

		ir_store(b, 8, to.v, i, ir_binary(b, IR_XOR, w, ir_binary(b, IR_LSHR, bytes_between(l, w, first, last), ir_const(b, 2))));
	}
	to.type = e->type;
	to.padded = false;
	return to;
}

/* argtext(address, n): a process's arguments, each ended by a 0, with blanks between them. */
static struct value lower_argtext(struct lower *l, const struct expr *e)
{
	enum { ARGS = 80 };
	struct ir_builder *b = &l->b;
	struct ir_value *from = lower_number(l, e->args.data[0]), *n = lower_number(l, e->args.data[1]), *last;
	struct value to = string_slot(l, 2 * 64, e->name);

	if (!b->block)
		return to;
	ir_zero(b, to.v, 2 * 64);
	n = lower_number_choice(l, ir_binary(b, IR_ULT, n, ir_const(b, ARGS)), n, ir_const(b, ARGS));
	n = ir_binary(b, IR_AND, n, ir_const(b, 127));
	ir_call(b, IR_H_probe_read_user, to.v, n, from);
	for (unsigned i = 0; i < ARGS; i += 8) {
		struct ir_value *w = ir_load(b, 8, to.v, i);

		ir_store(b, 8, to.v, i, ir_binary(b, IR_OR, w, ir_binary(b, IR_LSHR, zero_bytes(l, w), ir_const(b, 2))));
	}
	/* without arguments it is the first byte that ends it */
	last = lower_number_choice(l, ir_binary(b, IR_EQ, n, ir_const(b, 0)), n, ir_binary(b, IR_SUB, n, ir_const(b, 1)));
	ir_store(b, 1, ir_padd(b, to.v, ir_binary(b, IR_AND, last, ir_const(b, 127)), 0), 0, ir_const(b, 0));
	to.type = e->type;
	return to;
}

/* s[i] */
struct ir_value *lower_string_byte(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	const struct expr *string = e->left;
	struct value s = lower_memory(l, string, true);
	struct ir_value *i = lower_number(l, e->args.data[0]), *slot;

	if (!b->block)
		return i;
	if (ir_is_const(i) && (uint64_t)i->imm < string->type->size && s.type->size >= string->type->size)
		return ir_extend(b, IR_SEXT, ir_load(b, 1, s.v, i->imm), 1);
	slot = ir_slot(b, 8, 8, NULL);
	ir_store(b, 8, slot, 0, ir_const(b, 0));
	i = lower_number_choice(l, ir_binary(b, IR_ULT, i, ir_const(b, string->type->size)), i, ir_const(b, string->type->size - 1));
	ir_call(b, IR_H_probe_read_kernel, slot, ir_const(b, 1), ir_binary(b, IR_ADD, lower_address(l, s.v), i));
	return ir_extend(b, IR_SEXT, ir_load(b, 1, slot, 0), 1);
}

/* strtoll(s[, base]): blanks, a sign, digits; what follows them is not looked at. */
static struct ir_value *lower_strtoll(struct lower *l, const struct expr *e)
{
	enum { DIGITS = 24 };
	struct ir_builder *b = &l->b;
	int64_t base = e->args.len > 1 ? (int64_t)e->args.data[1]->value : 10;
	unsigned size = e->args.data[0]->type->size, value, negative, state;
	struct ir_value *zero = ir_const(b, 0), *one = ir_const(b, 1);
	struct value s = lower_memory(l, e->args.data[0], true);

	if (!b->block)
		return zero;
	value = env_add(l, zero);
	negative = env_add(l, zero);
	state = env_add(l, zero);		/* 0: before the digits, 1: among them, 2: behind */
	for (unsigned i = 0; i < DIGITS && i < size && i < s.type->size; i++) {
		struct ir_value *c = ir_load(b, 1, s.v, i), *lower = ir_binary(b, IR_OR, c, ir_const(b, 0x20)), *digit, *is_digit, *going;
		struct ir_value *is_sign, *is_blank;

		digit = lower_number_choice(l, ir_binary(b, IR_ULT, ir_const(b, '9'), c),
					    ir_binary(b, IR_SUB, lower, ir_const(b, 'a' - 10)), ir_binary(b, IR_SUB, c, ir_const(b, '0')));
		is_digit = ir_binary(b, IR_ULT, digit, ir_const(b, base));
		is_sign = ir_binary(b, IR_EQ, c, ir_const(b, '-'));
		is_blank = ir_binary(b, IR_OR, ir_binary(b, IR_EQ, c, ir_const(b, ' ')), ir_binary(b, IR_EQ, c, ir_const(b, '+')));
		/* 0x */
		if (base == 16 && i)
			is_blank = ir_binary(b, IR_OR, is_blank, ir_binary(b, IR_EQ, lower, ir_const(b, 'x')));
		going = ir_binary(b, IR_ULT, l->env[state], ir_const(b, 2));
		l->env[negative] = ir_binary(b, IR_OR, l->env[negative],
					     ir_binary(b, IR_AND, is_sign, ir_binary(b, IR_EQ, l->env[state], zero)));
		l->env[value] = lower_number_choice(l, ir_binary(b, IR_AND, is_digit, going),
						    ir_binary(b, IR_ADD, ir_binary(b, IR_MUL, l->env[value], ir_const(b, base)), digit),
						    l->env[value]);
		is_blank = ir_binary(b, IR_OR, is_blank, is_sign);
		l->env[state] = lower_number_choice(l, ir_binary(b, IR_AND, is_digit, going), base == 16 && !i ? zero : one,
						    lower_number_choice(l, is_blank, l->env[state], ir_const(b, 2)));
	}
	return lower_number_choice(l, l->env[negative], ir_unary(b, IR_NEG, l->env[value]), l->env[value]);
}

/* --- processes --- */

/* progenyof(pid): the process or one of its ancestors, so far up, is that. */
static struct ir_value *lower_progenyof(struct lower *l, const struct expr *e)
{
	enum { GENERATIONS = 16 };
	struct ir_builder *b = &l->b;
	struct ir_value *pid = lower_number(l, e->args.data[0]);
	struct join *found = join_create(l), *end = join_create(l);
	unsigned task, result;

	if (!b->block)
		return pid;
	task = env_add(l, ir_call(b, IR_H_get_current_task));
	result = env_add(l, ir_const(b, 0));
	for (unsigned i = 0; i < GENERATIONS && b->block; i++) {
		struct join *on = join_create(l);

		join_branch(l, ir_binary(b, IR_EQ, lower_task_pid(l, l->env[task], e->span), pid), found, on);
		join_enter(l, on);
		l->env[task] = kernel_member(l, l->env[task], "task_struct", "real_parent", e->span);
	}
	join_jump(l, end);
	join_enter(l, found);
	if (b->block)
		l->env[result] = ir_const(b, 1);
	join_jump(l, end);
	join_enter(l, end);
	return l->env[result];
}

/* --- speculations: numbers from 1 on, those in use as bits in data --- */

static struct ir_value *speculations(struct lower *l)
{
	if (!l->speculations)
		l->speculations = data_alloc(&l->result->data, 8);
	return ir_data(&l->b, l->result->data.map, l->speculations);
}

/* The least number that is free; 0, counted, if there is none. */
static struct ir_value *lower_speculation(struct lower *l, struct span span)
{
	struct ir_builder *b = &l->b;
	struct ir_value *used = ir_load(b, 8, speculations(l), 0);
	struct join *end = join_create(l);
	unsigned result = env_add(l, ir_const(b, 0));

	for (unsigned i = 0; i < l->env_info->speculations; i++) {
		struct join *free = join_create(l), *next = join_create(l);
		struct ir_value *bit = ir_const(b, (int64_t)(1ull << i));

		join_branch(l, ir_binary(b, IR_EQ, ir_binary(b, IR_AND, used, bit), ir_const(b, 0)), free, next);
		join_enter(l, free);
		ir_store(b, 8, speculations(l), 0, ir_binary(b, IR_OR, used, bit));
		l->env[result] = ir_const(b, i + 1);
		join_jump(l, end);
		join_enter(l, next);
	}
	lower_loss(l, LOSS_SPECULATION, NULL, span);
	join_jump(l, end);
	join_enter(l, end);
	return env_take(l, result);
}

void lower_end_speculation(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	struct ir_value *n = lower_number(l, e->args.data[0]), *bit, *used;
	struct join *some = join_create(l), *end = join_create(l);

	if (!b->block)
		return;
	n = ir_binary(b, IR_SUB, n, ir_const(b, 1));
	join_branch(l, ir_binary(b, IR_ULT, n, ir_const(b, l->env_info->speculations)), some, end);
	join_enter(l, some);
	bit = ir_binary(b, IR_SHL, ir_const(b, 1), n);
	used = ir_load(b, 8, speculations(l), 0);
	ir_store(b, 8, speculations(l), 0, ir_binary(b, IR_AND, used, ir_binary(b, IR_XOR, bit, ir_const(b, -1))));
	join_jump(l, end);
	join_enter(l, end);
}

struct value lower_d_function(struct lower *l, const struct expr *e)
{
	const struct value none = { .kind = VALUE_NONE };
	struct ir_value *v;

	switch (e->symbol ? e->symbol->builtin : BUILTIN_COUNT) {
	case BUILTIN_alloca:
		v = lower_alloca(l, e);
		break;
	case BUILTIN_copyin:
		v = lower_copyin(l, e);
		break;
	case BUILTIN_speculation:
		v = lower_speculation(l, e->span);
		break;
	case BUILTIN_strtoll:
		v = lower_strtoll(l, e);
		break;
	case BUILTIN_progenyof:
		v = lower_progenyof(l, e);
		break;
	case BUILTIN_toupper:
		return lower_case(l, e, 'a', 'z');
	case BUILTIN_tolower:
		return lower_case(l, e, 'A', 'Z');
	case BUILTIN_argtext:
		return lower_argtext(l, e);
	default:
		return none;
	}
	return value_number(e->type, v);
}

bool lower_d_action(struct lower *l, const struct expr *e)
{
	switch (e->symbol->builtin) {
	case BUILTIN_bcopy:
		lower_copy(l, e, 1, 2, false);
		return true;
	case BUILTIN_copyout:
	case BUILTIN_copyoutstr:
		if (!lower_has(l, "write_user"))
			lower_unsupported(l, e->span, "writing to a process (the kernel's lockdown forbids it)");
		else if (e->symbol->builtin == BUILTIN_copyout)
			lower_copyout(l, e);
		else
			lower_copyoutstr(l, e);
		return true;
	case BUILTIN_copyinto:
		lower_copy(l, e, 2, 1, true);
		return true;
	default:
		return false;
	}
}
