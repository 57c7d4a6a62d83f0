// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs, events, clauses:
 *
 *	main:	a part of the scratch map; which event fired? (the mechanism's dispatch)
 *	event:	the exit flag, -p; then its clauses, one behind the other
 *	clause:	predicate; body; what it has to send is sent; on to the next clause
 *
 * Where an event has so much to do that jumps would not reach, its clauses are spread over functions.
 */
#include "ir/lowering.h"

#include "lang/dialect.h"
#include "lang/walk.h"

#include <string.h>

bool lower_has(struct lower *l, const char *feature)
{
	return l->env_info->has && l->env_info->has(l->env_info->data, feature);
}

struct value lower_unsupported(struct lower *l, struct span span, const char *what)
{
	diag_error(l->diag, span, "UNSUPPORTED", "%s is not supported", what);
	l->failed = true;
	return value_number(&type_error, ir_const(&l->b, 0));
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static const struct loss_def *known_loss(const struct lower *l, enum loss_kind kind, const char *name, struct span span)
{
	vec_foreach(known, &l->result->losses)
		if (known->kind == kind && known->span.pos == span.pos && same_text(known->name, name))
			return known;
	return NULL;
}

unsigned loss_offset(struct lower *l, enum loss_kind kind, const char *name, struct span span)
{
	const struct loss_def *known = known_loss(l, kind, name, span);
	struct loss_def *loss;

	if (known)
		return known->offset;
	loss = arena_vec_add(l->arena, &l->result->losses);
	*loss = (struct loss_def){
		.kind = kind, .name = name, .span = span, .offset = data_alloc(&l->result->data, 8), .cpus = 1, .stride = 8,
	};
	return loss->offset;
}

unsigned loss_offset_by_cpu(struct lower *l, enum loss_kind kind, unsigned nkinds, const char *name, struct span span)
{
	const struct loss_def *known = known_loss(l, kind, name, span);
	struct data_def *data = &l->result->data;
	unsigned stride = 8 * nkinds, offset;

	if (known)
		return known->offset;
	offset = data_alloc(data, stride * data->ncpus);
	for (unsigned i = 0; i < nkinds; i++)
		*arena_vec_add(l->arena, &l->result->losses) = (struct loss_def){
			.kind = kind + i, .name = name, .span = span, .offset = offset + 8 * i, .cpus = data->ncpus, .stride = stride,
		};
	return offset;
}

void lower_loss(struct lower *l, enum loss_kind kind, const char *name, struct span span)
{
	unsigned offset = loss_offset(l, kind, name, span);

	ir_atomic_add(&l->b, 8, ir_data(&l->b, l->result->data.map, offset), 0, ir_const(&l->b, 1));
}

void lower_ring_full(struct lower *l)
{
	const struct data_def *data = &l->result->data;
	struct ir_builder *b = &l->b;
	struct ir_value *place;

	if (l->script->dialect != DIALECT_D) {
		lower_loss(l, LOSS_RING_FULL, NULL, SPAN_NONE);
		return;
	}
	place = ir_data(b, data->map, loss_offset_by_cpu(l, LOSS_RING_FULL, 1, NULL, SPAN_NONE));
	ir_atomic_add(b, 8, ir_by_cpu(b, place, data->ncpus, 8), 0, ir_const(b, 1));
}

void lower_no_loss(struct lower *l, enum loss_kind kind, const char *name, struct span span)
{
	unsigned offset = loss_offset(l, kind, name, span);

	ir_atomic_add(&l->b, 8, ir_data(&l->b, l->result->data.map, offset), 0, ir_const(&l->b, -1));
}

struct join *lower_after_fault(struct lower *l, struct join *end)
{
	return dialect_has(l->script->dialect, DIALECT_READ_FAULTS) ? l->clause_end : end;
}

bool lower_fault(struct lower *l, enum d_fault kind, struct ir_value *value, struct span span)
{
	if (!l->fault || l->fault_callback != l->callback)
		return false;
	if (!l->b.block)
		return true;
	l->env[ENV_FAULT_KIND] = ir_const(&l->b, kind);
	l->env[ENV_FAULT_PLACE] = ir_const(&l->b, span.pos);
	if (value)
		l->env[ENV_FAULT_VALUE] = value;
	join_jump(l, l->fault);
	return true;
}

void lower_read_failed(struct lower *l, enum loss_kind kind, struct ir_value *address, struct span span, struct join *end)
{
	if (!l->b.block || lower_fault(l, FAULT_ADDRESS, address, span))
		return;
	lower_loss(l, kind, NULL, span);
	join_jump(l, lower_after_fault(l, end));
}

/* --- clauses --- */

static void add_strtok(void *data, struct expr *e)
{
	struct lower *l = data;

	if (e->kind == EXPR_CALL && e->symbol && e->symbol->builtin == BUILTIN_strtok)
		lower_strtok_slot(l, e);
	if (e->kind == EXPR_CALL && e->symbol && (e->symbol->builtin == BUILTIN_alloca || e->symbol->builtin == BUILTIN_copyin ||
						  e->symbol->builtin == BUILTIN_bcopy || e->symbol->builtin == BUILTIN_copyinto ||
						  e->symbol->builtin == BUILTIN_copyout))
		lower_scratch_slot(l);
}

static void note_write(void *data, struct expr *e)
{
	if ((e->kind == EXPR_ASSIGN || e->kind == EXPR_PREFIX || e->kind == EXPR_POSTFIX) && e->left->symbol &&
	    e->left->symbol->kind == SYM_LOCAL)
		local_find(data, e->left->symbol)->writes++;
}

/* What lives as long as the firing. Loop variables are no expressions of their own. */
static void add_locals(struct lower *l, struct clause *c)
{
	vec_foreach(sym, &c->locals)
		local_find(l, *sym);
	walk_clause(c, add_strtok, l);
	walk_clause(c, note_write, l);
}

static void lower_body(struct lower *l, struct clause *c)
{
	bool straight;

	record_begin(l);
	if (c->body && !(l->script->dialect == DIALECT_D && c->body->kind == STMT_BLOCK && !c->body->body))
		lower_stmt(l, c->body);
	else
		lower_default_action(l);
	join_jump(l, l->clause_end);
	straight = l->clause_end->edges.len <= 1;
	join_enter(l, l->clause_end);
	if (l->rec.def && !l->rec.looped && l->rec.conditional) {
		struct join *some = join_create(l), *nothing = join_create(l);

		if (l->b.block)
			join_branch(l, ir_binary(&l->b, IR_NE, l->env[ENV_PRESENT], ir_const(&l->b, 0)), some, nothing);
		join_enter(l, some);
		record_send(l, false);
		join_jump(l, nothing);
		join_enter(l, nothing);
	} else {
		record_send(l, false);
	}
	record_finish(l, straight);
	if (l->b.block)
		l->env[ENV_PRESENT] = l->env[ENV_TAIL] = ir_const(&l->b, 0);
}

/* What the clause was to print is forgotten. */
static void tell_fault(struct lower *l, struct join *after)
{
	l->fault->block->unlikely = true;
	join_enter(l, l->fault);
	record_fault(l);
	for (unsigned i = 0; i < ENV_LOCALS; i++)
		l->env[i] = ir_const(&l->b, 0);
	join_jump(l, after);
}

static void lower_clause(struct lower *l, struct clause *c)
{
	struct join *body = join_create(l), *after = join_create(l), *skipped = join_create(l);
	struct known before = l->known, known;

	l->clause = c;
	l->b.span = c->span;
	l->clause_end = skipped;	/* by a fault in the predicate */
	l->fault = dialect_has(l->script->dialect, DIALECT_READ_FAULTS) ? join_create(l) : NULL;
	l->fault_callback = l->callback;
	if (l->program->ops->fires) {
		struct join *here = join_create(l);

		join_branch(l, l->program->ops->fires(&l->b, l->event->event, c), here, after);
		join_enter(l, here);
	}
	if (c->predicate)
		lower_condition(l, c->predicate, body, after);
	else
		join_jump(l, body);
	join_enter(l, body);
	known = l->known;
	if (l->b.block) {
		l->clause_end = join_create(l);
		lower_body(l, c);
	}
	join_jump(l, after);
	/* what the predicate found out is known behind the clause only if nothing goes round a part of the predicate */
	if (skipped->edges.len || l->program->ops->fires || (l->fault && l->fault->edges.len))
		known = before;
	join_enter(l, skipped);
	join_jump(l, after);
	if (l->fault && l->fault->edges.len)
		tell_fault(l, after);
	l->fault = NULL;
	join_enter(l, after);
	l->known = known;
}

/* --- events --- */

static void start_env(struct lower *l)
{
	l->nenv = l->env_cap = 0;
	l->env = NULL;
	l->locals = NULL;
	l->known = (struct known){ 0 };
	l->strtok = l->scratch = NULL;
	for (unsigned i = 0; i < ENV_LOCALS; i++)
		env_add(l, ir_const(&l->b, 0));
}

/* Goes on only if the condition holds; else to the event's end. */
static void require(struct lower *l, struct ir_value *cond)
{
	struct join *on = join_create(l);

	join_branch(l, cond, on, l->event_end);
	join_enter(l, on);
}

static void test_exit_flag(struct lower *l)
{
	struct ir_value *flag = ir_data(&l->b, l->result->data.map, DATA_EXIT);

	require(l, ir_binary(&l->b, IR_EQ, ir_load(&l->b, 8, flag, 0), ir_const(&l->b, 0)));
}

static void count_expr(void *data, struct expr *e)
{
	(void)e;
	++*(unsigned *)data;
}

static unsigned count_nodes(struct clause *c)
{
	unsigned n = 1;

	walk_clause(c, count_expr, &n);
	return n;
}

static unsigned event_nodes(const struct lower_event *event)
{
	unsigned n = 0;

	vec_foreach(clause, &event->clauses)
		n += count_nodes(*clause);
	return n;
}

static void lower_clauses(struct lower *l, struct clause *const *clauses, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		add_locals(l, clauses[i]);
	for (unsigned i = 0; i < n && l->b.block; i++)
		lower_clause(l, clauses[i]);
}

/* Clauses in a function, which goes on with what the event's clauses share. */
static void call_clauses(struct lower *l, struct clause *const *clauses, unsigned n)
{
	static const enum ir_type params[] = { IR_PTR };
	struct local *shared = l->locals;
	struct callback *c;
	struct join *end;
	struct ir_value *holder;

	l->b.span = clauses[0]->span;
	c = callback_begin(l, params, 1, 0);
	end = l->loop->on_continue;
	l->loop = NULL;
	lower_clauses(l, clauses, n);
	join_jump(l, end);
	holder = callback_end(l, c);
	l->locals = shared;
	ir_callf(&l->b, callback_func(c), &holder, 1);
	callback_resume(l, c);
}

/*
 * Nodes of the syntax tree: some ten instructions each, of the 32,767 that a jump can skip. Small functions are quicker to verify:
 * what the kernel knows of numbers in them, it forgets behind them, and so goes on but once. A program has at most 256
 * (BPF_MAX_SUBPROGS).
 */
enum { IN_ONE_MAX = 1000, FUNC_NODES = 250, FUNCS_MAX = 128 };

/* this-> is of all clauses of the event, and so is what strtok goes on with. */
static void add_shared(struct lower *l, struct clause *c)
{
	vec_foreach(sym, &c->locals)
		if (!(*sym)->clause)
			local_find(l, *sym);
	walk_clause(c, add_strtok, l);
}

static void lower_in_functions(struct lower *l, const struct lower_event *event)
{
	unsigned first = 0, nodes = 0, group = l->program_nodes / FUNCS_MAX;

	group = group > FUNC_NODES ? group : FUNC_NODES;

	vec_foreach(clause, &event->clauses)
		add_shared(l, *clause);
	for (unsigned i = 0; i < event->clauses.len && l->b.block; i++) {
		nodes += count_nodes(event->clauses.data[i]);
		if (nodes < group && i + 1 < event->clauses.len)
			continue;
		call_clauses(l, &event->clauses.data[first], i + 1 - first);
		first = i + 1;
		nodes = 0;
	}
}

static void end_program(struct lower *l)
{
	if (!l->b.block)
		return;
	lower_leave(l);
	ir_ret(&l->b, ir_const(&l->b, 0));
}

/* The event's other clauses are in the next program. The call does not come back. */
static void call_rest(struct lower *l)
{
	struct ir_builder *b = &l->b;

	if (!b->block)
		return;
	lower_leave(l);
	ir_call(b, IR_H_tail_call, ir_ctx(b), ir_map(b, b->program->rest), ir_const(b, 0));
	ir_ret(b, ir_const(b, 0));
}

static void lower_event(struct lower *l, const struct lower_event *event)
{
	bool starts = !l->program->is_called;

	l->event = event;
	start_env(l);
	l->event_end = join_create(l);
	if (starts && !l->program->is_end)
		test_exit_flag(l);
	if (starts && l->program->filter_pid && l->env_info->pid)
		require(l, ir_binary(&l->b, IR_EQ, lower_pid(l), ir_const(&l->b, l->env_info->pid)));
	if (starts && !l->program->is_own && l->env_info->on_cpu)
		require(l, ir_binary(&l->b, IR_EQ, ir_call(&l->b, IR_H_get_smp_processor_id), ir_const(&l->b, l->env_info->on_cpu - 1)));
	if (event_nodes(event) > IN_ONE_MAX)
		lower_in_functions(l, event);
	else
		lower_clauses(l, event->clauses.data, event->clauses.len);
	if (l->program->calls_rest)
		call_rest(l);
	join_jump(l, l->event_end);
	join_enter(l, l->event_end);
	end_program(l);
}

/* A place for one program. */
static struct map_def *add_rest(struct ir_module *m)
{
	struct map_def *map = ir_map_add(m, "rest");

	map->kind = MAP_PROG_ARRAY;
	map->value_size = 4;
	map->entries = 1;
	map->drops = map->zeros = -1;
	return map;
}

static void lower_program(struct lower *l, const struct lower_program *program)
{
	struct ir_module *m = l->result->module;
	struct ir_program *p = ir_program_add(m, program->name);
	struct ir_func *main = ir_func_add(m, p, "main", IR_I64);
	unsigned n = program->events.len;
	struct ir_block **blocks = arena_array(l->arena, struct ir_block *, n), *none;
	void **events = arena_array(l->arena, void *, n);

	p->mechanism = program->mechanism;
	if (program->calls_rest)
		p->rest = add_rest(m);
	l->program = program;
	l->program_nodes = 0;
	vec_foreach(event, &program->events)
		l->program_nodes += event_nodes(event);
	l->loops = (struct loop_cost){ 0 };
	ir_builder_start(&l->b, m, p, main);
	lower_enter(l);
	for (unsigned i = 0; i < n; i++) {
		blocks[i] = ir_block_add(&l->b);
		events[i] = program->events.data[i].event;
	}
	if (program->ops->dispatch) {
		none = ir_block_add(&l->b);
		program->ops->dispatch(&l->b, &l->result->data, events, n, blocks, none);
		ir_enter(&l->b, none);
		end_program(l);
	} else {
		ir_jmp(&l->b, blocks[0]);
	}
	for (unsigned i = 0; i < n; i++) {
		ir_enter(&l->b, blocks[i]);
		lower_event(l, &program->events.data[i]);
	}
}

static unsigned power_of_two(unsigned n)
{
	unsigned p = 1;

	while (p < n)
		p *= 2;
	return p;
}

static void start_data(struct lower *l)
{
	struct data_def *data = &l->result->data;

	data->map = ir_map_add(l->result->module, "data");
	data->map->kind = MAP_ARRAY;
	data->map->entries = 1;
	data->map->mmapable = true;
	data->map->drops = data->map->zeros = -1;
	data->used = DATA_FIRST;
	data->ncpus = power_of_two(l->env_info->ncpus);
	l->result->module->data = data;
}

int lower_script(struct lower_result *r, struct script *script, const struct lower_program *const *programs, unsigned n,
		 const struct lower_env *env)
{
	struct lower l = {
		.result = r, .script = script, .env_info = env, .arena = script->arena, .diag = script->diag,
	};
	unsigned errors = script->diag->errors;

	*r = (struct lower_result){ .module = ir_module_create(script->arena) };
	start_data(&l);
	plan_stacks(&l, programs, n);
	plan_variables(&l, programs, n);
	for (unsigned i = 0; i < n; i++)
		lower_program(&l, programs[i]);
	note_addresses(&l);
	data_finish(&r->data);
	return script->diag->errors > errors ? -1 : 0;
}
