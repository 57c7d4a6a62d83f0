// SPDX-License-Identifier: GPL-2.0-or-later
/* The string functions about paths. */
#include "ir/outline.h"

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

/*
 * In memory: the text, what is written, for each slash written where the one before is, and the machine's state. A round
 * has no branches: what it writes to no purpose is written over, or lies behind the end.
 */
struct cleaner {
	struct memory m;
	unsigned bound, text, out, links, len, slash, pending;
};

static struct ir_value *out_at(struct lower *l, const struct cleaner *k, struct ir_value *index)
{
	return memory_element(l, &k->m, k->out, 1, index, 2 * k->bound);
}

static struct ir_value *bit(struct lower *l, struct ir_value *v, unsigned mask)
{
	return ir_binary(&l->b, IR_AND, ir_binary(&l->b, IR_LSHR, v, ir_const(&l->b, __builtin_ctz(mask))), ir_const(&l->b, 1));
}

static void clean_step(struct lower *l, const struct cleaner *k, unsigned table, struct ir_value *c)
{
	struct ir_builder *b = &l->b;
	const struct memory *m = &k->m;
	struct ir_value *len = memory_word(l, m, k->len), *slash = memory_word(l, m, k->slash), *before, *place, *writes, *drops;
	struct ir_value *pending = ir_binary(b, IR_AND, memory_word(l, m, k->pending), ir_const(b, NEXT)), *move, *with_slash;
	struct ir_value *behind = ir_binary(b, IR_ADD, len, pending);

	/* a sum: before 6.10 the verifier forgets the bounds of what is or'ed with a number that it does not know */
	move = ir_binary(b, IR_ADD, ir_binary(b, IR_SHL, pending, ir_const(b, 8)), c);
	move = ir_load(b, 1, ir_padd(b, ir_data(b, l->result->data.map, table), move, 0), 0);
	writes = bit(l, move, WRITE);
	drops = bit(l, move, DROP);
	before = ir_load(b, 2, memory_element(l, m, k->links, 2, slash, k->bound), 0);
	/* what is pending, and c */
	place = out_at(l, k, len);
	ir_store(b, 1, place, 0, ir_const(b, '/'));
	ir_store(b, 1, place, 1, ir_const(b, '.'));
	ir_store(b, 1, place, 2, ir_const(b, '.'));
	ir_store(b, 1, out_at(l, k, behind), 0, c);
	ir_store(b, 2, memory_element(l, m, k->links, 2, len, k->bound), 0, slash);
	/* or back to the last slash; if the path ends here, then with that */
	place = out_at(l, k, word_choose(l, drops, slash, ir_const(b, 2 * k->bound - 1)));
	ir_store(b, 1, place, 0, ir_const(b, '/'));
	ir_store(b, 1, place, 1, ir_const(b, 0));
	with_slash = ir_binary(b, IR_AND, writes, small_is_set(l, pending));
	memory_set_word(l, m, k->slash, word_choose(l, drops, before, word_choose(l, with_slash, len, slash)));
	memory_set_word(l, m, k->len, word_choose(l, drops, slash, word_choose(l, writes, plus(l, behind, 1), len)));
	memory_set_word(l, m, k->pending, ir_binary(b, IR_AND, move, ir_const(b, NEXT)));
}

/*
 * Leaves out "/." and doubled slashes, and "/.." with the component before it. A path that ends in "/.." keeps the slash.
 */
static struct value lower_cleanpath(struct lower *l, const struct expr *e, struct path path)
{
	enum { MARGIN = 8 };
	struct ir_builder *b = &l->b;
	unsigned table = move_table(l);
	struct cleaner k = { .bound = memory_bound(path.size), .m = memory_create(l, "cleanpath") };
	struct ir_value *zero = ir_const(b, 0), *n, *c;
	struct rounds r;

	k.text = memory_add_string(l, &k.m, k.bound, path.address);
	k.out = memory_add(&k.m, 2 * k.bound + MARGIN);
	k.links = memory_add(&k.m, 2 * k.bound);
	k.len = memory_add_word(l, &k.m, zero);
	k.slash = memory_add_word(l, &k.m, zero);
	k.pending = memory_add_word(l, &k.m, zero);
	ir_store(b, 2, k.m.base, k.links, zero);
	n = rounds_begin(l, &r, &k.m, k.bound);
	c = memory_byte(l, &k.m, k.text, n, k.bound);
	clean_step(l, &k, table, c);
	rounds_stop_if(l, &r, ir_binary(b, IR_EQ, c, ir_const(b, 0)));
	rounds_end(l, &r);
	return lower_part(l, e, lower_address(l, ir_padd(b, k.m.base, NULL, k.out)), NULL);
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
