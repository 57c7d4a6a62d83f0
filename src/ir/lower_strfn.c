// SPDX-License-Identifier: GPL-2.0-or-later
/* The string functions of builtins.def. */
#include "ir/lowering.h"

static struct value string_value(const struct expr *e, struct ir_value *v)
{
	return (struct value){ .kind = VALUE_MEMORY, .type = e->type, .v = v };
}

/* The length: copying is the kernel's fastest way to find it. */
static struct ir_value *lower_strlen(struct lower *l, const struct expr *s)
{
	struct value copy = string_slot(l, s->type->size, NULL);
	struct ir_value *n = lower_string_into(l, s, copy.v, s->type->size);

	return ir_binary(&l->b, IR_SUB, n, ir_const(&l->b, 1));
}

/* One behind the other in memory for both; then cut at the result's capacity. */
static struct value lower_strjoin(struct lower *l, const struct expr *e)
{
	const struct expr *x = e->args.data[0], *y = e->args.data[1];
	struct value joined = string_slot(l, x->type->size + y->type->size, "strjoin");
	struct ir_value *n = lower_string_into(l, x, joined.v, x->type->size);

	if (!l->b.block)
		return string_value(e, joined.v);
	lower_string_into(l, y, ir_padd(&l->b, joined.v, n, -1), y->type->size);
	if (l->b.block && e->type->size < x->type->size + y->type->size)
		ir_store(&l->b, 1, joined.v, e->type->size - 1, ir_const(&l->b, 0));
	return string_value(e, joined.v);
}

struct value lower_string_function(struct lower *l, const struct expr *e, bool padded)
{
	(void)padded;
	switch (e->symbol ? e->symbol->builtin : BUILTIN_COUNT) {
	case BUILTIN_strlen:
		return value_number(e->type, lower_strlen(l, e->args.data[0]));
	case BUILTIN_strjoin:
		return lower_strjoin(l, e);
	default:
		return (struct value){ .kind = VALUE_NONE };
	}
}
