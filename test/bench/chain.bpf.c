// SPDX-License-Identifier: GPL-2.0-or-later
/* syscall:getppid { @ = sum(((struct task_struct *)(u64)curtask)->real_parent->real_parent->real_parent->tgid); } */
#include "ref.h"
#include <bpf/bpf_core_read.h>

struct task_struct {
	int tgid;
	struct task_struct *real_parent;
} __attribute__((preserve_access_index));

struct sum {
	u64 n;
	u64 sum;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct sum);
} sums SEC(".maps");

SEC("raw_tracepoint/sys_enter")
int chain(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task;
	struct sum *s;
	u32 zero = 0;

	if (ctx->args[1] != NR_GETPPID)
		return 0;
	task = (struct task_struct *)bpf_get_current_task();
	s = bpf_map_lookup_elem(&sums, &zero);
	if (!s)
		return 0;
	s->n++;
	s->sum += (long)BPF_CORE_READ(task, real_parent, real_parent, real_parent, tgid);
	return 0;
}
