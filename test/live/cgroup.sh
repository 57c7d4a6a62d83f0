#!/bin/bash
# Control groups: their ids as a filter, their paths printed, also once they are gone.
. "${0%/*}/../lib.sh"
needs root

root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
[ "$root" ] || skip "no cgroup2 is mounted"
group=ply-test-$$
mkdir "$root/$group" 2>/dev/null || skip "no cgroup can be made in $root"
trap 'rmdir "$root/$group" 2>/dev/null; cd /; rm -rf "$T"' EXIT

cat >inside <<EOF
#!/bin/bash
calls getppid 11
echo \$\$ >$root/$group/cgroup.procs
exec calls getppid 100
EOF
chmod +x inside

# by the folder's path, and from the hierarchy's root on
for path in "$root/$group" "$group" "/$group"; do
	run ply -c ./inside "syscall:getppid /comm == \"calls\" && cgroup == cgroupid(\"$path\")/ { @ = count(); }"
	expect_status 0
	expect_equal "$(cat out)" '@: 100' "$path"
done

run ply -c ./inside 'syscall:getppid /comm == "calls"/ { @[cgroup_path(cgroup)] = count(); }'
expect_status 0
expect_match out "^  /$group +100\$"
run ply 'BEGIN { print(cgroup_path(cgroupid("'"$root"'"))); exit(0); }'
expect_equal "$(cat out)" / 'the root'

run ply "syscall:getppid /cgroup == cgroupid(\"$group/none\")/ { @ = count(); }"
expect_status 1
expect_match err "there is no cgroup '$group/none': No such file or directory"
run ply 'syscall:getppid /cgroup == cgroupid("/tmp")/ { @ = count(); }'
expect_match err 'not in the unified hierarchy'

# a group that is gone is known by its number only
id=$(stat -c %i "$root/$group")
rmdir "$root/$group"
run ply "BEGIN { print(cgroup_path($id)); exit(0); }"
expect_equal "$(cat out)" "$id" 'a group that is gone'
exit 0
