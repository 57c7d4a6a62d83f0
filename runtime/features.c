// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/features.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* r0 = 0; *(u64 *)(r10 - 8) = r0; r0 = atomic_fetch_add((u64 *)(r10 - 8), r0); exit */
static const struct bpf_insn fetch_add[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10, .src_reg = BPF_REG_0, .off = -8 },
	{ .code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = BPF_REG_10, .src_reg = BPF_REG_0, .off = -8,
	  .imm = BPF_ADD | BPF_FETCH },
	{ .code = BPF_JMP | BPF_EXIT },
};

static bool loads(const struct bpf_insn *insns, size_t n)
{
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, NULL, "GPL", insns, n, NULL);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno == EPERM;
}

/*
 * A call without its arguments is refused either way; a helper that the kernel does not have, or not for tracing, is
 * refused with another message, of which "func" is the part that never changed (kernel/bpf/verifier.c, check_helper_call).
 */
static bool has_helper(int number)
{
	struct bpf_insn call[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = number },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	char log[512] = "";
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .log_buf = log, .log_size = sizeof(log), .log_level = 1);
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, NULL, "GPL", call, 3, &opts);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno == EPERM || (!strstr(log, "invalid func") && !strstr(log, "unknown func") &&
					     !strstr(log, "cannot use helper"));
}

static bool try_atomic_fetch(void)
{
	return loads(fetch_add, sizeof(fetch_add) / sizeof(*fetch_add));
}

static bool try_task_storage(void)
{
	return has_helper(BPF_FUNC_task_storage_get) && has_helper(BPF_FUNC_get_current_task_btf);
}

static bool try_task_btf(void)
{
	return has_helper(BPF_FUNC_get_current_task_btf);
}

static bool try_loop(void)
{
	return has_helper(BPF_FUNC_loop);
}

static struct feature {
	const char *name;
	bool (*try)(void);
	enum { UNKNOWN, YES, NO } answer;
} features[] = {
	{ "atomic_fetch", try_atomic_fetch, UNKNOWN },
	{ "task_storage", try_task_storage, UNKNOWN },
	{ "get_current_task_btf", try_task_btf, UNKNOWN },
	{ "loop", try_loop, UNKNOWN },
};

bool rt_has_feature(const char *name)
{
	for (size_t i = 0; i < sizeof(features) / sizeof(*features); i++) {
		struct feature *f = &features[i];

		if (strcmp(f->name, name))
			continue;
		if (f->answer == UNKNOWN)
			f->answer = f->try() ? YES : NO;
		return f->answer == YES;
	}
	return false;
}
