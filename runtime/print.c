// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The default style, for a person at a terminal: keys left, values right, the biggest last. What takes several lines (a
 * block) is set off by an empty line. On a terminal tables and bars are made to fit its width; nothing is cut off.
 */
#include "base/term.h"
#include "runtime/aggregate.h"
#include "runtime/histogram.h"
#include "runtime/stacks.h"
#include "runtime/style.h"

#include <ctype.h>
#include <string.h>

enum { LINE_WIDTH = 40, MIN_KEY = 12, HISTOGRAM_WIDTH = 21, BAR = 40, MIN_BAR = 8, STACK_INDENT = 6, VALUE_INDENT = 4, MAX_COLUMNS = MAX_KEY_PARTS + 5 };

static bool has_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (unsigned i = 0; i < 3; i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strstr(value, "UTF-8") || strstr(value, "utf8") || strstr(value, "UTF8") ||
			       strstr(value, "utf-8");
	}
	return false;
}

static void begin_block(struct rt *rt, struct text *to)
{
	if (to->len || (to == &rt->out.text && rt->out.written))
		text_putc(to, '\n');
}

static void end_block(struct rt *rt, struct text *to)
{
	if (to == &rt->out.text)
		rt->out.block_end = rt->out.written + to->len;
}

static void begin_line(struct rt *rt, struct text *to)
{
	if (to == &rt->out.text && rt->out.block_end && rt->out.block_end == rt->out.written + to->len)
		text_putc(to, '\n');
}

/* A number of an aggregation, in the form of what was aggregated. */
static void add_number(struct text *t, const struct rt *rt, const struct type *agg, int64_t n, int64_t div)
{
	const struct type *of = agg->agg == AGG_COUNT ? NULL : agg->target;
	const struct type type = {
		.kind = TYPE_INT, .size = 8, .is_signed = agg_is_signed(agg), .show = of && of->kind == TYPE_INT ? of->show : SHOW_NUMBER,
	};
	const struct value v = { &type, &n, sizeof(n) };

	n = agg_divided(n, type.is_signed, div);
	value_text(t, rt->image, &v);
}

/* Takes lines of its own. */
static bool is_stack_type(const struct type *t)
{
	return t->kind == TYPE_STACK && !type_is_place(t);
}

/* --- columns --- */

/* A table's texts, row by row, and how wide its columns are. */
struct sheet {
	struct text text;
	VEC(size_t) ends;		/* of each text */
	unsigned columns;
	size_t width[MAX_COLUMNS];
};

static void sheet_deinit(struct sheet *s)
{
	text_deinit(&s->text);
	vec_free(&s->ends);
}

/* What was added to s->text is the next column's text. */
static void sheet_next(struct sheet *s)
{
	size_t begin = s->ends.len ? s->ends.data[s->ends.len - 1] : 0;
	size_t width = text_columns(s->text.data + begin, s->text.len - begin);
	unsigned column = s->ends.len % s->columns;

	if (width > s->width[column])
		s->width[column] = width;
	*vec_add(&s->ends) = s->text.len;
}

/* A text that is longer than its column stands whole all the same, and its row goes on below. */
static void sheet_print_row(const struct sheet *s, struct text *to, unsigned row, unsigned keys)
{
	size_t column = 0;

	for (unsigned c = 0; c < s->columns; c++) {
		unsigned n = row * s->columns + c;
		size_t begin = n ? s->ends.data[n - 1] : 0, len = s->ends.data[n] - begin;
		bool last = c == s->columns - 1;

		text_fill(to, ' ', 2);
		text_field(to, s->text.data + begin, len, last && c < keys ? 0 : s->width[c], c < keys);
		column += 2 + s->width[c];
		if (!last && text_columns(s->text.data + begin, len) > s->width[c]) {
			text_putc(to, '\n');
			text_fill(to, ' ', column);
		}
	}
	text_putc(to, '\n');
}

static const char *const stats_names[STATS_NUMBERS] = { "count", "average", "total", "min", "max" };

static void add_stat(struct text *t, const struct rt *rt, const struct type *agg, const int64_t *numbers, unsigned i,
		     int64_t div)
{
	if (i == 0)
		text_u64(t, (uint64_t)numbers[0]);
	else
		add_number(t, rt, agg, numbers[i], div);
}

static void sheet_values(struct sheet *s, const struct rt *rt, const struct var_def *def, const struct row *row,
			 int64_t div)
{
	const struct value v = { def->value, row->value, def->cell_size };
	int64_t numbers[STATS_NUMBERS];

	if (is_stack_type(def->value))
		return;
	if (def->value->kind != TYPE_AGG) {
		value_text(&s->text, rt->image, &v);
		sheet_next(s);
	} else if (def->value->agg != AGG_STATS) {
		add_number(&s->text, rt, def->value, agg_number(def->value, row->value), div);
		sheet_next(s);
	} else {
		agg_stats(def->value, row->value, numbers);
		for (unsigned i = 0; i < STATS_NUMBERS; i++) {
			add_stat(&s->text, rt, def->value, numbers, i, div);
			sheet_next(s);
		}
	}
}

static void sheet_row(struct sheet *s, const struct rt *rt, const struct var_def *def, const struct row *row, int64_t div)
{
	struct value parts[MAX_KEY_PARTS];
	unsigned n = key_values(def, row->key, parts);

	for (unsigned i = 0; i < n; i++) {
		if (is_stack_type(parts[i].type))
			continue;
		value_text(&s->text, rt->image, &parts[i]);
		sheet_next(s);
	}
	sheet_values(s, rt, def, row, div);
}

static size_t sheet_width(const struct sheet *s)
{
	size_t width = 0;

	for (unsigned c = 0; c < s->columns; c++)
		width += 2 + s->width[c];
	return width;
}

/* Values end in the same column in all tables whose keys are short; `alone`: there are nothing but values. */
static void widen(struct sheet *s, bool alone, unsigned columns)
{
	size_t width = sheet_width(s), wanted = columns < LINE_WIDTH ? columns : LINE_WIDTH;

	if (width < wanted && (s->columns > 1 || !alone))
		s->width[s->columns - 1] += wanted - width;
}

/* The widest columns of keys give way until a row fits. */
static void narrow(struct sheet *s, unsigned keys, unsigned columns)
{
	for (size_t width = sheet_width(s); width > columns; width--) {
		unsigned widest = 0;

		for (unsigned c = 1; c < keys; c++)
			if (s->width[c] > s->width[widest])
				widest = c;
		if (!keys || s->width[widest] <= MIN_KEY)
			break;
		s->width[widest]--;
	}
}

static bool is_stack(const struct value *v)
{
	return is_stack_type(v->type);
}

static unsigned count_stacks(const struct value *parts, unsigned n)
{
	unsigned stacks = 0;

	for (unsigned i = 0; i < n; i++)
		stacks += is_stack(&parts[i]);
	return stacks;
}

/* The stacks among the values, one below the other, with a line between them. */
static void print_stacks(struct text *to, const struct value *parts, unsigned n, unsigned indent)
{
	size_t begin = to->len, before;

	for (unsigned i = 0; i < n; i++) {
		if (!is_stack(&parts[i]))
			continue;
		before = to->len;
		if (to->len > begin) {
			text_fill(to, ' ', indent);
			text_puts(to, "--\n");
		}
		if (!text_stack(to, &parts[i], indent))
			to->len = before;
	}
	if (to->len == begin) {
		text_fill(to, ' ', indent);
		text_puts(to, "[no stack]\n");
	}
}

static void print_row_stacks(struct text *to, const struct var_def *def, const struct row *row)
{
	struct value parts[MAX_KEY_PARTS + 1];
	unsigned n = key_values(def, row->key, parts);

	parts[n] = (struct value){ def->value, row->value, def->cell_size };
	print_stacks(to, parts, n + 1, STACK_INDENT);
}

/* The map's name, and what its keys are. */
static void print_heading(struct rt *rt, struct text *to, const struct var_def *def)
{
	text_puts(to, term_look(rt->out.fd, TERM_BOLD));
	text_puts(to, def->name);
	if (def->key_names)
		text_printf(to, "[%s]", def->key_names);
	text_puts(to, term_look(rt->out.fd, TERM_PLAIN));
}

static void print_table(struct rt *rt, struct text *to, const struct var_def *def, const struct table *rows, unsigned skip,
			int64_t div)
{
	struct sheet s = { 0 };
	struct value parts[MAX_KEY_PARTS];
	unsigned n = rows->rows.len ? key_values(def, rows->rows.data[0].key, parts) : 0, first = 0;
	unsigned keys = n - count_stacks(parts, n), columns = term_columns(rt->out.fd);
	bool stacks = keys < n || is_stack_type(def->value);
	bool stats = def->value->kind == TYPE_AGG && def->value->agg == AGG_STATS;

	s.columns = keys + (stats ? STATS_NUMBERS : !is_stack_type(def->value));
	if (stats) {
		for (unsigned i = 0; i < s.columns; i++) {
			text_puts(&s.text, i < keys ? "" : stats_names[i - keys]);
			sheet_next(&s);
		}
		first = 1;
	}
	for (unsigned i = skip; i < rows->rows.len; i++)
		sheet_row(&s, rt, def, &rows->rows.data[i], div);
	if (!is_stack_type(def->value))
		widen(&s, !stacks, columns);
	narrow(&s, keys, columns);
	begin_block(rt, to);
	print_heading(rt, to, def);
	text_putc(to, '\n');
	for (unsigned i = 0; i < rows->rows.len - skip + first; i++) {
		sheet_print_row(&s, to, i, keys);
		if (!stacks || i < first)
			continue;
		print_row_stacks(to, def, &rows->rows.data[skip + i - first]);
		if (skip + i - first + 1 < rows->rows.len)
			text_putc(to, '\n');
	}
	end_block(rt, to);
	sheet_deinit(&s);
}

/* --- histograms --- */

/* The columns that bars have where a line may have so many, beside those of a row and the bar's ends. */
static unsigned bar_columns(const struct sheet *s, unsigned columns)
{
	size_t others = sheet_width(s) + 4;

	if (others + BAR <= columns)
		return BAR;
	return others + MIN_BAR < columns ? columns - (unsigned)others : MIN_BAR;
}

static void print_buckets(const struct rt *rt, struct text *to, const struct type *agg, const uint64_t *cell, int64_t div)
{
	struct sheet s = { .columns = 2 };
	unsigned first = 0, last = 0, end, bar;
	int64_t most = 0;
	bool utf8 = has_utf8();

	end = histogram_range(agg, cell, &first, &last) ? last + 1 : 0;
	for (unsigned i = first; i < end; i++) {
		int64_t count = agg_divided((int64_t)cell[i], true, div);

		most = count > most ? count : most;
		histogram_label(&s.text, agg, i);
		sheet_next(&s);
		text_s64(&s.text, count);
		sheet_next(&s);
	}
	if (4 + s.width[0] + s.width[1] < HISTOGRAM_WIDTH)
		s.width[1] = HISTOGRAM_WIDTH - 4 - s.width[0];
	bar = bar_columns(&s, term_columns(rt->out.fd));
	for (unsigned i = first; i < end; i++) {
		sheet_print_row(&s, to, i - first, 1);
		to->len--;	/* the newline */
		text_puts(to, "  |");
		histogram_bar(to, bar, agg_divided((int64_t)cell[i], true, div), most, utf8);
		text_puts(to, "|\n");
	}
	sheet_deinit(&s);
}

static void print_histogram(struct rt *rt, struct text *to, const struct var_def *def, const struct row *row, int64_t div)
{
	struct value parts[MAX_KEY_PARTS];
	unsigned n = key_values(def, row->key, parts);
	const char *before = " ";

	begin_block(rt, to);
	print_heading(rt, to, def);
	text_putc(to, ':');
	for (unsigned i = 0; i < n; i++) {
		if (is_stack(&parts[i]))
			continue;
		text_puts(to, before);
		value_text(to, rt->image, &parts[i]);
		before = ", ";
	}
	text_putc(to, '\n');
	if (count_stacks(parts, n))
		print_stacks(to, parts, n, STACK_INDENT);
	print_buckets(rt, to, def->value, row->value, div);
	end_block(rt, to);
}

/* --- the style --- */

static void print_line(struct rt *rt, struct text *to, const struct var_def *def, const struct row *row, int64_t div)
{
	const struct value v = { def->value, row->value, def->cell_size };
	int64_t numbers[STATS_NUMBERS];

	begin_line(rt, to);
	print_heading(rt, to, def);
	text_puts(to, ": ");
	if (is_stack_type(def->value)) {
		text_putc(to, '\n');
		print_stacks(to, &v, 1, STACK_INDENT);
		return;
	}
	if (def->value->kind != TYPE_AGG) {
		value_text(to, rt->image, &v);
	} else if (def->value->agg != AGG_STATS) {
		add_number(to, rt, def->value, agg_number(def->value, row->value), div);
	} else {
		agg_stats(def->value, row->value, numbers);
		for (unsigned i = 0; i < STATS_NUMBERS; i++) {
			text_printf(to, "%s%s ", i ? ", " : "", stats_names[i]);
			add_stat(to, rt, def->value, numbers, i, div);
		}
	}
	text_putc(to, '\n');
}

static void print_map(struct rt *rt, struct text *to, const struct var_def *def, const struct table *rows, unsigned skip,
		      int64_t div)
{
	static const uint64_t nothing[4];

	if (def->value->kind == TYPE_AGG && agg_is_histogram(def->value))
		for (unsigned i = skip; i < rows->rows.len; i++)
			print_histogram(rt, to, def, &rows->rows.data[i], div);
	else if (rows->key_size)
		print_table(rt, to, def, rows, skip, div);
	else
		print_line(rt, to, def, rows->rows.len ? &rows->rows.data[0] : &(struct row){ "", (void *)nothing }, div);
}

/* What the script prints itself is not escaped. */
static void print_value(struct rt *rt, struct text *to, const struct value *v, bool newline)
{
	if (v->type->kind == TYPE_STRING)
		text_add(to, v->bytes, value_strlen(v));
	else if (is_stack_type(v->type))
		print_stacks(to, v, 1, VALUE_INDENT);
	else
		value_text(to, rt->image, v);
	if (newline)
		text_putc(to, '\n');
}

const struct style style_text = {
	.value = print_value,
	.map = print_map,
};
