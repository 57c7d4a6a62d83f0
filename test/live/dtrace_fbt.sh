#!/bin/bash
# D's fbt and rawfbt: kernel functions; sched:::on-cpu where it is one.
. "${0%/*}/../lib.sh"
needs root btf kprobe

ln -s "$PLY" dtrace
PATH=$PWD:$PATH

run dtrace -qn 'fbt::vfs_read:entry /pid == $target && arg2 == 10/ { @[probeprov, probemod, probefunc, probename, args[2]] = count(); }' -c 'calls -s 10 read 100'
expect_status 0
expect_match out '^  fbt +vmlinux +vfs_read +entry +10 +100$'

# arg1 of a return is what the function returned, arg0 the place of the return
run dtrace -qn 'fbt::vfs_read:return /pid == $target/ { @[arg1, args[1]] = count(); @all = sum(arg0); }' -c 'calls -s 10 -p /dev/zero read 100'
expect_status 0
expect_match out '^ +10 +10 +100$'

run dtrace -qn 'fbt:vmlinux:vfs_rea*:entry /pid == $target && arg2 == 10/ { self->in = 1; @[probefunc] = count(); }
	fbt:vmlinux:vfs_read:return /self->in/ { self->in = 0; @out = count(); }' -c 'calls -s 10 read 100'
expect_match out '^  vfs_read +100$'
expect_match out '^ +100$'

run dtrace -qn 'vfs_read:entry /pid == $target && arg2 == 10/ { @[stack(1)] = count(); }' -c 'calls -s 10 read 100'
expect_match out '^ +vmlinux`vfs_read'
expect_match out '^ +100$'

run dtrace -qn 'rawfbt::vfs_read:entry /pid == $target && arg2 == 10/ { @[probeprov, probefunc] = count(); }' -c 'calls -s 10 read 100'
expect_match out '^  rawfbt +vfs_read +100$'

run dtrace -ln 'fbt::vfs_read:'
expect_equal "$(awk 'NR > 1 { print $2, $3, $4, $5 }' out | paste -sd,)" 'fbt vmlinux vfs_read entry,fbt vmlinux vfs_read return'

run dtrace -n 'fbt::vfs_raed:entry { @ = count(); }'
expect_status 1
expect_match err 'fbt::vfs_raed:entry'

# as many times on a CPU as off it, but for the first and the last
run dtrace -qn 'sched:::on-cpu /execname == "pong"/ { @on = count(); } sched:::off-cpu /execname == "pong"/ { @off = count(); }
	END { printa("%@d ", @on); printa("%@d\n", @off); }' -c 'pingpong 100'
expect_status 0
read -r on off <out
[ "$on" -ge 100 ] && [ $((on - off)) -ge -1 ] && [ $((on - off)) -le 1 ] || fail "on the CPU $on times, off it $off times"
