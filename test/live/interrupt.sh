# Ctrl-C and SIGTERM end ply: what was counted is printed, and nothing else is on stdout.
. "$TESTDIR/lib.sh"

hold calls -t 2 -w getppid 500
start ply 'syscall:getppid /pid == $1/ { @ = count(); } END { printf("end\n"); }' $held
release
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
