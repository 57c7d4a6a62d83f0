/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checker: finds out what names mean, infers the types of all variables of the program, folds constants, checks
 * everything, and annotates the tree (ast.h, "checked"). It knows the script, and the world through struct scope.
 *
 * What it leaves behind, in trees without errors:
 *
 *  - Every expression has a type, and no TYPE_VAR is left; strings have their capacity in type->size (at most strsize).
 *    An array of char is a string wherever its value is used: the expression's type then is TYPE_STRING, its member's TYPE_ARRAY.
 *  - Constants have is_const: integers value (extended from the width of their type to 64 bits), strings text and len;
 *    every constant string is an EXPR_STRING.
 *  - Macro parameters and the environment have become EXPR_INT and EXPR_STRING; the 2016 form, EXPR_MAP; inlines their
 *    body (cast to what was declared); a ?: with a constant condition its branch.
 *  - NAME, MAP, SELF, THIS, DOLLAR and CALL have their symbol, and so has the INDEX that subscripts a keyed variable (its args are
 *    the key's parts: converted, when stored, to symbol->key's). args.NAME, data->NAME and args[N] are MEMBERs with is_arg and
 *    the name ("0" for args[0]); no other expression reads `args`.
 *  - Operands keep their own types; the operation's type says how it is computed: at 64 bits, signed or not; in D unsigned ints wrap at
 *    32. Comparisons are signed unless an operand is unsigned and of 64 bits; where D's are not, the signed operand is cast. What is assigned
 *    is converted to the type of the left side.
 *  - Aggregating is EXPR_ASSIGN with op NONE whose right is the CALL of an aggregation; left is a MAP or an INDEX of one, and the
 *    symbol's type a TYPE_AGG with all constant arguments in it. `@x++` on a map of counts becomes `@x = count()`.
 *  - The constant 0 assigned to what is no number empties it. A string compared with 0 is compared with "".
 *  - A comparison of func, probe … with a literal string keeps the string: only == and != do.
 *  - Calls that send something to user space have `item`. has_key has one argument, the INDEX.
 */
#ifndef LANG_CHECK_H
#define LANG_CHECK_H

#include "lang/scope.h"

struct check_options {
	unsigned strsize;		/* capacity of strings whose length is not known, with the final 0; 0: CHECK_STRSIZE */
	bool destructive;		/* -w */
	unsigned stack_frames, ustack_frames; /* D: of stack() and ustack() that do not say how many; 0: 20 and 100 */
};

enum { CHECK_STRSIZE = 256, CHECK_STRSIZE_MAX = 4096, CHECK_BUCKETS_MAX = 4000, CHECK_ROUNDS_MAX = 1 << 23 }; /* bpf_loop takes no more */

/* Checks the script. Reports on script->diag; true if there is no error in it. Macros and options may be NULL. */
bool check_script(struct script *script, const struct scope *scope, const struct macros *macros,
		  const struct check_options *options);

#endif
