// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/uplace.h"

#include "provider/arch.h"
#include "provider/binary.h"
#include "provider/mechanism.h"
#include "provider/ufunc.h"

#include "debuginfo/cfi.h"
#include "debuginfo/demangle.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static bool is_number(const char *text, uint64_t *value)
{
	char *end;

	*value = strtoull(text, &end, 0);
	return isdigit((unsigned char)*text) && !*end;
}

void uplace_parse(struct arena *a, const char *text, struct place *place)
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

/* What a glob means, or a name of the source: functions, not labels within them nor the parts of them that are put aside. */
bool uplace_is_whole(const struct dbg_symbol *s)
{
	const char *cold = strstr(s->name, ".cold");

	return s->type != STT_NOTYPE && !(cold && (!cold[5] || cold[5] == '.'));
}

bool uplace_matches(const struct place *place, const struct dbg_symbol *s, bool is_glob)
{
	struct arena a = { 0 };
	const char *source;
	bool does;

	if (!is_version(place, s) || (is_glob && !uplace_is_whole(s)))
		return false;
	if (is_glob ? prov_glob(place->function, s->name) : !strcmp(place->function, s->name))
		return true;
	source = uplace_is_whole(s) ? dbg_demangle(&a, s->name) : NULL;
	if (!source)
		return false;
	/* a '*' may be a pointer's */
	does = dbg_demangled_is(source, place->function) ||
	       (is_glob && (prov_glob(place->function, source) || prov_glob(place->function, dbg_demangled_base(&a, source))));
	arena_deinit(&a);
	return does;
}

const char *uplace_source_name(struct arena *a, const char *name)
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

/* Where a probe can stand that is to stop at the offset; false if nowhere. What was named is tried, whatever is known of it. */
static bool find_room(const struct expansion *x, uint64_t *offset, bool optional)
{
	unsigned char code[16];
	unsigned n = dbg_elf_read(x->elf, *offset, code, sizeof(code));
	int skip = arch_probe_skip(code, n);

	*offset += skip > 0 ? (unsigned)skip : 0;
	return n && (skip >= 0 || (skip == ARCH_PROBE_REFUSED && !optional));
}

/* C++ and Rust: one of the libraries that throw, or the code of them in the program itself. */
static bool throws(struct dbg_elf *elf)
{
	static const char *const libraries[] = { "libstdc++.so", "libc++.so", "libc++abi.so", "libgcc_s.so" };
	static const char *const functions[] = { "__cxa_throw", "rust_eh_personality", "rust_panic" };
	const char *needed;

	for (unsigned n = 0; (needed = dbg_elf_dynamic(elf, DT_NEEDED, n)); n++)
		for (size_t i = 0; i < sizeof(libraries) / sizeof(*libraries); i++)
			if (!strncmp(needed, libraries[i], strlen(libraries[i])))
				return true;
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (dbg_elf_function(elf, functions[i], NULL))
			return true;
	return false;
}

/*
 * The kernel puts an address of its own in the place of the one that a function returns to, and gives the true one back when it returns. What
 * unwinds the stack meanwhile does not find the function's caller, nor anybody who would catch the exception.
 */
static void warn_of_exceptions(struct expansion *x)
{
	if (x->p->warned_of_exceptions || x->asked == x->elf)
		return;
	x->asked = x->elf;
	if (!throws(x->elf))
		return;
	x->p->warned_of_exceptions = true;
	diag_warning(x->p->diag, x->spec->span, "ATTACH", "an exception (or panic) that passes through a function with a uretprobe ends the program");
	diag_hint(x->p->diag, "%s can throw; where functions are entered (uprobe), probes do no harm", x->called);
}

static void name_target(const struct expansion *x, struct naming *n)
{
	struct arena *a = x->p->arena;
	bool is_return = x->kind == TARGET_URETPROBE;

	n->name = is_return ? "return" : "entry";
	if (x->d) {
		n->prov = x->d->prov;
		n->mod = x->called;
		n->name = x->place.has_offset || !x->place.function ? arena_printf(a, "%llx", (unsigned long long)x->place.offset) : n->name;
		n->probe = arena_printf(a, "%s:%s:%s:%s", n->prov, n->mod, n->func, n->name);
	} else {
		n->prov = is_return ? "uretprobe" : "uprobe";
		n->mod = binary_called(a, x->path);
		n->probe = arena_printf(a, "%s:%s:%s", n->prov, x->called, x->line ? x->line : n->func);
	}
}

static void add(struct expansion *x, uint64_t address, const char *name, bool at_entry, bool optional)
{
	struct arena *a = x->p->arena;
	struct target like = {
		.kind = x->kind, .module = x->path, .span = x->spec->span, .pid = x->pid, .optional = optional,
	};
	struct naming naming = { .func = name };
	struct ufunc *info;
	struct target *t;
	uint64_t begin;

	if (!dbg_elf_code_offset(x->elf, address, &begin))
		return;
	like.number = begin;
	if (!find_room(x, &like.number, optional)) {
		/* its other names come next */
		if (!x->refused.len || like.number != x->last_refused)
			*arena_vec_add(a, &x->refused) = name;
		x->last_refused = like.number;
		return;
	}
	if (x->kind == TARGET_URETPROBE)
		warn_of_exceptions(x);
	name_target(x, &naming);
	t = prov_add_target(x->p, x->c, &like, &naming);
	if (t->info)
		return;
	info = t->info = arena_new(a, struct ufunc);
	*info = (struct ufunc){ .elf = x->elf, .address = address, .skip = (unsigned)(like.number - begin), .at_entry = at_entry };
}

/*
 * Whether an instruction of the function begins at the offset within it: a probe in the middle of one would change what the program does. As
 * far as instructions are understood; *before and *behind are those around it.
 */
static bool begins_instruction(struct expansion *x, uint64_t address, uint64_t offset, uint64_t *before, uint64_t *behind)
{
	unsigned char code[16];
	uint64_t begin, at = 0;

	if (dbg_elf_is_32bit(x->elf) || !dbg_elf_code_offset(x->elf, address, &begin))
		return true;
	while (at < offset) {
		unsigned n = dbg_elf_read(x->elf, begin + at, code, sizeof(code)), len = arch_instruction_length(code, n);

		if (!len)
			return true;
		*before = at;
		at += len;
	}
	*behind = at;
	return at == offset;
}

/* name: what `address` is called; NULL: nothing. */
static int check_instruction(struct expansion *x, const char *name, uint64_t address, uint64_t offset)
{
	const char *form = name ? "+%llu" : "0x%llx";
	uint64_t before = 0, behind = 0, base = name ? 0 : address;
	struct arena *a = x->p->arena;

	if (begins_instruction(x, address, offset, &before, &behind))
		return 0;
	x->failed = true;
	diag_error(x->p->diag, x->part.span, "PDESC_INVAL", "no instruction begins at %s%s: the program would go wrong", name ? name : "",
		   arena_printf(a, form, (unsigned long long)(base + offset)));
	diag_hint(x->p->diag, "the nearest begin at %s and %s", arena_printf(a, form, (unsigned long long)(base + before)),
		  arena_printf(a, form, (unsigned long long)(base + behind)));
	return -1;
}

/* Where no symbol is left, the information for unwinding tells where instructions begin. */
static int check_address(struct expansion *x)
{
	const struct dbg_symbol *in = dbg_elf_function_at(x->elf, x->place.offset);
	uint64_t boundary = x->place.offset;
	struct dbg_cfi *cfi;

	if (in)
		return check_instruction(x, in->name, in->address, x->place.offset - in->address);
	cfi = dbg_cfi_open(x->elf);
	if (cfi && !dbg_cfi_boundary(cfi, x->place.offset, &boundary))
		boundary = x->place.offset;
	dbg_cfi_close(cfi);
	return check_instruction(x, NULL, boundary, x->place.offset - boundary);
}

static int no_code(struct expansion *x)
{
	int missing = prov_missing(x->p, x->part.span, "%s has no code at address 0x%llx", x->called, (unsigned long long)x->place.offset);
	uint64_t from, to;

	if (dbg_elf_code(x->elf, &from, &to))
		diag_hint(x->p->diag, "its code is at 0x%llx to 0x%llx: addresses are the file's own, not those that a process has it at",
			  (unsigned long long)from, (unsigned long long)to);
	return missing;
}

int uplace_add_address(struct expansion *x)
{
	uint64_t offset;

	if (!dbg_elf_code_offset(x->elf, x->place.offset, &offset))
		return no_code(x);
	if (check_address(x))
		return -1;
	add(x, x->place.offset, arena_printf(x->p->arena, "0x%llx", (unsigned long long)x->place.offset), false, false);
	if (x->refused.len)
		return prov_missing(x->p, x->part.span, "at 0x%llx there is an instruction that the kernel cannot probe",
				    (unsigned long long)x->place.offset);
	return 0;
}

void uplace_add_function(struct expansion *x, const struct dbg_symbol *s, bool is_glob)
{
	struct arena *a = x->p->arena;
	const char *name = uplace_source_name(a, s->name);
	uint64_t address = s->address;

	if (x->place.version)
		name = arena_printf(a, "%s@%s", name, s->version);
	if (x->place.has_offset && !x->d)
		name = arena_printf(a, "%s+%llu", name, (unsigned long long)x->place.offset);
	if (s->type == STT_GNU_IFUNC && !resolve_indirect(x->elf, s, &address)) {
		x->indirect++;
		return;
	}
	if (s->size && x->place.offset >= s->size)
		return;
	if (x->place.offset && check_instruction(x, s->name, address, x->place.offset))
		return;
	add(x, address + x->place.offset, name, !x->place.offset, is_glob);
}

/*
 * What the symbol is called if only the version, the namespace, the parameters or the compiler's mark set it off from what was asked
 * for; else NULL.
 */
static const char *kin(struct arena *a, const struct place *place, const struct dbg_symbol *s)
{
	size_t len = strlen(place->function);
	const char *source;

	if (place->version && s->version && !strcmp(s->name, place->function))
		return arena_printf(a, "%s@%s", s->name, s->version);
	if (!strncmp(s->name, place->function, len) && s->name[len] == '.')
		return s->name;
	source = uplace_is_whole(s) ? dbg_demangle(a, s->name) : NULL;
	if (!source)
		return NULL;
	if (strchr(place->function, '('))
		return dbg_demangled_is(source, dbg_demangled_base(a, place->function)) ? source : NULL;
	for (const char *scope = strstr(source, "::"); scope; scope = strstr(scope + 2, "::"))
		if (dbg_demangled_is(scope + 2, place->function))
			return dbg_demangled_base(a, source);
	return NULL;
}

/* The library that has a function which the file only uses. */
struct import {
	const char *function, *library;
};

static void find_import(void *data, const char *path, const char *name)
{
	struct import *i = data;
	struct dbg_elf *e = i->library ? NULL : dbg_elf_open(path);

	if (e && dbg_elf_function(e, i->function, NULL))
		i->library = name;
}

static bool hint_import(struct expansion *x)
{
	struct import import = { .function = x->place.function };
	const struct process process = { .program = x->path };

	if (!dbg_elf_imports(x->elf, import.function))
		return false;
	binary_of_process(x->p->arena, &process, find_import, &import);
	if (import.library)
		diag_hint(x->p->diag, "it uses that of %s: uprobe:%s:%s", import.library, import.library, x->part.text);
	else
		diag_hint(x->p->diag, "it uses that of a library, which is not to be found");
	return true;
}

/* D's way to say where in a function it is meant. */
static bool hint_end(struct expansion *x)
{
	static const char *const ends[][2] = { { ":entry", "uprobe" }, { ":return", "uretprobe" } };
	size_t len = strlen(x->part.text);

	for (unsigned i = 0; i < 2; i++) {
		size_t n = strlen(ends[i][0]);

		if (len <= n || strcmp(x->part.text + len - n, ends[i][0]))
			continue;
		diag_hint(x->p->diag, "%s:%s:%.*s", ends[i][1], x->called, (int)(len - n), x->part.text);
		return true;
	}
	return false;
}

static void suggest_functions(struct expansion *x, const struct dbg_symbol *list, unsigned n)
{
	struct suggest near = { .name = x->place.function };
	struct arena *a = x->p->arena;
	struct name_list kins = { 0 };

	if (hint_import(x) || hint_end(x))
		return;
	for (unsigned i = 0; i < n; i++) {
		const char *source, *name = kin(a, &x->place, &list[i]);

		if (name && (!kins.len || strcmp(kins.data[kins.len - 1], name)))
			*arena_vec_add(a, &kins) = name;
		if (list[i].name[0] == *near.name)
			suggest_add(&near, list[i].name);
		source = dbg_demangle(a, list[i].name);
		if (source && *source == *near.name)
			suggest_add(&near, dbg_demangled_base(a, source));
	}
	if (kins.len)
		diag_hint(x->p->diag, "it has %s", mech_some(a, &kins));
	else if (suggest_best(&near))
		diag_hint(x->p->diag, "did you mean '%s'?", suggest_best(&near));
	else if (dbg_elf_is_cut(x->elf))
		diag_hint(x->p->diag, "the file is cut off, and its symbols are missing");
	else if (!dbg_elf_has_symtab(x->elf) && !n)
		diag_hint(x->p->diag, "it is stripped: no names are left, its functions go by address, uprobe:%s:0x…", x->called);
	else if (!dbg_elf_has_symtab(x->elf))
		diag_hint(x->p->diag, "it is stripped: the names of %u functions are left (ply -l 'uprobe:%s:*'); "
			  "others go by address, uprobe:%s:0x…", n, x->called, x->called);
}

int uplace_add_functions(struct expansion *x)
{
	bool is_glob = prov_is_glob(x->place.function);
	const struct dbg_symbol *list;
	unsigned n, found = 0, before = x->p->matched;
	int missing;

	list = dbg_elf_functions(x->elf, &n);
	for (unsigned i = 0; i < n; i++)
		if (uplace_matches(&x->place, &list[i], is_glob)) {
			found++;
			uplace_add_function(x, &list[i], is_glob);
			if (x->failed)
				return -1;
		}
	if (x->p->matched > before) {
		if (x->refused.len)
			diag_warning(x->p->diag, x->spec->span, "ATTACH", "%u function%s left out, which the kernel cannot probe: %s",
				     x->refused.len, x->refused.len > 1 ? "s are" : " is", mech_some(x->p->arena, &x->refused));
		return 0;
	}
	if (x->refused.len)
		return prov_missing(x->p, x->part.span, "%s begins with an instruction that the kernel cannot probe",
				    x->place.function);
	if (x->indirect) {
		missing = prov_missing(x->p, x->part.span, "which function does the work of %s is chosen when a program starts",
				       x->place.function);
		diag_hint(x->p->diag, "its implementations have names of their own, perhaps uprobe:%s:__%s_*", x->called,
			  x->place.function);
		return missing;
	}
	if (found)
		return prov_missing(x->p, x->part.span, "%s+%llu is not within %s of %s", x->place.function,
				    (unsigned long long)x->place.offset, x->place.function, x->called);
	missing = prov_missing(x->p, x->part.span, "%s has no function '%s'", x->called, x->part.text);
	suggest_functions(x, list, n);
	return missing;
}

/* FILE:LINE; false if the text is not of that form. */
bool uplace_parse_line(struct arena *a, const char *text, const char **file, unsigned *line)
{
	const char *colon = strrchr(text, ':');
	char *end;

	if (!colon || colon == text || colon[-1] == ':' || !isdigit((unsigned char)colon[1]))
		return false;
	*line = (unsigned)strtoul(colon + 1, &end, 10);
	*file = arena_strndup(a, text, (size_t)(colon - text));
	return !*end && *line;
}

static int no_line(struct expansion *x, unsigned next)
{
	int missing;

	if (!dbg_elf_dwarf(x->elf)) {
		missing = prov_missing(x->p, x->part.span, "lines of the source are known by debug information, and %s has none", x->called);
	} else if (next) {
		missing = prov_missing(x->p, x->part.span, "no code begins at %s", x->line);
		diag_hint(x->p->diag, "the next line that has code is %u", next);
	} else {
		missing = prov_missing(x->p, x->part.span, "%s has no code of %s", x->called, x->line);
	}
	return missing;
}

int uplace_add_line(struct expansion *x, const char *file, unsigned line)
{
	enum { MAX = 256 };
	unsigned next, n, before = x->p->matched;
	uint64_t addresses[MAX];

	x->line = arena_printf(x->p->arena, "%s:%u", file, line);
	n = dbg_dwarf_line(x->elf, file, line, addresses, MAX, &next);
	if (n > MAX) {
		diag_warning(x->p->diag, x->part.span, "ATTACH", "%s is in more than %d functions; the others are left out", x->line, MAX);
		n = MAX;
	}
	for (unsigned i = 0; i < n; i++) {
		const struct dbg_symbol *s = dbg_elf_function_at(x->elf, addresses[i]);

		add(x, addresses[i], s ? uplace_source_name(x->p->arena, s->name) : x->line, s && s->address == addresses[i], n > 1);
	}
	if (x->p->matched > before)
		return 0;
	if (n)
		return prov_missing(x->p, x->part.span, "%s begins with an instruction that the kernel cannot probe", x->line);
	return no_line(x, next);
}

/* Go moves the stacks that a uretprobe has changed, and ends the program when it finds a return address that is not its own. */
bool uplace_is_go(const struct dbg_elf *elf)
{
	GElf_Shdr h;

	return dbg_elf_section(elf, ".go.buildinfo", &h) || dbg_elf_section(elf, ".gopclntab", &h) ||
	       dbg_elf_section(elf, ".note.go.buildid", &h);
}

int uplace_refuse_go(struct expansion *x)
{
	diag_error(x->p->diag, x->spec->span, "PDESC_INVAL", "%s is a Go program, and a probe where its functions return would crash it",
		   x->called);
	diag_hint(x->p->diag, "Go moves stacks; probes where functions are entered (uprobe) do no harm");
	return -1;
}
