// SPDX-License-Identifier: GPL-2.0-or-later
/* Casts and sizeof. */
#include "lang/checking.h"

static const struct type *cast_pointer(struct check *c, const struct type *to, const struct type *from)
{
	const struct type *target = decl_complete(c, to->target);

	if (from->user != to->user || target != to->target)
		return type_pointer(c->arena, target, from->user || to->user);
	return to;
}

static const struct type *cast_error(struct check *c, struct expr *e, const struct type *to, const struct type *from)
{
	check_error(c, e->span, ERR_CAST, "%s cannot be converted to %s", check_type_words(c, from),
		    type_text(c->arena, to));
	if (from->kind == TYPE_STRING && type_is_int(to) && e->left->kind == EXPR_STRING)
		check_hint(c, "a number in quotes is a string");
	return &type_error;
}

/* (struct x)address is *(struct x *)address. */
static const struct type *cast_address(struct check *c, struct expr *e)
{
	struct expr *pointer = arena_memdup(c->arena, e, sizeof(*e));

	pointer->type_name = arena_memdup(c->arena, e->type_name, sizeof(*e->type_name));
	pointer->type_name->pointers++;
	pointer->type_name->type = NULL;
	e->kind = EXPR_UNARY;
	e->op = OP_DEREF;
	e->left = pointer;
	e->type_name = NULL;
	return check_deref(c, e);
}

/* (string)p is what lies at p. */
static const struct type *become_stringof(struct check *c, struct expr *e)
{
	struct expr *p = e->left;

	e->kind = EXPR_CALL;
	e->left = NULL;
	e->name = builtin_get(BUILTIN_stringof)->name;
	e->symbol = resolve_builtin(c, BUILTIN_stringof);
	*arena_vec_add(c->arena, &e->args) = p;
	return check_call(c, e);
}

const struct type *check_cast(struct check *c, struct expr *e)
{
	const struct type *to = decl_type(c, e->type_name), *from;

	check_value(c, e->left);
	from = check_place_number(e->left);
	e->user = e->left->user;
	infer_want(c, from, to, e->left->span);
	if (type_is_wrong(to) || type_is_wrong(from))
		return &type_error;
	/* (u8[])x */
	if (to->kind == TYPE_ARRAY && !to->count && type_is_int(from) && to->target->size)
		to = type_array(c->arena, to->target, from->size / to->target->size);
	if (type_is_unknown(from))
		return to;
	if (to->kind == TYPE_VOID)
		return &type_void;
	/* what D scripts do with the strings of psinfo_t, which once were arrays */
	if (c->dialect == DIALECT_D && from->kind == TYPE_STRING && to->kind == TYPE_POINTER && to->target->size == 1)
		return from;
	if (to->kind == TYPE_STRING && from->kind == TYPE_STRING)
		return from;
	if (to->kind == TYPE_STRING && from->kind == TYPE_POINTER)
		return become_stringof(c, e);
	if (from->translator && to->kind == from->kind && to->kind != TYPE_POINTER && type_same_struct(to, from))
		return from;
	if (from->translator && to->kind == TYPE_POINTER && from->kind == TYPE_POINTER && type_same_struct(to->target, from->target))
		return from;
	if ((to->kind == TYPE_STRUCT || to->kind == TYPE_UNION) && type_is_scalar(from) && c->dialect != DIALECT_D)
		return cast_address(c, e);
	if (to->kind == TYPE_POINTER && type_is_scalar(from))
		return cast_pointer(c, to, from);
	if (type_is_int(to) && type_is_scalar(from))
		return from->user && to->size == 8 ? infer_int(c, 8, to->is_signed, to->show, true) : to;
	if (type_is_int(to) && type_is_floating(from)) {
		check_error(c, e->span, ERR_CAST, "%s cannot be cast to a number", type_text(c->arena, from));
		check_hint_floating(c, from);
		return &type_error;
	}
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

const struct type *check_sizeof(struct check *c, struct expr *e)
{
	const struct type *t = e->type_name ? decl_type(c, e->type_name) : check_any(c, e->left);

	if (c->dialect == DIALECT_D && e->left && (t->kind == TYPE_AGG || (e->left->member && e->left->member->bit_size)))
		return check_error(c, e->span, t->kind == TYPE_AGG ? ERR_SIZEOF_TYPE : ERR_SIZEOF_BITFIELD, "%s has no size in bytes",
				   check_text(c, e->left));
	if (type_is_open(t))
		return type_is_wrong(t) ? t : &type_u64;
	t = decl_complete(c, infer_sized(c, t));
	if (!t->size && t->kind != TYPE_ARRAY) {
		check_error(c, e->span, ERR_SIZEOF_TYPE, "the size of %s is not known", type_text(c->arena, t));
		decl_hint_incomplete(c, t);
		return &type_error;
	}
	fold_to_int(e, t->size);
	return &type_u64;
}

/* The value is the translator's input; its members are computed when they are named. */
const struct type *check_xlate(struct check *c, struct expr *e)
{
	const struct type *to = decl_type(c, e->type_name), *from = check_value(c, e->left);
	struct type *t;

	if (type_is_open(to) || type_is_open(from))
		return type_is_wrong(to) ? to : from;
	e->translator = decl_translator(c, to->kind == TYPE_POINTER ? to->target : to, from);
	if (!e->translator)
		return check_error(c, e->span, ERR_XLATE_NONE, "there is no translator from %s to %s", type_text(c->arena, from),
				   type_text(c->arena, to));
	if (!type_is_scalar(from))
		return check_error(c, e->left->span, ERR_OPERAND, "only numbers and pointers can be translated, not %s",
				   check_type_words(c, from));
	if (e->type && e->type->translator == e->translator)
		return e->type;
	t = arena_memdup(c->arena, to, sizeof(*to));
	t->translator = e->translator;
	return t;
}
