/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run: a script that was compiled is loaded, attached, listened to, and let go.
 *
 *	maps → programs → BEGIN → attach → the child is let go → records, timers, signals … → END → what is left is printed
 *
 * rt_run does all of it; session.c is the map of the folder. The child of -c is started before compiling, since the
 * script may name its pid ($target).
 */
#ifndef RUNTIME_SESSION_H
#define RUNTIME_SESSION_H

#include "base/diag.h"
#include "bpfgen/image.h"

#include <sys/types.h>

struct probes;
struct rt_child;

enum rt_style { RT_TEXT, RT_JSON, RT_DTRACE };

/* What D's options say of the output (-F dtrace); programs may change it while they run. */
struct rt_dtrace {
	bool quiet, flowindent;
	bool testing;			/* neither CPU nor number of the probe is shown, nor a line for Ctrl-C */
	/* rows of aggregations: by key, the biggest first, by key number agg_key first, by the agg'th of those printed together */
	bool zoom;			/* aggzoom */
	bool bars;			/* agghist: counts and sums have a bar beside them */
	bool packed;			/* aggpack: histograms of one line */
	bool ascii, utf8;		/* of characters that every terminal has, or of blocks; neither: as $TERM has it */
	bool by_key, reversed;
	bool droptags;
	bool rawbytes;			/* bytes that are a text are printed as bytes, too */
	unsigned stack_indent;		/* 0: as dtrace(1) does by itself */
	unsigned agg_key, agg;
};

/* A process with which the run ends. */
struct rt_process {
	pid_t pid;
	struct rt_child *child;		/* from rt_child_start; NULL: it ran before */
};

struct rt_options {
	const char *out;		/* file for the script's output; NULL: stdout */
	enum rt_style style;
	bool append;			/* to that file */
	bool verbose;
	struct rt_dtrace dtrace;
	VEC(struct rt_process) processes;	/* the run ends with the last of them */
	uint64_t timeout;		/* ns after which the run ends; 0: none */
};

/*
 * Runs the image and gives ply's exit status: that of exit(n), 0 if the run was ended from outside, 1 if it could not be
 * done. What goes wrong is reported on diag, and printed.
 */
int rt_run(struct image *image, struct probes *probes, const struct rt_options *opts, struct diag *diag);

/*
 * Forks a child that will run cmd, words separated by blanks with the shell's quotes, once rt_run lets it go. NULL,
 * reported, if there is no such program. A child that was never let go ends when it is destroyed (or ply is killed).
 */
struct rt_child *rt_child_start(const char *cmd, struct diag *diag);
pid_t rt_child_pid(const struct rt_child *child);
/* The file that it will run. */
const char *rt_child_program(const struct rt_child *child);
void rt_child_destroy(struct rt_child *child);

#endif
