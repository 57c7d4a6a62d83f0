#!/bin/bash
# Ready-made scripts in D, and what they say of work that is known.
. "${0%/*}/../lib.sh"
needs root btf
scripts=${0%/*}/../../scripts examples=${0%/*}/../../doc/examples
# work COMMAND SCRIPT [ARG…]: the script's output while the command runs
work() {
	run ply -c "$1" "$scripts/$2.d" "${@:3}"
	[ ! -s err ] || fail "$2: complaints"
	expect_status 0
	expect_equal "$(grep . out | head -n 1)" "$(sed -n 2p "$examples/$2.d.txt")" "doc/examples/$2.d.txt"
}

work 'calls -p /nowhere openat 7' errinfo
expect_match out '^ +calls openat +2 No such file or directory +7$'

work 'calls -t 2 getppid 100' syscallbyproc
n=$(awk '$2 == "calls" { print $3 }' out)
[ "$n" -ge 200 ] && expect_match out "^calls +$n\$"

work 'calls -t 2 getppid 100' procsystime
expect_match out '^getppid +[0-9]+ +200$'
expect_equal "$(awk '/^[a-z]/ { n += $NF } END { print n }' out)" "$(awk '$1 == "TOTAL" { print $NF }' out)" TOTAL

work 'calls -s 1024 -p /dev/zero read 500' rwtop 60
expect_match out '^[0-9]+ +calls +R +500$'

work 'spawn 20' shortlived
expect_match out '^spawn +[0-9]+ +2[01]$'

touch there
work "calls -p there openat 3" dtruss
expect_equal "$(grep -cE '^[0-9]+ +[0-9]+ +0 openat\("there", 0x[0-9a-f]+, 0x0\) = [0-9]+$' out)" 3 dtruss
work "/bin/sh -c '/bin/true; calls -p /nowhere openat 3; :'" dtruss
expect_equal "$(grep -cE '^[0-9]+ +[0-9]+ +2 openat\("/nowhere", 0x[0-9a-f]+, 0x0\) = -1$' out)" 3 'dtruss: of a child'

# a second of CPU time is 997 samples, but for what busy(1) asks the kernel
samples() { awk -v name="$1" '$1 ~ name { n += $NF } END { print n + 0 }' out; }
work 'busy 1000' hotuser
some=$(samples '^quarter$') most=$(samples '^three_quarters$')
[ $((some + most)) -ge "$(of_samples 997)" ] && [ $((some + most)) -le 1050 ] || fail "hotuser: $some + $most samples"
[ $((some + most)) -lt 400 ] || { [ "$most" -ge $((some * 2)) ] && [ "$most" -le $((some * 9 / 2)) ]; } || fail "hotuser: not three times $some, but $most"
awk 'NR > 2 && NF && $NF !~ /^[0-9]+$/ { exit 1 }' out || fail hotuser
work 'busy -k 1000' hotkernel
[ "$(samples 'zero|clear_user|rep_stos')" -ge "$(of_samples 300)" ] || fail "hotkernel: too few samples of where zeros are made"

truncate -s 4M disk
loop=$(losetup -f --show "$PWD/disk" 2>/dev/null) || exit 0
trap 'losetup -d "$loop"; cd /; rm -rf "$T"' EXIT
# a thread of the kernel's may hand the requests on
write="dd if=/dev/zero of=$loop bs=4k count=50 oflag=direct status=none"
work "$write" iosnoop
expect_equal "$(grep -cE "^0 +[0-9]+ +[^ ]+ +W [0-9]+ +4096 +${loop#/dev/}\$" out)" 50 iosnoop
work "$write" iotop 60
expect_equal "$(awk -v on="${loop#/dev/}" '$4 == on && $5 == "W" { n += $NF } END { print n }' out)" 200 iotop
exit 0
