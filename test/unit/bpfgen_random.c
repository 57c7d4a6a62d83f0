// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random functions: the kernel's run of what the code generator made of them and the interpreter below must leave the
 * same memory. They have what is hard for registers: many values alive, branches and PHIs, loops that turn values
 * over, calls that destroy registers, subfunctions, slots on the stack and off it, masked indices.
 *
 * bpfgen_random [FIRST [LAST]] runs those seeds; with IR_TEXT=FILE it runs the text in the file instead.
 */
#include "test/unit/bpfgen_kernel.h"
#include "suite.h"

#include <bpf/bpf.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUTS = 12, PLACES = 16, OUTPUTS = 32, WORDS = INPUTS + PLACES + OUTPUTS, SEEDS = 200, VALUES = 1 << 14, FUNCS = 3 };

static uint64_t first_seed = 1, last_seed = SEEDS;
static bool has_fetch;

/* ---- numbers ---- */

static uint64_t state;

/* xorshift64* */
static uint64_t rnd(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull;
}

static unsigned below(unsigned n)
{
	return (unsigned)(rnd() >> 33) % n;
}

static uint64_t any_number(void)
{
	switch (below(6)) {
	case 0: return below(16);
	case 1: return rnd();
	case 2: return -(uint64_t)below(1000);
	case 3: return 1ull << below(64);
	case 4: return (1ull << below(64)) - 1;
	default: return (uint32_t)rnd();
	}
}

/* ---- writing a function ---- */

struct writer {
	FILE *out;
	unsigned nvalues, nblocks, nslots;
	unsigned block;			/* the current one */
	unsigned live[VALUES];		/* what may be used here */
	unsigned nlive;
	unsigned reach;			/* how far back operands are taken from: the pressure on registers */
	unsigned bases[4], sizes[4], nbases;
	unsigned nfuncs;		/* that may be called */
	unsigned outputs;
};

__attribute__((format(printf, 2, 3)))
static unsigned def(struct writer *w, const char *fmt, ...)
{
	va_list ap;

	fprintf(w->out, "\t%%%u = ", w->nvalues);
	va_start(ap, fmt);
	vfprintf(w->out, fmt, ap);
	va_end(ap);
	putc('\n', w->out);
	return w->nvalues++;
}

static void keep(struct writer *w, unsigned v)
{
	w->live[w->nlive++] = v;
}

static unsigned pick(struct writer *w)
{
	unsigned n = w->nlive < w->reach ? w->nlive : w->reach;

	return w->live[w->nlive - 1 - below(n)];
}

/* mostly a value, else a constant */
static const char *operand(struct writer *w, char *text)
{
	if (below(4))
		sprintf(text, "%%%u", pick(w));
	else
		sprintf(text, "%" PRId64, (int64_t)any_number());
	return text;
}

static void enter(struct writer *w, unsigned block)
{
	fprintf(w->out, "b%u:%s\n", block, block && !below(6) ? " unlikely" : "");
	w->block = block;
}

static void arithmetic(struct writer *w)
{
	static const char *const binary[] = {
		"add", "sub", "mul", "and", "or", "xor", "shl", "lshr", "ashr", "eq", "ne", "ult", "ule", "slt", "sle",
	};
	static const char *const unary[] = {
		"neg", "not", "sext.1", "sext.2", "sext.4", "zext.1", "zext.2", "zext.4", "bswap.2", "bswap.4", "bswap.8",
	};
	char a[32], b[32];
	unsigned v;

	switch (below(8)) {
	case 0:
		keep(w, def(w, "%s %%%u", unary[below(11)], pick(w)));
		break;
	case 1:
		v = def(w, "or %%%u, %u", pick(w), 1 + below(100));
		keep(w, def(w, "%s %s, %%%u", below(2) ? "udiv" : "umod", operand(w, a), v));
		break;
	case 2:
		keep(w, def(w, "%s %%%u, %u", below(2) ? "udiv" : "umod", pick(w), 1 + below(1000)));
		break;
	default:
		keep(w, def(w, "%s %s, %s", binary[below(15)], operand(w, a), operand(w, b)));
	}
}

static void barrier(struct writer *w)
{
	def(w, "call get_prandom_u32");
}

static void access_memory(struct writer *w)
{
	unsigned n = below(w->nbases), size = 1u << below(4), offset;
	char a[32], b[32];
	unsigned what = below(has_fetch ? 8 : 5);

	if (what >= 4 && size < 4)
		size = 4;
	if (what > 4)
		n = 0;		/* 6.18's verifier takes what was fetched from the stack for the constant of another path */
	offset = below(w->sizes[n] / size) * size;
	switch (what) {
	case 0: case 1:
		fprintf(w->out, "\tstore.%u %%%u + %u, %s\n", size, w->bases[n], offset, operand(w, a));
		break;
	case 2: case 3:
		keep(w, def(w, "load.%u %%%u + %u", size, w->bases[n], offset));
		break;
	case 4:
		fprintf(w->out, "\taadd.%u %%%u + %u, %s\n", size, w->bases[n], offset, operand(w, a));
		break;
	case 5: case 6:
		keep(w, def(w, "%s.%u %%%u + %u, %s", what == 5 ? "fetchadd" : "xchg", size, w->bases[n], offset, operand(w, a)));
		break;
	default:
		keep(w, def(w, "cmpxchg.%u %%%u + %u, %s, %s", size, w->bases[n], offset, operand(w, a), operand(w, b)));
	}
}

/* An index that lies masked for a while before it is used. */
static void indexed(struct writer *w)
{
	unsigned index = def(w, "and %%%u, 7", pick(w)), scaled = def(w, "shl %%%u, 3", index), p, data;
	char a[32];

	keep(w, index);
	for (unsigned n = below(3); n--;)
		arithmetic(w);
	if (below(2))
		barrier(w);
	data = def(w, "data @0 + %u", 8 * INPUTS);
	p = def(w, "padd %%%u + %u, %%%u", data, 8 * below(4), scaled);
	if (below(2))
		fprintf(w->out, "\tstore.8 %%%u + %u, %s\n", p, 8 * below(4), operand(w, a));
	else
		keep(w, def(w, "load.8 %%%u + %u", p, 8 * below(4)));
}

static void block_memory(struct writer *w)
{
	unsigned to = below(w->nbases), from = below(w->nbases);
	unsigned size = w->sizes[to] < w->sizes[from] ? w->sizes[to] : w->sizes[from];

	size = 1 + below(size);
	if (to == from || below(4) == 0)
		fprintf(w->out, "\tzero %%%u, %u\n", w->bases[to], size);
	else
		fprintf(w->out, "\tcopy %%%u, %%%u, %u\n", w->bases[to], w->bases[from], size);
}

/* Neighbours, which may become one store. */
static void neighbours(struct writer *w)
{
	unsigned n = below(w->nbases), size = 1u << below(3), offset = below(w->sizes[n] / size) * size;

	while (offset + size <= w->sizes[n] && below(4)) {
		if (below(3))
			fprintf(w->out, "\tstore.%u %%%u + %u, %u\n", size, w->bases[n], offset, below(3) * below(200));
		else
			fprintf(w->out, "\tstore.%u %%%u + %u, %%%u\n", size, w->bases[n], offset,
				def(w, "zext.%u %%%u", 1u << below(3), pick(w)));
		offset += size;
		size <<= below(2) && size < 8;
		offset = (offset + size - 1) / size * size;
	}
}

static void call_function(struct writer *w)
{
	char a[32], b[32], c[32];
	unsigned n;

	if (!w->nfuncs) {
		barrier(w);
		return;
	}
	n = below(w->nfuncs);
	keep(w, def(w, "callf f%u %s, %s, %s", n, operand(w, a), operand(w, b), operand(w, c)));
}

static void statements(struct writer *w, unsigned n, unsigned depth);

static unsigned condition(struct writer *w)
{
	static const char *const ops[] = { "eq", "ne", "ult", "ule", "slt", "sle", "and" };
	char a[32], b[32];

	return below(4) ? def(w, "%s %s, %s", ops[below(7)], operand(w, a), operand(w, b)) : pick(w);
}

static void branch(struct writer *w, unsigned depth)
{
	unsigned then = w->nblocks++, other = w->nblocks++, join = w->nblocks++, live = w->nlive;
	unsigned from[2], nphis = below(4), values[2][3];
	bool has_else = below(2);

	from[1] = w->block;
	for (unsigned i = 0; i < nphis; i++)
		values[1][i] = pick(w);
	fprintf(w->out, "\tbr %%%u, b%u, b%u\n", condition(w), then, has_else ? other : join);
	for (int arm = 0; arm < 1 + has_else; arm++) {
		enter(w, arm ? other : then);
		statements(w, 1 + below(5), depth + 1);
		for (unsigned i = 0; i < nphis; i++)
			values[arm][i] = pick(w);
		from[arm] = w->block;
		fprintf(w->out, "\tjmp b%u\n", join);
		w->nlive = live;
	}
	enter(w, join);
	for (unsigned i = 0; i < nphis; i++)
		keep(w, def(w, "phi i64 b%u: %%%u, b%u: %%%u", from[0], values[0][i], from[1], values[1][i]));
}

/* A few rounds, in each of which the values that are carried over change places. */
static void loop(struct writer *w, unsigned depth)
{
	unsigned head = w->nblocks++, body = w->nblocks++, latch = w->nblocks++, done = w->nblocks++;
	unsigned before = w->block, live, ncarried = below(5), first, counter, next, values[5], initial[5];

	for (unsigned i = 0; i < ncarried; i++)
		initial[i] = pick(w);
	fprintf(w->out, "\tjmp b%u\n", head);
	enter(w, head);
	/* the numbers that the PHIs' operands from the latch will have are not known yet: moves of their own in the latch */
	counter = w->nvalues++;
	first = w->nvalues;
	w->nvalues += ncarried;
	next = w->nvalues;
	w->nvalues += 1 + ncarried;
	fprintf(w->out, "\t%%%u = phi i64 b%u: 0, b%u: %%%u\n", counter, before, latch, next);
	for (unsigned i = 0; i < ncarried; i++)
		values[i] = below(2) ? first + (i + 1) % ncarried : next + 1 + i;
	for (unsigned i = 0; i < ncarried; i++)
		fprintf(w->out, "\t%%%u = phi i64 b%u: %%%u, b%u: %%%u\n", first + i, before, initial[i], latch, values[i]);
	for (unsigned i = 0; i < ncarried; i++)
		keep(w, first + i);
	live = w->nlive;
	if (below(2))
		statements(w, 1, depth + 2);
	fprintf(w->out, "\tbr %%%u, b%u, b%u\n", def(w, "ult %%%u, %u", counter, 1 + below(4)), body, done);
	w->nlive = live;
	enter(w, body);
	statements(w, 1 + below(4), depth + 1);
	fprintf(w->out, "\tjmp b%u\n", latch);
	enter(w, latch);
	for (unsigned i = 0; i < ncarried; i++)
		fprintf(w->out, "\t%%%u = xor %%%u, %u\n", next + 1 + i, pick(w), below(100));
	fprintf(w->out, "\t%%%u = add %%%u, 1\n\tjmp b%u\n", next, counter, head);
	enter(w, done);
	w->nlive = live;
}

static void statements(struct writer *w, unsigned n, unsigned depth)
{
	while (n--) {
		unsigned what = below(20);

		if (what < 10)
			arithmetic(w);
		else if (what < 13)
			access_memory(w);
		else if (what < 14)
			indexed(w);
		else if (what < 15)
			below(2) ? block_memory(w) : neighbours(w);
		else if (what < 16)
			call_function(w);
		else if (what < 17)
			barrier(w);
		else if (what < 19 && depth < 3)
			branch(w, depth);
		else if (depth < 2)
			loop(w, depth);
	}
}

static void slots(struct writer *w, unsigned most)
{
	static const unsigned sizes[] = { 8, 24, 64, 13 + 8, 200, 600 };

	for (unsigned n = below(3); n-- && w->nbases < 4;) {
		unsigned size = sizes[below(most)], s = def(w, "slot $%u [%u align 8]", w->nslots++, size);

		fprintf(w->out, "\tzero %%%u, %u\n", s, size);
		w->bases[w->nbases] = s;
		w->sizes[w->nbases++] = size;
	}
}

static void function(struct writer *w, unsigned number, bool is_main)
{
	static const unsigned reaches[] = { 3, 8, 20, 36 };

	w->nvalues = w->nslots = w->nlive = w->nbases = 0;
	w->nblocks = 1;
	w->reach = reaches[below(4)];
	w->nfuncs = is_main ? FUNCS : 0;
	fprintf(w->out, is_main ? "func main(ctx)\n" : "func f%u(i64, i64, i64) i64\n", number);
	enter(w, 0);
	w->bases[0] = def(w, "data @0 + %u", 8 * INPUTS);
	w->sizes[0] = 8 * PLACES;
	w->nbases = 1;
	slots(w, is_main ? 6 : 4);
	if (is_main) {
		unsigned data = def(w, "data @0 + 0"), ctx = def(w, "ctx");

		for (unsigned i = 0; i < INPUTS; i++)
			keep(w, i % 3 ? def(w, "load.8 %%%u + %u", data, 8 * i) : def(w, "load.8 %%%u + %u", ctx, 8 * i));
	} else {
		for (unsigned i = 0; i < 3; i++)
			keep(w, def(w, "param %u", i));
	}
	statements(w, is_main ? 5 + below(60) : 1 + below(12), is_main ? 0 : 1);
	if (is_main)
		for (unsigned i = 0; i < OUTPUTS; i++)
			fprintf(w->out, "\tstore.8 %%%u + %u, %%%u\n", w->bases[0], 8 * (PLACES + i),
				w->live[w->nlive - 1 - i % w->nlive]);
	fprintf(w->out, "\tret %%%u\n", pick(w));
}

static char *module_text(void)
{
	char *text;
	size_t size;
	struct writer w = { .out = open_memstream(&text, &size) };

	fprintf(w.out, "map @0 \"data\" array value %u\nprogram \"random\"\n", 8 * WORDS);
	function(&w, 0, true);
	for (unsigned i = 0; i < FUNCS; i++)
		function(&w, i, false);
	fclose(w.out);
	return text;
}

/* ---- the interpreter ---- */

struct machine {
	uint8_t *data;
	const uint64_t *ctx;
};

static uint64_t read_memory(const void *p, unsigned size)
{
	uint64_t v = 0;

	memcpy(&v, p, size);
	return v;
}

static uint64_t binary(enum ir_op op, uint64_t a, uint64_t b)
{
	switch (op) {
	case IR_ADD: return a + b;
	case IR_SUB: return a - b;
	case IR_MUL: return a * b;
	case IR_UDIV: return a / b;
	case IR_UMOD: return a % b;
	case IR_AND: return a & b;
	case IR_OR: return a | b;
	case IR_XOR: return a ^ b;
	case IR_SHL: return a << (b & 63);
	case IR_LSHR: return a >> (b & 63);
	case IR_ASHR: return (uint64_t)((int64_t)a >> (b & 63));
	case IR_EQ: return a == b;
	case IR_NE: return a != b;
	case IR_ULT: return a < b;
	case IR_ULE: return a <= b;
	case IR_SLT: return (int64_t)a < (int64_t)b;
	case IR_SLE: return (int64_t)a <= (int64_t)b;
	default: ck_abort_msg("operation");
	}
	return 0;
}

static uint64_t extend(const struct ir_value *v, uint64_t x)
{
	unsigned drop = 64 - 8 * v->size;

	if (v->op == IR_BSWAP)
		return __builtin_bswap64(x) >> drop;
	return v->op == IR_SEXT ? (uint64_t)((int64_t)(x << drop) >> drop) : x << drop >> drop;
}

static uint64_t atomic(const struct ir_value *v, uint8_t *p, uint64_t a, uint64_t b)
{
	uint64_t old = read_memory(p, v->size), mask = v->size == 8 ? ~0ull : (1ull << 8 * v->size) - 1;
	uint64_t new = v->op == IR_XCHG ? a : v->op == IR_CMPXCHG ? (old == (a & mask) ? b : old) : old + a;

	memcpy(p, &new, v->size);
	return old;
}

static uint64_t interpret(struct machine *m, struct ir_func *f, const uint64_t *params)
{
	uint64_t *value = calloc(f->nvalues, sizeof(*value)), *phis = calloc(f->nvalues, sizeof(*value)), result = 0;
	uint8_t **slot = calloc(f->slots.len + 1, sizeof(*slot));
	struct ir_block *b = f->blocks.data[0], *from = NULL;

	for (unsigned i = 0; i < f->slots.len; i++)
		slot[i] = calloc(f->slots.data[i]->size, 1);
	while (b) {
		struct ir_block *next = NULL;
		struct ir_value *v;

		for (v = b->first; v && v->op == IR_PHI; v = v->next)
			for (unsigned i = 0; i < v->nargs; i++)
				if (b->preds.data[i] == from)
					phis[v->id] = value[v->args[i]->id];
		for (v = b->first; v; v = v->next) {
			uint64_t x = v->nargs > 0 ? value[v->args[0]->id] : 0, y = v->nargs > 1 ? value[v->args[1]->id] : 0;
			uint8_t *p = (uint8_t *)(uintptr_t)x + v->imm;
			uint64_t args[5] = { 0 };

			switch (v->op) {
			case IR_CONST: value[v->id] = (uint64_t)v->imm; break;
			case IR_PARAM: value[v->id] = params[v->imm]; break;
			case IR_CTX: value[v->id] = (uintptr_t)m->ctx; break;
			case IR_SLOT: value[v->id] = (uintptr_t)slot[v->slot->id]; break;
			case IR_DATA: value[v->id] = (uintptr_t)m->data + (uint64_t)v->imm; break;
			case IR_NEG: value[v->id] = -x; break;
			case IR_NOT: value[v->id] = ~x; break;
			case IR_SEXT: case IR_ZEXT: case IR_BSWAP: value[v->id] = extend(v, x); break;
			case IR_PADD: value[v->id] = x + y + (uint64_t)v->imm; break;
			case IR_LOAD: value[v->id] = read_memory(p, v->size); break;
			case IR_STORE: memcpy(p, &y, v->size); break;
			case IR_COPY: memcpy((void *)(uintptr_t)x, (void *)(uintptr_t)y, (size_t)v->imm); break;
			case IR_ZERO: memset((void *)(uintptr_t)x, 0, (size_t)v->imm); break;
			case IR_AADD: case IR_FETCHADD: case IR_XCHG: case IR_CMPXCHG:
				value[v->id] = atomic(v, p, y, v->nargs > 2 ? value[v->args[2]->id] : 0);
				break;
			case IR_CALL: break;
			case IR_CALLF:
				for (unsigned i = 0; i < v->nargs; i++)
					args[i] = value[v->args[i]->id];
				value[v->id] = interpret(m, v->func, args);
				break;
			case IR_PHI: value[v->id] = phis[v->id]; break;
			case IR_JMP: next = b->succ[0]; break;
			case IR_BR: next = x ? b->succ[0] : b->succ[1]; break;
			case IR_RET: result = x; break;
			default: value[v->id] = binary(v->op, x, y);
			}
		}
		from = b;
		b = next;
	}
	for (unsigned i = 0; i < f->slots.len; i++)
		free(slot[i]);
	free(slot);
	free(phis);
	free(value);
	return result;
}

/* ---- both ---- */

static void compare_runs(struct kernel *k, uint64_t seed, const char *text)
{
	uint64_t before[WORDS] = { 0 }, expected[WORDS], got[WORDS], ctx[12], result;
	uint32_t returned;

	for (unsigned i = 0; i < INPUTS + PLACES; i++)
		before[i] = any_number();
	for (unsigned i = 0; i < 12; i++)
		ctx[i] = any_number();
	memcpy(expected, before, sizeof(before));
	result = interpret(&(struct machine){ (uint8_t *)expected, ctx }, k->module->programs.data[0]->funcs.data[0], NULL);
	kernel_write(k, 0, before);
	returned = kernel_run(k, ctx, 12);
	kernel_read(k, 0, got);
	for (unsigned i = 0; i < WORDS; i++)
		if (got[i] != expected[i]) {
			char *code = kernel_text(k);

			fprintf(stderr, "%s%s", text, code);
			ck_abort_msg("seed %" PRIu64 ": word %u is %" PRIx64 ", not %" PRIx64, seed, i, got[i], expected[i]);
		}
	ck_assert_msg(returned == (uint32_t)result, "seed %" PRIu64 ": returned %x, not %x", seed, returned, (uint32_t)result);
}

static char *read_text(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = calloc(1 << 20, 1);

	ck_assert(in && fread(text, 1, (1 << 20) - 1, in));
	fclose(in);
	return text;
}

START_TEST(random_functions)
{
	for (uint64_t seed = first_seed; seed <= last_seed; seed++) {
		struct kernel k;
		char *text;

		state = seed * 0x9e3779b97f4a7c15ull + 1;
		if (getenv("IR_TEXT"))
			free(module_text());	/* the same inputs as with the seed's own text */
		text = getenv("IR_TEXT") ? read_text(getenv("IR_TEXT")) : module_text();
		if (kernel_open(&k, text))
			for (int i = 0; i < 4; i++)
				compare_runs(&k, seed, text);
		kernel_close(&k);
		free(text);
	}
}
END_TEST

static bool kernel_has_fetch(void)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = 10, .off = -8 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = 10, .off = -8, .imm = BPF_ADD | BPF_FETCH },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "fetch", "GPL", insns, 4, NULL);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int main(int argc, char **argv)
{
	Suite *s = suite_create("bpfgen_random");
	TCase *c = tcase_create("random");

	if (!kernel_usable()) {
		puts("this kernel loads no BPF programs for us");
		return 77;
	}
	has_fetch = kernel_has_fetch();
	if (argc > 1)
		first_seed = last_seed = strtoull(argv[1], NULL, 0);
	if (argc > 2)
		last_seed = strtoull(argv[2], NULL, 0);
	tcase_set_timeout(c, 0);
	tcase_add_test(c, random_functions);
	suite_add_tcase(s, c);
	return run_suite(s);
}
