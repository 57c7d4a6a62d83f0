/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's tracing files: where they are mounted, the events they list, and an event's format. */
#ifndef PROVIDER_TRACEFS_H
#define PROVIDER_TRACEFS_H

#include "provider/provider.h"

/* The folder ("/sys/kernel/tracing"), or NULL: *why then says in words what to do. Asked for once. */
const char *tracefs_dir(const char **why);

/* Whether the event is there. */
bool tracefs_has_event(const char *category, const char *event);
/* Calls visit for each event whose category and name match the globs. false where there is no tracefs. */
bool tracefs_each_event(const char *category, const char *event,
			void (*visit)(void *data, const char *category, const char *event), void *data);

struct tracefs_field {
	const char *name;
	const struct type *type;	/* NULL: not known; strings at a place told by the record are TYPE_STRING */
	unsigned offset, size;
	enum { FIELD_PLAIN, FIELD_DATA_LOC, FIELD_REL_LOC } place;
};

struct tracefs_format {
	int id;
	VEC(struct tracefs_field) fields;	/* without the common ones */
};

/* Reads an event's format; false (errno) where that is not possible. */
bool tracefs_format(struct arena *a, const char *category, const char *event, struct tracefs_format *out);

#endif
