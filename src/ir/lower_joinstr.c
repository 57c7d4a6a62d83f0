// SPDX-License-Identifier: GPL-2.0-or-later
/* joinstr(argv[, between]): the strings of an array of addresses that ends with 0, as a program's arguments lie there. */
#include "ir/outline.h"

#include <string.h>

enum { MAX_STRINGS = 64, MAX_BETWEEN = 8 };

/* In memory: the text so far and its length, where the array is, one of its elements, and whether a read failed. */
struct joiner {
	struct memory m;
	unsigned bound, out, len, array, element, failed;
};

static struct ir_value *is_negative(struct lower *l, struct ir_value *v)
{
	return ir_binary(&l->b, IR_LSHR, v, ir_const(&l->b, 63));
}

static void note_failure(struct lower *l, const struct joiner *j, struct ir_value *result)
{
	memory_set_word(l, &j->m, j->failed,
			ir_binary(&l->b, IR_OR, memory_word(l, &j->m, j->failed), is_negative(l, result)));
}

/* Appends the string at an address, and what stands between. */
static void append(struct lower *l, const struct joiner *j, struct ir_value *address, const char *between)
{
	struct ir_builder *b = &l->b;
	struct ir_value *len = memory_word(l, &j->m, j->len), *n;
	unsigned width = (unsigned)strlen(between);

	n = ir_call(b, IR_H_probe_read_user_str, memory_element(l, &j->m, j->out, 1, len, j->bound), ir_const(b, j->bound), address);
	note_failure(l, j, n);
	/* without its 0; one that could not be read is none. Before 6.8 the kernel says 0 of "", not 1 */
	n = ir_binary(b, IR_SUB, n, ir_const(b, 1));
	n = word_choose(l, is_negative(l, n), ir_const(b, 0), n);
	len = ir_binary(b, IR_ADD, len, n);
	for (unsigned i = 0; i <= width; i++)
		ir_store(b, 1, memory_element(l, &j->m, j->out, 1, len, 2 * j->bound), i, ir_const(b, (unsigned char)between[i]));
	memory_set_word(l, &j->m, j->len, ir_binary(b, IR_ADD, len, ir_const(b, width)));
}

static void join_round(struct lower *l, const struct joiner *j, struct rounds *r, struct ir_value *round, const char *between)
{
	struct ir_builder *b = &l->b;
	struct ir_value *at = ir_binary(b, IR_ADD, memory_word(l, &j->m, j->array), ir_binary(b, IR_MUL, round, ir_const(b, 8)));

	note_failure(l, j, ir_call(b, IR_H_probe_read_user, ir_padd(b, j->m.base, NULL, j->element), ir_const(b, 8), at));
	rounds_stop_if(l, r, ir_binary(b, IR_EQ, memory_word(l, &j->m, j->element), ir_const(b, 0)));
	append(l, j, memory_word(l, &j->m, j->element), between);
	rounds_stop_if(l, r, ir_binary(b, IR_ULE, ir_const(b, j->bound), memory_word(l, &j->m, j->len)));
}

struct value lower_joinstr(struct lower *l, const struct expr *e)
{
	const char *between = e->args.len > 1 ? e->args.data[1]->text : " ";
	unsigned width = (unsigned)strlen(between);
	struct ir_builder *b = &l->b;
	struct ir_value *array = lower_number(l, e->args.data[0]), *len, *some;
	struct joiner j = { .bound = memory_bound(e->type->size) };
	struct join *lost, *end;
	struct rounds r;

	if (!b->block)
		return (struct value){ .kind = VALUE_MEMORY, .type = e->type, .v = ir_const(b, 0) };
	j.m = memory_create(l, "join");
	j.out = memory_add(&j.m, 2 * j.bound + 2 * MAX_BETWEEN);
	j.array = memory_add_word(l, &j.m, array);
	j.len = memory_add_word(l, &j.m, ir_const(b, 0));
	j.failed = memory_add_word(l, &j.m, ir_const(b, 0));
	j.element = memory_add_word(l, &j.m, ir_const(b, 0));
	ir_store(b, 1, j.m.base, j.out, ir_const(b, 0));
	join_round(l, &j, &r, rounds_begin(l, &r, &j.m, MAX_STRINGS), between);
	rounds_end(l, &r);
	lost = join_create(l);
	end = join_create(l);
	lost->block->unlikely = true;
	join_branch(l, memory_word(l, &j.m, j.failed), lost, end);
	join_enter(l, lost);
	lower_loss(l, LOSS_READ_FAILED, NULL, e->span);
	join_jump(l, end);
	join_enter(l, end);
	/* what stands behind the last one does not count */
	len = memory_word(l, &j.m, j.len);
	some = word_is_set(l, len);
	len = ir_binary(b, IR_SUB, len, ir_binary(b, IR_MUL, some, ir_const(b, width)));
	ir_store(b, 1, memory_element(l, &j.m, j.out, 1, len, 2 * j.bound), 0, ir_const(b, 0));
	return lower_part(l, e, lower_address(l, ir_padd(b, j.m.base, NULL, j.out)), NULL);
}
