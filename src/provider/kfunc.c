// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/kfunc.h"

#include "base/cleanup.h"
#include "base/strmap.h"
#include "debuginfo/ksyms.h"
#include "provider/dprobes.h"
#include "provider/list.h"
#include "provider/tracefs.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool kfunc_spec_parse(struct arena *a, const struct spec *spec, struct kfunc_spec *out)
{
	unsigned n = spec->parts.len;
	const char *plus;
	char *end;

	*out = (struct kfunc_spec){ .module = "" };
	if (n != 2 && n != 3)
		return false;
	if (n == 3)
		out->module = spec->parts.data[1].text;
	out->name = spec->parts.data[n - 1].text;
	plus = strrchr(out->name, '+');
	if (plus) {
		out->offset = (unsigned)strtoul(plus + 1, &end, 0);
		out->name = arena_strndup(a, out->name, (size_t)(plus - out->name));
		out->has_offset = true;
		if (*end || !plus[1])
			return false;
	}
	return *out->name && (n == 2 || *out->module);
}

/* names */

typedef void visit_fn(void *data, const char *module, const char *name);

struct each {
	const char *module, *name;	/* globs; module "" or "vmlinux": the kernel itself */
	visit_fn *visit;
	void *data;
};

/* module NULL: the kernel's own */
static void offer(const struct each *each, const char *module, const char *name)
{
	bool wanted = !*each->module || prov_glob(each->module, module ? module : "vmlinux");

	if (wanted && prov_glob(each->name, name))
		each->visit(each->data, module, name);
}

/* The list of what ftrace can stop at: NAME [MODULE]. */
static bool each_traceable(const struct each *each)
{
	_cleanup_fclose_ FILE *f = NULL;
	_cleanup_free_ char *line = NULL;
	char path[PATH_MAX];
	size_t cap = 0;
	bool any = false;

	if (!tracefs_dir(NULL))
		return false;
	snprintf(path, sizeof(path), "%s/available_filter_functions", tracefs_dir(NULL));
	f = fopen(path, "re");
	while (f && getline(&line, &cap, f) > 0) {
		char *module = strchr(line, '[');

		any = true;
		line[strcspn(line, " \t\n")] = 0;
		if (module) {
			module++;
			module[strcspn(module, "]\n")] = 0;
		}
		/* places that no name belongs to any more */
		if (strncmp(line, "__ftrace_invalid_address", 24))
			offer(each, module, line);
	}
	return any;
}

/* All functions of the kernel's BTF by name. */
static uint32_t find_among_all(struct dbg_btf *b, const char *name)
{
	static struct strmap all;

	if (!all.len)
		for (uint32_t id = 0; (id = dbg_btf_next(b, id, BTF_KIND_FUNC));)
			strmap_put(&all, dbg_btf_name(b, id), (void *)(uintptr_t)id);
	return (uint32_t)(uintptr_t)strmap_get(&all, name);
}

/* Without ftrace's list: what kallsyms calls code and BTF a function, but not what was freed after the start. */
struct symbols {
	const struct each *each;
	struct arena arena;
	VEC(struct symbol_name) list;
	uint64_t init_begin, init_end;
};

struct symbol_name {
	const char *module, *name;
	uint64_t address;
};

static bool add_symbol(void *data, const char *module, char type, const char *name, uint64_t address)
{
	struct symbols *s = data;
	bool wanted = !*s->each->module || prov_glob(s->each->module, module ? module : "vmlinux");

	if (!module && !strcmp(name, "__init_begin"))
		s->init_begin = address;
	else if (!module && !strcmp(name, "__init_end"))
		s->init_end = address;
	else if (strchr("tTwW", type) && wanted && prov_glob(s->each->name, name))
		*arena_vec_add(&s->arena, &s->list) = (struct symbol_name){
			module ? arena_strdup(&s->arena, module) : NULL, arena_strdup(&s->arena, name), address,
		};
	return false;
}

static void each_symbol(const struct each *each)
{
	struct symbols s = { .each = each };
	struct dbg_btf *b = dbg_btf_kernel();

	dbg_ksym_each(add_symbol, &s);
	vec_foreach(sym, &s.list) {
		struct dbg_btf *module = sym->module ? dbg_btf_module(sym->module) : NULL;

		if (s.init_begin && sym->address >= s.init_begin && sym->address < s.init_end)
			continue;
		if (!b || (sym->module ? module && dbg_btf_find(module, sym->name, BTF_KIND_FUNC) :
					 find_among_all(b, sym->name)))
			each->visit(each->data, sym->module, sym->name);
	}
	arena_deinit(&s.arena);
}

static void each_function(const struct each *each)
{
	if (!each_traceable(each))
		each_symbol(each);
}

static bool is_symbol(void *data, const char *module, char type, const char *name, uint64_t address)
{
	const struct each *each = data;

	(void)address;
	if (!strchr("tTwW", type) || strcmp(name, each->name))
		return false;
	return !*each->module || !strcmp(each->module, module ? module : "vmlinux");
}

/* A function by its name alone: BTF knows most, kallsyms all. */
static bool exists(const struct kfunc_spec *what)
{
	const char *module = *what->module ? what->module : NULL;
	struct each each = { .module = what->module, .name = what->name };
	struct dbg_btf *b = dbg_btf_kernel();
	struct dbg_ref ref;

	if (b && (module ? dbg_btf_find_any(module, what->name, BTF_KIND_FUNC, &ref) :
			   dbg_btf_find(b, what->name, BTF_KIND_FUNC) != 0))
		return true;
	return dbg_ksym_each(is_symbol, &each);
}

struct expansion {
	struct probes *p;
	struct clause *c;
	const struct spec *spec;
	const struct kfunc_spec *what;
	enum target_kind kind;
	const char *before;		/* NULL: in D's form */
	struct suggest *near;
	const char *prov;	/* of D's; NULL: what stands before says it */
};

static bool is_return(enum target_kind kind)
{
	return kind == TARGET_KRETPROBE || kind == TARGET_FEXIT;
}

static bool is_bound(enum target_kind kind)
{
	return kind == TARGET_FENTRY || kind == TARGET_FEXIT;
}

static void add(void *data, const char *module, const char *name)
{
	struct expansion *x = data;
	struct arena *a = x->p->arena;
	const char *in = module ? module : "vmlinux", *end = is_return(x->kind) ? "return" : "entry";
	struct target like = { .kind = x->kind, .offset = x->what->offset, .span = x->spec->span,
			       .optional = prov_is_glob(x->what->name) };
	struct naming naming = { .name = end };

	like.name = naming.func = arena_strdup(a, name);
	like.module = module ? arena_strdup(a, module) : NULL;
	/* trampolines need the prototype: of many functions, and of those behind D's probes, the ones that can have one are taken */
	if (is_bound(x->kind) && (like.optional || x->p->rename) && !kfunc_of(x->p, &like)->btf)
		return;
	if (is_bound(x->kind) && x->p->rename && kfunc_is_refused(kfunc_of(x->p, &like)))
		return;
	like.info = NULL;
	naming.mod = module ? like.module : "vmlinux";
	if (x->prov) {
		naming.prov = x->prov;
		naming.probe = arena_printf(a, "%s:%s:%s:%s", x->prov, in, name, end);
	} else {
		naming.prov = arena_strndup(a, x->before, strcspn(x->before, ":"));
		naming.probe = arena_printf(a, "%s%s%s%s", x->before, *x->what->module ? in : "",
					    *x->what->module ? ":" : "", name);
		if (x->what->has_offset)
			naming.probe = arena_printf(a, "%s+%u", naming.probe, x->what->offset);
	}
	prov_add_target(x->p, x->c, &like, &naming);
}

static void suggest(void *data, const char *module, const char *name)
{
	struct expansion *x = data;

	(void)module;
	/* only names that begin alike: tens of thousands are asked */
	if (strncmp(name, x->what->name, 2))
		return;
	suggest_add(x->near, arena_printf(x->p->arena, "%s%s%s", x->prov ? x->prov : x->before, x->prov ? "::" : "", name));
}

static void expand(struct expansion *x)
{
	const struct kfunc_spec *what = x->what;
	bool is_glob = prov_is_glob(what->name) || prov_is_glob(what->module);
	struct each each = { what->module, what->name, add, x };

	if (is_glob)
		each_function(&each);
	else if (exists(what))
		add(x, !*what->module || !strcmp(what->module, "vmlinux") ? NULL : what->module, what->name);
	if (!x->p->matched && !is_glob && !x->p->rename) {
		each = (struct each){ "", "*", suggest, x };
		each_function(&each);
	}
}

/* Where the function is, and where the next symbol is. */
struct extent {
	const struct kfunc_spec *what;
	uint64_t begin, end;
};

static bool find_begin(void *data, const char *module, char type, const char *name, uint64_t address)
{
	struct extent *x = data;
	const struct each each = { .module = x->what->module, .name = x->what->name };

	if (!is_symbol((void *)&each, module, type, name, address))
		return false;
	x->begin = address;
	return true;
}

static bool find_end(void *data, const char *module, char type, const char *name, uint64_t address)
{
	struct extent *x = data;

	(void)module;
	(void)type;
	(void)name;
	if (address > x->begin && address < x->end)
		x->end = address;
	return false;
}

/* Where addresses are hidden (0) it is left to the kernel to refuse it. */
static int behind_end(struct probes *p, const struct spec *spec, const struct kfunc_spec *what)
{
	struct extent x = { what, 0, UINT64_MAX };

	if (!what->has_offset || !dbg_ksym_each(find_begin, &x) || !x.begin)
		return 0;
	dbg_ksym_each(find_end, &x);
	if (what->offset < x.end - x.begin)
		return 0;
	return prov_missing(p, spec->span, "%s has %llu bytes: there is no %s+%u", what->name, (unsigned long long)(x.end - x.begin),
			    what->name, what->offset);
}

static bool is_of_module(void *data, const char *module, char type, const char *name, uint64_t address)
{
	(void)type;
	(void)name;
	(void)address;
	return module && !strcmp(module, data);
}

/* What is part of the kernel has a folder in /sys/module only if it has parameters. */
static int not_loaded(struct probes *p, const struct spec *spec, const struct kfunc_spec *what)
{
	const char *module = what->module;
	bool is_kernel = !strcmp(module, "vmlinux") || (!*module && spec->parts.len == 2);
	int result;

	if (is_kernel || prov_is_glob(module) || dbg_ksym_each(is_of_module, (void *)module))
		return 0;
	if (access(arena_printf(p->arena, "/sys/module/%s", module), F_OK))
		return prov_missing(p, spec->parts.data[1].span, "the module '%s' is not loaded", module);
	result = prov_missing(p, spec->parts.data[1].span, "'%s' is part of the kernel, no module", module);
	diag_hint(p->diag, "its functions are named without it");
	return result;
}

int kfunc_expand(struct probes *p, struct clause *c, const struct spec *spec, const struct kfunc_spec *what,
		 enum target_kind kind, const char *before, struct suggest *near)
{
	struct expansion x = { p, c, spec, what, kind, before, near, NULL };
	int missing = behind_end(p, spec, what);

	if (missing)
		return missing;
	expand(&x);
	return p->matched ? 0 : not_loaded(p, spec, what);
}

static bool is_named_after(void *data, const char *module, char type, const char *name, uint64_t address)
{
	size_t len = strlen(data);

	(void)address;
	return !module && strchr("tT", type) && !strncmp(name, data, len) && name[len] == '_';
}

/* The kernel does not tell what of it could have been a module: the names of functions do, mostly. */
static const char *why_no_module(struct probes *p, const char *module)
{
	if (!*module || prov_is_glob(module) || dprobes_kernel(module) || dbg_ksym_each(is_of_module, (void *)module))
		return NULL;
	if (dbg_ksym_each(is_named_after, (void *)module))
		return arena_printf(p->arena, "%s is part of this kernel, no module: its functions are fbt::%s_*:", module, module);
	return arena_printf(p->arena, "the module '%s' is not loaded", module);
}

void kfunc_expand_d(struct probes *p, struct clause *c, const struct spec *spec, const char *prov, const struct d_spec *d,
		    enum target_kind kind, struct suggest *near)
{
	struct kfunc_spec what = { .module = d->mod, .name = *d->func ? d->func : "*" };
	struct expansion x = { p, c, spec, &what, kind, NULL, near, prov };

	expand(&x);
	if (!p->matched && !strcmp(d->prov, prov))
		p->why_none = why_no_module(p, d->mod);
}

/* prototypes */

/* The list of all is made once several functions have been looked up one by one. */
static uint32_t find_function(struct dbg_btf *b, const char *name)
{
	enum { FEW = 4 };
	static unsigned asked;

	if (b != dbg_btf_kernel() || asked++ < FEW)
		return dbg_btf_find(b, name, BTF_KIND_FUNC);
	return find_among_all(b, name);
}

static bool find_in_module(void *data, struct dbg_btf *b)
{
	struct target *t = data;
	struct kfunc *k = t->info;

	k->id = dbg_btf_find(b, t->name, BTF_KIND_FUNC);
	k->btf = k->id ? b : NULL;
	return k->id;
}

const struct kfunc *kfunc_of(struct probes *p, struct target *t)
{
	struct kfunc *k = t->info;
	struct dbg_btf *b;

	if (!k)
		k = t->info = arena_new(p->arena, struct kfunc);
	if (k->looked)
		return k;
	k->looked = true;
	b = t->module ? dbg_btf_module(t->module) : dbg_btf_kernel();
	if (!b)
		return k;
	k->id = find_function(b, t->name);
	k->btf = k->id ? b : NULL;
	if (!k->btf && !t->module)
		dbg_btf_modules(find_in_module, t);
	if (k->btf && !dbg_btf_proto(k->btf, k->id, &k->proto))
		k->btf = NULL;
	return k;
}

int kfunc_param(struct probes *p, struct target *t, const char *name, const struct type **type)
{
	const struct kfunc *k = kfunc_of(p, t);
	char *end;
	unsigned n = (unsigned)strtoul(name, &end, 10);

	if (!k->btf)
		return -1;
	if (*end || !*name)
		for (n = 0; n < k->proto.nparams; n++)
			if (!strcmp(dbg_btf_string(k->btf, k->proto.params[n].name_off), name))
				break;
	if (n >= k->proto.nparams)
		return -1;
	*type = dbg_btf_type(k->btf, k->proto.params[n].type);
	return (int)n;
}

const struct type *kfunc_result(struct probes *p, struct target *t)
{
	const struct kfunc *k = kfunc_of(p, t);

	return k->btf ? dbg_btf_type(k->btf, k->proto.result) : NULL;
}

const struct type *kfunc_result_of_all(struct probes *p, const struct event *e)
{
	const struct type *all = NULL;

	vec_foreach(t, &e->targets) {
		const struct type *type = kfunc_result(p, *t);

		if (!type || !type_is_scalar(type) || (all && (all->size != type->size || all->is_signed != type->is_signed)))
			return NULL;
		all = type;
	}
	return all;
}

const struct type *kfunc_builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	bool returns = is_return(t->kind), is_arg = !strncmp(name, "arg", 3) && name[3];
	const struct type *result;

	if (is_arg && !returns)
		return &type_s64;
	/* D: arg1 of a return probe is what the function returns */
	if (is_arg && !strcmp(name, "arg1") && p->script->dialect == DIALECT_D)
		return &type_s64;
	if (is_arg) {
		*why = "arguments are known where the function is entered (kprobe:)";
		return NULL;
	}
	if (strcmp(name, "retval")) {
		*why = "kernel functions do not have it";
		return NULL;
	}
	if (!returns) {
		*why = "it is known where the function returns (kretprobe:)";
		return NULL;
	}
	result = kfunc_result(p, t);
	if (result && result->kind == TYPE_VOID && !t->optional) {
		*why = "the function returns nothing";
		return NULL;
	}
	return result && type_is_scalar(result) ? result : &type_s64;
}

bool kfunc_is_result(const struct event *e, const char *name, bool is_arg)
{
	return !strcmp(name, "retval") || (is_return(e->kind) && e->probes->script->dialect == DIALECT_D &&
					   !strcmp(name, is_arg ? "1" : "arg1"));
}

const struct type *kfunc_arg(struct probes *p, struct target *t, const char *name)
{
	const struct type *type;

	/* D: args[1] of a return probe is what the function returns */
	if (is_return(t->kind) && p->script->dialect == DIALECT_D && !strcmp(name, "1"))
		name = "retval";
	if (is_return(t->kind) && !strcmp(name, "retval"))
		return kfunc_result(p, t);
	if (t->kind == TARGET_KRETPROBE)
		return NULL;
	if (t->offset || kfunc_param(p, t, name, &type) < 0)
		return NULL;
	return type_is_scalar(type) ? type : NULL;
}

const char *kfunc_arg_names(struct probes *p, struct target *t, struct suggest *near)
{
	const struct kfunc *k = kfunc_of(p, t);
	const char *names = NULL;

	if (t->kind == TARGET_KRETPROBE)
		return NULL;
	for (unsigned i = 0; k->btf && i < k->proto.nparams; i++) {
		const char *name = dbg_btf_string(k->btf, k->proto.params[i].name_off);

		if (near)
			suggest_add(near, name);
		names = names ? arena_printf(p->arena, "%s, %s", names, name) : name;
	}
	return names;
}

bool kfunc_same_args(struct probes *p, const struct event *e, struct target *a, struct target *b)
{
	vec_foreach(name, &e->args) {
		const struct type *x, *y;

		if (kfunc_param(p, a, *name, &x) != kfunc_param(p, b, *name, &y) || !type_equal(x, y))
			return false;
	}
	return true;
}

/* listing */

struct functions {
	struct listing *listing;
	enum target_kind kind;
	const char *before;
};

static void list_one(void *data, const char *module, const char *name)
{
	const struct functions *f = data;
	struct target t = { .kind = f->kind, .name = name, .module = module };

	list_add(f->listing, &t, "%s%s%s%s", f->before, module ? module : "", module ? ":" : "", name);
}

void kfunc_list(struct listing *l, enum target_kind kind, const char *before)
{
	struct functions f = { l, kind, before };
	struct each each = { "", "*", list_one, &f };

	if (list_wants(l, before))
		each_function(&each);
}
