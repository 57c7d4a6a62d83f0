/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking over a clause: `visit` is called for every expression, parents before their operands. */
#ifndef LANG_WALK_H
#define LANG_WALK_H

#include "lang/ast.h"

typedef void walk_fn(void *data, struct expr *e);

void walk_expr(struct expr *e, walk_fn *visit, void *data);
void walk_stmt(struct stmt *s, walk_fn *visit, void *data);
/* The predicate and the body. */
void walk_clause(struct clause *c, walk_fn *visit, void *data);

#endif
