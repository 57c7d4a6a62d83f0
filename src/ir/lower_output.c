// SPDX-License-Identifier: GPL-2.0-or-later
/* Actions: what a clause sends to user space, in one record a firing (record.c). */
#include "ir/lowering.h"

#include "lang/dialect.h"
#include "lang/format.h"

/* What user space divides by: 0 is the fault that a division by 0 is. */
static bool is_divisor(enum item_kind kind, unsigned field)
{
	return (kind == ITEM_NORMALIZE && field == 0) || (kind == ITEM_PRINT_MAP && field == 1);
}

static void record_divisor(struct lower *l, struct record_item *item, const struct expr *e)
{
	struct ir_value *n = lower_number(l, e);

	if (l->b.block)
		lower_divisor(l, n, e->span);
	record_number(l, item, e->type, n);
}

static struct record_item *add_item(struct lower *l, enum item_kind kind, const struct expr *e)
{
	struct record_item *item = record_item(l, kind, e->span);

	if (!e->item)
		return item;
	if (e->item->format)
		item->format = e->item->format->text;
	vec_foreach(sym, &e->item->vars) {
		struct var_plan *plan = (*sym)->layout;

		*arena_vec_add(l->arena, &item->vars) = plan->def.id;
	}
	for (unsigned i = 0; i < e->item->fields.len; i++)
		if (is_divisor(kind, i))
			record_divisor(l, item, e->item->fields.data[i]);
		else
			record_expr(l, item, e->item->fields.data[i]);
	return item;
}

static void lower_item(struct lower *l, enum item_kind kind, const struct expr *e)
{
	struct record_item *item = add_item(l, kind, e);

	record_done(l, item);
}

static void lower_print(struct lower *l, const struct expr *e)
{
	const struct expr *what = e->args.data[0];
	struct record_item *item;

	if (!e->item || !e->item->vars.len || what->kind != EXPR_INDEX) {
		lower_item(l, e->item && e->item->vars.len ? ITEM_PRINT_MAP : ITEM_PRINT, e);
		return;
	}
	item = add_item(l, ITEM_PRINT_ENTRY, e);
	record_key(l, item, what);
	record_done(l, item);
}

/* delete @x, of all its keys: as trunc(@x). */
void lower_forget(struct lower *l, const struct symbol *sym, struct span span)
{
	struct record_item *item = record_item(l, ITEM_TRUNC, span);
	const struct var_plan *plan = sym->layout;

	*arena_vec_add(l->arena, &item->vars) = plan->def.id;
	record_done(l, item);
}

/* Ends the run: no program but END does anything from here on. */
static void lower_exit(struct lower *l, const struct expr *e)
{
	struct map_def *data = l->result->data.map;
	struct ir_value *status = e->args.len ? lower_number(l, e->args.data[0]) : ir_const(&l->b, 0);
	struct record_item *item;

	if (!l->b.block)
		return;
	ir_store(&l->b, 8, ir_data(&l->b, data, DATA_STATUS), 0, status);
	ir_store(&l->b, 8, ir_data(&l->b, data, DATA_EXIT), 0, ir_const(&l->b, 1));
	item = record_item(l, ITEM_EXIT, e->span);
	record_number(l, item, &type_s64, status);
	record_done(l, item);
	if (dialect_has(l->script->dialect, DIALECT_EXIT_ENDS)) {
		record_send(l, false);
		join_jump(l, l->event_end);
	}
}

static void lower_time(struct lower *l, const struct expr *e)
{
	struct record_item *item = add_item(l, ITEM_TIME, e);
	struct ir_value *now = ir_call(&l->b, IR_H_ktime_get_ns);
	struct ir_value *wall = ir_load(&l->b, 8, ir_data(&l->b, l->result->data.map, DATA_WALL), 0);

	record_number(l, item, &type_u64, ir_binary(&l->b, IR_ADD, now, wall));
	record_done(l, item);
}

enum { JOIN_MAX = 16 };

/*
 * join(argv): the strings that an array of pointers leads to, up to a NULL. Those that are not there are fields of no length;
 * a number after them says that there were more.
 */
static void lower_join(struct lower *l, const struct expr *e)
{
	struct record_item *item = add_item(l, ITEM_JOIN, e);
	const struct type *string = type_string_of(l->arena, l->env_info->strsize);
	struct ir_value *array = lower_number(l, e->args.data[0]), *slot = ir_slot(&l->b, 8, 8, "argv"), *error, *p;
	bool user = reads_user(e);
	struct join *failed = join_create(l), *end = join_create(l);

	failed->block->unlikely = true;

	for (unsigned i = 0; i <= JOIN_MAX && l->b.block; i++) {
		struct join *read = join_create(l), *more = join_create(l);

		error = ir_call(&l->b, user ? IR_H_probe_read_user : IR_H_probe_read_kernel, slot, ir_const(&l->b, 8),
				ir_binary(&l->b, IR_ADD, array, ir_const(&l->b, 8 * i)));
		join_branch(l, ir_binary(&l->b, IR_EQ, error, ir_const(&l->b, 0)), read, failed);
		join_enter(l, read);
		p = ir_load(&l->b, 8, slot, 0);
		join_branch(l, ir_binary(&l->b, IR_NE, p, ir_const(&l->b, 0)), more, end);
		join_enter(l, more);
		if (i < JOIN_MAX)
			record_string_at(l, item, string, p, user, e->span);
		else
			record_number(l, item, &type_u64, ir_const(&l->b, 1));
	}
	join_jump(l, end);
	join_enter(l, failed);
	lower_read_failed(l, LOSS_READ_FAILED, array, e->span, end);
	join_enter(l, end);
	l->rec.conditional = true;
	record_done(l, item);
}

static void lower_signal(struct lower *l, const struct expr *e, int64_t number)
{
	struct ir_value *sig = e->args.len ? lower_number(l, e->args.data[0]) : ir_const(&l->b, number);

	ir_call(&l->b, IR_H_send_signal, sig);
}

enum { SIGNAL_STOP = 19 };

bool lower_action(struct lower *l, const struct expr *e)
{
	if (e->kind != EXPR_CALL || !e->symbol || e->symbol->kind != SYM_FUNCTION)
		return false;
	switch (e->symbol->builtin) {
	case BUILTIN_printf:
		lower_item(l, ITEM_PRINTF, e);
		return true;
	case BUILTIN_errorf:
		lower_item(l, ITEM_ERRORF, e);
		return true;
	case BUILTIN_warnf:
		lower_item(l, ITEM_WARNF, e);
		return true;
	case BUILTIN_print:
		lower_print(l, e);
		return true;
	case BUILTIN_printa:
		lower_item(l, ITEM_PRINTA, e);
		return true;
	case BUILTIN_trace:
		lower_item(l, ITEM_TRACE, e);
		return true;
	case BUILTIN_time_:
		lower_time(l, e);
		return true;
	case BUILTIN_join:
		lower_join(l, e);
		return true;
	case BUILTIN_cat:
		lower_item(l, ITEM_CAT, e);
		return true;
	case BUILTIN_freopen:
		lower_item(l, ITEM_FREOPEN, e);
		return true;
	case BUILTIN_ftruncate:
		lower_item(l, ITEM_FTRUNCATE, e);
		return true;
	case BUILTIN_setopt:
		lower_item(l, ITEM_SETOPT, e);
		return true;
	case BUILTIN_speculate:
		lower_item(l, ITEM_SPECULATE, e);
		return true;
	case BUILTIN_commit:
	case BUILTIN_discard:
		lower_item(l, e->symbol->builtin == BUILTIN_commit ? ITEM_COMMIT : ITEM_DISCARD, e);
		lower_end_speculation(l, e);
		return true;
	case BUILTIN_system:
		lower_item(l, ITEM_SYSTEM, e);
		return true;
	case BUILTIN_clear:
		lower_item(l, dialect_has(l->script->dialect, DIALECT_CLEAR_KEEPS) ? ITEM_ZERO : ITEM_CLEAR, e);
		return true;
	case BUILTIN_zero:
		lower_item(l, ITEM_ZERO, e);
		return true;
	case BUILTIN_trunc:
		lower_item(l, ITEM_TRUNC, e);
		return true;
	case BUILTIN_normalize:
		lower_item(l, ITEM_NORMALIZE, e);
		return true;
	case BUILTIN_denormalize:
		lower_item(l, ITEM_DENORMALIZE, e);
		return true;
	case BUILTIN_exit:
		lower_exit(l, e);
		return true;
	case BUILTIN_signal:
	case BUILTIN_raise:
		lower_signal(l, e, 0);
		return true;
	case BUILTIN_stop:
		lower_signal(l, e, SIGNAL_STOP);
		return true;
	default:
		return lower_d_action(l, e);
	}
}

void lower_default_action(struct lower *l)
{
	record_done(l, record_item(l, ITEM_PROBE, l->clause->specs_span));
}
