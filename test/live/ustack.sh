#!/bin/bash
# User stacks: programs with and without frame pointers, static and not, in threads and signal handlers, deep, short-lived.
. "${0%/*}/../lib.sh"
needs root btf

# stack PROGRAM [ARG…]: the names of the frames at its calls of getppid, in $OPTIONS
stack() {
	run ply ${OPTIONS-} -c "$*" 'syscall:getppid /pid == $target/ { @[ustack] = count(); }'
	expect_status 0
	expect_equal "$(cat err)" ''
	frames=$(sed -n 's,^      \([^+ ][^+ ]*\).*,\1,p' out | tr '\n' ' ')
}
chain="leaf inner middle outer main"

for program in frames frames_fp frames_pie frames_pie_fp; do
	stack $program 7
	expect_match out '^ +7$'
	[[ "$frames" == "syscall $chain "*_start* ]] || fail "$program: $frames"

	stack $program -t 3
	[[ "$frames" == "syscall leaf inner middle outer thread start_thread "* ]] || fail "$program, a thread: $frames"

	stack $program -s 3
	[[ "$frames" =~ ^"syscall leaf handler [signal] "([A-Za-z_.0]+" ")+"inner middle outer main" ]] ||
		fail "$program, a signal handler: $frames"

	# the interrupted function is found by what the kernel keeps beside the handler, its callers are on a stack that is not copied
	stack $program -so 3
	[[ "$frames" =~ ^"syscall leaf handler [signal] ".*"[truncated] "$ ]] || fail "$program, a handler on its own stack: $frames"

	stack $program -d 50 1
	expect_equal "$(grep -c middle out)" 51
	[[ "$frames" == *"middle outer main "* ]] || fail "$program, deep: $frames"
done

# 1 MiB deep: the part that is looked at, and where it ends
stack frames -d 1000 -a 1024 1
[[ "$frames" == "syscall leaf inner middle middle middle"*"middle [truncated] " ]] || fail "deep: $frames"
expect_equal "$(grep -c middle out)" "$(grep -c '^      middle' out)"
many=$(grep -c middle out)
[ "$many" -ge 12 ] || fail "only $many frames"
OPTIONS='-x ustackbytes=64k' stack frames -d 1000 -a 1024 1
[ "$(grep -c middle out)" -gt $((2 * many)) ] || fail "-x ustackbytes"

# by frame pointers, where there are some
OPTIONS='-x ustack=fp' stack frames_fp 5
[[ "$frames" == *"inner middle outer main"* ]] || fail "fp: $frames"

# as many as are wanted
run ply -c 'frames 5' 'syscall:getppid /pid == $target/ { @[ustack(3), comm] = count(); @q[ustack(2)] = quantize(1); }'
expect_match out '^  frames +5$'
expect_equal "$(sed -n '/^@\[/,/^$/p' out | grep -c '^      ')" 3
expect_equal "$(sed -n '/^@q/,/^$/p' out | grep -c '^      [a-z]')" 2

# every firing has a key of its own until the stacks are unwound; none is lost for it
run ply -x stackring=64m -c 'frames 3000' 'syscall:getppid /pid == $target/ { @[ustack] = count(); }'
expect_equal "$(cat err)" ''
expect_match out '^ +3000$'

# processes that are gone when their stacks are printed
run ply -c 'spawn -x 200' 'syscall:execve /comm == "spawn"/ { @[ustack(2)] = count(); } syscall:exit_group /ppid == $target/ { @e[ustack] = count(); }'
nothing_lost 'processes that are gone'
! grep -q ' 0x' out || fail "frames without names"

# kernel threads have no user stack; what is at hand is printed
run ply 'tracepoint:sched:sched_switch / curtask->flags & 0x200000 && curtask->pid / { printf("<%s>", ustack); exit(0); }' # PF_KTHREAD
grep -qxF '>' out || fail "the stack of a kernel thread"

# other namespaces: of processes, where ply is inside or outside; of files, in which the process's program is nowhere else
if unshare -pf --mount-proc true 2>/dev/null && unshare -m true 2>/dev/null; then
	run unshare -pf --mount-proc ply -c 'frames_pie 3' 'syscall:getppid /comm == "frames_pie"/ { @[ustack(3)] = count(); }'
	expect_match out '^      inner\+0x'
	run ply -c 'unshare -pf frames_pie 3' 'syscall:getppid /comm == "frames_pie"/ { @[ustack(3)] = count(); }'
	expect_match out '^      inner\+0x'
	cat >hidden.sh <<EOT
mount -t tmpfs none /mnt && cp "$(command -v frames_pie)" /mnt/hidden && /mnt/hidden 3
read line
EOT
	mkfifo later
	sleep 1000 >later &
	sleeper=$!
	run ply -c 'unshare -m bash -c "exec bash hidden.sh <later"' 'syscall:getppid /comm == "hidden"/ { @[ustack(3)] = count(); if (++n == 3) { exit(0); } }'
	kill $sleeper
	expect_match out '^      inner\+0x[0-9a-f]+ \[hidden\]'

	# of another root, which processes that live on have
	for file in "$(command -v frames_pie)" $(ldd "$(command -v frames_pie)" | grep -o '/[^ ]*'); do
		mkdir -p "root${file%/*}" && cp -L "$file" "root$file" || fail "cp"
	done
	mv "root$(command -v frames_pie)" root/moved
	cp "$(command -v calls)" root/stays
	hold chroot root /stays -w getppid 1
	run ply -c 'chroot root /moved 3' 'syscall:getppid /comm == "moved"/ { @[ustack(3)] = count(); }'
	release
	expect_match out '^      inner\+0x[0-9a-f]+ \[moved\]'
fi

# where stacks are counted in user space a map has no more room than elsewhere
run ply -x mapentries=100 -c 'calls getppid 300' 'syscall:getppid /pid == $target/ { @[ustack, ++n] = count(); }'
expect_status 0
expect_equal "$(grep -c '^  [0-9]' out)" 100 rows
expect_match err '@: 200 updates were lost, since the map was full$'

# samples that come faster than they can be unwound, for as long as it looks: it prints and ends all the same
flood=
for i in 1 2 3 4 5 6 7 8; do
	ways 2000000000 &
	flood+=" $!"
done
start ply 'syscall:getppid /comm == "ways"/ { @[ustack] = count(); } interval:s:1 { print(@, 3); clear(@); }'
printed() { grep -q '^@' out; }
wait_for printed
stop
kill $flood
expect_status 0
expect_match err 'user stacks were lost'
exit 0
