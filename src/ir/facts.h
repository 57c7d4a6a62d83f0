/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What branches tell: of a value, from a block on (where that dominates), whether it is 0. Needs ir_renumber. A fact stays
 * true while edges are only made to skip what happens anyway, so it may be asked for as long as numbers stay.
 */
#ifndef IR_FACTS_H
#define IR_FACTS_H

#include "ir/cfg.h"

enum ir_known { IR_NOT_KNOWN, IR_IS_ZERO, IR_IS_NOT_ZERO };

struct ir_facts {
	struct ir_cfg cfg;
	struct ir_fact { const struct ir_block *from; enum ir_known known; } *facts;	/* by value->id */
	unsigned nvalues;		/* newer values have none */
};

void ir_facts_init(struct ir_facts *f, const struct ir_func *func);
void ir_facts_deinit(struct ir_facts *f);

/* Takes note of what the branch tells that alone leads to b; to be called in the dominator tree's preorder. */
void ir_facts_enter(struct ir_facts *f, const struct ir_block *b);
/* What is known of v in b; where b is entered from the predecessor. For a comparison with 0 also what follows from its operand. */
enum ir_known ir_facts_in(const struct ir_facts *f, const struct ir_value *v, const struct ir_block *b);
enum ir_known ir_facts_on_edge(const struct ir_facts *f, const struct ir_value *v, const struct ir_block *b,
			       const struct ir_block *pred);

#endif
