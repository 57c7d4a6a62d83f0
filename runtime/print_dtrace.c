// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The style of dtrace(1), byte for byte: a heading once, a frame (CPU, probe) before what each firing of a clause printed, a newline
 * behind it. Where the implementations differ, Oracle's on Linux is followed.
 */
#include "runtime/aggregate.h"
#include "runtime/graph.h"
#include "runtime/packed.h"
#include "runtime/printa.h"
#include "runtime/stacks.h"
#include "runtime/style.h"
#include "runtime/symbols.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { TRACE_WIDTH = 33, KEY_WIDTH = 50, NARROW_WIDTH = 16, DUMP_ROW = 16, DUMP_MARGIN = 5 };

struct dtrace_state {
	bool has_heading;
	struct flow {			/* flowindent: of a CPU */
		unsigned depth, before;	/* before: what it was before the last firing */
		unsigned target, clause; /* that fired last; target: + 1 */
		bool may_change;	/* its frame is in rt->out.text, from begin to end, if no more is written by now than `written` */
		size_t begin, end;
		uint64_t written;
	} *flows;
};

static struct dtrace_state *state_of(struct rt *rt)
{
	if (!rt->dtrace_state) {
		rt->dtrace_state = arena_new(rt->image->arena, struct dtrace_state);
		rt->dtrace_state->flows = arena_array(rt->image->arena, struct flow, rt->ncpus + 1);
	}
	return rt->dtrace_state;
}

/* --- frames --- */

static void print_heading(struct rt *rt)
{
	struct text *to = &rt->out.text;

	if (rt->dtrace.quiet || state_of(rt)->has_heading)
		return;
	state_of(rt)->has_heading = true;
	if (rt->dtrace.testing)
		text_printf(to, "%32s\n", "FUNCTION:NAME");
	else if (rt->dtrace.flowindent)
		text_printf(to, "%3s %-41s\n", "CPU", "FUNCTION");
	else
		text_printf(to, "%3s %6s %32s\n", "CPU", "ID", "FUNCTION:NAME");
}

static bool ends_in(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len >= n && !strcmp(name + len - n, end) && (len == n || name[len - n - 1] == '-');
}

static void add_flow(struct rt *rt, struct text *to, const struct image_target *t, unsigned cpu, const char *arrow, unsigned depth)
{
	char *name = arena_printf(&rt->diag->arena, "%*s%s%s%s%s", (int)depth, "", arrow ? arrow : "| ", t->func, arrow ? "" : ":",
				  arrow ? "" : t->name);

	text_printf(to, "%3u %-41s ", cpu, name);
}

/* A probe is left by the last of its clauses: what was printed as leaving it was not yet, if another clause follows. */
static void take_back(struct rt *rt, struct flow *flow, unsigned cpu)
{
	struct text *out = &rt->out.text, rest = { 0 };
	size_t end;

	text_add(&rest, out->data + flow->end, out->len - flow->end);
	out->len = flow->begin;
	flow->depth = flow->before;
	add_flow(rt, out, &rt->image->targets.data[flow->target - 1], cpu, NULL, flow->depth);
	end = out->len;
	text_add(out, rest.data ? rest.data : "", rest.len);
	text_deinit(&rest);
	for (struct flow *f = state_of(rt)->flows; f <= state_of(rt)->flows + rt->ncpus; f++)
		if (f->begin > flow->begin) {
			f->begin += end - flow->end;
			f->end += end - flow->end;
		}
}

/* The first of the clauses on a probe enters it, the last leaves it. */
static void print_flow(struct rt *rt, struct text *to, const struct record_header *h, unsigned clause, const struct image_target *t)
{
	static const char *const arrows[2][2] = { { " -> ", " => " }, { " <- ", " <= " } };
	struct flow *flow = &state_of(rt)->flows[h->cpu < rt->ncpus ? h->cpu : rt->ncpus];
	bool again = flow->target == h->target + 1 && flow->clause != clause, is_call = !strcmp(t->prov, "syscall");
	bool enters = !again && ends_in(t->name, "entry"), leaves = ends_in(t->name, "return");

	if (leaves && again && flow->may_change && flow->written == rt->out.written && flow->end <= rt->out.text.len)
		take_back(rt, flow, h->cpu);
	flow->before = flow->depth;
	if (leaves)
		flow->depth -= flow->depth >= 2 ? 2 : 0;
	flow->begin = to->len;
	add_flow(rt, to, t, h->cpu, enters || leaves ? arrows[leaves][is_call] : NULL, flow->depth);
	flow->end = to->len;
	flow->may_change = leaves && to == &rt->out.text;
	flow->written = rt->out.written;
	if (enters)
		flow->depth += 2;
	flow->target = h->target + 1;
	flow->clause = clause;
}

static void print_begin(struct rt *rt, struct text *to, const struct record_header *h, unsigned clause)
{
	static const struct image_target unknown = { "", "", "", "", "", 0 };
	const struct image_target *t = h->target < rt->image->targets.len ? &rt->image->targets.data[h->target] : &unknown;
	char name[256];

	if (rt->dtrace.quiet)
		return;
	/* what is kept back may be forgotten, and the heading with it */
	if (to == &rt->out.text)
		print_heading(rt);
	if (rt->dtrace.flowindent && !rt->dtrace.testing) {
		print_flow(rt, to, h, clause, t);
		return;
	}
	snprintf(name, sizeof(name), "%s:%s", t->func, t->name);
	if (rt->dtrace.testing)
		text_printf(to, "%32s ", name);
	else
		text_printf(to, "%3d %6d %32s ", h->cpu, t->id, name);
}

static void print_end(struct rt *rt, struct text *to)
{
	if (!rt->dtrace.quiet)
		text_putc(to, '\n');
}

/* --- values --- */

static void print_dump(struct text *to, const unsigned char *bytes, unsigned n)
{
	static const char digits[] = "0123456789abcdef";

	text_printf(to, "\n%*s      ", DUMP_MARGIN, "");
	for (unsigned i = 0; i < DUMP_ROW; i++)
		text_printf(to, "  %c", digits[i]);
	text_printf(to, "  %s\n", digits);
	for (unsigned row = 0; row < n; row += DUMP_ROW) {
		text_printf(to, "%*s%5x:", DUMP_MARGIN, "", row);
		for (unsigned i = row; i < row + DUMP_ROW; i++) {
			if (i < n)
				text_printf(to, " %02x", bytes[i]);
			else
				text_puts(to, "   ");
		}
		text_puts(to, "  ");
		for (unsigned i = row; i < row + DUMP_ROW && i < n; i++)
			text_putc(to, bytes[i] >= ' ' && bytes[i] < 0x7f ? (char)bytes[i] : '.');
		text_putc(to, '\n');
	}
}

/* Text in a column; in quiet mode what is traced stands alone. */
static void print_column(struct text *to, const char *s, size_t n, unsigned width)
{
	if (width)
		text_puts(to, "  ");
	text_add(to, s, n);
	if (n < width)
		text_fill(to, ' ', width - n);
}

static void print_traced_number(struct text *to, const struct value *v, bool bare)
{
	static const int widths[] = { [1] = 3, [2] = 5, [4] = 10, [8] = 20 };
	unsigned size = v->type->kind == TYPE_POINTER ? 8 : v->type->size;
	int width = bare ? 0 : widths[size <= 8 ? size : 8] - (size == 8 && v->type->is_signed);
	int64_t n = value_int(v);

	if (!bare)
		text_putc(to, ' ');
	if (v->type->is_signed)
		text_printf(to, "%*lld", width, (long long)n);
	else
		text_printf(to, "%*llu", width, (unsigned long long)n);
}

/* As a key. */
static int number_width(const struct type *t)
{
	static const int widths[] = { [1] = 3, [2] = 5, [4] = 8, [8] = 16 };
	unsigned size = t->kind == TYPE_POINTER ? 8 : t->size;

	return widths[size <= 8 ? size : 8];
}

static void print_key_number(struct text *to, const struct value *v)
{
	text_printf(to, " %*lld", number_width(v->type), (long long)value_int(v));
}

/* Numbers that are printed as what they stand for. */
static bool is_shown(const struct type *t)
{
	if (t->kind != TYPE_INT)
		return t->kind == TYPE_STACK || type_is_floating(t) || (t->kind == TYPE_BUF && (t->show == SHOW_INET || t->show == SHOW_MAC));
	switch (t->show) {
	case SHOW_KSYM: case SHOW_USYM: case SHOW_KMOD: case SHOW_KFUNC: case SHOW_FUNC: case SHOW_PROBE: case SHOW_PROBEPROV:
	case SHOW_PROBEMOD: case SHOW_PROBENAME: case SHOW_INET4: case SHOW_USERNAME: case SHOW_GROUPNAME:
		return true;
	default:
		return false;
	}
}

static void add_shown(struct text *to, const struct rt *rt, const struct value *v)
{
	if (v->type->kind == TYPE_INT && (v->type->show == SHOW_KSYM || v->type->show == SHOW_KFUNC))
		text_kernel_symbol(to, (uint64_t)value_int(v), SYMBOL_NAME);
	else if (type_is_place(v->type))
		text_place(to, v, true);
	else if (v->type->kind == TYPE_STACK)
		text_stack_dtrace(to, v, rt->dtrace.stack_indent ? rt->dtrace.stack_indent : DTRACE_STACK_INDENT);
	else
		value_text(to, rt->image, v);
}

/* What sym(), usym() and the like give stands in its column in quiet mode, too. */
static bool is_symbol(const struct type *t)
{
	return type_is_place(t) || (t->kind == TYPE_INT && t->show >= SHOW_KSYM && t->show <= SHOW_KFUNC);
}

static void print_shown(struct text *to, const struct rt *rt, const struct value *v, unsigned width)
{
	struct text shown = { 0 };

	add_shown(&shown, rt, v);
	if (v->type->kind == TYPE_STACK && !type_is_place(v->type))
		width = 0;
	else if (is_symbol(v->type))
		width = KEY_WIDTH;
	print_column(to, shown.data ? shown.data : "", shown.len, width);
	text_deinit(&shown);
}

/* Bytes that are a text are printed as one. */
static bool is_printable(const struct value *v)
{
	const unsigned char *b = v->bytes;
	size_t n = value_strlen(v);

	if (!n || n == v->size)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isprint(b[i]) && !isspace(b[i]))
			return false;
	for (size_t i = n; i < v->size; i++)
		if (b[i])
			return false;
	return true;
}

/* caller and ucaller are numbers. */
static bool is_address(const struct type *t)
{
	return type_is_place(t) && t->is_address;
}

static void print_datum(struct rt *rt, struct text *to, const struct value *v, bool is_key)
{
	unsigned width = is_key ? KEY_WIDTH : rt->dtrace.quiet ? 0 : TRACE_WIDTH;

	const uint64_t address = is_address(v->type) ? place_address(v) : 0;
	const struct value number = { &type_u64, &address, sizeof(address) };
	bool is_raw = rt->dtrace.rawbytes || (v->type->kind == TYPE_BUF && v->type->show == SHOW_RAW);

	if (is_address(v->type))
		v = &number;
	if (v->type->kind == TYPE_STRING || (!is_raw && !is_shown(v->type) && !type_is_scalar(v->type) && is_printable(v)))
		print_column(to, v->bytes, value_strlen(v), width);
	else if (is_shown(v->type))
		print_shown(to, rt, v, width);
	else if (type_is_scalar(v->type) && is_key)
		print_key_number(to, v);
	else if (type_is_scalar(v->type))
		print_traced_number(to, v, rt->dtrace.quiet);
	else
		print_dump(to, v->bytes, v->size);
}

/* Options that may be set while a program runs, and need not be: output comes when it is there. */
static bool changes_nothing(const char *name)
{
	static const char *const names[] = {
		"aggpercpu", "aggrate", "cleanrate", "jstackframes", "jstackstrsize", "noresolve", "stackframes", "statusrate", "switchrate",
		"temporal", "ustackframes",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

bool style_dtrace_encode(struct rt_dtrace *d, const char *encoding)
{
	d->ascii = encoding && !strcmp(encoding, "ascii");
	d->utf8 = encoding && !strcmp(encoding, "utf8");
	return d->ascii || d->utf8;
}

bool style_dtrace_set(struct rt_dtrace *d, const char *name, const char *value)
{
	static const char *const no[] = { "0", "no", "off", "disable", "disabled", "unset", "false" };
	bool on = true;

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		on &= !value || strcasecmp(value, no[i]);
	if (!strcmp(name, "quiet"))
		d->quiet = on;
	else if (!strcmp(name, "flowindent"))
		d->flowindent = on;
	else if (!strcmp(name, "rawbytes"))
		d->rawbytes = on;
	else if (!strcmp(name, "aggzoom"))
		d->zoom = on;
	else if (!strcmp(name, "agghist"))
		d->bars = on;
	else if (!strcmp(name, "aggpack"))
		d->packed = on;
	else if (!strcmp(name, "encoding"))
		return style_dtrace_encode(d, value);
	else if (!strcmp(name, "aggsortkey"))
		d->by_key = on;
	else if (!strcmp(name, "aggsortrev"))
		d->reversed = on;
	else if (!strcmp(name, "aggsortkeypos"))
		d->agg_key = value ? (unsigned)atoi(value) : 0;
	else if (!strcmp(name, "aggsortpos"))
		d->agg = value ? (unsigned)atoi(value) : 0;
	else if (!strcmp(name, "droptags"))
		d->droptags = on;
	else if (!strcmp(name, "stackindent"))
		d->stack_indent = value ? (unsigned)atoi(value) : 0;
	else
		return changes_nothing(name);
	return true;
}

static void print_value(struct rt *rt, struct text *to, const struct value *v, bool newline)
{
	if (newline)
		value_typed(to, rt->image, v);
	else
		print_datum(rt, to, v, false);
}

/* --- aggregations --- */

static void print_keys(struct rt *rt, struct text *to, const struct var_def *def, const void *key)
{
	struct value parts[MAX_KEY_PARTS];
	unsigned n = key_values(def, key, parts);

	for (unsigned i = 0; i < n; i++)
		print_datum(rt, to, &parts[i], true);
}

static void print_cell(struct rt *rt, struct text *to, const struct var_def *def, const void *cell, int64_t normal)
{
	const struct value v = { def->value, cell, def->cell_size ? def->cell_size : 8 };

	if (def->value->kind != TYPE_AGG)
		print_datum(rt, to, &v, true);
	else if (agg_is_histogram(def->value))
		graph_print(to, def->value, cell, normal, rt->dtrace.zoom);
	else
		text_printf(to, " %16lld", (long long)agg_divided(agg_number(def->value, cell), true, normal));
}

/* With agghist and aggpack keys have narrower columns. */
static void print_narrow_keys(struct rt *rt, struct text *to, const struct var_def *def, const void *key)
{
	struct value parts[MAX_KEY_PARTS];
	unsigned n = key_values(def, key, parts);

	for (unsigned i = 0; i < n; i++) {
		if (parts[i].type->kind == TYPE_STRING)
			text_printf(to, " %*.*s", NARROW_WIDTH, (int)value_strlen(&parts[i]), (const char *)parts[i].bytes);
		else
			print_datum(rt, to, &parts[i], true);
	}
}

/* Of the columns of all keys; longer strings stand out. */
static int width_of_keys(const struct var_def *def, const void *key)
{
	struct value parts[MAX_KEY_PARTS];
	unsigned n = key_values(def, key, parts);
	int width = 0;

	for (unsigned i = 0; i < n; i++)
		width += 1 + (type_is_scalar(parts[i].type) && !is_shown(parts[i].type) ? number_width(parts[i].type) : NARROW_WIDTH);
	return width;
}

static void print_bars(struct rt *rt, struct text *to, const struct var_def *def, const struct table *rows, unsigned skip, int64_t div)
{
	struct graph_scale scale = { .normal = div ? div : 1 };
	int width = width_of_keys(def, rows->rows.data[skip].key);

	for (unsigned i = skip; i < rows->rows.len; i++)
		graph_scale_add(&scale, agg_number(def->value, rows->rows.data[i].value), rt->dtrace.zoom);
	graph_heading(to, width ? "key" : "value", width ? width : NARROW_WIDTH);
	for (unsigned i = skip; i < rows->rows.len; i++) {
		print_narrow_keys(rt, to, def, rows->rows.data[i].key);
		text_putc(to, ' ');
		graph_bar(to, &scale, agg_number(def->value, rows->rows.data[i].value));
	}
}

static void print_packed(struct rt *rt, struct text *to, const struct var_def *def, const struct table *rows, unsigned skip, int64_t div)
{
	bool ascii = rt->dtrace.ascii || (!rt->dtrace.utf8 && packed_is_ascii());
	struct packed_range range = { 0 };

	for (unsigned i = skip; i < rows->rows.len; i++)
		packed_range_add(&range, def->value, rows->rows.data[i].value);
	packed_heading(to, def->value, &range, width_of_keys(def, rows->rows.data[skip].key));
	for (unsigned i = skip; i < rows->rows.len; i++) {
		print_narrow_keys(rt, to, def, rows->rows.data[i].key);
		packed_row(to, def->value, &range, rows->rows.data[i].value, div, rt->dtrace.zoom, ascii);
	}
}

static bool is_counted(const struct type *t)
{
	return t->kind == TYPE_AGG && (t->agg == AGG_COUNT || t->agg == AGG_SUM);
}

static bool is_packable(const struct type *t)
{
	return t->kind == TYPE_AGG && (t->agg == AGG_QUANTIZE || t->agg == AGG_LQUANTIZE);
}

static void print_map(struct rt *rt, struct text *to, const struct var_def *def, const struct table *rows, unsigned skip,
		      int64_t div)
{
	if (rows->rows.len > skip && rt->dtrace.bars && is_counted(def->value)) {
		print_bars(rt, to, def, rows, skip, div);
		return;
	}
	if (rows->rows.len > skip && rt->dtrace.packed && is_packable(def->value)) {
		print_packed(rt, to, def, rows, skip, div);
		return;
	}
	for (unsigned i = skip; i < rows->rows.len; i++) {
		print_keys(rt, to, def, rows->rows.data[i].key);
		print_cell(rt, to, def, rows->rows.data[i].value, div);
		text_putc(to, '\n');
	}
}

static void print_alone(struct rt *rt, struct text *to, const struct joined *j)
{
	struct table rows = { 0 };

	vec_foreach(row, &j->rows)
		*vec_add(&rows.rows) = (struct row){ (void *)row->key, (void *)row->cells[0] };
	print_map(rt, to, j->defs[0], &rows, 0, j->normals[0]);
	table_deinit(&rows);
}

static void print_joined(struct rt *rt, struct text *to, const struct joined *j)
{
	text_putc(to, '\n');
	if (j->n == 1) {
		print_alone(rt, to, j);
		return;
	}
	for (unsigned i = 0; i < j->rows.len; i++) {
		const struct joined_row *row = &j->rows.data[i];

		print_keys(rt, to, row->def, row->key);
		for (unsigned var = 0; var < j->n; var++)
			print_cell(rt, to, j->defs[var], row->cells[var], j->normals[var]);
		text_putc(to, '\n');
	}
}

/* --- the run --- */

static void print_interrupted(struct rt *rt)
{
	if (!rt->dtrace.testing)
		text_putc(&rt->out.text, '\n');
}

static void print_closing(struct rt *rt)
{
	text_putc(&rt->out.text, '\n');
}

const struct style style_dtrace = {
	.heading = print_heading,
	.begin = print_begin,
	.end = print_end,
	.interrupted = print_interrupted,
	.closing = print_closing,
	.value = print_value,
	.map = print_map,
	.joined = print_joined,
};
