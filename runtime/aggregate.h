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
/* Takes off what `base` had counted. Extremes cannot be taken off: they are those since the cell was emptied. */
void agg_subtract(const struct type *agg, uint64_t *cell, const uint64_t *base);
/* Nothing was aggregated. */
bool agg_is_empty(const struct type *agg, const uint64_t *cell);
/* Whether a cell holds a smallest or greatest value, so that it must be emptied where it is. */
bool agg_has_extremes(const struct type *agg);

/* The number that a cell stands for: the count, sum, extreme, average, standard deviation; a histogram's sum of values. */
int64_t agg_number(const struct type *agg, const uint64_t *cell);
/* n by a divisor that is not 0; what does not fit into 64 bits wraps. */
int64_t agg_divided(int64_t n, bool is_signed, int64_t div);
/* Whether numbers of this aggregation are signed. */
bool agg_is_signed(const struct type *agg);
/* Orders by number. */
int agg_compare(const struct type *agg, const uint64_t *a, const uint64_t *b);

static inline bool agg_is_histogram(const struct type *agg)
{
	return agg->agg >= AGG_QUANTIZE;
}

#endif
