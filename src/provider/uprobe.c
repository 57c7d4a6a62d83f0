// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions of user programs: uprobe:BINARY:FUNCTION[+OFFSET], uprobe:BINARY:0xADDRESS, uretprobe:BINARY:FUNCTION.
 *
 * A target is a place in a file: all names of a function, and all ways to call the file, lead to one. Functions are named
 * as in the source (C++, Rust) or as in the symbol table; several of one name are all meant.
 */
#include "provider/arch.h"
#include "provider/binary.h"
#include "provider/ufunc.h"

#include "debuginfo/demangle.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What stands behind BINARY. */
struct place {
	const char *function, *version;	/* function NULL: only an address; version NULL: any */
	uint64_t offset;		/* from the function, or the address */
	bool has_offset, only_default;	/* only_default: function@@version */
};

struct expansion {
	struct probes *p;
	struct clause *c;
	const struct spec *spec;
	const struct spec_part *part;	/* the function's */
	enum target_kind kind;
	int pid;			/* of the target: it fires in this process only */
	const char *called;		/* what the spec calls the file */
	const char *path;
	struct dbg_elf *elf;
	struct place place;
	struct suggest *near;
	unsigned refused, indirect;	/* places where no probe can stand, functions that are somewhere else */
};

static bool is_number(const char *text, uint64_t *value)
{
	char *end;

	*value = strtoull(text, &end, 0);
	return isdigit((unsigned char)*text) && !*end;
}

static void parse_place(struct arena *a, const char *text, struct place *place)
{
	const char *plus = strrchr(text, '+'), *at;

	*place = (struct place){ .function = text };
	if (is_number(text, &place->offset)) {
		place->function = NULL;
		return;
	}
	if (plus && plus > text && is_number(plus + 1, &place->offset)) {
		place->has_offset = true;
		place->function = arena_strndup(a, text, (size_t)(plus - text));
	}
	at = strchr(place->function, '@');
	if (at && at > place->function) {
		place->only_default = at[1] == '@';
		place->version = at + 1 + place->only_default;
		place->function = arena_strndup(a, place->function, (size_t)(at - place->function));
	}
}

/* names */

static bool is_version(const struct place *place, const struct dbg_symbol *s)
{
	if (!place->version)
		return true;
	return s->version && !strcmp(s->version, place->version) && (s->is_default || !place->only_default);
}

/* What a glob means: functions, not labels within them nor the parts of them that are put aside. */
static bool is_whole(const struct dbg_symbol *s)
{
	const char *cold = strstr(s->name, ".cold");

	return s->type != STT_NOTYPE && !(cold && (!cold[5] || cold[5] == '.'));
}

static bool matches(const struct place *place, const struct dbg_symbol *s, bool is_glob)
{
	struct arena a = { 0 };
	const char *source;
	bool does;

	if (!is_version(place, s) || (is_glob && !is_whole(s)))
		return false;
	if (is_glob ? prov_glob(place->function, s->name) : !strcmp(place->function, s->name))
		return true;
	source = dbg_demangle(&a, s->name);
	if (!source)
		return false;
	does = is_glob ? prov_glob(place->function, source) || prov_glob(place->function, dbg_demangled_base(&a, source)) :
			 dbg_demangled_is(source, place->function);
	arena_deinit(&a);
	return does;
}

static const char *source_name(struct arena *a, const char *name)
{
	const char *source = dbg_demangle(a, name);

	return source ? source : name;
}

/*
 * An indirect function is called once, to choose which of several does its work on this processor. Of the libraries that this process
 * uses itself the loader knows what was chosen.
 */
static bool resolve_indirect(struct dbg_elf *elf, const struct dbg_symbol *s, uint64_t *address)
{
	void *chosen = s->version ? dlvsym(RTLD_DEFAULT, s->name, s->version) : dlsym(RTLD_DEFAULT, s->name);
	Dl_info info;

	if (!chosen || !dladdr(chosen, &info) || !info.dli_fname || dbg_elf_open(info.dli_fname) != elf)
		return false;
	*address = (uint64_t)((uintptr_t)chosen - (uintptr_t)info.dli_fbase);
	return true;
}

/* targets */

/* Where a probe can stand that is to stop at the offset; false if nowhere. */
static bool find_room(const struct expansion *x, uint64_t *offset)
{
	unsigned char code[16];
	unsigned n = dbg_elf_read(x->elf, *offset, code, sizeof(code));
	int skip = arch_probe_skip(code, n);

	*offset += skip > 0 ? (unsigned)skip : 0;
	return n && skip >= 0;
}

static void add(struct expansion *x, uint64_t address, const char *name, bool at_entry, bool optional)
{
	struct arena *a = x->p->arena;
	bool is_return = x->kind == TARGET_URETPROBE;
	struct target like = {
		.kind = x->kind, .module = x->path, .span = x->spec->span, .pid = x->pid, .optional = optional,
	};
	struct naming naming = {
		.func = name, .prov = is_return ? "uretprobe" : "uprobe", .mod = binary_name(x->path),
		.name = is_return ? "return" : "entry",
	};
	struct ufunc *info;
	struct target *t;

	if (!dbg_elf_code_offset(x->elf, address, &like.number))
		return;
	if (!find_room(x, &like.number)) {
		x->refused++;
		return;
	}
	naming.probe = arena_printf(a, "%s:%s:%s", naming.prov, x->called, name);
	t = prov_add_target(x->p, x->c, &like, &naming);
	if (t->info)
		return;
	info = t->info = arena_new(a, struct ufunc);
	*info = (struct ufunc){ .elf = x->elf, .address = address, .at_entry = at_entry };
}

static int add_address(struct expansion *x)
{
	uint64_t offset;

	if (!dbg_elf_code_offset(x->elf, x->place.offset, &offset))
		return prov_missing(x->p, x->part->span, "%s has no code at address 0x%llx", x->called,
				    (unsigned long long)x->place.offset);
	add(x, x->place.offset, arena_printf(x->p->arena, "0x%llx", (unsigned long long)x->place.offset), false, false);
	if (x->refused)
		return prov_missing(x->p, x->part->span, "at 0x%llx there is an instruction that the kernel cannot probe",
				    (unsigned long long)x->place.offset);
	return 0;
}

static void add_function(struct expansion *x, const struct dbg_symbol *s, bool is_glob)
{
	struct arena *a = x->p->arena;
	const char *name = source_name(a, s->name);
	uint64_t address = s->address;

	if (x->place.version)
		name = arena_printf(a, "%s@%s", name, s->version);
	if (x->place.has_offset)
		name = arena_printf(a, "%s+%llu", name, (unsigned long long)x->place.offset);
	if (s->type == STT_GNU_IFUNC && !resolve_indirect(x->elf, s, &address)) {
		x->indirect++;
		return;
	}
	add(x, address + x->place.offset, name, !x->place.offset, is_glob);
}

static void suggest_functions(struct expansion *x, const struct dbg_symbol *list, unsigned n)
{
	struct suggest near = { .name = x->place.function };
	struct arena *a = x->p->arena;

	for (unsigned i = 0; i < n; i++) {
		const char *source;

		if (list[i].name[0] == *near.name)
			suggest_add(&near, list[i].name);
		source = dbg_demangle(a, list[i].name);
		if (source && *source == *near.name)
			suggest_add(&near, dbg_demangled_base(a, source));
	}
	if (suggest_best(&near))
		diag_hint(x->p->diag, "did you mean '%s'?", suggest_best(&near));
	else if (!dbg_elf_has_symtab(x->elf))
		diag_hint(x->p->diag, "it is stripped: the names of %u functions are left (ply -l 'uprobe:%s:*'); "
			  "others go by address, uprobe:%s:0x…", n, x->called, x->called);
}

static int add_functions(struct expansion *x)
{
	bool is_glob = prov_is_glob(x->place.function);
	const struct dbg_symbol *list;
	unsigned n, found = 0, before = x->p->matched;
	int missing;

	list = dbg_elf_functions(x->elf, &n);
	for (unsigned i = 0; i < n; i++)
		if (matches(&x->place, &list[i], is_glob)) {
			found++;
			add_function(x, &list[i], is_glob);
		}
	if (x->p->matched > before)
		return 0;
	if (x->refused)
		return prov_missing(x->p, x->part->span, "%s begins with an instruction that the kernel cannot probe",
				    x->place.function);
	if (x->indirect) {
		missing = prov_missing(x->p, x->part->span, "which function does the work of %s is chosen when a program starts",
				       x->place.function);
		diag_hint(x->p->diag, "its implementations have names of their own, perhaps uprobe:%s:__%s_*", x->called,
			  x->place.function);
		return missing;
	}
	if (found)
		return prov_missing(x->p, x->part->span, "%s+%llu is not within the code of %s", x->place.function,
				    (unsigned long long)x->place.offset, x->called);
	missing = prov_missing(x->p, x->part->span, "%s has no function '%s'", x->called, x->part->text);
	suggest_functions(x, list, n);
	return missing;
}

static int expand_kind(struct probes *p, struct clause *c, struct spec *spec, enum target_kind kind,
		       const struct provider *prov, struct suggest *near)
{
	struct expansion x = { .p = p, .c = c, .spec = spec, .kind = kind, .near = near };
	struct spec_part part;
	int err;

	if (spec->parts.len < 3)
		return prov_bad_spec(p, spec, prov);
	part = ufunc_joined(p->arena, spec, 2);
	if (!*part.text || !*spec->parts.data[1].text)
		return prov_bad_spec(p, spec, prov);
	x.part = &part;
	x.called = spec->parts.data[1].text;
	err = ufunc_open(p, &spec->parts.data[1], &x.path, &x.elf);
	if (err)
		return err;
	parse_place(p->arena, part.text, &x.place);
	return x.place.function ? add_functions(&x) : add_address(&x);
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	return expand_kind(p, c, spec, TARGET_UPROBE, &prov_uprobe, near);
}

static int expand_ret(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	return expand_kind(p, c, spec, TARGET_URETPROBE, &prov_uretprobe, near);
}

/* variables */

static const struct type *builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	bool is_return = t->kind == TARGET_URETPROBE, is_arg = !strncmp(name, "arg", 3) && name[3];

	/* D: arg1 of a return probe is what the function returns */
	if (is_arg && (!is_return || (!strcmp(name, "arg1") && p->script->dialect == DIALECT_D)))
		return ufunc_type(8, true);
	if (is_arg) {
		*why = "arguments are known where the function is entered (uprobe:)";
		return NULL;
	}
	if (strcmp(name, "retval")) {
		*why = "user functions do not have it";
		return NULL;
	}
	if (!is_return) {
		*why = "it is known where the function returns (uretprobe:)";
		return NULL;
	}
	return ufunc_type(8, true);
}

const struct provider prov_uprobe = {
	.name = "uprobe",
	.aliases = "u",
	.syntax = "uprobe:BINARY:FUNCTION[+OFFSET] or uprobe:BINARY:0xADDRESS",
	.kinds = KIND_BIT(TARGET_UPROBE) | KIND_BIT(TARGET_URETPROBE),
	.expand = expand,
	.builtin = builtin,
};

const struct provider prov_uretprobe = {
	.name = "uretprobe",
	.aliases = "ur",
	.syntax = "uretprobe:BINARY:FUNCTION",
	.expand = expand_ret,
};
