// SPDX-License-Identifier: GPL-2.0-or-later
/* Which instructions come out, where it is worth that they stay as they are. Needs no kernel. */
#include "test/unit/bpfgen_kernel.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

/* A main function of this body, with data (@0) and a hash (@1). */
static void generate(struct kernel *k, const char *body)
{
	char *ir;

	ck_assert(asprintf(&ir, "map @0 \"data\" array value 4096\nmap @1 \"@x\" hash key(8) value 8 entries 10\n"
				"program \"test\"\nfunc main(ctx)\n%s", body) > 0);
	kernel_generate(k, ir);
	free(ir);
}

/* Compares the instructions without their numbers and opcodes. */
static void expect(const char *body, const char *code)
{
	struct kernel k;
	char *text, *got = calloc(1, 1 << 16), *end = got;

	generate(&k, body);
	text = kernel_text(&k);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *insn = strchr(line, '(');

		if (!strcmp(line, "main:"))
			continue;
		end += sprintf(end, "%s\n", insn ? insn + 5 : line);
	}
	ck_assert_msg(!strcmp(got, code), "\n%s\ngave\n%s\nnot\n%s", body, got, code);
	free(text);
	free(got);
	kernel_close(&k);
}

START_TEST(constants)
{
	expect("b0:\n\tret 0\n",
	       "r0 = 0\n"
	       "exit\n");
	expect("b0:\n\t%0 = data @0 + 8\n\tstore.8 %0 + 8, -1\n\tstore.4 %0 + 16, 4294967295\n"
	       "\tstore.8 %0 + 24, 4294967295\n\tstore.8 %0 + 32, 0x123456789\n\tret -5\n",
	       "r5 = map[data][0]+8\n"
	       "*(u64 *)(r5 +8) = -1\n"
	       "*(u32 *)(r5 +16) = -1\n"
	       "w4 = -1\n"
	       "*(u64 *)(r5 +24) = r4\n"
	       "r4 = 0x123456789\n"
	       "*(u64 *)(r5 +32) = r4\n"
	       "r0 = -5\n"
	       "exit\n");
	/* offsets of a use alone go into the address */
	expect("b0:\n\t%0 = data @0 + 8\n\t%1 = padd %0 + 16, 24\n\t%2 = load.2 %1 + 2\n\tret %2\n",
	       "r5 = map[data][0]+50\n"
	       "r0 = *(u16 *)(r5 +0)\n"
	       "exit\n");
}
END_TEST

/* What is done for the sake of the scratch map is gone where there is none, and so are the functions for it. */
START_TEST(claims)
{
	const char *claim = "func claim() i64 global\nb0:\n\tret 7\n";
	char *body;

	ck_assert(asprintf(&body, "b0:\n\t%%0 = scratch\n\tbr %%0, b1, b2\nb1:\n\t%%1 = callf claim\n\tret %%1\nb2:\n\tret 5\n%s", claim) > 0);
	expect(body, "r0 = 5\nexit\n");
	free(body);
	ck_assert(asprintf(&body, "b0:\n\t%%0 = scratch\n\tbr %%0, b1, b2\nb1:\n\t%%1 = callf claim\n\tjmp b2\nb2:\n"
			   "\t%%2 = slot $0 \"large\" [1000 align 8]\n\tstore.8 %%2 + 0, 1\n\tret 5\n%s", claim) > 0);
	expect(body,
	       "call pc+9#claim\n"
	       "call bpf_get_smp_processor_id#8\n"
	       "r0 &= 15\n"
	       "r0 *= 1024\n"
	       "r1 = map[scratch][0]+0\n"
	       "r1 += r0\n"
	       "*(u64 *)(r1 +0) = 1\n"
	       "r0 = 5\n"
	       "exit\n"
	       "claim:\n"
	       "r0 = 7\n"
	       "exit\n");
	free(body);
}
END_TEST

START_TEST(operands)
{
	/* the value that goes on living is not the one overwritten */
	expect("b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = load.8 %0 + 8\n\t%3 = add %1, %2\n\t%4 = xor %3, %1\n\tret %4\n",
	       "r2 = *(u64 *)(r1 +0)\n"
	       "r0 = *(u64 *)(r1 +8)\n"
	       "r0 += r2\n"
	       "r0 ^= r2\n"
	       "exit\n");
	expect("b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = sub %1, 5\n\t%3 = sub 7, %2\n\tret %3\n",
	       "r1 = *(u64 *)(r1 +0)\n"
	       "r1 += -5\n"
	       "r0 = 7\n"
	       "r0 -= r1\n"
	       "exit\n");
	/* what a load cannot have set needs no clearing */
	expect("b0:\n\t%0 = ctx\n\t%1 = load.4 %0 + 0\n\t%2 = zext.4 %1\n\t%3 = sext.4 %2\n\t%4 = zext.1 %3\n\tret %4\n",
	       "r0 = *(u32 *)(r1 +0)\n"
	       "r0 <<= 32\n"
	       "r0 s>>= 32\n"
	       "r0 &= 255\n"
	       "exit\n");
	expect("b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = and %1, 4294967295\n\t%3 = and %1, 4294901760\n"
	       "\t%4 = bswap.4 %2\n\t%5 = or %4, %3\n\tret %5\n",
	       "r1 = *(u64 *)(r1 +0)\n"
	       "w0 = w1\n"
	       "w1 &= -65536\n"
	       "r0 = be32 r0\n"
	       "r0 |= r1\n"
	       "exit\n");
	expect("b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = slt %1, 5\n\tret %2\n",
	       "r1 = *(u64 *)(r1 +0)\n"
	       "r0 = 1\n"
	       "if r1 s< 0x5 goto pc+1\n"
	       "r0 = 0\n"
	       "exit\n");
}
END_TEST

START_TEST(branches)
{
	/* comparisons, their negations and tests of bits are part of the jump */
	expect("b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = ult 10, %1\n\t%3 = eq %2, 0\n\tbr %3, b1, b2\n"
	       "b1:\n\tret 1\nb2:\n\t%4 = and %1, 6\n\t%5 = ne %4, 0\n\tbr %5, b3, b4\nb3:\n\tret 2\nb4:\n\tret 3\n",
	       "r0 = *(u64 *)(r1 +0)\n"
	       "if r0 <= 0xa goto pc+5\n"
	       "if r0 & 0x6 goto pc+2\n"
	       "r0 = 3\n"
	       "exit\n"
	       "r0 = 2\n"
	       "exit\n"
	       "r0 = 1\n"
	       "exit\n");
	/* what is unlikely is out of the way; equal ends are one */
	expect("b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\tbr %1, b1, b2\n"
	       "b1: unlikely\n\t%2 = call get_prandom_u32\n\tjmp b3\nb2:\n\t%3 = load.8 %0 + 16\n\tbr %3, b3, b4\n"
	       "b3:\n\tret 0\nb4:\n\tret 0\n",
	       "r0 = *(u64 *)(r1 +0)\n"
	       "if r0 != 0x0 goto pc+3\n"
	       "r0 = *(u64 *)(r1 +16)\n"
	       "r0 = 0\n"
	       "exit\n"
	       "call bpf_get_prandom_u32#7\n"
	       "goto pc-4\n");
	/* a constant in one arm */
	expect("b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = ult %1, 10\n\tbr %2, b1, b2\n"
	       "b1:\n\t%3 = load.8 %0 + 8\n\tjmp b2\nb2:\n\t%4 = phi i64 b0: 7, b1: %3\n\t%5 = add %4, %1\n\tret %5\n",
	       "r2 = *(u64 *)(r1 +0)\n"
	       "r0 = 7\n"
	       "if r2 >= 0xa goto pc+1\n"
	       "r0 = *(u64 *)(r1 +8)\n"
	       "r0 += r2\n"
	       "exit\n");
}
END_TEST

START_TEST(memory)
{
	/* neighbours are stored at once */
	expect("b0:\n\t%0 = call get_current_pid_tgid\n\t%1 = lshr %0, 32\n\t%2 = slot $0 [24 align 8]\n\tstore.4 %2 + 4, 0\n"
	       "\tstore.4 %2 + 0, %1\n\tstore.2 %2 + 8, 1\n\tstore.2 %2 + 10, 2\n\tstore.4 %2 + 12, 0\n\tstore.1 %2 + 16, 1\n"
	       "\t%3 = map @1\n\t%4 = call map_delete_elem %3, %2\n\tret 0\n",
	       "call bpf_get_current_pid_tgid#14\n"
	       "r0 >>= 32\n"
	       "*(u64 *)(r10 -24) = r0\n"
	       "*(u64 *)(r10 -16) = 131073\n"
	       "*(u8 *)(r10 -8) = 1\n"
	       "r1 = map[@x]\n"
	       "r2 = r10\n"
	       "r2 += -24\n"
	       "call bpf_map_delete_elem#3\n"
	       "r0 = 0\n"
	       "exit\n");
	expect("b0:\n\t%0 = data @0 + 0\n\t%1 = slot $0 [13 align 1]\n\tcopy %1, %0, 13\n\t%2 = padd %0 + 100, 0\n\tcopy %2, %1, 13\n"
	       "\tret 0\n",
	       "r5 = map[data][0]+0\n"
	       "r0 = *(u64 *)(r5 +0)\n"
	       "*(u64 *)(r10 -16) = r0\n"
	       "r0 = *(u32 *)(r5 +8)\n"
	       "*(u32 *)(r10 -8) = r0\n"
	       "r0 = *(u8 *)(r5 +12)\n"
	       "*(u8 *)(r10 -4) = r0\n"
	       "r0 = *(u64 *)(r10 -16)\n"
	       "*(u64 *)(r5 +100) = r0\n"
	       "r0 = *(u32 *)(r10 -8)\n"
	       "*(u32 *)(r5 +108) = r0\n"
	       "r0 = *(u8 *)(r10 -4)\n"
	       "*(u8 *)(r5 +112) = r0\n"
	       "r0 = 0\n"
	       "exit\n");
	/* the offset of an index goes into the access */
	expect("b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = and %1, 63\n\t%3 = data @0 + 0\n\t%4 = padd %3 + 512, %2\n"
	       "\t%5 = load.1 %4 + 3\n\tstore.1 %4 + 4, %5\n\tret 0\n",
	       "r0 = *(u64 *)(r1 +0)\n"
	       "r0 &= 63\n"
	       "r1 = map[data][0]+0\n"
	       "r1 += r0\n"
	       "r0 = *(u8 *)(r1 +515)\n"
	       "*(u8 *)(r1 +516) = r0\n"
	       "r0 = 0\n"
	       "exit\n");
	/* an atomic addition whose result nobody wants is one that old kernels have */
	expect("b0:\n\t%0 = data @0 + 0\n\t%1 = fetchadd.8 %0 + 8, 2\n\t%2 = xchg.4 %0 + 16, 3\n\t%3 = cmpxchg.8 %0 + 24, %2, 9\n"
	       "\tret %3\n",
	       "r5 = map[data][0]+0\n"
	       "r4 = 2\n"
	       "lock *(u64 *)(r5 +8) += r4\n"
	       "r0 = 3\n"
	       "r0 = atomic_xchg((u32 *)(r5 +16), r0)\n"
	       "r4 = 9\n"
	       "r0 = atomic64_cmpxchg((u64 *)(r5 +24), r0, r4)\n"
	       "exit\n");
}
END_TEST

START_TEST(scratch)
{
	/* the address is computed behind the test that most events fail */
	expect("b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = slot $0 [1000 align 8]\n\tbr %1, b1, b2\n"
	       "b1:\n\t%3 = call get_current_comm %2, 16\n\tstore.8 %2 + 992, 5\n\tjmp b2\nb2:\n\tret 0\n",
	       "r0 = *(u64 *)(r1 +0)\n"
	       "if r0 == 0x0 goto pc+10\n"
	       "call bpf_get_smp_processor_id#8\n"
	       "r0 &= 15\n"
	       "r0 *= 1024\n"
	       "r6 = map[scratch][0]+0\n"
	       "r6 += r0\n"
	       "r1 = r6\n"
	       "r2 = 16\n"
	       "call bpf_get_current_comm#16\n"
	       "*(u64 *)(r6 +992) = 5\n"
	       "r0 = 0\n"
	       "exit\n");
}
END_TEST

START_TEST(spilling)
{
	/* five values across a call, four registers; an address is made again instead of being kept */
	expect("b0:\n\t%0 = ctx\n\t%9 = data @0 + 0\n\t%1 = load.8 %0 + 0\n\t%2 = load.8 %0 + 8\n\t%3 = load.8 %0 + 16\n"
	       "\t%4 = load.8 %0 + 24\n\tstore.8 %9 + 8, 1\n\t%5 = call get_prandom_u32\n\tstore.8 %9 + 16, 1\n"
	       "\t%6 = add %1, %2\n\t%7 = add %6, %3\n\t%8 = add %7, %4\n\tret %8\n",
	       "r6 = *(u64 *)(r1 +0)\n"
	       "r8 = *(u64 *)(r1 +8)\n"
	       "r7 = *(u64 *)(r1 +16)\n"
	       "r9 = *(u64 *)(r1 +24)\n"
	       "r5 = map[data][0]+0\n"
	       "*(u64 *)(r5 +8) = 1\n"
	       "call bpf_get_prandom_u32#7\n"
	       "r5 = map[data][0]+0\n"
	       "*(u64 *)(r5 +16) = 1\n"
	       "r0 = r6\n"
	       "r0 += r8\n"
	       "r0 += r7\n"
	       "r0 += r9\n"
	       "exit\n");
	/* a spilled index is masked again */
	expect("b0:\n\t%0 = ctx\n\t%1 = data @0 + 0\n"
	       "\t%2 = load.8 %0 + 0\n\t%3 = and %2, 7\n"
	       "\t%4 = load.8 %0 + 8\n\t%5 = and %4, 7\n"
	       "\t%6 = load.8 %0 + 16\n\t%7 = and %6, 7\n"
	       "\t%8 = load.8 %0 + 24\n\t%9 = and %8, 7\n"
	       "\t%10 = load.8 %0 + 32\n\t%11 = and %10, 7\n"
	       "\t%12 = call get_prandom_u32\n"
	       "\t%13 = padd %1 + 0, %3\n\tstore.1 %13 + 0, 1\n"
	       "\t%14 = padd %1 + 0, %5\n\tstore.1 %14 + 8, 1\n"
	       "\t%15 = padd %1 + 0, %7\n\tstore.1 %15 + 16, 1\n"
	       "\t%16 = padd %1 + 0, %9\n\tstore.1 %16 + 24, 1\n"
	       "\t%17 = padd %1 + 0, %11\n\tstore.1 %17 + 32, 1\n"
	       "\tret 0\n",
	       "r9 = *(u64 *)(r1 +0)\n"
	       "r9 &= 7\n"
	       "r8 = *(u64 *)(r1 +8)\n"
	       "r8 &= 7\n"
	       "r7 = *(u64 *)(r1 +16)\n"
	       "r7 &= 7\n"
	       "r6 = *(u64 *)(r1 +24)\n"
	       "r6 &= 7\n"
	       "r0 = *(u64 *)(r1 +32)\n"
	       "r0 &= 7\n"
	       "*(u64 *)(r10 -8) = r0\n"
	       "call bpf_get_prandom_u32#7\n"
	       "r0 = map[data][0]+0\n"
	       "r0 += r9\n"
	       "*(u8 *)(r0 +0) = 1\n"
	       "r0 = map[data][0]+0\n"
	       "r0 += r8\n"
	       "*(u8 *)(r0 +8) = 1\n"
	       "r0 = map[data][0]+0\n"
	       "r0 += r7\n"
	       "*(u8 *)(r0 +16) = 1\n"
	       "r0 = map[data][0]+0\n"
	       "r0 += r6\n"
	       "*(u8 *)(r0 +24) = 1\n"
	       "r0 = map[data][0]+0\n"
	       "r1 = *(u64 *)(r10 -8)\n"
	       "r1 &= 7\n"
	       "r0 += r1\n"
	       "*(u8 *)(r0 +32) = 1\n"
	       "r0 = 0\n"
	       "exit\n");
}
END_TEST

/* ---- tables ---- */

START_TEST(tables)
{
	static const char ir[] =
		"map @0 \"data\" array value 64\n"
		"program \"test\"\n"
		"func main(ctx)\n"
		"b0:\n"
		"	%0 = callf f 5\n"
		"	%1 = data @0 + 16\n"
		"	%2 = patch target\n"
		"	store.8 %1 + 0, %2\n"
		"	ret %0\n"
		"func unused(i64) i64\n"
		"b0:\n"
		"	ret 0\n"
		"func f(i64) i64 global\n"
		"b0:\n"
		"	%0 = param 0\n"
		"	%1 = mul %0, 2\n"
		"	%2 = add %1, 1\n"
		"	ret %2\n";
	struct kernel k;
	struct ir_func *main, *f;
	struct image image = { 0 };
	const struct image_program *p;

	kernel_generate(&k, ir);
	main = k.module->programs.data[0]->funcs.data[0];
	f = k.module->programs.data[0]->funcs.data[2];
	main->span = (struct span){ 10, 50 };
	f->span = (struct span){ 70, 20 };
	for (struct ir_value *v = main->blocks.data[0]->first; v; v = v->next)
		v->span = v->op == IR_STORE ? (struct span){ 30, 5 } : SPAN_NONE;
	for (struct ir_value *v = f->blocks.data[0]->first; v; v = v->next)
		v->span = v->op == IR_MUL || v->op == IR_ADD ? (struct span){ 75, 3 } : (struct span){ 80, 1 };
	image.arena = &k.arena;
	image.sources = &k.sources;
	image.data.ncpus = 1;
	ck_assert(!gen_module(&image, k.module, &k.diag));
	p = &image.programs.data[0];

	/* r1 = 5; call f; data; patch; store; exit | r0 = r1; r0 *= 2; r0 += 1; exit */
	ck_assert_uint_eq(p->funcs.len, 2);
	ck_assert_str_eq(p->funcs.data[1].name, "f");
	ck_assert_uint_eq(p->funcs.data[1].nparams, 1);
	ck_assert(p->funcs.data[1].global && !p->funcs.data[0].global);
	ck_assert_uint_eq(p->funcs.data[1].insn, 7);
	ck_assert_int_eq(p->insns[1].imm, 7 - 2);
	ck_assert_uint_eq(p->relocs.len, 2);
	ck_assert(p->relocs.data[0].kind == RELOC_MAP_VALUE && p->relocs.data[0].insn == 2 && p->relocs.data[0].offset == 16);
	ck_assert(p->relocs.data[1].kind == RELOC_PATCH && p->relocs.data[1].insn == 4);
	ck_assert_uint_eq(p->lines.len, 5);
	ck_assert(p->lines.data[0].insn == 0 && p->lines.data[0].span.pos == 10);
	ck_assert(p->lines.data[1].insn == 2 && p->lines.data[1].span.pos == 30);
	ck_assert(p->lines.data[2].insn == 7 && p->lines.data[2].span.pos == 70);
	ck_assert(p->lines.data[3].insn == 8 && p->lines.data[3].span.pos == 75);
	ck_assert(p->lines.data[4].insn == 10 && p->lines.data[4].span.pos == 80);
	kernel_close(&k);
}
END_TEST

/* ---- what is too much ---- */

static void expect_error(const char *ir, const char *message)
{
	struct kernel k = { 0 };
	const char *error;
	char *text;
	size_t size;

	diag_init(&k.diag, &k.sources);
	k.diag.out = open_memstream(&text, &size);
	k.module = ir_parse(&k.arena, ir, &error);
	ck_assert_msg(k.module != NULL, "%s", error);
	k.image.arena = &k.arena;
	k.image.sources = &k.sources;
	k.image.data.ncpus = 128;
	ck_assert_int_eq(gen_module(&k.image, k.module, &k.diag), -1);
	diag_flush(&k.diag);
	fclose(k.diag.out);
	ck_assert_msg(strstr(text, message) != NULL, "'%s' is not '%s'", text, message);
	free(text);
	diag_deinit(&k.diag);
	arena_deinit(&k.arena);
}

START_TEST(limits)
{
	char *text;
	size_t size;
	FILE *out;

	expect_error("program \"p\"\nfunc main(ctx)\nb0:\n\t%0 = slot $0 [40000 align 8]\n\tstore.8 %0 + 0, 1\n\tret 0\n",
		     "needs 40000 bytes of memory on each of 128 CPUs");
	expect_error("program \"p\"\nfunc main(ctx)\nb0:\n\t%0 = callf f 1\n\tret 0\nfunc f(i64) i64\nb0:\n\t%0 = callf f 1\n\tret 0\n",
		     "calls itself");

	out = open_memstream(&text, &size);
	fprintf(out, "program \"p\"\nfunc main(ctx)\nb0:\n\t%%0 = callf f0\n\tret 0\n");
	for (int i = 0; i < 8; i++)
		fprintf(out, "func f%d() i64\nb0:\n\t%%0 = callf f%d\n\tret 0\n", i, i + 1);
	fprintf(out, "func f8() i64\nb0:\n\tret 0\n");
	fclose(out);
	expect_error(text, "more than 8 deep");
	free(text);

	out = open_memstream(&text, &size);
	fprintf(out, "map @0 \"data\" array value 64\nprogram \"p\"\nfunc main(ctx)\nb0:\n\t%%0 = data @0 + 0\n"
		"\t%%1 = load.8 %%0 + 0\n\tbr %%1, b1, b2\nb1:\n");
	for (int i = 0; i < 33000; i++)
		fprintf(out, "\tstore.8 %%0 + %d, %d\n", i % 2 ? 8 : 32, i);
	fprintf(out, "\tjmp b2\nb2:\n\tret 0\n");
	fclose(out);
	expect_error(text, "this clause is too large");
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("bpfgen_code");
	TCase *c = tcase_create("code");

	tcase_add_test(c, constants);
	tcase_add_test(c, claims);
	tcase_add_test(c, operands);
	tcase_add_test(c, branches);
	tcase_add_test(c, memory);
	tcase_add_test(c, scratch);
	tcase_add_test(c, spilling);
	tcase_add_test(c, tables);
	tcase_add_test(c, limits);
	suite_add_tcase(s, c);
	return run_suite(s);
}
