// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control flow: the locals' SSA values are carried along in l->env; a join makes PHIs of those that differ between its
 * edges. Where the current block is NULL (after return), edges add nothing.
 */
#include "ir/lowering.h"

#include <string.h>

static struct ir_value **env_copy(struct lower *l)
{
	return arena_memdup(l->arena, l->env, l->nenv * sizeof(*l->env));
}

unsigned env_add(struct lower *l, struct ir_value *v)
{
	if (l->nenv == l->env_cap) {
		struct ir_value **grown;

		l->env_cap = l->env_cap ? 2 * l->env_cap : 16;
		grown = arena_array(l->arena, struct ir_value *, l->env_cap);
		if (l->nenv)
			memcpy(grown, l->env, l->nenv * sizeof(*grown));
		l->env = grown;
	}
	l->env[l->nenv] = v;
	return l->nenv++;
}

struct ir_value *env_take(struct lower *l, unsigned i)
{
	l->nenv = i;
	return l->env[i];
}

struct join *join_create(struct lower *l)
{
	struct join *j = arena_new(l->arena, struct join);

	j->block = ir_block_add(&l->b);
	return j;
}

static void add_edge(struct lower *l, struct join *j)
{
	*arena_vec_add(l->arena, &j->edges) = (struct join_edge){ .from = l->b.block, .env = env_copy(l), .n = l->nenv };
}

void join_jump(struct lower *l, struct join *j)
{
	if (!l->b.block)
		return;
	add_edge(l, j);
	ir_jmp(&l->b, j->block);
}

void join_branch(struct lower *l, struct ir_value *cond, struct join *then, struct join *otherwise)
{
	if (!l->b.block)
		return;
	if (ir_is_const(cond)) {
		join_jump(l, cond->imm ? then : otherwise);
		return;
	}
	add_edge(l, then);
	add_edge(l, otherwise);
	ir_br(&l->b, cond, then->block, otherwise->block);
}

/* Value number i on the edges of j, if it is the same on all; else NULL. */
static struct ir_value *same_on_all(const struct join *j, unsigned i)
{
	struct ir_value *v = j->edges.data[0].env[i];

	vec_foreach(edge, &j->edges)
		if (edge->env[i] != v)
			return NULL;
	return v;
}

void join_enter(struct lower *l, struct join *j)
{
	if (!j->edges.len) {
		l->b.block = NULL;
		return;
	}
	ir_enter(&l->b, j->block);
	/* what only some edges have was of a scope that ended before */
	vec_foreach(edge, &j->edges)
		if (edge->n < l->nenv)
			l->nenv = edge->n;
	for (unsigned i = 0; i < l->nenv; i++) {
		struct ir_value *v = same_on_all(j, i);

		if (!v) {
			v = ir_phi(&l->b, j->edges.data[0].env[i]->type);
			vec_foreach(edge, &j->edges)
				ir_phi_add(&l->b, v, edge->from, edge->env[i]);
		}
		l->env[i] = v;
	}
}

struct loop_header *loop_enter(struct lower *l)
{
	struct ir_block *before = l->b.block;
	struct loop_header *h;

	if (!before)
		return NULL;
	h = arena_new(l->arena, struct loop_header);
	h->block = ir_block_add(&l->b);
	h->n = l->nenv;
	h->phis = arena_array(l->arena, struct ir_value *, h->n);
	ir_jmp(&l->b, h->block);
	ir_enter(&l->b, h->block);
	for (unsigned i = 0; i < h->n; i++) {
		struct ir_value *phi = ir_phi(&l->b, l->env[i]->type);

		ir_phi_add(&l->b, phi, before, l->env[i]);
		h->phis[i] = l->env[i] = phi;
	}
	return h;
}

void loop_back(struct lower *l, struct loop_header *h)
{
	struct ir_block *from = l->b.block;

	if (!from)
		return;
	ir_jmp(&l->b, h->block);
	for (unsigned i = 0; i < h->n; i++)
		ir_phi_add(&l->b, h->phis[i], from, l->env[i]);
}
