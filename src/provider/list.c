// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/list.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct listed {
	const char *probe;
	struct target *target;		/* NULL if nobody asks for its arguments */
};

struct listing {
	const char *glob;		/* with the provider's canonical name; NULL: all */
	bool has_colon, verbose;
	const struct provider *named;	/* whose name stands before the colon; NULL: none does */
	FILE *out;
	int pid;
	struct arena arena;		/* of the provider's probes */
	VEC(struct listed) probes;
	unsigned n;
	struct suggest *near;		/* only near names are looked for; NULL: they are not */
	struct arena near_arena;
	const char *lacks, *why;
};

bool list_wants(const struct listing *l, const char *begin)
{
	return !l->glob || !l->has_colon || prov_glob_begins(l->glob, begin);
}

bool list_asks(const struct listing *l, const char *begin)
{
	return l->glob && !strncmp(l->glob, begin, strlen(begin));
}

const char *list_rest(const struct listing *l, const char *begin)
{
	return list_asks(l, begin) ? l->glob + strlen(begin) : "*";
}

int list_pid(const struct listing *l)
{
	return l->pid;
}

void list_lacks(struct listing *l, const char *what, const char *why)
{
	l->lacks = what;
	l->why = why;
}

static const char *last_part(const char *probe)
{
	const char *colon = strrchr(probe, ':');

	return colon ? colon + 1 : probe;
}

static bool matches(const struct listing *l, const char *probe)
{
	if (!l->glob || prov_glob(l->glob, probe))
		return true;
	return !l->has_colon && prov_glob(l->glob, last_part(probe));
}

/* Only names that begin alike: a hundred thousand may be asked. */
static void suggest(struct listing *l, const char *probe)
{
	const char *name = l->has_colon ? probe : last_part(probe);
	const char *wanted = last_part(l->glob), *is = last_part(probe);

	if (!strncmp(wanted, is, 2) || !strncmp(wanted + 1, is + 1, 2))
		suggest_add(l->near, name);
}

static void add(struct listing *l, const struct target *t, bool meant, const char *fmt, va_list ap)
{
	char probe[512];

	vsnprintf(probe, sizeof(probe), fmt, ap);
	if (l->near) {
		suggest(l, arena_strdup(&l->near_arena, probe));
	} else if (meant || matches(l, probe)) {
		struct listed *added = arena_vec_add(&l->arena, &l->probes);

		*added = (struct listed){ arena_strdup(&l->arena, probe), NULL };
		if (!l->verbose)
			return;
		added->target = arena_memdup(&l->arena, t, sizeof(*t));
		added->target->name = t->name ? arena_strdup(&l->arena, t->name) : NULL;
		added->target->module = t->module ? arena_strdup(&l->arena, t->module) : NULL;
	}
}

void list_add(struct listing *l, const struct target *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(l, t, false, fmt, ap);
	va_end(ap);
}

void list_add_meant(struct listing *l, const struct target *t, bool meant, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(l, t, meant, fmt, ap);
	va_end(ap);
}

/* "TYPE NAME" as C would declare it. */
static const char *declaration(struct arena *a, const struct type *type, const char *name)
{
	const char *text = type_text(a, type), *dims = strchr(text, '[');
	size_t len = dims ? (size_t)(dims - text) : strlen(text);

	return arena_printf(a, "%.*s%s%s%s", (int)len, text, len && text[len - 1] == '*' ? "" : " ", name, dims ? dims : "");
}

static void print_arg(struct probes *p, const struct provider *prov, struct target *t, const char *name, FILE *out)
{
	const struct type *type;
	const char *text = prov->arg_text ? prov->arg_text(p, t, name) : NULL;

	if (!text) {
		type = prov->arg ? prov->arg(p, t, name) : NULL;
		text = type ? declaration(p->arena, type, name) : name;
	}
	fprintf(out, "    %s\n", text);
}

static void print_args(struct target *t, FILE *out)
{
	struct arena a = { 0 };
	struct script script = { .arena = &a };
	struct diag diag = { 0 };
	struct probes p = { .arena = &a, .diag = &diag, .script = &script };
	const struct provider *prov = prov_of_kind(t->kind);
	const char *names = prov->arg_names ? prov->arg_names(&p, t, NULL) : NULL, *why;
	const struct type *result;

	while (names && *names) {
		size_t len = strcspn(names, ",");

		print_arg(&p, prov, t, arena_strndup(&a, names, len), out);
		names += len + (names[len] ? 2 : 0);
	}
	result = prov->builtin ? prov->builtin(&p, t, "retval", &why) : NULL;
	if (result && result->kind != TYPE_VOID)
		fprintf(out, "    %s\n", declaration(&a, result, "retval"));
	diag_deinit(&diag);
	arena_deinit(&a);
}

static int by_probe(const void *a, const void *b)
{
	return strcmp(((const struct listed *)a)->probe, ((const struct listed *)b)->probe);
}

static void print_probes(struct listing *l)
{
	if (l->probes.len)
		qsort(l->probes.data, l->probes.len, sizeof(*l->probes.data), by_probe);
	for (unsigned i = 0; i < l->probes.len; i++) {
		struct listed *p = &l->probes.data[i];

		if (i && !strcmp(p->probe, p[-1].probe))
			continue;
		fprintf(l->out, "%s\n", p->probe);
		if (l->verbose)
			print_args(p->target, l->out);
	}
	l->n += l->probes.len;
}

static void ask_providers(struct listing *l)
{
	for (const struct provider *const *prov = prov_all; *prov && !ferror(l->out); prov++) {
		if (!(*prov)->list)
			continue;
		(*prov)->list(l);
		print_probes(l);
		arena_deinit(&l->arena);
		l->arena = (struct arena){ 0 };
		memset(&l->probes, 0, sizeof(l->probes));
	}
}

/* Whether a provider's probes are of two parts at least. */
static bool has_parts(const char *syntax)
{
	const char *part = strchr(syntax, ':');

	return part && part[1 + strcspn(part + 1, ":[ ")] == ':';
}

static void nothing_matches(struct listing *l, const char *glob)
{
	const char *colon = strchr(l->glob, ':');
	struct suggest near = { .name = l->glob, .known = l->named ? (unsigned)(colon + 1 - l->glob) : 0 };

	const char *meant = l->has_colon ? NULL : list_type_meant(&l->near_arena, glob);

	fprintf(stderr, "ply: '%s' matches no probe\n", glob);
	l->near = &near;
	if (!meant && !prov_is_glob(glob))
		ask_providers(l);
	if (!meant)
		meant = suggest_best(&near);
	if (meant)
		fprintf(stderr, "hint: did you mean '%s'?\n", meant);
	else if (l->named && !strchr(colon + 1, ':') && has_parts(l->named->syntax))
		fprintf(stderr, "hint: it is of the form %s\n", l->named->syntax);
	arena_deinit(&l->near_arena);
}

int prov_list(const char *glob, int pid, bool verbose, FILE *out)
{
	struct arena a = { 0 };
	const char *colon = glob ? strchr(glob, ':') : NULL;
	const struct provider *named = colon ? prov_by_name(arena_strndup(&a, glob, (size_t)(colon - glob))) : NULL;
	struct listing l = { .glob = glob, .has_colon = colon, .named = named, .verbose = verbose, .out = out, .pid = pid };

	if (glob && list_is_type(glob))
		return list_types(glob, verbose, out);
	if (named)
		l.glob = arena_printf(&a, "%s%s", named->name, colon);
	ask_providers(&l);
	if (l.lacks)
		fprintf(stderr, "ply: %s are not listed: %s\n", l.lacks, l.why);
	if (!l.n && !(l.lacks && named))
		nothing_matches(&l, glob);
	arena_deinit(&a);
	return l.n ? 0 : -1;
}
