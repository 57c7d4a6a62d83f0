// SPDX-License-Identifier: GPL-2.0-or-later
/* lltostr: digits from the end of the memory backwards, then what stands before them. Out of line, as searching is. */
#include "ir/outline.h"

enum { DIGITS = 64, ROOM = 128 };

struct number {
	struct memory m;
	unsigned text, value, at;	/* at: where the digits begin */
	int64_t base;
};

static void put_before(struct lower *l, const struct number *num, struct ir_value *at, char c)
{
	ir_store(&l->b, 1, memory_element(l, &num->m, num->text, 1, at, ROOM), 0, ir_const(&l->b, c));
}

/* '0' … '9', 'a' … */
static struct ir_value *digit_char(struct lower *l, int64_t base, struct ir_value *digit)
{
	struct ir_builder *b = &l->b;
	struct ir_value *c = ir_binary(b, IR_ADD, digit, ir_const(b, '0')), *letter;

	if (base <= 10)
		return c;
	letter = ir_binary(b, IR_LSHR, ir_binary(b, IR_SUB, ir_const(b, 9), digit), ir_const(b, 63));
	return ir_binary(b, IR_ADD, c, ir_binary(b, IR_MUL, letter, ir_const(b, 'a' - '0' - 10)));
}

static void put_digits(struct lower *l, struct number *num)
{
	struct ir_builder *b = &l->b;
	struct ir_value *at, *v, *rest;
	struct rounds r;

	rounds_begin(l, &r, &num->m, DIGITS);
	at = ir_binary(b, IR_SUB, memory_word(l, &num->m, num->at), ir_const(b, 1));
	v = memory_word(l, &num->m, num->value);
	ir_store(b, 1, memory_element(l, &num->m, num->text, 1, at, ROOM), 0,
		 digit_char(l, num->base, ir_binary(b, IR_UMOD, v, ir_const(b, num->base))));
	rest = ir_binary(b, IR_UDIV, v, ir_const(b, num->base));
	memory_set_word(l, &num->m, num->at, at);
	memory_set_word(l, &num->m, num->value, rest);
	rounds_stop_if(l, &r, ir_binary(b, IR_EQ, rest, ir_const(b, 0)));
	rounds_end(l, &r);
}

/* "-", "0x" or "0" in front, the last of them only of numbers other than 0; where the text begins then. */
static struct ir_value *put_prefix(struct lower *l, const struct number *num, struct ir_value *negative, struct ir_value *some)
{
	struct ir_builder *b = &l->b;
	struct ir_value *at = memory_word(l, &num->m, num->at), *before = ir_binary(b, IR_SUB, at, ir_const(b, 1));

	if (negative) {
		put_before(l, num, before, '-');
		return ir_binary(b, IR_SUB, at, negative);
	}
	if (num->base == 8) {
		put_before(l, num, before, '0');
		return ir_binary(b, IR_SUB, at, some);
	}
	if (num->base == 16) {
		put_before(l, num, before, 'x');
		before = ir_binary(b, IR_SUB, before, ir_const(b, 1));
		put_before(l, num, before, '0');
		return before;
	}
	return at;
}

/* lltostr(number): the text's address, in memory that is the function's until it is called again */
static struct ir_func *lltostr_function(struct lower *l, int64_t base, bool is_signed)
{
	const char *name = arena_printf(l->arena, "lltostr_%c%lld", is_signed ? 's' : 'u', (long long)base);
	struct ir_func *known = outline_find(l, name);
	struct number num = { .base = base };
	struct ir_builder *b = &l->b;
	struct ir_value *v, *negative = NULL, *some;
	struct outline o;

	if (known)
		return known;
	outline_begin(l, &o, name, 1);
	num.m = memory_create(l, "lltostr");
	num.text = memory_add(&num.m, ROOM);
	v = ir_param(b, 0);
	if (is_signed) {
		negative = ir_binary(b, IR_LSHR, v, ir_const(b, 63));
		v = word_choose(l, negative, ir_unary(b, IR_NEG, v), v);
	}
	some = word_is_set(l, v);
	num.value = memory_add_word(l, &num.m, v);
	num.at = memory_add_word(l, &num.m, ir_const(b, ROOM - 1));
	ir_store(b, 1, num.m.base, num.text + ROOM - 1, ir_const(b, 0));
	put_digits(l, &num);
	v = put_prefix(l, &num, negative, some);
	ir_ret(b, ir_binary(b, IR_ADD, ir_unary(b, IR_ADDRESS, num.m.base), v));
	return outline_end(l, &o);
}

struct value lower_lltostr(struct lower *l, const struct expr *e)
{
	struct ir_value *v = lower_number(l, e->args.data[0]), *text;
	int64_t base = e->args.len > 1 ? (int64_t)e->args.data[1]->value : 10;

	if (!l->b.block)
		return (struct value){ .kind = VALUE_MEMORY, .type = e->type, .v = v };
	text = ir_callf(&l->b, lltostr_function(l, base, base == 10 && e->args.data[0]->type->is_signed), &v, 1);
	return lower_part(l, e, text, NULL);
}
