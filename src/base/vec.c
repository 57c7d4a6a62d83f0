// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/vec.h"

#include <string.h>

static unsigned next_cap(unsigned cap)
{
	return cap ? 2 * cap : 8;
}

void *vec_grow_(void *data, unsigned *cap, size_t size)
{
	*cap = next_cap(*cap);
	return xrealloc(data, *cap * size);
}

void *arena_vec_grow_(struct arena *a, void *data, unsigned *cap, size_t size)
{
	unsigned old = *cap;
	char *grown;

	*cap = next_cap(old);
	grown = arena_alloc(a, *cap * size);
	if (old)
		memcpy(grown, data, old * size);
	return grown;
}

static uint64_t member(const void *data, size_t size, size_t offset, unsigned i)
{
	uint64_t value;

	memcpy(&value, (const char *)data + i * size + offset, sizeof(value));
	return value;
}

const void *vec_floor_(const void *data, unsigned len, size_t size, size_t offset, uint64_t value)
{
	unsigned from = 0, to = len;

	if (!len || member(data, size, offset, 0) > value)
		return NULL;
	while (to - from > 1) {
		unsigned middle = from + (to - from) / 2;

		if (member(data, size, offset, middle) <= value)
			from = middle;
		else
			to = middle;
	}
	while (from && member(data, size, offset, from - 1) == member(data, size, offset, from))
		from--;
	return (const char *)data + from * size;
}
