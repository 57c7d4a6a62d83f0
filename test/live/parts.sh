#!/bin/bash
# An event with more clauses than the kernel follows in one program is several, which go on with one another: each clause
# runs once an event, in order, whatever starts the program.
. "${0%/*}/../lib.sh"
needs root

N=700 # clauses of some 12 expressions: two parts

# parts SPEC PREDICATE: a script of N clauses, each of which sees that it runs behind the one before; prints how often all ran, and
# how often one ran out of turn
parts() {
	awk -v n=$N -v spec="$1" -v predicate="$2" 'BEGIN {
		for (i = 0; i < n; i++)
			printf("%s %s { bad += x %% %d != %d; x++; y = y ^ x; }\n", spec, predicate, n, i)
		printf("END { printf(\"%%d+%%d %%d\\n\", x / %d, x %% %d, bad); }\n", n, n)
	}'
}

# runs SPEC PREDICATE OPTIONS…: how often
runs() {
	parts "$1" "$2" >script.ply
	run timeout 250 ply "${@:3}" script.ply
	[ $status = 0 ] && [ ! -s err ] || fail "$1: status $status"
}

mine='/pid == $target/'
parts syscall:getppid '' >script.ply
ply -d ir script.ply >out
expect_equal "$(grep -c 'call tail_call' out)" 1 'parts'

for spec in syscall:getppid sysret:getppid tracepoint:syscalls:sys_enter_getppid; do
	runs $spec "$mine" -c 'calls getppid 10'
	expect_out <<<'10+0 0'
done
runs rawtracepoint:sys_enter '/pid == $target && arg1 == 110/' -c 'calls getppid 10'
expect_out <<<'10+0 0'
runs BEGIN '' -t 0.1
expect_out <<<'1+0 0'
# three times
{ parts interval:ms:10 ''; echo 'interval:ms:10 /++n == 3/ { exit(0); }'; } >script.ply
run timeout 250 ply script.ply
expect_equal "$status $(cat out err)" '0 3+0 0' 'interval'
{ parts profile:hz:49 '/cpu == 0/'; echo 'profile:hz:49 /cpu == 0 && ++n == 3/ { exit(0); }'; } >script.ply
run timeout 250 ply script.ply
expect_equal "$status $(cat out err)" '0 3+0 0' 'profile'

# what ends the script ends the event, in whichever part
{ parts syscall:getppid "$mine"; echo 'syscall:getppid /pid == $target/ { exit(3); } syscall:getppid { printf("not reached\n"); }'; } >script.ply
run ply -c 'calls getppid 10' script.ply
expect_status 3
expect_out <<<'1+0 0'
{ echo 'syscall:getppid /pid == $target/ { exit(3); }'; parts syscall:getppid "$mine"; } >script.ply
run ply -c 'calls getppid 10' script.ply
expect_status 3
expect_out <<<'0+0 0'

runs uprobe:funcs:f_string '' -c 'funcs 10'
expect_out <<<'10+0 0'

[ -e /sys/bus/event_source/devices/kprobe ] || exit 0
for spec in kprobe:vfs_read kretprobe:vfs_read fentry:vfs_read; do
	runs $spec "$mine" -c 'calls -s 10 read 10'
	expect_match out '^[1-9][0-9]+\+0 0$'
done
exit 0
