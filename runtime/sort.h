/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order in which rows are printed: by value, the smallest first, and by key where values are equal. D (-F dtrace) compares all
 * values as signed and all integers of keys as unsigned, and has options for the order.
 */
#ifndef RUNTIME_SORT_H
#define RUNTIME_SORT_H

#include "runtime/vars.h"

int compare_keys(const struct rt *rt, const struct var_def *a_def, const void *a, const struct var_def *b_def,
		 const void *b);
/* Two values of a variable. */
int compare_cells(const struct rt *rt, const struct var_def *def, const void *a, const void *b);
/* By value, whatever the options are. */
void sort_rows(const struct rt *rt, const struct var_def *def, struct table *rows);
/* As they are to be printed. */
void sort_for_print(const struct rt *rt, const struct var_def *def, struct table *rows);

#endif
