// SPDX-License-Identifier: GPL-2.0-or-later
/* Variables: reading, keys, assigning, stepping, deleting. */
#include "lang/checking.h"

struct var *check_var_of(const struct expr *e)
{
	if (!e->symbol)
		return NULL;
	switch (e->symbol->kind) {
	case SYM_GLOBAL:
	case SYM_MAP:
	case SYM_SELF:
	case SYM_LOCAL:
		return (struct var *)e->symbol;
	default:
		return NULL;
	}
}

const struct type *check_agg_value(const struct type *agg)
{
	switch (agg->agg) {
	case AGG_COUNT:
		return &type_u64;
	case AGG_SUM:
	case AGG_MIN:
	case AGG_MAX:
	case AGG_AVG:
		return agg->is_signed ? &type_s64 : &type_u64;
	default:
		return NULL;
	}
}

static bool reporting(const struct check *c)
{
	return c->stage == STAGE_REPORT;
}

/* A this-> variable is among the locals of every clause that uses it. */
static void note_use(struct check *c, struct var *v)
{
	if (!reporting(c) || v->sym.kind != SYM_LOCAL || v->sym.clause || !c->clause)
		return;
	vec_foreach(sym, &c->clause->locals)
		if (*sym == &v->sym)
			return;
	*arena_vec_add(c->arena, &c->clause->locals) = &v->sym;
}

/* ---- keys */

static bool can_be_key(const struct type *t)
{
	enum { LARGE = 256 };

	switch (t->kind) {
	case TYPE_STRUCT:
	case TYPE_UNION:
		return t->size && t->size <= LARGE;
	case TYPE_INT:
	case TYPE_ENUM:
	case TYPE_POINTER:
	case TYPE_STRING:
	case TYPE_BUF:
	case TYPE_STACK:
	case TYPE_TUPLE:
	case TYPE_ARRAY:
		return true;
	default:
		return false;
	}
}

/* A declared key takes what can be converted to it. */
static void check_fixed_key(struct check *c, const struct cell *cell, struct expr *arg)
{
	const struct type *t = cell->now;

	if (!reporting(c) || type_is_open(arg->type) || type_is_open(t))
		return;
	if ((type_is_scalar(t) && type_is_scalar(arg->type)) || t->kind == arg->type->kind)
		return;
	check_error(c, arg->span, ERR_KEY_CONFLICT, "this key is declared as %s, but here is %s", check_type_words(c, t),
		    check_type_words(c, arg->type));
}

static void join_key(struct check *c, struct cell *cell, const struct type *t, struct expr *arg)
{
	if (!type_is_open(t) && !can_be_key(t)) {
		check_error(c, arg->span, ERR_KEY_TYPE, "%s cannot be a key", check_type_words(c, t));
		t = &type_error;
	}
	infer_want(c, t, infer_type(c, cell), arg->span);
	if (cell->is_fixed)
		check_fixed_key(c, cell, arg);
	else
		infer_join(c, cell, t, arg, arg->span);
}

static bool is_tid(const struct expr *e)
{
	return e->args.len == 1 && e->args.data[0]->symbol && e->args.data[0]->symbol->kind == SYM_BUILTIN &&
	       e->args.data[0]->symbol->builtin == BUILTIN_tid;
}

static const char *plural(struct check *c, unsigned n)
{
	return n == 1 ? "1 key" : arena_printf(c->arena, "%u keys", n);
}

static void make_keys(struct check *c, struct var *v, unsigned n, struct expr *e)
{
	v->sym.key_expr = e;
	while (v->keys.len < n)
		*arena_vec_add(c->arena, &v->keys) = infer_cell(c, true);
	/* loops over the map have asked for its value */
	if (!reporting(c))
		infer_again(c, v->value);
}

/* A single subscript that is a tuple stands for all the keys. */
static const struct type *single_tuple(const struct expr *e)
{
	const struct type *t = e->args.len == 1 ? e->args.data[0]->type : NULL;

	return t && t->kind == TYPE_TUPLE ? t : NULL;
}

/* @x[$t] becomes @x[$t.0, $t.1]. */
static void spread_tuple(struct check *c, struct expr *e, const struct type *tuple)
{
	struct expr *whole = e->args.data[0];

	e->args.len = 0;
	for (unsigned i = 0; i < tuple->nparts; i++) {
		struct expr *part = arena_new(c->arena, struct expr);

		part->kind = EXPR_MEMBER;
		part->span = part->name_span = whole->span;
		part->left = whole;
		part->name = arena_printf(c->arena, "%u", i);
		part->type = tuple->parts[i];
		*arena_vec_add(c->arena, &e->args) = part;
	}
}

static unsigned count_literals(const struct expr *e)
{
	unsigned n = 0;

	vec_foreach(arg, &e->args)
		n += ast_is_literal(*arg);
	return n;
}

void check_keys(struct check *c, struct var *v, struct expr *e)
{
	const struct type *tuple;
	unsigned n;

	vec_foreach(arg, &e->args)
		check_value(c, *arg);
	tuple = single_tuple(e);
	n = tuple ? tuple->nparts : e->args.len;
	/* what is not known yet may turn out to be a tuple */
	if (c->stage == STAGE_STORES && e->args.len == 1 && type_is_open(e->args.data[0]->type))
		return;
	if (n > KEYS_MAX) {
		check_error(c, e->span, ERR_TOO_LARGE, "%s has %u keys; at most %d are possible", v->sym.name, n, KEYS_MAX);
		return;
	}
	if (!v->keys.len)
		make_keys(c, v, n, e);
	if (!v->sym.key_expr)
		v->sym.key_expr = e;
	if (n != v->keys.len) {
		check_error(c, e->span, ERR_KEY_COUNT, "%s has %s here, but %s %s", v->sym.name, plural(c, n),
			    plural(c, v->keys.len),
			    check_where(c, v->is_declared ? v->sym.span : v->sym.key_expr->span, e->span));
		return;
	}
	for (unsigned i = 0; i < n; i++)
		join_key(c, v->keys.data[i], tuple ? tuple->parts[i] : e->args.data[i]->type,
			 e->args.data[tuple ? 0 : i]);
	if (!reporting(c))
		return;
	v->keyed_uses++;
	v->not_tid += !is_tid(e);
	if (tuple)
		spread_tuple(c, e, tuple);
	if (count_literals(e) < count_literals(v->sym.key_expr))
		v->sym.key_expr = e;
}

/* ---- the whole or an element */

static void needs_keys(struct check *c, struct var *v, const struct expr *e)
{
	check_error(c, e->span, ERR_KEYS, "%s has keys; here it has none", v->sym.name);
	if (v->sym.key_expr)
		check_hint(c, "it is %s %s", check_text(c, v->sym.key_expr), check_where(c, v->sym.key_expr->span, e->span));
}

/* The variable that e is or is an element of, its keys checked; NULL after a report. */
static struct var *place(struct check *c, struct expr *e)
{
	struct var *v = check_var_of(e);

	note_use(c, v);
	if (e->kind == EXPR_INDEX) {
		check_keys(c, v, e);
		if (reporting(c))
			e->left->type = v->value->now;
		return v;
	}
	if (!v->is_keyed)
		return v;
	needs_keys(c, v, e);
	return NULL;
}

const struct type *check_var_value(struct check *c, struct expr *e)
{
	struct var *v = place(c, e);

	if (!v)
		return &type_error;
	v->sym.is_read |= reporting(c);
	return infer_type(c, v->value);
}

struct var *check_whole(struct check *c, struct expr *e, const char *who)
{
	struct var *v = check_var_of(e);

	if (e->symbol == &c->wrong) {
		e->type = &type_error;
		return NULL;
	}
	if (c->dialect == DIALECT_D && v && v->sym.kind == SYM_MAP && v->value->now->kind != TYPE_AGG && reporting(c)) {
		if (!v->value->is_wrong)
			check_error(c, e->span, ERR_AGG_BAD, "nothing is added to %s", v->sym.name);
		e->type = &type_error;
		return NULL;
	}
	if (v && e->kind != EXPR_INDEX && (v->sym.kind == SYM_MAP || (v->sym.kind == SYM_GLOBAL && v->is_keyed))) {
		e->type = reporting(c) ? infer_type(c, v->value) : &type_void;
		return v;
	}
	if (e->kind == EXPR_INDEX)
		v = check_var_of(e->left);
	e->type = check_error(c, e->span, ERR_NOT_MAP, "%s takes a whole map, such as %s", who,
			      v && v->sym.kind == SYM_MAP ? v->sym.name : "@x");
	return NULL;
}

const struct type *check_two_lists(struct check *c, const struct expr *e)
{
	const char *name = check_var_of(e->left)->sym.name;

	return check_error(c, e->span, ERR_KEYS, "%s has one list of keys: write %s[a, b]", name, name);
}

/* ---- writing */

static const struct type *not_assignable(struct check *c, struct expr *e)
{
	if (e->kind == EXPR_INDEX && e->left->kind == EXPR_INDEX && check_var_of(e->left))
		return check_two_lists(c, e);
	for (const struct expr *part = e; part; part = part->left)
		if (part->symbol == &c->wrong)
			return &type_error;
	if (e->symbol && e->symbol->kind == SYM_BUILTIN)
		return check_error(c, e->span, ERR_WRITE, "%s is built in and cannot be changed", e->name);
	if (e->symbol && e->symbol->kind == SYM_CONSTANT)
		return check_error(c, e->span, ERR_LVALUE, "%s is a constant", e->name);
	if (e->is_arg || e->kind == EXPR_ARROW || e->kind == EXPR_MEMBER || e->kind == EXPR_INDEX ||
	    (e->kind == EXPR_UNARY && e->op == OP_DEREF))
		return check_error(c, e->span, ERR_LVALUE, "%s cannot be changed: memory is only read", check_text(c, e));
	return check_error(c, e->span, ERR_LVALUE, "only a variable can be changed");
}

/* The variable to be written, or NULL after a report. */
static struct var *writable(struct check *c, struct expr *e)
{
	struct var *v = e->symbol == &c->wrong ? NULL : check_var_of(e);

	if (!v) {
		not_assignable(c, e);
		return NULL;
	}
	if (v->is_scoped) {
		check_error(c, e->span, ERR_LVALUE, "%s belongs to its loop and cannot be changed", v->sym.name);
		return NULL;
	}
	return place(c, e);
}

/* Gives e the type of the variable and returns it. */
static const struct type *written(struct check *c, struct expr *e, struct var *v)
{
	return e->left->type = infer_type(c, v->value);
}

bool check_can_hold(const struct type *to, const struct type *from, const struct expr *e)
{
	if (type_is_open(to) || type_is_open(from))
		return true;
	if (e->is_const && type_is_scalar(from) && !e->value && to->kind != TYPE_AGG)
		return true;
	if (type_is_int(to))
		return type_is_scalar(from);
	if (to->kind == TYPE_POINTER)
		return from->kind == TYPE_POINTER || type_is_int(from);
	if (to->kind == TYPE_STRUCT || to->kind == TYPE_UNION || to->kind == TYPE_ARRAY)
		return type_equal(to, from);
	return to->kind == from->kind;
}

void check_converts(struct check *c, const struct cell *to, const struct type *from, struct expr *e, struct expr *left)
{
	/* 0 frees what a variable holds; in D an array is nothing that could be assigned */
	const bool is_fixed_array = c->dialect == DIALECT_D && to->now->kind == TYPE_ARRAY && type_is_scalar(from);

	/* what is inferred has been joined from all that is assigned */
	if (to->is_fixed && (is_fixed_array || !check_can_hold(to->now, from, e)))
		check_error(c, e->span, to->now->kind == TYPE_ARRAY ? ERR_ARRFUN : ERR_ASSIGN, "%s holds %s and cannot be assigned %s",
			    check_text(c, left), check_type_words(c, to->now), check_type_words(c, from));
}

static const struct type *no_place_for_agg(struct check *c, struct expr *e)
{
	check_error(c, e->span, ERR_AGG_PLACE, "%s() is kept in a map, not in %s", e->right->name,
		    check_text(c, e->left));
	check_hint(c, "@%s = %s", e->left->name && e->left->kind != EXPR_MAP ? e->left->name : "x",
		   check_text(c, e->right));
	return &type_error;
}

static const struct type *assign_agg(struct check *c, struct expr *e, bool used)
{
	const struct type *t = check_agg_call(c, e->right);
	struct var *v = check_var_of(e->left);

	if (!v || v->sym.kind != SYM_MAP)
		return e->left->symbol == &c->wrong ? &type_error : no_place_for_agg(c, e);
	if (used)
		return check_error(c, e->span, ERR_VALUE, "aggregating gives no value");
	v = place(c, e->left);
	if (!v)
		return &type_error;
	infer_join(c, v->value, t, NULL, e->right->span);
	if (reporting(c) && !type_is_wrong(t))
		e->right->type = v->value->now;
	return written(c, e, v);
}

static bool is_agg_call(const struct expr *e)
{
	return e->kind == EXPR_CALL && e->symbol && e->symbol->kind == SYM_FUNCTION &&
	       builtin_get(e->symbol->builtin)->kind == BK_AGG;
}

/* self->x = 0, and in D x[k] = 0, let go of what was kept. */
static bool frees(const struct check *c, const struct var *v, const struct expr *e)
{
	bool is_zero = e->right->is_const && type_is_scalar(e->right->type) && !e->right->value;

	return is_zero && (v->sym.kind == SYM_SELF ||
			   (v->is_keyed && dialect_has(c->dialect, DIALECT_ZERO_DELETES)));
}

static const struct type *assign_value(struct check *c, struct expr *e, bool used)
{
	const struct type *t = check_value(c, e->right);
	unsigned errors = c->diag->errors;
	struct var *v;

	if (c->dialect == DIALECT_D && check_var_of(e->left) && check_var_of(e->left)->sym.kind == SYM_MAP)
		return check_error(c, e->right->span, ERR_AGG_FUNC, "%s is assigned what is no aggregation", check_text(c, e->left));
	v = writable(c, e->left);
	if (!v) {
		if (used && c->diag->errors > errors)
			check_hint(c, "'==' compares");
		return &type_error;
	}
	if (v->value->is_fixed && type_is_scalar(v->value->now))
		t = check_place_number(e->right);
	infer_want(c, t, infer_type(c, v->value), e->right->span);
	infer_join(c, v->value, t, e->right, e->right->span);
	if (reporting(c)) {
		v->sym.is_written = true;
		v->sym.is_read |= used;
		v->sym.is_deleted |= frees(c, v, e);
		check_converts(c, v->value, t, e->right, e->left);
	}
	return written(c, e, v);
}

/* What the operator of OP= leaves of the variable's use. */
static void note_step(struct var *v, enum op op, bool used)
{
	bool adds = op == OP_ADD || op == OP_SUB || op == OP_INC || op == OP_DEC;

	v->sym.is_stepped |= adds;
	v->sym.is_written |= !adds;
	v->sym.is_read |= used || !adds;
}

/* t can be stepped: numbers, and pointers by + and -. */
static bool can_step(const struct type *t, enum op op)
{
	return type_is_open(t) || type_is_int(t) ||
	       (t->kind == TYPE_POINTER && (op == OP_ADD || op == OP_SUB || op == OP_INC || op == OP_DEC));
}

static const struct type *cannot_step(struct check *c, struct expr *e, const struct type *t, const char *op)
{
	return check_error(c, e->span, ERR_OPERAND, "%s needs a number, but %s holds %s", op, check_text(c, e->left),
			   check_type_words(c, t));
}

/* e becomes left = name(args). */
static const struct type *become_agg(struct check *c, struct expr *e, enum builtin_id id, const struct type *t,
				     struct expr *arg)
{
	struct expr *call = arena_new(c->arena, struct expr);

	call->kind = EXPR_CALL;
	call->span = call->name_span = e->span;
	call->name = builtin_get(id)->name;
	call->symbol = resolve_builtin(c, id);
	call->type = t;
	if (arg)
		*arena_vec_add(c->arena, &call->args) = arg;
	e->kind = EXPR_ASSIGN;
	e->op = OP_NONE;
	e->right = call;
	return e->left->type = t;
}

static const struct type *assign_op(struct check *c, struct expr *e, bool used)
{
	static const char *const names[] = {
#define OPERATOR(id, text, prec, kind) [OP_##id] = text "=",
#include "lang/operators.def"
#undef OPERATOR
	};
	const struct type *t = check_number(c, e->right, arena_printf(c->arena, "the right side of %s", names[e->op]));
	struct var *v;
	const struct type *now;

	v = writable(c, e->left);
	if (!fold_can_apply(c, e))
		return &type_error;
	if (!v || type_is_wrong(t))
		return &type_error;
	now = infer_type(c, v->value);
	if (reporting(c) && now->kind == TYPE_AGG && now->agg == AGG_SUM && e->op == OP_ADD && !used)
		return become_agg(c, e, BUILTIN_sum, now, e->right);
	if (now->kind != TYPE_AGG && !can_step(now, e->op))
		return cannot_step(c, e, now, names[e->op]);
	infer_step(c, v->value, check_arith_type(t, t), t->size == 8 && !e->right->is_const, e->span);
	if (!reporting(c))
		return now->kind == TYPE_AGG ? &type_s64 : now;
	if (now->kind == TYPE_AGG)
		return cannot_step(c, e, now, names[e->op]);
	note_step(v, e->op, used);
	return written(c, e, v);
}

const struct type *check_assign(struct check *c, struct expr *e, bool used)
{
	if (dialect_has(c->dialect, DIALECT_WRITES_MEMORY) && check_is_memory(e->left) && !is_agg_call(e->right))
		return check_store(c, e);
	if (e->op != OP_NONE)
		return assign_op(c, e, used);
	return is_agg_call(e->right) ? assign_agg(c, e, used) : assign_value(c, e, used);
}

const struct type *check_step(struct check *c, struct expr *e, bool used)
{
	const char *op = e->op == OP_INC ? "++" : "--";
	const struct type *now;
	struct var *v;

	if (dialect_has(c->dialect, DIALECT_WRITES_MEMORY) && check_is_memory(e->left))
		return check_store(c, e);
	if (!(v = writable(c, e->left)))
		return &type_error;
	now = infer_type(c, v->value);
	if (reporting(c) && now->kind == TYPE_AGG && now->agg == AGG_COUNT && e->op == OP_INC && !used)
		return become_agg(c, e, BUILTIN_count, now, NULL);
	if (now->kind != TYPE_AGG && !can_step(now, e->op))
		return cannot_step(c, e, now, op);
	infer_step(c, v->value, &type_s64, false, e->span);
	if (!reporting(c))
		return now->kind == TYPE_AGG ? &type_s64 : now;
	if (now->kind == TYPE_AGG)
		return cannot_step(c, e, now, op);
	note_step(v, e->op, used);
	return written(c, e, v);
}

void check_delete(struct check *c, struct expr *e)
{
	struct var *v = e->symbol == &c->wrong ? NULL : check_var_of(e);

	if (e->symbol == &c->wrong)
		return;
	if (!v || v->sym.kind == SYM_LOCAL) {
		check_error(c, e->span, ERR_LVALUE, "only maps, global and thread-local variables can be deleted");
		return;
	}
	if (e->kind == EXPR_INDEX) {
		check_keys(c, v, e);
	} else if (v->is_keyed && v->sym.kind == SYM_SELF) {
		needs_keys(c, v, e);
		return;
	}
	e->type = infer_type(c, v->value);
	if (!reporting(c))
		return;
	if (e->kind == EXPR_INDEX)
		e->left->type = e->type;
	v->sym.is_deleted = true;
	v->sym.is_cleared |= v->is_keyed && e->kind != EXPR_INDEX;
}
