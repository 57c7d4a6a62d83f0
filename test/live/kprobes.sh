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

run ply 'kprobe:no_such_function_at_all { @ = count(); }'
expect_status 1
expect_match err 'no_such_function_at_all'

run ply 'kprobe:vfs_raed { @ = count(); }'
expect_status 1
expect_match err 'vfs_read'

exit 0
