// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Static probes of user programs: usdt:BINARY:[PROVIDER:]NAME.
 *
 * A probe may be at several places, each of which has its arguments elsewhere: each place is a target. '-' in a name means
 * '__', as D spells it.
 */
#include "provider/binary.h"
#include "provider/late.h"
#include "provider/list.h"
#include "provider/ufunc.h"

#include "debuginfo/demangle.h"
#include "debuginfo/stapsdt.h"

#include <stdlib.h>
#include <string.h>

struct expansion {
	struct probes *p;
	struct clause *c;
	const struct spec *spec;
	const struct spec_part *part;
	const char *called, *path;	/* the file, as the spec calls it and as it is found */
	struct dbg_elf *elf;
	const char *provider, *name;	/* globs; provider "": all */
	int pid;
};

/* query-start: query__start */
static const char *with_underscores(struct arena *a, const char *name)
{
	char *out = arena_alloc(a, 2 * strlen(name) + 1), *to = out;

	for (; *name; name++) {
		*to++ = *name == '-' ? '_' : *name;
		if (*name == '-')
			*to++ = '_';
	}
	return out;
}

static bool matches(const struct expansion *x, const struct dbg_usdt *u)
{
	return prov_glob(x->name, u->name) && (!*x->provider || prov_glob(x->provider, u->provider));
}

/* The value of an argument's symbol; one that the file has no more makes it unreadable. */
static void find_symbol(struct arena *a, struct dbg_elf *elf, struct usdt_arg *arg)
{
	const struct dbg_symbol *function;
	uint64_t address;
	unsigned size;

	if (!arg->symbol || arg->kind == USDT_UNKNOWN)
		return;
	function = dbg_elf_function(elf, arg->symbol, NULL);
	if (function)
		address = function->address;
	else if (!dbg_elf_variable(elf, arg->symbol, &address, &size)) {
		arg->kind = USDT_UNKNOWN;
		arg->why = arena_printf(a, "it is at the symbol %s, which the file has no more", arg->symbol);
		return;
	}
	arg->disp = (int64_t)((uint64_t)arg->disp + address);
}

static struct ufunc *make_info(struct arena *a, struct dbg_elf *elf, const struct dbg_usdt *u)
{
	struct ufunc *info = arena_new(a, struct ufunc);
	struct usdt_arg *args = arena_array(a, struct usdt_arg, USDT_MAX_ARGS);

	*info = (struct ufunc){ .elf = elf, .address = u->address, .args_text = u->args, .args = args };
	info->nargs = usdt_args_parse(a, u->args, args);
	for (unsigned i = 0; i < info->nargs; i++)
		find_symbol(a, elf, &args[i]);
	return info;
}

/*
 * The kernel counts a probe's listeners in a program's memory where the file says, if that is a number of two bytes in data of the file's. Elsewhere
 * it would count in vain or refuse the probe.
 */
static void find_semaphore(struct expansion *x, const struct dbg_usdt *u, struct ufunc *info)
{
	uint64_t offset;

	if (!u->semaphore)
		return;
	if (dbg_elf_data_offset(x->elf, u->semaphore, &offset) && offset % sizeof(uint16_t) == 0)
		info->semaphore = offset;
	else
		diag_warning(x->p->diag, x->spec->span, "ATTACH", "the semaphore of %s:%s cannot be raised: 0x%llx is not in the data of %s; "
			     "if the program asks it, the probe does not fire", u->provider, u->name, (unsigned long long)u->semaphore, x->called);
}

static const char *function_of(struct arena *a, struct dbg_elf *elf, uint64_t address)
{
	const struct dbg_symbol *s = dbg_elf_function_at(elf, address);
	const char *source = s ? dbg_demangle(a, s->name) : NULL;

	return source ? dbg_demangled_base(a, source) : s ? s->name : NULL;
}

static void add_named(struct expansion *x, const struct dbg_usdt *u, const struct naming *naming, bool optional)
{
	struct target like = {
		.kind = TARGET_USDT, .module = x->path, .span = x->spec->span, .pid = x->pid, .optional = optional,
		.name = arena_printf(x->p->arena, "%s:%s", u->provider, u->name),
	};
	struct target *t;

	if (!dbg_elf_code_offset(x->elf, u->address, &like.number))
		return;
	t = prov_add_target(x->p, x->c, &like, naming);
	if (t->info)
		return;
	t->info = make_info(x->p->arena, x->elf, u);
	find_semaphore(x, u, t->info);
}

static void add(struct expansion *x, const struct dbg_usdt *u, bool optional)
{
	struct arena *a = x->p->arena;
	struct naming naming = {
		.prov = u->provider, .mod = binary_called(x->p->arena, x->path), .name = u->name,
		.probe = arena_printf(a, "usdt:%s:%s:%s", x->called, u->provider, u->name),
		.func = function_of(a, x->elf, u->address),
	};

	add_named(x, u, &naming, optional);
}

static int nothing(struct expansion *x, const struct dbg_usdt *list, unsigned n)
{
	struct suggest near = { .name = x->part->text };
	int result;

	if (!n && dbg_elf_is_cut(x->elf))
		return prov_missing(x->p, x->part->span, "%s is cut off, and its static probes are missing", x->called);
	if (!n)
		return prov_missing(x->p, x->part->span, "%s has no static probes", x->called);
	result = prov_missing(x->p, x->part->span, "%s has no static probe '%s'", x->called, x->part->text);
	for (unsigned i = 0; i < n; i++) {
		if (!strchr(x->part->text, ':'))
			suggest_add(&near, list[i].name);
		suggest_add(&near, arena_printf(x->p->arena, "%s:%s", list[i].provider, list[i].name));
	}
	if (suggest_best(&near))
		diag_hint(x->p->diag, "did you mean '%s'?", suggest_best(&near));
	else
		diag_hint(x->p->diag, "ply -l 'usdt:%s:*' lists what it has", x->called);
	return result;
}

static int expand_file(struct probes *p, struct clause *c, struct spec *spec)
{
	unsigned parts = spec->parts.len, before = p->matched, n;
	struct expansion x = { .p = p, .c = c, .spec = spec, .provider = "" };
	const struct dbg_usdt *list;
	struct spec_part part;
	int err;

	if ((parts != 3 && parts != 4) || !*spec->parts.data[1].text || !*spec->parts.data[parts - 1].text)
		return prov_bad_spec(p, spec, &prov_usdt);
	part = ufunc_joined(p->arena, spec, 2);
	x.part = &part;
	x.called = spec->parts.data[1].text;
	x.name = with_underscores(p->arena, spec->parts.data[parts - 1].text);
	if (parts == 4)
		x.provider = spec->parts.data[2].text;
	err = ufunc_open(p, &spec->parts.data[1], &x.path, &x.elf);
	if (err)
		return err;
	list = dbg_elf_usdt(x.elf, &n);
	for (unsigned i = 0; i < n; i++)
		if (matches(&x, &list[i]))
			add(&x, &list[i], prov_is_glob(x.name));
	return p->matched > before ? 0 : nothing(&x, list, n);
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	(void)near;
	return ufunc_expand(p, c, spec, expand_file);
}

/* D: PROVIDER123:MODULE:FUNCTION:NAME, and PROVIDER*:… for all processes */

struct d_expansion {
	struct expansion x;
	const struct d_spec *d;
	struct name_list seen;		/* paths */
	bool all;			/* processes */
};

/* query__start: query-start */
static const char *with_dashes(struct arena *a, const char *name)
{
	char *out = arena_strdup(a, name), *to = out;

	for (; *name; name++) {
		bool both = name[0] == '_' && name[1] == '_';

		*to++ = both ? '-' : *name;
		name += both;
	}
	*to = 0;
	return out;
}

static bool d_matches(const struct d_expansion *dx, const struct dbg_usdt *u, const char *dashed, const char *function)
{
	struct arena *a = dx->x.p->arena;
	const struct d_spec *d = dx->d;

	if (!prov_glob(dx->x.provider, dx->all ? arena_printf(a, "%s1", u->provider) : u->provider))
		return false;
	return (prov_d_match(d->name, dashed) || prov_d_match(d->name, u->name)) && prov_d_match(d->func, function ? function : "");
}

static void add_d(struct d_expansion *dx, const struct dbg_usdt *u)
{
	struct expansion *x = &dx->x;
	struct arena *a = x->p->arena;
	const char *function = function_of(a, x->elf, u->address);
	struct naming naming = {
		.prov = dx->all ? u->provider : dx->d->prov, .mod = x->called, .func = function ? function : "",
		.name = with_dashes(a, u->name),
	};

	if (!d_matches(dx, u, naming.name, function))
		return;
	naming.probe = arena_printf(a, "%s:%s:%s:%s", naming.prov, naming.mod, naming.func, naming.name);
	add_named(x, u, &naming, true);
}

static void visit_d(void *data, const char *path, const char *name)
{
	struct d_expansion *dx = data;
	struct expansion *x = &dx->x;
	const struct dbg_usdt *list;
	unsigned n;

	vec_foreach(seen, &dx->seen)
		if (!strcmp(*seen, path))
			return;
	*arena_vec_add(x->p->arena, &dx->seen) = path;
	if (!binary_is_called_d(name, dx->d->mod))
		return;
	x->called = name;
	x->elf = dbg_elf_file_has(path, ".note.stapsdt") ? dbg_elf_open(path) : NULL;
	if (!x->elf)
		return;
	list = dbg_elf_usdt(x->elf, &n);
	x->path = n ? binary_real(x->p->arena, path) : path;
	for (unsigned i = 0; i < n; i++)
		add_d(dx, &list[i]);
}

static void note_file(void *data, const char *path, const char *name)
{
	struct probes *p = data;

	if (strmap_put(&p->mapped_paths, path, p))
		return;
	*arena_vec_add(p->arena, &p->mapped) = path;
	*arena_vec_add(p->arena, &p->mapped_names) = name;
}

static void note_process(void *data, int pid)
{
	struct probes *p = data;
	struct process process = { .pid = pid, .program = pid == p->target ? p->target_program : NULL };

	binary_of_process(p->arena, &process, note_file, p);
}

/* The files of all processes, which are looked for once, however many specs ask. */
static void visit_all(struct d_expansion *dx)
{
	struct probes *p = dx->x.p;

	p->mapped_paths.arena = p->arena;
	if (!p->mapped.len)
		binary_each_process(note_process, p);
	for (unsigned i = 0; i < p->mapped.len; i++)
		visit_d(dx, p->mapped.data[i], p->mapped_names.data[i]);
}

/* Whether the glob is over D's own providers: then no program is searched for others. */
static bool is_of_d(const char *glob)
{
	for (const struct provider *const *prov = prov_all; *prov; prov++)
		if ((*prov)->d_name && prov_glob(glob, (*prov)->d_name))
			return true;
	return false;
}

static struct d_expansion d_expansion(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, int pid)
{
	return (struct d_expansion){
		.x = {
			.p = p, .c = c, .spec = spec, .pid = pid,
			.provider = pid ? arena_strndup(p->arena, d->prov, strcspn(d->prov, "0123456789")) : d->prov,
		},
		.d = d, .all = !pid,
	};
}

/* A file that came while the script runs. */
static void expand_late(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, int pid, const char *path,
			const char *name)
{
	struct d_expansion dx = d_expansion(p, c, spec, d, pid);

	visit_d(&dx, path, name);
}

static int expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	size_t len = strlen(d->prov);
	struct d_expansion dx;
	struct process process;

	(void)near;
	if (len > 1 && d->prov[len - 1] == '*' && !is_of_d(d->prov)) {
		dx = d_expansion(p, c, spec, d, 0);
		visit_all(&dx);
	} else if (strncmp(d->prov, "pid", 3) && ufunc_d_process(p, d->prov, NULL, &process)) {
		dx = d_expansion(p, c, spec, d, process.pid);
		binary_of_process(p->arena, &process, visit_d, &dx);
		/* nfsv3 is no process, though there is one with that number: a thread of the kernel */
		if (!dx.seen.len)
			return 0;
	} else {
		return 0;
	}
	late_add(p, c, spec, d, dx.x.pid, KIND_BIT(TARGET_USDT), expand_late, &dx.seen);
	return 0;
}

/* variables */

static const struct type *builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	const struct ufunc *u = t->info;
	unsigned n = (unsigned)atoi(name + 3);
	bool is_arg = !strncmp(name, "arg", 3) && name[3];

	if (!is_arg) {
		*why = "static probes do not have it";
		return NULL;
	}
	if (n >= u->nargs) {
		*why = u->nargs ? arena_printf(p->arena, "%s has %u argument%s, arg0%s", t->name, u->nargs, u->nargs > 1 ? "s" : "",
					       u->nargs > 1 ? arena_printf(p->arena, " to arg%u", u->nargs - 1) : "") :
				  arena_printf(p->arena, "%s has no arguments", t->name);
		return NULL;
	}
	if (t->is_late)
		return ufunc_type(8, true);
	if (u->args[n].kind == USDT_UNKNOWN) {
		*why = u->args[n].why;
		return NULL;
	}
	return ufunc_type(u->args[n].size, u->args[n].is_signed);
}

/* args[0] is arg0: D has them so */

static const struct type *arg(struct probes *p, struct target *t, const char *name)
{
	const char *why, *digits = strncmp(name, "arg", 3) ? name : name + 3;

	return *digits && !digits[strspn(digits, "0123456789")] ? builtin(p, t, arena_printf(p->arena, "arg%s", digits), &why) : NULL;
}

static const char *arg_names(struct probes *p, struct target *t, struct suggest *near)
{
	const struct ufunc *u = t->info;
	const char *names = NULL;

	(void)near;
	for (unsigned i = 0; i < u->nargs; i++)
		names = arena_printf(p->arena, "%s%sarg%u", names ? names : "", names ? ", " : "", i);
	return names;
}

static bool same_args(struct probes *p, const struct event *e, struct target *a, struct target *b)
{
	(void)p;
	(void)e;
	(void)a;
	(void)b;
	return true;	/* where they lie is found out by each place's variant */
}

/* listing */

static const char *list_file(struct listing *l, const char *before, struct dbg_elf *elf, const char *called)
{
	const char *behind = strchr(list_rest(l, before), ':');
	/* usdt:BINARY:NAME, as specs may be */
	bool by_name = behind && behind[1] != '*' && !strchr(behind + 1, ':');
	const struct dbg_usdt *list;
	unsigned n;

	list = dbg_elf_usdt(elf, &n);
	for (unsigned i = 0; i < n; i++) {
		struct target t = { .kind = TARGET_USDT, .module = called, .name = list[i].name };

		t.info = ufunc_of_list(elf, list[i].address, list[i].args);
		list_add(l, &t, "%s%s:%s%s%s", before, called, by_name ? "" : list[i].provider, by_name ? "" : ":", list[i].name);
	}
	return n ? NULL : "it has no static probes";
}

static void list(struct listing *l)
{
	ufunc_list(l, "usdt:", list_file);
}

const struct provider prov_usdt = {
	.name = "usdt",
	.aliases = "U",
	.syntax = "usdt:BINARY:[PROVIDER:]NAME",
	.kinds = KIND_BIT(TARGET_USDT),
	.expand = expand,
	.expand_d = expand_d,
	.builtin = builtin,
	.arg = arg,
	.arg_names = arg_names,
	.same_args = same_args,
	.list = list,
};
