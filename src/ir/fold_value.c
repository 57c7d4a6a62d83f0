// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's verifier must still see every bound that the program had: bits() counts only on what the verifier works
 * out as well (not on the result of a division), and an index is never taken apart.
 */
#include "ir/edit.h"
#include "ir/fold.h"

#include <stdint.h>

struct folder {
	struct arena *arena;
	struct ir_func *func;
	struct ir_value *at;		/* the value that is folded */
};

/* ---- asking ---- */

static bool is_const(const struct ir_value *v, int64_t n)
{
	return ir_is_const(v) && v->imm == n;
}

static bool same(const struct ir_value *x, const struct ir_value *y)
{
	return x == y || (ir_is_const(x) && ir_is_const(y) && x->imm == y->imm);
}

static bool is_compare(const struct ir_value *v)
{
	return v->op >= IR_EQ && v->op <= IR_SLE;
}

/* n of 2^n, or -1 */
static int power_of_two(int64_t n)
{
	return n > 0 && !(n & (n - 1)) ? __builtin_ctzll((uint64_t)n) : -1;
}

static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned max(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* As many low bits of the value may be set, the others are 0. */
static unsigned bits(const struct ir_value *v, unsigned depth)
{
	unsigned n = 0;

	if (ir_is_const(v))
		return v->imm ? 64 - (unsigned)__builtin_clzll((uint64_t)v->imm) : 0;
	if (is_compare(v))
		return 1;
	if (v->op == IR_LOAD || v->op == IR_BSWAP)
		return 8 * v->size;
	if (depth > 3)
		return v->op == IR_ZEXT ? 8 * v->size : 64;
	depth++;
	switch (v->op) {
	case IR_ZEXT:
		return min(8 * v->size, bits(v->args[0], depth));
	case IR_AND:
		return min(bits(v->args[0], depth), bits(v->args[1], depth));
	case IR_OR: case IR_XOR:
		return max(bits(v->args[0], depth), bits(v->args[1], depth));
	case IR_ADD:
		return min(64, 1 + max(bits(v->args[0], depth), bits(v->args[1], depth)));
	case IR_SHL:
		return ir_is_const(v->args[1]) ? min(64, bits(v->args[0], depth) + (v->args[1]->imm & 63)) : 64;
	case IR_LSHR:
		if (!ir_is_const(v->args[1]))
			return 64;
		n = bits(v->args[0], depth);
		return n > (v->args[1]->imm & 63) ? n - (v->args[1]->imm & 63) : 0;
	case IR_PHI:
		if (v->nargs > 4)
			return 64;
		for (unsigned i = 0; i < v->nargs; i++)
			n = max(n, bits(v->args[i], depth));
		return n;
	default:
		return 64;
	}
}

static bool is_nonnegative(const struct ir_value *v)
{
	return bits(v, 0) < 64;
}

bool ir_is_bool(const struct ir_value *v)
{
	return v->type == IR_I64 && bits(v, 0) <= 1;
}

/* A pointer that cannot be null */
static bool is_address(const struct ir_value *v)
{
	while (v->op == IR_PADD)
		v = v->args[0];
	return v->op == IR_SLOT || v->op == IR_DATA || v->op == IR_MAP || v->op == IR_CTX || v->op == IR_FUNC;
}

/* ---- making ---- */

static struct ir_value *new_value(struct folder *f, enum ir_op op, enum ir_type type, unsigned nargs)
{
	struct ir_value *v = ir_value_new(f->arena, f->func, op, type, nargs);

	v->span = f->at->span;
	/* in front of the phis there is no place for a value */
	ir_insert_before(f->at->op == IR_PHI ? ir_first_after_phis(f->at->block) : f->at, v);
	return v;
}

static struct ir_value *constant(struct folder *f, int64_t n)
{
	struct ir_value *v = new_value(f, IR_CONST, IR_I64, 0);

	v->imm = n;
	return v;
}

static struct ir_value *become(struct ir_value *v, enum ir_op op, struct ir_value *x, struct ir_value *y)
{
	v->op = op;
	v->args[0] = x;
	v->nargs = 1;
	if (y) {
		v->args[1] = y;
		v->nargs = 2;
	}
	v->imm = 0;
	return v;
}

/* v becomes op of x and a constant. */
static struct ir_value *become_by(struct folder *f, struct ir_value *v, enum ir_op op, struct ir_value *x, int64_t n)
{
	return become(v, op, x, constant(f, n));
}

static struct ir_value *become_extend(struct ir_value *v, enum ir_op op, struct ir_value *x, unsigned size)
{
	v->size = size;
	return become(v, op, x, NULL);
}

/* ---- arithmetic ---- */

/* v is (x op n) op m, both constants: x op (n op m) */
static struct ir_value *fold_chain(struct folder *f, struct ir_value *v)
{
	const struct ir_value *inner = v->args[0];
	int64_t n;

	if (inner->op != v->op || !ir_is_const(v->args[1]) || !ir_is_const(inner->args[1]))
		return NULL;
	ir_eval(v->op, 0, inner->args[1]->imm, v->args[1]->imm, &n);
	return become_by(f, v, v->op, inner->args[0], n);
}

static struct ir_value *fold_add(struct folder *f, struct ir_value *v)
{
	struct ir_value *x = v->args[0], *y = v->args[1];

	if (is_const(y, 0))
		return x;
	if (y->op == IR_NEG)
		return become(v, IR_SUB, x, y->args[0]);
	if (x->op == IR_NEG)
		return become(v, IR_SUB, y, x->args[0]);
	return fold_chain(f, v);
}

static struct ir_value *fold_sub(struct folder *f, struct ir_value *v)
{
	struct ir_value *x = v->args[0], *y = v->args[1];

	if (x == y)
		return constant(f, 0);
	if (ir_is_const(y))
		return become_by(f, v, IR_ADD, x, (int64_t)-(uint64_t)y->imm);
	if (is_const(x, 0))
		return become(v, IR_NEG, y, NULL);
	if (y->op == IR_NEG)
		return become(v, IR_ADD, x, y->args[0]);
	return NULL;
}

static struct ir_value *fold_mul(struct folder *f, struct ir_value *v)
{
	struct ir_value *x = v->args[0], *y = v->args[1];
	int n;

	if (!ir_is_const(y))
		return NULL;
	if (!y->imm || y->imm == 1)
		return y->imm ? x : y;
	if (y->imm == -1)
		return become(v, IR_NEG, x, NULL);
	n = y->imm == INT64_MIN ? 63 : power_of_two(y->imm);
	return n > 0 ? become_by(f, v, IR_SHL, x, n) : fold_chain(f, v);
}

static struct ir_value *fold_udiv(struct folder *f, struct ir_value *v)
{
	struct ir_value *x = v->args[0], *y = v->args[1];
	int n;

	if (!ir_is_const(y) || !y->imm)
		return NULL;
	n = y->imm == INT64_MIN ? 63 : power_of_two(y->imm);
	if (n < 0)
		return NULL;
	if (v->op == IR_UDIV)
		return n ? become_by(f, v, IR_LSHR, x, n) : x;
	return n ? become_by(f, v, IR_AND, x, (int64_t)((uint64_t)y->imm - 1)) : constant(f, 0);
}

static struct ir_value *fold_sdiv(struct folder *f, struct ir_value *v)
{
	struct ir_value *x = v->args[0], *y = v->args[1];

	if (is_const(y, 1) || is_const(y, -1)) {
		if (v->op == IR_SMOD)
			return constant(f, 0);
		return y->imm == 1 ? x : become(v, IR_NEG, x, NULL);
	}
	if (is_nonnegative(x) && is_nonnegative(y))
		return become(v, v->op == IR_SDIV ? IR_UDIV : IR_UMOD, x, y);
	return NULL;
}

static struct ir_value *fold_and(struct folder *f, struct ir_value *v)
{
	struct ir_value *x = v->args[0], *y = v->args[1], *chain;

	if (same(x, y) || is_const(y, -1))
		return x;
	if (!ir_is_const(y))
		return NULL;
	if (!y->imm)
		return y;
	/* all bits that can be set are in the mask */
	if (!((uint64_t)y->imm & ((uint64_t)y->imm + 1)) && bits(x, 0) <= bits(y, 0))
		return x;
	chain = fold_chain(f, v);
	if (chain)
		return chain;
	if (y->imm == 0xff || y->imm == 0xffff || y->imm == 0xffffffff)
		return become_extend(v, IR_ZEXT, x, bits(y, 0) / 8);
	return NULL;
}

static struct ir_value *fold_or(struct folder *f, struct ir_value *v)
{
	if (same(v->args[0], v->args[1]) || is_const(v->args[1], 0))
		return v->args[0];
	return is_const(v->args[1], -1) ? v->args[1] : fold_chain(f, v);
}

static struct ir_value *fold_xor(struct folder *f, struct ir_value *v)
{
	if (v->args[0] == v->args[1])
		return constant(f, 0);
	if (is_const(v->args[1], 0))
		return v->args[0];
	if (is_const(v->args[1], -1))
		return become(v, IR_NOT, v->args[0], NULL);
	return fold_chain(f, v);
}

/* There and back by the same count: an extension of the low bytes. */
static struct ir_value *fold_shift_back(struct ir_value *v, const struct ir_value *shl)
{
	int64_t n = v->args[1]->imm;

	if (shl->op != IR_SHL || !is_const(shl->args[1], n) || (n != 32 && n != 48 && n != 56))
		return NULL;
	return become_extend(v, v->op == IR_LSHR ? IR_ZEXT : IR_SEXT, shl->args[0], (unsigned)(64 - n) / 8);
}

static struct ir_value *fold_shift(struct folder *f, struct ir_value *v)
{
	struct ir_value *x = v->args[0], *y = v->args[1];
	int64_t n;

	if (v->op == IR_ASHR && is_nonnegative(x))
		return become(v, IR_LSHR, x, y);
	if (is_const(x, 0))
		return x;
	if (!ir_is_const(y))
		return NULL;
	if (y->imm & ~63)
		return become_by(f, v, v->op, x, y->imm & 63);
	if (!y->imm)
		return x;
	if (v->op == IR_LSHR && bits(x, 0) <= (unsigned)y->imm)
		return constant(f, 0);
	if (x->op == v->op && ir_is_const(x->args[1])) {
		n = y->imm + (x->args[1]->imm & 63);
		if (n < 64)
			return become_by(f, v, v->op, x->args[0], n);
		return v->op == IR_ASHR ? become_by(f, v, IR_ASHR, x->args[0], 63) : constant(f, 0);
	}
	return v->op == IR_SHL ? NULL : fold_shift_back(v, x);
}

/* What the operand does above its low size bytes does not matter: the value below that, or NULL. */
static struct ir_value *low_part(struct ir_value *v, unsigned size)
{
	if ((v->op == IR_ZEXT || v->op == IR_SEXT) && v->size >= size)
		return v->args[0];
	if (v->op == IR_AND && ir_is_const(v->args[1]) && size < 8 && !(~v->args[1]->imm & ((1ll << 8 * size) - 1)))
		return v->args[0];
	return NULL;
}

static struct ir_value *fold_extend(struct ir_value *v)
{
	struct ir_value *x = v->args[0], *low = low_part(x, v->size);

	if (v->size == 8)
		return x;
	if (bits(x, 0) <= 8 * v->size - (v->op == IR_SEXT))
		return x;
	if (v->op == IR_SEXT && x->op == IR_SEXT && x->size <= v->size)
		return x;
	return low ? become(v, v->op, low, NULL) : NULL;
}

static struct ir_value *fold_bswap(struct ir_value *v)
{
	struct ir_value *x = v->args[0], *low = low_part(x, v->size);

	if (x->op == IR_BSWAP && x->size == v->size)
		return become(v, IR_ZEXT, x->args[0], NULL);
	return low ? become(v, IR_BSWAP, low, NULL) : NULL;
}

/* ---- comparisons ---- */

/* The opposite of a comparison */
static struct ir_value *become_inverse(struct ir_value *v, const struct ir_value *compare)
{
	struct ir_value *x = compare->args[0], *y = compare->args[1];

	switch (compare->op) {
	case IR_EQ: return become(v, IR_NE, x, y);
	case IR_NE: return become(v, IR_EQ, x, y);
	case IR_ULT: return become(v, IR_ULE, y, x);
	case IR_ULE: return become(v, IR_ULT, y, x);
	case IR_SLT: return become(v, IR_SLE, y, x);
	default: return become(v, IR_SLT, y, x);
	}
}

static struct ir_value *zero_extended(struct folder *f, struct ir_value *x, unsigned size)
{
	struct ir_value *v;

	if (bits(x, 0) <= 8 * size)
		return x;
	v = new_value(f, IR_ZEXT, IR_I64, 1);
	v->size = size;
	v->args[0] = x;
	return v;
}

/* EQ or NE of x and a constant */
static struct ir_value *fold_equal_const(struct folder *f, struct ir_value *v)
{
	struct ir_value *x = v->args[0];
	int64_t n = v->args[1]->imm;

	if (x->type == IR_PTR)
		return is_address(x) ? constant(f, v->op == IR_NE) : NULL;
	if (n < 0 ? is_nonnegative(x) : bits(v->args[1], 0) > bits(x, 0))
		return constant(f, v->op == IR_NE);
	if (ir_is_bool(x)) {
		if ((n == 0) == (v->op == IR_NE))
			return x;
		if (is_compare(x))
			return become_inverse(v, x);
		return n ? become_by(f, v, IR_EQ, x, 0) : NULL;
	}
	if (x->op == IR_ADD && ir_is_const(x->args[1]))
		return become_by(f, v, v->op, x->args[0], (int64_t)((uint64_t)n - (uint64_t)x->args[1]->imm));
	if (x->op == IR_XOR && ir_is_const(x->args[1]))
		return become_by(f, v, v->op, x->args[0], n ^ x->args[1]->imm);
	if (x->op == IR_NEG || x->op == IR_NOT)
		return become_by(f, v, v->op, x->args[0], x->op == IR_NEG ? (int64_t)-(uint64_t)n : ~n);
	/* the sign plays no part where there is none */
	if (x->op == IR_SEXT && n >= 0 && n >> (8 * x->size - 1) == 0)
		return become(v, v->op, zero_extended(f, x->args[0], x->size), v->args[1]);
	return NULL;
}

static struct ir_value *fold_equal(struct folder *f, struct ir_value *v)
{
	if (v->args[0] == v->args[1])
		return constant(f, v->op == IR_EQ);
	return ir_is_const(v->args[1]) ? fold_equal_const(f, v) : NULL;
}

/* Unsigned orders: against 0, 1, and what the bits allow */
static struct ir_value *fold_below(struct folder *f, struct ir_value *v)
{
	struct ir_value *x = v->args[0], *y = v->args[1];
	bool equal = v->op == IR_ULE;

	if (is_const(x, 0))
		return equal ? constant(f, 1) : become(v, IR_NE, y, x);
	if (is_const(y, 0))
		return equal ? become(v, IR_EQ, x, y) : constant(f, 0);
	if (is_const(y, 1) && !equal)
		return become_by(f, v, IR_EQ, x, 0);
	if (is_const(x, 1) && equal)
		return become_by(f, v, IR_NE, y, 0);
	if (ir_is_const(y) && bits(x, 0) < bits(y, 0))
		return constant(f, 1);
	if (ir_is_const(x) && bits(y, 0) < bits(x, 0))
		return constant(f, 0);
	return NULL;
}

static struct ir_value *fold_order(struct folder *f, struct ir_value *v)
{
	struct ir_value *x = v->args[0], *y = v->args[1];

	if (x == y)
		return constant(f, v->op == IR_ULE || v->op == IR_SLE);
	if (v->op == IR_ULT || v->op == IR_ULE)
		return fold_below(f, v);
	if (is_nonnegative(x) && is_nonnegative(y))
		return become(v, v->op == IR_SLT ? IR_ULT : IR_ULE, x, y);
	if (ir_is_const(y) && y->imm <= 0 && (y->imm < 0 || v->op == IR_SLT) && is_nonnegative(x))
		return constant(f, 0);
	if (ir_is_const(x) && x->imm < 0 && is_nonnegative(y))
		return constant(f, 1);
	return NULL;
}

/* ---- memory ---- */

enum { OFFSET_MAX = 1 << 14 };		/* far from what an instruction's offset holds */

static struct ir_value *fold_padd(struct folder *f, struct ir_value *v)
{
	struct ir_value *p = v->args[0], *index = v->args[1];

	if (ir_is_const(index) && index->imm) {
		v->imm += index->imm;
		v->args[1] = constant(f, 0);
		return v;
	}
	if (ir_is_const(index) && !v->imm)
		return p;
	if (p->op == IR_PADD && (ir_is_const(index) || ir_is_const(p->args[1]))) {
		v->imm += p->imm;
		if (ir_is_const(index))
			v->args[1] = p->args[1];
		else
			v->imm += p->args[1]->imm;
		v->args[0] = p->args[0];
		return v;
	}
	if (p->op == IR_DATA && ir_is_const(index)) {
		v->op = IR_DATA;
		v->map = p->map;
		v->imm += p->imm;
		v->nargs = 0;
		return v;
	}
	return NULL;
}

/* The constant part of the address goes into the operation's offset, which leaves pointers that are alike. */
static struct ir_value *fold_address(struct folder *f, struct ir_value *v)
{
	struct ir_value *p = v->args[0], *base;
	int64_t offset;

	if (p->op != IR_PADD)
		return NULL;
	offset = v->imm + p->imm;
	if (offset < -OFFSET_MAX || offset > OFFSET_MAX)
		return NULL;
	if (ir_is_const(p->args[1]) && !p->args[1]->imm) {
		v->args[0] = p->args[0];
	} else if (!ir_is_const(p->args[1]) && p->imm > 0) {
		base = new_value(f, IR_PADD, IR_PTR, 2);
		base->args[0] = p->args[0];
		base->args[1] = p->args[1];
		v->args[0] = base;
	} else {
		return NULL;
	}
	v->imm = offset;
	return v;
}

/* Only the low bytes of operand n are stored. */
static struct ir_value *fold_stored(struct folder *f, struct ir_value *v, unsigned n, unsigned size)
{
	struct ir_value *x = v->args[n], *low;
	int64_t imm;

	if (size == 8)
		return NULL;
	low = low_part(x, size);
	if (ir_is_const(x) && ir_eval(IR_SEXT, size, x->imm, 0, &imm) && imm != x->imm)
		low = constant(f, imm);
	if (!low)
		return NULL;
	v->args[n] = low;
	return v;
}

static struct ir_value *fold_parts(struct folder *f, struct ir_value *v)
{
	for (unsigned i = 0; i < v->nargs && i < v->map->key.len; i++)
		if (!v->map->key.data[i].memory && fold_stored(f, v, i, v->map->key.data[i].size))
			return v;
	return NULL;
}

/* ---- joins ---- */

/* All ways bring the same. (Not so for null pointers: what follows them must not see a number.) */
static struct ir_value *fold_alike(struct folder *f, struct ir_value *v)
{
	struct ir_value *only = NULL;

	for (unsigned i = 0; i < v->nargs; i++) {
		if (v->args[i] == v)
			continue;
		if (only && !same(only, v->args[i]))
			return NULL;
		only = v->args[i];
	}
	if (!only || !ir_is_const(only))
		return only;
	return v->type == IR_I64 ? constant(f, only->imm) : NULL;
}

/* Does the block do nothing but jump on? */
static bool only_jumps(const struct ir_block *b)
{
	const struct ir_value *v = b->first;

	while (ir_is_const(v))
		v = v->next;
	return v->op == IR_JMP;
}

/* 1 and 0 on the two ways from one branch: the condition. */
static struct ir_value *fold_choice(struct folder *f, struct ir_value *v)
{
	const struct ir_block *from[2], *to;
	struct ir_value *cond, *test;
	bool inverse;

	if (v->nargs != 2 || v->type != IR_I64 ||
	    !(is_const(v->args[0], 0) ? is_const(v->args[1], 1) : is_const(v->args[0], 1) && is_const(v->args[1], 0)))
		return NULL;
	for (int i = 0; i < 2; i++) {
		from[i] = v->block->preds.data[i];
		if (only_jumps(from[i]) && from[i]->preds.len == 1)
			from[i] = from[i]->preds.data[0];
	}
	if (from[0] != from[1] || from[0]->last->op != IR_BR)
		return NULL;
	/* where the way that brings 1 leaves the branch */
	to = v->block->preds.data[v->args[1]->imm];
	inverse = from[0]->succ[1] == (to == from[0] ? v->block : to);
	cond = from[0]->last->args[0];
	if (!inverse && ir_is_bool(cond))
		return cond;
	test = new_value(f, inverse ? IR_EQ : IR_NE, IR_I64, 2);
	test->args[0] = cond;
	f->at = test;
	test->args[1] = constant(f, 0);
	return test;
}

static struct ir_value *fold_phi(struct folder *f, struct ir_value *v)
{
	struct ir_value *by = fold_alike(f, v);

	return by ? by : fold_choice(f, v);
}

/* ---- ---- */

/* All operands are constants. */
static struct ir_value *fold_constants(struct folder *f, const struct ir_value *v)
{
	int64_t n;

	if (!v->nargs || v->nargs > 2 || !ir_is_const(v->args[0]) || !ir_is_const(v->args[v->nargs - 1]))
		return NULL;
	return ir_eval(v->op, v->size, v->args[0]->imm, v->args[v->nargs - 1]->imm, &n) ? constant(f, n) : NULL;
}

struct ir_value *ir_fold_value(struct arena *a, struct ir_func *func, struct ir_value *v)
{
	struct folder folder = { a, func, v }, *f = &folder;
	struct ir_value *by = v->op == IR_PHI ? NULL : fold_constants(f, v);

	if (by)
		return by;
	if (ir_ops[v->op].flags & IR_F_COMM && ir_is_const(v->args[0])) {
		by = v->args[0];
		v->args[0] = v->args[1];
		v->args[1] = by;
	}
	switch (v->op) {
	case IR_ADD: return fold_add(f, v);
	case IR_SUB: return fold_sub(f, v);
	case IR_MUL: return fold_mul(f, v);
	case IR_UDIV: case IR_UMOD: return fold_udiv(f, v);
	case IR_SDIV: case IR_SMOD: return fold_sdiv(f, v);
	case IR_AND: return fold_and(f, v);
	case IR_OR: return fold_or(f, v);
	case IR_XOR: return fold_xor(f, v);
	case IR_SHL: case IR_LSHR: case IR_ASHR: return fold_shift(f, v);
	case IR_NEG: case IR_NOT: return v->args[0]->op == v->op ? v->args[0]->args[0] : NULL;
	case IR_SEXT: case IR_ZEXT: return fold_extend(v);
	case IR_BSWAP: return fold_bswap(v);
	case IR_EQ: case IR_NE: return fold_equal(f, v);
	case IR_ULT: case IR_ULE: case IR_SLT: case IR_SLE: return fold_order(f, v);
	case IR_PADD: return fold_padd(f, v);
	case IR_STORE: case IR_AADD:
		by = fold_stored(f, v, 1, v->size);
		return by ? by : fold_address(f, v);
	case IR_LOAD: case IR_LOADP: case IR_FETCHADD: case IR_XCHG: case IR_CMPXCHG: return fold_address(f, v);
	case IR_LOOKUP: case IR_ENTRY: case IR_REMOVE: return fold_parts(f, v);
	case IR_PHI: return fold_phi(f, v);
	case IR_BR:
		/* tests that are the branch's own */
		if (v->args[0]->op != IR_NE || v->args[0]->args[0]->type != IR_I64 || !is_const(v->args[0]->args[1], 0))
			return NULL;
		v->args[0] = v->args[0]->args[0];
		return v;
	default: return NULL;
	}
}
