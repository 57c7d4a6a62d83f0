// SPDX-License-Identifier: GPL-2.0-or-later
/* D's stable probes (proc:::exec-success …), each of which is an event of the kernel's: dprobes.def. */
#include "provider/dprobes.h"

#include <string.h>

static const struct dprobe {
	const char *prov, *name, *alias, *event;
} dprobes[] = {
#define DPROBE(prov, name, alias, event) { prov, name, #alias, event },
#define DNONE(prov, name, why)
#include "provider/dprobes.def"
#undef DPROBE
#undef DNONE
};

static const struct {
	const char *prov, *name, *why;
} nones[] = {
#define DPROBE(prov, name, alias, event)
#define DNONE(prov, name, why) { prov, name, why },
#include "provider/dprobes.def"
#undef DPROBE
#undef DNONE
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

/* Whether the row is more of the probe above. */
static bool is_added(const struct dprobe *row)
{
	return *row->event == '+';
}

static int expand_row(struct probes *p, struct clause *c, const struct spec *spec, const struct dprobe *row)
{
	const struct naming name = { .prov = row->prov, .mod = "vmlinux", .func = "", .name = row->name,
				     .probe = arena_printf(p->arena, "%s:::%s", row->prov, row->name) };
	int err = 0;

	p->alias = row->alias;
	p->rename = &name;
	for (const char *s = row->event + is_added(row); *s && !err;) {
		size_t len = strcspn(s, "|");

		err = expand_event(p, c, spec, s, len);
		s += len + (s[len] == '|');
	}
	p->alias = NULL;
	p->rename = NULL;
	return err;
}

static bool same_probe(const struct dprobe *a, const struct dprobe *b)
{
	return !strcmp(a->prov, b->prov) && !strcmp(a->name, b->name);
}

static void say_why_none(struct probes *p, const struct d_spec *d)
{
	for (unsigned i = 0; i < sizeof(nones) / sizeof(*nones); i++)
		if (!strcmp(d->prov, nones[i].prov) && prov_glob(nones[i].name, d->name))
			p->why_none = nones[i].why;
}

int dprobes_expand(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	const struct dprobe *done = NULL;

	if (*d->func || !dprobes_kernel(d->mod) || (!*d->prov && !*d->name))
		return 0;
	for (const struct dprobe *row = dprobes; row < dprobes + NDPROBES; row++) {
		unsigned before = p->matched;

		if (!prov_d_match(d->prov, row->prov) || !prov_d_match(d->name, row->name)) {
			if (!strcmp(d->prov, row->prov))
				suggest_add(near, arena_printf(p->arena, "%s:::%s", row->prov, row->name));
			continue;
		}
		if (done && !is_added(row) && same_probe(done, row))
			continue;
		if (expand_row(p, c, spec, row))
			return -1;
		if (p->matched > before)
			done = row;
		else if (!p->why_none)
			p->why_none = arena_printf(p->arena, "it is %s here, which this kernel lets nobody trace", row->event + is_added(row));
	}
	say_why_none(p, d);
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
