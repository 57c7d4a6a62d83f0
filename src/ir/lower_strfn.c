// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The string functions of builtins.def. Most look for places (lower_search.c) and copy what lies there: the kernel reads our own
 * strings, too, by the number of their address, so no index has to be bounded.
 */
#include "ir/lowering.h"

#include "lang/check.h"

#include <string.h>

static struct text lower_text(struct lower *l, const struct expr *e)
{
	struct ir_value *v = lower_memory(l, e, false).v;

	return (struct text){
		.v = v, .address = lower_address(l, v), .size = e->type->size, .literal = e->is_const ? e : NULL,
	};
}

static struct value string_value(const struct expr *e, struct ir_value *v)
{
	return (struct value){ .kind = VALUE_MEMORY, .type = e->type, .v = v };
}

struct ir_value *lower_number_choice(struct lower *l, struct ir_value *cond, struct ir_value *x, struct ir_value *y)
{
	struct join *yes, *no, *end;
	unsigned result;

	if (ir_is_const(cond))
		return cond->imm ? x : y;
	yes = join_create(l);
	no = join_create(l);
	end = join_create(l);
	result = env_add(l, y);
	join_branch(l, cond, yes, no);
	join_enter(l, yes);
	l->env[result] = x;
	join_jump(l, end);
	join_enter(l, no);
	join_jump(l, end);
	join_enter(l, end);
	return env_take(l, result);
}

struct value lower_part(struct lower *l, const struct expr *e, struct ir_value *address, struct ir_value *n)
{
	unsigned size = e->type->size, bound = memory_bound(size);
	struct ir_builder *b = &l->b;
	struct value to = string_slot(l, n ? bound : size, e->name);
	struct ir_value *capacity = ir_const(b, size);

	if (n) {	/* at most size - 1 characters; the mask is for the verifier */
		n = lower_number_choice(l, ir_binary(b, IR_ULT, n, capacity), n, ir_const(b, size - 1));
		capacity = ir_binary(b, IR_ADD, ir_binary(b, IR_AND, n, ir_const(b, bound - 1)), ir_const(b, 1));
	}
	read_string(l, to.v, capacity, address, MEMORY_KERNEL, SPAN_NONE);
	return string_value(e, to.v);
}

/* The address of a literal. */
struct ir_value *lower_literal_address(struct lower *l, const char *text)
{
	return lower_address(l, string_literal(l, text, strlen(text), 0).v);
}

static struct ir_value *add(struct lower *l, struct ir_value *x, struct ir_value *y)
{
	return ir_binary(&l->b, IR_ADD, x, y);
}

static struct ir_value *is_negative(struct lower *l, struct ir_value *v)
{
	return ir_binary(&l->b, IR_SLT, v, ir_const(&l->b, 0));
}

/* --- length, joining --- */

/* The length: copying is the kernel's fastest way to find it. */
static struct ir_value *text_length(struct lower *l, const struct text *s)
{
	struct value copy = string_slot(l, s->size, NULL);
	struct ir_value *n = read_string(l, copy.v, ir_const(&l->b, s->size), s->address, MEMORY_KERNEL, SPAN_NONE);

	return ir_binary(&l->b, IR_SUB, n, ir_const(&l->b, 1));
}

static struct ir_value *lower_strlen(struct lower *l, const struct expr *s)
{
	struct value copy = string_slot(l, s->type->size, NULL);
	struct ir_value *n = lower_string_into(l, s, copy.v, s->type->size);

	return ir_binary(&l->b, IR_SUB, n, ir_const(&l->b, 1));
}

/* One behind the other in memory for both; then cut at the result's capacity. */
static struct value lower_strjoin(struct lower *l, const struct expr *e)
{
	const struct expr *x = e->args.data[0], *y = e->args.data[1];
	unsigned bound = memory_bound(x->type->size);
	struct value joined = string_slot(l, bound + y->type->size, "strjoin");
	struct ir_value *n = lower_string_into(l, x, joined.v, x->type->size);

	if (!l->b.block)
		return string_value(e, joined.v);
	n = ir_binary(&l->b, IR_AND, ir_binary(&l->b, IR_SUB, n, ir_const(&l->b, 1)), ir_const(&l->b, bound - 1));
	lower_string_into(l, y, ir_padd(&l->b, joined.v, n, 0), y->type->size);
	if (l->b.block && e->type->size < x->type->size + y->type->size)
		ir_store(&l->b, 1, joined.v, e->type->size - 1, ir_const(&l->b, 0));
	return string_value(e, joined.v);
}

/* --- parts --- */

/*
 * substr(s, index[, n]): a negative index counts from the end, and what lies before the begin is left out; a negative n
 * leaves out so many at the end. Without n all that follows.
 */
static struct value lower_substr(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	struct text s = lower_text(l, e->args.data[0]);
	struct ir_value *index = lower_number(l, e->args.data[1]), *zero = ir_const(b, 0), *inside, *len, *rest, *before;
	struct ir_value *n = e->args.len > 2 ? lower_number(l, e->args.data[2]) : ir_const(b, CHECK_STRSIZE_MAX);

	if (!b->block)
		return string_value(e, zero);
	len = text_length(l, &s);
	index = lower_number_choice(l, is_negative(l, index), add(l, index, len), index);
	/* n counts from the begin where the index lies before it */
	before = add(l, index, n);
	inside = ir_binary(b, IR_AND, is_negative(l, index), ir_binary(b, IR_SLT, zero, before));
	n = lower_number_choice(l, inside, before, n);
	index = lower_number_choice(l, inside, zero, index);
	rest = ir_binary(b, IR_SUB, len, index);
	n = lower_number_choice(l, is_negative(l, n), add(l, n, rest), n);
	n = lower_number_choice(l, is_negative(l, n), zero, n);
	inside = ir_binary(b, IR_ULT, index, len);
	n = lower_number_choice(l, inside, n, zero);
	index = lower_number_choice(l, inside, index, zero);
	return lower_part(l, e, add(l, s.address, index), n);
}

/* str(s[, n]) of a string: the first n characters at most. */
static struct value lower_str_of_string(struct lower *l, const struct expr *e, bool padded)
{
	struct ir_value *n, *len;
	struct text s;

	if (e->args.len < 2)
		return lower_memory(l, e->args.data[0], padded);
	s = lower_text(l, e->args.data[0]);
	n = lower_number(l, e->args.data[1]);
	if (!l->b.block)
		return string_value(e, ir_const(&l->b, 0));
	len = text_length(l, &s);
	return lower_part(l, e, s.address, lower_number_choice(l, ir_binary(&l->b, IR_ULT, n, len), n, len));
}

/* A string of the one character. */
static struct ir_value *character_address(struct lower *l, const struct expr *e)
{
	struct ir_value *c = lower_number(l, e), *slot = ir_slot(&l->b, 8, 8, NULL);

	if (!l->b.block)
		return ir_const(&l->b, 0);
	ir_store(&l->b, 8, slot, 0, ir_extend(&l->b, IR_ZEXT, c, 1));
	return lower_address(l, slot);
}

/* From the first or last c on; "" if there is none. */
static struct value lower_strchr(struct lower *l, const struct expr *e, bool last)
{
	struct text s = lower_text(l, e->args.data[0]);
	struct ir_value *c = character_address(l, e->args.data[1]), *place, *none;

	if (!l->b.block)
		return string_value(e, c);
	place = lower_scan(l, s.address, s.size, c, 2, true, last);
	if (last) {
		none = text_length(l, &s);
		place = lower_number_choice(l, is_negative(l, place), none, place);
	}
	return lower_part(l, e, add(l, s.address, place), NULL);
}

static struct value lower_strstr(struct lower *l, const struct expr *e)
{
	struct text s = lower_text(l, e->args.data[0]), needle = lower_text(l, e->args.data[1]);
	struct ir_value *place, *from;

	if (!l->b.block)
		return string_value(e, s.address);
	place = lower_search(l, &s, &needle, NULL, NULL);
	from = lower_number_choice(l, is_negative(l, place), lower_literal_address(l, ""), add(l, s.address, place));
	return lower_part(l, e, from, NULL);
}

/* --- places --- */

static struct ir_value *lower_strcontains(struct lower *l, const struct expr *e)
{
	struct text s = lower_text(l, e->args.data[0]), needle = lower_text(l, e->args.data[1]);
	struct ir_value *place = lower_search(l, &s, &needle, NULL, NULL);

	return ir_binary(&l->b, IR_XOR, is_negative(l, place), ir_const(&l->b, 1));
}

/* A start before the begin is the begin; one behind the end finds nothing but "", at the end. */
static struct ir_value *lower_index(struct lower *l, const struct expr *e)
{
	struct text s = lower_text(l, e->args.data[0]), needle = lower_text(l, e->args.data[1]);
	struct ir_value *from = NULL, *len;

	if (e->args.len > 2) {
		from = lower_number(l, e->args.data[2]);
		len = text_length(l, &s);
		from = lower_number_choice(l, is_negative(l, from), ir_const(&l->b, 0), from);
		from = lower_number_choice(l, ir_binary(&l->b, IR_SLT, len, from), len, from);
	}
	return lower_search(l, &s, &needle, from, NULL);
}

/* A start before the begin finds nothing but "", at the begin. */
static struct ir_value *lower_rindex(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	struct text s = lower_text(l, e->args.data[0]), needle = lower_text(l, e->args.data[1]);
	struct ir_value *to = ir_const(b, s.size), *empty, *place;

	if (e->args.len < 3)
		return lower_search(l, &s, &needle, NULL, to);
	to = lower_number(l, e->args.data[2]);
	if (!b->block)
		return to;
	empty = ir_binary(b, IR_EQ, ir_load(b, 1, needle.v, 0), ir_const(b, 0));
	to = lower_number_choice(l, ir_binary(b, IR_AND, empty, is_negative(l, to)), ir_const(b, 0), to);
	place = lower_search(l, &s, &needle, NULL, to);
	return place;
}

/* --- comparing --- */

static struct ir_value *lower_strcmp(struct lower *l, const struct expr *e, uint64_t n)
{
	struct text x = lower_text(l, e->args.data[0]), y = lower_text(l, e->args.data[1]);

	return lower_compare(l, x.address, y.address, x.size > y.size ? x.size : y.size, n);
}

static struct ir_value *lower_glob_call(struct lower *l, const struct expr *e)
{
	struct text s = lower_text(l, e->args.data[0]);

	return lower_glob(l, s.address, s.size, e->args.data[1]);
}

/* --- strtok --- */

enum { STRTOK_TEXT = 8 };

void lower_strtok_slot(struct lower *l, const struct expr *e)
{
	unsigned size = STRTOK_TEXT + memory_bound(e->args.data[0]->type->size);

	if (!l->strtok) {
		struct ir_value *slot = ir_slot(&l->b, 2 * STRTOK_TEXT, 8, "strtok");

		l->strtok = slot->slot;
		ir_zero(&l->b, slot, 2 * STRTOK_TEXT);
	}
	if (size > l->strtok->size)
		l->strtok->size = size;
}

/* The place behind the token that ends here, and behind the character that ended it if that is not the string's end. */
static struct ir_value *behind_token(struct lower *l, struct ir_value *text, struct ir_value *end)
{
	struct ir_value *slot = ir_slot(&l->b, 8, 8, NULL), *is_end;

	ir_call(&l->b, IR_H_probe_read_kernel, slot, ir_const(&l->b, 1), add(l, text, end));
	is_end = ir_binary(&l->b, IR_EQ, ir_load(&l->b, 1, slot, 0), ir_const(&l->b, 0));
	return lower_number_choice(l, is_end, end, add(l, end, ir_const(&l->b, 1)));
}

/*
 * The string is kept through the firing, and before it the place where the next token is looked for. A string of 0 goes on
 * with the one before.
 */
static struct value lower_strtok(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	const struct expr *string = e->args.data[0];
	struct ir_value *kept = lower_slot_address(l, l->strtok), *place, *text, *n;
	unsigned size = l->strtok->size - STRTOK_TEXT;
	struct value token;
	struct text set;

	if (string->type->kind == TYPE_STRING) {
		lower_string_into(l, string, ir_padd(b, kept, NULL, STRTOK_TEXT), string->type->size);
		ir_store(b, 8, kept, 0, ir_const(b, 0));
	}
	set = lower_text(l, e->args.data[1]);
	if (!b->block)
		return string_value(e, kept);
	place = ir_load(b, 8, kept, 0);
	text = lower_address(l, ir_padd(b, kept, NULL, STRTOK_TEXT));
	place = add(l, place, lower_scan(l, add(l, text, place), size, set.address, set.size, false, false));
	n = lower_scan(l, add(l, text, place), size, set.address, set.size, true, false);
	token = lower_part(l, e, add(l, text, place), n);
	ir_store(b, 8, kept, 0, behind_token(l, text, add(l, place, n)));
	return token;
}

struct value lower_string_function(struct lower *l, const struct expr *e, bool padded)
{
	struct ir_value *v;

	(void)padded;
	switch (e->symbol ? e->symbol->builtin : BUILTIN_COUNT) {
	case BUILTIN_strlen:
		v = lower_strlen(l, e->args.data[0]);
		break;
	case BUILTIN_strcontains:
		v = lower_strcontains(l, e);
		break;
	case BUILTIN_index:
		v = lower_index(l, e);
		break;
	case BUILTIN_rindex:
		v = lower_rindex(l, e);
		break;
	case BUILTIN_strcmp:
		v = lower_strcmp(l, e, UINT64_MAX);
		break;
	case BUILTIN_strncmp:
		v = lower_strcmp(l, e, e->args.data[2]->value);
		break;
	case BUILTIN_glob:
		v = lower_glob_call(l, e);
		break;
	case BUILTIN_strjoin:
		return lower_strjoin(l, e);
	case BUILTIN_str:
	case BUILTIN_stringof:
		if (e->args.data[0]->type->kind != TYPE_STRING)
			return lower_bytes_function(l, e);
		return lower_str_of_string(l, e, padded);
	case BUILTIN_path:
		return lower_dpath(l, e);
	case BUILTIN_joinstr:
		return lower_joinstr(l, e);
	case BUILTIN_substr:
		return lower_substr(l, e);
	case BUILTIN_strchr:
		return lower_strchr(l, e, false);
	case BUILTIN_strrchr:
		return lower_strchr(l, e, true);
	case BUILTIN_strstr:
		return lower_strstr(l, e);
	case BUILTIN_strtok:
		return lower_strtok(l, e);
	case BUILTIN_lltostr:
		return lower_lltostr(l, e);
	case BUILTIN_basename:
	case BUILTIN_dirname:
	case BUILTIN_cleanpath:
		return lower_path(l, e);
	default:
		return lower_bytes_function(l, e);
	}
	return value_number(e->type, v);
}
