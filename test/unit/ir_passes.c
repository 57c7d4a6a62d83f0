// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each pass alone: text in, text out. Texts are bodies of a function over the maps below; the result is compared as it is
 * printed. ir_random.c tells whether passes are right; these tell whether they do what they are there for.
 */
#include "ir/passes.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

static struct arena arena;

static void setup(void)
{
	arena = (struct arena){ 0 };
}

static void teardown(void)
{
	arena_deinit(&arena);
}

static const char head[] =
	"map @0 \"data\" array value 128 mmapable\n"
	"map @1 \"@comm\" percpu_hash key(16) value 8 entries 100 drops 16\n"
	"map @2 \"@pair\" hash key(u32, u64 at 8) value 8 entries 100\n"
	"map @3 \"@swapped\" hash key(u64) value 8 entries 100 swapped\n"
	"map @4 \"self\" task_storage value 16 drops 24\n"
	"map @5 \"@large\" hash key(u64) value 512 entries 100 zeros 64\n"
	"map @6 \"table\" array key(u32) value 8 entries 4\n"
	"data @0\n"
	"program \"p\"\n"
	"func f(ctx)\n";

struct test {
	const char *name, *passes, *before, *after;
};

static char *text_of(const struct ir_module *m)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	ir_print_module(f, m);
	fclose(f);
	return text;
}

static void run_named(struct ir_module *m, struct ir_func *f, const char *name)
{
	for (unsigned i = 0; i < ir_npasses; i++)
		if (!strcmp(ir_passes[i].name, name)) {
			const char *error;

			ir_passes[i].run(m, f);
			error = ir_verify(&arena, f);
			ck_assert_msg(!error, "%s: %s", name, error);
			return;
		}
	ck_abort_msg("no pass %s", name);
}

static void check(const struct test *t)
{
	const char *error = NULL;
	struct ir_module *m = ir_parse(&arena, arena_printf(&arena, "%s%s", head, t->before), &error);
	struct ir_func *f;
	char *names = arena_strdup(&arena, t->passes), *text;

	ck_assert_msg(m != NULL, "%s: %s", t->name, error);
	f = m->programs.data[0]->funcs.data[0];
	error = ir_verify(&arena, f);
	ck_assert_msg(!error, "%s: %s", t->name, error);
	for (char *name = strtok(names, " "); name; name = strtok(NULL, " "))
		run_named(m, f, name);
	text = text_of(m);
	ck_assert_msg(!strcmp(text + strlen(head), t->after), "%s\n--- expected\n%s--- got\n%s", t->name, t->after,
		      text + strlen(head));
	free(text);
}

/* One value %2 of the number %1, and what becomes of it: the function's text behind the load of %1 */
static const struct {
	const char *before, *after;
} rules[] = {
	{ "%2 = add %1, 0\nret %2", "ret %1" },
	{ "%2 = add 5, %1\nret %2", "%2 = add %1, 5\nret %2" },
	{ "%2 = add %1, 5\n%3 = add %2, -7\nret %3", "%3 = add %1, -2\nret %3" },
	{ "%2 = sub %1, 3\nret %2", "%2 = add %1, -3\nret %2" },
	{ "%2 = sub %1, %1\nret %2", "ret 0" },
	{ "%2 = sub 0, %1\n%3 = neg %2\nret %3", "ret %1" },
	{ "%2 = neg %1\n%3 = add %1, %2\nret %3", "ret 0" },
	{ "%2 = mul %1, 8\nret %2", "%2 = shl %1, 3\nret %2" },
	{ "%2 = mul %1, 0\nret %2", "ret 0" },
	{ "%2 = mul %1, -1\nret %2", "%2 = neg %1\nret %2" },
	{ "%2 = mul %1, 3\n%3 = mul %2, 5\nret %3", "%3 = mul %1, 15\nret %3" },
	{ "%2 = udiv %1, 4096\nret %2", "%2 = lshr %1, 12\nret %2" },
	{ "%2 = udiv %1, -9223372036854775808\nret %2", "%2 = lshr %1, 63\nret %2" },
	{ "%2 = umod %1, 16\nret %2", "%2 = and %1, 15\nret %2" },
	{ "%2 = umod %1, 1\nret %2", "ret 0" },
	{ "%2 = udiv %1, 10\nret %2", "%2 = udiv %1, 10\nret %2" },
	{ "%2 = sdiv %1, 8\nret %2", "%2 = sdiv %1, 8\nret %2" },
	{ "%2 = zext.4 %1\n%3 = sdiv %2, 8\nret %3", "%2 = zext.4 %1\n%3 = lshr %2, 3\nret %3" },
	{ "%2 = zext.4 %1\n%3 = smod %2, 10\nret %3", "%2 = zext.4 %1\n%3 = umod %2, 10\nret %3" },
	{ "%2 = sdiv %1, -1\nret %2", "%2 = neg %1\nret %2" },
	{ "%2 = and %1, 255\nret %2", "%2 = zext.1 %1\nret %2" },
	{ "%2 = and %1, 4294967295\nret %2", "%2 = zext.4 %1\nret %2" },
	{ "%2 = and %1, 12\n%3 = and %2, 15\nret %3", "%2 = and %1, 12\nret %2" },
	{ "%2 = lshr %1, 60\n%3 = and %2, 15\nret %3", "%2 = lshr %1, 60\nret %2" },
	/* the verifier knows no bound of what a division gives: the mask stays */
	{ "%2 = umod %1, 10\n%3 = and %2, 15\nret %3", "%2 = umod %1, 10\n%3 = and %2, 15\nret %3" },
	{ "%2 = xor %1, -1\nret %2", "%2 = not %1\nret %2" },
	{ "%2 = xor %1, %1\nret %2", "ret 0" },
	{ "%2 = shl %1, 3\n%3 = shl %2, 4\nret %3", "%3 = shl %1, 7\nret %3" },
	{ "%2 = shl %1, 64\nret %2", "ret %1" },
	{ "%2 = shl %1, 40\n%3 = shl %2, 40\nret %3", "ret 0" },
	{ "%2 = ashr %1, 40\n%3 = ashr %2, 40\nret %3", "%3 = ashr %1, 63\nret %3" },
	{ "%2 = shl %1, 32\n%3 = lshr %2, 32\nret %3", "%3 = zext.4 %1\nret %3" },
	{ "%2 = shl %1, 56\n%3 = ashr %2, 56\nret %3", "%3 = sext.1 %1\nret %3" },
	{ "%2 = sext.4 %1\n%3 = sext.8 %2\n%4 = zext.2 %3\nret %4", "%4 = zext.2 %1\nret %4" },
	{ "%2 = load.1 %0 + 0\n%3 = zext.4 %2\n%4 = sext.4 %3\nret %4", "%2 = load.1 %0 + 0\nret %2" },
	{ "%2 = load.4 %0 + 0\n%3 = sext.4 %2\n%4 = eq %3, 7\nret %4", "%2 = load.4 %0 + 0\n%3 = eq %2, 7\nret %3" },
	{ "%2 = load.4 %0 + 0\n%3 = sext.4 %2\n%4 = eq %3, -7\nret %4",
	  "%2 = load.4 %0 + 0\n%3 = sext.4 %2\n%4 = eq %3, -7\nret %4" },
	{ "%2 = bswap.4 %1\n%3 = bswap.4 %2\nret %3", "%3 = zext.4 %1\nret %3" },
	{ "%2 = not %1\n%3 = not %2\nret %3", "ret %1" },
	{ "%2 = slt %1, 7\n%3 = ne %2, 0\nret %3", "%2 = slt %1, 7\nret %2" },
	{ "%2 = slt %1, 7\n%3 = eq %2, 0\nret %3", "%3 = sle 7, %1\nret %3" },
	{ "%2 = eq %1, 7\n%3 = eq %2, 0\n%4 = eq %3, 0\nret %4", "%4 = eq %1, 7\nret %4" },
	{ "%2 = add %1, 3\n%3 = eq %2, 5\nret %3", "%3 = eq %1, 2\nret %3" },
	{ "%2 = zext.1 %1\n%3 = eq %2, 256\nret %3", "ret 0" },
	{ "%2 = zext.1 %1\n%3 = ult %2, 256\nret %3", "ret 1" },
	{ "%2 = zext.1 %1\n%3 = slt %2, 0\nret %3", "ret 0" },
	{ "%2 = zext.1 %1\n%3 = slt %2, 9\nret %3", "%2 = zext.1 %1\n%3 = ult %2, 9\nret %3" },
	{ "%2 = ult %1, 1\nret %2", "%2 = eq %1, 0\nret %2" },
	{ "%2 = ule %1, %1\nret %2", "ret 1" },
	{ "%2 = ult 3, 2\n%3 = udiv 7, 0\n%4 = or %3, %2\nret %4", "%2 = udiv 7, 0\nret %2" },
	{ "%2 = ne %0, 0\nret %2", "ret 1" },
	{ "%2 = padd %0 + 8, 0\n%3 = padd %2 + 8, 0\n%4 = load.4 %3 + 4\nret %4", "%4 = load.4 %0 + 20\nret %4" },
	{ "%2 = and %1, 7\n%3 = padd %0 + 8, %2\n%4 = load.4 %3 + 4\nret %4",
	  "%2 = and %1, 7\n%3 = padd %0 + 0, %2\n%4 = load.4 %3 + 12\nret %4" },
	{ "%2 = zext.4 %1\n%3 = slot $0 [8 align 8]\nstore.4 %3 + 0, %2\nstore.2 %3 + 4, 65535\n%4 = load.8 %3 + 0\nret %4",
	  "%2 = slot $0 [8 align 8]\nstore.4 %2 + 0, %1\nstore.2 %2 + 4, -1\n%3 = load.8 %2 + 0\nret %3" },
	{ "%2 = sext.4 %1\nremove @2 %2, %2\nret 0", "%2 = sext.4 %1\nremove @2 %1, %2\nret 0" },
};

/* The text with a tab before each value and values counted as they come */
static const char *normalised(const char *body)
{
	const char *error = NULL;
	struct ir_module *m = ir_parse(&arena, arena_printf(&arena, "%sb0:\n%%0 = ctx\n%%1 = load.8 %%0 + 0\n%s\n", head, body),
				       &error);
	char *text, *copy;

	ck_assert_msg(m != NULL, "%s: %s", body, error);
	text = text_of(m);
	copy = arena_strdup(&arena, text + strlen(head));
	free(text);
	return copy;
}

START_TEST(test_rules)
{
	struct test t = { rules[_i].before, "fold dead", normalised(rules[_i].before), NULL };
	const char *error = NULL;
	struct ir_module *m;
	char *after;

	/* what is expected may leave out the load that is not needed any more */
	m = ir_parse(&arena, arena_printf(&arena, "%s%s", head, normalised(rules[_i].after)), &error);
	ir_opt_dead(m, m->programs.data[0]->funcs.data[0]);
	after = text_of(m);
	t.after = arena_strdup(&arena, after + strlen(head));
	free(after);
	check(&t);
}
END_TEST

static const struct test tests[] = {
	{ "branches on constants, blocks that nothing reaches, chains", "fold",
	  "b0:\n%0 = ctx\nbr 1, b1, b2\nb1:\njmp b3\nb2:\n%1 = load.8 %0 + 0\njmp b3\n"
	  "b3:\n%2 = phi i64 b1: 7, b2: %1\n%3 = add %2, 1\nret %3\n",
	  "b0:\n\t%0 = ctx\n\tret 8\n" },

	{ "a condition known from the branch above", "fold dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\n%2 = ne %1, 0\nbr %2, b1, b4\n"
	  "b1:\n%3 = eq %1, 0\nbr %3, b2, b3\nb2:\nret 2\nb3:\n%4 = ne %1, 0\nret %4\nb4:\nret %1\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\tbr %1, b1, b2\nb1:\n\tret 1\nb2:\n\tret 0\n" },

	{ "null tests below a null test", "fold dead",
	  "b0:\n%0 = lookup @3 7\n%1 = ne %0, 0\nbr %1, b1, b4\n"
	  "b1:\n%2 = eq %0, 0\nbr %2, b4, b2\nb2:\nstore.8 %0 + 0, 1\njmp b4\nb4:\nret 0\n",
	  "b0:\n\t%0 = lookup @3 7\n\t%1 = ne %0, 0\n\tbr %1, b1, b2\nb1:\n\tstore.8 %0 + 0, 1\n\tjmp b2\nb2:\n\tret 0\n" },

	{ "&& as a number, then tested", "fold dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\n%2 = load.8 %0 + 8\n%3 = slt %1, 5\nbr %3, b1, b3\n"
	  "b1:\n%4 = eq %2, 9\nbr %4, b2, b3\nb2:\njmp b4\nb3:\njmp b4\n"
	  "b4:\n%5 = phi i64 b2: 1, b3: 0\n%6 = ne %5, 0\nbr %6, b5, b6\nb5:\nret 55\nb6:\nret 66\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = load.8 %0 + 8\n\t%3 = slt %1, 5\n\tbr %3, b1, b3\n"
	  "b1:\n\t%4 = eq %2, 9\n\tbr %4, b2, b3\nb2:\n\tret 55\nb3:\n\tret 66\n" },

	{ "1 or 0 by a condition is the condition", "fold dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\n%2 = slt %1, 5\nbr %2, b1, b2\nb1:\njmp b3\nb2:\njmp b3\n"
	  "b3:\n%3 = phi i64 b1: 0, b2: 1\nret %3\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = sle 5, %1\n\tret %2\n" },

	{ "an if that does nothing", "fold dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\nbr %1, b1, b2\nb1:\njmp b2\nb2:\nret 0\n",
	  "b0:\n\tret 0\n" },

	{ "a loop stays a loop", "fold cse dead",
	  "b0:\njmp b1\nb1:\n%0 = phi i64 b0: 0, b2: %3\n%1 = phi i64 b0: 5, b2: %1\n%2 = ult %0, 10\nbr %2, b2, b3\n"
	  "b2:\n%3 = add %0, %1\njmp b1\nb3:\nret %0\n",
	  "b0:\n\tjmp b1\nb1:\n\t%0 = phi i64 b0: 0, b2: %2\n\t%1 = ult %0, 10\n\tbr %1, b2, b3\n"
	  "b2:\n\t%2 = add %0, 5\n\tjmp b1\nb3:\n\tret %0\n" },

	{ "the same computed again below", "cse dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\n%2 = call get_current_pid_tgid\n%3 = add %1, %2\nbr %3, b1, b2\n"
	  "b1:\n%4 = ctx\n%5 = load.8 %4 + 0\n%6 = call get_current_pid_tgid\n%7 = add %6, %5\nret %7\nb2:\nret 0\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = call get_current_pid_tgid\n\t%3 = add %1, %2\n\tbr %3, b1, b2\n"
	  "b1:\n\tret %3\nb2:\n\tret 0\n" },

	{ "not the same beside", "cse dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\nbr %1, b1, b2\nb1:\n%2 = call get_current_pid_tgid\nret %2\n"
	  "b2:\n%3 = call get_current_pid_tgid\nret %3\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\tbr %1, b1, b2\nb1:\n\t%2 = call get_current_pid_tgid\n\tret %2\n"
	  "b2:\n\t%3 = call get_current_pid_tgid\n\tret %3\n" },

	{ "what was stored is what is loaded", "cse dead",
	  "b0:\n%0 = data @0 + 32\n%1 = load.8 %0 + 0\n%2 = add %1, 1\nstore.8 %0 + 0, %2\n"
	  "%3 = data @0 + 24\n%4 = load.8 %3 + 8\nstore.4 %0 + 8, %4\n%5 = load.4 %0 + 8\nret %5\n",
	  "b0:\n\t%0 = data @0 + 32\n\t%1 = load.8 %0 + 0\n\t%2 = add %1, 1\n\tstore.8 %0 + 0, %2\n"
	  "\tstore.4 %0 + 8, %2\n\t%3 = zext.4 %2\n\tret %3\n" },

	{ "other bytes, other memory are not touched by a write", "cse dead",
	  "b0:\n%0 = data @0 + 32\n%1 = load.8 %0 + 0\nstore.8 %0 + 8, 1\n%2 = slot $0 [16 align 8]\nzero %2, 16\n"
	  "%3 = lookup @3 7\n%4 = ne %3, 0\nbr %4, b1, b2\nb1:\nstore.8 %3 + 0, 5\njmp b2\n"
	  "b2:\n%5 = load.8 %0 + 0\n%6 = load.8 %2 + 0\n%7 = add %5, %6\n%8 = sub %7, %1\nret %8\n",
	  "b0:\n\t%0 = data @0 + 32\n\t%1 = load.8 %0 + 0\n\tstore.8 %0 + 8, 1\n\t%2 = slot $0 [16 align 8]\n\tzero %2, 16\n"
	  "\t%3 = lookup @3 7\n\t%4 = ne %3, 0\n\tbr %4, b1, b2\nb1:\n\tstore.8 %3 + 0, 5\n\tjmp b2\n"
	  "b2:\n\t%5 = load.8 %2 + 0\n\t%6 = add %1, %5\n\t%7 = sub %6, %1\n\tret %7\n" },

	{ "a write on one way between", "cse",
	  "b0:\n%0 = data @0 + 32\n%1 = load.8 %0 + 0\nbr %1, b1, b2\nb1:\nstore.8 %0 + 0, 5\njmp b2\n"
	  "b2:\n%2 = load.8 %0 + 0\n%3 = add %1, %2\nret %3\n",
	  "b0:\n\t%0 = data @0 + 32\n\t%1 = load.8 %0 + 0\n\tbr %1, b1, b2\nb1:\n\tstore.8 %0 + 0, 5\n\tjmp b2\n"
	  "b2:\n\t%2 = load.8 %0 + 0\n\t%3 = add %1, %2\n\tret %3\n" },

	{ "a function writes where pointers lead that lie where it was pointed to", "cse",
	  "b0:\n%0 = slot $0 [8 align 8]\n%1 = slot $1 [8 align 8]\nstore.8 %0 + 0, 5\nstore.8 %1 + 0, %0\n%2 = callf g %1\n"
	  "%3 = load.8 %0 + 0\nret %3\nfunc g(ptr) i64\nb0:\n%0 = param 0\n%1 = loadp %0 + 0\nstore.8 %1 + 0, 7\nret 0\n",
	  "b0:\n\t%0 = slot $0 [8 align 8]\n\t%1 = slot $1 [8 align 8]\n\tstore.8 %0 + 0, 5\n\tstore.8 %1 + 0, %0\n\t%2 = callf g %1\n"
	  "\t%3 = load.8 %0 + 0\n\tret %3\nfunc g(ptr) i64\nb0:\n\t%0 = param 0\n\t%1 = loadp %0 + 0\n\tstore.8 %1 + 0, 7\n\tret 0\n" },
	{ "a write around the loop", "cse",
	  "b0:\n%0 = data @0 + 32\n%1 = load.8 %0 + 0\njmp b1\n"
	  "b1:\n%2 = load.8 %0 + 0\n%3 = ult %2, %1\nbr %3, b2, b3\nb2:\naadd.8 %0 + 0, 1\njmp b1\nb3:\nret %2\n",
	  "b0:\n\t%0 = data @0 + 32\n\t%1 = load.8 %0 + 0\n\tjmp b1\n"
	  "b1:\n\t%2 = load.8 %0 + 0\n\t%3 = ult %2, %1\n\tbr %3, b2, b3\nb2:\n\taadd.8 %0 + 0, 1\n\tjmp b1\nb3:\n\tret %2\n" },

	{ "a buffer is filled once, a store of what is there is none", "cse dead",
	  "b0:\n%0 = slot $0 [16 align 8]\n%1 = call get_current_comm %0, 16\n%2 = slot $1 [8 align 8]\nstore.4 %2 + 4, 0\n"
	  "%3 = call get_current_comm %0, 16\nstore.4 %2 + 4, 0\n%4 = load.8 %0 + 0\n%5 = load.8 %2 + 0\n%6 = add %4, %5\nret %6\n",
	  "b0:\n\t%0 = slot $0 [16 align 8]\n\t%1 = call get_current_comm %0, 16\n\t%2 = slot $1 [8 align 8]\n\tstore.4 %2 + 4, 0\n"
	  "\t%3 = load.8 %0 + 0\n\t%4 = load.8 %2 + 0\n\t%5 = add %3, %4\n\tret %5\n" },

	{ "a lookup serves a second one", "lookup",
	  "b0:\n%0 = slot $0 [16 align 8]\n%1 = call get_current_comm %0, 16\n%2 = lookup @1 %0\n%3 = ne %2, 0\nbr %3, b1, b2\n"
	  "b1:\n%4 = data @0 + 0\nstore.8 %4 + 0, 1\n%5 = lookup @1 %0\n%6 = ne %5, 0\nret %6\nb2:\nret 0\n",
	  "b0:\n\t%0 = slot $0 [16 align 8]\n\t%1 = call get_current_comm %0, 16\n\t%2 = lookup @1 %0\n\t%3 = ne %2, 0\n\tbr %3, b1, b2\n"
	  "b1:\n\t%4 = data @0 + 0\n\tstore.8 %4 + 0, 1\n\t%5 = ne %2, 0\n\tret %5\nb2:\n\tret 0\n" },

	{ "not if the key's memory was written", "lookup",
	  "b0:\n%0 = slot $0 [16 align 8]\nzero %0, 16\n%1 = lookup @1 %0\nstore.1 %0 + 3, 1\n%2 = lookup @1 %0\n%3 = eq %1, %2\nret %3\n",
	  "b0:\n\t%0 = slot $0 [16 align 8]\n\tzero %0, 16\n\t%1 = lookup @1 %0\n\tstore.1 %0 + 3, 1\n\t%2 = lookup @1 %0\n"
	  "\t%3 = eq %1, %2\n\tret %3\n" },

	{ "not behind a removal from the map", "lookup",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\n%2 = lookup @3 %1\nremove @3 7\n%3 = lookup @3 %1\n%4 = lookup @5 %1\n"
	  "remove @2 1, 2\n%5 = lookup @5 %1\n%6 = eq %3, %2\n%7 = eq %4, %5\n%8 = add %6, %7\nret %8\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = lookup @3 %1\n\tremove @3 7\n\t%3 = lookup @3 %1\n\t%4 = lookup @5 %1\n"
	  "\tremove @2 1, 2\n\t%5 = eq %3, %2\n\t%6 = eq %4, %4\n\t%7 = add %5, %6\n\tret %7\n" },

	{ "an entry serves", "lookup",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\n%2 = entry @3 %1\n%3 = entry @3 8\n%4 = entry @3 %1\n%5 = lookup @3 %1\n"
	  "%6 = eq %4, %2\n%7 = eq %2, %5\n%8 = add %6, %7\nret %8\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = entry @3 %1\n\t%3 = entry @3 8\n"
	  "\t%4 = eq %2, %2\n\t%5 = eq %2, %2\n\t%6 = add %4, %5\n\tret %6\n" },

	{ "an entry where a lookup found none", "lookup",
	  "b0:\n%0 = lookup @5 1\n%1 = entry @5 1\n%2 = ne %1, 0\nbr %2, b1, b2\nb1:\nstore.8 %1 + 0, 1\njmp b2\nb2:\nret 0\n",
	  "b0:\n\t%0 = lookup @5 1\n\t%1 = ne %0, 0\n\tbr %1, b2, b1\nb1: unlikely\n\t%2 = entry @5 1\n\tjmp b2\n"
	  "b2:\n\t%3 = phi ptr b0: %0, b1: %2\n\t%4 = ne %3, 0\n\tbr %4, b3, b4\nb3:\n\tstore.8 %3 + 0, 1\n\tjmp b4\nb4:\n\tret 0\n" },

	{ "an entry where a lookup found it", "lookup fold",
	  "b0:\n%0 = lookup @5 1\n%1 = ne %0, 0\nbr %1, b1, b2\nb1:\n%2 = entry @5 1\n%3 = ne %2, 0\nbr %3, b3, b2\n"
	  "b3:\nstore.8 %2 + 0, 1\njmp b2\nb2:\nret 0\n",
	  "b0:\n\t%0 = lookup @5 1\n\t%1 = ne %0, 0\n\tbr %1, b1, b2\nb1:\n\tstore.8 %0 + 0, 1\n\tjmp b2\nb2:\n\tret 0\n" },

	{ "thread-local storage is zeroed where it was found", "lookup fold dead",
	  "b0:\n%0 = lookup @4\n%1 = ne %0, 0\nbr %1, b1, b2\nb1:\n%2 = load.8 %0 + 0\nremove @4\nret %2\nb2:\nret 0\n",
	  "b0:\n\t%0 = lookup @4\n\t%1 = ne %0, 0\n\tbr %1, b1, b2\n"
	  "b1:\n\t%2 = load.8 %0 + 0\n\tzero %0, 16\n\tret %2\nb2:\n\tret 0\n" },

	{ "what nothing uses, in circles too", "dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\n%2 = call ktime_get_ns\n%3 = lookup @3 %1\n%4 = entry @3 %1\n%5 = call get_prandom_u32\njmp b1\n"
	  "b1:\n%6 = phi i64 b0: 0, b1: %7\n%8 = phi i64 b0: 0, b1: %9\n%7 = add %6, 1\n%9 = add %8, 1\n%10 = ult %9, 10\nbr %10, b1, b2\n"
	  "b2:\nret 0\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = entry @3 %1\n\t%3 = call get_prandom_u32\n\tjmp b1\n"
	  "b1:\n\t%4 = phi i64 b0: 0, b1: %5\n\t%5 = add %4, 1\n\t%6 = ult %5, 10\n\tbr %6, b1, b2\nb2:\n\tret 0\n" },

	{ "writes to slots that nothing reads", "dead",
	  "b0:\n%0 = slot $0 [16 align 8]\n%1 = call get_current_comm %0, 16\n%2 = padd %0 + 8, 0\nstore.4 %2 + 0, 7\n"
	  "%3 = slot $1 [8 align 8]\nzero %3, 8\n%4 = slot $2 [8 align 8]\ncopy %4, %3, 8\n%5 = load.8 %4 + 0\n"
	  "%6 = slot $3 [8 align 8]\nzero %6, 8\n%7 = slot $4 [8 align 8]\ncopy %7, %6, 8\nret %5\n",
	  "b0:\n\t%0 = slot $0 [8 align 8]\n\tzero %0, 8\n\t%1 = slot $1 [8 align 8]\n\tcopy %1, %0, 8\n\t%2 = load.8 %1 + 0\n\tret %2\n" },

	{ "count by name: the miss is apart, and one test on the way", "expand fold dead",
	  "b0:\n%0 = slot $0 [16 align 8]\n%1 = call get_current_comm %0, 16\n%2 = entry @1 %0\n%3 = ne %2, 0\nbr %3, b1, b2\n"
	  "b1:\n%4 = load.8 %2 + 0\n%5 = add %4, 1\nstore.8 %2 + 0, %5\njmp b2\nb2:\nret 0\n",
	  "b0:\n\t%0 = slot $0 [16 align 8]\n\t%1 = call get_current_comm %0, 16\n\t%2 = map @1\n\t%3 = call map_lookup_elem %2, %0\n"
	  "\t%4 = ne %3, 0\n\tbr %4, b3, b1\n"
	  "b1: unlikely\n\t%5 = slot $1 \"zero\" [8 align 8]\n\tzero %5, 8\n\t%6 = call map_update_elem %2, %0, %5, 1\n"
	  "\t%7 = call map_lookup_elem %2, %0\n\t%8 = ne %7, 0\n\tbr %8, b3, b2\n"
	  "b2: unlikely\n\t%9 = data @0 + 16\n\t%10 = add %6, 7\n\t%11 = zext.4 %10\n\t%12 = ne %11, 0\n\t%13 = shl %12, 3\n"
	  "\t%14 = padd %9 + 0, %13\n\taadd.8 %14 + 0, 1\n\tjmp b4\n"
	  "b3:\n\t%15 = phi ptr b1: %7, b0: %3\n\t%16 = load.8 %15 + 0\n\t%17 = add %16, 1\n\tstore.8 %15 + 0, %17\n\tjmp b4\n"
	  "b4:\n\tret 0\n" },

	{ "a key with a gap, an entry not tested, zeros in data", "expand",
	  "b0:\n%0 = entry @2 1, 2\n%1 = entry @5 3\n%2 = eq %0, %1\nret %2\n",
	  "b0:\n\t%0 = map @2\n\t%1 = slot $0 \"key\" [16 align 8]\n\tstore.4 %1 + 0, 1\n\tstore.4 %1 + 4, 0\n\tstore.8 %1 + 8, 2\n"
	  "\t%2 = call map_lookup_elem %0, %1\n\t%3 = ne %2, 0\n\tbr %3, b2, b1\n"
	  "b1: unlikely\n\t%4 = slot $1 \"zero\" [8 align 8]\n\tzero %4, 8\n\t%5 = call map_update_elem %0, %1, %4, 1\n"
	  "\t%6 = call map_lookup_elem %0, %1\n\tjmp b2\n"
	  "b2:\n\t%7 = phi ptr b0: %2, b1: %6\n\t%8 = map @5\n\t%9 = slot $2 \"key\" [8 align 8]\n\tstore.8 %9 + 0, 3\n"
	  "\t%10 = call map_lookup_elem %8, %9\n\t%11 = ne %10, 0\n\tbr %11, b4, b3\n"
	  "b3: unlikely\n\t%12 = data @0 + 64\n\t%13 = call map_update_elem %8, %9, %12, 1\n"
	  "\t%14 = call map_lookup_elem %8, %9\n\tjmp b4\n"
	  "b4:\n\t%15 = phi ptr b2: %10, b3: %14\n\t%16 = eq %7, %15\n\tret %16\n" },

	{ "a map in a map", "expand dead",
	  "b0:\n%0 = lookup @3 7\n%1 = ne %0, 0\nbr %1, b1, b2\nb1:\n%2 = load.8 %0 + 0\nremove @3 7\nret %2\nb2:\nret 0\n",
	  "b0:\n\t%0 = slot $0 \"outer\" [4 align 4]\n\tstore.4 %0 + 0, 0\n\t%1 = map @3\n\t%2 = call map_lookup_elem %1, %0\n"
	  "\t%3 = ne %2, 0\n\tbr %3, b1, b2\n"
	  "b1:\n\t%4 = slot $1 \"key\" [8 align 8]\n\tstore.8 %4 + 0, 7\n\t%5 = call map_lookup_elem %2, %4\n\tjmp b2\n"
	  "b2:\n\t%6 = phi ptr b0: 0, b1: %5\n\t%7 = ne %6, 0\n\tbr %7, b3, b6\n"
	  "b3:\n\t%8 = load.8 %6 + 0\n\t%9 = slot $0 \"outer\" [4 align 4]\n\tstore.4 %9 + 0, 0\n\t%10 = map @3\n"
	  "\t%11 = call map_lookup_elem %10, %9\n\t%12 = ne %11, 0\n\tbr %12, b4, b5\n"
	  "b4:\n\t%13 = slot $1 \"key\" [8 align 8]\n\tstore.8 %13 + 0, 7\n\t%14 = call map_delete_elem %11, %13\n\tjmp b5\n"
	  "b5:\n\tret %8\nb6:\n\tret 0\n" },

	{ "its inner map is looked up once", "expand fold cse fold dead",
	  "b0:\n%0 = lookup @3 7\n%1 = ne %0, 0\nbr %1, b1, b2\nb1:\n%2 = load.8 %0 + 0\nremove @3 7\nret %2\nb2:\nret 0\n",
	  "b0:\n\t%0 = slot $0 \"outer\" [4 align 4]\n\tstore.4 %0 + 0, 0\n\t%1 = map @3\n\t%2 = call map_lookup_elem %1, %0\n"
	  "\t%3 = ne %2, 0\n\tbr %3, b1, b3\n"
	  "b1:\n\t%4 = slot $1 \"key\" [8 align 8]\n\tstore.8 %4 + 0, 7\n\t%5 = call map_lookup_elem %2, %4\n\t%6 = ne %5, 0\n"
	  "\tbr %6, b2, b3\n"
	  "b2:\n\t%7 = load.8 %5 + 0\n\t%8 = call map_delete_elem %2, %4\n\tret %7\nb3:\n\tret 0\n" },

	{ "thread-local storage", "expand fold dead",
	  "b0:\n%0 = entry @4\n%1 = ne %0, 0\nbr %1, b1, b2\nb1:\nstore.8 %0 + 0, 1\njmp b2\nb2:\n%2 = lookup @4\n%3 = ne %2, 0\nret %3\n",
	  "b0:\n\t%0 = call get_current_task_btf\n\t%1 = map @4\n\t%2 = call task_storage_get %1, %0, 0, 1\n\t%3 = ne %2, 0\n\tbr %3, b3, b1\n"
	  "b1: unlikely\n\t%4 = call get_current_task_btf\n\t%5 = map @4\n\t%6 = call task_storage_get %5, %4, 0, 1\n\t%7 = ne %6, 0\n\tbr %7, b3, b2\n"
	  "b2: unlikely\n\t%8 = data @0 + 24\n\taadd.8 %8 + 0, 1\n\tjmp b4\n"
	  "b3:\n\t%9 = phi ptr b1: %6, b0: %2\n\tstore.8 %9 + 0, 1\n\tjmp b4\n"
	  "b4:\n\t%10 = call get_current_task_btf\n\t%11 = map @4\n\t%12 = call task_storage_get %11, %10, 0, 0\n\t%13 = ne %12, 0\n\tret %13\n" },

	{ "an entry in two ways, a test of it later", "lookup expand fold dead",
	  "b0:\n%0 = lookup @5 1\n%1 = ne %0, 0\nbr %1, b1, b2\nb1:\n%2 = load.8 %0 + 0\njmp b2\n"
	  "b2:\n%3 = phi i64 b0: 0, b1: %2\n%4 = add %3, 1\n%5 = entry @5 1\n%6 = ne %5, 0\nbr %6, b3, b4\n"
	  "b3:\nstore.8 %5 + 0, %4\njmp b4\nb4:\nret 0\n",
	  "b0:\n\t%0 = map @5\n\t%1 = slot $0 \"key\" [8 align 8]\n\tstore.8 %1 + 0, 1\n\t%2 = call map_lookup_elem %0, %1\n"
	  "\t%3 = ne %2, 0\n\tbr %3, b1, b2\nb1:\n\t%4 = load.8 %2 + 0\n\tjmp b2\n"
	  "b2:\n\t%5 = phi i64 b0: 0, b1: %4\n\t%6 = add %5, 1\n\t%7 = ne %2, 0\n\tbr %7, b5, b3\n"
	  "b3: unlikely\n\t%8 = map @5\n\t%9 = slot $0 \"key\" [8 align 8]\n\tstore.8 %9 + 0, 1\n"
	  "\t%10 = call map_lookup_elem %8, %9\n\t%11 = ne %10, 0\n\tbr %11, b5, b4\n"
	  "b4: unlikely\n\t%12 = data @0 + 64\n\t%13 = call map_update_elem %8, %9, %12, 1\n"
	  "\t%14 = call map_lookup_elem %8, %9\n\t%15 = ne %14, 0\n\tbr %15, b5, b6\n"
	  "b5:\n\t%16 = phi ptr b4: %14, b3: %10, b2: %2\n\tstore.8 %16 + 0, %6\n\tjmp b6\nb6:\n\tret 0\n" },

	{ "an array has all its entries", "expand",
	  "b0:\n%0 = entry @6 3\n%1 = ne %0, 0\nret %1\n",
	  "b0:\n\t%0 = map @6\n\t%1 = slot $0 \"key\" [4 align 8]\n\tstore.4 %1 + 0, 3\n\t%2 = call map_lookup_elem %0, %1\n"
	  "\t%3 = ne %2, 0\n\tret %3\n" },

	{ "the same is read once, and what it leads to as well", "reads fold dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 8\n%2 = slot $0 [8 align 8]\n%3 = add %1, 16\n%4 = call probe_read_kernel %2, 8, %3\n"
	  "%5 = load.8 %2 + 0\n%6 = slot $1 [8 align 8]\n%7 = add %5, 4\n%8 = call probe_read_kernel %6, 4, %7\n%9 = load.4 %6 + 0\n"
	  "%10 = slot $2 [8 align 8]\n%11 = add %1, 16\n%12 = call probe_read_kernel %10, 8, %11\n%13 = load.8 %10 + 0\n"
	  "%14 = slot $3 [8 align 8]\n%15 = add %13, 4\n%16 = call probe_read_kernel %14, 4, %15\n%17 = load.4 %14 + 0\n"
	  "%18 = add %9, %17\nret %18\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 8\n\t%2 = slot $0 [8 align 8]\n\t%3 = add %1, 16\n"
	  "\t%4 = call probe_read_kernel %2, 8, %3\n\t%5 = load.8 %2 + 0\n\t%6 = slot $1 [8 align 8]\n\t%7 = add %5, 4\n"
	  "\t%8 = call probe_read_kernel %6, 4, %7\n\t%9 = load.4 %6 + 0\n\t%10 = add %9, %9\n\tret %10\n" },

	{ "neighbours are read together", "reads fold dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 8\n%2 = slot $0 [8 align 8]\n%3 = add %1, 20\n%4 = call probe_read_kernel %2, 4, %3\n"
	  "%5 = load.4 %2 + 0\n%6 = slot $1 [8 align 8]\n%7 = call probe_read_kernel %6, 8, %1\n%8 = load.8 %6 + 0\n"
	  "%9 = slot $2 [8 align 8]\n%10 = add %1, 100\n%11 = call probe_read_kernel %9, 2, %10\n%12 = load.2 %9 + 0\n"
	  "%13 = add %5, %8\n%14 = add %13, %12\nret %14\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 8\n\t%2 = slot $0 [24 align 8]\n\t%3 = call probe_read_kernel %2, 24, %1\n"
	  "\t%4 = load.4 %2 + 20\n\t%5 = load.8 %2 + 0\n\t%6 = slot $1 [8 align 8]\n\t%7 = add %1, 100\n"
	  "\t%8 = call probe_read_kernel %6, 2, %7\n\t%9 = load.2 %6 + 0\n\t%10 = add %4, %5\n\t%11 = add %10, %9\n\tret %11\n" },

	{ "memory of its own is read again", "reads fold dead",
	  "b0:\n%0 = slot $0 [8 align 8]\nstore.8 %0 + 0, 1\n%1 = address %0\n%2 = slot $1 [8 align 8]\n"
	  "%3 = call probe_read_kernel %2, 8, %1\n%4 = load.8 %2 + 0\nstore.8 %0 + 0, %4\n%5 = slot $2 [8 align 8]\n"
	  "%6 = call probe_read_kernel %5, 8, %1\n%7 = load.8 %5 + 0\n%8 = add %4, %7\nret %8\n",
	  "b0:\n\t%0 = slot $0 [8 align 8]\n\tstore.8 %0 + 0, 1\n\t%1 = address %0\n\t%2 = slot $1 [8 align 8]\n"
	  "\t%3 = call probe_read_kernel %2, 8, %1\n\t%4 = load.8 %2 + 0\n\tstore.8 %0 + 0, %4\n\t%5 = slot $2 [8 align 8]\n"
	  "\t%6 = call probe_read_kernel %5, 8, %1\n\t%7 = load.8 %5 + 0\n\t%8 = add %4, %7\n\tret %8\n" },

	{ "not what only one way reads, nor the user's neighbours", "reads fold dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 8\n%2 = slot $0 [8 align 8]\n%3 = call probe_read_kernel %2, 4, %1\n%4 = load.4 %2 + 0\n"
	  "br %4, b1, b2\nb1:\n%5 = slot $1 [8 align 8]\n%6 = add %1, 8\n%7 = call probe_read_kernel %5, 4, %6\n%8 = load.4 %5 + 0\n"
	  "%9 = slot $2 [8 align 8]\n%10 = call probe_read_user %9, 4, %1\n%11 = load.4 %9 + 0\n%12 = slot $3 [8 align 8]\n"
	  "%13 = call probe_read_user %12, 4, %6\n%14 = load.4 %12 + 0\n%15 = add %8, %11\n%16 = add %15, %14\nret %16\nb2:\nret 0\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 8\n\t%2 = slot $0 [8 align 8]\n\t%3 = call probe_read_kernel %2, 4, %1\n"
	  "\t%4 = load.4 %2 + 0\n\tbr %4, b1, b2\nb1:\n\t%5 = slot $1 [8 align 8]\n\t%6 = add %1, 8\n"
	  "\t%7 = call probe_read_kernel %5, 4, %6\n\t%8 = load.4 %5 + 0\n\t%9 = slot $2 [8 align 8]\n"
	  "\t%10 = call probe_read_user %9, 4, %1\n\t%11 = load.4 %9 + 0\n\t%12 = slot $3 [8 align 8]\n"
	  "\t%13 = call probe_read_user %12, 4, %6\n\t%14 = load.4 %12 + 0\n\t%15 = add %8, %11\n\t%16 = add %15, %14\n\tret %16\n"
	  "b2:\n\tret 0\n" },

	{ "signed division without a signed instruction", "expand fold dead",
	  "b0:\n%0 = ctx\n%1 = load.8 %0 + 0\n%2 = sdiv %1, 16\n%3 = smod %1, 10\n%4 = add %2, %3\nret %4\n",
	  "b0:\n\t%0 = ctx\n\t%1 = load.8 %0 + 0\n\t%2 = ashr %1, 63\n\t%3 = lshr %2, 60\n\t%4 = add %1, %3\n\t%5 = ashr %4, 4\n"
	  "\t%6 = ashr %1, 63\n\t%7 = xor %1, %6\n\t%8 = sub %7, %6\n\t%9 = umod %8, 10\n\t%10 = xor %9, %6\n\t%11 = sub %10, %6\n"
	  "\t%12 = add %5, %11\n\tret %12\n" },
};

START_TEST(test_passes)
{
	check(&tests[_i]);
}
END_TEST

/* The driver: what is left out, what is printed, that required passes run anyway. */
START_TEST(test_pipeline)
{
	static const char body[] = "b0:\n%0 = add 1, 2\n%1 = lookup @3 %0\n%2 = ne %1, 0\nret %2\n";
	const char *error = NULL;
	struct ir_module *m = ir_parse(&arena, arena_printf(&arena, "%s%s", head, body), &error);
	char *text = NULL, *off;
	size_t len;
	FILE *dump = open_memstream(&text, &len);

	ck_assert_ptr_null(ir_run_passes(m, "all", dump));
	fclose(dump);
	ck_assert_ptr_nonnull(strstr(text, "# built\n"));
	ck_assert_ptr_nonnull(strstr(text, "# expand\n"));
	ck_assert_ptr_null(strstr(text, "# fold\n"));
	ck_assert_ptr_nonnull(strstr(text, "add 1, 2"));
	free(text);

	m = ir_parse(&arena, arena_printf(&arena, "%s%s", head, body), &error);
	ck_assert_ptr_null(ir_run_passes(m, "cse,dead", NULL));
	off = text_of(m);
	ck_assert_ptr_null(strstr(off, "add 1, 2"));
	free(off);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ir_passes");
	TCase *tc = tcase_create("passes");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_rules, 0, sizeof(rules) / sizeof(rules[0]));
	tcase_add_loop_test(tc, test_passes, 0, sizeof(tests) / sizeof(tests[0]));
	tcase_add_test(tc, test_pipeline);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
