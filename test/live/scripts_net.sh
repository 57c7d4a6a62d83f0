#!/bin/bash
# Scripts about the network: a TCP connection over IPv4 and one over IPv6, on loopback.
. "${0%/*}/../lib.sh"
needs root btf tracefs python3
scripts=${0%/*}/../../scripts

# the program tells the ports
each() {
	run ply -o said -c "tcp.py" "$scripts/$1.ply" "${@:2}"
	expect_status 0
	[ -s out ] || fail "no connection was made"
	while read -r address here there; do
		check "$address" "$here" "$there"
	done <out
}
said() { expect_equal "$(grep -cE -- "$1" said)" "$2" "$1"; }

check() { said "python3 +[46] +$1 +$1 +$3\$" 1; }
each tcpconnect

check() {
	said "^[0-9]+ +python3 +$1 +$2 +$1 +$3 +100 +10 [0-9]+\$" 1
	said "^[0-9]+ +python3 +$1 +$3 +$1 +$2 +10 +100 [0-9]+\$" 1
}
each tcplife

check() {
	said " $1 +[0-9]+ +python3 +0 +$1 +$3 +CLOSE +SYN_SENT +" 1
	said " $1 +[0-9]+ +python3 +$2 +$1 +$3 +SYN_SENT +ESTABLISHED +" 1
	said " $1 +[0-9]+ +python3 +$3 +$1 +$2 +SYN_RECV +ESTABLISHED +" 1
	said " $1 +[0-9]+ +python3 +$2 +$1 +$3 +ESTABLISHED +FIN_WAIT1 +" 1
	said " $1 +[0-9]+ +python3 +$3 +$1 +$2 +LAST_ACK +CLOSE +" 1
}
each tcpstates -w
check() {
	said "^[0-9]+ +python3 +$2 +$1 +$3 +SYN_SENT +ESTABLISHED +[0-9]+\$" 1
	said "^[0-9]+ +python3 +$3 +$1 +$2 +LAST_ACK +CLOSE +[0-9]+\$" 1
}
each tcpstates

if [ -e /sys/bus/event_source/devices/kprobe ]; then
	check() { said "python3 +[46] +$1 +$1 +$3\$" 1; }
	each tcpaccept
	run ply -o said -c tcp.py "$scripts/tcpaccept.ply" -P 1
	expect_equal "$(wc -l <said)" 1 'tcpaccept -P'
fi
exit 0
