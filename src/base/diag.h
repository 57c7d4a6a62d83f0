/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diagnostics: what is wrong with the script or the system, and where.
 *
 *	one-liner:1:34: error: no field 'cuont' in the arguments of tracepoint:syscalls:sys_enter_read
 *	    tracepoint:syscalls:sys_enter_read { @ = sum(args.cuont) }
 *	                                                      ^~~~~
 *	hint: it has: nr, fd, buf, count
 *
 * Whoever detects a problem reports it, once; everyone above only passes the failure on. Reports are kept in a list and
 * printed by diag_flush, sorted by place, so that stages can run in any order; after DIAG_MAX errors the rest are only
 * counted. An error at SPAN_NONE is printed as "ply: error: …".
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/source.h"

#include <stdio.h>

enum { DIAG_MAX = 20 };

enum diag_kind { DIAG_ERROR, DIAG_WARNING };

struct diag_entry;

struct diag {
	struct sources *sources;
	FILE *out;			/* where diag_flush prints: stderr if NULL */
	bool show_tags;			/* print "[TAG] " before the text */
	bool as_dtrace;			/* in the words of dtrace(1); a text called by itself is one of its command line */
	const char *(*tag_name)(const char *tag);	/* what a tag is printed as; NULL: itself */
	unsigned errors, warnings;
	VEC(struct diag_entry *) entries;
	struct diag_entry *last;	/* what a hint belongs to */
	struct arena arena;
};

void diag_init(struct diag *d, struct sources *sources);
void diag_deinit(struct diag *d);

/*
 * Reports an error or a warning at span. The tag (a name of lang/errors.def without quotes around it, such as
 * "IDENT_UNDEF") names the kind of mistake; NULL where there is none. A second report of the same text at the same place
 * is dropped. Behind a blank the tag may go on with what only tag_name looks at. diag_hint adds a "hint: " line to the report made last; without one it does nothing.
 */
void diag_error(struct diag *d, struct span span, const char *tag, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void diag_warning(struct diag *d, struct span span, const char *tag, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void diag_hint(struct diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Prints what has been reported since the last flush. */
void diag_flush(struct diag *d);

/*
 * Near names: feed every candidate with suggest_add, then suggest_best gives the nearest to the name that was not found,
 * or NULL if none is near (Damerau-Levenshtein distance of at most a third of the length, rounded up).
 */
struct suggest {
	const char *name;
	unsigned known;		/* so many characters at its begin are right, and do not count in its length */
	const char *best;
	unsigned distance;
};

void suggest_add(struct suggest *s, const char *candidate);
const char *suggest_best(const struct suggest *s);

#endif
