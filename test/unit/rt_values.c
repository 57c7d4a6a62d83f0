// SPDX-License-Identifier: GPL-2.0-or-later
/* Values as text and JSON, and printf. */
#include "runtime/printf.h"
#include "suite.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct image image;
static struct text text;

static void setup(void)
{
	arena = (struct arena){ 0 };
	image = (struct image){ .arena = &arena };
}

static void teardown(void)
{
	text_deinit(&text);
	arena_deinit(&arena);
}

static const char *done(void)
{
	text_putc(&text, 0);
	text.len = 0;
	return text.data;
}

static struct value of(const struct type *type, const void *bytes, unsigned size)
{
	return (struct value){ type, bytes, size };
}

static const char *shown(const struct type *type, const void *bytes, unsigned size)
{
	const struct value v = of(type, bytes, size);

	value_text(&text, &image, &v);
	return done();
}

static const char *json(const struct type *type, const void *bytes, unsigned size)
{
	const struct value v = of(type, bytes, size);

	value_json(&text, &image, &v);
	return done();
}

static const char *number(const struct type *type, int64_t n)
{
	return shown(type, &n, sizeof(n));
}

static const char *as(enum type_show show, int64_t n)
{
	return number(type_int(&arena, 8, true, show), n);
}

START_TEST(test_numbers)
{
	ck_assert_str_eq(number(&type_s64, INT64_MIN), "-9223372036854775808");
	ck_assert_str_eq(number(&type_u64, -1), "18446744073709551615");
	ck_assert_str_eq(number(&type_s8, 0x180), "-128");
	ck_assert_str_eq(number(&type_u16, -1), "65535");
	ck_assert_str_eq(number(type_pointer(&arena, &type_void, false), 0xffff888000000000), "0xffff888000000000");
	ck_assert_str_eq(as(SHOW_HEX, 255), "0xff");
	ck_assert_str_eq(as(SHOW_CHAR, 'x'), "x");
}
END_TEST

START_TEST(test_durations)
{
	ck_assert_str_eq(as(SHOW_NS, 0), "0 ns");
	ck_assert_str_eq(as(SHOW_NS, 999), "999 ns");
	ck_assert_str_eq(as(SHOW_NS, 1000), "1.00 us");
	ck_assert_str_eq(as(SHOW_NS, 9996), "10.0 us");
	ck_assert_str_eq(as(SHOW_NS, 15300000), "15.3 ms");
	ck_assert_str_eq(as(SHOW_NS, 123456000), "123 ms");
	ck_assert_str_eq(as(SHOW_NS, 3600000000000), "3600 s");
	ck_assert_str_eq(as(SHOW_NS, -1500), "-1.50 us");
}
END_TEST

START_TEST(test_names)
{
	const unsigned char loopback[4] = { 127, 0, 0, 1 };

	ck_assert_str_eq(as(SHOW_ERRNO, ENOENT), "ENOENT");
	ck_assert_str_eq(as(SHOW_ERRNO, 0), "0");
	ck_assert_str_eq(as(SHOW_ERRNO, 4095), "4095");
	ck_assert_str_eq(as(SHOW_SIGNAL, SIGKILL), "SIGKILL");
	ck_assert_str_eq(as(SHOW_USERNAME, 0), "root");
	ck_assert_str_eq(shown(type_int(&arena, 4, false, SHOW_INET4), loopback, 4), "127.0.0.1");
}
END_TEST

START_TEST(test_targets)
{
	*arena_vec_add(&arena, &image.targets) = (struct image_target){ .func = "SyS_read", .probe = "kprobe:SyS_read" };
	ck_assert_str_eq(as(SHOW_FUNC, 0), "SyS_read");
	ck_assert_str_eq(as(SHOW_PROBE, 0), "kprobe:SyS_read");
	ck_assert_str_eq(as(SHOW_FUNC, 7), "");
}
END_TEST

START_TEST(test_strings)
{
	ck_assert_str_eq(shown(&type_string, "sh\0xyz", 6), "sh");
	ck_assert_str_eq(shown(&type_string, "full", 4), "full");
	ck_assert_str_eq(shown(&type_string, "a\tb\\\x1b\n", 8), "a\\tb\\\\\\x1b\\n");
	ck_assert_str_eq(json(&type_string, "a\"b\\\x01\n\t", 8), "\"a\\\"b\\\\\\u0001\\n\\t\"");
	ck_assert_str_eq(json(&type_string, "\xc3\xa4\xff", 4), "\"\xc3\xa4\\ufffd\"");
	ck_assert_str_eq(json(&type_string, "\xed\xa0\x80", 3), "\"\\ufffd\\ufffd\\ufffd\"");
}
END_TEST

START_TEST(test_compounds)
{
	const struct {
		uint32_t a;
		uint32_t bits;
		char name[8];
	} s = { 7, 0x35, "x\ny" };
	const struct type_member members[] = {
		{ "a", &type_u32, 0, 0, 0 },
		{ "low", &type_u32, 4, 0, 4 },
		{ "high", &type_u32, 4, 4, 4 },
		{ "name", type_array(&arena, &type_char, 8), 8, 0, 0 },
	};
	const struct type type = { .kind = TYPE_STRUCT, .size = sizeof(s), .members = members, .nmembers = 4 };
	const struct type *parts[] = { &type_u8, &type_s64 };
	const int64_t tuple[] = { 1, -2 };
	const uint32_t array[] = { 1, 2, 3 };

	ck_assert_str_eq(shown(&type, &s, sizeof(s)), "{ .a = 7, .low = 5, .high = 3, .name = \"x\\ny\" }");
	ck_assert_str_eq(json(&type, &s, sizeof(s)), "{\"a\": 7, \"low\": 5, \"high\": 3, \"name\": \"x\\ny\"}");
	ck_assert_str_eq(shown(type_tuple(&arena, parts, 2), tuple, sizeof(tuple)), "(1, -2)");
	ck_assert_str_eq(shown(type_array(&arena, &type_u32, 3), array, sizeof(array)), "[1, 2, 3]");
	ck_assert_str_eq(json(type_array(&arena, &type_u32, 3), array, sizeof(array)), "[1, 2, 3]");
}
END_TEST

/* --- printf --- */

static const char *formatted(const char *format, const struct value *args)
{
	struct format f = { 0 };

	ck_assert(format_parse(&arena, format, strlen(format), &f, NULL));
	format_print(&text, &image, &f, args);
	return done();
}

static const char *print_number(const char *format, const struct type *type, int64_t n)
{
	const struct value v = of(type, &n, sizeof(n));

	return formatted(format, &v);
}

static const char *print_string(const char *format, const char *s)
{
	const struct value v = of(&type_string, s, (unsigned)strlen(s) + 1);

	return formatted(format, &v);
}

/* What C prints for the same number. */
static void same_as_c(const char *format, int64_t n)
{
	char c_format[32], expected[128];

	snprintf(c_format, sizeof(c_format), "%.*sll%s", (int)strlen(format) - 1, format, format + strlen(format) - 1);
	snprintf(expected, sizeof(expected), c_format, (long long)n);
	ck_assert_str_eq(print_number(format, &type_s64, n), expected);
}

START_TEST(test_printf_as_c)
{
	static const char *const formats[] = {
		"%d", "%5d", "%-5d", "%05d", "%+d", "% d", "%.3d", "%8.3d", "%-8.3d", "%08.3d", "%+05d", "%.0d", "%i",
		"%x", "%X", "%#x", "%#X", "%#10x", "%#010x", "%-#10x", "%.5x", "%#.5x", "%o", "%#o", "%8o", "%.0x", "%#.0o",
	};
	static const int64_t numbers[] = { 0, 1, -1, 7, 42, -42, 123456, INT64_MAX, INT64_MIN };

	for (unsigned f = 0; f < sizeof(formats) / sizeof(*formats); f++)
		for (unsigned n = 0; n < sizeof(numbers) / sizeof(*numbers); n++)
			same_as_c(formats[f], numbers[n]);
}
END_TEST

/* The argument's type says how wide and, for %d, whether signed. */
START_TEST(test_printf_types)
{
	ck_assert_str_eq(print_number("%d", &type_u64, -1), "18446744073709551615");
	ck_assert_str_eq(print_number("%u", &type_s64, -1), "18446744073709551615");
	ck_assert_str_eq(print_number("%x", &type_s32, -1), "ffffffff");
	ck_assert_str_eq(print_number("%llx", &type_u8, 0x1ff), "ff");
	ck_assert_str_eq(print_number("%'d", &type_s64, -1234567), "-1,234,567");
	ck_assert_str_eq(print_number("%c", &type_s64, 'A'), "A");
	ck_assert_str_eq(print_number("%3c|", &type_s64, 'A'), "  A|");
	ck_assert_str_eq(print_number("%p", &type_u64, 0x1000), "0x1000");
}
END_TEST

START_TEST(test_printf_strings)
{
	ck_assert_str_eq(print_string("%s", "a\nb"), "a\nb");
	ck_assert_str_eq(print_string("%S", "a\nb"), "a\\nb");
	ck_assert_str_eq(print_string("[%5s]", "ab"), "[   ab]");
	ck_assert_str_eq(print_string("[%-5s]", "ab"), "[ab   ]");
	ck_assert_str_eq(print_string("[%.1s]", "ab"), "[a]");
	ck_assert_str_eq(print_string("[%-3s]", "\xc3\xa4"), "[\xc3\xa4  ]");
	ck_assert_str_eq(print_string("100%% %s", "x"), "100% x");
	ck_assert_str_eq(print_number("[%8s]", type_int(&arena, 4, true, SHOW_ERRNO), EPERM), "[   EPERM]");
	ck_assert_str_eq(print_number("%d", type_int(&arena, 4, true, SHOW_ERRNO), EPERM), "1");
}
END_TEST

START_TEST(test_printf_star)
{
	const int64_t width = -6, n = 42;
	const struct value args[] = { of(&type_s64, &width, 8), of(&type_s64, &n, 8) };

	ck_assert_str_eq(formatted("[%*d]", args), "[42    ]");
}
END_TEST

START_TEST(test_printf_time)
{
	setenv("TZ", "UTC", 1);
	ck_assert_str_eq(print_number("%Y", &type_u64, 123787200000000000), "1973 Dec  3 17:20:00");
	ck_assert_str_eq(print_number("%T", &type_u64, 123787200000000000), "Mon, 03 Dec 1973 17:20:00 UTC");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("values");
	TCase *values = tcase_create("values"), *printf_case = tcase_create("printf");

	tcase_add_checked_fixture(values, setup, teardown);
	tcase_add_test(values, test_numbers);
	tcase_add_test(values, test_durations);
	tcase_add_test(values, test_names);
	tcase_add_test(values, test_targets);
	tcase_add_test(values, test_strings);
	tcase_add_test(values, test_compounds);
	suite_add_tcase(s, values);
	tcase_add_checked_fixture(printf_case, setup, teardown);
	tcase_add_test(printf_case, test_printf_as_c);
	tcase_add_test(printf_case, test_printf_types);
	tcase_add_test(printf_case, test_printf_strings);
	tcase_add_test(printf_case, test_printf_star);
	tcase_add_test(printf_case, test_printf_time);
	suite_add_tcase(s, printf_case);
	return run_suite(s);
}
