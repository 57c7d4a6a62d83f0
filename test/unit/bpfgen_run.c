// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel makes of generated programs: each result is compared with what C says. */
#include "test/unit/bpfgen_kernel.h"
#include "suite.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS = 256 };

struct text {
	char *data;
	size_t size;
	FILE *out;
};

static FILE *text_begin(struct text *t)
{
	t->out = open_memstream(&t->data, &t->size);
	fprintf(t->out, "map @0 \"data\" array value %d\nprogram \"test\"\n", 8 * WORDS);
	return t->out;
}

static void text_open(struct text *t, struct kernel *k)
{
	fclose(t->out);
	ck_assert(kernel_open(k, t->data));
	free(t->data);
}

static bool has_helper(int helper)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = helper },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	char log[4096] = "";
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .log_level = 1, .log_buf = log, .log_size = sizeof(log));
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "helper", "GPL", insns, 3, &opts);

	if (fd >= 0)
		close(fd);
	return !strstr(log, "invalid func") && !strstr(log, "unknown func");
}

/* n values that all live at once, and across a call if so asked. */
static void live_values(unsigned n, bool call, bool in_function)
{
	struct kernel k;
	struct text t;
	FILE *out = text_begin(&t);
	uint64_t data[WORDS], sum = 0;
	unsigned next, left[64];

	if (in_function)
		fprintf(out, "func main(ctx)\nb0:\n\t%%0 = callf f 1\n\tret %%0\nfunc f(i64) i64\nb0:\n");
	else
		fprintf(out, "func main(ctx)\nb0:\n");
	fprintf(out, "\t%%0 = data @0 + 0\n");
	next = 1;
	for (unsigned i = 0; i < n; i++, next += 2) {
		fprintf(out, "\t%%%u = load.8 %%0 + %u\n\t%%%u = mul %%%u, %u\n", next, 8 * i, next + 1, next, 2 * i + 3);
		left[i] = next + 1;
	}
	if (call)
		fprintf(out, "\t%%%u = call get_prandom_u32\n", next++);
	/* (a ^ b) + (c ^ d) + …: all of them have to wait */
	for (unsigned i = 0; i < n; i += 2, next++) {
		fprintf(out, "\t%%%u = xor %%%u, %%%u\n", next, left[i], left[(i + 1 + n / 2) % n]);
		left[i] = next;
	}
	for (unsigned i = 2; i < n; i += 2, next++) {
		fprintf(out, "\t%%%u = add %%%u, %%%u\n", next, left[0], left[i]);
		left[0] = next;
	}
	fprintf(out, "\tstore.8 %%0 + %u, %%%u\n\tret 7\n", 8 * (WORDS - 1), next - 1);
	text_open(&t, &k);
	for (unsigned i = 0; i < WORDS; i++)
		data[i] = i * 0x9e3779b97f4a7c15ull + 12345;
	for (unsigned i = 0; i < n; i += 2) {
		unsigned j = (i + 1 + n / 2) % n;

		sum += data[i] * (2 * i + 3) ^ data[j] * (2 * j + 3);
	}
	kernel_write(&k, 0, data);
	ck_assert_uint_eq(kernel_run(&k, NULL, 0), 7);
	kernel_read(&k, 0, data);
	ck_assert_msg(data[WORDS - 1] == sum, "%u values, call %d", n, call);
	kernel_close(&k);
}

START_TEST(pressure)
{
	for (unsigned n = 4; n <= 60; n += 8)
		for (int call = 0; call < 2; call++)
			live_values(n, call, false);
	live_values(60, true, true);
}
END_TEST

/* COPY and ZERO of every size, from and to the stack, the scratch map and a map, aligned and not. */
static void copy_and_zero(unsigned size, unsigned slot_size, unsigned offset)
{
	static const char ir[] =
		"func main(ctx)\n"
		"b0:\n"
		"	%%0 = data @0 + 0\n"
		"	%%1 = slot $0 [%u align 8]\n"
		"	zero %%1, %u\n"
		"	%%2 = padd %%0 + %u, 0\n"
		"	%%3 = padd %%1 + %u, 0\n"
		"	copy %%3, %%2, %u\n"
		"	%%4 = padd %%0 + 1024, 0\n"
		"	copy %%4, %%3, %u\n"
		"	%%5 = padd %%0 + %u, 0\n"
		"	zero %%5, %u\n"
		"	ret 1\n";
	struct kernel k;
	struct text t;
	FILE *out = text_begin(&t);
	uint8_t before[8 * WORDS], got[8 * WORDS], expected[8 * WORDS];

	fprintf(out, ir, slot_size, slot_size, offset, offset & ~7u, size, size, 1536 + offset, size);
	text_open(&t, &k);
	for (unsigned i = 0; i < sizeof(before); i++)
		before[i] = (uint8_t)(1 + i % 251);
	memcpy(expected, before, sizeof(before));
	memcpy(expected + 1024, before + offset, size);
	memset(expected + 1536 + offset, 0, size);
	kernel_write(&k, 0, before);
	kernel_run(&k, NULL, 0);
	kernel_read(&k, 0, got);
	ck_assert_msg(!memcmp(got, expected, sizeof(got)), "%u bytes at %u", size, offset);
	kernel_close(&k);
}

START_TEST(blocks_of_memory)
{
	for (unsigned size = 1; size <= 40; size++)
		copy_and_zero(size, 64, size % 8);
	for (unsigned size = 120; size <= 136; size++)
		copy_and_zero(size, 160, size % 3);
	copy_and_zero(300, 320, 4);
	copy_and_zero(300, 1000, 5);
	copy_and_zero(1, 1, 0);
	copy_and_zero(3, 3, 0);
}
END_TEST

static void run_text(const char *ir, uint64_t *data)
{
	struct kernel k;
	struct text t;

	fputs(ir, text_begin(&t));
	text_open(&t, &k);
	kernel_write(&k, 0, data);
	kernel_run(&k, NULL, 0);
	kernel_read(&k, 0, data);
	kernel_close(&k);
}

START_TEST(phis_swap)
{
	uint64_t data[WORDS] = { 11, 22, 33 };

	/* a, b, c = b, c, a seven times; counts on an own PHI, whose value before the last round is used behind the loop */
	run_text("func main(ctx)\n"
		 "b0:\n"
		 "	%0 = data @0 + 0\n"
		 "	%1 = load.8 %0 + 0\n"
		 "	%2 = load.8 %0 + 8\n"
		 "	%3 = load.8 %0 + 16\n"
		 "	jmp b1\n"
		 "b1:\n"
		 "	%4 = phi i64 b0: 0, b1: %8\n"
		 "	%5 = phi i64 b0: %1, b1: %6\n"
		 "	%6 = phi i64 b0: %2, b1: %7\n"
		 "	%7 = phi i64 b0: %3, b1: %5\n"
		 "	%8 = add %4, 1\n"
		 "	%9 = ult %8, 8\n"
		 "	br %9, b1, b2\n"
		 "b2:\n"
		 "	store.8 %0 + 0, %5\n"
		 "	store.8 %0 + 8, %6\n"
		 "	store.8 %0 + 16, %7\n"
		 "	store.8 %0 + 24, %4\n"
		 "	ret 0\n",
		 data);
	ck_assert_uint_eq(data[0], 22);
	ck_assert_uint_eq(data[1], 33);
	ck_assert_uint_eq(data[2], 11);
	ck_assert_uint_eq(data[3], 7);
}
END_TEST

START_TEST(functions)
{
	uint64_t data[WORDS] = { 3 };

	run_text("func main(ctx)\n"
		 "b0:\n"
		 "	%0 = data @0 + 0\n"
		 "	%1 = load.8 %0 + 0\n"
		 "	%2 = slot $0 [16 align 8]\n"
		 "	store.8 %2 + 0, 1000\n"
		 "	%3 = callf five 1, %1, 10, %2, %1\n"
		 "	%4 = load.8 %2 + 0\n"
		 "	store.8 %0 + 8, %3\n"
		 "	store.8 %0 + 16, %4\n"
		 "	ret 0\n"
		 "func unused() i64\n"
		 "b0:\n"
		 "	ret 1\n"
		 "func five(i64, i64, i64, ptr, i64) i64\n"
		 "b0:\n"
		 "	%0 = param 0\n"
		 "	%1 = param 1\n"
		 "	%2 = param 2\n"
		 "	%3 = param 3\n"
		 "	%4 = param 4\n"
		 "	%5 = callf twice %2\n"
		 "	%6 = callf twice %5\n"
		 "	%7 = mul %0, %1\n"
		 "	%8 = add %7, %6\n"
		 "	%9 = sub %8, %4\n"
		 "	%10 = load.8 %3 + 0\n"
		 "	%11 = add %10, %9\n"
		 "	store.8 %3 + 0, %11\n"
		 "	ret %9\n"
		 "func twice(i64) i64\n"
		 "b0:\n"
		 "	%0 = param 0\n"
		 "	%1 = add %0, %0\n"
		 "	ret %1\n",
		 data);
	ck_assert_uint_eq(data[1], 40);
	ck_assert_uint_eq(data[2], 1040);
}
END_TEST

START_TEST(callback)
{
	uint64_t data[WORDS] = { 0 };

	if (!has_helper(BPF_FUNC_loop))
		return;
	run_text("func main(ctx)\n"
		 "b0:\n"
		 "	%0 = slot $0 [8 align 8]\n"
		 "	store.8 %0 + 0, 0\n"
		 "	%1 = func add_up\n"
		 "	%2 = call loop 1000, %1, %0, 0\n"
		 "	%3 = data @0 + 0\n"
		 "	%4 = load.8 %0 + 0\n"
		 "	store.8 %3 + 0, %4\n"
		 "	store.8 %3 + 8, %2\n"
		 "	ret 0\n"
		 "func add_up(i64, ptr) i64\n"
		 "b0:\n"
		 "	%0 = param 0\n"
		 "	%1 = param 1\n"
		 "	%2 = load.8 %1 + 0\n"
		 "	%3 = add %2, %0\n"
		 "	store.8 %1 + 0, %3\n"
		 "	%4 = ule 100, %0\n"
		 "	ret %4\n",
		 data);
	ck_assert_uint_eq(data[0], 100 * 101 / 2);
	ck_assert_uint_eq(data[1], 101);
}
END_TEST

/* More than the stack holds, in main and in a function that it calls, which must not use the same memory. */
START_TEST(scratch_memory)
{
	uint64_t data[WORDS] = { 5 };

	run_text("func main(ctx)\n"
		 "b0:\n"
		 "	%0 = data @0 + 0\n"
		 "	%1 = load.8 %0 + 0\n"
		 "	%2 = slot $0 [400 align 8]\n"
		 "	%3 = slot $1 [300 align 8]\n"
		 "	%4 = slot $2 [2000 align 8]\n"
		 "	zero %2, 400\n"
		 "	zero %3, 300\n"
		 "	zero %4, 2000\n"
		 "	store.8 %2 + 392, 1\n"
		 "	store.8 %3 + 288, 20\n"
		 "	store.8 %4 + 1992, 300\n"
		 "	%5 = callf f %2, %1\n"
		 "	%6 = load.8 %2 + 392\n"
		 "	%7 = load.8 %3 + 288\n"
		 "	%8 = load.8 %4 + 1992\n"
		 "	%9 = add %6, %7\n"
		 "	%10 = add %9, %8\n"
		 "	%11 = add %10, %5\n"
		 "	store.8 %0 + 8, %11\n"
		 "	ret 0\n"
		 "func f(ptr, i64) i64\n"
		 "b0:\n"
		 "	%0 = param 0\n"
		 "	%1 = param 1\n"
		 "	%2 = slot $0 [480 align 8]\n"
		 "	zero %2, 480\n"
		 "	%3 = and %1, 7\n"
		 "	%4 = shl %3, 3\n"
		 "	%5 = padd %2 + 0, %4\n"
		 "	store.8 %5 + 8, 4000\n"
		 "	%6 = padd %0 + 0, %4\n"
		 "	store.8 %6 + 8, 50000\n"
		 "	%7 = load.8 %2 + 48\n"
		 "	%8 = load.8 %0 + 48\n"
		 "	%9 = add %7, %8\n"
		 "	ret %9\n",
		 data);
	ck_assert_uint_eq(data[1], 54321);
}
END_TEST

/* Slots that are in use one after the other share their place: 1000 bytes fit into the stack. */
START_TEST(slots_overlap)
{
	uint64_t data[WORDS] = { 0 };
	struct kernel k;
	struct text t;
	FILE *out = text_begin(&t);

	fprintf(out, "func main(ctx)\nb0:\n\t%%0 = data @0 + 0\n");
	for (unsigned i = 0; i < 10; i++)
		fprintf(out, "\t%%%u = slot $%u [100 align 8]\n\tcopy %%%u, %%0, 100\n\tstore.8 %%%u + 8, %u\n"
			"\t%%%u = padd %%0 + %u, 0\n\tcopy %%%u, %%%u, 16\n",
			1 + 2 * i, i, 1 + 2 * i, 1 + 2 * i, i, 2 + 2 * i, 200 + 16 * i, 2 + 2 * i, 1 + 2 * i);
	fprintf(out, "\tret 0\n");
	text_open(&t, &k);
	ck_assert_uint_le(k.image.programs.data[0].stack_size, 104);
	ck_assert_uint_eq(k.image.programs.data[0].scratch_size, 0);
	data[0] = 77;
	kernel_write(&k, 0, data);
	kernel_run(&k, NULL, 0);
	kernel_read(&k, 0, data);
	for (unsigned i = 0; i < 10; i++) {
		ck_assert_uint_eq(data[25 + 2 * i], 77);
		ck_assert_uint_eq(data[26 + 2 * i], i);
	}
	kernel_close(&k);
}
END_TEST

/* As counting by a key is lowered: the pointer of a lookup is tested where it is used, in all its copies. */
START_TEST(maps)
{
	static const char ir[] =
		"map @0 \"data\" array value 2048\n"
		"map @1 \"@\" hash key(16) value 8 entries 100\n"
		"program \"test\"\n"
		"func main(ctx)\n"
		"b0:\n"
		"	%0 = ctx\n"
		"	%1 = load.8 %0 + 0\n"
		"	%2 = slot $0 [16 align 8]\n"
		"	store.8 %2 + 0, %1\n"
		"	store.8 %2 + 8, 0\n"
		"	%3 = map @1\n"
		"	%4 = call map_lookup_elem %3, %2\n"
		"	%5 = ne %4, 0\n"
		"	br %5, b3, b1\n"
		"b1: unlikely\n"
		"	%6 = slot $1 [8 align 8]\n"
		"	store.8 %6 + 0, 0\n"
		"	%7 = call map_update_elem %3, %2, %6, 1\n"
		"	%8 = call map_lookup_elem %3, %2\n"
		"	%9 = ne %8, 0\n"
		"	br %9, b3, b2\n"
		"b2: unlikely\n"
		"	ret 1\n"
		"b3:\n"
		"	%10 = phi ptr b0: %4, b1: %8\n"
		"	%11 = call get_prandom_u32\n"
		"	%12 = load.8 %10 + 0\n"
		"	%13 = add %12, 1\n"
		"	store.8 %10 + 0, %13\n"
		"	ret 0\n";
	struct kernel k;
	uint64_t key[2] = { 0 }, value;

	ck_assert(kernel_open(&k, ir));
	for (uint64_t i = 0; i < 10; i++)
		for (uint64_t n = 0; n <= i; n++)
			ck_assert_uint_eq(kernel_run(&k, &i, 1), 0);
	for (key[0] = 0; key[0] < 10; key[0]++) {
		ck_assert(!bpf_map_lookup_elem(k.maps[1], key, &value));
		ck_assert_uint_eq(value, key[0] + 1);
	}
	kernel_close(&k);
}
END_TEST

START_TEST(patch)
{
	uint64_t data[WORDS] = { 0 };

	run_text("func main(ctx)\n"
		 "b0:\n"
		 "	%0 = data @0 + 0\n"
		 "	%1 = patch target\n"
		 "	%2 = add %1, 1\n"
		 "	store.8 %0 + 8, %2\n"
		 "	ret 0\n",
		 data);
	ck_assert_uint_eq(data[1], 4712);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("bpfgen_run");
	TCase *c = tcase_create("run");

	if (!kernel_usable()) {
		puts("this kernel loads no BPF programs for us");
		return 77;
	}
	tcase_set_timeout(c, 0);
	tcase_add_test(c, pressure);
	tcase_add_test(c, blocks_of_memory);
	tcase_add_test(c, phis_swap);
	tcase_add_test(c, functions);
	tcase_add_test(c, callback);
	tcase_add_test(c, scratch_memory);
	tcase_add_test(c, slots_overlap);
	tcase_add_test(c, maps);
	tcase_add_test(c, patch);
	suite_add_tcase(s, c);
	return run_suite(s);
}
