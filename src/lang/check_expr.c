// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Expressions. check_any gives the type of what stands there (an array, an aggregation); check_value that of its value (a
 * string, a number). A node is always checked by the same one of the two.
 */
#include "lang/checking.h"

enum { TUPLE_MAX = 16 };

const struct type *check_arith_type(const struct type *a, const struct type *b)
{
	bool a64 = type_is_scalar(a) && a->size == 8 && !a->is_signed;
	bool b64 = type_is_scalar(b) && b->size == 8 && !b->is_signed;

	return a64 || b64 ? &type_u64 : &type_s64;
}

const struct type *check_compare_type(const struct type *a, const struct type *b)
{
	if (a->kind == TYPE_STRING || b->kind == TYPE_STRING)
		return &type_string;
	return check_arith_type(a, b);
}

/* The type of arithmetic, which leads into user memory if an operand does. */
static const struct type *arith(struct check *c, const struct type *a, const struct type *b)
{
	const struct type *t = check_arith_type(a, b);

	if ((type_is_scalar(a) && a->user) || (type_is_scalar(b) && b->user))
		return infer_int(c, 8, t->is_signed, SHOW_NUMBER, true);
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

static const struct type *decay(struct check *c, struct expr *e, const struct type *t)
{
	if (is_char_array(t))
		return type_string_of(c->arena, t->count);
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

const struct type *check_value(struct check *c, struct expr *e)
{
	const struct type *t = check_any(c, e);

	if (e->kind == EXPR_STRING && e->len + 1 > CHECK_STRSIZE_MAX)
		t = check_error(c, e->span, ERR_TOO_LARGE, "the string has %zu bytes; at most %d are possible", e->len,
				CHECK_STRSIZE_MAX - 1);
	else
		t = decay(c, e, t);
	/* a literal keeps its length, whatever strsize is */
	return e->is_const ? (e->type = t) : settle(c, e, t);
}

const struct type *check_number(struct check *c, struct expr *e, const char *what)
{
	const struct type *t = check_value(c, e);

	infer_want(c, t, &type_s64, e->span);
	if (type_is_unknown(t))
		return &type_s64;
	if (type_is_wrong(t) || type_is_scalar(t))
		return t;
	check_error(c, e->span, ERR_OPERAND, "%s must be a number, not %s", what, check_type_words(c, t));
	if (t->kind == TYPE_STRING && !strcmp(what, "an operand of +"))
		check_hint(c, "strjoin(a, b) joins strings");
	return e->type = &type_error;
}

void check_condition(struct check *c, struct expr *e)
{
	const struct type *t = check_value(c, e);

	infer_want(c, t, &type_s64, e->span);
	if (type_is_open(t) || type_is_scalar(t))
		return;
	check_error(c, e->span, ERR_CONDITION, "a condition must be a number, not %s", check_type_words(c, t));
	if (t->kind == TYPE_STRING)
		check_hint(c, "compare it: %s != \"\"", check_text(c, e));
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

static const struct type *operand(struct check *c, const struct expr *e, struct expr *operand)
{
	return check_number(c, operand, arena_printf(c->arena, "an operand of %s", operator_text(e->op)));
}

/* What a pointer leads to, of known size (void counts as bytes). */
static const struct type *pointed(struct check *c, const struct expr *e, const struct type *pointer)
{
	const struct type *t = decl_complete(c, pointer->target);

	if (t->kind == TYPE_VOID || t->size)
		return t;
	return check_error(c, e->span, ERR_INCOMPLETE, "the size of %s is not known", type_text(c->arena, t));
}

/* Both operands were checked, one at least is a pointer. */
static const struct type *pointer_arith(struct check *c, struct expr *e, const struct type *l, const struct type *r)
{
	bool lp = l->kind == TYPE_POINTER, rp = r->kind == TYPE_POINTER;

	if (type_is_wrong(pointed(c, e, lp ? l : r)))
		return &type_error;
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
		return arith(c, l, l);
	return arith(c, l, r);
}

/* ---- comparisons */

/* A number that stands for a name: func, probe … */
static bool is_name_number(const struct type *t)
{
	if (t->kind != TYPE_INT)
		return false;
	switch (t->show) {
	case SHOW_FUNC:
	case SHOW_PROBE:
	case SHOW_PROBEPROV:
	case SHOW_PROBEMOD:
	case SHOW_PROBENAME:
	case SHOW_SYSCALL:
		return true;
	default:
		return false;
	}
}

static bool is_zero(const struct expr *e)
{
	return e->is_const && type_is_scalar(e->type) && !e->value;
}

/* The constant 0 next to a string is the empty string. */
static void zero_to_empty(struct check *c, struct expr *e)
{
	e->kind = EXPR_STRING;
	e->name = NULL;
	e->symbol = NULL;
	fold_to_string(c, e, "", 0);
}

static const struct type *incomparable(struct check *c, struct expr *e, const struct type *l, const struct type *r)
{
	const struct expr *number = l->kind == TYPE_STRING ? e->right : e->left;

	check_error(c, e->span, ERR_COMPARE, "%s cannot be compared with %s", check_type_words(c, l),
		    check_type_words(c, r));
	if ((l->kind == TYPE_STRING) == (r->kind == TYPE_STRING))
		return &type_error;
	if (number->kind == EXPR_INT && number->name)
		check_hint(c, "str($%s) is the parameter as a string", number->name);
	else if (number->type->kind == TYPE_POINTER)
		check_hint(c, "str(%s) reads the string", check_text(c, number));
	return &type_error;
}

static const struct type *compare_name(struct check *c, struct expr *e, const struct expr *text)
{
	if (text->kind != EXPR_STRING && !text->is_const)
		return check_error(c, text->span, ERR_COMPARE, "%s can only be compared with a literal string",
				   check_text(c, text == e->left ? e->right : e->left));
	if (e->op != OP_EQ && e->op != OP_NE)
		return check_error(c, e->name_span, ERR_COMPARE, "names can only be compared by == and !=");
	return &type_s64;
}

static const struct type *check_compare(struct check *c, struct expr *e)
{
	const struct type *l = check_value(c, e->left), *r = check_value(c, e->right);

	infer_want(c, l, r, e->left->span);
	infer_want(c, r, l, e->right->span);
	if (type_is_wrong(l) || type_is_wrong(r))
		return &type_error;
	if (type_is_unknown(l) || type_is_unknown(r))
		return &type_s64;
	if (l->kind == TYPE_STRING && is_zero(e->right))
		zero_to_empty(c, e->right);
	else if (r->kind == TYPE_STRING && is_zero(e->left))
		zero_to_empty(c, e->left);
	else if (is_name_number(l) && r->kind == TYPE_STRING)
		return compare_name(c, e, e->right);
	else if (is_name_number(r) && l->kind == TYPE_STRING)
		return compare_name(c, e, e->left);
	else if (!(l->kind == TYPE_STRING && r->kind == TYPE_STRING) && !(type_is_scalar(l) && type_is_scalar(r)))
		return incomparable(c, e, l, r);
	return &type_s64;
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

/* ---- ?: */

/* The common type of two branches; NULL if there is none. */
static const struct type *join_branches(struct check *c, struct expr *a, struct expr *b)
{
	const struct type *x = a->type, *y = b->type;

	infer_want(c, x, y, a->span);
	infer_want(c, y, x, b->span);
	if (type_is_wrong(x) || type_is_wrong(y))
		return &type_error;
	if (type_is_unknown(x) || type_is_unknown(y))
		return type_is_unknown(x) ? y : x;
	if (x->kind == TYPE_STRING && is_zero(b))
		zero_to_empty(c, b);
	else if (y->kind == TYPE_STRING && is_zero(a))
		zero_to_empty(c, a);
	x = a->type;
	y = b->type;
	if (x->kind == TYPE_STRING && y->kind == TYPE_STRING)
		return !x->size || (y->size && x->size >= y->size) ? x : y;
	if (type_equal(x, y))
		return type_is_int(x) && x->show == SHOW_NUMBER && x->kind == TYPE_INT ? arith(c, x, y) : x;
	if (x->kind == TYPE_POINTER && is_zero(b))
		return x;
	if (y->kind == TYPE_POINTER && is_zero(a))
		return y;
	return type_is_int(x) && type_is_int(y) ? arith(c, x, y) : NULL;
}

/* A constant condition: the branch alone is looked at, and in the end stands in the place of it all. */
static const struct type *check_chosen(struct check *c, struct expr *e, bool used)
{
	struct expr *chosen = e->left->value ? e->args.data[0] : e->right;
	struct span span = e->span;
	const struct type *t;

	if (used)
		check_any(c, chosen);
	else
		check_action(c, chosen);
	t = chosen->type;
	if (c->stage == STAGE_REPORT) {
		*e = *chosen;
		e->span = span;
		return t;
	}
	e->is_const = chosen->is_const;
	e->value = chosen->value;
	e->text = chosen->text;
	e->len = chosen->len;
	return t;
}

/* As a statement: each branch is one, too. */
static const struct type *check_cond_action(struct check *c, struct expr *e)
{
	struct expr *yes = e->args.data[0], *no = e->right;

	check_action(c, yes);
	check_action(c, no);
	if (!type_is_open(yes->type) && !type_is_open(no->type) &&
	    (yes->type->kind == TYPE_VOID) != (no->type->kind == TYPE_VOID))
		return check_error(c, e->span, ERR_OPERAND, "one branch of ?: is an action, the other a value");
	return &type_void;
}

static const struct type *check_cond(struct check *c, struct expr *e, bool used)
{
	struct expr *yes = e->args.data[0], *no = e->right;
	const struct type *t;

	check_condition(c, e->left);
	if (e->left->is_const && type_is_scalar(e->left->type))
		return check_chosen(c, e, used);
	e->is_const = false;
	if (!used)
		return check_cond_action(c, e);
	check_any(c, yes);
	check_any(c, no);
	if (yes->type->kind == TYPE_VOID && no->type->kind == TYPE_VOID)
		return &type_void;
	settle(c, yes, decay(c, yes, yes->type));
	settle(c, no, decay(c, no, no->type));
	if ((t = join_branches(c, yes, no)))
		return t;
	return check_error(c, e->span, ERR_OPERAND, "the branches of ?: are %s and %s", check_type_words(c, yes->type),
			   check_type_words(c, no->type));
}

/* ---- casts, sizeof, offsetof */

static const struct type *cast_pointer(struct check *c, const struct type *to, const struct type *from)
{
	return from->user && !to->user ? type_pointer(c->arena, to->target, true) : to;
}

static const struct type *cast_error(struct check *c, struct expr *e, const struct type *to, const struct type *from)
{
	check_error(c, e->span, ERR_CAST, "%s cannot be converted to %s", check_type_words(c, from),
		    type_text(c->arena, to));
	if (from->kind == TYPE_STRING && type_is_int(to) && e->left->kind == EXPR_STRING)
		check_hint(c, "a number in quotes is a string");
	if ((to->kind == TYPE_STRUCT || to->kind == TYPE_UNION) && type_is_scalar(from))
		check_hint(c, "*(%s *) follows it as a pointer", type_text(c->arena, to));
	return &type_error;
}

static const struct type *check_cast(struct check *c, struct expr *e)
{
	const struct type *to = decl_type(c, e->type_name), *from = check_value(c, e->left);

	e->user = e->left->user;
	infer_want(c, from, to, e->left->span);
	if (type_is_wrong(to) || type_is_wrong(from))
		return &type_error;
	if (type_is_unknown(from))
		return to;
	if (to->kind == TYPE_VOID)
		return &type_void;
	if (to->kind == TYPE_STRING && (from->kind == TYPE_STRING || from->kind == TYPE_POINTER))
		return from->kind == TYPE_STRING ? from : to;
	if (to->kind == TYPE_POINTER && type_is_scalar(from))
		return cast_pointer(c, to, from);
	if (type_is_int(to) && type_is_scalar(from))
		return from->user && to->size == 8 ? infer_int(c, 8, to->is_signed, to->show, true) : to;
	/* the bytes of a number, and back */
	if ((to->kind == TYPE_ARRAY && type_is_int(from)) || (type_is_int(to) && from->kind == TYPE_ARRAY)) {
		if (to->size == from->size || (to->size < 8 && e->left->is_const))
			return to;
		return check_error(c, e->span, ERR_CAST, "%s has %u bytes, %s has %u", type_text(c->arena, from), from->size,
				   type_text(c->arena, to), to->size);
	}
	if (type_equal(to, from))
		return to;
	return cast_error(c, e, to, from);
}

static const struct type *check_sizeof(struct check *c, struct expr *e)
{
	const struct type *t = e->type_name ? decl_type(c, e->type_name) : check_any(c, e->left);

	if (type_is_open(t))
		return type_is_wrong(t) ? t : &type_u64;
	t = decl_complete(c, infer_sized(c, t));
	if (!t->size && t->kind != TYPE_ARRAY)
		return check_error(c, e->span, ERR_INCOMPLETE, "the size of %s is not known", type_text(c->arena, t));
	fold_to_int(e, t->size);
	return &type_u64;
}

static const struct type *no_member(struct check *c, struct expr *e, const struct type *t, const char *name)
{
	struct suggest s = { .name = name };
	const char *list;

	check_error(c, e->name_span, ERR_MEMBER_UNDEF, "no member '%s' in %s", name, type_text(c->arena, t));
	decl_suggest_members(c, t, &s, &list);
	if (suggest_best(&s))
		check_hint_near(c, &s);
	else if (list)
		check_hint(c, "it has: %s", list);
	return &type_error;
}

static bool is_struct(const struct type *t)
{
	return t->kind == TYPE_STRUCT || t->kind == TYPE_UNION;
}

/* t with its members, or a report. */
static const struct type *members_of(struct check *c, struct span span, const struct type *t)
{
	const struct type *whole = decl_complete(c, t);

	if (whole->members)
		return whole;
	return check_error(c, span, ERR_INCOMPLETE, "the members of %s are not known", type_text(c->arena, t));
}

static const struct type *check_offsetof(struct check *c, struct expr *e)
{
	const struct type *t = decl_type(c, e->type_name);
	uint64_t offset = 0;
	char *path = arena_strdup(c->arena, e->name), *save, *name;

	for (name = strtok_r(path, ".", &save); name; name = strtok_r(NULL, ".", &save)) {
		const struct type_member *m;

		if (type_is_wrong(t))
			return t;
		if (!is_struct(t))
			return check_error(c, e->span, ERR_MEMBER_UNDEF, "%s has no members", type_text(c->arena, t));
		t = members_of(c, e->span, t);
		if (type_is_wrong(t))
			return t;
		if (!(m = decl_member(c, t, name)))
			return no_member(c, e, t, name);
		offset += m->offset;
		t = m->type;
	}
	fold_to_int(e, offset);
	return &type_u64;
}

/* ---- members, elements, addresses */

static const struct type *check_arg(struct check *c, struct expr *e)
{
	struct suggest s = { .name = e->name };
	const char *known = NULL;
	const struct type *t;
	bool is_number = *e->name >= '0' && *e->name <= '9';

	if (e->type && !type_is_open(e->type))
		return e->type;
	if (!c->clause)
		return check_error(c, e->span, ERR_CONST, "only constants can stand here");
	t = c->scope->arg ? c->scope->arg(c->scope->data, c->clause, e->name, &known, &s) : NULL;
	if (t) {
		e->user = t->user;
		return t;
	}
	if (is_number)
		check_error(c, e->span, ERR_ARG_UNDEF, "no args[%s] in %s", e->name, check_probes(c));
	else
		check_error(c, e->name_span, ERR_ARG_UNDEF, "no field '%s' in the arguments of %s", e->name, check_probes(c));
	if (known && *known)
		check_hint(c, "it has: %s", known);
	else if (suggest_best(&s))
		check_hint_near(c, &s);
	return &type_error;
}

static const struct type *tuple_field(struct check *c, struct expr *e, const struct type *t)
{
	unsigned n = 0;

	for (const char *p = e->name; *p >= '0' && *p <= '9' && n <= TUPLE_MAX; p++)
		n = 10 * n + (unsigned)(*p - '0');
	if (*e->name < '0' || *e->name > '9' || n >= t->nparts)
		return check_error(c, e->name_span, ERR_MEMBER_UNDEF, "no field '%s' in the tuple %s: they are .0 to .%u",
				   e->name, type_text(c->arena, t), t->nparts - 1);
	return t->parts[n];
}

static const struct type *struct_member(struct check *c, struct expr *e, const struct type *t)
{
	t = members_of(c, e->left->span, t);
	if (type_is_wrong(t))
		return t;
	e->member = decl_member(c, t, e->name);
	if (!e->member)
		return no_member(c, e, t, e->name);
	t = e->member->type;
	return e->user && t->kind == TYPE_POINTER && !t->user ? type_pointer(c->arena, t->target, true) : t;
}

/* e as what stands before . or -> */
static const char *operand_text(struct check *c, const struct expr *e)
{
	bool binds_less = e->kind == EXPR_UNARY || e->kind == EXPR_CAST || e->kind == EXPR_BINARY || e->kind == EXPR_COND;

	return binds_less ? arena_printf(c->arena, "(%s)", check_text(c, e)) : check_text(c, e);
}

static const struct type *check_member(struct check *c, struct expr *e)
{
	const struct type *t;

	if (e->is_arg)
		return check_arg(c, e);
	t = check_any(c, e->left);
	e->user = e->left->user;
	if (type_is_open(t))
		return t;
	if (t->kind == TYPE_TUPLE)
		return tuple_field(c, e, t);
	if (is_struct(t))
		return struct_member(c, e, t);
	if (t->kind != TYPE_POINTER || !is_struct(t->target))
		return check_error(c, e->left->span, ERR_POINTER, "%s has no members", check_type_words(c, t));
	check_error(c, e->left->span, ERR_POINTER, "a pointer has no members, what it leads to has");
	check_hint(c, "%s->%s", operand_text(c, e->left), e->name);
	return &type_error;
}

static const struct type *check_arrow(struct check *c, struct expr *e)
{
	const struct type *t = check_value(c, e->left);

	if (type_is_open(t))
		return t;
	if (t->kind == TYPE_POINTER && is_struct(t->target)) {
		e->user = t->user;
		return struct_member(c, e, t->target);
	}
	check_error(c, e->left->span, ERR_POINTER, "-> needs a pointer to a struct, not %s", check_type_words(c, t));
	if (is_struct(t))
		check_hint(c, "a struct's members follow '.': %s.%s", operand_text(c, e->left), e->name);
	else if (type_is_int(t))
		check_hint(c, "a number can be cast: ((struct x *)%s)->%s", check_text(c, e->left), e->name);
	return &type_error;
}

static const struct type *element(struct check *c, struct expr *e, const struct type *t)
{
	if (t->kind == TYPE_POINTER) {
		e->user = t->user;
		t = pointed(c, e, t);
		return t->kind == TYPE_VOID ?
		       check_error(c, e->span, ERR_POINTER, "what a void * leads to has no type; cast it first") : t;
	}
	e->user = e->left->user;
	if (e->args.data[0]->is_const && t->count && e->args.data[0]->value >= t->count)
		return check_error(c, e->args.data[0]->span, ERR_RANGE, "index %lld is outside the array of %u elements",
				   (long long)e->args.data[0]->value, t->count);
	return t->target;
}

static const struct type *check_index(struct check *c, struct expr *e)
{
	const struct type *t, *index;

	if (e->symbol)
		return check_var_value(c, e);
	t = check_any(c, e->left);
	index = check_number(c, e->args.data[0], "an index");
	if (type_is_open(t) || type_is_wrong(index))
		return type_is_open(t) ? t : index;
	if (t->kind != TYPE_POINTER && t->kind != TYPE_ARRAY) {
		struct var *v = check_var_of(e->left);

		if (v && e->left->kind == EXPR_INDEX)
			return check_two_lists(c, e);
		if (v && (v->sym.kind == SYM_MAP || v->sym.kind == SYM_GLOBAL || v->sym.kind == SYM_SELF))
			return check_error(c, e->span, ERR_KEYS, "%s has a key here, but none %s", v->sym.name,
					   check_where(c, v->value->first, e->span));
		return check_error(c, e->left->span, ERR_POINTER, "only maps, arrays and pointers have elements, not %s",
				   check_type_words(c, t));
	}
	if (e->args.len != 1)
		return check_error(c, e->span, ERR_ARG_COUNT, "an array takes one index");
	return element(c, e, t);
}

static const struct type *check_deref(struct check *c, struct expr *e)
{
	const struct type *t = check_value(c, e->left);

	if (type_is_open(t))
		return t;
	if (t->kind == TYPE_POINTER) {
		e->user = t->user;
		t = pointed(c, e, t);
		if (t->kind != TYPE_VOID)
			return t;
		return check_error(c, e->span, ERR_POINTER, "what a void * leads to has no type; cast it first");
	}
	check_error(c, e->left->span, ERR_POINTER, "* needs a pointer, not %s", check_type_words(c, t));
	if (type_is_int(t))
		check_hint(c, "a number can be cast: *(u64 *)%s", check_text(c, e->left));
	return &type_error;
}

static const struct type *check_address(struct check *c, struct expr *e)
{
	const struct expr *x = e->left;
	const struct type *t = check_any(c, e->left);
	bool in_memory = (x->kind == EXPR_ARROW || x->kind == EXPR_INDEX || x->kind == EXPR_MEMBER ||
			  (x->kind == EXPR_UNARY && x->op == OP_DEREF)) && !x->symbol && !x->is_arg;

	if (type_is_open(t))
		return t;
	if (!in_memory || (x->member && x->member->bit_size))
		return check_error(c, e->span, ERR_LVALUE, "%s has no address", check_text(c, x));
	return type_pointer(c->arena, t, x->user);
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
		return type_is_wrong(e->left->type) ? &type_error : &type_s64;
	default:
		t = operand(c, e, e->left);
		/* the least number is written as minus one that is too large for s64 */
		if (e->op == OP_NEG && e->left->kind == EXPR_INT && e->left->value == (uint64_t)INT64_MIN)
			return &type_s64;
		return type_is_wrong(t) ? t : arith(c, t, t);
	}
}

/* ---- names */

static const struct type *check_builtin_var(struct check *c, struct expr *e)
{
	const struct builtin *b = builtin_get(e->symbol->builtin);
	const struct type *t;
	const char *why = NULL;

	if (b->flags & BF_LATER)
		return check_error(c, e->span, ERR_LATER, "%s is not supported yet", e->name);
	if (b->id == BUILTIN_args) {
		check_error(c, e->span, ERR_VALUE, "%s stands for all arguments of the probe", e->name);
		check_hint(c, "name one of them: %s.NAME", e->name);
		return &type_error;
	}
	if (!(b->flags & BF_PROBE))
		return check_proto(c, b->id)->result;
	if (e->type && !type_is_open(e->type))
		return e->type;
	if (!c->clause)
		return check_error(c, e->span, ERR_CONST, "only constants can stand here");
	t = c->scope->builtin ? c->scope->builtin(c->scope->data, c->clause, b->name, &why) : NULL;
	if (t) {
		e->user = t->user;
		return t;
	}
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

static const struct type *expr_type(struct check *c, struct expr *e)
{
	switch (e->kind) {
	case EXPR_INT:
		e->is_const = true;
		return e->is_unsigned ? &type_u64 : &type_s64;
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
		check_condition(c, e->left);
		check_condition(c, e->right);
		return &type_s64;
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
		return check_error(c, e->span, ERR_LATER, "translators are not supported yet");
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
		check_any(c, e);
	}
}
