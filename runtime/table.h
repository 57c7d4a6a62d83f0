/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of a variable as user space holds them: a key (of no bytes, if the variable has none) and a value, found by key.
 * Values are aligned to 8. Sorting ends the finding: it is for printing.
 */
#ifndef RUNTIME_TABLE_H
#define RUNTIME_TABLE_H

#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

struct row {
	void *key, *value;
};

struct table {
	unsigned key_size, value_size;
	VEC(struct row) rows;
	unsigned *slots, nslots;	/* numbers of rows + 1, by hash of the key */
	struct arena arena;
};

void table_init(struct table *t, unsigned key_size, unsigned value_size);
void table_deinit(struct table *t);
/* Forgets all rows. */
void table_clear(struct table *t);
/* The row of the key; NULL if there is none. */
struct row *table_find(const struct table *t, const void *key);
/* The same, made with a zeroed value if there is none (*made tells, if not NULL). Pointers to rows live until the next. */
struct row *table_add(struct table *t, const void *key, bool *made);
void table_sort(struct table *t, int (*compare)(const void *a, const void *b, void *data), void *data);
/* A number that changes with the contents, whatever their order; 0 if there are none. */
uint64_t table_digest(const struct table *t);

#endif
