// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/features.h"

#include "runtime/run.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* Whether the program loads and, run, returns 1. */
static bool works(const struct bpf_insn *insns, unsigned n)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, NULL, "GPL", insns, n, NULL);
	bool does;

	if (fd < 0)
		return false;
	does = !bpf_prog_test_run_opts(fd, &opts) && opts.retval == 1;
	close(fd);
	return does;
}

static bool has_helper(enum bpf_func_id helper)
{
	return libbpf_probe_bpf_helper(BPF_PROG_TYPE_RAW_TRACEPOINT, helper, NULL) == 1;
}

static bool has_atomic_fetch(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10, .off = -8 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = BPF_REG_10, .src_reg = BPF_REG_0, .off = -8,
		  .imm = BPF_ADD | BPF_FETCH },
		{ .code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_0, .src_reg = BPF_REG_10, .off = -8 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return works(insns, sizeof(insns) / sizeof(*insns));
}

static bool has_loop(void)
{
	return has_helper(BPF_FUNC_loop);
}

static bool has_for_each(void)
{
	return has_helper(BPF_FUNC_for_each_map_elem);
}

static bool has_clock_tai(void)
{
	return has_helper(BPF_FUNC_ktime_get_tai_ns);
}

static bool has_write_user(void)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10, .off = -8 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_2, .src_reg = BPF_REG_10 },
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_2, .imm = -8 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3, .imm = 1 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_probe_write_user },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return works(insns, sizeof(insns) / sizeof(*insns));
}

static bool has_large_keys(void)
{
	struct map_def map = { .name = "probe", .kind = MAP_HASH, .key_size = 1024, .value_size = 8, .entries = 1 };
	int fd = map_create(&map);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool has_current_task_btf(void)
{
	return has_helper(BPF_FUNC_get_current_task_btf);
}

static bool has_task_pt_regs(void)
{
	return has_helper(BPF_FUNC_task_pt_regs);
}

/* Since Linux 7 allocating storage from a tracing program takes a processor that can compare and exchange 16 bytes. */
static bool has_task_storage(void)
{
	struct map_def map = { .name = "probe", .kind = MAP_TASK_STORAGE, .key_size = 4, .value_size = 8 };
	struct bpf_insn insns[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_current_task_btf },
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_1, .src_reg = BPF_PSEUDO_MAP_FD },
		{ 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_2, .src_reg = BPF_REG_0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_4, .imm = BPF_LOCAL_STORAGE_GET_F_CREATE },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_task_storage_get },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_0, .off = 1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = map_create(&map);
	bool has;

	if (fd < 0)
		return false;
	insns[1].imm = fd;
	has = works(insns, sizeof(insns) / sizeof(*insns));
	close(fd);
	return has;
}

/*
 * Whether programs on user functions may be preempted. Before Linux 6.0 they were not; there is no asking, but those that have them so
 * and no atomic operations need not be told apart: what is done about it takes the latter.
 */
static bool has_preemption(void)
{
	struct utsname u;

	return !uname(&u) && strstr(u.version, "PREEMPT") && rt_has_feature("atomic_fetch");
}

static struct {
	const char *name;
	bool (*try)(void);
	bool tried, has;
} features[] = {
	{ "atomic_fetch", has_atomic_fetch, false, false },
	{ "task_storage", has_task_storage, false, false },
	{ "get_current_task_btf", has_current_task_btf, false, false },
	{ "task_pt_regs", has_task_pt_regs, false, false },
	{ "clock_tai", has_clock_tai, false, false },
	{ "write_user", has_write_user, false, false },
	{ "large_keys", has_large_keys, false, false },
	{ "loop", has_loop, false, false },
	{ "for_each_map_elem", has_for_each, false, false },
	{ "preemption", has_preemption, false, false },
};

bool rt_knows_feature(const char *name)
{
	for (unsigned i = 0; i < sizeof(features) / sizeof(*features); i++)
		if (!strcmp(features[i].name, name))
			return true;
	return false;
}

bool rt_has_feature(const char *name)
{
	for (unsigned i = 0; i < sizeof(features) / sizeof(*features); i++) {
		if (strcmp(features[i].name, name))
			continue;
		if (!features[i].tried)
			features[i].has = features[i].try();
		features[i].tried = true;
		return features[i].has;
	}
	return false;
}
