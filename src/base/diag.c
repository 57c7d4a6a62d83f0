// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/diag.h"

#include "base/cleanup.h"
#include "base/term.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_LINE = 160 };

struct diag_entry {
	enum diag_kind kind;
	struct span span;
	const char *tag, *text;
	VEC(const char *) hints;
	unsigned seq;
};

void diag_init(struct diag *d, struct sources *sources)
{
	*d = (struct diag){ .sources = sources };
}

void diag_deinit(struct diag *d)
{
	vec_free(&d->entries);
	arena_deinit(&d->arena);
}

/*
 * What is shown of a script, a file's name or an error may hold anything, and a terminal does what control characters tell it to: they are
 * '?', and what is no character is, too. The result is not longer than s and may take its place.
 */
static size_t make_harmless(char *to, const char *s, size_t len)
{
	char *start = to;
	unsigned n;

	for (const char *end = s + len; s < end; s += n ? n : 1) {
		n = utf8_length(s, (size_t)(end - s));
		if (n && !utf8_is_control(s, n)) {
			memmove(to, s, n);
			to += n;
		} else {
			*to++ = '?';
		}
	}
	return (size_t)(to - start);
}

/* A text of ours with such things in it; its lines stay lines. */
static char *make_text_harmless(char *text)
{
	char *to = text;

	for (char *line = text;; line++) {
		size_t len = strcspn(line, "\n");

		to += make_harmless(to, line, len);
		line += len;
		*to++ = *line;
		if (!*line)
			return text;
	}
}

static char *harmless_text(struct diag *d, const char *fmt, va_list ap)
{
	return make_text_harmless(arena_vprintf(&d->arena, fmt, ap));
}

static struct diag_entry *already_said(const struct diag *d, struct span span, const char *text)
{
	vec_foreach(e, &d->entries)
		if ((*e)->span.pos == span.pos && !strcmp((*e)->text, text))
			return *e;
	return NULL;
}

static void report(struct diag *d, enum diag_kind kind, struct span span, const char *tag, const char *fmt, va_list ap)
{
	unsigned *count = kind == DIAG_ERROR ? &d->errors : &d->warnings;
	struct diag_entry *e;
	char *text;

	d->last = NULL;
	if (*count >= DIAG_MAX) {
		++*count;
		return;
	}
	text = harmless_text(d, fmt, ap);
	d->last = already_said(d, span, text);
	if (d->last)
		return;
	++*count;
	e = arena_new(&d->arena, struct diag_entry);
	*e = (struct diag_entry){ .kind = kind, .span = span, .tag = tag, .text = text, .seq = d->entries.len };
	*vec_add(&d->entries) = d->last = e;
}

void diag_error(struct diag *d, struct span span, const char *tag, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(d, DIAG_ERROR, span, tag, fmt, ap);
	va_end(ap);
}

void diag_warning(struct diag *d, struct span span, const char *tag, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(d, DIAG_WARNING, span, tag, fmt, ap);
	va_end(ap);
}

void diag_hint(struct diag *d, const char *fmt, ...)
{
	char *text;
	va_list ap;

	if (!d->last)
		return;
	va_start(ap, fmt);
	text = harmless_text(d, fmt, ap);
	va_end(ap);
	vec_foreach(hint, &d->last->hints)
		if (!strcmp(*hint, text))
			return;
	*arena_vec_add(&d->arena, &d->last->hints) = text;
}

static int by_place(const void *a, const void *b)
{
	const struct diag_entry *x = *(struct diag_entry *const *)a, *y = *(struct diag_entry *const *)b;

	if (x->span.pos != y->span.pos)
		return x->span.pos < y->span.pos ? -1 : 1;
	return x->seq < y->seq ? -1 : 1;
}

static void print_harmless(FILE *out, const char *s, size_t len)
{
	char *text = xmalloc(len + 1);

	fwrite(text, 1, make_harmless(text, s, len), out);
	free(text);
}

static void print_name(struct diag *d, FILE *out, const char *name)
{
	fputs(make_text_harmless(arena_strdup(&d->arena, name)), out);
}

/* Tabs are repeated under them, so the caret stands right. */
static void print_line(FILE *out, const struct source_place *p, unsigned from, unsigned to)
{
	fputs("    ", out);
	print_harmless(out, p->line_text + from, to - from);
	fputc('\n', out);
}

static void print_caret(FILE *out, int fd, const struct source_place *p, unsigned from, unsigned to, uint32_t len)
{
	unsigned end = p->line_offset + len < to ? p->line_offset + len : to;

	fputs("    ", out);
	for (unsigned i = from; i < p->line_offset; i++)
		if (((unsigned char)p->line_text[i] & 0xc0) != 0x80)
			fputc(p->line_text[i] == '\t' ? '\t' : ' ', out);
	fputs(term_look(fd, TERM_PLACE), out);
	fputc('^', out);
	for (unsigned i = p->line_offset + 1; i < end; i++)
		if (((unsigned char)p->line_text[i] & 0xc0) != 0x80)
			fputc('~', out);
	fputs(term_look(fd, TERM_PLAIN), out);
	fputc('\n', out);
}

static bool continues_character(const struct source_place *p, unsigned i)
{
	return i < p->line_len && ((unsigned char)p->line_text[i] & 0xc0) == 0x80;
}

/* Of a very long line only the part around the place is shown. */
static void print_place(FILE *out, int fd, const struct source_place *p, uint32_t len)
{
	unsigned from = 0, to = p->line_len;

	if (to > SHOWN_LINE) {
		from = p->line_offset > SHOWN_LINE / 2 ? p->line_offset - SHOWN_LINE / 2 : 0;
		to = from + SHOWN_LINE < to ? from + SHOWN_LINE : to;
		while (from && continues_character(p, from))
			from--;
		while (continues_character(p, to))
			to++;
	}
	print_line(out, p, from, to);
	print_caret(out, fd, p, from, to, len);
}

/* What precedes the place decides: a body, a predicate, or nothing but probes. */
static const char *part_of_clause(const struct source_place *p)
{
	bool slash = false;

	for (const char *s = p->source->text; s < p->line_text + p->line_offset; s++) {
		if (*s == '{')
			return "in action list: ";
		slash |= *s == '/';
	}
	return slash ? "in predicate: " : "";
}

static void print_as_dtrace(struct diag *d, FILE *out, int fd, const struct diag_entry *e)
{
	const char *tag = d->show_tags && e->tag ? d->tag_name ? d->tag_name(e->tag) : e->tag : NULL;
	struct source_place p;
	bool placed = source_place(d->sources, e->span, &p);
	bool is_file = placed && p.source->name != p.source->text;

	fputs("dtrace: ", out);
	if (e->kind == DIAG_WARNING)
		fputs("warning: ", out);
	if (is_file)
		fputs(e->kind == DIAG_ERROR ? "failed to compile script " : "script ", out);
	else if (placed && e->kind == DIAG_ERROR)
		fputs("invalid probe specifier ", out);
	if (is_file || (placed && e->kind == DIAG_ERROR)) {
		print_name(d, out, p.source->name);
		fputs(": ", out);
	}
	if (tag)
		fprintf(out, "[%s] ", tag);
	if (is_file)
		fprintf(out, "line %u: ", p.line);
	else if (placed && e->kind == DIAG_ERROR)
		fputs(part_of_clause(&p), out);
	fprintf(out, "%s\n", e->text);
	if (placed)
		print_place(out, fd, &p, e->span.len);
	vec_foreach(hint, &e->hints)
		fprintf(out, "hint: %s\n", *hint);
}

static void print_entry(struct diag *d, FILE *out, int fd, const struct diag_entry *e)
{
	struct source_place p;
	bool placed = source_place(d->sources, e->span, &p);

	if (d->as_dtrace) {
		print_as_dtrace(d, out, fd, e);
		return;
	}
	if (placed) {
		print_name(d, out, p.source->name);
		fprintf(out, ":%u:%u: ", p.line, p.column);
	} else {
		fputs("ply: ", out);
	}
	fprintf(out, "%s%s:%s ", term_look(fd, e->kind == DIAG_ERROR ? TERM_ERROR : TERM_WARNING),
		e->kind == DIAG_ERROR ? "error" : "warning", term_look(fd, TERM_PLAIN));
	if (d->show_tags && e->tag)
		fprintf(out, "[%.*s] ", (int)strcspn(e->tag, " "), e->tag);
	fprintf(out, "%s\n", e->text);
	if (placed)
		print_place(out, fd, &p, e->span.len);
	vec_foreach(hint, &e->hints)
		fprintf(out, "hint: %s\n", *hint);
}

/* Everything at once: what others write at the same time does not stand between, and stderr has no buffer. */
static void print_entries(struct diag *d, FILE *out)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return;
	vec_foreach(e, &d->entries) {
		print_entry(d, memory, fileno(out), *e);
		/* dtrace(1) stops at the first mistake */
		if (d->as_dtrace && (*e)->kind == DIAG_ERROR)
			break;
	}
	if (d->errors > DIAG_MAX && !d->as_dtrace)
		fprintf(memory, "ply: %u more errors are not shown\n", d->errors - DIAG_MAX);
	fclose(memory);
	fwrite(text, 1, size, out);
	fflush(out);
}

void diag_flush(struct diag *d)
{
	if (d->entries.len)
		qsort(d->entries.data, d->entries.len, sizeof(*d->entries.data), by_place);
	print_entries(d, d->out ? d->out : stderr);
	d->entries.len = 0;
	d->last = NULL;
}

enum { NAME_MAX_LEN = 64 };

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Edits between a and b, a swap of neighbours counting as one (optimal string alignment). */
static unsigned edit_distance(const char *a, const char *b)
{
	unsigned rows[3][NAME_MAX_LEN + 1];
	unsigned la = (unsigned)strlen(a), lb = (unsigned)strlen(b);
	unsigned *prev2 = rows[0], *prev = rows[1], *cur = rows[2], *swap;

	if (la > NAME_MAX_LEN || lb > NAME_MAX_LEN)
		return ~0u;
	for (unsigned j = 0; j <= lb; j++)
		prev[j] = j;
	for (unsigned i = 1; i <= la; i++) {
		cur[0] = i;
		for (unsigned j = 1; j <= lb; j++) {
			cur[j] = min3(prev[j] + 1, cur[j - 1] + 1, prev[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && prev2[j - 2] + 1 < cur[j])
				cur[j] = prev2[j - 2] + 1;
		}
		swap = prev2;
		prev2 = prev;
		prev = cur;
		cur = swap;
	}
	return prev[lb];
}

static unsigned begin_in_common(const char *a, const char *b)
{
	unsigned n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

/* Of equally near ones that which begins more alike: what is mistyped is rather the end. */
static bool is_nearer(const struct suggest *s, const char *candidate, unsigned distance)
{
	if (!s->best || distance != s->distance)
		return !s->best || distance < s->distance;
	return begin_in_common(s->name, candidate) > begin_in_common(s->name, s->best);
}

void suggest_add(struct suggest *s, const char *candidate)
{
	unsigned len = (unsigned)strlen(s->name) - s->known, limit = len < 4 ? 1 : (len + 2) / 3;
	unsigned distance = edit_distance(s->name, candidate);

	if (distance <= limit && distance < len && is_nearer(s, candidate, distance)) {
		s->best = candidate;
		s->distance = distance;
	}
}

const char *suggest_best(const struct suggest *s)
{
	return s->best;
}
