// SPDX-License-Identifier: GPL-2.0-or-later
/* ply -l 'struct sock*': types of the kernel and its modules. */
#include "provider/list.h"

#include "debuginfo/btf.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *word;
	unsigned kind;
} kinds[] = {
	{ "struct ", BTF_KIND_STRUCT }, { "union ", BTF_KIND_UNION }, { "enum ", BTF_KIND_ENUM }, { "typedef ", BTF_KIND_TYPEDEF },
};

enum { NKINDS = sizeof(kinds) / sizeof(kinds[0]) };

static unsigned which(const char *glob)
{
	unsigned i = 0;

	while (i < NKINDS && strncmp(glob, kinds[i].word, strlen(kinds[i].word)))
		i++;
	return i;
}

bool list_is_type(const char *glob)
{
	return which(glob) < NKINDS;
}

const char *list_type_meant(struct arena *a, const char *name)
{
	struct dbg_ref ref;

	for (unsigned i = 0; i < NKINDS; i++) {
		size_t len = strlen(kinds[i].word) - 1;

		if (strlen(name) == len && !strncmp(name, kinds[i].word, len))
			return arena_printf(a, "%s*", kinds[i].word);
		if (dbg_btf_find_any(NULL, name, kinds[i].kind, &ref))
			return arena_printf(a, "%s%s", kinds[i].word, name);
	}
	return NULL;
}

struct types {
	const char *word, *glob;
	unsigned kind;
	bool verbose;
	FILE *out;
	unsigned n;
	struct suggest near;
};

static bool list_in(void *data, struct dbg_btf *b)
{
	struct types *l = data;

	for (uint32_t id = 0; (id = dbg_btf_next(b, id, l->kind));) {
		const char *name = dbg_btf_name(b, id);

		if (!*name)
			continue;
		if (!prov_glob(l->glob, name)) {
			if (!l->n)
				suggest_add(&l->near, name);
			continue;
		}
		if (l->verbose)
			dbg_btf_print(l->out, b, id);
		else
			fprintf(l->out, "%s%s\n", l->word, name);
		l->n++;
	}
	return false;
}

int list_types(const char *glob, bool verbose, FILE *out)
{
	unsigned k = which(glob);
	struct types l = { kinds[k].word, glob + strlen(kinds[k].word), kinds[k].kind, verbose, out, 0, { 0 } };
	struct dbg_btf *kernel = dbg_btf_kernel();

	if (!kernel) {
		fprintf(stderr, "ply: no types are known: the kernel's BTF cannot be read: %s\n", strerror(errno));
		if (errno == ENOENT)
			fputs("hint: the kernel needs to be built with CONFIG_DEBUG_INFO_BTF\n", stderr);
		return -1;
	}
	l.near.name = l.glob;
	list_in(&l, kernel);
	dbg_btf_modules(list_in, &l);
	if (l.n)
		return 0;
	fprintf(stderr, "ply: the kernel has no '%s'\n", glob);
	if (suggest_best(&l.near))
		fprintf(stderr, "hint: did you mean '%s%s'?\n", l.word, suggest_best(&l.near));
	return -1;
}
