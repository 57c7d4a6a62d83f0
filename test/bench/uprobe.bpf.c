// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uprobe:bench:probed { @[comm] = count(); }, the same with a plain addition, and a program that does nothing. A program on a
 * user function can be preempted by another that counts on the same CPU: only the atomic addition loses nothing.
 */
#include "counts.h"

static __always_inline u64 *counter(void)
{
	struct key key;
	u64 zero = 0, *n;

	bpf_get_current_comm(key.comm, sizeof(key.comm));
	n = bpf_map_lookup_elem(&counts, &key);
	if (n)
		return n;
	bpf_map_update_elem(&counts, &key, &zero, BPF_NOEXIST);
	return bpf_map_lookup_elem(&counts, &key);
}

SEC("uprobe")
int count_c(struct pt_regs *ctx)
{
	u64 *n = counter();

	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}

SEC("uprobe")
int count_plain(struct pt_regs *ctx)
{
	u64 *n = counter();

	if (n)
		*n += 1;
	return 0;
}

SEC("uprobe")
int empty(struct pt_regs *ctx)
{
	return 0;
}
