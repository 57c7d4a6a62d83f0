// SPDX-License-Identifier: GPL-2.0-or-later
#include "debuginfo/cfi.h"

#include "base/arena.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

enum { STACK_DEPTH = 64, MAX_OPS = 512, CACHE_SLOTS = 4096, MAX_ROWS = 2 * CACHE_SLOTS };

enum rule_kind {
	RULE_UNDEFINED, RULE_SAME,
	RULE_SAVED,			/* at CFA + offset */
	RULE_VALUE,			/* CFA + offset */
	RULE_REGISTER,			/* in register reg, + offset */
	RULE_SAVED_AT,			/* at the address that ops compute */
	RULE_VALUE_OF,			/* what ops compute */
};

struct rule {
	unsigned char kind, reg;
	unsigned short nops;
	union {
		int64_t offset;
		const Dwarf_Op *ops;
	};
};

/* What holds at the addresses [start, end). */
struct row {
	uint64_t start, end;
	bool is_signal;
	struct rule cfa;
	struct rule regs[CFI_REGS];
};

struct dbg_cfi {
	struct arena arena;
	Dwarf_CFI *eh, *debug;		/* debug: of the file's DWARF, belongs to it */
	const struct row *cache[CACHE_SLOTS];
	unsigned nrows;
	bool is_32bit;
};

struct dbg_cfi *dbg_cfi_open(struct dbg_elf *e)
{
	Dwarf_CFI *eh = dwarf_getcfi_elf(dbg_elf_handle(e)), *debug = NULL;
	struct dbg_cfi *c;

	if (!eh && dbg_elf_dwarf(e))
		debug = dwarf_getcfi(dbg_elf_dwarf(e));
	if (!eh && !debug)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->eh = eh;
	c->debug = debug;
	c->is_32bit = dbg_elf_is_32bit(e);
	return c;
}

void dbg_cfi_close(struct dbg_cfi *c)
{
	if (!c)
		return;
	if (c->eh)
		dwarf_cfi_end(c->eh);
	arena_deinit(&c->arena);
	free(c);
}

/* --- rows --- */

static void set_ops(struct dbg_cfi *c, struct rule *rule, enum rule_kind kind, const Dwarf_Op *ops, size_t n)
{
	if (n > MAX_OPS) {
		rule->kind = RULE_UNDEFINED;
		return;
	}
	rule->kind = (unsigned char)kind;
	rule->nops = (unsigned short)n;
	rule->ops = arena_memdup(&c->arena, ops, n * sizeof(*ops));
}

static bool is_breg(const Dwarf_Op *op, struct rule *rule)
{
	if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg16) {
		rule->reg = (unsigned char)(op->atom - DW_OP_breg0);
		rule->offset = (int64_t)op->number;
		return true;
	}
	if (op->atom == DW_OP_bregx && op->number < CFI_REGS) {
		rule->reg = (unsigned char)op->number;
		rule->offset = (int64_t)op->number2;
		return true;
	}
	return false;
}

static void set_cfa(struct dbg_cfi *c, struct rule *rule, const Dwarf_Op *ops, size_t n)
{
	if (n == 1 && is_breg(ops, rule))
		rule->kind = RULE_REGISTER;
	else
		set_ops(c, rule, n ? RULE_VALUE_OF : RULE_UNDEFINED, ops, n);
}

/* libdw's way to put it: no operations and NULL is the same value, no operations and not NULL undefined. */
static void set_rule(struct dbg_cfi *c, struct rule *rule, const Dwarf_Op *ops, size_t n)
{
	bool is_value = n && ops[n - 1].atom == DW_OP_stack_value;
	size_t m = n - is_value;

	rule->offset = 0;
	if (!n) {
		rule->kind = ops ? RULE_UNDEFINED : RULE_SAME;
	} else if (ops[0].atom == DW_OP_call_frame_cfa && (m == 1 || (m == 2 && ops[1].atom == DW_OP_plus_uconst))) {
		rule->kind = is_value ? RULE_VALUE : RULE_SAVED;
		rule->offset = m == 2 ? (int64_t)ops[1].number : 0;
	} else if (n == 1 && ops[0].atom >= DW_OP_reg0 && ops[0].atom < DW_OP_reg0 + CFI_REGS) {
		rule->kind = RULE_REGISTER;
		rule->reg = (unsigned char)(ops[0].atom - DW_OP_reg0);
	} else if (n == 1 && ops[0].atom == DW_OP_regx && ops[0].number < CFI_REGS) {
		rule->kind = RULE_REGISTER;
		rule->reg = (unsigned char)ops[0].number;
	} else {
		set_ops(c, rule, is_value ? RULE_VALUE_OF : RULE_SAVED_AT, ops, m);
	}
}

static const struct row *make_row(struct dbg_cfi *c, Dwarf_Frame *frame)
{
	struct row *row = arena_new(&c->arena, struct row);
	Dwarf_Addr start = 0, end = 0;
	Dwarf_Op mem[3], *ops;
	size_t n;

	dwarf_frame_info(frame, &start, &end, &row->is_signal);
	row->start = start;
	row->end = end;
	if (!dwarf_frame_cfa(frame, &ops, &n))
		set_cfa(c, &row->cfa, ops, n);
	for (int r = 0; r < CFI_REGS; r++) {
		if (dwarf_frame_register(frame, r, mem, &ops, &n))
			continue;
		set_rule(c, &row->regs[r], ops, n);
	}
	c->nrows++;
	return row;
}

static const struct row *find_row(struct dbg_cfi *c, uint64_t pc)
{
	const struct row **slot = &c->cache[(pc ^ pc >> 12) & (CACHE_SLOTS - 1)];
	Dwarf_Frame *frame = NULL;

	if (*slot && pc >= (*slot)->start && pc < (*slot)->end)
		return *slot;
	if (c->nrows > MAX_ROWS) {	/* those that others took the place of are still there */
		memset(c->cache, 0, sizeof(c->cache));
		arena_deinit(&c->arena);
		c->nrows = 0;
	}
	if ((!c->eh || dwarf_cfi_addrframe(c->eh, pc, &frame)) && (!c->debug || dwarf_cfi_addrframe(c->debug, pc, &frame)))
		return NULL;
	*slot = make_row(c, frame);
	free(frame);
	return *slot;
}

bool dbg_cfi_cfa(struct dbg_cfi *c, uint64_t pc, unsigned *reg, int64_t *offset)
{
	const struct row *row = find_row(c, pc);

	if (!row || row->cfa.kind != RULE_REGISTER)
		return false;
	*reg = row->cfa.reg;
	*offset = row->cfa.offset;
	return true;
}

/* Rules change behind instructions. */
bool dbg_cfi_boundary(struct dbg_cfi *c, uint64_t pc, uint64_t *boundary)
{
	const struct row *row = find_row(c, pc);

	*boundary = row ? row->start : 0;
	return row;
}

/* --- expressions --- */

struct machine {
	const struct cfi_regs *regs;
	uint64_t cfa;
	cfi_read *read;
	void *data;
	uint64_t stack[STACK_DEPTH];
	unsigned depth;
	bool no_memory;
};

static uint64_t word(const struct cfi_regs *regs, uint64_t v)
{
	return regs->is_32bit ? (uint32_t)v : v;
}

static unsigned word_size(const struct cfi_regs *regs)
{
	return regs->is_32bit ? 4 : 8;
}

static bool push(struct machine *m, uint64_t v)
{
	if (m->depth == STACK_DEPTH)
		return false;
	m->stack[m->depth++] = v;
	return true;
}

static bool push_reg(struct machine *m, unsigned reg, uint64_t offset)
{
	return reg < CFI_REGS && m->regs->known & 1u << reg && push(m, m->regs->value[reg] + offset);
}

static bool deref(struct machine *m, unsigned size)
{
	uint64_t *top = &m->stack[m->depth - 1];

	if (!m->depth || !size || size > 8)
		return false;
	if (!m->read(m->data, word(m->regs, *top), word_size(m->regs), top)) {
		m->no_memory = true;
		return false;
	}
	if (size < 8)
		*top &= (1ull << 8 * size) - 1;
	return true;
}

static bool binary(struct machine *m, unsigned atom)
{
	uint64_t b, a;

	if (m->depth < 2)
		return false;
	b = m->stack[--m->depth];
	a = m->stack[m->depth - 1];
	switch (atom) {
	case DW_OP_and: a &= b; break;
	case DW_OP_or: a |= b; break;
	case DW_OP_xor: a ^= b; break;
	case DW_OP_plus: a += b; break;
	case DW_OP_minus: a -= b; break;
	case DW_OP_mul: a *= b; break;
	case DW_OP_div:
		if (!b)
			return false;
		a = b == UINT64_MAX ? -a : (uint64_t)((int64_t)a / (int64_t)b);
		break;
	case DW_OP_mod:
		if (!b)
			return false;
		a %= b;
		break;
	case DW_OP_shl: a = b < 64 ? a << b : 0; break;
	case DW_OP_shr: a = b < 64 ? a >> b : 0; break;
	case DW_OP_shra: a = (uint64_t)((int64_t)a >> (b < 64 ? b : 63)); break;
	case DW_OP_eq: a = a == b; break;
	case DW_OP_ne: a = a != b; break;
	case DW_OP_lt: a = (int64_t)a < (int64_t)b; break;
	case DW_OP_le: a = (int64_t)a <= (int64_t)b; break;
	case DW_OP_gt: a = (int64_t)a > (int64_t)b; break;
	case DW_OP_ge: a = (int64_t)a >= (int64_t)b; break;
	default: return false;
	}
	m->stack[m->depth - 1] = a;
	return true;
}

static bool rearrange(struct machine *m, unsigned atom, uint64_t n)
{
	uint64_t *top = m->stack + m->depth, v;

	switch (atom) {
	case DW_OP_dup:
		n = 0;
		break;
	case DW_OP_over:
		n = 1;
		break;
	case DW_OP_pick:
		break;
	case DW_OP_drop:
		return m->depth && m->depth--;
	case DW_OP_swap:
		if (m->depth < 2)
			return false;
		v = top[-1];
		top[-1] = top[-2];
		top[-2] = v;
		return true;
	default:	/* rot */
		if (m->depth < 3)
			return false;
		v = top[-1];
		top[-1] = top[-2];
		top[-2] = top[-3];
		top[-3] = v;
		return true;
	}
	return n < m->depth && push(m, top[-1 - (int64_t)n]);
}

static bool compute(struct machine *m, const Dwarf_Op *op)
{
	if (op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31)
		return push(m, op->atom - DW_OP_lit0);
	if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31)
		return push_reg(m, op->atom - DW_OP_breg0, op->number);
	switch (op->atom) {
	case DW_OP_addr:
	case DW_OP_const1u: case DW_OP_const1s: case DW_OP_const2u: case DW_OP_const2s: case DW_OP_const4u: case DW_OP_const4s:
	case DW_OP_const8u: case DW_OP_const8s: case DW_OP_constu: case DW_OP_consts:
		return push(m, op->number);
	case DW_OP_bregx:
		return op->number < CFI_REGS && push_reg(m, (unsigned)op->number, op->number2);
	case DW_OP_call_frame_cfa:
		return push(m, m->cfa);
	case DW_OP_plus_uconst:
		return m->depth && (m->stack[m->depth - 1] += op->number, true);
	case DW_OP_neg:
		return m->depth && (m->stack[m->depth - 1] = -m->stack[m->depth - 1], true);
	case DW_OP_not:
		return m->depth && (m->stack[m->depth - 1] = ~m->stack[m->depth - 1], true);
	case DW_OP_abs:
		if (m->depth && (int64_t)m->stack[m->depth - 1] < 0)
			m->stack[m->depth - 1] = -m->stack[m->depth - 1];
		return m->depth != 0;
	case DW_OP_deref:
		return deref(m, 8);
	case DW_OP_deref_size:
		return deref(m, (unsigned)op->number);
	case DW_OP_dup: case DW_OP_drop: case DW_OP_over: case DW_OP_pick: case DW_OP_swap: case DW_OP_rot:
		return rearrange(m, op->atom, op->number);
	case DW_OP_nop:
		return true;
	default:
		return binary(m, op->atom);
	}
}

/* The operation that a jump leads to; n: the end, -1: none. */
static int jump_target(const Dwarf_Op *ops, unsigned n, unsigned from)
{
	/* the operand counts from behind the jump, which has 3 bytes */
	uint64_t offset = ops[from].offset + 3 + (uint64_t)(int64_t)(int16_t)ops[from].number;

	for (unsigned i = 0; i < n; i++)
		if (ops[i].offset == offset)
			return (int)i;
	return offset > ops[n - 1].offset ? (int)n : -1;
}

static bool evaluate(struct machine *m, const Dwarf_Op *ops, unsigned n, uint64_t *result)
{
	for (unsigned i = 0, steps = 0; i < n; steps++) {
		const Dwarf_Op *op = &ops[i];

		if (steps > 4 * MAX_OPS)
			return false;
		if (op->atom == DW_OP_skip || op->atom == DW_OP_bra) {
			int to = jump_target(ops, n, i);

			if (op->atom == DW_OP_bra && (!m->depth || !m->stack[--m->depth]))
				to = m->depth < STACK_DEPTH ? (int)i + 1 : -1;
			if (to < 0)
				return false;
			i = (unsigned)to;
			continue;
		}
		if (!compute(m, op))
			return false;
		i++;
	}
	if (!m->depth)
		return false;
	*result = m->stack[m->depth - 1];
	return true;
}

/* --- steps --- */

/* The value of a register in the caller; false if it is not known. */
static bool apply(const struct rule *rule, unsigned reg, struct machine *m, uint64_t *value)
{
	uint64_t address;

	m->depth = 0;
	switch (rule->kind) {
	case RULE_SAME:
		*value = m->regs->value[reg];
		return m->regs->known & 1u << reg;
	case RULE_REGISTER:
		*value = m->regs->value[rule->reg] + (uint64_t)rule->offset;
		return m->regs->known & 1u << rule->reg;
	case RULE_VALUE:
		*value = m->cfa + (uint64_t)rule->offset;
		return true;
	case RULE_VALUE_OF:
		return evaluate(m, rule->ops, rule->nops, value);
	case RULE_SAVED:
		address = m->cfa + (uint64_t)rule->offset;
		break;
	case RULE_SAVED_AT:
		/* libdw has put an operation in front that pushes the CFA */
		if (!evaluate(m, rule->ops, rule->nops, &address))
			return false;
		break;
	default:
		return false;
	}
	if (m->read(m->data, word(m->regs, address), word_size(m->regs), value))
		return true;
	m->no_memory = true;
	return false;
}

enum cfi_step dbg_cfi_step(struct dbg_cfi *c, uint64_t pc, struct cfi_regs *regs, cfi_read *read, void *data)
{
	const struct row *row = c->is_32bit == regs->is_32bit ? find_row(c, pc) : NULL;
	struct machine m = { .regs = regs, .read = read, .data = data };
	struct cfi_regs caller = { .is_32bit = regs->is_32bit };
	unsigned sp = cfi_sp(regs), counter = cfi_pc(regs);
	uint64_t value;

	if (!row)
		return CFI_UNKNOWN;
	if (row->regs[counter].kind == RULE_UNDEFINED)
		return CFI_OUTERMOST;
	if (!apply(&row->cfa, sp, &m, &value))
		return m.no_memory ? CFI_NO_MEMORY : CFI_UNKNOWN;
	m.cfa = word(regs, value);
	for (unsigned r = 0; r < (regs->is_32bit ? CFI32_REGS : CFI_REGS); r++) {
		if (!apply(&row->regs[r], r, &m, &value))
			continue;
		caller.value[r] = word(regs, value);
		caller.known |= 1u << r;
	}
	if (!(caller.known & 1u << sp)) {
		caller.value[sp] = m.cfa;
		caller.known |= 1u << sp;
	}
	if (!(caller.known & 1u << counter))
		return m.no_memory ? CFI_NO_MEMORY : CFI_UNKNOWN;
	if (!caller.value[counter])
		return CFI_OUTERMOST;
	if (!row->is_signal && caller.value[sp] <= regs->value[sp])
		return CFI_UNKNOWN;
	*regs = caller;
	return row->is_signal ? CFI_SIGNAL : CFI_CALLER;
}

enum cfi_step dbg_cfi_step_fp(struct cfi_regs *regs, cfi_read *read, void *data)
{
	unsigned fp = cfi_fp(regs), sp = cfi_sp(regs), counter = cfi_pc(regs), size = word_size(regs);
	uint64_t at = regs->value[fp], next, pc;

	if (!(regs->known & 1u << fp) || at < regs->value[sp] || at & (size - 1))
		return CFI_UNKNOWN;
	if (!read(data, at, size, &next) || !read(data, at + size, size, &pc))
		return CFI_NO_MEMORY;
	if (!pc)
		return CFI_OUTERMOST;
	*regs = (struct cfi_regs){ .known = 1u << fp | 1u << sp | 1u << counter, .is_32bit = regs->is_32bit };
	regs->value[fp] = next;
	regs->value[sp] = at + 2 * size;
	regs->value[counter] = pc;
	return CFI_CALLER;
}
