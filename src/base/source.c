// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

unsigned source_add(struct sources *s, const char *name, const char *text, size_t len)
{
	uint32_t base = 1;

	if (s->list.len) {
		struct source *last = &s->list.data[s->list.len - 1];

		base = last->base + last->len + 1;
	}
	*vec_add(&s->list) = (struct source){ .name = name, .text = text, .base = base, .len = (uint32_t)len };
	return s->list.len - 1;
}

static const struct source *find(const struct sources *s, struct span span)
{
	vec_foreach(src, &s->list)
		if (span.pos >= src->base && span.pos <= src->base + src->len)
			return src;
	return NULL;
}

const char *source_text(const struct sources *s, struct span span)
{
	const struct source *src = find(s, span);

	return src ? src->text + (span.pos - src->base) : NULL;
}

/* Bytes that begin a character: all but UTF-8's continuation bytes. */
static unsigned count_characters(const char *s, const char *end)
{
	unsigned n = 0;

	for (; s < end; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

bool source_place(const struct sources *s, struct span span, struct source_place *place)
{
	const struct source *src = find(s, span);
	const char *at, *line, *end;

	if (!src)
		return false;
	at = src->text + (span.pos - src->base);
	place->source = src;
	place->line = 1;
	line = src->text;
	for (const char *p = src->text; (p = memchr(p, '\n', (size_t)(at - p))); line = ++p)
		place->line++;
	end = memchr(at, '\n', (size_t)(src->text + src->len - at));
	if (!end)
		end = src->text + src->len;
	place->line_text = line;
	place->line_len = (unsigned)(end - line);
	place->line_offset = (unsigned)(at - line);
	place->column = 1 + count_characters(line, at);
	return true;
}

struct span span_join(struct span a, struct span b)
{
	uint32_t end;

	if (!a.pos || !b.pos)
		return a.pos ? a : b;
	if (b.pos < a.pos) {
		struct span swap = a;

		a = b;
		b = swap;
	}
	end = a.pos + a.len > b.pos + b.len ? a.pos + a.len : b.pos + b.len;
	return (struct span){ a.pos, end - a.pos };
}

void sources_deinit(struct sources *s)
{
	vec_free(&s->list);
}

char *source_read(int fd, size_t *size)
{
	enum { MAX_SCRIPT = 64 << 20 };
	size_t cap = 64 * 1024;
	char *text = xmalloc(cap);
	ssize_t n;

	*size = 0;
	while ((n = read(fd, text + *size, cap - *size - 1)) > 0) {
		*size += (size_t)n;
		if (*size > MAX_SCRIPT) {
			errno = EFBIG;
			n = -1;
			break;
		}
		if (cap - *size < 2)
			text = xrealloc(text, cap *= 2);
	}
	if (n < 0) {
		free(text);
		return NULL;
	}
	text[*size] = 0;
	return text;
}
