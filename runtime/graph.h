/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Histograms as dtrace(1) draws them, from the heading to the last bucket. */
#ifndef RUNTIME_GRAPH_H
#define RUNTIME_GRAPH_H

#include "lang/type.h"
#include "runtime/text.h"

/* cell: of the aggregation; counts are printed divided by normal. zoom: bars are compared with the longest, not with them all. */
void graph_print(struct text *t, const struct type *agg, const uint64_t *cell, int64_t normal, bool zoom);

#endif
