// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/format.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct format f;
static struct format_error error;

static void teardown(void)
{
	arena_deinit(&arena);
}

static bool parse(const char *text)
{
	error = (struct format_error){ 0 };
	return format_parse(&arena, text, strlen(text), &f, &error);
}

static const struct format_piece *piece(unsigned n)
{
	ck_assert_uint_lt(n, f.pieces.len);
	return &f.pieces.data[n];
}

static void ck_text(unsigned n, const char *text)
{
	ck_assert_int_eq(piece(n)->conv, 0);
	ck_assert_uint_eq(piece(n)->len, strlen(text));
	ck_assert(!memcmp(piece(n)->text, text, strlen(text)));
}

START_TEST(text_and_conversions)
{
	ck_assert(parse("a %d b%s\n"));
	ck_assert_uint_eq(f.pieces.len, 5);
	ck_text(0, "a ");
	ck_assert_int_eq(piece(1)->conv, 'd');
	ck_assert_int_eq(piece(1)->width, FORMAT_NONE);
	ck_text(2, " b");
	ck_assert_int_eq(piece(3)->conv, 's');
	ck_assert_uint_eq(piece(3)->arg, 1);
	ck_text(4, "\n");
	ck_assert_uint_eq(f.nargs, 2);
}
END_TEST

START_TEST(percent_signs)
{
	ck_assert(parse("100%% of %%%d%%"));
	ck_text(0, "100%");
	ck_text(1, " of %");
	ck_assert_int_eq(piece(2)->conv, 'd');
	ck_text(3, "%");
	ck_assert_uint_eq(f.nargs, 1);
	ck_assert(parse(""));
	ck_assert_uint_eq(f.pieces.len, 0);
}
END_TEST

START_TEST(flags_width_and_precision)
{
	ck_assert(parse("%-08.3x%+ #'d%?p"));
	ck_assert_uint_eq(piece(0)->flags, FORMAT_MINUS | FORMAT_ZERO);
	ck_assert_int_eq(piece(0)->width, 8);
	ck_assert_int_eq(piece(0)->precision, 3);
	ck_assert_uint_eq(piece(1)->flags, FORMAT_PLUS | FORMAT_SPACE | FORMAT_ALT | FORMAT_GROUP);
	ck_assert_int_eq(piece(2)->width, 16);
}
END_TEST

START_TEST(stars_take_arguments_first)
{
	ck_assert(parse("%s %-*.*d %*s"));
	ck_assert_uint_eq(piece(0)->arg, 0);
	ck_assert_int_eq(piece(2)->width, FORMAT_STAR);
	ck_assert_uint_eq(piece(2)->width_arg, 1);
	ck_assert_uint_eq(piece(2)->precision_arg, 2);
	ck_assert_uint_eq(piece(2)->arg, 3);
	ck_assert_uint_eq(piece(4)->width_arg, 4);
	ck_assert_uint_eq(piece(4)->arg, 5);
	ck_assert_uint_eq(f.nargs, 6);
}
END_TEST

START_TEST(modifiers_mean_nothing)
{
	ck_assert(parse("%lld %hhx %zu %jd %Lx"));
	ck_assert_int_eq(piece(0)->conv, 'd');
	ck_assert_int_eq(piece(2)->conv, 'x');
	ck_assert_uint_eq(f.nargs, 5);
}
END_TEST

START_TEST(aggregations_of_printa)
{
	ck_assert(parse("%@16d %16@d %@-8d %s"));
	ck_assert_uint_eq(piece(0)->flags, FORMAT_AGG);
	ck_assert_int_eq(piece(0)->width, 16);
	ck_assert_int_eq(piece(2)->width, 16);
	ck_assert_uint_eq(piece(2)->flags, FORMAT_AGG);
	ck_assert_uint_eq(piece(4)->flags, FORMAT_AGG | FORMAT_MINUS);
	ck_assert_uint_eq(piece(6)->arg, 0);
	ck_assert_uint_eq(f.nargs, 1);
}
END_TEST

static const struct {
	const char *text, *complaint;
	size_t offset, len;
} wrong[] = {
	{ "ab%", "has no conversion letter", 2, 1 },
	{ "%5", "has no conversion letter", 0, 2 },
	{ "x %y", "is not a conversion", 2, 2 },
	{ "%-5.2!", "is not a conversion", 0, 6 },
	{ "%n", "is not a conversion of printf here", 0, 2 },
	{ "%2$d", "names its argument by number, which is not possible here", 0, 3 },
	{ "%.99999s", "is wider than 4096", 0, 8 },
};

START_TEST(mistakes)
{
	ck_assert(!parse(wrong[_i].text));
	ck_assert_str_eq(error.text, wrong[_i].complaint);
	ck_assert_uint_eq(error.offset, wrong[_i].offset);
	ck_assert_uint_eq(error.len, wrong[_i].len);
}
END_TEST

START_TEST(what_conversions_take)
{
	ck_assert(parse("%d%s%v%Y%k"));
	ck_assert(format_takes(piece(0), &type_u8) && !format_takes(piece(0), &type_string));
	ck_assert(format_takes(piece(1), &type_string) && !format_takes(piece(1), &type_s64));
	ck_assert(format_takes(piece(1), type_shown("func")) && format_takes(piece(1), type_shown("ksym")));
	ck_assert(format_takes(piece(2), &type_string) && format_takes(piece(2), &type_s64));
	ck_assert(format_takes(piece(3), &type_u64) && !format_takes(piece(3), &type_string));
	ck_assert(!format_takes(piece(4), &type_u64));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("format_parse");
	TCase *t = tcase_create("format");

	tcase_add_checked_fixture(t, NULL, teardown);
	tcase_add_test(t, text_and_conversions);
	tcase_add_test(t, percent_signs);
	tcase_add_test(t, flags_width_and_precision);
	tcase_add_test(t, stars_take_arguments_first);
	tcase_add_test(t, modifiers_mean_nothing);
	tcase_add_test(t, aggregations_of_printa);
	tcase_add_loop_test(t, mistakes, 0, sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(t, what_conversions_take);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
