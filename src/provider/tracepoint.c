// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Kernel tracepoints: tracepoint:CATEGORY:EVENT, tracepoint:CATEGORY/EVENT, D's sdt:CATEGORY::EVENT. Those of the category
 * syscalls are the system calls themselves (syscall.c).
 *
 * Events are looked up in tracefs where it is mounted, else in BTF, which knows them but not their categories.
 */
#include "provider/tracepoint.h"

#include "provider/dprobes.h"
#include "provider/list.h"
#include "provider/mechanism.h"
#include "provider/syscall.h"

#include <string.h>

struct expansion {
	struct probes *p;
	struct clause *c;
	const struct spec *spec;
	struct suggest *near;
	const char *prov;		/* "tracepoint", D's "sdt" */
	const char *category, *event;	/* as in the spec */
};

static void add(void *data, const char *category, const char *event)
{
	struct expansion *x = data;
	struct arena *a = x->p->arena;
	struct target like = { .kind = TARGET_TRACEPOINT, .span = x->spec->span, .optional = prov_is_glob(x->event) };
	bool d = !strcmp(x->prov, "sdt");
	struct naming naming = { .prov = x->prov };

	if (!strcmp(category, "syscalls"))
		return;
	like.module = naming.mod = arena_strdup(a, category);
	like.name = naming.name = arena_strdup(a, event);
	if (!d)
		naming.func = like.name;
	naming.probe = arena_printf(a, d ? "sdt:%s::%s" : "tracepoint:%s:%s", category, event);
	prov_add_target(x->p, x->c, &like, &naming);
}

static void add_without_category(void *data, const char *event)
{
	struct expansion *x = data;

	add(x, prov_is_glob(x->category) ? "" : x->category, event);
}

static void suggest(void *data, const char *category, const char *event)
{
	struct expansion *x = data;

	/* a category alone */
	if (!strcmp(x->category, "*") && !strcmp(x->event, category)) {
		x->near->best = arena_printf(x->p->arena, "%s:%s:*", x->prov, category);
		x->near->distance = 0;
	}
	suggest_add(x->near, arena_printf(x->p->arena, "%s:%s:%s", x->prov, category, event));
}

static void suggest_without_category(void *data, const char *event)
{
	struct expansion *x = data;

	suggest(x, x->category, event);
}

static void expand_calls(struct expansion *x)
{
	struct syscall_spelling enter = {
		.probe = "tracepoint:syscalls:", .probe_end = "", .prefix = "sys_enter_", .prov = x->prov, .mod = "syscalls",
		.name = "entry", .kernel_names = true,
	};
	struct syscall_spelling leave = enter;

	leave.prefix = "sys_exit_";
	leave.name = "return";
	leave.is_return = true;
	syscall_expand(x->p, x->c, x->spec, &enter, x->event, x->near);
	syscall_expand(x->p, x->c, x->spec, &leave, x->event, x->near);
}

static int no_tracefs(struct expansion *x)
{
	const char *why;

	tracefs_dir(&why);
	diag_error(x->p->diag, x->spec->span, "TRACEFS", "the tracepoints of '%s' are listed in tracefs only", x->spec->text);
	diag_hint(x->p->diag, "%s", why);
	return -1;
}

static int expand_events(struct expansion *x)
{
	bool is_glob = prov_is_glob(x->category) || prov_is_glob(x->event);

	if (prov_glob(x->category, "syscalls"))
		expand_calls(x);
	if (!strcmp(x->category, "syscalls"))
		return 0;
	if (tracefs_dir(NULL)) {
		if (is_glob)
			tracefs_each_event(x->category, x->event, add, x);
		else if (tracefs_has_event(x->category, x->event))
			add(x, x->category, x->event);
		if (!x->p->matched)
			tracefs_each_event("*", "*", suggest, x);
		return 0;
	}
	if (is_glob && strcmp(x->category, "*"))
		return no_tracefs(x);
	if (!dbg_btf_kernel() && !is_glob)
		add(x, x->category, x->event);
	else
		tracepoint_each(x->event, add_without_category, x);
	if (!x->p->matched)
		tracepoint_each("*", suggest_without_category, x);
	return 0;
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	struct expansion x = { p, c, spec, near, "tracepoint", "*", NULL };
	const char *slash;

	if (spec->parts.len < 2 || spec->parts.len > 3)
		return prov_bad_spec(p, spec, &prov_tracepoint);
	x.event = spec->parts.data[spec->parts.len - 1].text;
	slash = strchr(x.event, '/');
	if (spec->parts.len == 3) {
		x.category = spec->parts.data[1].text;
	} else if (slash) {
		x.category = arena_strndup(p->arena, x.event, (size_t)(slash - x.event));
		x.event = slash + 1;
	}
	if (!*x.category || !*x.event)
		return prov_bad_spec(p, spec, &prov_tracepoint);
	return expand_events(&x);
}

static int expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	struct expansion x = { p, c, spec, near, "sdt", *d->mod && !dprobes_kernel(d->mod) ? d->mod : "*", *d->name ? d->name : "*" };

	/* a name alone is not meant: it would be looked for among all events */
	if (!*d->prov || *d->func)
		return 0;
	return expand_events(&x);
}

/* arguments */

/* The format tells an enum's name only. */
static const struct type *with_enumerators(const struct type *t)
{
	const struct type *whole = t->kind == TYPE_ENUM && t->name && !t->nenumerators ? dbg_btf_named(BTF_KIND_ENUM, t->name) : NULL;

	return whole && whole->size == t->size ? whole : t;
}

static const struct type *arg(struct probes *p, struct target *t, const char *name)
{
	const struct tracefs_field *f = tracepoint_field(p, t, name);
	struct tracepoint_path path;
	const char *why;

	if (f)
		return f->type ? with_enumerators(f->type) : f->place ? NULL : type_array(p->arena, &type_u8, f->size);
	if (tracepoint_path(p, t, name, &path))
		return path.is_text ? &type_string : path.type;
	if (tracepoint_of(p, t)->format.fields.len || tracefs_dir(&why))
		return NULL;
	diag_error(p->diag, t->span, "TRACEFS", "the fields of %s are not known: %s", mech_probe(t), why);
	return &type_error;
}

static const char *arg_names(struct probes *p, struct target *t, struct suggest *near)
{
	struct tracepoint *tp = tracepoint_of(p, t);
	const char *names = NULL;

	tracepoint_field(p, t, "");	/* has its format read */
	vec_foreach(f, &tp->format.fields) {
		if (near)
			suggest_add(near, f->name);
		names = names ? arena_printf(p->arena, "%s, %s", names, f->name) : f->name;
	}
	return names;
}

static const struct type *builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	const char *number = tracepoint_arg_number(name);
	const struct type *type = number ? arg(p, t, number) : NULL;

	if (type && type_is_scalar(type))
		return type;
	*why = number ? "the tracepoint's field of that number is no number, or there is none (args.NAME names them)" :
			"tracepoints do not have it";
	return NULL;
}

static void list_one(void *data, const char *category, const char *event)
{
	struct target t = { .kind = TARGET_TRACEPOINT, .module = category, .name = event };

	if (strcmp(category, "syscalls"))
		list_add(data, &t, "tracepoint:%s:%s", category, event);
}

static void list(struct listing *l)
{
	const char *why;

	if (!list_wants(l, "tracepoint:"))
		return;
	if (!list_asks(l, "tracepoint:syscalls:") && !tracefs_each_event("*", "*", list_one, l)) {
		tracefs_dir(&why);
		list_lacks(l, "tracepoints", why);
	}
	syscall_list(l, false, "tracepoint:syscalls:sys_enter_", true);
	syscall_list(l, true, "tracepoint:syscalls:sys_exit_", true);
}

const struct provider prov_tracepoint = {
	.name = "tracepoint",
	.aliases = "t trace",
	.syntax = "tracepoint:CATEGORY:EVENT",
	.kinds = KIND_BIT(TARGET_TRACEPOINT),
	.expand = expand,
	.d_name = "sdt",
	.expand_d = expand_d,
	.builtin = builtin,
	.arg = arg,
	.arg_names = arg_names,
	.list = list,
};
