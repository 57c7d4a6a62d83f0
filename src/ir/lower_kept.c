// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Strings that are read again. A program must not wait for memory that is not there yet, and at the entry of a system call
 * its path often is not: nobody has touched that page so far. The kernel is about to. So a variable that gets a string right
 * from user memory (self->path = str(args.filename)) also keeps the address where reading failed, and whose memory that
 * was; where the variable is used, at the call's return say, the string is read again.
 *
 *	string	address (0: nothing is to be read)	the task's mm
 *
 * A string that could be read then is no loss any more.
 */
#include "ir/lowering.h"

#include "lang/dialect.h"

enum { KEPT_ADDRESS = 0, KEPT_MM = 8 };

static bool knows_mm(const struct lower *l)
{
	const struct lower_env *env = l->env_info;
	unsigned size;

	return env->kernel_offset && env->kernel_offset(env->data, "task_struct", "mm", &size) >= 0;
}

bool kept_is_read(const struct lower *l, const struct type *type, const struct expr *value)
{
	bool as_long = value->args.len < 2 || value->args.data[1]->is_const;

	return type->kind == TYPE_STRING && reads_string(value) && reads_user(value) && as_long &&
	       value->type->size == type->size && !dialect_has(l->script->dialect, DIALECT_READ_FAULTS) && knows_mm(l);
}

static struct ir_value *current_mm(struct lower *l, struct span span)
{
	return kernel_member(l, ir_call(&l->b, IR_H_get_current_task), "task_struct", "mm", span);
}

struct value kept_read(struct lower *l, const struct var_plan *plan, const struct expr *value)
{
	unsigned size = plan->def.cell_size - KEPT_SIZE;
	struct join *failed = join_create(l), *end = join_create(l);
	struct value v = string_slot(l, plan->def.cell_size, "kept");
	struct ir_value *address = lower_number(l, value->args.data[0]), *room, *n;

	if (!l->b.block)
		return v;
	ir_zero(&l->b, v.v, plan->def.cell_size);
	room = read_capacity(l, value, value->type->size);
	if (!l->b.block)
		return v;
	n = ir_call(&l->b, IR_H_probe_read_user_str, v.v, room, address);
	failed->block->unlikely = true;
	join_branch(l, ir_binary(&l->b, IR_SLT, n, ir_const(&l->b, 0)), failed, end);
	join_enter(l, failed);
	lower_loss(l, LOSS_READ_FAILED, NULL, plan->kept_span);
	ir_store(&l->b, 8, v.v, size + KEPT_ADDRESS, address);
	ir_store(&l->b, 8, v.v, size + KEPT_MM, current_mm(l, value->span));
	join_jump(l, end);
	join_enter(l, end);
	v.type = plan->def.value;
	v.padded = true;
	return v;
}

void kept_refresh(struct lower *l, const struct var_plan *plan, struct ir_value *p)
{
	unsigned size = plan->def.cell_size - KEPT_SIZE;
	struct join *missing = join_create(l), *ours = join_create(l), *there = join_create(l), *end = join_create(l);
	struct ir_value *address = ir_load(&l->b, 8, p, size + KEPT_ADDRESS), *n;

	missing->block->unlikely = true;
	join_branch(l, ir_binary(&l->b, IR_NE, address, ir_const(&l->b, 0)), missing, end);
	join_enter(l, missing);
	n = ir_binary(&l->b, IR_EQ, current_mm(l, plan->kept_span), ir_load(&l->b, 8, p, size + KEPT_MM));
	join_branch(l, n, ours, end);
	join_enter(l, ours);
	n = ir_call(&l->b, IR_H_probe_read_user_str, p, ir_const(&l->b, plan->def.value->size), address);
	join_branch(l, ir_binary(&l->b, IR_SLE, ir_const(&l->b, 0), n), there, end);
	join_enter(l, there);
	ir_store(&l->b, 8, p, size + KEPT_ADDRESS, ir_const(&l->b, 0));
	lower_no_loss(l, LOSS_READ_FAILED, NULL, plan->kept_span);
	join_jump(l, end);
	join_enter(l, end);
}
