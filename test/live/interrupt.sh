# Ctrl-C and SIGTERM end ply: what was counted is printed, and nothing else is on stdout.
. "$TESTDIR/lib.sh"

mkfifo go
calls -t 2 -w getppid 500 <go &
exec 3>go
start ply 'syscall:getppid /pid == $1/ { @ = count(); } END { printf("end\n"); }' $!
exec 3>&-
wait $!
stop
expect_status 0
expect_out <<EOT
end
@: 1000
EOT

start ply 'syscall:getppid /pid == 0/ { @ = count(); }'
stop -TERM
expect_status 0
expect_out <<EOT
@: 0
EOT
