// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The same tracepoints with their raw arguments, typed by BTF: rawtracepoint:EVENT, D's rawtp:::EVENT.
 */
#include "provider/list.h"
#include "provider/tracepoint.h"

#include <string.h>

extern const struct provider prov_rawtracepoint;

struct expansion {
	struct probes *p;
	struct clause *c;
	const struct spec *spec;
	struct suggest *near;
	const char *event;
	bool d;
};

static void add(void *data, const char *event)
{
	struct expansion *x = data;
	struct arena *a = x->p->arena;
	struct target like = { .kind = TARGET_RAWTP, .span = x->spec->span, .optional = prov_is_glob(x->event) };
	struct naming naming = { .prov = x->d ? "rawtp" : "rawtracepoint" };

	like.name = naming.name = arena_strdup(a, event);
	naming.probe = arena_printf(a, x->d ? "rawtp:::%s" : "rawtracepoint:%s", event);
	if (!x->d)
		naming.func = like.name;
	prov_add_target(x->p, x->c, &like, &naming);
}

static void suggest(void *data, const char *event)
{
	struct expansion *x = data;

	suggest_add(x->near, arena_printf(x->p->arena, x->d ? "rawtp:::%s" : "rawtracepoint:%s", event));
}

static int expand_events(struct expansion *x)
{
	struct dbg_ref ref;
	char *name = arena_printf(x->p->arena, "btf_trace_%s", x->event);

	if (prov_is_glob(x->event))
		tracepoint_each(x->event, add, x);
	else if (!dbg_btf_kernel() || dbg_btf_find_any(NULL, name, BTF_KIND_TYPEDEF, &ref))
		add(x, x->event);
	if (!x->p->matched)
		tracepoint_each("*", suggest, x);
	return 0;
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	struct expansion x = { p, c, spec, near, NULL, false };

	/* bpftrace allows a module between */
	if (spec->parts.len != 2 && spec->parts.len != 3)
		return prov_bad_spec(p, spec, &prov_rawtracepoint);
	x.event = spec->parts.data[spec->parts.len - 1].text;
	return expand_events(&x);
}

static int expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	struct expansion x = { p, c, spec, near, *d->name ? d->name : "*", true };

	return !*d->prov || *d->func ? 0 : expand_events(&x);
}

static const struct type *arg(struct probes *p, struct target *t, const char *name)
{
	const struct type *type;

	return tracepoint_param(p, t, name, &type) < 0 ? NULL : type;
}

static const char *arg_names(struct probes *p, struct target *t, struct suggest *near)
{
	const char *names = NULL;
	struct tracepoint *tp;

	if (!tracepoint_btf(p, t, &tp))
		return NULL;
	for (unsigned i = 0; i < tp->nparams; i++) {
		const char *name = *tp->names[i] ? tp->names[i] : arena_printf(p->arena, "arg%u", i);

		if (near)
			suggest_add(near, name);
		names = names ? arena_printf(p->arena, "%s, %s", names, name) : name;
	}
	return names;
}

static const struct type *builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	const char *number = tracepoint_arg_number(name);
	const struct type *type = number ? arg(p, t, number) : NULL;
	struct tracepoint *tp;

	if (type)
		return type;
	/* without BTF all arguments are just words */
	if (number && !tracepoint_btf(p, t, &tp))
		return &type_u64;
	*why = number ? "the tracepoint has fewer arguments" : "tracepoints do not have it";
	return NULL;
}

static void list_one(void *data, const char *event)
{
	list_add(data, &(struct target){ .kind = TARGET_RAWTP, .name = event }, "rawtracepoint:%s", event);
}

static void list(struct listing *l)
{
	if (list_wants(l, "rawtracepoint:"))
		tracepoint_each("*", list_one, l);
}

const struct provider prov_rawtracepoint = {
	.name = "rawtracepoint",
	.aliases = "rt",
	.syntax = "rawtracepoint:EVENT",
	.kinds = KIND_BIT(TARGET_RAWTP),
	.expand = expand,
	.d_name = "rawtp",
	.expand_d = expand_d,
	.builtin = builtin,
	.arg = arg,
	.arg_names = arg_names,
	.list = list,
};
