// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/prelude.h"

#include <string.h>

static const char text[] =
#include "lang/prelude.inc"
;

/* How a part begins: words follow, up to the comment's end. */
static const char mark[] = "/* part: ";

/* What clauses of the prelude keep up, by a word in their text. */
static const struct {
	const char *sign, *word;
} keep_up[] = { { "__on_cpu_ahead", "vtimestamp" }, { "__waits_since", "lockstat" } };

/* Whether one of the first n texts holds the word. */
static bool holds(const struct script *script, unsigned n, const char *word, size_t len)
{
	for (unsigned i = 0; i < n; i++) {
		const struct source *s = &script->sources->list.data[i];

		if (memmem(s->text, s->len, word, len))
			return true;
	}
	return false;
}

static bool holds_one(const struct script *script, unsigned n, const char *words)
{
	for (size_t len; *words != '*'; words += len + 1) {
		len = strcspn(words, " ");
		if (holds(script, n, words, len))
			return true;
	}
	return false;
}

/* Whether a clause of the prelude is wanted. */
static bool is_wanted(const struct script *script, unsigned n, const struct clause *c)
{
	const char *source = source_text(script->sources, c->span);

	for (size_t i = 0; i < sizeof(keep_up) / sizeof(keep_up[0]); i++)
		if (memmem(source, c->span.len, keep_up[i].sign, strlen(keep_up[i].sign)))
			return holds(script, n, keep_up[i].word, strlen(keep_up[i].word));
	return true;
}

static void parse_parts(struct script *script, unsigned own)
{
	for (const char *part = strstr(text, mark), *next; part; part = next) {
		next = strstr(part + 1, mark);
		if (holds_one(script, own, part + strlen(mark))) {
			size_t len = next ? (size_t)(next - part) : strlen(part);

			parse_script(script, source_add(script->sources, "prelude", arena_strndup(script->arena, part, len), len), NULL);
		}
	}
}

void prelude_parse(struct script *script)
{
	unsigned own = script->sources->list.len, clauses = script->clauses.len, kept = clauses;
	struct item **last = &script->items;

	while (*last)
		last = &(*last)->next;
	parse_parts(script, own);
	for (struct item *i = *last; i; i = i->next)
		if (i->decl)
			i->decl->is_prelude = true;
	script->prelude = *last;
	*last = NULL;
	for (unsigned i = clauses; i < script->clauses.len; i++)
		if (is_wanted(script, own, script->clauses.data[i]))
			script->clauses.data[kept++] = script->clauses.data[i];
	script->nclauses -= script->clauses.len - kept;
	script->clauses.len = kept;
}
