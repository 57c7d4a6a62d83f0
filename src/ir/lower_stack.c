// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stacks. A stack is a number of 8 bytes; which frames it stands for, user space is told by a map (struct stacks_def):
 *
 *	frames = get_stack(…)
 *	known:	the number in the map's entry of these frames
 *	new:	a number that nobody had before: the time and the CPU; the entry is made with it, unless another
 *		program made one in between, whose number it then is
 *
 * User space merges numbers that stand for the same frames, so it may take entries out of the map at any time.
 *
 * Where user stacks are unwound in user space, the number is new each time, and a struct stack_sample with it, the
 * registers and the top of the stack is sent.
 */
#include "ir/lowering.h"

#include "lang/format.h"
#include "lang/walk.h"

#include <string.h>

enum {
	EFAULT_ERROR = -14, NOEXIST = 1, USER_STACK = 1 << 8, SKIP_ONE = 1,
	CPU_BITS = STACK_TIME_SHIFT,
	/* frames of the tracing itself that may stand on top of the kernel's, to be left out by user space */
	MACHINERY = 8,
	ENTRIES = 8192,
	ALL_SAMPLES = 3 << 20,		/* bytes, of all CPUs */
	OLD_KEY_MAX = 512,
	THREAD_SIZE = 16384,		/* of a kernel stack, where the kernel has no bpf_task_pt_regs */
};

/* --- the maps --- */

/* A sample lies somewhere in its slot: its first byte of stack at the place in a page that it has in memory. */
static unsigned sample_slot_size(unsigned pages)
{
	return sizeof(struct stack_sample) + (pages + 2) * SAMPLE_PAGE;
}

struct planning {
	struct lower *l;
	unsigned frames[2];		/* the most that is asked for, kernel and user */
	unsigned addresses;		/* 1 if there are addresses of user code */
	struct span span[2];
};

/* An address of user code that is to be shown: a stack with that one frame. */
static bool is_address(const struct expr *e)
{
	return e->kind == EXPR_CALL && type_is_place(e->type) && e->args.data[0]->type->kind != TYPE_STACK;
}

/* usym(ucaller): the same stack, shown in another way */
static bool is_shown_stack(const struct expr *e)
{
	return e->kind == EXPR_CALL && type_is_place(e->type) && e->args.data[0]->type->kind == TYPE_STACK;
}

/* How many frames are to be had for it. */
static unsigned frames_of(const struct type *t)
{
	unsigned n = t->count + t->skip + (t->user ? 0 : MACHINERY);

	return n < STACK_FRAMES ? n : STACK_FRAMES;
}

static bool is_stack(const struct expr *e)
{
	return e->symbol && (e->symbol->kind == SYM_BUILTIN || e->symbol->kind == SYM_FUNCTION) &&
	       e->type && e->type->kind == TYPE_STACK && (e->kind == EXPR_NAME || e->kind == EXPR_CALL);
}

static void note_stack(void *data, struct expr *e)
{
	struct planning *p = data;
	unsigned *frames;

	if (!is_stack(e) || is_shown_stack(e))
		return;
	frames = is_address(e) ? &p->addresses : &p->frames[e->type->user];
	if (!p->frames[e->type->user])
		p->span[e->type->user] = e->span;
	if (frames_of(e->type) > *frames)
		*frames = frames_of(e->type);
}

static struct map_def *add_map(struct lower *l, const char *name, unsigned key_size, struct span span)
{
	struct map_def *map = ir_map_add(l->result->module, name);

	map->kind = MAP_HASH;
	map->entries = l->env_info->map_entries > ENTRIES ? l->env_info->map_entries : ENTRIES;
	map->key_size = key_size;
	*arena_vec_add(l->arena, &map->key) = (struct key_field){ .size = key_size, .memory = true };
	map->value_size = 8;
	map->swapped = map->ready = true;
	map->drops = map->zeros = -1;
	map->span = span;
	return map;
}

/* As many frames as a key can have with so many bytes before them: kernels before 5.11 take keys of 512 bytes at most. */
static unsigned frames_in_key(struct lower *l, unsigned wanted, unsigned head)
{
	unsigned most = (OLD_KEY_MAX - head) / 8;

	if (wanted <= most || lower_has(l, "large_keys"))
		return wanted;
	l->result->stacks.cut = true;
	return most;
}

/* Whether the registers of the user's code are to be had at any event. */
static bool can_sample(struct lower *l)
{
	const struct lower_env *env = l->env_info;
	unsigned size;

	if (env->ustack == USTACK_FP || !env->regs.size)
		return false;
	return lower_has(l, "task_pt_regs") ||
	       (env->kernel_offset && env->kernel_offset(env->data, "task_struct", "stack", &size) >= 0);
}

/* The samples' ring, and how many pages of stack each has: all CPUs' samples must find room in the scratch map. */
static void plan_samples(struct lower *l, unsigned frames, struct span span)
{
	const struct lower_env *env = l->env_info;
	struct stacks_def *def = &l->result->stacks;
	unsigned pages = env->ustack_bytes / SAMPLE_PAGE;

	while (pages > 1 && (uint64_t)sample_slot_size(pages) * l->result->data.ncpus > ALL_SAMPLES)
		pages--;
	def->sample_size = sizeof(struct stack_sample) + (pages + 1) * SAMPLE_PAGE;
	def->sample_frames = frames;
	def->samples = ir_map_add(l->result->module, "samples");
	def->samples->kind = MAP_RINGBUF;
	def->samples->entries = env->stack_ring;
	def->samples->drops = def->samples->zeros = -1;
	def->samples->span = span;
	def->sent = data_alloc(&l->result->data, 8);
}

void plan_stacks(struct lower *l, const struct lower_program *const *programs, unsigned n)
{
	struct stacks_def *def = &l->result->stacks;
	struct planning p = { .l = l };

	for (unsigned i = 0; i < n; i++)
		vec_foreach(event, &programs[i]->events)
			vec_foreach(clause, &event->clauses)
				walk_clause(*clause, note_stack, &p);
	def->kernel_frames = frames_in_key(l, p.frames[false], 0);
	def->has_user = p.frames[true] || p.addresses;
	if (def->kernel_frames)
		def->kernel = add_map(l, "kstacks", 8 * def->kernel_frames, p.span[false]);
	if (p.frames[true] && can_sample(l))
		plan_samples(l, p.frames[true], p.span[true]);
	def->user_frames = def->samples ? p.addresses : p.frames[true] > p.addresses ? p.frames[true] : p.addresses;
	def->user_frames = frames_in_key(l, def->user_frames, sizeof(struct user_stack));
	if (def->user_frames)
		def->user = add_map(l, "ustacks", sizeof(struct user_stack) + 8 * def->user_frames, p.span[true]);
	if (def->kernel || def->user)
		def->made = data_alloc(&l->result->data, 8);
}

/* %A of printa shows addresses of the process that is traced. */
void note_addresses(struct lower *l)
{
	struct format f;

	vec_foreach(record, &l->result->records)
		vec_foreach(item, &(*record)->items) {
			f = (struct format){ 0 };
			if (!item->format || !format_parse(l->arena, item->format, strlen(item->format), &f, NULL))
				continue;
			vec_foreach(piece, &f.pieces)
				l->result->stacks.has_user |= piece->conv && piece->class == FORMAT_UADDR;
		}
}

bool stacks_are_new(const struct lower *l, const struct type *t)
{
	if (t->kind == TYPE_TUPLE)
		for (unsigned i = 0; i < t->nparts; i++)
			if (stacks_are_new(l, t->parts[i]))
				return true;
	return t->kind == TYPE_STACK && t->user && l->result->stacks.samples && (!type_is_place(t) || t->skip);
}

/* --- the value --- */

/* current->mm, which tells one program that a process ran from the next; 0 where BTF does not say where it is. */
static struct ir_value *current_mm(struct lower *l)
{
	const struct lower_env *env = l->env_info;
	unsigned size = 8;
	int offset = env->kernel_offset ? env->kernel_offset(env->data, "task_struct", "mm", &size) : -1;
	struct ir_value *slot, *task;

	if (offset < 0)
		return ir_const(&l->b, 0);
	slot = ir_slot(&l->b, 8, 8, "mm");
	ir_store(&l->b, 8, slot, 0, ir_const(&l->b, 0));
	task = ir_call(&l->b, IR_H_get_current_task);
	ir_call(&l->b, IR_H_probe_read_kernel, slot, ir_const(&l->b, 8), ir_binary(&l->b, IR_ADD, task, ir_const(&l->b, offset)));
	return ir_load(&l->b, 8, slot, 0);
}

static struct ir_value *new_number(struct lower *l)
{
	struct ir_builder *b = &l->b;
	struct ir_value *time = ir_binary(b, IR_SHL, ir_call(b, IR_H_ktime_get_ns), ir_const(b, CPU_BITS));

	return ir_binary(b, IR_OR, time, ir_binary(b, IR_AND, ir_call(b, IR_H_get_smp_processor_id), ir_const(b, (1 << CPU_BITS) - 1)));
}

/* Where the two ways of a test go on. */
static void branch(struct lower *l, struct ir_value *cond, struct join **then, struct join **otherwise)
{
	*then = join_create(l);
	*otherwise = join_create(l);
	join_branch(l, cond, *then, *otherwise);
}

static struct ir_value *not_null(struct lower *l, struct ir_value *p)
{
	return ir_binary(&l->b, IR_NE, p, ir_const(&l->b, 0));
}

/* The number of the frames at `key` in l->env[result]; goes to `lost` where there is no room for it. */
static void find_number(struct lower *l, struct map_def *map, struct ir_value *key, unsigned result, struct join *lost,
			struct join *end)
{
	struct ir_builder *b = &l->b;
	struct ir_value *outer = ir_slot(b, 4, 4, "outer"), *inner, *p, *number;
	struct join *there, *known, *new;

	ir_store(b, 4, outer, 0, ir_const(b, 0));
	inner = ir_call(b, IR_H_map_lookup_elem, ir_map(b, map), outer);
	there = join_create(l);
	join_branch(l, not_null(l, inner), there, lost);
	join_enter(l, there);
	p = ir_call(b, IR_H_map_lookup_elem, inner, key);
	branch(l, not_null(l, p), &known, &new);
	new->block->unlikely = true;
	join_enter(l, known);
	l->env[result] = ir_load(b, 8, p, 0);
	join_jump(l, end);

	join_enter(l, new);
	number = ir_slot(b, 8, 8, "number");
	ir_store(b, 8, number, 0, new_number(l));
	ir_call(b, IR_H_map_update_elem, inner, key, number, ir_const(b, NOEXIST));
	ir_atomic_add(b, 8, ir_data(b, l->result->data.map, l->result->stacks.made), 0, ir_const(b, 1));
	p = ir_call(b, IR_H_map_lookup_elem, inner, key);
	there = join_create(l);
	join_branch(l, not_null(l, p), there, lost);
	join_enter(l, there);
	l->env[result] = ir_load(b, 8, p, 0);
	join_jump(l, end);
}

/* --- samples --- */

struct ir_value *lower_task_regs(struct lower *l)
{
	const struct lower_env *env = l->env_info;
	struct ir_builder *b = &l->b;
	unsigned size = 8;
	struct ir_value *slot, *task;
	int offset;

	if (lower_has(l, "task_pt_regs")) {
		task = ir_call(b, IR_H_get_current_task_btf);
		return ir_unary(b, IR_ADDRESS, ir_call(b, IR_H_task_pt_regs, task));
	}
	offset = env->kernel_offset(env->data, "task_struct", "stack", &size);
	slot = ir_slot(b, 8, 8, "stack");
	ir_store(b, 8, slot, 0, ir_const(b, 0));
	task = ir_binary(b, IR_ADD, ir_call(b, IR_H_get_current_task), ir_const(b, offset));
	ir_call(b, IR_H_probe_read_kernel, slot, ir_const(b, 8), task);
	return ir_binary(b, IR_ADD, ir_load(b, 8, slot, 0), ir_const(b, THREAD_SIZE - env->regs.size));
}

static struct ir_value *in_user_code(struct lower *l, struct ir_value *regs)
{
	const struct lower_env *env = l->env_info;
	struct ir_value *mode = ir_load(&l->b, 8, regs, env->regs.mode);

	return ir_binary(&l->b, IR_NE, ir_binary(&l->b, IR_AND, mode, ir_const(&l->b, env->regs.user_mask)), ir_const(&l->b, 0));
}

/* Reads the registers of the user's code; where there is none (a kernel thread), control goes to `none`. */
static void read_regs(struct lower *l, struct ir_value *regs, struct join *none)
{
	const struct lower_env *env = l->env_info;
	struct ir_builder *b = &l->b;
	struct ir_value *size = ir_const(b, env->regs.size), *sp;
	struct join *in_user = join_create(l), *in_kernel = join_create(l), *there;

	if (l->program->ops->regs) {
		ir_call(b, IR_H_probe_read_kernel, regs, size, l->program->ops->regs(b));
		join_branch(l, in_user_code(l, regs), in_user, in_kernel);
		join_enter(l, in_kernel);
	}
	ir_call(b, IR_H_probe_read_kernel, regs, size, lower_task_regs(l));
	join_branch(l, in_user_code(l, regs), in_user, none);
	join_enter(l, in_user);
	sp = ir_load(b, 8, regs, env->regs.sp);
	there = join_create(l);
	join_branch(l, ir_binary(b, IR_NE, sp, ir_const(b, 0)), there, none);
	join_enter(l, there);
}

/*
 * Copies the stack from `from` on to `to`, page by page, since a read over the end of what is mapped would give nothing. Gives the number of
 * bytes: to the end of the last page that could be read.
 */
static struct ir_value *read_stack(struct lower *l, struct ir_value *to, struct ir_value *from, struct ir_value *sp)
{
	struct ir_builder *b = &l->b;
	unsigned pages = (l->result->stacks.sample_size - sizeof(struct stack_sample)) / SAMPLE_PAGE;
	struct ir_value *within = ir_binary(b, IR_AND, from, ir_const(b, SAMPLE_PAGE - 8)), *size, *page, *error, *same;
	unsigned result = env_add(l, ir_const(b, 0));
	struct join *end = join_create(l), *next;

	size = ir_binary(b, IR_SUB, ir_const(b, SAMPLE_PAGE), within);
	page = ir_binary(b, IR_AND, from, ir_const(b, -SAMPLE_PAGE));
	error = ir_call(b, IR_H_probe_read_user, ir_padd(b, to, within, 0), size, ir_binary(b, IR_OR, page, within));
	/* a page below the stack pointer's may not be there */
	same = ir_binary(b, IR_EQ, page, ir_binary(b, IR_AND, sp, ir_const(b, -SAMPLE_PAGE)));
	error = ir_binary(b, IR_MUL, error, same);
	for (unsigned i = 1; i < pages; i++) {
		next = join_create(l);
		join_branch(l, ir_binary(b, IR_NE, error, ir_const(b, 0)), end, next);
		join_enter(l, next);
		l->env[result] = ir_binary(b, IR_ADD, size, ir_const(b, (i - 1) * SAMPLE_PAGE));
		error = ir_call(b, IR_H_probe_read_user, ir_padd(b, to, NULL, i * SAMPLE_PAGE), ir_const(b, SAMPLE_PAGE),
				ir_binary(b, IR_ADD, page, ir_const(b, i * SAMPLE_PAGE)));
	}
	next = join_create(l);
	join_branch(l, ir_binary(b, IR_NE, error, ir_const(b, 0)), end, next);
	join_enter(l, next);
	l->env[result] = ir_binary(b, IR_ADD, size, ir_const(b, (pages - 1) * SAMPLE_PAGE));
	join_jump(l, end);
	join_enter(l, end);
	return l->env[result];
}

static struct ir_value *read_word(struct lower *l, struct ir_value *slot, struct ir_value *object, int offset)
{
	struct ir_builder *b = &l->b;

	ir_call(b, IR_H_probe_read_kernel, slot, ir_const(b, 8), ir_binary(b, IR_ADD, object, ir_const(b, offset)));
	return ir_load(b, 8, slot, 0);
}

/* What the kernel keeps of the calls whose return addresses it has replaced: current->utask->return_instances. A read that fails gives 0. */
static void read_returns(struct lower *l, struct ir_value *sample)
{
	static const char *const path[][2] = {
		{ "task_struct", "utask" }, { "uprobe_task", "return_instances" }, { "return_instance", "stack" },
		{ "return_instance", "orig_ret_vaddr" }, { "return_instance", "next" },
	};
	enum { UTASK, FIRST, AT, ADDRESS, NEXT, PARTS };
	const struct lower_env *env = l->env_info;
	struct ir_builder *b = &l->b;
	unsigned count = env_add(l, ir_const(b, 0)), size = 8, at = offsetof(struct stack_sample, returns);
	struct join *end = join_create(l), *next;
	struct ir_value *slot, *call;
	int offsets[PARTS];

	for (unsigned i = 0; i < PARTS; i++) {
		offsets[i] = env->has_uretprobes && env->kernel_offset ? env->kernel_offset(env->data, path[i][0], path[i][1], &size) : -1;
		if (offsets[i] < 0) {
			ir_store(b, 8, sample, offsetof(struct stack_sample, nreturns), ir_const(b, 0));
			return;
		}
	}
	slot = ir_slot(b, 8, 8, "call");
	ir_store(b, 8, slot, 0, ir_const(b, 0));
	call = read_word(l, slot, ir_call(b, IR_H_get_current_task), offsets[UTASK]);
	call = read_word(l, slot, call, offsets[FIRST]);
	for (unsigned i = 0; i < SAMPLE_RETURNS; i++, at += sizeof(((struct stack_sample *)0)->returns[0])) {
		next = join_create(l);
		join_branch(l, not_null(l, call), next, end);
		join_enter(l, next);
		ir_store(b, 8, sample, (int)at, read_word(l, slot, call, offsets[AT]));
		ir_store(b, 8, sample, (int)at + 8, read_word(l, slot, call, offsets[ADDRESS]));
		l->env[count] = ir_const(b, i + 1);
		call = read_word(l, slot, call, offsets[NEXT]);
	}
	join_jump(l, end);
	join_enter(l, end);
	ir_store(b, 8, sample, offsetof(struct stack_sample, nreturns), l->env[count]);
}

/* Sends the sample; 0 if that was possible. */
static struct ir_value *send_sample(struct lower *l, struct ir_value *sample, struct ir_value *size)
{
	struct ir_builder *b = &l->b;
	struct map_def *map = l->result->stacks.samples;
	struct ir_value *ring = ir_map(b, map), *used, *wakes;

	used = ir_call(b, IR_H_ringbuf_query, ring, ir_const(b, RING_QUERY_AVAIL));
	wakes = ir_binary(b, IR_ULE, ir_const(b, map->entries / 4), used);
	ir_atomic_add(b, 8, ir_data(b, l->result->data.map, l->result->stacks.sent), 0, ir_const(b, 1));
	return ir_call(b, IR_H_ringbuf_output, ring, sample, size, ir_binary(b, IR_ADD, wakes, ir_const(b, RING_NO_WAKEUP)));
}

static struct ir_value *sample_number(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	unsigned pages = (l->result->stacks.sample_size - sizeof(struct stack_sample)) / SAMPLE_PAGE;
	struct ir_value *slot = ir_slot(b, sample_slot_size(pages), 8, "sample"), *regs, *sp, *from, *size, *sample, *number;
	struct join *end = join_create(l), *sent, *lost;
	unsigned result = env_add(l, ir_const(b, STACK_NONE));

	slot->slot->indexed = true;
	regs = ir_slot(b, (l->env_info->regs.size + 7) & ~7u, 8, "regs");
	read_regs(l, regs, end);
	sp = ir_load(b, 8, regs, l->env_info->regs.sp);
	from = ir_binary(b, IR_SUB, sp, ir_const(b, SAMPLE_BELOW));
	size = read_stack(l, ir_padd(b, slot, NULL, sizeof(struct stack_sample)), from, sp);
	sample = ir_padd(b, slot, ir_binary(b, IR_AND, from, ir_const(b, SAMPLE_PAGE - 8)), 0);
	number = new_number(l);
	ir_store(b, 8, sample, offsetof(struct stack_sample, number), number);
	ir_store(b, 8, sample, offsetof(struct stack_sample, pid), lower_pid(l));
	ir_copy(b, ir_padd(b, sample, NULL, offsetof(struct stack_sample, regs)), regs, l->env_info->regs.size);
	read_returns(l, sample);
	size = ir_binary(b, IR_ADD, size, ir_const(b, sizeof(struct stack_sample)));
	branch(l, ir_binary(b, IR_NE, send_sample(l, sample, size), ir_const(b, 0)), &lost, &sent);
	lost->block->unlikely = true;
	join_enter(l, sent);
	l->env[result] = number;
	join_jump(l, end);
	join_enter(l, lost);
	lower_loss(l, LOSS_SAMPLE, NULL, e->span);
	l->env[result] = ir_const(b, STACK_LOST);
	join_jump(l, end);
	join_enter(l, end);
	return l->env[result];
}

static void store_process(struct lower *l, struct ir_value *key)
{
	ir_store(&l->b, 8, key, offsetof(struct user_stack, pid), lower_pid(l));
	ir_store(&l->b, 8, key, offsetof(struct user_stack, mm), current_mm(l));
}

/* The number of a stack that has the address alone. */
static struct ir_value *address_number(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	struct map_def *map = l->result->stacks.user;
	struct ir_value *address = lower_number(l, e->args.data[0]), *key = ir_slot(b, map->key_size, 8, "frames");
	struct join *lost = join_create(l), *end = join_create(l);
	unsigned result = env_add(l, ir_const(b, STACK_NONE));

	if (!b->block)
		return ir_const(b, STACK_NONE);
	lost->block->unlikely = true;
	ir_zero(b, key, map->key_size);
	store_process(l, key);
	ir_store(b, 8, key, sizeof(struct user_stack), address);
	find_number(l, map, key, result, lost, end);
	join_enter(l, lost);
	lower_loss(l, LOSS_STACK, NULL, e->span);
	l->env[result] = ir_const(b, STACK_LOST);
	join_jump(l, end);
	join_enter(l, end);
	return l->env[result];
}

/* The stack's number; STACK_NONE where there is none, STACK_LOST (counted) where it could not be had. */
static struct ir_value *stack_number(struct lower *l, const struct expr *e)
{
	struct ir_builder *b = &l->b;
	bool user = e->type->user;
	const struct stacks_def *def = &l->result->stacks;
	struct map_def *map = user ? def->user : def->kernel;
	unsigned head = user ? sizeof(struct user_stack) : 0, room = map->key_size - head;
	unsigned frames = frames_of(e->type), size = 8 * frames < room ? 8 * frames : room;
	struct ir_value *key = ir_slot(b, map->key_size, 8, "frames"), *n;
	struct join *got, *error, *failed, *none, *lost, *end = join_create(l);
	unsigned result = env_add(l, ir_const(b, STACK_NONE));

	if (user)
		store_process(l, key);
	/* Raw tracepoints' bpf_get_stack() takes the stack's memory only if it is initialised, on 5.10. Larger keys are not on the stack. */
	if (room <= OLD_KEY_MAX)
		ir_zero(b, ir_padd(b, key, NULL, head), room);
	else if (size < room)
		ir_zero(b, ir_padd(b, key, NULL, head + size), room - size);
	n = ir_call(b, IR_H_get_stack, ir_ctx(b), ir_padd(b, key, NULL, head), ir_const(b, size),
		    ir_const(b, user ? USER_STACK : 0));
	branch(l, ir_binary(b, IR_SLT, n, ir_const(b, 0)), &error, &got);
	lost = join_create(l);
	lost->block->unlikely = true;
	join_enter(l, got);
	find_number(l, map, key, result, lost, end);

	join_enter(l, error);
	branch(l, ir_binary(b, IR_EQ, n, ir_const(b, EFAULT_ERROR)), &none, &failed);
	join_enter(l, none);
	join_jump(l, end);
	join_enter(l, failed);
	join_jump(l, lost);
	join_enter(l, lost);
	lower_loss(l, LOSS_STACK, NULL, e->span);
	l->env[result] = ir_const(b, STACK_LOST);
	join_jump(l, end);
	join_enter(l, end);
	return l->env[result];
}

/* An expression's stack is taken once, where that surely comes before all uses. */
struct value lower_stack(struct lower *l, const struct expr *e)
{
	struct value v = { .kind = VALUE_MEMORY, .type = e->type, .padded = true, .on_stack = true };
	bool user = e->type->user;

	if (is_shown_stack(e)) {
		v = lower_stack(l, e->args.data[0]);
		v.type = e->type;
		return v;
	}
	if (is_address(e)) {
		v.v = ir_slot(&l->b, 8, 8, "stack");
		ir_store(&l->b, 8, v.v, 0, address_number(l, e));
		return v;
	}
	if (l->known.stack[user] && (l->known.frames[user] == frames_of(e->type) || (user && l->result->stacks.samples))) {
		v.v = l->known.stack[user];
		return v;
	}
	v.v = ir_slot(&l->b, 8, 8, "stack");
	ir_store(&l->b, 8, v.v, 0, user && l->result->stacks.samples ? sample_number(l, e) : stack_number(l, e));
	if (!l->depth) {
		l->known.stack[user] = v.v;
		l->known.frames[user] = frames_of(e->type);
	}
	return v;
}

struct ir_value *lower_stack_depth(struct lower *l, bool user)
{
	struct ir_builder *b = &l->b;
	struct ir_value *frames = ir_slot(b, 8 * STACK_FRAMES, 8, "frames"), *size, *got;

	size = ir_call(b, IR_H_get_stack, ir_ctx(b), frames, ir_const(b, 8 * STACK_FRAMES), ir_const(b, user ? USER_STACK : 0));
	got = ir_binary(b, IR_SLT, ir_const(b, 0), size);
	return ir_binary(b, IR_MUL, ir_binary(b, IR_LSHR, size, ir_const(b, 3)), got);
}

struct ir_value *lower_caller(struct lower *l, bool user)
{
	struct ir_builder *b = &l->b;
	struct ir_value *address = ir_slot(b, 8, 8, "caller");

	ir_store(b, 8, address, 0, ir_const(b, 0));
	ir_call(b, IR_H_get_stack, ir_ctx(b), address, ir_const(b, 8), ir_const(b, (user ? USER_STACK : 0) | SKIP_ONE));
	return ir_load(b, 8, address, 0);
}
