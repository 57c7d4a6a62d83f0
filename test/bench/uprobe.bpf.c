// SPDX-License-Identifier: GPL-2.0-or-later
/* uprobe:bench:probed { @[comm] = count(); }, and a program that does nothing. */
#include "ref.h"

struct key {
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct key);
	__type(value, u64);
} counts SEC(".maps");

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
