#!/bin/bash
# Kernel functions by BTF trampoline: arguments at the entry, arguments and result at the return, globs, types.
. "${0%/*}/../lib.sh"
needs root btf kprobe

run ply -c 'calls -s 10 read 100' 'fentry:vfs_read /comm == "calls" && args.count == 10/ { @[func, probe, arg2] = count(); }'
! grep -q 'does not let programs be bound' err || cannot "has no BTF trampolines"
expect_status 0
expect_match out '^  vfs_read  fentry:vfs_read  10 +100$'

run ply -c 'calls -s 10 -p /dev/zero read 100' 'fexit:vfs_read /comm == "calls" && args.count == 10/ { @[func, retval, args.count] = count(); }'
expect_status 0
expect_match out '^  vfs_read  10  10 +100$'

# results of less than 64 bits keep their sign
run ply -c 'calls -p /nowhere/at/all newfstatat 100' 'fr:vfs_statx /comm == "calls"/ { @[retval] = count(); }'
expect_status 0
expect_match out '^  -2 +100$'

# each function of a glob has a program of its own
run ply -c 'calls -s 10 read 100' 'f:vfs_rea* /comm == "calls"/ { @[func] = count(); } kretfunc:vfs_read /comm == "calls" && args.count == 10/ { @r = count(); }'
expect_status 0
expect_match out '^  vfs_read +1[0-9][0-9]$'
expect_match out '^@r: 100$'

# by their prototype
run ply 'fentry:vfs_read { @ = sum(args.cuont); }'
expect_status 1
expect_match err "no field 'cuont'"
expect_match err 'count'
run ply 'fentry:vfs_read { @ = sum(retval); }'
expect_status 1
expect_match err 'retval'
run ply 'fentry:no_such_function_at_all { @ = count(); }'
expect_status 1
exit 0
