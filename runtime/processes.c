// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/processes.h"

#include "debuginfo/process.h"
#include "runtime/late.h"
#include "runtime/perf_map.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PAGES = 64, PROT_CODE = 4 };
static const uint64_t OLD = 30ull * 1000000000, FORGET_EACH = 10ull * 1000000000;

struct ring {
	int fd;
	struct perf_event_mmap_page *page;
};

/* An event, copied out of the ring. */
struct happening {
	uint64_t time;
	unsigned order;
	struct perf_event_header *record;
};

static struct {
	VEC(struct ring) rings;
	VEC(struct happening) events;
	struct arena arena;
	size_t page_size;
	uint64_t drained, lost;
	bool has_user;			/* addresses of user code are shown */
	uint64_t forgot;		/* when; 0: everything may be asked for until the end */
} state;

/* What stands behind each record (sample_id_all): PERF_SAMPLE_TIME alone. */
struct trailer {
	uint64_t time;
};

struct task_record {
	struct perf_event_header header;
	uint32_t pid, ppid, tid, ptid;
	uint64_t time;
};

struct comm_record {
	struct perf_event_header header;
	uint32_t pid, tid;
};

struct mmap2_record {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t addr, len, pgoff;
	uint32_t maj, min;
	uint64_t ino, ino_generation;
	uint32_t prot, flags;
	char filename[];
};

struct lost_record {
	struct perf_event_header header;
	uint64_t id, lost;
};

static int open_on(int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = PERF_COUNT_SW_DUMMY, .sample_type = PERF_SAMPLE_TIME,
		.sample_id_all = 1, .mmap = 1, .mmap2 = 1, .comm = 1, .comm_exec = 1, .task = 1, .exclude_kernel = 1,
		.use_clockid = 1, .clockid = CLOCK_MONOTONIC, .watermark = 1, .wakeup_watermark = PAGES / 2 * 4096,
	};

	if (late_wanted())
		attr.wakeup_watermark = 1;

	return (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static int add_ring(int cpu)
{
	struct ring r = { .fd = open_on(cpu) };

	if (r.fd < 0)
		return errno == ENODEV ? 0 : -1;	/* the CPU is offline */
	r.page = mmap(NULL, (1 + PAGES) * state.page_size, PROT_READ | PROT_WRITE, MAP_SHARED, r.fd, 0);
	if (r.page == MAP_FAILED) {
		close(r.fd);
		return -1;
	}
	*vec_add(&state.rings) = r;
	return 0;
}

int processes_open(struct rt *rt)
{
	state.has_user = rt->image->stacks.has_user;
	late_init(rt);
	if (!state.has_user && !late_wanted())
		return 0;
	state.page_size = (size_t)sysconf(_SC_PAGESIZE);
	/* samples are unwound as they come, addresses in the kernel's maps at the end */
	state.forgot = rt->image->stacks.user ? 0 : now_ns();
	for (unsigned cpu = 0; cpu < rt->ncpus; cpu++)
		if (add_ring((int)cpu)) {
			rt_refused(rt, SPAN_NONE, errno, "CONFIG_PERF_EVENTS",
				   "cannot follow what processes map");
			return -1;
		}
	return 0;
}

void processes_read(struct rt *rt)
{
	if (!rt->image->stacks.has_user)
		return;
	if (rt->opts->processes.len == 1 && !rt->opts->processes.data[0].child)
		dbg_process_read((unsigned)rt->opts->processes.data[0].pid);
	else
		dbg_process_read_all();
}

/* --- records --- */

static uint64_t time_of(const struct perf_event_header *h)
{
	struct trailer t;

	memcpy(&t, (const char *)h + h->size - sizeof(t), sizeof(t));
	return t.time;
}

static void copy_out(const struct ring *r, uint64_t at, void *to, size_t n)
{
	const char *data = (const char *)r->page + state.page_size;
	size_t size = PAGES * state.page_size, from = at % size, first = size - from < n ? size - from : n;

	memcpy(to, data + from, first);
	memcpy((char *)to + first, data, n - first);
}

static void take_ring(const struct ring *r)
{
	uint64_t head = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE), tail = r->page->data_tail;

	while (tail < head) {
		struct perf_event_header h, *record;

		copy_out(r, tail, &h, sizeof(h));
		if (h.size < sizeof(h) + sizeof(struct trailer))
			break;
		record = arena_alloc(&state.arena, h.size);
		copy_out(r, tail, record, h.size);
		*vec_add(&state.events) = (struct happening){ time_of(record), state.events.len, record };
		tail += h.size;
	}
	__atomic_store_n(&r->page->data_tail, head, __ATOMIC_RELEASE);
}

static void on_mmap(const struct mmap2_record *r, uint64_t time)
{
	struct dbg_map map = {
		.start = r->addr, .size = r->len, .offset = r->pgoff, .ino = r->ino, .major = r->maj, .minor = r->min,
		.path = strncmp(r->filename, "//anon", 6) ? r->filename : "",
	};

	if (r->prot & PROT_CODE)
		late_note(r->pid, map.path);
	if (r->prot & PROT_CODE && state.has_user)
		dbg_process_map(r->pid, time, &map);
}

static void apply(const struct happening *e)
{
	const struct perf_event_header *h = e->record;
	const struct task_record *task = (const void *)h;

	switch (h->type) {
	case PERF_RECORD_FORK:
		if (task->pid != task->ppid && state.has_user)
			dbg_process_fork(task->pid, task->ppid, e->time);
		break;
	case PERF_RECORD_COMM:
		if (h->misc & PERF_RECORD_MISC_COMM_EXEC && state.has_user)
			dbg_process_exec(((const struct comm_record *)h)->pid, e->time);
		break;
	case PERF_RECORD_MMAP2:
		on_mmap((const void *)h, e->time);
		break;
	case PERF_RECORD_LOST:
		state.lost += ((const struct lost_record *)h)->lost;
		late_lost();
		break;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void processes_drain(void)
{
	if (!state.rings.len)
		return;
	state.drained = now_ns();
	vec_foreach(r, &state.rings)
		take_ring(r);
	if (state.events.len)
		qsort(state.events.data, state.events.len, sizeof(*state.events.data), by_time);
	vec_foreach(e, &state.events)
		apply(e);
	state.events.len = 0;
	arena_deinit(&state.arena);
	if (!state.forgot || state.drained - state.forgot < FORGET_EACH)
		return;
	state.forgot = state.drained;
	dbg_process_forget(state.drained - OLD);
}

void processes_drain_until(uint64_t time)
{
	if (time >= state.drained)
		processes_drain();
}

int processes_fd(unsigned n)
{
	return n < state.rings.len ? state.rings.data[n].fd : -1;
}

void processes_close(void)
{
	vec_foreach(r, &state.rings) {
		munmap(r->page, (1 + PAGES) * state.page_size);
		close(r->fd);
	}
	vec_free(&state.rings);
	vec_free(&state.events);
	arena_deinit(&state.arena);
	dbg_process_forget_all();
	perf_maps_forget();
	memset(&state, 0, sizeof(state));
	late_close();
}

uint64_t processes_lost(void)
{
	processes_drain();
	return state.has_user ? state.lost : 0;
}
