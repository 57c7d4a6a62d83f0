/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats of printf and its relatives: text between conversions.
 *
 * The checker parses a format and checks its arguments; the runtime, which knows no syntax tree, parses the same text again
 * with the same function and prints. A conversion takes arguments in this order: the width if it is '*', the precision if it
 * is '*', the value (%% takes none). Length modifiers (l ll L j z t q) mean nothing: the size and the sign of a number are
 * those of its type, and so is the sign that %d prints; u, x, o, c take the bits as they are. h and hh cut it to 16 and 8 bits, as C
 * does; not in D, where they mean nothing either.
 */
#ifndef LANG_FORMAT_H
#define LANG_FORMAT_H

#include "base/vec.h"
#include "lang/type.h"

struct expr;
struct symbol;

enum format_class {
	FORMAT_INTEGER,		/* a number: d i u o x X c */
	FORMAT_POINTER,		/* p: a number or an address, in hex */
	FORMAT_TEXT,		/* s S: a string, or a value that shows itself as text */
	FORMAT_KADDR,		/* a: a kernel address as module`symbol+offset */
	FORMAT_UADDR,		/* A: a user address */
	FORMAT_TIME,		/* Y T: ns since 1970 */
	FORMAT_STACK,		/* k */
	FORMAT_BYTES,		/* r: a buffer or a string, escaped; rx (FORMAT_ALT), rh (FORMAT_GROUP): hexadecimal */
	FORMAT_VALUE,		/* v: any value, in its natural form */
	FORMAT_FLOATING,	/* e f g and in capitals: a floating-point number that a struct has */
};

enum format_flag {
	FORMAT_MINUS = 1, FORMAT_PLUS = 2, FORMAT_SPACE = 4, FORMAT_ZERO = 8, FORMAT_ALT = 16, FORMAT_GROUP = 32,
	FORMAT_AGG = 64,	/* '@', of printa: the aggregation's value, not the next key */
};

enum { FORMAT_NONE = -1, FORMAT_STAR = -2 };	/* of width and precision */
enum { FORMAT_ARGS_MAX = 64 };			/* values of one printf */

struct format_piece {
	const char *text;	/* literal text of len bytes (conv 0); conversions: as written, with the '%' */
	size_t len;
	char conv;		/* the letter; 0: literal text */
	enum format_class class;
	unsigned flags;		/* enum format_flag */
	unsigned bytes;		/* that an integer is cut to (h: 2, hh: 1); 0: it is not */
	int width, precision;	/* FORMAT_NONE, FORMAT_STAR or the number */
	unsigned arg;		/* number of the value's argument, from 0, widths and precisions counted */
	unsigned width_arg, precision_arg;
};

struct format {
	const char *text;	/* all of it */
	size_t len;
	VEC(struct format_piece) pieces;
	unsigned nargs;		/* arguments it takes in all */
};

struct format_error {
	size_t offset, len;	/* of what is wrong, in the text */
	const char *text;
};

/*
 * Takes the format apart, in arena a; the pieces point into text, which is kept. %% becomes literal text. On malformed text
 * false, and what is wrong in *error (if not NULL).
 */
bool format_parse(struct arena *a, const char *text, size_t len, struct format *f, struct format_error *error);

/* Whether a value of type t can be printed by the conversion. */
bool format_takes(const struct format_piece *p, const struct type *t);
/* What the conversion takes, in words ("a number"). */
const char *format_wants(const struct format_piece *p);
/* A value of type t shows itself as text (%s prints func, probe, ksym …). */
bool type_shows_text(const struct type *t);

/*
 * What the checker tells lowering about a call of an action that sends something to user space (struct expr's `item`). A
 * record's item has the fields in this order; each has its expression's type.
 */
struct item_info {
	const struct format *format;	/* printf, printa, system, cat …; time: its text alone; NULL if there is none */
	VEC(struct expr *) fields;	/* the values to send: the format's arguments; print's value, or its top and div */
	VEC(struct symbol *) vars;	/* the variables that are named: print(@m), printa, clear, trunc … */
};

#endif
