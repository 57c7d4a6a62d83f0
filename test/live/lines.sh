#!/bin/bash
# -x lines: source lines and inlined functions.
. "${0%/*}/../lib.sh"
needs root btf

run ply -x lines -c inlined 'syscall:getppid /pid == $target/ { @[ustack(4)] = count(); }'
expect_status 0
sed -nE 's/^      ([a-z]+)(\+0x[0-9a-f]+)?( inlined\.c:[0-9]+)? \[inlined\]$/\1\3/p' out >frames.txt
diff -u - frames.txt <<EOT || fail "frames"
syscall
innermost inlined.c:11
between inlined.c:16
around inlined.c:22
main inlined.c:28
EOT
run ply -x lines=1 -F json -c inlined 'syscall:getppid /pid == $target/ { @[ustack(2)] = count(); }'
expect_match out '"innermost inlined.c:11 \[inlined\]", "between inlined.c:16 \[inlined\]"'
run ply -c inlined 'syscall:getppid /pid == $target/ { @[ustack(2)] = count(); }'
! grep -q 'inlined\.c' out || fail "lines that were not asked for"
exit 0
