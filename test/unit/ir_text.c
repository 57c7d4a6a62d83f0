// SPDX-License-Identifier: GPL-2.0-or-later
/* The text form both ways; what the parser and the verifier refuse; constants computed as C does. */
#include "ir/build.h"
#include "ir/edit.h"
#include "ir/passes.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

static struct arena arena;

static void setup(void)
{
	arena = (struct arena){ 0 };
}

static void teardown(void)
{
	arena_deinit(&arena);
}

static char *text_of(const struct ir_module *m)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	ir_print_module(f, m);
	fclose(f);
	return text;
}

/* What parsing or verifying the text says; NULL if it is right. */
static const char *complaint(const char *text)
{
	const char *error = NULL;
	struct ir_module *m = ir_parse(&arena, text, &error);

	if (!m)
		return error;
	vec_foreach(p, &m->programs)
		vec_foreach(f, &(*p)->funcs)
			if (!error)
				error = ir_verify(&arena, *f);
	return error;
}

static const char whole_language[] =
	"map @0 \"data\" array value 128 mmapable\n"
	"map @1 \"@c\" percpu_hash key(16) value 8 entries 100 drops 16 zeros 24\n"
	"map @2 \"@\\\"odd\\\\\" hash key(u32, u16 at 8, 12) size 24 value 8 entries 100 swapped\n"
	"map @3 \"self\" task_storage value 16\n"
	"map @4 \"cells\" array value 4096 percpu 64 stride 128\n"
	"map @5 \"ring\" ringbuf entries 4096\n"
	"map @6 \"group\" outer key() size 4 value 4 entries 2 inner @1 @2\n"
	"map @7 \"rest\" prog_array value 4 entries 1\n"
	"data @0\n"
	"program \"first\" rest @7 scratch @4 part global\n"
	"func main(ctx)\n"
	"b0:\n"
	"\t%0 = ctx\n"
	"\t%1 = load.8 %0 + 16\n"
	"\t%2 = loadp %0 - 8\n"
	"\t%3 = slot $0 \"comm\" [16 align 8]\n"
	"\tzero %3, 16\n"
	"\t%4 = call get_current_comm %3, 16\n"
	"\t%5 = slot $2 [24 align 4 indexed]\n"
	"\tcopy %5, %3, 12\n"
	"\t%6 = lookup @2 %1, -1, %5\n"
	"\t%7 = entry @3\n"
	"\tremove @1 %3\n"
	"\t%8 = data @0 + 64\n"
	"\taadd.8 %8 + 8, 1\n"
	"\t%9 = fetchadd.8 %8 + 0, %1\n"
	"\t%10 = xchg.4 %8 + 0, -9223372036854775808\n"
	"\t%11 = cmpxchg.8 %8 + 0, %9, %10\n"
	"\t%12 = and %1, 7\n"
	"\t%13 = padd %3 + 4, %12\n"
	"\tstore.1 %13 + 1, %12\n"
	"\t%14 = func loop\n"
	"\t%15 = call loop 10, %14, %5, 0\n"
	"\t%16 = callf loop %15, %5\n"
	"\t%17 = patch target\n"
	"\t%18 = map @5\n"
	"\t%19 = call ringbuf_output %18, %3, 16, %17\n"
	"\t%20 = eq %6, 0\n"
	"\t%21 = call ktime_get_ns\n"
	"\tbr %20, b1, b3\n"
	"b1:\n"
	"\tjmp b2\n"
	"b2:\n"
	"\t%22 = phi i64 b1: 0, b2: %24\n"
	"\t%23 = phi ptr b1: %5, b2: 0\n"
	"\t%24 = add %22, 1\n"
	"\t%25 = ult %24, 10\n"
	"\tbr %25, b2, b3\n"
	"b3: unlikely\n"
	"\t%26 = sext.4 %1\n"
	"\t%27 = bswap.2 %26\n"
	"\t%28 = neg %27\n"
	"\tret %28\n"
	"func loop(i64, ptr) i64\n"
	"b0:\n"
	"\t%0 = param 0\n"
	"\t%1 = param 1\n"
	"\tstore.8 %1 + 0, %0\n"
	"\tret 0\n"
	"func global(i64) i64 global\n"
	"b0:\n"
	"\t%0 = param 0\n"
	"\tret %0\n"
	"program \"second\"\n"
	"func main(ctx)\n"
	"b0:\n"
	"\tret 0\n";

START_TEST(test_round_trip)
{
	const char *error = NULL;
	struct ir_module *m = ir_parse(&arena, whole_language, &error);
	char *text;

	ck_assert_msg(m != NULL, "%s", error);
	ck_assert_ptr_null(complaint(whole_language));
	text = text_of(m);
	ck_assert_str_eq(text, whole_language);
	free(text);
}
END_TEST

START_TEST(test_comments_and_blank_lines)
{
	ck_assert_ptr_null(complaint("# built\n\nprogram \"p\"\n\n# the function\nfunc f(ctx)\nb0:   # entry\n  ret   -1\n\n"));
}
END_TEST

/* Blocks and values may be named in any order, and unknown numbers left out. */
START_TEST(test_numbers_are_names)
{
	const char *error = NULL;
	struct ir_module *m = ir_parse(&arena, "program \"p\"\nfunc f(ctx)\nb7:\n%3 = ctx\n%9 = load.4 %3 + 0\njmp b2\nb2:\nret %9\n",
				       &error);
	char *text;

	ck_assert_msg(m != NULL, "%s", error);
	text = text_of(m);
	ck_assert_str_eq(text, "program \"p\"\nfunc f(ctx)\nb0:\n\t%0 = ctx\n\t%1 = load.4 %0 + 0\n\tjmp b1\nb1:\n\tret %1\n");
	free(text);
}
END_TEST

/* Text behind the head of a function with one block, and what is said of it */
static const struct {
	const char *body, *complaint;
} malformed[] = {
	{ "b0:\n%0 = fly 1\nret 0\n", "line 7: no operation 'fly'" },
	{ "b0:\n%0 = call fly 1\nret 0\n", "no helper 'fly'" },
	{ "b0:\nret 0 0\n", "unexpected '0'" },
	{ "b0:\nret %1\n", "%1 is used but not there" },
	{ "b0:\njmp b1\n", "b1 is empty or not there" },
	{ "b0:\nb1:\nret 0\n", "b0 is empty or not there" },
	{ "b0:\n%0 = ctx\n%0 = ctx\nret 0\n", "a value's number is given twice" },
	{ "b0:\nret 0\nb0:\nret 0\n", "a block's number is given twice" },
	{ "ret 0\n", "a value in no block" },
	{ "b0:\n%0 = map @9\nret 0\n", "no map @9" },
	{ "b0:\n%0 = slot 0\nret 0\n", "expected '$' at '0'" },
	{ "b0:\n%0 = patch nothing\nret 0\n", "no constant 'nothing'" },
	{ "b0:\n%0 = callf nobody\nret 0\n", "no function 'nobody'" },
	{ "b0:\n%99999999999 = ctx\nret 0\n", "number out of range" },
	{ "b0:\n%0 = add 99999999999999999999, 1\nret 0\n", "expected a number" },
	{ "b0:\n%0 = slot $0 \"x [8 align 8]\nret 0\n", "string does not end" },
	{ "b0:\n%0 = phi i64 b1: 0\nret 0\nb1:\nret 0\n", "a phi's operand comes from a block that does not lead to it" },
	{ "", "a function without blocks" },
	/* the verifier's */
	{ "b0:\n%0 = ctx\n", "b0 has no terminator" },
	{ "b0:\nret 0\n%0 = ctx\n", "b0 has no terminator" },
	{ "b0:\nret 0\nret 0\n", "RET: not at the end of its block" },
	{ "b0:\njmp b0\n", "jump to the entry" },
	{ "b0:\n%0 = ctx\nbr 1, b1, b1\nb1:\nret 0\n", "both targets are b1" },
	{ "b0:\n%1 = add %2, 1\n%2 = add %1, 1\nret 0\n", "ADD: operand 0 comes later" },
	{ "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\nbr %1, b1, b2\nb1:\n%2 = add %1, 1\njmp b2\nb2:\nret %2\n",
	  "RET: operand 0 does not dominate its use" },
	{ "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\nbr %1, b1, b2\nb1:\n%2 = add %1, 1\njmp b2\nb2:\n%3 = phi i64 b0: %2, b1: %2\nret %3\n",
	  "PHI: operand 0 does not dominate its use" },
	{ "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\nbr %1, b1, b2\nb1:\njmp b2\nb2:\n%3 = phi i64 b0: 1\nret %3\n",
	  "PHI: operand 1 is missing" },
	{ "b0:\njmp b1\nb1:\n%0 = ctx\n%1 = phi i64 b0: 1\nret %1\n", "PHI: not at the begin of its block" },
	{ "b0:\njmp b1\nb1:\n%1 = phi ptr b0: 1\nret %1\n", "PHI: operand 0 is i64, not ptr" },
	{ "b0:\n%0 = ctx\n%1 = add %0, 1\nret 0\n", "ADD: operand 0 is ptr, not i64" },
	{ "b0:\n%0 = load.8 0 + 0\nret 0\n", "LOAD: operand 0 is i64, not ptr" },
	{ "b0:\n%0 = ctx\n%1 = load.3 %0 + 0\nret 0\n", "LOAD: size 3" },
	{ "b0:\n%0 = ctx\naadd.2 %0 + 0, 1\nret 0\n", "AADD: size 2" },
	{ "b0:\n%0 = ctx\n%1 = add 1\nret 0\n", "ADD: 1 operands, not 2" },
	{ "b0:\n%0 = ctx\n%1 = eq %0, 1\nret 0\n", "EQ: operands of two types" },
	{ "b0:\n%0 = call get_current_comm 1, 16\nret 0\n", "CALL: operand 0 is i64, not ptr" },
	{ "b0:\n%0 = call ktime_get_ns 1\nret 0\n", "CALL: 1 operands, not 0" },
	{ "b0:\n%0 = lookup @1 1\nret 0\n", "LOOKUP: 1 operands, not 2" },
	{ "b0:\n%0 = lookup @1 1, 2\nret 0\n", "LOOKUP: operand 1 is i64, not ptr" },
	{ "b0:\n%0 = lookup @2\nret 0\n", "LOOKUP: a ringbuf has no keys" },
	{ "b0:\n%0 = data @1 + 0\nret 0\n", "DATA: no array map" },
	{ "b0:\n%0 = param 0\nret 0\n", "no parameter 0" },
	{ "b0:\n%0 = callf callee 1\nret 0\n", "CALLF: 1 operands, not 2" },
	{ "b0:\n%0 = callf callee 1, 2\nret 0\n", "CALLF: operand 1 is i64, not ptr" },
	{ "b0:\n%0 = slot $0 [8 align 3]\nret 0\n", "SLOT: slot of size 8, alignment 3" },
	{ "b0:\n%0 = slot $0 [0 align 1]\nret 0\n", "SLOT: slot of size 0, alignment 1" },
	{ "b0:\n%0 = ctx\nzero %0, 0\nret 0\n", "ZERO: 0 bytes" },
};

START_TEST(test_malformed)
{
	const char *text, *said;

	text = arena_printf(&arena,
			    "map @0 \"data\" array value 8\nmap @1 \"@\" hash key(u64, 8) value 8\nmap @2 \"ring\" ringbuf\n"
			    "program \"p\"\nfunc f(ctx)\n%s"
			    "func callee(i64, ptr) i64\nb0:\n%%0 = param 0\nret %%0\n", malformed[_i].body);
	said = complaint(text);
	ck_assert_msg(said && strstr(said, malformed[_i].complaint), "%s: %s", malformed[_i].body, said);
}
END_TEST

START_TEST(test_malformed_modules)
{
	ck_assert_str_eq(complaint("rubbish"), "line 1: unexpected 'rubbish'");
	ck_assert_str_eq(complaint("\x01\x02\xff"), "line 1: unexpected '\x01\x02\xff'");
	ck_assert_str_eq(complaint("map @1 \"a\" array\n"), "line 1: maps are not in order");
	ck_assert_str_eq(complaint("map @0 \"a\" heap\n"), "line 1: no kind of map 'heap'");
	ck_assert_str_eq(complaint("map @0 \"a\" array size 3\n"), "line 1: unexpected 'size 3'");
	ck_assert_str_eq(complaint("func f(ctx)\n"), "line 1: a function in no program");
	ck_assert_str_eq(complaint("program \"p\"\nfunc f(ctx)\nb0:\nret 0\nfunc f(ctx)\nb0:\nret 0\n"),
			 "line 5: a function's name is given twice");
	ck_assert_str_eq(complaint("program \"p\"\nfunc f(ctx)\nb0:\nret 0\nfunc g(i64) i64\nb0:\n%0 = ctx\nret 0\n"),
			 "g: b0: CTX: only the main function has a context");
}
END_TEST

/* Shapes that text cannot have */
START_TEST(test_broken_graphs)
{
	const char *error;
	struct ir_func *f;
	struct ir_block *b;

	f = ir_parse(&arena, whole_language, &error)->programs.data[0]->funcs.data[0];
	f->blocks.data[3]->preds.len = 1;
	ck_assert_str_eq(ir_verify(&arena, f), "main: b3: RET: 1 predecessors of b3, not 2");
	f->blocks.data[3]->preds.data[1] = f->blocks.data[3]->preds.data[0];
	f->blocks.data[3]->preds.len = 2;
	ck_assert_str_eq(ir_verify(&arena, f), "main: b3: RET: b0 is twice a predecessor of b3");

	f = ir_parse(&arena, whole_language, &error)->programs.data[0]->funcs.data[0];
	b = f->blocks.data[0];
	b->first->next->block = f->blocks.data[1];
	ck_assert_str_eq(ir_verify(&arena, f), "main: b1: LOAD: in another block than it says");

	f = ir_parse(&arena, whole_language, &error)->programs.data[0]->funcs.data[0];
	f->blocks.data[0]->first->id = 1;
	ck_assert_str_eq(ir_verify(&arena, f), "main: b0: LOAD: number 1 is not its own");

	f = ir_parse(&arena, whole_language, &error)->programs.data[0]->funcs.data[0];
	b = f->blocks.data[1];
	b->succ[1] = b;
	ck_assert_str_eq(ir_verify(&arena, f), "main: b1: JMP: target 1 is too many");

	f = ir_parse(&arena, whole_language, &error)->programs.data[0]->funcs.data[0];
	f->blocks.len--;
	ck_assert_ptr_nonnull(ir_verify(&arena, f));
}
END_TEST

START_TEST(test_builder_drops_what_follows_a_return)
{
	struct ir_module *m = ir_module_create(&arena);
	struct ir_program *p = ir_program_add(m, "p");
	struct ir_builder b;
	struct ir_value *x;
	char *text;

	ir_builder_start(&b, m, p, ir_func_add(m, p, "f", IR_I64));
	ir_ret(&b, ir_const(&b, 0));
	x = ir_load(&b, 8, ir_ctx(&b), 0);
	ck_assert(ir_is_const(x) && !x->block);
	ir_store(&b, 8, ir_slot(&b, 8, 8, "s"), 0, ir_binary(&b, IR_ADD, x, ir_const(&b, 3)));
	ir_call(&b, IR_H_get_current_comm, x, x);
	ir_ret(&b, x);
	ir_renumber(b.func);
	ck_assert_ptr_null(ir_verify(&arena, b.func));
	text = text_of(m);
	ck_assert_str_eq(text, "program \"p\"\nfunc f(ctx)\nb0:\n\tret 0\n");
	free(text);
}
END_TEST

START_TEST(test_builder_phi_before_its_edge)
{
	struct ir_module *m = ir_module_create(&arena);
	struct ir_program *p = ir_program_add(m, "p");
	struct ir_builder b;
	struct ir_block *head, *end, *entry;
	struct ir_value *phi, *zero, *next;
	char *text;

	ir_builder_start(&b, m, p, ir_func_add(m, p, "f", IR_I64));
	entry = b.block;
	head = ir_block_add(&b);
	end = ir_block_add(&b);
	zero = ir_const(&b, 0);
	ir_jmp(&b, head);
	ir_enter(&b, head);
	phi = ir_phi(&b, IR_I64);
	next = ir_binary(&b, IR_ADD, phi, ir_const(&b, 1));
	ir_phi_add(&b, phi, head, next);
	ir_phi_add(&b, phi, entry, zero);
	ir_br(&b, ir_binary(&b, IR_ULT, next, ir_const(&b, 5)), head, end);
	ir_enter(&b, end);
	ir_ret(&b, phi);
	ir_renumber(b.func);
	ck_assert_ptr_null(ir_verify(&arena, b.func));
	text = text_of(m);
	ck_assert_str_eq(text, "program \"p\"\nfunc f(ctx)\nb0:\n\tjmp b1\nb1:\n\t%0 = phi i64 b0: 0, b1: %1\n\t%1 = add %0, 1\n"
			 "\t%2 = ult %1, 5\n\tbr %2, b1, b2\nb2:\n\tret %0\n");
	free(text);
}
END_TEST

START_TEST(test_maps_are_new)
{
	struct ir_module *m = ir_module_create(&arena);
	struct map_def *a = ir_map_add(m, "@a"), *b = ir_map_add(m, "@b");

	ck_assert_ptr_ne(ir_map_add(m, "@a"), a);
	ck_assert_uint_eq(b->index, 1);
}
END_TEST

/* ---- constants ---- */

static uint64_t c_result(enum ir_op op, uint64_t x, uint64_t y)
{
	int64_t sx = (int64_t)x, sy = (int64_t)y;

	switch (op) {
	case IR_ADD: return x + y;
	case IR_SUB: return x - y;
	case IR_MUL: return x * y;
	case IR_UDIV: return x / y;
	case IR_UMOD: return x % y;
	case IR_SDIV: return sx == INT64_MIN && sy == -1 ? x : (uint64_t)(sx / sy);
	case IR_SMOD: return sy == -1 ? 0 : (uint64_t)(sx % sy);
	case IR_AND: return x & y;
	case IR_OR: return x | y;
	case IR_XOR: return x ^ y;
	case IR_SHL: return x << (y % 64);
	case IR_LSHR: return x >> (y % 64);
	case IR_ASHR: return (uint64_t)(sx >> (y % 64));
	case IR_NEG: return 0 - x;
	case IR_NOT: return ~x;
	case IR_EQ: return x == y;
	case IR_NE: return x != y;
	case IR_ULT: return x < y;
	case IR_ULE: return x <= y;
	case IR_SLT: return sx < sy;
	case IR_SLE: return sx <= sy;
	default: return 0;
	}
}

static uint64_t c_extended(enum ir_op op, unsigned size, uint64_t x)
{
	switch (op) {
	case IR_SEXT: return size == 1 ? (uint64_t)(int8_t)x : size == 2 ? (uint64_t)(int16_t)x : size == 4 ? (uint64_t)(int32_t)x : x;
	case IR_ZEXT: return size == 1 ? (uint8_t)x : size == 2 ? (uint16_t)x : size == 4 ? (uint32_t)x : x;
	default: return size == 2 ? __builtin_bswap16((uint16_t)x) : size == 4 ? __builtin_bswap32((uint32_t)x) : __builtin_bswap64(x);
	}
}

static const uint64_t edges[] = {
	0, 1, 2, 3, 7, 63, 64, 65, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
	0x100000000, 0x123456789abcdef0, 0x7fffffffffffffff, 0x8000000000000000, 0x8000000000000001, 0xfffffffffffffffe,
	0xffffffffffffffff, 0xffffffff80000000, 0xffffffffffff8000, 1000000007,
};
enum { EDGES = sizeof(edges) / sizeof(edges[0]) };

START_TEST(test_eval)
{
	int64_t n;

	for (enum ir_op op = IR_ADD; op <= IR_NOT; op++)
		for (int i = 0; i < EDGES; i++)
			for (int j = 0; j < EDGES; j++) {
				bool by_zero = !edges[j] && op >= IR_UDIV && op <= IR_SMOD;

				ck_assert(ir_eval(op, 0, (int64_t)edges[i], (int64_t)edges[j], &n) == !by_zero);
				if (!by_zero)
					ck_assert_uint_eq((uint64_t)n, c_result(op, edges[i], edges[j]));
			}
	for (enum ir_op op = IR_EQ; op <= IR_SLE; op++)
		for (int i = 0; i < EDGES * EDGES; i++) {
			ck_assert(ir_eval(op, 0, (int64_t)edges[i % EDGES], (int64_t)edges[i / EDGES], &n));
			ck_assert_uint_eq((uint64_t)n, c_result(op, edges[i % EDGES], edges[i / EDGES]));
		}
	for (enum ir_op op = IR_SEXT; op <= IR_BSWAP; op++)
		for (int i = 0; i < EDGES; i++)
			for (unsigned size = op == IR_BSWAP ? 2 : 1; size <= 8; size *= 2) {
				ck_assert(ir_eval(op, size, (int64_t)edges[i], 0, &n));
				ck_assert_uint_eq((uint64_t)n, c_extended(op, size, edges[i]));
			}
	ck_assert(!ir_eval(IR_LOAD, 8, 0, 0, &n));
}
END_TEST

/* Folding f(x, c) with constants of all edges must give what C gives, by whatever rule. */
START_TEST(test_fold_constants)
{
	const char *error = NULL;

	for (enum ir_op op = IR_ADD; op <= IR_SLE; op++) {
		struct ir_module *m;
		const struct ir_value *v;

		if (op >= IR_NEG && op <= IR_BSWAP)
			continue;
		for (int i = 0; i < EDGES * EDGES; i++) {
			uint64_t x = edges[i % EDGES], y = edges[i / EDGES];
			char text[256], name[16] = "";

			if (!y && op >= IR_UDIV && op <= IR_SMOD)
				continue;
			for (unsigned k = 0; ir_ops[op].name[k]; k++)
				name[k] = (char)(ir_ops[op].name[k] | 0x20);
			snprintf(text, sizeof(text), "program \"p\"\nfunc f(ctx)\nb0:\n%%0 = %s %lld, %lld\nret %%0\n", name,
				 (long long)x, (long long)y);
			m = ir_parse(&arena, text, &error);
			ck_assert_msg(m != NULL, "%s", error);
			ir_opt_fold(m, m->programs.data[0]->funcs.data[0]);
			v = m->programs.data[0]->funcs.data[0]->blocks.data[0]->last->args[0];
			ck_assert(ir_is_const(v));
			ck_assert_uint_eq((uint64_t)v->imm, c_result(op, x, y));
		}
		arena_deinit(&arena);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ir_text");
	TCase *tc = tcase_create("text");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_round_trip);
	tcase_add_test(tc, test_comments_and_blank_lines);
	tcase_add_test(tc, test_numbers_are_names);
	tcase_add_loop_test(tc, test_malformed, 0, sizeof(malformed) / sizeof(malformed[0]));
	tcase_add_test(tc, test_malformed_modules);
	tcase_add_test(tc, test_broken_graphs);
	tcase_add_test(tc, test_builder_drops_what_follows_a_return);
	tcase_add_test(tc, test_builder_phi_before_its_edge);
	tcase_add_test(tc, test_maps_are_new);
	tcase_add_test(tc, test_eval);
	tcase_add_test(tc, test_fold_constants);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
