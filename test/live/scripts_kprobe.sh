#!/bin/bash
# Scripts on kernel functions: files read, written and synced, capabilities, function counts.
. "${0%/*}/../lib.sh"
needs root btf kprobe
scripts=${0%/*}/../../scripts

run ply -c 'calls -s 10 -p /dev/zero read 200' "$scripts/funccount.ply" 'vfs_rea[d]'
expect_status 0
[ "$(awk '$1 == "vfs_read" { print $2 }' out)" -ge 200 ] || fail funccount
hold calls -w -s 10 -p /dev/zero read 200
start ply "$scripts/funccount.ply" -p "$held" vfs_read
release
stop
expect_equal "$(awk '$1 == "vfs_read" { print $2 }' out)" 200 'funccount -p'
hold calls -w -s 10 -p /dev/zero read 200
start ply "$scripts/funclatency.ply" -p "$held" vfs_read
release
stop
expect_equal "$(awk '/\|/ && sub(/\|.*/, "") { n += $NF } END { print n + 0 }' out)" 200 funclatency

hold calls -w -s 10 -p /dev/zero read 200
start ply "$scripts/funclatency.ply" -p "$held" -Fu 'vfs_rea[d]'
release
stop
expect_equal "$(awk '/^@/ { on = /^@us_of.*: vfs_read$/ } on && sub(/\|.*/, "") { n += $NF } END { print n + 0 }' out)" 200 'funclatency -Fu'
hold calls -w -s 10 -p /dev/zero read 200
start ply "$scripts/funccount.ply" -p "$held" -Ti 3600 vfs_read
release
stop
expect_equal "$(awk '$1 == "vfs_read" { print $2 }' out)" 200 'funccount -i'

run ply -c 'calls -s 10 -p /dev/zero -u 5000 read 200' "$scripts/vfsstat.ply" 1 1
expect_status 0
expect_match out '^[0-9:]{8} +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+$'

# every call, as no time is too short; of one process
head -c 100 /dev/zero >there
hold calls -w -s 100 -p "$PWD/there" read 1
start ply "$scripts/fsslower.ply" -p "$held" 0
release
stop
expect_match out '^[0-9:]{8} calls +[0-9]+ +R +100 +[0-9]+\.[0-9]{3} there$'

hold calls -w -s 10 -p /dev/zero read 300
start ply "$scripts/filetop.ply" -i 60
release
stop
expect_match out '^  [0-9]+ +calls +zero +3000$'

hold calls -w -s 10 -p /dev/zero read 300
start ply "$scripts/filetop.ply" -p 1 60
release
stop
! grep -q ' zero ' out || fail 'filetop -p'

run ply -c 'chroot / chroot / true' "$scripts/capable.ply" --unique -KU
expect_status 0
expect_equal "$(grep -cE ' chroot +18 +SYS_CHROOT +yes$' out)" 1 "capabilities that one chroot after the other needs"
expect_match out '^ +[a-z_]*cap_capable\+0x|^ +ns_capable|^ +security_capable'
run ply -c 'chroot / true' "$scripts/capable.ply"
expect_status 0
expect_equal "$(grep -cE ' chroot +18 +SYS_CHROOT +yes$' out)" 1 "capabilities that chroot needs"
