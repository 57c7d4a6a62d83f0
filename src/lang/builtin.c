// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/builtin.h"

#include <assert.h>
#include <string.h>

static const struct builtin builtins[] = {
#define BUILTIN(id, kind, prototype, flags, aliases) { BUILTIN_##id, BK_##kind, #id, prototype, aliases, flags },
#include "lang/builtins.def"
#undef BUILTIN
};

/* The next of the blank separated words at *p: its length, and *p at its begin; 0 at the end. */
static size_t next_word(const char **p)
{
	*p += strspn(*p, " ");
	return strcspn(*p, " ");
}

static bool ends_in_underscore(const char *s)
{
	return s[strlen(s) - 1] == '_';
}

const struct builtin *builtin_get(enum builtin_id id)
{
	return &builtins[id];
}

const char *builtin_name(struct arena *a, const struct builtin *b)
{
	const char *p = b->aliases;
	size_t len;

	if (!ends_in_underscore(b->name))
		return b->name;
	len = next_word(&p);
	return arena_strndup(a, p, len);
}

static bool has_alias(const struct builtin *b, const char *name, enum dialect dialect)
{
	size_t name_len = strlen(name), len;

	for (const char *p = b->aliases; (len = next_word(&p)); p += len) {
		size_t skip = !strncmp(p, "ply:", 4) ? 4 : 0;

		if (skip && dialect == DIALECT_D)
			continue;
		if (len - skip == name_len && !memcmp(p + skip, name, name_len))
			return true;
	}
	return false;
}

static bool is_known_as(const struct builtin *b, const char *name, enum dialect dialect)
{
	if (b->flags & BF_D && dialect != DIALECT_D)
		return false;
	if (!strcmp(b->name, name) && !ends_in_underscore(b->name))
		return true;
	return has_alias(b, name, dialect);
}

const struct builtin *builtin_find(const char *name, bool called, enum dialect dialect)
{
	for (unsigned i = 0; i < BUILTIN_COUNT; i++)
		if ((builtins[i].kind != BK_VAR) == called && is_known_as(&builtins[i], name, dialect))
			return &builtins[i];
	return NULL;
}

bool builtin_is_d_name(const struct builtin *b, const char *name)
{
	return (!strcmp(b->name, name) && !(b->flags & BF_OURS)) || !strcmp(name, "probefunc");
}

void builtin_suggest(struct arena *a, struct suggest *s, bool called, enum dialect dialect)
{
	for (unsigned i = 0; i < BUILTIN_COUNT; i++) {
		const struct builtin *b = &builtins[i];
		size_t len;

		if ((b->kind != BK_VAR) != called || (b->flags & BF_D && dialect != DIALECT_D))
			continue;
		if (!ends_in_underscore(b->name))
			suggest_add(s, b->name);
		for (const char *p = b->aliases; (len = next_word(&p)); p += len)
			if (strncmp(p, "ply:", 4))
				suggest_add(s, arena_strndup(a, p, len));
	}
}

/* Types of prototypes that are neither the language's nor integers that show themselves. */
static const struct type *special_type(struct arena *a, const char *word)
{
	struct type *t = arena_new(a, struct type);

	if (!strcmp(word, "string16"))
		return type_string_of(a, 16);
	if (!strcmp(word, "void*"))
		return type_pointer(a, &type_void, false);
	if (!strcmp(word, "u64*"))
		return type_pointer(a, &type_u64, false);
	if (!strcmp(word, "buf"))
		return type_buf(a, 0);
	if (!strcmp(word, "agg"))
		return type_agg(a, AGG_NONE, &type_s64);
	if (!strcmp(word, "args") || !strcmp(word, "psinfo") || !strcmp(word, ""))
		return &type_void;
	if (!strcmp(word, "stack") || !strcmp(word, "ustack")) {
		t->kind = TYPE_STACK;
		t->size = 8;
		t->count = STACK_FRAMES;
		t->user = *word == 'u';
		return t;
	}
	assert(!strcmp(word, "task"));
	t->kind = TYPE_STRUCT;
	t->name = "task_struct";
	return type_pointer(a, t, false);
}

static const struct type *proto_type(struct arena *a, const char *word)
{
	const struct type *t = type_by_name(word);

	if (!t)
		t = type_shown(word);
	return t ? t : special_type(a, word);
}

static enum param_kind param_kind(const char *s, size_t len)
{
	static const char *const names[] = {
		[PARAM_INT] = "int", [PARAM_CONST] = "const", [PARAM_PTR] = "ptr", [PARAM_MEM] = "mem", [PARAM_STR] = "str",
		[PARAM_LIT] = "lit", [PARAM_WORD] = "word", [PARAM_ANY] = "any", [PARAM_MAP] = "map", [PARAM_AGG] = "agg",
		[PARAM_TYPE] = "type", [PARAM_FMT] = "fmt", [PARAM_REST] = "...",
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len && !memcmp(names[i], s, len))
			return (enum param_kind)i;
	assert(!"unknown parameter in builtins.def");
	return PARAM_ANY;
}

static void proto_param(struct proto *p, const char *s, size_t len)
{
	bool optional = *s == '[';
	enum param_kind kind = param_kind(s + optional, len - 2 * optional);

	if (kind == PARAM_REST) {
		p->rest = true;
		return;
	}
	p->params[p->nparams] = kind;
	p->optional[p->nparams] = optional;
	p->required += !optional;
	p->nparams++;
}

struct proto builtin_proto(struct arena *a, const struct builtin *b)
{
	const char *open = strchr(b->prototype, '(');
	size_t word = open ? (size_t)(open - b->prototype) : strlen(b->prototype);
	struct proto p = { .result = proto_type(a, arena_strndup(a, b->prototype, word)) };

	if (!open)
		return p;
	for (const char *s = open + 1; *s != ')';) {
		size_t len = strcspn(s, ",)");

		proto_param(&p, s, len);
		s += len;
		s += strspn(s, ", ");
	}
	return p;
}
