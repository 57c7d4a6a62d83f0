/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Source text and places in it.
 *
 * A run may have several texts (a file, one-liners). They share one space of offsets, so that a struct span alone says
 * which text it lies in: every token, AST node, IR value and probe keeps one.
 */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/* len bytes from offset pos; pos 0 is no place (texts begin at 1). */
struct span {
	uint32_t pos, len;
};

#define SPAN_NONE ((struct span){ 0, 0 })

struct source {
	const char *name;	/* as it is shown: a path, or "one-liner" */
	const char *text;	/* ends in 0 besides */
	uint32_t base, len;	/* its spans have pos in [base, base + len] */
};

struct sources {
	VEC(struct source) list;
};

/* A place as a person counts: line and column from 1, columns in characters (UTF-8) */
struct source_place {
	const struct source *source;
	unsigned line, column;
	const char *line_text;	/* begins the line; line_len bytes without the newline */
	unsigned line_len, line_offset; /* line_offset: bytes from line_text to the place */
};

/* Adds a text (kept, not copied) and gives its index in list. */
unsigned source_add(struct sources *s, const char *name, const char *text, size_t len);
/* The place where span begins; false for SPAN_NONE and spans of no text. */
bool source_place(const struct sources *s, struct span span, struct source_place *place);
/* The text of the span (not ended by 0; span.len bytes), or NULL. */
const char *source_text(const struct sources *s, struct span span);
/* From the beginning of a to the end of b; the other one if one is SPAN_NONE. */
struct span span_join(struct span a, struct span b);
void sources_deinit(struct sources *s);

/* All that the descriptor gives, ended by a 0 and to be freed; NULL with errno: EFBIG above 64 MiB. */
char *source_read(int fd, size_t *size);

#endif
