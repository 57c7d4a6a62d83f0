#!/bin/bash
# Kernel functions: counts, arguments, results, globs, refusals.
. "${0%/*}/../lib.sh"
needs root btf kprobe

run ply -c 'calls -s 10 read 100' 'kprobe:vfs_read /comm == "calls"/ { @[func, arg2] = count(); }'
expect_status 0
expect_match out '^  vfs_read +10 +100$'

run ply -c 'calls -s 10 -p /dev/zero read 100' 'kretprobe:vfs_read /comm == "calls"/ { @[retval] = count(); }'
expect_match out '^  10 +100$'

run ply -c 'calls -s 10 read 100' 'kprobe:vfs_read /comm == "calls" && args.count == 10/ { @ = count(); }'
expect_equal "$(cat out)" '@: 100' 'by name'

# a glob's functions are told apart
run ply -c 'calls -s 10 read 100' 'kprobe:vfs_rea* /comm == "calls" && arg2 == 10/ { @[func] = count(); } kprobe:vfs_write /comm == "calls"/ { @w = count(); }'
expect_match out '^  vfs_read +100$'

run ply -c 'calls -s 10 read 100' 'kprobe:vfs_rea* /comm == "calls" && func == "vfs_read" && arg2 == 10/ { @ = count(); }'
expect_equal "$(cat out)" '@: 100' 'compared by name'

run ply -c 'calls getppid 100' 'kprobe:SyS_getppi* /comm == "calls"/ { @[func] = count(); }'
expect_match out '^  SyS_getppid +100$'

# a list is attached without the functions that the kernel refuses, which are named; one that was asked for by name is an error. What
# can be traced is in tracefs; without it the kernel's BTF is taken, which has what cannot be traced as well.
run ply -t 0.1 'kprobe:ktime_get_mono_fast_ns { @ = count(); }'
if [ $status != 0 ]; then
	expect_match err '^one-liner:1:1: error: kprobe:ktime_get_mono_fast_ns cannot be probed: the kernel '
	run unshare -m sh -c 'umount -R /sys/kernel/tracing /sys/kernel/debug; exec ply -c "calls -s 10 read 100" \
		"kprobe:ktime_get_mon*, kprobe:vfs_read /pid == \$target && arg2 == 10/ { @[func] = count(); }"'
	expect_status 0
	expect_match out '^  vfs_read +100$'
	expect_match err '^one-liner:1:1: warning: 1 of 2 functions cannot be probed: ktime_get_mono_fast_ns$'
fi

# many probes that are slow to let go are for who says so; one link takes any number
run ply -x maxprobes=2 -t 0.1 'kprobe:vfs_f* { @ = count(); }'
if grep -q ' register_fprobe_ips$' /proc/kallsyms; then
	expect_status 0
else
	expect_status 1
	expect_match err '^one-liner:1:1: error: [0-9]+ probes would each need a perf event, and letting go of them take about 1 s$'
	expect_match err '^hint: use fewer, or allow more than 2 with -x maxprobes='
fi

run ply 'kprobe:no_such_function_at_all { @ = count(); }'
expect_status 1
expect_match err 'no_such_function_at_all'

run ply 'kprobe:vfs_raed { @ = count(); }'
expect_status 1
expect_match err 'vfs_read'

exit 0
