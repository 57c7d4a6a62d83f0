// SPDX-License-Identifier: GPL-2.0-or-later
/* syscall:getppid { self->ts = nsecs; } sysret:getppid /self->ts/ { @ = quantize(nsecs - self->ts); self->ts = 0; } */
#include "ref.h"

struct task_struct;
/* only what is read; found by name and offset when loaded */
struct pt_regs {
	unsigned long orig_ax;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} start SEC(".maps");

struct hist {
	u64 slots[64];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct hist);
} latency SEC(".maps");

static __always_inline u32 log2_floor(u64 v)
{
	u32 r = 0;

	if (v >> 32) { v >>= 32; r += 32; }
	if (v >> 16) { v >>= 16; r += 16; }
	if (v >> 8) { v >>= 8; r += 8; }
	if (v >> 4) { v >>= 4; r += 4; }
	if (v >> 2) { v >>= 2; r += 2; }
	return r + (v >> 1);
}

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
	if (h && slot < 64)
		h->slots[slot]++;
	return 0;
}
