// SPDX-License-Identifier: GPL-2.0-or-later
/* Types of variables, from all their uses, and how they are used. */
#include "check_world.h"

static void ck_types(const char *text, const char *name, const char *key, const char *type)
{
	check(text);
	ck_assert_msg(!world.diag.errors, "%s", world.complaints);
	ck_assert_str_eq(key_of(name), key);
	ck_assert_str_eq(type_of(name), type);
	world_teardown();
	world_setup();
}

START_TEST(numbers_are_stored_in_64_bits)
{
	ck_types("BEGIN { @ = pid; }", "@", "none", "s64");
	ck_types("BEGIN { @ = timestamp; @ = 0; }", "@", "none", "u64");
	ck_types("BEGIN { @ = 1; @ = timestamp; }", "@", "none", "u64");
	ck_types("BEGIN { @ = timestamp; @ = -1; }", "@", "none", "s64");
	ck_types("BEGIN { @ = 18446744073709551615; }", "@", "none", "u64");
	ck_types("BEGIN { @++; @ += timestamp; }", "@", "none", "u64");
	ck_types("BEGIN { $x = (u8)3; }", "$x", "none", "s64");
	ck_types("BEGIN { let $x: u8 = 3; }", "$x", "none", "u8");
	ck_types("BEGIN { @ = elapsed; }", "@", "none", "ns");
	ck_types("BEGIN { @ = elapsed; @ = 5; }", "@", "none", "ns");
	ck_types("BEGIN { @ = elapsed; @ = pid; }", "@", "none", "u64");
}
END_TEST

START_TEST(keys_keep_their_width)
{
	ck_types("BEGIN { @[pid] = 1; }", "@", "u32", "s64");
	ck_types("BEGIN { @[pid] = 1; @[1] = 2; }", "@", "u32", "s64");
	ck_types("BEGIN { @[1] = 2; @[pid] = 1; }", "@", "u32", "s64");
	ck_types("BEGIN { @[pid] = 1; @[-1] = 2; }", "@", "s64", "s64");
	ck_types("BEGIN { @[(u8)pid] = 1; @[300] = 2; }", "@", "s64", "s64");
	ck_types("BEGIN { @[(u8)pid] = 1; @[(s8)pid] = 2; }", "@", "s16", "s64");
	ck_types("BEGIN { @[pid] = 1; @[timestamp] = 2; }", "@", "u64", "s64");
	ck_types("BEGIN { @[1] = 1; }", "@", "s64", "s64");
	ck_types("BEGIN { @[pid, comm, (1, 2)] = 1; }", "@", "(u32, string, (s64, s64))", "s64");
	ck_types("BEGIN { $t = (pid, comm); @[$t] = 1; }", "@", "(u32, string)", "s64");
}
END_TEST

START_TEST(types_come_from_anywhere)
{
	ck_types("BEGIN { @a = @b; } END { @b = @c; @c = comm; }", "@a", "none", "string");
	ck_types("BEGIN { @a = @b; @a = \"x\"; }", "@b", "none", "string");
	ck_types("BEGIN { if (@a == \"x\") { } }", "@a", "none", "string");
	ck_types("BEGIN { printf(\"%s\", @a[pid]); }", "@a", "u32", "string");
	ck_types("BEGIN { print(@a); }", "@a", "none", "s64");
	ck_types("BEGIN { @a[@b] = 1; @b = comm; }", "@a", "string", "s64");
	ck_types("BEGIN { @a = strlen(@b); }", "@b", "none", "string");
	ck_types("BEGIN { @a = pid ? @b : \"x\"; }", "@b", "none", "string");
	ck_types("BEGIN { @a = @b + 1; } END { @b = timestamp; }", "@a", "none", "u64");
	ck_types("BEGIN { $t = (@b, 1); print($t.0); }", "$t", "none", "(s64, s64)");
	ck_types("BEGIN { for ($kv : @m) { @a[$kv.1] = $kv.0; } @m[comm] = pid; }", "@a", "s64", "string");
}
END_TEST

START_TEST(aggregations)
{
	ck_types("BEGIN { @[comm] = count(); @[\"x\"]++; }", "@", "string", "count()");
	ck_types("BEGIN { @ = sum(1); @ += 2; }", "@", "none", "sum()");
	ck_types("BEGIN { @ = lquantize(1, 0, 99, 10); }", "@", "none", "lquantize(0, 90, 10)");
	ck_types("BEGIN { @ = lhist(1, 0, 3); }", "@", "none", "lquantize(0, 3, 1)");
	ck_types("BEGIN { @ = llquantize(1, 10, 0, 3, 20); }", "@", "none", "llquantize(10, 0, 3, 20)");
	ck_types("BEGIN { $x[comm].max(pid); }", "@x", "string", "max()");
	ck_types("BEGIN { @a = count(); @b = @a; }", "@b", "none", "u64");
	check("BEGIN { @a = min(timestamp); @b = min(pid); @c = sum(timestamp); } END { @c = sum(arg0); }");
	ck_assert(!var("@a")->type->is_signed);
	ck_assert(var("@b")->type->is_signed);
	ck_assert(var("@c")->type->is_signed);
}
END_TEST

static unsigned capacity(const char *text)
{
	unsigned n;

	ck_assert(!strstr(check(text), "error"));
	n = var("@")->type->size;
	world_teardown();
	world_setup();
	return n;
}

START_TEST(capacities)
{
	ck_assert_uint_eq(capacity("BEGIN { @ = comm; }"), 16);
	ck_assert_uint_eq(capacity("BEGIN { @ = \"four\"; }"), 5);
	ck_assert_uint_eq(capacity("BEGIN { @ = \"four\"; @ = comm; }"), 16);
	ck_assert_uint_eq(capacity("BEGIN { @ = str(arg0); }"), 256);
	ck_assert_uint_eq(capacity("BEGIN { @ = str(arg0, 10); }"), 11);
	ck_assert_uint_eq(capacity("BEGIN { @ = str(arg0, 100000); }"), 256);
	ck_assert_uint_eq(capacity("BEGIN { @ = strjoin(comm, \"abc\"); }"), 19);
	ck_assert_uint_eq(capacity("BEGIN { @ = strjoin(comm, str(arg0)); }"), 256);
	ck_assert_uint_eq(capacity("BEGIN { @ = strjoin(@, \"a\"); }"), 256);
	ck_assert_uint_eq(capacity("BEGIN { @ = strjoin(@b, \"a\"); @b = strjoin(@, comm); }"), 256);
	ck_assert_uint_eq(capacity("BEGIN { @ = substr(comm, 2); }"), 16);
	ck_assert_uint_eq(capacity("BEGIN { @ = lltostr(pid); }"), 24);
	ck_assert_uint_eq(capacity("BEGIN { @ = pid ? \"a\" : \"abc\"; }"), 4);
	world.options.strsize = 8;
	ck_assert_uint_eq(capacity("BEGIN { @ = comm; }"), 8);
}
END_TEST

START_TEST(absurd_strsize)
{
	world.options.strsize = 1 << 20;
	ck_says(check("BEGIN { }"), "strsize must be 2 to 4096");
}
END_TEST

START_TEST(how_variables_are_used)
{
	check("BEGIN { @read = 1; x = @read; @step++; @both = @both + 1; @value = 0; if (@value++ > 3) { } @agg = count(); "
	      "print(@shown); clear(@cleared); if (len(@counted)) { } @gone[1] = 1; for ($kv : @gone) { } @start[tid] = 1; delete @start[tid]; "
	      "@mixed[tid] = 1; @mixed[1] = 2; @star *= 2; @shown = @cleared = @counted = 1; }");
	ck_assert_str_eq(world.complaints, "");
	ck_assert(var("@read")->is_read && var("@read")->is_written && !var("@read")->is_stepped);
	ck_assert(!var("@step")->is_read && !var("@step")->is_written && var("@step")->is_stepped);
	ck_assert(var("@both")->is_read && var("@both")->is_written);
	ck_assert(var("@value")->is_read && var("@value")->is_stepped);
	ck_assert(!var("@agg")->is_read && !var("@agg")->is_written);
	ck_assert(var("@shown")->is_printed && !var("@shown")->is_read);
	ck_assert(var("@cleared")->is_cleared);
	ck_assert(var("@counted")->is_iterated && var("@counted")->is_printed);
	ck_assert(var("@gone")->is_iterated && var("@gone")->is_printed);
	ck_assert(var("@start")->key_is_tid && var("@start")->is_deleted);
	ck_assert(!var("@mixed")->key_is_tid);
	ck_assert(var("@star")->is_read && var("@star")->is_written && !var("@star")->is_stepped);
}
END_TEST

START_TEST(locals_belong_to_their_clause)
{
	check("BEGIN { $x = 1; this->y = 2; } END { $x = comm; print(this->y); for ($x : 0..3) { print($x); } print($x); }");
	ck_assert_str_eq(world.complaints, "");
	ck_assert_uint_eq(world.script.clauses.data[0]->locals.len, 2);
	ck_assert_str_eq(type_of("$x"), "s64");
	ck_assert_str_eq(type_text(&world.arena, world.script.clauses.data[1]->locals.data[0]->type), "string");
	ck_assert_ptr_eq(var("this->y")->clause, NULL);
}
END_TEST

START_TEST(dollar_is_what_it_can_be)
{
	char *argv[] = { "12", "abc", "-0x10" };

	world.macros = (struct macros){ .argv = argv, .argc = 3 };
	setenv("CHECK_INFER", "77", 1);
	check("BEGIN { $local = 3; @a = $1; @b = $2; @c = $3; @d = $$1; @e = str($1); @f = $CHECK_INFER; @g = $local; @h = $#; "
	      "$map[1] = 3; print($map); @i = $4; }");
	ck_says(world.complaints, "parameter $4 is missing");
	ck_assert_uint_eq(world.diag.errors, 1);
	ck_assert_uint_eq(statement(1)->right->value, 12);
	ck_assert_str_eq(statement(2)->right->text, "abc");
	ck_assert_int_eq((int)statement(3)->right->value, -16);
	ck_assert_str_eq(statement(4)->right->text, "12");
	ck_assert_str_eq(statement(5)->right->text, "12");
	ck_assert_uint_eq(statement(6)->right->value, 77);
	ck_assert_ptr_eq(statement(7)->right->symbol, var("$local"));
	ck_assert_uint_eq(statement(8)->right->value, 3);
	ck_assert_str_eq(type_of("@map"), "s64");
}
END_TEST

START_TEST(missing_parameters_have_a_default_if_asked_for)
{
	world.macros.default_args = true;
	check("BEGIN { @a = $1; @b = $$2; }");
	ck_assert_str_eq(world.complaints, "");
	ck_assert_uint_eq(statement(0)->right->value, 0);
	ck_assert_str_eq(statement(1)->right->text, "");
}
END_TEST

START_TEST(items_tell_what_is_sent)
{
	struct item_info *item;

	check("BEGIN { printf(\"%*d %s\\n\", 5, pid, comm); print(@x, 5, 2); print(pid); clear(@x); exit(3); exit(); @x = 1; }");
	ck_assert_str_eq(world.complaints, "");
	item = statement(0)->item;
	ck_assert_uint_eq(item->fields.len, 3);
	ck_assert_uint_eq(item->format->nargs, 3);
	ck_assert_str_eq(statement(1)->item->vars.data[0]->name, "@x");
	ck_assert_uint_eq(statement(1)->item->fields.len, 2);
	ck_assert_uint_eq(statement(2)->item->fields.len, 1);
	ck_assert_uint_eq(statement(2)->item->vars.len, 0);
	ck_assert_uint_eq(statement(3)->item->vars.len, 1);
	ck_assert_uint_eq(statement(4)->item->fields.len, 1);
	ck_assert_uint_eq(statement(5)->item->fields.len, 0);
}
END_TEST

/* As many clauses as ever asked for, types coming from the last one. */
START_TEST(many_clauses)
{
	enum { N = 10000 };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	for (unsigned i = 0; i < N; i++)
		fprintf(f, "BEGIN { @a%u = @a%u + 1; @s%u = @s%u; @c[@s%u, pid] = count(); }\n", i, i + 1, i, i + 1, i);
	fprintf(f, "END { @a%u = timestamp; @s%u = comm; }\n", N, N);
	fclose(f);
	ck_assert_str_eq(check(text), "");
	ck_assert_str_eq(type_of("@a0"), "u64");
	ck_assert_str_eq(type_of("@s0"), "string");
	ck_assert_str_eq(key_of("@c"), "(string, u32)");
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("check_infer");
	TCase *t = tcase_create("infer");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, numbers_are_stored_in_64_bits);
	tcase_add_test(t, keys_keep_their_width);
	tcase_add_test(t, types_come_from_anywhere);
	tcase_add_test(t, aggregations);
	tcase_add_test(t, capacities);
	tcase_add_test(t, absurd_strsize);
	tcase_add_test(t, how_variables_are_used);
	tcase_add_test(t, locals_belong_to_their_clause);
	tcase_add_test(t, dollar_is_what_it_can_be);
	tcase_add_test(t, missing_parameters_have_a_default_if_asked_for);
	tcase_add_test(t, items_tell_what_is_sent);
	tcase_add_test(t, many_clauses);
	return world_run(suite, t);
}
