// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/histogram.h"

#include "runtime/text.h"

enum { QUANTIZE_ZERO = 64 };

unsigned histogram_buckets(const struct type *agg)
{
	return agg_slots(agg);
}

static struct bucket quantize_bucket(unsigned n)
{
	unsigned power = n > QUANTIZE_ZERO ? n - QUANTIZE_ZERO - 1 : QUANTIZE_ZERO - 1 - n;

	if (n == QUANTIZE_ZERO)
		return (struct bucket){ .first = 0, .last = 0 };
	if (n > QUANTIZE_ZERO)
		return (struct bucket){ .first = (int64_t)(1ull << power), .last = (2ull << power) - 1 };
	return (struct bucket){ .first = power == 63 ? INT64_MIN : (int64_t)(1 - (2ull << power)), .last = -(1ull << power) };
}

static struct bucket lquantize_bucket(const struct type *agg, unsigned n)
{
	int64_t steps = (agg->hi - agg->lo) / agg->step, first = agg->lo + ((int64_t)n - 1) * agg->step;

	if (n == 0)
		return (struct bucket){ .open_below = true, .last = (uint64_t)(agg->lo - 1) };
	if (n > steps)
		return (struct bucket){ .open_above = true, .first = first };
	return (struct bucket){ .first = first, .last = (uint64_t)(first + agg->step - 1) };
}

/*
 * The middle counts what is nearer to 0 than factor^lo; from there on each magnitude factor^m … factor^(m+1) has its
 * steps, and the outermost bucket what lies beyond factor^(hi+1). Negative values mirror the positive ones.
 */
static struct bucket llquantize_positive(const struct type *agg, int64_t step)
{
	int64_t per_magnitude = agg->nsteps - agg->nsteps / agg->factor;
	int64_t low = 1, width;

	for (int64_t m = 0; m < agg->lo; m++)
		low *= agg->factor;
	for (int64_t m = agg->lo; m <= agg->hi; m++, step -= per_magnitude, low *= agg->factor) {
		if (step >= per_magnitude)
			continue;
		width = low * agg->factor / agg->nsteps;
		low += step * width;
		return (struct bucket){ .first = low, .last = (uint64_t)(low + (width ? width : 1) - 1) };
	}
	return (struct bucket){ .first = low, .open_above = true };
}

static struct bucket llquantize_bucket(const struct type *agg, unsigned n)
{
	int64_t middle = agg_slots(agg) / 2, from = (int64_t)n - middle;
	struct bucket b = llquantize_positive(agg, from < 0 ? -from - 1 : from ? from - 1 : 0);

	if (!from)
		return (struct bucket){ .first = 1 - b.first, .last = (uint64_t)(b.first - 1) };
	if (from > 0)
		return b;
	return (struct bucket){ .open_below = b.open_above, .first = -(int64_t)b.last, .last = (uint64_t)-b.first };
}

struct bucket histogram_bucket(const struct type *agg, unsigned n)
{
	switch (agg->agg) {
	case AGG_QUANTIZE:
		return quantize_bucket(n);
	case AGG_LQUANTIZE:
		return lquantize_bucket(agg, n);
	default:
		return llquantize_bucket(agg, n);
	}
}

bool histogram_range(const struct type *agg, const uint64_t *cell, unsigned *first, unsigned *last)
{
	bool found = false;

	for (unsigned i = 0; i < histogram_buckets(agg); i++) {
		if (!cell[i])
			continue;
		if (!found)
			*first = i;
		*last = i;
		found = true;
	}
	return found;
}

int64_t histogram_sum(const struct type *agg, const uint64_t *cell)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < histogram_buckets(agg); i++) {
		struct bucket b;

		if (!cell[i])
			continue;
		b = histogram_bucket(agg, i);
		sum += cell[i] * (b.open_below || (!b.open_above && b.first < 0) ? b.last : (uint64_t)b.first);
	}
	return (int64_t)sum;
}

/* Powers of two with the letters of 1024: 4K, 8M. */
static void add_power(struct text *t, bool negative, unsigned power)
{
	static const char letters[] = " KMGTPE";

	text_printf(t, "%s%u", negative ? "-" : "", 1u << power % 10);
	if (power >= 10)
		text_putc(t, letters[power / 10]);
}

static void quantize_label(struct text *t, unsigned n)
{
	unsigned power = n > QUANTIZE_ZERO ? n - QUANTIZE_ZERO - 1 : QUANTIZE_ZERO - 1 - n;

	if (n == QUANTIZE_ZERO) {
		text_puts(t, "[0]");
	} else if (!power) {
		text_puts(t, n > QUANTIZE_ZERO ? "[1]" : "[-1]");
	} else if (n > QUANTIZE_ZERO) {
		text_putc(t, '[');
		add_power(t, false, power);
		text_puts(t, ", ");
		add_power(t, false, power + 1);
		text_putc(t, ')');
	} else {
		text_putc(t, '(');
		add_power(t, true, power + 1);
		text_puts(t, ", ");
		add_power(t, true, power);
		text_putc(t, ']');
	}
}

void histogram_label(struct text *t, const struct type *agg, unsigned n)
{
	struct bucket b;

	if (agg->agg == AGG_QUANTIZE) {
		quantize_label(t, n);
		return;
	}
	b = histogram_bucket(agg, n);
	if (b.open_below)
		text_printf(t, "< %lld", (long long)b.last + 1);
	else if (b.open_above)
		text_printf(t, ">= %lld", (long long)b.first);
	else if (b.first == (int64_t)b.last)
		text_printf(t, "[%lld]", (long long)b.first);
	else
		text_printf(t, "[%lld, %lld)", (long long)b.first, (long long)b.last + 1);
}

void histogram_bar(struct text *t, unsigned columns, int64_t part, int64_t whole, bool utf8)
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	double share = whole > 0 && part > 0 ? (double)part / (double)whole : 0;
	unsigned length = (unsigned)(share * columns * (utf8 ? 8 : 1) + 0.5), full = utf8 ? length / 8 : length;
	const char *rest = utf8 ? eighths[length % 8] : "";

	for (unsigned i = 0; i < full; i++)
		text_puts(t, utf8 ? "█" : "@");
	text_puts(t, rest);
	text_fill(t, ' ', columns - full - (*rest != 0));
}
