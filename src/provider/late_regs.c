// SPDX-License-Identifier: GPL-2.0-or-later
/* What programs of late events read: their row. */
#include "provider/arch.h"
#include "provider/late.h"
#include "provider/mechanism.h"
#include "provider/ufunc_regs.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct ir_value *cookie(struct ir_builder *b)
{
	return ir_call(b, IR_H_get_attach_cookie, ir_ctx(b));
}

static struct ir_value *row(struct ir_builder *b, const struct event *e)
{
	return ir_element(b, ir_data(b, b->module->data->map, e->late->offset), cookie(b), LATE_ROWS, sizeof(struct late_row));
}

static void dispatch(struct ir_builder *b, struct data_def *data, void *const *events, unsigned n,
		     struct ir_block *const *blocks, struct ir_block *none)
{
	const struct event *e = events[0];

	(void)n;
	if (!e->late->offset)
		e->late->offset = data_alloc(data, LATE_ROWS * sizeof(struct late_row));
	ir_br(b, ir_binary(b, IR_ULT, cookie(b), ir_const(b, LATE_ROWS)), blocks[0], none);
}

static struct ir_value *fires(struct ir_builder *b, void *event, const struct clause *c)
{
	const struct event *e = event;
	unsigned i = 0;
	struct ir_value *set;

	while (e->clauses.data[i] != c)
		i++;
	if (i >= LATE_CLAUSES)
		return ir_const(b, 0);
	set = ir_load(b, 8, row(b, e), offsetof(struct late_row, clauses) + 8 * (i / 64));
	set = ir_binary(b, IR_AND, ir_binary(b, IR_LSHR, set, ir_const(b, i % 64)), ir_const(b, 1));
	return ir_binary(b, IR_NE, set, ir_const(b, 0));
}

static struct ir_value *target(struct ir_builder *b, void *event, const struct clause *c)
{
	(void)c;
	return ir_load(b, 4, row(b, event), offsetof(struct late_row, number));
}

static struct ir_value *shown(struct ir_builder *b, void *event, enum type_show show)
{
	return ir_load(b, 4, row(b, event), show == SHOW_NUMBER ? offsetof(struct late_row, id) :
								  offsetof(struct late_row, shown) + 4 * (show - SHOW_FUNC));
}

static struct ir_value *text(struct ir_builder *b, void *event, enum type_show show, unsigned *size)
{
	*size = LATE_TEXT_SIZE;
	return ir_padd(b, row(b, event), NULL, offsetof(struct late_row, texts) + LATE_TEXT_SIZE * (show - SHOW_FUNC));
}

static unsigned named(struct ir_builder *b, void *event, const struct clause *c, enum type_show show, const char *literal,
		      unsigned **numbers)
{
	const struct event *e = event;
	struct probes *p = e->probes;
	struct late_table *table = e->late;

	(void)c;
	*numbers = arena_array(b->module->arena, unsigned, 1);
	**numbers = prov_number_of(p, show, literal);
	if (**numbers != NO_TARGET)
		return 1;
	vec_foreach(known, &table->texts)
		if (!strcmp(known->text, literal)) {
			**numbers = known->number;
			return 1;
		}
	if (table->texts.len == LATE_TEXTS)
		return 0;
	**numbers = table->first + LATE_ROWS - 1 - table->texts.len;
	*arena_vec_add(p->arena, &table->texts) = (struct late_text){ literal, **numbers };
	return 1;
}

/* --- arguments of static probes --- */

static struct ir_value *byte_of(struct ir_builder *b, struct ir_value *how, unsigned place, unsigned size)
{
	return ir_extend(b, IR_ZEXT, ir_binary(b, IR_LSHR, how, ir_const(b, 8 * place)), size);
}

static struct ir_value *has(struct ir_builder *b, struct ir_value *how, unsigned flag)
{
	struct ir_value *flags = byte_of(b, how, offsetof(struct late_arg, flags), 1);

	return ir_binary(b, IR_NE, ir_binary(b, IR_AND, flags, ir_const(b, flag)), ir_const(b, 0));
}

/* The register at that place of the context; 0 where the argument has none, since nothing is at address 0. */
static struct ir_value *reg(struct ir_builder *b, struct ir_value *how, unsigned place, unsigned flag)
{
	struct ir_value *ctx = ir_binary(b, IR_MUL, mech_ctx_regs(b), has(b, how, flag));

	return mech_read(b, ir_binary(b, IR_ADD, ctx, byte_of(b, how, place, 2)), 0, 8, false);
}

/* What is at v in user memory, or v itself. */
static struct ir_value *follow(struct ir_builder *b, struct ir_value *how, struct ir_value *v)
{
	enum { MAX_SIZE = 8 };
	struct ir_value *slot = ir_slot(b, 2 * MAX_SIZE, 8, "argument"), *in_memory = has(b, how, LATE_IN_MEMORY), *there, *size;

	ir_zero(b, slot, 2 * MAX_SIZE);
	size = ir_binary(b, IR_SUB, ir_const(b, 64), byte_of(b, how, offsetof(struct late_arg, unused), 1));
	size = ir_binary(b, IR_AND, ir_binary(b, IR_LSHR, size, ir_const(b, 3)), ir_const(b, 2 * MAX_SIZE - 1));
	ir_call(b, IR_H_probe_read_user, slot, size, ir_binary(b, IR_MUL, v, in_memory));
	there = ir_load(b, 8, slot, 0);
	return ir_binary(b, IR_ADD, v, ir_binary(b, IR_MUL, ir_binary(b, IR_SUB, there, v), in_memory));
}

/* Its low bytes, extended. */
static struct ir_value *extended(struct ir_builder *b, struct ir_value *how, struct ir_value *v)
{
	struct ir_value *unused = byte_of(b, how, offsetof(struct late_arg, unused), 1), *sign;

	unused = ir_binary(b, IR_AND, unused, ir_const(b, 63));
	v = ir_binary(b, IR_AND, v, ir_binary(b, IR_LSHR, ir_const(b, -1), unused));
	sign = ir_binary(b, IR_LSHR, ir_const(b, INT64_MIN), unused);
	sign = ir_binary(b, IR_MUL, sign, has(b, how, LATE_SIGNED));
	return ir_binary(b, IR_SUB, ir_binary(b, IR_XOR, v, sign), sign);
}

static struct ir_value *argument(struct ir_builder *b, const struct event *e, unsigned n)
{
	unsigned at = offsetof(struct late_row, args) + n * sizeof(struct late_arg);
	struct ir_value *how, *v, *index;

	if (n >= LATE_ARGS)
		return ir_const(b, 0);
	how = ir_load(b, 8, row(b, e), at);
	v = reg(b, how, offsetof(struct late_arg, base), LATE_HAS_BASE);
	v = ir_binary(b, IR_LSHR, v, byte_of(b, how, offsetof(struct late_arg, shift), 1));
	index = reg(b, how, offsetof(struct late_arg, index), LATE_HAS_INDEX);
	v = ir_binary(b, IR_ADD, v, ir_binary(b, IR_MUL, index, byte_of(b, how, offsetof(struct late_arg, scale), 1)));
	v = ir_binary(b, IR_ADD, v, ir_load(b, 8, row(b, e), at + offsetof(struct late_arg, disp)));
	return extended(b, how, follow(b, how, v));
}

static struct ir_value *load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	const struct event *e = event;
	const char *digits = name + strcspn(name, "0123456789");

	if (e->kind == TARGET_USDT && (is_arg || (!strncmp(name, "arg", 3) && *digits)))
		return argument(b, e, (unsigned)atoi(digits));
	return strcmp(name, "bias") ? ufunc_regs_load(b, event, name, is_arg, type) : NULL;
}

const struct lower_ops late_ops = {
	.dispatch = dispatch, .load = load, .regs = mech_ctx_regs, .target = target, .named = named, .fires = fires, .shown = shown,
	.text = text,
};
