#!/bin/bash
# On a terminal: colours, tables and bars that fit it, and a word when the probes are attached. Elsewhere none of it.
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

# What is longer than its column stands whole, and its row goes on below; bars are as long as there is room.
wide='ply "BEGIN {
	@[\"/a/path/that/is/longer/than/its/column\", \"one\"] = 7;
	@[\"/short\", \"two\"] = 12345;
	@h = quantize(5); @h = quantize(7); @h = quantize(8);
	exit();
}" 2>/dev/null'
fits() { TERM=dumb on_terminal "stty cols $1; $wide"; expect_out; }
fits 40 <<-EOF2
	@
	  /a/path/that/is/longer/than/its/column
	                              one      7
	  /short                      two  12345

	@h:
	  [4, 8)            2  |@@@@@@@@@@@@@@@|
	  [8, 16)           1  |@@@@@@@@       |
EOF2
whole() {
	expect_out <<-EOF2
		@
		  /a/path/that/is/longer/than/its/column  one      7
		  /short                                  two  12345

		@h:
		  [4, 8)            2  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
		  [8, 16)           1  |@@@@@@@@@@@@@@@@@@@@                    |
	EOF2
}
TERM=dumb on_terminal "stty cols 80; $wide" && whole
COLUMNS=40 TERM=dumb on_terminal "stty cols 0; $wide" && cp out narrow
TERM=dumb on_terminal "stty cols 40; $wide" && expect_out <narrow
COLUMNS=40 run bash -c "$wide" && whole

export TERM=xterm
eval "run $calls"
expect_err </dev/null
! grep -q "$escape" out || fail 'colours in a file'
exit 0
