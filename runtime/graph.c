// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/graph.h"

#include "runtime/aggregate.h"
#include "runtime/histogram.h"

#include <stdio.h>

enum { BAR = 40, MAX_LABEL = 40 };

/* What the counts shown have in common. */
struct scale {
	long double total;		/* of their absolute values, or what a bar of full width would stand for */
	bool positive, negative;	/* there are such counts: weights may be negative */
	int64_t normal;
};

static void add_bar(struct text *t, char left, char right, unsigned first, unsigned width)
{
	text_fill(t, left, first);
	text_fill(t, right, width - first);
}

/* Positive counts grow to the right of a line, negative ones to its left; where there are both, it is in the middle. */
static void print_count(struct text *t, const struct scale *s, int64_t count)
{
	unsigned width = s->positive && s->negative ? BAR / 2 : BAR, length = 0;
	long double size = count < 0 ? -(long double)count : (long double)count;

	if (s->total > 0)
		length = (unsigned)(size * width / s->total + 0.5L);
	if (s->negative && count <= 0)
		add_bar(t, ' ', '@', width - length, width);
	else if (s->negative)
		text_fill(t, ' ', width);
	text_putc(t, '|');
	if (!s->negative || (s->positive && count > 0))
		add_bar(t, '@', ' ', length, width);
	else if (s->positive)
		text_fill(t, ' ', width);
	text_printf(t, " %-9lld\n", (long long)agg_divided(count, true, s->normal));
}

/* quantize: D's outermost buckets are those of ±2^62. */
enum { QUANTIZE_FIRST = 1, QUANTIZE_LAST = 127, QUANTIZE_ZERO = 64 };

static int64_t count_of(const struct type *agg, const uint64_t *cell, unsigned i)
{
	int64_t n = (int64_t)cell[i];

	if (agg->agg == AGG_QUANTIZE && i == QUANTIZE_FIRST)
		n += (int64_t)cell[i - 1];
	if (agg->agg == AGG_QUANTIZE && i == QUANTIZE_LAST)
		n += (int64_t)cell[i + 1];
	return n;
}

/* The buckets to be shown: those that hold something, and one more at each end. */
static void find_range(const struct type *agg, const uint64_t *cell, unsigned *first, unsigned *last)
{
	unsigned from = agg->agg == AGG_QUANTIZE ? QUANTIZE_FIRST : 0;
	unsigned to = agg->agg == AGG_QUANTIZE ? QUANTIZE_LAST : histogram_buckets(agg) - 1;

	*first = from;
	while (*first <= to && !count_of(agg, cell, *first))
		++*first;
	if (*first > to) {
		*first = agg->agg == AGG_QUANTIZE ? QUANTIZE_ZERO - 1 : agg->agg == AGG_LQUANTIZE ? 0 : to / 2;
		*last = *first + 2 < to ? *first + 2 : to;
		return;
	}
	*last = to;
	while (!count_of(agg, cell, *last))
		--*last;
	*first -= *first > from;
	*last += *last < to;
}

/* With more steps than there are numbers in a magnitude some buckets can never hold anything. */
static bool is_ghost(const struct type *agg, unsigned i)
{
	unsigned middle = histogram_buckets(agg) / 2, distance = i < middle ? middle - i : i - middle;
	int64_t per_magnitude = agg->agg == AGG_LLQUANTIZE ? agg->nsteps - agg->nsteps / agg->factor : 0;

	return per_magnitude && !agg->lo && distance && distance <= per_magnitude && distance >= agg->factor;
}

static void print_label(struct text *t, const struct type *agg, unsigned i, bool mirrored)
{
	struct bucket b = histogram_bucket(agg, i);
	char label[MAX_LABEL];

	if (agg->agg == AGG_QUANTIZE)
		snprintf(label, sizeof(label), "%lld", (long long)(i < QUANTIZE_ZERO ? (int64_t)b.last : b.first));
	else if (b.open_above)
		snprintf(label, sizeof(label), ">= %lld", (long long)b.first);
	else if (b.open_below && agg->agg == AGG_LLQUANTIZE)
		snprintf(label, sizeof(label), "<= %lld", (long long)b.last);
	else if (b.open_below)
		snprintf(label, sizeof(label), "< %lld", (long long)b.last + 1);
	else if (agg->agg == AGG_LQUANTIZE || i > histogram_buckets(agg) / 2)
		snprintf(label, sizeof(label), "%lld", (long long)b.first);
	else if (i < histogram_buckets(agg) / 2)
		snprintf(label, sizeof(label), "%lld", (long long)b.last);
	else if (!agg->lo)
		snprintf(label, sizeof(label), "0");
	else
		snprintf(label, sizeof(label), "%s< %lld", mirrored ? "abs() " : "", (long long)b.last + 1);
	text_printf(t, "%16s ", label);
}

/* Of the longest bar, when it is zoomed in. */
static const long double most_of_width = 0.95L;

static void add_to_total(struct scale *s, int64_t count, bool zoom)
{
	long double size = count < 0 ? -(long double)count : (long double)count;

	if (!zoom)
		s->total += size;
	else if (s->total < size / most_of_width)
		s->total = size / most_of_width;
}

void graph_print(struct text *t, const struct type *agg, const uint64_t *cell, int64_t normal, bool zoom)
{
	struct scale s = { .normal = normal ? normal : 1 };
	unsigned first, last;

	find_range(agg, cell, &first, &last);
	for (unsigned i = first; i <= last; i++) {
		int64_t n = count_of(agg, cell, i);

		s.positive |= n > 0;
		s.negative |= n < 0;
		add_to_total(&s, n, zoom);
	}
	text_printf(t, "\n%16s %41s %-9s\n", "value", "------------- Distribution -------------", "count");
	for (unsigned i = first; i <= last; i++) {
		if (is_ghost(agg, i))
			continue;
		print_label(t, agg, i, first < histogram_buckets(agg) / 2);
		print_count(t, &s, count_of(agg, cell, i));
	}
}
