/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the hand-written BPF programs share: the yardstick that ply's code is held against. clang -O2 -target bpf. */
#pragma once
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

enum { NR_GETPPID = 110 };

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

char LICENSE[] SEC("license") = "GPL";
