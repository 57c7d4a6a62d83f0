// SPDX-License-Identifier: GPL-2.0-or-later
/* D's provider of user functions: pid123:LIBRARY:FUNCTION:entry, :return or :OFFSET */
#include "provider/binary.h"
#include "provider/late.h"
#include "provider/uplace.h"
#include "provider/ufunc.h"

#include <stdlib.h>
#include <string.h>

struct d_expansion {
	struct expansion x;
	struct name_list seen;		/* paths */
};

/* The functions of x's file that match, where they are entered, return, or at an offset in hex. */
static void expand_d_file(struct expansion *x)
{
	const char *name = x->d->name, *function = *x->d->func ? x->d->func : "*";
	bool is_glob = prov_is_glob(function);
	const struct dbg_symbol *list;
	unsigned n;
	char *end;

	x->place = (struct place){ .function = function };
	if (*name && !prov_is_glob(name) && strcmp(name, "entry") && strcmp(name, "return")) {
		x->place.offset = strtoull(name, &end, 16);
		x->place.has_offset = true;
		if (*end)
			return;
	}
	list = dbg_elf_functions(x->elf, &n);
	for (unsigned i = 0; i < n; i++) {
		if (!uplace_matches(&x->place, &list[i], is_glob))
			continue;
		x->kind = TARGET_UPROBE;
		if (x->place.has_offset || prov_d_match(name, "entry"))
			uplace_add_function(x, &list[i], is_glob);
		x->kind = TARGET_URETPROBE;
		if (!x->place.has_offset && prov_d_match(name, "return") && !uplace_is_go(x->elf))
			uplace_add_function(x, &list[i], is_glob);
	}
}

static void visit_d(void *data, const char *path, const char *name)
{
	struct d_expansion *dx = data;
	struct expansion *x = &dx->x;
	const char *module = x->d->mod;
	bool is_program = !dx->seen.len;

	vec_foreach(seen, &dx->seen)
		if (!strcmp(*seen, path))
			return;
	*arena_vec_add(x->p->arena, &dx->seen) = path;
	if (!binary_is_called_d(name, module) && !(is_program && !strcmp(module, "a.out")))
		return;
	x->elf = dbg_elf_open(path);
	x->path = binary_real(x->p->arena, path);
	x->called = is_program ? "a.out" : name;
	if (!x->elf)
		return;
	if (!strcmp(x->d->func, "-")) {
		x->place = (struct place){ .offset = strtoull(x->d->name, NULL, 16) };
		x->kind = TARGET_UPROBE;
		uplace_add_address(x);
	} else {
		expand_d_file(x);
	}
}

static void suggest_d(struct probes *p, const struct d_spec *d, const struct dbg_elf *elf, struct suggest *near)
{
	const struct dbg_symbol *list;
	unsigned n;

	list = dbg_elf_functions((struct dbg_elf *)elf, &n);
	for (unsigned i = 0; i < n; i++)
		if (*list[i].name == *d->func)
			suggest_add(near, arena_printf(p->arena, "%s:%s:%s:%s", d->prov, d->mod, list[i].name, d->name));
}

/* A library that came while the script runs. */
static void expand_late(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, int pid, const char *path,
			const char *name)
{
	struct d_expansion dx = { .x = { .p = p, .c = c, .spec = spec, .d = d, .pid = pid } };

	dx.x.part = (struct spec_part){ .text = d->func, .span = spec->span };
	*arena_vec_add(p->arena, &dx.seen) = "";	/* it is not the program */
	visit_d(&dx, path, name);
}

/* Whether files that are yet to come can have such functions, and where. */
static unsigned late_kinds(const struct probes *p, const struct d_spec *d)
{
	if ((*d->mod && !prov_is_glob(d->mod) && p->matched) || !strcmp(d->mod, "a.out"))
		return 0;
	if (!strcmp(d->name, "return"))
		return KIND_BIT(TARGET_URETPROBE);
	return KIND_BIT(TARGET_UPROBE) | (!*d->name || prov_is_glob(d->name) ? KIND_BIT(TARGET_URETPROBE) : 0);
}

/* What dtrace(1) calls it that a process has no such function; NULL: nothing in particular. */
static const char *tag_in_process(const struct d_spec *d, struct dbg_elf *elf)
{
	bool is_place = !*d->name || prov_is_glob(d->name) || !strcmp(d->name, "entry") || !strcmp(d->name, "return");

	if (!elf)
		return *d->mod && !prov_is_glob(d->mod) ? "PROC_LIB" : NULL;
	if (!is_place && d->name[strspn(d->name, "0123456789abcdefABCDEF")])
		return "PROC_NAME";
	if (!*d->func || prov_is_glob(d->func) || !strcmp(d->func, "-"))
		return NULL;
	return is_place || !dbg_elf_function(elf, d->func, NULL) ? "PROC_FUNC" : "PROC_OFF";
}

/* … or that there is no such process. */
static const char *tag_of_process(const char *prov)
{
	size_t digits;

	if (strncmp(prov, "pid", 3) || prov_is_glob(prov))
		return NULL;
	digits = strspn(prov + 3, "0123456789");
	if (prov[3 + digits])
		return digits ? "PROC_BADPID" : NULL;
	return digits ? "PROC_GRAB" : "PROC_BADPID";
}

int uprobe_expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	struct d_expansion dx = { .x = { .p = p, .c = c, .spec = spec, .d = d } };
	struct process process;

	if (!ufunc_d_process(p, d->prov, "pid", &process)) {
		if (!p->tag_none)
			p->tag_none = tag_of_process(d->prov);
		return 0;
	}
	dx.x.part = (struct spec_part){ .text = d->func, .span = spec->span };
	dx.x.pid = process.pid;
	binary_of_process(p->arena, &process, visit_d, &dx);
	if (late_kinds(p, d))
		late_add(p, c, spec, d, process.pid, late_kinds(p, d), expand_late, &dx.seen);
	if (!p->matched)
		p->tag_none = tag_in_process(d, dx.x.elf);
	if (!p->matched && dx.x.elf)
		suggest_d(p, d, dx.x.elf, near);
	return 0;
}
