#!/bin/bash
# Perf events: counters of the kernel's, watchpoints; for all processes, and for one by -p.
. "${0%/*}/../lib.sh"
needs root

place='args.addr >= 0x1000000000 && args.addr < 0x1010000000'

# every fault on pages that were never touched, on any CPU
run ply -c 'memory touch 300' "software:page-faults:1 /pid == \$target && $place/ { @ = count(); }"
expect_status 0
expect_equal "$(cat out)" '@: 300' 'page faults'

# the short forms; who waits is switched away from
run ply -c 'pingpong 200' 's:cs:1 /comm == "ping" || comm == "pong"/ { @[comm] = count(); }'
expect_match out '^  ping +2[0-9][0-9]$'
expect_match out '^  pong +2[0-9][0-9]$'

# with -p the period is of that process's events: one in ten
hold memory -w touch 1000
start ply -p $held "software:page-faults:10 /$place/ { @ = count(); @period = max(args.period); }"
release
ended
count=$(awk '/^@:/ { print $2 }' out)
[ "$count" -ge 99 ] && [ "$count" -le 100 ] || fail "one in ten of 1000: $count"
expect_match out '^@period: 10$'

# what is not there is named
run ply 'software:page-fault:1 { @ = count(); }'
expect_status 1
expect_match err "did you mean 'software:page-faults:1'"
run ply 'hardware:cycles:1e6 { @ = count(); exit(0); }'
[ "$status" = 0 ] || expect_match err 'this processor, or virtual machine, does not count it'
run ply 'watchpoint:0x1004:8:w { @ = count(); }'
expect_match err 'must be at a multiple of 8'
run ply -e 'watchpoint:0x1001:8:x { }'
expect_status 0

memory -c || cannot "is given no watchpoints"
# threads that come later count as well, other processes do not
hold memory -w -t 3 write 500
start ply -p $held 'watchpoint:0x1000000000:8:w { @[pid == $target] = count(); }'
memory write 100
release
ended
expect_status 0
expect_match out '^  1 +1500$'
expect_equal "$(wc -l <out)" 2 'processes'

watch() {
	run ply -c "memory $1" "watchpoint:0x1000000000:$2 /pid == \$target && args.addr == 0x1000000000 && usermode && arg1 && !arg0/ { @ = count(); }"
	expect_status 0
	expect_equal "$(cat out)" "@: $3" "$1, $2"
}
watch 'write 100' 8:w 100
watch 'write 100' 8:rw 100
watch 'write 100' 1:w 100
watch 'read 100' 8:rw 100
watch 'read 100' 8:w 0
[ "$(uname -m)" != x86_64 ] || { watch 'call 50' 1:x 50; watch 'call 50' 8:x 50; }

# there are four of them
run ply 'w:0x1000000000:8:w,w:0x1000000008:8:w,w:0x1000000010:8:w,w:0x1000000018:8:w,w:0x1000000020:8:w { @ = count(); }'
expect_status 1
expect_match err 'watchpoints are all in use'

# variables of the kernel's by name
if grep -q ' jiffies$' /proc/kallsyms; then
	run ply -t 5 'watchpoint:jiffies:8:w { exit(7); }'
	expect_status 7
fi
exit 0
