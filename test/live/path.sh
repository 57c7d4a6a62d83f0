#!/bin/bash
# path(): files of the kernel's by their path, across mounts.
. "${0%/*}/../lib.sh"
needs root btf

mkdir -p one/two
paths() { run ply -c "$1" 'syscall:getppid /comm == "calls"/ { printf("%s\n", path(&curtask->fs->pwd)); }'; }
paths "sh -c 'cd one/two; calls getppid 1; cd /; calls getppid 1; cd /proc/1; calls getppid 1; cd $PWD/one; rmdir two; calls getppid 1'"
expect_status 0
expect_out <<EOF
$PWD/one/two
/
/proc/1
$PWD/one
EOF
program=$(realpath "$(command -v calls)")
run ply -c 'calls getppid 1' 'syscall:getppid /pid == $target/ { printf("%s\n", path(curtask->mm->exe_file)); }'
expect_equal "$(cat out)" "$program" 'a struct file'

# as much as a string holds, from its end on
run ply -x strsize=16 -c "sh -c 'cd one; calls getppid 1'" 'syscall:getppid /comm == "calls"/ { printf("%s\n", path(&curtask->fs->pwd)); }'
[[ "$PWD/one" = *"$(cat out)" ]] || fail "cut off"

run ply 'BEGIN { printf("[%s]\n", path(0)); exit(); }'
expect_equal "$(cat out)" '[]' 'no path'
expect_match err '1 read of memory failed'
exit 0
