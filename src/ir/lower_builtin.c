// SPDX-License-Identifier: GPL-2.0-or-later
/* Builtin variables, and the functions that are about neither strings nor output. */
#include "ir/lowering.h"

#include <stdlib.h>
#include <string.h>

struct ir_value *lower_target(struct lower *l)
{
	return l->program->ops->target ? l->program->ops->target(&l->b, l->event->event, l->clause) : ir_const(&l->b, 0);
}

/* table[v - first], where v is one of n numbers from first on. */
static struct ir_value *look_up(struct lower *l, struct ir_value *v, const unsigned *table, unsigned first, unsigned n)
{
	struct ir_builder *b = &l->b;
	struct data_def *data = &l->result->data;
	struct join *known = join_create(l), *end = join_create(l);
	struct ir_value *i = ir_binary(b, IR_SUB, v, ir_const(b, first));
	unsigned result = env_add(l, v), offset = data_init_table(l->arena, data, table, n, sizeof(*table));

	join_branch(l, ir_binary(b, IR_ULT, i, ir_const(b, n)), known, end);
	join_enter(l, known);
	l->env[result] = ir_load(b, sizeof(*table), ir_element(b, ir_data(b, data->map, offset), i, n, sizeof(*table)), 0);
	join_jump(l, end);
	join_enter(l, end);
	return env_take(l, result);
}

/*
 * func, probename …: the target's number, or that of another with the same text; id. Mostly the numbers of all of an event's targets differ
 * from those by as much, or all texts are the same one.
 */
static struct ir_value *lower_shown(struct lower *l, enum type_show show)
{
	struct ir_builder *b = &l->b;
	const unsigned *table = NULL;
	unsigned first = 0, n = 0;
	bool moved = true, one = true;
	struct ir_value *v;

	if (l->program->ops->shown)
		return l->program->ops->shown(b, l->event->event, show);
	v = lower_target(l);
	if (l->program->ops->shared)
		table = l->program->ops->shared(l->event->event, l->clause, show, &first, &n);
	if (!table)
		return v;
	for (unsigned i = 1; i < n; i++) {
		moved &= table[i] == NO_TARGET || table[i] - table[0] == i;
		one &= table[i] == NO_TARGET || table[i] == table[0];
	}
	if (one)
		return ir_const(b, table[0]);
	if (moved)
		return ir_binary(b, IR_ADD, v, ir_const(b, (int64_t)table[0] - first));
	return look_up(l, v, table, first, n);
}

/* The texts in a table, each padded to `width`. */
static unsigned add_texts(struct lower *l, const char *const *texts, unsigned n, unsigned width)
{
	char *table = arena_alloc(l->arena, (size_t)n * width);

	memset(table, 0, (size_t)n * width);
	for (unsigned i = 0; i < n; i++)
		if (texts[i])
			memcpy(table + (size_t)i * width, texts[i], strnlen(texts[i], width - 1));
	return data_init_table(l->arena, &l->result->data, table, n, width);
}

/* Copies the text of the target that fired to the slot. */
static void copy_text(struct lower *l, struct ir_value *slot, const char *const *texts, unsigned first, unsigned n, unsigned width)
{
	struct ir_builder *b = &l->b;
	struct join *known = join_create(l), *end = join_create(l);
	struct ir_value *i = ir_binary(b, IR_SUB, lower_target(l), ir_const(b, first)), *text;
	unsigned offset = add_texts(l, texts, n, width);

	join_branch(l, ir_binary(b, IR_ULT, i, ir_const(b, n)), known, end);
	join_enter(l, known);
	text = ir_element(b, ir_data(b, l->result->data.map, offset), i, n, width);
	for (unsigned at = 0; at < width; at += 8)
		ir_store(b, 8, slot, at, ir_load(b, 8, text, at));
	join_jump(l, end);
	join_enter(l, end);
}

/* The text that the event itself has. */
static struct value event_text(struct lower *l, const struct expr *e, enum type_show show)
{
	struct value v = string_slot(l, e->type->size, e->symbol->name);
	unsigned size;
	struct ir_value *text = l->program->ops->text(&l->b, l->event->event, show, &size);

	ir_zero(&l->b, v.v, v.v->slot->size);
	for (unsigned at = 0; at < size && at + 8 <= e->type->size; at += 8)
		ir_store(&l->b, 8, v.v, at, ir_load(&l->b, 8, text, at));
	v.type = e->type;
	v.padded = true;
	return v;
}

/* probefunc and the like as a string. */
static struct value name_text(struct lower *l, const struct expr *e)
{
	enum type_show show = type_shown(e->symbol->name)->show;
	const char *const *texts = NULL, *only = NULL;
	unsigned first = 0, n = 0, longest = 0;
	bool one = true;
	struct value v;

	if (l->program->ops->text)
		return event_text(l, e, show);
	if (l->program->ops->texts)
		texts = l->program->ops->texts(l->event->event, l->clause, show, &first, &n);
	for (unsigned i = 0; i < n; i++) {
		if (!texts[i])
			continue;
		one &= !only || !strcmp(only, texts[i]);
		only = texts[i];
		longest = strlen(only) > longest ? (unsigned)strlen(only) : longest;
	}
	if (one)
		return string_literal(l, only ? only : "", only ? strlen(only) : 0, e->type->size);
	v = string_slot(l, e->type->size, e->symbol->name);
	ir_zero(&l->b, v.v, v.v->slot->size);
	longest = longest < e->type->size ? longest : e->type->size - 1;
	copy_text(l, v.v, texts, first, n, (longest + 8) & ~7u);
	v.type = e->type;
	v.padded = true;
	return v;
}

static struct ir_value *uid_gid(struct lower *l, bool gid)
{
	struct ir_value *both = ir_call(&l->b, IR_H_get_current_uid_gid);

	return gid ? ir_binary(&l->b, IR_LSHR, both, ir_const(&l->b, 32)) : ir_extend(&l->b, IR_ZEXT, both, 4);
}

/* The name is read once, where that surely comes before all uses. */
static struct value comm(struct lower *l, const struct expr *e)
{
	enum { COMM_SIZE = 16 };
	struct value v = { .kind = VALUE_MEMORY, .type = e->type, .padded = true, .on_stack = true };

	if (l->known.comm) {
		v.v = l->known.comm;
		return v;
	}
	v.v = ir_slot(&l->b, COMM_SIZE, 8, "comm");
	/* some kernels (6.1) leave what stands behind the name */
	ir_zero(&l->b, v.v, COMM_SIZE);
	ir_call(&l->b, IR_H_get_current_comm, v.v, ir_const(&l->b, COMM_SIZE));
	if (!l->depth)
		l->known.comm = v.v;
	return v;
}

static struct ir_value *read_number(struct lower *l, struct ir_value *address, unsigned size, struct span span)
{
	struct ir_value *slot = ir_slot(&l->b, 8, 8, NULL), *error;
	struct join *fault = join_create(l), *end = join_create(l);

	ir_store(&l->b, 8, slot, 0, ir_const(&l->b, 0));
	error = ir_call(&l->b, IR_H_probe_read_kernel, slot, ir_const(&l->b, size), address);
	fault->block->unlikely = true;
	join_branch(l, ir_binary(&l->b, IR_NE, error, ir_const(&l->b, 0)), fault, end);
	join_enter(l, fault);
	lower_loss(l, LOSS_READ_FAILED, NULL, span);
	join_jump(l, end);
	join_enter(l, end);
	return ir_load(&l->b, size, slot, 0);
}

struct ir_value *kernel_member(struct lower *l, struct ir_value *object, const char *type, const char *member,
			       struct span span)
{
	const struct lower_env *env = l->env_info;
	unsigned size = 8;
	int offset = env->kernel_offset ? env->kernel_offset(env->data, type, member, &size) : -1;

	if (offset < 0) {
		diag_error(l->diag, span, "KERNEL_TYPE", "this kernel's BTF has no %s.%s", type, member);
		diag_hint(l->diag, "kernel types come from /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF)");
		return ir_const(&l->b, 0);
	}
	return read_number(l, ir_binary(&l->b, IR_ADD, object, ir_const(&l->b, offset)), size, span);
}

static struct ir_value *ppid(struct lower *l, const struct expr *e)
{
	struct ir_value *parent = kernel_member(l, ir_call(&l->b, IR_H_get_current_task), "task_struct", "real_parent", e->span);

	return lower_task_pid(l, parent, e->span);
}

static bool is_absent(const struct lower *l, const char *name)
{
	for (unsigned i = 0; i < l->event->absent.len; i++)
		if (!strcmp(l->event->absent.data[i], name))
			return true;
	return false;
}

static struct value load_probe_value(struct lower *l, const struct expr *e, const char *name, bool is_arg, bool padded)
{
	const struct type *type = e->type;
	struct ir_value *v = l->program->ops->load ? l->program->ops->load(&l->b, l->event->event, name, is_arg, &type) : NULL;
	struct value s;

	if (!is_arg && is_absent(l, name))
		return value_number(e->type, ir_const(&l->b, 0));
	if (!v)
		return lower_unsupported(l, e->span, arena_printf(l->arena, "%s%s here", is_arg ? "args." : "", name));
	if (type_is_scalar(e->type))
		return value_number(e->type, v);
	s = string_slot(l, e->type->size, name);
	if (padded || e->type->kind != TYPE_STRING)
		ir_zero(&l->b, s.v, s.v->slot->size);
	if (e->type->kind == TYPE_STRING)
		read_string(l, s.v, ir_const(&l->b, e->type->size), v, type->user ? MEMORY_USER : MEMORY_KERNEL, e->span);
	else
		ir_call(&l->b, type->user ? IR_H_probe_read_user : IR_H_probe_read_kernel, s.v, ir_const(&l->b, e->type->size), v);
	s.type = e->type;
	s.padded = padded || e->type->kind != TYPE_STRING;
	return s;
}

/* errno after a system call: what it returned, if that is one of the 4095 numbers below 0; else 0. */
static struct ir_value *lower_errno(struct lower *l, const struct expr *e)
{
	const struct type *type = &type_s64;
	struct ir_value *ret = l->program->ops->load ? l->program->ops->load(&l->b, l->event->event, "retval", false, &type) : NULL;
	struct join *failed = join_create(l), *end = join_create(l);
	unsigned result = env_add(l, ir_const(&l->b, 0));

	if (!ret)
		return lower_unsupported(l, e->span, "errno here").v;
	join_branch(l, ir_binary(&l->b, IR_ULT, ir_const(&l->b, -4096), ret), failed, end);
	join_enter(l, failed);
	l->env[result] = ir_unary(&l->b, IR_NEG, ret);
	join_jump(l, end);
	join_enter(l, end);
	return env_take(l, result);
}

static struct ir_value *data_word(struct lower *l, unsigned offset)
{
	return ir_load(&l->b, 8, ir_data(&l->b, l->result->data.map, offset), 0);
}

static struct value lower_builtin_variable(struct lower *l, const struct expr *e, bool padded)
{
	struct ir_builder *b = &l->b;
	struct ir_value *v;

	if (e->as_string)
		return name_text(l, e);
	switch (e->symbol->builtin) {
	case BUILTIN_execname:
		return comm(l, e);
	case BUILTIN_stack:
	case BUILTIN_ustack:
		return lower_stack(l, e);
	case BUILTIN_caller:
	case BUILTIN_ucaller:
		if (!type_is_scalar(e->type))
			return lower_stack(l, e);
		v = lower_caller(l, e->symbol->builtin == BUILTIN_ucaller);
		break;
	case BUILTIN_stackdepth:
	case BUILTIN_ustackdepth:
		v = lower_stack_depth(l, e->symbol->builtin == BUILTIN_ustackdepth);
		break;
	case BUILTIN_pid:
		v = lower_pid(l);
		break;
	case BUILTIN_tid:
		v = lower_tid(l);
		break;
	case BUILTIN_ppid:
		v = ppid(l, e);
		break;
	case BUILTIN_uid:
		v = uid_gid(l, false);
		break;
	case BUILTIN_gid:
		v = uid_gid(l, true);
		break;
	case BUILTIN_cpu:
		v = ir_call(b, IR_H_get_smp_processor_id);
		break;
	case BUILTIN_numaid:
		v = ir_call(b, IR_H_get_numa_node_id);
		break;
	case BUILTIN_cgroup:
		v = ir_call(b, IR_H_get_current_cgroup_id);
		break;
	case BUILTIN_curtask:
		v = ir_call(b, IR_H_get_current_task);
		break;
	case BUILTIN_uregs:
		v = lower_task_regs(l);
		break;
	case BUILTIN_timestamp:
		v = ir_call(b, IR_H_ktime_get_ns);
		break;
	case BUILTIN_jiffies:
		v = ir_call(b, IR_H_jiffies64);
		break;
	case BUILTIN_elapsed:
		v = ir_binary(b, IR_SUB, ir_call(b, IR_H_ktime_get_ns), data_word(l, DATA_START));
		break;
	case BUILTIN_walltimestamp:
		v = ir_binary(b, IR_ADD, ir_call(b, IR_H_ktime_get_ns), data_word(l, DATA_WALL));
		break;
	case BUILTIN_rand:
		v = ir_extend(b, IR_ZEXT, ir_call(b, IR_H_get_prandom_u32), 4);
		break;
	case BUILTIN_ncpus:
		v = ir_const(b, l->env_info->ncpus);
		break;
	case BUILTIN_func:
	case BUILTIN_probe:
	case BUILTIN_probeprov:
	case BUILTIN_probemod:
	case BUILTIN_probename:
		v = lower_shown(l, e->type->show);
		break;
	case BUILTIN_id:
		v = lower_shown(l, SHOW_NUMBER);
		break;
	case BUILTIN_epid:
		v = ir_const(b, l->clause->number + 1);
		break;
	case BUILTIN_errno:
		v = is_absent(l, "errno") ? ir_const(b, 0) : lower_errno(l, e);
		break;
	default:
		return load_probe_value(l, e, e->symbol->name, false, padded);
	}
	return value_number(e->type, v);
}

/* $t.0 */
static struct value tuple_part(struct lower *l, const struct expr *e)
{
	struct value tuple = lower_memory(l, e->left, false);
	unsigned offset = type_tuple_offset(e->left->type, (unsigned)strtoul(e->name, NULL, 10));
	struct ir_value *v;

	if (!type_is_scalar(e->type)) {
		tuple.v = ir_padd(&l->b, tuple.v, NULL, offset);
		tuple.type = e->type;
		tuple.padded = true;
		return tuple;
	}
	v = ir_load(&l->b, e->type->size, tuple.v, offset);
	return value_number(e->type, lower_convert(l, v, e->type));
}

struct ir_value *lower_object(struct lower *l, const struct expr *e)
{
	const struct lower_ops *ops = l->program->ops;
	bool is_arg = e->kind == EXPR_MEMBER && e->is_arg;
	struct local *local;

	if (l->b.block && e->symbol && e->symbol->kind == SYM_LOCAL && e->type->kind == TYPE_POINTER) {
		local = local_find(l, e->symbol);
		return local->object_in == l->b.func ? local->object : NULL;
	}
	if (!l->b.block || (!is_arg && (!e->symbol || e->symbol->kind != SYM_BUILTIN)))
		return NULL;
	if (!is_arg && e->symbol->builtin == BUILTIN_curtask)
		return lower_has(l, "get_current_task_btf") ? ir_call(&l->b, IR_H_get_current_task_btf) : NULL;
	return ops->object ? ops->object(&l->b, l->event->event, is_arg ? e->name : e->symbol->name, is_arg) : NULL;
}

struct value lower_variable(struct lower *l, const struct expr *e, bool padded)
{
	if (lower_is_place(e))
		return lower_place(l, e, padded);
	if (e->kind == EXPR_MEMBER && e->is_arg)
		return load_probe_value(l, e, e->name, true, padded);
	if (e->kind == EXPR_MEMBER && e->left->type->kind == TYPE_TUPLE)
		return tuple_part(l, e);
	if (e->kind == EXPR_BACKTICK || !e->symbol)
		return lower_unsupported(l, e->span, "this value");
	switch (e->symbol->kind) {
	case SYM_GLOBAL:
	case SYM_MAP:
	case SYM_SELF:
	case SYM_LOCAL:
		return var_read(l, e);
	case SYM_BUILTIN:
		return lower_builtin_variable(l, e, padded);
	case SYM_CONSTANT:
		return value_number(e->type, ir_const(&l->b, e->symbol->value));
	default:
		return lower_unsupported(l, e->span, "this value");
	}
}

/* --- functions --- */

static struct ir_value *has_key(struct lower *l, const struct expr *e)
{
	struct join *none = join_create(l), *end = join_create(l);
	unsigned result = env_add(l, ir_const(&l->b, 0));

	var_place(l, e->args.data[0], false, none);
	l->env[result] = ir_const(&l->b, 1);
	join_jump(l, end);
	join_enter(l, none);
	if (l->b.block)
		l->env[result] = ir_const(&l->b, 0);
	join_jump(l, end);
	join_enter(l, end);
	return env_take(l, result);
}

static struct ir_value *swapped(struct lower *l, const struct expr *e, unsigned size)
{
	return ir_extend(&l->b, IR_BSWAP, lower_number(l, e->args.data[0]), size);
}

/* nsecs(boot), nsecs(monotonic), nsecs(tai) … */
static struct ir_value *clock_read(struct lower *l, const struct expr *e)
{
	const char *clock = e->args.len ? e->args.data[0]->text : NULL;

	if (clock && !strcmp(clock, "boot"))
		return ir_call(&l->b, IR_H_ktime_get_boot_ns);
	if (clock && (!strcmp(clock, "tai") || !strcmp(clock, "sw_tai"))) {
		if (!lower_has(l, "clock_tai"))
			diag_error(l->diag, e->args.data[0]->span, "KERNEL_FEATURE",
				   "this kernel has no bpf_ktime_get_tai_ns, which the clock 'tai' needs");
		return ir_call(&l->b, IR_H_ktime_get_tai_ns);
	}
	return ir_call(&l->b, IR_H_ktime_get_ns);
}

/* reg("ip"): of the registers that were interrupted. */
static struct ir_value *lower_reg(struct lower *l, const struct expr *e)
{
	const char *name = e->args.data[0]->text;
	const struct lower_env *env = l->env_info;
	int place = env->reg ? env->reg(name) : -1;

	if (place < 0) {
		diag_error(l->diag, e->args.data[0]->span, "REGISTER", "there is no register '%s'", name);
		return ir_const(&l->b, 0);
	}
	if (!l->program->ops->regs) {
		diag_error(l->diag, e->span, "REGISTER", "registers are known in kprobe, uprobe, usdt, profile and the like only");
		return ir_const(&l->b, 0);
	}
	return read_number(l, ir_binary(&l->b, IR_ADD, l->program->ops->regs(&l->b), ir_const(&l->b, place)), 8, e->span);
}

/* uaddr("name") */
static struct ir_value *user_symbol(struct lower *l, const struct expr *e)
{
	const struct type *type = &type_u64;
	struct ir_value *bias = l->program->ops->load(&l->b, l->event->event, "bias", false, &type);

	return ir_binary(&l->b, IR_ADD, bias, ir_const(&l->b, (int64_t)e->value));
}

struct value lower_call(struct lower *l, const struct expr *e, bool padded)
{
	struct ir_builder *b = &l->b;
	struct ir_value *v;

	if (lower_action(l, e))
		return (struct value){ .kind = VALUE_NONE, .type = e->type };
	switch (e->symbol ? e->symbol->builtin : BUILTIN_COUNT) {
	case BUILTIN_stack_:
	case BUILTIN_ustack_:
	case BUILTIN_usym:
	case BUILTIN_ufunc:
	case BUILTIN_umod:
		return lower_stack(l, e);
	case BUILTIN_uaddr:
		if (e->type->kind == TYPE_STACK)
			return lower_stack(l, e);
		v = user_symbol(l, e);
		break;
	case BUILTIN_reg:
		v = lower_reg(l, e);
		break;
	case BUILTIN_has_key:
		v = has_key(l, e);
		break;
	case BUILTIN_len:
		v = lower_len(l, e);
		break;
	case BUILTIN_rand_:
		v = ir_extend(b, IR_ZEXT, ir_call(b, IR_H_get_prandom_u32), 4);
		break;
	case BUILTIN_timestamp_:
		v = clock_read(l, e);
		break;
	case BUILTIN_htons:
		v = swapped(l, e, 2);
		break;
	case BUILTIN_htonl:
		v = swapped(l, e, 4);
		break;
	case BUILTIN_htonll:
		v = swapped(l, e, 8);
		break;
	case BUILTIN_bswap:	/* as wide as its operand */
		v = e->type->size == 1 ? lower_number(l, e->args.data[0]) : swapped(l, e, e->type->size);
		break;
	case BUILTIN_getmajor:	/* the kernel's dev_t: 12 bits of major above 20 of minor */
		v = ir_binary(b, IR_LSHR, lower_number(l, e->args.data[0]), ir_const(b, 20));
		break;
	case BUILTIN_getminor:
		v = ir_binary(b, IR_AND, lower_number(l, e->args.data[0]), ir_const(b, (1 << 20) - 1));
		break;
	case BUILTIN_uptr:
	case BUILTIN_kptr:
	case BUILTIN_ksym:
	case BUILTIN_func_:
	case BUILTIN_mod:
		if (e->type->kind == TYPE_STACK)
			return lower_stack(l, e);
		/* fall through */
	case BUILTIN_strerror:
	case BUILTIN_username:
	case BUILTIN_groupname:
	case BUILTIN_signame:
	case BUILTIN_cgroup_path:
		v = lower_number(l, e->args.data[0]);
		break;
	case BUILTIN_strftime:
		v = lower_number(l, e->args.data[1]);
		break;
	case BUILTIN_kaddr:
	case BUILTIN_cgroupid:
		v = ir_const(b, (int64_t)e->value);
		break;
	default: {
		struct value s = lower_string_function(l, e, padded);

		if (s.kind == VALUE_NONE)
			s = lower_d_function(l, e);
		return s.kind != VALUE_NONE ? s : lower_unsupported(l, e->span, arena_printf(l->arena, "%s()", e->name));
	}
	}
	return value_number(e->type, v);
}
