// SPDX-License-Identifier: GPL-2.0-or-later
/* syscall:getppid { printf("%d %s\n", pid, comm); }; the reader is bench.c's */
#include "ref.h"

struct line {
	u32 pid;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} events SEC(".maps");

u64 lost = 0;

SEC("raw_tracepoint/sys_enter")
int print(struct bpf_raw_tracepoint_args *ctx)
{
	struct line *l;

	if (ctx->args[1] != NR_GETPPID)
		return 0;
	l = bpf_ringbuf_reserve(&events, sizeof(*l), 0);
	if (!l) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	l->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(l->comm, sizeof(l->comm));
	bpf_ringbuf_submit(l, bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) >= (1 << 20) ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
	return 0;
}
