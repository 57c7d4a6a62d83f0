/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash table from strings to pointers. Keys are not copied and must outlive the map. */
#ifndef BASE_STRMAP_H
#define BASE_STRMAP_H

#include <stddef.h>

struct arena;
struct strmap_slot;

struct strmap {
	struct strmap_slot *slots;
	size_t cap, len;
	struct arena *arena;	/* it lies there and needs no strmap_deinit; NULL: on the heap */
};

/* The zeroed struct is an empty map, and so is one that has but an arena. */
void strmap_deinit(struct strmap *m);
/* The value stored under the key, or NULL. */
void *strmap_get(const struct strmap *m, const char *key);
void *strmap_getn(const struct strmap *m, const char *key, size_t len);
/* Stores value (not NULL) under key; gives the value that stood there before, or NULL. */
void *strmap_put(struct strmap *m, const char *key, void *value);

#endif
