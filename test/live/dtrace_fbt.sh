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

# lockstat: a write to a pipe takes its mutex, munmap() the map of the memory as a writer, getdents64() the folder as a reader
run dtrace -qn 'syscall::write:entry /pid == $target && arg2 == 10/
	{ self->lock = (uintptr_t)&((struct pipe_inode_info *)curthread->files->fdt->fd[arg0]->private_data)->mutex; }
	syscall::write:return { self->lock = 0; }
	lockstat:::adaptive-acquire, lockstat:::adaptive-release /self->lock && arg0 == self->lock/ { @[probeprov, probename] = count(); }' \
	-c 'sh -c "mkfifo pipe; exec 8<>pipe; exec calls -p pipe -s 10 write 100"'
if grep -q 'lets nobody trace' err; then
	expect_match err '^hint: it is fexit:mutex_lock here, which this kernel lets nobody trace$'
else
	expect_status 0
	expect_equal "$(sort out | paste -sd,)" ',  lockstat                                            adaptive-acquire                                                100,  lockstat                                            adaptive-release                                                100'

	run dtrace -qn 'syscall::munmap:entry /pid == $target && !arg0/ { self->lock = (uintptr_t)&curthread->mm->mmap_lock; }
		syscall::munmap:return { self->lock = 0; }
		syscall::getdents64:entry /execname == "calls"/ { self->lock = (uintptr_t)&curthread->files->fdt->fd[0]->f_inode->i_rwsem; }
		syscall::getdents64:return { self->lock = 0; }
		lockstat:::rw-acquire, lockstat:::rw-release /self->lock && arg0 == self->lock/ { @[probename, arg1 == RW_READER] = count(); }
		lockstat:::rw-acquire /self->lock && arg0 == self->lock/ { self->s = (struct rw_semaphore *)arg0;
			@held[rw_read_held(self->s), rw_write_held(self->s)] = count(); }
		END { printa("%s %d %@d\n", @); printa("%d %d %@d\n", @held); }' -c 'sh -c "calls 217 60; exec calls 11 100"' </
	expect_status 0
	grep -v '^$' out | sort | diff - <(echo "0 1 100
1 0 60
rw-acquire 0 100
rw-acquire 1 60
rw-release 0 100
rw-release 1 60") || fail "locks"
fi
