/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arena: memory that lives as long as one thing does.
 *
 * A script's source, AST, types, IR and image are allocated from one arena and freed together when the run ends; nobody
 * frees pieces. Allocation cannot fail: when the system has no memory left, the process ends with a message (a tracing
 * tool holds nothing in user space that needs an orderly end; every kernel object hangs on a file descriptor).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *head;
	char *next, *end;
	size_t total;			/* bytes of all blocks */
};

/* Frees all that was allocated from *a and makes it empty, which the zeroed struct is too. */
void arena_deinit(struct arena *a);

/* size bytes, zeroed, aligned to 16. A size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
/* A copy of the size bytes at p. */
void *arena_memdup(struct arena *a, const void *p, size_t size);
/* A copy of s; of the first n bytes of s (which need not end in 0). */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
/* The formatted text. */
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0), nonnull));

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), (size_t)(n) * sizeof(type)))

/* malloc, calloc and realloc that end the process when the system has no memory left. */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);

#endif
