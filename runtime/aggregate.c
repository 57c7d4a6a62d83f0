// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/aggregate.h"

#include "runtime/histogram.h"

enum { N, SUM, SQUARES_LOW, SQUARES_HIGH, EXTREME = 0, MIN = 2, MAX = 3 };

bool agg_is_signed(const struct type *agg)
{
	switch (agg->agg) {
	case AGG_COUNT:
		return false;
	case AGG_QUANTIZE: case AGG_LQUANTIZE: case AGG_LLQUANTIZE:
		return true;
	default:
		return agg->target ? agg->target->is_signed : agg->is_signed;
	}
}

static bool less(const struct type *agg, uint64_t a, uint64_t b)
{
	return agg_is_signed(agg) ? (int64_t)a < (int64_t)b : a < b;
}

static void merge_extreme(const struct type *agg, unsigned word, uint64_t *into, const uint64_t *cell)
{
	if (into[word] < cell[word])
		into[word] = cell[word];
	into[agg_utmost(agg, word)] |= cell[agg_utmost(agg, word)];
}

static bool has_extreme(const struct type *agg, unsigned word, const uint64_t *cell)
{
	return cell[word] || cell[agg_utmost(agg, word)];
}

static uint64_t extreme(const struct type *agg, unsigned word, bool maximum, const uint64_t *cell)
{
	uint64_t rank = cell[agg_utmost(agg, word)] ? UINT64_MAX : cell[word] - 1;

	return has_extreme(agg, word, cell) ? rank ^ agg_rank_mask(agg, maximum) : 0;
}

static unsigned words(const struct type *agg)
{
	return agg_cell_size(agg) / 8;
}

static void add_words(uint64_t *into, const uint64_t *cell, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		into[i] += cell[i];
}

static void merge_squares(uint64_t *into, const uint64_t *cell)
{
	into[SQUARES_HIGH] += cell[SQUARES_HIGH] + __builtin_add_overflow(into[SQUARES_LOW], cell[SQUARES_LOW],
									  &into[SQUARES_LOW]);
}

void agg_merge(const struct type *agg, uint64_t *into, const uint64_t *cell)
{
	switch (agg->agg) {
	case AGG_MIN: case AGG_MAX:
		merge_extreme(agg, EXTREME, into, cell);
		break;
	case AGG_STATS:
		add_words(into, cell, 2);
		merge_extreme(agg, MIN, into, cell);
		merge_extreme(agg, MAX, into, cell);
		break;
	case AGG_STDDEV:
		add_words(into, cell, 2);
		merge_squares(into, cell);
		break;
	default:
		add_words(into, cell, words(agg));
	}
}

static void subtract_words(uint64_t *cell, const uint64_t *base, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		cell[i] -= base[i];
}

void agg_subtract(const struct type *agg, uint64_t *cell, const uint64_t *base)
{
	switch (agg->agg) {
	case AGG_MIN: case AGG_MAX:
		break;
	case AGG_STATS:
		subtract_words(cell, base, 2);
		merge_extreme(agg, MIN, cell, base);
		merge_extreme(agg, MAX, cell, base);
		break;
	case AGG_STDDEV:
		subtract_words(cell, base, 2);
		cell[SQUARES_HIGH] -= base[SQUARES_HIGH] + __builtin_sub_overflow(cell[SQUARES_LOW], base[SQUARES_LOW],
										   &cell[SQUARES_LOW]);
		break;
	default:
		subtract_words(cell, base, words(agg));
	}
}

bool agg_is_empty(const struct type *agg, const uint64_t *cell)
{
	if (agg->agg == AGG_MIN || agg->agg == AGG_MAX)
		return !has_extreme(agg, EXTREME, cell);
	if (!agg_is_histogram(agg))
		return !cell[N];
	for (unsigned i = 0; i < words(agg); i++)
		if (cell[i])
			return false;
	return true;
}

static bool is_extreme(const struct type *agg, unsigned word)
{
	return agg->agg == AGG_MIN || agg->agg == AGG_MAX || (agg->agg == AGG_STATS && word >= MIN);
}

void agg_take(const struct type *agg, bool all, uint64_t *cell, uint64_t *to)
{
	for (unsigned i = 0; i < words(agg); i++)
		to[i] = all || is_extreme(agg, i) ? __atomic_exchange_n(&cell[i], 0, __ATOMIC_SEQ_CST) :
						    __atomic_load_n(&cell[i], __ATOMIC_SEQ_CST);
}

/* Something was added, but not counted yet: an update is halfway through. */
static bool is_pending(const struct type *agg, const uint64_t *cell)
{
	if (!agg_is_empty(agg, cell))
		return false;
	for (unsigned i = 0; i < words(agg); i++)
		if (cell[i])
			return true;
	return false;
}

bool agg_rebase(const struct type *agg, bool all, uint64_t *base, const uint64_t *raw, const uint64_t *since)
{
	bool pending = is_pending(agg, since);

	for (unsigned i = 0; i < words(agg); i++)
		if (is_extreme(agg, i))
			base[i] = pending ? since[i] : 0;
		else
			base[i] = (all ? 0 : raw[i]) - (pending ? since[i] : 0);
	return !pending;
}

static int64_t average(const struct type *agg, const uint64_t *cell)
{
	if (!cell[N])
		return 0;
	return agg_is_signed(agg) ? (int64_t)cell[SUM] / (int64_t)cell[N] : (int64_t)(cell[SUM] / cell[N]);
}

static uint64_t square_root(unsigned __int128 v)
{
	uint64_t root = 0;

	for (uint64_t bit = 1ull << 63; bit; bit >>= 1)
		if ((unsigned __int128)(root | bit) * (root | bit) <= v)
			root |= bit;
	return root;
}

/* sqrt(sum of squares / n - mean²), in integers as D has it. */
static int64_t deviation(const struct type *agg, const uint64_t *cell)
{
	unsigned __int128 squares = (unsigned __int128)cell[SQUARES_HIGH] << 64 | cell[SQUARES_LOW], mean2;
	int64_t mean = average(agg, cell);
	uint64_t size = agg_is_signed(agg) && mean < 0 ? -(uint64_t)mean : (uint64_t)mean;

	if (!cell[N])
		return 0;
	squares /= cell[N];
	mean2 = (unsigned __int128)size * size;
	return squares > mean2 ? (int64_t)square_root(squares - mean2) : 0;
}

int64_t agg_number(const struct type *agg, const uint64_t *cell)
{
	switch (agg->agg) {
	case AGG_COUNT:
		return (int64_t)cell[N];
	case AGG_SUM:
		return (int64_t)cell[SUM];
	case AGG_MIN: case AGG_MAX:
		return (int64_t)extreme(agg, EXTREME, agg->agg == AGG_MAX, cell);
	case AGG_AVG:
		return average(agg, cell);
	case AGG_STDDEV:
		return deviation(agg, cell);
	case AGG_STATS:
		return (int64_t)cell[SUM];
	default:
		return histogram_sum(agg, cell);
	}
}

/* What was counted, but whose extremes were taken out before, was between them; a single number is both. */
void agg_stats(const struct type *agg, const uint64_t *cell, int64_t *numbers)
{
	numbers[STATS_COUNT] = (int64_t)cell[N];
	numbers[STATS_AVERAGE] = average(agg, cell);
	numbers[STATS_TOTAL] = (int64_t)cell[SUM];
	numbers[STATS_MIN] = has_extreme(agg, MIN, cell) ? (int64_t)extreme(agg, MIN, false, cell) : average(agg, cell);
	numbers[STATS_MAX] = has_extreme(agg, MAX, cell) ? (int64_t)extreme(agg, MAX, true, cell) : average(agg, cell);
}

int64_t agg_divided(int64_t n, bool is_signed, int64_t div)
{
	if (!is_signed)
		return (int64_t)((uint64_t)n / (uint64_t)div);
	return div == -1 ? (int64_t)(0 - (uint64_t)n) : n / div;
}

int agg_compare(const struct type *agg, const uint64_t *a, const uint64_t *b)
{
	int64_t x = agg_number(agg, a), y = agg_number(agg, b);

	return less(agg, (uint64_t)x, (uint64_t)y) ? -1 : x != y;
}
