/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The graph of a function's blocks: orders and dominators. Needs ir_renumber; stale once an edge, a block or a number
 * changes. The arrays are indexed by block->id, the orders hold blocks; all is freed by ir_cfg_deinit.
 */
#ifndef IR_CFG_H
#define IR_CFG_H

#include "ir/ir.h"

struct ir_cfg {
	unsigned n;			/* blocks that can be reached */
	struct ir_block **rpo;		/* reverse postorder: a block after its predecessors, back edges apart */
	struct ir_block **preorder;	/* of the dominator tree, children in reverse postorder */
	struct ir_block **postorder;	/* of the dominator tree */
	struct ir_block **idom;		/* the immediate dominator; NULL of the entry */
	unsigned *enter, *leave;	/* times of entering and leaving the block in the tree's walk */
	unsigned *rpo_number;
};

void ir_cfg_init(struct ir_cfg *g, const struct ir_func *f);
void ir_cfg_deinit(struct ir_cfg *g);

/* Does a dominate b? (A block dominates itself.) */
static inline bool ir_dominates(const struct ir_cfg *g, const struct ir_block *a, const struct ir_block *b)
{
	return g->enter[a->id] <= g->enter[b->id] && g->leave[b->id] <= g->leave[a->id];
}

#endif
