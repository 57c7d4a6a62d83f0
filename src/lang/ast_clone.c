// SPDX-License-Identifier: GPL-2.0-or-later
/* Copies of a tree as the parser made it: what D compiles once for each of a clause's probes. */
#include "lang/ast.h"

static struct expr *clone_expr(struct arena *a, const struct expr *e)
{
	struct expr *copy;

	if (!e)
		return NULL;
	copy = arena_memdup(a, e, sizeof(*e));
	copy->left = clone_expr(a, e->left);
	copy->right = clone_expr(a, e->right);
	copy->args.data = NULL;
	copy->args.len = copy->args.cap = 0;
	vec_foreach(arg, &e->args)
		*arena_vec_add(a, &copy->args) = clone_expr(a, *arg);
	return copy;
}

static struct stmt *clone_stmts(struct arena *a, const struct stmt *s)
{
	struct stmt *first = NULL, **at = &first;

	for (; s; s = s->next, at = &(*at)->next) {
		struct stmt *copy = *at = arena_memdup(a, s, sizeof(*s));

		copy->expr = clone_expr(a, s->expr);
		copy->init = clone_expr(a, s->init);
		copy->step = clone_expr(a, s->step);
		copy->limit = clone_expr(a, s->limit);
		copy->var = clone_expr(a, s->var);
		copy->body = clone_stmts(a, s->body);
		copy->otherwise = clone_stmts(a, s->otherwise);
		copy->next = NULL;
	}
	return first;
}

struct clause *ast_clone_clause(struct arena *a, const struct clause *c)
{
	struct clause *copy = arena_memdup(a, c, sizeof(*c));

	copy->predicate = clone_expr(a, c->predicate);
	copy->body = clone_stmts(a, c->body);
	return copy;
}
