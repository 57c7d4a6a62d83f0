// SPDX-License-Identifier: GPL-2.0-or-later
/* The ring buffer: what programs send is taken out and handed to decode.c. */
#include "runtime/run.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum {
	FLUSH_SIZE = 1 << 16,
	LOOK_EVERY = 1024,		/* records between two looks at the clock */
	STOP = -1, PAUSE = -2,
};
static const uint64_t second = 1000000000, drain_limit = 100000000;

/* What stands behind a fault waits for what ERROR's clauses send, which run when the fault is seen. */
static void hold(struct rt *rt, const void *data, size_t size)
{
	struct held_record *held = vec_add(&rt->held);

	held->data = xmalloc(size);
	held->size = size;
	memcpy(held->data, data, size);
}

static int take(void *context, void *data, size_t size)
{
	struct rt *rt = context;
	uint64_t now;

	if (rt->faulted && !decode_is_error(rt, data, size)) {
		hold(rt, data, size);
		return 0;
	}
	decode_record(rt, data, size);
	if (rt->out.text.len >= FLUSH_SIZE)
		out_flush(rt);
	if (rt->out.gone || rt->out.error)
		return STOP;
	if (++rt->drained % LOOK_EVERY)
		return 0;
	now = now_ns();
	if (now - rt->out.flushed >= second)
		out_flush(rt);
	return !rt->drain_all && now - rt->drain_begun >= drain_limit ? PAUSE : 0;
}

static int consume(struct rt *rt)
{
	int n = ring_buffer__consume(rt->ring);

	for (unsigned i = 0; i < rt->held.len; i++) {
		rt->faulted = false;
		decode_record(rt, rt->held.data[i].data, rt->held.data[i].size);
		free(rt->held.data[i].data);
		if (rt->faulted)
			ring_buffer__consume(rt->ring);
	}
	rt->faulted = false;
	rt->held.len = 0;
	return n;
}

int events_open(struct rt *rt)
{
	if (!rt->image->ring)
		return 0;
	rt->ring = ring_buffer__new(rt->maps[rt->image->ring->index].fd, take, rt, NULL);
	if (rt->ring)
		return 0;
	diag_error(rt->diag, SPAN_NONE, NULL, "cannot map the ring buffer: %s", strerror(errno));
	return -1;
}

void events_close(struct rt *rt)
{
	if (rt->ring)
		ring_buffer__free(rt->ring);
	rt->ring = NULL;
	vec_free(&rt->held);
}

/* Whether records are in the ring, be they finished or still being written. */
static bool is_empty(const struct rt *rt)
{
	struct pollfd p = { .fd = rt->maps[rt->image->ring->index].fd, .events = POLLIN };

	return poll(&p, 1, 0) <= 0;
}

/*
 * When nothing is sent any more all must come out; a program that was interrupted while it wrote a record delays those
 * behind it, but not for long.
 */
void events_drain(struct rt *rt, bool all)
{
	uint64_t begun;

	if (!rt->ring)
		return;
	begun = now_ns();
	rt->drain_begun = begun;
	rt->drain_all = all;
	while (consume(rt) >= 0 && all && !is_empty(rt) && now_ns() - begun < second)
		sched_yield();
	if (rt->out.text.len)
		out_flush(rt);
}
