// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: syscall:NAME, sysret:NAME, D's syscall::NAME:entry and :return, and the calls under the names of their
 * tracepoints and functions (for tracepoint.c and kprobe.c).
 *
 * Names and arguments come from the table of the architecture, so nothing is asked from the kernel.
 */
#include "provider/syscall.h"

#include "lang/walk.h"
#include "provider/arch.h"
#include "provider/ctype.h"
#include "provider/dprobes.h"
#include "provider/list.h"

#include <stdlib.h>
#include <string.h>

/*
 * Of the two names of a call (stat, newstat), globs are tried on those that the spelling is made of; a name without a glob
 * is looked for among both.
 */
static const char *matching_name(struct arena *a, const struct arch_syscall *s, const struct syscall_spelling *how,
				 const char *pattern)
{
	const char *names[] = { how->kernel_names ? s->kernel_name : s->name, how->kernel_names ? s->name : s->kernel_name };
	bool is_glob = prov_is_glob(pattern);

	for (unsigned i = 0; i < (is_glob ? 1 : 2); i++) {
		char *name = arena_printf(a, "%s%s", how->prefix, names[i]);

		if (prov_glob(pattern, name))
			return name;
	}
	return NULL;
}

static bool same_name(const char *a, const char *b)
{
	return *a == *b && !strcmp(a, b);
}

static bool is_moved(const struct probes *p, const char *pattern, const char *name);

void syscall_expand(struct probes *p, struct clause *c, const struct spec *spec, const struct syscall_spelling *how,
		    const char *pattern, struct suggest *near)
{
	const char *spelling = arena_printf(p->arena, "%s%s%s", how->probe, how->prefix, how->probe_end), *call = NULL;
	size_t len = strlen(how->prefix);

	/* a name, not a glob, is the common case: no text is made for all the other calls */
	if (!prov_is_glob(pattern))
		call = strncmp(pattern, how->prefix, len) ? "" : pattern + len;
	for (unsigned i = 0; i < arch.nsyscalls; i++) {
		const struct arch_syscall *s = &arch.syscalls[i];
		struct target like;
		struct naming naming;

		if (call && !same_name(call, s->name) && !same_name(call, s->kernel_name))
			continue;
		if (is_moved(p, pattern, s->name))
			continue;
		like = (struct target){
			.kind = how->is_return ? TARGET_SYSRET : TARGET_SYSCALL, .number = s->number, .name = s->name,
			.span = spec->span,
		};
		naming = (struct naming){ .prov = how->prov, .mod = how->mod, .name = how->name, .spelling = spelling };
		naming.func = matching_name(p->arena, s, how, pattern);
		if (!naming.func)
			continue;
		naming.probe = arena_printf(p->arena, "%s%s%s", how->probe, naming.func, how->probe_end);
		prov_add_target(p, c, &like, &naming);
	}
	for (unsigned i = 0; i < arch.nsyscalls && !p->matched; i++)
		suggest_add(near, arena_printf(p->arena, "%s%s%s%s", how->probe, how->prefix, arch.syscalls[i].name,
					       how->probe_end));
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	static const struct syscall_spelling spelling = {
		.probe = "syscall:", .probe_end = "", .prefix = "", .prov = "syscall", .name = "entry",
	};

	if (spec->parts.len != 2 || !*spec->parts.data[1].text)
		return prov_bad_spec(p, spec, &prov_syscall);
	syscall_expand(p, c, spec, &spelling, spec->parts.data[1].text, near);
	return 0;
}

static int expand_ret(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	static const struct syscall_spelling spelling = {
		.probe = "sysret:", .probe_end = "", .prefix = "", .prov = "syscall", .name = "return", .is_return = true,
	};

	if (spec->parts.len != 2 || !*spec->parts.data[1].text)
		return prov_bad_spec(p, spec, &prov_sysret);
	syscall_expand(p, c, spec, &spelling, spec->parts.data[1].text, near);
	return 0;
}

/* What D scripts call otherwise. */
static const struct d_alias {
	const char *name, *linux_name, *alias;
} d_aliases[] = {
#define DALIAS(name, linux_name, alias) { name, linux_name, alias },
#include "provider/daliases.def"
#undef DALIAS
};

/* A name, or a glob that begins with one. */
static bool may_be_alias(const struct probes *p, const char *pattern)
{
	return p->script->dialect == DIALECT_D && *pattern && *pattern != '*' && *pattern != '?' && *pattern != '[';
}

struct named {
	const char *name;
	bool found;
};

static void note_named(void *data, struct expr *e)
{
	struct named *n = data;

	n->found |= e->kind == EXPR_STRING && !strcmp(e->text, n->name);
}

/* Whether the script knows the call by Linux's name: at the begin of a spec's function, or as a text that it compares with probefunc. */
static bool is_named(const struct probes *p, const char *name)
{
	struct named n = { .name = name };

	vec_foreach(c, &p->script->clauses) {
		for (const struct spec *s = (*c)->specs; s; s = s->next)
			vec_foreach(part, &s->parts)
				n.found |= !strncmp(part->text, name, strlen(name));
		walk_clause(*c, note_named, &n);
	}
	return n.found;
}

static bool is_older(const struct probes *p, const struct d_alias *a, const char *pattern)
{
	return may_be_alias(p, pattern) && prov_glob(pattern, a->name);
}

/* Whether one of the script's specs has a's older name as its function. */
static bool has_older(const struct probes *p, const struct d_alias *a)
{
	vec_foreach(c, &p->script->clauses) {
		for (const struct spec *s = (*c)->specs; s; s = s->next) {
			unsigned n = s->parts.len;

			if (n > 1 && (n < 4 || !strcmp(s->parts.data[0].text, "syscall")) && is_older(p, a, s->parts.data[n - 2].text))
				return true;
		}
	}
	return false;
}

/*
 * Whether the pattern means a's call, too: by its older name, or because it is meant by that in another clause; what this one keeps of the
 * arguments that one may use.
 */
static bool is_meant(const struct probes *p, const struct d_alias *a, const char *pattern)
{
	if (is_older(p, a, pattern))
		return !is_named(p, a->linux_name);
	return *a->alias && *pattern && prov_glob(pattern, a->linux_name) && has_older(p, a) && !is_named(p, a->linux_name);
}

/* Whether the pattern is the older name of a call that the script names itself. */
static bool is_named_otherwise(const struct probes *p, const char *pattern)
{
	for (size_t i = 0; i < sizeof(d_aliases) / sizeof(d_aliases[0]); i++)
		if (is_older(p, &d_aliases[i], pattern) && is_named(p, d_aliases[i].linux_name))
			return true;
	return false;
}

static void expand_aliases(struct probes *p, struct clause *c, const struct spec *spec, const struct syscall_spelling *how,
			   const char *pattern, struct suggest *near)
{
	const char *alias = p->alias;

	for (size_t i = 0; i < sizeof(d_aliases) / sizeof(d_aliases[0]); i++) {
		const struct d_alias *a = &d_aliases[i];

		if (!is_meant(p, a, pattern) || (!*a->alias && prov_glob(pattern, a->linux_name)))
			continue;
		if (*a->alias && !how->is_return)
			p->alias = a->alias;
		p->is_alias = true;
		syscall_expand(p, c, spec, how, a->linux_name, near);
		p->is_alias = false;
		p->alias = alias;
	}
}

/* The arguments of a call that the pattern matches are moved, since it is meant by its older name. */
static bool is_moved(const struct probes *p, const char *pattern, const char *name)
{
	for (size_t i = 0; !p->is_alias && i < sizeof(d_aliases) / sizeof(d_aliases[0]); i++)
		if (*d_aliases[i].alias && !strcmp(d_aliases[i].linux_name, name) && is_meant(p, &d_aliases[i], pattern))
			return true;
	return false;
}

static int expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	static const struct syscall_spelling spellings[] = {
		{ .probe = "syscall:vmlinux:", .probe_end = ":entry", .prefix = "", .prov = "syscall", .mod = "vmlinux",
		  .name = "entry" },
		{ .probe = "syscall:vmlinux:", .probe_end = ":return", .prefix = "", .prov = "syscall", .mod = "vmlinux",
		  .name = "return", .is_return = true },
	};

	for (unsigned i = 0; i < 2; i++)
		if (dprobes_kernel(d->mod) && prov_d_match(d->name, spellings[i].name)) {
			p->alias = spellings[i].is_return ? "sysret" : NULL;
			syscall_expand(p, c, spec, &spellings[i], *d->func ? d->func : "*", near);
			expand_aliases(p, c, spec, &spellings[i], *d->func ? d->func : "*", near);
			p->alias = NULL;
		}
	return !p->matched && is_named_otherwise(p, d->func);
}

/* arguments */

struct syscall_info {
	unsigned nargs;
	struct ctype args[ARCH_SYSCALL_ARGS];
	const char *names;
};

static const struct syscall_info *info_of(struct probes *p, struct target *t)
{
	const struct arch_syscall *s = arch_syscall((unsigned)t->number);
	struct syscall_info *info = t->info;

	if (info)
		return info;
	info = t->info = arena_new(p->arena, struct syscall_info);
	for (const char *arg = s->args; *arg && info->nargs < ARCH_SYSCALL_ARGS;) {
		size_t len = strcspn(arg, ",");

		if (ctype_parse(p->arena, arg, len, true, &info->args[info->nargs]))
			info->nargs++;
		arg += len + (arg[len] == ',');
	}
	info->names = "nr";
	for (unsigned i = 0; i < info->nargs; i++)
		info->names = arena_printf(p->arena, "%s, %s", info->names, info->args[i].name);
	return info;
}

int syscall_arg_index(struct probes *p, struct target *t, const char *name)
{
	const struct syscall_info *info = info_of(p, t);
	char *end;
	unsigned long n = strtoul(name, &end, 10);

	if (!*end && *name)
		return n < info->nargs ? (int)n : -1;
	for (unsigned i = 0; i < info->nargs; i++)
		if (!strcmp(info->args[i].name, name))
			return (int)i;
	return -1;
}

static bool is_number_name(const char *name)
{
	return !strcmp(name, "nr") || !strcmp(name, "__syscall_nr") || !strcmp(name, "id");
}

static const struct type *arg(struct probes *p, struct target *t, const char *name)
{
	const struct syscall_info *info;
	int n;

	if (is_number_name(name))
		return &type_s32;
	if (t->kind == TARGET_SYSRET)
		return !strcmp(name, "ret") || !strcmp(name, "0") ? &type_s64 : NULL;
	n = syscall_arg_index(p, t, name);
	if (n < 0)
		return NULL;
	info = info_of(p, t);
	return info->args[n].type ? info->args[n].type : &type_u64;
}

static const char *arg_names(struct probes *p, struct target *t, struct suggest *near)
{
	const struct syscall_info *info = info_of(p, t);

	if (t->kind == TARGET_SYSRET) {
		if (near)
			suggest_add(near, "ret");
		return "nr, ret";
	}
	if (near)
		suggest_add(near, "nr");
	for (unsigned i = 0; near && i < info->nargs; i++)
		suggest_add(near, info->args[i].name);
	return info->names;
}

static const struct type *builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	bool is_return = t->kind == TARGET_SYSRET;

	(void)p;
	if (!strncmp(name, "arg", 3) && name[3] >= '0' && name[3] < '0' + (is_return ? 2 : ARCH_SYSCALL_ARGS) && !name[4])
		return &type_s64;
	if (!strncmp(name, "arg", 3)) {
		*why = is_return ? "a call's return has no arguments but its value (retval)" : "a system call has at most six arguments";
		return NULL;
	}
	if (!strcmp(name, "retval") || !strcmp(name, "errno")) {
		*why = "it is known where the call returns (sysret:, kretprobe:)";
		return !is_return ? NULL : *name == 'r' ? &type_s64 : type_shown("errno");
	}
	return NULL;
}

static bool same_args(struct probes *p, const struct event *e, struct target *a, struct target *b)
{
	const struct syscall_info *x = info_of(p, a), *y = info_of(p, b);

	vec_foreach(name, &e->args) {
		int i = syscall_arg_index(p, a, *name), j = syscall_arg_index(p, b, *name);

		if (i != j)
			return false;
		if (i >= 0 && x->args[i].type != y->args[j].type &&
		    (!x->args[i].type || !y->args[j].type || !type_equal(x->args[i].type, y->args[j].type)))
			return false;
	}
	return true;
}

/* listing */

/* As the table declares it, with the types that C programs know. */
static const char *arg_text(struct probes *p, struct target *t, const char *name)
{
	const char *arg = arch_syscall((unsigned)t->number)->args;
	int n = t->kind == TARGET_SYSCALL ? syscall_arg_index(p, t, name) : -1;

	if (n < 0)
		return NULL;
	for (; n; n--)
		arg = strchr(arg, ',') + 1;
	arg += strspn(arg, " ");
	return arena_strndup(p->arena, arg, strcspn(arg, ","));
}

void syscall_list(struct listing *l, bool is_return, const char *before, bool kernel_names)
{
	for (unsigned i = 0; i < arch.nsyscalls; i++) {
		const struct arch_syscall *s = &arch.syscalls[i];
		struct target t = { .kind = is_return ? TARGET_SYSRET : TARGET_SYSCALL, .number = s->number, .name = s->name };

		list_add(l, &t, "%s%s", before, kernel_names ? s->kernel_name : s->name);
	}
}

static void list(struct listing *l)
{
	syscall_list(l, false, "syscall:", false);
}

static void list_ret(struct listing *l)
{
	syscall_list(l, true, "sysret:", false);
}

const struct provider prov_syscall = {
	.name = "syscall",
	.aliases = "",
	.syntax = "syscall:NAME",
	.kinds = KIND_BIT(TARGET_SYSCALL) | KIND_BIT(TARGET_SYSRET),
	.expand = expand,
	.d_name = "syscall",
	.expand_d = expand_d,
	.builtin = builtin,
	.arg = arg,
	.arg_names = arg_names,
	.same_args = same_args,
	.list = list,
	.arg_text = arg_text,
};

const struct provider prov_sysret = {
	.name = "sysret",
	.aliases = "",
	.syntax = "sysret:NAME",
	.expand = expand_ret,
	.list = list_ret,
};
