#!/bin/bash
# Scripts about disks: 50 requests of 4 KiB to a file on a disk of its own.
. "${0%/*}/../lib.sh"
needs root btf tracefs dd
scripts=${0%/*}/../../scripts

disk
minor=$((0x$(stat -c %T "$disk")))
dd if=/dev/zero of=disk/file bs=4k count=50 status=none && sync disk/file || fail "cannot write"
write="dd if=/dev/zero of=disk/file bs=4k count=50 oflag=direct conv=notrunc status=none"

run ply -c "$write" "$scripts/biosnoop.ply"
expect_status 0
expect_equal "$(grep -cE "dd +[0-9]+ +7:$minor +W[A-Z]* +[0-9]+ +4096 +[0-9]+\.[0-9]{3}\$" out)" 50 biosnoop

run ply -c "$write" "$scripts/biolatency.ply" -D
expect_status 0
expect_equal "$(awk -v of=": 7, $minor\$" '/^@/ { on = $0 ~ of } on && sub(/\|.*/, "") { n += $NF } END { print n + 0 }' out)" 50 biolatency
run ply -c "$write" "$scripts/biosnoop.ply" -Q
expect_match out '^TIME.s. +COMM .* QUE.ms. LAT.ms.$'
expect_equal "$(grep -cE "dd +[0-9]+ +7:$minor +W[A-Z]* +[0-9]+ +4096 +[0-9]+\.[0-9]{3} +[0-9]+\.[0-9]{3}\$" out)" 50 'biosnoop -Q'
run ply -c "$write" "$scripts/biolatency.ply" -F
expect_status 0
written=$(awk '/^@/ { on = /: W[A-Z]*$/ } on && sub(/\|.*/, "") { n += $NF } END { print n + 0 }' out)
[ "$written" -ge 50 ] || fail "biolatency -F: $written"
run ply -c "$write" "$scripts/biolatency.ply" -mQ
expect_match out '^@ms:$'

# a flush, which has no place on the disk, is a request, too
run ply -c "dd if=/dev/zero of=disk/file bs=4k count=1 conv=fsync,notrunc status=none" "$scripts/biosnoop.ply"
expect_match out " 7:$minor +FF? +0 +0 +[0-9]+\.[0-9]{3}\$"

run ply -c "$write" "$scripts/bitesize.ply"
expect_equal "$(awk '/^@/ { on = /: dd$/ } on && /\[4, 8\)/ { print $3 }' out)" 50 bitesize
run ply -c "$write" "$scripts/bitehist.ply"
[ "$(awk '/\[4, 8\)/ { print $3 }' out)" -ge 50 ] || fail bitehist

run ply -c "$write" "$scripts/biotop.ply" 60
expect_equal "$(awk -v minor=$minor '$2 == "dd" && $3 == 7 && $4 == minor && $5 ~ /^W/ { n += $6 } END { print n + 0 }' out)" 200 biotop
run ply -c "$write" "$scripts/biotop.ply" -i 60 -p 1
! grep -q ' dd ' out || fail 'biotop -p'
exit 0
