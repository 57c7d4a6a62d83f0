// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs that may be started on a CPU where they run already. So that no two of these runs share memory, the scratch map has PARTS
 * for each CPU, and a run has one of them for as long as it takes. If all are taken, the event is lost, and counted.
 *
 *	interrupts	the run that began last ends first: a counter for each CPU
 *	preemption	runs end in any order, but each is of another task: for each part, whose it is
 *
 * All of it is behind a branch on SCRATCH, which is gone where the program keeps nothing in the scratch map. The functions are global:
 * what they give is any number to the verifier, which then need not follow the program once for each part.
 */
#include "ir/outline.h"

enum { PARTS = IR_SCRATCH_PARTS, WORD = 8 };

static bool by_tasks(const struct lower *l)
{
	return l->program->nests == NESTS_TASKS;
}

/* The number of this CPU's first part. */
static struct ir_value *first_part(struct lower *l)
{
	struct ir_builder *b = &l->b;
	struct ir_value *cpu = ir_call(b, IR_H_get_smp_processor_id);

	cpu = ir_binary(b, IR_AND, cpu, ir_const(b, l->result->data.ncpus - 1));
	return ir_binary(b, IR_MUL, cpu, ir_const(b, PARTS));
}

/* The word that belongs to a part. */
static struct ir_value *word_of(struct lower *l, struct ir_value *part)
{
	struct ir_builder *b = &l->b;

	return ir_padd(b, ir_data(b, l->result->data.map, l->nest_words), ir_binary(b, IR_MUL, part, ir_const(b, WORD)), 0);
}

/* Returns the number if the condition holds. */
static void return_if(struct lower *l, struct ir_value *cond, struct ir_value *number)
{
	struct join *yes = join_create(l), *no = join_create(l);

	join_branch(l, cond, yes, no);
	join_enter(l, yes);
	ir_ret(&l->b, number);
	join_enter(l, no);
}

/* --- claim(): 1 if this run has a part now --- */

static void claim_by_task(struct lower *l)
{
	struct ir_builder *b = &l->b;
	struct ir_value *words = word_of(l, first_part(l)), *task = ir_call(b, IR_H_get_current_pid_tgid);

	for (unsigned i = 0; i < PARTS; i++) {
		struct ir_value *had = ir_cmpxchg(b, WORD, words, i * WORD, ir_const(b, 0), task);

		return_if(l, ir_binary(b, IR_EQ, had, ir_const(b, 0)), ir_const(b, 1));
	}
	ir_ret(b, ir_const(b, 0));
}

static void claim_by_count(struct lower *l)
{
	struct ir_builder *b = &l->b;
	struct ir_value *count = word_of(l, first_part(l));

	ir_atomic_add(b, WORD, count, 0, ir_const(b, 1));
	return_if(l, ir_binary(b, IR_ULE, ir_load(b, WORD, count, 0), ir_const(b, PARTS)), ir_const(b, 1));
	ir_atomic_add(b, WORD, count, 0, ir_const(b, -1));
	ir_ret(b, ir_const(b, 0));
}

/* --- part(): the number of the part that this run has --- */

static void part_by_task(struct lower *l)
{
	struct ir_builder *b = &l->b;
	struct ir_value *first = first_part(l), *words = word_of(l, first), *task = ir_call(b, IR_H_get_current_pid_tgid);

	for (unsigned i = 0; i + 1 < PARTS; i++)
		return_if(l, ir_binary(b, IR_EQ, ir_load(b, WORD, words, i * WORD), task),
			  ir_binary(b, IR_ADD, first, ir_const(b, i)));
	ir_ret(b, ir_binary(b, IR_ADD, first, ir_const(b, PARTS - 1)));
}

static void part_by_count(struct lower *l)
{
	struct ir_builder *b = &l->b;
	struct ir_value *first = first_part(l), *count = ir_load(b, WORD, word_of(l, first), 0);

	ir_ret(b, ir_binary(b, IR_ADD, first, ir_binary(b, IR_SUB, count, ir_const(b, 1))));
}

static struct ir_func *function(struct lower *l, const char *name, void (*build)(struct lower *l))
{
	struct outline o;

	outline_begin(l, &o, name, 0);
	build(l);
	return outline_end(l, &o);
}

void lower_enter(struct lower *l)
{
	struct join *claim, *busy, *on;
	struct ir_func *f;

	if (l->program->nests == NESTS_NOT || (by_tasks(l) && !lower_has(l, "preemption")))
		return;
	l->nest_words = data_alloc(&l->result->data, l->result->data.ncpus * PARTS * WORD);
	l->nenv = 0;
	claim = join_create(l);
	busy = join_create(l);
	on = join_create(l);
	busy->block->unlikely = true;
	f = function(l, "claim", by_tasks(l) ? claim_by_task : claim_by_count);
	l->b.program->part = function(l, "part", by_tasks(l) ? part_by_task : part_by_count);
	join_branch(l, ir_scratch(&l->b), claim, on);
	join_enter(l, claim);
	join_branch(l, ir_callf(&l->b, f, NULL, 0), on, busy);
	join_enter(l, busy);
	lower_loss(l, LOSS_NESTED, NULL, l->program->events.data[0].clauses.data[0]->span);
	ir_ret(&l->b, ir_const(&l->b, 0));
	join_enter(l, on);
}

void lower_leave(struct lower *l)
{
	struct ir_builder *b = &l->b;
	struct join *release, *on;
	struct ir_value *part;

	if (!b->program->part)
		return;
	release = join_create(l);
	on = join_create(l);
	join_branch(l, ir_scratch(b), release, on);
	join_enter(l, release);
	part = by_tasks(l) ? ir_callf(b, b->program->part, NULL, 0) : first_part(l);
	part = ir_binary(b, IR_AND, part, ir_const(b, l->result->data.ncpus * PARTS - 1));
	if (by_tasks(l))
		ir_store(b, WORD, word_of(l, part), 0, ir_const(b, 0));
	else
		ir_atomic_add(b, WORD, word_of(l, part), 0, ir_const(b, -1));
	join_jump(l, on);
	join_enter(l, on);
}
