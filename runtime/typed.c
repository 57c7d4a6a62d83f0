// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values as C would write them with their types:
 *
 *	(struct point) {
 *	 .x = (int)3,
 *	 .name = (char [8])"here",
 *	}
 */
#include "runtime/values.h"

static void add_typed(struct text *t, const struct image *image, const struct value *v, unsigned depth);

static void add_int_type(struct text *t, const struct type *type)
{
	static const char *const names[] = { [1] = "char", [2] = "short", [4] = "int", [8] = "long" };

	if (type->show == SHOW_BOOL)
		text_puts(t, "bool");
	else if (type->size <= 8 && names[type->size])
		text_printf(t, "%s%s", type->is_signed || type->show == SHOW_CHAR ? "" : "unsigned ", names[type->size]);
}

static void add_tagged(struct text *t, const char *keyword, const struct type *type)
{
	text_printf(t, "%s%s%s", keyword, type->name ? " " : "", type->name ? type->name : "");
}

static void add_type(struct text *t, const struct type *type)
{
	switch (type->kind) {
	case TYPE_INT:
		add_int_type(t, type);
		break;
	case TYPE_POINTER:
		add_type(t, type->target);
		text_puts(t, type->target->kind == TYPE_POINTER ? "*" : " *");
		break;
	case TYPE_STRUCT:
		add_tagged(t, "struct", type);
		break;
	case TYPE_UNION:
		add_tagged(t, "union", type);
		break;
	case TYPE_ENUM:
		add_tagged(t, "enum", type);
		break;
	case TYPE_ARRAY: {
		const struct type *element = type;

		if (type_is_floating(type)) {
			text_puts(t, type->name);
			break;
		}
		while (element->kind == TYPE_ARRAY && !type_is_floating(element))
			element = element->target;
		add_type(t, element);
		text_putc(t, ' ');
		for (; type != element; type = type->target)
			text_printf(t, "[%u]", type->count);
		break;
	}
	case TYPE_STRING:
		text_puts(t, "string");
		break;
	default:
		text_puts(t, "void");
	}
}

static bool is_zero(const struct value *v)
{
	for (unsigned i = 0; i < v->size; i++)
		if (((const char *)v->bytes)[i])
			return false;
	return true;
}

static void add_members(struct text *t, const struct image *image, const struct value *v, unsigned depth)
{
	struct value p;

	text_puts(t, " {\n");
	for (unsigned n = 0; value_part(v, n, &p); n++) {
		const struct type_member *m = &v->type->members[n];
		int64_t number;

		value_unfold(&p, m, &number);
		if (is_zero(&p))
			continue;
		text_printf(t, "%*s", (int)depth + 1, "");
		if (m->name)
			text_printf(t, ".%s = ", m->name);
		add_typed(t, image, &p, depth + 1);
		text_puts(t, ",\n");
	}
	text_printf(t, "%*s}", (int)depth, "");
}

/* What stands behind the last element that is not 0 is left out. */
static void add_elements(struct text *t, const struct image *image, const struct value *v, unsigned depth)
{
	unsigned end = 0;
	struct value p;

	for (unsigned n = 0; value_part(v, n, &p); n++)
		end = is_zero(&p) ? end : n + 1;
	text_puts(t, " [\n");
	for (unsigned n = 0; n < end && value_part(v, n, &p); n++) {
		text_printf(t, "%*s", (int)depth + 1, "");
		add_typed(t, image, &p, depth + 1);
		text_puts(t, ",\n");
	}
	text_printf(t, "%*s]", (int)depth, "");
}

static void add_typed(struct text *t, const struct image *image, const struct value *v, unsigned depth)
{
	text_putc(t, '(');
	add_type(t, v->type);
	text_putc(t, ')');
	if (v->type->kind == TYPE_STRUCT || v->type->kind == TYPE_UNION) {
		add_members(t, image, v, depth);
	} else if (v->type->kind == TYPE_ARRAY && !value_is_text(v->type) && !type_is_floating(v->type)) {
		add_elements(t, image, v, depth);
	} else if (v->type->kind == TYPE_STRING || value_is_text(v->type)) {
		text_putc(t, '"');
		text_escaped(t, v->bytes, value_strlen(v));
		text_putc(t, '"');
	} else {
		const bool quoted = v->type->kind == TYPE_INT && v->type->show == SHOW_CHAR;

		text_puts(t, quoted ? "'" : "");
		value_text(t, image, v);
		text_puts(t, quoted ? "'" : "");
	}
}

static bool has_c_type(const struct type *t)
{
	switch (t->kind) {
	case TYPE_INT:
		return t->show == SHOW_NUMBER || t->show == SHOW_BOOL || t->show == SHOW_CHAR || t->show == SHOW_HEX;
	case TYPE_POINTER: case TYPE_STRUCT: case TYPE_UNION: case TYPE_ENUM: case TYPE_ARRAY: case TYPE_STRING:
		return true;
	default:
		return false;
	}
}

void value_typed(struct text *t, const struct image *image, const struct value *v)
{
	if (has_c_type(v->type))
		add_typed(t, image, v, 0);
	else
		value_text(t, image, v);
	text_putc(t, '\n');
}
