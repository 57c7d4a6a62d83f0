// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/sort.h"

#include "runtime/aggregate.h"
#include "runtime/run.h"
#include "runtime/stacks.h"

#include <string.h>

static bool is_d(const struct rt *rt)
{
	return rt->opts && rt->opts->style == RT_DTRACE;
}

static bool is_target(const struct type *t)
{
	return t->kind == TYPE_INT && t->show >= SHOW_FUNC && t->show <= SHOW_PROBENAME;
}

/* What is a name to the reader is in the order of the names. */
static int compare_shown(const struct rt *rt, const struct value *x, const struct value *y)
{
	struct text a = { 0 }, b = { 0 };
	int order;

	value_text(&a, rt->image, x);
	value_text(&b, rt->image, y);
	text_putc(&a, 0);
	text_putc(&b, 0);
	order = strcmp(a.data, b.data);
	text_deinit(&a);
	text_deinit(&b);
	return order;
}

static int compare_numbers(int64_t m, int64_t n, bool is_signed)
{
	if (is_signed)
		return m < n ? -1 : m > n;
	return (uint64_t)m < (uint64_t)n ? -1 : (uint64_t)m > (uint64_t)n;
}

static int compare_values(const struct rt *rt, const struct value *x, const struct value *y)
{
	const struct type *type = x->type;

	if (type->kind == TYPE_STRING)
		return strncmp(x->bytes, y->bytes, x->size < y->size ? x->size : y->size);
	if (type->kind == TYPE_STACK)
		return stack_compare(x, y);
	if (!type_is_scalar(type))
		return memcmp(x->bytes, y->bytes, x->size < y->size ? x->size : y->size);
	if (is_target(type))
		return compare_shown(rt, x, y);
	return compare_numbers(value_int(x), value_int(y), type->is_signed && !is_d(rt));
}

/* From part `first` on, round to the one before it. */
static int compare_parts(const struct rt *rt, const struct value *p, const struct value *q, unsigned n, unsigned first)
{
	int order = 0;

	for (unsigned i = 0; i < n && !order; i++)
		order = compare_values(rt, &p[(first + i) % n], &q[(first + i) % n]);
	return order;
}

int compare_keys(const struct rt *rt, const struct var_def *a_def, const void *a, const struct var_def *b_def,
		 const void *b)
{
	struct value p[MAX_KEY_PARTS], q[MAX_KEY_PARTS];
	unsigned n = key_values(a_def, a, p), m = key_values(b_def, b, q);

	return compare_parts(rt, p, q, n < m ? n : m, rt->dtrace.agg_key < n ? rt->dtrace.agg_key : 0);
}

int compare_cells(const struct rt *rt, const struct var_def *def, const void *a, const void *b)
{
	const unsigned size = def->cell_size ? def->cell_size : 8;
	const struct value x = { def->value, a, size }, y = { def->value, b, size };

	if (def->value->kind != TYPE_AGG)
		return compare_values(rt, &x, &y);
	if (!is_d(rt))
		return agg_compare(def->value, a, b);
	return compare_numbers(agg_number(def->value, a), agg_number(def->value, b), true);
}

struct sorting {
	const struct rt *rt;
	const struct var_def *def;
	bool by_key;
};

static int compare_rows(const void *a, const void *b, void *data)
{
	const struct sorting *s = data;
	const struct row *x = a, *y = b;
	int order = s->by_key ? 0 : compare_cells(s->rt, s->def, x->value, y->value);

	return order ? order : compare_keys(s->rt, s->def, x->key, s->def, y->key);
}

static int compare_reversed(const void *a, const void *b, void *data)
{
	return compare_rows(b, a, data);
}

void sort_rows(const struct rt *rt, const struct var_def *def, struct table *rows)
{
	struct sorting s = { rt, def, false };

	table_sort(rows, compare_rows, &s);
}

void sort_for_print(const struct rt *rt, const struct var_def *def, struct table *rows)
{
	struct sorting s = { rt, def, rt->dtrace.by_key };

	table_sort(rows, rt->dtrace.reversed ? compare_reversed : compare_rows, &s);
}
