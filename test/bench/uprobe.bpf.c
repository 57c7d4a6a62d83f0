// SPDX-License-Identifier: GPL-2.0-or-later
/* uprobe:bench:probed { @[comm] = count(); }, and a program that does nothing. */
#include "counts.h"

SEC("uprobe")
int count_c(struct pt_regs *ctx)
{
	struct key key;
	u64 one = 1, *n;

	bpf_get_current_comm(key.comm, sizeof(key.comm));
	n = bpf_map_lookup_elem(&counts, &key);
	if (n)
		*n += 1;
	else
		bpf_map_update_elem(&counts, &key, &one, BPF_NOEXIST);
	return 0;
}

SEC("uprobe")
int empty(struct pt_regs *ctx)
{
	return 0;
}
