// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/printa.h"

#include "runtime/printf.h"
#include "runtime/sort.h"
#include "runtime/style.h"

#include <stdlib.h>

/* One variable's row before rows are brought together. */
struct entry {
	unsigned var;
	const struct row *row;
};

struct joining {
	struct rt *rt;
	struct arena arena;
	struct joined joined;
	struct table *tables;
	VEC(struct entry) entries;
};

static void start(struct joining *x, const unsigned *ids, unsigned n)
{
	x->joined.n = n;
	x->joined.defs = arena_array(&x->arena, const struct var_def *, n);
	x->joined.normals = arena_array(&x->arena, int64_t, n);
	x->tables = arena_array(&x->arena, struct table, n);
	for (unsigned i = 0; i < n; i++) {
		x->joined.defs[i] = vars_def(x->rt, ids[i]);
		x->joined.normals[i] = vars_normal(x->rt, ids[i]);
		vars_snapshot(x->rt, ids[i], &x->tables[i]);
		for (unsigned r = 0; vars_has_rows(x->rt, ids[i], &x->tables[i]) && r < x->tables[i].rows.len; r++)
			*vec_add(&x->entries) = (struct entry){ i, &x->tables[i].rows.data[r] };
	}
}

static int by_key(const void *a, const void *b, void *data)
{
	const struct entry *x = a, *y = b;
	struct joining *j = data;
	int order = compare_keys(j->rt, j->joined.defs[x->var], x->row->key, j->joined.defs[y->var], y->row->key);

	return order ? order : x->var < y->var ? -1 : x->var > y->var;
}

static bool same_key(struct joining *x, const struct entry *a, const struct joined_row *row)
{
	return !compare_keys(x->rt, x->joined.defs[a->var], a->row->key, row->def, row->key);
}

static void add_row(struct joining *x, const struct entry *e)
{
	struct joined_row *row = arena_vec_add(&x->arena, &x->joined.rows);

	row->key = e->row->key;
	row->def = x->joined.defs[e->var];
	row->cells = arena_array(&x->arena, const void *, x->joined.n);
	for (unsigned i = 0; i < x->joined.n; i++)
		row->cells[i] = arena_alloc(&x->arena, x->tables[i].value_size);
}

static void bring_together(struct joining *x)
{
	if (x->entries.len)
		qsort_r(x->entries.data, x->entries.len, sizeof(struct entry), by_key, x);
	vec_foreach(e, &x->entries) {
		struct joined *j = &x->joined;

		if (!j->rows.len || !same_key(x, e, &j->rows.data[j->rows.len - 1]))
			add_row(x, e);
		j->rows.data[j->rows.len - 1].cells[e->var] = e->row->value;
	}
}

static int by_value(const void *a, const void *b, void *data)
{
	const struct joined_row *x = a, *y = b;
	const struct joining *j = data;
	unsigned first = j->rt->dtrace.agg < j->joined.n ? j->rt->dtrace.agg : 0;
	int order = 0;

	for (unsigned i = 0; i < j->joined.n && !order && !j->rt->dtrace.by_key; i++) {
		unsigned n = (first + i) % j->joined.n;

		order = compare_cells(j->rt, j->joined.defs[n], x->cells[n], y->cells[n]);
	}
	if (!order)
		order = compare_keys(j->rt, x->def, x->key, y->def, y->key);
	return j->rt->dtrace.reversed ? -order : order;
}

static void print_rows(struct rt *rt, struct text *to, const struct format *format, const struct joined *j)
{
	struct text made = { 0 };

	for (unsigned i = 0; i < j->rows.len; i++) {
		struct value keys[MAX_KEY_PARTS];
		unsigned n = key_values(j->rows.data[i].def, j->rows.data[i].key, keys);

		made.len = 0;
		format_print_row(&made, rt, format, keys, n, j, i);
		if (rt->style->text)
			rt->style->text(rt, to, "printf", made.data, made.len, keys, n);
		else
			text_add(to, made.data, made.len);
	}
	text_deinit(&made);
}

void printa(struct rt *rt, struct text *to, const struct format *format, const unsigned *ids, unsigned n)
{
	struct joining x = { .rt = rt };

	if (!format && !rt->style->joined) {
		for (unsigned i = 0; i < n; i++)
			vars_print(rt, to, ids[i], 0, 1);
		return;
	}
	start(&x, ids, n);
	bring_together(&x);
	if (x.joined.rows.len)
		qsort_r(x.joined.rows.data, x.joined.rows.len, sizeof(struct joined_row), by_value, &x);
	if (format)
		print_rows(rt, to, format, &x.joined);
	else
		rt->style->joined(rt, to, &x.joined);
	for (unsigned i = 0; i < n; i++)
		table_deinit(&x.tables[i]);
	vec_free(&x.entries);
	arena_deinit(&x.arena);
}
