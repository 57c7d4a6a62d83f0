// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/text.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_deinit(struct text *t)
{
	free(t->data);
	*t = (struct text){ 0 };
}

char *text_room(struct text *t, size_t n)
{
	if (t->cap - t->len < n) {
		t->cap = 2 * t->cap > t->len + n ? 2 * t->cap : t->len + n + 256;
		t->data = xrealloc(t->data, t->cap);
	}
	return t->data + t->len;
}

void text_add(struct text *t, const char *s, size_t n)
{
	if (!n)
		return;
	memcpy(text_room(t, n), s, n);
	t->len += n;
}

void text_puts(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void text_putc(struct text *t, char c)
{
	*text_room(t, 1) = c;
	t->len++;
}

void text_fill(struct text *t, char c, size_t n)
{
	if (!n)
		return;
	memset(text_room(t, n), c, n);
	t->len += n;
}

void text_printf(struct text *t, const char *fmt, ...)
{
	size_t room = 120;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text_room(t, room), room, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n >= room) {
		room = (size_t)n + 1;
		va_start(ap, fmt);
		n = vsnprintf(text_room(t, room), room, fmt, ap);
		va_end(ap);
	}
	if (n > 0)
		t->len += (size_t)n;
}

void text_u64(struct text *t, uint64_t v)
{
	char digits[20];
	unsigned i = sizeof(digits);

	do
		digits[--i] = (char)('0' + v % 10);
	while (v /= 10);
	text_add(t, digits + i, sizeof(digits) - i);
}

void text_s64(struct text *t, int64_t v)
{
	if (v < 0)
		text_putc(t, '-');
	text_u64(t, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

size_t text_columns(const char *s, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n; i++)
		columns += ((unsigned char)s[i] & 0xc0) != 0x80;
	return columns;
}

void text_field(struct text *t, const char *s, size_t n, size_t width, bool left)
{
	size_t columns = text_columns(s, n), blanks = width > columns ? width - columns : 0;

	if (!left)
		text_fill(t, ' ', blanks);
	text_add(t, s, n);
	if (left)
		text_fill(t, ' ', blanks);
}
