// SPDX-License-Identifier: GPL-2.0-or-later
/* Lets programs fire and lets them go again. */
#include "runtime/run.h"

#include "debuginfo/btf.h"
#include "provider/mechanism.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WALKED_CPUS = 64, CONTEXT_SIZE = 12 * sizeof(uint64_t) };

int program_run(int prog_fd)
{
	uint64_t context[CONTEXT_SIZE / sizeof(uint64_t)] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = context, .ctx_size_in = sizeof(context));

	return bpf_prog_test_run_opts(prog_fd, &opts);
}

bool programs_run_error(struct rt *rt, const uint64_t *args, unsigned nargs)
{
	uint64_t context[CONTEXT_SIZE / sizeof(uint64_t)] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = context, .ctx_size_in = sizeof(context));
	bool any = false;

	memcpy(context, args, nargs * sizeof(*args));
	vec_foreach(ip, &rt->image->programs) {
		struct program *p = program_of(ip);

		for (unsigned i = 0; p->mechanism->started_by == STARTED_BY_ERROR && i < p->prog_fds.len; i++) {
			bpf_prog_test_run_opts(p->prog_fds.data[i], &opts);
			any = true;
		}
	}
	return any;
}

static int run_all(struct rt *rt, enum started_by by)
{
	vec_foreach(ip, &rt->image->programs) {
		struct program *p = program_of(ip);

		if (p->mechanism->started_by != by)
			continue;
		for (unsigned i = 0; i < p->prog_fds.len; i++)
			if (program_run(p->prog_fds.data[i])) {
				rt_refused(rt, SPAN_NONE, errno, "BPF_PROG_TEST_RUN for raw tracepoints (Linux 5.10)",
					   "cannot run %s", ip->name);
				return -1;
			}
	}
	return 0;
}

int programs_begin(struct rt *rt)
{
	return run_all(rt, STARTED_BY_BEGIN);
}

int programs_end(struct rt *rt)
{
	return run_all(rt, STARTED_BY_END);
}

static unsigned count_targets(const struct program *p)
{
	unsigned n = 0;

	vec_foreach(e, &p->events)
		n += (*e)->targets.len;
	return n;
}

/* Its places are yet to come: late.c. */
static bool is_late(const struct program *p)
{
	return p->events.len && p->events.data[0]->late;
}

int programs_attach(struct rt *rt)
{
	vec_foreach(ip, &rt->image->programs) {
		struct program *p = program_of(ip);

		if (!p->is_called && !is_late(p) && p->mechanism->attach && p->mechanism->attach(rt->probes, p))
			return -1;
		if (!p->is_rest && !is_late(p))
			rt->attached += count_targets(p);
	}
	return 0;
}

static void close_all(struct program *p)
{
	for (unsigned i = 0; i < p->link_fds.len; i++)
		close(p->link_fds.data[i]);
	p->link_fds.len = 0;
}

static void detach(struct program *p)
{
	if (p->mechanism->detach)
		p->mechanism->detach(p);
	close_all(p);
}

/*
 * Closing a perf event takes tens of milliseconds. A forked child holds them as well, so that closing them here costs
 * nothing; it lets go of its own as it exits, for as long as that takes. Programs that still fire meanwhile see the exit
 * flag. The child must hold nothing that others wait for: stdout above all.
 */
static bool hand_over_slow(struct rt *rt)
{
	bool slow = false;
	pid_t pid;

	vec_foreach(ip, &rt->image->programs)
		slow |= program_of(ip)->mechanism->slow && program_of(ip)->link_fds.len;
	if (!slow)
		return false;
	pid = fork();
	if (pid)
		return pid > 0;
	setsid();
	for (int fd = 0; fd <= 2; fd++)
		close(fd);
	if (rt->out.fd > 2)
		close(rt->out.fd);
	_exit(0);
}

void programs_detach(struct rt *rt)
{
	bool handed_over = hand_over_slow(rt);

	vec_foreach(ip, &rt->image->programs) {
		struct program *p = program_of(ip);

		if (handed_over && p->mechanism->slow)
			close_all(p);
		else
			detach(p);
	}
}

/* All CPUs that are online and that this thread may run on; 0 if some are closed to it. */
static int all_cpus(cpu_set_t *cpus)
{
	memset(cpus, 0xff, sizeof(*cpus));
	if (sched_setaffinity(0, sizeof(*cpus), cpus) || sched_getaffinity(0, sizeof(*cpus), cpus))
		return 0;
	return CPU_COUNT(cpus) == sysconf(_SC_NPROCESSORS_ONLN) ? CPU_COUNT(cpus) : 0;
}

static bool walk(const cpu_set_t *cpus)
{
	cpu_set_t one;

	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, cpus))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (sched_setaffinity(0, sizeof(one), &one))
			return false;
	}
	return true;
}

/* Since Linux 7 programs on system calls can be preempted; the kernel has a function of its own to run them then. */
static bool may_be_preempted(const struct rt *rt)
{
	struct dbg_btf *btf = NULL;

	/* those that are bound by BTF: it has been read then */
	vec_foreach(ip, &rt->image->programs)
		if (program_of(ip)->mechanism->prog_type == BPF_PROG_TYPE_TRACING)
			btf = dbg_btf_kernel();
	return btf && dbg_btf_knows(btf, "trace_call_bpf_faultable");
}

/*
 * Programs run with preemption disabled, or within an interrupt: once this thread has run on a CPU, what ran there has
 * ended. That is exact where preemption really is disabled, and takes 0.1 ms where a grace period of RCU takes 5. With very
 * many CPUs, or where some are closed to us, or programs are preempted, the grace period it is.
 */
void programs_quiesce(struct rt *rt)
{
	cpu_set_t saved, cpus;
	bool walked = false;
	int n;

	if (!may_be_preempted(rt) && !sched_getaffinity(0, sizeof(saved), &saved)) {
		n = all_cpus(&cpus);
		walked = n && n <= WALKED_CPUS && walk(&cpus);
		sched_setaffinity(0, sizeof(saved), &saved);
	}
	if (!walked)
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0);
}
