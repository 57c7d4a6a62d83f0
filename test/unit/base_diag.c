// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/diag.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

static struct sources sources;
static struct diag diag;
static char *printed;
static size_t printed_len;

static void setup(void)
{
	sources = (struct sources){ 0 };
	diag_init(&diag, &sources);
	diag.out = open_memstream(&printed, &printed_len);
}

static void teardown(void)
{
	fclose(diag.out);
	free(printed);
	diag_deinit(&diag);
	sources_deinit(&sources);
}

static void add(const char *text)
{
	source_add(&sources, "file", text, strlen(text));
}

START_TEST(place_counts_characters)
{
	struct source_place p;

	add("one\n  \303\244b\n");
	ck_assert(source_place(&sources, (struct span){ 1 + 8, 1 }, &p));
	ck_assert_uint_eq(p.line, 2);
	ck_assert_uint_eq(p.column, 4);
	ck_assert_uint_eq(p.line_len, 5);
	ck_assert(!source_place(&sources, SPAN_NONE, &p));
	ck_assert(!source_place(&sources, (struct span){ 100, 1 }, &p));
}
END_TEST

START_TEST(texts_share_one_space)
{
	struct source_place p;

	add("a\n");
	add("b\nc");
	ck_assert(source_place(&sources, (struct span){ sources.list.data[1].base + 2, 1 }, &p));
	ck_assert_ptr_eq(p.source, &sources.list.data[1]);
	ck_assert_uint_eq(p.line, 2);
	ck_assert_int_eq(*source_text(&sources, (struct span){ sources.list.data[1].base + 2, 1 }), 'c');
}
END_TEST

START_TEST(error_shows_line_and_caret)
{
	add("k:f { @ = sum(args.cuont) }");
	diag_error(&diag, (struct span){ 1 + 19, 5 }, "FIELD", "no field '%s'", "cuont");
	diag_hint(&diag, "it has: %s", "nr, count");
	diag_flush(&diag);
	ck_assert_str_eq(printed, "file:1:20: error: no field 'cuont'\n"
				  "    k:f { @ = sum(args.cuont) }\n"
				  "                       ^~~~~\n"
				  "hint: it has: nr, count\n");
	ck_assert_uint_eq(diag.errors, 1);
}
END_TEST

START_TEST(errors_come_in_order_and_once)
{
	add("abc");
	diag_error(&diag, (struct span){ 3, 1 }, NULL, "second");
	diag_warning(&diag, (struct span){ 1, 1 }, "TAG", "first");
	diag_error(&diag, (struct span){ 3, 1 }, NULL, "second");
	diag.show_tags = true;
	diag_flush(&diag);
	ck_assert_str_eq(printed, "file:1:1: warning: [TAG] first\n    abc\n    ^\nfile:1:3: error: second\n    abc\n      ^\n");
	ck_assert_uint_eq(diag.errors, 1);
	ck_assert_uint_eq(diag.warnings, 1);
}
END_TEST

START_TEST(tabs_and_control_bytes)
{
	add("\tx\001 = ;");
	diag_error(&diag, (struct span){ 1 + 6, 1 }, NULL, "here");
	diag_flush(&diag);
	ck_assert_str_eq(printed, "file:1:7: error: here\n    \tx? = ;\n    \t     ^\n");
}
END_TEST

/* A terminal would do what they say: clear itself, take another title, answer as if somebody had typed. */
START_TEST(nothing_reaches_the_terminal)
{
	add("f\033[31m = \xc2\x9b" "2J \xff\xc3\xa9\x80");
	diag_error(&diag, (struct span){ 1 + 7, 1 }, NULL, "no '%s'", "\033]0;x\007\xc2\x9bK\xfe\xc3\xa9\tx\ny\r");
	diag_hint(&diag, "a\bc");
	diag_flush(&diag);
	ck_assert_str_eq(printed, "file:1:8: error: no '?]0;x??K?\xc3\xa9\tx\ny?'\n"
				  "    f?[31m = ?2J ?\xc3\xa9?\n"
				  "           ^\n"
				  "hint: a?c\n");
}
END_TEST

START_TEST(no_more_than_the_limit)
{
	add("abc");
	for (int i = 0; i < DIAG_MAX + 7; i++)
		diag_error(&diag, SPAN_NONE, NULL, "number %d", i);
	diag_flush(&diag);
	ck_assert_uint_eq(diag.errors, DIAG_MAX + 7);
	ck_assert(strstr(printed, "ply: 7 more errors are not shown\n"));
	ck_assert(!strstr(printed, "number 20"));
}
END_TEST

START_TEST(near_names)
{
	static const struct { const char *name, *a, *b, *best; } cases[] = {
		{ "cuont", "buf", "count", "count" },	/* two letters swapped are one edit */
		{ "reda", "read", "write", "read" },
		{ "xyz", "count", "buf", NULL },
		{ "fd", "df", "x", "df" },
		{ "a", "b", "c", NULL },		/* nothing of it would be left */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct suggest s = { .name = cases[i].name };

		suggest_add(&s, cases[i].a);
		suggest_add(&s, cases[i].b);
		if (cases[i].best)
			ck_assert_str_eq(suggest_best(&s), cases[i].best);
		else
			ck_assert_ptr_null(suggest_best(&s));
	}
}
END_TEST

static ssize_t count_write(void *cookie, const char *buf, size_t size)
{
	(void)buf;
	++*(unsigned *)cookie;
	return (ssize_t)size;
}

START_TEST(all_in_one_write)
{
	unsigned writes = 0;
	FILE *memory = diag.out;

	add("one\ntwo\n");
	diag.out = fopencookie(&writes, "w", (cookie_io_functions_t){ .write = count_write });
	setvbuf(diag.out, NULL, _IONBF, 0);
	diag_flush(&diag);
	ck_assert_uint_eq(writes, 0);
	diag_error(&diag, (struct span){ 1, 3 }, "TAG", "first");
	diag_hint(&diag, "a hint");
	diag_warning(&diag, (struct span){ 5, 3 }, "TAG", "second");
	diag_flush(&diag);
	ck_assert_uint_eq(writes, 1);
	fclose(diag.out);
	diag.out = memory;
}
END_TEST

int main(void)
{
	Suite *s = suite_create("base/diag");
	TCase *t = tcase_create("diag");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, place_counts_characters);
	tcase_add_test(t, texts_share_one_space);
	tcase_add_test(t, error_shows_line_and_caret);
	tcase_add_test(t, errors_come_in_order_and_once);
	tcase_add_test(t, tabs_and_control_bytes);
	tcase_add_test(t, nothing_reaches_the_terminal);
	tcase_add_test(t, no_more_than_the_limit);
	tcase_add_test(t, near_names);
	tcase_add_test(t, all_in_one_write);
	suite_add_tcase(s, t);
	return run_suite(s);
}
