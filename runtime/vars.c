// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Variables: what is in the kernel is read, or taken out so that the kernel counts on from nothing; what was taken and
 * still belongs to the variable is kept here. Everything that forgets is a taking, followed by forgetting here:
 *
 *	keyed, swapped		another map is put in its place, and when no program uses the old one any more it is emptied
 *	cells of each CPU	what they hold is remembered and subtracted from then on; extremes are exchanged for "none"
 *	shared			exchanged for 0
 *
 * so that what is printed before each forgetting adds up exactly to what happened.
 */
#include "runtime/vars.h"

#include "runtime/aggregate.h"
#include "runtime/alike.h"
#include "runtime/sort.h"
#include "runtime/stacks.h"
#include "runtime/style.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

enum { BATCH_BYTES = 4 << 20, BATCH_MAX = 4096, BATCH_MIN = 64 };

struct var_state {
	const struct var_def *def;
	struct table kept;		/* taken out of the kernel, and not forgotten */
	bool held;			/* kept is what the variable was at this instant; the kernel's contents came after */
	bool shown;			/* was printed or forgotten before */
	bool existed;			/* something was in it since its keys were forgotten last */
	bool in_printa;			/* was printed by printa: D does not print it again */
	uint64_t waiting;		/* def->sampled: entries that there can be since they were taken out last */
	uint64_t digest;		/* of what was printed last */
	int64_t normal;
	char *base;			/* cells in the kernel: what was in them when they were taken last */
};

static bool is_agg(const struct var_def *def)
{
	return def->value && def->value->kind == TYPE_AGG;
}

static unsigned value_size(const struct var_def *def)
{
	return def->cell_size ? def->cell_size : 8;
}

static unsigned key_size(const struct var_def *def)
{
	return def->storage == VAR_MAP && def->key ? def->map->key_size : 0;
}

static unsigned round8(unsigned n)
{
	return (n + 7) & ~7u;
}

int vars_init(struct rt *rt)
{
	rt->vars = arena_array(rt->image->arena, struct var_state, rt->image->vars.len);
	for (unsigned i = 0; i < rt->image->vars.len; i++) {
		struct var_state *v = &rt->vars[i];

		v->def = rt->image->vars.data[i];
		v->normal = 1;
		v->shown = v->def->deleted;
		table_init(&v->kept, key_size(v->def), value_size(v->def));
	}
	return 0;
}

void vars_deinit(struct rt *rt)
{
	for (unsigned i = 0; rt->vars && i < rt->image->vars.len; i++) {
		table_deinit(&rt->vars[i].kept);
		free(rt->vars[i].base);
	}
	alike_deinit(rt);
}

/* --- rows --- */

/* Adds a value to the row of its key: cells are merged, of other values the later one stands. */
static void add_value(const struct var_def *def, struct table *rows, const void *key, const void *value)
{
	struct row *row;
	bool made;

	row = table_add(rows, key, &made);
	if (is_agg(def))
		agg_merge(def->value, row->value, value);
	else
		memcpy(row->value, value, rows->value_size);
}

static void add_rows(const struct var_def *def, struct table *to, const struct table *from)
{
	vec_foreach(row, &from->rows)
		add_value(def, to, row->key, row->value);
}

/* --- reading maps --- */

struct batch {
	struct rt *rt;
	const struct var_def *def;
	struct table *rows;
	int fd;
	bool percpu, empty;		/* empty: entries are taken out of the map */
	bool raw;			/* keys as they are in the kernel: to find them there */
	unsigned value_size;		/* of one entry, all CPUs */
	unsigned count;
	char *keys, *values;
};

/* Entries of a map that is emptied again and again are gathered here, where there is room for as many keys as there. */
static bool has_no_room(const struct batch *b, const char *key)
{
	const struct map_def *map = b->def->map;

	if (!b->def->sampled || b->rows->rows.len < b->def->room || table_find(b->rows, key))
		return false;
	if (map->drops >= 0)
		__atomic_fetch_add((uint64_t *)(b->rt->data + map->drops), 1, __ATOMIC_RELAXED);
	return true;
}

static void add_entry(const struct batch *b, char *key, const char *value)
{
	unsigned cpus = b->percpu ? b->rt->ncpus : 1, stride = round8(b->def->map->value_size);

	if (!b->raw)
		key_merge(b->rt, b->def, key);
	if (!b->raw && has_no_room(b, key))
		return;
	table_add(b->rows, key, NULL);
	for (unsigned cpu = 0; cpu < cpus; cpu++)
		for (unsigned cell = 0; cell < b->def->cells; cell++)
			add_value(b->def, b->rows, key, value + cpu * stride + cell * b->def->cell_size);
}

static void batch_resize(struct batch *b, unsigned count)
{
	b->count = count;
	b->keys = xrealloc(b->keys, (size_t)count * b->def->map->key_size);
	b->values = xrealloc(b->values, (size_t)count * b->value_size);
}

static int read_batches(struct batch *b)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	uint32_t from = 0, next = 0;
	bool first = true;
	unsigned n;
	int err;

	for (;;) {
		n = b->count;
		err = (b->empty ? bpf_map_lookup_and_delete_batch : bpf_map_lookup_batch)(
			b->fd, first ? NULL : &from, &next, b->keys, b->values, &n, &opts);
		if (err && errno == ENOSPC) {
			batch_resize(b, 2 * b->count);
			continue;
		}
		if (err && errno != ENOENT)
			return -1;
		for (unsigned i = 0; i < n; i++)
			add_entry(b, b->keys + (size_t)i * b->def->map->key_size, b->values + (size_t)i * b->value_size);
		if (err)
			return 0;
		from = next;
		first = false;
	}
}

/* Adds all entries of the map with that descriptor. */
static void read_entries(struct rt *rt, const struct var_def *def, int fd, bool empty, bool raw, struct table *rows)
{
	struct batch b = {
		.rt = rt, .def = def, .rows = rows, .fd = fd, .empty = empty, .raw = raw, .percpu = def->map->kind == MAP_PERCPU_HASH,
	};
	unsigned count;

	b.value_size = b.percpu ? round8(def->map->value_size) * rt->ncpus : def->map->value_size;
	count = BATCH_BYTES / (b.value_size + def->map->key_size);
	batch_resize(&b, count > BATCH_MAX ? BATCH_MAX : count < BATCH_MIN ? BATCH_MIN : count);
	if (read_batches(&b))
		rt_refused(rt, def->span, errno, "batch operations on maps (Linux 5.6)", "cannot read %s", def->name);
	free(b.keys);
	free(b.values);
}

static void read_map(struct rt *rt, const struct var_def *def, int fd, bool empty, struct table *rows)
{
	read_entries(rt, def, fd, empty, false, rows);
}

static int map_fd(const struct rt *rt, const struct map_def *map)
{
	return map_is_inner(map) ? rt->maps[map->index].inner : rt->maps[map->index].fd;
}

static void take_map(struct rt *rt, const struct var_def *def, struct table *rows)
{
	struct rt_map *m = &rt->maps[def->map->index];

	if (!def->map->swapped)
		read_map(rt, def, m->fd, true, rows);
	else if (map_swap(rt, def->map))
		rt->end = END_FAILED;
	else
		read_map(rt, def, m->spare, true, rows);
}

/* --- reading cells --- */

/* The place of a cell in the kernel's memory. Shared aggregations have one. */
static char *cell_at(const struct rt *rt, const struct var_def *def, unsigned cpu, unsigned cell)
{
	const struct map_def *map = def->map;
	char *memory = rt->maps[map->index].memory;

	if (def->storage == VAR_DATA)
		return rt->data + def->offset;
	return memory + map->percpu_base + (size_t)cpu * map->stride + def->offset + (size_t)cell * def->cell_size;
}

static unsigned cell_cpus(const struct rt *rt, const struct var_def *def)
{
	return def->storage == VAR_PERCPU ? rt->ncpus : 1;
}

static void copy_cell(uint64_t *to, const char *from, unsigned size)
{
	const uint64_t *words = (const uint64_t *)from;

	for (unsigned i = 0; i < size / 8; i++)
		to[i] = __atomic_load_n(&words[i], __ATOMIC_RELAXED);
}

/* Adds what is in a cell since it was read with take last. Those that programs read, which all share, are empty then. */
static void read_cell(const struct var_def *def, char *cell, char *base, bool take, struct table *rows)
{
	uint64_t *raw = xmalloc(def->cell_size), *since = xmalloc(def->cell_size);
	bool whole = true, shared = def->storage == VAR_DATA;

	if (take)
		agg_take(def->value, shared, (uint64_t *)cell, raw);
	else
		copy_cell(raw, cell, def->cell_size);
	memcpy(since, raw, def->cell_size);
	if (base)
		agg_subtract(def->value, since, (uint64_t *)base);
	if (take)
		whole = agg_rebase(def->value, shared, (uint64_t *)base, raw, since);
	if (whole)
		add_value(def, rows, "", since);
	free(raw);
	free(since);
}

/* With take, all that is in the cells is remembered as having been read. */
static void read_cells(struct rt *rt, struct var_state *v, bool take, struct table *rows)
{
	const struct var_def *def = v->def;
	unsigned cpus = cell_cpus(rt, def), size = def->cell_size;

	if (take && !v->base)
		v->base = xcalloc((size_t)cpus * def->cells, size);
	for (unsigned i = 0; i < cpus * def->cells; i++)
		read_cell(def, cell_at(rt, def, i / def->cells, i % def->cells), v->base ? v->base + (size_t)i * size : NULL, take,
			  rows);
}

static void take_shared(struct rt *rt, const struct var_def *def, bool take, struct table *rows)
{
	uint64_t *words = (uint64_t *)(rt->data + def->offset), *copy = xmalloc(value_size(def));

	for (unsigned i = 0; i < value_size(def) / 8; i++)
		copy[i] = take ? __atomic_exchange_n(&words[i], 0, __ATOMIC_SEQ_CST) :
				 __atomic_load_n(&words[i], __ATOMIC_SEQ_CST);
	add_value(def, rows, "", copy);
	free(copy);
}

/* Adds what the kernel has of the variable; with take, it has nothing then. */
static void read_kernel(struct rt *rt, struct var_state *v, bool take, struct table *rows)
{
	const struct var_def *def = v->def;

	if (!def->map)
		return;
	if (def->storage == VAR_MAP && take)
		take_map(rt, def, rows);
	else if (def->storage == VAR_MAP)
		read_map(rt, def, map_fd(rt, def->map), false, rows);
	else if (is_agg(def))
		read_cells(rt, v, take, rows);
	else if (def->storage == VAR_DATA)
		take_shared(rt, def, take, rows);
}

/* --- keys --- */

unsigned key_values(const struct var_def *def, const void *key, struct value *parts)
{
	unsigned n = def->storage == VAR_MAP && def->key ? def->map->key.len : 0;
	const struct type *types[MAX_KEY_PARTS];

	if (!n || n > MAX_KEY_PARTS || key_types(def->key, types, 0) != n)
		return 0;
	for (unsigned i = 0; i < n; i++) {
		const struct key_field *f = &def->map->key.data[i];

		parts[i] = (struct value){ types[i], (const char *)key + f->offset, f->size };
	}
	return n;
}

unsigned key_types(const struct type *key, const struct type **types, unsigned n)
{
	if (key->kind != TYPE_TUPLE) {
		if (n < MAX_KEY_PARTS)
			types[n] = key;
		return n + 1;
	}
	for (unsigned i = 0; i < key->nparts; i++)
		n = key_types(key->parts[i], types, n);
	return n;
}

/* --- stacks that are in no row any more --- */

static bool has_stack(const struct type *type)
{
	const struct type *parts[MAX_KEY_PARTS];
	unsigned n = type ? key_types(type, parts, 0) : 0;

	for (unsigned i = 0; i < n && i < MAX_KEY_PARTS; i++)
		if (parts[i]->kind == TYPE_STACK)
			return true;
	return n > MAX_KEY_PARTS;
}

/* Whether all stacks that the script keeps are in keys that are taken out of the kernel. */
static bool stacks_are_keys(const struct rt *rt)
{
	for (unsigned i = 0; i < rt->image->vars.len; i++) {
		const struct var_state *v = &rt->vars[i];

		if (has_stack(v->def->value) || (has_stack(v->def->key) && !v->def->sampled) || v->held)
			return false;
	}
	return true;
}

static void keep_stacks(const struct var_def *def, const struct table *rows)
{
	vec_foreach(row, &rows->rows) {
		struct value parts[MAX_KEY_PARTS];
		unsigned n = key_values(def, row->key, parts);
		uint64_t number;

		for (unsigned i = 0; i < n; i++) {
			if (parts[i].type->kind != TYPE_STACK)
				continue;
			memcpy(&number, parts[i].bytes, sizeof(number));
			stacks_keep(number);
		}
	}
}

static void forget_stacks(struct rt *rt)
{
	if (!stacks_are_many() || !stacks_are_keys(rt))
		return;
	for (unsigned i = 0; i < rt->image->vars.len; i++) {
		struct var_state *v = &rt->vars[i];

		if (!v->def->sampled)
			continue;
		v->waiting = 0;
		read_kernel(rt, v, true, &v->kept);
		keep_stacks(v->def, &v->kept);
	}
	stacks_forget();
}

void vars_tend(struct rt *rt)
{
	const uint64_t samples = stacks_sampled();

	for (unsigned i = 0; i < rt->image->vars.len; i++) {
		struct var_state *v = &rt->vars[i];

		v->waiting += samples;
		if (!v->def->sampled || v->held || v->waiting < v->def->map->entries / 4)
			continue;
		v->waiting = 0;
		read_kernel(rt, v, true, &v->kept);
	}
	forget_stacks(rt);
}

/* --- what the script does with them --- */

static bool is_empty(const struct var_def *def, const struct table *rows)
{
	if (!is_agg(def) || key_size(def))
		return !rows->rows.len;
	return !rows->rows.len || agg_is_empty(def->value, rows->rows.data[0].value);
}

/* One without keys that is no aggregation always has a value: 0 where nothing was assigned, or not since it was cleared. */
static bool is_zero(const struct var_def *def, const struct table *rows)
{
	const char *value;

	if (is_agg(def) || key_size(def) || !rows->rows.len)
		return false;
	value = rows->rows.data[0].value;
	for (unsigned i = 0; i < rows->value_size; i++)
		if (value[i])
			return false;
	return true;
}

/* All there is of the variable now. */
static void snapshot(struct rt *rt, struct var_state *v, struct table *rows)
{
	table_init(rows, key_size(v->def), value_size(v->def));
	add_rows(v->def, rows, &v->kept);
	if (!v->held)
		read_kernel(rt, v, false, rows);
	v->existed |= !is_empty(v->def, rows);
}

/* A count or a sum of nothing is 0; of the others nothing can be said, unless they were set to 0. */
static bool says_something(const struct var_state *v, const struct table *rows)
{
	return !is_empty(v->def, rows) || (!key_size(v->def) && is_agg(v->def) && (v->existed || v->def->value->agg <= AGG_SUM));
}

static bool is_d(const struct rt *rt)
{
	return rt->opts && rt->opts->style == RT_DTRACE;
}

/* The copy that is printed of numbers that are no aggregations: styles know only of those that they are divided. */
static void divide(const struct var_def *def, struct table *rows, int64_t div)
{
	if (def->value->kind != TYPE_INT || rows->value_size < sizeof(div) || div == 1)
		return;
	vec_foreach(row, &rows->rows) {
		int64_t n;

		memcpy(&n, row->value, sizeof(n));
		n = agg_divided(n, def->value->is_signed, div);
		memcpy(row->value, &n, sizeof(n));
	}
}

/* What normalize() and print() divide by together. Out of range, the greatest does. */
static int64_t divisor(int64_t normal, int64_t div)
{
	int64_t both;

	return __builtin_mul_overflow(normal, div ? div : 1, &both) ? INT64_MAX : both;
}

static void show(struct rt *rt, struct text *to, struct var_state *v, struct table *rows, int64_t top, int64_t div)
{
	unsigned n = rows->rows.len;

	v->digest = table_digest(rows);
	v->shown = true;
	if (is_d(rt) ? !vars_has_rows(rt, v->def->id, rows) : !says_something(v, rows))
		return;
	sort_for_print(rt, v->def, rows);
	div = divisor(v->normal, div);
	divide(v->def, rows, div);
	rt->style->map(rt, to, v->def, rows, top > 0 && top < n ? n - (unsigned)top : 0, div);
}

/* A cell without a key is there from the first update on, until it is forgotten. */
bool vars_has_rows(const struct rt *rt, unsigned id, const struct table *rows)
{
	const struct var_state *v = &rt->vars[id];

	/* D has nothing but aggregations; what is none of them is in no clause that runs */
	if (is_d(rt) && !is_agg(v->def))
		return false;
	return key_size(v->def) || !is_agg(v->def) ? rows->rows.len : v->existed;
}

void vars_snapshot(struct rt *rt, unsigned id, struct table *rows)
{
	struct var_state *v = &rt->vars[id];

	snapshot(rt, v, rows);
	v->digest = table_digest(rows);
	v->shown = v->in_printa = true;
}

const struct var_def *vars_def(const struct rt *rt, unsigned id)
{
	return rt->vars[id].def;
}

int64_t vars_normal(const struct rt *rt, unsigned id)
{
	return rt->vars[id].normal;
}

void vars_print(struct rt *rt, struct text *to, unsigned id, int64_t top, int64_t div)
{
	struct var_state *v = &rt->vars[id];
	struct table rows;

	snapshot(rt, v, &rows);
	show(rt, to, v, &rows, top, div);
	table_deinit(&rows);
}

static void print_row(struct rt *rt, struct text *to, const struct var_state *v, const struct row *row)
{
	struct table one;

	table_init(&one, key_size(v->def), value_size(v->def));
	memcpy(table_add(&one, row->key, NULL)->value, row->value, value_size(v->def));
	rt->style->map(rt, to, v->def, &one, 0, v->normal);
	table_deinit(&one);
}

/* As programs print what they read there themselves. */
static void print_number(struct rt *rt, struct text *to, const struct var_state *v, const struct row *row)
{
	const bool is_signed = agg_is_signed(v->def->value);
	int64_t n = row ? agg_number(v->def->value, row->value) : 0;
	const struct value value = { is_signed ? &type_s64 : &type_u64, &n, sizeof(n) };

	rt->style->value(rt, to, &value, true);
}

void vars_print_entry(struct rt *rt, struct text *to, unsigned id, const void *key)
{
	struct var_state *v = &rt->vars[id];
	char *merged = xmalloc(key_size(v->def));
	struct table rows;
	const struct row *row;

	snapshot(rt, v, &rows);
	memcpy(merged, key, key_size(v->def));
	key_merge(rt, v->def, merged);
	row = table_find(&rows, merged);
	if (agg_is_read(v->def->value))
		print_number(rt, to, v, row);
	else if (row)
		print_row(rt, to, v, row);
	free(merged);
	table_deinit(&rows);
}

/* In between: what is printed here is printed again at the end. */
void vars_print_all(struct rt *rt)
{
	for (unsigned i = 0; i < rt->image->vars.len; i++) {
		struct var_state *v = &rt->vars[i];
		const bool shown = v->shown;
		const uint64_t digest = v->digest;

		if (v->def->print_at_end)
			vars_print(rt, &rt->out.text, i, 0, 1);
		v->shown = shown;
		v->digest = digest;
	}
}

/* Whether there is something that was not shown yet. */
static bool has_news(const struct var_state *v, const struct table *rows)
{
	if (!v->shown)
		return true;
	if (is_empty(v->def, rows) || (!v->digest && is_zero(v->def, rows)))
		return false;
	return table_digest(rows) != v->digest;
}

static void print_rest(struct rt *rt, struct var_state *v)
{
	struct table rows;

	snapshot(rt, v, &rows);
	if (is_d(rt) ? !v->in_printa : has_news(v, &rows))
		show(rt, &rt->out.text, v, &rows, 0, 1);
	table_deinit(&rows);
}

void vars_print_end(struct rt *rt)
{
	for (unsigned i = 0; i < rt->image->vars.len; i++)
		if (rt->vars[i].def->print_at_end && !rt->out.gone)
			print_rest(rt, &rt->vars[i]);
}

/* Takes the contents out of the kernel, to those that were kept before. */
static void take(struct rt *rt, struct var_state *v)
{
	if (!v->held)
		read_kernel(rt, v, true, &v->kept);
	v->existed |= !is_empty(v->def, &v->kept);
	v->shown = true;
	v->digest = 0;
}

void vars_hold(struct rt *rt, unsigned id)
{
	struct var_state *v = &rt->vars[id];

	take(rt, v);
	v->held = true;
}

/* Programs read what is not aggregated. What a program has stored since then is newer. */
static void put_back(struct rt *rt, struct var_state *v)
{
	int fd = map_fd(rt, v->def->map);

	vec_foreach(row, &v->kept.rows)
		bpf_map_update_elem(fd, row->key, row->value, BPF_NOEXIST);
	table_clear(&v->kept);
}

void vars_release(struct rt *rt)
{
	for (unsigned i = 0; i < rt->image->vars.len; i++) {
		struct var_state *v = &rt->vars[i];

		if (v->held && !is_agg(v->def) && v->def->storage == VAR_MAP)
			put_back(rt, v);
		v->held = false;
	}
}

bool vars_trims_in_place(const struct rt *rt, unsigned id)
{
	const struct var_def *def = rt->vars[id].def;

	return !is_agg(def) && def->storage == VAR_MAP;
}

void vars_clear(struct rt *rt, unsigned id)
{
	take(rt, &rt->vars[id]);
	table_clear(&rt->vars[id].kept);
	rt->vars[id].existed = false;
}

/* Values that are not aggregated are seen by programs too, so it is the kernel's that are changed. */
static void zero_map(struct rt *rt, const struct var_def *def)
{
	int fd = map_fd(rt, def->map);
	void *zero = xcalloc(1, def->map->value_size);
	struct table rows;

	table_init(&rows, key_size(def), value_size(def));
	read_entries(rt, def, fd, false, true, &rows);
	vec_foreach(row, &rows.rows)
		bpf_map_update_elem(fd, row->key, zero, BPF_EXIST);
	table_deinit(&rows);
	free(zero);
}

void vars_zero(struct rt *rt, unsigned id)
{
	struct var_state *v = &rt->vars[id];

	if (!is_agg(v->def) && v->def->storage == VAR_MAP && !v->held) {
		zero_map(rt, v->def);
	} else {
		take(rt, v);
		vec_foreach(row, &v->kept.rows)
			memset(row->value, 0, v->kept.value_size);
	}
	if (!is_agg(v->def) && v->def->storage != VAR_MAP)
		table_clear(&v->kept);
	v->shown = false;
}

/* Keeps the n biggest rows of the table, or the -n smallest. */
static void trim(const struct rt *rt, const struct var_def *def, struct table *rows, int64_t n)
{
	struct table rest;
	unsigned len = rows->rows.len, first = n > 0 && n < len ? len - (unsigned)n : 0;
	unsigned end = n <= 0 ? (uint64_t)-n < len ? (unsigned)-n : len : len;

	sort_rows(rt, def, rows);
	table_init(&rest, rows->key_size, rows->value_size);
	for (unsigned i = first; i < end; i++)
		add_value(def, &rest, rows->rows.data[i].key, rows->rows.data[i].value);
	table_deinit(rows);
	*rows = rest;
}

static void trim_map(struct rt *rt, const struct var_def *def, int64_t n)
{
	int fd = map_fd(rt, def->map);
	struct table rows, rest;

	table_init(&rows, key_size(def), value_size(def));
	table_init(&rest, key_size(def), value_size(def));
	read_entries(rt, def, fd, false, true, &rows);
	add_rows(def, &rest, &rows);
	trim(rt, def, &rest, n);
	vec_foreach(row, &rows.rows)
		if (!table_find(&rest, row->key))
			bpf_map_delete_elem(fd, row->key);
	table_deinit(&rows);
	table_deinit(&rest);
}

void vars_trunc(struct rt *rt, unsigned id, int64_t n)
{
	struct var_state *v = &rt->vars[id];

	if (!n) {
		vars_clear(rt, id);
	} else if (!is_agg(v->def) && v->def->storage == VAR_MAP && !v->held) {
		trim_map(rt, v->def, n);
	} else if (key_size(v->def)) {
		take(rt, v);
		trim(rt, v->def, &v->kept, n);
	}
}

void vars_normalize(struct rt *rt, unsigned id, int64_t n)
{
	rt->vars[id].normal = n ? n : 1;
}
