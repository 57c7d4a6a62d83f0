// SPDX-License-Identifier: GPL-2.0-or-later
/* Comparisons and ?:, where two values must be of one kind. */
#include "lang/checking.h"

#include <arpa/inet.h>

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

bool check_zero_is_empty(struct check *c, const struct type *beside, struct expr *e)
{
	if (beside->kind != TYPE_STRING || !is_zero(e))
		return false;
	e->kind = EXPR_STRING;
	e->name = NULL;
	e->symbol = NULL;
	fold_to_string(c, e, "", 0);
	return true;
}

static const struct type *incomparable(struct check *c, struct expr *e, const struct type *l, const struct type *r)
{
	const struct expr *number = l->kind == TYPE_STRING ? e->right : e->left;

	check_error(c, e->span, ERR_COMPARE, "%s cannot be compared with %s", check_type_words(c, l),
		    check_type_words(c, r));
	check_hint_floating(c, type_is_floating(l) ? l : r);
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

bool check_is_address(const struct type *t)
{
	return (t->kind == TYPE_BUF && t->show == SHOW_INET) || (t->kind == TYPE_INT && t->show == SHOW_INET4);
}

/* By is_address(a, b), of which one at least is bytes. */
static const struct type *compare_addresses(struct check *c, struct expr *e, struct expr *a, struct expr *b)
{
	struct expr *call = arena_new(c->arena, struct expr);

	if (c->stage != STAGE_REPORT)
		return check_truth_type(c);
	*call = (struct expr){ .kind = EXPR_CALL, .span = e->span, .name_span = e->span, .name = "is_address" };
	call->symbol = resolve_builtin(c, BUILTIN_is_address);
	*arena_vec_add(c->arena, &call->args) = a;
	*arena_vec_add(c->arena, &call->args) = b;
	*e = e->op == OP_EQ ? *call : (struct expr){ .kind = EXPR_UNARY, .op = OP_NOT, .span = e->span, .name_span = e->span, .left = call };
	return check_any(c, e);
}

/* An address of the network with a literal that is one: is_address(a, "…"), or the number. In D any other text differs from it. */
static const struct type *compare_address(struct check *c, struct expr *e, struct expr *address, struct expr *text)
{
	unsigned char bytes[16];
	uint32_t number;

	if (text->kind != EXPR_STRING && !text->is_const)
		return check_error(c, text->span, ERR_COMPARE, "%s can only be compared with a literal string", check_text(c, address));
	if (e->op != OP_EQ && e->op != OP_NE)
		return check_error(c, e->name_span, ERR_COMPARE, "addresses can only be compared by == and !=");
	if (inet_pton(AF_INET, text->text, bytes) != 1 && inet_pton(AF_INET6, text->text, bytes) != 1) {
		if (c->dialect != DIALECT_D)
			return check_error(c, text->span, ERR_COMPARE, "'%s' is no address", text->text);
		fold_to_int(e, e->op == OP_NE);
		return check_truth_type(c);
	}
	if (c->stage != STAGE_REPORT)
		return check_truth_type(c);
	if (address->type->kind == TYPE_INT) {
		memcpy(&number, bytes, sizeof(number));
		*text = (struct expr){ .kind = EXPR_INT, .span = text->span, .name_span = text->span, .value = number, .is_long = true };
		check_any(c, text);
		return check_truth_type(c);
	}
	return compare_addresses(c, e, address, text);
}

static struct expr *new_node(struct check *c, const struct expr *like, enum expr_kind kind, enum op op, struct expr *left,
			     struct expr *right)
{
	struct expr *e = arena_new(c->arena, struct expr);

	e->kind = kind;
	e->op = op;
	e->span = like->span;
	e->name_span = like->name_span;
	e->left = left;
	e->right = right;
	return e;
}

static struct expr *tuple_part(struct check *c, struct expr *tuple, unsigned n)
{
	struct expr *part;

	if (tuple->kind == EXPR_TUPLE)
		return tuple->args.data[n];
	part = new_node(c, tuple, EXPR_MEMBER, OP_NONE, tuple, NULL);
	part->name = arena_printf(c->arena, "%u", n);
	return part;
}

/* $t == (1, "a") becomes $t.0 == 1 && $t.1 == "a". */
static const struct type *compare_tuples(struct check *c, struct expr *e, const struct type *l, const struct type *r)
{
	struct expr *all = NULL, *same;
	struct span span = e->span;

	if (l->nparts != r->nparts)
		return incomparable(c, e, l, r);
	for (unsigned i = 0; i < l->nparts; i++)
		if (l->parts[i]->kind != r->parts[i]->kind && !(type_is_scalar(l->parts[i]) && type_is_scalar(r->parts[i])) &&
		    !type_is_open(l->parts[i]) && !type_is_open(r->parts[i]))
			return incomparable(c, e, l, r);
	if (e->op != OP_EQ && e->op != OP_NE)
		return check_error(c, e->name_span, ERR_COMPARE, "tuples can only be compared by == and !=");
	if (c->stage != STAGE_REPORT)
		return check_truth_type(c);
	for (unsigned i = 0; i < l->nparts; i++) {
		same = new_node(c, e, EXPR_BINARY, OP_EQ, tuple_part(c, e->left, i), tuple_part(c, e->right, i));
		all = all ? new_node(c, e, EXPR_LOGICAL, OP_LAND, all, same) : same;
	}
	if (e->op == OP_NE)
		all = new_node(c, e, EXPR_UNARY, OP_NOT, all, NULL);
	*e = *all;
	e->span = span;
	return check_any(c, e);
}

/* In D an int that meets an unsigned int is one: -1 < 1u is false, -1 == 0xffffffffu true. */
static void check_promote(struct check *c, struct expr *e, const struct type *l, const struct type *r)
{
	struct expr **negative = l->is_signed ? &e->left : &e->right;
	struct type_name *to;

	if (c->stage != STAGE_REPORT || c->dialect != DIALECT_D || !type_is_int(l) || !type_is_int(r) || l->is_signed == r->is_signed ||
	    check_arith_user(c, l, r)->is_signed)
		return;
	to = arena_new(c->arena, struct type_name);
	*to = check_arith_user(c, l, r)->size == 8 ? (struct type_name){ .name = "uint64_t", .type = &type_u64 }
						    : (struct type_name){ .name = "uint32_t", .type = &type_u32 };
	*negative = new_node(c, *negative, EXPR_CAST, OP_NONE, *negative, NULL);
	(*negative)->type_name = to;
	check_any(c, *negative);
}

const struct type *check_compare(struct check *c, struct expr *e)
{
	const struct type *l, *r;

	check_value(c, e->left);
	check_value(c, e->right);
	l = check_place_number(e->left);
	r = check_place_number(e->right);
	infer_want(c, l, r, e->left->span);
	infer_want(c, r, l, e->right->span);
	if (type_is_wrong(l) || type_is_wrong(r))
		return &type_error;
	if (type_is_unknown(l) || type_is_unknown(r))
		return check_truth_type(c);
	if (check_zero_is_empty(c, l, e->right) || check_zero_is_empty(c, r, e->left))
		return check_truth_type(c);
	if (l->kind == TYPE_TUPLE && r->kind == TYPE_TUPLE)
		return compare_tuples(c, e, l, r);
	if (check_is_address(l) && check_is_address(r) && l->kind == r->kind && (e->op == OP_EQ || e->op == OP_NE))
		return l->kind == TYPE_INT ? check_truth_type(c) : compare_addresses(c, e, e->left, e->right);
	if (check_is_address(l) && r->kind == TYPE_STRING)
		return compare_address(c, e, e->left, e->right);
	if (check_is_address(r) && l->kind == TYPE_STRING)
		return compare_address(c, e, e->right, e->left);
	if (is_name_number(l) && r->kind == TYPE_STRING)
		return compare_name(c, e, e->right);
	if (is_name_number(r) && l->kind == TYPE_STRING)
		return compare_name(c, e, e->left);
	if (!(l->kind == TYPE_STRING && r->kind == TYPE_STRING) && !(type_is_scalar(l) && type_is_scalar(r)))
		return incomparable(c, e, l, r);
	check_promote(c, e, l, r);
	return check_truth_type(c);
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
	if (!check_zero_is_empty(c, x, b))
		check_zero_is_empty(c, y, a);
	x = a->type;
	y = b->type;
	if (x->kind == TYPE_STRING && y->kind == TYPE_STRING)
		return !x->size || (y->size && x->size >= y->size) ? x : y;
	if (type_equal(x, y))
		return type_is_int(x) && x->show == SHOW_NUMBER && x->kind == TYPE_INT ? check_arith_user(c, x, y) : x;
	if (x->kind == TYPE_POINTER && is_zero(b))
		return x;
	if (y->kind == TYPE_POINTER && is_zero(a))
		return y;
	return type_is_int(x) && type_is_int(y) ? check_arith_user(c, x, y) : NULL;
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

const struct type *check_cond(struct check *c, struct expr *e, bool used)
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
	check_as_value(c, yes);
	check_as_value(c, no);
	if ((t = join_branches(c, yes, no)))
		return t;
	return check_error(c, e->span, ERR_BRANCHES, "the branches of ?: are %s and %s", check_type_words(c, yes->type),
			   check_type_words(c, no->type));
}
