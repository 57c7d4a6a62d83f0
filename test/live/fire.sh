#!/bin/bash
# Exactness under fire: four threads hammer one system call, and nothing that is counted is lost or counted twice.
. "${0%/*}/../lib.sh"
needs root

n=25000 threads=4 total=100000 ncpus=$(nproc)

# fire SCRIPT [OPTION…]: runs it while they do.
fire() { run ply "${@:2}" -c "calls -t $threads getppid $n" "$1"; expect_status 0; }

# what intervals print and forget adds up
tick='interval:ms:10 { print(@); clear(@); }'
mine='syscall:getppid /pid == $target/'
fire "$mine { @ = count(); } $tick"
exactly "$(grep '^@: ' out | sum)" $total 'count by interval'

fire "$mine { @[tid % 1000] = sum(3); } $tick"
exactly $(($(grep '^  ' out | sum) / 3)) $total 'sum by key and interval'

fire "$mine { @[++n % 1000] = count(); } $tick"
exactly "$(grep '^  ' out | sum)" $total 'a thousand keys'

fire "$mine { @ = quantize(cpu + 5); } $tick" -F json
exactly "$(grep -o '"count": *[0-9]*' out | sum)" $total 'quantize by interval'

fire "$mine { @[++n % 1000] = quantize(cpu + 5); } $tick" -F json
exactly "$(grep -o '"count": *[0-9]*' out | sum)" $total 'a thousand keys of quantize'
nothing_lost 'a thousand keys of quantize'

# new keys, as fast as they come: 4000 of 4096
for what in 'count()' 'stats(1)' 'quantize(1)'; do
	fire "$mine { @[++n % 4000] = $what; }" -F json
	nothing_lost "4000 keys of $what"
	expect_equal "$(grep -o '"keys": .*' out | grep -o '\[[0-9]*\]' | wc -l)" 4000 "keys of $what"
done

# the greatest of four numbers that come to a new place at once, and one that is there always; before Linux 5.12 programs cannot compare
# and exchange, and what several CPUs share may lose one of two that come at once
ply -d ir 'BEGIN { @m = max(1); if (@m == 3) { exit(); } }' >out
places=('@m[$i / 4]' @m)
grep -q cmpxchg out || places=()
for keyed in "${places[@]}"; do
	fire "$mine { \$i = n++; $keyed = max(\$i); @seen = max(\$i); if (@m${keyed#@m} == 0 && @seen < 0) { exit(1); } }" \
		-x mapentries=$((total / 4)) -F json
	seen=$(grep -o '"@seen": *[0-9]*' out | sum)
	exactly $((seen + 1)) $total 'the greatest of all'
	if [ "$keyed" != @m ]; then
		grep -o '"\?[0-9]*"\?: *[0-9]*' out | tr -d '":' |
			awk -v seen="$seen" '{ most = 4 * $1 + 3 } NF == 2 && $2 != (most < seen ? most : seen) { print; bad = 1 } END { exit bad }' ||
			fail "the greatest of four is not there"
	fi
	nothing_lost "the greatest"
done

# what is printed by interval has its own extremes
for read in '' 'if (@ == 7) { exit(1); }'; do
	[ "$read" ] && what='max' || what='stats'
	fire "$mine { @ = $what(1); $read } $tick" -F json
	if [ "$what" = stats ]; then
		exactly "$(grep -o '"count": *[0-9]*' out | sum)" $total 'stats by interval'
	fi
	grep -o '"\(min\|max\)": *[-0-9]*' out | grep -v ': *1$' && fail "extremes of what was always 1"
	[ -s out ] || fail 'nothing printed'
done

# exit ends the counting: at once on this CPU, after what is running on the others
fire "$mine { @ = count(); if (++n == 100) { exit(0); } }"
got=$(sum <out)
[ "$got" -ge 100 ] && [ "$got" -le $((100 + ncpus)) ] || fail "exit at 100: $got"

# a clause that shares its map with a sampling one
fire "$mine { @ = count(); @calls = count(); } profile:hz:10000 { @ = count(); @samples = count(); }"
all=$(awk '/^@: / { print $2 }' out) calls=$(awk '/^@calls/ { print $2 }' out) samples=$(awk '/^@samples/ { print $2 }' out)
exactly "$calls" $total 'calls beside samples'
expect_equal "$all" $((calls + samples)) 'shared with samples'

# lines of one firing stay together
fire "$mine { printf(\"a %d\\n\", tid); printf(\"b %d\\n\", tid); }" -x ringsize=16m
exactly $(($(wc -l <out) / 2)) $total lines
nothing_lost lines
awk '$1 == "a" { t = $2; next } $2 != t { print "torn at " NR; exit 1 }' out || fail "lines of a firing were separated"

# a 32-bit call is none of the calls that have its number: 110 is getppid's, 64 that of the 32-bit one
calls32 64 1 || exit 0 # not every machine lets processes make any
run ply -c "calls32 110 1000" "$mine { @ = count(); }"
expect_status 0
expect_equal "$(cat out)" "@: 0" "32-bit calls of number 110"
run ply -c "calls32 64 1000" 'syscall:getppid,syscall:semget /pid == $target/ { @ = count(); }'
expect_status 0
expect_equal "$(cat out)" "@: 0" "32-bit calls of number 64"
exit 0
