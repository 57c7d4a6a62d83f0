// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: one program on the raw tracepoint sys_enter, one on sys_exit, for any number of calls. It tests the
 * call's number, then whether the call is a 32-bit one (whose numbers mean other calls).
 *
 * Attached by BTF (tp_btf) the registers are read directly, else by probe_read_kernel; both have the arguments (regs, number) at
 * the entry and (regs, value) at the return as 64-bit words in the context.
 */
#include "provider/mechanism.h"
#include "provider/arch.h"
#include "provider/syscall.h"

#include "debuginfo/btf.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is known of the kernel; found once. */
static struct {
	bool tried;
	bool task_btf;			/* bpf_get_current_task_btf is there */
	int compat_offset;		/* of the word with the compat bits in struct task_struct; -1: not known */
	unsigned compat_size;
	uint32_t enter_id, exit_id;	/* of btf_trace_sys_enter and sys_exit; 0: none */
} kernel;

static void find_kernel(void)
{
	struct dbg_btf *btf;
	char member[64];

	if (kernel.tried)
		return;
	kernel.tried = true;
	kernel.compat_offset = -1;
	btf = dbg_btf_kernel();
	if (!btf)
		return;
	snprintf(member, sizeof(member), "thread_info.%s", arch.compat_member);
	kernel.compat_offset = dbg_btf_offset(btf, "task_struct", member, &kernel.compat_size);
	kernel.task_btf = dbg_btf_helper("get_current_task_btf");
}

static uint32_t find_id(uint32_t *id, const char *typedef_name)
{
	struct dbg_btf *btf = dbg_btf_kernel();

	if (!*id && btf)
		*id = dbg_btf_find(btf, typedef_name, BTF_KIND_TYPEDEF);
	return *id;
}

static uint32_t btf_id_of(const struct event *e)
{
	return e->kind == TARGET_SYSRET ? find_id(&kernel.exit_id, "btf_trace_sys_exit") :
					  find_id(&kernel.enter_id, "btf_trace_sys_enter");
}

/* registers */

static struct ir_value *load_reg(struct ir_builder *b, const struct event *e, unsigned offset)
{
	if (e->mechanism->prog_type == BPF_PROG_TYPE_TRACING)
		return ir_load(b, 8, ir_loadp(b, ir_ctx(b), 0), offset);
	return mech_read(b, ir_load(b, 8, ir_ctx(b), 0), offset, 8, false);
}

static struct ir_value *load_number(struct ir_builder *b, const struct event *e)
{
	return e->kind == TARGET_SYSRET ? load_reg(b, e, arch.syscall_number) : ir_load(b, 8, ir_ctx(b), 8);
}

/* dispatch */

/* A run of consecutive numbers of one event. */
struct range {
	unsigned first, last, event;
};

typedef VEC(struct range) range_list;

static int by_number(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

static void list_ranges(struct arena *a, range_list *ranges, void *const *events, unsigned n)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct event *e = events[i];

		vec_foreach(t, &e->targets)
			*arena_vec_add(a, ranges) = (struct range){ (*t)->number, (*t)->number, i };
	}
	qsort(ranges->data, ranges->len, sizeof(*ranges->data), by_number);
	for (unsigned i = 1; i < ranges->len; i++) {
		struct range *r = &ranges->data[i], *last = &ranges->data[kept];

		if (r->event == last->event && r->first == last->last + 1)
			last->last = r->last;
		else
			ranges->data[++kept] = *r;
	}
	ranges->len = kept + 1;
}

/*
 * Where registers are read directly, most calls are known by them: jumps to `native`, or goes on in a new block. Asking for the
 * task is a call, which on some machines takes as long as all the rest of a short program.
 */
static void accept_native(struct ir_builder *b, const struct event *e, struct ir_block *native)
{
	struct ir_block *asks = ir_block_add(b), *next = ir_block_add(b);

	asks->unlikely = true;
	for (unsigned i = 0; i < 2; i++) {
		const unsigned *pair = arch.native_pairs[i];

		ir_br(b, ir_binary(b, IR_EQ, load_reg(b, e, pair[0]), load_reg(b, e, pair[1])), i ? native : next, asks);
		if (!i)
			ir_enter(b, next);
	}
	ir_enter(b, asks);
}

/* Jumps to `none` if the call that is running is a 32-bit one; goes on in a new block. */
static void refuse_compat(struct ir_builder *b, const struct event *e, struct ir_block *none)
{
	struct ir_block *native = ir_block_add(b);
	struct ir_value *compat;

	if (e->mechanism->prog_type == BPF_PROG_TYPE_TRACING)
		accept_native(b, e, native);
	if (kernel.compat_offset < 0) {
		compat = ir_binary(b, IR_NE, load_reg(b, e, arch.mode), ir_const(b, arch.user_code));
	} else {
		struct ir_value *flags;

		if (kernel.task_btf)
			flags = ir_load(b, kernel.compat_size, ir_call(b, IR_H_get_current_task_btf), kernel.compat_offset);
		else
			flags = mech_read(b, ir_call(b, IR_H_get_current_task), kernel.compat_offset,
					  kernel.compat_size, false);
		compat = ir_binary(b, IR_AND, flags, ir_const(b, arch.compat_bits));
	}
	ir_br(b, compat, none, native);
	ir_enter(b, native);
}

/* The block of an event, behind the test for a 32-bit call. */
static struct ir_block *guarded(struct ir_builder *b, const struct event *e, struct ir_block *block,
				struct ir_block *none)
{
	struct ir_block *current = b->block, *guard = ir_block_add(b);

	ir_enter(b, guard);
	refuse_compat(b, e, none);
	ir_jmp(b, block);
	ir_enter(b, current);
	return guard;
}

/* Few ranges: one comparison after the other. */
static void dispatch_chain(struct ir_builder *b, const range_list *ranges, struct ir_value *nr,
			   struct ir_block *const *blocks, struct ir_block *none)
{
	vec_foreach(r, ranges) {
		struct ir_block *next = r + 1 < ranges->data + ranges->len ? ir_block_add(b) : none;
		struct ir_value *in;

		if (r->first == r->last)
			in = ir_binary(b, IR_EQ, nr, ir_const(b, r->first));
		else
			in = ir_binary(b, IR_ULE, ir_binary(b, IR_SUB, nr, ir_const(b, r->first)),
				       ir_const(b, r->last - r->first));
		ir_br(b, in, blocks[r->event], next);
		if (next != none)
			ir_enter(b, next);
	}
}

/* Jumps to the block of the class, classes being [first, first + n), numbered from 1. */
static void dispatch_class(struct ir_builder *b, struct ir_value *class, struct ir_block *const *blocks, unsigned first,
			   unsigned n)
{
	struct ir_block *low, *high;

	if (n == 1) {
		ir_jmp(b, blocks[first]);
		return;
	}
	low = ir_block_add(b);
	high = ir_block_add(b);
	ir_br(b, ir_binary(b, IR_ULE, class, ir_const(b, first + n / 2)), low, high);
	ir_enter(b, low);
	dispatch_class(b, class, blocks, first, n / 2);
	ir_enter(b, high);
	dispatch_class(b, class, blocks, first + n / 2, n - n / 2);
}

/* Many: a table of classes (the event's number + 1, 0 for none) by the call's number. */
static void dispatch_table(struct ir_builder *b, struct data_def *data, const range_list *ranges, unsigned n,
			   struct ir_value *nr, struct ir_block *const *blocks, struct ir_block *none)
{
	struct ir_block *inside = ir_block_add(b), *found = ir_block_add(b);
	unsigned last = ranges->data[ranges->len - 1].last, width = n < 256 ? 1 : 2;
	unsigned char *table = arena_alloc(b->module->arena, (last + 1) * width);
	struct ir_value *class;
	unsigned offset;

	vec_foreach(r, ranges) {
		for (unsigned i = r->first; i <= r->last; i++) {
			if (width == 1)
				table[i] = (unsigned char)(r->event + 1);
			else
				((uint16_t *)(void *)table)[i] = (uint16_t)(r->event + 1);
		}
	}
	offset = data_init_table(b->module->arena, data, table, last + 1, width);
	ir_br(b, ir_binary(b, IR_ULE, nr, ir_const(b, last)), inside, none);
	ir_enter(b, inside);
	class = ir_load(b, width, ir_element(b, ir_data(b, data->map, offset), nr, last + 1, width), 0);
	ir_br(b, ir_binary(b, IR_NE, class, ir_const(b, 0)), found, none);
	ir_enter(b, found);
	dispatch_class(b, class, blocks, 0, n);
}

static void dispatch(struct ir_builder *b, struct data_def *data, void *const *events, unsigned n,
		     struct ir_block *const *blocks, struct ir_block *none)
{
	enum { CHAIN = 6 };
	struct arena *a = b->module->arena;
	struct ir_block **guards = arena_array(a, struct ir_block *, n);
	struct ir_value *nr = load_number(b, events[0]);
	range_list ranges = { 0 };

	for (unsigned i = 0; i < n; i++)
		guards[i] = guarded(b, events[i], blocks[i], none);
	list_ranges(a, &ranges, events, n);
	if (ranges.len <= CHAIN)
		dispatch_chain(b, &ranges, nr, guards, none);
	else
		dispatch_table(b, data, &ranges, n, nr, guards, none);
}

/* values */

static struct ir_value *target(struct ir_builder *b, void *event, const struct clause *c)
{
	const struct event *e = event;
	/* the target's number less the call's is the same for all of them */
	int64_t apart = (int64_t)e->numbers.data[0] - (int64_t)e->targets.data[0]->number;

	if (e->targets.len == 1)
		return mech_number(b, e, c, ir_const(b, e->numbers.data[0]));
	return mech_number(b, e, c, ir_binary(b, IR_ADD, load_number(b, e), ir_const(b, apart)));
}

static bool is_call_number(const char *name)
{
	return !strcmp(name, "nr") || !strcmp(name, "__syscall_nr") || !strcmp(name, "id");
}

static struct ir_value *load_arg(struct ir_builder *b, struct event *e, const char *name, const struct type **type)
{
	struct target *t = e->targets.data[0];
	int n;

	if (is_call_number(name))
		return load_number(b, e);
	if (e->kind == TARGET_SYSRET)
		return ir_load(b, 8, ir_ctx(b), 8);
	n = syscall_arg_index(e->probes, t, name);
	if (n < 0)
		return NULL;
	*type = prov_syscall.arg(e->probes, t, name);
	return mech_extend(b, load_reg(b, e, arch.syscall_args[n]), *type);
}

static struct ir_value *load_variable(struct ir_builder *b, struct event *e, const char *name)
{
	struct ir_value *value, *is_error;

	if (!strcmp(name, "ctx"))
		return ir_ctx(b);
	if (!strncmp(name, "arg", 3) && e->kind == TARGET_SYSCALL && (unsigned)atoi(name + 3) < ARCH_SYSCALL_ARGS)
		return load_reg(b, e, arch.syscall_args[atoi(name + 3)]);
	if (e->kind == TARGET_SYSCALL)
		return NULL;
	value = ir_load(b, 8, ir_ctx(b), 8);
	if (strcmp(name, "errno"))
		return value;
	is_error = ir_binary(b, IR_ULT, ir_const(b, -4096), value);
	return ir_binary(b, IR_MUL, is_error, ir_unary(b, IR_NEG, value));
}

static struct ir_value *load(struct ir_builder *b, void *event, const char *name, bool is_arg, const struct type **type)
{
	return is_arg ? load_arg(b, event, name, type) : load_variable(b, event, name);
}

/* attaching */

static int usable(struct event *e, const char **why, enum target_kind kind, bool btf)
{
	*why = "";
	if (e->kind != kind)
		return -1;
	find_kernel();
	if (btf && !btf_id_of(e))
		return -1;
	*why = "one program for all calls";
	return btf ? 1 : 2;
}

static int usable_enter(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	return usable(e, why, TARGET_SYSCALL, true);
}

static int usable_exit(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	return usable(e, why, TARGET_SYSRET, true);
}

static int usable_enter_raw(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	return usable(e, why, TARGET_SYSCALL, false);
}

static int usable_exit_raw(struct probes *p, struct event *e, const char **why)
{
	(void)p;
	return usable(e, why, TARGET_SYSRET, false);
}

static int btf_id(struct probes *p, struct event *e, struct target *t)
{
	(void)p;
	(void)t;
	return (int)btf_id_of(e);
}

static int attach(struct probes *p, struct program *program)
{
	const struct event *e = program->events.data[0];
	const char *name = e->kind == TARGET_SYSRET ? "sys_exit" : "sys_enter";
	bool btf = program->mechanism->prog_type == BPF_PROG_TYPE_TRACING;
	int fd = bpf_raw_tracepoint_open(btf ? NULL : name, program->prog_fds.data[0]);

	if (fd < 0) {
		errno = -fd;
		return mech_attach_error(p, e->targets.data[0], "attaching the system calls' tracepoint",
					 "CONFIG_BPF_EVENTS and CONFIG_HAVE_SYSCALL_TRACEPOINTS");
	}
	*arena_vec_add(p->arena, &program->link_fds) = fd;
	return 0;
}

#define OPS { .dispatch = dispatch, .load = load, .target = target, .named = mech_named, .shared = mech_shared, .texts = mech_texts }

const struct mechanism mech_sys_enter = {
	.name = "sys_enter",
	.prog_type = BPF_PROG_TYPE_TRACING,
	.attach_type = BPF_TRACE_RAW_TP,
	.identifies = IDENTIFIES_NUMBER,
	.one_program = true,
	.ops = OPS,
	.usable = usable_enter,
	.btf_id = btf_id,
	.attach = attach,
};

const struct mechanism mech_sys_exit = {
	.name = "sys_exit",
	.prog_type = BPF_PROG_TYPE_TRACING,
	.attach_type = BPF_TRACE_RAW_TP,
	.identifies = IDENTIFIES_NUMBER,
	.one_program = true,
	.ops = OPS,
	.usable = usable_exit,
	.btf_id = btf_id,
	.attach = attach,
};

const struct mechanism mech_sys_enter_raw = {
	.name = "sys_enter_raw",
	.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	.identifies = IDENTIFIES_NUMBER,
	.one_program = true,
	.ops = OPS,
	.usable = usable_enter_raw,
	.attach = attach,
};

const struct mechanism mech_sys_exit_raw = {
	.name = "sys_exit_raw",
	.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	.identifies = IDENTIFIES_NUMBER,
	.one_program = true,
	.ops = OPS,
	.usable = usable_exit_raw,
	.attach = attach,
};
