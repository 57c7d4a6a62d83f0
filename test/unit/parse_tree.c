// SPDX-License-Identifier: GPL-2.0-or-later
/* What the parser makes of a text: its tree, its messages, and that nothing breaks it. */
#include "lang/ast.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

static struct sources sources;
static struct diag diag;
static struct arena arena;
static struct script script;
static char *printed;
static size_t printed_len;

static void setup(void)
{
	sources = (struct sources){ 0 };
	diag_init(&diag, &sources);
	diag.out = open_memstream(&printed, &printed_len);
	script = (struct script){ .arena = &arena, .sources = &sources, .diag = &diag };
}

static void teardown(void)
{
	fclose(diag.out);
	free(printed);
	printed = NULL;
	diag_deinit(&diag);
	sources_deinit(&sources);
	arena_deinit(&arena);
}

static void parse_bytes(enum dialect dialect, const char *text, size_t len, const struct macros *macros)
{
	script.dialect = dialect;
	parse_script(&script, source_add(&sources, "text", text, len), macros);
}

static void parse(enum dialect dialect, const char *text)
{
	parse_bytes(dialect, text, strlen(text), NULL);
}

static const char *messages(void)
{
	diag_flush(&diag);
	return printed;
}

/* The predicate or first statement's expression of the first clause, as text. */
static const char *first_expr(const char *text)
{
	const struct clause *c;

	parse(DIALECT_PLY, text);
	ck_assert_msg(!diag.errors, "%s: %s", text, messages());
	c = script.clauses.data[0];
	return ast_expr_text(&arena, c->predicate ? c->predicate : c->body->body->expr);
}

START_TEST(several_texts_make_one_script)
{
	parse(DIALECT_D, "typedef int foo_x;");
	parse(DIALECT_D, "foo_x *y; BEGIN { z = (foo_x)*y; }");
	ck_assert_uint_eq(diag.errors, 0);
	ck_assert_uint_eq(script.nclauses, 1);
	ck_assert_int_eq(script.clauses.data[0]->body->body->expr->right->kind, EXPR_CAST);
	ck_assert_ptr_nonnull(script.items->next->next->clause);
}
END_TEST

START_TEST(macros_are_replaced_in_specs)
{
	char *argv[] = { "5s", "a b:c" };
	bool used[2] = { false };
	struct macros m = { .name = "x", .argv = argv, .argc = 2, .used = used };
	const char *text = "tick-$1, uprobe:$2:f { }";
	const struct spec *spec;

	parse_bytes(DIALECT_PLY, text, strlen(text), &m);
	spec = script.clauses.data[0]->specs;
	ck_assert_str_eq(spec->parts.data[0].text, "tick-5s");
	ck_assert_uint_eq(spec->span.len, strlen("tick-$1"));
	ck_assert_str_eq(spec->next->parts.data[1].text, "a b:c");
	ck_assert(used[0] && used[1]);
	ck_assert_uint_eq(diag.errors, 0);
}
END_TEST

START_TEST(unset_macro_is_an_error)
{
	struct macros m = { .name = "x" };

	parse_bytes(DIALECT_PLY, "tick-$1 { }", 11, &m);
	ck_assert_uint_eq(diag.errors, 1);
	ck_assert_ptr_nonnull(strstr(messages(), "text:1:6: error: $1 is not set"));
}
END_TEST

START_TEST(default_args_give_zero)
{
	struct macros m = { .name = "x", .default_args = true };

	parse_bytes(DIALECT_D, "tick-$1 { }", 11, &m);
	ck_assert_uint_eq(diag.errors, 0);
	ck_assert_str_eq(script.clauses.data[0]->specs->text, "tick-0");
}
END_TEST

START_TEST(spans_cover_what_was_written)
{
	const struct expr *e;

	parse(DIALECT_PLY, "k:f { (@x[pid]).count(1) }");
	e = script.clauses.data[0]->body->body->expr;
	ck_assert_uint_eq(e->span.pos, 1 + 6);
	ck_assert_uint_eq(e->span.len, strlen("(@x[pid]).count(1)"));
	ck_assert_uint_eq(e->right->span.pos, 1 + 16);
	ck_assert_uint_eq(e->right->name_span.len, strlen("count"));
}
END_TEST

static const char *const expressions[] = {
	"a + b * c", "(a + b) * c", "a - (b - c)", "a - b - c", "-(-x)", "!x && (y || z)", "a ? b : c", "(a ? b : c) ? d : e",
	"x = y += 1", "@x[a, (b, c)]", "(u64)x + 1", "(u64)(x + 1)", "&x->y.z[3]", "*p++", "(*p)++", "self->x[1]", "$1 + $$2",
	"f((struct x *)y)", "@.count()", "@x[k].quantize(v)", "'a' + '\\x00'", "\"a\\nb\\\"\"", "sizeof (int)", "a ^^ b", "10ms",
	"$syscalls[func].count()", "vmlinux`jiffies + `x",
};

START_TEST(text_of_expressions_reads_back)
{
	const char *in = expressions[_i], *out;
	const struct clause *c;

	out = first_expr(arena_printf(&arena, "k:f { %s }", in));
	parse(DIALECT_PLY, arena_printf(&arena, "k:f { %s }", out));
	c = script.clauses.data[1];
	ck_assert_str_eq(ast_expr_text(&arena, c->body->body->expr), out);
	if (!strstr(in, "-(") && !strstr(in, "'\\x"))
		ck_assert_str_eq(in, out);
}
END_TEST

static char *repeated(const char *head, const char *unit, unsigned n, const char *tail, size_t *len)
{
	size_t h = strlen(head), u = strlen(unit), t = strlen(tail);
	char *s = xmalloc(h + n * u + t + 1);

	memcpy(s, head, h);
	for (unsigned i = 0; i < n; i++)
		memcpy(s + h + i * u, unit, u);
	memcpy(s + h + n * u, tail, t + 1);
	*len = h + n * u + t;
	return s;
}

static const struct {
	const char *head, *unit, *tail;
} deep[] = {
	{ "k:f { x = ", "(", "" }, { "k:f { x = ", "-", "1 }" }, { "k:f { x = 1", " + 1", " }" }, { "k:f { x = ", "y ? 1 : ", "2 }" },
	{ "k:f ", "{", "" }, { "k:f ", "if (x) ", "y++;" }, { "k:f ", "if (x) y++; else ", "y++;" }, { "k:f { ", "x = ", "1 }" },
	{ "k:f { x", "[y]", " }" }, { "k:f { ", "f(", "" }, { "k:f { x", "++", " }" }, { "", "struct { ", "" },
	{ "k:f ", "< ", "" }, { "k:f { x", ".y", " }" }, { "k:f /", "(", "/ { }" }, { "k:f { x = ", "sizeof ", "1 }" },
	{ "k:f { x", "->y", " }" }, { "k:f { ", "x, ", "y, (a, b) }" }, { "k:f { ", "while (1) ", "x++ }" },
};

START_TEST(depth_is_limited)
{
	size_t len;
	char *text = repeated(deep[_i].head, deep[_i].unit, 300000, deep[_i].tail, &len);

	parse_bytes(DIALECT_PLY, text, len, NULL);
	free(text);
	if (strcmp(deep[_i].unit, "x, "))
		ck_assert_uint_eq(diag.errors, 1);
}
END_TEST

/* Texts of 10 MB take time in proportion, whatever they are made of; only statements are counted. */
static const struct {
	const char *head, *unit, *tail;
	unsigned errors;
} big[] = {
	{ "", "kprobe:vfs_read /pid == 1/ { @[comm, arg0] = count(); }\n", "", 0 },
	{ "k:f { ", "x++;\n", "}", 1 }, { "k:f { ", "x", " }", 0 }, { "k:f { x = \"", "y", "\" }", 0 }, { "", "/* */", "", 0 },
	{ "/*", "x", "*/", 0 }, { "", "# a comment\n", "", 0 }, { "k:f", ",k:f", " { }", 0 }, { "k:", "f", " { }", 0 }, { "", " ", "", 0 },
	{ "", "k:f /", "", ~0u }, { "", "{", "", ~0u }, { "", "x ", "", ~0u }, { "k:f { ", ") ", "}", ~0u }, { "k:f { f(", "1, ", "2) }", 0 },
	{ "struct x { ", "int a; ", "};", 0 }, { "enum x { ", "a, ", "};", 0 }, { "k:f { ", "x = ; ", "}", ~0u }, { "k:f { x ", "y ", "}", ~0u },
	{ "k:f", " / x", " {}", ~0u }, { "", "\"", "", 0 }, { "k:f { ", "'", "", ~0u }, { "", ";", "", 0 }, { "", "k:f ", "", 0 },
	{ "", "int x; ", "", 0 }, { "k:f { x = ", "9", " }", 1 }, { "k:f { ", "@ = (foo)x; ", "}", 0 }, { "k:f /", "x / ", "1/ {}", 1 },
	{ "k:f { ", "(a", "", ~0u },
};

START_TEST(size_costs_in_proportion)
{
	size_t len;
	char *text = repeated(big[_i].head, big[_i].unit, (unsigned)((2u << 20) / strlen(big[_i].unit)), big[_i].tail, &len);

	parse_bytes(DIALECT_PLY, text, len, NULL);
	if (big[_i].errors == ~0u)
		ck_assert_uint_gt(diag.errors, 0);
	else
		ck_assert_uint_eq(diag.errors, big[_i].errors);
	messages();
	free(text);
}
END_TEST

static const struct {
	const char *text;
	size_t len;
	const char *message;
} garbage[] = {
	{ "k:f { }\0x", 9, "byte 0x00 at offset 7 is a control character" },
	{ "\x7f" "ELF", 4, "byte 0x7f at offset 0" },
	{ "k:f { x = \"\xff\" }", 15, "byte 0xff at offset 11 is not UTF-8" },
	{ "\xc0\x80", 2, "byte 0xc0" }, { "\xed\xa0\x80", 3, "byte 0xed" }, { "a\xe2\x82", 3, "byte 0xe2 at offset 1" },
};

START_TEST(garbage_is_one_error)
{
	parse_bytes(DIALECT_PLY, garbage[_i].text, garbage[_i].len, NULL);
	ck_assert_uint_eq(diag.errors, 1);
	ck_assert_ptr_nonnull(strstr(messages(), garbage[_i].message));
	ck_assert_ptr_null(script.items);
}
END_TEST

START_TEST(nothing_is_no_item)
{
	static const char *const texts[] = { "", " \t\r\n", "# comment", "/* a */ // b", ";;", "\xef\xbb\xbf" };

	parse(DIALECT_PLY, texts[_i]);
	ck_assert_uint_eq(diag.errors, 0);
	ck_assert_ptr_null(script.items);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("parse_tree");
	TCase *c = tcase_create("parse");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, several_texts_make_one_script);
	tcase_add_test(c, macros_are_replaced_in_specs);
	tcase_add_test(c, unset_macro_is_an_error);
	tcase_add_test(c, default_args_give_zero);
	tcase_add_test(c, spans_cover_what_was_written);
	tcase_add_loop_test(c, text_of_expressions_reads_back, 0, (int)(sizeof(expressions) / sizeof(*expressions)));
	tcase_add_loop_test(c, depth_is_limited, 0, (int)(sizeof(deep) / sizeof(*deep)));
	tcase_add_loop_test(c, size_costs_in_proportion, 0, (int)(sizeof(big) / sizeof(*big)));
	tcase_add_loop_test(c, garbage_is_one_error, 0, (int)(sizeof(garbage) / sizeof(*garbage)));
	tcase_add_loop_test(c, nothing_is_no_item, 0, 6);
	suite_add_tcase(s, c);
	return run_suite(s);
}
