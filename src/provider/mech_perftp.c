// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tracepoints by perf event: the program gets the event's record, laid out by tracefs' format. Letting go of one takes the
 * kernel tens of milliseconds, so this is for what cannot be had otherwise.
 */
#include "provider/mechanism.h"
#include "provider/perf.h"
#include "provider/tracepoint.h"

#include <string.h>

static bool has_id(struct probes *p, struct target *t)
{
	struct tracepoint *tp = tracepoint_of(p, t);

	tracepoint_field(p, t, "");	/* has its format read */
	return tp->format.id > 0;
}

static int usable(struct probes *p, struct event *e, const char **why)
{
	*why = "";
	if (e->kind != TARGET_TRACEPOINT)
		return -1;
	vec_foreach(t, &e->targets)
		if (!has_id(p, *t)) {
			if (tracefs_dir(why))
				*why = "tracefs does not know it";
			*why = arena_printf(p->arena, "a perf event is needed, and %s", *why);
			return -1;
		}
	*why = e->needs & NEED_ARGS ? "perf event, for fields that are only in its record" : "perf event";
	return 80;
}

static struct ir_value *load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	struct event *e = event;
	const char *field = is_arg ? name : tracepoint_arg_number(name);
	const struct tracefs_field *f;
	struct ir_value *at;

	if (!is_arg && !strcmp(name, "ctx"))
		return ir_ctx(b);
	f = field ? tracepoint_field(e->probes, e->targets.data[0], field) : NULL;
	if (!f)
		return NULL;
	if (f->type)
		*type = f->type;
	if (f->place) {
		/* low half: where the text begins, from the record's begin or (rel_loc) from the field's end */
		at = ir_extend(b, IR_ZEXT, ir_load(b, 4, ir_ctx(b), f->offset), 2);
		return ir_padd(b, ir_ctx(b), at, f->place == FIELD_REL_LOC ? f->offset + 4 : 0);
	}
	if (!f->type || !type_is_scalar(f->type))
		return ir_padd(b, ir_ctx(b), NULL, f->offset);
	return mech_extend(b, ir_load(b, f->size, ir_ctx(b), f->offset), f->type);
}

static int open_event(struct probes *p, struct target *t, int prog_fd)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.config = (uint64_t)tracepoint_of(p, t)->format.id,
		.sample_period = 1,
		.wakeup_events = 1,
	};

	/* with a program on it, it fires on all CPUs */
	return perf_open(&attr, -1, 0, prog_fd);
}

static int attach(struct probes *p, struct program *program)
{
	return mech_attach_each(p, program, open_event, NULL, "opening the tracepoint's perf event",
				"CONFIG_PERF_EVENTS and CONFIG_BPF_EVENTS");
}

const struct mechanism mech_perftp = {
	.name = "perf tracepoint",
	.prog_type = BPF_PROG_TYPE_TRACEPOINT,
	.copies = true,
	.ops = { .load = load, .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable,
	.attach = attach,
	.slow = true,
};
