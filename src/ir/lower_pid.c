// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Processes by number, as this process's pid namespace sees them: in a container, what its own ps shows.
 *
 * In the first namespace a task's own fields tell. In another one the kernel's helper knows the tasks that live right
 * there; those of namespaces within it have a number there as well, in their struct pid. What is outside has none: 0.
 */
#include "ir/outline.h"

/* Namespaces between the first one and ours that are looked at. */
enum { LEVELS = 8 };

static int offset_of(const struct lower *l, const char *type, const char *member)
{
	const struct lower_env *env = l->env_info;
	unsigned size;

	return env->kernel_offset ? env->kernel_offset(env->data, type, member, &size) : -1;
}

struct offsets {
	int leader, pid, level, numbers, inum;
};

static bool find_offsets(const struct lower *l, struct offsets *o)
{
	int ns = offset_of(l, "pid_namespace", "ns"), inum = offset_of(l, "ns_common", "inum");

	*o = (struct offsets){
		offset_of(l, "task_struct", "group_leader"), offset_of(l, "task_struct", "thread_pid"),
		offset_of(l, "pid", "level"), offset_of(l, "pid", "numbers"), ns + inum,
	};
	return ns >= 0 && inum >= 0 && o->leader >= 0 && o->pid >= 0 && o->level >= 0 && o->numbers >= 0;
}

static struct ir_value *read_member(struct lower *l, struct ir_value *object, int offset, unsigned size)
{
	struct ir_value *slot = ir_slot(&l->b, 8, 8, NULL);

	ir_store(&l->b, 8, slot, 0, ir_const(&l->b, 0));
	ir_call(&l->b, IR_H_probe_read_kernel, slot, ir_const(&l->b, size),
		ir_binary(&l->b, IR_ADD, object, ir_const(&l->b, offset)));
	return ir_load(&l->b, size, slot, 0);
}

/* One level: gives the number there, if that is our namespace's. */
static void try_level(struct lower *l, struct ir_value *pid, const struct offsets *o, unsigned level)
{
	/* struct upid: int nr; struct pid_namespace *ns */
	int number = o->numbers + (int)level * 16;
	struct ir_value *inum = read_member(l, read_member(l, pid, number + 8, 8), o->inum, 4);
	struct join *ours = join_create(l), *next = join_create(l);

	join_branch(l, ir_binary(&l->b, IR_EQ, inum, ir_const(&l->b, (int64_t)l->env_info->pidns_ino)), ours, next);
	join_enter(l, ours);
	ir_ret(&l->b, read_member(l, pid, number, 4));
	join_enter(l, next);
}

/* number(task, leader): that of the thread, or of its group's leader; 0: it has none here. */
static struct ir_func *number_function(struct lower *l, const struct offsets *o)
{
	struct ir_func *known = outline_find(l, "pid_number");
	struct join *of_leader, *of_task, *none;
	struct ir_value *pid, *level;
	struct outline out;
	unsigned task;

	if (known)
		return known;
	outline_begin(l, &out, "pid_number", 2);
	of_leader = join_create(l);
	of_task = join_create(l);
	none = join_create(l);
	task = env_add(l, ir_param(&l->b, 0));
	join_branch(l, ir_param(&l->b, 1), of_leader, of_task);
	join_enter(l, of_leader);
	l->env[task] = read_member(l, ir_param(&l->b, 0), o->leader, 8);
	join_jump(l, of_task);
	join_enter(l, of_task);
	pid = read_member(l, env_take(l, task), o->pid, 8);
	level = read_member(l, pid, o->level, 4);
	for (unsigned i = 1; i < LEVELS; i++) {
		struct join *there = join_create(l);

		join_branch(l, ir_binary(&l->b, IR_ULE, ir_const(&l->b, i), level), there, none);
		join_enter(l, there);
		try_level(l, pid, o, i);
	}
	join_jump(l, none);
	join_enter(l, none);
	ir_ret(&l->b, ir_const(&l->b, 0));
	return outline_end(l, &out);
}

static struct ir_value *number_of(struct lower *l, const struct offsets *o, struct ir_value *task, bool tgid)
{
	return ir_callf(&l->b, number_function(l, o), (struct ir_value *[]){ task, ir_const(&l->b, tgid) }, 2);
}

/* In the word (tgid << 32 | tid) of bpf_get_current_pid_tgid. */
static struct ir_value *pid_tgid(struct lower *l, bool tgid)
{
	const struct lower_env *env = l->env_info;
	struct join *elsewhere, *end;
	struct ir_value *info, *error;
	struct offsets o;
	unsigned result;

	if (!env->pidns_ino) {
		struct ir_value *both = ir_call(&l->b, IR_H_get_current_pid_tgid);

		return tgid ? ir_binary(&l->b, IR_LSHR, both, ir_const(&l->b, 32)) : ir_extend(&l->b, IR_ZEXT, both, 4);
	}
	/* struct bpf_pidns_info: pid (of the thread), tgid */
	info = ir_slot(&l->b, 8, 8, "pidns");
	ir_zero(&l->b, info, 8);
	error = ir_call(&l->b, IR_H_get_ns_current_pid_tgid, ir_const(&l->b, (int64_t)env->pidns_dev),
			ir_const(&l->b, (int64_t)env->pidns_ino), info, ir_const(&l->b, 8));
	if (!find_offsets(l, &o))
		return ir_load(&l->b, 4, info, tgid ? 4 : 0);
	elsewhere = join_create(l);
	end = join_create(l);
	result = env_add(l, ir_load(&l->b, 4, info, tgid ? 4 : 0));
	join_branch(l, ir_binary(&l->b, IR_NE, error, ir_const(&l->b, 0)), elsewhere, end);
	join_enter(l, elsewhere);
	l->env[result] = number_of(l, &o, ir_call(&l->b, IR_H_get_current_task), tgid);
	join_jump(l, end);
	join_enter(l, end);
	return env_take(l, result);
}

struct ir_value *lower_pid(struct lower *l)
{
	return pid_tgid(l, true);
}

struct ir_value *lower_tid(struct lower *l)
{
	return pid_tgid(l, false);
}

struct ir_value *lower_task_pid(struct lower *l, struct ir_value *task, struct span span)
{
	struct offsets o;

	if (l->env_info->pidns_ino && find_offsets(l, &o))
		return number_of(l, &o, task, true);
	return kernel_member(l, task, "task_struct", "tgid", span);
}
