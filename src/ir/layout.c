// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/layout.h"

static unsigned round_up(unsigned n, unsigned align)
{
	return (n + align - 1) & ~(align - 1);
}

unsigned data_alloc(struct data_def *d, unsigned size)
{
	unsigned offset = d->used;

	d->used += round_up(size, 8);
	return offset;
}

unsigned data_alloc_percpu(struct data_def *d, unsigned size)
{
	unsigned offset = d->percpu_used;

	d->percpu_used += round_up(size, 8);
	return offset;
}

unsigned data_init(struct arena *a, struct data_def *d, const void *bytes, unsigned size)
{
	unsigned offset = data_alloc(d, size);

	*arena_vec_add(a, &d->inits) = (struct data_bytes){ .offset = offset, .size = size, .bytes = bytes };
	return offset;
}

unsigned data_table_room(unsigned n)
{
	unsigned p = 1;

	while (p < n)
		p *= 2;
	return p;
}

unsigned data_init_table(struct arena *a, struct data_def *d, const void *bytes, unsigned n, unsigned width)
{
	unsigned offset = data_alloc(d, data_table_room(n) * width);

	*arena_vec_add(a, &d->inits) = (struct data_bytes){ .offset = offset, .size = n * width, .bytes = bytes };
	return offset;
}

/* The stride is a power of two, so that a program multiplies by shifting, and no cache line belongs to two CPUs. */
void data_finish_percpu(struct data_def *d)
{
	unsigned stride = 64;

	if (!d->cells)
		return;
	while (stride < d->percpu_used)
		stride *= 2;
	d->cells->stride = stride;
	d->cells->value_size = stride * d->ncpus;
}

void data_finish(struct data_def *d)
{
	d->map->value_size = round_up(d->used, 64);
}
