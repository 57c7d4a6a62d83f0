// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kprobe.multi: one link for any number of functions (Linux 5.18, CONFIG_FPROBE). The cookie tells which one was called.
 *
 * The kernel takes a list whole or not at all. A list that is refused is halved until the functions that it refuses stand
 * alone: those are named, or left out where they came with a glob.
 */
#include "provider/kfunc_regs.h"
#include "provider/mechanism.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

static int link_functions(int prog_fd, bool is_return, const char **names, const __u64 *cookies, unsigned n)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .kprobe_multi.syms = names, .kprobe_multi.cookies = cookies,
		    .kprobe_multi.cnt = n, .kprobe_multi.flags = is_return ? BPF_F_KPROBE_MULTI_RETURN : 0);
	int fd = bpf_link_create(prog_fd, 0, BPF_TRACE_KPROBE_MULTI, &opts);

	return fd < 0 ? -errno : fd;
}

/* Tried with a function that no kernel has: one that knows the link says ESRCH, others EINVAL or EOPNOTSUPP. */
static bool kernel_has(void)
{
	static enum { UNKNOWN, YES, NO } answer;
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_KPROBE_MULTI);
	const char *name = "ply_no_such_function";
	int prog, fd;

	if (answer != UNKNOWN)
		return answer == YES;
	answer = NO;
	prog = mech_load_empty(BPF_PROG_TYPE_KPROBE, &opts);
	if (prog < 0)
		return false;
	fd = link_functions(prog, false, &name, NULL, 1);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || fd == -ESRCH)
		answer = YES;
	close(prog);
	return answer == YES;
}

static int usable(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	*why = "";
	if (e->kind != TARGET_KPROBE && e->kind != TARGET_KRETPROBE)
		return -1;
	vec_foreach(t, &e->targets)
		if ((*t)->offset || !strncmp((*t)->name, "0x", 2)) {
			*why = "kprobe.multi attaches at a function's begin only";
			return -1;
		}
	if (!kernel_has()) {
		*why = "the kernel has no kprobe.multi (CONFIG_FPROBE)";
		return -1;
	}
	*why = "one link for all functions";
	return 60;
}

static struct ir_value *target(struct ir_builder *b, void *event, const struct clause *c)
{
	const struct event *e = event;

	if (e->targets.len == 1 || !(e->needs & NEED_TARGET))
		return mech_number(b, e, c, ir_const(b, e->numbers.data[0]));
	return mech_number(b, e, c, ir_call(b, IR_H_get_attach_cookie, ir_ctx(b)));
}

struct attachment {
	struct probes *probes;
	struct program *program;
	struct event *event;
	const char **names;
	__u64 *cookies;
	struct name_list refused;
};

/* Errors that say nothing about a function. */
static bool is_final(int error)
{
	return error == EPERM || error == EACCES || error == ENOMEM || error == EMFILE || error == EOPNOTSUPP;
}

/* Targets [first, first + n). */
static int attach_range(struct attachment *a, unsigned first, unsigned n)
{
	struct target *t = a->event->targets.data[first];
	int fd = link_functions(a->program->prog_fds.data[0], a->event->kind == TARGET_KRETPROBE, a->names + first,
				a->cookies + first, n);

	if (fd >= 0) {
		*arena_vec_add(a->probes->arena, &a->program->link_fds) = fd;
		return 0;
	}
	if (n > 1 && !is_final(-fd))
		return attach_range(a, first, n / 2) | attach_range(a, first + n / 2, n - n / 2);
	if (t->optional && !is_final(-fd)) {
		*arena_vec_add(a->probes->arena, &a->refused) = t->name;
		return 0;
	}
	if (!is_final(-fd))
		return mech_refuse(a->probes, t, fd == -ESRCH ? "the kernel has no such function that can be traced" :
								"the kernel lets nobody trace this function");
	errno = -fd;
	return mech_attach_error(a->probes, t, "attaching kprobe.multi", "CONFIG_FPROBE");
}

static int attach(struct probes *p, struct program *program)
{
	struct event *e = program->events.data[0];
	unsigned n = e->targets.len;
	struct attachment a = {
		.probes = p, .program = program, .event = e, .names = arena_array(p->arena, const char *, n),
		.cookies = arena_array(p->arena, __u64, n),
	};

	for (unsigned t = 0; t < n; t++) {
		a.names[t] = e->targets.data[t]->name;
		a.cookies[t] = e->numbers.data[t];
	}
	return attach_range(&a, 0, n) ? -1 : mech_refused(p, e, &a.refused);
}

const struct mechanism mech_kprobe_multi = {
	.name = "kprobe.multi",
	.prog_type = BPF_PROG_TYPE_KPROBE,
	.attach_type = BPF_TRACE_KPROBE_MULTI,
	.identifies = IDENTIFIES_COOKIE,
	.ops = { .load = kfunc_regs_load, .regs = mech_ctx_regs, .target = target, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable,
	.attach = attach,
};
