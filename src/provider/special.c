// SPDX-License-Identifier: GPL-2.0-or-later
/* BEGIN and END, before the first and after the last other probe; D's ERROR, when a clause ends by a fault. */
#include "provider/list.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	enum target_kind kind;
} probes[] = { { "BEGIN", TARGET_BEGIN }, { "END", TARGET_END }, { "ERROR", TARGET_ERROR } };

enum { NPROBES = sizeof(probes) / sizeof(probes[0]) };

static void add(struct probes *p, struct clause *c, struct spec *spec, unsigned i)
{
	struct target like = { .kind = probes[i].kind, .name = probes[i].name, .span = spec->span };
	struct naming naming = { .probe = probes[i].name, .prov = "dtrace", .name = probes[i].name };

	prov_add_target(p, c, &like, &naming);
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	(void)near;
	if (spec->parts.len > 1)
		return prov_bad_spec(p, spec, prov_of_kind(TARGET_BEGIN));
	for (unsigned i = 0; i < NPROBES; i++)
		if (probes[i].kind != TARGET_ERROR && !strcasecmp(spec->parts.data[0].text, probes[i].name))
			add(p, c, spec, i);
	return 0;
}

static int expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	for (unsigned i = 0; i < NPROBES; i++) {
		suggest_add(near, probes[i].name);
		if (probes[i].kind == TARGET_ERROR && p->script->dialect != DIALECT_D)
			continue;
		/* only by name or as dtrace:::, `:::` is not meant for them */
		if (!*d->mod && !*d->func && (*d->name || *d->prov) && (!*d->name || prov_glob(d->name, probes[i].name)))
			add(p, c, spec, i);
	}
	return 0;
}

/* ERROR: arg1 the clause, from 1; arg3 the line; arg4 the fault; arg5 the address. */
static const struct type *builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	(void)p;
	if (t->kind == TARGET_ERROR && !strncmp(name, "arg", 3) && name[3] && name[3] <= '5' && !name[4])
		return &type_s64;
	*why = NULL;
	return NULL;
}

static void list(struct listing *l)
{
	for (unsigned i = 0; i < NPROBES; i++)
		if (probes[i].kind != TARGET_ERROR)
			list_add(l, &(struct target){ .kind = probes[i].kind, .name = probes[i].name }, "%s", probes[i].name);
}

const struct provider prov_special = {
	.name = "BEGIN",
	.aliases = "END begin end",
	.syntax = "BEGIN or END",
	.kinds = KIND_BIT(TARGET_BEGIN) | KIND_BIT(TARGET_END) | KIND_BIT(TARGET_ERROR),
	.expand = expand,
	.d_name = "dtrace",
	.expand_d = expand_d,
	.builtin = builtin,
	.list = list,
};
