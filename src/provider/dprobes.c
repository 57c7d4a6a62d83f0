// SPDX-License-Identifier: GPL-2.0-or-later
/* D's stable probes (proc:::exec-success …), each of which is an event of the kernel's: dprobes.def. */
#include "provider/dprobes.h"

#include <string.h>

static const struct dprobe {
	const char *prov, *name, *alias, *event;
} dprobes[] = {
#define DPROBE(prov, name, alias, event) { prov, name, #alias, event },
#include "provider/dprobes.def"
#undef DPROBE
};

enum { NDPROBES = sizeof(dprobes) / sizeof(dprobes[0]) };

bool dprobes_kernel(const char *module)
{
	static const char *const names[] = { "vmlinux", "genunix", "unix", "kernel", "mach_kernel" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (prov_d_match(module, names[i]))
			return true;
	return false;
}

/* One event, "provider:rest". */
static int expand_event(struct probes *p, struct clause *c, const struct spec *spec, const char *event, size_t len)
{
	struct spec *of = arena_new(p->arena, struct spec);
	char *text = arena_strndup(p->arena, event, len), *colon = strchr(text, ':');
	const struct provider *prov;
	struct suggest near = { .name = text };

	*of = (struct spec){ .span = spec->span, .text = text };
	*colon = 0;
	prov = prov_by_name(text);
	*arena_vec_add(p->arena, &of->parts) = (struct spec_part){ .text = text, .span = spec->span };
	*arena_vec_add(p->arena, &of->parts) = (struct spec_part){ .text = colon + 1, .span = spec->span };
	return prov ? prov->expand(p, c, of, &near) : 0;
}

static int expand_row(struct probes *p, struct clause *c, const struct spec *spec, const struct dprobe *row)
{
	const struct naming name = { .prov = row->prov, .mod = "vmlinux", .func = "", .name = row->name,
				     .probe = arena_printf(p->arena, "%s:::%s", row->prov, row->name) };
	int err = 0;

	p->alias = row->alias;
	p->rename = &name;
	for (const char *s = row->event; *s && !err;) {
		size_t len = strcspn(s, "|");

		err = expand_event(p, c, spec, s, len);
		s += len + (s[len] == '|');
	}
	p->alias = NULL;
	p->rename = NULL;
	return err;
}

int dprobes_expand(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	const char *done = NULL;

	if (*d->func || !dprobes_kernel(d->mod) || (!*d->prov && !*d->name))
		return 0;
	for (unsigned i = 0; i < NDPROBES; i++) {
		unsigned before = p->matched;

		if (!prov_d_match(d->prov, dprobes[i].prov) || !prov_d_match(d->name, dprobes[i].name)) {
			if (!strcmp(d->prov, dprobes[i].prov))
				suggest_add(near, arena_printf(p->arena, "%s:::%s", dprobes[i].prov, dprobes[i].name));
			continue;
		}
		if (done && !strcmp(done, dprobes[i].name) && !strcmp(dprobes[i - 1].prov, dprobes[i].prov))
			continue;
		if (expand_row(p, c, spec, &dprobes[i]))
			return -1;
		done = p->matched > before ? dprobes[i].name : NULL;
	}
	return 0;
}

unsigned dprobes_number(const char *prov, const char *name)
{
	for (unsigned i = 0; i < NDPROBES; i++)
		if (!strcmp(dprobes[i].prov, prov) && !strcmp(dprobes[i].name, name))
			return i + 1;
	return 0;
}

const char *dprobes_spec(struct arena *a, unsigned number)
{
	if (!number || number > NDPROBES)
		return NULL;
	return arena_printf(a, "%s:::%s", dprobes[number - 1].prov, dprobes[number - 1].name);
}
