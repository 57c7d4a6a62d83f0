// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes as D numbers and lists them. */
#include "provider/provider.h"

#include "base/strmap.h"
#include "debuginfo/btf.h"
#include "lang/ast.h"
#include "provider/arch.h"
#include "provider/dprobes.h"

#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

/*
 * BEGIN, END, ERROR; the entry and the return of each system call; D's stable probes; what the script alone names (tick-97, pid$target …), as it
 * names them; functions and tracepoints, by their numbers in the kernel's BTF.
 */
enum {
	ID_BEGIN = 1, ID_SYSCALLS = 4, ID_STABLE = 1500, ID_OTHERS = 2000,
	ID_FUNCTIONS = 100000, ID_RAWTP = 500000, ID_SDT = 700000, ID_END = 900000,
};

static const char *const specials[] = { "BEGIN", "END", "ERROR" };

static unsigned of_name(const struct naming *n)
{
	unsigned id = ID_BEGIN;

	while (strcmp(specials[id - ID_BEGIN], n->name))
		id++;
	return id;
}

/* The number of something in the kernel's own BTF, 0: it is not there. Where many are asked for, all are read at once. */
static uint32_t in_btf(const char *name, unsigned kind)
{
	enum { MANY = 16 };
	static struct strmap known[2];
	static unsigned asked[2];
	struct dbg_btf *btf = dbg_btf_kernel();
	unsigned which = kind == BTF_KIND_FUNC;

	if (!btf)
		return 0;
	if (++asked[which] < MANY)
		return dbg_btf_find(btf, name, kind);
	if (asked[which] == MANY)
		for (uint32_t id = 0; (id = dbg_btf_next(btf, id, kind));)
			if (!strmap_get(&known[which], dbg_btf_name(btf, id)))
				strmap_put(&known[which], dbg_btf_name(btf, id), (void *)(uintptr_t)id);
	return (uint32_t)(uintptr_t)strmap_get(&known[which], name);
}

static unsigned of_function(const struct naming *n)
{
	uint32_t id = strcmp(n->mod, "vmlinux") ? 0 : in_btf(n->func, BTF_KIND_FUNC);

	return id ? ID_FUNCTIONS + 2 * id + !strcmp(n->name, "return") : 0;
}

static unsigned of_tracepoint(const struct naming *n, unsigned base)
{
	char name[256];
	uint32_t id;

	snprintf(name, sizeof(name), "btf_trace_%s", n->name);
	id = in_btf(name, BTF_KIND_TYPEDEF);
	return id ? base + id : 0;
}

unsigned prov_id(const struct naming *n)
{
	const struct target *t = n->target;
	unsigned id = dprobes_number(n->prov, n->name);

	if (id)
		return ID_STABLE + id - 1;
	if (!strcmp(n->prov, "dtrace"))
		return of_name(n);
	if (!strcmp(n->prov, "syscall"))
		return ID_SYSCALLS + 2 * (unsigned)t->number + (t->kind == TARGET_SYSRET);
	if (!strcmp(n->prov, "fbt"))
		id = of_function(n);
	else if (!strcmp(n->prov, "rawtp") || !strcmp(n->prov, "sdt"))
		id = of_tracepoint(n, *n->prov == 'r' ? ID_RAWTP : ID_SDT);
	return id ? id : ID_OTHERS + n->number;
}

static const char *name_in_btf(unsigned id)
{
	struct dbg_btf *btf = dbg_btf_kernel();

	return btf && dbg_btf_get(btf, id) ? dbg_btf_name(btf, id) : "";
}

const char *prov_spec_of_id(struct arena *a, unsigned id)
{
	static const char tracepoint[] = "btf_trace_";
	const struct arch_syscall *call;
	const char *name;

	if (id >= ID_BEGIN && id < ID_SYSCALLS)
		return arena_printf(a, "dtrace:::%s", specials[id - ID_BEGIN]);
	if (id >= ID_SYSCALLS && id < ID_STABLE && (call = arch_syscall((id - ID_SYSCALLS) / 2)))
		return arena_printf(a, "syscall:vmlinux:%s:%s", call->name, (id - ID_SYSCALLS) % 2 ? "return" : "entry");
	if (id >= ID_STABLE && id < ID_OTHERS)
		return dprobes_spec(a, id - ID_STABLE + 1);
	if (id >= ID_FUNCTIONS && id < ID_RAWTP && *(name = name_in_btf((id - ID_FUNCTIONS) / 2)))
		return arena_printf(a, "fbt:vmlinux:%s:%s", name, (id - ID_FUNCTIONS) % 2 ? "return" : "entry");
	if (id >= ID_RAWTP && id < ID_END) {
		name = name_in_btf(id - (id < ID_SDT ? ID_RAWTP : ID_SDT));
		if (!strncmp(name, tracepoint, strlen(tracepoint)))
			return arena_printf(a, "%s:::%s", id < ID_SDT ? "rawtp" : "sdt", name + strlen(tracepoint));
	}
	return NULL;
}

/* --- attributes: how far D promises what, of a probe's name and its arguments --- */

enum stability { PRIVATE, UNSTABLE, EVOLVING, STABLE };
enum class { UNKNOWN, ISA, COMMON };

struct attributes {
	enum stability names, data;
	enum class class;
};

static const struct stable {
	const char *prov;
	struct attributes provider, module, function, name, args;
} stables[] = {
#define PP { PRIVATE, PRIVATE, UNKNOWN }
#define EE(class) { EVOLVING, EVOLVING, class }
	{ "dtrace", { STABLE, STABLE, COMMON }, PP, PP, { STABLE, STABLE, COMMON }, { STABLE, STABLE, COMMON } },
	{ "profile", EE(COMMON), { UNSTABLE, UNSTABLE, UNKNOWN }, PP, EE(COMMON), EE(COMMON) },
	{ "syscall", EE(COMMON), PP, PP, EE(COMMON), { PRIVATE, PRIVATE, ISA } },
	{ "lockstat", EE(COMMON), PP, PP, EE(COMMON), EE(COMMON) },
	{ "fbt", EE(ISA), PP, { PRIVATE, PRIVATE, ISA }, EE(ISA), { PRIVATE, PRIVATE, ISA } },
	{ "sdt", EE(ISA), PP, PP, EE(ISA), { PRIVATE, PRIVATE, ISA } },
	{ "rawtp", EE(ISA), PP, PP, EE(ISA), { PRIVATE, PRIVATE, ISA } },
	{ "pid", EE(ISA), PP, PP, EE(ISA), PP },
	/* all others */
	{ "", EE(ISA), PP, PP, EE(ISA), EE(ISA) },
#undef EE
#undef PP
};

static const struct stable *stable_of(const char *prov)
{
	const struct stable *s = stables;

	while (*s->prov && strcmp(s->prov, prov) && !(!strcmp(s->prov, "pid") && !strncmp(prov, "pid", 3)))
		s++;
	return s;
}

static void lower_to(struct attributes *a, const struct attributes *b, const char *part)
{
	if (!*part)
		return;
	a->names = a->names < b->names ? a->names : b->names;
	a->data = a->data < b->data ? a->data : b->data;
	a->class = a->class < b->class ? a->class : b->class;
}

static void print_attributes(FILE *out, const char *of, const struct attributes *a)
{
	static const char *const stabilities[] = { "Private", "Unstable", "Evolving", "Stable" };
	static const char *const classes[] = { "Unknown", "ISA", "Common" };

	fprintf(out, "\n\t%s Attributes\n", of);
	fprintf(out, "\t\tIdentifier Names: %s\n", stabilities[a->names]);
	fprintf(out, "\t\tData Semantics:   %s\n", stabilities[a->data]);
	fprintf(out, "\t\tDependency Class: %s\n", classes[a->class]);
}

/* --- arguments --- */

/* D's own argument, as the prelude declares it; NULL: there is none. */
static const char *declared_arg(struct probes *p, const struct naming *n, unsigned i)
{
	const char *alias = n->clause ? n->clause->alias : NULL, *name = arena_printf(p->arena, "__%s_args%u", alias ? alias : "", i);

	for (struct item *item = p->script->prelude; alias && item; item = item->next) {
		const struct decl *d = item->decl;

		if (d && d->kind == DECL_INLINE && !strcmp(d->name, name))
			return arena_printf(p->arena, "%s%s", d->type_name->name, d->type_name->pointers ? " *" : "");
	}
	return NULL;
}

/* As C calls it. */
static const char *c_text(struct arena *a, const struct type *t)
{
	static const char *const words[][2] = {
		{ "s8", "char" }, { "s16", "short" }, { "s32", "int" }, { "s64", "long" },
		{ "u8", "unsigned char" }, { "u16", "unsigned short" }, { "u32", "unsigned int" }, { "u64", "unsigned long" },
	};
	const char *text = type_text(a, t);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i][0]);

		if (!strncmp(text, words[i][0], len) && (!text[len] || text[len] == ' ' || text[len] == '['))
			return arena_printf(a, "%s%s", words[i][1], text + len);
	}
	return text;
}

static const char *arg_text(struct probes *p, const struct naming *n, unsigned i)
{
	const struct provider *prov = prov_of_kind(n->target->kind);
	const char *declared = declared_arg(p, n, i), *name = arena_printf(p->arena, "%u", i);
	const struct type *type;

	if (declared || (n->clause && n->clause->alias && dprobes_number(n->prov, n->name)))
		return declared;
	type = prov && prov->arg ? prov->arg(p, n->target, name) : NULL;
	return type ? c_text(p->arena, type) : NULL;
}

static void list_details(struct probes *p, const struct naming *n, FILE *out)
{
	const struct stable *s = stable_of(n->prov);
	struct attributes a = s->provider;
	const char *text;
	unsigned i = 0;

	lower_to(&a, &s->module, n->mod);
	lower_to(&a, &s->function, n->func);
	lower_to(&a, &s->name, n->name);
	print_attributes(out, "Probe Description", &a);
	print_attributes(out, "Argument", &s->args);
	fprintf(out, "\n\tArgument Types\n");
	for (; (text = arg_text(p, n, i)); i++)
		fprintf(out, "\t\targs[%u]: %s\n", i, text);
	fputs(i ? "\n" : "\t\tNone\n\n", out);
}

/* --- the list --- */

struct row {
	unsigned id;
	const struct naming *naming;
};

static int by_id(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

int prov_list_d(struct probes *p, bool verbose, FILE *out)
{
	VEC(struct row) rows = { 0 };
	unsigned number = 0, last = 0;

	fprintf(out, "%5s %10s %17s %33s %s\n", "ID", "PROVIDER", "MODULE", "FUNCTION", "NAME");
	vec_foreach(t, &p->targets)
		for (struct naming *n = (*t)->namings.data; !(*t)->is_late && n < (*t)->namings.data + (*t)->namings.len; n++) {
			n->number = number++;
			*vec_add(&rows) = (struct row){ prov_id(n), n };
		}
	if (rows.len)
		qsort(rows.data, rows.len, sizeof(*rows.data), by_id);
	vec_foreach(row, &rows) {
		const struct naming *n = row->naming;

		if (row->id == last)
			continue;
		last = row->id;
		fprintf(out, "%5u %10s %17s %33s %s\n", row->id, n->prov, n->mod, n->func, n->name);
		if (verbose)
			list_details(p, n, out);
	}
	vec_free(&rows);
	return number ? 0 : -1;
}
