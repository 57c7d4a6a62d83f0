// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BTF tracepoints (tp_btf): tracepoints whose fields come from the raw tracepoint's parameters (tracepoints.def), which the
 * program follows as typed pointers. Each program is bound to its tracepoint when it is loaded.
 */
#include "provider/mechanism.h"
#include "provider/tracepoint.h"

#include <string.h>

/* How the value of a variable or an arg is come to; false: it is none of the parameters'. */
static bool find_path(struct event *e, const char *name, bool is_arg, struct tracepoint_path *path)
{
	struct target *t = e->targets.data[0];
	int n;

	name = is_arg ? name : tracepoint_arg_number(name);
	if (!name)
		return false;
	if (e->kind != TARGET_RAWTP)
		return tracepoint_path(e->probes, t, name, path);
	*path = (struct tracepoint_path){ 0 };
	n = tracepoint_param(e->probes, t, name, &path->type);
	path->param = (unsigned)n;
	return n >= 0;
}

static const char *first_without_path(struct event *e)
{
	struct tracepoint_path path;

	vec_foreach(name, &e->args)
		if (!find_path(e, *name, true, &path))
			return *name;
	vec_foreach(name, &e->variables)
		if (tracepoint_arg_number(*name) && !find_path(e, *name, false, &path))
			return *name;
	return NULL;
}

static int usable(struct probes *p, struct event *e, const char **why)
{
	struct tracepoint *tp;
	const char *missing;

	*why = "";
	if (e->kind == TARGET_RAWTP ? !(e->needs & NEED_FOLLOW) : e->kind != TARGET_TRACEPOINT || !(e->needs & NEED_ARGS))
		return -1;
	if (!tracepoint_btf(p, e->targets.data[0], &tp))
		return -1;
	missing = first_without_path(e);
	if (missing) {
		*why = arena_printf(p->arena, "%s is not in the raw tracepoint's parameters", missing);
		return -1;
	}
	if (e->kind == TARGET_RAWTP) {
		*why = "its arguments are followed by BTF";
		return 0;
	}
	*why = "its fields come from the raw tracepoint's parameters by BTF";
	return 2;
}

static enum nesting nests(struct probes *p, struct event *e)
{
	(void)p;
	return tracepoint_nests(e);
}

/* The value at the end of the path. */
static struct ir_value *load_path(struct ir_builder *b, const struct tracepoint_path *path)
{
	unsigned context = 8 * path->param, last;
	struct ir_value *object;

	if (!path->derefs && path->type->kind == TYPE_POINTER)
		return mech_pointer_at(b, ir_ctx(b), context);
	if (!path->derefs)
		return mech_extend(b, ir_load(b, 8, ir_ctx(b), context), path->type);
	object = ir_loadp(b, ir_ctx(b), context);
	last = path->offsets[path->derefs - 1];
	for (unsigned i = 0; i + 1 < path->derefs; i++)
		object = ir_loadp(b, object, path->offsets[i]);
	if (path->type->kind == TYPE_ARRAY)
		return ir_padd(b, object, NULL, last);
	if (path->type->kind == TYPE_POINTER)
		return mech_pointer_at(b, object, last);
	return mech_extend(b, ir_load(b, path->type->size, object, last), path->type);
}

static struct ir_value *load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	struct event *e = event;
	const struct tracefs_field *f;
	struct tracepoint_path path;
	struct ir_value *v;

	if (!is_arg && !strcmp(name, "ctx"))
		return ir_ctx(b);
	if (!find_path(e, name, is_arg, &path))
		return NULL;
	f = e->kind == TARGET_RAWTP ? NULL :
	    tracepoint_field(e->probes, e->targets.data[0], is_arg ? name : tracepoint_arg_number(name));
	*type = f && f->type ? f->type : path.is_text ? &type_string : path.type;
	v = load_path(b, &path);
	return type_is_scalar(*type) && type_is_scalar(path.type) ? mech_extend(b, v, *type) : v;
}

static struct ir_value *object(struct ir_builder *b, void *event, const char *name, bool is_arg)
{
	struct tracepoint_path path;
	struct ir_value *v;

	if (!find_path(event, name, is_arg, &path) || !path.type->trusted)
		return NULL;
	v = ir_loadp(b, ir_ctx(b), 8 * path.param);
	for (unsigned i = 0; i < path.derefs; i++)
		v = ir_loadp(b, v, path.offsets[i]);
	return v;
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
	return mech_attach_each(p, program, mech_open_bound, NULL, "attaching the BTF tracepoint", "CONFIG_BPF_EVENTS");
}

const struct mechanism mech_btftp = {
	.name = "btftp",
	.prog_type = BPF_PROG_TYPE_TRACING,
	.attach_type = BPF_TRACE_RAW_TP,
	.copies_always = true,
	.ops = { .load = load, .object = object, .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable,
	.nests = nests,
	.btf_id = btf_id,
	.btf_fd = btf_fd,
	.attach = attach,
};
