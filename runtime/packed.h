/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Histograms of one line each, as dtrace(1) draws them with aggpack: a bucket is a character. All rows of an aggregation show the same
 * buckets, those of packed_range.
 */
#ifndef RUNTIME_PACKED_H
#define RUNTIME_PACKED_H

#include "lang/type.h"
#include "runtime/text.h"

/* The buckets that hold something in any row. Starts as all 0. */
struct packed_range {
	bool any;
	unsigned first, last;
};

void packed_range_add(struct packed_range *r, const struct type *agg, const uint64_t *cell);

/* key_width: of all keys of a row; 0: there are none. */
void packed_heading(struct text *t, const struct type *agg, const struct packed_range *r, int key_width);

/* What follows the keys, with the newline. ascii: characters for terminals that have no blocks. */
void packed_row(struct text *t, const struct type *agg, const struct packed_range *r, const uint64_t *cell, int64_t normal, bool zoom,
		bool ascii);

/* Whether $TERM is a terminal without blocks. */
bool packed_is_ascii(void);

#endif
