// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Raw tracepoints, by name: for tracepoints whose fields are not used, and for raw arguments, which lie in the context as
 * 64-bit words. One program is attached to all targets, unless the clauses want to know which one fired.
 */
#include "provider/mechanism.h"
#include "provider/tracepoint.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int usable(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	*why = "";
	if (e->kind == TARGET_RAWTP) {
		*why = "raw tracepoint";
		return 1;
	}
	if (e->kind != TARGET_TRACEPOINT)
		return -1;
	if (e->needs & NEED_ARGS) {
		*why = "its fields are not in a raw tracepoint";
		return -1;
	}
	*why = "raw tracepoint, as no field is used";
	return 1;
}

enum nesting tracepoint_nests(const struct event *e)
{
	/* interrupts are off where the scheduler switches */
	if (e->targets.len == 1 && !strcmp(e->targets.data[0]->name, "sched_switch"))
		return NESTS_NOT;
	return mech_nests_in_interrupts();
}

static enum nesting nests(struct probes *p, struct event *e)
{
	(void)p;
	return tracepoint_nests(e);
}

static struct ir_value *load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	struct event *e = event;
	const char *number = is_arg ? name : tracepoint_arg_number(name);
	const struct type *arg_type = &type_u64;
	int n;

	if (!is_arg && !strcmp(name, "ctx"))
		return ir_ctx(b);
	if (!number || e->kind != TARGET_RAWTP)
		return NULL;
	n = tracepoint_param(e->probes, e->targets.data[0], number, &arg_type);
	if (n < 0)
		n = is_arg ? -1 : atoi(number);
	if (n < 0)
		return NULL;
	*type = arg_type;
	return mech_extend(b, ir_load(b, 8, ir_ctx(b), 8 * n), arg_type);
}

static int attach_one(struct probes *p, struct program *program, struct target *t, int prog_fd)
{
	int fd = bpf_raw_tracepoint_open(t->name, prog_fd);

	if (fd < 0 && t->optional && fd == -ENOENT)
		return 0;
	if (fd < 0) {
		errno = -fd;
		if (errno == ENOENT)
			return mech_attach_error(p, t, "the kernel has no such tracepoint", NULL);
		return mech_attach_error(p, t, "attaching the raw tracepoint", "CONFIG_BPF_EVENTS");
	}
	*arena_vec_add(p->arena, &program->link_fds) = fd;
	return 0;
}

static int attach(struct probes *p, struct program *program)
{
	struct event *e = program->events.data[0];
	int err = 0;

	for (unsigned t = 0; t < e->targets.len; t++)
		err |= attach_one(p, program, e->targets.data[t], program->prog_fds.data[program->copies ? t : 0]);
	if (!err && !program->link_fds.len)
		return mech_refuse(p, e->targets.data[0], "the kernel has no such tracepoint");
	return err;
}

const struct mechanism mech_rawtp = {
	.name = "rawtp",
	.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	.copies = true,
	.ops = { .load = load, .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable,
	.nests = nests,
	.attach = attach,
};
