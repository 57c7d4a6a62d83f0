/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What D's specs mean by files that processes map while the script runs: PROVIDER*:::NAME in any process, libraries that a process loads.
 *
 * The programs are compiled before such a place is known. So a late event has one target, which stands for all places to come; its program
 * finds the place by its cookie, the number of a row in a table that lies in the data map: which clauses fire there, what it is called, where its
 * arguments are. When a file turns up, user space fills a row for each place in it and attaches the program there.
 */
#ifndef PROVIDER_LATE_H
#define PROVIDER_LATE_H

#include "base/strmap.h"
#include "ir/lower.h"
#include "provider/provider.h"

/* Rows of an event's table; the texts that its clauses compare with have the numbers of the last ones. */
enum { LATE_ROWS = 1024, LATE_TEXTS = 64, LATE_TEXT_SIZE = 64, LATE_ARGS = 10, LATE_CLAUSES = 512 };

/* value = (base >> shift) + index * scale + disp, or what is there in user memory; its low bytes, `unused` bits less than 64. */
struct late_arg {
	uint16_t base, index;		/* places in struct pt_regs */
	uint8_t scale, shift, unused, flags;
	int64_t disp;
};

enum { LATE_HAS_BASE = 1, LATE_HAS_INDEX = 2, LATE_IN_MEMORY = 4, LATE_SIGNED = 8 };

struct late_row {
	/* by which func, probe … are known, SHOW_FUNC first, and that of the target itself */
	uint32_t shown[SHOW_PROBENAME - SHOW_FUNC + 1], id, number, unused;
	struct late_arg args[LATE_ARGS];
	char texts[SHOW_PROBENAME - SHOW_FUNC + 1][LATE_TEXT_SIZE];
	uint64_t clauses[LATE_CLAUSES / 64];
};

struct late_text {
	const char *text;
	unsigned number;
};

/* An event's table. */
struct late_table {
	unsigned offset;		/* in the data map; 0: not yet there */
	unsigned first;			/* number of the first row's target */
	unsigned used;			/* rows */
	VEC(struct late_text) texts;	/* that clauses compare with */
};

/*
 * What the provider does with a file that a process has mapped: prov_add_target for each place in it. pid 0: the spec is of all processes.
 */
typedef void late_expand_fn(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, int pid,
			    const char *path, const char *name);

/* A spec that more files may come for. */
struct late_spec {
	struct clause *clause;
	struct spec *spec;
	struct d_spec d;
	int pid;			/* 0: all processes */
	late_expand_fn *expand;
	struct strmap seen;		/* files, which were looked at */
};

/* Clause c's spec goes on to be looked for, in files other than those; kinds: KIND_BITs of its targets. */
void late_add(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, int pid, unsigned kinds,
	      late_expand_fn *expand, const struct name_list *seen);

/* A place that was found. */
struct late_place {
	struct event *event;
	struct target *target;
	unsigned row_number;
	struct late_row row;
};

/* For the runtime: whether process pid's file means something to a spec: new places in it, which have rows then. */
struct late_places {
	struct late_place *data;
	unsigned len, cap;
};

/* Makes the table of an event that has a late target, and the numbers of the places to come. */
void late_number(struct probes *p, struct event *e);
void prov_late_find(struct probes *p, int pid, const char *path, struct late_places *found);

/* lower_ops of late events. */
extern const struct lower_ops late_ops;

#endif
