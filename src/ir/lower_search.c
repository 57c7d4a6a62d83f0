// SPDX-License-Identifier: GPL-2.0-or-later
/* Searching in strings, out of line. */
#include "ir/outline.h"

#include <string.h>

enum { SET_SIZE = 256 };

unsigned memory_bound(unsigned size)
{
	unsigned bound = 8;

	while (bound < size)
		bound *= 2;
	return bound;
}

struct ir_value *lower_address(struct lower *l, struct ir_value *p)
{
	return l->b.block ? ir_unary(&l->b, IR_ADDRESS, p) : ir_const(&l->b, 0);
}

static struct ir_value *is_zero(struct lower *l, struct ir_value *x)
{
	return ir_binary(&l->b, IR_EQ, x, ir_const(&l->b, 0));
}

static struct ir_value *add(struct lower *l, struct ir_value *x, struct ir_value *y)
{
	return ir_binary(&l->b, IR_ADD, x, y);
}

static struct ir_value *one(struct lower *l)
{
	return ir_const(&l->b, 1);
}

/* --- scan: the first or last byte that is in a set, or is not --- */

/* 256 bytes: 1 for each character of the set. */
static unsigned memory_add_set(struct lower *l, struct memory *m, unsigned bound, struct ir_value *address)
{
	unsigned at = memory_add(m, SET_SIZE), text = memory_add_string(l, m, bound, address);
	struct ir_value *n, *c;
	struct rounds r;

	ir_zero(&l->b, ir_padd(&l->b, m->base, NULL, at), SET_SIZE);
	n = rounds_begin(l, &r, m, bound);
	c = memory_byte(l, m, text, n, bound);
	ir_store(&l->b, 1, memory_element(l, m, at, 1, c, SET_SIZE), 0, one(l));
	rounds_stop_if(l, &r, is_zero(l, c));
	rounds_end(l, &r);
	return at;
}

/* scan(string, set, member) */
static struct ir_func *scan_function(struct lower *l, unsigned bound, unsigned set_bound, bool last)
{
	const char *name = arena_printf(l->arena, "%s_%u_%u", last ? "scan_last" : "scan", bound, set_bound);
	struct ir_func *known = outline_find(l, name);
	struct ir_builder *b = &l->b;
	unsigned text, set, differ, result;
	struct ir_value *n, *c, *hit;
	struct outline o;
	struct memory m;
	struct rounds r;

	if (known)
		return known;
	outline_begin(l, &o, name, 3);
	m = memory_create(l, "scan");
	text = memory_add_string(l, &m, bound, ir_param(b, 0));
	set = memory_add_set(l, &m, set_bound, ir_param(b, 1));
	result = memory_add_word(l, &m, ir_const(b, -1));
	differ = memory_add_word(l, &m, ir_binary(b, IR_XOR, ir_param(b, 2), one(l)));
	/* the 0 ends the first kind like what is looked for, and is no place of the last */
	ir_store(b, 1, m.base, set, last ? memory_word(l, &m, differ) : ir_param(b, 2));
	n = rounds_begin(l, &r, &m, bound);
	c = memory_byte(l, &m, text, n, bound);
	hit = ir_binary(b, IR_XOR, memory_byte(l, &m, set, c, SET_SIZE), memory_word(l, &m, differ));
	memory_set_word(l, &m, result, last ? word_choose(l, hit, n, memory_word(l, &m, result)) : n);
	rounds_stop_if(l, &r, last ? is_zero(l, c) : hit);
	rounds_end(l, &r);
	ir_ret(b, memory_word(l, &m, result));
	return outline_end(l, &o);
}

struct ir_value *lower_scan(struct lower *l, struct ir_value *string, unsigned size, struct ir_value *set, unsigned set_size,
			    bool member, bool last)
{
	struct ir_value *args[] = { string, set, ir_const(&l->b, member) };

	if (!l->b.block)
		return ir_const(&l->b, 0);
	return ir_callf(&l->b, scan_function(l, memory_bound(size), memory_bound(set_size), last), args, 3);
}

/* --- patterns --- */

/*
 * A pattern is a row of elements, each of which takes one character, with stars between them. Bit n of a state says that
 * the first n elements have been matched by what was read so far; a star lets a state stay. takes[c] has the bits of the
 * elements that take c.
 */
struct pattern {
	uint64_t takes[SET_SIZE], stars;
	unsigned n;
};

/* [abc], [a-z], [!a], [^a], []]: p is behind the '['; the place behind the ']', or NULL if there is none */
static const char *parse_set(const char *p, bool *set)
{
	bool negated = *p == '!' || *p == '^', first = true;

	p += negated;
	memset(set, 0, SET_SIZE * sizeof(*set));
	for (; *p && (*p != ']' || first); first = false) {
		unsigned char from = (unsigned char)*p++, to = from;

		if (from == '\\' && *p)
			from = to = (unsigned char)*p++;
		if (*p == '-' && p[1] && p[1] != ']') {
			to = (unsigned char)p[1];
			p += 2;
		}
		for (unsigned c = from; c <= to; c++)
			set[c] = true;
	}
	for (unsigned c = 0; c < SET_SIZE; c++)
		set[c] ^= negated;
	return *p ? p + 1 : NULL;
}

enum { PATTERN_MAX = 63 };

/* False if it is too long. A '[' without its ']' stands for itself. */
static bool parse_pattern(const char *text, struct pattern *pattern)
{
	bool set[SET_SIZE];
	const char *p = text, *end;

	memset(pattern, 0, sizeof(*pattern));
	while (*p) {
		if (*p == '*') {
			pattern->stars |= 1ull << pattern->n;
			p++;
			continue;
		}
		if (pattern->n == PATTERN_MAX)
			return false;
		if (*p == '[' && (end = parse_set(p + 1, set))) {
			p = end;
		} else {
			memset(set, *p == '?', sizeof(set));
			if (*p != '?') {
				p += *p == '\\' && p[1];
				set[(unsigned char)*p] = true;
			}
			p++;
		}
		for (unsigned c = 1; c < SET_SIZE; c++)
			if (set[c])
				pattern->takes[c] |= 1ull << pattern->n;
		pattern->n++;
	}
	return true;
}

/* The pattern's table in data: one for each pattern. */
static unsigned pattern_table(struct lower *l, const struct pattern *pattern)
{
	struct data_def *data = &l->result->data;

	vec_foreach(init, &data->inits)
		if (init->size == sizeof(pattern->takes) && !memcmp(init->bytes, pattern->takes, sizeof(pattern->takes)))
			return init->offset;
	return data_init(l->arena, data, arena_memdup(l->arena, pattern->takes, sizeof(pattern->takes)), sizeof(pattern->takes));
}

/* The states behind c. */
static struct ir_value *next_states(struct lower *l, struct ir_value *states, struct ir_value *c, const struct pattern *pattern,
				    unsigned table)
{
	struct memory takes = { .base = ir_data(&l->b, l->result->data.map, table) };
	struct ir_value *next = ir_load(&l->b, 8, memory_element(l, &takes, 0, 8, c, SET_SIZE), 0);

	next = ir_binary(&l->b, IR_SHL, ir_binary(&l->b, IR_AND, states, next), one(l));
	if (!pattern->stars)
		return next;
	return ir_binary(&l->b, IR_OR, next, ir_binary(&l->b, IR_AND, states, ir_const(&l->b, (int64_t)pattern->stars)));
}

/* --- search: where one string is in another, by Knuth, Morris and Pratt --- */

/*
 * border[n], n > 0: how many characters both begin and end the first n of the needle (less than n). Where the n + 1st does
 * not match, that many already do for a later place. In each round either the border of a longer part is found or a shorter
 * candidate for it; what is written for a part too early is written over.
 */
static unsigned memory_add_borders(struct lower *l, struct memory *m, unsigned needle, unsigned bound)
{
	struct ir_builder *b = &l->b;
	unsigned borders = memory_add(m, 2 * bound);
	/* from the second character on, if there is a first */
	unsigned at = memory_add_word(l, m, small_is_set(l, ir_load(b, 1, m->base, needle)));
	unsigned len = memory_add_word(l, m, ir_const(b, 0));
	struct ir_value *n, *k, *c, *same, *longer, *shorter, *found, *next;
	struct rounds r;

	ir_zero(b, ir_padd(b, m->base, NULL, borders), 2 * bound);
	rounds_begin(l, &r, m, 2 * bound);
	n = memory_word(l, m, at);
	k = memory_word(l, m, len);
	c = memory_byte(l, m, needle, n, bound);
	same = bytes_equal(l, c, memory_byte(l, m, needle, k, bound));
	longer = ir_binary(b, IR_AND, add(l, k, one(l)), ir_unary(b, IR_NEG, same));
	shorter = ir_load(b, 2, memory_element(l, m, borders, 2, k, bound), 0);
	found = ir_binary(b, IR_OR, same, ir_binary(b, IR_XOR, small_is_set(l, k), one(l)));
	next = add(l, n, ir_binary(b, IR_AND, found, small_is_set(l, c)));
	ir_store(b, 2, memory_element(l, m, borders, 2, add(l, n, one(l)), bound), 0, longer);
	memory_set_word(l, m, at, next);
	memory_set_word(l, m, len, word_choose(l, same, longer, shorter));
	/*
	 * Where the kernel follows the rounds, it goes through all that comes behind for each round that may be the last:
	 * it drops the states of a loop's head that were of no use a few times. So all rounds are run; behind the end they
	 * change nothing.
	 */
	if (r.called)
		rounds_stop_if(l, &r, is_zero(l, c));
	rounds_end(l, &r);
	return borders;
}

/* 1 if place <= to; the difference does not overflow */
static struct ir_value *not_behind(struct lower *l, struct ir_value *place, struct ir_value *to)
{
	struct ir_value *behind = ir_binary(&l->b, IR_LSHR, ir_binary(&l->b, IR_SUB, to, place), ir_const(&l->b, 63));

	return ir_binary(&l->b, IR_XOR, behind, one(l));
}

/*
 * search(string, needle, from, to, last): the first place, or the last up to `to`. In a round the needle's part that
 * matches grows, or is given up for a shorter one. The rounds go two steps at once, to halve the branches; behind the end
 * a step changes nothing.
 */
struct search {
	struct memory m;
	unsigned text, needle, borders, at, matched, result, to, last, bound, needle_bound;
};

/* Gives whether the search is over. */
static struct ir_value *search_step(struct lower *l, const struct search *s)
{
	struct ir_builder *b = &l->b;
	const struct memory *m = &s->m;
	struct ir_value *t = memory_word(l, m, s->at), *k = memory_word(l, m, s->matched), *place = ir_binary(b, IR_SUB, t, k);
	struct ir_value *h = memory_byte(l, m, s->text, t, s->bound), *c = memory_byte(l, m, s->needle, k, s->needle_bound);
	struct ir_value *part = ir_load(b, 2, memory_element(l, m, s->borders, 2, k, s->needle_bound), 0);
	struct ir_value *more = small_is_set(l, c), *live, *all, *same, *forward;

	all = ir_binary(b, IR_AND, ir_binary(b, IR_XOR, more, one(l)), not_behind(l, place, memory_word(l, m, s->to)));
	memory_set_word(l, m, s->result, word_choose(l, all, place, memory_word(l, m, s->result)));
	live = ir_binary(b, IR_AND, small_is_set(l, h), ir_binary(b, IR_OR, more, memory_word(l, m, s->last)));
	same = bytes_equal(l, h, c);
	forward = ir_binary(b, IR_OR, same, ir_binary(b, IR_XOR, small_is_set(l, k), one(l)));
	part = word_choose(l, same, add(l, k, one(l)), part);
	memory_set_word(l, m, s->at, add(l, t, ir_binary(b, IR_AND, forward, live)));
	memory_set_word(l, m, s->matched, word_choose(l, live, part, k));
	return ir_binary(b, IR_XOR, live, one(l));
}

static struct ir_func *search_function(struct lower *l, unsigned bound, unsigned needle_bound)
{
	const char *name = arena_printf(l->arena, "search_%u_%u", bound, needle_bound);
	struct ir_func *known = outline_find(l, name);
	struct search s = { .bound = bound, .needle_bound = needle_bound };
	struct ir_builder *b = &l->b;
	struct outline o;
	struct rounds r;

	if (known)
		return known;
	outline_begin(l, &o, name, 5);
	s.m = memory_create(l, "search");
	s.at = memory_add_word(l, &s.m, ir_param(b, 2));
	s.to = memory_add_word(l, &s.m, ir_param(b, 3));
	s.last = memory_add_word(l, &s.m, ir_param(b, 4));
	s.matched = memory_add_word(l, &s.m, ir_const(b, 0));
	s.result = memory_add_word(l, &s.m, ir_const(b, -1));
	s.text = memory_add_string(l, &s.m, bound, ir_param(b, 0));
	s.needle = memory_add_string(l, &s.m, needle_bound, ir_param(b, 1));
	s.borders = memory_add_borders(l, &s.m, s.needle, needle_bound);
	rounds_begin(l, &r, &s.m, bound);
	search_step(l, &s);
	rounds_stop_if(l, &r, search_step(l, &s));
	rounds_end(l, &r);
	ir_ret(b, memory_word(l, &s.m, s.result));
	return outline_end(l, &o);
}

/*
 * Without bpf_loop there is but one size of needles, so that the kernel has one function to follow. Of a longer needle the
 * begin is looked for.
 */
static unsigned needle_bound(struct lower *l, const struct text *needle)
{
	enum { NEEDLE_MAX = 1024 };
	unsigned most = memory_bound(l->env_info->strsize);

	if (lower_has(l, "loop"))
		return memory_bound(needle->size);
	return most < NEEDLE_MAX ? most : NEEDLE_MAX;
}

/* --- search for a literal: a pattern that may begin at any place --- */

/* find(string[, to]) */
static struct ir_func *find_function(struct lower *l, const struct expr *literal, unsigned bound, bool last)
{
	struct pattern pattern = { .stars = 1, .n = (unsigned)literal->len };
	struct ir_value *n, *c, *next, *place, *hit, *end;
	struct ir_builder *b = &l->b;
	unsigned table, text, states, result, to = 0;
	struct ir_func *known;
	struct outline o;
	struct memory m;
	struct rounds r;
	const char *name;

	for (unsigned i = 0; i < pattern.n; i++)
		pattern.takes[(unsigned char)literal->text[i]] |= 1ull << i;
	table = pattern_table(l, &pattern);
	name = arena_printf(l->arena, "%s_%u_%u", last ? "find_last" : "find", table, bound);
	known = outline_find(l, name);
	if (known)
		return known;
	outline_begin(l, &o, name, last ? 2 : 1);
	m = memory_create(l, "find");
	text = memory_add_string(l, &m, bound, ir_param(b, 0));
	states = memory_add_word(l, &m, one(l));
	result = memory_add_word(l, &m, ir_const(b, -1));
	if (last)
		to = memory_add_word(l, &m, ir_param(b, 1));
	n = rounds_begin(l, &r, &m, bound);
	c = memory_byte(l, &m, text, n, bound);
	next = next_states(l, memory_word(l, &m, states), c, &pattern, table);
	memory_set_word(l, &m, states, next);
	hit = ir_binary(b, IR_AND, ir_binary(b, IR_LSHR, next, ir_const(b, pattern.n)), one(l));
	place = ir_binary(b, IR_SUB, n, ir_const(b, pattern.n - 1));
	if (last)
		hit = ir_binary(b, IR_AND, hit, not_behind(l, place, memory_word(l, &m, to)));
	memory_set_word(l, &m, result, word_choose(l, hit, place, memory_word(l, &m, result)));
	end = ir_binary(b, IR_XOR, small_is_set(l, c), one(l));
	rounds_stop_if(l, &r, last ? end : ir_binary(b, IR_OR, end, hit));
	rounds_end(l, &r);
	ir_ret(b, memory_word(l, &m, result));
	return outline_end(l, &o);
}

static struct ir_value *find(struct lower *l, const struct text *string, const struct expr *literal, struct ir_value *from,
			     struct ir_value *to)
{
	unsigned bound = memory_bound(string->size);
	struct ir_value *args[] = { from ? add(l, string->address, from) : string->address, to }, *place, *none;

	place = ir_callf(&l->b, find_function(l, literal, bound, to), args, to ? 2 : 1);
	if (!from)
		return place;
	none = ir_binary(&l->b, IR_SLT, place, ir_const(&l->b, 0));
	return lower_number_choice(l, none, place, add(l, place, from));
}

struct ir_value *lower_search(struct lower *l, const struct text *string, const struct text *needle, struct ir_value *from,
			      struct ir_value *to)
{
	const struct expr *literal = needle->literal;
	unsigned bound = memory_bound(string->size);
	struct ir_value *args[] = {
		string->address, needle->address, from ? from : ir_const(&l->b, 0), to ? to : ir_const(&l->b, bound),
		ir_const(&l->b, !!to),
	};

	if (!l->b.block)
		return ir_const(&l->b, 0);
	if (literal && literal->len && literal->len <= PATTERN_MAX)
		return find(l, string, literal, from, to);
	return ir_callf(&l->b, search_function(l, bound, needle_bound(l, needle)), args, 5);
}

/* --- compare --- */

/* compare(string, string, n): -1, 0 or 1; of n + 1 bytes each */
static struct ir_func *compare_function(struct lower *l, unsigned bound)
{
	const char *name = arena_printf(l->arena, "compare_%u", bound);
	struct ir_func *known = outline_find(l, name);
	struct ir_builder *b = &l->b;
	struct ir_value *n, *size, *x, *y, *sign;
	unsigned texts[2], difference;
	struct outline o;
	struct memory m;
	struct rounds r;

	if (known)
		return known;
	outline_begin(l, &o, name, 3);
	m = memory_create(l, "compare");
	for (unsigned i = 0; i < 2; i++) {
		texts[i] = memory_add(&m, bound);
		size = add(l, ir_binary(b, IR_AND, ir_param(b, 2), ir_const(b, bound - 1)), one(l));
		read_string(l, ir_padd(b, m.base, NULL, texts[i]), size, ir_param(b, i), MEMORY_KERNEL, SPAN_NONE);
	}
	difference = memory_add(&m, 8);
	n = rounds_begin(l, &r, &m, bound);
	x = memory_byte(l, &m, texts[0], n, bound);
	y = memory_byte(l, &m, texts[1], n, bound);
	memory_set_word(l, &m, difference, ir_binary(b, IR_SUB, x, y));
	rounds_stop_if(l, &r, is_zero(l, ir_binary(b, IR_AND, bytes_equal(l, x, y), small_is_set(l, x))));
	rounds_end(l, &r);
	x = memory_word(l, &m, difference);
	sign = ir_binary(b, IR_ASHR, x, ir_const(b, 63));
	ir_ret(b, ir_binary(b, IR_OR, sign, word_is_set(l, x)));
	return outline_end(l, &o);
}

struct ir_value *lower_compare(struct lower *l, struct ir_value *x, struct ir_value *y, unsigned size, uint64_t n)
{
	unsigned bound = memory_bound(size);
	struct ir_value *args[] = { x, y, ir_const(&l->b, n < bound ? (int64_t)n : bound - 1) };

	if (!l->b.block)
		return ir_const(&l->b, 0);
	return ir_callf(&l->b, compare_function(l, bound), args, 3);
}

/* --- glob --- */

/* glob(string) */
static struct ir_func *glob_function(struct lower *l, const struct pattern *pattern, unsigned bound)
{
	unsigned table = pattern_table(l, pattern);
	const char *name = arena_printf(l->arena, "glob_%u_%llx_%u", table, (unsigned long long)pattern->stars, bound);
	struct ir_func *known = outline_find(l, name);
	struct memory m;
	struct ir_builder *b = &l->b;
	struct ir_value *n, *c, *state, *next;
	unsigned text, states, before, last;
	struct outline o;
	struct rounds r;

	if (known)
		return known;
	outline_begin(l, &o, name, 1);
	m = memory_create(l, "glob");
	text = memory_add_string(l, &m, bound, ir_param(b, 0));
	states = memory_add_word(l, &m, one(l));
	before = memory_add(&m, 8);
	last = memory_add(&m, 8);
	n = rounds_begin(l, &r, &m, bound);
	c = memory_byte(l, &m, text, n, bound);
	state = memory_word(l, &m, states);
	next = next_states(l, state, c, pattern, table);
	memory_set_word(l, &m, before, state);
	memory_set_word(l, &m, states, next);
	memory_set_word(l, &m, last, c);
	rounds_stop_if(l, &r, is_zero(l, ir_binary(b, IR_AND, small_is_set(l, c), word_is_set(l, next))));
	rounds_end(l, &r);
	/* it matches if the string has ended, and all elements were matched before that */
	c = is_zero(l, memory_word(l, &m, last));
	state = ir_binary(b, IR_LSHR, memory_word(l, &m, before), ir_const(b, pattern->n));
	ir_ret(b, ir_binary(b, IR_AND, state, c));
	return outline_end(l, &o);
}

struct ir_value *lower_glob(struct lower *l, struct ir_value *string, unsigned size, const struct expr *literal)
{
	struct pattern pattern;

	if (!parse_pattern(literal->text, &pattern)) {
		diag_error(l->diag, literal->span, "GLOB", "this pattern is too long: at most %d characters beside its stars",
			   PATTERN_MAX);
		return ir_const(&l->b, 0);
	}
	if (!l->b.block)
		return ir_const(&l->b, 0);
	return ir_callf(&l->b, glob_function(l, &pattern, memory_bound(size)), &string, 1);
}
