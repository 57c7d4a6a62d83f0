// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/table.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_SLOTS = 16 };

/* FNV-1a, and a final mix so that the low bits are as good as the high ones. */
static uint64_t hash_bytes(uint64_t h, const void *data, size_t n)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 0x100000001b3;
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93;
	return h ^ h >> 32;
}

static uint64_t hash(const void *data, size_t n)
{
	return hash_bytes(0xcbf29ce484222325, data, n);
}

void table_init(struct table *t, unsigned key_size, unsigned value_size)
{
	*t = (struct table){ .key_size = key_size, .value_size = value_size };
}

void table_deinit(struct table *t)
{
	vec_free(&t->rows);
	free(t->slots);
	t->slots = NULL;
	t->nslots = 0;
	arena_deinit(&t->arena);
}

void table_clear(struct table *t)
{
	table_deinit(t);
}

/* The slot of the key, or the free one where it would be. */
static unsigned *slot_of(const struct table *t, const void *key)
{
	unsigned i = (unsigned)hash(key, t->key_size) & (t->nslots - 1);

	while (t->slots[i] && memcmp(t->rows.data[t->slots[i] - 1].key, key, t->key_size))
		i = (i + 1) & (t->nslots - 1);
	return &t->slots[i];
}

static void grow(struct table *t)
{
	t->nslots = t->nslots ? 2 * t->nslots : MIN_SLOTS;
	free(t->slots);
	t->slots = xcalloc(t->nslots, sizeof(*t->slots));
	for (unsigned i = 0; i < t->rows.len; i++)
		*slot_of(t, t->rows.data[i].key) = i + 1;
}

struct row *table_find(const struct table *t, const void *key)
{
	unsigned *slot = t->nslots ? slot_of(t, key) : NULL;

	return slot && *slot ? &t->rows.data[*slot - 1] : NULL;
}

struct row *table_add(struct table *t, const void *key, bool *made)
{
	struct row *row = table_find(t, key);

	if (made)
		*made = !row;
	if (row)
		return row;
	if (2 * (t->rows.len + 1) > t->nslots)
		grow(t);
	row = vec_add(&t->rows);
	row->key = arena_memdup(&t->arena, key, t->key_size);
	row->value = arena_alloc(&t->arena, t->value_size);
	*slot_of(t, key) = t->rows.len;
	return row;
}

void table_sort(struct table *t, int (*compare)(const void *, const void *, void *), void *data)
{
	if (t->rows.len)
		qsort_r(t->rows.data, t->rows.len, sizeof(struct row), compare, data);
	free(t->slots);
	t->slots = NULL;
	t->nslots = 0;
}

uint64_t table_digest(const struct table *t)
{
	uint64_t sum = 0;

	vec_foreach(row, &t->rows)
		sum += hash_bytes(hash(row->key, t->key_size), row->value, t->value_size) | 1;
	return sum;
}
