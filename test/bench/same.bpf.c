// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * count.bpf.c and latency.bpf.c with all that ply's programs do as well, to compare the number of instructions with: 32-bit
 * calls are refused, exit() on another CPU is seen, and what is lost is counted by cause. Never loaded.
 */
enum { COMPAT = 2, E_2BIG = 7, SLOTS = 129 };

#include "counts.h"
#include "latency.h"

struct thread_info {
	u32 status;
} __attribute__((preserve_access_index));

struct task_struct {
	struct thread_info thread_info;
} __attribute__((preserve_access_index));

struct {
	u64 exited, full[2], storage;
} data = {};

static __always_inline bool is_other(struct task_struct *task)
{
	return task->thread_info.status & COMPAT || data.exited;
}

SEC("tp_btf/sys_enter")
int count(u64 *ctx)
{
	struct key key;
	u64 zero = 0, *n;
	long err;

	if (ctx[1] != NR_GETPPID || is_other(bpf_get_current_task_btf()))
		return 0;
	bpf_get_current_comm(key.comm, sizeof(key.comm));
	n = bpf_map_lookup_elem(&counts, &key);
	if (!n) {
		err = bpf_map_update_elem(&counts, &key, &zero, BPF_NOEXIST);
		n = bpf_map_lookup_elem(&counts, &key);
		if (!n) {
			__sync_fetch_and_add(&data.full[err != -E_2BIG], 1);
			return 0;
		}
	}
	*n += 1;
	return 0;
}

SEC("tp_btf/sys_enter")
int latency_enter(u64 *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u64 *ts;

	if (ctx[1] != NR_GETPPID || is_other(task))
		return 0;
	ts = bpf_task_storage_get(&start, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (ts)
		*ts = bpf_ktime_get_ns();
	else
		__sync_fetch_and_add(&data.storage, 1);
	return 0;
}

SEC("tp_btf/sys_exit")
int latency_leave(u64 *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	struct task_struct *task = bpf_get_current_task_btf();
	u32 zero = 0, slot = 64;
	struct hist *h;
	u64 *ts, v;

	if (regs->orig_ax != NR_GETPPID || is_other(task))
		return 0;
	ts = bpf_task_storage_get(&start, task, 0, 0);
	if (!ts || !*ts)
		return 0;
	v = bpf_ktime_get_ns() - *ts;
	if (v)
		slot = 65 + log2_floor(v);
	*ts = 0;
	h = bpf_map_lookup_elem(&latency, &zero);
	if (h && slot < SLOTS)
		h->slots[slot]++;
	return 0;
}
