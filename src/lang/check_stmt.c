// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements and clauses. */
#include "lang/checking.h"

enum { UNROLL_MAX = 1000, UNROLL_ALL_MAX = 4096 };

static void check_stmts(struct check *c, struct stmt *s);

static void check_loop_body(struct check *c, struct stmt *s)
{
	c->loops++;
	check_stmts(c, s->body);
	c->loops--;
}

/* A call for its value alone. What strtok() has found is where it goes on. */
static bool is_mere_value(const struct expr *call)
{
	const struct symbol *sym = call->symbol;

	return sym && sym->kind == SYM_FUNCTION && builtin_get(sym->builtin)->kind == BK_FUNC && sym->builtin != BUILTIN_strtok;
}

static bool has_effect(const struct expr *e);

static bool any_has_effect(const struct expr *e)
{
	vec_foreach(arg, &e->args)
		if (has_effect(*arg))
			return true;
	return (e->left && has_effect(e->left)) || (e->right && has_effect(e->right));
}

static bool has_effect(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_ASSIGN:
	case EXPR_PREFIX:
	case EXPR_POSTFIX:
		return true;
	case EXPR_CALL:
		return !is_mere_value(e);
	case EXPR_COND:
	case EXPR_COMMA:
	case EXPR_LOGICAL:
		return any_has_effect(e);
	default:
		return false;
	}
}

/* A statement that is a value which nobody uses. D lets constants and calls stand there. */
static void check_effect(struct check *c, const struct expr *e)
{
	bool is_choice = e->kind == EXPR_COND || e->kind == EXPR_COMMA || e->kind == EXPR_LOGICAL;

	if (type_is_wrong(e->type))
		return;
	if (e->is_const || e->kind == EXPR_CALL || is_choice) {
		if (c->dialect != DIALECT_D && c->stage == STAGE_REPORT)
			diag_warning(c->diag, e->span, error_tag(ERR_NO_EFFECT), "this statement does nothing");
		return;
	}
	check_error(c, e->span, check_var_of(e) && check_var_of(e)->sym.kind == SYM_MAP ? ERR_AGG_NULL : ERR_NO_EFFECT, "this statement does nothing");
	if (check_var_of(e) || e->kind == EXPR_NAME)
		check_hint(c, "print(%s) prints it", check_text(c, e));
}

static void check_expr_stmt(struct check *c, struct stmt *s)
{
	/* as it was written: OPT ? printf(…) : 1 may be nothing but 1 then */
	bool effect = has_effect(s->expr);

	check_action(c, s->expr);
	if (!effect)
		check_effect(c, s->expr);
}

static void store_local(struct check *c, struct symbol *sym, const struct type *t, const struct expr *e, struct span span)
{
	struct var *v = (struct var *)sym;

	infer_join(c, v->value, t, e, span);
	v->sym.is_written |= c->stage == STAGE_REPORT;
}

/* A range of constants is gone through to its end. */
static void check_rounds(struct check *c, const struct expr *from, const struct expr *to)
{
	if (!from->is_const || !to->is_const || (int64_t)from->value >= (int64_t)to->value ||
	    to->value - from->value <= CHECK_ROUNDS_MAX)
		return;
	check_error(c, span_join(from->span, to->span), ERR_RANGE, "%llu rounds are too many: at most %d are possible",
		    (unsigned long long)(to->value - from->value), CHECK_ROUNDS_MAX);
}

static void check_for_range(struct check *c, struct stmt *s)
{
	const struct type *from = check_number(c, s->expr, "the begin of the range");
	const struct type *to = check_number(c, s->limit, "the end of the range");

	check_rounds(c, s->expr, s->limit);
	if (!type_is_wrong(from) && !type_is_wrong(to))
		store_local(c, s->symbol, check_arith_type(from, to), NULL, s->var->span);
	else
		store_local(c, s->symbol, &type_s64, NULL, s->var->span);
	s->var->type = ((struct var *)s->symbol)->value->now;
	check_loop_body(c, s);
}

static const struct type *key_type(struct check *c, struct var *v)
{
	const struct type **parts = arena_array(c->arena, const struct type *, v->keys.len);

	for (unsigned i = 0; i < v->keys.len; i++)
		parts[i] = infer_type(c, v->keys.data[i]);
	return v->keys.len == 1 ? parts[0] : type_tuple(c->arena, parts, v->keys.len);
}

/* for ($kv : @m): $kv is the tuple of key and value. */
static const struct type *entry_type(struct check *c, struct stmt *s, struct var *v)
{
	const struct type *parts[2];

	if (!v->is_keyed)
		return check_error(c, s->expr->span, ERR_KEYS, "%s has no keys to go over", v->sym.name);
	parts[1] = infer_type(c, v->value);
	/* keys that only clauses without a probe give */
	if (!v->keys.len && c->stage == STAGE_USES)
		*arena_vec_add(c->arena, &v->keys) = infer_cell(c, true);
	if (!v->keys.len)
		return &v->value->unknown;
	parts[0] = key_type(c, v);
	if (parts[1]->kind == TYPE_AGG && !check_agg_value(parts[1]))
		return check_error(c, s->expr->span, ERR_VALUE, "%s holds %s, which are no single numbers", v->sym.name,
				   type_text(c->arena, parts[1]));
	if (parts[1]->kind == TYPE_AGG)
		parts[1] = check_agg_value(parts[1]);
	return type_tuple(c->arena, parts, 2);
}

static void check_for_map(struct check *c, struct stmt *s)
{
	struct var *v = check_whole(c, s->expr, "for");

	store_local(c, s->symbol, v ? entry_type(c, s, v) : &type_error, NULL, s->var->span);
	s->var->type = ((struct var *)s->symbol)->value->now;
	if (v && c->stage == STAGE_REPORT)
		v->sym.is_iterated = v->sym.is_printed = v->sym.is_read = true;
	check_loop_body(c, s);
}

static void check_unroll(struct check *c, struct stmt *s)
{
	unsigned outer = c->unrolled;
	int64_t n;

	if (!check_constant(c, s->expr, "the number of times", &n))
		n = 1;
	c->unrolled = (outer ? outer : 1) * (unsigned)n;
	if (n < 1 || n > UNROLL_MAX)
		check_error(c, s->expr->span, ERR_RANGE, "unroll() takes 1 to %d times, not %lld", UNROLL_MAX, (long long)n);
	else if (c->unrolled > UNROLL_ALL_MAX)
		check_error(c, s->expr->span, ERR_RANGE, "unroll() within unroll() would be %u times; at most %d are possible",
			    c->unrolled, UNROLL_ALL_MAX);
	check_loop_body(c, s);
	c->unrolled = outer;
}

static void check_let(struct check *c, struct stmt *s)
{
	struct var *v = (struct var *)s->symbol;
	const struct type *t;

	if (s->expr) {
		t = check_value(c, s->expr);
		infer_want(c, t, infer_type(c, v->value), s->expr->span);
		store_local(c, s->symbol, t, s->expr, s->expr->span);
		check_converts(c, v->value, t, s->expr, s->var);
	}
	s->var->type = infer_type(c, v->value);
}

static void check_in_loop(struct check *c, struct stmt *s, const char *what)
{
	if (!c->loops)
		check_error(c, s->span, ERR_LOOP, "%s stands outside a loop", what);
}

/* Whether something in the statements ends the loop that they are the body of; nested: they are within another one. */
static bool leaves(const struct stmt *s, bool nested)
{
	for (; s; s = s->next) {
		bool is_loop = s->kind == STMT_WHILE || s->kind == STMT_FOR || s->kind == STMT_FOR_RANGE || s->kind == STMT_FOR_MAP ||
			       s->kind == STMT_UNROLL;

		if (s->kind == STMT_RETURN || (s->kind == STMT_BREAK && !nested) || leaves(s->body, nested || is_loop) ||
		    leaves(s->otherwise, nested))
			return true;
		if (s->kind == STMT_EXPR && s->expr->kind == EXPR_CALL && s->expr->symbol && s->expr->symbol->builtin == BUILTIN_exit)
			return true;
	}
	return false;
}

/* while (condition), for (;; condition); without a condition: NULL */
static void check_ends(struct check *c, const struct stmt *s)
{
	bool value = true;

	if (c->stage == STAGE_REPORT && (!s->expr || check_decided(s->expr, &value)) && value && !leaves(s->body, false))
		check_error(c, s->span, ERR_LOOP, "nothing ends this loop");
}

static void check_for(struct check *c, struct stmt *s)
{
	if (s->init)
		check_action(c, s->init);
	if (s->expr)
		check_condition(c, s->expr);
	if (s->step)
		check_action(c, s->step);
	check_loop_body(c, s);
	check_ends(c, s);
}

/* The branch that a constant turns off is gone: it need not make sense on this kernel. */
static void check_if(struct check *c, struct stmt *s)
{
	bool value;

	check_condition(c, s->expr);
	if (c->stage == STAGE_REPORT && check_decided(s->expr, &value)) {
		s->kind = STMT_BLOCK;
		s->body = value ? s->body : s->otherwise;
		s->expr = NULL;
		s->otherwise = NULL;
	}
	check_stmts(c, s->body);
	check_stmts(c, s->otherwise);
}

static void check_stmt(struct check *c, struct stmt *s)
{
	switch (s->kind) {
	case STMT_BLOCK:
		check_stmts(c, s->body);
		break;
	case STMT_EXPR:
		check_expr_stmt(c, s);
		break;
	case STMT_IF:
		check_if(c, s);
		break;
	case STMT_WHILE:
		check_condition(c, s->expr);
		check_loop_body(c, s);
		check_ends(c, s);
		break;
	case STMT_FOR:
		check_for(c, s);
		break;
	case STMT_FOR_RANGE:
		check_for_range(c, s);
		break;
	case STMT_FOR_MAP:
		check_for_map(c, s);
		break;
	case STMT_UNROLL:
		check_unroll(c, s);
		break;
	case STMT_DELETE:
		check_delete(c, s->expr);
		break;
	case STMT_RETURN:
		break;
	case STMT_BREAK:
		check_in_loop(c, s, "break");
		break;
	case STMT_CONTINUE:
		check_in_loop(c, s, "continue");
		break;
	case STMT_LET:
		check_let(c, s);
		break;
	}
}

/* While types are inferred, the statements in a statement are units of their own. */
static void check_stmts(struct check *c, struct stmt *s)
{
	for (; s && c->stage == STAGE_REPORT; s = s->next)
		check_stmt(c, s);
}

void check_unit(struct check *c, const struct unit *unit)
{
	c->clause = unit->clause;
	if (unit->stmt)
		check_stmt(c, unit->stmt);
	else
		check_predicate(c, unit->clause->predicate);
}

void check_clause(struct check *c, struct clause *clause)
{
	bool value;

	c->clause = clause;
	c->loops = 0;
	c->unrolled = 0;
	if (clause->predicate)
		check_predicate(c, clause->predicate);
	if (clause->predicate && check_decided(clause->predicate, &value) && !value)
		clause->body = NULL;
	check_stmts(c, clause->body);
	if (c->dialect == DIALECT_D)
		check_d_order(c, clause);
}
