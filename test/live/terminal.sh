#!/bin/bash
# On a terminal: colours, and a word when the probes are attached. Elsewhere neither.
. "${0%/*}/../lib.sh"
needs script
calls='ply -c "calls getppid 7" "syscall:getppid /pid == \$target/ { @ = count(); @by[pid > 0] = count(); }"'
escape=$'\e'

on_terminal() { script -qec "$1" /dev/null </dev/null | tr -d '\r' >out; }

TERM=xterm NO_COLOR= on_terminal "$calls"
expect_out <<-EOF2
	attached 1 probe
	${escape}[1m@${escape}[0m: 7

	${escape}[1m@by[pid > 0]${escape}[0m
	  1                                    7
EOF2
TERM=xterm NO_COLOR=1 on_terminal "$calls"
! grep -q "$escape" out || fail 'colours in spite of NO_COLOR'
TERM=dumb NO_COLOR= on_terminal "$calls"
! grep -q "$escape" out || fail 'colours of a dumb terminal'
TERM=xterm NO_COLOR= on_terminal "ply 'BEGIN { nothing(); }'"
expect_match out "^one-liner:1:9: ${escape}\[1;31merror:${escape}\[0m "

export TERM=xterm
eval "run $calls"
expect_err </dev/null
! grep -q "$escape" out || fail 'colours in a file'
exit 0
