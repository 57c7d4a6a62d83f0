// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uprobe.multi: one link for any number of places in one file (Linux 6.6). The cookie tells which one was reached.
 *
 * As the kernel takes a list whole or not at all, one that is refused is halved until the places that it refuses stand
 * alone: those are named, or left out where they came with a glob. Programs run in the traced process and may be preempted.
 */
#include "provider/late.h"
#include "provider/mechanism.h"
#include "provider/ufunc.h"
#include "provider/ufunc_regs.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the installed headers may be too old for. */
enum { TRACE_UPROBE_MULTI = 48, MULTI_RETURN = 1 };

struct link_attr {
	__u32 prog_fd, target_fd, attach_type, flags;
	__u64 path, offsets, ref_ctr_offsets, cookies;
	__u32 cnt, multi_flags, pid, unused;
};

struct places {
	const char *path;
	__u64 *offsets, *semaphores, *cookies;	/* semaphores, cookies: NULL if there are none */
	unsigned n;
	bool is_return;
	int pid;
};

/* Places [first, first + n); a descriptor or -errno. */
static int link_places(int prog_fd, const struct places *places, unsigned first, unsigned n)
{
	struct link_attr attr = {
		.prog_fd = (__u32)prog_fd, .attach_type = TRACE_UPROBE_MULTI, .path = (uintptr_t)places->path,
		.offsets = (uintptr_t)(places->offsets + first), .cnt = n, .multi_flags = places->is_return ? MULTI_RETURN : 0,
		.pid = (__u32)places->pid,
	};
	int fd;

	if (places->semaphores)
		attr.ref_ctr_offsets = (uintptr_t)(places->semaphores + first);
	if (places->cookies)
		attr.cookies = (uintptr_t)(places->cookies + first);
	fd = (int)syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	return fd < 0 ? -errno : fd;
}

/* Tried with a path that is no file: a kernel that knows the link says EBADF, others EINVAL. */
static bool kernel_has(void)
{
	static enum { UNKNOWN, YES, NO } answer;
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = (enum bpf_attach_type)TRACE_UPROBE_MULTI);
	__u64 offset = 0;
	struct places places = { .path = "/", .offsets = &offset };
	int prog;

	if (answer != UNKNOWN)
		return answer == YES;
	answer = NO;
	prog = mech_load_empty(BPF_PROG_TYPE_KPROBE, &opts);
	if (prog < 0)
		return false;
	if (link_places(prog, &places, 0, 1) == -EBADF)
		answer = YES;
	close(prog);
	return answer == YES;
}

static int usable(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	*why = "";
	if (!ufunc_is(e->kind))
		return -1;
	if (!kernel_has()) {
		*why = "the kernel has no uprobe.multi (Linux 6.6, CONFIG_UPROBES)";
		return -1;
	}
	if (ufunc_needs_variant(e) < 0) {
		*why = "its places hold their arguments in too many ways";
		return -1;
	}
	*why = "one link for all places in a file";
	return 60;
}

static enum nesting nests(struct probes *p, struct event *e)
{
	(void)p;
	(void)e;
	return NESTS_TASKS;
}

struct attachment {
	struct probes *probes;
	struct program *program;
	struct event *event;
	struct places places;
	struct target **targets;	/* as places */
	struct name_list refused;
};

static int attach_range(struct attachment *a, unsigned first, unsigned n)
{
	struct target *t = a->targets[first];
	int fd = link_places(a->program->prog_fds.data[0], &a->places, first, n);

	if (fd >= 0) {
		*arena_vec_add(a->probes->arena, &a->program->link_fds) = fd;
		return 0;
	}
	if (n > 1 && ufunc_refusal(-fd))
		return attach_range(a, first, n / 2) | attach_range(a, first + n / 2, n - n / 2);
	if (t->optional && ufunc_refusal(-fd)) {
		*arena_vec_add(a->probes->arena, &a->refused) = t->namings.data[0].func;
		return 0;
	}
	if (ufunc_refusal(-fd))
		return mech_refuse(a->probes, t, ufunc_refusal(-fd));
	if (fd == -ESRCH)
		return mech_refuse(a->probes, t, "there is no such process any more");
	errno = -fd;
	return mech_attach_error(a->probes, t, "attaching uprobe.multi", "CONFIG_UPROBES");
}

/* All targets that are in one file and one process as the one at `first` is; *done marks them. */
static int attach_file(struct attachment *a, unsigned first, bool *done)
{
	struct event *e = a->event;
	const struct target *like = e->targets.data[first];
	struct arena *arena = a->probes->arena;
	unsigned left = e->targets.len - first, n = 0;
	bool semaphores = false;

	a->places = (struct places){
		.path = like->module, .is_return = ufunc_is_return(e->kind),
		.pid = like->pid ? like->pid : a->probes->pid,
		.offsets = arena_array(arena, __u64, left), .cookies = arena_array(arena, __u64, left),
		.semaphores = arena_array(arena, __u64, left),
	};
	a->targets = arena_array(arena, struct target *, left);
	for (unsigned t = first; t < e->targets.len; t++) {
		struct target *target = e->targets.data[t];
		const struct ufunc *info = target->info;

		if (done[t] || target->pid != like->pid || strcmp(target->module, like->module))
			continue;
		done[t] = true;
		a->places.offsets[n] = target->number;
		a->places.cookies[n] = e->cookies.data[t];
		a->places.semaphores[n] = info->semaphore;
		semaphores |= info->semaphore != 0;
		a->targets[n++] = target;
	}
	if (!semaphores)
		a->places.semaphores = NULL;
	return attach_range(a, 0, n);
}

static int attach(struct probes *p, struct program *program)
{
	struct event *e = program->events.data[0];
	struct attachment a = { .probes = p, .program = program, .event = e };
	bool *done = arena_array(p->arena, bool, e->targets.len);

	for (unsigned t = 0; t < e->targets.len; t++)
		if (!done[t] && attach_file(&a, t, done))
			return -1;
	return mech_refused(p, e, &a.refused);
}

/* Places [first, first + n) of those, halved where one is refused. Gives how many were. */
static unsigned attach_late_range(struct probes *p, struct program *program, const struct places *places, unsigned first, unsigned n)
{
	int fd = link_places(program->prog_fds.data[0], places, first, n);

	if (fd >= 0)
		*arena_vec_add(p->arena, &program->link_fds) = fd;
	else if (n > 1)
		return attach_late_range(p, program, places, first, n / 2) +
		       attach_late_range(p, program, places, first + n / 2, n - n / 2);
	return fd < 0;
}

static unsigned attach_late(struct probes *p, struct program *program, const struct late_place *late, unsigned n)
{
	struct places places = {
		.path = late->target->module, .is_return = ufunc_is_return(late->target->kind), .pid = late->target->pid,
		.offsets = arena_array(p->arena, __u64, n), .cookies = arena_array(p->arena, __u64, n),
		.semaphores = arena_array(p->arena, __u64, n),
	};

	for (unsigned i = 0; i < n; i++) {
		const struct ufunc *info = late[i].target->info;

		places.offsets[i] = late[i].target->number;
		places.cookies[i] = late[i].row_number;
		places.semaphores[i] = info->semaphore;
	}
	return attach_late_range(p, program, &places, 0, n);
}

const struct mechanism mech_uprobe_multi = {
	.name = "uprobe.multi",
	.prog_type = BPF_PROG_TYPE_KPROBE,
	.attach_type = (enum bpf_attach_type)TRACE_UPROBE_MULTI,
	.identifies = IDENTIFIES_COOKIE,
	.ops = { .load = ufunc_regs_load, .regs = mech_ctx_regs, .target = ufunc_target, .named = mech_named, .shared = mech_shared, .texts = mech_texts },
	.usable = usable,
	.cookie_bits = ufunc_cookie_bits,
	.nests = nests,
	.attach = attach,
	.attach_late = attach_late,
};
