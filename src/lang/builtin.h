/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The builtin variables and functions as a table (builtins.def), and their prototypes taken apart.
 */
#ifndef LANG_BUILTIN_H
#define LANG_BUILTIN_H

#include "lang/symbol.h"

enum builtin_kind { BK_VAR, BK_FUNC, BK_ACTION, BK_AGG };

enum builtin_flag {
	BF_PROBE = 1, BF_DESTRUCTIVE = 2, BF_OURS = 4, BF_D = 8, BF_LATER = 16,
};

struct builtin {
	enum builtin_id id;
	enum builtin_kind kind;
	const char *name;		/* the id */
	const char *prototype, *aliases;
	unsigned flags;
};

/* What a parameter takes; builtins.def's head comment tells them. */
enum param_kind {
	PARAM_INT, PARAM_CONST, PARAM_PTR, PARAM_MEM, PARAM_STR, PARAM_LIT, PARAM_WORD, PARAM_ANY, PARAM_MAP, PARAM_AGG,
	PARAM_TYPE, PARAM_FMT, PARAM_REST,
};

enum { PROTO_PARAMS = 8 };

struct proto {
	const struct type *result;	/* a variable's type; type_void for actions; TYPE_AGG (agg not set) for aggregations */
	enum param_kind params[PROTO_PARAMS];
	bool optional[PROTO_PARAMS];
	unsigned nparams;		/* without the ... */
	unsigned required;		/* parameters that are not optional */
	bool rest;			/* ends in ... */
};

const struct builtin *builtin_get(enum builtin_id id);
/* The builtin of that name in the dialect: a function if `called`, else a variable; NULL if there is none. */
const struct builtin *builtin_find(const char *name, bool called, enum dialect dialect);
/* The canonical name as a person spells it: the id, or its first alias if the id is no name. */
const char *builtin_name(struct arena *a, const struct builtin *b);
/* The name is one of D's own: its canonical name, or probefunc. */
bool builtin_is_d_name(const struct builtin *b, const char *name);
/* Feeds the names that builtin_find knows. */
void builtin_suggest(struct arena *a, struct suggest *s, bool called, enum dialect dialect);
/* The prototype, in arena a. */
struct proto builtin_proto(struct arena *a, const struct builtin *b);

#endif
