// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Register allocation by colouring the graph of what is live at the same time, with iterated coalescing of moves (George
 * and Appel, TOPLAS 18(3), 1996). What the graph has no colour for is spilled, the touching instructions are rewritten,
 * and all begins anew; two rounds are the rule where anything is spilled.
 *
 * Registers 0 … 9 are the colours. Interference with them is a mask in each node, since calls make so much of it; only
 * virtual registers are nodes. A constant or an address that finds no register is made again at each use instead of being
 * spilled. A spilled index is masked again when it is loaded (reg_info.bits): kernels before 5.12 know nothing about
 * a number that comes from the stack.
 */
#include "bpfgen/mach.h"

#include <assert.h>
#include <string.h>

enum state { NONE, SIMPLIFY, FREEZE, SPILL, STACKED, COALESCED };
enum move_state { WAITING, ACTIVE, DONE };

struct node {
	enum state state;
	bool is_temporary;		/* made by spilling: spilling it again leads nowhere */
	uint16_t phys;			/* registers it must not be in */
	int8_t colour;			/* -1: none yet, or none left */
	unsigned degree;		/* neighbours, registers among them */
	reg_t alias;			/* COALESCED: into which */
	bool is_spilled;
	struct reg_info info;		/* of all that became this one; bits: only whether there are any */
	VEC(reg_t) adjacent;
	unsigned moves, last_move;	/* list of references to moves, from 1: 2 * move + side */
	float reads, writes;		/* how often, weighted by loops */
	unsigned ndefs;
	const struct mach_insn *def;
	const struct spill *spill;	/* where it is kept */
};

/* A place for spilled registers, on the stack or in the scratch map. */
struct spill {
	struct ir_slot *slot;		/* NULL: in the scratch map */
	int offset;			/* there */
	bool number;			/* of numbers that may be there */
};

struct move {
	reg_t dst, src;
	enum move_state state;
};

struct allocate {
	struct gen_func *f;
	struct arena arena;		/* of one round */
	unsigned n;
	struct node *nodes;
	uint8_t *matrix;		/* a bit for each pair of virtual registers */
	VEC(struct move) moves;
	unsigned *next_ref;		/* by reference to a move */
	VEC(reg_t) simplify, freeze, spill, stack, spilled;
	VEC(unsigned) waiting;		/* moves */
	bool *temporary;		/* by register, over all rounds */
	unsigned temporary_cap;
};

static bool is_virtual(reg_t r)
{
	return r >= VREG && r != REG_NONE;
}

static bool is_physical(reg_t r)
{
	return r < NALLOC;
}

/* liveness */

struct live {
	unsigned words;			/* of a set */
	unsigned *number;		/* by register: from 1 for those that live across blocks */
	VEC(reg_t) across;
	uint64_t *in, *out, *reads, *writes;	/* sets by block */
};

static bool has(const uint64_t *set, unsigned n)
{
	return set[n / 64] >> n % 64 & 1;
}

static void put(uint64_t *set, unsigned n)
{
	set[n / 64] |= 1ull << n % 64;
}

/* Calls visit for each virtual register that the instruction reads, then for each that it writes. */
#define for_reads(i, r) \
	for (reg_t list_[] = { mach_flags[(i)->op] & MF_RD ? (i)->dst : REG_NONE, \
			       mach_flags[(i)->op] & MF_RS ? (i)->src : REG_NONE, (i)->third }, *p_ = list_, r; \
	     p_ < list_ + 3 && (r = *p_, true); p_++) \
		if (is_virtual(r))

static reg_t written(const struct mach_insn *i)
{
	return mach_flags[i->op] & MF_WD ? i->dst : mach_flags[i->op] & MF_WS ? i->src : REG_NONE;
}

static void find_across(struct allocate *a, struct live *l)
{
	struct gen_func *f = a->f;
	unsigned *home = arena_array(&a->arena, unsigned, f->nregs);

	l->number = arena_array(&a->arena, unsigned, f->nregs);
	for (unsigned b = 0; b < f->nblocks; b++)
		for (unsigned k = 0; k < f->blocks[b].ninsns; k++) {
			const struct mach_insn *i = &f->blocks[b].insns[k];
			reg_t regs[] = { i->dst, i->src, i->third };

			for (unsigned n = 0; n < 3; n++) {
				reg_t r = regs[n];

				if (!is_virtual(r))
					continue;
				if (!home[r]) {
					home[r] = b + 1;
				} else if (home[r] != b + 1 && !l->number[r]) {
					*arena_vec_add(&a->arena, &l->across) = r;
					l->number[r] = l->across.len;
				}
			}
		}
}

static void find_live(struct allocate *a, struct live *l)
{
	struct gen_func *f = a->f;
	bool changed = true;
	size_t all;

	find_across(a, l);
	l->words = l->across.len / 64 + 1;
	all = (size_t)l->words * f->nblocks;
	l->in = arena_array(&a->arena, uint64_t, all);
	l->out = arena_array(&a->arena, uint64_t, all);
	l->reads = arena_array(&a->arena, uint64_t, all);
	l->writes = arena_array(&a->arena, uint64_t, all);
	for (unsigned b = 0; b < f->nblocks; b++)
		for (unsigned k = 0; k < f->blocks[b].ninsns; k++) {
			const struct mach_insn *i = &f->blocks[b].insns[k];
			uint64_t *reads = l->reads + b * l->words, *writes = l->writes + b * l->words;
			reg_t w = written(i);

			for_reads(i, r)
				if (l->number[r] && !has(writes, l->number[r]))
					put(reads, l->number[r]);
			if (is_virtual(w) && l->number[w])
				put(writes, l->number[w]);
		}
	while (changed) {
		changed = false;
		for (unsigned b = f->nblocks; b--;) {
			uint64_t *in = l->in + b * l->words, *out = l->out + b * l->words;

			for (unsigned w = 0; w < l->words; w++) {
				uint64_t set = 0;

				for (int s = 0; s < 2; s++)
					if (f->blocks[b].succ[s])
						set |= l->in[f->blocks[b].succ[s]->index * l->words + w];
				out[w] = set;
				set = l->reads[b * l->words + w] | (set & ~l->writes[b * l->words + w]);
				changed |= set != in[w];
				in[w] = set;
			}
		}
	}
}

/* the graph */

static struct node *node(struct allocate *a, reg_t r)
{
	return &a->nodes[r - VREG];
}

static size_t pair(reg_t u, reg_t v)
{
	size_t x = u - VREG, y = v - VREG;

	return x > y ? x * (x - 1) / 2 + y : y * (y - 1) / 2 + x;
}

static bool interfere(struct allocate *a, reg_t u, reg_t v)
{
	if (is_physical(u))
		return is_physical(v) || node(a, v)->phys >> u & 1;
	if (is_physical(v))
		return node(a, u)->phys >> v & 1;
	return u == v || a->matrix[pair(u, v) / 8] >> pair(u, v) % 8 & 1;
}

static void forbid(struct allocate *a, reg_t v, unsigned mask)
{
	struct node *n = node(a, v);

	n->degree += __builtin_popcount(mask & ~n->phys);
	n->phys |= mask;
}

static void add_edge(struct allocate *a, reg_t u, reg_t v)
{
	size_t bit;

	if (u == v)
		return;
	if (is_physical(u)) {
		forbid(a, v, 1u << u);
		return;
	}
	bit = pair(u, v);
	if (a->matrix[bit / 8] >> bit % 8 & 1)
		return;
	a->matrix[bit / 8] |= 1u << bit % 8;
	*arena_vec_add(&a->arena, &node(a, u)->adjacent) = v;
	*arena_vec_add(&a->arena, &node(a, v)->adjacent) = u;
	node(a, u)->degree++;
	node(a, v)->degree++;
}

/* What is live at a point: virtual registers as a list with their places in it, physical ones as a mask. */
struct live_set {
	VEC(reg_t) list;
	unsigned *place;		/* by register, from 1 */
	unsigned phys;
};

static void live_add(struct allocate *a, struct live_set *s, reg_t r)
{
	if (s->place[r])
		return;
	*arena_vec_add(&a->arena, &s->list) = r;
	s->place[r] = s->list.len;
}

static void live_remove(struct live_set *s, reg_t r)
{
	reg_t last;

	if (!s->place[r])
		return;
	last = s->list.data[s->list.len - 1];
	s->list.data[s->place[r] - 1] = last;
	s->place[last] = s->place[r];
	s->place[r] = 0;
	s->list.len--;
}

static void define(struct allocate *a, struct live_set *s, const struct mach_insn *i, reg_t w, float weight)
{
	reg_t but = i->op == M_MOV ? i->src : REG_NONE;
	struct node *n;

	if (is_physical(w)) {
		vec_foreach(r, &s->list)
			if (*r != but)
				forbid(a, *r, 1u << w);
		s->phys &= ~(1u << w);
	} else if (is_virtual(w)) {
		vec_foreach(r, &s->list)
			if (*r != but)
				add_edge(a, w, *r);
		n = node(a, w);
		forbid(a, w, s->phys & ~(but < NALLOC ? 1u << but : 0));
		n->writes += weight;
		n->ndefs++;
		n->def = i;
		live_remove(s, w);
	}
}

static void read(struct allocate *a, struct live_set *s, reg_t r, float weight)
{
	if (is_physical(r)) {
		s->phys |= 1u << r;
	} else if (is_virtual(r)) {
		live_add(a, s, r);
		node(a, r)->reads += weight;
	}
}

static void add_move(struct allocate *a, reg_t dst, reg_t src)
{
	*arena_vec_add(&a->arena, &a->moves) = (struct move){ dst, src, WAITING };
}

/* The scratch map's address may be wanted for what is spilled later. */
static bool is_dead(const struct allocate *a, const struct live_set *s, const struct mach_insn *i)
{
	return mach_flags[i->op] & MF_PURE && is_virtual(i->dst) && !s->place[i->dst] && i->dst != a->f->scratch_reg;
}

static void visit_insn(struct allocate *a, struct live_set *s, const struct mach_insn *i, float weight)
{
	unsigned flags = mach_flags[i->op];

	if (flags & MF_CALL) {
		vec_foreach(r, &s->list)
			forbid(a, *r, CALL_CLOBBERS);
		s->phys = (2u << i->nargs) - 2;
		return;
	}
	if (i->op == M_CMPXCHG)
		define(a, s, i, BPF_REG_0, weight);
	define(a, s, i, written(i), weight);
	if (i->op == M_SET)	/* written before the others are read */
		for_reads(i, r)
			add_edge(a, i->dst, r);
	if (i->op == M_CMPXCHG || i->op == M_RET)
		s->phys |= 1;
	if (flags & MF_RD)
		read(a, s, i->dst, weight);
	if (flags & MF_RS)
		read(a, s, i->src, weight);
	read(a, s, i->third, weight);
	if (i->op == M_MOV)
		add_move(a, i->dst, i->src);
}

static float block_weight(const struct mach_block *b)
{
	float w = b->ir->unlikely ? .125f : 1;

	for (unsigned d = 0; d < b->depth && d < 6; d++)
		w *= 8;
	return w;
}

/* Walks each block backwards; drops on the way what is computed for nothing. */
static void build(struct allocate *a)
{
	struct gen_func *f = a->f;
	struct live l = { 0 };
	struct live_set s = { .place = arena_array(&a->arena, unsigned, f->nregs) };

	find_live(a, &l);
	for (unsigned n = 0; n < f->nblocks; n++) {
		struct mach_block *b = &f->blocks[n];
		float weight = block_weight(b);
		unsigned kept = b->ninsns;

		while (s.list.len)
			live_remove(&s, s.list.data[0]);
		s.phys = 0;
		for (unsigned w = 0; w < l.words; w++)
			for (uint64_t left = l.out[n * l.words + w]; left; left &= left - 1)
				live_add(a, &s, l.across.data[w * 64 + (unsigned)__builtin_ctzll(left) - 1]);
		for (unsigned k = b->ninsns; k--;) {
			if (is_dead(a, &s, &b->insns[k]))
				continue;
			b->insns[--kept] = b->insns[k];
			visit_insn(a, &s, &b->insns[kept], weight);
		}
		b->insns += kept;
		b->ninsns -= kept;
	}
}

/* the work lists */

static void list_moves(struct allocate *a)
{
	a->next_ref = arena_array(&a->arena, unsigned, 2 * a->moves.len + 2);
	for (unsigned m = a->moves.len; m--;) {
		reg_t ends[] = { a->moves.data[m].dst, a->moves.data[m].src };

		*arena_vec_add(&a->arena, &a->waiting) = m;
		for (unsigned side = 0; side < 2; side++) {
			unsigned ref = 2 * m + side + 1;
			struct node *n;

			if (!is_virtual(ends[side]))
				continue;
			n = node(a, ends[side]);
			a->next_ref[ref] = n->moves;
			n->moves = ref;
			if (!n->last_move)
				n->last_move = ref;
		}
	}
}

static struct move *move_of(struct allocate *a, unsigned ref)
{
	return &a->moves.data[(ref - 1) / 2];
}

static bool is_move_related(struct allocate *a, const struct node *n)
{
	for (unsigned ref = n->moves; ref; ref = a->next_ref[ref])
		if (move_of(a, ref)->state != DONE)
			return true;
	return false;
}

static void enlist(struct allocate *a, reg_t r, enum state state)
{
	node(a, r)->state = state;
	if (state == SIMPLIFY)
		*arena_vec_add(&a->arena, &a->simplify) = r;
	else if (state == FREEZE)
		*arena_vec_add(&a->arena, &a->freeze) = r;
	else
		*arena_vec_add(&a->arena, &a->spill) = r;
}

static void make_lists(struct allocate *a)
{
	for (reg_t r = VREG; r < a->f->nregs; r++) {
		struct node *n = node(a, r);

		if (!n->ndefs && !n->reads)
			continue;
		enlist(a, r, n->degree >= NALLOC ? SPILL : is_move_related(a, n) ? FREEZE : SIMPLIFY);
	}
}

static bool is_in_graph(const struct node *n)
{
	return n->state != STACKED && n->state != COALESCED;
}

static void enable_moves(struct allocate *a, const struct node *n)
{
	for (unsigned ref = n->moves; ref; ref = a->next_ref[ref])
		if (move_of(a, ref)->state == ACTIVE) {
			move_of(a, ref)->state = WAITING;
			*arena_vec_add(&a->arena, &a->waiting) = (ref - 1) / 2;
		}
}

static void lower_degree(struct allocate *a, reg_t r)
{
	struct node *n = node(a, r);

	if (n->degree-- != NALLOC)
		return;
	enable_moves(a, n);
	vec_foreach(t, &n->adjacent)
		if (is_in_graph(node(a, *t)))
			enable_moves(a, node(a, *t));
	if (n->state == SPILL)
		enlist(a, r, is_move_related(a, n) ? FREEZE : SIMPLIFY);
}

static void simplify(struct allocate *a, reg_t r)
{
	struct node *n = node(a, r);

	n->state = STACKED;
	*arena_vec_add(&a->arena, &a->stack) = r;
	vec_foreach(t, &n->adjacent)
		if (is_in_graph(node(a, *t)))
			lower_degree(a, *t);
}

static reg_t alias(struct allocate *a, reg_t r)
{
	while (is_virtual(r) && node(a, r)->state == COALESCED)
		r = node(a, r)->alias;
	return r;
}

static void maybe_simplify(struct allocate *a, reg_t r)
{
	if (is_virtual(r) && node(a, r)->state == FREEZE && node(a, r)->degree < NALLOC && !is_move_related(a, node(a, r)))
		enlist(a, r, SIMPLIFY);
}

/* George's test: whatever is beside v is beside u as well, or easy to colour. */
static bool george(struct allocate *a, reg_t u, reg_t v)
{
	if (is_virtual(u) && node(a, v)->phys & ~node(a, u)->phys)
		return false;
	vec_foreach(t, &node(a, v)->adjacent)
		if (is_in_graph(node(a, *t)) && node(a, *t)->degree >= NALLOC && !interfere(a, u, *t))
			return false;
	return true;
}

/* Briggs' test: the two as one have few neighbours that are hard to colour. */
static bool briggs(struct allocate *a, reg_t u, reg_t v)
{
	unsigned hard = __builtin_popcount(node(a, u)->phys | node(a, v)->phys);

	vec_foreach(t, &node(a, u)->adjacent)
		if (is_in_graph(node(a, *t)))
			hard += node(a, *t)->degree - interfere(a, v, *t) >= NALLOC;
	vec_foreach(t, &node(a, v)->adjacent)
		if (is_in_graph(node(a, *t)) && !interfere(a, u, *t))
			hard += node(a, *t)->degree >= NALLOC;
	return hard < NALLOC;
}

/* v's part in u: the move between them is gone. */
static void merge(struct allocate *a, struct node *u, const struct node *v)
{
	if (u->last_move)
		a->next_ref[u->last_move] = v->moves;
	else
		u->moves = v->moves;
	if (v->last_move)
		u->last_move = v->last_move;
	u->reads += v->reads;
	u->writes += v->writes;
	u->ndefs += v->ndefs - 1;
	if (v->def && mach_flags[v->def->op] & MF_REMAT)
		u->def = v->def;
	u->info.bits |= v->info.bits;
	u->info.number |= v->info.number;
	u->info.followed |= v->info.followed;
	u->is_temporary &= v->is_temporary;
}

static void combine(struct allocate *a, reg_t u, reg_t v)
{
	struct node *nv = node(a, v);

	enable_moves(a, nv);
	nv->state = COALESCED;
	nv->alias = u;
	if (is_virtual(u)) {
		merge(a, node(a, u), nv);
		forbid(a, u, nv->phys);
	}
	vec_foreach(t, &nv->adjacent)
		if (is_in_graph(node(a, *t))) {
			add_edge(a, u, *t);
			lower_degree(a, *t);
		}
	if (is_virtual(u) && node(a, u)->state == FREEZE && node(a, u)->degree >= NALLOC)
		enlist(a, u, SPILL);
}

static void coalesce(struct allocate *a, struct move *m)
{
	reg_t u = alias(a, m->dst), v = alias(a, m->src);

	if (is_physical(v)) {
		reg_t t = u;

		u = v;
		v = t;
	}
	m->state = DONE;
	if (u == v) {
		if (is_virtual(u))
			node(a, u)->ndefs--;
		maybe_simplify(a, u);
	} else if (interfere(a, u, v)) {
		maybe_simplify(a, u);
		maybe_simplify(a, v);
	} else if (is_physical(u) ? george(a, u, v) : briggs(a, u, v) || george(a, u, v) || george(a, v, u)) {
		combine(a, u, v);
		maybe_simplify(a, u);
	} else {
		m->state = ACTIVE;
	}
}

static void freeze_moves(struct allocate *a, reg_t r)
{
	for (unsigned ref = node(a, r)->moves; ref; ref = a->next_ref[ref]) {
		struct move *m = move_of(a, ref);
		reg_t other;

		if (m->state != ACTIVE)
			continue;
		m->state = DONE;
		other = alias(a, m->dst) == alias(a, r) ? alias(a, m->src) : alias(a, m->dst);
		maybe_simplify(a, other);
	}
}

static bool is_remade(const struct node *n)
{
	return n->ndefs == 1 && mach_flags[n->def->op] & MF_REMAT;
}

static float spill_cost(struct allocate *a, reg_t r)
{
	const struct node *n = node(a, r);
	float cost = n->reads + n->writes;

	if (n->is_temporary)
		return 1e30f;
	if (is_remade(n))
		cost = n->reads * (n->def->op == M_CONST ? .5f : 1) - n->writes;
	if (n->info.bits)
		cost *= 4;
	return cost / n->degree;
}

static void choose_spill(struct allocate *a)
{
	unsigned kept = 0;
	reg_t best = REG_NONE;
	float least = 0;

	vec_foreach(r, &a->spill) {
		float cost;

		if (node(a, *r)->state != SPILL)
			continue;
		a->spill.data[kept++] = *r;
		cost = spill_cost(a, *r);
		if (best == REG_NONE || cost < least) {
			best = *r;
			least = cost;
		}
	}
	a->spill.len = kept;
	if (best == REG_NONE)
		return;
	enlist(a, best, SIMPLIFY);
	freeze_moves(a, best);
}

static void reduce(struct allocate *a)
{
	for (;;) {
		if (a->simplify.len) {
			reg_t r = a->simplify.data[--a->simplify.len];

			if (node(a, r)->state == SIMPLIFY)
				simplify(a, r);
		} else if (a->waiting.len) {
			struct move *m = &a->moves.data[a->waiting.data[--a->waiting.len]];

			if (m->state == WAITING)
				coalesce(a, m);
		} else if (a->freeze.len) {
			reg_t r = a->freeze.data[--a->freeze.len];

			if (node(a, r)->state == FREEZE) {
				enlist(a, r, SIMPLIFY);
				freeze_moves(a, r);
			}
		} else if (a->spill.len) {
			choose_spill(a);
		} else {
			return;
		}
	}
}

/* colours */

static int colour_of(struct allocate *a, reg_t r)
{
	r = alias(a, r);
	return is_physical(r) ? (int)r : node(a, r)->state == STACKED ? node(a, r)->colour : -1;
}

/*
 * One that saves a move if there is; else r0 … r5 first: r6 … r9 are for what lives across calls. Constants and addresses
 * are taken from r5 downwards, out of the way of emit.c's hoist_move.
 */
static int choose_colour(struct allocate *a, const struct node *n, unsigned free)
{
	for (unsigned ref = n->moves; ref; ref = a->next_ref[ref]) {
		const struct move *m = move_of(a, ref);
		int c = colour_of(a, (ref - 1) % 2 ? m->dst : m->src);

		if (c >= 0 && free >> c & 1)
			return c;
	}
	if (is_remade(n) && free & CALL_CLOBBERS)
		return 31 - __builtin_clz(free & CALL_CLOBBERS);
	return __builtin_ctz(free);
}

static void colour(struct allocate *a)
{
	for (unsigned i = 0; i < a->stack.len; i++)
		node(a, a->stack.data[i])->colour = -1;
	while (a->stack.len) {
		reg_t r = a->stack.data[--a->stack.len];
		struct node *n = node(a, r);
		unsigned free = (1u << NALLOC) - 1 - n->phys;

		vec_foreach(t, &n->adjacent) {
			int c = colour_of(a, *t);

			if (c >= 0)
				free &= ~(1u << c);
		}
		if (free)
			n->colour = choose_colour(a, n, free);
		else
			*arena_vec_add(&a->arena, &a->spilled) = r;
	}
}

/* spilling */

static const struct spill *new_spill(struct allocate *a, bool number)
{
	struct spill *spill = arena_new(&a->arena, struct spill);

	spill->number = number;
	spill->offset = number ? frame_spill_number(a->f) : -1;
	if (spill->offset < 0)
		spill->slot = frame_spill(a->f);
	return spill;
}

static bool *find_conflicts(struct allocate *a)
{
	unsigned n = a->spilled.len, *number = arena_array(&a->arena, unsigned, a->f->nregs);
	bool *conflicts = arena_array(&a->arena, bool, (size_t)n * n);

	for (unsigned i = 0; i < n; i++)
		number[a->spilled.data[i]] = i + 1;
	for (reg_t r = VREG; r < a->f->nregs; r++) {
		unsigned x = number[alias(a, r)];

		if (!x)
			continue;
		vec_foreach(t, &node(a, r)->adjacent) {
			reg_t u = alias(a, *t);
			unsigned y = is_virtual(u) ? number[u] : 0;

			if (y)
				conflicts[(x - 1) * n + y - 1] = conflicts[(y - 1) * n + x - 1] = true;
		}
	}
	return conflicts;
}

/* Two that are never live together share a place. */
static void assign_places(struct allocate *a)
{
	VEC(const struct spill *) places = { 0 };
	const bool *conflicts = find_conflicts(a);

	for (unsigned i = 0; i < a->spilled.len; i++) {
		struct node *n = node(a, a->spilled.data[i]);
		bool number = n->info.number && !n->info.followed;
		unsigned p = 0;

		assert(!n->is_temporary);
		n->is_spilled = true;
		if (is_remade(n))
			continue;
		while (p < places.len && places.data[p]->number != number)
			p++;
		for (unsigned j = 0; j < i && p < places.len; j++)
			if (conflicts[i * a->spilled.len + j] && node(a, a->spilled.data[j])->spill == places.data[p]) {
				for (p++; p < places.len && places.data[p]->number != number; )
					p++;
				j = -1;
			}
		if (p == places.len)
			*arena_vec_add(&a->arena, &places) = new_spill(a, number);
		n->spill = places.data[p];
	}
}

/*
 * A spilled register in a run of neighbouring instructions that all touch it: a temporary stands for it, loaded before
 * the first if need be, stored behind the last if one wrote it.
 */
struct run {
	reg_t spilled, temporary;
	bool written;
};

struct rewrite {
	struct allocate *a;
	struct run runs[3];
	VEC(struct mach_insn) out;
};

static reg_t spilled_class(struct allocate *a, reg_t r)
{
	if (!is_virtual(r))
		return REG_NONE;
	r = alias(a, r);
	return is_virtual(r) && node(a, r)->is_spilled ? r : REG_NONE;
}

static reg_t temporary(struct allocate *a)
{
	reg_t r = gen_reg(a->f);

	if (r >= a->temporary_cap) {
		unsigned cap = 2 * r;
		bool *grown = arena_array(a->f->gen->arena, bool, cap);

		if (a->temporary_cap)
			memcpy(grown, a->temporary, a->temporary_cap * sizeof(bool));
		a->temporary = grown;
		a->temporary_cap = cap;
	}
	a->temporary[r] = true;
	return r;
}

static void put_access(struct rewrite *w, enum mach_op op, reg_t base, struct ir_slot *slot, int offset, reg_t r, struct span span)
{
	*vec_add(&w->out) = (struct mach_insn){
		.op = op, .code = BPF_DW, .dst = op == M_LOAD ? r : base, .src = op == M_LOAD ? base : r, .third = REG_NONE,
		.slot = slot, .off = offset, .span = span,
	};
}

/* A register with the scratch map's address, which may itself have been spilled, now or before. */
static reg_t scratch_base(struct rewrite *w, struct span span)
{
	struct gen_func *f = w->a->f;
	reg_t spilled, r;

	if (!f->scratch_home) {
		spilled = spilled_class(w->a, f->scratch_reg);
		if (spilled == REG_NONE)
			return f->scratch_reg;
		f->scratch_home = node(w->a, spilled)->spill->slot;
	}
	r = temporary(w->a);
	put_access(w, M_LOAD, REG_FP, f->scratch_home, 0, r, span);
	return r;
}

static void put_memory(struct rewrite *w, enum mach_op op, reg_t spilled, reg_t r, struct span span)
{
	const struct spill *spill = node(w->a, spilled)->spill;

	if (spill->slot)
		put_access(w, op, REG_FP, spill->slot, 0, r, span);
	else
		put_access(w, op, scratch_base(w, span), NULL, spill->offset, r, span);
}

/* The spilled register's value into r. */
static void put_value(struct rewrite *w, reg_t spilled, reg_t r, struct span span)
{
	struct node *n = node(w->a, spilled);

	if (is_remade(n)) {
		struct mach_insn *i = vec_add(&w->out);

		*i = *n->def;
		i->dst = r;
		i->span = span;
	} else {
		put_memory(w, M_LOAD, spilled, r, span);
	}
}

/* r was loaded, and stands for register `of`. */
static void put_mask(struct rewrite *w, reg_t r, reg_t of, struct span span)
{
	unsigned bits = w->a->f->regs[of].bits;

	if (bits && bits < 32)
		*vec_add(&w->out) = (struct mach_insn){ .op = M_ALU, .code = BPF_AND, .dst = r, .src = REG_NONE,
							.third = REG_NONE, .imm = (1ll << bits) - 1, .span = span };
}

static void end_run(struct rewrite *w, struct run *run)
{
	if (run->written)
		put_memory(w, M_STORE, run->spilled, run->temporary, w->out.data[w->out.len - 1].span);
	*run = (struct run){ REG_NONE, REG_NONE, false };
}

static struct run *find_run(struct rewrite *w, reg_t spilled)
{
	for (unsigned n = 0; n < 3; n++)
		if (w->runs[n].spilled == spilled)
			return &w->runs[n];
	return NULL;
}

static struct run *get_run(struct rewrite *w, reg_t spilled, bool reads, struct span span)
{
	struct run *run = find_run(w, spilled);

	if (run)
		return run;
	run = find_run(w, REG_NONE);
	run->spilled = spilled;
	run->temporary = temporary(w->a);
	if (reads)
		put_value(w, spilled, run->temporary, span);
	return run;
}

static bool touches(struct allocate *a, const struct mach_insn *i, reg_t spilled)
{
	return spilled_class(a, i->dst) == spilled || spilled_class(a, i->src) == spilled ||
	       spilled_class(a, i->third) == spilled;
}

/* Moves from and to spilled registers are loads and stores. False if this one is something else. */
static bool rewrite_move(struct rewrite *w, const struct mach_insn *i, const struct mach_insn *next)
{
	struct allocate *a = w->a;
	reg_t to = spilled_class(a, i->dst), from = spilled_class(a, i->src), src = i->src;
	struct run *run;

	if (i->op != M_MOV || (to == REG_NONE && from == REG_NONE))
		return false;
	if (to == from)
		return true;
	if (to == REG_NONE && !find_run(w, from)) {
		put_value(w, from, i->dst, i->span);
		put_mask(w, i->dst, i->src, i->span);
		return true;
	}
	if (to == REG_NONE || (next && touches(a, next, to)))
		return false;
	if (from != REG_NONE)
		src = get_run(w, from, true, i->span)->temporary;
	run = find_run(w, to);
	if (run)
		*run = (struct run){ REG_NONE, REG_NONE, false };
	put_memory(w, M_STORE, to, src, i->span);
	return true;
}

static void replace(struct rewrite *w, reg_t *r, bool reads, bool writes, struct span span)
{
	reg_t spilled = spilled_class(w->a, *r);
	struct run *run;

	if (spilled == REG_NONE)
		return;
	run = get_run(w, spilled, reads, span);
	/* not what is about to be overwritten: of that, the bits are known only when it is done */
	if (!run->written && !writes)
		put_mask(w, run->temporary, *r, span);
	run->written |= writes;
	*r = run->temporary;
}

static void rewrite_insn(struct rewrite *w, struct mach_insn i, const struct mach_insn *next)
{
	unsigned flags = mach_flags[i.op];

	for (unsigned n = 0; n < 3; n++) {
		struct run *run = &w->runs[n];

		if (run->spilled == REG_NONE)
			continue;
		if (run->written && flags & MF_END) {
			put_memory(w, M_STORE, run->spilled, run->temporary, i.span);
			run->written = false;
		}
		if (!touches(w->a, &i, run->spilled) || flags & MF_CALL)
			end_run(w, run);
	}
	if (flags & MF_REMAT && spilled_class(w->a, i.dst) != REG_NONE && is_remade(node(w->a, alias(w->a, i.dst))))
		return;
	if (rewrite_move(w, &i, next))
		return;
	replace(w, &i.third, true, false, i.span);
	replace(w, &i.src, true, flags & MF_WS, i.span);
	replace(w, &i.dst, flags & MF_RD, flags & MF_WD, i.span);
	*vec_add(&w->out) = i;
}

static void rewrite(struct allocate *a)
{
	struct rewrite w = { .a = a };

	assign_places(a);
	for (unsigned n = 0; n < 3; n++)
		w.runs[n].spilled = REG_NONE;
	for (unsigned n = 0; n < a->f->nblocks; n++) {
		struct mach_block *b = &a->f->blocks[n];

		w.out.len = 0;
		for (unsigned k = 0; k < b->ninsns; k++)
			rewrite_insn(&w, b->insns[k], k + 1 < b->ninsns ? &b->insns[k + 1] : NULL);
		for (unsigned r = 0; r < 3; r++)
			w.runs[r].spilled = REG_NONE;
		b->ninsns = w.out.len;
		b->insns = arena_memdup(a->f->gen->arena, w.out.data, w.out.len * sizeof(*w.out.data));
	}
	vec_free(&w.out);
}

static void apply(struct allocate *a)
{
	for (unsigned n = 0; n < a->f->nblocks; n++) {
		struct mach_block *b = &a->f->blocks[n];
		unsigned kept = 0;

		for (unsigned k = 0; k < b->ninsns; k++) {
			struct mach_insn i = b->insns[k];

			if (is_virtual(i.dst))
				i.dst = colour_of(a, i.dst);
			if (is_virtual(i.src))
				i.src = colour_of(a, i.src);
			if (is_virtual(i.third))
				i.third = colour_of(a, i.third);
			if (i.op != M_MOV || i.dst != i.src)
				b->insns[kept++] = i;
		}
		b->ninsns = kept;
	}
}

/* One round; true if all found a register. */
static bool allocate(struct allocate *a)
{
	a->n = a->f->nregs - VREG;
	a->nodes = arena_array(&a->arena, struct node, a->n);
	a->matrix = calloc((size_t)a->n * a->n / 16 + 1, 1);
	for (reg_t r = VREG; r < a->f->nregs; r++) {
		node(a, r)->is_temporary = r < a->temporary_cap && a->temporary[r];
		node(a, r)->info = a->f->regs[r];
	}
	build(a);
	list_moves(a);
	make_lists(a);
	reduce(a);
	colour(a);
	if (a->spilled.len)
		rewrite(a);
	else
		apply(a);
	return !a->spilled.len;
}

void gen_allocate(struct gen_func *f)
{
	struct allocate a = { .f = f };

	for (bool done = false; !done;) {
		done = allocate(&a);
		free(a.matrix);
		arena_deinit(&a.arena);
		a = (struct allocate){ .f = f, .temporary = a.temporary, .temporary_cap = a.temporary_cap };
	}
}
