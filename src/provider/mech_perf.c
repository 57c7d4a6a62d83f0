// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Samples, counters and watchpoints: perf events on every CPU that is online. With -p, counters and watchpoints are on the
 * threads of that process instead, so that periods are of its own events.
 */
#include "base/cleanup.h"
#include "provider/arch.h"
#include "provider/mechanism.h"
#include "provider/perf.h"
#include "provider/perf_event.h"

#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/bpf_perf_event.h>
#include <stdlib.h>
#include <string.h>

static int usable(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	*why = "";
	switch (e->kind) {
	case TARGET_PROFILE:
		*why = "perf event of the CPU clock";
		return 100;
	case TARGET_SOFTWARE:
	case TARGET_HARDWARE:
	case TARGET_WATCHPOINT:
		*why = "perf event";
		return 100;
	default:
		return -1;
	}
}

/* The kernel's own context, which the verifier lets programs believe is struct bpf_perf_event_data, begins with their address. */
static struct ir_value *regs(struct ir_builder *b)
{
	return mech_read(b, ir_unary(b, IR_ADDRESS, ir_ctx(b)), 0, 8, false);
}

static struct ir_value *load_arg(struct ir_builder *b, const char *name)
{
	size_t offset = !strcmp(name, "addr") ? offsetof(struct bpf_perf_event_data, addr) :
						offsetof(struct bpf_perf_event_data, sample_period);

	return ir_load(b, 8, ir_ctx(b), (unsigned)offset);
}

/* The context begins with the registers that were interrupted. */
static struct ir_value *load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	struct ir_value *mode, *in_user, *wanted;

	(void)event;
	(void)type;
	if (is_arg)
		return load_arg(b, name);
	if (!strcmp(name, "ctx"))
		return ir_ctx(b);
	if (!strcmp(name, "regs"))
		return regs(b);
	mode = ir_binary(b, IR_AND, ir_load(b, 8, ir_ctx(b), arch.mode), ir_const(b, arch.user_mask));
	in_user = ir_binary(b, IR_NE, mode, ir_const(b, 0));
	if (!strcmp(name, "usermode"))
		return in_user;
	if (strcmp(name, "arg0") && strcmp(name, "arg1"))
		return NULL;
	wanted = name[3] == '1' ? in_user : ir_binary(b, IR_EQ, mode, ir_const(b, 0));
	return ir_binary(b, IR_MUL, wanted, ir_load(b, 8, ir_ctx(b), arch.ip));
}

/* attaching */

struct opening {
	struct probes *p;
	struct program *program;
	struct target *t;
	struct perf_event_attr attr;
	int prog_fd;
};

/* Samples are not taken more often than the administrator allows. */
static unsigned max_rate(void)
{
	_cleanup_fclose_ FILE *f = fopen("/proc/sys/kernel/perf_event_max_sample_rate", "re");
	unsigned rate;

	return f && fscanf(f, "%u", &rate) == 1 ? rate : UINT_MAX;
}

static int refused(struct opening *o, int error)
{
	switch (o->t->kind) {
	case TARGET_PROFILE:
		if (error == EINVAL && o->t->is_hz && o->t->number > max_rate())
			return mech_refuse(o->p, o->t, arena_printf(o->p->arena, "at most %u samples a second are allowed"
				" (/proc/sys/kernel/perf_event_max_sample_rate)", max_rate()));
		break;
	case TARGET_HARDWARE:
		if (error == ENOENT || error == EOPNOTSUPP || error == ENODEV || error == EINVAL)
			return mech_refuse(o->p, o->t, "this processor, or virtual machine, does not count it");
		break;
	case TARGET_WATCHPOINT:
		if (error == ENOSPC)
			return mech_refuse(o->p, o->t, "the processor's watchpoints are all in use (x86-64 has four)");
		if (error == EINVAL || error == EOPNOTSUPP || error == ENOENT)
			return mech_refuse(o->p, o->t, "the kernel has no watchpoint there (CONFIG_HAVE_HW_BREAKPOINT)");
		break;
	default:
		break;
	}
	errno = error;
	return mech_attach_error(o->p, o->t, "opening a perf event", "CONFIG_PERF_EVENTS and CONFIG_BPF_EVENTS");
}

/* Opens it for a thread or for a CPU (the other is -1); what is not there (any more) is passed over: 1. */
static int open_one(struct opening *o, int tid, int cpu)
{
	int fd = perf_open(&o->attr, tid, cpu, o->prog_fd);

	if (fd == (tid < 0 ? -ENODEV : -ESRCH))
		return 1;
	if (fd < 0)
		return refused(o, -fd);
	*arena_vec_add(o->p->arena, &o->program->link_fds) = fd;
	return 0;
}

static int open_on_cpus(struct opening *o)
{
	int ncpus = libbpf_num_possible_cpus();

	for (int cpu = 0; cpu < ncpus; cpu++)
		if (open_one(o, -1, cpu) < 0)
			return -1;
	return 0;
}

static bool is_opened(const int *tids, unsigned n, int tid)
{
	for (unsigned i = 0; i < n; i++)
		if (tids[i] == tid)
			return true;
	return false;
}

/*
 * Threads that come later inherit the event from the one that makes them: the list is read again until it has nobody new,
 * made by one that had none yet.
 */
static int open_on_threads(struct opening *o, int pid)
{
	char *path = arena_printf(o->p->arena, "/proc/%d/task", pid);
	VEC(int) tids = { 0 };
	bool again = true;
	int err = 0;

	o->attr.inherit = 1;
	while (again && !err) {
		DIR *dir = opendir(path);
		struct dirent *entry;

		again = false;
		while (dir && !err && (entry = readdir(dir))) {
			int tid = atoi(entry->d_name);

			if (!tid || is_opened(tids.data, tids.len, tid))
				continue;
			*arena_vec_add(o->p->arena, &tids) = tid;
			again = true;
			err = open_one(o, tid, -1) < 0 ? -1 : 0;
		}
		if (dir)
			closedir(dir);
	}
	return err;
}

static void fill_attr(struct opening *o)
{
	switch (o->t->kind) {
	case TARGET_PROFILE:
		o->attr.type = PERF_TYPE_SOFTWARE;
		o->attr.config = PERF_COUNT_SW_CPU_CLOCK;
		o->attr.freq = o->t->is_hz;
		o->attr.sample_period = o->t->number;
		break;
	case TARGET_WATCHPOINT:
		watchpoint_attr(o->t, &o->attr);
		break;
	default:
		counter_attr(o->t, &o->attr);
	}
}

static int attach(struct probes *p, struct program *program)
{
	struct event *e = program->events.data[0];

	for (unsigned t = 0; t < e->targets.len; t++) {
		struct opening o = { .p = p, .program = program, .t = e->targets.data[t],
				     .prog_fd = program->prog_fds.data[program->copies ? t : 0] };
		bool on_threads = p->pid && e->kind != TARGET_PROFILE;

		fill_attr(&o);
		if (on_threads ? open_on_threads(&o, p->pid) : open_on_cpus(&o))
			return -1;
	}
	return 0;
}

const struct mechanism mech_perf = {
	.name = "perf",
	.prog_type = BPF_PROG_TYPE_PERF_EVENT,
	.copies = true,
	.ops = { .load = load, .regs = regs, .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable,
	.attach = attach,
};
