// SPDX-License-Identifier: GPL-2.0-or-later
/* Timed samples: a perf event of the software CPU clock on every CPU that is online. */
#include "provider/arch.h"
#include "provider/mechanism.h"
#include "provider/perf.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

static int usable(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	*why = e->kind == TARGET_PROFILE ? "perf event of the CPU clock" : "";
	return e->kind == TARGET_PROFILE ? 100 : -1;
}

/* The context begins with the registers that were interrupted. */
static struct ir_value *load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	struct ir_value *mode, *in_user, *wanted;

	(void)event;
	(void)is_arg;
	(void)type;
	if (!strcmp(name, "ctx"))
		return ir_ctx(b);
	mode = ir_binary(b, IR_AND, ir_load(b, 8, ir_ctx(b), arch.mode), ir_const(b, arch.user_mask));
	in_user = ir_binary(b, IR_NE, mode, ir_const(b, 0));
	if (!strcmp(name, "usermode"))
		return in_user;
	if (strcmp(name, "arg0") && strcmp(name, "arg1"))
		return NULL;
	wanted = name[3] == '1' ? in_user : ir_binary(b, IR_EQ, mode, ir_const(b, 0));
	return ir_binary(b, IR_MUL, wanted, ir_load(b, 8, ir_ctx(b), arch.ip));
}

static int attach_to_cpus(struct probes *p, struct program *program, struct target *t, int prog_fd)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_CPU_CLOCK, .freq = t->is_hz, .sample_period = t->number,
	};
	int ncpus = libbpf_num_possible_cpus();

	for (int cpu = 0; cpu < ncpus; cpu++) {
		int fd = perf_open(&attr, -1, cpu, prog_fd);

		if (fd == -ENODEV)	/* offline */
			continue;
		if (fd < 0) {
			errno = -fd;
			return mech_attach_error(p, t, "opening a perf event", "CONFIG_PERF_EVENTS and CONFIG_BPF_EVENTS");
		}
		*arena_vec_add(p->arena, &program->link_fds) = fd;
	}
	return 0;
}

static int attach(struct probes *p, struct program *program)
{
	struct event *e = program->events.data[0];

	for (unsigned t = 0; t < e->targets.len; t++)
		if (attach_to_cpus(p, program, e->targets.data[t], program->prog_fds.data[program->copies ? t : 0]))
			return -1;
	return 0;
}

const struct mechanism mech_profile = {
	.name = "profile",
	.prog_type = BPF_PROG_TYPE_PERF_EVENT,
	.copies = true,
	.ops = { .load = load, .target = mech_target_copies, .named = mech_named },
	.usable = usable,
	.attach = attach,
};
