// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Variables: where each lives is decided once for the whole program, from how it is used (plan_variables); then reading,
 * writing and stepping are the same few operations on a place.
 */
#include "ir/lowering.h"

#include "lang/walk.h"

#include <string.h>

enum {
	LARGE_VALUE = 64,		/* bytes */
	SMALL_SAMPLE = 1024,		/* bytes of a user stack's sample in the ring: few are smaller */
	SPARE_KEYS = 16,
	PERCPU_MAX = 16 << 20,		/* bytes of a map's values on all CPUs */
};

static unsigned round_up(unsigned n, unsigned align)
{
	return (n + align - 1) & ~(align - 1);
}

/* The expression under an INDEX, or e itself: the variable. */
static const struct expr *var_base(const struct expr *e)
{
	return e->kind == EXPR_INDEX ? e->left : e;
}

static struct symbol *var_symbol(const struct expr *e)
{
	return e->symbol ? e->symbol : var_base(e)->symbol;
}

struct var_plan *var_plan(const struct expr *e)
{
	struct symbol *sym = var_symbol(e);

	return sym && sym->kind != SYM_LOCAL ? sym->layout : NULL;
}

/* --- planning --- */

struct planner {
	struct lower *l;
	const struct lower_program *program;
};

static bool is_variable(const struct symbol *sym)
{
	return sym->kind == SYM_GLOBAL || sym->kind == SYM_MAP || sym->kind == SYM_SELF;
}

/* The variable, or its element, that the place lies in. */
static const struct expr *written_base(const struct expr *e)
{
	while (lower_is_place(e) && e->left->type->kind != TYPE_POINTER)
		e = e->left;
	return e;
}

/* Whether e changes a variable, in the program that is being walked. */
static void note_update(void *data, struct expr *e)
{
	struct planner *p = data;
	struct var_plan *plan;
	bool changes = e->kind == EXPR_ASSIGN || e->kind == EXPR_PREFIX || e->kind == EXPR_POSTFIX;
	const struct expr *base;

	if (!changes)
		return;
	base = written_base(e->left);
	if (!var_symbol(base) || !is_variable(var_symbol(base)))
		return;
	plan = var_plan(base);
	if (base == e->left && e->kind == EXPR_ASSIGN && e->op == OP_NONE && !plan->kept && kept_is_read(p->l, var_symbol(e->left)->type, e->right)) {
		plan->kept = true;
		plan->kept_span = e->right->span;
	}
	if (plan->updaters.len && plan->updaters.data[plan->updaters.len - 1] == p->program)
		return;
	*arena_vec_add(p->l->arena, &plan->updaters) = p->program;
}

static void note_updates(struct lower *l, const struct lower_program *const *programs, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct planner p = { l, programs[i] };

		vec_foreach(event, &programs[i]->events)
			vec_foreach(clause, &event->clauses)
				walk_clause(*clause, note_update, &p);
	}
}

/* Only changed by aggregating or counting, so each CPU and program may have its own. */
static bool is_percpu(const struct symbol *sym)
{
	if (sym->kind == SYM_SELF || sym->is_read || sym->is_iterated)
		return false;
	if (sym->type->kind == TYPE_AGG)
		return true;
	return type_is_int(sym->type) && sym->is_stepped && !sym->is_written;
}

/*
 * A map of per-CPU values is allocated beforehand, since the kernel makes new ones only as fast as it has pages ready: a burst
 * of new keys would be lost. Where that takes too much memory, and each number is only added to, all CPUs share the values.
 */
static bool shares_values(const struct lower *l, const struct symbol *sym, const struct type *value, unsigned cells)
{
	unsigned size = agg_cell_size(value);
	uint64_t total = (uint64_t)l->env_info->map_entries * l->env_info->ncpus * size * cells;

	return sym->key && agg_only_adds(value) && (size > LARGE_VALUE || total > PERCPU_MAX);
}

/* Working storage of a thread: set here, used and deleted there, not printed. */
static bool is_working_storage(const struct symbol *sym)
{
	if (sym->kind == SYM_SELF)
		return !sym->key;
	return sym->kind == SYM_MAP && sym->key_is_tid && sym->is_deleted && !sym->is_printed && !sym->is_iterated &&
	       sym->type->kind != TYPE_AGG;
}

/* Bytes that a value takes: numbers 8, so that they can be added to atomically. */
static unsigned stored_size(const struct type *t)
{
	if (t->kind == TYPE_AGG)
		return agg_cell_size(t);
	return type_is_scalar(t) ? 8 : round_up(t->size, 8);
}

static void add_key_field(struct lower *l, struct map_def *map, const struct type *t)
{
	unsigned align = type_is_scalar(t) ? t->size : type_align(t);
	unsigned offset = round_up(map->key_size, align ? align : 1);

	*arena_vec_add(l->arena, &map->key) = (struct key_field){
		.offset = offset, .size = t->size, .memory = !type_is_scalar(t),
	};
	map->key_size = offset + t->size;
}

static void add_key(struct lower *l, struct map_def *map, const struct type *key)
{
	if (key->kind != TYPE_TUPLE)
		add_key_field(l, map, key);
	else
		for (unsigned i = 0; i < key->nparts; i++)
			add_key(l, map, key->parts[i]);
}

static struct map_def *add_map(struct lower *l, const char *name, enum map_kind kind)
{
	struct map_def *map = ir_map_add(l->result->module, name);

	map->kind = kind;
	map->entries = l->env_info->map_entries;
	map->drops = map->zeros = -1;
	return map;
}

static void finish_map(struct lower *l, struct var_plan *plan, struct map_def *map)
{
	if (l->env_info->var_entries && *plan->def.name != '@')
		map->entries = l->env_info->var_entries;
	map->key_size = round_up(map->key_size, map->key_size > 4 ? 8 : 4);
	map->span = plan->def.span;
	/* LOSS_MAP_BUSY is behind it */
	if (l->script->dialect == DIALECT_D && *plan->def.name == '@') {
		map->drops = loss_offset_by_cpu(l, LOSS_MAP_FULL, 2, plan->def.name, plan->def.span);
		map->drops_stride = 16;
	} else {
		map->drops = loss_offset(l, LOSS_MAP_FULL, plan->def.name, plan->def.span);
		loss_offset(l, LOSS_MAP_BUSY, plan->def.name, plan->def.span);
	}
	if (map->value_size > LARGE_VALUE)
		map->zeros = data_alloc(&l->result->data, map->value_size);
}

static void plan_task(struct lower *l, struct var_plan *plan)
{
	struct map_def *map;

	plan->def.storage = VAR_TASK;
	if (lower_has(l, "task_storage")) {
		if (!l->task_map) {
			l->task_map = add_map(l, "task", MAP_TASK_STORAGE);
			l->task_map->drops = loss_offset(l, LOSS_MAP_BUSY, plan->def.name, plan->def.span);
		}
		map = l->task_map;
		plan->def.offset = map->value_size;
	} else {
		map = add_map(l, plan->def.name, MAP_HASH);
		add_key_field(l, map, &type_u32);
		finish_map(l, plan, map);
	}
	map->value_size += plan->def.cell_size;
	plan->def.map = map;
}

static void plan_percpu_cell(struct lower *l, struct var_plan *plan)
{
	struct data_def *data = &l->result->data;

	if (!data->cells)
		data->cells = add_map(l, "cells", MAP_ARRAY);
	data->cells->mmapable = true;
	data->cells->entries = 1;
	plan->def.storage = VAR_PERCPU;
	plan->def.map = data->cells;
	plan->def.offset = data_alloc_percpu(data, plan->def.cells * plan->def.cell_size);
}

static bool shared_by_instances(const struct var_plan *plan)
{
	vec_foreach(p, &plan->updaters)
		if ((*p)->can_interrupt)
			return true;
	return false;
}

/* A map by targets alone has no more keys than there are, and a large one takes its time to make. */
static void bound_entries(const struct lower *l, struct map_def *map, const struct type *key)
{
	unsigned n = l->env_info->ntargets + SPARE_KEYS;

	if (key && key->kind == TYPE_INT && key->show >= SHOW_FUNC && key->show <= SHOW_PROBENAME && n < map->entries)
		map->entries = n;
}

static void plan_map(struct lower *l, struct var_plan *plan, const struct symbol *sym, bool percpu)
{
	struct map_def *map = add_map(l, plan->def.name, percpu ? MAP_PERCPU_HASH : MAP_HASH);

	plan->def.storage = VAR_MAP;
	plan->def.map = map;
	if (sym->kind == SYM_SELF)
		add_key_field(l, map, &type_u32);
	add_key(l, map, sym->key);
	if (sym->kind == SYM_MAP)
		bound_entries(l, map, sym->key);
	map->value_size = plan->def.cells * plan->def.cell_size;
	map->swapped = sym->is_cleared || plan->def.sampled;
	plan->def.room = map->entries;
	if (plan->def.sampled && map->entries < l->env_info->stack_ring / SMALL_SAMPLE)
		map->entries = l->env_info->stack_ring / SMALL_SAMPLE;
	finish_map(l, plan, map);
}

/* A literal is one of the keys and does not say what all are. */
static const char *key_name(struct lower *l, const struct expr *e)
{
	if (!ast_is_literal(e))
		return ast_expr_text(l->arena, e);
	return e->kind == EXPR_TUPLE ? "tuple" : e->type->kind == TYPE_STRING ? "string" : "number";
}

static const char *key_names(struct lower *l, const struct symbol *sym)
{
	const char *names = "";
	bool any = false;

	if (!sym->key_expr)
		return NULL;
	vec_foreach(arg, &((struct expr *)sym->key_expr)->args) {
		names = arena_printf(l->arena, "%s%s%s", names, *names ? ", " : "", key_name(l, *arg));
		any |= !ast_is_literal(*arg);
	}
	return any ? names : NULL;
}

static void plan_variable(struct lower *l, struct var_plan *plan, const struct symbol *sym)
{
	struct var_def *def = &plan->def;
	bool percpu = is_percpu(sym);
	unsigned cells = plan->updaters.len ? plan->updaters.len : 1;	/* each program has its own */

	def->key = sym->key;
	def->key_names = key_names(l, sym);
	def->value = sym->type;
	if (percpu && sym->type->kind != TYPE_AGG)
		def->value = type_agg(l->arena, AGG_COUNT, &type_s64);
	/* an entry that one firing makes and no other finds needs no copy for each CPU */
	def->sampled = sym->key && stacks_are_new(l, sym->key);
	percpu = percpu && !def->sampled && !shares_values(l, sym, def->value, cells);
	def->print_at_end = sym->kind == SYM_MAP && !is_working_storage(sym);
	def->deleted = sym->is_deleted && !sym->key;
	def->cells = percpu ? cells : 1;
	def->cell_size = stored_size(def->value) + (plan->kept ? KEPT_SIZE : 0);
	plan->atomic = (!percpu || shared_by_instances(plan)) && !is_working_storage(sym);
	plan->carries = plan->atomic && sym->is_stepped;
	if (is_working_storage(sym)) {
		plan_task(l, plan);
	} else if (sym->key) {
		plan_map(l, plan, sym, percpu);
	} else if (percpu) {
		plan_percpu_cell(l, plan);
	} else {
		def->storage = VAR_DATA;
		def->map = l->result->data.map;
		def->offset = data_alloc(&l->result->data, def->cell_size);
	}
}

void plan_variables(struct lower *l, const struct lower_program *const *programs, unsigned n)
{
	vec_foreach(sym, &l->script->vars) {
		struct var_plan *plan = arena_new(l->arena, struct var_plan);

		plan->def.name = (*sym)->name;
		plan->def.span = (*sym)->span;
		(*sym)->layout = plan;
	}
	note_updates(l, programs, n);
	vec_foreach(sym, &l->script->vars) {
		struct var_plan *plan = (*sym)->layout;

		plan->def.id = l->result->vars.len;
		*arena_vec_add(l->arena, &l->result->vars) = &plan->def;
		if ((*sym)->type->kind != TYPE_ERROR)
			plan_variable(l, plan, *sym);
	}
	data_finish_percpu(&l->result->data);
	group_maps(l);
}

/* --- places --- */

static struct ir_value *current_tid(struct lower *l)
{
	struct ir_value *pid_tgid = ir_call(&l->b, IR_H_get_current_pid_tgid);

	return ir_extend(&l->b, IR_ZEXT, pid_tgid, 4);
}

static bool too_many_parts(struct lower *l, const struct expr *e, unsigned n)
{
	if (n == MAX_KEY_PARTS)
		lower_unsupported(l, e->span, "a key of so many parts");
	return n == MAX_KEY_PARTS;
}

/* The parts of a tuple that lies in memory, as the parts of the key of that type. */
static unsigned add_stored_parts(struct lower *l, const struct expr *e, struct value tuple, const struct type *type,
				 struct ir_value **parts, unsigned n)
{
	for (unsigned i = 0; i < type->nparts; i++) {
		const struct type *to = type->parts[i];
		unsigned offset = type_tuple_offset(tuple.type, i);
		struct value v = { .kind = VALUE_MEMORY, .type = tuple.type->parts[i], .padded = true };

		if (type_is_scalar(to)) {
			if (too_many_parts(l, e, n))
				return n;
			parts[n++] = lower_convert(l, ir_load(&l->b, v.type->size, tuple.v, offset), v.type);
			continue;
		}
		v.v = ir_padd(&l->b, tuple.v, NULL, offset);
		if (to->kind == TYPE_TUPLE) {
			n = add_stored_parts(l, e, v, to, parts, n);
			continue;
		}
		if (too_many_parts(l, e, n))
			return n;
		parts[n++] = memory_resize(l, v, to->size, true).v;
	}
	return n;
}

static unsigned add_part(struct lower *l, const struct expr *e, const struct type *type, struct ir_value **parts,
			 unsigned n)
{
	struct value v;

	if (e->kind == EXPR_TUPLE && type->kind == TYPE_TUPLE) {
		for (unsigned i = 0; i < type->nparts; i++)
			n = add_part(l, e->args.data[i], type->parts[i], parts, n);
		return n;
	}
	if (type->kind == TYPE_TUPLE) {
		v = lower_memory(l, e, true);
		return l->b.block ? add_stored_parts(l, e, v, type, parts, n) : n;
	}
	if (too_many_parts(l, e, n))
		return n;
	if (type_is_scalar(type))
		parts[n] = lower_number(l, e);
	else
		parts[n] = lower_sized(l, e, type->size).v;
	return n + 1;
}

unsigned lower_key(struct lower *l, const struct expr *e, struct ir_value **parts)
{
	struct symbol *sym = var_symbol(e);
	struct map_def *map = var_plan(e)->def.map;
	unsigned n = 0;

	if (map->kind == MAP_TASK_STORAGE)
		return 0;
	if (sym->kind == SYM_SELF || is_working_storage(sym))
		parts[n++] = current_tid(l);
	if (is_working_storage(sym))
		return n;
	if (e->kind != EXPR_INDEX)
		return n;
	if (sym->key->kind != TYPE_TUPLE || e->args.len == 1)
		return add_part(l, e->args.data[0], sym->key, parts, n);
	for (unsigned i = 0; i < e->args.len; i++)
		n = add_part(l, e->args.data[i], sym->key->parts[i], parts, n);
	return n;
}

/* Which of the cells is the present program's. */
static unsigned cell_index(const struct lower *l, const struct var_plan *plan)
{
	for (unsigned i = 0; i < plan->def.cells && i < plan->updaters.len; i++)
		if (plan->updaters.data[i] == l->program)
			return i;
	return 0;
}

static struct ir_value *percpu_place(struct lower *l, struct var_plan *plan)
{
	struct data_def *data = &l->result->data;
	struct ir_value *base = ir_data(&l->b, data->cells, plan->def.offset + cell_index(l, plan) * plan->def.cell_size);

	return ir_by_cpu(&l->b, base, data->ncpus, data->cells->stride);
}

struct ir_value *var_place(struct lower *l, const struct expr *e, bool make, struct join *none)
{
	struct var_plan *plan = var_plan(e);
	struct ir_value *parts[MAX_KEY_PARTS], *p;
	struct join *found;
	unsigned n, offset;

	if (plan->def.storage == VAR_DATA)
		return ir_data(&l->b, plan->def.map, plan->def.offset);
	if (plan->def.storage == VAR_PERCPU)
		return percpu_place(l, plan);
	n = lower_key(l, e, parts);
	if (!l->b.block)
		return ir_const(&l->b, 0);
	p = ir_keyed(&l->b, make ? IR_ENTRY : IR_LOOKUP, plan->def.map, parts, n);
	found = join_create(l);
	join_branch(l, ir_binary(&l->b, IR_NE, p, ir_const(&l->b, 0)), found, none);
	join_enter(l, found);
	offset = plan->def.offset + cell_index(l, plan) * plan->def.cell_size;
	return offset ? ir_padd(&l->b, p, NULL, offset) : p;
}

/* --- locals --- */

static bool is_memory(const struct type *t)
{
	return !type_is_scalar(t) && t->kind != TYPE_ERROR;
}

struct local *local_find(struct lower *l, const struct symbol *sym)
{
	struct local *local;

	for (local = l->locals; local; local = local->next)
		if (local->symbol == sym)
			return local;
	local = arena_new(l->arena, struct local);
	*local = (struct local){ .symbol = sym, .next = l->locals };
	l->locals = local;
	if (is_memory(sym->type)) {
		local->slot = ir_slot(&l->b, round_up(sym->type->size, 8), 8, sym->name)->slot;
		ir_zero(&l->b, lower_slot_address(l, local->slot), local->slot->size);
	} else {
		local->index = env_add(l, ir_const(&l->b, 0));
	}
	return local;
}

static struct value local_read(struct lower *l, const struct symbol *sym)
{
	struct local *local = local_find(l, sym);

	if (!local->slot)
		return value_number(sym->type, l->env[local->index]);
	return (struct value){
		.kind = VALUE_MEMORY, .type = sym->type, .v = lower_slot_address(l, local->slot), .padded = true,
	};
}

/* --- reading --- */

/* Atomic additions leave carries above a small number. */
static struct value place_value(struct lower *l, const struct var_plan *plan, struct ir_value *p)
{
	const struct type *type = plan->def.value;
	struct ir_value *v;

	if (type->kind == TYPE_AGG)
		return value_number(&type_s64, agg_read(l, type, p));
	if (type_is_scalar(type)) {
		v = ir_load(&l->b, 8, p, 0);
		return value_number(type, plan->carries ? lower_convert(l, v, type) : v);
	}
	return (struct value){ .kind = VALUE_MEMORY, .type = type, .v = p, .padded = true };
}

/* An empty value: 0, or memory of zeros. */
static struct value empty_value(struct lower *l, const struct type *type)
{
	if (type_is_scalar(type) || type->kind == TYPE_AGG)
		return value_number(type->kind == TYPE_AGG ? &type_s64 : type, ir_const(&l->b, 0));
	return string_literal(l, "", 0, type->size);
}

struct value var_read(struct lower *l, const struct expr *e)
{
	struct symbol *sym = var_symbol(e);
	struct var_plan *plan;
	struct value v, empty;
	struct join *none, *end;
	struct ir_value *p;
	unsigned result;

	if (sym->kind == SYM_LOCAL)
		return local_read(l, sym);
	plan = var_plan(e);
	none = join_create(l);
	end = join_create(l);
	result = env_add(l, ir_const(&l->b, 0));
	p = var_place(l, e, false, none);
	if (plan->kept && l->b.block)
		kept_refresh(l, plan, p);
	v = place_value(l, plan, p);
	if (!none->edges.len || !l->b.block)
		return v;
	l->env[result] = v.v;
	join_jump(l, end);
	join_enter(l, none);
	empty = empty_value(l, plan->def.value);
	l->env[result] = empty.v;
	join_jump(l, end);
	join_enter(l, end);
	v.v = env_take(l, result);
	return v;
}

/* --- writing --- */

static bool is_zero(const struct expr *e)
{
	return e->is_const && (e->kind == EXPR_STRING ? !e->len : !e->value);
}

static bool same_target(const struct type *a, const struct type *b)
{
	return b->kind == TYPE_POINTER && a->target->origin && a->target->origin == b->target->origin &&
	       a->target->origin_id == b->target->origin_id;
}

/*
 * A pointer that is set where all of the clause behind it sees that, and nowhere else, is followed as the kernel object that it is. Its
 * number, which the verifier lets nobody make of such a pointer, goes through memory; where nobody needs it, it is not made.
 */
static struct ir_value *write_pointer(struct lower *l, struct local *local, const struct expr *value)
{
	const struct type *type = local->symbol->type;
	struct ir_value *v, *slot, *number;

	if (local->writes != 1 || !local->symbol->clause || l->depth || l->loop || type->kind != TYPE_POINTER || type->user ||
	    !same_target(type, value->type))
		return lower_number(l, value);
	v = lower_object_or_number(l, value);
	if (!l->b.block || v->type != IR_PTR)
		return v;
	local->object = v;
	local->object_in = l->b.func;
	slot = ir_slot(&l->b, 8, 8, "object");
	number = ir_slot(&l->b, 8, 8, "number");
	ir_store(&l->b, 8, slot, 0, v);
	ir_call(&l->b, IR_H_probe_read_kernel, number, ir_const(&l->b, 8), slot);
	return ir_load(&l->b, 8, number, 0);
}

static struct value write_local(struct lower *l, const struct symbol *sym, const struct expr *value)
{
	struct local *local = local_find(l, sym);

	if (!local->slot) {
		struct ir_value *v = lower_convert(l, write_pointer(l, local, value), sym->type);

		l->env[local->index] = v;
		return value_number(sym->type, v);
	}
	if (is_zero(value)) {
		ir_zero(&l->b, lower_slot_address(l, local->slot), local->slot->size);
	} else {
		struct value v = lower_sized(l, value, sym->type->size);

		if (l->b.block)
			ir_copy(&l->b, lower_slot_address(l, local->slot), v.v, sym->type->size);
	}
	return local_read(l, sym);
}

struct value var_write(struct lower *l, const struct expr *e, const struct expr *value)
{
	struct symbol *sym = var_symbol(e);
	bool scalar = type_is_scalar(sym->type), zero = is_zero(value), kept;
	struct value v = { .kind = VALUE_NONE, .type = sym->type };
	struct join *none;
	struct ir_value *p;

	if (sym->kind == SYM_LOCAL)
		return write_local(l, sym, value);
	/* a thread's variable that is set to 0 is given back */
	if (zero && sym->kind == SYM_SELF) {
		var_delete(l, e);
		return empty_value(l, sym->type);
	}
	kept = var_plan(e)->kept && kept_is_read(l, sym->type, value);
	if (scalar)
		v = value_number(sym->type, lower_convert(l, lower_number(l, value), sym->type));
	else if (kept)
		v = kept_read(l, var_plan(e), value);
	else if (zero)
		v = empty_value(l, sym->type);
	else
		v = lower_sized(l, value, sym->type->size);
	if (!l->b.block)
		return v;
	none = join_create(l);
	p = var_place(l, e, true, none);
	if (!l->b.block)
		return v;
	if (scalar)
		ir_store(&l->b, 8, p, 0, v.v);
	else if (zero)
		ir_zero(&l->b, p, round_up(sym->type->size, 8));
	else
		ir_copy(&l->b, p, v.v, kept ? var_plan(e)->def.cell_size : sym->type->size);
	if (var_plan(e)->kept && !kept)
		ir_zero(&l->b, ir_padd(&l->b, p, NULL, var_plan(e)->def.cell_size - KEPT_SIZE), KEPT_SIZE);
	join_jump(l, none);
	join_enter(l, none);
	return v;
}

void var_delete(struct lower *l, const struct expr *e)
{
	struct symbol *sym = var_symbol(e);
	struct var_plan *plan = var_plan(e);
	struct ir_value *parts[MAX_KEY_PARTS], *p;
	struct join *none;
	unsigned n;

	if (e->kind != EXPR_INDEX && sym->key) {
		lower_forget(l, sym, e->span);
		return;
	}
	if (sym->kind == SYM_LOCAL) {
		struct local *local = local_find(l, sym);

		if (local->slot)
			ir_zero(&l->b, lower_slot_address(l, local->slot), local->slot->size);
		else
			l->env[local->index] = ir_const(&l->b, 0);
		local->object = NULL;
		return;
	}
	if (plan->def.map->kind == MAP_HASH || plan->def.map->kind == MAP_PERCPU_HASH) {
		n = lower_key(l, e, parts);
		if (l->b.block)
			ir_keyed(&l->b, IR_REMOVE, plan->def.map, parts, n);
		return;
	}
	none = join_create(l);
	p = var_place(l, e, false, none);
	if (type_is_scalar(sym->type))
		ir_store(&l->b, 8, p, 0, ir_const(&l->b, 0));
	else
		ir_zero(&l->b, p, plan->def.cell_size);
	join_jump(l, none);
	join_enter(l, none);
}

/* --- stepping --- */

static struct ir_value *step_local(struct lower *l, const struct symbol *sym, const struct step *step)
{
	struct local *local = local_find(l, sym);
	struct ir_value *before = l->env[local->index];
	struct ir_value *after = lower_arith(l, step->op, step->is_unsigned, before, step->by, step->span);

	after = lower_convert(l, after, sym->type);
	if (l->b.block)
		l->env[local->index] = after;
	return step->old ? before : after;
}

/* Adds atomically; where the kernel's BPF has no fetch, what is read back may hold another CPU's addition too. */
static struct ir_value *add_atomically(struct lower *l, struct ir_value *p, struct ir_value *by, bool old)
{
	struct ir_value *v;

	if (lower_has(l, "atomic_fetch")) {
		v = ir_atomic(&l->b, IR_FETCHADD, 8, p, 0, by);
		return old ? v : ir_binary(&l->b, IR_ADD, v, by);
	}
	ir_atomic_add(&l->b, 8, p, 0, by);
	v = ir_load(&l->b, 8, p, 0);
	return old ? ir_binary(&l->b, IR_SUB, v, by) : v;
}

static struct ir_value *step_place(struct lower *l, const struct var_plan *plan, struct ir_value *p, const struct step *step)
{
	const struct type *type = plan->def.value;
	struct ir_value *before, *after;

	if (plan->atomic && (step->op == OP_ADD || step->op == OP_SUB)) {
		after = step->op == OP_SUB ? ir_unary(&l->b, IR_NEG, step->by) : step->by;
		return lower_convert(l, add_atomically(l, p, after, step->old), type);
	}
	before = place_value(l, plan, p).v;
	after = lower_convert(l, lower_arith(l, step->op, step->is_unsigned, before, step->by, step->span), type);
	if (l->b.block)
		ir_store(&l->b, 8, p, 0, after);
	return step->old ? before : after;
}

struct ir_value *var_step(struct lower *l, const struct expr *e, const struct step *step)
{
	struct symbol *sym = var_symbol(e);
	struct join *none;
	struct ir_value *p, *v;
	unsigned result;

	if (sym->kind == SYM_LOCAL)
		return step_local(l, sym, step);
	none = join_create(l);
	result = env_add(l, ir_const(&l->b, 0));
	p = var_place(l, e, true, none);
	if (!l->b.block)
		return ir_const(&l->b, 0);
	v = step_place(l, var_plan(e), p, step);
	if (!l->b.block)
		return ir_const(&l->b, 0);
	l->env[result] = v;
	join_jump(l, none);
	join_enter(l, none);
	return env_take(l, result);
}
