/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the checker share; nobody else includes it.
 *
 *	check.c		the stages in order, reporting
 *	decl.c		declarations: types and their layout, inlines, variables
 *	collect.c	what the clauses assign
 *	resolve.c	names: which variable, builtin, constant
 *	replace.c	macro parameters, the environment, inlines
 *	print_values.c	print() of several values
 *	constant.c	well-known constants
 *	infer.c		what is known of a variable's types, and joining it
 *	check_stmt.c	statements
 *	check_expr.c	expressions: values, operators
 *	check_compare.c	comparisons, ?:
 *	check_cast.c	casts, sizeof
 *	check_memory.c	members, elements, pointers
 *	check_var.c	variables, their keys, assignment
 *	check_store.c	assignment to memory
 *	check_call.c	calls against the prototypes
 *	check_stack.c	stacks
 *	check_agg.c	aggregations
 *	check_output.c	formats, printa, print
 *	check_d.c	the order of actions in D
 *	fold.c		constants
 *
 * Types are inferred by going over the statements until nothing changes. A variable's value and each part of its key is a
 * cell; a use that stores something joins its type into the cell, a use that asks for a type notes the statement, which is
 * gone over again when the cell changes. Cells only ever go up (unknown, narrow, wide, contradictory), so this ends, after two or
 * three rounds in practice. Where only a use can tell (a map that nothing is stored in), a second stage lets uses
 * decide. In a last round, in which all types are known, mistakes are reported and the tree is annotated.
 */
#ifndef LANG_CHECKING_H
#define LANG_CHECKING_H

#include "base/strmap.h"
#include "lang/builtin.h"
#include "lang/check.h"
#include "lang/dialect.h"
#include "lang/errors.h"
#include "lang/format.h"

#include <string.h>

enum { TUPLE_MAX = 16, KEYS_MAX = 16 };

enum stage {
	STAGE_STORES,		/* what is stored gives types */
	STAGE_USES,		/* what is still unknown is what its uses want */
	STAGE_REPORT,		/* types are known: report and annotate */
};

/*
 * What is known of one type. Constants and steps (++, +=) do not decide what kind of thing a variable is: they adapt, as far
 * as they can, to what else is stored.
 */
struct cell {
	struct type unknown;		/* TYPE_VAR, as which it appears until it is known */
	const struct type *now;		/* what all of the following comes to */
	const struct type *type;	/* joined from all that is stored; NULL: nothing but constants and steps so far */
	const struct type *step_type;	/* s64 or u64; NULL: no steps */
	bool steps_wide;		/* by values of 64 bits */
	bool has_const;			/* integer constants are stored: */
	int64_t min, max;		/* the least and the greatest up to INT64_MAX, */
	bool above;			/* one is above that, */
	const struct type *const_type;	/* what all of them show, if it is the same */
	bool is_key;			/* integers keep their width */
	bool is_fixed;			/* declared: nothing is joined */
	bool is_wrong;			/* something wrong was stored */
	bool waits;			/* something was stored whose type was not known then */
	unsigned grown;			/* how often a string's capacity grew */
	struct span first;		/* what gave the type, and which */
	const struct type *first_type;
	struct span clash;		/* contradictory: where, and what is there */
	const struct type *clash_type;
	VEC(unsigned) readers;		/* units that asked for the type */
};

struct var {
	struct symbol sym;		/* first: a variable's symbol is its var */
	struct cell *value;
	VEC(struct cell *) keys;
	bool is_declared;
	bool is_keyed;			/* subscripts are keys */
	bool is_scoped;			/* a loop variable */
	bool whole_written, sub_written, sub_used;	/* assigned; elements assigned; elements named */
	unsigned keyed_uses, not_tid;	/* uses of elements, and those whose key is not tid alone */
};

/* Names in force in a part of a clause: loop variables. */
struct local_scope {
	struct var *var;
	struct local_scope *outer;
};

/* What is gone over at a time while types are inferred: a statement without those in it, or (NULL) the predicate. */
struct unit {
	struct clause *clause;
	struct stmt *stmt;
	unsigned within;		/* number of the unit whose statement holds it, plus 1; 0: none */
	bool otherwise;			/* it is in that statement's else */
	bool queued;
};

struct check {
	struct script *script;
	const struct scope *scope;
	const struct macros *macros;
	struct arena *arena;
	struct diag *diag;
	enum dialect dialect;
	unsigned strsize;
	bool destructive;
	unsigned stack_frames, ustack_frames;

	/* names */
	struct strmap vars;		/* struct var, by their printed name; not the locals */
	struct strmap typedefs;		/* struct type */
	struct strmap tags;		/* struct type, by "struct x" */
	struct strmap inlines;		/* struct decl */
	VEC(struct decl *) translators;
	unsigned raw_args;		/* in what stands for an argument of D's probe: arg0 and args are those of the probe that it is */
	struct strmap constants;	/* struct symbol: enumerators of the script, and what was asked for (wrong: there is none) */
	struct strmap well_known;	/* int64_t, of constants.def */
	struct strmap builtins[2];	/* what builtin_find said of a name: of a variable, of a function */
	VEC(struct var *) all_vars;	/* those of vars, in order */
	unsigned nthis;
	struct strmap clause_locals;	/* struct var, of the clause being resolved */
	struct local_scope *locals;	/* loop variables in force */
	struct symbol *builtin_symbols[BUILTIN_COUNT];
	struct symbol wrong;		/* of what has been reported */
	unsigned expanded;		/* nodes made by expanding inlines */
	unsigned inline_depth, inline_levels; /* of expansions in each other; levels of the trees they add */

	/* inference */
	enum stage stage;
	struct clause *clause;		/* being checked; NULL: a declaration */
	VEC(struct cell *) cells;
	unsigned defaults, last_defaults;	/* how far infer_default has come in cells */
	VEC(struct unit) units;
	VEC(unsigned) queue;		/* numbers of units to go over */
	unsigned unit;			/* being gone over */
	bool turned_off;		/* it never runs: it tells the types of what nothing else tells of, */
	bool guesses;			/* once everything else has been gone over */
	unsigned loops;			/* around the present statement */
	unsigned unrolled;		/* how many times unroll() around it makes it; 0: there is none */
	const struct expr *call;	/* being checked: which argument (-1: none), and where it stands */
	int call_arg;
	struct span call_at;
	bool left_out;			/* clauses were left out by check_lacks */
	bool reported;			/* the last mistake will be shown: hints belong to it */
	const struct type *string_full;	/* a string of strsize */
	struct proto protos[BUILTIN_COUNT];
	bool proto_known[BUILTIN_COUNT];
};

/* ---- check.c */

/*
 * Reports a mistake, but only in STAGE_REPORT (names and declarations are resolved in that stage, too), and gives
 * &type_error: `return check_error(…)` is what a wrong expression's check ends with.
 */
const struct type *check_error(struct check *c, struct span span, enum error tag, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/*
 * The same of what this kernel does not have: in D a script in a file is told, and goes on without the clause.
 */
const struct type *check_lacks(struct check *c, struct span span, enum error tag, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* A hint to the mistake reported last. */
void check_hint(struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "did you mean 'x'?", if there is a near name. */
void check_hint_near(struct check *c, const struct suggest *s);
/* Where a place is, for messages about another one: "in line 3", "at column 9" of the same line. */
const char *check_where(struct check *c, struct span span, struct span here);
/* The type in a message: "a number", "a string", "count()", "struct x *". */
const char *check_type_words(struct check *c, const struct type *t);
/* After an error: what can be done with t, if it is a floating-point number. */
void check_hint_floating(struct check *c, const struct type *t);
/* Goes over the unit again, later. */
void check_requeue(struct check *c, unsigned unit);
/* The text of an expression for messages. */
const char *check_text(struct check *c, const struct expr *e);
/* The probes of the present clause, for messages. */
const char *check_probes(struct check *c);

/* ---- decl.c */

/* All declarations of the script. */
void decl_collect(struct check *c);
/* The translator from one type (the output's struct) to the other; NULL if there is none. */
const struct decl *decl_translator(struct check *c, const struct type *output, const struct type *input);
/* The type that was written; &type_error after a report. */
const struct type *decl_type(struct check *c, struct type_name *tn);
/* t with its members, if they can be had. */
const struct type *decl_complete(struct check *c, const struct type *t);
/* … and all that lies in it with theirs. */
const struct type *decl_complete_all(struct check *c, const struct type *t);
/* Behind a report that a type is not known, or not all of it: a hint. */
void decl_hint_type(struct check *c, enum type_name_base base, const char *name);
/* … where only knowing no types at all can be the reason. */
void decl_hint_unknown(struct check *c);
void decl_hint_incomplete(struct check *c, const struct type *t);
/* The member of that name, also in unnamed members, its offset counted from t; NULL if there is none. */
const struct type_member *decl_member(struct check *c, const struct type *t, const char *name);
/* Feeds the names of t's members; *list gets them separated by commas (long lists are cut). */
void decl_suggest_members(struct check *c, const struct type *t, struct suggest *s, const char **list);

/* ---- constant.c */

/* The well-known constant of that name (constants.def); feeding all of them. */
bool constant_find(struct check *c, const char *name, int64_t *value);
void constant_suggest(struct suggest *s);

/* ---- collect.c */

/* Notes which names the clause writes, before any clause is resolved. */
void resolve_collect(struct check *c, struct clause *clause);
/* Then: which variables have keys. */
void resolve_keyed(struct check *c);
/* D: marks (as_string) those uses of probefunc and the like that must be strings. */
void resolve_names(struct check *c);
/* The variable of that printed name; made if there is none. */
struct var *resolve_var(struct check *c, enum symbol_kind kind, const char *name, struct span span);
/* The variable that e names as it is printed: "self->x". */
const char *resolve_printed_name(struct check *c, const struct expr *e);
/* e calls an aggregation. */
bool resolve_is_agg_call(struct check *c, const struct expr *e);

/* ---- print_values.c */

/* print(a, b, …) of values, its arguments resolved, becomes printf(). */
void resolve_print(struct check *c, struct expr *call);
/* print(args) does, of all arguments of the probe by name; false if they have no names. */
bool resolve_print_args(struct check *c, struct expr *call);

/* ---- replace.c */

/* $name, which is no variable, becomes its number or text. */
void replace_macro(struct check *c, struct expr *e);
/* e, which names the inline or is the INDEX of it, becomes its body, cast to its type. */
void replace_inline(struct check *c, struct expr *e, struct decl *d);
/* e, a member of what translator d makes of e->left, becomes the body that d has for it, as type t. */
void replace_translated(struct check *c, struct expr *e, const struct decl *d, const struct expr *body, const struct type *t);

/* ---- resolve.c */

/* Finds out what all names in the clause mean. */
void resolve_clause(struct check *c, struct clause *clause);
/* … in an expression outside any clause (sizes and values of declarations). */
void resolve_expr(struct check *c, struct expr *e);
/* As builtin_find, which is asked once for each name. */
const struct builtin *resolve_find_builtin(struct check *c, const char *name, bool called);
/* The symbol of a builtin. */
struct symbol *resolve_builtin(struct check *c, enum builtin_id id);
/* e has been reported: it suits everything. */
void resolve_wrong(struct check *c, struct expr *e);

/* ---- infer.c */

struct cell *infer_cell(struct check *c, bool is_key);
/* The cell's type as far as known (TYPE_VAR if not), the present unit being noted as one that asked. */
const struct type *infer_type(struct check *c, struct cell *cell);
/* Joins the type t of what is stored; e, if it is a constant, by its value. */
void infer_join(struct check *c, struct cell *cell, const struct type *t, const struct expr *e, struct span span);
/* Notes that the cell is stepped by numbers of type t (s64 or u64). is_wide: they take all its bits. */
void infer_step(struct check *c, struct cell *cell, const struct type *t, bool is_wide, struct span span);
/* In STAGE_USES: what is unknown (t is a TYPE_VAR) is of type want. */
void infer_want(struct check *c, const struct type *t, const struct type *want, struct span span);
/* Goes over all units again that asked for the cell's type. */
void infer_again(struct check *c, const struct cell *cell);
/* The cell is declared to be of type t. */
void infer_fix(struct cell *cell, const struct type *t, struct span span);
/* Queues all units that asked for a type which is still unknown. */
void infer_unknown_again(struct check *c);
/*
 * Makes what is still unknown s64: first all that does not depend on other unknowns, then one of those that depend on each
 * other. False if there was nothing.
 */
bool infer_default(struct check *c);
/* Takes what is wrong, but not contradictory, for s64; false if there was nothing. */
bool infer_right_wrongs(struct check *c);
/* The last step: strings get their capacity. */
void infer_settle(struct check *c);
/* t with all strings given their capacity. */
const struct type *infer_sized(struct check *c, const struct type *t);
const struct type *infer_int(struct check *c, unsigned size, bool is_signed, enum type_show show, bool user);

static inline bool type_is_unknown(const struct type *t)
{
	return t->kind == TYPE_VAR;
}
static inline bool type_is_wrong(const struct type *t)
{
	return t->kind == TYPE_ERROR;
}
/* Either: nothing can be said about it. */
static inline bool type_is_open(const struct type *t)
{
	return t->kind == TYPE_VAR || t->kind == TYPE_ERROR;
}

/* ---- check_stmt.c */

void check_clause(struct check *c, struct clause *clause);
/* The predicate or the statement, without the statements in it. */
void check_unit(struct check *c, const struct unit *unit);

/* ---- check_expr.c */

/* The type of what stands there: an array or an aggregation may, and a call without a value. May be a TYPE_VAR. */
const struct type *check_any(struct check *c, struct expr *e);
/* The expression as a value; as_value, once check_any has been there. */
const struct type *check_value(struct check *c, struct expr *e);
const struct type *check_as_value(struct check *c, struct expr *e);
/* … a number; what is no number is reported as "WHAT must be a number". */
const struct type *check_number(struct check *c, struct expr *e, const char *what);
/* … a condition. */
void check_condition(struct check *c, struct expr *e);
/* Whether the condition, which has been checked, is a constant; then its value. What that turns off is not looked at. */
bool check_decided(const struct expr *e, bool *value);
void check_predicate(struct check *c, struct expr *e);
/* … an integer constant: its value in *value; false after a report. */
bool check_constant(struct check *c, struct expr *e, const char *what, int64_t *value);
/* An expression whose value is not used. */
void check_action(struct check *c, struct expr *e);
/* What comparisons and conditions are: int in D. */
const struct type *check_truth_type(const struct check *c);
/* s64 or u64, as C's rules at 64 bits say; _user: leading into user memory if an operand does. */
const struct type *check_arith_type(const struct type *a, const struct type *b);
const struct type *check_arith_user(struct check *c, const struct type *a, const struct type *b);

/* The constant 0 beside a string becomes the empty string; false: e is something else, or what it is beside is. */
bool check_zero_is_empty(struct check *c, const struct type *beside, struct expr *e);

/* ---- check_compare.c, check_cast.c, check_memory.c: an expression of the kind, its type */

/* It is an address of the network. */
bool check_is_address(const struct type *t);
const struct type *check_compare(struct check *c, struct expr *e);
const struct type *check_cond(struct check *c, struct expr *e, bool used);
const struct type *check_cast(struct check *c, struct expr *e);
const struct type *check_xlate(struct check *c, struct expr *e);
const struct type *check_sizeof(struct check *c, struct expr *e);
const struct type *check_offsetof(struct check *c, struct expr *e);
const struct type *check_member(struct check *c, struct expr *e);
const struct type *check_arrow(struct check *c, struct expr *e);
const struct type *check_index(struct check *c, struct expr *e);
const struct type *check_deref(struct check *c, struct expr *e);
const struct type *check_address(struct check *c, struct expr *e);
/* e names memory: a member, an element, what a pointer leads to. */
bool check_is_memory(const struct expr *e);
/* What a pointer leads to, of known size (void counts as bytes). */
const struct type *check_pointed(struct check *c, const struct expr *e, const struct type *pointer);

/* ---- check_var.c */

/* A variable or an element of one, as a value. */
const struct type *check_var_value(struct check *c, struct expr *e);
const struct type *check_assign(struct check *c, struct expr *e, bool used);
const struct type *check_step(struct check *c, struct expr *e, bool used);
/* In D: place = value and the like, where the place is memory. */
const struct type *check_store(struct check *c, struct expr *e);
/* Whether e, of type from, can be assigned to what holds `to`. */
bool check_can_hold(const struct type *to, const struct type *from, const struct expr *e);
/* Reports if e, of type from, cannot be converted to the declared type of left. */
void check_converts(struct check *c, const struct cell *to, const struct type *from, struct expr *e, struct expr *left);
void check_delete(struct check *c, struct expr *e);
/* The variable that a place for whole variables names (@m, x), or NULL after a report. keyed: also as @m[k]. */
struct var *check_whole(struct check *c, struct expr *e, const char *who);
/* The subscripts of e, an INDEX whose symbol is var, against the variable's keys. */
void check_keys(struct check *c, struct var *var, struct expr *e);
/* Reports @x[a][b]. */
const struct type *check_two_lists(struct check *c, const struct expr *e);
/* e is a variable or an element of one. */
struct var *check_var_of(const struct expr *e);
/* The number that reading an aggregation gives; NULL if it has no single one. */
const struct type *check_agg_value(const struct type *agg);

/* ---- check_call.c */

const struct type *check_call(struct check *c, struct expr *e);
const struct proto *check_proto(struct check *c, enum builtin_id id);
/* The arguments against the prototype; false after a report about the call as a whole. */
bool check_arguments(struct check *c, struct expr *e);
/* One of the arguments has been reported. */
bool check_has_wrong(const struct expr *e);

/* ---- check_stack.c */

/* "a stack of the kernel of 3 frames" */
const char *check_stack_words(struct check *c, const struct type *t);
/* The type of stack, ustack and their calls; &type_error after a report. */
const struct type *check_stack(struct check *c, struct expr *e);
/* The type of a place in code: ucaller, usym() … */
const struct type *check_place(struct check *c, struct expr *e);
/* Makes a number of D's caller and ucaller, where one is wanted; gives e's type. */
const struct type *check_place_number(struct expr *e);
/* Whether e, as a statement of D, shows a stack or a place. */
bool check_is_traced(const struct expr *e);
/* e becomes a call with what it was as the argument. */
void check_become_call(struct check *c, struct expr *e, enum builtin_id id);
/* Whether the function shows, in its own way, what t is the type of. */
bool check_takes_place(enum builtin_id id, const struct type *t);
/* Whether a bare word among the arguments is the name of a form (perf, raw …). */
bool check_is_stack_form(const char *name);

/* ---- check_d.c */

/* What may stand behind what in a clause of D: speculate(), commit(), what is printed, what cannot be taken back. */
void check_d_order(struct check *c, struct clause *clause);

/* ---- check_agg.c */

/* The type of the aggregation that the CALL of a BK_AGG is, arguments checked. */
const struct type *check_agg_call(struct check *c, struct expr *e);

/* ---- check_output.c */

/* e stands for all of a map: print(@m). */
bool check_is_whole(const struct expr *e);
/* print(), all of it. */
void check_print(struct check *c, struct expr *call);
/* What is particular to calls that send something, after their arguments: formats, keys, what lowering needs. */
void check_output(struct check *c, struct expr *call);

/* ---- fold.c */

/* After the operands: makes e, an operator or a cast, a constant if it is one. */
void fold_expr(struct check *c, struct expr *e);
/* The same for calls. */
void fold_call(struct check *c, struct expr *e);
/* Makes e the constant; in the last round a string becomes an EXPR_STRING. */
void fold_to_int(struct expr *e, uint64_t value);
/* Whether the operator (also of OP=) can be applied to what stands right of it: no division by 0 and the like, which is reported. */
bool fold_can_apply(struct check *c, const struct expr *e);
void fold_to_string(struct check *c, struct expr *e, const char *text, size_t len);

#endif
