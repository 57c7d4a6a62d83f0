// SPDX-License-Identifier: GPL-2.0-or-later
/* syscall:getppid { @[comm] = count(); } */
#include "counts.h"

SEC("raw_tracepoint/sys_enter")
int count(struct bpf_raw_tracepoint_args *ctx)
{
	struct key key;
	u64 one = 1, *n;

	if (ctx->args[1] != NR_GETPPID)
		return 0;
	bpf_get_current_comm(key.comm, sizeof(key.comm));
	n = bpf_map_lookup_elem(&counts, &key);
	if (n)
		*n += 1;
	else
		bpf_map_update_elem(&counts, &key, &one, BPF_NOEXIST);
	return 0;
}
