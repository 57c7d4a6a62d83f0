#!/bin/bash
# Options that scripts share with bcc's tools: filters, columns, histograms apart, outputs at intervals by words without a dash.
. "${0%/*}/../lib.sh"
needs root btf tracefs python3 taskset
scripts=${0%/*}/../../scripts
# work COMMAND SCRIPT [ARG…]: the script's output while the command runs
work() {
	run ply -o said -c "$1" "$scripts/$2.ply" "${@:3}"
	expect_status 0
	! grep -q 'error:\|warning:' err || fail "$2: complaints"
}
# script SCRIPT [ARG…]: the same while the process $held does what it is there for
script() {
	start ply -o said "$scripts/$1.ply" "${@:2}"
	release
	stop
	expect_status 0
}
said() { expect_equal "$(grep -cE -- "$1" said)" "$2" "$1"; }
# of the histograms whose headings match: how many events
events() { awk -v of="$1" '/^@/ { on = $0 ~ of } on && sub(/\|.*/, "") { n += $NF } END { print n + 0 }' said; }
least() { [ "$1" -ge "$2" ] || fail "$3: $1, not $2"; }
seconds='^ *[0-9]+\.[0-9]{6} '

mark=ply-$$
work "/bin/sh -c '/bin/true $mark a; /bin/echo $mark b; /bin/echo $mark c'" execsnoop -n ech -l "$mark b"
said " /bin/echo $mark b\$" 1
said " $mark" 1
hold /bin/sh -c "read -r go; /bin/true $mark; /bin/sh -c '/bin/true $mark; :'; :"
mine=$held
script execsnoop -P "$mine" -tU
said "^TIME\(s\) +UID +TIME +PID " 1
said "${seconds}0 +[0-9:]{8} +[0-9]+ +$mine +sh +0 /bin/true $mark\$" 1
said " /bin/true $mark\$" 1

# programs are known by a part of their names; 02000000 is O_CLOEXEC
touch "$mark"
work "python3 -c 'import os
os.open(\"$mark\", os.O_RDWR | os.O_APPEND)'" opensnoop -n yth -eTU -u 0
said "^TIME\(s\) +UID +PID +COMM +FD +ERR +FLAGS +PATH\$" 1
said "${seconds}0 +[0-9]+ +python3 +3 +0 02002002 $mark\$" 1
work "calls -p $mark openat 7" opensnoop -u 1
expect_equal "$(wc -l <said)" 1 'opensnoop -u'
hold calls -w -p "$mark" openat 7
script opensnoop -t "$held"
said " $mark\$" 7
run ply "$scripts/opensnoop.ply" -d 1
expect_status 0

work "calls -p /nowhere/$mark newfstatat 5" statsnoop -t
said "${seconds}[0-9]+ +calls +2 /nowhere/$mark\$" 5

work "tcp.py" tcpconnect -tU -u 0
said "${seconds}0 +[0-9:]{8} +[0-9]+ +python3 +4 +127.0.0.1 +127.0.0.1 " 1
work "tcp.py" tcpconnect -u 1
expect_equal "$(wc -l <said)" 1 'tcpconnect -u'
work "tcp.py" tcpconnect -c
said '^  (127.0.0.1|::1) +[0-9]+ +1$' 2

# a server, who knows the ports, waits for us to know them
cat >serve.py <<-END
	import socket, sys
	server = socket.create_server(("127.0.0.1", 0))
	here = socket.socket()
	here.bind(("127.0.0.1", 0))
	print(here.getsockname()[1], server.getsockname()[1], file=open("ports", "w"), flush=True)
	sys.stdin.read()
	here.connect(server.getsockname())
	there = server.accept()[0]
	for s in here, there, server:
	    s.close()
END
# connection SCRIPT: what it says of one with the option's port, $here or $there
connection() {
	rm -f ports
	hold python3 serve.py
	wait_for test -s ports
	read -r here there <ports
	script "$1" "$2" "${!3}"
}
connection tcplife -L here
said "^[0-9]+ +python3 +127.0.0.1 +$here +127.0.0.1 +$there +0 +0 [0-9]+\$" 1
expect_equal "$(wc -l <said)" 2 'tcplife -L'
connection tcplife -D here
said " 127.0.0.1 +$there +127.0.0.1 +$here " 1
expect_equal "$(wc -l <said)" 2 'tcplife -D'
connection tcplife -p held
expect_equal "$(wc -l <said)" 3 'tcplife -p'
rm -f ports
work "tcp.py" tcplife -Tt
said "^TIME +TIME\(s\) +PID " 1
said "^[0-9:]{8} ${seconds#^}[0-9]+ +python3 +127.0.0.1 +[0-9]+ +127.0.0.1 +[0-9]+ +100 +10 [0-9]+\$" 1
work "tcp.py" tcpstates -Tt
said "^TIME +TIME\(s\) +PID " 1
said "^[0-9:]{8} ${seconds#^}[0-9]+ +python3 +[0-9]+ +127.0.0.1 +[0-9]+ +SYN_SENT +ESTABLISHED " 1
connection tcpstates -L here
said " $here +127.0.0.1 +$there +SYN_SENT +ESTABLISHED " 1
said " $there +127.0.0.1 " 0
connection tcpstates -D here
said " $there +127.0.0.1 +$here +SYN_RECV +ESTABLISHED " 1
said " $here +127.0.0.1 +$there " 0

work 'pingpong 300' runqlat -L
least "$(events ': [0-9]+, ping$')" 300 'runqlat -L'
work 'pingpong 300' runqlat -Pm
least "$(events '^@ms_of.*: ping$')" 300 'runqlat -Pm'
work 'pingpong 300' runqlat --pidnss
least "$(events ": $(stat -Lc %i /proc/self/ns/pid)\$")" 600 'runqlat --pidnss'
work 'pingpong 300' cpudist -Lm
least "$(events '^@ms_of.*: [0-9]+, ping$')" 299 'cpudist -L'
work 'pingpong 300' cpudist -OL
least "$(events ': [0-9]+, ping$')" 299 'cpudist -OL'

# two outputs, and then it ends; what came since the last one is one more
for tool in runqlat cpudist runqlen softirqs hardirqs biolatency; do
	run ply "$scripts/$tool.ply" -T 1 2
	expect_status 0
	expect_equal "$(grep -cE '^[0-9]{2}:[0-9]{2}:[0-9]{2}$' out)" 2 "$tool -T 1 2"
done
run ply "$scripts/runqlat.ply" often
expect_status 2
expect_match err "^.*: -i, --interval=NUMBER takes a number, not 'often'\$"
run ply "$scripts/profile.ply" 1
expect_status 0

hold calls -w getppid 500
start ply -o said "$scripts/syscount.ply" -p "$held" -i 3600 -T 1
release
stop
said '^  getppid +500$' 1
said '^  ' 1
hold calls -w -p /nowhere openat 500
script syscount -p "$held" -e 2
said '^  openat +500$' 1
said '^  ' 1

# ten waits of 20 ms and more
waits() {
	hold sh -c 'read -r go; exec waits 10 20000'
	script "$1" "${@:2}"
	read -r slept _ <waits
	slept=$((slept - 100)) said=$(grep '^  .*sleeper ' said | sum)
}
for option in -U -K -u --state=1 '-m 15000' '-M 1000000'; do
	waits offcputime $option # of two words, maybe
	least "$said" "$slept" "offcputime $option"
done
for option in -k --state=2 '-M 15000' '-t 1'; do
	waits offcputime $option
	[ "$said" -lt "$slept" ] || fail "offcputime $option: $said"
done
waits wakeuptime -m 15000
least "$said" "$slept" 'wakeuptime -m'
waits offwaketime -M 15000
[ "$said" -lt "$slept" ] || fail "offwaketime -M: $said"

# a second of CPU time, with one kind of stacks
for option in -K -U; do
	hold sh -c 'read -r go; exec busy 1000'
	start ply -o said "$scripts/profile.ply" -F 999 -L "$held" $option
	release
	stop
	samples=$(sed -n 's/^  busy *//p' said | sum)
	least "$samples" "$(of_samples 999)" "profile $option"
	[ $option = -K ] && expect_equal "$(grep -c three_quarters said)" 0 'profile -K' || expect_match said three_quarters
done

# folded, as doc/questions.md does it
if command -v jq >/dev/null; then
	folds=$(sed -n "/jq -r 'select/,/'\$/s/^.* jq -r '\|^        \|'\$//gp" "$scripts/../doc/questions.md")
	run ply -F json -o said -c 'busy 300' "$scripts/profile.ply" -F 999
	jq -r "$folds" said >folded || fail "jq: $folds"
	expect_match folded '^busy;.*main.*;three_quarters[^;]* [0-9]+$'
fi

# four threads on one CPU: three wait
if taskset -c 0 true 2>err; then
	hold sh -c 'read -r go; for i in 1 2 3 4; do taskset -c 0 busy 500 & done; wait'
	script runqlen -C
	samples=$(awk '/^@/ { on = /: 0$/ } on && /^  \[[3-9]/ { n += $2 } END { print n + 0 }' said)
	least "$samples" "$(of_samples 150)" runqlen
	hold sh -c 'read -r go; for i in 1 2 3 4; do taskset -c 0 busy 500 & done; wait'
	script runqlen -OC
	said '^  0 +(100|[5-9][0-9])(\.[0-9]+)?$' 1
fi

# as many as the kernel itself counts, which is asked after the script has begun and before it ends, and the other way round
counted() { awk -v what="$2" 'toupper($1) == what { for (i = 2; i <= NF; i++) n += $i } END { print n + 0 }' "$1"; }
of_interrupts() { awk -v what="$2" '$NF == what { for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i } END { print n + 0 }' "$1"; }
# bounds SCRIPT FILE: what it says while there is work, and FILE before and after both
bounds() {
	cat "$2" >before
	start ply -o said "$scripts/$1.ply"
	cat "$2" >begun
	tcp.py >/dev/null
	dd if=/dev/zero of=written bs=4k count=50 conv=fsync status=none
	cat "$2" >ending
	stop
	expect_status 0
	cat "$2" >after
	sed -n '/^@calls/,/^@us/s/^  //p' said >calls
	[ -s calls ] || [ "$1" = hardirqs ] || fail "$1: nothing"
}
# between FUNCTION NAME CALLS: that many at least are in the files, and not more
between() {
	local inner=$(($($1 ending "$2") - $($1 begun "$2"))) outer=$(($($1 after "$2") - $($1 before "$2")))

	[ "$3" -ge $((inner - cpus)) ] && [ "$3" -le $outer ] || fail "$2: $3, not $inner to $outer"
}
cpus=$(nproc) # what ran on each while the script began may be missing
bounds softirqs /proc/softirqs
for name in TIMER NET_RX SCHED RCU; do
	between "counted" "$name:" "$(awk -v what=$name 'toupper($1) == what { print $2 }' calls | sum)"
done
bounds hardirqs /proc/interrupts
while read -r name n; do
	between of_interrupts "$name" "$n"
done <calls
exit 0
