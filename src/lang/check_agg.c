// SPDX-License-Identifier: GPL-2.0-or-later
/* Aggregations: their arguments, and the type of the map that they make. */
#include "lang/checking.h"

static enum agg_kind agg_kind(enum builtin_id id)
{
	switch (id) {
#define AGGREGATION(id, name, words, adds) case BUILTIN_##name: return AGG_##id;
#include "lang/aggregations.def"
#undef AGGREGATION
	default:
		return AGG_NONE;
	}
}

static bool bounds_error(struct check *c, const struct expr *e, enum error tag, const char *text)
{
	check_error(c, e->span, tag, "%s", text);
	return false;
}

static int64_t constant_arg(const struct expr *e, unsigned n, int64_t otherwise)
{
	return n < e->args.len ? (int64_t)e->args.data[n]->value : otherwise;
}

/* Steps of one size from lo; what is left of the range above the last one belongs to "at least hi". */
static bool lquantize_bounds(struct check *c, const struct expr *e, struct type *t)
{
	uint64_t steps;

	t->lo = constant_arg(e, 1, 0);
	t->hi = constant_arg(e, 2, 0);
	t->step = constant_arg(e, 3, 1);
	if (c->dialect == DIALECT_D && t->lo != (int32_t)t->lo)
		return bounds_error(c, e->args.data[1], ERR_LQUANT_BASEVAL, "the lower bound does not fit an int");
	if (c->dialect == DIALECT_D && t->hi != (int32_t)t->hi)
		return bounds_error(c, e->args.data[2], ERR_LQUANT_LIMVAL, "the upper bound does not fit an int");
	if (t->hi <= t->lo)
		return bounds_error(c, e->args.data[2], ERR_LQUANT_MISMATCH, arena_printf(c->arena,
			"the upper bound %lld is not above the lower bound %lld", (long long)t->hi, (long long)t->lo));
	if (t->step <= 0 || (c->dialect == DIALECT_D && t->step > UINT16_MAX))
		return bounds_error(c, e->args.data[3], ERR_LQUANT_STEPVAL, arena_printf(c->arena, "the step must be above 0%s, not %lld",
			c->dialect == DIALECT_D ? " and fit 16 bits" : "", (long long)t->step));
	steps = ((uint64_t)t->hi - (uint64_t)t->lo) / (uint64_t)t->step;
	if (!steps)
		return bounds_error(c, e->args.data[3], ERR_LQUANT_STEPLARGE, arena_printf(c->arena, "the step %lld is larger than the range",
								     (long long)t->step));
	if (steps > CHECK_BUCKETS_MAX)
		return bounds_error(c, e, ERR_LQUANT_STEPSMALL, arena_printf(c->arena, "%llu steps are too many: at most %d are possible",
						       (unsigned long long)steps, CHECK_BUCKETS_MAX));
	t->hi = (int64_t)((uint64_t)t->lo + steps * (uint64_t)t->step);
	return true;
}

/* factor^n, 0 if it does not fit. */
static uint64_t power(uint64_t factor, int64_t n)
{
	uint64_t p = 1;

	for (; n > 0; n--)
		if (__builtin_mul_overflow(p, factor, &p) || p > INT64_MAX)
			return 0;
	return p;
}

static bool llquantize_bounds(struct check *c, const struct expr *e, struct type *t)
{
	static const struct {
		enum error error;
		const char *name;
	} numbers[] = {
		{ ERR_LLQUANT_FACTORVAL, "factor" }, { ERR_LLQUANT_LOWVAL, "lower magnitude" },
		{ ERR_LLQUANT_HIGHVAL, "upper magnitude" }, { ERR_LLQUANT_NSTEPVAL, "number of steps" },
	};
	uint64_t whole;

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if ((uint64_t)constant_arg(e, i + 1, 0) > UINT16_MAX)
			return bounds_error(c, e->args.data[i + 1], numbers[i].error,
					    arena_printf(c->arena, "the %s must be 0 to 65535", numbers[i].name));
	t->factor = constant_arg(e, 1, 0);
	t->lo = constant_arg(e, 2, 0);
	t->hi = constant_arg(e, 3, 0);
	t->nsteps = constant_arg(e, 4, 0);
	if (t->factor < 2)
		return bounds_error(c, e->args.data[1], ERR_LLQUANT_FACTORSMALL, "the factor must be 2 to 65535");
	if (t->hi < t->lo)
		return bounds_error(c, e->args.data[3], ERR_LLQUANT_MAGRANGE, "the upper magnitude is below the lower");
	if (!power((uint64_t)t->factor, t->hi + 1))
		return bounds_error(c, e->args.data[3], ERR_LLQUANT_MAGTOOBIG, "the upper magnitude does not fit 64 bits");
	if (t->nsteps < t->factor)
		return bounds_error(c, e->args.data[4], ERR_LLQUANT_FACTORNSTEPS, "the steps must be as many as the factor at least");
	for (whole = (uint64_t)t->factor; whole < (uint64_t)t->nsteps; whole *= (uint64_t)t->factor)
		;
	if (t->nsteps % t->factor || whole % (uint64_t)t->nsteps)
		return bounds_error(c, e->args.data[4], ERR_LLQUANT_FACTOREVEN,
				    "the steps must be a multiple of the factor and divide a power of it");
	if (agg_slots(t) > CHECK_BUCKETS_MAX)
		return bounds_error(c, e, ERR_LLQUANT_NSTEPVAL, arena_printf(c->arena, "%u steps are too many: at most %d are possible",
						       agg_slots(t), CHECK_BUCKETS_MAX));
	return true;
}

const struct type *check_agg_call(struct check *c, struct expr *e)
{
	enum agg_kind kind = agg_kind(e->symbol->builtin);
	const struct type *of = &type_s64;
	struct type *t;

	if (!check_arguments(c, e) || check_has_wrong(e))
		return e->type = &type_error;
	if (!strcmp(e->name, "hist") && e->args.len > 1) {
		check_error(c, e->args.data[1]->span, ERR_NOT_OURS, "bpftrace's hist(x, bits) is not part of ply");
		check_hint(c, "llquantize(x, 2, 0, 40, 4) has 2 steps for each power of 2; quantize(x, n) counts x n times");
		return e->type = &type_error;
	}
	if (e->args.len)
		of = type_is_open(e->args.data[0]->type) ? NULL : check_arith_type(e->args.data[0]->type, e->args.data[0]->type);
	if (kind == AGG_COUNT)
		of = &type_u64;
	t = (struct type *)type_agg(c->arena, kind, of);
	if ((kind == AGG_LQUANTIZE && !lquantize_bounds(c, e, t)) || (kind == AGG_LLQUANTIZE && !llquantize_bounds(c, e, t)))
		return e->type = &type_error;
	return e->type = t;
}
