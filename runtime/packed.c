// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/packed.h"

#include "runtime/aggregate.h"
#include "runtime/graph.h"
#include "runtime/histogram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_DIGITS = 4, LQUANTIZE_LOW = 7, LQUANTIZE_HIGH = 8 };	/* widths of the ends */

bool packed_is_ascii(void)
{
	static const char *const plain[] = { "sun", "sun-color", "dumb" };
	const char *term = getenv("TERM");

	for (size_t i = 0; term && i < sizeof(plain) / sizeof(plain[0]); i++)
		if (!strcmp(term, plain[i]))
			return true;
	return false;
}

void packed_range_add(struct packed_range *r, const struct type *agg, const uint64_t *cell)
{
	unsigned first, last;

	if (!graph_filled(agg, cell, &first, &last))
		return;
	if (!r->any || first < r->first)
		r->first = first;
	if (!r->any || last > r->last)
		r->last = last;
	r->any = true;
}

/* One bucket more at each end; but none below that of 0, nor below lquantize()'s first. */
static void widen(const struct packed_range *r, const struct type *agg, unsigned *first, unsigned *last)
{
	unsigned from, to, zero = graph_limits(agg, &from, &to);

	*first = r->any ? r->first : zero;
	*last = r->any ? r->last : zero;
	if (agg->agg == AGG_QUANTIZE && *first > from && *first != zero)
		--*first;
	*last += *last < to;
}

static int digits(int64_t n)
{
	int width = snprintf(NULL, 0, "%lld", (long long)n);

	return width < LEAST_DIGITS ? LEAST_DIGITS : width;
}

/* How wide the ends of a row are. */
static void find_widths(const struct type *agg, unsigned first, unsigned last, int *low, int *high)
{
	*low = agg->agg == AGG_QUANTIZE ? digits(graph_low(agg, first)) : LQUANTIZE_LOW;
	*high = agg->agg == AGG_QUANTIZE ? digits(graph_low(agg, last)) : LQUANTIZE_HIGH;
}

void packed_heading(struct text *t, const struct type *agg, const struct packed_range *r, int key_width)
{
	unsigned first, last;
	int low, high;

	widen(r, agg, &first, &last);
	find_widths(agg, first, last, &low, &high);
	text_printf(t, "\n%*s %*s .", key_width, key_width ? "key" : "", low, "min");
	text_fill(t, '-', last - first + 1);
	text_printf(t, ". %-*s | count\n", high, "max");
}

/* A bucket as one character: the higher, the more of all there is. */
static void add_bucket(struct text *t, int64_t count, long double total, bool ascii)
{
	static const char up[] = "__xxxxXX", down[] = "vvvvVV";
	long double share = total > 0 ? (count < 0 ? -(long double)count : (long double)count) / total : 0;

	if (!count)
		text_putc(t, ' ');
	else if (count < 0)
		text_putc(t, down[(unsigned)(share * (sizeof(down) - 2) + 0.5L)]);
	else if (ascii)
		text_putc(t, up[(unsigned)(share * (sizeof(up) - 2) + 0.5L)]);
	else	/* U+2581 … U+2588, blocks of one to eight eighths */
		text_printf(t, "\xe2\x96%c", 0x81 + (int)(share * 7 + 0.5L));
}

void packed_row(struct text *t, const struct type *agg, const struct packed_range *r, const uint64_t *cell, int64_t normal, bool zoom,
		bool ascii)
{
	struct graph_scale s = { .normal = normal ? normal : 1 };
	int64_t sum = 0;
	unsigned first, last;
	int low, high;
	char label[40];

	widen(r, agg, &first, &last);
	find_widths(agg, first, last, &low, &high);
	for (unsigned i = first; i <= last; i++) {
		sum += graph_count(agg, cell, i);
		graph_scale_add(&s, graph_count(agg, cell, i), zoom);
	}
	graph_label(agg, first, label, sizeof(label));
	text_printf(t, " %*s :", low, label);
	for (unsigned i = first; i <= last; i++)
		add_bucket(t, graph_count(agg, cell, i), s.total, ascii);
	graph_label(agg, last, label, sizeof(label));
	text_printf(t, ": %s%-*s | %lld\n", agg->agg == AGG_LQUANTIZE && *label != '>' ? ">= " : "",
		    agg->agg == AGG_LQUANTIZE && *label != '>' ? high - 3 : high, label, (long long)agg_divided(sum, true, s.normal));
}
