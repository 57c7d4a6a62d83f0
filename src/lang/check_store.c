// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * D's assignments to memory: members and elements of the script's own variables, and what alloca() and the like gave, through a pointer.
 * Where a pointer leads elsewhere is found out when it is followed.
 */
#include "lang/checking.h"

/* The variable that the place lies in; NULL: it is behind a pointer. */
static struct var *variable_around(struct expr *e)
{
	while (check_is_memory(e) && e->kind != EXPR_ARROW && e->kind != EXPR_UNARY && e->left->type && e->left->type->kind != TYPE_POINTER)
		e = e->left;
	return check_is_memory(e) ? NULL : check_var_of(e);
}

static bool is_behind_pointer(const struct expr *e)
{
	return check_is_memory(e) && (e->kind == EXPR_ARROW || e->kind == EXPR_UNARY ||
				      (e->left->type && e->left->type->kind == TYPE_POINTER) || is_behind_pointer(e->left));
}

/* `name of the kernel's, which resolve.c makes *(T *)kaddr(…) of. */
static bool is_kernel_variable(const struct expr *e)
{
	return e->kind == EXPR_UNARY && e->left->kind == EXPR_CAST && e->left->left->kind == EXPR_CALL && e->left->left->symbol &&
	       e->left->left->symbol->builtin == BUILTIN_kaddr;
}

static const struct type *check_right(struct check *c, struct expr *e, const struct type *to)
{
	const struct type *from = e->op == OP_NONE ? check_value(c, e->right) : check_number(c, e->right, "what is assigned");

	if (c->dialect == DIALECT_D && to->kind == TYPE_ARRAY && type_is_int(from))
		return check_error(c, e->left->span, ERR_ARRFUN, "%s is an array, and cannot be assigned a number", check_text(c, e->left));
	if (type_is_open(from) || type_is_open(to))
		return type_is_wrong(from) || type_is_wrong(to) ? &type_error : to;
	if (e->op != OP_NONE && !type_is_scalar(to))
		return check_error(c, e->span, ERR_OPERAND, "%s holds %s, which is no number", check_text(c, e->left),
				   check_type_words(c, to));
	if (check_zero_is_empty(c, to, e->right) || check_can_hold(to, from, e->right))
		return to;
	return check_error(c, e->right->span, ERR_ASSIGN, "%s holds %s and cannot be assigned %s", check_text(c, e->left),
			   check_type_words(c, to), check_type_words(c, from));
}

const struct type *check_store(struct check *c, struct expr *e)
{
	const struct type *to = check_any(c, e->left);
	struct var *v = variable_around(e->left);

	if (is_kernel_variable(e->left))
		return check_error(c, e->left->span, ERR_WRITE, "variables of the kernel cannot be changed");
	if (!type_is_wrong(to) && (e->left->kind == EXPR_UNARY ? e->left->op != OP_DEREF : !check_is_memory(e->left)))
		return check_error(c, e->left->span, ERR_LVALUE, "%s cannot be changed", check_text(c, e->left));
	if (!type_is_wrong(to) && !v && !is_behind_pointer(e->left))
		return check_error(c, e->left->span, ERR_LVALUE, "%s cannot be changed", check_text(c, e->left));
	if (v && c->stage == STAGE_REPORT)
		v->sym.is_written = v->sym.is_read = true;
	if (e->kind == EXPR_ASSIGN)
		return check_right(c, e, to);
	if (type_is_open(to) || type_is_scalar(to))
		return to;
	return check_error(c, e->left->span, ERR_OPERAND, "%s holds %s, which is no number", check_text(c, e->left), check_type_words(c, to));
}
