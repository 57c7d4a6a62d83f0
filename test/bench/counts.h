/* SPDX-License-Identifier: GPL-2.0-or-later */
/* @[comm] = count() */
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
