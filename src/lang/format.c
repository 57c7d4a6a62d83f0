// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/format.h"

#include <ctype.h>
#include <string.h>

/* The conversions: letter, class, what it takes in words. */
static const struct conversion {
	char letter;
	enum format_class class;
	const char *wants;
} conversions[] = {
	{ 'd', FORMAT_INTEGER, "a number" },
	{ 'i', FORMAT_INTEGER, "a number" },
	{ 'u', FORMAT_INTEGER, "a number" },
	{ 'o', FORMAT_INTEGER, "a number" },
	{ 'x', FORMAT_INTEGER, "a number" },
	{ 'X', FORMAT_INTEGER, "a number" },
	{ 'c', FORMAT_INTEGER, "a number" },
	{ 'C', FORMAT_INTEGER, "a number" },
	{ 'p', FORMAT_POINTER, "a pointer or a number" },
	{ 's', FORMAT_TEXT, "a string" },
	{ 'S', FORMAT_TEXT, "a string" },
	{ 'a', FORMAT_KADDR, "a kernel address" },
	{ 'A', FORMAT_UADDR, "a user address" },
	{ 'Y', FORMAT_TIME, "a time in ns since 1970" },
	{ 'T', FORMAT_TIME, "a time in ns since 1970" },
	{ 'k', FORMAT_STACK, "a stack" },
	{ 'r', FORMAT_BYTES, "a buffer" },
	{ 'v', FORMAT_VALUE, "a value" },
	{ 'e', FORMAT_FLOATING, "a floating-point number" },
	{ 'E', FORMAT_FLOATING, "a floating-point number" },
	{ 'f', FORMAT_FLOATING, "a floating-point number" },
	{ 'F', FORMAT_FLOATING, "a floating-point number" },
	{ 'g', FORMAT_FLOATING, "a floating-point number" },
	{ 'G', FORMAT_FLOATING, "a floating-point number" },
};

enum { WIDTH_MAX = 4096 };

struct scan {
	const char *text;
	size_t pos, len;
	struct format_error *error;
};

/* The conversion from its '%' to the character at pos, unless that is none to show. */
static bool fail(struct scan *s, size_t from, const char *text)
{
	bool shown = s->pos < s->len && (unsigned char)s->text[s->pos] > ' ';

	if (s->error)
		*s->error = (struct format_error){ from, s->pos + shown - from, text };
	return false;
}

static int peek(const struct scan *s)
{
	return s->pos < s->len ? (unsigned char)s->text[s->pos] : -1;
}

static unsigned flag_of(int c)
{
	switch (c) {
	case '-':
		return FORMAT_MINUS;
	case '+':
		return FORMAT_PLUS;
	case ' ':
		return FORMAT_SPACE;
	case '0':
		return FORMAT_ZERO;
	case '#':
		return FORMAT_ALT;
	case '\'':
		return FORMAT_GROUP;
	case '@':
		return FORMAT_AGG;
	default:
		return 0;
	}
}

/* A number, '*' or (width only) '?', which stands for a pointer's 16 digits. */
static bool scan_number(struct scan *s, size_t from, int *out)
{
	if (peek(s) == '*') {
		s->pos++;
		*out = FORMAT_STAR;
		return true;
	}
	if (peek(s) == '?') {
		s->pos++;
		*out = 16;
		return true;
	}
	if (!isdigit(peek(s)))
		return true;
	*out = 0;
	for (; isdigit(peek(s)); s->pos++)
		if (*out <= WIDTH_MAX)
			*out = *out * 10 + (peek(s) - '0');
	return *out <= WIDTH_MAX || fail(s, from, "is wider than 4096");
}

static bool scan_conversion(struct scan *s, size_t from, struct format_piece *p)
{
	int c = peek(s);

	if (c <= ' ')
		return fail(s, from, "has no conversion letter");
	if (c == 'n')
		return fail(s, from, "is not a conversion of printf here");
	for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]); i++) {
		if (conversions[i].letter == c) {
			p->conv = (char)c;
			p->class = conversions[i].class;
			s->pos++;
			return true;
		}
	}
	return fail(s, from, "is not a conversion");
}

/* From the '%' on. '@' may stand anywhere among flags and width. */
static bool scan_piece(struct scan *s, struct format_piece *p)
{
	size_t from = s->pos++;
	unsigned flag;

	p->width = p->precision = FORMAT_NONE;
	while ((flag = flag_of(peek(s)))) {
		p->flags |= flag;
		s->pos++;
	}
	if (!scan_number(s, from, &p->width))
		return false;
	if (peek(s) == '@') {
		p->flags |= FORMAT_AGG;
		s->pos++;
	}
	if (peek(s) == '$')
		return fail(s, from, "names its argument by number, which is not possible here");
	if (peek(s) == '.') {
		s->pos++;
		p->precision = 0;
		if (!scan_number(s, from, &p->precision))
			return false;
	}
	if (peek(s) == '@') {
		p->flags |= FORMAT_AGG;
		s->pos++;
	}
	for (; peek(s) > 0 && strchr("hlLjztqw", peek(s)); s->pos++)
		if (peek(s) == 'h')
			p->bytes = p->bytes ? 1 : 2;
	if (!scan_conversion(s, from, p))
		return false;
	/* buffers as hexadecimal digits: %rx all bytes as \x61, %rh as 61 62 */
	if (p->conv == 'r' && (peek(s) == 'x' || peek(s) == 'h')) {
		p->flags |= peek(s) == 'x' ? FORMAT_ALT : FORMAT_GROUP;
		s->pos++;
	}
	p->text = s->text + from;
	p->len = s->pos - from;
	return true;
}

static void number_args(struct format *f, struct format_piece *p)
{
	if (p->width == FORMAT_STAR)
		p->width_arg = f->nargs++;
	if (p->precision == FORMAT_STAR)
		p->precision_arg = f->nargs++;
	if (!(p->flags & FORMAT_AGG))
		p->arg = f->nargs++;
}

static void add_text(struct arena *a, struct format *f, const char *text, size_t len)
{
	struct format_piece *p;

	if (!len)
		return;
	p = arena_vec_add(a, &f->pieces);
	*p = (struct format_piece){ .text = text, .len = len };
}

bool format_parse(struct arena *a, const char *text, size_t len, struct format *f, struct format_error *error)
{
	struct scan s = { .text = text, .len = len, .error = error };
	size_t begin = 0;

	*f = (struct format){ .text = text, .len = len };
	while (s.pos < len) {
		struct format_piece piece = { 0 };

		if (text[s.pos] != '%') {
			s.pos++;
			continue;
		}
		if (s.pos + 1 < len && text[s.pos + 1] == '%') {
			/* the first '%' belongs to the text, the second is left out */
			add_text(a, f, text + begin, s.pos + 1 - begin);
			begin = s.pos += 2;
			continue;
		}
		add_text(a, f, text + begin, s.pos - begin);
		if (!scan_piece(&s, &piece))
			return false;
		number_args(f, &piece);
		*arena_vec_add(a, &f->pieces) = piece;
		begin = s.pos;
	}
	add_text(a, f, text + begin, len - begin);
	return true;
}

bool type_shows_text(const struct type *t)
{
	if (t->kind == TYPE_STRING || t->kind == TYPE_STACK || t->kind == TYPE_BUF || t->kind == TYPE_ENUM)
		return true;
	if (t->kind != TYPE_INT)
		return false;
	switch (t->show) {
	case SHOW_NUMBER:
	case SHOW_CHAR:
	case SHOW_HEX:
	case SHOW_NS:
		return false;
	default:
		return true;
	}
}

bool format_takes(const struct format_piece *p, const struct type *t)
{
	switch (p->class) {
	case FORMAT_INTEGER:
	case FORMAT_POINTER:
		return type_is_scalar(t) || type_is_place(t);
	case FORMAT_KADDR:
	case FORMAT_UADDR:
		return type_is_scalar(t) || type_is_place(t);
	case FORMAT_TIME:
		return type_is_int(t);
	case FORMAT_TEXT:
		return type_shows_text(t);
	case FORMAT_STACK:
		return t->kind == TYPE_STACK;
	case FORMAT_BYTES:
		return t->kind == TYPE_BUF || t->kind == TYPE_STRING;
	case FORMAT_VALUE:
		return t->kind != TYPE_VOID;
	case FORMAT_FLOATING:
		return type_is_floating(t);
	}
	return false;
}

const char *format_wants(const struct format_piece *p)
{
	for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]); i++)
		if (conversions[i].letter == p->conv)
			return conversions[i].wants;
	return "nothing";
}
