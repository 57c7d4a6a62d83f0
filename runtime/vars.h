/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables that outlive a firing: read from the kernel, cleared, and handed to the style to be printed. */
#ifndef RUNTIME_VARS_H
#define RUNTIME_VARS_H

#include "runtime/table.h"
#include "runtime/values.h"

struct rt;

enum { MAX_KEY_PARTS = 32 };

int vars_init(struct rt *rt);
void vars_deinit(struct rt *rt);
/* Now and then while the probes fire: takes entries out of maps in which each event makes one. */
void vars_tend(struct rt *rt);

/* Prints the variable: the `top` biggest rows (0: all), numbers divided by div. */
void vars_print(struct rt *rt, struct text *to, unsigned id, int64_t top, int64_t div);
/* One entry of a map, by the bytes of its key; nothing, if there is none. */
void vars_print_entry(struct rt *rt, struct text *to, unsigned id, const void *key);
/* For printa: all rows there are (to be freed), the variable, and what its numbers are divided by. */
void vars_snapshot(struct rt *rt, unsigned id, struct table *rows);
bool vars_has_rows(const struct rt *rt, unsigned id, const struct table *rows);
const struct var_def *vars_def(const struct rt *rt, unsigned id);
int64_t vars_normal(const struct rt *rt, unsigned id);
/* Prints all variables that are printed at the end (SIGUSR1). */
void vars_print_all(struct rt *rt);
/* Prints what has not been printed yet, of all variables that are printed at the end. */
void vars_print_end(struct rt *rt);
/* Forgets the keys; sets the values to 0; forgets all but the n biggest rows (the -n smallest). */
void vars_clear(struct rt *rt, unsigned id);
void vars_zero(struct rt *rt, unsigned id);
void vars_trunc(struct rt *rt, unsigned id, int64_t n);
/* Numbers are printed divided by n from now on. */
void vars_normalize(struct rt *rt, unsigned id, int64_t n);

/*
 * From hold to release the variable is what it was when it was held: what is printed of it then and what is forgotten
 * is the same.
 */
void vars_hold(struct rt *rt, unsigned id);
/* Whether keys are deleted where they are, and the variable need not be held for it. */
bool vars_trims_in_place(const struct rt *rt, unsigned id);
void vars_release(struct rt *rt);

/* A row's key in its parts, tuples within it taken apart as well; gives their number. */
unsigned key_values(const struct var_def *def, const void *key, struct value *parts);
/* The types of the parts, from number n on; gives the number of the next. */
unsigned key_types(const struct type *key, const struct type **types, unsigned n);

#endif
