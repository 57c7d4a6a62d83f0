// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * JSON: an object a line, {"type": …, "data": …}, in the shape that bpftrace's readers know. Beyond it: "args" of printf
 * typed, "keys" of maps as arrays of typed values, a loss's "cause".
 */
#include "runtime/aggregate.h"
#include "runtime/histogram.h"
#include "runtime/style.h"

#include <string.h>

static void begin(struct text *to, const char *type)
{
	text_printf(to, "{\"type\": \"%s\", \"data\": ", type);
}

static void end(struct text *to)
{
	text_puts(to, "}\n");
}

static void add_string(struct text *to, const char *s)
{
	text_json_string(to, s, strlen(s));
}

static void json_attached(struct rt *rt, unsigned n)
{
	begin(&rt->out.text, "attached_probes");
	text_printf(&rt->out.text, "{\"probes\": %u}", n);
	end(&rt->out.text);
	out_flush(rt);
}

static void json_text(struct rt *rt, struct text *to, const char *action, const char *s, size_t n, const struct value *args,
		      unsigned nargs)
{
	begin(to, action);
	text_json_string(to, s, n);
	if (nargs || !strcmp(action, "printf"))
		text_puts(to, ", \"args\": [");
	for (unsigned i = 0; i < nargs; i++) {
		if (i)
			text_puts(to, ", ");
		value_json(to, rt->image, &args[i]);
	}
	if (nargs || !strcmp(action, "printf"))
		text_putc(to, ']');
	end(to);
}

static void json_value(struct rt *rt, struct text *to, const struct value *v, bool newline)
{
	(void)newline;
	begin(to, "value");
	value_json(to, rt->image, v);
	end(to);
}

/* --- maps --- */

static void add_number(struct text *to, const struct type *agg, int64_t n, int64_t div)
{
	n = agg_divided(n, agg_is_signed(agg), div);
	if (agg_is_signed(agg))
		text_s64(to, n);
	else
		text_u64(to, (uint64_t)n);
}

static void add_buckets(struct text *to, const struct type *agg, const uint64_t *cell, int64_t div)
{
	unsigned first = 0, last = 0, last_plus = histogram_range(agg, cell, &first, &last) ? last + 1 : 0;

	text_putc(to, '[');
	for (unsigned i = first; i < last_plus; i++) {
		struct bucket b = histogram_bucket(agg, i);

		text_puts(to, i == first ? "{" : ", {");
		if (!b.open_below)
			text_printf(to, "\"min\": %lld, ", (long long)b.first);
		if (!b.open_above)
			text_printf(to, "\"max\": %lld, ", (long long)b.last);
		text_printf(to, "\"count\": %lld}", (long long)agg_divided((int64_t)cell[i], true, div));
	}
	text_putc(to, ']');
}

static void add_stats(struct text *to, const struct type *agg, const uint64_t *cell, int64_t div)
{
	static const char *const names[STATS_NUMBERS] = { "count", "average", "total", "min", "max" };
	int64_t numbers[STATS_NUMBERS];

	agg_stats(agg, cell, numbers);
	for (unsigned i = 0; i < STATS_NUMBERS; i++) {
		text_printf(to, "%s\"%s\": ", i ? ", " : "{", names[i]);
		add_number(to, agg, numbers[i], i == STATS_COUNT ? 1 : div);
	}
	text_putc(to, '}');
}

static void add_map_value(struct text *to, const struct rt *rt, const struct var_def *def, const void *value, int64_t div)
{
	const struct value v = { def->value, value, def->cell_size };

	if (def->value->kind != TYPE_AGG)
		value_json(to, rt->image, &v);
	else if (agg_is_histogram(def->value))
		add_buckets(to, def->value, value, div);
	else if (def->value->agg == AGG_STATS)
		add_stats(to, def->value, value, div);
	else
		add_number(to, def->value, agg_number(def->value, value), div);
}

static const char *map_type(const struct var_def *def)
{
	if (def->value->kind != TYPE_AGG)
		return "map";
	if (agg_is_histogram(def->value))
		return "hist";
	return def->value->agg == AGG_STATS || def->value->agg == AGG_AVG ? "stats" : "map";
}

/* A key as one string: its parts in their natural form, joined by commas. */
static void add_key(struct text *to, const struct rt *rt, const struct var_def *def, const void *key)
{
	struct value parts[MAX_KEY_PARTS];
	unsigned n = key_values(def, key, parts);
	struct text joined = { 0 };

	for (unsigned i = 0; i < n; i++) {
		if (i)
			text_putc(&joined, ',');
		if (parts[i].type->kind == TYPE_STRING)
			text_add(&joined, parts[i].bytes, value_strlen(&parts[i]));
		else
			value_text(&joined, rt->image, &parts[i]);
	}
	text_json_string(to, joined.data, joined.len);
	text_deinit(&joined);
}

static void add_keys(struct text *to, const struct rt *rt, const struct var_def *def, const struct table *rows,
		     unsigned skip)
{
	text_puts(to, ", \"keys\": [");
	for (unsigned i = skip; i < rows->rows.len; i++) {
		struct value parts[MAX_KEY_PARTS];
		unsigned n = key_values(def, rows->rows.data[i].key, parts);

		text_puts(to, i == skip ? "[" : ", [");
		for (unsigned p = 0; p < n; p++) {
			if (p)
				text_puts(to, ", ");
			value_json(to, rt->image, &parts[p]);
		}
		text_putc(to, ']');
	}
	text_putc(to, ']');
}

static void json_map(struct rt *rt, struct text *to, const struct var_def *def, const struct table *rows, unsigned skip,
		     int64_t div)
{
	static const uint64_t nothing[4];

	begin(to, map_type(def));
	text_putc(to, '{');
	add_string(to, def->name);
	text_puts(to, ": ");
	if (!rows->key_size) {
		add_map_value(to, rt, def, rows->rows.len ? rows->rows.data[0].value : (void *)nothing, div);
		text_putc(to, '}');
		end(to);
		return;
	}
	text_putc(to, '{');
	for (unsigned i = skip; i < rows->rows.len; i++) {
		if (i > skip)
			text_puts(to, ", ");
		add_key(to, rt, def, rows->rows.data[i].key);
		text_puts(to, ": ");
		add_map_value(to, rt, def, rows->rows.data[i].value, div);
	}
	text_puts(to, "}}");
	add_keys(to, rt, def, rows, skip);
	end(to);
}

static void json_lost(struct rt *rt, const char *cause, const char *what, const char *where, uint64_t n)
{
	struct text *to = &rt->out.text;

	begin(to, "lost_events");
	text_printf(to, "{\"events\": %llu}, \"cause\": ", (unsigned long long)n);
	add_string(to, cause);
	if (what) {
		text_puts(to, ", \"name\": ");
		add_string(to, what);
	}
	if (*where) {
		text_puts(to, ", \"place\": ");
		add_string(to, where);
	}
	end(to);
}

const struct style style_json = {
	.attached = json_attached,
	.text = json_text,
	.value = json_value,
	.map = json_map,
	.lost = json_lost,
};
