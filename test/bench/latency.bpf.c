// SPDX-License-Identifier: GPL-2.0-or-later
/* syscall:getppid { self->ts = nsecs; } sysret:getppid /self->ts/ { @ = quantize(nsecs - self->ts); self->ts = 0; } */
enum { SLOTS = 64 };

#include "latency.h"

SEC("tp_btf/sys_enter")
int enter(u64 *ctx)
{
	u64 *ts;

	if (ctx[1] != NR_GETPPID)
		return 0;
	ts = bpf_task_storage_get(&start, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (ts)
		*ts = bpf_ktime_get_ns();
	return 0;
}

SEC("tp_btf/sys_exit")
int leave(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	u32 zero = 0, slot;
	struct hist *h;
	u64 *ts;

	if (regs->orig_ax != NR_GETPPID)
		return 0;
	ts = bpf_task_storage_get(&start, bpf_get_current_task_btf(), 0, 0);
	if (!ts || !*ts)
		return 0;
	slot = log2_floor(bpf_ktime_get_ns() - *ts);
	*ts = 0;
	h = bpf_map_lookup_elem(&latency, &zero);
	if (h && slot < SLOTS)
		h->slots[slot]++;
	return 0;
}
