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

static int usable(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	*why = "";
	if (e->kind != TARGET_KPROBE && e->kind != TARGET_KRETPROBE)
		return -1;
	if (perf_type("kprobe") < 0) {
		*why = "the kernel has no kprobes (CONFIG_KPROBES, CONFIG_KPROBE_EVENTS)";
		return -1;
	}
	*why = "a perf event for each function";
	return 100 + (int)e->targets.len;
}

/* What an error says about the function; NULL if nothing. */
static const char *refusal(int error)
{
	switch (error) {
	case ENOENT:
		return "the kernel has no such function";
	case EADDRNOTAVAIL:
		return "several functions have this name (kprobe:MODULE:FUNCTION tells modules apart)";
	case EILSEQ:
		return "the offset is not where an instruction begins";
	case EINVAL:
	case EBUSY:
	case EOPNOTSUPP:
		return "the kernel lets nobody probe this place";
	default:
		return NULL;
	}
}

static int open_probe(struct probes *p, struct target *t, int prog_fd)
{
	int bit = t->kind == TARGET_KRETPROBE ? perf_format_bit("kprobe", "retprobe") : -1;
	struct perf_event_attr attr = {
		.type = (uint32_t)perf_type("kprobe"), .config = bit >= 0 ? 1ull << bit : 0, .sample_period = 1,
	};

	if (!strncmp(t->name, "0x", 2)) {
		attr.kprobe_addr = strtoull(t->name, NULL, 16);
	} else {
		attr.kprobe_func = (uintptr_t)(t->module ? arena_printf(p->arena, "%s:%s", t->module, t->name) : t->name);
		attr.probe_offset = t->offset;
	}
	return perf_open(&attr, -1, 0, prog_fd);
}

static int attach(struct probes *p, struct program *program)
{
	return mech_attach_each(p, program, open_probe, refusal, "opening the kprobe", NULL);
}

const struct mechanism mech_kprobe = {
	.name = "kprobe",
	.prog_type = BPF_PROG_TYPE_KPROBE,
	.copies = true,
	.ops = { .load = kfunc_regs_load, .regs = mech_ctx_regs, .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable,
	.attach = attach,
	.slow = true,
};
