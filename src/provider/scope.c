// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers the checker's questions: from each target of each event that the clause is on, brought together, and from the kernel's BTF.
 */
#include "provider/mechanism.h"

#include "debuginfo/btf.h"
#include "debuginfo/cgroup.h"
#include "debuginfo/ksyms.h"
#include "provider/ufunc.h"

#include <string.h>

/* The answers for several targets, brought together. */
struct answer {
	const struct type *type;
	bool conflict;
};

static bool same_struct(const struct type *a, const struct type *b)
{
	return a->kind == b->kind && a->name && b->name && !strcmp(a->name, b->name);
}

static const struct type *wider(struct arena *a, const struct type *x, const struct type *y)
{
	if (x->kind == TYPE_POINTER && y->kind == TYPE_POINTER) {
		if (x->user == y->user && (same_struct(x->target, y->target) || type_equal(x->target, y->target)))
			return x;
		return x->user == y->user ? type_pointer(a, &type_void, x->user) : NULL;
	}
	if (type_is_scalar(x) && type_is_scalar(y)) {
		const struct type *big = x->size > y->size ? x : y;

		if (big->kind != TYPE_INT || x->is_signed != y->is_signed)
			return type_int(a, big->size, x->is_signed && y->is_signed, SHOW_NUMBER);
		return big;
	}
	if (x->kind == TYPE_STRING && y->kind == TYPE_STRING)
		return x->size > y->size || !x->size ? x : y;
	if (x->kind == TYPE_ARRAY && y->kind == TYPE_ARRAY && type_equal(x->target, y->target))
		return x->size > y->size ? x : y;
	return same_struct(x, y) ? x : NULL;
}

static void bring_together(struct probes *p, struct answer *all, const struct type *type)
{
	if (!all->type) {
		all->type = type;
	} else if (all->type != type && !type_equal(all->type, type)) {
		const struct type *both = wider(p->arena, all->type, type);

		all->conflict |= !both;
		all->type = both ? both : all->type;
	}
}

/* The events of a clause, one after the other. */
static struct event *next_event(struct probes *p, const struct clause *c, unsigned *at)
{
	while (*at < p->events.len) {
		struct event *e = p->events.data[(*at)++];

		vec_foreach(clause, &e->clauses)
			if (*clause == c)
				return e;
	}
	return NULL;
}

static bool is_one_of_several(struct probes *p, const struct clause *c)
{
	unsigned n = 0;
	struct event *e;

	for (unsigned at = 0; (e = next_event(p, c, &at));)
		n += e->targets.len;
	return n > 1;
}

static bool has_regs(enum target_kind kind)
{
	switch (kind) {
	case TARGET_KPROBE:
	case TARGET_KRETPROBE:
	case TARGET_UPROBE:
	case TARGET_URETPROBE:
	case TARGET_USDT:
	case TARGET_PROFILE:
	case TARGET_SOFTWARE:
	case TARGET_HARDWARE:
	case TARGET_WATCHPOINT:
		return true;
	default:
		return false;
	}
}

/* Whether it is a program of a process's own that the clause interrupts. */
static bool is_of_user(struct probes *p, const struct clause *c)
{
	struct event *e;
	unsigned at = 0;

	while ((e = next_event(p, c, &at)))
		if (!ufunc_is(e->kind))
			return false;
	return at;
}

/* The same struct, whose numbers lead into user memory. */
static const struct type *of_user(struct arena *a, const struct type *t)
{
	struct type_member *members = arena_memdup(a, t->members, t->nmembers * sizeof(*members));
	struct type *own = arena_memdup(a, t, sizeof(*t));

	for (unsigned i = 0; i < t->nmembers; i++)
		if (members[i].type->kind == TYPE_INT && members[i].type->size == 8)
			members[i].type = ufunc_type(8, false);
	own->members = members;
	return own;
}

/* The registers that were interrupted: what programs of kprobes, uprobes and samples have. */
static const struct type *registers(struct probes *p, const struct clause *c, const char **why)
{
	const struct type *t = dbg_btf_named(BTF_KIND_STRUCT, "pt_regs");
	struct event *e;

	for (unsigned at = 0; (e = next_event(p, c, &at));)
		if (!has_regs(e->kind)) {
			*why = "it is known in kprobes, uprobes and samples";
			return NULL;
		}
	if (!t)
		*why = "it needs the kernel's BTF (CONFIG_DEBUG_INFO_BTF)";
	if (t && !t->members && t->origin)
		t = t->origin->complete(t);
	if (t && is_of_user(p, c))
		t = of_user(p->arena, t);
	return t ? type_pointer(p->arena, t, false) : NULL;
}

/* In D argN and errno are there in all probes, and 0 where there is nothing that they could be. */
static const struct type *anywhere_in_d(struct probes *p, const char *name)
{
	if (p->script->dialect != DIALECT_D)
		return NULL;
	if (!strcmp(name, "errno"))
		return type_shown("errno");
	return !strncmp(name, "arg", 3) && name[3] >= '0' && name[3] <= '9' && !name[4] ? &type_s64 : NULL;
}

static const struct type *builtin_of(struct probes *p, struct target *t, const char *name, const char **why)
{
	const struct provider *prov = prov_of_kind(t->kind);

	return prov->builtin ? prov->builtin(p, t, name, why) : NULL;
}

bool prov_is_absent(struct probes *p, struct target *t, const char *name)
{
	const char *why;

	return anywhere_in_d(p, name) && !builtin_of(p, t, name, &why);
}

static const char *const variables[] = { "func", "probe", "probeprov", "probemod", "probename" };

static const struct type *builtin(void *data, const struct clause *c, const char *name, const char **why)
{
	struct probes *p = data;
	struct answer all = { 0 };
	struct event *e;

	*why = NULL;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		if (!strcmp(variables[i], name))
			return type_shown(name);
	if (!strcmp(name, "id"))
		return &type_u32;
	if (!strcmp(name, "ctx") || !strcmp(name, "args"))
		return next_event(p, c, &(unsigned){ 0 }) ? &type_u64 : &type_error;
	if (!strcmp(name, "regs"))
		return registers(p, c, why);
	if (!strcmp(name, "reg"))
		return is_of_user(p, c) ? ufunc_type(8, false) : &type_u64;
	for (unsigned at = 0; (e = next_event(p, c, &at));) {
		vec_foreach(t, &e->targets) {
			const struct type *type = builtin_of(p, *t, name, why);

			if (!type)
				type = anywhere_in_d(p, name);
			if (!type)
				return NULL;
			bring_together(p, &all, type);
		}
	}
	if (all.conflict)
		return &type_u64;
	/* a clause without probes has been reported, or is not part of the run */
	if (!all.type)
		all.type = anywhere_in_d(p, name);
	return all.type ? all.type : &type_error;
}

static const struct type *arg(void *data, const struct clause *c, const char *name, struct span span, const char **lacking,
			      const char **known, struct suggest *near)
{
	struct probes *p = data;
	struct answer all = { 0 };
	struct event *e;

	for (unsigned at = 0; (e = next_event(p, c, &at));) {
		vec_foreach(t, &e->targets) {
			const struct type *type = e->provider->arg ? e->provider->arg(p, *t, name) : NULL;

			if (!type) {
				if (e->provider->no_arg && e->provider->no_arg(p, *t, name, span))
					return &type_error;
				if (lacking && is_one_of_several(p, c))
					*lacking = mech_probe(*t);
				if (known)
					*known = e->provider->arg_names ? e->provider->arg_names(p, *t, near) : NULL;
				return NULL;
			}
			bring_together(p, &all, type);
		}
	}
	if (all.conflict) {
		diag_error(p->diag, span, "ARG_CONFLICT", "args.%s is of another kind in some of these probes than in others",
			   name);
		return &type_error;
	}
	return all.type ? all.type : &type_error;
}

static const unsigned kinds[] = {
	[TN_STRUCT] = BTF_KIND_STRUCT, [TN_UNION] = BTF_KIND_UNION, [TN_ENUM] = BTF_KIND_ENUM, [TN_NAMED] = BTF_KIND_TYPEDEF,
};

static const struct type *type(void *data, const struct clause *c, enum type_name_base base, const char *name)
{
	const struct type *type;

	if (!name)
		return NULL;
	type = c ? ufunc_type_named(data, c, base, name) : NULL;
	if (!type)
		type = dbg_btf_named(kinds[base], name);
	return type ? type : ufunc_type_named(data, NULL, base, name);
}

struct names {
	unsigned kind;
	struct suggest *near;
};

static bool feed_names(void *data, struct dbg_btf *b)
{
	const struct names *n = data;

	for (uint32_t id = 0; (id = dbg_btf_next(b, id, n->kind));)
		if (*dbg_btf_name(b, id))
			suggest_add(n->near, dbg_btf_name(b, id));
	return false;
}

static const char *type_names(void *data, const struct clause *c, enum type_name_base base, struct suggest *near)
{
	struct names n = { kinds[base], near };
	struct dbg_btf *b = dbg_btf_kernel();
	const char *why = c ? ufunc_suggest_types(data, c, base, near) : NULL;

	if (why)
		return why;
	if (!b)
		return "the kernel tells its types in /sys/kernel/btf/vmlinux, if built with CONFIG_DEBUG_INFO_BTF";
	feed_names(&n, b);
	dbg_btf_modules(feed_names, &n);
	return NULL;
}

static bool constant(void *data, const struct clause *c, const char *name, int64_t *value, const struct type **type)
{
	struct dbg_btf *b;

	if (c)
		return ufunc_constant(data, c, name, value, type);
	b = dbg_btf_kernel();
	return b && dbg_btf_enumerator(b, name, value, type);
}

static bool symbol(void *data, const char *module, const char *name, uint64_t *address)
{
	(void)data;
	return dbg_ksym_find(module, name, address);
}

static bool user_symbol(void *data, const struct clause *c, const char *name, uint64_t *address, const struct type **type,
			struct suggest *near, const char **why)
{
	return ufunc_symbol(data, c, name, address, type, near, why);
}

static uint64_t cgroup(void *data, const char *path, const char **why)
{
	(void)data;
	return dbg_cgroup_id(path, why);
}

static const char *probes(void *data, const struct clause *c)
{
	struct probes *p = data;
	const char *text = NULL;

	for (const struct spec *s = c->specs; s; s = s->next)
		text = text ? arena_printf(p->arena, "%s, %s", text, s->text) : s->text;
	return text;
}

void prov_scope(struct probes *p, struct scope *scope)
{
	*scope = (struct scope){
		.data = p, .builtin = builtin, .arg = arg, .type = type, .type_names = type_names,
		.constant = constant, .symbol = symbol, .user_symbol = user_symbol, .cgroup = cgroup, .probes = probes,
	};
}
