// SPDX-License-Identifier: GPL-2.0-or-later
/* interval and tick: timers of this process that run their programs. */
#include "runtime/run.h"

#include "provider/mechanism.h"

#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int start(struct rt *rt, const struct target *target, int prog_fd)
{
	const struct timespec period = { (time_t)(target->number / 1000000000), (long)(target->number % 1000000000) };
	const struct itimerspec spec = { period, period };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0 || timerfd_settime(fd, 0, &spec, NULL)) {
		diag_error(rt->diag, target->span, NULL, "cannot start the timer: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*vec_add(&rt->timers) = (struct timer){ fd, prog_fd };
	return 0;
}

/* The programs' copies are in the order of the event's targets. */
static int start_program(struct rt *rt, const struct program *p)
{
	unsigned n = 0;

	vec_foreach(e, &p->events)
		vec_foreach(target, &(*e)->targets) {
			if (start(rt, *target, p->prog_fds.data[p->copies ? n : 0]))
				return -1;
			n++;
		}
	return 0;
}

int timers_start(struct rt *rt)
{
	vec_foreach(ip, &rt->image->programs)
		if (program_of(ip)->mechanism->started_by == STARTED_BY_TIMER && !program_of(ip)->is_called &&
		    start_program(rt, program_of(ip)))
			return -1;
	return 0;
}

void timers_stop(struct rt *rt)
{
	vec_foreach(timer, &rt->timers)
		close(timer->fd);
	vec_free(&rt->timers);
}

void timer_fire(struct rt *rt, const struct timer *timer)
{
	uint64_t expired;

	if (read(timer->fd, &expired, sizeof(expired)) != sizeof(expired))
		return;
	if (program_run(timer->prog_fd)) {
		diag_error(rt->diag, SPAN_NONE, NULL, "cannot run a timer's program: %s", strerror(errno));
		rt->end = END_FAILED;
	}
}
