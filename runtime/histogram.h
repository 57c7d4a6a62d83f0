/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The buckets of quantize, lquantize and llquantize, in ascending order of what they count, as they lie in a cell. */
#ifndef RUNTIME_HISTOGRAM_H
#define RUNTIME_HISTOGRAM_H

#include "lang/type.h"

#include <stdbool.h>
#include <stdint.h>

struct text;

/* The values that a bucket counts: first … last, both included. */
struct bucket {
	bool open_below, open_above;	/* no first, no last */
	int64_t first;
	uint64_t last;			/* of negative buckets and those up to 2^63 - 1, as int64_t */
};

unsigned histogram_buckets(const struct type *agg);
struct bucket histogram_bucket(const struct type *agg, unsigned n);
/* The first and last bucket with a count that is not 0; false if there is none. */
bool histogram_range(const struct type *agg, const uint64_t *cell, unsigned *first, unsigned *last);
/* The sum of what was counted, each value taken as its bucket's bound nearest to 0. Histograms are sorted by it. */
int64_t histogram_sum(const struct type *agg, const uint64_t *cell);

/* "[4K, 8K)" */
void histogram_label(struct text *t, const struct type *agg, unsigned n);
/* A bar of so many columns, as full as `part` is of `whole`; in eighths of a column if utf8. */
void histogram_bar(struct text *t, unsigned columns, int64_t part, int64_t whole, bool utf8);

#endif
