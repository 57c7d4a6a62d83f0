#!/bin/bash
# Exactness under fire: four threads hammer one system call, and nothing that is counted is lost or counted twice.
. "${0%/*}/../lib.sh"
needs root

n=25000 threads=4 total=100000
# run, on a kernel that does not let programs on system calls be preempted (7.x does: what comes meanwhile is missed, and ply says so)
run_ply() {
	run ply "$@"
	! grep -q 'while the same program was running' err || cannot "preempts programs on system calls"
}
sum() { awk '{ n += $NF } END { print n + 0 }'; }

# what intervals print and forget adds up
run_ply -x looplimit=1024 -c "calls -t $threads getppid $n" \
	'syscall:getppid /pid == $target/ { @ = count(); } interval:ms:10 { print(@); clear(@); }'
[ $status = 0 ] || fail "count by interval: status $status"
[ "$(grep '^@: ' out | sum)" = $total ] || fail "count by interval: $(grep '^@: ' out | sum)"

run_ply -c "calls -t $threads getppid $n" 'syscall:getppid /pid == $target/ { @[tid % 1000] = sum(3); } interval:ms:10 { print(@); clear(@); }'
[ "$(grep '^  ' out | sum)" = $((3 * total)) ] || fail "sum by key and interval: $(grep '^  ' out | sum)"

run_ply -c "calls -t $threads getppid $n" 'syscall:getppid /pid == $target/ { @[++n % 1000] = count(); } interval:ms:10 { print(@); clear(@); }'
[ "$(grep '^  ' out | sum)" = $total ] || fail "a thousand keys: $(grep '^  ' out | sum)"

run_ply -F json -c "calls -t $threads getppid $n" 'syscall:getppid /pid == $target/ { @ = quantize(cpu + 5); } interval:ms:10 { print(@); clear(@); }'
got=$(grep -o '"count": *[0-9]*' out | sum)
[ "$got" = $total ] || fail "quantize by interval: $got"

# exit ends the counting: at once on this CPU, after what is running on the others
ncpus=$(nproc)
run_ply -c "calls -t $threads getppid $n" 'syscall:getppid /pid == $target/ { @ = count(); if (++n == 100) { exit(0); } }'
got=$(sum <out)
[ "$got" -ge 100 ] && [ "$got" -le $((100 + ncpus)) ] || fail "exit at 100: $got"

# a clause that shares its map with a sampling one
run_ply -c "calls -t $threads getppid $n" 'syscall:getppid /pid == $target/ { @ = count(); @calls = count(); } profile:hz:9000 { @ = count(); @samples = count(); }'
all=$(awk '/^@: / { print $2 }' out) calls=$(awk '/^@calls/ { print $2 }' out) samples=$(awk '/^@samples/ { print $2 }' out)
[ "$calls" = $total ] || fail "calls beside samples: $calls"
[ "$all" = $((calls + samples)) ] || fail "shared with samples: $all is not $calls + $samples"

# lines of one firing stay together
run_ply -c "calls -t $threads getppid 5000" 'syscall:getppid /pid == $target/ { printf("a %d\n", tid); printf("b %d\n", tid); }'
[ "$(wc -l <out)" = 40000 ] || fail "lines: $(wc -l <out)"
awk '$1 == "a" { t = $2; next } $2 != t { print "torn at " NR; exit 1 }' out || fail "lines of a firing were separated"
[ ! -s err ] || fail "something was lost"

# a 32-bit call is none of the calls that have its number: 110 is getppid's, 64 that of the 32-bit one
run_ply -c "calls32 110 1000" 'syscall:getppid /pid == $target/ { @ = count(); }'
[ $status = 0 ] && expect_equal "$(cat out)" "@: 0" "32-bit calls of number 110"
run_ply -c "calls32 64 1000" 'syscall:getppid,syscall:semget /pid == $target/ { @ = count(); }'
[ $status = 0 ] && expect_equal "$(cat out)" "@: 0" "32-bit calls of number 64"
exit 0
