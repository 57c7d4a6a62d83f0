/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that grows: what is printed is put together here and written out when a drain is done. */
#ifndef RUNTIME_TEXT_H
#define RUNTIME_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The zeroed struct is an empty text. It does not end in 0. */
struct text {
	char *data;
	size_t len, cap;
};

void text_deinit(struct text *t);
/* Room for n more bytes behind the end; the caller fills it and adds to len. */
char *text_room(struct text *t, size_t n);
void text_add(struct text *t, const char *s, size_t n);
void text_puts(struct text *t, const char *s);
void text_putc(struct text *t, char c);
void text_fill(struct text *t, char c, size_t n);
void text_printf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_u64(struct text *t, uint64_t v);
void text_s64(struct text *t, int64_t v);
/* Adds n bytes of s right-aligned (left-aligned if left) in width columns. Columns are characters (UTF-8), not bytes. */
void text_field(struct text *t, const char *s, size_t n, size_t width, bool left);
/* The columns that n bytes of s take. */
size_t text_columns(const char *s, size_t n);

#endif
