#!/bin/bash
# How a run ends, and with which status: signals, time, processes, exit(), a reader that went away, errors.
. "${0%/*}/../lib.sh"
needs root

# every signal that ends a run lets END run and what was counted be printed
for signal in INT TERM HUP; do
	start ply 'syscall:getppid /pid == 0/ { @ = count(); } END { printf("end\n"); }'
	stop -$signal
	expect_status 0
	expect_out <<-EOF
	end
	@: 0
	EOF
done

# started with "&" by a shell without job control, which ignores SIGINT: it ends the run all the same
: >out >err
"$PLY" -v 'BEGIN { @ = 1; } interval:s:100 { }' >out 2>err &
pid=$!
wait_for attached
stop -INT
expect_status 0
expect_out <<EOF
@: 1
EOF

# nohup: SIGHUP stays ignored
: >out >err
(trap '' HUP; exec "$PLY" -v -t 100 'BEGIN { @ = 1; } interval:ms:10 { @n = count(); }' >out 2>err) &
pid=$!
wait_for attached
kill -HUP $pid
kill -USR1 $pid
wait_for grep -q '^@: 1' out
stop -TERM
expect_status 0

# the second Ctrl-C does not wait for what the first began
mkfifo gate
start ply -w 'interval:s:100 { @ = count(); } END { printf("waiting\n"); system("echo begun >&2; cat gate"); printf("never\n"); }'
kill -INT $pid
wait_for grep -q begun err
again() { ! kill -INT $pid 2>/dev/null; }
wait_for again
ended
expect_status $((128 + 2))
: >gate
rm gate
expect_out <<EOF
waiting
EOF

# sent twice at once, as timeout(1) does, it is one
start ply 'interval:s:100 { } BEGIN { @ = 1; } END { printf("end\n"); }'
kill -INT $pid $pid
ended
expect_status 0
expect_out <<EOF
end
@: 1
EOF

# SIGUSR1 prints maps and losses, and goes on
start ply -x mapentries=1 'BEGIN { @a[1] = 1; @a[2] = 2; @b = count(); } interval:s:100 { @b = count(); }'
kill -USR1 $pid
wait_for grep -q '^hint: -x mapentries' err
wait_for grep -q '^@b: 1' out
kill -0 $pid || fail "SIGUSR1 ended it"
stop
expect_status 0
expect_equal "$(grep -c '^@b: 1' out)" 2 "printed at SIGUSR1 and at the end"
expect_equal "$(grep -c '@a: 1 update was lost, since the map was full' err)" 2 "losses, twice"

# exit(n); n of one byte; nothing after it in the clause
run ply -c true 'END { exit(6); }'
expect_status 6
run ply 'BEGIN { exit(7); printf("never\n"); } END { printf("end\n"); }'
expect_status 7
expect_out <<EOF
end
EOF
run ply 'BEGIN { exit(); }'
expect_status 0
run ply 'interval:ms:1 { exit(300); }'
expect_status $((300 & 255))

# time
run ply -t 0.05 'interval:ms:1 { @ = count(); } END { printf("end\n"); }'
expect_status 0
expect_match out '^end$'

# the command: its end is the run's, its status is reported but is not ply's
run ply -c true 'END { printf("end\n"); }'
expect_status 0
[ ! -s err ] || fail "something on stderr"
run ply -c "sh -c 'exit 3'" 'END { printf("end\n"); }'
expect_status 0
expect_match err "^ply: 'sh -c 'exit 3'' exited with 3$"
run ply -c "sh -c 'kill -9 \$\$'" 'END { printf("end\n"); }'
expect_status 0
expect_match err 'was ended by SIGKILL$'
run ply -c "sh -c 'kill -40 \$\$'" 'END { printf("end\n"); }'
expect_match err 'was ended by signal 40$'
run ply -c 'no-such-program -x' 'BEGIN { printf("never\n"); }'
expect_status 1
expect_err <<EOF
ply: error: cannot run 'no-such-program': there is no such program
EOF
expect_out </dev/null
run ply -c "echo 'not closed" 'BEGIN { }'
expect_status 1
# quotes as in the shell
run ply -c "printf '%s|' 'a  b' \"c \\\"d\" e\\ f" 'END { printf("\n"); }'
expect_out <<'EOF'
a  b|c "d|e f|
EOF
# a script that does not wait for it ends it
run ply -c 'sleep 1000' 'interval:ms:1 { printf("%d\n", $target); exit(5); }'
expect_status 5
wait_for eval '! kill -0 $(head -n 1 out) 2>/dev/null'
# one with an error in it has never begun
run ply -c 'touch begun' 'BEGIN { no_such(); }'
expect_status 1
[ ! -e begun ] || fail "the command ran"

# the process: only its events; its end is the run's
hold calls -t 2 -w getppid 300
start ply -p $held 'BEGIN { printf("%d\n", $target == '$held'); } syscall:getppid { @[pid == $target] = count(); } END { printf("end\n"); }'
calls getppid 1000 # of another
release
wait "$pid"
status=$? pid=
expect_status 0
expect_out <<EOF
1
end

@[pid == $(sed -n 's/.*pid == \([0-9]*\).*/\1/p' out)]
  1                                  600
EOF
# with a command as well, whichever ends first ends it
run ply -p $$ -c true 'BEGIN { }'
expect_status 0
run ply -p 2147483647 'syscall:getppid { @ = count(); }'
expect_status 1
expect_err <<EOF
ply: error: there is no process 2147483647
EOF

# a reader that goes away ends the run, which is no error
ply 'interval:ms:1 { printf("line\n"); } END { printf("end\n"); }' 2>err | head -n 1 >out
status=${PIPESTATUS[0]}
expect_status 0
expect_out <<EOF
line
EOF
[ ! -s err ] || fail "something on stderr"

# one that takes its time, through a pipe that does not wait
if command -v python3 >/dev/null; then
cat >reader.py <<'END'
import fcntl, os, struct, subprocess, termios, time
r, w = os.pipe()
os.set_blocking(w, False)
ply = subprocess.Popen(["ply", 'BEGIN { for ($i = 0; $i < 500; $i++) { printf("%0199d\\n", $i); } exit(0); }'], stdout=w)
os.close(w)
while struct.unpack("i", fcntl.ioctl(r, termios.FIONREAD, b"0000"))[0] < 60000 and ply.poll() is None:
    time.sleep(0.01)
n = 0
while more := os.read(r, 1 << 16):
    n += len(more)
print(n, ply.wait())
END
run python3 reader.py
expect_out <<EOF
100000 0
EOF
fi

# a full disk is none either: ply goes on, says so at once, and how much was lost at the end
for options in '' '-o /dev/full'; do
	ply $options 'interval:ms:1 { printf("line\n"); if (++n == 20) { exit(3); } } END { printf("two\nlines\n"); }' >/dev/full 2>err
	status=$?
	expect_status 3
	expect_match err "^ply: warning: cannot write to '(stdout|/dev/full)': No space left on device; ply goes on\$"
	expect_match err "^ply: warning: 22 lines of output were lost, since '(stdout|/dev/full)' could not take them: No space left on device\$"
	expect_equal "$(wc -l <err)" 2 "lines on stderr"
done
run bash -c 'ulimit -f 1; exec ply -o file "BEGIN { for (\$i : 0..100) { printf(\"%063d\n\", \$i); } exit(); }"'
expect_status 0
expect_match err "^ply: warning: 84 lines of output were lost, since 'file' could not take them: File too large\$"
expect_equal "$(wc -l <file)" 16

# without a stdout nothing is written elsewhere
ply 'BEGIN { printf("line\n"); } interval:ms:1 { exit(); }' >&- 2>err
status=$?
expect_status 1
expect_equal "$(cat err)" "ply: error: cannot write to 'stdout': Bad file descriptor"
run ply -o no/such/folder 'BEGIN { exit(0); }'
expect_status 1
expect_err <<EOF
ply: error: cannot write to 'no/such/folder': No such file or directory
EOF
run ply -o file 'BEGIN { printf("in the file\n"); @ = 1; exit(0); }'
expect_equal "$(cat file)" $'in the file\n@: 1'
expect_out </dev/null
exit 0
