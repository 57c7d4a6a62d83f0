// SPDX-License-Identifier: GPL-2.0-or-later
/* What the arguments of static probes' notes mean, source names, and instructions that no probe may stand on. */
#include "debuginfo/demangle.h"
#include "provider/arch.h"
#include "provider/usdt_arg.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

static struct arena arena;

/* An argument as text: kind size base index scale disp symbol. */
static const char *text_of(const struct usdt_arg *arg)
{
	static const char *const kinds[] = {
		[USDT_CONSTANT] = "const", [USDT_REGISTER] = "reg", [USDT_MEMORY] = "mem", [USDT_ADDRESS] = "addr", [USDT_UNKNOWN] = "unknown",
	};

	if (arg->kind == USDT_UNKNOWN)
		return arg->why;
	return arena_printf(&arena, "%s %s%u %d %d*%u %ld %s>>%u", kinds[arg->kind], arg->is_signed ? "-" : "", arg->size, arg->base,
			    arg->index, arg->scale, (long)arg->disp, arg->symbol ? arg->symbol : "", arg->shift);
}

static const struct {
	const char *note, *args[4];
} table[] = {
	{ "", { NULL } },
	{ "8@%rdi -4@%esi 2@%ax -1@%r15b", { "reg 8 112 -1*0 0 >>0", "reg -4 104 -1*0 0 >>0", "reg 2 80 -1*0 0 >>0", "reg -1 0 -1*0 0 >>0" } },
	{ "1@%ah -1@%dh", { "reg 1 80 -1*0 0 >>8", "reg -1 96 -1*0 0 >>8" } },
	{ "-4@$-5 8@$18446744073709551615", { "const -4 -1 -1*0 -5 >>0", "const 8 -1 -1*0 -1 >>0" } },
	{ "8@(%rsp) 8@-8(%rbp) 4@0x10(%rax,%rcx,4)", { "mem 8 152 -1*0 0 >>0", "mem 8 32 -1*0 -8 >>0", "mem 4 80 88*4 16 >>0" } },
	{ "8@(%rax,%rcx) 8@8(,%r9,8)", { "mem 8 80 88*1 0 >>0", "mem 8 -1 64*8 8 >>0" } },
	{ "8@name(%rip) 8@name+8(%rip) 8@16+name(%rip) 8@name-4(%rip)",
	  { "mem 8 -1 -1*0 0 name>>0", "mem 8 -1 -1*0 8 name>>0", "mem 8 -1 -1*0 16 name>>0", "mem 8 -1 -1*0 -4 name>>0" } },
	{ "8@name 8@$name 8@$name+4 4@table(,%rax,4)", { "mem 8 -1 -1*0 0 name>>0", "addr 8 -1 -1*0 0 name>>0", "addr 8 -1 -1*0 4 name>>0",
							  "mem 4 -1 80*4 0 table>>0" } },
	{ "%rax $5", { "reg -8 80 -1*0 0 >>0", "const -8 -1 -1*0 5 >>0" } },
	{ "8f@%xmm0 8@%xmm1 8@%st", { "it is a floating point number", "it is a floating point number", "it is a floating point number" } },
	{ "8@%fs:16 16@%rax 8@8(%rip)", { "it is the thread's own", "it is larger than a number", "it is at an address that only the assembler knew" } },
	{ "8@( 8@(%rax 8@%nonsense 8@!", { "it is written in a way that is not understood", "it is written in a way that is not understood",
					   "it is in a register that a probe does not see", "it is written in a way that is not understood" } },
};

START_TEST(arguments)
{
	struct usdt_arg args[USDT_MAX_ARGS];
	unsigned n = usdt_args_parse(&arena, table[_i].note, args);

	for (unsigned i = 0; i < 4; i++) {
		ck_assert_int_eq(i < n, table[_i].args[i] != NULL);
		if (i < n)
			ck_assert_str_eq(text_of(&args[i]), table[_i].args[i]);
	}
}
END_TEST

/* Notes of any bytes end, and have a bounded number of arguments. */
START_TEST(nonsense)
{
	static const char bytes[] = " -48@%()$,+:abxrip019._";
	struct usdt_arg args[USDT_MAX_ARGS];
	char note[64];

	srand(1);
	for (int i = 0; i < 200000; i++) {
		struct arena a = { 0 };
		unsigned len = (unsigned)rand() % (sizeof(note) - 1);

		for (unsigned at = 0; at < len; at++)
			note[at] = bytes[(unsigned)rand() % (sizeof(bytes) - 1)];
		note[len] = 0;
		ck_assert_uint_le(usdt_args_parse(&a, note, args), USDT_MAX_ARGS);
		arena_deinit(&a);
	}
}
END_TEST

static const struct {
	const char *name, *base, *wanted;
	bool is;
} names[] = {
	{ "ns::f(int, char const*)", "ns::f", "ns::f", true },
	{ "ns::f(int, char const*)", "ns::f", "ns::f(int,char const *)", true },
	{ "ns::f(int, char const*)", "ns::f", "ns::f(int)", false },
	{ "ns::f(int, char const*)", "ns::f", "f", false },
	{ "int ns::twice<int>(int)", "ns::twice<int>", "ns::twice", true },
	{ "int ns::twice<int>(int)", "ns::twice<int>", "ns::twice<int>", true },
	{ "int ns::twice<int>(int)", "ns::twice<int>", "ns::twice<long>", false },
	{ "a::operator+(a const&) const", "a::operator+", "a::operator+", true },
	{ "a::operator()(int)", "a::operator()", "a::operator()", true },
	{ "a::operator bool() const", "a::operator bool", "a::operator bool", true },
	{ "ns::box<int>::get(int) const [clone .isra.0]", "ns::box<int>::get", "ns::box<int>::get(int) const", true },
	{ "ns::box<int>::get(int) const [clone .isra.0]", "ns::box<int>::get", "ns::box<int>::get(int)", false },
	{ "ns::generic::<u8>", "ns::generic::<u8>", "ns::generic", true },
	{ "ns::generic::<u8>", "ns::generic::<u8>", "ns::generic::<u16>", false },
	{ "core::fmt::write", "core::fmt::write", "core::fmt::write", true },
};

START_TEST(source_names)
{
	ck_assert_str_eq(dbg_demangled_base(&arena, names[_i].name), names[_i].base);
	ck_assert_int_eq(dbg_demangled_is(names[_i].name, names[_i].wanted), names[_i].is);
}
END_TEST

START_TEST(mangled)
{
	ck_assert_str_eq(dbg_demangle(&arena, "_ZN2ns1fEi"), "ns::f(int)");
	ck_assert_str_eq(dbg_demangle(&arena, "_ZN4core3fmt5write17h0123456789abcdefE"), "core::fmt::write");
	ck_assert_str_eq(dbg_demangle(&arena, "_RNvCs1234_7mycrate3foo"), "mycrate::foo");
	ck_assert_ptr_null(dbg_demangle(&arena, "main"));
	ck_assert_ptr_null(dbg_demangle(&arena, "_Z"));
	ck_assert_ptr_null(dbg_demangle(&arena, ""));
}
END_TEST

START_TEST(vector_instructions)
{
	static const struct {
		unsigned char code[8];
		int skip;
	} code[] = {
		{ { 0x55, 0x48, 0x89, 0xe5 }, 0 },			/* push %rbp */
		{ { 0x74, 0x10 }, 0 },					/* je */
		{ { 0xc5, 0xf8, 0x77 }, ARCH_PROBE_HARMS },				/* vzeroupper */
		{ { 0xc5, 0xf9, 0xef, 0xc0 }, ARCH_PROBE_REFUSED },	/* vpxor */
		{ { 0xc5, 0xf9, 0xeb, 0xc0 }, ARCH_PROBE_HARMS },		/* vpor */
		{ { 0xc5, 0xf9, 0xdb, 0xc0 }, 0 },			/* vpand */
		{ { 0xf0, 0xff, 0x0f }, ARCH_PROBE_REFUSED },		/* lock decl */
		{ { 0x62, 0xe2, 0x7d, 0x28, 0x7a, 0xc6 }, 6 },		/* vpbroadcastb %esi, %ymm16 */
		{ { 0x62, 0xf1, 0x7d, 0x28, 0x74, 0xc0 }, ARCH_PROBE_HARMS },		/* vpcmpeqb */
		{ { 0x62, 0xa1, 0xfd, 0x00, 0xef, 0xc0 }, ARCH_PROBE_REFUSED },	/* vpxorq */
	};

	for (unsigned i = 0; i < sizeof(code) / sizeof(*code); i++)
		ck_assert_int_eq(arch_probe_skip(code[i].code, 8), code[i].skip);
	ck_assert_int_eq(arch_probe_skip((const unsigned char *)"\xc5", 1), 0);
}
END_TEST

START_TEST(lengths)
{
	static const struct {
		unsigned char code[16];
		unsigned length;
	} code[] = {
		{ { 0x55 }, 1 }, { { 0x48, 0x89, 0xe5 }, 3 }, { { 0xc3 }, 1 }, { { 0xf3, 0x0f, 0x1e, 0xfa }, 4 },
		{ { 0x0f, 0x1f, 0x44, 0x00, 0x00 }, 5 }, { { 0xe8, 1, 2, 3, 4 }, 5 }, { { 0x48, 0x8b, 0x05, 1, 2, 3, 4 }, 7 },
		{ { 0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8 }, 10 }, { { 0x66, 0xb8, 1, 2 }, 4 }, { { 0x66, 0x81, 0x7c, 0x24, 8, 1, 2 }, 7 },
		{ { 0x0f, 0x84, 1, 2, 3, 4 }, 6 }, { { 0xf7, 0xc7, 1, 2, 3, 4 }, 6 }, { { 0xf7, 0xd8 }, 2 },
		{ { 0xc5, 0xf8, 0x77 }, 3 }, { { 0xc4, 0xe3, 0x7d, 0x39, 0xc1, 1 }, 6 }, { { 0x62, 0xe2, 0x7d, 0x28, 0x7a, 0xc6 }, 6 },
		{ { 0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0 }, 9 }, { { 0x06 }, 0 },
	};

	for (unsigned i = 0; i < sizeof(code) / sizeof(*code); i++)
		ck_assert_uint_eq(arch_instruction_length(code[i].code, 16), code[i].length);
	ck_assert_uint_eq(arch_instruction_length(code[5].code, 3), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("usdt_args");
	TCase *t = tcase_create("args");

	tcase_add_loop_test(t, arguments, 0, sizeof(table) / sizeof(*table));
	tcase_add_test(t, nonsense);
	tcase_add_loop_test(t, source_names, 0, sizeof(names) / sizeof(*names));
	tcase_add_test(t, mangled);
	tcase_add_test(t, vector_instructions);
	tcase_add_test(t, lengths);
	suite_add_tcase(s, t);
	arena_deinit(&arena);
	return run_suite(s);
}
