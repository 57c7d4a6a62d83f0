/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracepoints: what is known of an event's record (tracefs' format or BTF's trace_event_raw_*), of the raw tracepoint's
 * parameters, and how fields come from those. Shared by the providers tracepoint and rawtracepoint and their mechanisms.
 */
#ifndef PROVIDER_TRACEPOINT_H
#define PROVIDER_TRACEPOINT_H

#include "debuginfo/btf.h"
#include "provider/tracefs.h"

extern const struct provider prov_tracepoint;

/* A field's value from the raw tracepoint's parameters: derefs pointers are followed, each at its offset. */
struct tracepoint_path {
	unsigned param;			/* number of the 64-bit word in the context */
	unsigned derefs;		/* 0: the parameter itself */
	unsigned offsets[4];
	const struct type *type;	/* of the value: a scalar, or an array that lies there */
	bool is_text;			/* a char * that is the string's address */
};

struct tracepoint {
	struct tracefs_format format;	/* id -1: from BTF, or not known at all */
	bool has_fields;
	struct dbg_btf *btf;		/* where btf_trace_<event> is; NULL: not there */
	uint32_t typedef_id;
	const struct btf_param *params;	/* without __data */
	unsigned nparams;
	const char **names;		/* of the parameters; "" where not known */
	bool looked;			/* btf … names are filled */
};

/* A target's (TRACEPOINT or RAWTP), made at the first call. */
struct tracepoint *tracepoint_of(struct probes *p, struct target *t);
/* The same with what BTF knows; false if it does not know the tracepoint. */
bool tracepoint_btf(struct probes *p, struct target *t, struct tracepoint **tp);

/* The record's field of that name ("0": by number); NULL if there is none. */
const struct tracefs_field *tracepoint_field(struct probes *p, struct target *t, const char *name);
/* The path of that field, by the table; false if it has none. */
bool tracepoint_path(struct probes *p, struct target *t, const char *name, struct tracepoint_path *path);
/* The number of the parameter of that name ("0": by number), -1 if there is none; its type. */
int tracepoint_param(struct probes *p, struct target *t, const char *name, const struct type **type);
/* The name of field "argN", as in args[N]: "N"; NULL if it is no such variable. */
const char *tracepoint_arg_number(const char *variable);

/* Whether a program on these raw tracepoints may be started on top of itself, by one in an interrupt. */
enum nesting tracepoint_nests(const struct event *e);

/* Calls visit with the name of each tracepoint that the kernel's and its modules' BTF know and the glob matches. */
void tracepoint_each(const char *glob, void (*visit)(void *data, const char *name), void *data);

#endif
