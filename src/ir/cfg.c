// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/cfg.h"

#include <stdlib.h>
#include <string.h>

enum { NONE = ~0u };

/* Everything below counts blocks by their place in a depth-first walk from the entry ("number"). */
struct walk {
	unsigned n;
	struct ir_block **block;	/* by number */
	unsigned *number;		/* by block->id */
	unsigned *parent;		/* in the walk's tree; compressed by eval() */
	unsigned *semi, *label, *idom;
	unsigned *stack;
};

static void depth_first(struct walk *w, struct ir_cfg *g, const struct ir_func *f)
{
	unsigned char *next = xcalloc(f->blocks.len, 1);
	unsigned depth = 0, left = f->blocks.len;

	for (unsigned i = 0; i < f->blocks.len; i++)
		w->number[i] = NONE;
	w->block[0] = f->blocks.data[0];
	w->number[0] = 0;
	w->parent[0] = 0;
	w->n = 1;
	w->stack[depth++] = 0;
	while (depth) {
		unsigned v = w->stack[depth - 1];
		struct ir_block *b = w->block[v];

		if (next[b->id] < 2) {
			/* the second target first, so that the first one comes first in reverse postorder */
			struct ir_block *to = b->succ[1 - next[b->id]++];

			if (to && w->number[to->id] == NONE) {
				w->block[w->n] = to;
				w->number[to->id] = w->n;
				w->parent[w->n] = v;
				w->stack[depth++] = w->n++;
			}
			continue;
		}
		g->rpo[--left] = b;
		depth--;
	}
	g->n = w->n;
	memmove(g->rpo, g->rpo + left, g->n * sizeof(*g->rpo));
	free(next);
}

/* The number with the least semidominator on the compressed path up to, but without, those below `last`. */
static unsigned eval(struct walk *w, unsigned v, unsigned last)
{
	unsigned depth = 0, above, label;

	if (w->parent[v] < last)
		return w->label[v];
	do {
		w->stack[depth++] = v;
		v = w->parent[v];
	} while (w->parent[v] >= last);
	above = v;
	label = w->label[v];
	while (depth) {
		v = w->stack[--depth];
		w->parent[v] = w->parent[above];
		if (w->semi[label] < w->semi[w->label[v]])
			w->label[v] = label;
		else
			label = w->label[v];
		above = v;
	}
	return w->label[v];
}

/* Semi-NCA (Georgiadis, Tarjan, Werneck: Finding dominators in practice). */
static void dominators(struct walk *w)
{
	for (unsigned i = 0; i < w->n; i++) {
		w->idom[i] = w->parent[i];
		w->semi[i] = w->label[i] = i;
	}
	for (unsigned i = w->n; i-- > 1;) {
		struct ir_block *b = w->block[i];

		w->semi[i] = w->parent[i];
		for (unsigned j = 0; j < b->preds.len; j++) {
			unsigned pred = w->number[b->preds.data[j]->id], s;

			if (pred == NONE)
				continue;
			s = w->semi[eval(w, pred, i + 1)];
			if (s < w->semi[i])
				w->semi[i] = s;
		}
	}
	for (unsigned i = 1; i < w->n; i++)
		while (w->idom[i] > w->semi[i])
			w->idom[i] = w->idom[w->idom[i]];
}

/* Walks the dominator tree, whose children lists are made from the reverse postorder. */
static void dominator_tree(struct ir_cfg *g, unsigned *first_child, unsigned *sibling, unsigned *stack)
{
	unsigned depth = 0, time = 0, entered = 0, left = 0;

	for (unsigned i = 0; i < g->n; i++)
		first_child[i] = sibling[i] = NONE;
	for (unsigned i = g->n; i-- > 1;) {
		unsigned parent = g->idom[g->rpo[i]->id]->id;

		sibling[i] = first_child[parent];
		first_child[parent] = i;
	}
	stack[depth++] = 0;
	g->preorder[entered++] = g->rpo[0];
	g->enter[g->rpo[0]->id] = time++;
	while (depth) {
		struct ir_block *b = g->rpo[stack[depth - 1]];
		unsigned child = first_child[b->id];

		if (child != NONE) {
			first_child[b->id] = sibling[child];
			g->preorder[entered++] = g->rpo[child];
			g->enter[g->rpo[child]->id] = time++;
			stack[depth++] = child;
			continue;
		}
		g->postorder[left++] = b;
		g->leave[b->id] = time++;
		depth--;
	}
}

void ir_cfg_init(struct ir_cfg *g, const struct ir_func *f)
{
	unsigned n = f->blocks.len;
	struct ir_block **blocks = xcalloc(n, 4 * sizeof(*blocks) + 3 * sizeof(unsigned));
	struct walk w = { .block = xcalloc(n, sizeof(*w.block) + 6 * sizeof(unsigned)) };

	*g = (struct ir_cfg){ .rpo = blocks, .preorder = blocks + n, .postorder = blocks + 2 * n,
			      .idom = blocks + 3 * n };
	g->enter = (unsigned *)(blocks + 4 * n);
	g->leave = g->enter + n;
	g->rpo_number = g->leave + n;
	w.number = (unsigned *)(w.block + n);
	w.parent = w.number + n;
	w.semi = w.parent + n;
	w.label = w.semi + n;
	w.idom = w.label + n;
	w.stack = w.idom + n;
	depth_first(&w, g, f);
	dominators(&w);
	for (unsigned i = 1; i < w.n; i++)
		g->idom[w.block[i]->id] = w.block[w.idom[i]];
	for (unsigned i = 0; i < g->n; i++)
		g->rpo_number[g->rpo[i]->id] = i;
	dominator_tree(g, w.semi, w.label, w.stack);
	free(w.block);
}

void ir_cfg_deinit(struct ir_cfg *g)
{
	free(g->rpo);
	*g = (struct ir_cfg){ 0 };
}
