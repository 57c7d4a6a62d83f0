// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random scripts, most of them wrong: the checker always ends, fails exactly if it complains, and leaves no type open in what
 * it accepts. CHECK_RANDOM_SEED repeats a run that failed.
 */
#include "check_world.h"

#include "lang/walk.h"

enum { RUNS = 4000, DEPTH = 3 };

static const char *const leaves[] = {
	"@x", "@y", "@m[pid]", "@m[comm]", "@n[1, \"a\"]", "$x", "$y", "x", "y[1]", "self->a", "this->b", "1", "0", "-1", "300",
	"18446744073709551615", "\"a\"", "pid", "comm", "func", "timestamp", "elapsed", "args.fd", "args.prev_comm", "args.task",
	"args.task->comm", "args.filename", "arg0", "retval", "$1", "$$1", "AF_INET", "RED", "OPT", "(1, \"a\")", "$t", "$t.0",
	"sizeof(struct foo)", "offsetof(struct foo, c)", "probe", "@q",
};
static const char *const operators[] = {
	"+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||", "^^", "&", "|", "^", "<<", ">>",
};
static const char *const calls[] = {
	"str(%s)", "strlen(%s)", "strjoin(%s, comm)", "substr(%s, 2)", "buf(%s, 8)", "ntop(%s)", "len(%s)", "basename(%s)",
	"lltostr(%s)", "ksym(%s)", "has_key(@m, %s)", "f[%s]", "htons(%s)", "(u8)(%s)", "(int)(%s)", "(struct foo *)(%s)",
	"(string)(%s)", "-(%s)", "!(%s)", "*(%s)", "&(%s)", "(u8[8])(%s)", "(%s)->a", "(%s).0", "(%s)++",
	"strftime(%s, 1)", "strftime(\"%H\", %s)", "glob(comm, %s)", "lltostr(1, %s)", "nsecs(%s)", "inet_ntop(2, %s)",
	"kaddr(%s)", "str(comm, %s)", "strncmp(comm, \"a\", %s)", "bswap(%s)", "args[%s]", "count(%s)",
};
static const char *const places[] = {
	"@x", "@y", "@m[pid]", "@m[comm]", "@n[1, \"a\"]", "@n[$t]", "$x", "$y", "$t", "x", "y[1]", "self->a", "this->b",
	"@k[@x, @y]", "@k[x, $y]", "$q[func]", "@q", "pid",
};
static const char *const statements[] = {
	"%p = %e;", "%p = %e;", "%p = %e;", "%p += %e;", "%p <<= %e;", "%p++;", "%p--;", "%p = count();", "%p = sum(%e);",
	"%p = quantize(%e);", "%p = lquantize(%e, 0, 10, 1);", "%p.max(%e);", "if (%e) { %s } else { %s }", "print(%e);",
	"printf(\"%%d %%s %%v\", %e, %e, %e);", "delete %p;", "for ($kv : @m) { %s print($kv.0); $y = $kv.1; }",
	"for ($i : 0..%e) { %s }", "while (%e) { %s break; }", "$t = (%e, %e);", "let $z = %e; print($z);", "clear(@m);",
	"printa(%e, @x);", "printa(\"%%s %%@d\", @m);", "time(%e);", "signal(%e);", "printf(%e);", "normalize(@m, %e);", "trunc(%e);",
	"@l = llquantize(%e, 10, 0, %e, 10);", "%e;", "exit(%e);", "%e ? printf(\"a\") : printf(\"b\");", "print(@q, %e);", "unroll (2) { %s }",
};
static uint64_t state;

static unsigned pick(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

#define one_of(list) (list)[pick(sizeof(list) / sizeof((list)[0]))]

static char *expression(unsigned depth)
{
	struct arena *a = &world.arena;

	if (!depth || !pick(3))
		return arena_strdup(a, one_of(leaves));
	if (pick(2)) {
		char *left = expression(depth - 1);

		return arena_printf(a, "(%s) %s (%s)", left, one_of(operators), expression(depth - 1));
	}
	if (pick(4)) {
		const char *call = one_of(calls), *at = strstr(call, "%s");

		return arena_printf(a, "%.*s%s%s", (int)(at - call), call, expression(depth - 1), at + 2);
	}
	return arena_printf(a, "(%s) ? %s : %s", expression(depth - 1), expression(depth - 1), expression(depth - 1));
}

static char *statement_text(unsigned depth)
{
	const char *p = one_of(statements);
	char *text = arena_strdup(&world.arena, "");

	for (; *p; p++) {
		const char *part = arena_strndup(&world.arena, p, 1);

		if (*p == '%') {
			p++;
			part = *p == 'e' ? expression(depth) : *p == 'p' ? one_of(places) :
			       *p == '%' ? "%" : depth ? statement_text(depth - 1) : ";";
		}
		text = arena_printf(&world.arena, "%s%s", text, part);
	}
	return text;
}

static char *script_text(void)
{
	char *text = arena_printf(&world.arena, "inline int OPT = %u; inline int f[int v] = v + 1; "
				  "struct foo { int a; char b[8]; struct foo *next; int c:3; }; enum e { RED, GREEN = 5 };\n",
				  pick(2));

	for (unsigned clauses = 1 + pick(2); clauses; clauses--) {
		text = arena_printf(&world.arena, "%s%s {", text, pick(4) ? "kr:f" : "BEGIN");
		for (unsigned n = 1 + pick(4); n; n--)
			text = arena_printf(&world.arena, "%s %s", text, statement_text(pick(DEPTH)));
		text = arena_printf(&world.arena, "%s }\n", text);
	}
	return text;
}

static bool is_open(const struct type *t)
{
	if (!t || t->kind == TYPE_VAR || t->kind == TYPE_ERROR || (t->kind == TYPE_STRING && !t->size))
		return true;
	for (unsigned i = 0; i < t->nparts; i++)
		if (is_open(t->parts[i]))
			return true;
	return false;
}

static void ck_settled(void *data, struct expr *e)
{
	bool is_args = e->kind == EXPR_NAME && e->symbol && e->symbol->builtin == BUILTIN_args;

	ck_assert_msg(is_args || !is_open(e->type), "%s has no type in\n%s", ast_expr_text(&world.arena, e), (char *)data);
}

static void ck_var(const struct symbol *sym, const char *text)
{
	ck_assert_msg(!is_open(sym->type) && (!sym->key || !is_open(sym->key)), "%s has no type in\n%s", sym->name, text);
}

static bool run(uint64_t seed)
{
	char *argv[] = { "12" }, *text;

	world_teardown();
	world_setup();
	state = seed;
	world.macros = (struct macros){ .argv = argv, .argc = 1 };
	world.script.dialect = pick(4) ? DIALECT_PLY : DIALECT_D;
	text = script_text();
	check(text);
	ck_assert_msg(world.ok == !world.diag.errors, "seed %llu: no complaint, but no success:\n%s",
		      (unsigned long long)seed, text);
	if (!world.ok)
		return false;
	vec_foreach(clause, &world.script.clauses) {
		walk_clause(*clause, ck_settled, text);
		vec_foreach(sym, &(*clause)->locals)
			ck_var(*sym, text);
	}
	vec_foreach(sym, &world.script.vars)
		ck_var(*sym, text);
	return true;
}

START_TEST(random_scripts)
{
	const char *seed = getenv("CHECK_RANDOM_SEED");
	uint64_t first = seed ? strtoull(seed, NULL, 0) : 1;
	unsigned accepted = 0;

	for (unsigned i = 0; i < RUNS; i++)
		accepted += run(first + i);
	/* else nothing would have been tested of what is accepted */
	ck_assert_uint_gt(accepted, RUNS / 100);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("check_random");
	TCase *t = tcase_create("random");

	tcase_set_timeout(t, 300);
	tcase_add_test(t, random_scripts);
	return world_run(suite, t);
}
