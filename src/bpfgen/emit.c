// SPDX-License-Identifier: GPL-2.0-or-later
#include "bpfgen/mach.h"

#include <endian.h>
#include <string.h>

struct fixup {
	unsigned insn;
	const struct mach_block *block;	/* the target of a jump; or */
	const struct ir_func *func;	/* of a call */
};

struct emit {
	struct gen *g;
	struct gen_func *f;
	struct image_program *p;
	VEC(struct bpf_insn) insns;
	VEC(struct fixup) fixups;
	struct span span, last;
};

/* blocks */

static bool is_return(const struct mach_block *b)
{
	return b->ninsns == 2 && b->insns[0].op == M_CONST && b->insns[1].op == M_RET;
}

static struct mach_block *find_target(struct gen_func *f, struct mach_block *b)
{
	struct mach_block *to = b;

	for (unsigned n = 0; n < f->nblocks && to->ninsns == 1 && to->insns[0].op == M_JMP; n++)
		to = to->succ[0];
	for (unsigned n = 0; is_return(to) && n < f->nblocks; n++)
		if (is_return(&f->blocks[n]) && f->blocks[n].insns[0].imm == to->insns[0].imm &&
		    f->blocks[n].ir->unlikely == to->ir->unlikely)
			return &f->blocks[n];
	return to;
}

/* Jumps that lead to jumps go where those go; of equal returns one remains. */
static void thread_jumps(struct gen_func *f)
{
	for (unsigned n = 0; n < f->nblocks; n++)
		f->blocks[n].target = find_target(f, &f->blocks[n]);
	for (unsigned n = 0; n < f->nblocks; n++)
		for (int s = 0; s < 2; s++)
			if (f->blocks[n].succ[s])
				f->blocks[n].succ[s] = f->blocks[n].succ[s]->target;
}

/* What register r holds at the block's begin is of no use to it. As far as the block itself tells. */
static bool is_dead(const struct mach_block *b, reg_t r)
{
	for (unsigned k = 0; k < b->ninsns; k++) {
		const struct mach_insn *i = &b->insns[k];
		unsigned flags = mach_flags[i->op];

		if ((flags & MF_RD && i->dst == r) || (flags & MF_RS && i->src == r) || i->third == r ||
		    (flags & MF_CALL && r > 0 && r <= i->nargs) || (r == 0 && (i->op == M_CMPXCHG || i->op == M_RET)))
			return false;
		if ((flags & MF_WD && i->dst == r) || (flags & MF_CALL && CALL_CLOBBERS >> r & 1))
			return true;
	}
	return false;
}

/*
 * x = c ? y : constant: a block that does nothing but to move something into a register is done with in front of the
 * branch, which then needs no jump around it.
 */
static void hoist_move(struct gen_func *f, struct mach_block *b, int s)
{
	struct mach_block *arm = b->succ[s], *other = b->succ[1 - s];
	const struct mach_insn *move = arm->insns;
	struct mach_insn *br = &b->insns[b->ninsns - 1], *grown;

	if (arm->ninsns != 2 || arm->insns[1].op != M_JMP || (move->op != M_CONST && move->op != M_MOV) ||
	    arm->ir->preds.len != 1 || (arm->ir->unlikely && !other->ir->unlikely) || arm == other)
		return;
	if (br->dst == move->dst || br->src == move->dst || !is_dead(other, move->dst))
		return;
	grown = arena_array(f->gen->arena, struct mach_insn, b->ninsns + 1);
	memcpy(grown, b->insns, b->ninsns * sizeof(*grown));
	grown[b->ninsns] = *br;
	grown[b->ninsns - 1] = *move;
	b->insns = grown;
	b->ninsns++;
	arm->insns++;
	arm->ninsns--;
}

/*
 * The blocks that are still reached, in reverse post-order: the successor walked last comes next. That is succ[0], but for
 * a test of bits, which cannot be turned round to jump where it fails.
 */
static unsigned reverse_post_order(struct gen_func *f, struct mach_block **order)
{
	struct mach_block **stack = arena_array(f->gen->arena, struct mach_block *, f->nblocks);
	unsigned depth = 0, next = f->nblocks;

	stack[depth++] = &f->blocks[0];
	f->blocks[0].reached = true;
	while (depth) {
		struct mach_block *b = stack[depth - 1], *s;
		const struct mach_insn *last = &b->insns[b->ninsns - 1];
		int first = last->op == M_BR && last->code == BPF_JSET ? 0 : 1;

		if (b->walked == 2) {
			order[--next] = b;
			depth--;
			continue;
		}
		s = b->succ[b->walked++ ? !first : first];
		if (s && !s->reached) {
			s->reached = true;
			stack[depth++] = s;
		}
	}
	memmove(order, order + next, (f->nblocks - next) * sizeof(*order));
	return f->nblocks - next;
}

/* What is unlikely stands behind the rest. */
static struct mach_block **block_order(struct gen_func *f)
{
	struct mach_block **order = arena_array(f->gen->arena, struct mach_block *, f->nblocks);
	struct mach_block **sorted = arena_array(f->gen->arena, struct mach_block *, f->nblocks + 1);
	unsigned n = reverse_post_order(f, order), placed = 0;

	for (unsigned i = 0; i < n; i++) {
		order[i]->index = i;
		if (!i || !order[i]->ir->unlikely)
			sorted[placed++] = order[i];
	}
	for (unsigned i = 1; i < n; i++)
		if (order[i]->ir->unlikely)
			sorted[placed++] = order[i];
	return sorted;
}

/* instructions */

static struct bpf_insn *put(struct emit *e, uint8_t opcode, reg_t dst, reg_t src, int off, int64_t imm)
{
	struct bpf_insn *i;

	if (e->span.pos && (e->span.pos != e->last.pos || e->span.len != e->last.len)) {
		struct image_line *line = arena_vec_add(e->g->image->arena, &e->p->lines);

		line->insn = e->insns.len;
		line->span = e->last = e->span;
	}
	i = vec_add(&e->insns);
	*i = (struct bpf_insn){ .code = opcode, .dst_reg = dst == REG_NONE ? 0 : dst, .src_reg = src == REG_NONE ? 0 : src,
				.off = (int16_t)off, .imm = (int32_t)imm };
	return i;
}

/* An operation that takes a register or, if src is none, an immediate. */
static void put_binary(struct emit *e, uint8_t opcode, reg_t dst, reg_t src, int64_t imm)
{
	put(e, opcode | (src == REG_NONE ? BPF_K : BPF_X), dst, src, 0, src == REG_NONE ? imm : 0);
}

static void put_wide(struct emit *e, reg_t dst, unsigned kind, uint32_t low, uint32_t high)
{
	put(e, BPF_LD | BPF_DW | BPF_IMM, dst, kind, 0, (int32_t)low);
	put(e, 0, 0, 0, 0, (int32_t)high);
}

static void put_reloc(struct emit *e, enum image_reloc_kind kind, unsigned index, unsigned offset)
{
	*arena_vec_add(e->g->image->arena, &e->p->relocs) = (struct image_reloc){
		.insn = e->insns.len, .kind = kind, .index = index, .offset = offset };
}

static void put_const(struct emit *e, reg_t dst, int64_t v)
{
	if (v == (int32_t)v)
		put(e, BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, v);
	else if (v == (uint32_t)v)
		put(e, BPF_ALU | BPF_MOV | BPF_K, dst, 0, 0, v);
	else
		put_wide(e, dst, 0, (uint32_t)v, (uint32_t)(v >> 32));
}

static void put_alu(struct emit *e, const struct mach_insn *i)
{
	if (i->code == BPF_END)
		put(e, BPF_ALU | BPF_END | (BYTE_ORDER == LITTLE_ENDIAN ? BPF_TO_BE : BPF_TO_LE), i->dst, 0, 0, i->imm);
	else
		put_binary(e, (i->alu32 ? BPF_ALU : BPF_ALU64) | i->code, i->dst, i->src, i->imm);
}

static int memory_offset(struct emit *e, const struct mach_insn *i)
{
	return i->off + (i->slot ? frame_slot(e->f, i->slot)->offset : 0);
}

static void put_jump(struct emit *e, uint8_t opcode, reg_t dst, reg_t src, int64_t imm, const struct mach_block *to)
{
	*vec_add(&e->fixups) = (struct fixup){ .insn = e->insns.len, .block = to };
	put(e, opcode, dst, src, 0, imm);
}

static uint8_t inverse(uint8_t code)
{
	switch (code) {
	case BPF_JEQ: return BPF_JNE;
	case BPF_JNE: return BPF_JEQ;
	case BPF_JLT: return BPF_JGE;
	case BPF_JGE: return BPF_JLT;
	case BPF_JLE: return BPF_JGT;
	case BPF_JGT: return BPF_JLE;
	case BPF_JSLT: return BPF_JSGE;
	case BPF_JSGE: return BPF_JSLT;
	case BPF_JSLE: return BPF_JSGT;
	case BPF_JSGT: return BPF_JSLE;
	default: return 0;		/* BPF_JSET */
	}
}

static void put_goto(struct emit *e, const struct mach_block *to, const struct mach_block *next)
{
	if (to != next)
		put_jump(e, BPF_JMP | BPF_JA, 0, 0, 0, to);
}

static void put_branch(struct emit *e, const struct mach_insn *i, const struct mach_block *b, const struct mach_block *next)
{
	const struct mach_block *then = b->succ[0], *otherwise = b->succ[1];
	uint8_t code = i->code;

	if (then == next && inverse(code)) {
		code = inverse(code);
		then = otherwise;
		otherwise = next;
	}
	if (then != otherwise)
		put_jump(e, BPF_JMP | code | (i->src == REG_NONE ? BPF_K : BPF_X), i->dst, i->src,
			 i->src == REG_NONE ? i->imm : 0, then);
	put_goto(e, otherwise, next);
}

static void put_set(struct emit *e, const struct mach_insn *i)
{
	put(e, BPF_ALU64 | BPF_MOV | BPF_K, i->dst, 0, 0, 1);
	put(e, BPF_JMP | i->code | (i->src == REG_NONE ? BPF_K : BPF_X), i->third, i->src, 1,
	    i->src == REG_NONE ? i->imm : 0);
	put(e, BPF_ALU64 | BPF_MOV | BPF_K, i->dst, 0, 0, 0);
}

static void called(const struct ir_func *f)
{
	struct gen_func *callee = f->aux;

	callee->called = true;
}

static void put_insn(struct emit *e, const struct mach_insn *i, const struct mach_block *b, const struct mach_block *next)
{
	e->span = i->span;
	switch ((enum mach_op)i->op) {
	case M_MOV:
		put(e, BPF_ALU64 | BPF_MOV | BPF_X, i->dst, i->src, 0, 0);
		break;
	case M_CONST:
		put_const(e, i->dst, i->imm);
		break;
	case M_LEA:
		put(e, BPF_ALU64 | BPF_MOV | BPF_X, i->dst, REG_FP, 0, 0);
		put(e, BPF_ALU64 | BPF_ADD | BPF_K, i->dst, 0, 0, i->imm + frame_slot(e->f, i->slot)->offset);
		break;
	case M_MAP:
		put_reloc(e, RELOC_MAP, i->map->index, 0);
		put_wide(e, i->dst, BPF_PSEUDO_MAP_FD, 0, 0);
		break;
	case M_DATA:
		put_reloc(e, RELOC_MAP_VALUE, i->map->index, (unsigned)i->imm);
		put_wide(e, i->dst, BPF_PSEUDO_MAP_VALUE, 0, (uint32_t)i->imm);
		break;
	case M_FUNC:
		called(i->func);
		*vec_add(&e->fixups) = (struct fixup){ .insn = e->insns.len, .func = i->func };
		put_wide(e, i->dst, BPF_PSEUDO_FUNC, 0, 0);
		break;
	case M_PATCH:
		put_reloc(e, RELOC_PATCH, (unsigned)i->imm, 0);
		put(e, BPF_ALU64 | BPF_MOV | BPF_K, i->dst, 0, 0, 0);
		break;
	case M_ALU:
		put_alu(e, i);
		break;
	case M_MOV32:
		put(e, BPF_ALU | BPF_MOV | BPF_X, i->dst, i->src, 0, 0);
		break;
	case M_LOAD:
		put(e, BPF_LDX | BPF_MEM | i->code, i->dst, i->src, memory_offset(e, i), 0);
		break;
	case M_STORE:
		put(e, (i->src == REG_NONE ? BPF_ST : BPF_STX) | BPF_MEM | i->code, i->dst, i->src, memory_offset(e, i),
		    i->src == REG_NONE ? i->imm : 0);
		break;
	case M_ATOMIC: case M_FETCH: case M_CMPXCHG:
		put(e, BPF_STX | BPF_ATOMIC | i->code, i->dst, i->src, memory_offset(e, i), i->imm);
		break;
	case M_SET:
		put_set(e, i);
		break;
	case M_CALL:
		put(e, BPF_JMP | BPF_CALL, 0, 0, 0, i->imm);
		break;
	case M_CALLF:
		called(i->func);
		*vec_add(&e->fixups) = (struct fixup){ .insn = e->insns.len, .func = i->func };
		put(e, BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 0);
		break;
	case M_JMP:
		/* 5.10 takes a loop only if a jump closes it: not so by falling from one instruction to the next */
		put_goto(e, b->succ[0], b->succ[0]->index <= b->index ? NULL : next);
		break;
	case M_BR:
		put_branch(e, i, b, next);
		break;
	case M_RET:
		put(e, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
		break;
	case MACH_COUNT:
		break;
	}
}

static void resolve_jumps(struct emit *e)
{
	unsigned kept = 0;

	vec_foreach(x, &e->fixups) {
		int64_t distance;

		if (!x->block) {
			e->fixups.data[kept++] = *x;
			continue;
		}
		distance = (int64_t)x->block->start - x->insn - 1;
		e->insns.data[x->insn].off = (int16_t)distance;
		if (distance != (int16_t)distance && !e->g->failed) {
			diag_error(e->g->diag, e->f->ir->span, "TOO_LARGE",
				   "this clause is too large: it needs %u instructions, and a jump reaches no further than 32767",
				   (unsigned)e->insns.len - e->f->start);
			e->g->failed = true;
		}
	}
	e->fixups.len = kept;
}

/* The kernel wants a line for the first instruction of each function if it gets any. */
static struct span first_span(const struct gen_func *f)
{
	if (f->ir->span.pos)
		return f->ir->span;
	for (unsigned n = 0; n < f->nblocks; n++)
		for (unsigned k = 0; k < f->blocks[n].ninsns; k++)
			if (f->blocks[n].insns[k].span.pos)
				return f->blocks[n].insns[k].span;
	return SPAN_NONE;
}

static void put_func(struct emit *e, struct gen_func *f)
{
	struct image_func *entry = arena_vec_add(e->g->image->arena, &e->p->funcs);
	struct mach_block **order;

	e->f = f;
	e->last = SPAN_NONE;
	f->start = e->insns.len;
	*entry = (struct image_func){ .name = f->ir->name, .insn = f->start, .global = f->ir->global, .span = f->ir->span,
				      .nparams = f->ir->params.len };
	for (unsigned n = f->nblocks; n--;)
		for (int s = 0; f->blocks[n].succ[1] && s < 2; s++)
			hoist_move(f, &f->blocks[n], s);
	thread_jumps(f);
	order = block_order(f);
	if (f->blocks[0].ninsns && !f->blocks[0].insns[0].span.pos)
		f->blocks[0].insns[0].span = first_span(f);
	for (unsigned n = 0; order[n]; n++) {
		order[n]->start = e->insns.len;
		for (unsigned k = 0; k < order[n]->ninsns; k++)
			put_insn(e, &order[n]->insns[k], order[n], order[n + 1]);
	}
	f->ninsns = e->insns.len - f->start;
	resolve_jumps(e);
}

static void resolve_calls(struct emit *e)
{
	vec_foreach(x, &e->fixups) {
		const struct gen_func *f = x->func->aux;

		e->insns.data[x->insn].imm = (int)(f->start - x->insn - 1);
	}
}

void gen_emit(struct gen *g, struct image_program *p)
{
	struct emit e = { .g = g, .p = p };

	/* not what is called where the program keeps something in scratch memory, if it keeps nothing there */
	g->funcs.data[0]->called = true;
	vec_foreach(f, &g->funcs)
		if ((*f)->called)
			put_func(&e, *f);
	resolve_calls(&e);
	p->ninsns = e.insns.len;
	p->insns = arena_memdup(g->image->arena, e.insns.data, e.insns.len * sizeof(*p->insns));
	vec_free(&e.insns);
	vec_free(&e.fixups);
}
