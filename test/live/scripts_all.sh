#!/bin/bash
# Every script: its help, options that are wrong, JSON that parses, Ctrl-C, a pipe that is closed. Where the kernel or the machine
# lacks what it traces, it says so.
. "${0%/*}/../lib.sh"
needs root btf tracefs python3
scripts=${0%/*}/../../scripts

# work SCRIPT: a little of everything, so that it has something to say
work() {
	bash -c 'chroot / true; cat /etc/passwd /nowhere; touch here; kill -CONT $$; sync here; true & wait' >/dev/null 2>&1
	[[ $1 != tcp* ]] || tcp.py >/dev/null
}

# begin ARG… SCRIPT ARG…: runs it in the background, with JSON. False if it cannot be used here, and then it says why.
lacking='has no kprobes|matches no probe|cannot be traced here|has no (static probe|function)|there is no (file|program|library)|no file .* has'
begin() {
	: >out >err
	set -m
	ply -v -F json "$@" >out 2>err 9>&- &
	pid=$!
	set +m
	until grep -q '^attached ' err; do
		if ! kill -0 "$pid" 2>/dev/null; then
			ended
			expect_status 1
			expect_match err "error: .*($lacking)"
			return 1
		fi
		sleep 0.01
	done
}

used=0
mkdir json
for file in "$scripts"/*.ply "$scripts"/*.d; do
	name=${file##*/}
	read -ra args <<<"$(sed -n "s/^$name //p" "${0%/*}/../scripts.args")"

	of=()
	! grep -q '\$target' "$file" || of=(-p $$)
	run ply "$file" --help
	expect_status 0
	expect_match out "^${name%.*}: "
	grep -q '^usage: ' out || fail "$name: no usage"
	numbers=$(sed -n 's/^.*\(--[a-z_-]*\)=NUMBER .*/\1/p' out)
	others=$(sed -n 's/^  .*\(--[a-z_-]*\) .*/\1/p; s/^.*\(--[a-z_-]*\)=PID .*/\1=1/p' out)

	# without options of its own a script is compiled first
	run ply "${of[@]}" "$file" "${args[@]}" --nothing-of-that-name
	[ "$status" = 1 ] || expect_status 2
	expect_match err "nothing-of-that-name|error: .*($lacking)"
	for option in $numbers; do
		run ply "$file" "$option=many" "${args[@]}"
		expect_status 2
		expect_match err "$option"
	done
	# each of the others, and each number, gives a script that compiles
	for option in $others $(sed 's/$/=7/' <<<"$numbers"); do
		[ "$option" != =7 ] || continue
		run ply -e "${of[@]}" "$file" "$option" "${args[@]}"
		[ "$status" = 0 ] || expect_match err "error: .*($lacking)"
	done

	echo "$name" # for who reads a failure
	begin "${of[@]}" "$file" "${args[@]}" || { echo "$name: $(grep -m 1 error: err)" >>unusable; continue; }
	used=$((used + 1))
	work "$name"
	stop
	[ "$status" = 0 ] || fail "$name: status $status after Ctrl-C"
	mv out "json/$name"
	{ ply -c 'calls getppid 1' "$file" "${args[@]}" 2>err; echo $? >status; } | true
	[ "$(cat status)" -lt 128 ] || [ "$(cat status)" = 141 ] || fail "$name: status $(cat status) where its reader is gone"
done

# bcc's one-liners, which are no scripts
for tool in trace argdist; do
	ln -s "$(realpath "$scripts/../share/bcc")" $tool
	[ $tool = trace ] && args=('t:syscalls:sys_enter_kill "%d", args->sig') || args=(-C 't:syscalls:sys_enter_kill():int:args->sig')
	run "./$tool" --help
	expect_status 0
	run "./$tool" --nothing-of-that-name "${args[@]}"
	expect_status 2
	expect_match err nothing-of-that-name
	ply() { exec "./$tool" -v --json "${@:4}"; } # in the words of ply -v -F json …
	echo $tool
	begin "${args[@]}" || fail "$tool cannot be used"
	work $tool
	stop
	expect_status 0
	grep -q 18 out || fail "$tool: not the signal that was sent"
	mv out json/$tool
	unset -f ply
	{ timeout -s INT 2 "./$tool" "${args[@]}" 2>err; echo $? >status; } | true
	[ "$(cat status)" -lt 128 ] || [ "$(cat status)" = 141 ] || fail "$tool: status $(cat status) where its reader is gone"
done
[ $used -ge 20 ] || fail "only $used of them can be used: $(cat unusable)"
python3 - json/* <<'END' || fail "-F json"
import json, sys
for name in sys.argv[1:]:
    for number, line in enumerate(open(name, errors="surrogateescape"), 1):
        try:
            assert isinstance(json.loads(line), dict)
        except Exception as e:
            sys.exit(f"{name}:{number} is no JSON object: {e}: {line}")
END
exit 0
