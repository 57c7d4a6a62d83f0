#!/bin/bash
# Scripts on what happens a known number of times: packets lost and asked for again, datagrams, names that are not there,
# reads and writes of a file on ext4, stacks, wake-ups, memory that a group of processes may not have.
. "${0%/*}/../lib.sh"
needs root btf tracefs python3
scripts=${0%/*}/../../scripts examples=${0%/*}/../../doc/examples
# work COMMAND SCRIPT [ARG…]: the script's output while the command runs
work() {
	run ply -o said -c "$1" "$scripts/$2.ply" "${@:3}"
	expect_status 0
	! grep -q 'error:\|warning:' err || fail "$2: complaints"
	! grep -q '^BEGIN' "$scripts/$2.ply" || expect_equal "$(head -n 1 said)" "$(sed -n 2p "$examples/$2.ply.txt")" "doc/examples/$2.ply.txt"
}
said() { expect_equal "$(grep -cE -- "$1" said)" "$2" "$1"; }
# of a map: the value of the row that begins so
value() { awk -v map="$1" -v row="$2" '/^@/ { on = index($0, map) == 1 } on && index($0, "  " row) == 1 { print $NF }' said; }
# of a counter of the kernel's
counter() { awk -v of="$1" '$1 == "Tcp:" && !n { for (i = 2; i <= NF; i++) if ($i == of) n = i; next } $1 == "Tcp:" { print $n }' /proc/net/snmp; }

work 'net.py closed 5' tcpdrop
while read -r address port; do
	said "^[0-9:]{8} [46]  $address +[0-9]+ +$address +$port +0x02 +(SKB_DROP_REASON_NO_SOCKET)?\$" 5
done <net

before=$(counter RetransSegs)
work 'net.py full 1' tcpretrans
after=$(counter RetransSegs)
read -r address port <net
n=$(grep -cE " $address +$port\$" said)
[ "$n" -le $((after - before)) ] && [ "$n" -ge $((after > before)) ] || fail "tcpretrans: $n of $((after - before))"

work 'pingpong 300' wakeuptime
[ "$(value @us 'ping  ')" ] && [ "$(value @us 'pong  ')" ] || fail wakeuptime
work 'pingpong 300' offwaketime
expect_match said '^  ping +pong +[0-9]+$'
expect_match said '^  pong +ping +[0-9]+$'

# all of its samples are of one program, mostly of its own code
hold calls -w -s 100000 -p /dev/zero read 20000
start ply "$scripts/profile.ply" -p "$held" -F 999
release
stop
expect_match out '^  calls +[0-9]+$'

[ -e /sys/bus/event_source/devices/kprobe ] || exit 0

work 'net.py udp 7' udpsnoop
while read -r address port; do
	said " +[46] +$address +$port +40\$" 7
done <net

work 'net.py tcp 50' tcptop -i 60
read -r address here there <net
expect_equal "$(awk -v port="$here" '/^@/ { on = /^@sent/ } on && $(NF - 1) == port { print $NF }' said)" 50000 'tcptop: sent'
expect_equal "$(awk -v port="$there" '/^@/ { on = /^@received/ } on && $(NF - 1) == port { print $NF }' said)" 50000 'tcptop: received'

work 'net.py tcp 50' tcprtt
[ "$(awk '/\|/ && sub(/\|.*/, "") { n += $NF } END { print n + 0 }' said)" -ge 50 ] || fail tcprtt

hold calls -w -s 10 -p /dev/zero read 200
start ply "$scripts/stackcount.ply" -p "$held" vfs_read
release
stop
expect_match out '^  calls +200$'
expect_match out '^      vfs_read\+0x'

mkdir there
work "/bin/sh -c 'cat $PWD/there/ply-no-1 $PWD/there/ply-no-2 2>/dev/null; :'" dcsnoop
said "^[0-9:]{8} [0-9]+ +cat +M ply-no-[12]\$" 2

# 500 pages written, and once more; 500 pages read anew
head -c 2048000 /dev/zero >pages
work "/bin/sh -c 'sleep 0.1; cat $PWD/pages >/dev/null; sleep 1.5'" cachestat
awk 'NR > 1 { n += $2 } END { exit n < 500 }' said || fail 'cachestat: hits'

if [ -w /sys/fs/cgroup/cgroup.subtree_control ] && echo +memory >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null; then
	group=/sys/fs/cgroup/ply-$$
	mkdir "$group"
	echo 20M >"$group/memory.max"
	echo 0 >"$group/memory.swap.max" 2>/dev/null
	cat >greedy.py <<-END
		open("$group/cgroup.procs", "w").write("0")
		x = bytearray(100000000)
	END
	run ply -o said -c 'python3 greedy.py' "$scripts/oomkill.ply"
	rmdir "$group"
	said '^[0-9:]{8} python3 \([0-9]+\) wanted memory; killed: python3 \([0-9]+\), [0-9]+ pages in all$' 1
fi

truncate -s 32M disk
if mkfs.ext4 -q disk 2>/dev/null && mkdir mnt && mount -o loop disk mnt 2>/dev/null; then
	trap 'umount mnt; cd /; rm -rf "$T"' EXIT
	work "dd if=/dev/zero of=mnt/a bs=4k count=20 conv=fsync status=none" ext4slower -m 0
	said "^[0-9:]{8} dd +[0-9]+ +W 4096 +[0-9]+ +[0-9]+\.[0-9]{3} a\$" 20
	said "dd +[0-9]+ +W 4096 +76 .* a\$" 1
	said "dd +[0-9]+ +O 0 .* a\$" 1
	said "dd +[0-9]+ +S 0 .* a\$" 1
	work "dd if=mnt/a of=/dev/null bs=4k count=20 status=none" ext4slower -m 0
	said "dd +[0-9]+ +R 4096 +[0-9]+ .* a\$" 20
fi
exit 0
