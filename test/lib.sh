# Sourced by the live tests. Each runs in a folder of its own ($T), with ply and the workloads in PATH, and succeeds if
# it reaches its end; doc/testing.md shows one. $servers: functions that stop what still runs.
set -u
T=$(mktemp -d) && cd "$T" || exit 1
pid= held= disk= servers=
trap 'for s in $servers; do "$s"; done; [ ! "$pid" ] || kill -KILL -- "-$pid" 2>/dev/null; [ ! "$held" ] || kill "$held"; cd /
	[ ! "$disk" ] || { umount "$T/disk"; losetup -d "$disk"; }; rm -rf "$T"' EXIT

fail() {
	echo "$*"
	[ ! -s err ] || { echo "stderr:"; head -c 4000 err; }
	[ ! -s out ] || { echo "stdout:"; head -c 4000 out; }
	exit 1
}

# skip is for what can be installed or given, cannot for what only another kernel can do ("this kernel REASON").
skip() { echo "skip: $*"; exit 77; }
cannot() { skip "this kernel $*"; }

# needs WHAT…: skips unless all of it is here. WHAT is one of these or the name of a program.
needs() {
	local what

	for what; do
		case $what in
		root) [ "$(id -u)" = 0 ] || skip "needs root" ;;
		btf) [ -e /sys/kernel/btf/vmlinux ] || cannot "has no BTF" ;;
		kprobe) [ -e /sys/bus/event_source/devices/kprobe ] || cannot "has no kprobes" ;;
		uprobe) [ -e /sys/bus/event_source/devices/uprobe ] || cannot "has no uprobes" ;;
		int80) calls32 64 1 || cannot "lets no process make 32-bit calls" ;;
		loop) grep -q ' bpf_loop$' /proc/kallsyms || cannot "has no bpf_loop" ;;
		for_each) grep -q ' bpf_for_each_map_elem$' /proc/kallsyms || cannot "has no bpf_for_each_map_elem" ;;
		cookie) grep -q ' bpf_get_attach_cookie_trace$' /proc/kallsyms || cannot "does not tell a program its place" ;;
		tai) grep -q ' bpf_ktime_get_tai_ns$' /proc/kallsyms || cannot "has no bpf_ktime_get_tai_ns" ;;
		fprobe) grep -q ' register_fprobe_ips$' /proc/kallsyms || cannot "has no fprobe" ;;
		tracefs) [ -e /sys/kernel/tracing/events ] || mount -t tracefs nodev /sys/kernel/tracing ||
			skip "tracefs cannot be mounted" ;;
		*) command -v "$what" >/dev/null || skip "$what is not installed" ;;
		esac
	done
}

# of_samples N: how many of N are there at least. An emulated machine may miss most of its clock's ticks.
of_samples() { grep -q 'QEMU TCG' /proc/cpuinfo && echo 5 || echo $(($1 / 2)); }

# short_keys: strings of D are short where the kernel takes keys of 512 bytes only (before Linux 5.11).
short_keys() { case $(uname -r) in 5.[0-9].* | 5.10.*) export DTRACE_OPT_STRSIZE=128 ;; esac; }

# disk [TYPE]: makes the folder disk, a file system (ext4) on a disk of its own, the block device $disk.
disk() {
	local type=${1:-ext4} size=64M

	[ "$type" != xfs ] || size=400M # it takes no less
	needs root "mkfs.$type" losetup
	truncate -s $size disk.img && "mkfs.$type" -q disk.img && mkdir disk || fail "cannot make a file system"
	disk=$(losetup -f --show disk.img 2>/dev/null) || cannot "has no loop devices"
	mount "$disk" disk || fail "cannot mount $disk"
}

# run CMD…: its output goes to the files out and err, its status to $status.
run() {
	"$@" >out 2>err
	status=$?
}

# sum: of the last words of the lines of stdin
sum() { awk '{ n += $NF } END { print n + 0 }'; }

# exactly GOT WANT WHAT. Some kernels (7.x) let programs on system calls be preempted; what comes meanwhile they skip, and
# ply says how much: then at most that is missing.
exactly() {
	local lost=$(sed -n 's/.* \([0-9]*\) events* w[a-z]* lost, since .* the same program was running.*/\1/p' err | sum)

	[ "$1" -le "$2" ] && [ $(($1 + lost)) -ge "$2" ] || fail "$3: $1 of $2, $lost were lost"
}
nothing_lost() { ! grep -v 'the same program was running' err | grep -q . || fail "$1: something was lost"; }

# start ply ARG…: runs ply in the background and returns when its probes are attached; stop ends it, and then out, err
# and $status are there as after run. stop -TERM sends another signal than SIGINT.
start() {
	: >out >err # nothing left of what ran before
	set -m # a process group of its own, which the trap above kills
	"$1" -v "${@:2}" >out 2>err 9>&- &
	pid=$!
	set +m
	wait_for attached
}
attached() {
	kill -0 "$pid" 2>/dev/null || { wait "$pid"; status=$? pid=; fail "$status: ended before it had attached"; }
	grep -q '^attached ' err
}
stop() {
	kill "${1:--INT}" "$pid"
	wait "$pid"
	status=$? pid=
}

# ended: waits until the ply that was started ends by itself.
ended() {
	wait "$pid"
	status=$? pid=
}

# hold CMD…: starts a workload that waits for the end of its stdin (calls -w), as process $held; release lets it go and
# waits until it is done.
hold() {
	rm -f gate
	mkfifo gate
	"$@" <gate &
	held=$!
	exec 9>gate
}
release() {
	exec 9>&-
	wait "$held" || fail "the workload failed"
	held=
}

# wait_for CMD…: until it succeeds.
wait_for() {
	local i

	for ((i = 0; i < 6000; i++)); do
		! "$@" || return 0
		sleep 0.01
	done
	fail "in vain: wait_for $*"
}

expect_status() { [ "$status" = "$1" ] || fail "status $status, not $1"; }
expect_equal() { [ "$1" = "$2" ] || fail "${3:+$3: }'$1', not '$2'"; }

# expect_out <<EOF, expect_err <<EOF: exactly this; expect_match FILE REGEX: some line.
expect_out() { diff -u --label expected --label stdout - out || fail "stdout differs"; }
expect_err() { diff -u --label expected --label stderr - err || fail "stderr differs"; }
expect_match() { grep -qE -- "$2" "$1" || fail "no line of $1 matches $2"; }
