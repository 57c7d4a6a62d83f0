// SPDX-License-Identifier: GPL-2.0-or-later
#include "bpfgen/mach.h"
#include "ir/cfg.h"
#include "ir/edit.h"

/* The moves for a PHI stand at the end of the predecessor, so one that has another successor gets a block between. */
static void split_edge(struct gen_func *f, struct ir_block *from, int i)
{
	struct arena *a = f->gen->module->arena;
	struct ir_block *to = from->succ[i], *middle = ir_block_new(a, f->ir);
	struct ir_value *jmp = ir_value_new(a, f->ir, IR_JMP, IR_VOID, 0);

	jmp->span = from->last->span;
	ir_append(middle, jmp);
	middle->unlikely = to->unlikely || from->unlikely;
	middle->succ[0] = to;
	from->succ[i] = middle;
	*arena_vec_add(a, &middle->preds) = from;
	ir_pred_replace(to, from, middle);
	*arena_vec_add(a, &f->ir->blocks) = middle;
}

static void split_critical_edges(struct gen_func *f)
{
	unsigned n = f->ir->blocks.len;

	for (unsigned i = 0; i < n; i++) {
		struct ir_block *b = f->ir->blocks.data[i];

		for (int s = 0; b->succ[1] && s < 2; s++)
			if (b->succ[s]->preds.len > 1 && b->succ[s]->first->op == IR_PHI)
				split_edge(f, b, s);
	}
}

static void make_blocks(struct gen_func *f)
{
	struct arena *a = f->gen->arena;
	struct ir_cfg g;

	ir_cfg_init(&g, f->ir);
	f->nblocks = g.n;
	f->blocks = arena_array(a, struct mach_block, g.n);
	f->position = arena_memdup(a, g.rpo_number, f->ir->blocks.len * sizeof(*f->position));
	for (unsigned i = 0; i < g.n; i++) {
		struct mach_block *b = &f->blocks[i];

		b->ir = g.rpo[i];
		b->index = i;
		if (g.idom[b->ir->id])
			b->idom = &f->blocks[g.rpo_number[g.idom[b->ir->id]->id]];
	}
	ir_cfg_deinit(&g);
}

/* A loop is taken to be all between its head and the last block that jumps back to it. */
static void find_loops(struct gen_func *f)
{
	unsigned depth = 0;
	unsigned *ends = arena_array(f->gen->arena, unsigned, f->nblocks);	/* loops that end with the block */

	for (unsigned i = 0; i < f->nblocks; i++) {
		unsigned last = 0;
		bool head = false;

		vec_foreach(pred, &f->blocks[i].ir->preds) {
			unsigned p = f->position[(*pred)->id];

			if (p >= i) {
				head = true;
				last = p > last ? p : last;
			}
		}
		if (head) {
			depth++;
			ends[last]++;
		}
		f->blocks[i].depth = depth;
		depth -= ends[i];
	}
}

bool gen_dominates(const struct mach_block *a, const struct mach_block *b)
{
	while (b && b->index > a->index)
		b = b->idom;
	return a == b;
}

void gen_order(struct gen_func *f)
{
	ir_renumber(f->ir);
	split_critical_edges(f);
	ir_renumber(f->ir);
	make_blocks(f);
	find_loops(f);
}
