// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Searching in strings, out of line: functions that take addresses and numbers and give a number. The kernel verifies each
 * once, however often and with whatever it is called, and takes what it gives for any number; so a loop of 4096 rounds costs
 * 4096 rounds and no more.
 *
 * Each copies its strings to memory of its own, whose size is a power of two, so that masks bound its indices. What a loop
 * carries along besides its counter lies in memory too: there the verifier forgets what it knows, and does not follow each
 * value of it on its own.
 */
#include "ir/lowering.h"

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

/* --- functions --- */

struct outline {
	struct lower caller;
	struct ir_func *func;
};

static struct ir_func *find_function(const struct lower *l, const char *name)
{
	vec_foreach(f, &l->b.program->funcs)
		if (!strcmp((*f)->name, name))
			return *f;
	return NULL;
}

/* What is built from here on is in the new function. */
static void outline_begin(struct lower *l, struct outline *o, const char *name, unsigned nparams)
{
	o->caller = *l;
	o->func = ir_func_add(l->result->module, l->b.program, name, IR_I64);
	o->func->global = true;
	o->func->span = l->b.span;
	for (unsigned i = 0; i < nparams; i++)
		*arena_vec_add(l->arena, &o->func->params) = IR_I64;
	ir_builder_start(&l->b, l->result->module, l->b.program, o->func);
	l->env = NULL;
	l->nenv = l->env_cap = 0;
}

static struct ir_func *outline_end(struct lower *l, struct outline *o)
{
	o->caller.failed |= l->failed;
	*l = o->caller;
	return o->func;
}

/* --- building blocks --- */

/* The memory of a function: pieces of one slot, which is indexed and so never on the stack. */
struct memory {
	struct ir_value *slot;
	unsigned used;
};

static struct memory memory_create(struct lower *l, const char *name)
{
	struct memory m = { .slot = ir_slot(&l->b, 8, 8, name) };

	m.slot->slot->indexed = true;
	return m;
}

static unsigned memory_add(struct memory *m, unsigned size)
{
	unsigned at = m->used;

	m->used += size;
	m->slot->slot->size = m->used;
	return at;
}

/* A string's copy; bound is a power of two. */
static unsigned memory_add_string(struct lower *l, struct memory *m, unsigned bound, struct ir_value *address)
{
	unsigned at = memory_add(m, bound);

	read_string(l, ir_padd(&l->b, m->slot, NULL, at), ir_const(&l->b, bound), address, false, SPAN_NONE);
	return at;
}

/* Element `index` of an array of count elements, a power of two, at offset `at`. */
static struct ir_value *element(struct lower *l, struct ir_value *base, unsigned at, unsigned size, struct ir_value *index,
				unsigned count)
{
	struct ir_builder *b = &l->b;

	index = ir_binary(b, IR_AND, index, ir_const(b, count - 1));
	if (size > 1)
		index = ir_binary(b, IR_MUL, index, ir_const(b, size));
	return ir_padd(b, base, index, at);
}

static struct ir_value *byte_at(struct lower *l, struct memory *m, unsigned at, unsigned bound, struct ir_value *index)
{
	return ir_load(&l->b, 1, element(l, m->slot, at, 1, index, bound), 0);
}

static void set_word(struct lower *l, struct memory *m, unsigned at, struct ir_value *v)
{
	ir_store(&l->b, 8, m->slot, at, v);
}

static struct ir_value *word(struct lower *l, struct memory *m, unsigned at)
{
	return ir_load(&l->b, 8, m->slot, at);
}

/* if (cond): the rest is built by the caller up to if_end. */
static struct join *if_begin(struct lower *l, struct ir_value *cond)
{
	struct join *then = join_create(l), *end = join_create(l);

	join_branch(l, cond, then, end);
	join_enter(l, then);
	return end;
}

static void if_end(struct lower *l, struct join *end)
{
	join_jump(l, end);
	join_enter(l, end);
}

static void if_return(struct lower *l, struct ir_value *cond, struct ir_value *result)
{
	struct join *end = if_begin(l, cond);

	if (l->b.block)
		ir_ret(&l->b, result);
	join_enter(l, end);
}

/* for (n = 0; n < rounds; n++): the body lies between rounds_begin and rounds_end. */
struct rounds {
	struct loop_header *header;
	struct join *end, *next;
	unsigned n;			/* in env */
};

static void rounds_begin(struct lower *l, struct rounds *r, unsigned rounds)
{
	struct join *body = join_create(l);

	r->end = join_create(l);
	r->next = join_create(l);
	r->n = env_add(l, ir_const(&l->b, 0));
	r->header = loop_enter(l);
	join_branch(l, ir_binary(&l->b, IR_ULT, l->env[r->n], ir_const(&l->b, rounds)), body, r->end);
	join_enter(l, body);
}

static void rounds_end(struct lower *l, struct rounds *r)
{
	join_jump(l, r->next);
	join_enter(l, r->next);
	l->env[r->n] = ir_binary(&l->b, IR_ADD, l->env[r->n], ir_const(&l->b, 1));
	loop_back(l, r->header);
	join_enter(l, r->end);
}

static struct ir_value *equal(struct lower *l, struct ir_value *x, struct ir_value *y)
{
	return ir_binary(&l->b, IR_EQ, x, y);
}

static struct ir_value *is_zero(struct lower *l, struct ir_value *x)
{
	return equal(l, x, ir_const(&l->b, 0));
}

/* --- scan: the first or last byte that is in a set, or is not --- */

/* 256 bytes: 1 for each character of the set. */
static unsigned memory_add_set(struct lower *l, struct memory *m, unsigned bound, struct ir_value *address)
{
	struct ir_builder *b = &l->b;
	unsigned at = memory_add(m, SET_SIZE), text = memory_add_string(l, m, bound, address);
	struct join *done = join_create(l), *more = join_create(l);
	struct rounds r;
	struct ir_value *c;

	ir_zero(b, ir_padd(b, m->slot, NULL, at), SET_SIZE);
	rounds_begin(l, &r, bound);
	c = byte_at(l, m, text, bound, l->env[r.n]);
	join_branch(l, is_zero(l, c), done, more);
	join_enter(l, more);
	ir_store(b, 1, element(l, m->slot, at, 1, c, SET_SIZE), 0, ir_const(b, 1));
	rounds_end(l, &r);
	join_jump(l, done);
	join_enter(l, done);
	return at;
}

/* scan(string, set, member) */
static struct ir_func *scan_function(struct lower *l, unsigned bound, unsigned set_bound, bool last)
{
	const char *name = arena_printf(l->arena, "%s_%u_%u", last ? "scan_last" : "scan", bound, set_bound);
	struct ir_func *known = find_function(l, name);
	struct ir_builder *b = &l->b;
	struct ir_value *c, *found;
	unsigned text, set, result = 0;
	struct outline o;
	struct memory m;
	struct rounds r;
	struct join *hit;

	if (known)
		return known;
	outline_begin(l, &o, name, 3);
	m = memory_create(l, "scan");
	text = memory_add_string(l, &m, bound, ir_param(b, 0));
	set = memory_add_set(l, &m, set_bound, ir_param(b, 1));
	if (last) {
		result = memory_add(&m, 8);
		set_word(l, &m, result, ir_const(b, -1));
	}
	rounds_begin(l, &r, bound);
	c = byte_at(l, &m, text, bound, l->env[r.n]);
	if_return(l, is_zero(l, c), last ? word(l, &m, result) : l->env[r.n]);
	found = equal(l, ir_load(b, 1, element(l, m.slot, set, 1, c, SET_SIZE), 0), ir_param(b, 2));
	if (last) {
		hit = if_begin(l, found);
		set_word(l, &m, result, l->env[r.n]);
		if_end(l, hit);
	} else {
		if_return(l, found, l->env[r.n]);
	}
	rounds_end(l, &r);
	ir_ret(b, last ? word(l, &m, result) : ir_const(b, bound));
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

/* --- search: where one string is in another, by Knuth, Morris and Pratt --- */

/*
 * border[n], n > 0: how many characters both begin and end the first n of the needle (less than n). Where the n + 1st does
 * not match, that many already do for a later place.
 */
static unsigned memory_add_borders(struct lower *l, struct memory *m, unsigned needle, unsigned bound)
{
	struct ir_builder *b = &l->b;
	unsigned borders = memory_add(m, 2 * bound), at = memory_add(m, 8), len = memory_add(m, 8);
	struct ir_value *n, *k, *c, *one = ir_const(b, 1), *longer, *further;
	struct join *done = join_create(l), *more = join_create(l), *end, *same, *differ, *shorter, *none;
	struct rounds r;

	ir_zero(b, ir_padd(b, m->slot, NULL, borders), 2 * bound);
	set_word(l, m, at, one);
	set_word(l, m, len, ir_const(b, 0));
	rounds_begin(l, &r, 2 * bound);
	n = word(l, m, at);
	k = word(l, m, len);
	c = byte_at(l, m, needle, bound, n);
	further = ir_binary(b, IR_ADD, n, one);
	join_branch(l, is_zero(l, c), done, more);
	join_enter(l, more);
	same = join_create(l);
	differ = join_create(l);
	shorter = join_create(l);
	none = join_create(l);
	end = join_create(l);
	join_branch(l, equal(l, c, byte_at(l, m, needle, bound, k)), same, differ);
	join_enter(l, same);
	longer = ir_binary(b, IR_ADD, k, one);
	set_word(l, m, at, further);
	set_word(l, m, len, longer);
	ir_store(b, 2, element(l, m->slot, borders, 2, further, bound), 0, longer);
	join_jump(l, end);
	join_enter(l, differ);
	join_branch(l, is_zero(l, k), none, shorter);
	join_enter(l, none);	/* its border is 0 already */
	set_word(l, m, at, further);
	join_jump(l, end);
	join_enter(l, shorter);
	set_word(l, m, len, ir_load(b, 2, element(l, m->slot, borders, 2, k, bound), 0));
	join_jump(l, end);
	join_enter(l, end);
	rounds_end(l, &r);
	join_jump(l, done);
	join_enter(l, done);
	return borders;
}

/* search(string, needle, from[, to]): the first place, or the last up to `to` */
static struct ir_func *search_function(struct lower *l, unsigned bound, unsigned needle_bound, bool last)
{
	const char *name = arena_printf(l->arena, "%s_%u_%u", last ? "search_last" : "search", bound, needle_bound);
	struct ir_func *known = find_function(l, name);
	struct ir_builder *b = &l->b;
	unsigned text, needle, borders, at, matched, result = 0;
	struct ir_value *t, *k, *h, *c, *one, *place;
	struct join *match, *differ, *forward, *shorter, *next;
	struct outline o;
	struct memory m;
	struct rounds r;

	if (known)
		return known;
	outline_begin(l, &o, name, last ? 4 : 3);
	one = ir_const(b, 1);
	m = memory_create(l, "search");
	text = memory_add_string(l, &m, bound, ir_param(b, 0));
	needle = memory_add_string(l, &m, needle_bound, ir_param(b, 1));
	borders = memory_add_borders(l, &m, needle, needle_bound);
	at = memory_add(&m, 8);
	matched = memory_add(&m, 8);
	set_word(l, &m, at, ir_param(b, 2));
	set_word(l, &m, matched, ir_const(b, 0));
	if (last) {
		result = memory_add(&m, 8);
		set_word(l, &m, result, ir_const(b, -1));
	}
	rounds_begin(l, &r, 2 * bound);
	differ = join_create(l);
	forward = join_create(l);
	shorter = join_create(l);
	next = join_create(l);
	t = word(l, &m, at);
	k = word(l, &m, matched);
	h = byte_at(l, &m, text, bound, t);
	c = byte_at(l, &m, needle, needle_bound, k);
	match = if_begin(l, is_zero(l, c));	/* all of the needle is here */
	place = ir_binary(b, IR_SUB, t, k);
	if (last) {
		if_return(l, ir_binary(b, IR_SLT, ir_param(b, 3), place), word(l, &m, result));
		set_word(l, &m, result, place);
		join_jump(l, differ);
	} else {
		ir_ret(b, place);
	}
	join_enter(l, match);
	match = join_create(l);
	join_branch(l, equal(l, h, c), match, differ);
	join_enter(l, match);
	set_word(l, &m, at, ir_binary(b, IR_ADD, t, one));
	set_word(l, &m, matched, ir_binary(b, IR_ADD, k, one));
	join_jump(l, next);
	join_enter(l, differ);
	if_return(l, is_zero(l, h), last ? word(l, &m, result) : ir_const(b, -1));
	join_branch(l, is_zero(l, k), forward, shorter);
	join_enter(l, forward);
	set_word(l, &m, at, ir_binary(b, IR_ADD, t, one));
	join_jump(l, next);
	join_enter(l, shorter);
	set_word(l, &m, matched, ir_load(b, 2, element(l, m.slot, borders, 2, k, needle_bound), 0));
	join_jump(l, next);
	join_enter(l, next);
	rounds_end(l, &r);
	ir_ret(b, last ? word(l, &m, result) : ir_const(b, -1));
	return outline_end(l, &o);
}

struct ir_value *lower_search(struct lower *l, struct ir_value *string, unsigned size, struct ir_value *needle,
			      unsigned needle_size, struct ir_value *from, struct ir_value *to)
{
	struct ir_value *args[] = { string, needle, from ? from : ir_const(&l->b, 0), to };
	struct ir_func *f;

	if (!l->b.block)
		return ir_const(&l->b, 0);
	f = search_function(l, memory_bound(size), memory_bound(needle_size), to);
	return ir_callf(&l->b, f, args, to ? 4 : 3);
}

/* --- compare --- */

/* compare(string, string, n): -1, 0 or 1; of n + 1 bytes each */
static struct ir_func *compare_function(struct lower *l, unsigned bound)
{
	const char *name = arena_printf(l->arena, "compare_%u", bound);
	struct ir_func *known = find_function(l, name);
	struct ir_builder *b = &l->b;
	struct ir_value *size, *x, *y;
	unsigned texts[2];
	struct join *differ;
	struct outline o;
	struct memory m;
	struct rounds r;

	if (known)
		return known;
	outline_begin(l, &o, name, 3);
	m = memory_create(l, "compare");
	for (unsigned i = 0; i < 2; i++) {
		texts[i] = memory_add(&m, bound);
		size = ir_binary(b, IR_AND, ir_param(b, 2), ir_const(b, bound - 1));
		size = ir_binary(b, IR_ADD, size, ir_const(b, 1));
		read_string(l, ir_padd(b, m.slot, NULL, texts[i]), size, ir_param(b, i), false, SPAN_NONE);
	}
	rounds_begin(l, &r, bound);
	x = byte_at(l, &m, texts[0], bound, l->env[r.n]);
	y = byte_at(l, &m, texts[1], bound, l->env[r.n]);
	differ = if_begin(l, ir_binary(b, IR_NE, x, y));
	if_return(l, ir_binary(b, IR_ULT, x, y), ir_const(b, -1));
	ir_ret(b, ir_const(b, 1));
	join_enter(l, differ);
	if_return(l, is_zero(l, x), ir_const(b, 0));
	rounds_end(l, &r);
	ir_ret(b, ir_const(b, 0));
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
		memset(set, 0, sizeof(set));
		if (*p == '*') {
			pattern->stars |= 1ull << pattern->n;
			p++;
			continue;
		}
		if (pattern->n == PATTERN_MAX)
			return false;
		if (*p == '[' && (end = parse_set(p + 1, set))) {
			p = end;
		} else if (*p == '?') {
			memset(set, 1, sizeof(set));
			p++;
		} else {
			p += *p == '\\' && p[1];
			memset(set, 0, sizeof(set));
			set[(unsigned char)*p++] = true;
		}
		for (unsigned c = 1; c < SET_SIZE; c++)
			if (set[c])
				pattern->takes[c] |= 1ull << pattern->n;
		pattern->n++;
	}
	return true;
}

/* The pattern's table in data: one for each text. */
static unsigned pattern_table(struct lower *l, const struct pattern *pattern)
{
	struct data_def *data = &l->result->data;

	vec_foreach(init, &data->inits)
		if (init->size == sizeof(pattern->takes) && !memcmp(init->bytes, pattern->takes, sizeof(pattern->takes)))
			return init->offset;
	return data_init(l->arena, data, arena_memdup(l->arena, pattern->takes, sizeof(pattern->takes)), sizeof(pattern->takes));
}

/* glob(string) */
static struct ir_func *glob_function(struct lower *l, const struct pattern *pattern, unsigned bound)
{
	unsigned table = pattern_table(l, pattern);
	const char *name = arena_printf(l->arena, "glob_%u_%u", table, bound);
	struct ir_func *known = find_function(l, name);
	struct ir_builder *b = &l->b;
	struct ir_value *c, *takes, *state;
	unsigned text, now;
	struct outline o;
	struct memory m;
	struct rounds r;

	if (known)
		return known;
	outline_begin(l, &o, name, 1);
	m = memory_create(l, "glob");
	text = memory_add_string(l, &m, bound, ir_param(b, 0));
	now = env_add(l, ir_const(b, 1));
	rounds_begin(l, &r, bound);
	state = l->env[now];
	c = byte_at(l, &m, text, bound, l->env[r.n]);
	if_return(l, is_zero(l, c), ir_binary(b, IR_AND, ir_binary(b, IR_LSHR, state, ir_const(b, pattern->n)), ir_const(b, 1)));
	takes = ir_load(b, 8, element(l, ir_data(b, l->result->data.map, table), 0, 8, c, SET_SIZE), 0);
	takes = ir_binary(b, IR_SHL, ir_binary(b, IR_AND, takes, state), ir_const(b, 1));
	if (pattern->stars)
		takes = ir_binary(b, IR_OR, takes, ir_binary(b, IR_AND, state, ir_const(b, (int64_t)pattern->stars)));
	if_return(l, is_zero(l, takes), ir_const(b, 0));
	l->env[now] = takes;
	rounds_end(l, &r);
	ir_ret(b, ir_const(b, 0));
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
