/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types of the language. Integers know their width and sign and may know how their value wants to be shown ("values that
 * know how to print themselves"). Types are immutable and compared by type_equal; the common ones are static (type_s64 …);
 * the rest come from the script's arena.
 */
#ifndef LANG_TYPE_H
#define LANG_TYPE_H

#include "base/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum type_kind {
	TYPE_ERROR,		/* of what has been reported: suits everything, so no error follows from it */
	TYPE_VOID,
	TYPE_INT,
	TYPE_STRING,		/* size: capacity with the final 0; 0: the program's strsize */
	TYPE_POINTER,
	TYPE_STRUCT, TYPE_UNION,
	TYPE_ENUM,
	TYPE_ARRAY,		/* show SHOW_FLOAT: the bytes of a floating-point number, which programs carry and do not reckon with */
	TYPE_BUF,		/* bytes, of size at most */
	TYPE_TUPLE,
	TYPE_STACK,		/* size 8: a number that user space knows the frames by; count: how many at most */
	TYPE_AGG,		/* what @x holds after @x = count() */
	TYPE_VAR,		/* not known yet: only while checking */
};

/* How an integer (or TYPE_BUF of an address) shows itself. */
enum type_show {
	SHOW_NUMBER, SHOW_CHAR, SHOW_BOOL, SHOW_HEX,
	SHOW_KSYM, SHOW_USYM,	/* an address, as symbol+offset */
	SHOW_UMOD, SHOW_UFUNC,	/* of user code: only the file, only the function */
	SHOW_KMOD, SHOW_KFUNC,	/* only the module, only the function */
	SHOW_FUNC, SHOW_PROBE, SHOW_PROBEPROV, SHOW_PROBEMOD, SHOW_PROBENAME, /* a target's number */
	SHOW_NS,		/* a duration in ns */
	SHOW_TIME,		/* walltime in ns, by strftime's format in type->format */
	SHOW_ERRNO, SHOW_STRERROR, SHOW_SIGNAL, SHOW_SYSCALL,	/* an error as its name, as what C says of it */
	SHOW_MAC,		/* TYPE_BUF of 6 bytes: an Ethernet address */
	SHOW_INET4, SHOW_INET,	/* an address in network order: 4 bytes; TYPE_BUF of 1 + 16 bytes (family, address) */
	SHOW_USERNAME, SHOW_GROUPNAME, SHOW_CGROUP,
	SHOW_FLOAT,		/* TYPE_ARRAY of bytes: a floating-point number */
	/* STACK: in bpftrace's two forms, and as addresses; SHOW_NUMBER: as the output style has it */
	SHOW_PERF, SHOW_BPFTRACE, SHOW_RAW,
};

enum { STACK_FRAMES = 127 };	/* what the kernel gives at most (kernel.perf_event_max_stack), and without a number */

enum agg_kind {
	AGG_NONE,
#define AGGREGATION(id, name, words, adds) AGG_##id,
#include "lang/aggregations.def"
#undef AGGREGATION
};

struct type;
struct decl;

struct type_member {
	const char *name;
	const struct type *type;
	unsigned offset;			/* bytes */
	unsigned bit_offset, bit_size;		/* of a bit field: counted from the byte offset; bit_size 0: not a bit field */
};

struct type_enumerator {
	const char *name;
	int64_t value;
};

enum type_access { ACCESS_NONE, ACCESS_NUMBER, ACCESS_POINTER };

/* Where structs and unions come from. */
struct type_origin {
	/* t with its members; NULL if they cannot be had. */
	const struct type *(*complete)(const struct type *t);
	/*
	 * What the kernel's verifier takes a load of size bytes at an offset of a kernel object of the type for: a number, or a pointer to
	 * an object of type *to; or it refuses it. NULL: there are no such objects.
	 */
	enum type_access (*access)(const struct type *t, int64_t offset, unsigned size, const struct type **to);
};

struct type {
	enum type_kind kind;
	unsigned size;			/* bytes as stored; INT: 1, 2, 4, 8; ARRAY: all */
	bool is_signed;			/* INT, ENUM; AGG: of the values aggregated */
	enum type_show show;		/* INT, BUF, STACK, ARRAY */
	const char *format;		/* SHOW_TIME: strftime's format */
	const char *name;		/* STRUCT, UNION, ENUM: the tag; a typedef's name; may be NULL */
	const struct type *target;	/* POINTER, ARRAY: what it is of; AGG: the type of the values aggregated */
	unsigned count;			/* ARRAY: elements; STACK: frames */
	unsigned skip;			/* STACK: frames left out before those */
	bool is_address;		/* STACK: a place that prints as a number unless a format asks for its name: D's caller */
	bool user;			/* POINTER: into user memory; STACK: of user code */
	const struct decl *translator;	/* POINTER, STRUCT: what it is of is made by that translator; the value is the translator's input */
	bool trusted;			/* POINTER: as a probe's argument the verifier lets it be loaded from */
	const struct type **parts;	/* TUPLE */
	unsigned nparts;
	const struct type_member *members;	/* STRUCT, UNION: NULL while incomplete */
	unsigned nmembers;
	const struct type_origin *origin; /* STRUCT, UNION: whoever knows its members; NULL: they are looked up by its name */
	unsigned origin_id;		/* the origin's own */
	const struct type_enumerator *enumerators;
	unsigned nenumerators;
	enum agg_kind agg;		/* AGG */
	int64_t lo, hi, step;		/* AGG_LQUANTIZE; LLQUANTIZE: lo = low magnitude, hi = high magnitude */
	int64_t factor, nsteps;		/* AGG_LLQUANTIZE */
	unsigned var;			/* VAR: its number in the checker's table */
	unsigned bits;			/* bits that the width was spelled with, 0: as size says */
};

extern const struct type type_error, type_void, type_string;	/* type_string: capacity by strsize */
extern const struct type type_s8, type_u8, type_s16, type_u16, type_s32, type_u32, type_s64, type_u64;
extern const struct type type_bool;
extern const struct type type_char;	/* SHOW_CHAR: an array of it is a string (BTF's and DWARF's "char" too) */

/* Constructors; in arena a. */
const struct type *type_int(struct arena *a, unsigned size, bool is_signed, enum type_show show);
const struct type *type_string_of(struct arena *a, unsigned capacity);
const struct type *type_buf(struct arena *a, unsigned size);
const struct type *type_pointer(struct arena *a, const struct type *target, bool user);
const struct type *type_array(struct arena *a, const struct type *element, unsigned count);
/* A floating-point number of that size in memory; is_extended: of the machine's widest kind. NULL: no such kind is understood. */
const struct type *type_floating(unsigned size, bool is_extended);
static inline bool type_is_floating(const struct type *t)
{
	return t->kind == TYPE_ARRAY && t->show == SHOW_FLOAT;
}
const struct type *type_tuple(struct arena *a, const struct type *const *parts, unsigned n);
const struct type *type_agg(struct arena *a, enum agg_kind agg, const struct type *of);

/* A stack of one frame that stands for a place in code and shows as a symbol, in a line with other things. */
static inline bool type_is_place(const struct type *t)
{
	return t->kind == TYPE_STACK && t->show >= SHOW_KSYM && t->show <= SHOW_KFUNC;
}

bool type_equal(const struct type *a, const struct type *b);
/* Both are structs of the same name. */
bool type_same_struct(const struct type *a, const struct type *b);
static inline bool type_is_int(const struct type *t)
{
	return t->kind == TYPE_INT || t->kind == TYPE_ENUM;
}
/* A number in a register: integers, enums, pointers. */
static inline bool type_is_scalar(const struct type *t)
{
	return type_is_int(t) || t->kind == TYPE_POINTER;
}

/* The type as a person writes it ("u32", "string", "struct sock *", "count()", "(u32, string)"), in arena a. */
const char *type_text(struct arena *a, const struct type *t);
/* "count", "quantize" … */
const char *agg_name(enum agg_kind agg);
/* Whether different values of the type may show as the same text, so that user space makes one key of them: functions, modules, stacks. */
bool type_shows_alike(const struct type *t);
/* The integer that shows itself by that name ("ksym", "errno", "ns" …), or NULL. */
const struct type *type_shown(const char *name);
/* The type known by that name without asking the kernel ("int", "unsigned long", "u8", "uint64_t", "string" …), or NULL. */
const struct type *type_by_name(const char *name);

/*
 * Bytes of an aggregation's cell (aggregations.def says what is in it). That of lquantize and llquantize has room for a power of two of
 * slots, since programs mask a slot's number.
 */
unsigned agg_cell_size(const struct type *agg);
/*
 * What makes ranks of numbers and numbers of ranks, for the least or the greatest; the word that says that the utmost was there, of
 * extreme `word`.
 */
uint64_t agg_rank_mask(const struct type *agg, bool maximum);
unsigned agg_utmost(const struct type *agg, unsigned word);
/* Whether all its words are only added to, so that several CPUs can share a cell. */
bool agg_only_adds(const struct type *agg);
/* Slots of a histogram's cell. */
unsigned agg_slots(const struct type *agg);
/* Where part n of a tuple is stored in it: parts in order, each aligned. */
unsigned type_tuple_offset(const struct type *tuple, unsigned n);
/* Alignment as a stored value: 1, 2, 4, 8. */
unsigned type_align(const struct type *t);

#endif
