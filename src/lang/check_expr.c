// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Expressions. check_any gives the type of what stands there (an array, an aggregation); check_value that of its value (a
 * string, a number). A node is always checked by the same one of the two.
 */
#include "lang/checking.h"

const struct type *check_arith_type(const struct type *a, const struct type *b)
{
	bool a64 = type_is_scalar(a) && a->size == 8 && !a->is_signed;
	bool b64 = type_is_scalar(b) && b->size == 8 && !b->is_signed;

	return a64 || b64 ? &type_u64 : &type_s64;
}

/* D's numbers are C's: int, and what is wider. */
static const struct type *d_arith_type(const struct type *a, const struct type *b)
{
	const unsigned size = a->size > b->size ? a->size : b->size;

	if (size == 8)
		return check_arith_type(a, b);
	return (a->size == 4 && !a->is_signed) || (b->size == 4 && !b->is_signed) ? &type_u32 : &type_s32;
}

const struct type *check_truth_type(const struct check *c)
{
	return c->dialect == DIALECT_D ? &type_s32 : &type_s64;
}

/* The type of arithmetic, which leads into user memory if an operand does. */
const struct type *check_arith_user(struct check *c, const struct type *a, const struct type *b)
{
	const struct type *t;

	if (c->dialect == DIALECT_D && type_is_int(a) && type_is_int(b))
		t = d_arith_type(a, b);
	else
		t = check_arith_type(a, b);
	if ((type_is_scalar(a) && a->user) || (type_is_scalar(b) && b->user))
		return infer_int(c, t->size, t->is_signed, SHOW_NUMBER, true);
	return t;
}

/* ---- values */

static bool is_char_array(const struct type *t)
{
	return t->kind == TYPE_ARRAY && t->target->kind == TYPE_INT && t->target->size == 1 &&
	       t->target->show == SHOW_CHAR;
}

static const struct type *no_value(struct check *c, struct expr *e)
{
	if (e->kind == EXPR_CALL)
		return check_error(c, e->span, ERR_VALUE, "%s() gives no value", e->name);
	return check_error(c, e->span, ERR_VALUE, "this has no value");
}

static const struct type *agg_value(struct check *c, struct expr *e, const struct type *t)
{
	const struct type *value = check_agg_value(t);

	if (value)
		return value;
	return check_error(c, e->span, ERR_VALUE, "%s holds %s, which is no single number", check_text(c, e),
			   type_text(c->arena, t));
}

/* The kernel always ends the name of a task with a 0. */
static bool is_comm(const struct expr *e, const struct type *t)
{
	enum { TASK_COMM_LEN = 16 };
	size_t len = e->name ? strlen(e->name) : 0;

	return t->count == TASK_COMM_LEN && !e->user && len >= 4 && !strcmp(e->name + len - 4, "comm");
}

static const struct type *decay(struct check *c, struct expr *e, const struct type *t)
{
	/* an array may be full, without a 0 */
	if (is_char_array(t))
		return type_string_of(c->arena, t->count + !is_comm(e, t));
	if (t->kind == TYPE_AGG)
		return agg_value(c, e, t);
	if (t->kind == TYPE_VOID)
		return no_value(c, e);
	return t;
}

static const struct type *settle(struct check *c, struct expr *e, const struct type *t)
{
	return e->type = c->stage == STAGE_REPORT ? infer_sized(c, t) : t;
}

const struct type *check_as_value(struct check *c, struct expr *e)
{
	const struct type *t = e->type;

	if (e->kind == EXPR_STRING && e->len + 1 > CHECK_STRSIZE_MAX)
		t = check_error(c, e->span, ERR_TOO_LARGE, "the string has %zu bytes; at most %d are possible", e->len,
				CHECK_STRSIZE_MAX - 1);
	else
		t = decay(c, e, t);
	if (c->stage == STAGE_REPORT)
		t = decl_complete_all(c, t);
	/* a literal keeps its length, whatever strsize is */
	return e->is_const ? (e->type = t) : settle(c, e, t);
}

const struct type *check_value(struct check *c, struct expr *e)
{
	check_any(c, e);
	return check_as_value(c, e);
}

static const struct type *number_or(struct check *c, struct expr *e, const char *what, enum error tag)
{
	const struct type *t;

	check_value(c, e);
	t = check_place_number(e);
	infer_want(c, t, &type_s64, e->span);
	if (type_is_unknown(t))
		return &type_s64;
	if (type_is_wrong(t) || type_is_scalar(t))
		return t;
	check_error(c, e->span, tag, "%s must be a number, not %s", what, check_type_words(c, t));
	if (t->kind == TYPE_STRING && !strcmp(what, "an operand of +"))
		check_hint(c, "strjoin(a, b) joins strings");
	check_hint_floating(c, t);
	return e->type = &type_error;
}

const struct type *check_number(struct check *c, struct expr *e, const char *what)
{
	return number_or(c, e, what, ERR_OPERAND);
}

/* if (x = 1), where x == 1 was meant; parentheses around it say that it was not. */
static void check_no_assignment(struct check *c, const struct expr *e)
{
	if (c->stage != STAGE_REPORT || e->kind != EXPR_ASSIGN || e->op != OP_NONE || e->in_parens || !e->right->is_const ||
	    type_is_wrong(e->type))
		return;
	diag_warning(c->diag, e->name_span, error_tag(ERR_CONDITION), "'=' assigns, so that the condition is always the same");
	diag_hint(c->diag, "'==' compares");
}

static void condition_or(struct check *c, struct expr *e, enum error tag)
{
	const struct type *t = check_value(c, e);
	const struct var *v = check_var_of(e);

	if (c->dialect == DIALECT_D && v && v->sym.kind == SYM_MAP) {
		check_error(c, e->span, tag, "a condition must be a number, not an aggregation");
		return;
	}

	check_no_assignment(c, e);
	t = check_place_number(e);
	infer_want(c, t, &type_s64, e->span);
	if (type_is_open(t) || type_is_scalar(t))
		return;
	check_error(c, e->span, tag, "a condition must be a number, not %s", check_type_words(c, t));
	if (t->kind == TYPE_STRING)
		check_hint(c, "compare it: %s != \"\"", check_text(c, e));
	check_hint_floating(c, t);
}

void check_condition(struct check *c, struct expr *e)
{
	condition_or(c, e, ERR_CONDITION);
}

void check_predicate(struct check *c, struct expr *e)
{
	condition_or(c, e, ERR_PRED_SCALAR);
}

bool check_decided(const struct expr *e, bool *value)
{
	if (!e->is_const || !type_is_scalar(e->type))
		return false;
	*value = e->value;
	return true;
}

bool check_constant(struct check *c, struct expr *e, const char *what, int64_t *value)
{
	const struct type *t = check_value(c, e);

	if (type_is_wrong(t))
		return false;
	if (e->is_const && type_is_scalar(t)) {
		*value = (int64_t)e->value;
		return true;
	}
	check_error(c, e->span, ERR_CONST, "%s must be a constant number", what);
	return false;
}

/* ---- operators */

static const char *operator_text(enum op op)
{
	static const char *const texts[] = {
#define OPERATOR(id, text, prec, kind) [OP_##id] = text,
#include "lang/operators.def"
#undef OPERATOR
	};

	return texts[op];
}

static enum error operand_error(const struct expr *e)
{
	switch (e->op) {
	case OP_ADD:
	case OP_SUB:
		return ERR_OPERAND;
	case OP_MUL:
	case OP_DIV:
	case OP_NEG:
	case OP_PLUS:
		return ERR_OP_ARITH;
	default:
		return ERR_OP_INT;
	}
}

static const struct type *operand(struct check *c, const struct expr *e, struct expr *operand)
{
	return number_or(c, operand, arena_printf(c->arena, "an operand of %s", operator_text(e->op)), operand_error(e));
}

/* Both operands were checked, one at least is a pointer. */
static const struct type *pointer_arith(struct check *c, struct expr *e, const struct type *l, const struct type *r)
{
	bool lp = l->kind == TYPE_POINTER, rp = r->kind == TYPE_POINTER;
	const struct type *target = check_pointed(c, e, lp ? l : r);

	if (type_is_wrong(target))
		return &type_error;
	if (c->dialect == DIALECT_D && target->kind == TYPE_VOID)
		return check_error(c, e->span, ERR_OP_VFPTR, "%s needs to know what the pointer leads to, which is void", operator_text(e->op));
	if (e->op == OP_ADD && lp != rp)
		return lp ? l : r;
	if (e->op == OP_SUB && !rp)
		return l;
	if (e->op == OP_SUB && lp) {
		if (type_equal(l->target, r->target))
			return &type_s64;
		return check_error(c, e->span, ERR_OPERAND, "%s and %s cannot be subtracted", type_text(c->arena, l),
				   type_text(c->arena, r));
	}
	return check_error(c, e->span, ERR_OPERAND, "%s cannot be applied to a pointer", operator_text(e->op));
}

static const struct type *check_arith(struct check *c, struct expr *e)
{
	const struct type *l = operand(c, e, e->left);
	/* of two operands that are no numbers only the first is reported */
	const struct type *r = type_is_wrong(l) ? check_value(c, e->right) : operand(c, e, e->right);

	if (type_is_wrong(l) || type_is_wrong(r))
		return &type_error;
	if ((e->op == OP_ADD || e->op == OP_SUB) && (l->kind == TYPE_POINTER || r->kind == TYPE_POINTER))
		return pointer_arith(c, e, l, r);
	if (e->op == OP_SHL || e->op == OP_SHR)
		return check_arith_user(c, l, l);
	return check_arith_user(c, l, r);
}

static const struct type *check_binary(struct check *c, struct expr *e)
{
	switch (e->op) {
	case OP_EQ:
	case OP_NE:
	case OP_LT:
	case OP_LE:
	case OP_GT:
	case OP_GE:
		return check_compare(c, e);
	default:
		return check_arith(c, e);
	}
}

static const struct type *check_unary(struct check *c, struct expr *e)
{
	const struct type *t;

	switch (e->op) {
	case OP_DEREF:
		return check_deref(c, e);
	case OP_ADDR:
		return check_address(c, e);
	case OP_NOT:
		check_condition(c, e->left);
		return type_is_wrong(e->left->type) ? &type_error : check_truth_type(c);
	default:
		t = operand(c, e, e->left);
		/* the least number is written as minus one that is too large for s64 */
		if (e->op == OP_NEG && e->left->kind == EXPR_INT && e->left->value == (uint64_t)INT64_MIN)
			return &type_s64;
		return type_is_wrong(t) ? t : check_arith_user(c, t, t);
	}
}

/* A left side that decides alone is all that is looked at, and in the end all that is left. */
static const struct type *check_logical(struct check *c, struct expr *e)
{
	bool value;

	check_condition(c, e->left);
	if (e->op == OP_LXOR || !check_decided(e->left, &value) || value == (e->op == OP_LAND))
		check_condition(c, e->right);
	else if (c->stage == STAGE_REPORT)
		*e = (struct expr){ .kind = EXPR_INT, .span = e->span, .name_span = e->name_span, .value = value, .is_const = true };
	return check_truth_type(c);
}

/* ---- names */

/* A pointer whose target has its members, where they can be had. */
static const struct type *complete_pointer(struct check *c, const struct type *t)
{
	const struct type *whole = t->kind == TYPE_POINTER ? decl_complete(c, t->target) : NULL;

	return !whole || whole == t->target ? t : type_pointer(c->arena, whole, t->user);
}

/* Of probefunc and the like, where they must be strings. */
enum { NAME_SIZE = 128 };

static const struct type *check_builtin_var(struct check *c, struct expr *e)
{
	const struct builtin *b = builtin_get(e->symbol->builtin);
	const struct type *t;
	const char *why = NULL;

	if (b->flags & BF_LATER)
		return check_error(c, e->span, ERR_LATER, "%s is not supported yet", e->name);
	if (b->id == BUILTIN_args) {
		check_error(c, e->span, ERR_VALUE, "%s stands for all arguments of the probe", e->name);
		check_hint(c, "name one of them: %s%s", e->name, c->dialect == DIALECT_D ? "[0]" : ".NAME");
		return &type_error;
	}
	if (e->as_string)
		return type_string_of(c->arena, NAME_SIZE);
	if (b->id == BUILTIN_stack || b->id == BUILTIN_ustack)
		return check_stack(c, e);
	if (b->id == BUILTIN_caller || b->id == BUILTIN_ucaller)
		return check_place(c, e);
	if (!(b->flags & BF_PROBE))
		return complete_pointer(c, check_proto(c, b->id)->result);
	if (e->type && !type_is_open(e->type))
		return e->type;
	if (!c->clause)
		return check_error(c, e->span, ERR_CONST, "only constants can stand here");
	t = c->scope->builtin ? c->scope->builtin(c->scope->data, c->clause, b->name, &why) : NULL;
	if (t) {
		e->user = t->user;
		return complete_pointer(c, t);
	}
	/* "it is known where the call returns" */
	if (why && !strncmp(why, "it ", 3))
		return check_error(c, e->span, ERR_PROBE_VAR, "%s %s", e->name, why + 3);
	if (why)
		return check_error(c, e->span, ERR_PROBE_VAR, "%s", why);
	return check_error(c, e->span, ERR_PROBE_VAR, "%s is not known in %s", e->name, check_probes(c));
}

static const struct type *check_symbol(struct check *c, struct expr *e)
{
	switch (e->symbol->kind) {
	case SYM_BUILTIN:
		return check_builtin_var(c, e);
	case SYM_CONSTANT:
		fold_to_int(e, (uint64_t)e->symbol->value);
		return e->symbol->type;
	default:
		return check_var_value(c, e);
	}
}

/* ---- all of them */

static const struct type *check_tuple(struct check *c, struct expr *e)
{
	const struct type *parts[TUPLE_MAX];

	vec_foreach(arg, &e->args)
		check_value(c, *arg);
	if (e->args.len > TUPLE_MAX)
		return check_error(c, e->span, ERR_TOO_LARGE, "a tuple has at most %d parts", TUPLE_MAX);
	for (unsigned i = 0; i < e->args.len; i++)
		parts[i] = e->args.data[i]->type;
	return type_tuple(c->arena, parts, e->args.len);
}

static const struct type *check_comma(struct check *c, struct expr *e)
{
	for (unsigned i = 0; i + 1 < e->args.len; i++)
		check_action(c, e->args.data[i]);
	return check_any(c, e->args.data[e->args.len - 1]);
}

/* In D the first of int, long, unsigned long that holds it. */
static const struct type *int_type(const struct check *c, const struct expr *e)
{
	bool is_d_int = c->dialect == DIALECT_D && !e->is_long;

	if (e->is_unsigned)
		return is_d_int && e->value == (uint32_t)e->value ? &type_u32 : &type_u64;
	return is_d_int && (int64_t)e->value == (int32_t)e->value ? &type_s32 : &type_s64;
}

static const struct type *expr_type(struct check *c, struct expr *e)
{
	switch (e->kind) {
	case EXPR_INT:
		e->is_const = true;
		return int_type(c, e);
	case EXPR_STRING:
		e->is_const = true;
		return e->type && e->type->kind == TYPE_STRING ? e->type : type_string_of(c->arena, (unsigned)e->len + 1);
	case EXPR_NAME:
	case EXPR_DOLLAR:
	case EXPR_MAP:
	case EXPR_SELF:
	case EXPR_THIS:
		return check_symbol(c, e);
	case EXPR_BACKTICK:
		return check_error(c, e->span, ERR_LATER, "kernel variables are not supported yet");
	case EXPR_UNARY:
		return check_unary(c, e);
	case EXPR_PREFIX:
	case EXPR_POSTFIX:
		return check_step(c, e, true);
	case EXPR_BINARY:
		return check_binary(c, e);
	case EXPR_LOGICAL:
		return check_logical(c, e);
	case EXPR_ASSIGN:
		return check_assign(c, e, true);
	case EXPR_COND:
		return check_cond(c, e, true);
	case EXPR_COMMA:
		return check_comma(c, e);
	case EXPR_CAST:
		return check_cast(c, e);
	case EXPR_SIZEOF:
		return check_sizeof(c, e);
	case EXPR_OFFSETOF:
		return check_offsetof(c, e);
	case EXPR_MEMBER:
		return check_member(c, e);
	case EXPR_ARROW:
		return check_arrow(c, e);
	case EXPR_INDEX:
		return check_index(c, e);
	case EXPR_CALL:
		return check_call(c, e);
	case EXPR_TUPLE:
		return check_tuple(c, e);
	case EXPR_XLATE:
		return check_xlate(c, e);
	case EXPR_TYPE:
		return check_error(c, e->span, ERR_VALUE, "a type cannot stand here");
	}
	return &type_error;
}

const struct type *check_any(struct check *c, struct expr *e)
{
	const struct type *t = e->symbol == &c->wrong ? &type_error : expr_type(c, e);

	if (e->is_const && e->kind == EXPR_STRING)
		return e->type = t;
	settle(c, e, t);
	if (type_is_scalar(t))
		e->user = t->user;
	fold_expr(c, e);
	return e->type;
}

void check_action(struct check *c, struct expr *e)
{
	switch (e->symbol == &c->wrong ? EXPR_CALL : e->kind) {
	case EXPR_ASSIGN:
		e->type = check_assign(c, e, false);
		break;
	case EXPR_PREFIX:
	case EXPR_POSTFIX:
		e->type = check_step(c, e, false);
		break;
	case EXPR_COND:
		e->type = check_cond(c, e, false);
		break;
	case EXPR_COMMA:
		vec_foreach(arg, &e->args)
			check_action(c, *arg);
		e->type = &type_void;
		break;
	default:
		if (c->dialect == DIALECT_D && check_is_traced(e))
			check_become_call(c, e, BUILTIN_trace);
		check_any(c, e);
	}
}
