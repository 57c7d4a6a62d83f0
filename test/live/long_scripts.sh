#!/bin/bash
# Scripts that are longer than anyone writes by hand.
. "${0%/*}/../lib.sh"
needs root

# a thousand clauses on one call
for ((i = 0; i < 1000; i++)); do
	echo "syscall:getppid /pid == \$target && $i % 10 == 3/ { @ = count(); @by[$i] = count(); }"
done >long.ply
run ply -c 'calls getppid 10' long.ply
expect_status 0
expect_match out '^@: 1000$'
expect_equal "$(grep -c '^  ' out)" 100 'keys'

# more than a record can name, and than any kernel takes
yes 'BEGIN { printf("x"); }' | head -n 40000 >longer.ply
run ply longer.ply
expect_status 1
expect_match err '^longer.ply:32768:1: error: the script has 40000 clauses; 32767 are the most$'

# ten megabytes
{ echo 'BEGIN {'; yes '@ = count(); x = 1;' | head -n 500000; echo '}'; } >longest.ply
run ply longest.ply
expect_status 1
expect_match err '^longest.ply:100002:1: error: the script is too large: it has more than 200000 statements$'
exit 0
