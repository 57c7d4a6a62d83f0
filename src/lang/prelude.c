// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/prelude.h"

#include <string.h>

static const char text[] =
#include "lang/prelude.inc"
;

/* Whether one of the script's own texts holds the word. */
static bool names(const struct script *script, unsigned prelude, const char *word)
{
	for (unsigned i = 0; i < prelude; i++)
		if (strstr(script->sources->list.data[i].text, word))
			return true;
	return false;
}

void prelude_parse(struct script *script)
{
	unsigned source = source_add(script->sources, "prelude", text, sizeof(text) - 1), clauses = script->clauses.len;
	struct item **last = &script->items;

	while (*last)
		last = &(*last)->next;
	parse_script(script, source, NULL);
	for (struct item *i = *last; i; i = i->next)
		if (i->decl)
			i->decl->is_prelude = true;
	script->prelude = *last;
	*last = NULL;
	/* all its clauses keep up vtimestamp */
	if (!names(script, source, "vtimestamp")) {
		script->nclauses -= script->clauses.len - clauses;
		script->clauses.len = clauses;
	}
}
