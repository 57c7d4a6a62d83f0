#!/bin/bash
# Scripts beside bcc's tools of the same name: what both say of the same work, as it happens.
. "${0%/*}/../lib.sh"
needs root btf stdbuf
scripts=${0%/*}/../../scripts

# bcc NAME: the tool, as Debian calls it in bpfcc-tools (NAME-bpfcc) or in libbpf-tools
bcc() { command -v "$1-bpfcc" || PATH=/usr/sbin:/usr/bin command -v "$1"; }
bcc opensnoop >tool || skip "bcc's tools (libbpf-tools) are not installed"

# Those tools do not tell when they have begun, and what they have seen comes when it comes.
their_pid=
mark() {
	kill -0 $their_pid 2>/dev/null || return 0
	/bin/sh -c 'cat "/nowhere/$1"; kill -CONT $$; exit 17' "$1" "$1" 2>/dev/null
	[ "$(grep -cE "$mark" theirs)" -gt "$marks" ]
}
theirs_stop() { [ ! "$their_pid" ] || { kill -INT $their_pid; wait $their_pid; }; their_pid=; } 2>/dev/null
servers=theirs_stop

# both NAME MARK WORK…: the lines of both tools are in the files theirs and ours. A line of theirs that matches MARK tells that they see.
both() {
	local name=$1 tool

	mark=$2 marks=0
	tool=$(bcc "$name") || return 1
	stdbuf -oL "$tool" >theirs 2>&1 9>&- &
	their_pid=$!
	for ((i = 0; i < 500; i++)); do
		! mark seen || break
	done
	kill -0 $their_pid 2>/dev/null && [ $i -lt 500 ] || { theirs_stop; echo "$name: bcc's does not work here: $(tail -n 1 theirs)"; return 1; }
	start ply -o ours "$scripts/$name.ply"
	"${@:3}" 2>/dev/null
	marks=$(grep -cE "$mark" theirs)
	wait_for mark done
	stop
	theirs_stop
	compared=$((compared + 1))
}
# same THEIRS OURS: the rows that these awk programs make of the two are the same, and there are some
same() {
	awk "$1" theirs | sort >their_rows
	awk "$2" ours | sort >our_rows
	[ -s our_rows ] || fail "$name: nothing"
	diff -u their_rows our_rows || fail "not what bcc's tool says"
}

compared=0
touch there
opens() { calls -p /nowhere/else openat 7; calls -p there openat 5; }
! both opensnoop '/nowhere/(seen|done)' opens ||
	same '$2 == "calls" { print $1, $3, $4, $5 }' '$2 == "calls" { print $1, $3, $4, $5 }'

# as their first argument bcc shows the program's path
execs() { /bin/sh -c '/bin/true 1 2; /bin/true; :'; }
! both execsnoop 'sh +.*(seen|done)' execs ||
	same '$1 == "true" { print $2, $3, $4, $5, $6, $7 }' '$6 == "/bin/true" { print $2, $3, $5, $6, $7, $8 }'

exits() { for i in 1 2 3; do /bin/sh -c "exit 4$i"; done; }
! both exitsnoop 'sh .*code 17' exits ||
	same '$NF ~ /^4[123]$/ { print $1, $2, $3, $NF }' '$7 ~ /^4[123]$/ { print $2, $3, $4, $7 }'

kills() { signals 10 20; }
! both killsnoop 'sh +18 ' kills ||
	same '$3 == "signals" && $4 == 10 { print $2, $5 }' '$3 == "signals" && $4 == "SIGUSR1" { print $2, $5 }'

[ $compared -gt 0 ] || cannot "does not run bcc's tools"
exit 0
