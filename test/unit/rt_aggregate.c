// SPDX-License-Identifier: GPL-2.0-or-later
/* Cells merged and subtracted, the numbers they stand for, buckets, tables. */
#include "runtime/aggregate.h"
#include "runtime/histogram.h"
#include "runtime/table.h"
#include "runtime/text.h"
#include "suite.h"

#include <stdio.h>
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

static const struct type *agg(enum agg_kind kind)
{
	return type_agg(&arena, kind, &type_s64);
}

static const struct type *linear(int64_t lo, int64_t hi, int64_t step)
{
	struct type *t = arena_memdup(&arena, agg(AGG_LQUANTIZE), sizeof(*t));

	t->lo = lo;
	t->hi = hi;
	t->step = step;
	return t;
}

START_TEST(test_sums)
{
	uint64_t into[2] = { 2, 10 };

	agg_merge(agg(AGG_SUM), into, (uint64_t[]){ 3, (uint64_t)-4 });
	ck_assert_uint_eq(into[0], 5);
	ck_assert_int_eq(agg_number(agg(AGG_SUM), into), 6);
	ck_assert_int_eq(agg_number(agg(AGG_AVG), into), 1);
	ck_assert_int_eq(agg_number(agg(AGG_COUNT), into), 5);
	agg_subtract(agg(AGG_SUM), into, (uint64_t[]){ 2, 10 });
	ck_assert_int_eq(agg_number(agg(AGG_SUM), into), -4);
}
END_TEST

START_TEST(test_average_of_negative)
{
	const uint64_t cell[] = { 2, (uint64_t)-7 };

	ck_assert_int_eq(agg_number(agg(AGG_AVG), cell), -3);
	ck_assert_uint_eq((uint64_t)agg_number(type_agg(&arena, AGG_AVG, &type_u64), cell), UINT64_MAX / 2 - 3);
}
END_TEST

/* The word of a least or greatest number, as programs store it. */
static uint64_t word(const struct type *type, bool maximum, int64_t v)
{
	return ((uint64_t)v ^ agg_rank_mask(type, maximum)) + 1;
}

START_TEST(test_extremes)
{
	const struct type *least = agg(AGG_MIN), *greatest = agg(AGG_MAX), *wide = type_agg(&arena, AGG_MAX, &type_u64);
	uint64_t min[2] = { 0 }, max[2] = { 0 }, most[2] = { 0 };

	ck_assert(agg_is_empty(least, min));
	ck_assert_int_eq(agg_number(least, min), 0);
	agg_merge(least, min, (uint64_t[]){ word(least, false, 5), 0 });
	agg_merge(least, min, (uint64_t[]){ 0, 0 });
	agg_merge(least, min, (uint64_t[]){ word(least, false, -3), 0 });
	agg_merge(least, min, (uint64_t[]){ word(least, false, 4), 0 });
	ck_assert_int_eq(agg_number(least, min), -3);
	agg_merge(greatest, max, (uint64_t[]){ word(greatest, true, -3), 0 });
	ck_assert_int_eq(agg_number(greatest, max), -3);
	agg_merge(wide, most, (uint64_t[]){ word(wide, true, 0), 0 });
	ck_assert(!agg_is_empty(wide, most));
	ck_assert_int_eq(agg_number(wide, most), 0);
}
END_TEST

/* What has no successor has a word of its own. */
START_TEST(test_utmost)
{
	const struct type *least = type_agg(&arena, AGG_MIN, &type_u64), *greatest = agg(AGG_MAX);
	uint64_t min[2] = { 0, 1 }, max[2] = { word(greatest, true, 7), 0 };

	ck_assert_uint_eq(word(least, false, 0), 0);
	ck_assert(!agg_is_empty(least, min));
	ck_assert_uint_eq((uint64_t)agg_number(least, min), 0);
	agg_merge(greatest, max, (uint64_t[]){ word(greatest, true, 9), 1 });
	ck_assert_int_eq(agg_number(greatest, max), INT64_MAX);
}
END_TEST

static void expect_stats(const uint64_t *cell, int64_t n, int64_t total, int64_t min, int64_t max)
{
	int64_t numbers[STATS_NUMBERS];

	agg_stats(agg(AGG_STATS), cell, numbers);
	ck_assert_int_eq(numbers[STATS_COUNT], n);
	ck_assert_int_eq(numbers[STATS_TOTAL], total);
	ck_assert_int_eq(numbers[STATS_MIN], min);
	ck_assert_int_eq(numbers[STATS_MAX], max);
}

/* As a program makes the cell: of that one number. */
static void one_number(uint64_t *cell, int64_t v)
{
	memcpy(cell, (uint64_t[]){ 1, (uint64_t)v, word(agg(AGG_STATS), false, v), word(agg(AGG_STATS), true, v), 0, 0 }, 6 * 8);
}

START_TEST(test_stats)
{
	uint64_t into[6] = { 0 }, cell[6];

	one_number(cell, 10);
	agg_merge(agg(AGG_STATS), into, cell);
	one_number(cell, 5);
	agg_merge(agg(AGG_STATS), into, cell);
	expect_stats(into, 2, 15, 5, 10);
	ck_assert_int_eq(agg_number(agg(AGG_STATS), into), 15);
}
END_TEST

/* Takes what is in the cell, and gives what there was since the last taking. */
static bool take(bool all, uint64_t *cell, uint64_t *base, uint64_t *since)
{
	uint64_t raw[6];

	agg_take(agg(AGG_STATS), all, cell, raw);
	memcpy(since, raw, sizeof(raw));
	agg_subtract(agg(AGG_STATS), since, base);
	return agg_rebase(agg(AGG_STATS), all, base, raw, since);
}

static void add_one(uint64_t *cell, int64_t v)
{
	cell[0]++;
	cell[1] += (uint64_t)v;
}

static void add_extremes(uint64_t *cell, int64_t v)
{
	uint64_t other[6];

	one_number(other, v);
	other[0] = other[1] = 0;
	agg_merge(agg(AGG_STATS), cell, other);
}

/* Cells are taken at any step of an update. */
static void taken_halfway(bool all)
{
	uint64_t cell[6] = { 0 }, base[6] = { 0 }, since[6];

	/* the extremes are there, the number is not counted yet: both belong to the next taking */
	add_extremes(cell, 7);
	ck_assert(!take(all, cell, base, since));
	add_one(cell, 7);
	ck_assert(take(all, cell, base, since));
	expect_stats(since, 1, 7, 7, 7);

	/* another is counted already: the extremes have come with that, and the number is both of its own */
	add_extremes(cell, 3);
	add_one(cell, 3);
	add_extremes(cell, 2);
	ck_assert(take(all, cell, base, since));
	expect_stats(since, 1, 3, 2, 3);
	add_one(cell, 2);
	ck_assert(take(all, cell, base, since));
	expect_stats(since, 1, 2, 2, 2);
	ck_assert(take(all, cell, base, since));
	ck_assert(agg_is_empty(agg(AGG_STATS), since));

	/* the total has come before the count */
	cell[1] += 5;
	ck_assert(!take(all, cell, base, since));
	cell[0]++;
	ck_assert(take(all, cell, base, since));
	expect_stats(since, 1, 5, 5, 5);
}

START_TEST(test_taken_halfway)
{
	taken_halfway(false);
	taken_halfway(true);
}
END_TEST

static void add_square(uint64_t *cell, int64_t v)
{
	unsigned __int128 square = (unsigned __int128)((__int128)v * v), sum = (unsigned __int128)cell[3] << 64 | cell[2];

	cell[0]++;
	cell[1] += (uint64_t)v;
	sum += square;
	cell[2] = (uint64_t)sum;
	cell[3] = (uint64_t)(sum >> 64);
}

START_TEST(test_deviation)
{
	uint64_t a[4] = { 0 }, b[4] = { 0 }, base[4];

	add_square(a, 1 - (1ll << 62));
	add_square(b, 1 + (1ll << 62));
	memcpy(base, b, sizeof(base));
	agg_merge(agg(AGG_STDDEV), b, a);
	ck_assert_int_eq(agg_number(agg(AGG_STDDEV), b), 1ll << 62);
	agg_subtract(agg(AGG_STDDEV), b, base);
	ck_assert_mem_eq(a, b, sizeof(a));
	ck_assert_int_eq(agg_number(agg(AGG_STDDEV), a), 0);
}
END_TEST

START_TEST(test_compare)
{
	const uint64_t less[] = { 1, (uint64_t)-1 }, more[] = { 1, 1 };

	ck_assert_int_lt(agg_compare(agg(AGG_SUM), less, more), 0);
	ck_assert_int_gt(agg_compare(type_agg(&arena, AGG_SUM, &type_u64), less, more), 0);
	ck_assert_int_eq(agg_compare(agg(AGG_SUM), more, more), 0);
}
END_TEST

/* Every value lies in the bucket that the program counts it in. */
START_TEST(test_quantize_buckets)
{
	const struct type *t = agg(AGG_QUANTIZE);
	struct bucket b;

	ck_assert_uint_eq(histogram_buckets(t), 129);
	b = histogram_bucket(t, 64);
	ck_assert_int_eq(b.first, 0);
	ck_assert_uint_eq(b.last, 0);
	b = histogram_bucket(t, 65 + 12);
	ck_assert_int_eq(b.first, 4096);
	ck_assert_uint_eq(b.last, 8191);
	b = histogram_bucket(t, 128);
	ck_assert_uint_eq((uint64_t)b.first, 1ull << 63);
	ck_assert_uint_eq(b.last, UINT64_MAX);
	b = histogram_bucket(t, 63);
	ck_assert_int_eq(b.first, -1);
	ck_assert_int_eq((int64_t)b.last, -1);
	b = histogram_bucket(t, 62);
	ck_assert_int_eq(b.first, -3);
	ck_assert_int_eq((int64_t)b.last, -2);
}
END_TEST

START_TEST(test_lquantize_buckets)
{
	const struct type *t = linear(-10, 10, 5);
	struct bucket b = histogram_bucket(t, 0);

	ck_assert_uint_eq(histogram_buckets(t), 6);
	ck_assert(b.open_below);
	ck_assert_int_eq((int64_t)b.last, -11);
	b = histogram_bucket(t, 1);
	ck_assert_int_eq(b.first, -10);
	ck_assert_int_eq((int64_t)b.last, -6);
	b = histogram_bucket(t, 5);
	ck_assert(b.open_above);
	ck_assert_int_eq(b.first, 10);
}
END_TEST

/* The buckets of llquantize follow each other without a gap. */
START_TEST(test_llquantize_buckets)
{
	struct type *t = arena_memdup(&arena, agg(AGG_LLQUANTIZE), sizeof(*t));
	struct bucket b, next;

	t->factor = 10;
	t->lo = 1;
	t->hi = 3;
	t->nsteps = 20;
	b = histogram_bucket(t, 0);
	ck_assert(b.open_below);
	for (unsigned i = 1; i < histogram_buckets(t); i++, b = next) {
		next = histogram_bucket(t, i);
		ck_assert_int_eq(next.first, (int64_t)b.last + 1);
	}
	ck_assert(b.open_above);
	ck_assert_int_eq(b.first, 10000);
	b = histogram_bucket(t, histogram_buckets(t) / 2);
	ck_assert_int_eq(b.first, -9);
	ck_assert_int_eq((int64_t)b.last, 9);
}
END_TEST

static void label_is(const struct type *t, unsigned n, const char *expected)
{
	struct text text = { 0 };

	histogram_label(&text, t, n);
	text_putc(&text, 0);
	ck_assert_str_eq(text.data, expected);
	text_deinit(&text);
}

START_TEST(test_labels)
{
	label_is(agg(AGG_QUANTIZE), 64, "[0]");
	label_is(agg(AGG_QUANTIZE), 65, "[1]");
	label_is(agg(AGG_QUANTIZE), 66, "[2, 4)");
	label_is(agg(AGG_QUANTIZE), 65 + 9, "[512, 1K)");
	label_is(agg(AGG_QUANTIZE), 65 + 12, "[4K, 8K)");
	label_is(agg(AGG_QUANTIZE), 128, "[8E, 16E)");
	label_is(agg(AGG_QUANTIZE), 63, "[-1]");
	label_is(agg(AGG_QUANTIZE), 62, "(-4, -2]");
	label_is(linear(0, 100, 10), 0, "< 0");
	label_is(linear(0, 100, 10), 1, "[0, 10)");
	label_is(linear(0, 100, 10), 11, ">= 100");
	label_is(linear(0, 100, 1), 5, "[4]");
}
END_TEST

START_TEST(test_bars)
{
	struct text text = { 0 };

	histogram_bar(&text, 40, 1, 2, false);
	ck_assert_uint_eq(text.len, 40);
	ck_assert_mem_eq(text.data, "@@@@@@@@@@@@@@@@@@@@                    ", 40);
	text.len = 0;
	histogram_bar(&text, 40, 1, 64, true);
	ck_assert_uint_eq(text_columns(text.data, text.len), 40);
	ck_assert_mem_eq(text.data, "▋ ", 4);
	text.len = 0;
	histogram_bar(&text, 40, 5, 5, true);
	ck_assert_uint_eq(text_columns(text.data, text.len), 40);
	ck_assert_uint_eq(text.len, 120);
	text_deinit(&text);
}
END_TEST

START_TEST(test_histogram_sum)
{
	uint64_t cell[129] = { 0 };

	cell[62] = 2;	/* -2 each */
	cell[66] = 3;	/* 2 each */
	ck_assert_int_eq(histogram_sum(agg(AGG_QUANTIZE), cell), 2);
	cell[0] = 1;
	ck_assert_int_lt(histogram_sum(agg(AGG_QUANTIZE), cell), 0);
}
END_TEST

static int by_key(const void *a, const void *b, void *data)
{
	(void)data;
	return memcmp(((const struct row *)a)->key, ((const struct row *)b)->key, 4);
}

START_TEST(test_table)
{
	struct table t, u;
	uint64_t digest;
	bool made;

	table_init(&t, 4, 8);
	table_init(&u, 4, 8);
	ck_assert_uint_eq(table_digest(&t), 0);
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t key = __builtin_bswap32(i * 7919 % 1000), reverse = __builtin_bswap32(999 - i);

		*(uint64_t *)table_add(&t, &key, &made)->value = __builtin_bswap32(key);
		ck_assert(made);
		*(uint64_t *)table_add(&u, &reverse, NULL)->value = 999 - i;
	}
	ck_assert_uint_eq(t.rows.len, 1000);
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t key = __builtin_bswap32(i);

		ck_assert_uint_eq(*(uint64_t *)table_find(&t, &key)->value, i);
		table_add(&t, &key, &made);
		ck_assert(!made);
	}
	digest = table_digest(&t);
	ck_assert_uint_eq(digest, table_digest(&u));
	table_sort(&t, by_key, NULL);
	for (uint32_t i = 0; i < 1000; i++)
		ck_assert_uint_eq(*(uint64_t *)t.rows.data[i].value, i);
	ck_assert_uint_eq(digest, table_digest(&t));
	*(uint64_t *)t.rows.data[5].value = 4;
	ck_assert_uint_ne(digest, table_digest(&t));
	table_deinit(&t);
	table_deinit(&u);
}
END_TEST

/* A variable without a key has a row of no key. */
START_TEST(test_table_without_key)
{
	struct table t;
	bool made;

	table_init(&t, 0, 16);
	table_add(&t, "", &made);
	ck_assert(made);
	table_add(&t, "", &made);
	ck_assert(!made);
	table_clear(&t);
	ck_assert_ptr_null(table_find(&t, ""));
	table_deinit(&t);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("aggregate");
	TCase *tc = tcase_create("aggregate");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_sums);
	tcase_add_test(tc, test_average_of_negative);
	tcase_add_test(tc, test_extremes);
	tcase_add_test(tc, test_utmost);
	tcase_add_test(tc, test_stats);
	tcase_add_test(tc, test_taken_halfway);
	tcase_add_test(tc, test_deviation);
	tcase_add_test(tc, test_compare);
	tcase_add_test(tc, test_quantize_buckets);
	tcase_add_test(tc, test_lquantize_buckets);
	tcase_add_test(tc, test_llquantize_buckets);
	tcase_add_test(tc, test_labels);
	tcase_add_test(tc, test_bars);
	tcase_add_test(tc, test_histogram_sum);
	tcase_add_test(tc, test_table);
	tcase_add_test(tc, test_table_without_key);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
