#!/bin/bash
# Arguments of kernel functions through their types, by every way into them; sockets and files through pointers.
. "${0%/*}/../lib.sh"
needs root btf kprobe
port=34567

entries=kprobe returns=kretprobe
case $(uname -m) in x86_64) entries+=' fentry' returns+=' fexit' ;; esac

for entry in $entries; do
	run ply -c "tcp $port 10" "$entry:tcp_connect /pid == \$target/ {
		\$c = &args.sk->__sk_common;
		@[ntop(args.sk->__sk_common.skc_daddr), ntohs(\$c->skc_dport), args.sk->__sk_common.skc_family == AF_INET] = count();
	}"
	expect_status 0
	expect_match out "^  127.0.0.1 +$port +1 +10$"

	run ply -c "tcp -a ::1 $port 5" "$entry:tcp_connect /pid == \$target/ {
		@[ntop(args.sk->__sk_common.skc_v6_daddr.in6_u.u6_addr8)] = count();
	}"
	expect_status 0
	expect_match out "^  ::1 +5$"

	# a chain of four pointers, and a string at its end
	run ply -c 'calls -s 10 -p /dev/zero read 100' "$entry:vfs_read /pid == \$target && args.count == 10/ {
		\$d = args.file->f_path.dentry;
		@[str(\$d->d_name.name, 32), str(args.file->f_path.dentry->d_parent->d_name.name, 32), args.file->f_inode->i_sb->s_magic,
		  args.file->f_flags & O_ACCMODE] = count();
	}"
	expect_status 0
	expect_match out '^  zero +/ +16914836 +0 +100$'

	run ply -c 'calls -s 10 -p /dev/zero read 100' "$entry:vfs_read /pid == \$target && args.count == 10/ { @ = sum(*args.pos); @n = count(); }"
	expect_status 0
	expect_match out '^@n: 100$'
done

# a char * that leads into the process, which the kernel's types do not tell
if ply -l kprobe:do_sys_openat2 >/dev/null 2>&1; then
	run ply -c 'calls -p /nowhere openat 10' 'kprobe:do_sys_openat2 /pid == $target/ { @[str(args.filename, 32), str(arg1, 32)] = count(); }'
	expect_status 0
	expect_match out '^  /nowhere +/nowhere +10$'
fi

# what is returned
for return in $returns; do
	run ply -c 'calls -s 10 -p /dev/zero read 100' "$return:vfs_read /pid == \$target/ { @[retval] = count(); }"
	expect_status 0
	expect_match out '^  10 +100$'
done
case $returns in *fexit*)
	run ply -c 'calls -s 10 -p /dev/zero read 100' 'fexit:vfs_read /pid == $target && retval == args.count/ { @[str(args.file->f_path.dentry->d_name.name)] = count(); }'
	expect_status 0
	expect_match out '^  zero +100$'
esac

# types of a module, where the guest's root is a file system that is one
if [ "$(stat -f -c %T /)" = fuseblk ] && { [ -e /sys/kernel/btf/fuse ] || ! grep -q '^fuse ' /proc/modules; }; then
	run ply -c 'calls -p /etc/hostname read 10' 'kprobe:fuse_file_read_iter
		/pid == $target && str(args.iocb->ki_filp->f_path.dentry->d_name.name, 16) == "hostname"/ {
		$ff = (struct fuse_file *)args.iocb->ki_filp->private_data;
		@[$ff->nodeid > 0, $ff->nodeid == ((struct fuse_inode *)args.iocb->ki_filp->f_inode)->nodeid, $ff->count.refs.counter] = count();
	}'
	expect_status 0
	expect_match out '^  1 +1 +1 +10$'
fi

# the socket that a tracepoint's record points to
needs tracefs
run ply -c "tcp $port 10" 'tracepoint:sock:inet_sock_set_state /args.newstate == 2/ {
	$sk = (struct sock *)args.skaddr;
	@[$sk->__sk_common.skc_dport == htons(args.dport), args.dport, $sk->__sk_common.skc_num == args.sport] = count();
}'
expect_status 0
expect_match out "^  1 +$port +1 +10$"

exit 0
