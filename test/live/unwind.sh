#!/bin/bash
# User stacks at every instruction, as gdb has them, through code that was made at run time, and with files that lie.
. "${0%/*}/../lib.sh"
needs root btf

names() { sed -n 's,^      \([^+ ][^+ ]*\).*,\1,p' "${1:-out}" | tr '\n' ' '; }

# code without any information, by frame pointer, between code that has only the other
mkfifo in
sleep 1000 >in & sleeper=$!
run ply -c 'bash -c "exec jit -m 4 <in"' 'syscall:getppid /comm == "jit"/ { @[ustack] = count(); if (++n == 4) { exit(0); } }'
kill $sleeper
[[ "$(names)" == "syscall called made_code main "* ]] || fail "made code: $(names)"
rm -f /tmp/perf-*.map

# gdb; libc's functions have several names, and one of them has none for gdb
alike() { sed -E 's/gsignal/raise/; s/(__pthread_kill[^ ]*|0x[0-9a-f]+) /raises /'; }
if command -v gdb >/dev/null; then
	for program in 'frames -d 5' 'frames_pie -d 5' 'frames_fp -d 5' 'frames -s'; do
		gdb -nx -batch -ex 'catch syscall getppid' -ex 'set height 0' -ex 'set backtrace past-main on' -ex 'set debuginfod enabled off' -ex 'handle all nostop noprint pass' -ex run -ex bt --args \
			$(command -v ${program% -*}) -${program##* -} 1 </dev/null 2>/dev/null >gdb.out || true
		sed -nE 's/^#[0-9]+ +<signal handler called>$/[signal]/p; s/^#[0-9]+ +(0x[0-9a-f]+ in )?([A-Za-z_0-9]+) .*/\2/p' gdb.out | tr '\n' ' ' | sed 's/__libc_start_main_impl/__libc_start_main/' >theirs
		run ply -c "$program 1" 'syscall:getppid /pid == $target/ { @[ustack] = count(); }'
		grep -q main theirs || continue # it may not trace here
		expect_equal "$(names | alike)" "$(alike <theirs)" "$program, gdb"
	done
fi

# what is unwound for long takes no more memory than what is unwound for short
peak() { awk '/^VmHWM/ { print $2 }' /proc/$pid/status; }
busy() {
	local i

	for ((i = 0; i < $1; i++)); do
		frames -d $((i % 10)) 20 && spawn -x 5
	done
}
if command -v spawn >/dev/null; then
	start ply -x ustack=dwarf 'syscall:getppid /comm == "frames"/ { @[ustack] = count(); } syscall:execve /comm == "spawn"/ { @x[ustack(3)] = count(); }'
	busy 20
	short=$(peak)
	busy 300
	long=$(peak)
	stop
	[ "$long" -lt $((short + short / 4 + 4096)) ] || fail "$short KiB, then $long"
	expect_equal "$(grep -c '^@' out)" 2 'maps'
fi

needs uprobe objdump
# at each instruction of a function, prologue and epilogue too
for program in frames frames_pie frames_pie_fp; do
	for f in outer middle; do
		objdump -d --no-show-raw-insn "$(command -v $program)" | awk -v f="<$f>:" '
			$2 == f { on = 1; base = strtonum("0x" $1); next } on && !NF { exit }
			/nop|xchg +%ax,%ax/ { next } # fills up behind the function
			on { sub(":", "", $1); print strtonum("0x" $1) - base }' 2>/dev/null >offsets ||
		python3 - "$(command -v $program)" $f >offsets <<'EOP'
import re, subprocess, sys
on = base = None
for l in subprocess.run(['objdump', '-d', '--no-show-raw-insn', sys.argv[1]], capture_output=True, text=True).stdout.split('\n'):
    if l.endswith('<%s>:' % sys.argv[2]): on = True; base = int(l.split()[0], 16); continue
    if on and not l.strip(): break
    if on and not re.search('nop|xchg +%ax,%ax', l): print(int(l.split(':')[0], 16) - base)
EOP
		[ -s offsets ] || continue
		spec=$(sed "s/.*/uprobe:$program:$f+&/" offsets | paste -sd,)
		run ply -c "$program 1" "$spec"' { @[ustack(9)] = count(); }'
		expect_status 0
		[ $f = outer ] && want='outer main' || want='middle outer main'
		# rows of one stack each: what follows the function itself
		awk -v f=$f '/^      [a-z_]/{ split($1, a, "+"); s = s " " a[1] } /^$/ { print s; s = "" } END { print s }' out |
			grep -v '^$' | sort | uniq -c >rows
		! grep -vE "^ *[0-9]+  *$want __libc_start" rows || fail "$program: $f"
	done
done
exit 0
