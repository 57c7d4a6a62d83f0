#!/bin/bash
# Processes of other pid namespaces: their numbers are those that ply's own namespace gives them.
. "${0%/*}/../lib.sh"
needs root btf unshare
unshare -pf --mount-proc true 2>err || skip "no pid namespace can be made"

# from the first namespace all are seen
run ply -c 'unshare -pf calls getppid 100' 'syscall:getppid /comm == "calls" && ppid == $target && pid == tid && pid != 1/ { @ = count(); }'
expect_status 0
expect_equal "$(cat out)" '@: 100' 'a namespace within'

# from within one: its own processes, and those of one within it
cat >own <<'EOF'
ply -c "calls getppid 10" "syscall:getppid /pid == \$target && tid == \$target && ppid > 0 && ppid < pid/ { @ = count(); }"
EOF
run unshare -pf --mount-proc bash own
expect_status 0
expect_equal "$(cat out)" '@: 10' 'its own'

cat >within <<'EOF'
ply -c 'unshare -pf calls -t 2 getppid 100' 'syscall:getppid /comm == "calls" && ppid == $target && pid > $target/ { @[tid == pid] = count(); @pid = max(pid); }'
EOF
run unshare -pf --mount-proc bash within
expect_status 0
expect_match out '^  0 +100$'
expect_match out '^  1 +100$'
[ "$(awk '/^@pid/ { print $2 }' out)" -lt 100 ] || fail "not a number of this namespace"

# what is outside has no number here
hold calls -w getppid 50
cat >outside <<'EOF'
exec ply -t 10 'syscall:getppid /comm == "calls" && pid == 0 && tid == 0/ { if (++n == 50) { exit(3); } } interval:ms:1 /!started/ { started = 1; printf("started\n"); }'
EOF
unshare -pf --mount-proc bash outside >out 2>err 9>&- &
outside=$!
wait_for grep -q started out
release
wait $outside
status=$?
expect_status 3
exit 0
