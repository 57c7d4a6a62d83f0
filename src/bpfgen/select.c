// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Selection walks the function backwards, so that a value is made only if something behind it asked for its register:
 * constants, addresses and comparisons that became part of an instruction cost nothing, and what only they used is not
 * made either. The instructions of one IR value are put down forwards (emit), then turned over (flush).
 *
 * How a value is asked for decides what becomes of it:
 *
 *	value()		the register that holds it; constants and addresses are made on the spot
 *	into()		it is to stand in a given register
 *	address()	it is the base of a memory access: constant offsets are folded
 *	condition()	it decides a branch: comparisons are folded
 *
 * The verifier's view matters as much as the count of instructions: a pointer is tested in the register from which it is
 * used, an index is masked where it is added, and offsets of the context are constant.
 */
#include "bpfgen/mach.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

enum { UNROLL_MAX = 128 };		/* bytes copied or zeroed without a call */

struct select {
	struct gen_func *f;
	reg_t *reg;			/* by value id: the register asked for, or 0 */
	unsigned *bases;		/* by value id of DATA: how many memory accesses it is the base of */
	bool *whole;			/* by value id of PADD: the offset is part of the value */
	bool *needed;			/* by value id: it has an effect, or something needed depends on it */
	struct wide_store **wide;	/* by value id of STORE: what it became in merge_stores; NULL: nothing else */
	reg_t ctx, params[5], scratch;
	struct mach_block *scratch_at;	/* where the scratch map's address is computed */
	VEC(struct mach_insn) seq, out;
	struct span span;
};

/* A store that does the work of several neighbours as well. */
struct wide_store {
	unsigned size;			/* 0: another one does this one's work */
	int64_t offset, imm;
	struct ir_value *x;		/* what is stored, zero extended; NULL: imm */
};

struct address {
	reg_t base;
	struct ir_slot *slot;
	int off;
};

struct condition {
	uint8_t code;
	bool negate;
	reg_t left, right;
	int64_t imm;
};

static bool fits_s32(int64_t v)
{
	return v == (int32_t)v;
}

static bool fits_s16(int64_t v)
{
	return v == (int16_t)v;
}

reg_t gen_reg(struct gen_func *f)
{
	if (f->nregs >= f->regs_cap) {
		unsigned cap = 2 * f->nregs;
		struct reg_info *regs = arena_array(f->gen->arena, struct reg_info, cap);

		memcpy(regs, f->regs, f->regs_cap * sizeof(*regs));
		f->regs = regs;
		f->regs_cap = cap;
	}
	return f->nregs++;
}

static struct mach_insn *emit(struct select *s, enum mach_op op)
{
	struct mach_insn *i = vec_add(&s->seq);

	*i = (struct mach_insn){ .op = op, .dst = REG_NONE, .src = REG_NONE, .third = REG_NONE, .span = s->span };
	return i;
}

static void flush(struct select *s)
{
	while (s->seq.len)
		*vec_add(&s->out) = s->seq.data[--s->seq.len];
}

static void emit_move(struct select *s, reg_t dst, reg_t src)
{
	struct mach_insn *i = emit(s, M_MOV);

	i->dst = dst;
	i->src = src;
}

static void emit_const(struct select *s, reg_t dst, int64_t v)
{
	struct mach_insn *i = emit(s, M_CONST);

	i->dst = dst;
	i->imm = v;
}

static struct mach_insn *emit_imm(struct select *s, uint8_t code, reg_t dst, int64_t imm)
{
	struct mach_insn *i = emit(s, M_ALU);

	i->code = code;
	i->dst = dst;
	i->imm = imm;
	return i;
}

static void emit_alu(struct select *s, uint8_t code, reg_t dst, reg_t src)
{
	struct mach_insn *i = emit(s, M_ALU);

	i->code = code;
	i->dst = dst;
	i->src = src;
}

static void emit_data(struct select *s, reg_t dst, struct map_def *map, int64_t offset)
{
	struct mach_insn *i = emit(s, M_DATA);

	i->dst = dst;
	i->map = map;
	i->imm = offset;
}

static void emit_lea(struct select *s, reg_t dst, struct ir_slot *slot, int64_t offset)
{
	struct mach_insn *i = emit(s, M_LEA);

	i->dst = dst;
	i->slot = slot;
	i->imm = offset;
}

static void add_const(struct select *s, reg_t dst, int64_t v)
{
	if (!v)
		return;
	if (fits_s32(v)) {
		emit_imm(s, BPF_ADD, dst, v);
	} else {
		reg_t t = gen_reg(s->f);

		emit_const(s, t, v);
		emit_alu(s, BPF_ADD, dst, t);
	}
}

/* What is known of a number without looking far: that only this many low bits may be set. */
static unsigned value_bits(const struct ir_value *v, unsigned depth)
{
	unsigned a, b;

	if (v->op == IR_CONST)
		return v->imm ? 64 - __builtin_clzll(v->imm) : 0;
	if (depth > 5)
		return 64;
	a = v->nargs > 0 && v->op != IR_PHI ? value_bits(v->args[0], depth + 1) : 64;
	b = v->nargs > 1 && v->op != IR_PHI ? value_bits(v->args[1], depth + 1) : 64;
	switch (v->op) {
	case IR_LOAD: case IR_BSWAP: case IR_FETCHADD: case IR_XCHG: case IR_CMPXCHG:
		return 8 * v->size;
	case IR_ZEXT:
		return a < 8 * v->size ? a : 8 * v->size;
	case IR_SEXT:
		return a < 8 * v->size ? a : 64;
	case IR_AND:
		return a < b ? a : b;
	case IR_OR: case IR_XOR:
		return a > b ? a : b;
	case IR_ADD:
		a = (a > b ? a : b) + 1;
		return a < 64 ? a : 64;
	case IR_MUL:
		return a + b < 64 ? a + b : 64;
	case IR_UDIV:
		return a;
	case IR_UMOD:
		return a < b ? a : b;
	case IR_SHL:
		return ir_is_const(v->args[1]) && a + (v->args[1]->imm & 63) < 64 ? a + (v->args[1]->imm & 63) : 64;
	case IR_LSHR:
		if (!ir_is_const(v->args[1]))
			return a;
		return a > (v->args[1]->imm & 63) ? a - (v->args[1]->imm & 63) : 0;
	case IR_EQ: case IR_NE: case IR_ULT: case IR_ULE: case IR_SLT: case IR_SLE:
		return 1;
	case IR_CALL:
		return v->helper == IR_H_get_smp_processor_id || v->helper == IR_H_get_prandom_u32 ? 32 : 64;
	default:
		return 64;
	}
}

/* p without the constant offsets that were added to it; *offset gets those. */
static struct ir_value *strip(struct ir_value *p, int64_t *offset)
{
	for (; p->op == IR_PADD && ir_is_const(p->args[1]); p = p->args[0])
		*offset += p->imm + p->args[1]->imm;
	return p;
}

static bool in_scratch(struct select *s, const struct ir_value *v)
{
	return v->op == IR_SLOT && frame_slot(s->f, v->slot)->scratch;
}

/* A DATA that is the base of several accesses stays in a register; any other is made where it is used. */
static bool is_kept(struct select *s, const struct ir_value *v)
{
	return v->op == IR_DATA && s->bases[v->id] > 1;
}

static reg_t asked_for(struct select *s, reg_t *r)
{
	if (!*r)
		*r = gen_reg(s->f);
	return *r;
}

/* Puts down what makes v's value in r. */
static void into(struct select *s, struct ir_value *v, reg_t r)
{
	int64_t offset = 0;
	struct mach_insn *i;

	v = strip(v, &offset);
	switch (v->op) {
	case IR_CONST:
		emit_const(s, r, v->imm + offset);
		return;
	case IR_MAP:
		i = emit(s, M_MAP);
		i->dst = r;
		i->map = v->map;
		break;
	case IR_FUNC:
		i = emit(s, M_FUNC);
		i->dst = r;
		i->func = v->func;
		break;
	case IR_PATCH:
		i = emit(s, M_PATCH);
		i->dst = r;
		i->imm = v->imm;
		break;
	case IR_DATA:
		if (is_kept(s, v)) {
			emit_move(s, r, asked_for(s, &s->reg[v->id]));
			break;
		}
		emit_data(s, r, v->map, v->imm + offset);
		return;
	case IR_SLOT:
		if (!in_scratch(s, v)) {
			emit_lea(s, r, v->slot, offset);
			return;
		}
		emit_move(s, r, asked_for(s, &s->scratch));
		offset += frame_slot(s->f, v->slot)->offset;
		break;
	case IR_CTX:
		emit_move(s, r, asked_for(s, &s->ctx));
		break;
	case IR_PARAM:
		emit_move(s, r, asked_for(s, &s->params[v->imm]));
		break;
	default:
		emit_move(s, r, asked_for(s, &s->reg[v->id]));
	}
	add_const(s, r, offset);
}

/* The register from which v can be read. */
static reg_t value(struct select *s, struct ir_value *v)
{
	reg_t r;

	switch (v->op) {
	case IR_CTX:
		return asked_for(s, &s->ctx);
	case IR_PARAM:
		return asked_for(s, &s->params[v->imm]);
	case IR_DATA:
		if (is_kept(s, v))
			break;
		/* fall through */
	case IR_CONST: case IR_MAP: case IR_FUNC: case IR_PATCH: case IR_SLOT:
		r = gen_reg(s->f);
		into(s, v, r);
		return r;
	case IR_PADD:
		if (ir_is_const(v->args[1])) {
			r = gen_reg(s->f);
			into(s, v, r);
			return r;
		}
		break;
	default:
		break;
	}
	return asked_for(s, &s->reg[v->id]);
}

static struct address address(struct select *s, struct ir_value *p, int64_t offset)
{
	struct address a = { 0 };
	struct ir_value *base = strip(p, &offset);

	if (base->op == IR_SLOT && !in_scratch(s, base)) {
		a.base = REG_FP;
		a.slot = base->slot;
	} else if (base->op == IR_SLOT) {
		a.base = asked_for(s, &s->scratch);
		offset += frame_slot(s->f, base->slot)->offset;
	} else if (base->op == IR_DATA && !is_kept(s, base)) {
		a.base = gen_reg(s->f);
		emit_data(s, a.base, base->map, base->imm + offset);
		offset = 0;
	} else {
		a.base = value(s, base);
		if (base->op == IR_PADD && !s->whole[base->id])
			offset += base->imm;
	}
	if (!fits_s16(offset)) {
		reg_t t = gen_reg(s->f);

		emit_move(s, t, a.base);
		add_const(s, t, offset);
		a.base = t;
		offset = 0;
	}
	a.off = (int)offset;
	return a;
}

/* A number as the second operand: an immediate if it can be one. */
static reg_t operand(struct select *s, struct ir_value *v, int64_t *imm)
{
	if (ir_is_const(v) && fits_s32(v->imm)) {
		*imm = v->imm;
		return REG_NONE;
	}
	return value(s, v);
}

static uint8_t size_code(unsigned size)
{
	return size == 1 ? BPF_B : size == 2 ? BPF_H : size == 4 ? BPF_W : BPF_DW;
}

static struct mach_insn *emit_memory(struct select *s, enum mach_op op, unsigned size, const struct address *a)
{
	struct mach_insn *i = emit(s, op);

	i->code = size_code(size);
	if (op == M_LOAD)
		i->src = a->base;
	else
		i->dst = a->base;
	i->slot = a->slot;
	i->off = a->off;
	return i;
}

/* arithmetic */

static bool is_asked_for(struct select *s, const struct ir_value *v)
{
	switch (v->op) {
	case IR_CONST: case IR_PATCH:
		return false;
	case IR_PARAM:
		return s->params[v->imm];
	default:
		return s->reg[v->id];
	}
}

/* v is what x will be in the next round of a loop. */
static bool is_next_of(const struct ir_value *v, const struct ir_value *x)
{
	for (unsigned i = 0; x->op == IR_PHI && i < x->nargs; i++)
		if (x->args[i] == v)
			return true;
	return false;
}

/*
 * The first operand is overwritten: of two that may be swapped, that is the one whose last use this is (what is asked for
 * already is used later on).
 */
static bool should_swap(struct select *s, const struct ir_value *v)
{
	struct ir_value *a = v->args[0], *b = v->args[1];

	if (!(ir_ops[v->op].flags & IR_F_COMM) || ir_is_const(b))
		return false;
	if (ir_is_const(a))
		return true;
	if (is_next_of(v, a) || is_next_of(v, b))
		return !is_next_of(v, a);
	return is_asked_for(s, a) && !is_asked_for(s, b);
}

static void binary(struct select *s, struct ir_value *v, uint8_t code)
{
	bool swap = should_swap(s, v);
	struct ir_value *a = v->args[swap], *b = v->args[!swap];
	int64_t imm = 0;
	reg_t r = s->reg[v->id], right;

	right = operand(s, b, &imm);
	into(s, a, r);
	if (right == REG_NONE)
		emit_imm(s, code, r, imm);
	else
		emit_alu(s, code, r, right);
}

/* Shifts and divisions by a constant; anything else as binary does. */
static void by_const(struct select *s, struct ir_value *v, uint8_t code, int64_t imm)
{
	into(s, v->args[0], s->reg[v->id]);
	emit_imm(s, code, s->reg[v->id], imm);
}

/* The verifier refuses a constant 0, which nothing reached divides by. */
static void division(struct select *s, struct ir_value *v, uint8_t code)
{
	struct ir_value *by = v->args[1];
	reg_t right;

	if (!ir_is_const(by) || by->imm) {
		binary(s, v, code);
		return;
	}
	right = value(s, by);
	into(s, v->args[0], s->reg[v->id]);
	emit_alu(s, code, s->reg[v->id], right);
}

static void shift(struct select *s, struct ir_value *v, uint8_t code)
{
	if (ir_is_const(v->args[1]))
		by_const(s, v, code, v->args[1]->imm & 63);
	else
		binary(s, v, code);
}

static void move32(struct select *s, reg_t r, struct ir_value *x)
{
	reg_t src = value(s, x);
	struct mach_insn *i = emit(s, M_MOV32);

	i->dst = r;
	i->src = src;
}

static void and(struct select *s, struct ir_value *v)
{
	bool swap = ir_is_const(v->args[0]);
	struct ir_value *x = v->args[swap], *mask = v->args[!swap];

	if (!ir_is_const(mask) || fits_s32(mask->imm) || mask->imm != (uint32_t)mask->imm) {
		binary(s, v, BPF_AND);
	} else if (mask->imm == 0xffffffff) {
		move32(s, s->reg[v->id], x);
	} else {
		into(s, x, s->reg[v->id]);
		emit_imm(s, BPF_AND, s->reg[v->id], (int32_t)mask->imm)->alu32 = true;
	}
}

static void extend(struct select *s, struct ir_value *v)
{
	struct ir_value *x = v->args[0];
	reg_t r = s->reg[v->id];
	unsigned bits = 8 * v->size;

	if (value_bits(x, 0) <= bits - (v->op == IR_SEXT)) {
		into(s, x, r);
	} else if (v->op == IR_SEXT) {
		into(s, x, r);
		emit_imm(s, BPF_LSH, r, 64 - bits);
		emit_imm(s, BPF_ARSH, r, 64 - bits);
	} else if (v->size == 4) {
		move32(s, r, x);
	} else {
		into(s, x, r);
		emit_imm(s, BPF_AND, r, (1 << bits) - 1);
	}
}

static void pointer_add(struct select *s, struct ir_value *v)
{
	reg_t r = s->reg[v->id], index = value(s, v->args[1]);
	int64_t offset = s->whole[v->id] ? v->imm : 0;

	into(s, v->args[0], r);
	emit_alu(s, BPF_ADD, r, index);
	add_const(s, r, offset);
}

/* comparisons */

static bool is_comparison(const struct ir_value *v)
{
	return v->op >= IR_EQ && v->op <= IR_SLE;
}

static uint8_t mirrored(uint8_t code)
{
	switch (code) {
	case BPF_JLT: return BPF_JGT;
	case BPF_JLE: return BPF_JGE;
	case BPF_JSLT: return BPF_JSGT;
	case BPF_JSLE: return BPF_JSGE;
	default: return code;
	}
}

static bool is_zero(const struct ir_value *v)
{
	return ir_is_const(v) && !v->imm;
}

static void compare(struct select *s, struct ir_value *v, struct condition *c)
{
	static const uint8_t codes[] = { BPF_JEQ, BPF_JNE, BPF_JLT, BPF_JLE, BPF_JSLT, BPF_JSLE };
	bool swap = ir_is_const(v->args[0]) && !ir_is_const(v->args[1]);

	c->code = codes[v->op - IR_EQ];
	if (swap)
		c->code = mirrored(c->code);
	c->left = value(s, v->args[swap]);
	c->right = operand(s, v->args[!swap], &c->imm);
}

/* Bits of v decide, and v is of no other use: a test of the bits. */
static bool test_bits(struct select *s, struct ir_value *v, struct condition *c)
{
	bool swap;

	if (v->op != IR_AND || s->reg[v->id])
		return false;
	swap = ir_is_const(v->args[0]);
	if (ir_is_const(v->args[!swap]) && !fits_s32(v->args[!swap]->imm))
		return false;
	c->code = BPF_JSET;
	c->left = value(s, v->args[swap]);
	c->right = operand(s, v->args[!swap], &c->imm);
	return true;
}

/* How to jump if v is not 0 (if it is, with negate). */
static struct condition condition(struct select *s, struct ir_value *v)
{
	struct condition c = { .right = REG_NONE };

	while ((v->op == IR_EQ || v->op == IR_NE) && is_zero(v->args[1]) && is_comparison(v->args[0])) {
		c.negate ^= v->op == IR_EQ;
		v = v->args[0];
	}
	if ((v->op == IR_EQ || v->op == IR_NE) && is_zero(v->args[1]) && test_bits(s, v->args[0], &c)) {
		c.negate ^= v->op == IR_EQ;
	} else if (is_comparison(v)) {
		compare(s, v, &c);
	} else if (!test_bits(s, v, &c)) {
		c.code = BPF_JNE;
		c.left = value(s, v);
	}
	return c;
}

/* The verifier takes the negative of a pointer for a number, if pointers may leak. */
static void pointer_as_number(struct select *s, struct ir_value *v)
{
	reg_t r = s->reg[v->id];

	into(s, v->args[0], r);
	emit_imm(s, BPF_NEG, r, 0);
	emit_imm(s, BPF_NEG, r, 0);
}

static void set(struct select *s, struct ir_value *v)
{
	struct condition c = { 0 };
	struct mach_insn *i;

	compare(s, v, &c);
	i = emit(s, M_SET);
	i->code = c.code;
	i->dst = s->reg[v->id];
	i->third = c.left;
	i->src = c.right;
	i->imm = c.imm;
}

static void branch(struct select *s, struct ir_value *v)
{
	struct mach_block *b = &s->f->blocks[s->f->position[v->block->id]];
	struct condition c;
	struct mach_insn *i;

	if (v->args[0]->op == IR_SCRATCH) {
		b->succ[0] = b->succ[!s->f->gen->program->scratch];
		b->succ[1] = NULL;
		emit(s, M_JMP);
		return;
	}
	c = condition(s, v->args[0]);
	i = emit(s, M_BR);
	i->code = c.code;
	i->dst = c.left;
	i->src = c.right;
	i->imm = c.imm;
	if (c.negate) {
		struct mach_block *t = b->succ[0];

		b->succ[0] = b->succ[1];
		b->succ[1] = t;
	}
}

/* memory */

static void load(struct select *s, struct ir_value *v)
{
	struct address a = address(s, v->args[0], v->imm);

	emit_memory(s, M_LOAD, v->op == IR_LOADP ? 8 : v->size, &a)->dst = s->reg[v->id];
}

static void store(struct select *s, struct ir_value *v)
{
	struct wide_store *w = s->wide[v->id];
	struct ir_value *x = w->x;
	struct address a;
	reg_t src = REG_NONE;
	struct mach_insn *i;

	if (!w->size)
		return;
	a = address(s, v->args[0], w->offset);
	if (x) {
		src = value(s, x);
	} else if (w->size == 8 && !fits_s32(w->imm)) {
		src = gen_reg(s->f);
		emit_const(s, src, w->imm);
	}
	i = emit_memory(s, M_STORE, w->size, &a);
	i->src = src;
	if (src == REG_NONE)
		i->imm = (int32_t)w->imm;
}

static void atomic(struct select *s, struct ir_value *v)
{
	struct address a = address(s, v->args[0], v->imm);
	reg_t r = s->reg[v->id], src;
	struct mach_insn *i;

	if (v->op == IR_AADD || (v->op == IR_FETCHADD && !r)) {
		src = value(s, v->args[1]);
		i = emit_memory(s, M_ATOMIC, v->size, &a);
		i->src = src;
		i->imm = BPF_ADD;
		return;
	}
	if (!r)
		r = gen_reg(s->f);
	into(s, v->args[1], r);
	i = emit_memory(s, M_FETCH, v->size, &a);
	i->src = r;
	i->imm = v->op == IR_FETCHADD ? BPF_ADD | BPF_FETCH : BPF_XCHG;
}

static void compare_exchange(struct select *s, struct ir_value *v)
{
	struct address a = address(s, v->args[0], v->imm);
	reg_t new = value(s, v->args[2]);
	struct mach_insn *i;

	/* at 32 bits, r0 keeps its high half where the values are equal: x86's instruction, not always made good */
	if (v->size == 8)
		into(s, v->args[1], BPF_REG_0);
	else if (ir_is_const(v->args[1]))
		emit_const(s, BPF_REG_0, (uint32_t)v->args[1]->imm);
	else
		move32(s, BPF_REG_0, v->args[1]);
	i = emit_memory(s, M_CMPXCHG, v->size, &a);
	i->src = new;
	i->imm = BPF_CMPXCHG;
	if (s->reg[v->id])
		emit_move(s, s->reg[v->id], BPF_REG_0);
}

/*
 * What p + offset is a multiple of, 8 at most. It matters on the stack only, where the verifier wants aligned accesses;
 * pointers that may lead there from elsewhere (parameters, PHIs) are to slots, which are aligned to 8 if they are that
 * large.
 */
static unsigned alignment_at(struct select *s, struct ir_value *p, int64_t offset)
{
	unsigned align = 8;

	p = strip(p, &offset);
	if (p->op == IR_DATA || p->op == IR_CALL || in_scratch(s, p))
		return 8;
	if (p->op == IR_SLOT && p->slot->size < 8)
		align = p->slot->align ? p->slot->align : 1;
	while (offset & (align - 1))
		align /= 2;
	return align;
}

static uint64_t low_bytes(uint64_t v, unsigned size)
{
	return size == 8 ? v : v & ((1ull << 8 * size) - 1);
}

/*
 * Two stores side by side become one: of two constants if the one that they make is an immediate; of a number that is
 * known to be small and the zeroes behind it.
 */
static bool merge(struct select *s, struct ir_value *v, struct wide_store *a, struct wide_store *b)
{
	struct wide_store *low = a->offset < b->offset ? a : b, *high = low == a ? b : a;
	unsigned size = low->size;
	int64_t imm = (int64_t)(low_bytes(low->imm, size) | low_bytes(high->imm, size) << 8 * (size & 7));

	if (size == 8 || high->size != size || high->offset - low->offset != size || high->x ||
	    alignment_at(s, v->args[0], low->offset) < 2 * size)
		return false;
	if (low->x ? high->imm || value_bits(low->x, 0) > 8 * size : size == 4 && !fits_s32(imm))
		return false;
	*b = (struct wide_store){ 2 * size, low->offset, imm, low->x };
	a->size = 0;
	return true;
}

/* For stores with nothing but arithmetic between them; the last one does the work. */
static void merge_stores(struct select *s, struct mach_block *b)
{
	VEC(struct wide_store *) run = { 0 };
	struct ir_value *base = NULL;

	for (struct ir_value *v = b->ir->first; v; v = v->next) {
		struct wide_store *w;

		if (v->op != IR_STORE) {
			if (!(ir_ops[v->op].flags & IR_F_PURE))
				run.len = 0;
			continue;
		}
		w = s->wide[v->id] = arena_new(s->f->gen->arena, struct wide_store);
		*w = (struct wide_store){ v->size, v->imm, 0, v->args[1] };
		if (ir_is_const(v->args[1])) {
			w->imm = v->args[1]->imm;
			w->x = NULL;
		}
		if (v->args[0] != base || BYTE_ORDER != LITTLE_ENDIAN)
			run.len = 0;
		base = v->args[0];
		while (run.len && merge(s, v, run.data[run.len - 1], w))
			run.len--;
		*vec_add(&run) = w;
	}
	vec_free(&run);
}

static unsigned chunk(unsigned left, unsigned align)
{
	unsigned n = align;

	while (n > left)
		n /= 2;
	return n;
}

static void emit_call(struct select *s, enum ir_helper helper, unsigned nargs)
{
	struct mach_insn *i = emit(s, M_CALL);

	i->imm = ir_helpers[helper].number;
	i->nargs = nargs;
}

static void emit_callf(struct select *s, struct ir_func *f, unsigned nargs)
{
	struct mach_insn *i = emit(s, M_CALLF);

	i->func = f;
	i->nargs = nargs;
}

static void copy(struct select *s, struct ir_value *v)
{
	unsigned align = alignment_at(s, v->args[0], 0), other = alignment_at(s, v->args[1], 0);

	if (v->imm > UNROLL_MAX) {
		into(s, v->args[0], BPF_REG_1);
		into(s, v->args[1], BPF_REG_3);
		emit_const(s, BPF_REG_2, v->imm);
		emit_call(s, IR_H_probe_read_kernel, 3);
		return;
	}
	align = other < align ? other : align;
	for (unsigned done = 0, n; done < v->imm; done += n) {
		struct address from = address(s, v->args[1], done), to = address(s, v->args[0], done);
		reg_t t = gen_reg(s->f);

		n = chunk(v->imm - done, align);
		emit_memory(s, M_LOAD, n, &from)->dst = t;
		emit_memory(s, M_STORE, n, &to)->src = t;
	}
}

/* Reading from address 0 fails, and bpf_probe_read_kernel zeroes what it could not read: memset at the cost of a call. */
static void zero(struct select *s, struct ir_value *v)
{
	unsigned align = alignment_at(s, v->args[0], 0);

	if (v->imm > UNROLL_MAX) {
		into(s, v->args[0], BPF_REG_1);
		emit_const(s, BPF_REG_2, v->imm);
		emit_const(s, BPF_REG_3, 0);
		emit_call(s, IR_H_probe_read_kernel, 3);
		return;
	}
	for (unsigned done = 0, n; done < v->imm; done += n) {
		struct address to = address(s, v->args[0], done);

		n = chunk(v->imm - done, align);
		emit_memory(s, M_STORE, n, &to);
	}
}

/* calls, block ends */

/* Whether into() will be a move from another register, which may be that register's last use. */
static bool is_in_register(struct select *s, struct ir_value *v)
{
	switch (v->op) {
	case IR_CONST: case IR_MAP: case IR_FUNC: case IR_PATCH: case IR_SLOT:
		return false;
	case IR_DATA:
		return is_kept(s, v);
	case IR_PADD:
		return !ir_is_const(v->args[1]);
	default:
		return true;
	}
}

static void call(struct select *s, struct ir_value *v)
{
	for (unsigned a = 0; a < v->nargs; a++)
		if (is_in_register(s, v->args[a]))
			into(s, v->args[a], BPF_REG_1 + a);
	for (unsigned a = 0; a < v->nargs; a++)
		if (!is_in_register(s, v->args[a]))
			into(s, v->args[a], BPF_REG_1 + a);
	if (v->op == IR_CALL)
		emit_call(s, v->helper, v->nargs);
	else
		emit_callf(s, v->func, v->nargs);
	if (s->reg[v->id])
		emit_move(s, s->reg[v->id], BPF_REG_0);
}

static void ret(struct select *s, struct ir_value *v)
{
	into(s, v->args[0], BPF_REG_0);
	emit(s, M_RET);
}

struct phi_move {
	reg_t to, from;
};

/* Whether what v is can be made anew from nothing that a PHI overwrites. */
static bool is_made_anew(struct select *s, struct ir_value *v)
{
	int64_t offset = 0;

	v = strip(v, &offset);
	return !is_in_register(s, v);
}

/*
 * The PHIs of the block that is jumped to take their values all at once: a move waits until nothing reads what it
 * overwrites; a ring of moves is opened by saving one register. Constants come last, they read nothing.
 */
static void phi_moves(struct select *s, struct ir_block *from, struct ir_block *to)
{
	VEC(struct phi_move) moves = { 0 };
	unsigned edge = 0;

	while (to->preds.data[edge] != from)
		edge++;
	for (struct ir_value *phi = to->first; phi->op == IR_PHI; phi = phi->next) {
		struct ir_value *x = phi->args[edge];

		if (!s->needed[phi->id] || x == phi || is_made_anew(s, x))
			continue;
		*vec_add(&moves) = (struct phi_move){ asked_for(s, &s->reg[phi->id]), value(s, x) };
	}
	while (moves.len) {
		unsigned ready = 0;

		for (unsigned i = 0; i < moves.len && ready < moves.len; i++)
			if (i != ready && moves.data[i].from == moves.data[ready].to) {
				ready++;
				i = -1;
			}
		if (ready == moves.len) {
			reg_t saved = gen_reg(s->f);

			ready = 0;
			emit_move(s, saved, moves.data[0].to);
			vec_foreach(m, &moves)
				if (m->from == moves.data[0].to)
					m->from = saved;
		}
		emit_move(s, moves.data[ready].to, moves.data[ready].from);
		moves.data[ready] = moves.data[--moves.len];
	}
	for (struct ir_value *phi = to->first; phi->op == IR_PHI; phi = phi->next)
		if (s->needed[phi->id] && is_made_anew(s, phi->args[edge]))
			into(s, phi->args[edge], asked_for(s, &s->reg[phi->id]));
	vec_free(&moves);
}

static void jump(struct select *s, struct ir_value *v)
{
	if (v->block->succ[0]->preds.len > 1)
		phi_moves(s, v->block, v->block->succ[0]);
	emit(s, M_JMP);
}

/* v itself: called for what has an effect, and for the rest if it was asked for. */
static void select_value(struct select *s, struct ir_value *v)
{
	switch (v->op) {
	case IR_DATA: emit_data(s, s->reg[v->id], v->map, v->imm); break;
	case IR_ADD: binary(s, v, BPF_ADD); break;
	case IR_SUB:
		if (ir_is_const(v->args[1]) && fits_s32(-(uint64_t)v->args[1]->imm))
			by_const(s, v, BPF_ADD, -v->args[1]->imm);
		else
			binary(s, v, BPF_SUB);
		break;
	case IR_MUL: binary(s, v, BPF_MUL); break;
	case IR_UDIV: division(s, v, BPF_DIV); break;
	case IR_UMOD: division(s, v, BPF_MOD); break;
	case IR_AND: and(s, v); break;
	case IR_OR: binary(s, v, BPF_OR); break;
	case IR_XOR: binary(s, v, BPF_XOR); break;
	case IR_SHL: shift(s, v, BPF_LSH); break;
	case IR_LSHR: shift(s, v, BPF_RSH); break;
	case IR_ASHR: shift(s, v, BPF_ARSH); break;
	case IR_NEG: by_const(s, v, BPF_NEG, 0); break;
	case IR_NOT: by_const(s, v, BPF_XOR, -1); break;
	case IR_BSWAP: by_const(s, v, BPF_END, 8 * v->size); break;
	case IR_SEXT: case IR_ZEXT: extend(s, v); break;
	case IR_EQ: case IR_NE: case IR_ULT: case IR_ULE: case IR_SLT: case IR_SLE: set(s, v); break;
	case IR_PADD: pointer_add(s, v); break;
	case IR_ADDRESS: pointer_as_number(s, v); break;
	case IR_LOAD: case IR_LOADP: load(s, v); break;
	case IR_STORE: store(s, v); break;
	case IR_COPY: copy(s, v); break;
	case IR_ZERO: zero(s, v); break;
	case IR_AADD: case IR_FETCHADD: case IR_XCHG: atomic(s, v); break;
	case IR_CMPXCHG: compare_exchange(s, v); break;
	case IR_CALL: case IR_CALLF: call(s, v); break;
	case IR_PHI:
		if (v->nargs == 1)
			into(s, v->args[0], s->reg[v->id]);
		break;
	case IR_JMP: jump(s, v); break;
	case IR_BR: branch(s, v); break;
	case IR_RET: ret(s, v); break;
	/* made where they are used */
	case IR_CONST: case IR_SCRATCH: case IR_PARAM: case IR_CTX: case IR_SLOT: case IR_MAP: case IR_FUNC: case IR_PATCH:
	/* gone after ir_expand */
	case IR_SDIV: case IR_SMOD: case IR_LOOKUP: case IR_ENTRY: case IR_REMOVE: case IR_OP_COUNT:
		assert(!"selectable");
	}
}

/* What the context and the parameters were asked for is moved from the registers that a function finds them in. */
static void incoming(struct select *s)
{
	s->span = SPAN_NONE;
	if (s->ctx)
		emit_move(s, s->ctx, BPF_REG_1);
	for (unsigned i = 0; i < 5; i++)
		if (s->params[i])
			emit_move(s, s->params[i], BPF_REG_1 + i);
}

/* The address of this function's part in this run's part of the scratch map. */
static void scratch_address(struct select *s)
{
	const struct ir_program *p = s->f->gen->program;
	unsigned parts = s->f->gen->image->data.ncpus * (p->part ? IR_SCRATCH_PARTS : 1);
	struct map_def *map = p->scratch;
	reg_t index = gen_reg(s->f);

	s->span = SPAN_NONE;
	if (p->part)
		emit_callf(s, p->part, 0);
	else
		emit_call(s, IR_H_get_smp_processor_id, 0);
	emit_move(s, index, BPF_REG_0);
	emit_imm(s, BPF_AND, index, parts - 1);
	emit_imm(s, BPF_MUL, index, map->stride);
	emit_data(s, s->scratch, map, s->f->scratch_base);
	emit_alu(s, BPF_ADD, s->scratch, index);
}

static void select_block(struct select *s, struct mach_block *b)
{
	s->out.len = 0;
	for (struct ir_value *v = b->ir->last; v; v = v->prev) {
		if (!(ir_flags(v) & IR_F_WRITES) && !s->reg[v->id])
			continue;
		s->span = v->span;
		select_value(s, v);
		flush(s);
	}
	if (s->scratch_at == b && s->scratch) {
		scratch_address(s);
		flush(s);
	}
	if (b->index == 0) {
		incoming(s);
		flush(s);
	}
	b->ninsns = s->out.len;
	b->insns = arena_array(s->f->gen->arena, struct mach_insn, b->ninsns);
	for (unsigned i = 0; i < b->ninsns; i++)
		b->insns[i] = s->out.data[b->ninsns - 1 - i];
}

static bool is_access(const struct ir_value *v, unsigned arg)
{
	switch (v->op) {
	case IR_LOAD: case IR_LOADP: case IR_STORE: case IR_AADD: case IR_FETCHADD: case IR_XCHG: case IR_CMPXCHG:
		return arg == 0;
	case IR_COPY: case IR_ZERO:
		return v->imm <= UNROLL_MAX;
	default:
		return false;
	}
}

/* The scratch map's address is computed where all that need it are behind, and in no loop. */
static void needs_scratch(struct select *s, const struct ir_value *user, unsigned arg)
{
	const struct ir_block *at = user->op == IR_PHI ? user->block->preds.data[arg] : user->block;
	struct mach_block *b = &s->f->blocks[s->f->position[at->id]];

	if (s->scratch_at)
		while (!gen_dominates(b, s->scratch_at))
			b = b->idom;
	while (b->depth && b->idom)
		b = b->idom;
	s->scratch_at = b;
}

/* Going backwards, a loop's PHIs are met before what asks for them. */
static void find_needed(struct select *s)
{
	VEC(struct ir_value *) todo = { 0 };

	for (unsigned n = 0; n < s->f->nblocks; n++)
		for (struct ir_value *v = s->f->blocks[n].ir->first; v; v = v->next)
			if (ir_flags(v) & IR_F_WRITES)
				*vec_add(&todo) = v;
	while (todo.len) {
		struct ir_value *v = todo.data[--todo.len];

		if (s->needed[v->id])
			continue;
		s->needed[v->id] = true;
		for (unsigned i = 0; i < v->nargs; i++)
			*vec_add(&todo) = v->args[i];
	}
	vec_free(&todo);
}

static void look_at_uses(struct select *s)
{
	for (unsigned n = 0; n < s->f->nblocks; n++)
		for (struct ir_value *v = s->f->blocks[n].ir->first; v; v = v->next)
			for (unsigned i = 0; i < v->nargs; i++) {
				int64_t offset = 0;
				struct ir_value *base = strip(v->args[i], &offset);

				if (in_scratch(s, base))
					needs_scratch(s, v, i);
				if (v->op == IR_PADD && ir_is_const(v->args[1]))
					continue;
				if (!is_access(v, i))
					s->whole[base->id] = true;
				else
					s->bases[base->id] += v->op == IR_COPY || v->op == IR_ZERO ? (v->imm + 7) / 8 : 1;
			}
}

/* What the verifier has to follow: pointers, sizes of memory, and what goes round in loops, since it ends them. */
static void mark_followed(struct select *s, const struct mach_block *b, const struct ir_value *v)
{
	struct reg_info *regs = s->f->regs;

	regs[s->reg[v->id]].number |= v->type == IR_I64;
	regs[s->reg[v->id]].followed |= v->type != IR_I64 || (v->op == IR_PHI && b->depth);
	if (v->op == IR_CALL || (v->op == IR_PHI && b->depth))
		for (unsigned i = 0; i < v->nargs; i++)
			regs[s->reg[v->args[i]->id]].followed = true;
}

/*
 * v is added to a pointer or says how large memory is. 5.10 forgets the bounds of a number that is spilled: regalloc.c masks it
 * again, and what it is computed from, down to where it is masked in any case.
 */
static void note_bounded(struct select *s, const struct ir_value *v, unsigned depth)
{
	unsigned bits = value_bits(v, 0);

	if (v->type != IR_I64 || ir_is_const(v) || depth > 5)
		return;
	if (s->reg[v->id] && bits < 32)
		s->f->regs[s->reg[v->id]].bits = bits;
	if (v->op == IR_PHI || !(ir_ops[v->op].flags & IR_F_PURE) || (v->op == IR_AND && ir_is_const(v->args[1])))
		return;
	for (unsigned i = 0; i < v->nargs; i++)
		note_bounded(s, v->args[i], depth + 1);
}

static void note_registers(struct select *s)
{
	for (unsigned n = 0; n < s->f->nblocks; n++)
		for (struct ir_value *v = s->f->blocks[n].ir->first; v; v = v->next) {
			mark_followed(s, &s->f->blocks[n], v);
			for (unsigned i = 0; (v->op == IR_PADD || v->op == IR_CALL) && i < v->nargs; i++)
				note_bounded(s, v->args[i], 0);
		}
	s->f->regs[s->ctx].followed = s->f->regs[s->scratch].followed = true;
	for (unsigned i = 0; i < 5; i++)
		s->f->regs[s->params[i]].followed = true;
}

/* Where a function may first use scratch memory. */
static struct mach_block *after_claim(struct gen_func *f)
{
	const struct ir_block *entry = f->blocks[0].ir;

	if (entry->last->op == IR_BR && entry->last->args[0]->op == IR_SCRATCH)
		return &f->blocks[f->position[entry->succ[1]->id]];
	return &f->blocks[0];
}

void gen_select(struct gen_func *f)
{
	struct arena *a = f->gen->arena;
	struct select s = {
		.f = f,
		.reg = arena_array(a, reg_t, f->ir->nvalues),
		.bases = arena_array(a, unsigned, f->ir->nvalues),
		.whole = arena_array(a, bool, f->ir->nvalues),
		.needed = arena_array(a, bool, f->ir->nvalues),
		.wide = arena_array(a, struct wide_store *, f->ir->nvalues),
	};

	f->nregs = VREG;
	f->nspills = f->nroom = f->nmovable = 0;
	f->scratch_home = NULL;
	f->regs_cap = VREG + f->ir->nvalues;
	f->regs = arena_array(a, struct reg_info, f->regs_cap);
	assert(!f->blocks[0].ir->preds.len);
	for (unsigned i = 0; i < f->nblocks; i++)
		for (int n = 0; n < 2; n++)
			f->blocks[i].succ[n] = f->blocks[i].ir->succ[n] ?
				&f->blocks[f->position[f->blocks[i].ir->succ[n]->id]] : NULL;
	find_needed(&s);
	look_at_uses(&s);
	if (f->spill_room) {
		s.scratch_at = after_claim(f);
		s.scratch = gen_reg(f);
	}
	for (unsigned i = 0; i < f->nblocks; i++)
		merge_stores(&s, &f->blocks[i]);
	for (unsigned i = f->nblocks; i--;)
		select_block(&s, &f->blocks[i]);
	note_registers(&s);
	f->scratch_reg = f->spill_room ? s.scratch : REG_NONE;
	vec_free(&s.seq);
	vec_free(&s.out);
}
