// SPDX-License-Identifier: GPL-2.0-or-later
/* The string functions about paths. */
#include "ir/lowering.h"

struct path {
	struct ir_value *address;
	unsigned size;
};

static struct ir_value *plus(struct lower *l, struct ir_value *x, int64_t n)
{
	return ir_binary(&l->b, IR_ADD, x, ir_const(&l->b, n));
}

static struct ir_value *is_none(struct lower *l, struct ir_value *place)
{
	return ir_binary(&l->b, IR_SLT, place, ir_const(&l->b, 0));
}

/* The last slash of the first n characters, or the last that is none. */
static struct ir_value *last_slash(struct lower *l, const struct expr *e, struct path path, struct ir_value *n, bool slash)
{
	struct ir_value *address = path.address;

	if (n)
		address = lower_address(l, lower_part(l, e, address, n).v);
	return lower_scan(l, address, path.size, lower_literal_address(l, "/"), 2, slash, true);
}

/* The address of what stands for a path of slashes alone, and for an empty one. */
static struct ir_value *root_or_dot(struct lower *l, struct ir_value *first)
{
	return lower_number_choice(l, ir_binary(&l->b, IR_EQ, first, ir_const(&l->b, '/')), lower_literal_address(l, "/"),
				   lower_literal_address(l, "."));
}

/* What is behind the last slash, slashes at the end not counted. */
static struct value lower_basename(struct lower *l, const struct expr *e, struct path path, struct ir_value *first)
{
	struct ir_builder *b = &l->b;
	struct ir_value *end = last_slash(l, e, path, NULL, false), *begin, *none = is_none(l, end);
	struct ir_value *n = plus(l, end, 1);

	begin = plus(l, last_slash(l, e, path, n, true), 1);
	n = lower_number_choice(l, none, ir_const(b, 1), ir_binary(b, IR_SUB, n, begin));
	begin = ir_binary(b, IR_ADD, path.address, begin);
	return lower_part(l, e, lower_number_choice(l, none, root_or_dot(l, first), begin), n);
}

/* What is before the last slash, slashes at the end not counted. */
static struct value lower_dirname(struct lower *l, const struct expr *e, struct path path, struct ir_value *first)
{
	struct ir_builder *b = &l->b;
	struct ir_value *end = last_slash(l, e, path, NULL, false), *slash, *n, *from, *one = ir_const(b, 1);

	slash = last_slash(l, e, path, plus(l, end, 1), true);
	/* without a slash "."; slashes alone count as one */
	end = last_slash(l, e, path, lower_number_choice(l, is_none(l, slash), ir_const(b, 0), slash), false);
	n = lower_number_choice(l, is_none(l, end), one, plus(l, end, 1));
	from = lower_number_choice(l, is_none(l, end), root_or_dot(l, first), path.address);
	from = lower_number_choice(l, is_none(l, slash), root_or_dot(l, first), from);
	return lower_part(l, e, from, n);
}

/* --- cleanpath --- */

/*
 * A machine that has read a slash, "/." or "/.." without having written it: `pending` characters. What comes next decides:
 *
 *			pending 0	1 "/"		2 "/."		3 "/.."
 *	/		1		1		1		1, last component dropped
 *	.		0 write		2		3		0 write all
 *	other		0 write		0 write all	0 write all	0 write all
 *	the end		write		write all	write all	last component dropped
 *
 * A row and a class of character give a byte of the table: the next state, or'ed with what to do.
 */
enum { WRITE = 4, DROP = 8, NEXT = 3 };
enum { CLASS_SLASH, CLASS_DOT, CLASS_OTHER, CLASS_END };

static const unsigned char moves[4][4] = {
	{ 1,		WRITE,	WRITE, WRITE },
	{ 1,		2,	WRITE, WRITE },
	{ 1,		3,	WRITE, WRITE },
	{ 1 | DROP,	WRITE,	WRITE, DROP },
};

/* By pending and character. */
static unsigned move_table(struct lower *l)
{
	struct data_def *data = &l->result->data;
	static unsigned char table[4 * 256];

	for (unsigned state = 0; state < 4; state++)
		for (unsigned c = 0; c < 256; c++)
			table[256 * state + c] = moves[state][c == '/' ? CLASS_SLASH : c == '.' ? CLASS_DOT :
							      c ? CLASS_OTHER : CLASS_END];
	vec_foreach(init, &data->inits)
		if (init->bytes == table)
			return init->offset;
	return data_init(l->arena, data, table, sizeof(table));
}

/* In memory: the text, what is written, for each slash written where the one before is, and the machine's state. */
struct cleaner {
	struct ir_value *memory;
	unsigned bound, out, links, len, slash, pending;
};

static struct ir_value *at(struct lower *l, const struct cleaner *k, unsigned offset, unsigned size, struct ir_value *index)
{
	index = ir_binary(&l->b, IR_AND, index, ir_const(&l->b, k->bound - 1));
	if (size > 1)
		index = ir_binary(&l->b, IR_MUL, index, ir_const(&l->b, size));
	return ir_padd(&l->b, k->memory, index, offset);
}

static struct ir_value *state(struct lower *l, const struct cleaner *k, unsigned which)
{
	return ir_load(&l->b, 8, k->memory, which);
}

static void set_state(struct lower *l, const struct cleaner *k, unsigned which, struct ir_value *v)
{
	ir_store(&l->b, 8, k->memory, which, v);
}

/* Writes what is pending, and c. What is written behind it is written over later. */
static void write_pending(struct lower *l, const struct cleaner *k, struct ir_value *pending, struct ir_value *c)
{
	struct ir_builder *b = &l->b;
	struct ir_value *len = state(l, k, k->len), *place = at(l, k, k->out, 1, len);
	struct join *slash = join_create(l), *end = join_create(l);

	ir_store(b, 1, place, 0, ir_const(b, '/'));
	ir_store(b, 1, place, 1, ir_const(b, '.'));
	ir_store(b, 1, place, 2, ir_const(b, '.'));
	ir_store(b, 1, at(l, k, k->out, 1, ir_binary(b, IR_ADD, len, pending)), 0, c);
	set_state(l, k, k->len, plus(l, ir_binary(b, IR_ADD, len, pending), 1));
	join_branch(l, ir_binary(b, IR_NE, pending, ir_const(b, 0)), slash, end);
	join_enter(l, slash);
	ir_store(b, 2, at(l, k, k->links, 2, len), 0, state(l, k, k->slash));
	set_state(l, k, k->slash, len);
	join_jump(l, end);
	join_enter(l, end);
}

/* Back to the last slash written, or to the begin; if the path ends here, then with the slash. */
static void drop_component(struct lower *l, const struct cleaner *k)
{
	struct ir_value *slash = state(l, k, k->slash), *place = at(l, k, k->out, 1, slash);

	ir_store(&l->b, 1, place, 0, ir_const(&l->b, '/'));
	ir_store(&l->b, 1, place, 1, ir_const(&l->b, 0));
	set_state(l, k, k->len, slash);
	set_state(l, k, k->slash, ir_load(&l->b, 2, at(l, k, k->links, 2, slash), 0));
}

static void clean_step(struct lower *l, const struct cleaner *k, unsigned table, struct ir_value *c)
{
	struct ir_builder *b = &l->b;
	struct ir_value *pending = ir_binary(b, IR_AND, state(l, k, k->pending), ir_const(b, NEXT)), *move;
	struct join *write = join_create(l), *other = join_create(l), *drop = join_create(l), *end = join_create(l);

	move = ir_binary(b, IR_OR, ir_binary(b, IR_SHL, pending, ir_const(b, 8)), c);
	move = ir_load(b, 1, ir_padd(b, ir_data(b, l->result->data.map, table), move, 0), 0);
	set_state(l, k, k->pending, ir_binary(b, IR_AND, move, ir_const(b, NEXT)));
	join_branch(l, ir_binary(b, IR_AND, move, ir_const(b, WRITE)), write, other);
	join_enter(l, write);
	write_pending(l, k, pending, c);
	join_jump(l, end);
	join_enter(l, other);
	join_branch(l, ir_binary(b, IR_AND, move, ir_const(b, DROP)), drop, end);
	join_enter(l, drop);
	drop_component(l, k);
	join_jump(l, end);
	join_enter(l, end);
}

/*
 * Leaves out "/." and doubled slashes, and "/.." with the component before it. A path that ends in "/.." keeps the slash.
 */
static struct value lower_cleanpath(struct lower *l, const struct expr *e, struct path path)
{
	enum { MARGIN = 8 };
	struct ir_builder *b = &l->b;
	unsigned bound = memory_bound(path.size), table = move_table(l), n;
	struct cleaner k = {
		.bound = bound, .out = bound, .links = 2 * bound + MARGIN, .len = 4 * bound + MARGIN,
		.slash = 4 * bound + MARGIN + 8, .pending = 4 * bound + MARGIN + 16,
	};
	struct join *body = join_create(l), *next = join_create(l), *end = join_create(l);
	struct loop_header *h;
	struct ir_value *c;

	k.memory = string_slot(l, k.pending + 8, "cleanpath").v;
	ir_zero(b, k.memory, k.memory->slot->size);
	read_string(l, k.memory, ir_const(b, bound), path.address, false, SPAN_NONE);
	n = env_add(l, ir_const(b, 0));
	h = loop_enter(l);
	join_branch(l, ir_binary(b, IR_ULT, l->env[n], ir_const(b, bound)), body, end);
	join_enter(l, body);
	c = ir_load(b, 1, at(l, &k, 0, 1, l->env[n]), 0);
	clean_step(l, &k, table, c);
	l->env[n] = plus(l, l->env[n], 1);
	join_branch(l, ir_binary(b, IR_NE, c, ir_const(b, 0)), next, end);
	join_enter(l, next);
	loop_back(l, h);
	join_enter(l, end);
	return lower_part(l, e, lower_address(l, ir_padd(b, k.memory, NULL, k.out)), NULL);
}

struct value lower_path(struct lower *l, const struct expr *e)
{
	const struct expr *arg = e->args.data[0];
	struct ir_value *v = lower_memory(l, arg, false).v, *first;
	struct path path = { .address = lower_address(l, v), .size = arg->type->size };

	if (!l->b.block)
		return (struct value){ .kind = VALUE_MEMORY, .type = e->type, .v = v };
	if (e->symbol->builtin == BUILTIN_cleanpath)
		return lower_cleanpath(l, e, path);
	first = ir_load(&l->b, 1, v, 0);
	return (e->symbol->builtin == BUILTIN_basename ? lower_basename : lower_dirname)(l, e, path, first);
}
