// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BTF tracepoints (tp_btf): tracepoints whose fields come from the raw tracepoint's parameters (tracepoints.def), which the
 * program follows as typed pointers. Each program is bound to its tracepoint when it is loaded.
 */
#include "provider/mechanism.h"
#include "provider/tracepoint.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

/* The field that a variable or an arg means; NULL: not a field. */
static const char *field_name(const char *name, bool is_arg)
{
	return is_arg ? name : tracepoint_arg_number(name);
}

static const char *first_without_path(struct probes *p, struct event *e)
{
	struct tracepoint_path path;

	vec_foreach(name, &e->args)
		if (!tracepoint_path(p, e->targets.data[0], *name, &path))
			return *name;
	vec_foreach(name, &e->variables) {
		const char *field = field_name(*name, false);

		if (field && !tracepoint_path(p, e->targets.data[0], field, &path))
			return *name;
	}
	return NULL;
}

static int usable(struct probes *p, struct event *e, const char **why)
{
	struct tracepoint *tp;
	const char *missing;

	*why = "";
	if (e->kind != TARGET_TRACEPOINT || !(e->needs & NEED_ARGS))
		return -1;
	if (!tracepoint_btf(p, e->targets.data[0], &tp))
		return -1;
	missing = first_without_path(p, e);
	if (missing) {
		*why = arena_printf(p->arena, "%s is not in the raw tracepoint's parameters", missing);
		return -1;
	}
	*why = "its fields come from the raw tracepoint's parameters by BTF";
	return 2;
}

static bool interrupts(struct probes *p, struct event *e)
{
	(void)p;
	return rawtp_interrupts(e);
}

/* The value at the end of the path. */
static struct ir_value *load_path(struct ir_builder *b, const struct tracepoint_path *path)
{
	unsigned context = 8 * path->param, last;
	struct ir_value *object;

	if (!path->derefs && path->type->kind == TYPE_POINTER) {
		/* as a number: the verifier lets nobody calculate with its typed pointers, and some it does not hand out at all */
		struct ir_value *slot = ir_slot(b, 8, 8, "read");

		ir_call(b, IR_H_probe_read_kernel, slot, ir_const(b, 8), ir_padd(b, ir_ctx(b), NULL, context));
		return ir_load(b, 8, slot, 0);
	}
	if (!path->derefs)
		return mech_extend(b, ir_load(b, 8, ir_ctx(b), context), path->type);
	object = ir_loadp(b, ir_ctx(b), context);
	last = path->offsets[path->derefs - 1];
	for (unsigned i = 0; i + 1 < path->derefs; i++)
		object = ir_loadp(b, object, path->offsets[i]);
	if (path->type->kind == TYPE_ARRAY)
		return ir_padd(b, object, NULL, last);
	return mech_extend(b, ir_load(b, path->type->size, object, last), path->type);
}

static struct ir_value *load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	struct event *e = event;
	struct target *t = e->targets.data[0];
	const struct tracefs_field *f;
	const char *field = field_name(name, is_arg);
	struct tracepoint_path path;
	struct ir_value *v;

	if (!is_arg && !strcmp(name, "ctx"))
		return ir_ctx(b);
	if (!field || !tracepoint_path(e->probes, t, field, &path))
		return NULL;
	f = tracepoint_field(e->probes, t, field);
	*type = f && f->type ? f->type : path.is_text ? &type_string : path.type;
	v = load_path(b, &path);
	return type_is_scalar(*type) && type_is_scalar(path.type) ? mech_extend(b, v, *type) : v;
}

static int btf_id(struct probes *p, struct event *e, struct target *t)
{
	struct tracepoint *tp;

	(void)e;
	return tracepoint_btf(p, t, &tp) ? (int)tp->typedef_id : -1;
}

static int btf_fd(struct probes *p, struct event *e, struct target *t)
{
	(void)e;
	return mech_btf_fd(p, t, tracepoint_of(p, t)->btf);
}

static int attach(struct probes *p, struct program *program)
{
	struct event *e = program->events.data[0];

	for (unsigned t = 0; t < e->targets.len; t++) {
		int fd = bpf_raw_tracepoint_open(NULL, program->prog_fds.data[t]);

		if (fd < 0) {
			errno = -fd;
			return mech_attach_error(p, e->targets.data[t], "attaching the BTF tracepoint",
						 "CONFIG_BPF_EVENTS");
		}
		*arena_vec_add(p->arena, &program->link_fds) = fd;
	}
	return 0;
}

const struct mechanism mech_btftp = {
	.name = "btftp",
	.prog_type = BPF_PROG_TYPE_TRACING,
	.attach_type = BPF_TRACE_RAW_TP,
	.copies_always = true,
	.ops = { .load = load, .target = mech_target_copies, .named = mech_named },
	.usable = usable,
	.interrupts = interrupts,
	.btf_id = btf_id,
	.btf_fd = btf_fd,
	.attach = attach,
};
