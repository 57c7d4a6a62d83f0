/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of dtrace(1): `ply --dtrace …`, or ply under the name dtrace.
 *
 *	dtrace.c		the options, the programs in their order, what is said on stderr
 *	dtrace_options.c	-x, #pragma D option, DTRACE_OPT_…
 *	dtrace_cpp.c		-C
 */
#ifndef DTRACE_H
#define DTRACE_H

#include "base/vec.h"
#include "compile.h"
#include "runtime/session.h"

enum { DTRACE_SIZES = 3 };

/* What options set. */
struct dtrace {
	struct compile_options compile;
	struct rt_options run;
	struct arena arena;
	bool zero, tags, use_cpp, show_code;
	const char *cpp;		/* its path */
	VEC(const char *) cpp_args;
	const char *lowered[DTRACE_SIZES]; /* "buffer size lowered to …", or NULL: of what was asked for and is too much */
};

/* The command; argv[0] is its name. Gives the exit status. */
int dtrace_main(int argc, char **argv);

/* Says "dtrace: …" on stderr, a newline added. Gives exit status 1. */
int dtrace_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "name=value" or "name". False: *why is set. */
bool dtrace_set(struct dtrace *d, const char *text, const char **why);
/* All that the environment says. */
void dtrace_set_from_environment(struct dtrace *d);
/* The options that lines of the text set. False after saying what is wrong with one, in the program called name. */
bool dtrace_set_from_text(struct dtrace *d, const char *name, const char *text);

/*
 * The text after the system's C preprocessor, line for line where it was; NULL, said on stderr. The text of an included file stands in
 * the line that includes it.
 */
char *dtrace_preprocess(struct dtrace *d, const char *name, const char *text, size_t *len);

#endif
