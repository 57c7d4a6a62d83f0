// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/walk.h"

void walk_expr(struct expr *e, walk_fn *visit, void *data)
{
	if (!e)
		return;
	visit(data, e);
	walk_expr(e->left, visit, data);
	vec_foreach(arg, &e->args)
		walk_expr(*arg, visit, data);
	walk_expr(e->right, visit, data);
}

void walk_stmt(struct stmt *s, walk_fn *visit, void *data)
{
	for (; s; s = s->next) {
		walk_expr(s->init, visit, data);
		walk_expr(s->expr, visit, data);
		walk_expr(s->limit, visit, data);
		walk_expr(s->var, visit, data);
		walk_stmt(s->body, visit, data);
		walk_stmt(s->otherwise, visit, data);
		walk_expr(s->step, visit, data);
	}
}

void walk_clause(struct clause *c, walk_fn *visit, void *data)
{
	walk_expr(c->predicate, visit, data);
	walk_stmt(c->body, visit, data);
}
