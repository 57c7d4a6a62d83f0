// SPDX-License-Identifier: GPL-2.0-or-later
/* From events to programs: needs, mechanisms, the numbers of targets, the code that finds out which event fired. */
#include "provider_world.h"

#include "debuginfo/btf.h"
#include "provider/arch.h"
#include "suite.h"

static struct event *event(unsigned i)
{
	return world.probes.events.data[i];
}

static struct program *program(unsigned i)
{
	return world.probes.programs.data[i];
}

static const char *name_of(unsigned number)
{
	return world.probes.namings.data[number].probe;
}

START_TEST(system_calls_share_a_program)
{
	world_choose("syscall:read { @ = count(); } kprobe:SyS_write { @w = count(); } sysret:read { @r = count(); } BEGIN { }");
	ck_assert_uint_eq(world.probes.programs.len, 3);
	ck_assert_uint_eq(program(0)->events.len, 2);
	ck_assert_uint_eq(program(0)->lower.events.len, 2);
	ck_assert_ptr_eq(program(0)->lower.events.data[1].event, event(1));
	ck_assert(!program(0)->copies && !program(0)->lower.can_interrupt);
	ck_assert(program(2)->lower.is_begin);
	ck_assert_int_eq(program(2)->mechanism->started_by, STARTED_BY_BEGIN);
}
END_TEST

START_TEST(numbers_of_calls_keep_their_distance)
{
	const struct event *e;

	world_choose("syscall:* { @[func] = count(); } kprobe:SyS_* { @s[func] = count(); }"
		     "kprobe:SyS_* { @t[func] = count(); } syscall:read, kprobe:SyS_write { @m[probe] = count(); }");
	for (unsigned i = 0; i < world.probes.events.len; i++) {
		e = event(i);
		for (unsigned c = 0; c < e->clauses.len; c++)
			for (unsigned t = 0; t < e->targets.len; t++) {
				unsigned number = e->numbers.data[c * e->targets.len + t];
				unsigned first = e->numbers.data[c * e->targets.len];

				ck_assert_uint_eq(number - first, e->targets.data[t]->number - e->targets.data[0]->number);
				ck_assert_str_eq(name_of(number), e->targets.data[t]->namings.data[c].probe);
			}
	}
	for (unsigned i = 0; i < world.probes.namings.len; i++) {
		ck_assert_uint_eq(world.probes.namings.data[i].number, i);
		ck_assert_ptr_nonnull(world.probes.namings.data[i].func);
	}
	/* clauses that name them alike share their numbers */
	ck_assert_uint_lt(world.probes.namings.len, 3 * 480);
}
END_TEST

START_TEST(needs_are_gathered)
{
	struct event *e;

	world_choose("syscall:read, syscall:write { @[func] = sum(args.count); if (arg1) { @c = count(); } }");
	e = event(0);
	ck_assert_uint_eq(world.probes.events.len, 1);
	ck_assert_uint_eq(e->needs, NEED_TARGET | NEED_ARGS);
	ck_assert_uint_eq(e->args.len, 1);
	ck_assert_str_eq(e->args.data[0], "count");
	ck_assert_uint_eq(e->variables.len, 2);
	world_choose("sysret:read / retval < 0 / { @ = count(); }");
	ck_assert_uint_eq(event(0)->needs, NEED_RETVAL);
	/* the default action prints the probe */
	world_choose("sysret:read");
	ck_assert_uint_eq(event(0)->needs, NEED_TARGET);
}
END_TEST

/* openat has the file's name second, open first. */
START_TEST(differing_args_split_an_event)
{
	world_choose("syscall:open, syscall:openat, syscall:chdir { @[str(args.filename)] = count(); }");
	ck_assert_uint_eq(world.probes.events.len, 2);
	ck_assert_uint_eq(event(0)->targets.len, 2);
	ck_assert_uint_eq(event(1)->targets.len, 1);
	ck_assert_uint_eq(event(1)->targets.data[0]->number, 257);
	ck_assert_uint_eq(world.probes.programs.len, 1);
}
END_TEST

START_TEST(names_are_found_for_comparisons)
{
	unsigned *list;

	world_choose("syscall:* { @[func] = count(); }");
	ck_assert_uint_eq(prov_numbers(&world.probes, event(0), world.script.clauses.data[0], SHOW_FUNC, "write", &list), 1);
	ck_assert_str_eq(name_of(list[0]), "syscall:write");
	ck_assert_uint_eq(prov_numbers(&world.probes, event(0), world.script.clauses.data[0], SHOW_PROBENAME, "entry", &list),
			  event(0)->targets.len);
	ck_assert_uint_eq(prov_numbers(&world.probes, event(0), world.script.clauses.data[0], SHOW_FUNC, "nosuch", &list), 0);
}
END_TEST

START_TEST(tracepoints_take_the_cheapest_way)
{
	if (!dbg_btf_kernel())
		return;
	world_choose("tracepoint:sched:sched_switch { @ = count(); }");
	ck_assert_str_eq(event(0)->mechanism->name, "rawtp");
	world_choose("tracepoint:sched:sched_switch { @[args.next_comm, args.prev_pid] = count(); }");
	ck_assert_str_eq(event(0)->mechanism->name, "btftp");
	ck_assert(!program(0)->lower.can_interrupt);
	world_choose("rawtracepoint:sched_switch { @[arg0] = count(); }");
	ck_assert_str_eq(event(0)->mechanism->name, "rawtp");
}
END_TEST

START_TEST(copies_where_the_target_is_asked_for)
{
	if (!dbg_btf_kernel())
		return;
	world_choose("rawtracepoint:sched_switch, rawtracepoint:sched_wakeup { @ = count(); }");
	ck_assert(!program(0)->copies);
	world_choose("rawtracepoint:sched_switch, rawtracepoint:sched_wakeup { @[probe] = count(); }");
	ck_assert(program(0)->copies && program(0)->lower.can_interrupt);
	ck_assert_uint_eq(event(0)->numbers.data[1], event(0)->numbers.data[0] + 1);
	world_choose("interval:ms:10, interval:ms:20 { @[probe] = count(); }");
	ck_assert(program(0)->copies && !program(0)->lower.can_interrupt);
}
END_TEST

START_TEST(pid_limits_all_but_the_special_ones)
{
	world_expand(DIALECT_PLY, "BEGIN { } END { } interval:s:1 { } profile:hz:99 { } syscall:read { }");
	world.probes.pid = 1;
	check_script(&world.script, &world.scope, &world.macros, NULL);
	ck_assert_int_eq(prov_choose(&world.probes), 0);
	for (unsigned i = 0; i < 5; i++)
		ck_assert_int_eq(program(i)->lower.filter_pid, i >= 3);
}
END_TEST

/* The block that a call's number is dispatched to, by walking the IR of the dispatcher. */
static int run_dispatch(struct ir_func *f, struct ir_block *const *blocks, unsigned n, struct ir_block *none, uint64_t nr,
			const struct data_def *data)
{
	uint64_t values[512] = { 0 };
	struct ir_block *b = f->blocks.data[0];

	for (;;) {
		for (unsigned i = 0; i < n; i++)
			if (b == blocks[i])
				return (int)i;
		if (b == none)
			return -1;
		for (struct ir_value *v = b->first; v; v = v->next) {
			uint64_t x = v->nargs > 0 ? values[v->args[0]->id] : 0, y = v->nargs > 1 ? values[v->args[1]->id] : 0;
			uint64_t *out = &values[v->id];

			ck_assert_uint_lt(v->id, 512);
			switch (v->op) {
			case IR_CONST: *out = (uint64_t)v->imm; break;
			case IR_ADD: *out = x + y; break;
			case IR_SUB: *out = x - y; break;
			case IR_MUL: *out = x * y; break;
			case IR_AND: *out = x & y; break;
			case IR_EQ: *out = x == y; break;
			case IR_NE: *out = x != y; break;
			case IR_ULT: *out = x < y; break;
			case IR_ULE: *out = x <= y; break;
			case IR_DATA: *out = (uint64_t)v->imm; break;
			case IR_PADD: *out = x + y + (uint64_t)v->imm; break;
			case IR_LOAD:
				*out = 0;
				if (v->args[0]->op == IR_CTX)
					*out = v->imm == 8 ? nr : 0;
				else if (v->args[0]->op == IR_PADD)
					vec_foreach(init, &data->inits)
						if (x + (uint64_t)v->imm - init->offset < init->size)
							memcpy(out, (const char *)init->bytes + (x + (uint64_t)v->imm - init->offset),
							       v->size);
				break;
			default: *out = 0;
			}
			if (v->op == IR_JMP)
				b = b->succ[0];
			else if (v->op == IR_BR)
				b = b->succ[x ? 0 : 1];
		}
	}
}

/* Every number that there is, and some that are none, in scripts with few and many calls. */
START_TEST(every_number_finds_its_event)
{
	static const char *const scripts[] = {
		"syscall:read { @ = count(); }",
		"syscall:* { @ = count(); }",
		"syscall:read, syscall:write, syscall:close { @ = count(); } syscall:write { @w = count(); }",
		"syscall:*at { @ = count(); } syscall:open*, syscall:read, syscall:[a-k]* { @o = count(); } syscall:fstat { @f = count(); }",
		"syscall:* { @ = count(); } syscall:read { @b = count(); } syscall:write { @c = count(); } syscall:open { @d = count(); }"
		"syscall:getpid { @e = count(); } syscall:io_* { @f = count(); } syscall:file_* { @g = count(); }",
	};
	struct ir_builder b = { 0 };
	struct ir_block *blocks[16], *none;
	struct data_def data = { .used = 16 };
	struct ir_module *m;
	struct ir_program *p;
	void *events[16];
	unsigned n;

	world_choose(scripts[_i]);
	n = program(0)->events.len;
	m = ir_module_create(&world.arena);
	data.map = ir_map_add(m, "data");
	p = ir_program_add(m, "test");
	ir_builder_start(&b, m, p, ir_func_add(m, p, "main", IR_I64));
	for (unsigned i = 0; i < n; i++) {
		blocks[i] = ir_block_add(&b);
		events[i] = program(0)->events.data[i];
	}
	none = ir_block_add(&b);
	program(0)->mechanism->ops.dispatch(&b, &data, events, n, blocks, none);
	for (unsigned i = 0; i <= n; i++) {
		ir_enter(&b, i < n ? blocks[i] : none);
		ir_ret(&b, ir_const(&b, 0));
	}
	ir_renumber(b.func);
	ck_assert_msg(!ir_verify(&world.arena, b.func), "%s", ir_verify(&world.arena, b.func));
	for (unsigned nr = 0; nr < 600; nr++) {
		int expected = -1;

		for (unsigned i = 0; i < n; i++)
			vec_foreach(t, &program(0)->events.data[i]->targets)
				if ((*t)->number == nr)
					expected = (int)i;
		ck_assert_int_eq(run_dispatch(b.func, blocks, n, none, nr, &data), expected);
		/* x32's calls are not these */
		ck_assert_int_eq(run_dispatch(b.func, blocks, n, none, nr | 0x40000000, &data), -1);
	}
	ck_assert_int_eq(run_dispatch(b.func, blocks, n, none, UINT64_MAX, &data), -1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("provider/choose");
	TCase *t = tcase_create("choose");

	tcase_add_checked_fixture(t, NULL, world_end);
	tcase_add_test(t, system_calls_share_a_program);
	tcase_add_test(t, numbers_of_calls_keep_their_distance);
	tcase_add_test(t, needs_are_gathered);
	tcase_add_test(t, differing_args_split_an_event);
	tcase_add_test(t, names_are_found_for_comparisons);
	tcase_add_test(t, tracepoints_take_the_cheapest_way);
	tcase_add_test(t, copies_where_the_target_is_asked_for);
	tcase_add_test(t, pid_limits_all_but_the_special_ones);
	tcase_add_loop_test(t, every_number_finds_its_event, 0, 5);
	suite_add_tcase(s, t);
	return run_suite(s);
}
