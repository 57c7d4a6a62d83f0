// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Test runs: raw tracepoint programs that are attached to nothing; user space runs them, before and after all others and
 * by timers. No perf event is needed, and what they send is in order with what came before.
 */
#include "provider/mechanism.h"

#include <string.h>

static int usable_for(const struct event *e, enum target_kind kind, const char **why)
{
	*why = e->kind == kind ? "test run" : "";
	return e->kind == kind ? 0 : -1;
}

static int usable_begin(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	return usable_for(e, TARGET_BEGIN, why);
}

static int usable_end(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	return usable_for(e, TARGET_END, why);
}

static int usable_interval(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	return usable_for(e, TARGET_INTERVAL, why);
}

static int usable_error(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	return usable_for(e, TARGET_ERROR, why);
}

/* User space hands the arguments over. */
static struct ir_value *load_error(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	(void)event;
	(void)type;
	return is_arg || strncmp(name, "arg", 3) ? NULL : ir_load(b, 8, ir_ctx(b), 8 * (name[3] - '0'));
}

const struct mechanism mech_error = {
	.name = "error",
	.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	.started_by = STARTED_BY_ERROR,
	.ops = { .load = load_error, .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable_error,
};

const struct mechanism mech_begin = {
	.name = "begin",
	.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	.started_by = STARTED_BY_BEGIN,
	.ops = { .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable_begin,
};

const struct mechanism mech_end = {
	.name = "end",
	.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	.started_by = STARTED_BY_END,
	.ops = { .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable_end,
};

const struct mechanism mech_interval = {
	.name = "interval",
	.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	.started_by = STARTED_BY_TIMER,
	.copies = true,
	.ops = { .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable_interval,
};
