// SPDX-License-Identifier: GPL-2.0-or-later
/* Waits for what happens while the probes fire: records, timers, signals, the end of a process or of the time. */
#include "runtime/late.h"
#include "runtime/processes.h"
#include "runtime/run.h"
#include "runtime/stacks.h"
#include "runtime/vars.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
	TEND_NS = 100000000,		/* then other things come */
	TICK_MS = 100,			/* how late a record may be that woke nobody */
	MAX_EVENTS = 32,
	/* what epoll hands back; from PROCESSES on, processes by number, then timers */
	ON_RING = 0, ON_SIGNAL, ON_MAPPED, ON_TIMEOUT, ON_PROCESSES,
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int watch(struct rt *rt, int fd, uint32_t what)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = what };

	return epoll_ctl(rt->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

/* One that is gone already has a descriptor of -1. */
static int watch_processes(struct rt *rt)
{
	vec_foreach(process, &rt->opts->processes) {
		int fd = (int)syscall(SYS_pidfd_open, process->pid, 0);

		if (fd < 0 && errno != ESRCH)
			return -1;
		*arena_vec_add(rt->image->arena, &rt->process_fds) = fd;
		if (fd >= 0 && watch(rt, fd, ON_PROCESSES + rt->process_fds.len - 1))
			return -1;
		rt->alive += fd >= 0;
	}
	if (rt->opts->processes.len && !rt->alive)
		rt->end = END_OUTSIDE;
	return 0;
}

static int watch_time(struct rt *rt)
{
	const uint64_t ns = rt->opts->timeout;
	const struct itimerspec spec = { .it_value = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) } };

	if (!ns)
		return 0;
	rt->timeout_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (rt->timeout_fd < 0 || timerfd_settime(rt->timeout_fd, 0, &spec, NULL))
		return -1;
	return watch(rt, rt->timeout_fd, ON_TIMEOUT);
}

static int watch_mapped(struct rt *rt)
{
	for (unsigned i = 0; late_wanted() && processes_fd(i) >= 0; i++)
		if (watch(rt, processes_fd(i), ON_MAPPED))
			return -1;
	return 0;
}

static int watch_timers(struct rt *rt)
{
	for (unsigned i = 0; i < rt->timers.len; i++)
		if (watch(rt, rt->timers.data[i].fd, ON_PROCESSES + rt->process_fds.len + i))
			return -1;
	return 0;
}

int loop_open(struct rt *rt)
{
	rt->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (rt->epoll_fd < 0 || signals_open(rt) || watch(rt, rt->signal_fd, ON_SIGNAL) || watch_processes(rt) ||
	    watch_time(rt)) {
		diag_error(rt->diag, SPAN_NONE, NULL, "cannot wait for events: %s", strerror(errno));
		return -1;
	}
	if (stacks_fd() >= 0 && watch(rt, stacks_fd(), ON_RING)) {
		diag_error(rt->diag, SPAN_NONE, NULL, "cannot wait for the buffer of user stacks: %s", strerror(errno));
		return -1;
	}
	if (rt->ring && watch(rt, rt->maps[rt->image->ring->index].fd, ON_RING)) {
		diag_error(rt->diag, SPAN_NONE, NULL, "cannot wait for the ring buffer: %s", strerror(errno));
		return -1;
	}
	return 0;
}

static void on_signal(struct rt *rt)
{
	if (signals_take_report(rt)) {
		vars_print_all(rt);
		losses_report(rt);
		out_flush(rt);
	}
	rt->interrupted = signals_ended_by();
	if (rt->interrupted)
		rt->end = END_OUTSIDE;
}

static void on_process_end(struct rt *rt, unsigned n)
{
	const struct rt_process *process = &rt->opts->processes.data[n];

	if (process->child)
		child_report(process->child, rt->opts);
	else if (rt->opts->style == RT_DTRACE && !rt->opts->dtrace.quiet)
		fprintf(stderr, "dtrace: pid %d has exited\n", process->pid);
	close_fd(&rt->process_fds.data[n]);
	/* dtrace waits for all of them; ply, of -p and -c, for the first */
	if (!--rt->alive || rt->opts->style != RT_DTRACE)
		rt->end = END_OUTSIDE;
}

/* What was sent before comes first, so a timer's output is in its place. */
static void on_event(struct rt *rt, uint32_t what)
{
	switch (what) {
	case ON_RING:
	case ON_MAPPED:
		break;
	case ON_SIGNAL:
		on_signal(rt);
		break;
	case ON_TIMEOUT:
		rt->end = END_OUTSIDE;
		break;
	default:
		if (what < ON_PROCESSES + rt->process_fds.len) {
			on_process_end(rt, what - ON_PROCESSES);
			break;
		}
		timer_fire(rt, &rt->timers.data[what - ON_PROCESSES - rt->process_fds.len]);
		events_drain(rt, false);
	}
}

/* Keys that are stacks of their own are taken out of the maps as fast as the stacks come in. */
static void tend(struct rt *rt)
{
	uint64_t begun = now_ns();
	bool more;

	decode_tend(rt, begun);
	do {
		more = stacks_tend();
		vars_tend(rt);
	} while (more && now_ns() - begun < TEND_NS);
}

/* First of all: the programs that it is for have begun to run. */
static void attach_late(struct rt *rt)
{
	if (!late_wanted())
		return;
	processes_drain();
	late_attach(rt);
}

void loop_run(struct rt *rt)
{
	struct epoll_event events[MAX_EVENTS];
	int n;

	if (watch_timers(rt) || watch_mapped(rt)) {
		diag_error(rt->diag, SPAN_NONE, NULL, "cannot wait for events: %s", strerror(errno));
		rt->end = END_FAILED;
	}
	while (rt->end == RUNNING) {
		n = epoll_wait(rt->epoll_fd, events, MAX_EVENTS, TICK_MS);
		attach_late(rt);
		events_drain(rt, false);
		tend(rt);
		for (int i = 0; i < n && rt->end == RUNNING; i++)
			on_event(rt, events[i].data.u32);
		if (rt->end == RUNNING && rt_exited(rt))
			rt->end = END_EXIT;
	}
}

void loop_close(struct rt *rt)
{
	close_fd(&rt->epoll_fd);
	vec_foreach(fd, &rt->process_fds)
		close_fd(fd);
	close_fd(&rt->timeout_fd);
}
