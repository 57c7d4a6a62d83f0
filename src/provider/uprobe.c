// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions of user programs: uprobe:BINARY:FUNCTION[+OFFSET], uprobe:BINARY:0xADDRESS, uretprobe:BINARY:FUNCTION.
 *
 * A target is a place in a file: all names of a function, and all ways to call the file, lead to one. Functions are named
 * as in the source (C++, Rust) or as in the symbol table; several of one name are all meant.
 */
#include "provider/arch.h"
#include "provider/binary.h"
#include "provider/late.h"
#include "provider/list.h"
#include "provider/mechanism.h"
#include "provider/ufunc.h"

#include "debuginfo/cfi.h"
#include "debuginfo/demangle.h"

#include <ctype.h>
#include <dlfcn.h>
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
	struct spec_part part;		/* what stands behind BINARY */
	enum target_kind kind;
	int pid;			/* of the target: it fires in this process only */
	const char *called;		/* what the spec calls the file */
	const char *path;
	struct dbg_elf *elf;
	struct place place;
	const struct d_spec *d;		/* of D's form, else NULL */
	const char *line;		/* FILE:LINE; NULL: a function or an address */
	struct name_list refused;	/* where no probe can stand */
	uint64_t last_refused;
	bool failed;			/* an error was reported */
	const struct dbg_elf *asked;	/* whether it throws exceptions */
	unsigned indirect;		/* functions that are somewhere else */
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

/* What a glob means, or a name of the source: functions, not labels within them nor the parts of them that are put aside. */
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
	source = is_whole(s) ? dbg_demangle(&a, s->name) : NULL;
	if (!source)
		return false;
	/* a '*' may be a pointer's */
	does = dbg_demangled_is(source, place->function) ||
	       (is_glob && (prov_glob(place->function, source) || prov_glob(place->function, dbg_demangled_base(&a, source))));
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

static int add_address(struct expansion *x)
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

static void add_function(struct expansion *x, const struct dbg_symbol *s, bool is_glob)
{
	struct arena *a = x->p->arena;
	const char *name = source_name(a, s->name);
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

/* What the symbol is called if only the version, the namespace, the parameters or the compiler's mark set it off from what was asked for; else NULL. */
static const char *kin(struct arena *a, const struct place *place, const struct dbg_symbol *s)
{
	size_t len = strlen(place->function);
	const char *source;

	if (place->version && s->version && !strcmp(s->name, place->function))
		return arena_printf(a, "%s@%s", s->name, s->version);
	if (!strncmp(s->name, place->function, len) && s->name[len] == '.')
		return s->name;
	source = is_whole(s) ? dbg_demangle(a, s->name) : NULL;
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
static bool parse_line(struct arena *a, const char *text, const char **file, unsigned *line)
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

static int add_line(struct expansion *x, const char *file, unsigned line)
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

		add(x, addresses[i], s ? source_name(x->p->arena, s->name) : x->line, s && s->address == addresses[i], n > 1);
	}
	if (x->p->matched > before)
		return 0;
	if (n)
		return prov_missing(x->p, x->part.span, "%s begins with an instruction that the kernel cannot probe", x->line);
	return no_line(x, next);
}

/* Go moves the stacks that a uretprobe has changed, and ends the program when it finds a return address that is not its own. */
static bool is_go(const struct dbg_elf *elf)
{
	GElf_Shdr h;

	return dbg_elf_section(elf, ".go.buildinfo", &h) || dbg_elf_section(elf, ".gopclntab", &h) ||
	       dbg_elf_section(elf, ".note.go.buildid", &h);
}

static int refuse_go(struct expansion *x)
{
	diag_error(x->p->diag, x->spec->span, "PDESC_INVAL", "%s is a Go program, and a probe where its functions return would crash it",
		   x->called);
	diag_hint(x->p->diag, "Go moves stacks; probes where functions are entered (uprobe) do no harm");
	return -1;
}

/* uprobe:FILE:LINE is of the program that is traced. */
static bool is_line_only(const struct spec *spec)
{
	static const char sources[] = "c cc cpp cxx c++ C h hh hpp hxx rs go d m f90";
	const char *dot = spec->parts.len == 3 ? strrchr(spec->parts.data[1].text, '.') : NULL;
	const char *line = dot ? spec->parts.data[2].text : "";

	return dot && prov_has_word(sources, dot + 1) && *line && !line[strspn(line, "0123456789")];
}

static int open_target(struct expansion *x)
{
	const struct process process = ufunc_process(x->p);

	x->path = process.pid ? binary_find(x->p->arena, "a.out", &process, NULL) : NULL;
	x->elf = x->path ? dbg_elf_open(x->path) : NULL;
	if (x->elf) {
		x->called = binary_called(x->p->arena, x->path);
		return 0;
	}
	diag_error(x->p->diag, x->spec->span, "PDESC_INVAL", "which program '%s' is of is not known", x->spec->text);
	diag_hint(x->p->diag, "-p and -c say which, or the spec itself: uprobe:BINARY:FILE:LINE");
	return -1;
}

/* The file, and the text of the place in it. */
static int open_spec(struct expansion *x, const struct provider *prov)
{
	const struct spec *spec = x->spec;
	bool line_only = is_line_only(spec);
	/* bpftrace's uprobe:BINARY:cpp:"ns::f(int)" */
	bool has_language = spec->parts.len > 3 && !strcmp(spec->parts.data[2].text, "cpp");

	if (spec->parts.len < 3 || !*spec->parts.data[1].text || !*spec->parts.data[2].text)
		return prov_bad_spec(x->p, spec, prov);
	x->part = ufunc_joined(x->p->arena, spec, line_only ? 1 : 2 + has_language);
	if (line_only)
		return open_target(x);
	x->called = spec->parts.data[1].text;
	return ufunc_open(x->p, &spec->parts.data[1], &x->path, &x->elf);
}

/* The kernel takes the word on top of the stack for the return address, which it is only where a function is entered. */
static int refuse_inside(struct expansion *x)
{
	diag_error(x->p->diag, x->part.span, "PDESC_INVAL",
		   "a uretprobe stands where a function is entered: within one it would crash the program");
	diag_hint(x->p->diag, "uretprobe:%s:FUNCTION fires where the function returns", x->called);
	return -1;
}

/* By the information for unwinding: something is on the stack besides the return address. */
static bool has_frame(struct dbg_elf *elf, uint64_t address)
{
	struct dbg_cfi *cfi = dbg_cfi_open(elf);
	bool is_32bit = dbg_elf_is_32bit(elf);
	unsigned reg;
	int64_t size;
	bool known = cfi && dbg_cfi_cfa(cfi, address, &reg, &size);

	dbg_cfi_close(cfi);
	return known && (reg != (is_32bit ? CFI32_SP : CFI_SP) || size != (is_32bit ? 4 : 8));
}

static bool is_inside(const struct expansion *x)
{
	const struct dbg_symbol *in;

	if (x->place.function)
		return x->place.offset;
	in = dbg_elf_function_at(x->elf, x->place.offset);
	return in ? in->address != x->place.offset : has_frame(x->elf, x->place.offset);
}

static int expand_kind(struct probes *p, struct clause *c, struct spec *spec, enum target_kind kind,
		       const struct provider *prov)
{
	struct expansion x = { .p = p, .c = c, .spec = spec, .kind = kind };
	const char *file;
	unsigned line;
	int err = open_spec(&x, prov);

	if (err)
		return err;
	if (kind == TARGET_URETPROBE && is_go(x.elf))
		return refuse_go(&x);
	if (!x.part.quoted && parse_line(p->arena, x.part.text, &file, &line))
		return kind == TARGET_URETPROBE ? refuse_inside(&x) : add_line(&x, file, line);
	parse_place(p->arena, x.part.text, &x.place);
	if (kind == TARGET_URETPROBE && is_inside(&x))
		return refuse_inside(&x);
	return x.place.function ? add_functions(&x) : add_address(&x);
}

static int expand_entry(struct probes *p, struct clause *c, struct spec *spec)
{
	return expand_kind(p, c, spec, TARGET_UPROBE, &prov_uprobe);
}

static int expand_return(struct probes *p, struct clause *c, struct spec *spec)
{
	return expand_kind(p, c, spec, TARGET_URETPROBE, &prov_uretprobe);
}

static int expand(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	(void)near;
	return ufunc_expand(p, c, spec, expand_entry);
}

static int expand_ret(struct probes *p, struct clause *c, struct spec *spec, struct suggest *near)
{
	(void)near;
	return ufunc_expand(p, c, spec, expand_return);
}

/* D: pid123:LIBRARY:FUNCTION:entry, :return or :OFFSET */

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
		if (!matches(&x->place, &list[i], is_glob))
			continue;
		x->kind = TARGET_UPROBE;
		if (x->place.has_offset || prov_d_match(name, "entry"))
			add_function(x, &list[i], is_glob);
		x->kind = TARGET_URETPROBE;
		if (!x->place.has_offset && prov_d_match(name, "return") && !is_go(x->elf))
			add_function(x, &list[i], is_glob);
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
		add_address(x);
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

static bool has_function(const struct dbg_elf *elf, const char *name)
{
	const struct dbg_symbol *list;
	unsigned n;

	list = dbg_elf_functions((struct dbg_elf *)elf, &n);
	for (unsigned i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return true;
	return false;
}

/* What dtrace(1) calls it that a process has no such function; NULL: nothing in particular. */
static const char *tag_in_process(const struct d_spec *d, const struct dbg_elf *elf)
{
	bool is_place = !*d->name || prov_is_glob(d->name) || !strcmp(d->name, "entry") || !strcmp(d->name, "return");

	if (!elf)
		return *d->mod && !prov_is_glob(d->mod) ? "PROC_LIB" : NULL;
	if (!is_place && d->name[strspn(d->name, "0123456789abcdefABCDEF")])
		return "PROC_NAME";
	if (!*d->func || prov_is_glob(d->func) || !strcmp(d->func, "-"))
		return NULL;
	return is_place || !has_function(elf, d->func) ? "PROC_FUNC" : "PROC_OFF";
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

static int expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
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

/* variables */

/* A number that is used as an address is one in user memory. */
static const struct type *of_user(const struct type *type)
{
	return type->kind == TYPE_INT && type->size == 8 && type->show == SHOW_NUMBER ? ufunc_type(8, type->is_signed) : type;
}

static const struct type *builtin(struct probes *p, struct target *t, const char *name, const char **why)
{
	bool is_return = t->kind == TARGET_URETPROBE, is_arg = !strncmp(name, "arg", 3) && name[3];
	const struct dbg_function *f;

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
	f = ufunc_function(t);
	if (f && f->result->kind == TYPE_VOID && !t->optional) {
		*why = "the function returns nothing";
		return NULL;
	}
	if (f && f->is_floating && !t->optional) {
		*why = "the function returns a floating-point number, whose register no program can read";
		return NULL;
	}
	return f && type_is_scalar(f->result) ? of_user(f->result) : ufunc_type(8, true);
}

/* arguments by name */

static const struct type *arg(struct probes *p, struct target *t, const char *name)
{
	const struct dbg_param *param;

	(void)p;
	if (t->kind == TARGET_URETPROBE)
		return NULL;
	param = ufunc_param(t, name);
	return param && param->kind != DBG_PARAM_NOWHERE ? of_user(param->type) : NULL;
}

static const char *arg_names(struct probes *p, struct target *t, struct suggest *near)
{
	const struct dbg_function *f = ufunc_function(t);
	const char *names = NULL;

	for (unsigned i = 0; t->kind == TARGET_UPROBE && f && i < f->nparams; i++) {
		const char *name = f->params[i].name;

		if (f->params[i].kind == DBG_PARAM_NOWHERE)
			continue;
		if (near)
			suggest_add(near, name);
		names = names ? arena_printf(p->arena, "%s, %s", names, name) : name;
	}
	return names;
}

static const char *hex(struct arena *a, const unsigned char *bytes, unsigned len)
{
	char *text = arena_alloc(a, 2 * len + 1);

	for (unsigned i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

static bool no_debug_info(struct probes *p, struct target *t, struct span span)
{
	const struct ufunc *u = t->info;
	const char *lacking = dbg_dwarf_lacking_at(u->elf, u->address);
	unsigned len;
	const unsigned char *id = dbg_elf_build_id(u->elf, &len);

	if (lacking) {
		diag_error(p->diag, span, "ARG_UNDEF", "arguments by name need debug information, and that of %s is in %s",
			   t->namings.data[0].func, ufunc_lacking(p, lacking));
		diag_hint(p->diag, "arg0, arg1 … are there without it");
		return true;
	}
	diag_error(p->diag, span, "ARG_UNDEF", "arguments by name need debug information, and %s has none%s%s", binary_called(p->arena, t->module),
		   dbg_elf_dwarf(u->elf) ? " of " : "", dbg_elf_dwarf(u->elf) ? t->namings.data[0].func : "");
	if (dbg_elf_dwarf(u->elf) || !id)
		diag_hint(p->diag, "arg0, arg1 … are there without it");
	else
		diag_hint(p->diag, "arg0, arg1 … are there without it; the package with its debug information has the build id %s",
			  hex(p->arena, id, len));
	return true;
}

static bool no_late_arg(struct probes *p, struct span span)
{
	diag_error(p->diag, span, "ARG_UNDEF", "what arguments are called is not known of files that are yet to come");
	diag_hint(p->diag, "a probe that names its module (pid123:a.out:FUNCTION:entry) does not wait for others; arg0, arg1 … are always there");
	return true;
}

static bool no_arg(struct probes *p, struct target *t, const char *name, struct span span)
{
	const struct dbg_param *param;

	if (t->kind == TARGET_URETPROBE) {
		diag_error(p->diag, span, "ARG_UNDEF", "arguments are known where the function is entered (uprobe:)");
		return true;
	}
	if (t->is_late)
		return no_late_arg(p, span);
	if (!ufunc_function(t))
		return no_debug_info(p, t, span);
	if (!ufunc_function(t)->nparams && ((const struct ufunc *)t->info)->at_entry) {
		diag_error(p->diag, span, "ARG_UNDEF", "the debug information of %s tells no arguments of %s",
			   binary_called(p->arena, t->module), t->namings.data[0].func);
		diag_hint(p->diag, "arg0, arg1 … are there without it");
		return true;
	}
	param = ufunc_param(t, name);
	if (param)
		diag_error(p->diag, span, "ARG_UNDEF", "args.%s of %s cannot be read: %s", name, t->namings.data[0].func, param->why);
	return param;
}

static bool same_args(struct probes *p, const struct event *e, struct target *a, struct target *b)
{
	(void)p;
	vec_foreach(name, &e->args) {
		const struct dbg_param *x = ufunc_param(a, *name), *y = ufunc_param(b, *name);

		if (!x || !y || x->kind != y->kind || x->place != y->place || x->offset != y->offset || !type_equal(x->type, y->type))
			return false;
	}
	return true;
}

/* listing */

/* FILE:LINE, whose variables -v shows. */
static bool list_line(struct listing *l, struct dbg_elf *elf, const char *called, const char *text)
{
	struct target t = { .kind = TARGET_UPROBE, .module = called };
	struct arena a = { 0 };
	unsigned line, next;
	const char *file;
	struct ufunc *u;
	uint64_t first;
	bool is_line = parse_line(&a, text, &file, &line);

	if (is_line && dbg_dwarf_line(elf, file, line, &first, 1, &next)) {
		t.info = u = ufunc_of_list(elf, first, NULL);
		u->at_entry = false;
		list_add_meant(l, &t, true, "uprobe:%s:%s:%u", called, file, line);
	}
	arena_deinit(&a);
	return is_line;
}

static const char *list_file(struct listing *l, const char *before, struct dbg_elf *elf, const char *called)
{
	enum target_kind kind = strcmp(before, "uprobe:") ? TARGET_URETPROBE : TARGET_UPROBE;
	const char *behind = strchr(list_rest(l, before), ':');
	struct arena kept = { 0 };
	const struct dbg_symbol *list;
	struct place place = { 0 };
	unsigned n;

	if (behind && kind == TARGET_UPROBE && list_line(l, elf, called, behind + 1))
		return NULL;
	/* what a spec may call a function it may be called here as well */
	if (behind)
		parse_place(&kept, behind + 1, &place);
	list = dbg_elf_functions(elf, &n);
	for (unsigned i = 0; i < n; i++) {
		struct arena a = { 0 };
		struct target t = { .kind = kind, .module = called, .info = ufunc_of_list(elf, list[i].address, NULL) };
		bool meant = place.function && !place.has_offset && matches(&place, &list[i], prov_is_glob(place.function));

		if (is_whole(&list[i]))
			list_add_meant(l, &t, meant, "%s%s:%s", before, called, source_name(&a, list[i].name));
		arena_deinit(&a);
	}
	arena_deinit(&kept);
	if (n)
		return NULL;
	return dbg_elf_has_symtab(elf) ? "it has no functions" : "it is stripped: no names are left, its functions go by address";
}

static void list(struct listing *l)
{
	ufunc_list(l, "uprobe:", list_file);
}

static void list_ret(struct listing *l)
{
	ufunc_list(l, "uretprobe:", list_file);
}

const struct provider prov_uprobe = {
	.name = "uprobe",
	.aliases = "u",
	.syntax = "uprobe:BINARY:FUNCTION[+OFFSET], uprobe:BINARY:0xADDRESS or uprobe:BINARY:FILE:LINE",
	.kinds = KIND_BIT(TARGET_UPROBE) | KIND_BIT(TARGET_URETPROBE),
	.expand = expand,
	.expand_d = expand_d,
	.builtin = builtin,
	.arg = arg,
	.arg_names = arg_names,
	.no_arg = no_arg,
	.same_args = same_args,
	.list = list,
};

const struct provider prov_uretprobe = {
	.name = "uretprobe",
	.aliases = "ur",
	.syntax = "uretprobe:BINARY:FUNCTION",
	.expand = expand_ret,
	.list = list_ret,
};
