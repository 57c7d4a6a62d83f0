// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions and lines. Where a parameter is at its function's entry follows from the System V calling convention: integers and
 * pointers in registers in their order, then on the stack. Where optimised code says itself which register a parameter comes in, or that there is
 * none, that is taken (the compiler changes the parameters of functions that are its own).
 */
#include "base/cleanup.h"
#include "base/diag.h"
#include "debuginfo/dwarf_file.h"
#include "debuginfo/elf_file.h"

#include <dwarf.h>
#include <string.h>

enum { INTEGER_REGISTERS = 6, VECTOR_REGISTERS = 8, MAX_PARAMS = 64 };

/* units */

/* Calls visit with each unit's DIE, as the program itself has it, until it gives true. */
static bool each_unit(struct dbg_elf *e, bool (*visit)(void *data, Dwarf_Die *unit), void *data)
{
	Dwarf *dw = dbg_elf_dwarf(e);
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;

	while (dw && !dwarf_get_units(dw, cu, &cu, NULL, NULL, &unit, NULL))
		if (visit(data, &unit))
			return true;
	return false;
}

struct whole_units {
	struct dbg_elf *elf;
	bool (*visit)(void *data, Dwarf_Die *unit);
	void *data;
};

static bool visit_whole(void *data, Dwarf_Die *unit)
{
	const struct whole_units *w = data;

	return dbg_dwarf_whole(w->elf, unit) && w->visit(w->data, unit);
}

/* The same, with all that is known of the unit. */
static bool each_whole_unit(struct dbg_elf *e, bool (*visit)(void *data, Dwarf_Die *unit), void *data)
{
	return each_unit(e, visit_whole, &(struct whole_units){ e, visit, data });
}

/* What is looked for: what `is` finds to be called so; also in namespaces, and in the types of `within`. */
struct named {
	const int *tags;		/* any of these, up to 0 */
	int within;
	const char *name;
	bool (*is)(Dwarf_Die *die, const char *name);
	Dwarf_Die *found;
	bool in_path;			/* only within namespaces and types of these names (NULL: without one), from the unit inwards */
	const char *const *path;
	unsigned npath;
};

static bool is_called(Dwarf_Die *die, const char *name)
{
	const char *called = dwarf_diename(die);

	return called && !strcmp(called, name) && !dwarf_hasattr(die, DW_AT_declaration);
}

static bool enumerates(Dwarf_Die *die, const char *name)
{
	Dwarf_Die child;

	for (int more = dwarf_child(die, &child); !more; more = dwarf_siblingof(&child, &child))
		if (dwarf_tag(&child) == DW_TAG_enumerator && is_called(&child, name))
			return true;
	return false;
}

enum { PATH = 8 };

static bool is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool is_one_of(const int *tags, int tag)
{
	while (*tags && *tags != tag)
		tags++;
	return *tags;
}

static bool goes_on_in(Dwarf_Die *die, const struct named *n, unsigned depth)
{
	int tag = dwarf_tag(die);

	if (!n->in_path)
		return (tag == DW_TAG_namespace || tag == n->within) && depth < PATH;
	return depth < n->npath && is_same(dwarf_diename(die), n->path[depth]) &&
	       (tag == DW_TAG_namespace || tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type);
}

/* What is in it is as if it were in the namespace around it. */
static bool is_transparent(Dwarf_Die *die)
{
	return dwarf_tag(die) == DW_TAG_namespace && (!dwarf_diename(die) || dwarf_hasattr(die, DW_AT_export_symbols));
}

static bool find_in(Dwarf_Die *parent, struct named *n, unsigned depth)
{
	Dwarf_Die child;

	for (int more = dwarf_child(parent, &child); !more; more = dwarf_siblingof(&child, &child)) {
		int tag = dwarf_tag(&child);

		if (is_one_of(n->tags, tag) && (!n->in_path || depth == n->npath) && n->is(&child, n->name)) {
			*n->found = child;
			return true;
		}
		if (goes_on_in(&child, n, depth) && find_in(&child, n, depth + 1))
			return true;
		if (n->in_path && n->npath && is_transparent(&child) && find_in(&child, n, depth))
			return true;
	}
	return false;
}

static bool find_in_unit(void *data, Dwarf_Die *unit)
{
	return find_in(unit, data, 0);
}

/* Takes "ns::type::name" apart: what is in front is the path. false: it has too many parts. */
static bool split_name(struct arena *a, const char *name, struct named *n, const char **path)
{
	const char *colons;

	n->path = path;
	for (; (colons = strstr(name, "::")); name = colons + 2) {
		if (n->npath == PATH)
			return false;
		path[n->npath++] = arena_strndup(a, name, (size_t)(colons - name));
	}
	n->in_path = n->npath;
	n->name = name;
	return true;
}

bool dbg_dwarf_find(struct dbg_elf *e, const int *tags, const char *name, Dwarf_Die *die)
{
	struct named n = { .tags = tags, .is = is_called, .found = die };
	const char *path[PATH];

	if (!split_name(&e->arena, name, &n, path))
		return false;
	/* what is in no namespace comes first */
	if (!n.npath) {
		n.in_path = true;
		if (each_whole_unit(e, find_in_unit, &n))
			return true;
		n.in_path = false;
	}
	return each_whole_unit(e, find_in_unit, &n);
}

bool dbg_dwarf_define(struct dbg_elf *e, Dwarf_Die *die)
{
	_cleanup_free_ Dwarf_Die *scopes = NULL;	/* from the inside: itself … the unit */
	const char *path[PATH];
	const int tags[] = { dwarf_tag(die), 0 };
	struct named n = { .tags = tags, .name = dwarf_diename(die), .is = is_called, .in_path = true, .path = path };
	Dwarf_Die found;
	int nscopes;

	if (!dwarf_hasattr(die, DW_AT_declaration) || !n.name)
		return true;
	nscopes = dwarf_getscopes_die(die, &scopes);
	if (nscopes < 2 || nscopes - 2 > PATH)
		return false;
	for (int i = nscopes - 2; i > 0; i--)
		path[n.npath++] = dwarf_diename(&scopes[i]);
	n.found = &found;
	if (!each_whole_unit(e, find_in_unit, &n))
		return false;
	*die = found;
	return true;
}

/* An enumerator of an enum class is within it, others are beside their enumeration. */
static bool is_enum_called(Dwarf_Die *die, const char *name)
{
	return is_same(dwarf_diename(die), name);
}

bool dbg_dwarf_find_enum(struct dbg_elf *e, const char *name, Dwarf_Die *die)
{
	static const int tags[] = { DW_TAG_enumeration_type, 0 };
	struct named n = { .tags = tags, .within = DW_TAG_class_type, .is = enumerates, .found = die };
	const char *path[PATH], *enumerator;

	if (!split_name(&e->arena, name, &n, path))
		return false;
	if (each_whole_unit(e, find_in_unit, &n))
		return true;
	if (!n.npath)
		return false;
	enumerator = n.name;
	n.name = path[--n.npath];
	n.is = is_enum_called;
	return each_whole_unit(e, find_in_unit, &n) && enumerates(die, enumerator);
}

struct fed {
	struct arena *arena;
	const int *tags;
	struct suggest *near;
};

/* prefix: "ns::" of the namespaces that parent is in. */
static void feed(const struct fed *f, Dwarf_Die *parent, const char *prefix, unsigned depth)
{
	Dwarf_Die child;

	for (int more = dwarf_child(parent, &child); !more; more = dwarf_siblingof(&child, &child)) {
		const char *name = dwarf_diename(&child);

		if (!name)
			continue;
		if (dwarf_tag(&child) == DW_TAG_namespace && depth < PATH)
			feed(f, &child, arena_printf(f->arena, "%s%s::", prefix, name), depth + 1);
		else if (is_one_of(f->tags, dwarf_tag(&child)) && !dwarf_hasattr(&child, DW_AT_declaration))
			suggest_add(f->near, *prefix ? arena_printf(f->arena, "%s%s", prefix, name) : name);
	}
}

static bool feed_unit(void *data, Dwarf_Die *unit)
{
	feed(data, unit, "", 0);
	return false;
}

void dbg_dwarf_suggest(struct dbg_elf *e, const int *tags, struct suggest *near)
{
	each_whole_unit(e, feed_unit, &(struct fed){ &e->arena, tags, near });
}

/* functions */

struct at_address {
	uint64_t address;
	Dwarf_Die *found;
};

static bool unit_has(void *data, Dwarf_Die *unit)
{
	struct at_address *a = data;

	if (dwarf_haspc(unit, a->address) <= 0)
		return false;
	*a->found = *unit;
	return true;
}

/* The unit of an address: by the table of ranges, which not all compilers write, or by asking each. */
bool dbg_dwarf_skeleton_at(struct dbg_elf *e, uint64_t address, Dwarf_Die *unit)
{
	struct at_address a = { address, unit };
	Dwarf *dw = dbg_elf_dwarf(e);

	return dw && (dwarf_addrdie(dw, address, unit) || each_unit(e, unit_has, &a));
}

bool dbg_dwarf_unit_at(struct dbg_elf *e, uint64_t address, Dwarf_Die *unit)
{
	return dbg_dwarf_skeleton_at(e, address, unit) && dbg_dwarf_whole(e, unit);
}

static bool begins_at(Dwarf_Die *die, uint64_t address)
{
	Dwarf_Addr low;

	return dwarf_tag(die) == DW_TAG_subprogram && ((!dwarf_lowpc(die, &low) && low == address) ||
		(!dwarf_entrypc(die, &low) && low == address));
}

static bool has_functions(int tag, bool inner)
{
	switch (tag) {
	case DW_TAG_namespace: case DW_TAG_structure_type: case DW_TAG_class_type:
		return true;
	case DW_TAG_subprogram: case DW_TAG_lexical_block:
		return inner;
	default:
		return false;
	}
}

/* inner: also those within others: lambdas, methods of local classes. */
static bool find_function(Dwarf_Die *parent, uint64_t address, bool inner, unsigned depth, Dwarf_Die *found)
{
	Dwarf_Die child;

	for (int more = dwarf_child(parent, &child); !more; more = dwarf_siblingof(&child, &child)) {
		if (begins_at(&child, address)) {
			*found = child;
			return true;
		}
		if (has_functions(dwarf_tag(&child), inner) && depth < 8 && find_function(&child, address, inner, depth + 1, found))
			return true;
	}
	return false;
}

/* How much of the calling convention's places is used up. */
struct places {
	unsigned integers, vectors, stack;
	bool unsure;			/* something before is of a type that is not known */
};

static void on_stack(struct places *places, struct dbg_param *p, unsigned size, unsigned align)
{
	places->stack = (places->stack + align - 1) & ~(align - 1);
	p->kind = DBG_PARAM_STACK;
	p->place = places->stack;
	places->stack += (size + 7) & ~7u;
}

static void nowhere(struct dbg_param *p, const char *why)
{
	p->kind = DBG_PARAM_NOWHERE;
	p->why = why;
}

static bool is_floating(Dwarf_Die *type)
{
	Dwarf_Attribute attr;
	Dwarf_Word encoding;

	return dwarf_tag(type) == DW_TAG_base_type && dwarf_attr(type, DW_AT_encoding, &attr) &&
	       !dwarf_formudata(&attr, &encoding) && (encoding == DW_ATE_float || encoding == DW_ATE_complex_float);
}

static bool is_complex(Dwarf_Die *type)
{
	Dwarf_Attribute attr;
	Dwarf_Word encoding;

	return !dwarf_formudata(dwarf_attr(type, DW_AT_encoding, &attr), &encoding) && encoding == DW_ATE_complex_float;
}

enum { CLASS_DEPTH = 8 };

static bool refers_to(Dwarf_Die *param, Dwarf_Die *class)
{
	Dwarf_Die reference, of;
	int tag;

	if (!dbg_dwarf_stripped(param, &reference))
		return false;
	tag = dwarf_tag(&reference);
	return (tag == DW_TAG_reference_type || tag == DW_TAG_rvalue_reference_type) && dbg_dwarf_stripped(&reference, &of) &&
	       of.addr == class->addr;
}

/* A destructor, or a constructor that copies or moves, written by hand; a virtual function. */
static bool is_special(Dwarf_Die *function, Dwarf_Die *class)
{
	const char *name = dwarf_diename(function), *own = dwarf_diename(class);
	Dwarf_Die param;

	if (dwarf_tag(function) != DW_TAG_subprogram || dwarf_hasattr(function, DW_AT_defaulted) || dwarf_hasattr(function, DW_AT_deleted))
		return false;
	if (dwarf_hasattr(function, DW_AT_virtuality) || (name && *name == '~'))
		return true;
	if (!name || !own || strncmp(name, own, strcspn(own, "<")) || name[strcspn(own, "<")])
		return false;
	for (int more = dwarf_child(function, &param); !more; more = dwarf_siblingof(&param, &param))
		if (dwarf_tag(&param) == DW_TAG_formal_parameter && !dwarf_hasattr(&param, DW_AT_artificial))
			return refers_to(&param, class);
	return false;
}

static bool copies_itself(Dwarf_Die *class, unsigned depth)
{
	Dwarf_Die child, of;

	for (int more = depth < CLASS_DEPTH ? dwarf_child(class, &child) : 1; !more; more = dwarf_siblingof(&child, &child)) {
		int tag = dwarf_tag(&child);

		if (is_special(&child, class))
			return true;
		if ((tag == DW_TAG_member || tag == DW_TAG_inheritance) && !dwarf_hasattr(&child, DW_AT_external) &&
		    dbg_dwarf_stripped(&child, &of) && copies_itself(&of, depth + 1))
			return true;
	}
	return false;
}

/* A C++ object that has to stay where it is: passed and returned by its address. clang says so, of others it follows from the class. */
static bool is_by_reference(Dwarf_Die *type)
{
	Dwarf_Attribute attr;
	Dwarf_Word convention;
	int tag = dwarf_tag(type);

	if (dwarf_attr(type, DW_AT_calling_convention, &attr) && !dwarf_formudata(&attr, &convention))
		return convention == DW_CC_pass_by_reference;
	return (tag == DW_TAG_structure_type || tag == DW_TAG_class_type) && copies_itself(type, 0);
}

/* What a word of a struct is passed in; the greatest of its members' decides. */
enum word_class { NO_WORD, VECTOR_WORD, INTEGER_WORD };

enum { CLASS_WORDS = 2 };

static bool add_class(enum word_class *words, unsigned offset, unsigned size, enum word_class class)
{
	if (!size || size > 8 * CLASS_WORDS || offset > 8 * CLASS_WORDS - size)
		return false;
	for (unsigned i = offset / 8; i <= (offset + size - 1) / 8; i++)
		words[i] = class > words[i] ? class : words[i];
	return true;
}

/* Of a number or pointer where nothing is declared of it. */
static Dwarf_Word alignment(Dwarf_Die *type, Dwarf_Word size)
{
	size = is_complex(type) ? size / 2 : size;
	return size > 8 ? 8 : size ? size : 1;
}

static bool classify(Dwarf_Die *type, unsigned offset, enum word_class *words, unsigned depth);

static bool classify_members(Dwarf_Die *type, unsigned offset, enum word_class *words, unsigned depth)
{
	Dwarf_Die child, of;

	for (int more = dwarf_child(type, &child); !more; more = dwarf_siblingof(&child, &child)) {
		int tag = dwarf_tag(&child);
		Dwarf_Word at = 0, bit;
		Dwarf_Attribute attr;

		if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || dwarf_hasattr(&child, DW_AT_external))
			continue;
		if (!dbg_dwarf_member_offset(&child, &at))
			return false;
		if (dwarf_attr(&child, DW_AT_data_bit_offset, &attr) && !dwarf_formudata(&attr, &bit)) {
			if (!add_class(words, offset + (unsigned)(at + bit / 8), 1, INTEGER_WORD))
				return false;
		} else if (dwarf_hasattr(&child, DW_AT_bit_size)) { /* DWARF 3 */
			if (at >= 8 * CLASS_WORDS || !add_class(words, offset + (unsigned)at, 1, INTEGER_WORD))
				return false;
		} else if (at > 8 * CLASS_WORDS || !dbg_dwarf_stripped(&child, &of) || !classify(&of, offset + (unsigned)at, words, depth + 1)) {
			return false;
		}
	}
	return true;
}

static bool classify_elements(Dwarf_Die *type, unsigned offset, enum word_class *words, unsigned depth)
{
	Dwarf_Word all, one;
	Dwarf_Die of;

	if (dwarf_aggregate_size(type, &all) || !dbg_dwarf_stripped(type, &of) || dwarf_aggregate_size(&of, &one) || !one)
		return false;
	for (Dwarf_Word at = 0; at + one <= all; at += one)
		if (!classify(&of, offset + (unsigned)at, words, depth + 1))
			return false;
	return true;
}

/* The classes of a type's words; false where it is passed in memory. */
static bool classify(Dwarf_Die *type, unsigned offset, enum word_class *words, unsigned depth)
{
	Dwarf_Word size;

	if (depth == CLASS_DEPTH || dwarf_aggregate_size(type, &size) || offset + size > 8 * CLASS_WORDS)
		return false;
	switch (dwarf_tag(type)) {
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		return classify_members(type, offset, words, depth);
	case DW_TAG_array_type:
		return classify_elements(type, offset, words, depth);
	default:
		/* a long double is not passed in the vector registers, and nothing of a struct whose members are packed in any */
		if ((is_floating(type) && size > 8 && !is_complex(type)) || offset % alignment(type, size))
			return false;
		return add_class(words, offset, (unsigned)size, is_floating(type) ? VECTOR_WORD : INTEGER_WORD);
	}
}

/* A struct by value: in memory if it is large; else in as many registers as it has words, if there are so many left. */
static void place_struct(struct places *places, struct dbg_param *p, Dwarf_Die *type)
{
	enum word_class words[CLASS_WORDS] = { NO_WORD };
	unsigned integers = 0, vectors = 0;
	bool in_memory = !classify(type, 0, words, 0);

	for (unsigned i = 0; i < CLASS_WORDS; i++) {
		integers += words[i] == INTEGER_WORD;
		vectors += words[i] == VECTOR_WORD;
	}
	if (is_by_reference(type)) {
		p->kind = DBG_PARAM_REFERENCE;
		p->place = places->integers++;
		if (p->place >= INTEGER_REGISTERS)
			nowhere(p, "it is a copy that the caller made");
	} else if (in_memory || places->integers + integers > INTEGER_REGISTERS || places->vectors + vectors > VECTOR_REGISTERS) {
		on_stack(places, p, p->type->size, 8);
	} else {
		p->kind = DBG_PARAM_INTEGER;
		p->place = places->integers;
		places->integers += integers;
		places->vectors += vectors;
		if (vectors || !integers)
			nowhere(p, vectors ? "it has floating-point numbers, in registers that no program can read" : "it is empty");
	}
}

/* In vector registers, one for each word; a long double in none, and numbers of 128 bits in one. */
static void place_floating(struct places *places, struct dbg_param *p, Dwarf_Die *type)
{
	const char *name = dwarf_diename(type);
	bool is_long = name && strstr(name, "long double"), is_wide = is_long || (!is_complex(type) && p->type->size > 8);
	unsigned vectors = is_wide ? 1 : (p->type->size + 7) / 8;

	if (is_long || places->vectors + vectors > VECTOR_REGISTERS) {
		on_stack(places, p, p->type->size, is_wide ? 16 : 8);
	} else {
		places->vectors += vectors;
		nowhere(p, "it is a floating-point number, in a register that no program can read");
	}
}

/* A number of several words, a pointer to a member function: all in registers or none. */
static void place_words(struct places *places, struct dbg_param *p, bool is_number)
{
	unsigned words = (p->type->size + 7) / 8;

	if (places->integers + words > INTEGER_REGISTERS) {
		on_stack(places, p, p->type->size, is_number ? 16 : 8);
	} else {
		places->integers += words;
		nowhere(p, "it is no number");
	}
}

static void place(struct places *places, struct dbg_param *p, Dwarf_Die *type)
{
	places->unsure |= p->type->kind == TYPE_VOID || (dwarf_hasattr(type, DW_AT_declaration) && !p->type->size);
	if (places->unsure) {
		nowhere(p, "the debug information leaves its type out, or that of an argument before it");
	} else if (is_floating(type)) {
		place_floating(places, p, type);
	} else if (p->type->kind == TYPE_STRUCT || p->type->kind == TYPE_UNION) {
		place_struct(places, p, type);
	} else if (!type_is_scalar(p->type)) {
		place_words(places, p, dwarf_tag(type) == DW_TAG_base_type);
	} else if (places->integers < INTEGER_REGISTERS) {
		p->kind = DBG_PARAM_INTEGER;
		p->place = places->integers++;
	} else {
		on_stack(places, p, 8, 8);
	}
}

/* 32-bit programs pass everything in memory, the address for a struct that is returned before the rest. */
static void place_32bit(struct places *places, struct dbg_param *p)
{
	p->kind = DBG_PARAM_STACK;
	p->place = places->stack + 4 * places->integers;
	places->stack += (p->type->size + 3) & ~3u;
}

/*
 * What the compiler itself says of the place at the entry: a register, or that it passes no such thing, having found that it is always the same or
 * is not used. Frames are not there yet: of a place in them the calling convention knows more.
 */
static void place_by_location(Dwarf_Die *die, uint64_t address, struct dbg_param *p)
{
	enum { GENERAL = 16 };
	Dwarf_Attribute attr;
	Dwarf_Sword value;
	Dwarf_Op *expr;
	size_t len;

	if (dwarf_attr(die, DW_AT_const_value, &attr) && type_is_scalar(p->type) && !dwarf_formsdata(&attr, &value)) {
		p->kind = DBG_PARAM_CONSTANT;
		p->offset = value;
	} else if (!dwarf_attr(die, DW_AT_location, &attr)) {
		nowhere(p, "the compiler has not kept it");
	} else if (!type_is_scalar(p->type) || dwarf_getlocation_addr(&attr, address, &expr, &len, 1) != 1 || !len) {
		return;
	} else if (len == 1 && expr[0].atom >= DW_OP_reg0 && expr[0].atom < DW_OP_reg0 + GENERAL) {
		p->kind = DBG_PARAM_REGISTER;
		p->place = expr[0].atom - DW_OP_reg0;
	} else if (expr[0].atom == DW_OP_GNU_parameter_ref) {
		nowhere(p, "the compiler has not kept it");
	}
}

/* A struct that is returned in memory: its address is a parameter before all others. */
static bool returns_in_memory(const struct dbg_elf *e, Dwarf_Die *function, const struct type *result)
{
	Dwarf_Die type;

	if (result->kind != TYPE_STRUCT && result->kind != TYPE_UNION)
		return false;
	return result->size > 16 || dbg_elf_is_32bit(e) || (dbg_dwarf_stripped(function, &type) && is_by_reference(&type));
}

static void list_params(struct dbg_elf *e, Dwarf_Die *die, uint64_t address, struct dbg_function *f)
{
	struct dbg_param *params = arena_array(&e->arena, struct dbg_param, MAX_PARAMS);
	struct places places = { .integers = returns_in_memory(e, die, f->result) };
	bool all_on_stack = dbg_elf_is_32bit(e);
	Dwarf_Die child, type;

	for (int more = dwarf_child(die, &child); !more && f->nparams < MAX_PARAMS; more = dwarf_siblingof(&child, &child)) {
		struct dbg_param *p = &params[f->nparams];
		Dwarf_Attribute attr;

		if (dwarf_tag(&child) != DW_TAG_formal_parameter || !dbg_dwarf_stripped(&child, &type))
			continue;
		f->nparams++;
		p->name = dwarf_attr_integrate(&child, DW_AT_name, &attr) ? dwarf_formstring(&attr) : NULL;
		p->name = p->name ? p->name : "";
		p->type = dbg_dwarf_type_of(e, &child);
		dbg_dwarf_define(e, &type);
		if (all_on_stack) {
			place_32bit(&places, p);
			continue;
		}
		place(&places, p, &type);
		place_by_location(&child, address, p);
	}
	f->params = params;
}

const struct dbg_function *dbg_dwarf_function(struct dbg_elf *e, uint64_t address)
{
	struct dbg_function *f;
	Dwarf_Die unit, die, type;

	if (!dbg_dwarf_unit_at(e, address, &unit) ||
	    (!find_function(&unit, address, false, 0, &die) && !find_function(&unit, address, true, 0, &die)))
		return NULL;
	f = arena_new(&e->arena, struct dbg_function);
	f->name = dwarf_diename(&die);
	f->result = dbg_dwarf_type_of(e, &die);
	f->is_floating = dbg_dwarf_stripped(&die, &type) && is_floating(&type);
	list_params(e, &die, address, f);
	return f;
}

/* lines */

struct wanted_line {
	struct dbg_elf *elf;
	const char *file;
	unsigned line, next;
	uint64_t *addresses;
	unsigned n, max;
	bool more;			/* than max */
};

/* Whole components at the end of a path. */
static bool ends_in(const char *path, const char *end)
{
	size_t len = strlen(path), n = strlen(end);

	return len >= n && !strcmp(path + len - n, end) && (len == n || path[len - n - 1] == '/' || *end == '/');
}

/* One address for a function, its first. */
static void note_address(struct wanted_line *w, uint64_t address)
{
	const struct dbg_symbol *in = dbg_elf_function_at(w->elf, address);

	for (unsigned i = 0; i < w->n; i++) {
		if (dbg_elf_function_at(w->elf, w->addresses[i]) != in && w->addresses[i] != address)
			continue;
		if (address < w->addresses[i])
			w->addresses[i] = address;
		return;
	}
	if (w->n < w->max)
		w->addresses[w->n++] = address;
	else
		w->more = true;
}

static bool lines_of_unit(void *data, Dwarf_Die *unit)
{
	struct wanted_line *w = data;
	const char *last = NULL;
	bool is_file = false;
	Dwarf_Lines *lines;
	size_t n;

	if (dwarf_getsrclines(unit, &lines, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		Dwarf_Line *line = dwarf_onesrcline(lines, i);
		const char *file = dwarf_linesrc(line, NULL, NULL);
		bool begins = false, is_end = false;
		Dwarf_Addr address;
		int number;

		if (file != last)
			is_file = file && ends_in(file, w->file);
		last = file;
		if (!is_file || dwarf_lineno(line, &number) || dwarf_lineaddr(line, &address) || dwarf_linebeginstatement(line, &begins) ||
		    dwarf_lineendsequence(line, &is_end) || !begins || is_end || number <= 0)
			continue;
		if ((unsigned)number == w->line)
			note_address(w, address);
		else if ((unsigned)number > w->line && (!w->next || (unsigned)number < w->next))
			w->next = (unsigned)number;
	}
	return false;
}

unsigned dbg_dwarf_line(struct dbg_elf *e, const char *file, unsigned line, uint64_t *addresses, unsigned max,
			unsigned *next)
{
	struct wanted_line w = { .elf = e, .file = file, .line = line, .addresses = addresses, .max = max };

	each_unit(e, lines_of_unit, &w);
	*next = w.next;
	return w.n + w.more;
}
