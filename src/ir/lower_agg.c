// SPDX-License-Identifier: GPL-2.0-or-later
/* Aggregations: each updates its cell in place. ir/layout.h says what the cells hold. */
#include "ir/outline.h"

/* Word `i` of the cell += v. */
static void add(struct lower *l, bool atomic, struct ir_value *cell, unsigned i, struct ir_value *v)
{
	if (atomic)
		ir_atomic_add(&l->b, 8, cell, 8 * i, v);
	else
		ir_store(&l->b, 8, cell, 8 * i, ir_binary(&l->b, IR_ADD, ir_load(&l->b, 8, cell, 8 * i), v));
}

/* Goes on in beyond where v is nearer to the extreme than what word i stands for, else at end. */
static void compare(struct lower *l, struct ir_value *rank, struct ir_value *old, struct join *beyond, struct join *end)
{
	join_branch(l, ir_binary(&l->b, IR_ULT, rank, old), end, beyond);
	join_enter(l, beyond);
}

/*
 * Word i, or the one that is behind both extremes of the cell if that cannot hold it, becomes v's if v is beyond it (aggregations.def).
 * If others change it meanwhile, it is compared again. Either word is written once and by itself, so that user space
 * may take it out at any time: an update that is halfway through then belongs to what comes after.
 */
static void extreme(struct lower *l, const struct type *agg, bool atomic, struct ir_value *cell, unsigned i, bool maximum,
		    struct ir_value *v)
{
	struct ir_builder *b = &l->b;
	bool tries = atomic && lower_has(l, "atomic_fetch");
	unsigned utmost = agg_utmost(agg, i), left = tries ? 8 : 1;
	struct ir_value *rank = ir_binary(b, IR_XOR, v, ir_const(b, (int64_t)agg_rank_mask(agg, maximum)));
	struct ir_value *next = ir_binary(b, IR_ADD, rank, ir_const(b, 1)), *old = ir_load(b, 8, cell, 8 * i), *had;
	struct join *most = join_create(l), *other = join_create(l), *end = join_create(l);

	compare(l, rank, old, join_create(l), end);
	join_branch(l, ir_binary(b, IR_EQ, next, ir_const(b, 0)), most, other);
	join_enter(l, most);
	ir_store(b, 8, cell, 8 * utmost, ir_const(b, 1));
	join_jump(l, end);
	join_enter(l, other);
	if (!tries)
		ir_store(b, 8, cell, 8 * i, next);
	for (; tries && left; left--) {
		struct join *again = join_create(l);

		had = ir_cmpxchg(b, 8, cell, 8 * i, old, next);
		join_branch(l, ir_binary(b, IR_EQ, had, old), end, again);
		again->block->unlikely = true;
		join_enter(l, again);
		old = had;
		if (left > 1)
			compare(l, rank, old, join_create(l), end);
		else
			lower_loss(l, LOSS_CONTENTION, NULL, b->span);
	}
	join_jump(l, end);
	join_enter(l, end);
}

/* Word i += v; the sum. */
static struct ir_value *add_and_get(struct lower *l, bool atomic, struct ir_value *cell, unsigned i, struct ir_value *v)
{
	struct ir_builder *b = &l->b;
	struct ir_value *sum;

	if (atomic && lower_has(l, "atomic_fetch"))
		return ir_binary(b, IR_ADD, ir_atomic(b, IR_FETCHADD, 8, cell, 8 * i, v), v);
	sum = ir_binary(b, IR_ADD, ir_load(b, 8, cell, 8 * i), v);
	ir_store(b, 8, cell, 8 * i, sum);
	return sum;
}

/* v * v as 128 bits, added to words 2 (low) and 3 (high). The low word's carry shows in the sum being less. */
static void add_square(struct lower *l, bool atomic, struct ir_value *cell, struct ir_value *v)
{
	struct ir_builder *b = &l->b;
	struct ir_value *sign = ir_binary(b, IR_ASHR, v, ir_const(b, 63));
	struct ir_value *x = ir_binary(b, IR_SUB, ir_binary(b, IR_XOR, v, sign), sign);
	struct ir_value *lo = ir_extend(b, IR_ZEXT, x, 4), *hi = ir_binary(b, IR_LSHR, x, ir_const(b, 32));
	struct ir_value *cross = ir_binary(b, IR_MUL, lo, hi);	/* counts twice, at bit 32: once at bit 33 */
	struct ir_value *low = ir_binary(b, IR_MUL, lo, lo), *high = ir_binary(b, IR_MUL, hi, hi);
	struct ir_value *part = ir_binary(b, IR_SHL, cross, ir_const(b, 33)), *sum;

	high = ir_binary(b, IR_ADD, high, ir_binary(b, IR_LSHR, cross, ir_const(b, 31)));
	low = ir_binary(b, IR_ADD, low, part);
	high = ir_binary(b, IR_ADD, high, ir_binary(b, IR_ULT, low, part));
	sum = add_and_get(l, atomic, cell, 2, low);
	high = ir_binary(b, IR_ADD, high, ir_binary(b, IR_ULT, sum, low));
	add(l, atomic, cell, 3, high);
}

/*
 * floor(log2(x)) of x != 0, and 0 of 0: by halving, 32, 16 … 1. Without branches, so that the verifier need not follow each result on its
 * own, which it would do over again for each round of a loop. While x is less than 1 << 2n, (1 << n) - 1 - x has its upper bits set
 * if x has any from n on.
 */
static struct ir_value *log2_floor(struct lower *l, struct ir_value *x)
{
	struct ir_builder *b = &l->b;
	struct ir_value *n = ir_unary(b, IR_NEG, ir_binary(b, IR_LSHR, x, ir_const(b, 32))), *log;

	log = n = ir_binary(b, IR_AND, ir_binary(b, IR_LSHR, n, ir_const(b, 63 - 5)), ir_const(b, 32));
	x = ir_binary(b, IR_LSHR, x, n);
	for (unsigned bit = 4; bit; bit--) {
		n = ir_binary(b, IR_SUB, ir_const(b, (1 << (1 << bit)) - 1), x);
		n = ir_binary(b, IR_AND, ir_binary(b, IR_LSHR, n, ir_const(b, 63 - bit)), ir_const(b, 1 << bit));
		log = ir_binary(b, IR_OR, log, n);
		x = ir_binary(b, IR_LSHR, x, n);
	}
	return ir_binary(b, IR_OR, log, ir_binary(b, IR_LSHR, x, ir_const(b, 1)));
}

enum { QUANTIZE_ZERO = 64 };

/*
 * Slot number `slot`, of so many bits, of those at `cell`. The mask tells the kernel's verifier what the arithmetic ensures; what a
 * comparison tells, kernels up to 6.1 forget where the number is spilled.
 */
static struct ir_value *slot_at(struct lower *l, struct ir_value *cell, struct ir_value *slot, unsigned bits)
{
	struct ir_builder *b = &l->b;

	slot = ir_binary(b, IR_AND, slot, ir_const(b, (1 << bits) - 1));
	return ir_padd(b, cell, ir_binary(b, IR_SHL, slot, ir_const(b, 3)), 0);
}

/* The slot of quantize: see layout.h. Of numbers without a sign there are 65, which is no power of two: the last step is one of its own. */
static struct ir_value *quantize_slot(struct lower *l, const struct type *of, struct ir_value *cell, struct ir_value *v)
{
	struct ir_builder *b = &l->b;
	struct ir_value *sign, *distance;

	if (!of->is_signed)
		return ir_padd(b, slot_at(l, slot_at(l, cell, log2_floor(l, v), 6), word_is_set(l, v), 1), NULL, 8 * QUANTIZE_ZERO);
	sign = ir_binary(b, IR_ASHR, v, ir_const(b, 63));
	v = ir_binary(b, IR_SUB, ir_binary(b, IR_XOR, v, sign), sign);
	distance = ir_binary(b, IR_ADD, log2_floor(l, v), word_is_set(l, v));
	distance = ir_binary(b, IR_SUB, ir_binary(b, IR_XOR, distance, sign), sign);
	return slot_at(l, cell, ir_binary(b, IR_ADD, distance, ir_const(b, QUANTIZE_ZERO)), 7);
}

static unsigned slot_bits(const struct type *agg)
{
	return (unsigned)__builtin_ctz(agg_cell_size(agg) / 8);
}

/* [0] below lo, [1 + i] the steps, [nsteps + 1] at least hi. */
static struct ir_value *lquantize_slot(struct lower *l, const struct type *agg, struct ir_value *v)
{
	struct ir_builder *b = &l->b;
	int64_t steps = (agg->hi - agg->lo) / agg->step;
	struct join *below = join_create(l), *above = join_create(l), *within = join_create(l), *high = join_create(l);
	struct join *end = join_create(l);
	unsigned slot = env_add(l, ir_const(b, 0));

	join_branch(l, ir_binary(b, IR_SLT, v, ir_const(b, agg->lo)), below, within);
	join_enter(l, below);
	join_jump(l, end);
	join_enter(l, within);
	join_branch(l, ir_binary(b, IR_SLT, v, ir_const(b, agg->lo + steps * agg->step)), high, above);
	join_enter(l, above);
	l->env[slot] = ir_const(b, steps + 1);
	join_jump(l, end);
	join_enter(l, high);
	v = ir_binary(b, IR_UDIV, ir_binary(b, IR_SUB, v, ir_const(b, agg->lo)), ir_const(b, agg->step));
	l->env[slot] = ir_binary(b, IR_ADD, v, ir_const(b, 1));
	join_jump(l, end);
	join_enter(l, end);
	return l->env[slot];
}

/*
 * The middle slot is for what is nearer to 0 than factor^lo. From there on, up for positive and down for negative values, each magnitude
 * has its steps; what reaches factor^(hi+1) is in the outermost slot.
 */
static struct ir_value *llquantize_distance(struct lower *l, const struct type *agg, struct ir_value *size)
{
	struct ir_builder *b = &l->b;
	struct join *end = join_create(l);
	int64_t per_magnitude = agg->nsteps - agg->nsteps / agg->factor, from = 1, first = 1;
	unsigned distance = env_add(l, ir_const(b, 0));

	for (int64_t m = 0; m < agg->lo; m++)
		from *= agg->factor;
	for (int64_t m = agg->lo; m <= agg->hi + 1; m++, first += per_magnitude) {
		struct join *here = join_create(l), *beyond = join_create(l);
		int64_t before = from / agg->factor, width = from / agg->nsteps ? from / agg->nsteps : 1;

		join_branch(l, ir_binary(b, IR_ULT, size, ir_const(b, from)), here, beyond);
		join_enter(l, here);
		if (m > agg->lo)
			l->env[distance] = ir_binary(b, IR_ADD, ir_const(b, first - per_magnitude),
						     ir_binary(b, IR_UDIV, ir_binary(b, IR_SUB, size, ir_const(b, before)),
							       ir_const(b, width)));
		join_jump(l, end);
		join_enter(l, beyond);
		if (m <= agg->hi && __builtin_mul_overflow(from, agg->factor, &from))
			break;
	}
	l->env[distance] = ir_const(b, 1 + (agg->hi - agg->lo + 1) * per_magnitude);
	join_jump(l, end);
	join_enter(l, end);
	return l->env[distance];
}

static struct ir_value *llquantize_slot(struct lower *l, const struct type *agg, struct ir_value *v)
{
	struct ir_builder *b = &l->b;
	struct join *positive = join_create(l), *negative = join_create(l), *end = join_create(l);
	unsigned size = env_add(l, v), slot;
	struct ir_value *distance, *middle = ir_const(b, agg_slots(agg) / 2), *is_negative = ir_binary(b, IR_SLT, v, ir_const(b, 0));

	join_branch(l, is_negative, negative, positive);
	join_enter(l, negative);
	l->env[size] = ir_unary(b, IR_NEG, v);
	join_jump(l, end);
	join_enter(l, positive);
	join_jump(l, end);
	join_enter(l, end);
	distance = llquantize_distance(l, agg, l->env[size]);
	slot = env_add(l, distance);
	positive = join_create(l);
	negative = join_create(l);
	end = join_create(l);
	join_branch(l, is_negative, negative, positive);
	join_enter(l, negative);
	l->env[slot] = ir_binary(b, IR_SUB, middle, l->env[slot]);
	join_jump(l, end);
	join_enter(l, positive);
	l->env[slot] = ir_binary(b, IR_ADD, middle, l->env[slot]);
	join_jump(l, end);
	join_enter(l, end);
	return l->env[slot];
}

/* The increment of the distributions: the optional last argument. */
static struct ir_value *increment(struct lower *l, const struct expr *call, unsigned after)
{
	return call->args.len > after ? lower_number(l, call->args.data[after]) : ir_const(&l->b, 1);
}

static void update(struct lower *l, const struct type *agg, bool atomic, struct ir_value *cell, struct ir_value *v,
		   struct ir_value *by)
{
	struct ir_builder *b = &l->b;
	struct ir_value *one = ir_const(b, 1);

	switch (agg->agg) {
	case AGG_COUNT:
		add(l, atomic, cell, 0, one);
		break;
	case AGG_SUM:
	case AGG_AVG:
		add(l, atomic, cell, 0, one);
		add(l, atomic, cell, 1, v);
		break;
	case AGG_STDDEV:
		add(l, atomic, cell, 0, one);
		add(l, atomic, cell, 1, v);
		add_square(l, atomic, cell, v);
		break;
	case AGG_MIN:
	case AGG_MAX:
		extreme(l, agg, atomic, cell, 0, agg->agg == AGG_MAX, v);
		break;
	case AGG_STATS:
		extreme(l, agg, atomic, cell, 2, false, v);
		extreme(l, agg, atomic, cell, 3, true, v);
		add(l, atomic, cell, 0, one);
		add(l, atomic, cell, 1, v);
		break;
	case AGG_QUANTIZE:
		add(l, atomic, quantize_slot(l, agg->target ? agg->target : &type_s64, cell, v), 0, by);
		break;
	case AGG_LQUANTIZE:
		add(l, atomic, slot_at(l, cell, lquantize_slot(l, agg, v), slot_bits(agg)), 0, by);
		break;
	case AGG_LLQUANTIZE:
		add(l, atomic, slot_at(l, cell, llquantize_slot(l, agg, v), slot_bits(agg)), 0, by);
		break;
	default:
		lower_unsupported(l, b->span, agg_name(agg->agg));
	}
}

void lower_aggregate(struct lower *l, const struct expr *target, const struct expr *call)
{
	struct var_plan *plan = var_plan(target);
	const struct type *agg = plan->def.value;
	static const unsigned before_increment[] = { [AGG_QUANTIZE] = 1, [AGG_LQUANTIZE] = 4, [AGG_LLQUANTIZE] = 5 };
	struct ir_value *v = NULL, *by = NULL, *cell;
	struct join *none = join_create(l);

	if (call->args.len)
		v = lower_number(l, call->args.data[0]);
	if (agg->agg >= AGG_QUANTIZE)
		by = increment(l, call, before_increment[agg->agg]);
	if (!l->b.block)
		return;
	cell = var_place(l, target, true, none);
	if (l->b.block)
		update(l, agg, plan->atomic, cell, v, by);
	join_jump(l, none);
	if (none->edges.len)
		join_enter(l, none);
}

/* What is 0 in both words is 0: nothing was aggregated. */
static struct ir_value *read_extreme(struct lower *l, const struct type *agg, struct ir_value *cell)
{
	struct ir_builder *b = &l->b;
	struct ir_value *word = ir_load(b, 8, cell, 0), *utmost = ir_load(b, 8, cell, 8 * agg_utmost(agg, 0));
	struct ir_value *rank = ir_binary(b, IR_OR, ir_binary(b, IR_SUB, word, ir_const(b, 1)), ir_unary(b, IR_NEG, utmost));
	struct ir_value *any = ir_binary(b, IR_NE, ir_binary(b, IR_OR, word, utmost), ir_const(b, 0));

	rank = ir_binary(b, IR_XOR, rank, ir_const(b, (int64_t)agg_rank_mask(agg, agg->agg == AGG_MAX)));
	return ir_binary(b, IR_AND, rank, ir_unary(b, IR_NEG, any));
}

struct ir_value *agg_read(struct lower *l, const struct type *agg, struct ir_value *cell)
{
	struct ir_builder *b = &l->b;
	struct ir_value *n, *sum;

	switch (agg->agg) {
	case AGG_COUNT:
		return ir_load(b, 8, cell, 0);
	case AGG_SUM:
		return ir_load(b, 8, cell, 8);
	case AGG_MIN:
	case AGG_MAX:
		return read_extreme(l, agg, cell);
	case AGG_AVG:
	case AGG_STATS: {
		struct join *some = join_create(l), *end = join_create(l);
		unsigned result = env_add(l, ir_const(b, 0));

		n = ir_load(b, 8, cell, 0);
		sum = ir_load(b, 8, cell, 8);
		join_branch(l, ir_binary(b, IR_NE, n, ir_const(b, 0)), some, end);
		join_enter(l, some);
		l->env[result] = ir_binary(b, agg->is_signed ? IR_SDIV : IR_UDIV, sum, n);
		join_jump(l, end);
		join_enter(l, end);
		return env_take(l, result);
	}
	default:
		lower_unsupported(l, b->span, "reading this aggregation's value");
		return ir_const(b, 0);
	}
}
