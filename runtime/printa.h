/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * printa: the rows of one or several aggregations with the same keys, brought together by key.
 */
#ifndef RUNTIME_PRINTA_H
#define RUNTIME_PRINTA_H

#include "runtime/vars.h"

struct format;

struct joined_row {
	const void *key;
	const struct var_def *def;	/* the key is laid out as this variable's */
	const void **cells;		/* a value of each variable; zeros where it has no such key */
};

struct joined {
	const struct var_def **defs;
	int64_t *normals;		/* what numbers are divided by */
	unsigned n;
	VEC(struct joined_row) rows;	/* in the order in which they are printed */
};

/* Prints the variables by the format, a row at a time; NULL: as the style has it. */
void printa(struct rt *rt, struct text *to, const struct format *format, const unsigned *ids, unsigned n);

#endif
