#!/bin/bash
# What is lost while running is counted by cause and place, said on stderr, and does not change the status.
. "${0%/*}/../lib.sh"
needs root

run ply -x mapentries=10 -c 'calls getppid 100' 'syscall:getppid /pid == $target/ { @[++n] = count(); @v[n] = n; }'
expect_status 0
expect_equal "$(grep -c '^  ' out)" 20 rows
expect_err <<'EOF'
one-liner:1:36: warning: @: 90 updates were lost, since the map was full
    syscall:getppid /pid == $target/ { @[++n] = count(); @v[n] = n; }
                                       ^
hint: -x mapentries=N makes it larger
one-liner:1:54: warning: @v: 90 updates were lost, since the map was full
    syscall:getppid /pid == $target/ { @[++n] = count(); @v[n] = n; }
                                                         ^~
hint: -x mapentries=N makes it larger
EOF

run ply -c 'calls getppid 100' 'syscall:getppid /pid == $target/ { @ = sum(10 / (++n % 10)); @after = count(); }'
expect_status 0
expect_out <<EOF
@: 260
@after: 90
EOF
expect_match err '^one-liner:1:[0-9]+: warning: 10 divisions by zero, each of which ended its clause$'
run ply 'BEGIN { @ = 1 % (pid - pid); } interval:ms:1 { exit(0); }'
expect_status 0
expect_match err '^one-liner:1:[0-9]+: warning: 1 division by zero, which ended its clause$'

run ply -c 'calls getppid 100' 'syscall:getppid /pid == $target/ { @[str(16)] = count(); }'
expect_status 0
expect_match err '^one-liner:1:[0-9]+: warning: 100 reads of memory failed and gave 0 or ""$'

run ply -x looplimit=10 -c 'calls getppid 100' 'syscall:getppid /pid == $target/ { $i = 0; while ($i < pid + 100) { $i++; } @ = sum($i); }'
expect_status 0
expect_match err '^one-liner:1:[0-9]+: warning: 100 loops were stopped at the limit$'
expect_match err '^hint: -x looplimit=N raises it$'

# a ring that is too small: what is printed and what is said to be lost is all there was; control records are never lost
lines() { grep -c '^[0-9]' out; }
lost() { sed -n 's/.* \([0-9]*\) records* w.* lost, since the ring buffer was full$/\1/p' err; }
run ply -x ringsize=4k -c 'calls -t 4 getppid 25000' 'syscall:getppid /pid == $target/ { printf("%d\n", ++n); }'
expect_status 0
missed=$(sed -n 's/.* \([0-9]*\) events* w.* lost, since .* same program.*/\1/p' err)
got=$(($(lines) + $(lost)))
[ $got -le 100000 ] && [ $((got + ${missed:-0})) -ge 100000 ] || fail "$(lines) lines, $(lost) lost, ${missed:-0} missed"
[ "$(lost)" -gt 0 ] || fail "nothing was lost: the ring is not small"
run ply -x ringsize=4k -c 'calls -t 4 getppid 25000' 'syscall:getppid /pid == $target/ { printf("%d\n", n); if (++n >= 50000) { exit(9); } }'
expect_status 9

# the end of what one firing prints is lost: the rest comes all the same, in its place or soon
run ply -x ringsize=4k 'BEGIN { for ($i : 0..1000) { print($i); } } interval:ms:1 { print("later"); exit(0); }'
expect_status 0
[ "$(lost)" -gt 0 ] || fail "nothing was lost: the ring is not small"
expect_equal "$(head -1 out) $(tail -1 out)" "0 later" "the first line and the last"
start ply -x ringsize=4k 'interval:ms:1 { if (!x) { x = 1; for ($i : 0..1000) { print($i); } } }'
wait_for grep -q '^0$' out
stop

# JSON: each loss once, with its cause
start ply -F json -x mapentries=1 'BEGIN { @a[1] = 1; @a[2] = 2; @a[3] = 3; } interval:s:100 { @b = 1 / (pid - pid); }'
kill -USR1 $pid
wait_for grep -q lost_events out
stop
expect_equal "$(grep -c lost_events out)" 1 "told once"
expect_match out '^\{"type": "lost_events", "data": \{"events": 2\}, "cause": "map full", "name": "@a", "place": "one-liner:1:9"\}$'

# more code is mapped while ply sleeps than the kernel can tell; it says so with the next thing that it tells
if command -v python3 >/dev/null; then
	start ply 'syscall:getppid /pid == 0/ { @[ustack] = count(); }'
	kill -STOP $pid
	taskset -c 0 python3 -c 'for i in range(10000): import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)'
	kill -CONT $pid
	told() { taskset -c 0 true && kill -USR1 $pid && grep -q 'exec, fork or mmap events were lost' err; }
	wait_for told
	stop
	expect_status 0
fi
exit 0
