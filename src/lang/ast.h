/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The syntax tree of a script, as the parser builds it and the checker annotates it.
 *
 * A program is a list of items in the order of the text. The parser fills what is under "syntax"; it desugars methods
 * (@x.count() is @x = count()), statements that are spelled as calls and calls that are spelled as statements
 * (delete), bpftrace's and ply's aliases of syntax; names are left as they were written. The checker fills what is under
 * "checked". Everything is in the script's arena; lists are linked by `next`.
 */
#ifndef LANG_AST_H
#define LANG_AST_H

#include "base/diag.h"
#include "lang/type.h"

#include <stdio.h>

enum dialect { DIALECT_PLY, DIALECT_D };

/* Deeper nesting is an error of the script, so that walks over the tree may recurse. */
enum { AST_DEPTH = 1000, STATEMENTS_MAX = 200000 };

struct expr;
struct stmt;
struct symbol;

/* A type as it was written: base, pointers, array dimensions. */
enum type_name_base { TN_NAMED, TN_STRUCT, TN_UNION, TN_ENUM };

struct member_decl {
	const char *name;
	struct span span;
	struct type_name *type;
	struct expr *bits;		/* bit field's width, or NULL */
	struct member_decl *next;
};

struct enumerator_decl {
	const char *name;
	struct span span;
	struct expr *value;		/* or NULL */
	struct enumerator_decl *next;
};

struct type_name {
	/* syntax */
	struct span span;
	enum type_name_base base;
	const char *name;		/* NAMED: words joined by one blank, in the order written ("unsigned long"); tag; may be NULL */
	bool defined;			/* has a body, in members or enumerators */
	struct member_decl *members;
	struct enumerator_decl *enumerators;
	unsigned pointers;		/* number of '*' */
	VEC(struct expr *) dims;	/* of the declarator after the name: int x[4][2]; NULL: [] */
	struct type_name *func_args;	/* not NULL: a function, or a pointer to one (pointers > 0) */
	/* checked */
	const struct type *type;
};

enum expr_kind {
	EXPR_INT,		/* value, is_unsigned; show: a time (10ms) is in ns */
	EXPR_STRING,		/* text, len (bytes after unescaping, may hold 0) */
	EXPR_NAME,		/* name: variable, builtin, enumerator, inline … */
	EXPR_DOLLAR,		/* name without '$': "x", "1", "#", "target"; as_string for $$1 */
	EXPR_MAP,		/* name with '@': "@", "@counts"; subscripts are INDEX around it */
	EXPR_SELF, EXPR_THIS,	/* self->name, this->name */
	EXPR_BACKTICK,		/* `name, mod`name, mod`file`name: text holds it all */
	EXPR_UNARY,		/* op, left: + - ! ~ * & */
	EXPR_PREFIX, EXPR_POSTFIX, /* op (OP_INC, OP_DEC), left */
	EXPR_BINARY,		/* op, left, right */
	EXPR_LOGICAL,		/* OP_LAND, OP_LOR, OP_LXOR */
	EXPR_ASSIGN,		/* op (OP_NONE for =, else the operator of +=), left, right */
	EXPR_COND,		/* left ? args.data[0] : right */
	EXPR_COMMA,		/* args, in D */
	EXPR_CAST,		/* type_name, left */
	EXPR_SIZEOF,		/* type_name or left */
	EXPR_OFFSETOF,		/* type_name; name: member path "a[].b"; args: what stands in its brackets */
	EXPR_MEMBER,		/* left . name (a tuple's field: "0") */
	EXPR_ARROW,		/* left -> name */
	EXPR_INDEX,		/* left [ args ] */
	EXPR_CALL,		/* name ( args ) */
	EXPR_TUPLE,		/* ( args ), two or more; not in D */
	EXPR_XLATE,		/* xlate < type_name > ( left ) */
	EXPR_TYPE,		/* a type where an argument may be one */
};

enum op {
	OP_NONE,
#define OPERATOR(id, text, prec, kind) OP_##id,
#include "lang/operators.def"
#undef OPERATOR
	OP_COUNT
};

struct expr {
	/* syntax */
	enum expr_kind kind;
	enum op op;
	struct span span;		/* the whole expression */
	struct span name_span;		/* the name or operator in it; what a message about it points at */
	const char *name;
	const char *text;
	size_t len;
	uint64_t value;
	bool is_unsigned, as_string, has_unit, is_char;	/* as_string: of NAME too, where probefunc is made a string (names.c) */
	bool is_long;			/* INT: with a suffix that says so */
	bool in_parens;			/* written in parentheses of its own */
	bool is_method;			/* ASSIGN that was written left.name(args) */
	unsigned depth;			/* levels of nodes under this one, at most AST_DEPTH */
	struct expr *left, *right;
	VEC(struct expr *) args;
	struct type_name *type_name;
	/* checked */
	const struct type *type;
	bool is_const;			/* the value is known: value (integers), text and len (strings) */
	struct symbol *symbol;		/* NAME, DOLLAR, MAP, SELF, THIS, CALL; INDEX of a keyed variable: its symbol */
	const struct type_member *member;	/* MEMBER, ARROW into a struct */
	const struct decl *translator;	/* XLATE */
	bool is_arg;			/* args.NAME: `name` is a name of the probe's, read by the mechanism */
	bool user;			/* a pointer here leads into user memory */
	struct item_info *item;		/* CALL of an output action: what lowering needs (format.h) */
};

enum stmt_kind {
	STMT_BLOCK,		/* body: list */
	STMT_EXPR,		/* expr */
	STMT_IF,		/* expr, body, otherwise */
	STMT_WHILE,		/* expr, body */
	STMT_FOR,		/* init (expr or NULL), expr (or NULL), step (or NULL), body */
	STMT_FOR_RANGE,		/* var : expr .. limit, body */
	STMT_FOR_MAP,		/* var : map (expr), body */
	STMT_UNROLL,		/* expr times, body */
	STMT_DELETE,		/* expr: an lvalue, or a whole map */
	STMT_RETURN, STMT_BREAK, STMT_CONTINUE,
	STMT_LET,		/* var [: type_name] [= expr] */
};

struct stmt {
	enum stmt_kind kind;
	struct span span;
	struct expr *expr, *init, *step, *limit;
	struct expr *var;		/* EXPR_DOLLAR (EXPR_NAME for a bare let) */
	struct type_name *type_name;
	struct stmt *body, *otherwise;
	struct stmt *next;
	unsigned depth;			/* levels of statements under this one, at most AST_DEPTH */
	/* checked */
	struct symbol *symbol;		/* of var */
};

/* A probe specification. Components are what stands between colons, quotes removed, macro parameters replaced. */
struct spec_part {
	const char *text;
	struct span span;
	bool quoted;
};

struct spec {
	struct span span;
	const char *text;		/* as written, macro parameters replaced */
	VEC(struct spec_part) parts;	/* at least one; D's empty components are "" */
	bool instead;			/* `a ?? b`: b stands for what is before it where that matches nothing */
	bool may_miss;			/* `a ??`: it is no error if it matches nothing */
	struct spec *next;
};

struct clause {
	/* syntax */
	struct span span;		/* all of it; specs_span: what stands before the predicate */
	struct span specs_span;
	unsigned number;		/* from 0, in the order of the text */
	struct spec *specs;
	struct expr *predicate;		/* or NULL */
	struct stmt *body;		/* NULL: no body, the default action; a block may be empty */
	/* checked */
	VEC(struct symbol *) locals;
	const char *alias;		/* D: its probe is another one, whose arguments the prelude's inlines of this name give; NULL: none */
	unsigned matches;		/* how often its specs matched a probe */
	bool spec_unknown;		/* reported: the predicate, too, may be meant as something else */
	bool dropped;			/* not part of the run (no such probe under -Z, D's compatibility rules) */
};

enum decl_kind {
	DECL_VARIABLE,		/* class, type_name, name, keys */
	DECL_INLINE,		/* type_name, name, params, expr */
	DECL_TYPEDEF,		/* type_name, name */
	DECL_TYPE,		/* struct, union or enum by itself: type_name */
	DECL_EXTERN,		/* type_name, name */
	DECL_TRANSLATOR,	/* type_name (output) < input_type name > { members } */
	DECL_PRAGMA,		/* option name [= text], text NULL without a value */
	DECL_PROVIDER,		/* parsed, means nothing */
};

enum var_class { VAR_GLOBAL, VAR_SELF, VAR_THIS };

struct param_decl {
	struct type_name *type;
	const char *name;		/* may be NULL */
	struct span span;
	struct param_decl *next;
};

struct translator_member {
	const char *name;
	struct expr *expr;
	struct span span;
	struct translator_member *next;
};

struct decl {
	enum decl_kind kind;
	struct span span, name_span;
	bool is_prelude;		/* D's own: gives way to a declaration of the script's */
	enum var_class var_class;
	const char *name, *text;
	struct type_name *type_name, *input_type;
	struct param_decl *params;	/* VARIABLE: the types of its keys; INLINE: its parameters */
	struct expr *expr;
	struct translator_member *members;
};

struct item {
	struct clause *clause;		/* one of the two */
	struct decl *decl;
	struct item *next;
};

struct script {
	struct arena *arena;
	struct sources *sources;
	struct diag *diag;
	enum dialect dialect;
	struct item *items;
	struct item *prelude;		/* D's own declarations */
	unsigned nclauses;
	VEC(struct clause *) clauses;	/* those of items, in order */
	/* checked */
	VEC(struct symbol *) vars;	/* all variables that outlive a firing */
	bool is_destructive;		/* a clause has an action that changes the system */
};

/*
 * Where $1 …, $$1, $#, $target, $uid … and the environment come from. All may be empty. The parser uses it for specs
 * (tick-$1), the checker for expressions.
 */
struct script_options;

struct macros {
	const char *name;		/* $0 */
	char **argv;			/* $1 is argv[0] */
	unsigned argc;
	int target;			/* pid of -p or -c; 0: none */
	bool default_args;		/* a parameter that is not there is 0 or "" */
	bool *used;			/* argc flags, set for each parameter that the script names; may be NULL */
	const struct script_options *options;	/* those of getopt; NULL: there are none */
};

/*
 * The text of $name (name without '$'), or NULL if there is no such macro parameter (the environment is not asked).
 * Numbers in buf, which has 24 bytes.
 */
const char *macro_text(const struct macros *m, const char *name, char *buf);

/*
 * Parses source number `source` of script->sources and appends its items to the script. Reports errors (several) on
 * script->diag; what could be parsed is there all the same. macros NULL: specs keep their $name as written.
 */
void parse_script(struct script *script, unsigned source, const struct macros *macros);

/* A copy of the clause, not yet checked. */
struct clause *ast_clone_clause(struct arena *a, const struct clause *c);

/* Numbers and strings as the script has them, alone, with a sign or in a tuple. */
bool ast_is_literal(const struct expr *e);

/* The tree as text, one node a line, indented; with types and symbols if `typed`. -d ast, -d typed. */
void ast_print(FILE *out, const struct script *script, bool typed);
/* An expression as the script could spell it ("pid, comm"), in the arena. */
const char *ast_expr_text(struct arena *a, const struct expr *e);
/* -d tokens: a token a line. */
void lex_print(FILE *out, struct script *script, unsigned source);

#endif
