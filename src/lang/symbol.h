/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a name means, once the checker has found out: a symbol. Expressions point at theirs.
 */
#ifndef LANG_SYMBOL_H
#define LANG_SYMBOL_H

#include "lang/ast.h"

enum symbol_kind {
	SYM_GLOBAL,		/* x, x[k]: shared by all CPUs */
	SYM_MAP,		/* @x, @x[k]: printed at the end */
	SYM_SELF,		/* self->x, self->x[k] */
	SYM_LOCAL,		/* this->x, $x, loop variables: one firing; of all clauses that fire together for this-> */
	SYM_BUILTIN,		/* a variable of builtins.def: `builtin` */
	SYM_FUNCTION,		/* a function, action or aggregation of builtins.def: `builtin` */
	SYM_CONSTANT,		/* an enumerator or a well-known constant: value */
	SYM_INLINE,		/* a declaration that is expanded at its uses */
	SYM_KERNEL,		/* a backtick name: an address of the kernel's */
};

enum builtin_id {
#define BUILTIN(id, kind, prototype, flags, aliases) BUILTIN_##id,
#include "lang/builtins.def"
#undef BUILTIN
	BUILTIN_COUNT
};

struct symbol {
	enum symbol_kind kind;
	const char *name;		/* as printed: "@x", "x", "self->x", "$x" */
	struct span span;		/* the first use, or the declaration */
	const struct type *type;	/* of the value; MAP of aggregations: TYPE_AGG */
	const struct type *key;		/* NULL: not keyed; TYPE_TUPLE if there are several parts */
	const struct expr *key_expr;	/* the INDEX whose subscripts name the heading: the first of those with the fewest literals */
	enum builtin_id builtin;
	int64_t value;			/* CONSTANT */
	struct decl *decl;		/* INLINE, or the declaration of a variable */
	struct clause *clause;		/* LOCAL: whose; NULL for this-> */
	unsigned number;		/* index in script->vars, or among the clause's locals */

	/* uses, over the whole program */
	bool is_read;			/* its value is an operand somewhere (not only aggregated, printed or cleared) */
	bool is_written;		/* assigned with = */
	bool is_stepped;		/* ++, --, += or -= */
	bool is_deleted, is_cleared, is_printed;	/* printed: named by print, printa, len or a loop */
	bool is_iterated;		/* len or a loop in the kernel */
	bool key_is_tid;		/* every subscript is `tid` alone */
	void *layout;			/* lowering's: struct var_def */
};

#endif
