#!/bin/bash
# Ready-made scripts and what they say of work that is known.
. "${0%/*}/../lib.sh"
needs root btf
scripts=${0%/*}/../../scripts examples=${0%/*}/../../doc/examples
# work COMMAND SCRIPT [ARG…]: the script's output while the command runs
work() {
	run ply -c "$1" "$scripts/$2.ply" "${@:3}"
	[ ! -s err ] || grep -q '^ply: .* exited with' err || fail "$2: complaints"
	expect_status 0
	heading "$2.ply"
}
# The example in the documentation has the columns that the script has now.
heading() {
	! grep -q '^BEGIN' "$scripts/$1" || [ ! -e "$examples/$1.txt" ] ||
		expect_equal "$(sed -n 2p "$examples/$1.txt")" "$(head -n 1 out)" "doc/examples/$1.txt"
}
lines() { grep -cE -- "$1" out; }

for file in "$scripts"/*.ply; do
	run ply "$file" --help
	expect_status 0
	expect_match out "^$(basename "$file" .ply): "
done

mark=ply-$$
work "/bin/sh -c 'exec 2>/dev/null; /bin/true $mark \"b c\"; /nowhere/$mark x; :'" execsnoop -x
expect_match out "^[0-9:]{8} [0-9]+ +[0-9]+ +sh +0 /bin/true $mark b c\$"
expect_match out "^[0-9:]{8} [0-9]+ +[0-9]+ +sh +-2 /nowhere/$mark x\$"
work "/bin/sh -c 'exec 2>/dev/null; /bin/true $mark; /nowhere/$mark; :'" execsnoop
expect_equal "$(lines "/nowhere/$mark\$")" 0 'without -x'

# paths that can only be read when the call returns
work 'paths 20' opensnoop -n paths -x
for i in 0 10 19; do
	expect_match out "^[0-9]+ +paths +-1 +2 /nowhere/$i\$"
done
touch "$mark"
work "calls -p $mark openat 7" opensnoop --name=calls
expect_equal "$(lines "calls +[0-9]+ +0 $mark\$")" 7 opensnoop

work "calls -p /nowhere/$mark newfstatat 5" statsnoop
expect_equal "$(lines "calls +2 /nowhere/$mark\$")" 5 statsnoop

work 'signals 10 50' killsnoop -s 10
awk '$3 == "signals" && $4 == "SIGUSR1" && $2 == $5 && !$6 { n[$2]++ } END { for (p in n) if (n[p] == 50) exit 0; exit 1 }' out ||
	fail "killsnoop: no process sent 50"

printf x >"$mark"
work "sync -d $PWD/$mark" syncsnoop
expect_match out '^[0-9:]{8} [0-9]+ +sync +fdatasync +[0-9]+ us$'

work "/bin/sh -c 'exec 2>/dev/null; /bin/sh -c \"exit 37\"; /bin/sh -c \"kill -USR2 \\\$\\\$\"; :'" exitsnoop -x
expect_match out '^[0-9:]{8} sh +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ +37 *$'
expect_match out '^[0-9:]{8} sh +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ +0 12$'

work 'spawn -t 20' threadsnoop
awk '$3 == "spawn" { n[$2]++ } END { for (p in n) if (n[p] == 20) exit 0; exit 1 }' out || fail "threadsnoop: no process made 20"

hold calls -w -t 2 getppid 500
start ply "$scripts/syscount.ply" -p "$held"
release
stop
expect_match out '^  getppid +1000$'
expect_equal "$(grep -c '^@' out)" 1 'syscount: maps'

# as many waits as switches
work 'pingpong 300' runqlat --processes
count() { awk -v of=": $1\$" '/^@/ { on = $0 ~ of } on && sub(/\|.*/, "") { n += $NF } END { print n + 0 }' out; }
[ "$(count ping)" -ge 300 ] && [ "$(count pong)" -ge 300 ] || fail "runqlat: $(count ping) and $(count pong)"
work 'pingpong 300' cpudist -P
[ "$(count ping)" -ge 299 ] && [ "$(count pong)" -ge 299 ] || fail "cpudist: $(count ping) and $(count pong)"
work 'pingpong 300' cpudist -OP
[ "$(count ping)" -ge 299 ] && [ "$(count pong)" -ge 299 ] || fail "cpudist -O: $(count ping) and $(count pong)"

run ply -c 'pingpong 100' "$scripts/offcputime.ply"
grep -q 'the kernel has no memory for' err || expect_match out '^  ping +[0-9]+$'

if unshare -m true 2>err; then
	mkdir there
	work "unshare -m /bin/sh -c 'mount -t tmpfs $mark $PWD/there && umount $PWD/there'" mountsnoop
	expect_equal "$(lines "mount +0 +mount\\(\"$mark\", \"$PWD/there\", \"tmpfs\", 0x")" 1 mount
	expect_equal "$(lines "umount +0 +umount\\(\"$PWD/there\", 0x0\\)")" 1 umount
fi
exit 0
