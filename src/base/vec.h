/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growable arrays: any struct with the members `data`, `len` and `cap` is one.
 *
 *	struct { struct span *data; unsigned len, cap; } spans = { 0 };
 *	*vec_add(&spans) = span;
 *	vec_free(&spans);
 *
 * vec_add grows on the heap; arena_vec_add grows in an arena, where nothing is freed. One vector uses one of the two.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define VEC(type) struct { type *data; unsigned len, cap; }

/* A pointer to a new element at the end (not zeroed by vec_add; zeroed by arena_vec_add). */
#define vec_add(v) \
	((v)->len == (v)->cap ? ((v)->data = vec_grow_((v)->data, &(v)->cap, sizeof(*(v)->data))) : (v)->data, \
	 &(v)->data[(v)->len++])
#define arena_vec_add(a, v) \
	((v)->len == (v)->cap ? ((v)->data = arena_vec_grow_((a), (v)->data, &(v)->cap, sizeof(*(v)->data))) : (v)->data, \
	 &(v)->data[(v)->len++])
#define vec_free(v) \
	(free((v)->data), (v)->data = NULL, (v)->len = (v)->cap = 0)
#define vec_foreach(p, v) \
	for (typeof(*(v)->data) *p = (v)->data; p < (v)->data + (v)->len; p++)

/*
 * A pointer to the element of a vector, ascending by a member of type uint64_t, at or behind which the value is: that of the
 * greatest member up to it, the first of several. NULL if there is none.
 */
#define vec_floor(v, member, value) \
	((typeof((v)->data))vec_floor_((v)->data, (v)->len, sizeof(*(v)->data), offsetof(typeof(*(v)->data), member), (value)))

void *vec_grow_(void *data, unsigned *cap, size_t size);
void *arena_vec_grow_(struct arena *a, void *data, unsigned *cap, size_t size);
const void *vec_floor_(const void *data, unsigned len, size_t size, size_t offset, uint64_t value);

#endif
