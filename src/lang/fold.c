// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Constants. Arithmetic is that of 64 bits: it wraps around, and what C leaves undefined is as the machine does it (the
 * least number divided by -1 is itself). Division by 0 and shifts by more than 63 are mistakes.
 *
 * D's unsigned ints wrap at 32 bits, its ints go on at 64 until they are kept or shown, so that 5 * 1000000000 is as many nanoseconds as it
 * says: the same as ir/lower_expr.c does with what is no constant.
 */
#include "lang/checking.h"

#include <arpa/inet.h>
#include <endian.h>

/* value as a value of type t, extended to 64 bits. */
static uint64_t convert(const struct type *t, uint64_t value)
{
	unsigned unused = t->size < 8 ? 64 - 8 * t->size : 0;

	if (t->kind == TYPE_POINTER || !t->size)
		return value;
	if (t->show == SHOW_BOOL)
		return value != 0;
	value <<= unused;
	return t->is_signed ? (uint64_t)((int64_t)value >> unused) : value >> unused;
}

/* An operand, or the result, of arithmetic of type t. */
static uint64_t arith(const struct type *t, uint64_t value)
{
	return t->is_signed ? value : convert(t, value);
}

void fold_to_int(struct expr *e, uint64_t value)
{
	e->is_const = true;
	e->value = value;
}

static void become_literal(struct expr *e)
{
	e->kind = EXPR_STRING;
	e->name = NULL;
	e->symbol = NULL;
	e->type_name = NULL;
	e->left = e->right = NULL;
	e->args.len = 0;
}

void fold_to_string(struct check *c, struct expr *e, const char *text, size_t len)
{
	e->is_const = true;
	e->text = arena_strndup(c->arena, text, len);
	e->len = len;
	e->type = type_string_of(c->arena, (unsigned)len + 1);
	if (c->stage == STAGE_REPORT)
		become_literal(e);
}

static bool is_int_const(const struct expr *e)
{
	return e && e->is_const && type_is_scalar(e->type);
}

static bool is_string_const(const struct expr *e)
{
	return e && e->is_const && e->type->kind == TYPE_STRING;
}

static void fold_unary(struct expr *e)
{
	uint64_t x = e->left->value;

	switch (e->op) {
	case OP_PLUS:
		fold_to_int(e, x);
		break;
	case OP_NEG:
		fold_to_int(e, arith(e->type, 0 - x));
		break;
	case OP_COMPL:
		fold_to_int(e, arith(e->type, ~x));
		break;
	case OP_NOT:
		fold_to_int(e, !x);
		break;
	default:
		break;
	}
}

static uint64_t divide(uint64_t x, uint64_t y, bool is_signed, bool modulo)
{
	if (!is_signed)
		return modulo ? x % y : x / y;
	if (y == UINT64_MAX)
		return modulo ? 0 : 0 - x;
	return (uint64_t)(modulo ? (int64_t)x % (int64_t)y : (int64_t)x / (int64_t)y);
}

static bool compare_numbers(enum op op, uint64_t x, uint64_t y, bool is_signed)
{
	bool less = is_signed ? (int64_t)x < (int64_t)y : x < y;

	switch (op) {
	case OP_EQ:
		return x == y;
	case OP_NE:
		return x != y;
	case OP_LT:
		return less;
	case OP_LE:
		return less || x == y;
	case OP_GT:
		return !less && x != y;
	default:
		return !less;
	}
}

static int compare_text(const struct expr *a, const struct expr *b)
{
	return strcmp(a->text, b->text);
}

static void fold_compare(struct check *c, struct expr *e)
{
	if (is_string_const(e->left) && is_string_const(e->right)) {
		int order = compare_text(e->left, e->right);

		fold_to_int(e, compare_numbers(e->op, (uint64_t)(int64_t)order, 0, true));
	} else if (is_int_const(e->left) && is_int_const(e->right)) {
		const struct type *t = check_arith_user(c, e->left->type, e->right->type);

		fold_to_int(e, compare_numbers(e->op, arith(t, e->left->value), arith(t, e->right->value), t->is_signed));
	}
}

static bool is_compare(enum op op)
{
	return op == OP_EQ || op == OP_NE || op == OP_LT || op == OP_LE || op == OP_GT || op == OP_GE;
}

bool fold_can_apply(struct check *c, const struct expr *e)
{
	if (!is_int_const(e->right))
		return true;
	if ((e->op == OP_DIV || e->op == OP_MOD) && !e->right->value) {
		check_error(c, span_join(e->name_span, e->right->span), ERR_DIV_ZERO, "division by zero");
		return false;
	}
	if ((e->op == OP_SHL || e->op == OP_SHR) && e->right->value > 63) {
		check_error(c, e->right->span, ERR_SHIFT, "a shift must be by 0 to 63 bits, not %lld",
			    (long long)e->right->value);
		return false;
	}
	return true;
}

static void fold_binary(struct check *c, struct expr *e)
{
	uint64_t x, y;

	if (is_compare(e->op)) {
		fold_compare(c, e);
		return;
	}
	if (!fold_can_apply(c, e))
		return;
	if (!is_int_const(e->left) || !is_int_const(e->right) || e->type->kind == TYPE_POINTER)
		return;
	x = arith(e->type, e->left->value);
	y = e->op == OP_SHL || e->op == OP_SHR ? e->right->value : arith(e->type, e->right->value);
	switch (e->op) {
	case OP_OR:
		fold_to_int(e, x | y);
		break;
	case OP_XOR:
		fold_to_int(e, x ^ y);
		break;
	case OP_AND:
		fold_to_int(e, x & y);
		break;
	case OP_SHL:
		fold_to_int(e, x << y);
		break;
	case OP_SHR:
		fold_to_int(e, e->type->is_signed ? (uint64_t)((int64_t)x >> y) : x >> y);
		break;
	case OP_ADD:
		fold_to_int(e, x + y);
		break;
	case OP_SUB:
		fold_to_int(e, x - y);
		break;
	case OP_MUL:
		fold_to_int(e, x * y);
		break;
	case OP_DIV:
	case OP_MOD:
		fold_to_int(e, divide(x, y, e->type->is_signed, e->op == OP_MOD));
		break;
	default:
		return;
	}
	e->value = arith(e->type, e->value);
}

/* A constant left side can decide alone: the right side is then not computed. */
static void fold_logical(struct expr *e)
{
	bool left = is_int_const(e->left), right = is_int_const(e->right);

	if (e->op == OP_LAND && left && !e->left->value)
		fold_to_int(e, 0);
	else if (e->op == OP_LOR && left && e->left->value)
		fold_to_int(e, 1);
	else if (left && right && e->op == OP_LXOR)
		fold_to_int(e, !e->left->value != !e->right->value);
	else if (left && right)
		fold_to_int(e, e->right->value != 0);
}

static void fold_cast(struct check *c, struct expr *e)
{
	if (is_int_const(e->left) && type_is_scalar(e->type))
		fold_to_int(e, convert(e->type, e->left->value));
	else if (is_string_const(e->left) && e->type->kind == TYPE_STRING)
		fold_to_string(c, e, e->left->text, e->left->len);
}

void fold_expr(struct check *c, struct expr *e)
{
	if (e->kind != EXPR_UNARY && e->kind != EXPR_BINARY && e->kind != EXPR_LOGICAL && e->kind != EXPR_CAST)
		return;
	e->is_const = false;
	if (type_is_open(e->type))
		return;
	if (e->kind == EXPR_BINARY)
		fold_binary(c, e);
	else if (e->kind == EXPR_LOGICAL)
		fold_logical(e);
	else if (e->kind == EXPR_CAST)
		fold_cast(c, e);
	else if (is_int_const(e->left))
		fold_unary(e);
}

/* ---- calls */

static void fold_lltostr(struct check *c, struct expr *e)
{
	uint64_t value = e->args.data[0]->value, base = e->args.len > 1 ? e->args.data[1]->value : 10;
	bool negative = base == 10 && e->args.data[0]->type->is_signed && (int64_t)value < 0;
	char text[72], *p = text + sizeof(text);

	if (base < 2 || base > 36)
		return;
	if (negative)
		value = 0 - value;
	do {
		*--p = "0123456789abcdefghijklmnopqrstuvwxyz"[value % base];
		value /= base;
	} while (value);
	if (base == 16) {
		*--p = 'x';
		*--p = '0';
	} else if (base == 8 && *p != '0') {
		*--p = '0';
	}
	if (negative)
		*--p = '-';
	fold_to_string(c, e, p, (size_t)(text + sizeof(text) - p));
}

static void fold_strjoin(struct check *c, struct expr *e)
{
	const struct expr *a = e->args.data[0], *b = e->args.data[1];
	const char *text = arena_printf(c->arena, "%s%s", a->text, b->text);

	if (strlen(text) < c->strsize)
		fold_to_string(c, e, text, strlen(text));
}

/* -1, 0 or 1 */
static void fold_order(struct expr *e, int order)
{
	fold_to_int(e, (uint64_t)(int64_t)((order > 0) - (order < 0)));
}

static bool all_const(const struct expr *e)
{
	vec_foreach(arg, &e->args)
		if (!is_int_const(*arg) && !is_string_const(*arg))
			return false;
	return true;
}

void fold_call(struct check *c, struct expr *e)
{
	struct expr **args = e->args.data;

	if (type_is_open(e->type) || !all_const(e))
		return;
	switch (e->symbol->builtin) {
	case BUILTIN_strlen:
		fold_to_int(e, strlen(args[0]->text));
		break;
	case BUILTIN_strcmp:
		fold_order(e, strcmp(args[0]->text, args[1]->text));
		break;
	case BUILTIN_strncmp:
		fold_order(e, strncmp(args[0]->text, args[1]->text, args[2]->value));
		break;
	case BUILTIN_strcontains:
		fold_to_int(e, strstr(args[0]->text, args[1]->text) != NULL);
		break;
	case BUILTIN_strjoin:
		fold_strjoin(c, e);
		break;
	case BUILTIN_lltostr:
		fold_lltostr(c, e);
		break;
	case BUILTIN_htons:
		fold_to_int(e, htons((uint16_t)args[0]->value));
		break;
	case BUILTIN_htonl:
		fold_to_int(e, htonl((uint32_t)args[0]->value));
		break;
	case BUILTIN_htonll:
		fold_to_int(e, htobe64(args[0]->value));
		break;
	default:
		break;
	}
}
