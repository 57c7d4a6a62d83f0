// SPDX-License-Identifier: GPL-2.0-or-later
/* Globs, periods, C declarations: what providers read. */
#include "provider/arch.h"
#include "provider/ctype.h"
#include "provider/period.h"
#include "suite.h"

#include <string.h>

static struct arena arena;

START_TEST(globs)
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} cases[] = {
		{ "read", "read", true }, { "read", "reads", false }, { "", "", true }, { "", "a", false },
		{ "*", "", true }, { "*", "anything", true }, { "sys_*", "sys_read", true }, { "sys_*", "sysread", false },
		{ "*stat", "newfstat", true }, { "*stat", "statx", false }, { "*a*b*c", "xxaxxbxxc", true },
		{ "*a*b*c", "xxaxxcxxb", false }, { "a*a", "a", false }, { "a**b", "ab", true }, { "?", "", false },
		{ "??", "ab", true }, { "r?ad", "read", true }, { "[rw]*", "write", true }, { "[rw]*", "open", false },
		{ "[!rw]*", "open", true }, { "[^rw]*", "read", false }, { "[a-c]x", "bx", true }, { "[a-c]x", "dx", false },
		{ "[]]", "]", true }, { "[a-]", "-", true }, { "[ab", "[ab", true }, { "[ab", "a", false },
		{ "*[0-9]", "pread64", true }, { "*[0-9]", "pread", false }, { "p*e*", "pipe", true },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(prov_glob(cases[i].pattern, cases[i].name) == cases[i].matches, "'%s' and '%s'",
			      cases[i].pattern, cases[i].name);
}
END_TEST

START_TEST(globs_by_their_begin)
{
	ck_assert(prov_glob_begins(NULL, "kprobe:"));
	ck_assert(prov_glob_begins("*", "kprobe:"));
	ck_assert(prov_glob_begins("k*", "kprobe:"));
	ck_assert(prov_glob_begins("kprobe:vfs_read", "kprobe:"));
	ck_assert(prov_glob_begins("?probe:*", "kprobe:"));
	ck_assert(prov_glob_begins("[ku]probe:*", "kprobe:"));
	ck_assert(!prov_glob_begins("[xu]probe:*", "kprobe:"));
	ck_assert(!prov_glob_begins("kret*", "kprobe:"));
	ck_assert(!prov_glob_begins("kpro", "kprobe:"));
}
END_TEST

START_TEST(periods)
{
	static const struct {
		const char *text, *unit;
		bool bare_is_hz, ok, is_hz;
		uint64_t number;
	} cases[] = {
		{ "10ms", NULL, false, true, false, 10000000 }, { "10", "ms", false, true, false, 10000000 },
		{ "99", "hz", false, true, true, 99 }, { "99hz", NULL, false, true, true, 99 },
		{ "97", NULL, true, true, true, 97 }, { "97", NULL, false, false, false, 0 },
		{ "1sec", NULL, false, true, false, 1000000000 }, { "2min", NULL, false, true, false, 120000000000 },
		{ "1m", NULL, false, true, false, 60000000000 }, { "1d", NULL, false, true, false, 86400000000000 },
		{ "5us", NULL, false, true, false, 5000 }, { "7ns", NULL, false, true, false, 7 },
		{ "0", "s", false, false, false, 0 }, { "", "s", false, false, false, 0 }, { "-1", "s", false, false, false, 0 },
		{ "1x", NULL, false, false, false, 0 }, { "1s", "ms", false, false, false, 0 }, { "ms", NULL, false, false, false, 0 },
		{ "9999999999999999999999", "s", false, false, false, 0 }, { "999999999999", "d", false, false, false, 0 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct target t = { 0 };
		bool ok = period_parse(&t, cases[i].text, cases[i].unit, cases[i].bare_is_hz);

		ck_assert_msg(ok == cases[i].ok, "'%s' '%s'", cases[i].text, cases[i].unit);
		if (!ok)
			continue;
		ck_assert_uint_eq(t.number, cases[i].number);
		ck_assert_int_eq(t.is_hz, cases[i].is_hz);
	}
}
END_TEST

START_TEST(declarations)
{
	static const struct {
		const char *text, *name, *type;
	} cases[] = {
		{ "unsigned int fd", "fd", "u32" }, { "const char *filename", "filename", "char *" },
		{ "const char *const *argv", "argv", "char **" }, { "struct stat *buf", "buf", "struct stat *" },
		{ "umode_t mode", "mode", "u16" }, { "char comm[16]", "comm", "char[16]" },
		{ "unsigned long args[6]", "args", "u64[6]" }, { "const clockid_t which_clock", "which_clock", "s32" },
		{ "cap_user_header_t header", "header", "void *" }, { "loff_t pos", "pos", "s64" },
		{ "void * ptr", "ptr", "void *" }, { "key_serial_t ringid", "ringid", "s32" },
		{ "long long n", "n", "s64" }, { "no_such_t *p", "p", "void *" }, { "no_such_t x", "x", NULL },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ctype type;

		ck_assert(ctype_parse(&arena, cases[i].text, strlen(cases[i].text), true, &type));
		ck_assert_str_eq(type.name, cases[i].name);
		if (cases[i].type)
			ck_assert_str_eq(type_text(&arena, type.type), cases[i].type);
		else
			ck_assert_ptr_null(type.type);
	}
	ck_assert(!ctype_parse(&arena, "", 0, true, &(struct ctype){ 0 }));
	ck_assert(!ctype_parse(&arena, "int", 3, true, &(struct ctype){ 0 }));
	ck_assert(!ctype_parse(&arena, "int *", 5, true, &(struct ctype){ 0 }));
}
END_TEST

/* The table of system calls: ascending, each argument readable, at most six. */
START_TEST(system_calls)
{
	ck_assert_uint_gt(arch.nsyscalls, 300);
	for (unsigned i = 0; i < arch.nsyscalls; i++) {
		const struct arch_syscall *s = &arch.syscalls[i];
		unsigned n = 0;

		ck_assert(!i || s[-1].number < s->number);
		ck_assert_ptr_eq(arch_syscall(s->number), s);
		for (const char *arg = s->args; *arg; n++) {
			size_t len = strcspn(arg, ",");
			struct ctype type;

			ck_assert_msg(ctype_parse(&arena, arg, len, true, &type) && type.type, "%s: %s", s->name, arg);
			arg += len + (arg[len] == ',');
		}
		ck_assert_uint_le(n, ARCH_SYSCALL_ARGS);
	}
	ck_assert_ptr_null(arch_syscall(100000));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("provider/text");
	TCase *t = tcase_create("text");

	tcase_add_test(t, globs);
	tcase_add_test(t, globs_by_their_begin);
	tcase_add_test(t, periods);
	tcase_add_test(t, declarations);
	tcase_add_test(t, system_calls);
	suite_add_tcase(s, t);
	arena_deinit(&arena);
	return run_suite(s);
}
