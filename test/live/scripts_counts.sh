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
	! grep -q '^BEGIN' "$scripts/$2.ply" || [[ " $* " = *' -c '* ]] || expect_equal "$(head -n 1 said)" "$(sed -n 2p "$examples/$2.ply.txt")" "doc/examples/$2.ply.txt"
}
said() { expect_equal "$(grep -cE -- "$1" said)" "$2" "$1"; }
# of a map: the values of the rows that begin so
value() { awk -v map="$1" -v row="^  $2" '/^@/ { on = index($0, map) == 1 } on && $0 ~ row { print $NF }' said; }

work 'net.py closed 5' tcpdrop
while read -r address port; do
	said "^[0-9:]{8} [46]  $address +[0-9]+ +$address +$port +0x02 +(SKB_DROP_REASON_NO_SOCKET)?\$" 5
done <net

# a network namespace of its own counts for itself
if unshare -n true 2>err; then
	work 'unshare -n net.py full 2' tcpretrans
	{ read -r address port; read -r retransmitted; } <net
	[ "$retransmitted" -ge 1 ] || fail 'nothing was sent once more'
	said "^[0-9:]{8} $address +[0-9]+ +$address +$port\$" "$retransmitted"
	work 'unshare -n net.py full 2' tcpretrans -c
	{ read -r address port; read -r retransmitted; } <net
	expect_equal "$(value @segments "$address +[0-9]+ +$address +$port " | sum)" "$retransmitted" 'tcpretrans -c'
fi

# slept WHAT US: as long as the workload says, but for what is cut off of each of the ten waits
slept() {
	read -r least most <waits
	most=${3:-$most}
	[ "$2" -ge $((least - 100)) ] && [ "$2" -le "$most" ] || fail "$1: $2 us, not $least to $most"
}
work 'waits 10 20000' wakeuptime
slept wakeuptime "$(value @us 'waker +sleeper ' | sum)"
work 'waits 10 20000' offwaketime -m 1000
slept offwaketime "$(value @us 'sleeper +waker ' | sum)"
hold sh -c 'read -r go; exec waits 10 20000'
start ply -o said "$scripts/offcputime.ply" -p "$held" -m 1000
before=${EPOCHREALTIME/./}
release
stop
# until it is gone: a thread may have to wait for a CPU even where it ends
slept 'offcputime -p' "$(value @us 'sleeper ' | sum)" $((${EPOCHREALTIME/./} - before))

# a second of CPU time is about a thousand samples, all of one program
hold sh -c 'read -r go; exec busy 1000'
start ply "$scripts/profile.ply" -p "$held" -F 999
release
stop
samples=$(awk '/^  [a-z]/ && $1 !~ /^busy$|^sh$/ { exit 1 } $1 == "busy" { n += $NF } END { print n + 0 }' out) || fail 'profile -p: another program'
[ "$samples" -ge "$(of_samples 999)" ] && [ "$samples" -le 1050 ] || fail "profile: $samples samples"

[ -e /sys/bus/event_source/devices/kprobe ] || exit 0

work 'net.py udp 7' udpsnoop
while read -r address port; do
	said " +[46] +$address +$port +40\$" 7
done <net

work 'net.py tcp 50' tcptop 60
read -r address here there <net
expect_equal "$(awk -v port="$here" '/^@/ { on = /^@sent/ } on && NF && $(NF - 1) == port { print $NF }' said)" 50000 'tcptop: sent'
expect_equal "$(awk -v port="$there" '/^@/ { on = /^@received/ } on && NF && $(NF - 1) == port { print $NF }' said)" 50000 'tcptop: received'

work 'unshare -n net.py tcp 50' tcprtt
segments=$(sed -n 2p net) # and the last ones, which close it
n=$(awk '/\|/ && sub(/\|.*/, "") { n += $NF } END { print n + 0 }' said)
[ "$n" -ge "$segments" ] && [ "$n" -le $((segments + 4)) ] || fail "tcprtt: $n of $segments segments"

work 'net.py tcp 50' tcptop 60 -p 1
! grep -q ' python3 ' said || fail 'tcptop -p'
work 'unshare -n net.py tcp 50' tcprtt -mP 1
! grep -q '|' said || fail 'tcprtt -P'

hold calls -w -s 10 -p /dev/zero read 200
start ply "$scripts/stackcount.ply" -p "$held" -P vfs_read
release
stop
expect_match out '^  [0-9]+ +calls +200$'
hold calls -w -s 10 -p /dev/zero read 200
start ply "$scripts/stackcount.ply" -p "$held" vfs_read
release
stop
expect_match out '^  calls +200$'
expect_match out '^      vfs_read\+0x'

mkdir there
work "/bin/sh -c 'cat $PWD/there/ply-no-1 $PWD/there/ply-no-2 2>/dev/null; :'" dcsnoop
said "^[0-9:]{8} [0-9]+ +cat +M ply-no-[12]\$" 2

# 500 pages that are there, four times; programs are started meanwhile, too
column() { awk -v n="$1" 'NR > 1 { sum += $n } END { print sum + 0 }' said; }
head -c 2048000 /dev/zero >pages
work "/bin/sh -c 'sleep 0.1; cat pages pages pages pages >/dev/null; sleep 2.5'" cachestat
[ "$(column 2)" -ge 2000 ] && [ "$(column 2)" -le 5000 ] || fail "cachestat: $(column 2) hits"

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
	work "dd if=/dev/zero of=mnt/a bs=4k count=20 conv=fsync status=none" ext4slower 0
	said "^[0-9:]{8} dd +[0-9]+ +W 4096 +[0-9]+ +[0-9]+\.[0-9]{3} a\$" 20
	said "dd +[0-9]+ +W 4096 +76 .* a\$" 1
	said "dd +[0-9]+ +O 0 .* a\$" 1
	said "dd +[0-9]+ +S 0 .* a\$" 1
	work "dd if=mnt/a of=/dev/null bs=4k count=20 status=none" ext4slower -m 0
	said "dd +[0-9]+ +R 4096 +[0-9]+ .* a\$" 20
	# 500 pages written; and read anew, one by one
	work "/bin/sh -c 'sleep 0.1; dd if=/dev/zero of=mnt/b bs=4k count=500 conv=fsync status=none; sleep 2.5'" cachestat
	[ "$(column 4)" -ge 500 ] && [ "$(column 4)" -le 550 ] || fail "cachestat: $(column 4) dirtied"
	cat >anew.py <<-END
		import os
		f = os.open("mnt/b", os.O_RDONLY)
		os.posix_fadvise(f, 0, 0, os.POSIX_FADV_DONTNEED)
		os.posix_fadvise(f, 0, 0, os.POSIX_FADV_RANDOM)
		for page in range(500):
		    os.pread(f, 4096, page * 4096)
	END
	python3 -c 'import os'
	work "/bin/sh -c 'sleep 0.1; python3 anew.py; sleep 2.5'" cachestat
	[ "$(column 3)" -ge 500 ] && [ "$(column 3)" -le 700 ] || fail "cachestat: $(column 3) misses"
fi
exit 0
