// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/*
 * Blocks are small until the arena is not: then they come from the kernel as huge pages, if it has some, since small ones, a
 * fault for each, are a quarter of the time that a long script takes to compile.
 */
enum { ALIGN = 16, BLOCK = 32 * 1024, LARGE_BLOCK = 2 * 1024 * 1024, LARGE_FROM = 512 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t mapped;			/* bytes; 0: from malloc */
	char data[] __attribute__((aligned(ALIGN)));
};

static void *or_die(void *p)
{
	if (!p) {
		fputs("ply: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

void *xmalloc(size_t size)
{
	return or_die(malloc(size ? size : 1));
}

void *xcalloc(size_t n, size_t size)
{
	return or_die(calloc(n ? n : 1, size ? size : 1));
}

void *xrealloc(void *p, size_t size)
{
	return or_die(realloc(p, size ? size : 1));
}

void arena_deinit(struct arena *a)
{
	for (struct arena_block *b = a->head, *next; b; b = next) {
		next = b->next;
		if (b->mapped)
			munmap(b, b->mapped);
		else
			free(b);
	}
	*a = (struct arena){ 0 };
}

/* LeakSanitizer looks for no pointers in mappings: what they lead to would be leaks. */
#ifdef __SANITIZE_ADDRESS__
enum { MAP_LARGE = 0 };
#else
enum { MAP_LARGE = 1 };
#endif

/* Aligned to its size, a power of two: what else comes with it is given back. All its pages are there at once. */
static struct arena_block *map_block(size_t size)
{
	char *p = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct arena_block *b;
	size_t before;

	if (p == MAP_FAILED)
		return or_die(NULL);
	before = -(uintptr_t)p & (size - 1);
	b = (struct arena_block *)(p + before);
	if (before)
		munmap(p, before);
	munmap(p + before + size, size - before);
	madvise(b, size, MADV_HUGEPAGE);
	madvise(b, size, MADV_POPULATE_WRITE);
	b->mapped = size;
	return b;
}

static char *add_block(struct arena *a, size_t size)
{
	size_t whole = sizeof(struct arena_block) + size;
	struct arena_block *b = MAP_LARGE && whole == LARGE_BLOCK ? map_block(whole) : xcalloc(1, whole);

	a->total += whole;
	b->next = a->head;
	a->head = b;
	return b->data;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t block = (a->total < LARGE_FROM ? BLOCK : LARGE_BLOCK) - sizeof(struct arena_block);
	char *p;

	size = size ? (size + ALIGN - 1) & ~(size_t)(ALIGN - 1) : ALIGN;
	if ((size_t)(a->end - a->next) < size) {
		if (size > block / 4)
			return add_block(a, size);
		a->next = add_block(a, block);
		a->end = a->next + block;
	}
	p = a->next;
	a->next += size;
	return p;
}

void *arena_memdup(struct arena *a, const void *p, size_t size)
{
	void *copy = arena_alloc(a, size);

	return size ? memcpy(copy, p, size) : copy;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	const char *end = memchr(s, 0, n);
	size_t len = end ? (size_t)(end - s) : n;
	char *copy = arena_alloc(a, len + 1);

	memcpy(copy, s, len);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = arena_alloc(a, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return text;
}
