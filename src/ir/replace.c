// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/replace.h"

#include <stdlib.h>

void ir_replacements_init(struct ir_replacements *r, const struct ir_func *f)
{
	*r = (struct ir_replacements){ .by = xcalloc(f->nvalues, sizeof(*r->by)), .nvalues = f->nvalues };
}

void ir_replacements_deinit(struct ir_replacements *r)
{
	free(r->by);
}

void ir_replace(struct ir_replacements *r, struct ir_value *v, struct ir_value *by)
{
	r->by[v->id] = by;
	r->any = true;
	ir_unlink(v);
}

void ir_replace_in_phis(const struct ir_replacements *r, struct ir_func *f)
{
	if (!r->any)
		return;
	vec_foreach(b, &f->blocks)
		for (struct ir_value *v = (*b)->first; v && v->op == IR_PHI; v = v->next)
			ir_replace_operands(r, v);
}
