// SPDX-License-Identifier: GPL-2.0-or-later
/* What the checker learns from the probes and the kernel. */
#include "check_world.h"

START_TEST(arguments_have_the_probes_types)
{
	check("t:a:b { @fd = args.fd; @n = args->count; @c = args.prev_comm; @f = args.filename; @z = data.fd; }");
	ck_assert_str_eq(world.complaints, "");
	ck_assert_str_eq(type_of("@fd"), "s64");
	ck_assert_str_eq(type_of("@n"), "u64");
	ck_assert_str_eq(type_of("@c"), "string");
	ck_assert_uint_eq(var("@c")->type->size, 16);
	ck_assert_str_eq(type_of("@f"), "char *");
	ck_assert(var("@f")->type->user);
	ck_assert(statement(0)->right->is_arg);
	ck_assert_int_eq(statement(1)->right->kind, EXPR_MEMBER);
}
END_TEST

START_TEST(arguments_by_number)
{
	world.script.dialect = DIALECT_D;
	check("fbt::f:entry { x = args[0]; }");
	ck_assert_str_eq(world.complaints, "");
	ck_assert(statement(0)->right->is_arg);
	ck_assert_str_eq(statement(0)->right->name, "0");
}
END_TEST

START_TEST(an_unknown_argument_is_answered_with_the_known_ones)
{
	const char *said = check("t:a:b { @ = sum(args.cuont) }");

	ck_says(said, "script:1:22: error: no field 'cuont' in the arguments of t:a:b\n");
	ck_says(said, "^~~~~\nhint: it has: fd, count, prev_comm, filename, task\n");
}
END_TEST

START_TEST(a_variable_that_the_probe_does_not_have)
{
	ck_says(check("k:f { @ = retval }"), "retval is known in return probes only");
	world_teardown();
	world_setup();
	ck_says(check("k:f { @ = arg5 }"), "arg5 is not known in k:f");
	world_teardown();
	world_setup();
	ck_assert_str_eq(check("kr:f / retval < 0 / { @ = -retval }"), "");
}
END_TEST

START_TEST(members_of_kernel_structs)
{
	check("t:a:b { @p = args.task->pid; @c[args.task->parent->comm] = 1; @f = args.task->flags; "
	      "@u = ((struct task_struct *)args.filename)->parent; @a = &args.task->pid; }");
	ck_assert_str_eq(world.complaints, "");
	ck_assert_uint_eq(statement(0)->right->member->offset, 8);
	ck_assert_uint_eq(var("@c")->key->size, 16);
	ck_assert_uint_eq(statement(2)->right->member->bit_size, 5);
	ck_assert(var("@u")->type->user);
	ck_assert_str_eq(type_of("@a"), "s32 *");
}
END_TEST

START_TEST(unknown_members_and_structs)
{
	const char *said = check("t:a:b { print(args.task->pdi); print(args.fd->x); print(args.task.pid); "
				 "print(((struct nosuch *)0)->x); }");

	ck_says(said, "no member 'pdi' in struct task_struct");
	ck_says(said, "did you mean 'pid'?");
	ck_says(said, "-> needs a pointer to a struct, not a number");
	ck_says(said, "hint: args.task->pid");
	ck_says(said, "the members of struct nosuch are not known");
}
END_TEST

START_TEST(names_of_probes_are_numbers)
{
	check("k:f { @[func] = count(); @last = probe; if (func == \"vfs_read\") { printf(\"%s\\n\", func); } }");
	ck_assert_str_eq(world.complaints, "");
	ck_assert_str_eq(key_of("@"), "func");
	ck_assert_str_eq(type_of("@last"), "probe");
}
END_TEST

START_TEST(constants_and_symbols_of_the_kernel)
{
	check("k:f / arg0 == TCP_LISTEN / { @ = kaddr(\"jiffies\"); }");
	ck_assert_str_eq(world.complaints, "");
	ck_assert(world.script.clauses.data[0]->predicate->right->is_const);
	ck_assert_uint_eq(world.script.clauses.data[0]->predicate->right->value, 10);
	ck_assert_uint_eq(statement(0)->right->value, 0xffffffff81000000);
	world_teardown();
	world_setup();
	ck_says(check("k:f { @ = kaddr(\"nosuch\"); }"), "unknown kernel symbol 'nosuch'");
}
END_TEST

START_TEST(dropped_clauses_still_tell_types)
{
	struct script *s = &world.script;
	const char *text = "k:f { self->ts = timestamp; @x[pid] = 1; @y[comm] = 1; } "
			   "kr:f { @ = self->ts; delete @x[1]; for ($kv : @y) { print($kv.0); } }";

	*s = (struct script){ .arena = &world.arena, .sources = &world.sources, .diag = &world.diag };
	parse_script(s, source_add(&world.sources, "script", text, strlen(text)), &world.macros);
	s->clauses.data[0]->dropped = true;
	ck_assert(check_script(s, &world_scope, NULL, NULL));
	ck_assert_str_eq(type_of("self->ts"), "u64");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("check_scope");
	TCase *t = tcase_create("scope");

	tcase_add_test(t, arguments_have_the_probes_types);
	tcase_add_test(t, arguments_by_number);
	tcase_add_test(t, an_unknown_argument_is_answered_with_the_known_ones);
	tcase_add_test(t, a_variable_that_the_probe_does_not_have);
	tcase_add_test(t, members_of_kernel_structs);
	tcase_add_test(t, unknown_members_and_structs);
	tcase_add_test(t, names_of_probes_are_numbers);
	tcase_add_test(t, constants_and_symbols_of_the_kernel);
	tcase_add_test(t, dropped_clauses_still_tell_types);
	return world_run(suite, t);
}
