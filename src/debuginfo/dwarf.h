/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DWARF of user programs: a function's parameters and result, types, lines.
 *
 * Types become struct type (lang/type.h) on demand; pointers lead into user memory. A struct or union is at first known by name and size;
 * its origin completes it in place. Types live as long as their struct dbg_elf does.
 */
#ifndef DEBUGINFO_DWARF_H
#define DEBUGINFO_DWARF_H

#include "debuginfo/elf.h"
#include "lang/type.h"

/* Where a parameter is when its function is entered, or a variable at an address within. */
struct dbg_param {
	const char *name;
	const struct type *type;
	enum {
		DBG_PARAM_INTEGER,	/* in the integer register number `place` of the calling convention; a struct's second word in the next */
		DBG_PARAM_REFERENCE,	/* at the address that is in that register */
		DBG_PARAM_STACK,	/* `place` bytes behind the first argument on the stack */
		DBG_PARAM_REGISTER,	/* what DWARF's register number `place` holds + offset */
		DBG_PARAM_MEMORY,	/* at that address */
		DBG_PARAM_NEAR,		/* `offset` bytes from where the program runs */
		DBG_PARAM_CONSTANT,	/* is `offset` */
		DBG_PARAM_NOWHERE,	/* where no probe sees it; `why` */
	} kind;
	unsigned place;
	int64_t offset;
	const char *why;
};

struct dbg_function {
	const char *name;
	const struct dbg_param *params;
	unsigned nparams;
	const struct type *result;	/* &type_void if there is none */
	bool is_floating;		/* the result is a floating-point number */
};

/* The function that begins at an address; NULL if there is no DWARF of it. */
const struct dbg_function *dbg_dwarf_function(struct dbg_elf *e, uint64_t address);

/* The function that an address is in, its `params` being all variables that are known there; NULL if there is no DWARF of it. */
const struct dbg_function *dbg_dwarf_variables(struct dbg_elf *e, uint64_t pc);

/*
 * The type of a name that a DIE with one of these tags (DW_TAG_structure_type …, up to 0) has, complete; NULL if there is none. Names here and
 * below may say what C++ namespaces and types they are in: "ns::name".
 */
const struct type *dbg_dwarf_named(struct dbg_elf *e, const int *tags, const char *name);

/* Feeds the names of the types of those tags. */
struct suggest;
void dbg_dwarf_suggest(struct dbg_elf *e, const int *tags, struct suggest *near);

/* The type of the global variable of that name; NULL if there is no DWARF of it. */
const struct type *dbg_dwarf_variable(struct dbg_elf *e, const char *name);

/* The enumerator of that name; false if there is none. */
bool dbg_dwarf_enumerator(struct dbg_elf *e, const char *name, int64_t *value, const struct type **type);

/*
 * The addresses where the code of a source line begins, once for each function that has some. `file` is the end of the
 * path. Gives how many there are, max + 1 if more than max; where there are none, *next is the next line that has code (0: none either).
 */
unsigned dbg_dwarf_line(struct dbg_elf *e, const char *file, unsigned line, uint64_t *addresses, unsigned max,
			unsigned *next);

/*
 * The .dwo file (of -gsplit-dwarf) that has the debug information of an address, or that was last looked into for a type, where it is not
 * there or not the one that belongs to the program; else NULL.
 */
const char *dbg_dwarf_lacking_at(struct dbg_elf *e, uint64_t address);
const char *dbg_dwarf_lacking(const struct dbg_elf *e);

/* A place in the source. */
struct dbg_line {
	const char *file;		/* without its path; NULL: not known */
	unsigned line;
	const char *function;		/* that was inlined where the next one is; NULL: none was, it is the function itself */
};
/*
 * Where the code at an address comes from: the innermost place first, then for each function that was inlined where that happened. Gives how
 * many, at most max; 0 if there is no DWARF of it.
 */
unsigned dbg_dwarf_source(struct dbg_elf *e, uint64_t address, struct dbg_line *lines, unsigned max);

#endif
