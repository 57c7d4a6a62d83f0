/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output styles. decode.c says what happened, a style how it looks. To add one: its file with one struct style, a line in
 * enum rt_style and in decode_init.
 */
#ifndef RUNTIME_STYLE_H
#define RUNTIME_STYLE_H

#include "ir/layout.h"
#include "runtime/run.h"
#include "runtime/values.h"
#include "runtime/vars.h"

struct joined;

struct style {
	/* A clause fired and sent something; what it sent has been printed. NULL: nothing stands around it. */
	void (*begin)(struct rt *rt, struct text *to, const struct record_header *header, unsigned clause);
	void (*end)(struct rt *rt, struct text *to);
	/* Text that was kept back is about to be printed. */
	void (*heading)(struct rt *rt);
	/* The run was interrupted; it is over, and what has not been printed yet follows. NULL: nothing is said. */
	void (*interrupted)(struct rt *rt);
	void (*closing)(struct rt *rt);
	/* All probes are attached. */
	void (*attached)(struct rt *rt, unsigned n);
	/* What printf, time, cat … made of their arguments. NULL: the text itself is added to `to`. */
	void (*text)(struct rt *rt, struct text *to, const char *action, const char *s, size_t n, const struct value *args,
		     unsigned nargs);
	/* print(x), trace(x), the name of a probe. newline is false for trace. */
	void (*value)(struct rt *rt, struct text *to, const struct value *v, bool newline);
	/* A variable, its rows sorted; all are shown but the first `skip`. Numbers are divided by `div`. */
	void (*map)(struct rt *rt, struct text *to, const struct var_def *var, const struct table *rows, unsigned skip,
		    int64_t div);
	/* Rows of several variables with the same keys, printed by printa without a format; NULL: one variable after the other. */
	void (*joined)(struct rt *rt, struct text *to, const struct joined *rows);
	/* n more events (updates, reads …) were lost by `cause`; where may be "", what the map's name or NULL. */
	void (*lost)(struct rt *rt, const char *cause, const char *what, const char *where, uint64_t n);
};

/* "ascii" or "utf8"; false: it is neither. */
bool style_dtrace_encode(struct rt_dtrace *d, const char *encoding);

/* Sets an option of the dtrace style while the program runs; false: there is none of that name. */
bool style_dtrace_set(struct rt_dtrace *d, const char *name, const char *value);

extern const struct style style_text, style_json, style_dtrace;

#endif
