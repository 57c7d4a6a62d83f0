/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ply -l: the probes that there are.
 *
 * Each provider offers all of its probes with list_add, in any order; those that the glob matches are printed, sorted,
 * provider by provider, with -v followed by their arguments as the provider's arg_names and arg tell them. A glob with a
 * ':' is over "provider:…:name" (a provider's alias will do), any other over what stands behind the last ':' or the whole.
 */
#ifndef PROVIDER_LIST_H
#define PROVIDER_LIST_H

#include "provider/provider.h"

struct listing;

/* A probe by its text and its target (copied). */
void list_add(struct listing *l, const struct target *t, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The same; `meant`: the glob means it by another of its names, whatever its text. */
void list_add_meant(struct listing *l, const struct target *t, bool meant, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Whether the glob may match a probe that begins so: what takes time need not be looked for if not. */
bool list_wants(const struct listing *l, const char *begin);
/* Whether the glob itself begins so: for what is listed only when it is asked for. */
bool list_asks(const struct listing *l, const char *begin);
/* What the glob says behind `begin`; "*" if it does not begin so. */
const char *list_rest(const struct listing *l, const char *begin);
/* The process whose files are meant; 0: none. */
int list_pid(const struct listing *l);
/* What cannot be listed, and why; said once, on stderr, after the list. */
void list_lacks(struct listing *l, const char *what, const char *why);

/* `glob` names types ("struct sock", "enum *"): those that match are printed, with -v with their members. -1: none does. */
bool list_is_type(const char *glob);
int list_types(const char *glob, bool verbose, FILE *out);
/* What names the type whose name was given alone ("typedef pid_t"), or the types of a kind whose word was ("struct *"); NULL: there is none. */
const char *list_type_meant(struct arena *a, const char *name);

#endif
