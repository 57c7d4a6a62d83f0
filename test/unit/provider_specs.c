// SPDX-License-Identifier: GPL-2.0-or-later
/* What specs of all spellings expand to, what their targets are called, and what is said of those that are wrong. */
#include "provider_world.h"
#include "suite.h"

/* Targets as text: "kind identity: func probe prov:mod:name", a line each. */
static const char *targets_text(void)
{
	static const char *const kinds[] = {
		[TARGET_BEGIN] = "begin", [TARGET_END] = "end", [TARGET_INTERVAL] = "interval", [TARGET_PROFILE] = "profile",
		[TARGET_TRACEPOINT] = "tracepoint", [TARGET_RAWTP] = "rawtp", [TARGET_SYSCALL] = "syscall",
		[TARGET_SYSRET] = "sysret", [TARGET_KPROBE] = "kprobe", [TARGET_KRETPROBE] = "kretprobe",
		[TARGET_FENTRY] = "fentry", [TARGET_FEXIT] = "fexit",
		[TARGET_SOFTWARE] = "software", [TARGET_HARDWARE] = "hardware", [TARGET_WATCHPOINT] = "watchpoint",
	};
	const char *text = "";

	vec_foreach(at, &world.probes.targets) {
		const struct target *t = *at;

		vec_foreach(n, &t->namings)
			text = arena_printf(&world.arena, "%s%s %lu%s%s: %s %s %s:%s:%s\n", text, kinds[t->kind],
					    (unsigned long)t->number, t->is_hz ? "hz " : " ", t->name ? t->name : "",
					    *n->func ? n->func : "-", n->probe, n->prov, n->mod, n->name);
	}
	return text;
}

static const struct {
	const char *spec, *targets;
	bool d;
} right[] = {
	{ "BEGIN", "begin 0 BEGIN: - BEGIN dtrace::BEGIN\n", false },
	{ "end", "end 0 END: - END dtrace::END\n", false },
	{ "dtrace:::BEGIN", "begin 0 BEGIN: - BEGIN dtrace::BEGIN\n", false },
	{ ":::END", "end 0 END: - END dtrace::END\n", true },
	{ "interval:s:1", "interval 1000000000 : - interval:s:1 profile::tick-1s\n", false },
	{ "i:500ms", "interval 500000000 : - interval:500ms profile::tick-500ms\n", false },
	{ "tick-1s", "interval 1000000000 : - tick-1s profile::tick-1s\n", true },
	{ "tick-100", "interval 10000000 : - tick-100 profile::tick-100\n", true },
	{ "profile:::tick-5sec", "interval 5000000000 : - profile:::tick-5sec profile::tick-5sec\n", true },
	{ "profile:hz:99", "profile 99hz : - profile:hz:99 profile::profile-99hz\n", false },
	{ "profile:99", "profile 99hz : - profile:99 profile::profile-99\n", false },
	{ "p:10ms", "profile 10000000 : - profile:10ms profile::profile-10ms\n", false },
	{ "profile-97", "profile 97hz : - profile-97 profile::profile-97\n", true },
	{ "profile:::profile-1001hz", "profile 1001hz : - profile:::profile-1001hz profile::profile-1001hz\n", true },
	{ "software:page-faults:1", "software 1 page-faults: - software:page-faults:1 software::page-faults\n", false },
	{ "s:faults", "software 100 page-faults: - software:faults software::page-faults\n", false },
	{ "h:cycles:1e6", "hardware 1000000 cpu-cycles: - hardware:cycles:1e6 hardware::cpu-cycles\n", false },
	{ "h:cache-misses:", "hardware 1000000 cache-misses: - hardware:cache-misses: hardware::cache-misses\n", false },
	{ "cpc:::PAPI_tot_ins-user-1_000", "hardware 1000 instructions: - cpc:::PAPI_tot_ins-user-1_000 cpc::PAPI_tot_ins-user-1_000\n", true },
	{ "w:0x1000:8:rw", "watchpoint 4096 rw: - watchpoint:0x1000:8:rw watchpoint::rw\n", false },
	{ "syscall:read", "syscall 0 read: read syscall:read syscall::entry\n", false },
	{ "sysret:read", "sysret 0 read: read sysret:read syscall::return\n", false },
	{ "syscall:newstat", "syscall 4 stat: newstat syscall:newstat syscall::entry\n", false },
	{ "syscall:stat", "syscall 4 stat: stat syscall:stat syscall::entry\n", false },
	{ "syscall:get[pu]id", "syscall 39 getpid: getpid syscall:getpid syscall::entry\n"
			       "syscall 102 getuid: getuid syscall:getuid syscall::entry\n", false },
	{ "syscall::read:entry", "syscall 0 read: read syscall:vmlinux:read:entry syscall:vmlinux:entry\n", true },
	{ "syscall:vmlinux:getppid:", "syscall 110 getppid: getppid syscall:vmlinux:getppid:entry syscall:vmlinux:entry\n"
				      "sysret 110 getppid: getppid syscall:vmlinux:getppid:return syscall:vmlinux:return\n", true },
	{ "kprobe:SyS_read", "syscall 0 read: SyS_read kprobe:SyS_read kprobe:vmlinux:entry\n", false },
	{ "kr:sys_newuname", "sysret 63 uname: sys_newuname kretprobe:sys_newuname kretprobe:vmlinux:return\n", false },
	{ "k:SyS_*sysinfo", "syscall 99 sysinfo: SyS_sysinfo kprobe:SyS_sysinfo kprobe:vmlinux:entry\n", false },
	{ "tracepoint:syscalls:sys_enter_read", "syscall 0 read: sys_enter_read tracepoint:syscalls:sys_enter_read "
						"tracepoint:syscalls:entry\n", false },
	{ "t:syscalls/sys_exit_newstat", "sysret 4 stat: sys_exit_newstat tracepoint:syscalls:sys_exit_newstat "
					 "tracepoint:syscalls:return\n", false },
	{ "t:syscalls:sys_*_getppid", "syscall 110 getppid: sys_enter_getppid tracepoint:syscalls:sys_enter_getppid "
				      "tracepoint:syscalls:entry\n"
				      "sysret 110 getppid: sys_exit_getppid tracepoint:syscalls:sys_exit_getppid "
				      "tracepoint:syscalls:return\n", false },
	/* one event by three names in one clause fires once, in D as often as it is named */
	{ "syscall:read, tracepoint:syscalls:sys_enter_read, kprobe:SyS_read",
	  "syscall 0 read: read syscall:read syscall::entry\n", false },
	{ "syscall::read:entry, syscall::read:entry",
	  "syscall 0 read: read syscall:vmlinux:read:entry syscall:vmlinux:entry\n"
	  "syscall 0 read: read syscall:vmlinux:read:entry syscall:vmlinux:entry\n", true },
};

START_TEST(specs_expand)
{
	ck_assert_int_eq(world_expand_spec(right[_i].d ? DIALECT_D : DIALECT_PLY, right[_i].spec), 0);
	ck_assert_str_eq(world.complaints, "");
	ck_assert_str_eq(targets_text(), right[_i].targets);
	world_end();
}
END_TEST

static const struct {
	const char *spec, *complaint;
} wrong[] = {
	{ "syscall:reed", "test:1:1: error: 'syscall:reed' matches no probe\n    syscall:reed { }\n    ^~~~~~~~~~~~\n"
			  "hint: did you mean 'syscall:read'?\n" },
	{ "kprobe:SyS_reed", "test:1:1: error: 'kprobe:SyS_reed' matches no probe\n    kprobe:SyS_reed { }\n    ^~~~~~~~~~~~~~~\n"
			     "hint: did you mean 'kprobe:SyS_read'?\n" },
	{ "syscal:read", "test:1:1: error: there is no provider 'syscal'\n    syscal:read { }\n    ^~~~~~\n"
			 "hint: did you mean 'syscall'?\n" },
	{ "pid0:a:b:entry", "test:1:1: error: 'pid0:a:b:entry' matches no probe\n    pid0:a:b:entry { }\n    ^~~~~~~~~~~~~~\n" },
	{ "syscall:a:b", "test:1:1: error: 'syscall:a:b' is not of the form syscall:NAME\n    syscall:a:b { }\n"
			 "    ^~~~~~~~~~~\n" },
	{ "interval:1x", "test:1:1: error: 'interval:1x' is not of the form interval:UNIT:NUMBER or interval:NUMBERUNIT\n"
			"    interval:1x { }\n    ^~~~~~~~~~~\nhint: units are hz, ns, us, ms, s, min, h and d\n" },
	{ "tick-1x", "test:1:1: error: 'tick-1x' is not of the form tick-NUMBER[UNIT]\n    tick-1x { }\n    ^~~~~~~\n"
		     "hint: units are hz, ns, us, ms, s, min, h and d\n" },
	{ "kprobe:f+", "test:1:1: error: 'kprobe:f+' is not of the form kprobe:[MODULE:]FUNCTION[+OFFSET]\n"
		       "    kprobe:f+ { }\n    ^~~~~~~~~\n" },
	{ "tracepoint:sched:", "test:1:1: error: 'tracepoint:sched:' is not of the form tracepoint:CATEGORY:EVENT\n"
			       "    tracepoint:sched: { }\n    ^~~~~~~~~~~~~~~~~\n" },
};

START_TEST(wrong_specs_are_explained)
{
	ck_assert_int_eq(world_expand_spec(DIALECT_PLY, wrong[_i].spec), -1);
	ck_assert_str_eq(world.complaints, wrong[_i].complaint);
	world_end();
}
END_TEST

START_TEST(missing_probes_can_be_allowed)
{
	world_expand(DIALECT_PLY, "BEGIN { } syscall:nosuch { }");
	ck_assert_uint_eq(world.diag.errors, 1);
	world.probes.allow_missing = true;
	ck_assert_int_eq(prov_expand(&world.probes), 0);
	ck_assert(!world.script.clauses.data[0]->dropped);
	ck_assert(world.script.clauses.data[1]->dropped);
	world_end();
}
END_TEST

/* Targets with the same clauses in the same order are one event. */
START_TEST(targets_are_grouped)
{
	world_expand(DIALECT_PLY, "syscall:read, syscall:write { } syscall:write, syscall:close, interval:s:1 { } syscall:read { }");
	ck_assert_uint_eq(world.probes.targets.len, 4);
	ck_assert_uint_eq(world.probes.events.len, 4);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(world.probes.events.data[i]->targets.len, 1);
	ck_assert_uint_eq(world.probes.events.data[0]->clauses.len, 2);
	ck_assert_ptr_eq(world.probes.events.data[0]->clauses.data[1], world.script.clauses.data[2]);

	world_expand(DIALECT_PLY, "syscall:* { } kprobe:SyS_* { } sysret:* { }");
	ck_assert_uint_eq(world.probes.events.len, 2);
	ck_assert_uint_eq(world.probes.events.data[0]->clauses.len, 2);
	ck_assert_uint_gt(world.probes.events.data[0]->targets.len, 300);
	world_end();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("provider/specs");
	TCase *t = tcase_create("specs");

	tcase_add_loop_test(t, specs_expand, 0, sizeof(right) / sizeof(right[0]));
	tcase_add_loop_test(t, wrong_specs_are_explained, 0, sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(t, missing_probes_can_be_allowed);
	tcase_add_test(t, targets_are_grouped);
	suite_add_tcase(s, t);
	return run_suite(s);
}
