// SPDX-License-Identifier: GPL-2.0-or-later
/* The run, from the image to the exit status: this file is the order of things. */
#include "runtime/late.h"
#include "runtime/processes.h"
#include "runtime/stacks.h"
#include "runtime/style.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void init(struct rt *rt, struct image *image, struct probes *probes, const struct rt_options *opts,
		 struct diag *diag)
{
	*rt = (struct rt){
		.image = image, .probes = probes, .opts = opts, .diag = diag, .btf_fd = -1, .epoll_fd = -1, .signal_fd = -1,
		.timeout_fd = -1, .out = { .fd = -1, .first_fd = -1 },
	};
	rt->ncpus = (unsigned)libbpf_num_possible_cpus();
	libbpf_set_print(NULL);
}

/* Programs have the clock that never steps; what it was at the start, and the time of day, they are told. */
static void set_clocks(struct rt *rt)
{
	struct timespec wall;
	uint64_t start = now_ns(), offset;

	clock_gettime(CLOCK_REALTIME, &wall);
	offset = (uint64_t)wall.tv_sec * 1000000000 + (uint64_t)wall.tv_nsec - start;
	memcpy(rt->data + DATA_START, &start, sizeof(start));
	memcpy(rt->data + DATA_WALL, &offset, sizeof(offset));
}

static int load(struct rt *rt)
{
	if (maps_create(rt) || programs_load(rt))
		return -1;
	set_clocks(rt);
	return 0;
}

static void set_exit(struct rt *rt)
{
	__atomic_store_n((uint64_t *)(rt->data + DATA_EXIT), 1, __ATOMIC_SEQ_CST);
}

static int attach(struct rt *rt)
{
	if (processes_open(rt) || programs_attach(rt) || timers_start(rt))
		return -1;
	processes_read(rt);
	late_attach(rt);
	if (rt->opts->verbose || (isatty(STDERR_FILENO) && rt->opts->style != RT_DTRACE))
		fprintf(stderr, "attached %u probe%s\n", rt->attached, rt->attached == 1 ? "" : "s");
	if (rt->style->attached)
		rt->style->attached(rt, rt->attached);
	return 0;
}

/* A script that exits in BEGIN attaches nothing. */
static int begin(struct rt *rt)
{
	if (out_open(rt) || events_open(rt) || decode_init(rt) || vars_init(rt) || stacks_init(rt))
		return -1;
	if (programs_begin(rt))
		return -1;
	events_drain(rt, true);
	decode_flush(rt);
	if (rt_exited(rt) && rt->end == RUNNING)
		rt->end = END_EXIT;
	if (rt->end != RUNNING)
		return 0;
	if (loop_open(rt) || attach(rt))
		return -1;
	vec_foreach(process, &rt->opts->processes)
		if (process->child)
			child_release(process->child);
	return 0;
}

/*
 * The exit flag stops all programs; once those that run have ended, what they left is final, and only END adds to it.
 */
static void finish(struct rt *rt)
{
	set_exit(rt);
	if (rt->interrupted == SIGINT && rt->style->interrupted)
		rt->style->interrupted(rt);
	if (rt->attached)
		programs_quiesce(rt);
	events_drain(rt, true);
	decode_flush(rt);
	if (!rt->out.gone && programs_end(rt))
		rt->end = END_FAILED;
	events_drain(rt, true);
	decode_flush(rt);
	programs_detach(rt);
	if (rt->style->closing)
		rt->style->closing(rt);
	else if (rt->interrupted == SIGINT && isatty(rt->out.fd))
		text_putc(&rt->out.text, '\n');
	vars_print_end(rt);
	losses_report(rt);
	out_flush(rt);
}

static int status(const struct rt *rt)
{
	int64_t value;

	if (rt->end == END_FAILED || rt->out.error)
		return 1;
	/* 0 if nothing exited; END may, too, however the run ended */
	memcpy(&value, rt->data + DATA_STATUS, sizeof(value));
	return (int)(value & 0xff);
}

static void release(struct rt *rt)
{
	timers_stop(rt);
	loop_close(rt);
	programs_detach(rt);
	events_close(rt);
	decode_deinit(rt);
	vars_deinit(rt);
	stacks_deinit();
	processes_close();
	programs_unload(rt);
	signals_close(rt);
	maps_destroy(rt);
}

int rt_run(struct image *image, struct probes *probes, const struct rt_options *opts, struct diag *diag)
{
	void (*old_sigpipe)(int) = signal(SIGPIPE, SIG_IGN), (*old_sigxfsz)(int) = signal(SIGXFSZ, SIG_IGN);
	struct rt rt;
	int result = 1;

	init(&rt, image, probes, opts, diag);
	if (!load(&rt) && !begin(&rt)) {
		if (rt.end == RUNNING)
			loop_run(&rt);
		finish(&rt);
		result = status(&rt);
	}
	release(&rt);
	out_close(&rt);
	diag_flush(diag);
	signal(SIGPIPE, old_sigpipe);
	signal(SIGXFSZ, old_sigxfsz);
	return result;
}
