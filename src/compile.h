/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The compiler: from a script's text to an image that can be loaded. compile.c lists the stages in order.
 */
#ifndef COMPILE_H
#define COMPILE_H

#include "bpfgen/image.h"
#include "lang/ast.h"
#include "provider/provider.h"

enum stage { STAGE_ALL, STAGE_TOKENS, STAGE_AST, STAGE_TYPED, STAGE_IR, STAGE_PASSES, STAGE_RECORDS, STAGE_BPF };

struct compile_options {
	enum dialect dialect;
	enum stage dump;		/* -d: print what this stage makes, and stop there; STAGE_ALL: no */
	FILE *dump_to;
	struct macros macros;
	bool destructive;		/* -w */
	unsigned stack_frames, ustack_frames; /* D: of stack() and ustack() that do not say how many; 0: D's defaults */
	bool allow_missing;		/* -Z */
	bool json;
	FILE *list;			/* the probes that the specs match are printed there, as dtrace -l does, and nothing more is done */
	bool list_args;			/* with their arguments */
	bool unused_args;		/* D: a parameter that no program names is no error */
	bool frames;			/* -F dtrace: records name the CPU and the target */
	int pid;			/* -p */
	unsigned on_cpu;		/* D's -x cpu: the events of one CPU count, whose number + 1 this is; 0: of all */
	unsigned speculations;		/* D: how many may be going on at a time; 0: 1 */
	const char *target_program;	/* -c: what the process will run */
	unsigned var_entries;		/* D: entries of variables with keys; 0: map_entries */
	unsigned strsize, map_entries, ring_size, loop_limit, max_probes;	/* -x: see options.def */
	unsigned ustack_bytes, stack_ring, lines;
	unsigned ustack;		/* -x ustack=…: enum ustack_mode */
	const char *passes_off;		/* -x nopass=…: optimisations to leave out */
	const char *features_off;	/* -x nofeature=…: what to do without, though the kernel has it (runtime/features.c) */
};

/*
 * Compiles all of the sources, in order. Everything lives in the arena. -1 if something was reported on diag. With a
 * dump, image has no programs. The image holds what probes were found (*probes), for the loader.
 */
int compile(struct arena *a, struct sources *sources, struct diag *diag, const struct compile_options *o,
	    struct image *image, struct probes *probes);

#endif
