#!/bin/bash
# Scripts on user programs: addresses asked for, lines typed into bash.
. "${0%/*}/../lib.sh"
needs root btf uprobe python3 script
scripts=${0%/*}/../../scripts

run ply -c 'python3 -c "import socket; socket.getaddrinfo(\"localhost\", 80)"' "$scripts/gethostlatency.ply"
expect_status 0
expect_match out '^[0-9:]{8} [0-9]+ +python3 +[0-9]+\.[0-9]{3} localhost$'

run ply -c 'python3 -c "import socket; socket.getaddrinfo(\"localhost\", 80)"' "$scripts/gethostlatency.ply" -p 1
expect_equal "$(wc -l <out)" 1 'gethostlatency -p'

printf 'echo ply-%d\nexit\n' $$ >typed
run ply -o lines -c "script -qc 'bash --norc -i' /dev/null" "$scripts/bashreadline.ply" <typed
expect_match lines "^[0-9:]{8} [0-9]+ +echo ply-$$\$"

run ply "$scripts/memleak.ply"
expect_status 2
expect_match err 'needs a process: -p, --process, --pid=PID$'

# 50 pieces of 100001 bytes that python never gives back
run ply -c 'python3 -c "x = [bytearray(100000) for i in range(50)]; import os; os._exit(0)"' "$scripts/memleak.ply" -m 50000
expect_status 0
expect_match out '^ +5000050$'
run ply -c 'python3 -c "x = [bytearray(100000) for i in range(50)]; import os; os._exit(0)"' "$scripts/memleak.ply" -z 50000 -Z 100000 3600 1
expect_status 0
! grep -qE '^ +5000050$' out || fail 'memleak -Z'
# the same of a process that is there already
hold python3 -c 'input(); x = [bytearray(100000) for i in range(50)]; import os; os._exit(0)'
start ply "$scripts/memleak.ply" -p "$held" -m 50000
echo >&9
release
stop
expect_match out '^ +5000050$'

exit 0
