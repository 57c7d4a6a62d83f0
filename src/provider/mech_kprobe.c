// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kprobes by perf event, one each (Linux 4.17; perf_event_open(2), "kprobe PMU"): for kernels without kprobe.multi, and for
 * what that cannot do, offsets and addresses. Letting go of one takes the kernel tens of milliseconds.
 */
#include "provider/kfunc_regs.h"
#include "provider/mechanism.h"
#include "provider/perf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DETACH_MS = 90 };

static int usable(struct probes *p, struct event *e, const char **why)
{
	*why = "";
	if (e->kind != TARGET_KPROBE && e->kind != TARGET_KRETPROBE)
		return -1;
	if (perf_type("kprobe") < 0) {
		*why = "the kernel has no kprobes (CONFIG_KPROBES, CONFIG_KPROBE_EVENTS)";
		return -1;
	}
	if (p->max_probes && e->targets.len > p->max_probes) {
		*why = arena_printf(p->arena, "%u single kprobes are more than -x maxprobes=%u; letting go of them would take %u s",
				    e->targets.len, p->max_probes, e->targets.len * DETACH_MS / 1000);
		return -1;
	}
	*why = "a perf event for each function";
	return 100 + (int)e->targets.len;
}

static int attach_one(struct probes *p, struct program *program, struct target *t, int prog_fd)
{
	int bit = t->kind == TARGET_KRETPROBE ? perf_format_bit("kprobe", "retprobe") : -1, fd;
	struct perf_event_attr attr = {
		.type = (uint32_t)perf_type("kprobe"), .config = bit >= 0 ? 1ull << bit : 0, .sample_period = 1,
	};

	if (!strncmp(t->name, "0x", 2)) {
		attr.kprobe_addr = strtoull(t->name, NULL, 16);
	} else {
		attr.kprobe_func = (uintptr_t)(t->module ? arena_printf(p->arena, "%s:%s", t->module, t->name) : t->name);
		attr.probe_offset = t->offset;
	}
	fd = perf_open(&attr, -1, 0, prog_fd);
	if (fd < 0 && t->optional && fd != -EPERM && fd != -EACCES)
		return 0;
	if (fd < 0) {
		errno = -fd;
		return mech_attach_error(p, t, arena_printf(p->arena, "the kernel refuses a probe on %s", t->name),
					 "CONFIG_KPROBES and CONFIG_BPF_EVENTS");
	}
	*arena_vec_add(p->arena, &program->link_fds) = fd;
	return 0;
}

static int attach(struct probes *p, struct program *program)
{
	struct event *e = program->events.data[0];

	for (unsigned t = 0; t < e->targets.len; t++)
		if (attach_one(p, program, e->targets.data[t], program->prog_fds.data[program->copies ? t : 0]))
			return -1;
	if (program->link_fds.len)
		return 0;
	errno = EINVAL;
	return mech_attach_error(p, e->targets.data[0], "none of the functions can be probed", NULL);
}

const struct mechanism mech_kprobe = {
	.name = "kprobe",
	.prog_type = BPF_PROG_TYPE_KPROBE,
	.copies = true,
	.ops = { .load = kfunc_regs_load, .target = mech_target_copies, .named = mech_named },
	.usable = usable,
	.attach = attach,
	.slow = true,
};
