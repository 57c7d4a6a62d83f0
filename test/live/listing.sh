#!/bin/bash
# ply -l: what is listed, in which order, with which arguments, and what is said where nothing is.
. "${0%/*}/../lib.sh"
needs root btf tracefs

run ply -lv 'syscall:openat' 'tracepoint:sched:sched_process_exit'
expect_status 0
expect_match out '^syscall:openat$'
expect_match out '^    char \*filename$'
expect_match out '^tracepoint:sched:sched_process_exit$'
expect_match out '^    char comm\[16\]$'

# a word alone is the last part, an alias is the provider's name
run ply -l sched_switch
expect_out <<EOT
tracepoint:sched:sched_switch
rawtracepoint:sched_switch
EOT
run ply -l 't:sched:sched_switc?' 's:page-faults:*'
expect_out <<EOT
tracepoint:sched:sched_switch
software:page-faults:100
EOT
run ply -l 'k:SyS_getp[pg]*'
expect_out <<EOT
kprobe:SyS_getpgid
kprobe:SyS_getpgrp
kprobe:SyS_getppid
EOT

# all of it, sorted within a provider, nothing twice; a reader that goes away ends it
run ply -l
expect_status 0
[ ! -s err ] || fail "complaints"
for prov in BEGIN END interval syscall sysret tracepoint rawtracepoint kprobe profile software hardware; do
	grep -q "^$prov\(:\|$\)" out || fail "$prov is not listed"
done
grep '^tracepoint:' out | LC_ALL=C sort -uc || fail "tracepoints are not sorted"
grep '^kprobe:' out | LC_ALL=C sort -uc || fail "functions are not sorted"
expect_equal "$(uniq -d out)" '' 'twice'
expect_equal "$(ply -l | head -n 2 | tr '\n' ' ')" 'BEGIN END ' 'the first lines'

# every tracepoint and function shows its arguments
run ply -lv 'rawtracepoint:sched_switch' 'fexit:vfs_read' 'fentry:vfs_read'
expect_match out '^    struct task_struct \*prev$'
expect_equal "$(grep -c '^    u64 count$' out)" 2 'arguments'
expect_equal "$(grep -c '^    s64 retval$' out)" 1 'results'

# the arguments of events of a class have their names from it
run ply -lv 'rawtracepoint:block_rq_insert'
expect_match out '^    struct request \*(rq|arg[01])$'

run ply -l vfs_raed
expect_status 1
expect_err <<EOT
ply: 'vfs_raed' matches no probe
hint: did you mean 'vfs_read'?
EOT
run ply -l 't:sched:sched_swich'
expect_status 1
expect_match err "did you mean 'tracepoint:sched:sched_switch'"
run ply -l kprobe:qqq
expect_err <<EOT
ply: 'kprobe:qqq' matches no probe
EOT
run ply -l uprobe:bash
expect_err <<EOT
ply: 'uprobe:bash' matches no probe
hint: it is of the form uprobe:BINARY:FUNCTION[+OFFSET], uprobe:BINARY:0xADDRESS or uprobe:BINARY:FILE:LINE
EOT

# types have a word before their names
for type in 'typedef pid_t' 'struct task_struct'; do
	run ply -lv "${type#* }"
	expect_status 1
	expect_match err "^hint: did you mean '$type'\?$"
done
run ply -l struct
expect_match err "^hint: did you mean 'struct \*'\?$"
run ply -l 'uprobe:no-such-program:*'
expect_status 1
expect_err <<EOT
ply: probes of no-such-program are not listed: there is no such program or library
EOT
cp "$(command -v funcs_stripped)" nameless
strip -s nameless
head -c 3000 nameless >cut
for probes in "uprobe:$PWD/cut:*/the file is cut off" "usdt:$PWD/cut:*/the file is cut off" "uprobe:$PWD/nameless:*/it is stripped: no names are left, its functions go by address" "usdt:$PWD/nameless:*/it has no static probes"; do
	file=${probes#*:}
	run ply -l "${probes%/*}"
	expect_status 1
	expect_err <<EOT
ply: probes of ${file%%:*} are not listed: ${probes##*/}
EOT
done
run ply -l 'nothing*at*all'
expect_status 1
expect_err <<EOT
ply: 'nothing*at*all' matches no probe
EOT
exit 0
