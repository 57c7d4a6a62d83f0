/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Histograms as dtrace(1) draws them, from the heading to the last bucket. */
#ifndef RUNTIME_GRAPH_H
#define RUNTIME_GRAPH_H

#include "lang/type.h"
#include "runtime/text.h"

/* What the counts shown have in common. Starts as all 0 but normal. */
struct graph_scale {
	long double total;		/* of their absolute values, or what a bar of full width would stand for */
	bool positive, negative;	/* there are such counts: weights may be negative */
	int64_t normal;			/* by which they are divided when printed */
};

void graph_scale_add(struct graph_scale *s, int64_t count, bool zoom);

/* "value  --- Distribution --- count", what in a column of width. */
void graph_heading(struct text *t, const char *what, int width);

/* A bar and its count, to the end of the line. */
void graph_bar(struct text *t, const struct graph_scale *s, int64_t count);

/* The first and the last bucket that there are; gives that of 0, or the first. */
unsigned graph_limits(const struct type *agg, unsigned *first, unsigned *last);

int64_t graph_count(const struct type *agg, const uint64_t *cell, unsigned i);

/* The first and the last bucket that hold something; false if there are none. */
bool graph_filled(const struct type *agg, const uint64_t *cell, unsigned *first, unsigned *last);

/* What a bucket of quantize() is called. */
int64_t graph_low(const struct type *agg, unsigned i);

/* What a bucket of quantize() and lquantize() is called. */
void graph_label(const struct type *agg, unsigned i, char *label, size_t size);

/* cell: of the aggregation; counts are printed divided by normal. zoom: bars are compared with the longest, not with them all. */
void graph_print(struct text *t, const struct type *agg, const uint64_t *cell, int64_t normal, bool zoom);

#endif
