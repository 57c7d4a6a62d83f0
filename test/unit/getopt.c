// SPDX-License-Identifier: GPL-2.0-or-later
/* The options that a script's text declares, and what the command line makes of them. */
#include "lang/getopt.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

/* Options as text: "names kind fallback help;" */
static const char *found(struct arena *a, const char *text)
{
	struct script_options options = { 0 };
	const char *all = "";

	options_find(a, text, &options);
	vec_foreach(o, &options.list)
		all = arena_printf(a, "%s%s %c %s %s;", all, o->names, "FNSP"[o->kind], o->fallback, o->help ? o->help : "-");
	return all;
}

static const struct {
	const char *text, *options;
} texts[] = {
	{ "", "" },
	{ "BEGIN { getopt(\"a\"); }", "a F 0 -;" },
	{ "getopt(\"a|all\", true, \"all of \\\"it\\\"\")", "a|all F 1 all of \"it\";" },
	{ "inline int n = getopt ( \"n\" /* (, */ , -5 ) ; getopt(\"hex\", 0x10)", "n N -5 -;hex N 0x10 -;" },
	{ "getopt(\"d\", \"/tmp\", \"folder\") getopt(\"d\", \"/var\")", "d S /tmp folder;" },
	{ "getopt(\"pid|p\", $target, \"it\")", "pid|p P $target it;" },
	{ "getopt(\"pid\", $pid)", "" },
	/* not in comments, strings, other names, and with nothing but literals */
	{ "/* getopt(\"a\") */ // getopt(\"b\")\n print(\"getopt(\\\"c\\\")\"); my_getopt(\"d\"); getopt(\"e\", x); getopt(f); getopt(\"\")", "" },
	/* broken off anywhere */
	{ "getopt", "" }, { "getopt(", "" }, { "getopt(\"a", "" }, { "getopt(\"a\\", "" }, { "getopt(\"a\", \"b\\\nc\")", "" },
	{ "getopt(\"a\", 1, ", "" }, { "/* getopt(\"a\")", "a F 0 -;" },
};

START_TEST(options_are_found)
{
	struct arena a = { 0 };

	ck_assert_str_eq(found(&a, texts[_i].text), texts[_i].options);
	arena_deinit(&a);
}
END_TEST

static const char declared[] = "getopt(\"seconds|s\", 5) getopt(\"dir|d\", \"/tmp\") getopt(\"all|a\") getopt(\"long|l\", false)"
	" getopt(\"every|2\", 9)";

static const struct {
	const char *arguments, *result;
} lines[] = {
	{ "", "5 /tmp 0 0 9 |" },
	{ "x", "5 /tmp 0 0 9 | x" },
	{ "x 7 y", "5 /tmp 0 0 7 | x 7 y" },
	{ "x 7 --every=8", "5 /tmp 0 0 7 | x 7" },
	{ "x y", "--every=NUMBER takes a number, not 'y'" },
	{ "-a2", "the script has no option -2" },
	{ "--2=5", "the script has no option --2=5" },
	{ "-s 3 x", "3 /tmp 0 0 9 | x" },
	{ "x -s3 1", "3 /tmp 0 0 1 | x 1" },
	{ "-als3", "3 /tmp 1 1 9 |" },
	{ "--seconds 3 --dir=/x --all", "3 /x 1 0 9 |" },
	{ "--dir= -- -a", "5  0 0 9 | -a" },
	{ "- -5", "5 /tmp 0 0 -5 | - -5" },
	{ "-s", "-s needs a value" },
	{ "--dir", "--dir needs a value" },
	{ "-s x", "-s takes a number, not 'x'" },
	{ "--seconds=99999999999999999999", "--seconds takes a number, not '99999999999999999999'" },
	{ "--long=1", "--long takes no value" },
	{ "--longer", "the script has no option --longer" },
	{ "-ax", "the script has no option -x" },
	{ "--s", "the script has no option --s" },
};

START_TEST(arguments_are_taken)
{
	struct arena a = { 0 };
	struct script_options options = { 0 };
	char *argv[16], *rest = arena_strdup(&a, lines[_i].arguments), *word;
	const char *result, *hint = NULL;
	unsigned argc = 0;

	while ((word = strsep(&rest, " ")))
		if (*word)
			argv[argc++] = word;
	options_find(&a, declared, &options);
	result = options_take(&a, &options, argv, &argc, false, &hint);
	if (!result) {
		result = arena_printf(&a, "%ld %s %ld %ld %ld |", (long)options.list.data[0].number, options.list.data[1].value,
				      (long)options.list.data[2].number, (long)options.list.data[3].number, (long)options.list.data[4].number);
		for (unsigned i = 0; i < argc; i++)
			result = arena_printf(&a, "%s %s", result, argv[i]);
	}
	ck_assert_str_eq(result, lines[_i].result);
	arena_deinit(&a);
}
END_TEST

START_TEST(process_is_given_one_way_or_the_other)
{
	struct arena a = { 0 };
	struct script_options options = { 0 };
	char given[] = "-p7", *argv[] = { given };
	const char *hint = NULL;
	unsigned argc = 0;

	options_find(&a, "getopt(\"pid|p\", $target)", &options);
	ck_assert_str_eq(options_take(&a, &options, argv, &argc, false, &hint), "the script needs a process: -p, --pid=PID");
	ck_assert_str_eq(hint, "or that of ply -p PID or -c COMMAND");
	ck_assert_ptr_null(options_take(&a, &options, argv, &argc, true, &hint));
	ck_assert(option_is_target(&options.list.data[0]));
	argc = 1;
	ck_assert_ptr_null(options_take(&a, &options, argv, &argc, false, &hint));
	ck_assert(!option_is_target(&options.list.data[0]));
	ck_assert_int_eq(options.list.data[0].number, 7);
	arena_deinit(&a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("getopt");
	TCase *t = tcase_create("getopt");

	tcase_add_loop_test(t, options_are_found, 0, sizeof(texts) / sizeof(texts[0]));
	tcase_add_loop_test(t, arguments_are_taken, 0, sizeof(lines) / sizeof(lines[0]));
	tcase_add_test(t, process_is_given_one_way_or_the_other);
	suite_add_tcase(s, t);
	return run_suite(s);
}
