// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of symbols of a file, brought together. */
#include "base/diag.h"
#include "debuginfo/demangle.h"
#include "debuginfo/elf_file.h"

#include <string.h>

/* A table of symbols and what goes with it. */
struct table {
	Elf *elf;
	Elf_Data *data, *versions;	/* versions: NULL if there are none */
	Elf_Scn *version_names;
	GElf_Shdr header, names_header;
};

/* No symbol table is so large; sparse files can pretend anything. */
static const uint64_t max_section = 1ull << 30;

/* The first section of a type. */
static Elf_Scn *section_of_type(Elf *elf, unsigned type, GElf_Shdr *h)
{
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));)
		if (gelf_getshdr(scn, h) && h->sh_type == type)
			return h->sh_size <= max_section ? scn : NULL;
	return NULL;
}

static bool has_strings(Elf *elf, unsigned link)
{
	GElf_Shdr h;

	return gelf_getshdr(elf_getscn(elf, link), &h) && h.sh_type == SHT_STRTAB && h.sh_size <= max_section;
}

static bool find_table(Elf *elf, unsigned type, struct table *t)
{
	Elf_Scn *scn = section_of_type(elf, type, &t->header);
	GElf_Shdr h;

	t->elf = elf;
	t->versions = NULL;
	t->version_names = NULL;
	t->data = scn && has_strings(elf, t->header.sh_link) ? elf_getdata(scn, NULL) : NULL;
	if (!t->data || !t->data->d_buf || !t->header.sh_entsize)
		return false;
	if (type == SHT_DYNSYM) {
		scn = section_of_type(elf, SHT_GNU_versym, &h);
		t->versions = scn ? elf_getdata(scn, NULL) : NULL;
		scn = section_of_type(elf, SHT_GNU_verdef, &t->names_header);
		t->version_names = scn && has_strings(elf, t->names_header.sh_link) ? scn : NULL;
	}
	return true;
}

static unsigned count(const struct table *t)
{
	return (unsigned)(t->data->d_size / t->header.sh_entsize);
}

enum { VERSIONS = 256 };	/* numbers beyond have no names here */

/* The names of the versions that the file defines, by their numbers. */
static void read_versions(const struct table *t, const char **names)
{
	Elf_Data *data = t->version_names ? elf_getdata(t->version_names, NULL) : NULL;
	GElf_Verdaux aux;
	GElf_Verdef def;
	int at = 0;

	for (unsigned n = 0; data && n < VERSIONS && gelf_getverdef(data, at, &def); n++) {
		if (def.vd_ndx < VERSIONS && gelf_getverdaux(data, at + (int)def.vd_aux, &aux))
			names[def.vd_ndx] = elf_strptr(t->elf, t->names_header.sh_link, aux.vda_name);
		/* offsets only grow: each entry leads to a later one */
		if (!def.vd_next || def.vd_next > data->d_size || (size_t)at + def.vd_next > data->d_size)
			break;
		at += (int)def.vd_next;
	}
}

static void set_version(struct arena *a, const struct table *t, unsigned i, const char *const *names, struct dbg_symbol *s)
{
	enum { HIDDEN = 0x8000, BASE = 1 };
	const char *at = strchr(s->name, '@');
	GElf_Versym v;

	s->is_default = true;
	/* .symtab has it in the name */
	if (at && at > s->name && !t->versions) {
		s->is_default = at[1] == '@';
		s->version = at + 1 + s->is_default;
		s->name = arena_strndup(a, s->name, (size_t)(at - s->name));
		return;
	}
	if (!t->versions || !gelf_getversym(t->versions, (int)i, &v))
		return;
	s->is_default = !(v & HIDDEN);
	v &= (GElf_Versym)~HIDDEN;
	if (v > BASE && v < VERSIONS)
		s->version = names[v];
}

static bool is_function(unsigned type)
{
	return type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE;
}

static void add_functions(struct dbg_elf *e, const struct table *t)
{
	const char *names[VERSIONS] = { 0 };
	unsigned n = count(t);

	read_versions(t, names);
	for (unsigned i = 1; i < n; i++) {
		struct dbg_symbol s;
		GElf_Sym sym;
		uint64_t offset;

		if (!gelf_getsym(t->data, (int)i, &sym) || sym.st_shndx == SHN_UNDEF || sym.st_shndx == SHN_ABS ||
		    !is_function(GELF_ST_TYPE(sym.st_info)) || !dbg_elf_code_offset(e, sym.st_value, &offset))
			continue;
		s = (struct dbg_symbol){
			.address = sym.st_value, .size = sym.st_size, .type = GELF_ST_TYPE(sym.st_info),
			.bind = GELF_ST_BIND(sym.st_info), .name = elf_strptr(t->elf, t->header.sh_link, sym.st_name),
		};
		if (!s.name || !*s.name)
			continue;
		set_version(&e->arena, t, i, names, &s);
		*arena_vec_add(&e->arena, &e->functions) = s;
	}
}

/* Less is more telling: what has a type, a global, few underscores, a default version. */
static unsigned rank(const struct dbg_symbol *s)
{
	unsigned underscores = (unsigned)strspn(s->name, "_");

	return (s->type == STT_NOTYPE) * 1000 + !s->is_default * 500 + (s->bind == STB_LOCAL) * 100 +
	       (underscores < 99 ? underscores : 99);
}

static int compare(const void *a, const void *b)
{
	const struct dbg_symbol *x = a, *y = b;
	unsigned rx, ry;
	int names;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	rx = rank(x);
	ry = rank(y);
	if (rx != ry)
		return rx < ry ? -1 : 1;
	names = strcmp(x->name, y->name);
	return names ? names : (x->version == NULL) - (y->version == NULL);
}

/* What two tables both have; the one with a version stays. */
static void drop_doubles(struct dbg_elf *e)
{
	struct dbg_symbol *list = e->functions.data;
	unsigned kept = 0;

	for (unsigned i = 0; i < e->functions.len; i++) {
		struct dbg_symbol *last = kept ? &list[kept - 1] : NULL;

		if (last && last->address == list[i].address && !strcmp(last->name, list[i].name) &&
		    (!list[i].version || !strcmp(last->version ? last->version : "", list[i].version))) {
			if (!last->size)
				last->size = list[i].size;
			continue;
		}
		list[kept++] = list[i];
	}
	e->functions.len = kept;
}

/* Names of one address have one size. */
static void share_sizes(struct dbg_elf *e)
{
	struct dbg_symbol *list = e->functions.data;

	for (unsigned from = 0, to; from < e->functions.len; from = to) {
		uint64_t size = 0;

		for (to = from; to < e->functions.len && list[to].address == list[from].address; to++)
			size = list[to].size > size ? list[to].size : size;
		for (unsigned i = from; i < to; i++)
			list[i].size = list[i].size ? list[i].size : size;
	}
}

static void find_reach(struct dbg_elf *e)
{
	uint64_t far = 0;

	e->reach = arena_array(&e->arena, uint64_t, e->functions.len);
	for (unsigned i = 0; i < e->functions.len; i++) {
		const struct dbg_symbol *s = &e->functions.data[i];
		uint64_t end = s->address + s->size;

		if (end > far && end >= s->address)
			far = end;
		e->reach[i] = far;
	}
}

static bool add_symtab(struct dbg_elf *e, Elf *elf)
{
	struct table t;

	if (!elf || !find_table(elf, SHT_SYMTAB, &t))
		return false;
	add_functions(e, &t);
	return true;
}

static void read_symbols(struct dbg_elf *e)
{
	struct table t;

	if (e->has_symbols)
		return;
	e->has_symbols = true;
	e->has_symtab = add_symtab(e, e->elf) || add_symtab(e, dbg_elf_debug_handle(e)) ||
			add_symtab(e, dbg_elf_mini(e));
	if (find_table(e->elf, SHT_DYNSYM, &t))
		add_functions(e, &t);
	if (e->functions.len)
		qsort(e->functions.data, e->functions.len, sizeof(*e->functions.data), compare);
	drop_doubles(e);
	share_sizes(e);
	find_reach(e);
}

const struct dbg_symbol *dbg_elf_functions(struct dbg_elf *e, unsigned *n)
{
	read_symbols(e);
	*n = e->functions.len;
	return e->functions.data;
}

bool dbg_elf_has_symtab(struct dbg_elf *e)
{
	read_symbols(e);
	return e->has_symtab;
}

const struct dbg_symbol *dbg_elf_function_at(struct dbg_elf *e, uint64_t address)
{
	const struct dbg_symbol *s;

	read_symbols(e);
	s = vec_floor(&e->functions, address, address);
	if (!s)
		return NULL;
	/* a label without a size is a function up to the next one, unless it lies within another */
	if (!s->size && e->reach[s - e->functions.data] <= address)
		return s;
	for (;; s--) {
		if (address - s->address < s->size)
			return s;
		if (s == e->functions.data || e->reach[s - e->functions.data] <= address)
			return NULL;
	}
}

const struct dbg_symbol *dbg_elf_function(struct dbg_elf *e, const char *name, const struct dbg_symbol *after)
{
	const struct dbg_symbol *end, *s;

	read_symbols(e);
	end = e->functions.data + e->functions.len;
	for (s = after ? after + 1 : e->functions.data; s < end; s++)
		if (*s->name == *name && !strcmp(s->name, name))
			return s;
	return NULL;
}

bool dbg_elf_imports(struct dbg_elf *e, const char *name)
{
	struct table t;

	if (!find_table(e->elf, SHT_DYNSYM, &t))
		return false;
	for (unsigned i = 1; i < count(&t); i++) {
		const char *found;
		GElf_Sym sym;

		if (!gelf_getsym(t.data, (int)i, &sym) || sym.st_shndx != SHN_UNDEF)
			continue;
		found = elf_strptr(t.elf, t.header.sh_link, sym.st_name);
		if (found && !strcmp(found, name))
			return true;
	}
	return false;
}

/* The n-th symbol, if it is no function; its name. */
static const char *variable_at(Elf *elf, const struct table *t, unsigned n, GElf_Sym *sym)
{
	if (!gelf_getsym(t->data, (int)n, sym) || sym->st_shndx == SHN_UNDEF || is_function(GELF_ST_TYPE(sym->st_info)))
		return NULL;
	return elf_strptr(elf, t->header.sh_link, sym->st_name);
}

/* As the table has it, or, of C++, as the source does. */
static bool is_named(const char *found, const char *name)
{
	struct arena a = { 0 };
	const char *source;
	bool is;

	if (!strstr(name, "::") || *found != '_')
		return !strcmp(found, name);
	source = dbg_demangle(&a, found);
	is = source && !strcmp(source, name);
	arena_deinit(&a);
	return is;
}

static bool find_variable(Elf *elf, unsigned type, const char *name, uint64_t *address, unsigned *size)
{
	struct table t;

	if (!elf || !find_table(elf, type, &t))
		return false;
	for (unsigned i = 1; i < count(&t); i++) {
		GElf_Sym sym;
		const char *found = variable_at(elf, &t, i, &sym);

		if (!found || !is_named(found, name))
			continue;
		*address = sym.st_value;
		*size = sym.st_size > UINT32_MAX ? 0 : (unsigned)sym.st_size;
		return true;
	}
	return false;
}

bool dbg_elf_variable(struct dbg_elf *e, const char *name, uint64_t *address, unsigned *size)
{
	return find_variable(e->elf, SHT_SYMTAB, name, address, size) || find_variable(e->elf, SHT_DYNSYM, name, address, size) ||
	       find_variable(dbg_elf_debug_handle(e), SHT_SYMTAB, name, address, size) ||
	       find_variable(dbg_elf_mini(e), SHT_SYMTAB, name, address, size);
}

static void suggest_variables(Elf *elf, unsigned type, struct suggest *near)
{
	struct table t;

	if (!elf || !find_table(elf, type, &t))
		return;
	for (unsigned i = 1; i < count(&t); i++) {
		GElf_Sym sym;
		const char *name = variable_at(elf, &t, i, &sym);

		if (name && GELF_ST_TYPE(sym.st_info) == STT_OBJECT)
			suggest_add(near, name);
	}
}

void dbg_elf_suggest(struct dbg_elf *e, struct suggest *near)
{
	read_symbols(e);
	vec_foreach(s, &e->functions)
		suggest_add(near, s->name);
	suggest_variables(e->elf, SHT_SYMTAB, near);
	suggest_variables(e->elf, SHT_DYNSYM, near);
	suggest_variables(dbg_elf_debug_handle(e), SHT_SYMTAB, near);
}
