/* SPDX-License-Identifier: GPL-2.0-or-later */
/* printf: a format that was taken apart, and values. */
#ifndef RUNTIME_PRINTF_H
#define RUNTIME_PRINTF_H

#include "lang/format.h"
#include "runtime/values.h"

struct joined;
struct rt;

/* The same for a row of printa: keys are the arguments; %@ takes the values of the row's variables, one after the other. */
void format_print_row(struct text *t, const struct rt *rt, const struct format *f, const struct value *keys,
		      unsigned nkeys, const struct joined *j, unsigned row);
/* Adds the text of f with its arguments; args has at least f->nargs values (the checker saw to it). */
void format_print(struct text *t, const struct image *image, const struct format *f, const struct value *args);

#endif
