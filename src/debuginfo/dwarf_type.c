// SPDX-License-Identifier: GPL-2.0-or-later
/* Types of DWARF as the language's. */
#include "debuginfo/dwarf_file.h"
#include "debuginfo/elf_file.h"

#include <dwarf.h>
#include <string.h>

/* Hostile types may lead in circles. */
enum { DEPTH = 64, MAX_SIZE = 1 << 30 };

/* A struct or union by its DIE. */
struct dbg_dwarf_struct {
	struct type *type;
	Dwarf_Die die;
	bool complete;
};

static const struct type *complete_origin(const struct type *type);

static const struct type *make(struct dbg_elf *e, Dwarf_Die *die, unsigned depth);

static bool is_qualifier(int tag)
{
	return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
	       tag == DW_TAG_restrict_type || tag == DW_TAG_atomic_type;
}

static bool type_die(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;
	Dwarf_Die whole;

	if (!dwarf_attr_integrate(die, DW_AT_type, &attr) || !dwarf_formref_die(&attr, type))
		return false;
	/* of a type that has a unit of its own (-fdebug-types-section) nothing else is left here */
	if (dwarf_attr(type, DW_AT_signature, &attr) && dwarf_formref_die(&attr, &whole))
		*type = whole;
	return true;
}

bool dbg_dwarf_stripped(Dwarf_Die *die, Dwarf_Die *type)
{
	if (!type_die(die, type))
		return false;
	for (unsigned depth = 0; is_qualifier(dwarf_tag(type)); depth++)
		if (depth == DEPTH || !type_die(type, type))
			return false;
	return true;
}

static bool number(Dwarf_Die *die, unsigned name, Dwarf_Word *value)
{
	Dwarf_Attribute attr;

	return dwarf_attr_integrate(die, name, &attr) && !dwarf_formudata(&attr, value);
}

static unsigned size_of(Dwarf_Die *die)
{
	Dwarf_Word size;

	return number(die, DW_AT_byte_size, &size) && size <= MAX_SIZE ? (unsigned)size : 0;
}

static const struct type *pointer_to(struct dbg_elf *e, Dwarf_Die *die, unsigned depth)
{
	Dwarf_Die target;

	/* the language's pointers have 64 bits; those of 32 are numbers */
	static const struct type short_pointer = { .kind = TYPE_INT, .size = 4, .show = SHOW_HEX, .user = true };

	if (dbg_elf_is_32bit(e))
		return &short_pointer;
	return type_pointer(&e->arena, type_die(die, &target) ? make(e, &target, depth) : &type_void, true);
}

/* What is of no kind that is understood is bytes. */
static const struct type *floating(struct dbg_elf *e, unsigned size, const char *name)
{
	const struct type *type = type_floating(size, name && strstr(name, "long double"));

	return type ? type : type_array(&e->arena, &type_u8, size);
}

static const struct type *base(struct dbg_elf *e, Dwarf_Die *die)
{
	unsigned size = size_of(die);
	Dwarf_Word encoding = 0;
	const char *name = dwarf_diename(die);
	bool is_signed;

	number(die, DW_AT_encoding, &encoding);
	is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
	if (encoding == DW_ATE_float)
		return floating(e, size, name);
	if (encoding == DW_ATE_complex_float)
		return type_array(&e->arena, floating(e, size / 2, name), 2);
	if (size != 1 && size != 2 && size != 4 && size != 8)
		return type_array(&e->arena, &type_u8, size);
	if (encoding == DW_ATE_boolean)
		return size == 1 ? &type_bool : type_int(&e->arena, size, false, SHOW_NUMBER);
	if (size == 1 && name && !strcmp(name, "char"))
		return &type_char;
	return type_int(&e->arena, size, is_signed, SHOW_NUMBER);
}

/* How far the member is from the begin of its object; of functions, the address as well. */
static const struct type *member_pointer(struct dbg_elf *e, Dwarf_Die *die)
{
	Dwarf_Die member;

	if (dbg_dwarf_stripped(die, &member) && dwarf_tag(&member) == DW_TAG_subroutine_type)
		return type_array(&e->arena, &type_u64, 2);
	return &type_s64;
}

static const struct type *array(struct dbg_elf *e, Dwarf_Die *die, unsigned depth)
{
	unsigned dims[8], n = 0;
	const struct type *type;
	Dwarf_Die child;

	if (!type_die(die, &child))
		return &type_void;
	type = make(e, &child, depth);
	for (int more = dwarf_child(die, &child); !more && n < 8; more = dwarf_siblingof(&child, &child)) {
		Dwarf_Word count = 0, upper;

		if (dwarf_tag(&child) != DW_TAG_subrange_type)
			continue;
		if (!number(&child, DW_AT_count, &count) && number(&child, DW_AT_upper_bound, &upper))
			count = upper + 1;
		dims[n++] = count <= MAX_SIZE ? (unsigned)count : 0;
	}
	while (n--)
		type = type_array(&e->arena, type, type->size && dims[n] > MAX_SIZE / type->size ? 0 : dims[n]);
	return type;
}

static const struct type *enumeration(struct dbg_elf *e, Dwarf_Die *die)
{
	struct type *type = arena_new(&e->arena, struct type);
	VEC(struct type_enumerator) list = { 0 };
	unsigned size = size_of(die);
	Dwarf_Die child;

	*type = (struct type){ .kind = TYPE_ENUM, .size = size ? size : 4, .name = dwarf_diename(die) };
	for (int more = dwarf_child(die, &child); !more; more = dwarf_siblingof(&child, &child)) {
		Dwarf_Attribute attr;
		Dwarf_Sword value;

		if (dwarf_tag(&child) != DW_TAG_enumerator || !dwarf_diename(&child) ||
		    !dwarf_attr(&child, DW_AT_const_value, &attr) || dwarf_formsdata(&attr, &value))
			continue;
		type->is_signed |= value < 0;
		*arena_vec_add(&e->arena, &list) = (struct type_enumerator){ dwarf_diename(&child), value };
	}
	type->enumerators = list.data;
	type->nenumerators = list.len;
	return type;
}

static const struct type *composite(struct dbg_elf *e, Dwarf_Die *die)
{
	struct dbg_dwarf_struct *s;
	void *at;

	dbg_dwarf_define(e, die);
	at = die->addr;
	vec_foreach(known, &e->structs)
		if ((*known)->die.addr == at)
			return (*known)->type;
	s = arena_new(&e->arena, struct dbg_dwarf_struct);
	*arena_vec_add(&e->arena, &e->structs) = s;
	s->die = *die;
	e->origin.complete = complete_origin;
	s->type = arena_new(&e->arena, struct type);
	*s->type = (struct type){
		.kind = dwarf_tag(die) == DW_TAG_union_type ? TYPE_UNION : TYPE_STRUCT, .size = size_of(die),
		.name = dwarf_diename(die), .origin = &e->origin,
	};
	return s->type;
}

static const struct type *make(struct dbg_elf *e, Dwarf_Die *die, unsigned depth)
{
	Dwarf_Die behind;

	if (depth == DEPTH)
		return &type_void;
	switch (dwarf_tag(die)) {
	case DW_TAG_typedef:
	case DW_TAG_const_type:
	case DW_TAG_volatile_type:
	case DW_TAG_restrict_type:
	case DW_TAG_atomic_type:
		return type_die(die, &behind) ? make(e, &behind, depth + 1) : &type_void;
	case DW_TAG_base_type:
		return base(e, die);
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
		return pointer_to(e, die, depth + 1);
	case DW_TAG_ptr_to_member_type:
		return member_pointer(e, die);
	case DW_TAG_unspecified_type:
		/* C++'s nullptr is passed like any other pointer */
		return dwarf_diename(die) && strstr(dwarf_diename(die), "nullptr") ? type_pointer(&e->arena, &type_void, true) : &type_void;
	case DW_TAG_enumeration_type:
		return enumeration(e, die);
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		return composite(e, die);
	case DW_TAG_array_type:
		return array(e, die, depth + 1);
	default:
		return &type_void;
	}
}

const struct type *dbg_dwarf_type_of(struct dbg_elf *e, Dwarf_Die *die)
{
	Dwarf_Die type;

	return type_die(die, &type) ? make(e, &type, 0) : &type_void;
}

/* members */

typedef VEC(struct type_member) member_list;

static bool is_composite(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

bool dbg_dwarf_member_offset(Dwarf_Die *die, Dwarf_Word *offset)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t n;

	*offset = 0;
	if (!dwarf_attr_integrate(die, DW_AT_data_member_location, &attr) || !dwarf_formudata(&attr, offset))
		return true;
	/* DWARF 2; where a virtual base is has to be computed */
	if (dwarf_getlocation(&attr, &ops, &n) || n != 1 || ops[0].atom != DW_OP_plus_uconst)
		return false;
	*offset = ops[0].number;
	return true;
}

/* Bit fields are counted from the unit of their type that they lie in, or from the byte that they begin in. */
static bool place_member(Dwarf_Die *die, unsigned size, struct type_member *m)
{
	Dwarf_Word at = 0, bits = 0, bit = 0;

	if (!dbg_dwarf_member_offset(die, &at))
		return false;
	if (number(die, DW_AT_bit_size, &bits)) {
		if (!size || size > 8 || bits > 64)
			return false;
		if (number(die, DW_AT_data_bit_offset, &bit)) {
			Dwarf_Word unit = bit % (8 * size) + bits <= 8 * size ? size : 1;

			at += bit / (8 * unit) * unit;
			bit %= 8 * unit;
		} else if (number(die, DW_AT_bit_offset, &bit)) { /* DWARF 3: from the most significant bit */
			if (bit > 8 * size || bits > 8 * size - bit)
				return false;
			bit = 8 * size - bit - bits;
		}
		m->bit_size = (unsigned)bits;
		m->bit_offset = (unsigned)bit;
	}
	m->offset = (unsigned)at;
	return at <= MAX_SIZE;
}

static void add_members(struct dbg_elf *e, Dwarf_Die *die, unsigned base, unsigned depth, member_list *list)
{
	Dwarf_Die child, inner;

	for (int more = depth < DEPTH ? dwarf_child(die, &child) : 1; !more; more = dwarf_siblingof(&child, &child)) {
		int tag = dwarf_tag(&child);
		struct type_member m = { .name = dwarf_diename(&child) };

		if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || dwarf_hasattr(&child, DW_AT_external))
			continue;
		m.type = dbg_dwarf_type_of(e, &child);
		if (!place_member(&child, m.type->size, &m))
			continue;
		m.offset += base;
		/* members of what has no name, and of what a class is derived from, are its own */
		if ((!m.name || tag == DW_TAG_inheritance) && dbg_dwarf_stripped(&child, &inner) && is_composite(&inner))
			add_members(e, &inner, m.offset, depth + 1, list);
		else if (m.name)
			*arena_vec_add(&e->arena, list) = m;
	}
}

static void complete(struct dbg_elf *e, struct dbg_dwarf_struct *s)
{
	member_list list = { 0 };

	if (s->complete || dwarf_hasattr(&s->die, DW_AT_declaration))
		return;
	s->complete = true;
	add_members(e, &s->die, 0, 0, &list);
	/* a struct without members is complete, too */
	s->type->members = list.data ? list.data : arena_new(&e->arena, struct type_member);
	s->type->nmembers = list.len;
}

static void complete_own(struct dbg_elf *e, const struct type *type)
{
	struct dbg_dwarf_struct *own = NULL;

	vec_foreach(s, &e->structs)
		if ((*s)->type == type)
			own = *s;
	/* which may add to the structs */
	if (own)
		complete(e, own);
}

static const struct type *complete_origin(const struct type *type)
{
	complete_own((struct dbg_elf *)((char *)type->origin - offsetof(struct dbg_elf, origin)), type);
	return type->members ? type : NULL;
}

const struct type *dbg_dwarf_named(struct dbg_elf *e, const int *tags, const char *name)
{
	const struct type *type;
	Dwarf_Die die;

	if (!dbg_dwarf_find(e, tags, name, &die))
		return NULL;
	type = make(e, &die, 0);
	complete_own(e, type);
	return type;
}

bool dbg_dwarf_enumerator(struct dbg_elf *e, const char *name, int64_t *value, const struct type **type)
{
	const char *own;
	Dwarf_Die die;

	if (!dbg_dwarf_find_enum(e, name, &die))
		return false;
	while ((own = strstr(name, "::")))
		name = own + 2;
	*type = make(e, &die, 0);
	for (unsigned i = 0; i < (*type)->nenumerators; i++) {
		if (strcmp((*type)->enumerators[i].name, name))
			continue;
		*value = (*type)->enumerators[i].value;
		return true;
	}
	return false;
}

const struct type *dbg_dwarf_variable(struct dbg_elf *e, const char *name)
{
	static const int tags[] = { DW_TAG_variable, 0 };
	Dwarf_Die die;

	return dbg_dwarf_find(e, tags, name, &die) ? dbg_dwarf_type_of(e, &die) : NULL;
}
