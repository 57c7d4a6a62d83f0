/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values as they lie in records, keys and maps, and how they show themselves. */
#ifndef RUNTIME_VALUES_H
#define RUNTIME_VALUES_H

#include "bpfgen/image.h"
#include "lang/type.h"
#include "runtime/text.h"

/* size bytes that hold a value of the type; strings need not end in 0. */
struct value {
	const struct type *type;
	const void *bytes;
	unsigned size;
};

/* A number, extended to 64 bits by its type's sign. */
int64_t value_int(const struct value *v);
/* The length of a string without its 0. */
size_t value_strlen(const struct value *v);
/* The length of a buffer: where a variable is kept, its bytes are filled up to a whole word. */
size_t value_buflen(const struct value *v);

/* The natural form: what print, map keys and %v show. Control bytes of strings are escaped. */
void value_text(struct text *t, const struct image *image, const struct value *v);
/* With C's types, over several lines; members that are 0 are left out: what D's print shows. */
void value_typed(struct text *t, const struct image *image, const struct value *v);
/* A JSON value: numbers as numbers, what shows itself as text as a string. */
void value_json(struct text *t, const struct image *image, const struct value *v);

/* Part n of a tuple, array or struct; false if v has no such part (or not all of its bytes). */
bool value_part(const struct value *v, unsigned n, struct value *p);
/* A struct's part as a value of its type: that of a bit field is put at *number. */
void value_unfold(struct value *v, const struct type_member *m, int64_t *number);
/* What a type_is_floating type shows. */
long double value_floating(const struct value *v);
/* Whether it is an array of char, which shows itself as a string. */
bool value_is_text(const struct type *t);

/* Bytes with what cannot be printed as \n, \x1b …; as a JSON string, quotes included. */
void text_escaped(struct text *t, const char *s, size_t n);
void text_json_string(struct text *t, const char *s, size_t n);
/* ns since 1970 by strftime's format, in local time. */
void text_time(struct text *t, const char *format, uint64_t ns);

#endif
