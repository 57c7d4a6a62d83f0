// SPDX-License-Identifier: GPL-2.0-or-later
/* Variables as text and as JSON. */
#include "runtime/style.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct image image;
static struct rt rt;
static struct map_def map;
static struct var_def var;
static struct table rows;

static void setup(void)
{
	arena = (struct arena){ 0 };
	image = (struct image){ .arena = &arena };
	rt = (struct rt){ .image = &image, .style = &style_text };
	map = (struct map_def){ .name = "@x" };
	setenv("LC_ALL", "C", 1);
}

static void teardown(void)
{
	text_deinit(&rt.out.text);
	table_deinit(&rows);
	arena_deinit(&arena);
}

static void variable(const struct type *key, const char *key_names, const struct type *value)
{
	var = (struct var_def){
		.name = "@x", .storage = key ? VAR_MAP : VAR_PERCPU, .map = &map, .key = key, .key_names = key_names,
		.value = value, .cells = 1, .cell_size = value->kind == TYPE_AGG ? agg_cell_size(value) : 8,
	};
	table_init(&rows, key ? 16 : 0, var.cell_size);
}

static void key_field(unsigned offset, unsigned size)
{
	*arena_vec_add(&arena, &map.key) = (struct key_field){ offset, size, false };
}

static uint64_t *row(uint64_t first, const char *second)
{
	char key[16] = { 0 };

	memcpy(key, &first, 8);
	memcpy(key + 8, second, strlen(second));
	return table_add(&rows, key, NULL)->value;
}

static const char *printed(unsigned skip, int64_t div)
{
	rt.style->map(&rt, &rt.out.text, &var, &rows, skip, div);
	text_putc(&rt.out.text, 0);
	rt.out.text.len--;
	return rt.out.text.data;
}

static const struct type *agg(enum agg_kind kind)
{
	return type_agg(&arena, kind, &type_s64);
}

START_TEST(test_line)
{
	variable(NULL, NULL, agg(AGG_COUNT));
	*row(0, "") = 42;
	ck_assert_str_eq(printed(0, 1), "@x: 42\n");
}
END_TEST

START_TEST(test_nothing)
{
	variable(NULL, NULL, agg(AGG_SUM));
	ck_assert_str_eq(printed(0, 1), "@x: 0\n");
}
END_TEST

START_TEST(test_table)
{
	variable(&type_u64, "pid", agg(AGG_COUNT));
	key_field(0, 8);
	*row(7, "") = 1289;
	*row(12345, "") = 12930;
	ck_assert_str_eq(printed(0, 1), "@x[pid]\n"
		"  7                                 1289\n"
		"  12345                            12930\n");
}
END_TEST

/* The biggest are shown, divided; an empty line between tables. */
START_TEST(test_top)
{
	variable(&type_u64, NULL, agg(AGG_SUM));
	key_field(0, 8);
	row(7, "")[1] = 1000;
	row(8, "")[1] = (uint64_t)-2000;
	printed(1, 10);
	ck_assert_str_eq(printed(0, 1), "@x\n"
		"  8                                 -200\n\n@x\n"
		"  7                                 1000\n"
		"  8                                -2000\n");
}
END_TEST

START_TEST(test_columns)
{
	const struct type *parts[] = { &type_u64, type_string_of(&arena, 8) };

	variable(type_tuple(&arena, parts, 2), "pid, comm", agg(AGG_COUNT));
	key_field(0, 8);
	key_field(8, 8);
	*row(1, "s\nh") = 1;
	*row(22222, "abcdef") = 20;
	ck_assert_str_eq(printed(0, 1), "@x[pid, comm]\n"
		"  1      s\\nh                          1\n"
		"  22222  abcdef                       20\n");
}
END_TEST

/* What does not fit into the usual width makes the table wider. */
START_TEST(test_wide)
{
	variable(type_array(&arena, &type_char, 16), "comm", type_array(&arena, &type_u8, 8));
	key_field(0, 16);
	memcpy(row(0x6161616161616161, "bbbbbbb"), "\1\2\3\4\5\6\7", 8);
	ck_assert_str_eq(printed(0, 1), "@x[comm]\n  aaaaaaaabbbbbbb  [1, 2, 3, 4, 5, 6, 7, 0]\n");
}
END_TEST

static void stats(uint64_t *cell, int64_t n, int64_t total, int64_t min, int64_t max)
{
	const struct type *t = agg(AGG_STATS);

	cell[0] = (uint64_t)n;
	cell[1] = (uint64_t)total;
	cell[2] = ((uint64_t)min ^ agg_rank_mask(t, false)) + 1;
	cell[3] = ((uint64_t)max ^ agg_rank_mask(t, true)) + 1;
}

START_TEST(test_stats)
{
	variable(&type_u64, "cpu", agg(AGG_STATS));
	key_field(0, 8);
	stats(row(3, ""), 2, -10, -7, -3);
	ck_assert_str_eq(printed(0, 1), "@x[cpu]\n"
		"     count  average  total  min      max\n"
		"  3      2       -5    -10   -7       -3\n");
	table_deinit(&rows);
	rt.out.text.len = 0;
	variable(NULL, NULL, agg(AGG_STATS));
	stats(row(0, ""), 2, 10, 3, 7);
	ck_assert_str_eq(printed(0, 1), "@x: count 2, average 5, total 10, min 3, max 7\n");
}
END_TEST

START_TEST(test_histogram)
{
	uint64_t *cell;

	variable(type_array(&arena, &type_char, 16), "comm", agg(AGG_QUANTIZE));
	key_field(0, 16);
	cell = row(0x6873, "");
	cell[65 + 12] = 3;
	cell[65 + 13] = 17;
	ck_assert_str_eq(printed(0, 1), "@x[comm]: sh\n"
		"  [4K, 8K)          3  |@@@@@@@                                 |\n"
		"  [8K, 16K)        17  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|\n");
}
END_TEST

START_TEST(test_json)
{
	const struct type *parts[] = { &type_u64, type_string_of(&arena, 8) };

	rt.style = &style_json;
	variable(type_tuple(&arena, parts, 2), "pid, comm", agg(AGG_COUNT));
	key_field(0, 8);
	key_field(8, 8);
	*row(1, "s\nh") = 1;
	*row(2, "b") = 20;
	ck_assert_str_eq(printed(0, 1), "{\"type\": \"map\", \"data\": {\"@x\": {\"1,s\\nh\": 1, \"2,b\": 20}}, "
		"\"keys\": [[1, \"s\\nh\"], [2, \"b\"]]}\n");
}
END_TEST

START_TEST(test_json_histogram)
{
	struct type *linear = arena_memdup(&arena, agg(AGG_LQUANTIZE), sizeof(*linear));
	uint64_t *cell;

	rt.style = &style_json;
	linear->lo = 0;
	linear->hi = 20;
	linear->step = 10;
	variable(NULL, NULL, linear);
	cell = row(0, "");
	cell[0] = 1;
	cell[1] = 2;
	cell[3] = 3;
	ck_assert_str_eq(printed(0, 1), "{\"type\": \"hist\", \"data\": {\"@x\": [{\"max\": -1, \"count\": 1}, "
		"{\"min\": 0, \"max\": 9, \"count\": 2}, {\"min\": 10, \"max\": 19, \"count\": 0}, "
		"{\"min\": 20, \"count\": 3}]}}\n");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("print");
	TCase *tc = tcase_create("print");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_line);
	tcase_add_test(tc, test_nothing);
	tcase_add_test(tc, test_table);
	tcase_add_test(tc, test_top);
	tcase_add_test(tc, test_columns);
	tcase_add_test(tc, test_wide);
	tcase_add_test(tc, test_stats);
	tcase_add_test(tc, test_histogram);
	tcase_add_test(tc, test_json);
	tcase_add_test(tc, test_json_histogram);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
