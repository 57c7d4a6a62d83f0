// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random functions, as lowering might write them: after each pass, and after all of them, they must return and leave behind
 * what they did before.
 *
 * ir_random [FIRST [LAST]] runs those seeds and prints the function where one fails.
 */
#include "ir/build.h"
#include "ir/passes.h"
#include "test/unit/ir_interp.h"
#include "suite.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 1500, NUMBERS_MAX = 64, SLOTS = 3, SLOT_SIZE = 16, DROPS = 248, LOOPS_MAX = 3 };

static unsigned first_seed = 1, last_seed = SEEDS;

/* ---- numbers ---- */

static uint64_t state;

static uint64_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static unsigned below(unsigned n)
{
	return (unsigned)(rnd() >> 20) % n;
}

static int64_t any_number(void)
{
	switch (below(7)) {
	case 0: return below(4);
	case 1: return -(int64_t)below(4);
	case 2: return (int64_t)rnd();
	case 3: return (int64_t)(1ull << below(64));
	case 4: return (int64_t)((1ull << below(64)) - 1);
	case 5: return below(2) ? 0xff : 0xffffffff;
	default: return below(70);
	}
}

/* ---- the function ---- */

struct maker {
	struct ir_builder b;
	struct ir_value *numbers[NUMBERS_MAX];	/* that may be used here */
	unsigned n;
	struct ir_slot *slots[SLOTS];
	struct map_def *data, *hash, *named, *task, *swapped;
	unsigned budget, loops;
};

static struct ir_value *number(struct maker *m)
{
	if (!m->n || !below(4))
		return ir_const(&m->b, any_number());
	return m->numbers[below(m->n)];
}

static struct ir_value *keep(struct maker *m, struct ir_value *v)
{
	m->numbers[m->n < NUMBERS_MAX ? m->n++ : below(NUMBERS_MAX)] = v;
	return v;
}

static struct ir_value *slot(struct maker *m)
{
	return ir_slot_addr(&m->b, m->slots[below(SLOTS)]);
}

static unsigned size(void)
{
	return 1u << below(4);
}

static bool divides(enum ir_op op)
{
	return op == IR_UDIV || op == IR_UMOD || op == IR_SDIV || op == IR_SMOD;
}

static void make_arithmetic(struct maker *m)
{
	static const enum ir_op binary[] = {
		IR_ADD, IR_SUB, IR_MUL, IR_UDIV, IR_UMOD, IR_SDIV, IR_SMOD, IR_AND, IR_OR, IR_XOR, IR_SHL, IR_LSHR, IR_ASHR,
		IR_EQ, IR_NE, IR_ULT, IR_ULE, IR_SLT, IR_SLE,
	};
	static const enum ir_op extend[] = { IR_SEXT, IR_ZEXT, IR_BSWAP };
	struct ir_builder *b = &m->b;
	struct ir_value *x = number(m), *y = number(m);
	enum ir_op op;

	switch (below(8)) {
	case 0:
		keep(m, ir_unary(b, below(2) ? IR_NEG : IR_NOT, x));
		break;
	case 1:
		op = extend[below(3)];
		keep(m, ir_extend(b, op, x, op == IR_BSWAP ? 2u << below(3) : size()));
		break;
	default:
		op = binary[below(sizeof(binary) / sizeof(binary[0]))];
		if (divides(op) && ir_is_const(y) && !y->imm)
			y = ir_const(b, 7);
		else if (divides(op) && !ir_is_const(y))
			y = ir_binary(b, IR_OR, y, ir_const(b, 1));
		keep(m, ir_binary(b, op, x, y));
	}
}

static void make_memory(struct maker *m)
{
	struct ir_builder *b = &m->b;
	struct ir_value *p = slot(m);
	unsigned n = size();
	int64_t offset = n * below(SLOT_SIZE / n);

	switch (below(12)) {
	case 0: case 1: case 2:
		ir_store(b, n, p, offset, number(m));
		break;
	case 3: case 4:
		keep(m, ir_load(b, n, p, offset));
		break;
	case 5:
		ir_copy(b, p, slot(m), SLOT_SIZE);
		break;
	case 6:
		ir_zero(b, p, below(2) ? SLOT_SIZE : 8);
		break;
	case 7:
		keep(m, ir_load(b, n, ir_ctx(b), offset));
		break;
	case 8:
		ir_call(b, IR_H_get_current_comm, p, ir_const(b, SLOT_SIZE));
		break;
	case 9:
		keep(m, ir_call(b, below(2) ? IR_H_get_current_pid_tgid : IR_H_get_smp_processor_id));
		break;
	case 10:
		p = ir_padd(b, p, ir_binary(b, IR_AND, number(m), ir_const(b, 7)), below(8));
		if (below(2))
			ir_store(b, 1, p, below(2), number(m));
		else
			keep(m, ir_load(b, 1, p, below(2)));
		break;
	default:
		p = ir_padd(b, p, ir_const(b, 4), below(4));
		keep(m, ir_load(b, 4, p, 1));
	}
}

static void make_shared(struct maker *m)
{
	struct ir_builder *b = &m->b;
	unsigned n = size();
	struct ir_value *p = ir_data(b, m->data, 8 * below(4));
	int64_t offset = n * below(16 / n);

	switch (below(6)) {
	case 0:
		ir_store(b, n, p, offset, number(m));
		break;
	case 1: case 2:
		keep(m, ir_load(b, n, p, offset));
		break;
	case 3:
		ir_atomic_add(b, below(2) ? 4 : 8, p, 8, number(m));
		break;
	case 4:
		keep(m, ir_atomic(b, below(2) ? IR_XCHG : IR_FETCHADD, 8, p, 0, number(m)));
		break;
	default:
		keep(m, ir_cmpxchg(b, 8, p, 0, number(m), number(m)));
	}
}

static void make_statements(struct maker *m, unsigned n);

static struct ir_value *key_number(struct maker *m)
{
	return below(2) ? ir_const(&m->b, below(3)) : ir_binary(&m->b, IR_AND, number(m), ir_const(&m->b, 3));
}

/* One of the maps, with parts for its key */
static struct map_def *keyed_map(struct maker *m, struct ir_value **parts, unsigned *n)
{
	switch (below(4)) {
	case 0:
		*n = 0;
		return m->task;
	case 1:
		parts[0] = slot(m);
		*n = 1;
		return m->named;
	case 2:
		parts[0] = key_number(m);
		parts[1] = slot(m);
		*n = 2;
		return m->swapped;
	default:
		parts[0] = key_number(m);
		parts[1] = ir_const(&m->b, below(2));
		*n = 2;
		return m->hash;
	}
}

static void use_entry(struct maker *m, struct ir_value *p)
{
	struct ir_builder *b = &m->b;

	switch (below(4)) {
	case 0:
		ir_store(b, 8, p, 0, number(m));
		break;
	case 1:
		ir_store(b, 8, p, 8, ir_binary(b, IR_ADD, ir_load(b, 8, p, 8), ir_const(b, 1)));
		break;
	case 2:
		ir_atomic_add(b, 8, p, 0, ir_const(b, 1));
		break;
	default:
		ir_store(b, 4, p, 4, number(m));
	}
}

/* p = find; x = n; if (p) { x = *p; *p = …; … } */
static void make_keyed(struct maker *m)
{
	struct ir_builder *b = &m->b;
	struct ir_value *parts[2], *p, *x, *none, *phi;
	unsigned nparts, n = m->n;
	struct map_def *map = keyed_map(m, parts, &nparts);
	struct ir_block *found, *end, *from = b->block;

	if (!below(4)) {
		ir_keyed(b, IR_REMOVE, map, parts, nparts);
		return;
	}
	none = number(m);
	p = ir_keyed(b, below(2) ? IR_LOOKUP : IR_ENTRY, map, parts, nparts);
	found = ir_block_add(b);
	end = ir_block_add(b);
	ir_br(b, ir_binary(b, IR_NE, p, ir_const(b, 0)), found, end);
	ir_enter(b, found);
	x = keep(m, ir_load(b, 8, p, 8 * below(2)));
	if (below(2))
		use_entry(m, p);
	if (!below(3))
		make_statements(m, 1 + below(3));
	m->n = n;
	found = b->block;
	ir_jmp(b, end);
	ir_enter(b, end);
	if (below(2))
		return;
	phi = ir_phi(b, IR_I64);
	ir_phi_add(b, phi, found, x);
	ir_phi_add(b, phi, from, none);
	keep(m, phi);
}

static void make_branch(struct maker *m)
{
	struct ir_builder *b = &m->b;
	struct ir_block *then = ir_block_add(b), *otherwise = ir_block_add(b), *end = ir_block_add(b), *from[2];
	struct ir_value *cond = number(m), *x[2], *phi;
	unsigned n = m->n;

	if (ir_is_const(cond))
		cond = ir_load(b, 1, ir_ctx(b), below(64));
	if (below(2))
		cond = ir_binary(b, IR_ULT, cond, number(m));
	if (ir_is_const(cond))
		cond = ir_load(b, 1, ir_ctx(b), below(64));
	ir_br(b, cond, then, otherwise);
	for (int i = 0; i < 2; i++) {
		ir_enter(b, i ? otherwise : then);
		if (below(3))
			make_statements(m, 1 + below(4));
		x[i] = below(2) ? ir_const(b, i) : number(m);
		from[i] = b->block;
		ir_jmp(b, end);
		m->n = n;
	}
	ir_enter(b, end);
	phi = ir_phi(b, IR_I64);
	for (int i = 0; i < 2; i++)
		ir_phi_add(b, phi, from[i], x[i]);
	keep(m, phi);
}

/* x = a; for (i = 0; i < n; i++) { …; x = b; } */
static void make_loop(struct maker *m)
{
	struct ir_builder *b = &m->b;
	struct ir_block *head = ir_block_add(b), *body = ir_block_add(b), *end = ir_block_add(b), *from = b->block;
	struct ir_value *zero = ir_const(b, 0), *x = number(m), *i, *carried;
	unsigned n = m->n;

	m->loops++;
	ir_jmp(b, head);
	ir_enter(b, head);
	i = ir_phi(b, IR_I64);
	carried = ir_phi(b, IR_I64);
	ir_phi_add(b, i, from, zero);
	ir_phi_add(b, carried, from, x);
	ir_br(b, ir_binary(b, IR_ULT, i, ir_const(b, 1 + below(3))), body, end);
	ir_enter(b, body);
	keep(m, i);
	keep(m, carried);
	make_statements(m, 1 + below(5));
	ir_phi_add(b, carried, b->block, number(m));
	ir_phi_add(b, i, b->block, ir_binary(b, IR_ADD, i, ir_const(b, 1)));
	ir_jmp(b, head);
	m->n = n;
	m->loops--;
	ir_enter(b, end);
	keep(m, carried);
}

static void make_statements(struct maker *m, unsigned n)
{
	for (; n; n--) {
		if (!m->budget)
			return;
		m->budget--;
		switch (below(12)) {
		case 0: case 1: case 2: case 3:
			make_arithmetic(m);
			break;
		case 4: case 5:
			make_memory(m);
			break;
		case 6:
			make_shared(m);
			break;
		case 7: case 8: case 9:
			make_keyed(m);
			break;
		case 10:
			make_branch(m);
			break;
		default:
			if (m->loops < LOOPS_MAX)
				make_loop(m);
		}
	}
}

/* ---- the module ---- */

static struct map_def *add_map(struct ir_module *m, const char *name, enum map_kind kind, unsigned value_size)
{
	struct map_def *map = ir_map_add(m, name);

	map->kind = kind;
	map->value_size = value_size;
	map->entries = kind == MAP_ARRAY ? 1 : 3;
	map->drops = kind == MAP_ARRAY ? -1 : DROPS;
	return map;
}

static void add_field(struct ir_module *m, struct map_def *map, unsigned offset, unsigned size, bool memory)
{
	*arena_vec_add(m->arena, &map->key) = (struct key_field){ offset, size, memory };
	map->key_size = (offset + size + 7) & ~7u;
}

static struct ir_module *make_module(struct arena *a)
{
	struct ir_module *module = ir_module_create(a);
	struct ir_program *program = ir_program_add(module, "random");
	struct maker m = { .budget = 8 + below(60) };
	struct ir_value *sum;

	m.data = add_map(module, "data", MAP_ARRAY, INTERP_DATA);
	m.hash = add_map(module, "hash", MAP_HASH, 16);
	add_field(module, m.hash, 0, 4, false);
	add_field(module, m.hash, 8, 2, false);
	m.named = add_map(module, "named", MAP_PERCPU_HASH, 16);
	add_field(module, m.named, 0, 16, true);
	m.swapped = add_map(module, "swapped", MAP_HASH, 16);
	m.swapped->swapped = true;
	add_field(module, m.swapped, 0, 1, false);
	add_field(module, m.swapped, 8, 16, true);
	m.task = add_map(module, "task", MAP_TASK_STORAGE, 16);
	module->data = arena_new(a, struct data_def);
	module->data->map = m.data;
	ir_builder_start(&m.b, module, program, ir_func_add(module, program, "random", IR_I64));
	for (int i = 0; i < SLOTS; i++) {
		struct ir_value *p = ir_slot(&m.b, SLOT_SIZE, 8, NULL);

		m.slots[i] = p->slot;
		ir_zero(&m.b, p, SLOT_SIZE);
	}
	keep(&m, ir_load(&m.b, 8, ir_ctx(&m.b), 0));
	make_statements(&m, m.budget);
	sum = ir_const(&m.b, 0);
	for (unsigned i = 0; i < m.n; i++)
		sum = ir_binary(&m.b, IR_ADD, ir_binary(&m.b, IR_MUL, sum, ir_const(&m.b, 31)), m.numbers[i]);
	ir_ret(&m.b, sum);
	return module;
}

/* ---- comparing ---- */

static char *text_of(const struct ir_module *m)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	ir_print_module(f, m);
	fclose(f);
	return text;
}

static struct ir_func *main_of(const struct ir_module *m)
{
	return m->programs.data[0]->funcs.data[0];
}

/* Runs the function of the text as it is and after the passes (NULL: the pipeline); what differs, or NULL. */
static const char *compare(struct arena *a, const char *text, const struct ir_pass *pass)
{
	const char *error = NULL;
	struct ir_module *before = ir_parse(a, text, &error), *after = before ? ir_parse(a, text, &error) : NULL;
	static struct interp was, is;
	uint64_t x, y;

	if (!after)
		return error;
	if (pass)
		pass->run(after, main_of(after));
	else
		error = ir_run_passes(after, NULL, NULL);
	if (!error)
		error = ir_verify(a, main_of(after));
	if (error)
		return error;
	interp_init(&was, before);
	interp_init(&is, after);
	/* twice: with empty maps, and with what the first run left there */
	for (int i = 0; i < 2 && !error; i++) {
		x = interp_run(&was, main_of(before));
		y = interp_run(&is, main_of(after));
		error = was.error ? was.error : is.error ? is.error : x != y ? "the result" : interp_compare(&was, &is, DROPS);
	}
	interp_deinit(&was);
	interp_deinit(&is);
	return error;
}

static bool run_seed(unsigned seed)
{
	struct arena a = { 0 };
	const char *error, *name = "built";
	char *text;
	struct ir_module *m;

	state = seed * 0x9e3779b97f4a7c15ull + 1;
	m = make_module(&a);
	ir_renumber(main_of(m));
	text = text_of(m);
	error = ir_verify(&a, main_of(m));
	for (unsigned i = 0; i < ir_npasses && !error; i++) {
		name = ir_passes[i].name;
		error = compare(&a, text, &ir_passes[i]);
	}
	if (!error) {
		name = "all passes";
		error = compare(&a, text, NULL);
	}
	if (error)
		fprintf(stderr, "seed %u, %s: %s\n%s", seed, name, error, text);
	free(text);
	arena_deinit(&a);
	return !error;
}

START_TEST(test_random)
{
	for (unsigned seed = first_seed; seed <= last_seed; seed++)
		ck_assert_msg(run_seed(seed), "seed %u", seed);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *s = suite_create("ir_random");
	TCase *tc = tcase_create("random");

	if (argc > 1)
		first_seed = last_seed = (unsigned)atoi(argv[1]);
	if (argc > 2)
		last_seed = (unsigned)atoi(argv[2]);
	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, test_random);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
