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
