// SPDX-License-Identifier: GPL-2.0-or-later
/* BTF trampolines: the program gets the function's arguments (and behind them its result) as an array of 64-bit words. */
#include "provider/kfunc.h"
#include "provider/mechanism.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Some kernels take no such program from anyone, and do not say why: a program that does nothing tells. */
bool kfunc_is_refused(const struct kfunc *k)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FENTRY, .attach_btf_id = k->id);
	int fd;

	if (geteuid() || dbg_btf_fd(k->btf))
		return false;
	fd = mech_load_empty(BPF_PROG_TYPE_TRACING, &opts);
	if (fd >= 0)
		close(fd);
	return fd == -EPERM;
}

static int usable_at(struct probes *p, struct event *e, enum target_kind kind, const char **why)
{
	*why = "";
	if (e->kind != kind)
		return -1;
	vec_foreach(t, &e->targets)
		if (!kfunc_of(p, *t)->btf) {
			*why = dbg_btf_kernel() ? arena_printf(p->arena, "BTF does not know %s", (*t)->name) :
						  "the kernel has no BTF (CONFIG_DEBUG_INFO_BTF)";
			return -1;
		}
	if (kfunc_is_refused(kfunc_of(p, e->targets.data[0]))) {
		*why = "the kernel does not let programs be bound to functions (a security policy, or CONFIG_FUNCTION_TRACER)";
		return -1;
	}
	*why = "BTF trampoline";
	return 20;
}

static int usable_entry(struct probes *p, struct event *e, const char **why)
{
	return usable_at(p, e, TARGET_FENTRY, why);
}

static int usable_exit(struct probes *p, struct event *e, const char **why)
{
	return usable_at(p, e, TARGET_FEXIT, why);
}

/* The number of the word in the context, and its type; -1. */
static int word(struct event *e, const char *name, bool is_arg, const struct type **type)
{
	struct target *t = e->targets.data[0];

	if (!kfunc_is_result(e, name, is_arg))
		return kfunc_param(e->probes, t, is_arg ? name : name + 3, type);
	*type = kfunc_result(e->probes, t);
	return *type ? (int)kfunc_of(e->probes, t)->proto.nparams : -1;
}

static struct ir_value *load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	int n;

	if (!is_arg && !strcmp(name, "ctx"))
		return ir_ctx(b);
	n = word(event, name, is_arg, type);
	if (n < 0)
		return NULL;
	if ((*type)->kind == TYPE_POINTER)
		return mech_pointer_at(b, ir_ctx(b), 8 * (unsigned)n);
	return mech_extend(b, ir_load(b, 8, ir_ctx(b), 8 * n), *type);
}

static struct ir_value *object(struct ir_builder *b, void *event, const char *name, bool is_arg)
{
	const struct type *type;
	int n = word(event, name, is_arg, &type);

	return n >= 0 && type->trusted ? ir_loadp(b, ir_ctx(b), 8 * n) : NULL;
}

static int btf_id(struct probes *p, struct event *e, struct target *t)
{
	(void)e;
	return (int)kfunc_of(p, t)->id;
}

static int btf_fd(struct probes *p, struct event *e, struct target *t)
{
	(void)e;
	return mech_btf_fd(p, t, kfunc_of(p, t)->btf);
}

static const char *refusal(int error)
{
	return error == EBUSY ? "the kernel does not trace this function" : NULL;
}

static int attach(struct probes *p, struct program *program)
{
	return mech_attach_each(p, program, mech_open_bound, refusal, "attaching the trampoline",
				"CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS");
}

static enum nesting nests(struct probes *p, struct event *e)
{
	(void)p;
	(void)e;
	return mech_nests_in_interrupts();
}

const struct mechanism mech_fentry = {
	.name = "fentry",
	.prog_type = BPF_PROG_TYPE_TRACING,
	.attach_type = BPF_TRACE_FENTRY,
	.copies_always = true,
	.ops = { .load = load, .object = object, .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable_entry,
	.nests = nests,
	.btf_id = btf_id,
	.btf_fd = btf_fd,
	.attach = attach,
};

const struct mechanism mech_fexit = {
	.name = "fexit",
	.prog_type = BPF_PROG_TYPE_TRACING,
	.attach_type = BPF_TRACE_FEXIT,
	.copies_always = true,
	.ops = { .load = load, .object = object, .target = mech_target_copies, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable_exit,
	.nests = nests,
	.btf_id = btf_id,
	.btf_fd = btf_fd,
	.attach = attach,
};
