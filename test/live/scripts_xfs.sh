#!/bin/bash
# xfsslower: opens, reads, writes and syncs of a file on an XFS disk of its own.
. "${0%/*}/../lib.sh"
needs root btf kprobe mkfs.xfs
scripts=${0%/*}/../../scripts examples=${0%/*}/../../doc/examples
grep -qw xfs /proc/filesystems || cannot "has no XFS"

disk xfs
dd if=/dev/zero of=disk/file bs=4k count=20 status=none && sync disk/file || fail "cannot write"
# work COMMAND: what the script says of it
work() {
	run ply -c "$1" "$scripts/xfsslower.ply" -m 0
	expect_status 0
	expect_equal "$(head -n 1 out)" "$(sed -n 2p "$examples/xfsslower.ply.txt")" doc/examples/xfsslower.ply.txt
}
said() { expect_equal "$(grep -cE -- "^[0-9:]{8} dd +[0-9]+ +$1 +[0-9]+\\.[0-9]{3} $2\$" out)" "$3" "$1"; }

work "dd if=/dev/zero of=disk/new bs=4k count=20 conv=fsync status=none"
said 'W 4096 +[0-9]+' new 20
said 'W 4096 +76' new 1
said 'O 0 +0' new 1
said 'S 0 +0' new 1
work "dd if=disk/file of=/dev/null bs=4k count=20 status=none"
said 'R 4096 +[0-9]+' file 20
said 'R 4096 +76' file 1
said 'O 0 +0' file 1
work "dd if=/dev/zero of=disk/file bs=4k count=20 oflag=direct conv=notrunc status=none"
said 'W 4096 +[0-9]+' file 20
run ply -c "dd if=disk/file of=/dev/null bs=4k count=20 status=none" "$scripts/xfsslower.ply" -m 100000
expect_equal "$(wc -l <out)" 1 'none is as slow as that'
exit 0
