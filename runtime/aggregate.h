/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Aggregations in user space: cells (lang/aggregations.def) are merged over CPUs and programs, what was there before is taken off,
 * and what is left is a number, a set of statistics or a histogram.
 */
#ifndef RUNTIME_AGGREGATE_H
#define RUNTIME_AGGREGATE_H

#include "lang/type.h"

#include <stdbool.h>
#include <stdint.h>

/* Adds a cell to another. */
void agg_merge(const struct type *agg, uint64_t *into, const uint64_t *cell);
/* Nothing was aggregated. */
bool agg_is_empty(const struct type *agg, const uint64_t *cell);

/*
 * Taking out what is in the cell of a program that goes on updating it: agg_take() reads it, and empties it, or only its extremes, as they
 * cannot be subtracted; the rest may be emptied where programs add atomically. Of what was read, agg_subtract() makes what there was
 * since the last taking, with what `base` remembers of it. agg_rebase() has base remember this taking. It returns false where
 * nothing is counted yet of what was added: an update is halfway through, and belongs to the next taking.
 */
void agg_take(const struct type *agg, bool all, uint64_t *cell, uint64_t *to);
void agg_subtract(const struct type *agg, uint64_t *cell, const uint64_t *base);
bool agg_rebase(const struct type *agg, bool all, uint64_t *base, const uint64_t *raw, const uint64_t *since);

/* The number that a cell stands for: the count, sum, extreme, average, standard deviation; a histogram's sum of values. */
int64_t agg_number(const struct type *agg, const uint64_t *cell);
/* What is shown of stats(), as numbers. */
enum { STATS_COUNT, STATS_AVERAGE, STATS_TOTAL, STATS_MIN, STATS_MAX, STATS_NUMBERS };
void agg_stats(const struct type *agg, const uint64_t *cell, int64_t *numbers);
/* n by a divisor that is not 0; what does not fit into 64 bits wraps. */
int64_t agg_divided(int64_t n, bool is_signed, int64_t div);
/* Whether numbers of this aggregation are signed. */
bool agg_is_signed(const struct type *agg);
/* Orders by number. */
int agg_compare(const struct type *agg, const uint64_t *a, const uint64_t *b);

/* Whether programs can read it, as a number. */
static inline bool agg_is_read(const struct type *agg)
{
	return agg->agg <= AGG_AVG;
}

static inline bool agg_is_histogram(const struct type *agg)
{
	return agg->agg >= AGG_QUANTIZE;
}

#endif
