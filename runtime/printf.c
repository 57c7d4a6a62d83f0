// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/printf.h"

#include "runtime/aggregate.h"
#include "runtime/graph.h"
#include "runtime/printa.h"
#include "runtime/run.h"
#include "runtime/stacks.h"
#include "runtime/symbols.h"

#include <string.h>

enum { PRINTF_INDENT = 8 };

/* A conversion with its width and precision known. */
struct conversion {
	bool by_bytes;			/* as D: widths count bytes, not characters; %p has no 0x; no digits are grouped */
	const struct format_piece *piece;
	unsigned flags;
	int width, precision;		/* precision < 0: none */
};

static uint64_t truncated(const struct value *v)
{
	unsigned size = v->type->kind == TYPE_INT || v->type->kind == TYPE_ENUM ? v->type->size : 8;
	uint64_t n = (uint64_t)value_int(v);

	return size && size < 8 ? n & ((1ull << 8 * size) - 1) : n;
}

static unsigned digits_of(char *end, uint64_t n, unsigned base, const char *set)
{
	unsigned len = 0;

	for (; n; n /= base)
		end[-(int)++len] = set[n % base];
	return len;
}

/* 1234567 → 1,234,567 in place before end. */
static unsigned group(char *end, unsigned len)
{
	char plain[32];
	unsigned out = 0;

	memcpy(plain, end - len, len);
	for (unsigned i = 0; i < len; i++) {
		if (i && i % 3 == 0)
			end[-(int)++out] = ',';
		end[-(int)++out] = plain[len - 1 - i];
	}
	return out;
}

static void add_number(struct text *t, const struct conversion *c, const char *prefix, const char *digits, unsigned len)
{
	int zeros = c->precision > (int)len ? c->precision - (int)len : 0;
	int blanks = c->width - (int)strlen(prefix) - zeros - (int)len;

	if (blanks > 0 && (c->flags & FORMAT_ZERO) && !(c->flags & FORMAT_MINUS) && c->precision < 0) {
		zeros += blanks;
		blanks = 0;
	}
	if (blanks > 0 && !(c->flags & FORMAT_MINUS))
		text_fill(t, ' ', (size_t)blanks);
	text_puts(t, prefix);
	text_fill(t, '0', (size_t)zeros);
	text_add(t, digits, len);
	if (blanks > 0 && (c->flags & FORMAT_MINUS))
		text_fill(t, ' ', (size_t)blanks);
}

/* With the sign of its type; %u has none. */
static void print_decimal(struct text *t, const struct conversion *c, const struct value *v)
{
	bool is_signed = v->type->is_signed && c->piece->conv != 'u', negative = is_signed && value_int(v) < 0;
	uint64_t n = is_signed ? (uint64_t)value_int(v) : truncated(v);
	char buf[64], *end = buf + sizeof(buf);
	unsigned len = digits_of(end, negative ? -n : n, 10, "0123456789");
	const char *sign = negative ? "-" : !is_signed ? "" : c->flags & FORMAT_PLUS ? "+" : c->flags & FORMAT_SPACE ? " " : "";

	if (!len && c->precision)
		end[-(int)++len] = '0';
	if ((c->flags & FORMAT_GROUP) && !c->by_bytes)
		len = group(end, len);
	add_number(t, c, sign, end - len, len);
}

static void print_based(struct text *t, const struct conversion *c, const struct value *v, unsigned base, const char *prefix,
			const char *set)
{
	char buf[72], *end = buf + sizeof(buf);
	uint64_t n = truncated(v);
	unsigned len = digits_of(end, n, base, set);

	if (!len && c->precision)
		end[-(int)++len] = '0';
	if (base == 8 && (c->flags & FORMAT_ALT) && (!len || end[-(int)len] != '0'))
		end[-(int)++len] = '0';
	add_number(t, c, (c->flags & FORMAT_ALT) && n ? prefix : "", end - len, len);
}

static void print_floating(struct text *t, const struct conversion *c, const struct value *v)
{
	static const struct { unsigned flag; char letter; } flags[] = {
		{ FORMAT_MINUS, '-' }, { FORMAT_PLUS, '+' }, { FORMAT_SPACE, ' ' }, { FORMAT_ZERO, '0' }, { FORMAT_ALT, '#' },
	};
	char format[16] = "%";
	size_t n = 1;

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (c->flags & flags[i].flag)
			format[n++] = flags[i].letter;
	snprintf(format + n, sizeof(format) - n, "*.*L%c", c->piece->conv);
	text_printf(t, format, c->width, c->precision, value_floating(v));
}

static void print_pointer(struct text *t, const struct conversion *c, const struct value *v)
{
	char buf[72], *end = buf + sizeof(buf);
	unsigned len = digits_of(end, (uint64_t)value_int(v), 16, "0123456789abcdef");

	if (!len)
		end[-(int)++len] = '0';
	add_number(t, c, c->by_bytes ? "" : "0x", end - len, len);
}

static void print_text(struct text *t, const struct conversion *c, const char *s, size_t n)
{
	if (c->precision >= 0 && (size_t)c->precision < n)
		n = (size_t)c->precision;
	if (c->width <= 0 || (c->by_bytes && n >= (size_t)c->width)) {
		text_add(t, s, n);
	} else if (c->by_bytes) {
		text_fill(t, ' ', c->flags & FORMAT_MINUS ? 0 : (size_t)c->width - n);
		text_add(t, s, n);
		text_fill(t, ' ', c->flags & FORMAT_MINUS ? (size_t)c->width - n : 0);
	}
	else
		text_field(t, s, n, (size_t)c->width, c->flags & FORMAT_MINUS);
}

/* As a string of C would be written. */
static void add_as_literal(struct text *t, const char *s, size_t n)
{
	static const char names[] = "\aa\bb\tt\nn\vv\ff\rr\\\\\"\"";

	for (size_t i = 0; i < n; i++) {
		const char *name = NULL;

		for (const char *p = names; *p && !name; p += 2)
			name = *p == s[i] ? p : NULL;
		if (name)
			text_printf(t, "\\%c", name[1]);
		else if (s[i] >= ' ' && s[i] < 0x7f)
			text_putc(t, s[i]);
		else
			text_printf(t, "\\%03o", (unsigned char)s[i]);
	}
}

static void print_char(struct text *t, const struct conversion *c, const struct value *v)
{
	char ch = (char)value_int(v);
	struct text shown = { 0 };

	if (c->piece->conv == 'c') {
		print_text(t, c, &ch, 1);
		return;
	}
	add_as_literal(&shown, &ch, 1);
	print_text(t, c, shown.data, shown.len);
	text_deinit(&shown);
}

/* What a value shows itself as, padded. */
static void print_shown(struct text *t, const struct image *image, const struct conversion *c, const struct value *v)
{
	struct text shown = { 0 };

	value_text(&shown, image, v);
	print_text(t, c, shown.data, shown.len);
	text_deinit(&shown);
}

static void print_escaped(struct text *t, const struct conversion *c, const struct value *v)
{
	struct text shown = { 0 };

	if (c->by_bytes)
		add_as_literal(&shown, v->bytes, value_strlen(v));
	else
		text_escaped(&shown, v->bytes, value_strlen(v));
	print_text(t, c, shown.data, shown.len);
	text_deinit(&shown);
}

/* A width is the indentation. */
static void print_stack(struct text *t, const struct conversion *c, const struct value *v)
{
	unsigned indent = c->width > 0 ? (unsigned)c->width : 0;

	if (c->by_bytes) {
		text_stack_dtrace(t, v, indent ? indent : DTRACE_STACK_INDENT);
		return;
	}
	text_putc(t, '\n');
	text_stack(t, v, indent ? indent : PRINTF_INDENT);
}

static void print_string(struct text *t, const struct image *image, const struct conversion *c, const struct value *v)
{
	if (v->type->kind == TYPE_STACK && !type_is_place(v->type))
		print_stack(t, c, v);
	else if (v->type->kind != TYPE_STRING)
		print_shown(t, image, c, v);
	else if (c->piece->conv == 'S')
		print_escaped(t, c, v);
	else
		print_text(t, c, v->bytes, value_strlen(v));
}

static void print_integer(struct text *t, const struct conversion *c, const struct value *v)
{
	switch (c->piece->conv) {
	case 'x':
		print_based(t, c, v, 16, "0x", "0123456789abcdef");
		break;
	case 'X':
		print_based(t, c, v, 16, "0X", "0123456789ABCDEF");
		break;
	case 'o':
		print_based(t, c, v, 8, "", "01234567");
		break;
	case 'c': case 'C':
		print_char(t, c, v);
		break;
	default:
		print_decimal(t, c, v);
	}
}

static void print_time(struct text *t, const struct conversion *c, const struct value *v)
{
	struct text shown = { 0 };

	text_time(&shown, c->piece->conv == 'Y' ? "%Y %b %e %H:%M:%S" : "%a, %d %b %G %T %Z", (uint64_t)value_int(v));
	print_text(t, c, shown.data, shown.len);
	text_deinit(&shown);
}

static void print_place(struct text *t, const struct conversion *c, const struct value *v)
{
	struct text shown = { 0 };

	text_place(&shown, v, true);
	print_text(t, c, shown.data, shown.len);
	text_deinit(&shown);
}

static void print_address(struct text *t, const struct conversion *c, const struct value *v)
{
	struct text shown = { 0 };

	if (c->piece->class == FORMAT_UADDR)
		text_user_address(&shown, (uint64_t)value_int(v));
	else
		text_kernel_symbol(&shown, (uint64_t)value_int(v), v->type->show == SHOW_KMOD ? SYMBOL_MODULE : SYMBOL_FULL);
	print_text(t, c, shown.data, shown.len);
	text_deinit(&shown);
}

/* A string up to its 0, a buffer whole. */
static void print_bytes(struct text *t, const struct image *image, const struct conversion *c, const struct value *v)
{
	size_t n = v->type->kind == TYPE_STRING ? value_strlen(v) : value_buflen(v);
	struct text shown = { 0 };

	if (!(c->flags & (FORMAT_ALT | FORMAT_GROUP)))
		value_text(&shown, image, v);
	else
		for (size_t i = 0; i < n; i++)
			text_printf(&shown, c->flags & FORMAT_ALT ? "\\x%02x" : i ? " %02x" : "%02x",
				    ((const unsigned char *)v->bytes)[i]);
	print_text(t, c, shown.data, shown.len);
	text_deinit(&shown);
}

static void print_value(struct text *t, const struct image *image, const struct conversion *c, const struct value *v)
{
	bool as_number = type_is_place(v->type) && (c->piece->class == FORMAT_INTEGER || c->piece->class == FORMAT_POINTER);
	const uint64_t address = as_number ? place_address(v) : 0;
	const struct value number = { &type_u64, &address, sizeof(address) };

	if (as_number)
		v = &number;
	switch (c->piece->class) {
	case FORMAT_INTEGER:
		print_integer(t, c, v);
		break;
	case FORMAT_KADDR:
	case FORMAT_UADDR:
		if (v->type->kind == TYPE_STACK)
			print_place(t, c, v);
		else
			print_address(t, c, v);
		break;
	case FORMAT_POINTER:
		print_pointer(t, c, v);
		break;
	case FORMAT_TEXT:
		print_string(t, image, c, v);
		break;
	case FORMAT_TIME:
		print_time(t, c, v);
		break;
	case FORMAT_STACK:
		print_stack(t, c, v);
		break;
	case FORMAT_BYTES:
		print_bytes(t, image, c, v);
		break;
	case FORMAT_FLOATING:
		print_floating(t, c, v);
		break;
	case FORMAT_VALUE:
		print_shown(t, image, c, v);
		break;
	}
}

static int number_of(const struct value *args, int given, unsigned arg)
{
	int64_t n;

	if (given != FORMAT_STAR || !args)
		return given == FORMAT_STAR ? 0 : given;
	n = value_int(&args[arg]);
	return n > 1 << 20 ? 1 << 20 : n < -(1 << 20) ? -(1 << 20) : (int)n;
}

static void resolve(struct conversion *c, const struct format_piece *p, const struct value *args)
{
	c->piece = p;
	c->flags = p->flags;
	c->width = p->width == FORMAT_NONE ? 0 : number_of(args, p->width, p->width_arg);
	c->precision = number_of(args, p->precision, p->precision_arg);
	if (c->width < 0) {
		c->width = -c->width;
		c->flags |= FORMAT_MINUS;
	}
}

void format_print(struct text *t, const struct image *image, const struct format *f, const struct value *args)
{
	struct conversion c = { .by_bytes = image->d_text };

	vec_foreach(p, &f->pieces) {
		if (!p->conv) {
			text_add(t, p->text, p->len);
			continue;
		}
		resolve(&c, p, args);
		print_value(t, image, &c, &args[p->arg]);
	}
}

static void print_aggregation(struct text *t, const struct rt *rt, const struct conversion *c, const struct type *agg,
			      const void *cell, int64_t normal)
{
	const struct type number = { .kind = TYPE_INT, .size = 8, .is_signed = agg_is_signed(agg) || rt->image->d_text };
	int64_t n;

	if (agg_is_histogram(agg)) {
		graph_print(t, agg, cell, normal, rt->dtrace.zoom);
		return;
	}
	n = agg_number(agg, cell);
	n = agg_divided(n, number.is_signed, normal);
	print_value(t, rt->image, c, &(struct value){ &number, &n, sizeof(n) });
}

/* A variable that holds plain values is printed as they are. */
static void print_cell(struct text *t, const struct rt *rt, const struct conversion *c, const struct joined *j, unsigned var,
		       unsigned row)
{
	const struct var_def *def = j->defs[var];
	const void *cell = j->rows.data[row].cells[var];

	if (def->value->kind == TYPE_AGG)
		print_aggregation(t, rt, c, def->value, cell, j->normals[var]);
	else
		print_value(t, rt->image, c, &(struct value){ def->value, cell, def->cell_size ? def->cell_size : 8 });
}

void format_print_row(struct text *t, const struct rt *rt, const struct format *f, const struct value *keys,
		      unsigned nkeys, const struct joined *j, unsigned row)
{
	struct conversion c = { .by_bytes = rt->image->d_text };
	unsigned key = 0, var = 0;

	vec_foreach(p, &f->pieces) {
		if (!p->conv) {
			text_add(t, p->text, p->len);
			continue;
		}
		resolve(&c, p, NULL);
		if (p->flags & FORMAT_AGG) {
			print_cell(t, rt, &c, j, var, row);
			var += var + 1 < j->n;
		} else if (key < nkeys) {
			print_value(t, rt->image, &c, &keys[key++]);
		}
	}
}
