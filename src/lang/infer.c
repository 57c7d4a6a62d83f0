// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/checking.h"

enum { STRING_GROWTHS = 3 };	/* after which a capacity that keeps growing is strsize */

static struct cell *cell_of(const struct type *unknown)
{
	return (struct cell *)unknown;
}

struct cell *infer_cell(struct check *c, bool is_key)
{
	struct cell *cell = arena_new(c->arena, struct cell);

	cell->unknown = (struct type){ .kind = TYPE_VAR, .var = c->cells.len };
	cell->now = &cell->unknown;
	cell->is_key = is_key;
	*vec_add(&c->cells) = cell;
	return cell;
}

static bool is_plain(const struct type *t)
{
	return t->kind == TYPE_ENUM || t->show == SHOW_NUMBER || t->show == SHOW_CHAR || t->show == SHOW_HEX;
}

const struct type *infer_int(struct check *c, unsigned size, bool is_signed, enum type_show show, bool user)
{
	const struct type *t = type_int(c->arena, size, is_signed, show);
	struct type *copy;

	if (!user)
		return t;
	copy = arena_memdup(c->arena, t, sizeof(*t));
	copy->user = true;
	return copy;
}

static bool fits(const struct type *t, int64_t min, int64_t max, bool above)
{
	unsigned bits = 8 * t->size;

	if (above)
		return !t->is_signed && bits == 64;
	if (!t->is_signed)
		return min >= 0 && (bits == 64 || max < (INT64_C(1) << bits));
	return bits == 64 || (min >= -(INT64_C(1) << (bits - 1)) && max < (INT64_C(1) << (bits - 1)));
}

/* The smallest integer type that holds the values of both; it shows what both show, if that is the same. */
static const struct type *join_ints(struct check *c, const struct type *a, const struct type *b)
{
	enum type_show show = a->show == b->show ? a->show : SHOW_NUMBER;
	unsigned size = a->size > b->size ? a->size : b->size;
	bool is_signed = a->is_signed;
	const struct type *with_sign;

	if (type_equal(a, b) && a->user == b->user)
		return a;
	if (a->kind == TYPE_ENUM || b->kind == TYPE_ENUM)
		show = SHOW_NUMBER;
	if (a->is_signed != b->is_signed) {
		with_sign = a->is_signed ? a : b;
		/* as C: the unsigned one wins if it is no narrower and there is nothing wider */
		is_signed = true;
		if (with_sign->size <= (a->is_signed ? b : a)->size) {
			is_signed = size < 8;
			size = size < 8 ? 2 * size : 8;
		}
	}
	if (show == SHOW_TIME && a->format != b->format)
		return a;
	return infer_int(c, size, is_signed, show, a->user || b->user);
}

/* The type as which a value is stored: numbers take 64 bits, except in keys and those that show themselves. */
static const struct type *stored(struct check *c, const struct cell *cell, const struct type *t)
{
	bool is_u64 = t->size == 8 && !t->is_signed;

	if (cell->is_key || c->dialect == DIALECT_D || t->kind != TYPE_INT || !is_plain(t))
		return t;
	return infer_int(c, 8, !is_u64, t->show, t->user);
}

static const struct type *join_tuples(struct check *c, const struct type *a, const struct type *b);

static const struct type *join_aggs(struct check *c, const struct type *a, const struct type *b)
{
	struct type *t;

	if (a->agg != b->agg || a->lo != b->lo || a->hi != b->hi || a->step != b->step || a->factor != b->factor ||
	    a->nsteps != b->nsteps)
		return NULL;
	/* what is aggregated was not known then */
	if (!a->target || !b->target)
		return a->target ? a : b;
	if (a->is_signed == b->is_signed)
		return a;
	t = arena_memdup(c->arena, a, sizeof(*a));
	t->is_signed = true;
	t->target = &type_s64;
	return t;
}

static const struct type *wider(const struct type *a, const struct type *b)
{
	return !a->size || (b->size && a->size >= b->size) ? a : b;
}

static const struct type *join_pointers(const struct type *a, const struct type *b)
{
	if (a->target->kind == TYPE_VOID)
		return b;
	if (b->target->kind == TYPE_VOID)
		return a;
	return type_equal(a->target, b->target) ? (a->user ? a : b) : NULL;
}

/* The least type that both are; NULL if they contradict each other. */
static const struct type *join(struct check *c, const struct type *a, const struct type *b)
{
	if (type_is_int(a) && type_is_int(b))
		return join_ints(c, a, b);
	if (a->kind != b->kind)
		return NULL;
	switch (a->kind) {
	case TYPE_STRING:
		return wider(a, b);
	case TYPE_BUF:
		return a->show == b->show ? wider(a, b) : NULL;
	case TYPE_POINTER:
		return join_pointers(a, b);
	case TYPE_TUPLE:
		return join_tuples(c, a, b);
	case TYPE_AGG:
		return join_aggs(c, a, b);
	default:
		return type_equal(a, b) ? a : NULL;
	}
}

static const struct type *join_tuples(struct check *c, const struct type *a, const struct type *b)
{
	const struct type **parts;

	if (type_equal(a, b))
		return a;
	if (a->nparts != b->nparts)
		return NULL;
	parts = arena_array(c->arena, const struct type *, a->nparts);
	for (unsigned i = 0; i < a->nparts; i++)
		if (!(parts[i] = join(c, a->parts[i], b->parts[i])))
			return NULL;
	return type_tuple(c->arena, parts, a->nparts);
}

/* The type of what is only known to hold constants, and of numbers that constants do not fit. */
static const struct type *with_constants(struct check *c, const struct cell *cell, const struct type *t)
{
	const struct type *wide = cell->above && cell->min >= 0 ? &type_u64 : &type_s64;

	if (!t && cell->const_type)
		return cell->const_type;
	if (!t)
		return c->dialect == DIALECT_D && fits(&type_s32, cell->min, cell->max, cell->above) ? &type_s32 : wide;
	if (!type_is_int(t) || fits(t, cell->min, cell->max, cell->above))
		return t;
	return infer_int(c, 8, wide->is_signed, SHOW_NUMBER, t->user);
}

static const struct type *compute(struct check *c, const struct cell *cell)
{
	const struct type *t = cell->type;

	if (cell->clash_type)
		return &type_error;
	/* in D what is assigned says how wide a variable is, though a constant is not much: total = 0; … total += arg0; */
	if (cell->step_type && !(c->dialect == DIALECT_D && (t || (cell->has_const && !cell->steps_wide))))
		t = !t ? cell->step_type : type_is_int(t) ? join_ints(c, t, cell->step_type) : t;
	if (cell->has_const)
		t = with_constants(c, cell, t);
	if (t)
		return t;
	return cell->is_wrong ? &type_error : &cell->unknown;
}

/* What never runs has no say where something else has. */
static bool has_no_say(const struct check *c, const struct cell *cell, const struct type *t)
{
	return c->turned_off && (!type_is_unknown(cell->now) || type_is_wrong(t));
}

void infer_again(struct check *c, const struct cell *cell)
{
	vec_foreach(reader, &cell->readers)
		check_requeue(c, *reader);
}

static void update(struct check *c, struct cell *cell)
{
	const struct type *now = compute(c, cell);

	if (type_equal(now, cell->now) && now->user == cell->now->user)
		return;
	cell->now = now;
	infer_again(c, cell);
}

static void clash(struct cell *cell, const struct type *t, struct span span)
{
	cell->clash_type = t;
	cell->clash = span;
}

/* A string whose capacity grows from itself (x = strjoin(x, "a")) is as large as strings may be. */
static const struct type *limit_growth(struct cell *cell, const struct type *t)
{
	if (t->kind != TYPE_STRING || !cell->type || type_equal(t, cell->type))
		return t;
	return ++cell->grown > STRING_GROWTHS ? &type_string : t;
}

static bool has_open_part(const struct type *t)
{
	if (t->kind != TYPE_TUPLE)
		return type_is_open(t);
	for (unsigned i = 0; i < t->nparts; i++)
		if (has_open_part(t->parts[i]))
			return true;
	return false;
}

/* A constant other than 0 is a number; 0 suits everything but aggregations. */
static void join_constant(struct cell *cell, const struct type *t, const struct expr *e, struct span span)
{
	int64_t value = (int64_t)e->value;
	bool above = !t->is_signed && value < 0;
	const struct type *shown;

	if (cell->type && !type_is_scalar(cell->type) && (value || cell->type->kind == TYPE_AGG)) {
		clash(cell, t, span);
		return;
	}
	shown = t->kind == TYPE_ENUM || !is_plain(t) ? t : NULL;
	if (cell->has_const && !(shown && cell->const_type && type_equal(shown, cell->const_type)))
		shown = NULL;
	cell->const_type = shown;
	if (!cell->has_const || (!above && value < cell->min))
		cell->min = above ? 0 : value;
	if (!cell->has_const || (!above && value > cell->max))
		cell->max = above ? INT64_MAX : value;
	cell->above |= above;
	cell->has_const = true;
}

static bool has_suffix(const struct expr *e)
{
	return e->kind == EXPR_INT && (e->is_long || (e->is_unsigned && e->value <= INT64_MAX));
}

void infer_join(struct check *c, struct cell *cell, const struct type *t, const struct expr *e, struct span span)
{
	const struct type *joined;

	if (cell->is_fixed || cell->clash_type || c->stage == STAGE_REPORT || has_no_say(c, cell, t))
		return;
	if (has_open_part(t)) {
		cell->is_wrong |= type_is_wrong(t);
		cell->waits = true;
		update(c, cell);
		return;
	}
	if (!cell->first.pos) {
		cell->first = span;
		cell->first_type = t;
	}
	/* a cast says what it is; in D a suffix as well */
	if (e && e->is_const && e->kind != EXPR_CAST && type_is_int(t) && !(c->dialect == DIALECT_D && has_suffix(e))) {
		join_constant(cell, t, e, span);
		update(c, cell);
		return;
	}
	t = stored(c, cell, t);
	joined = cell->type ? join(c, cell->type, t) : t;
	if (cell->has_const && !type_is_scalar(t) && (cell->min || cell->max || t->kind == TYPE_AGG))
		joined = NULL;
	if (joined)
		cell->type = limit_growth(cell, joined);
	else
		clash(cell, t, span);
	update(c, cell);
}

void infer_step(struct check *c, struct cell *cell, const struct type *t, bool is_wide, struct span span)
{
	if (cell->is_fixed || cell->clash_type || c->stage == STAGE_REPORT || has_no_say(c, cell, t))
		return;
	if (!cell->first.pos) {
		cell->first = span;
		cell->first_type = t;
	}
	cell->step_type = cell->step_type ? join_ints(c, cell->step_type, t) : t;
	cell->steps_wide |= is_wide;
	update(c, cell);
}

void infer_want(struct check *c, const struct type *t, const struct type *want, struct span span)
{
	struct cell *cell;

	if (c->stage != STAGE_USES || c->turned_off || !type_is_unknown(t) || has_open_part(want))
		return;
	cell = cell_of(t);
	if (cell->type)
		return;
	cell->type = stored(c, cell, want);
	cell->first = span;
	cell->first_type = want;
	update(c, cell);
}

const struct type *infer_type(struct check *c, struct cell *cell)
{
	unsigned n = cell->readers.len;

	if (c->stage != STAGE_REPORT && (!n || cell->readers.data[n - 1] != c->unit))
		*arena_vec_add(c->arena, &cell->readers) = c->unit;
	return cell->now;
}

void infer_unknown_again(struct check *c)
{
	vec_foreach(cell, &c->cells)
		if (type_is_unknown((*cell)->now))
			infer_again(c, *cell);
}

static bool set_default(struct check *c, struct cell *cell)
{
	if (!type_is_unknown(cell->now))
		return false;
	cell->type = &type_s64;
	update(c, cell);
	return true;
}

bool infer_default(struct check *c)
{
	bool any = false;

	for (; c->defaults < c->cells.len; c->defaults++)
		if (!c->cells.data[c->defaults]->waits)
			any |= set_default(c, c->cells.data[c->defaults]);
	for (; !any && c->last_defaults < c->cells.len; c->last_defaults++)
		any = set_default(c, c->cells.data[c->last_defaults]);
	return any;
}

void infer_fix(struct cell *cell, const struct type *t, struct span span)
{
	cell->is_fixed = true;
	cell->now = cell->type = cell->first_type = t;
	cell->first = span;
}

const struct type *infer_sized(struct check *c, const struct type *t)
{
	const struct type **parts;

	if (t->kind == TYPE_STRING)
		return t->size && t->size <= c->strsize ? t : c->string_full;
	if (t->kind == TYPE_BUF && (!t->size || t->size > c->strsize) && t->show != SHOW_INET && t->show != SHOW_RAW)
		return type_buf(c->arena, c->strsize);
	if (t->kind != TYPE_TUPLE)
		return t;
	parts = arena_array(c->arena, const struct type *, t->nparts);
	for (unsigned i = 0; i < t->nparts; i++)
		parts[i] = infer_sized(c, t->parts[i]);
	return type_tuple(c->arena, parts, t->nparts);
}

bool infer_right_wrongs(struct check *c)
{
	bool any = false;

	vec_foreach(cell, &c->cells) {
		if (!type_is_wrong((*cell)->now) || (*cell)->clash_type)
			continue;
		(*cell)->now = &type_s64;
		any = true;
	}
	return any;
}

void infer_settle(struct check *c)
{
	vec_foreach(cell, &c->cells)
		(*cell)->now = infer_sized(c, (*cell)->now);
}
