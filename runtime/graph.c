// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/graph.h"

#include "runtime/aggregate.h"
#include "runtime/histogram.h"

#include <stdio.h>

enum { BAR = 40, MAX_LABEL = 40 };

static void add_bar(struct text *t, char left, char right, unsigned first, unsigned width)
{
	text_fill(t, left, first);
	text_fill(t, right, width - first);
}

/* Positive counts grow to the right of a line, negative ones to its left; where there are both, it is in the middle. */
void graph_bar(struct text *t, const struct graph_scale *s, int64_t count)
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

int64_t graph_count(const struct type *agg, const uint64_t *cell, unsigned i)
{
	int64_t n = (int64_t)cell[i];

	if (agg->agg == AGG_QUANTIZE && i == QUANTIZE_FIRST)
		n += (int64_t)cell[i - 1];
	if (agg->agg == AGG_QUANTIZE && i == QUANTIZE_LAST)
		n += (int64_t)cell[i + 1];
	return n;
}

unsigned graph_limits(const struct type *agg, unsigned *first, unsigned *last)
{
	*first = agg->agg == AGG_QUANTIZE ? QUANTIZE_FIRST : 0;
	*last = agg->agg == AGG_QUANTIZE ? QUANTIZE_LAST : histogram_buckets(agg) - 1;
	return agg->agg == AGG_QUANTIZE ? QUANTIZE_ZERO : 0;
}

bool graph_filled(const struct type *agg, const uint64_t *cell, unsigned *first, unsigned *last)
{
	unsigned to;

	graph_limits(agg, first, &to);
	while (*first <= to && !graph_count(agg, cell, *first))
		++*first;
	if (*first > to)
		return false;
	*last = to;
	while (!graph_count(agg, cell, *last))
		--*last;
	return true;
}

/* The buckets to be shown: those that hold something, and one more at each end. */
static void find_range(const struct type *agg, const uint64_t *cell, unsigned *first, unsigned *last)
{
	unsigned from, to;

	graph_limits(agg, &from, &to);
	if (!graph_filled(agg, cell, first, last)) {
		*first = agg->agg == AGG_QUANTIZE ? QUANTIZE_ZERO - 1 : agg->agg == AGG_LQUANTIZE ? 0 : to / 2;
		*last = *first + 2 < to ? *first + 2 : to;
		return;
	}
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

int64_t graph_low(const struct type *agg, unsigned i)
{
	struct bucket b = histogram_bucket(agg, i);

	return i < QUANTIZE_ZERO ? (int64_t)b.last : (int64_t)b.first;
}

void graph_label(const struct type *agg, unsigned i, char *label, size_t size)
{
	struct bucket b = histogram_bucket(agg, i);

	if (agg->agg == AGG_QUANTIZE)
		snprintf(label, size, "%lld", (long long)graph_low(agg, i));
	else if (b.open_above)
		snprintf(label, size, ">= %lld", (long long)b.first);
	else if (b.open_below)
		snprintf(label, size, "< %lld", (long long)b.last + 1);
	else
		snprintf(label, size, "%lld", (long long)b.first);
}

/* llquantize() counts away from 0 on both sides. */
static void label_mirrored(const struct type *agg, unsigned i, bool mirrored, char *label, size_t size)
{
	struct bucket b = histogram_bucket(agg, i);
	unsigned middle = histogram_buckets(agg) / 2;

	if (b.open_below)
		snprintf(label, size, "<= %lld", (long long)b.last);
	else if (b.open_above || i > middle)
		graph_label(agg, i, label, size);
	else if (i < middle)
		snprintf(label, size, "%lld", (long long)b.last);
	else if (!agg->lo)
		snprintf(label, size, "0");
	else
		snprintf(label, size, "%s< %lld", mirrored ? "abs() " : "", (long long)b.last + 1);
}

static void print_label(struct text *t, const struct type *agg, unsigned i, bool mirrored)
{
	char label[MAX_LABEL];

	if (agg->agg == AGG_LLQUANTIZE)
		label_mirrored(agg, i, mirrored, label, sizeof(label));
	else
		graph_label(agg, i, label, sizeof(label));
	text_printf(t, "%16s ", label);
}

/* Of the longest bar, when it is zoomed in. */
static const long double most_of_width = 0.95L;

void graph_scale_add(struct graph_scale *s, int64_t count, bool zoom)
{
	long double size = count < 0 ? -(long double)count : (long double)count;

	s->positive |= count > 0;
	s->negative |= count < 0;
	if (!zoom)
		s->total += size;
	else if (s->total < size / most_of_width)
		s->total = size / most_of_width;
}

void graph_heading(struct text *t, const char *what, int width)
{
	text_printf(t, "\n%*s %41s %-9s\n", width, what, "------------- Distribution -------------", "count");
}

void graph_print(struct text *t, const struct type *agg, const uint64_t *cell, int64_t normal, bool zoom)
{
	struct graph_scale s = { .normal = normal ? normal : 1 };
	unsigned first, last;

	find_range(agg, cell, &first, &last);
	for (unsigned i = first; i <= last; i++)
		graph_scale_add(&s, graph_count(agg, cell, i), zoom);
	graph_heading(t, "value", 16);
	for (unsigned i = first; i <= last; i++) {
		if (is_ghost(agg, i))
			continue;
		print_label(t, agg, i, first < histogram_buckets(agg) / 2);
		graph_bar(t, &s, graph_count(agg, cell, i));
	}
}
