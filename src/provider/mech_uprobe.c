// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uprobes by perf event, one each (Linux 4.17; perf_event_open(2), "uprobe PMU"): for kernels without uprobe.multi. Letting
 * go of one takes the kernel a tenth of a second.
 */
#include "provider/late.h"
#include "provider/mechanism.h"
#include "provider/perf.h"
#include "provider/ufunc.h"
#include "provider/ufunc_regs.h"

#include <bpf/bpf.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Where config has the offset of a semaphore, as format/ref_ctr_offset says (Linux 4.20). */
enum { REF_CTR_SHIFT = 32 };

static int usable(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	*why = "";
	if (!ufunc_is(e->kind))
		return -1;
	if (perf_type("uprobe") < 0) {
		*why = "the kernel has no uprobes (CONFIG_UPROBES, CONFIG_UPROBE_EVENTS)";
		return -1;
	}
	if (ufunc_needs_variant(e) < 0) {
		*why = "its places hold their arguments in too many ways";
		return -1;
	}
	*why = "a perf event for each place";
	return 100 + (int)e->targets.len;
}

static enum nesting nests(struct probes *p, struct event *e)
{
	(void)p;
	(void)e;
	return NESTS_TASKS;
}

/* prog_fd -1: none is attached. */
static int open_probe(struct probes *p, struct target *t, int prog_fd)
{
	int bit = ufunc_is_return(t->kind) ? perf_format_bit("uprobe", "retprobe") : -1;
	int pid = t->pid ? t->pid : p->pid;
	const struct ufunc *info = t->info;
	struct perf_event_attr attr = {
		.type = (uint32_t)perf_type("uprobe"), .config = bit >= 0 ? 1ull << bit : 0, .sample_period = 1,
		.config1 = (uintptr_t)t->module, .config2 = t->number,
	};

	attr.config |= info->semaphore << REF_CTR_SHIFT;
	return perf_open(&attr, pid ? pid : -1, pid ? -1 : 0, prog_fd);
}

/* Late places are told apart by the link's cookie (Linux 5.15). */
static unsigned attach_late(struct probes *p, struct program *program, const struct late_place *places, unsigned n)
{
	unsigned refused = 0;

	for (unsigned i = 0; i < n; i++) {
		LIBBPF_OPTS(bpf_link_create_opts, opts, .perf_event.bpf_cookie = places[i].row_number);
		int fd = open_probe(p, places[i].target, -1);
		int link = fd < 0 ? -1 : bpf_link_create(program->prog_fds.data[0], fd, BPF_PERF_EVENT, &opts);

		if (link >= 0 && !ioctl(fd, PERF_EVENT_IOC_ENABLE, 0)) {
			*arena_vec_add(p->arena, &program->link_fds) = link;
			*arena_vec_add(p->arena, &program->link_fds) = fd;
			continue;
		}
		refused++;
		if (link >= 0)
			close(link);
		if (fd >= 0)
			close(fd);
	}
	return refused;
}

static int attach(struct probes *p, struct program *program)
{
	return mech_attach_each(p, program, open_probe, ufunc_refusal, "opening the uprobe", "CONFIG_UPROBE_EVENTS");
}

const struct mechanism mech_uprobe = {
	.name = "uprobe",
	.prog_type = BPF_PROG_TYPE_KPROBE,
	.copies = true,
	.ops = { .load = ufunc_regs_load, .regs = mech_ctx_regs, .target = ufunc_target, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable,
	.cookie_bits = ufunc_cookie_bits,
	.nests = nests,
	.attach = attach,
	.attach_late = attach_late,
	.slow = true,
};
