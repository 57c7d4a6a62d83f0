#!/bin/bash
# Kernel stacks: as keys, as values, printed, in JSON; where the probe is they begin, not in the tracing.
. "${0%/*}/../lib.sh"
needs root btf

# every call comes the same way
run ply -c 'calls getppid 100' 'syscall:getppid /pid == $target/ { @[kstack] = count(); }'
expect_status 0
nothing_lost 'a hundred calls'
expect_equal "$(head -1 out)" '@[kstack]'
exactly "$(grep -E '^ +[0-9]+$' out | sum)" 100 'calls'
expect_match out '^      do_syscall_64\+0x'
expect_equal "$(grep -cE '^ +[0-9]+$' out)" 1 'rows'
! grep -E 'bpf_|__traceiter|0xffff' out || fail "frames of the tracing"

# other keys stand beside the count, the frames below
run ply -c 'calls -t 3 getppid 10' 'syscall:getppid /pid == $target/ { @[comm, kstack(1)] = count(); }'
exactly "$(grep -E '^  calls +[0-9]+$' out | sum)" 30 'calls'
expect_equal "$(grep -c '^      [^ ]' out)" 1 'frames'

# how many frames, in which form
run ply -c 'calls getppid 50' 'syscall:getppid /pid == $target && !n++/ { print(kstack(2)); printf("<%s>", kstack(perf, 1)); printf("<%k>", kstack(raw, 3)); }'
expect_equal "$(grep -cE '^    [a-z_0-9.]+(\+0x[0-9a-f]+)?$' out)" 2 'print'
expect_match out '^        ffffffff[0-9a-f]+ [a-z_0-9.]+\+[0-9]+ \(\[kernel.kallsyms\]\)$'
expect_equal "$(grep -cE '^        ffffffff[0-9a-f]{8}$' out)" 3 'raw'

# the same stack whatever is kept of it; as a value, in a local, in a tuple
run ply -c 'calls getppid 5' 'syscall:getppid /pid == $target/ { $s = kstack(3); @v[pid] = kstack(3); @k[$s] = count(); @t = ($s, 1); @two[kstack(3), kstack(2)] = count(); }'
expect_status 0
nothing_lost 'five calls'
expect_equal "$(sed -n '/^@k/,/^$/p' out | grep -c '^      [^ ]')" 3
expect_match out '^      --$'

run ply -F json -c 'calls getppid 7' 'syscall:getppid /pid == $target/ { @[kstack, 1] = count(); }'
exactly "$(grep -o '"@": {[^}]*' out | sum)" 7 'in JSON'
python3 - out <<'EOP' || fail 'JSON'
import json, sys
m = [json.loads(l) for l in open(sys.argv[1])][-1]
frames, one = m['keys'][0]
assert one == 1 and any(f.startswith('do_syscall_64+0x') for f in frames), frames
EOP

# an interval's counts and stacks add up when the map is cleared meanwhile
run ply -c 'calls getppid 1000' 'syscall:getppid /pid == $target/ { @[kstack] = count(); } i:ms:10 { print(@); clear(@); }'
exactly "$(grep -E '^ +[0-9]+$' out | sum)" 1000 'calls by interval'

# user code has no kernel stack
run ply -t 20 'profile:hz:997 /usermode/ { print(kstack); exit(0); }' &
while kill -0 $! 2>/dev/null; do :; done
wait $!
expect_match out '^    \[no stack\]$'

run ply -e 'BEGIN { print(kstack(0)); print(kstack(no_such_form)); print(kstack(128)); }'
expect_status 1
expect_match err 'takes 1 to 127 frames, not 0'

[ -e /sys/bus/event_source/devices/kprobe ] || exit 0
run ply -c 'calls -s 10 read 100' 'kprobe:vfs_read /pid == $target/ { @[kstack] = count(); }'
expect_match out '^ +100$'
grep '^      [^ ]' out | head -1 | grep -q vfs_read || fail 'kprobe: the first frame'
run ply -c 'calls -s 10 read 100' 'kretprobe:vfs_read /pid == $target/ { @[kstack] = count(); }'
expect_match out '^ +100$'
if grep -qE ' (kretprobe|rethook)_find_ret_addr$' /proc/kallsyms; then
	grep '^      [^ ]' out | head -1 | grep -qE 'ksys_read|__x64_sys_read|sys_read' || fail 'kretprobe: the first frame'
else
	expect_match out '^      \[no stack\]$' # the kernel cannot find its way out of a kretprobe
fi
run ply -c 'calls -s 10 read 100' 'fentry:vfs_read /pid == $target/ { @[kstack] = count(); }'
expect_match out '^ +100$'
! grep -E 'bpf_' out || fail "frames of the tracing"
exit 0
