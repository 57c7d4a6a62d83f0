// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/arena.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "suite.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

START_TEST(arena_memory_is_zeroed_and_apart)
{
	struct arena a = { 0 };
	unsigned char *before = NULL;

	for (size_t size = 0; size < 40000; size = size * 3 + 1) {
		unsigned char *p = arena_alloc(&a, size);

		ck_assert_uint_eq((uintptr_t)p % 16, 0);
		ck_assert_ptr_ne(p, before);
		for (size_t i = 0; i < size; i++)
			ck_assert_uint_eq(p[i], 0);
		memset(p, 0xff, size);
		before = p;
	}
	ck_assert_str_eq(arena_strndup(&a, "abcdef", 3), "abc");
	ck_assert_str_eq(arena_strndup(&a, "abc", 30), "abc");
	ck_assert_str_eq(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
	arena_deinit(&a);
}
END_TEST

START_TEST(strmap_finds_what_was_put)
{
	enum { N = 1000 };
	static char keys[N][8];
	struct strmap m = { 0 };

	ck_assert_ptr_null(strmap_get(&m, "x"));
	for (int i = 0; i < N; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%d", i);
		ck_assert_ptr_null(strmap_put(&m, keys[i], keys[i]));
	}
	ck_assert_uint_eq(m.len, N);
	for (int i = 0; i < N; i++)
		ck_assert_ptr_eq(strmap_get(&m, keys[i]), keys[i]);
	ck_assert_ptr_null(strmap_get(&m, "k1000"));
	ck_assert_ptr_eq(strmap_getn(&m, "k12345", 4), keys[123]);
	ck_assert_ptr_eq(strmap_put(&m, "k7", keys[8]), keys[7]);
	ck_assert_ptr_eq(strmap_get(&m, "k7"), keys[8]);
	ck_assert_uint_eq(m.len, N);
	strmap_deinit(&m);
}
END_TEST

START_TEST(vectors_are_searched)
{
	struct { const char *name; uint64_t at; } list[] = { { "a", 2 }, { "b", 5 }, { "c", 5 }, { "d", 5 }, { "e", UINT64_MAX } };
	struct { typeof(list[0]) *data; unsigned len, cap; } none = { 0 }, all = { list, 5, 0 };

	ck_assert_ptr_null(vec_floor(&none, at, 7));
	ck_assert_ptr_null(vec_floor(&all, at, 1));
	ck_assert_str_eq(vec_floor(&all, at, 2)->name, "a");
	ck_assert_str_eq(vec_floor(&all, at, 4)->name, "a");
	ck_assert_str_eq(vec_floor(&all, at, 5)->name, "b");
	ck_assert_str_eq(vec_floor(&all, at, UINT64_MAX - 1)->name, "b");
	ck_assert_str_eq(vec_floor(&all, at, UINT64_MAX)->name, "e");
}
END_TEST

START_TEST(vectors_grow)
{
	VEC(int) heap = { 0 }, kept = { 0 };
	struct arena a = { 0 };
	int sum = 0;

	for (int i = 0; i < 100; i++) {
		*vec_add(&heap) = i;
		*arena_vec_add(&a, &kept) = i;
	}
	ck_assert_uint_eq(heap.len, 100);
	vec_foreach(p, &heap)
		sum += *p;
	vec_foreach(p, &kept)
		sum += *p;
	ck_assert_int_eq(sum, 2 * 4950);
	vec_free(&heap);
	ck_assert_uint_eq(heap.len, 0);
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("base/containers");
	TCase *t = tcase_create("containers");

	tcase_add_test(t, arena_memory_is_zeroed_and_apart);
	tcase_add_test(t, strmap_finds_what_was_put);
	tcase_add_test(t, vectors_are_searched);
	tcase_add_test(t, vectors_grow);
	suite_add_tcase(s, t);
	return run_suite(s);
}
