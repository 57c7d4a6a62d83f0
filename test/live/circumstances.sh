#!/bin/bash
# Where ply runs: without privilege, with little of it, without tracefs or BTF, in a pid namespace; and what is left when it is killed.
. "${0%/*}/../lib.sh"
needs root setpriv unshare

# as CAPS COMMAND…: as nobody, with these capabilities only ("+bpf,+perfmon")
as() {
	setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps="-all${1:+,$1}" --ambient-caps="-all${1:+,$1}" \
		--bounding-set="-all${1:+,$1}" "${@:2}"
}
chmod 755 .
ulimit -l unlimited # counts before Linux 5.11
as '' "$PLY" --version >/dev/null || skip "others may not run $PLY"

run as '' "$PLY" 'BEGIN { exit(0); }'
expect_status 1
expect_match err 'not permitted$'
expect_match err '^hint: run ply as root, or give it what it lacks: CAP_BPF and CAP_PERFMON$'
run as +bpf "$PLY" 'syscall:getppid { @ = count(); }'
expect_status 1
expect_match err '^hint: .*: CAP_PERFMON$'

# what needs no more works with the two
caps=+bpf,+perfmon
run as $caps "$PLY" 'BEGIN { printf("%s\n", comm); @[1] = count(); @h = quantize(5); exit(0); }'
expect_status 0
expect_match out '^ply$'
run as $caps "$PLY" -c 'calls getppid 100' \
	'syscall:getppid /pid == $target/ { self->t = 1; @ = count(); } sysret:getppid /self->t/ { @r = count(); self->t = 0; }'
expect_status 0
expect_out <<EOF
@: 100
@r: 100
EOF
run as $caps "$PLY" -t 0.02 'interval:ms:1 { @i = count(); } rawtracepoint:sched_switch { @s = count(); }'
expect_status 0
[ "$(cat /proc/sys/kernel/perf_event_paranoid)" -gt 2 ] || run as $caps "$PLY" -t 0.02 'profile:hz:99 { @ = count(); }'
expect_status 0
[ ! -s err ] || fail "something on stderr"
if [ -e /sys/kernel/btf/vmlinux ]; then
	run as $caps "$PLY" -c 'spawn 20' 'tracepoint:sched:sched_process_exit /ppid == $target/ { @[args.comm] = count(); }'
	expect_status 0
	expect_match out '^  spawn +20$'
fi

run ply 'profile:hz:1000000000 { @ = count(); }'
expect_status 1
expect_match err 'cannot be probed: at most [0-9]+ samples a second are allowed \(/proc/sys/kernel/perf_event_max_sample_rate\)$'

# hidden WHERE COMMAND…: with nothing mounted there
hidden() { unshare -m sh -c 'mount -t tmpfs none "$0" && exec "$@"' "$@"; }

# without tracefs: what needs none works, what does says how to mount it
without_tracefs() { unshare -m sh -c 'umount /sys/kernel/tracing /sys/kernel/debug 2>/dev/null; exec "$@"' sh "$@"; }
run without_tracefs ply -c 'calls getppid 100' 'tracepoint:syscalls:sys_enter_getppid /pid == $target/ { @ = count(); }'
expect_status 0
expect_out <<EOF
@: 100
EOF
run without_tracefs ply -t 0.01 'tracepoint:sched:sched_switch { @ = count(); } profile:hz:99 { @p = count(); }'
expect_status 0
if ! without_tracefs test -e /sys/kernel/tracing/events; then
	run without_tracefs ply 'tracepoint:sched:sched_w* { @ = count(); }'
	expect_status 1
	expect_match err 'mount -t tracefs nodev /sys/kernel/tracing'
fi

# without BTF: what it is needed for says so
if [ -d /sys/kernel/btf ]; then
	run hidden /sys/kernel/btf ply -c 'calls getppid 100' 'syscall:getppid /pid == $target/ { @ = count(); }'
	expect_status 0
	expect_out <<-EOF
	@: 100
	EOF
	run hidden /sys/kernel/btf ply 'BEGIN { printf("%d\n", ppid); exit(0); }'
	expect_status 1
	expect_match err 'CONFIG_DEBUG_INFO_BTF'
fi

# in a pid namespace pids are those that one sees there
in_namespace() { unshare -pf --mount-proc sh -c '"$@"; exit' sh "$@"; }
if in_namespace true; then
	run in_namespace ply -c 'calls getppid 100' 'syscall:getppid /pid == $target/ { @[pid == $target, tid == pid, pid < 10] = count(); }'
	expect_status 0
	expect_match out '^  1  1  1 +100$'
	run in_namespace sh -c 'sleep 1000 & ply -p $! "BEGIN { printf(\"%d %d\n\", pid < 10, \$target < 10); exit(0); }"; kill $!'
	expect_status 0
	expect_out <<-EOF
	1 1
	EOF
fi

# nothing is left in the kernel when it is killed
if command -v bpftool >/dev/null; then
	start ply 'syscall:getppid { @ = count(); } tracepoint:sched:sched_switch { @s[comm] = count(); } profile:hz:99 { @p = count(); }
		tracepoint:sched:sched_process_exit { printf("%s\n", comm); }'
	owned() { bpftool -j "$1" show | grep -q "\"pid\": *$mine\\b"; }
	mine=$pid
	! bpftool -j prog show | grep -q '"pids"' || owned prog || fail "none of its programs is shown"
	ids=$(grep -h '^\(prog\|map\|link\)_id:' /proc/$pid/fdinfo/* | sort -u)
	[ "$ids" ] || fail "it holds nothing"
	stop -KILL
	gone() {
		while read -r what id; do
			! bpftool ${what%_id:} show id "$id" >/dev/null 2>&1 || return 1
		done <<<"$ids"
	}
	wait_for gone
	! grep -s ply /sys/kernel/tracing/{kprobe,uprobe}_events || fail "events are left in tracefs"
fi
exit 0
