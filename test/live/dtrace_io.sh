# D's stable probes: io, tcp, udp and ip, counted exactly.
. "$TESTDIR/lib.sh"
needs root btf

ln -s "$PLY" dtrace
PATH=$PWD:$PATH
short_keys

# a file written directly, in pieces of 64 KiB
disk
cat >io.d <<'EOF'
#pragma D option quiet
io:::start
/pid == $target && args[0]->b_flags & B_WRITE && args[0]->b_bcount == 65536/
{
	@bytes[execname, args[0]->b_flags & B_READ] = sum(args[0]->b_bcount);
	start[args[0]->b_edev, args[0]->b_blkno] = timestamp;
	@devices[args[1]->dev_major != 0, args[1]->dev_name == args[1]->dev_statname] = count();
}
io:::done
/start[args[0]->b_edev, args[0]->b_blkno]/
{
	@done = count();
	start[args[0]->b_edev, args[0]->b_blkno] = 0;
}
EOF
dd if=/dev/zero of=disk/file bs=64k count=10 oflag=direct conv=notrunc status=none || fail "no direct writes"
run dtrace -s io.d -c 'dd if=/dev/zero of=disk/file bs=64k count=10 oflag=direct conv=notrunc status=none'
expect_status 0
grep -q '^  dd  *0  *655360$' out || fail "not all that was written was seen"
grep -qE '^ *10$' out || fail "not all that was begun was done"

# what the page cache writes is a file's; a process's own memory, as above, is none's
run dtrace -qn 'io:::start /args[1]->dev_name == "'"${disk##*/}"'" && args[0]->b_flags & B_WRITE/ {
	@[args[2]->fi_pathname, args[2]->fi_dirname, args[2]->fi_name] = sum(args[0]->b_bcount); }' \
	-c 'dd if=/dev/zero of=disk/named bs=64k count=10 conv=fsync status=none'
expect_status 0
expect_match out "^ *$PWD/disk/named  *$PWD/disk  *named  *655360\$"
run dtrace -qn 'io:::start /pid == $target && args[0]->b_bcount == 65536/ { @[args[2]->fi_pathname, args[2]->fi_dirname, args[2]->fi_name] = count(); }' \
	-c 'dd if=/dev/zero of=disk/file bs=64k count=10 oflag=direct conv=notrunc status=none'
expect_match out '^ *<none>  *<none>  *<none>  *10$'

# one connection over loopback, 10 packets each way, as tcp:::state-change and the rest see it
if command -v python3 >/dev/null; then
	cat >tcp.py <<'EOF'
import socket
s = socket.socket(); s.bind(('127.9.8.7', 0)); s.listen()
c = socket.create_connection(s.getsockname()); a, _ = s.accept()
c.send(b'x' * 1000); a.recv(1000); c.close(); a.close()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.bind(('127.9.8.7', 0))
for i in range(7):
    u.sendto(b'y' * 100, u.getsockname())
EOF
	# packets may be received while another process runs: it is the address that tells ours
	cat >net.d <<'EOF'
#pragma D option quiet
tcp:::connect-request { @["request", args[2]->ip_daddr, args[5]->tcps_state == TCP_STATE_CLOSED] = count(); }
tcp:::connect-established { @["connected", args[2]->ip_saddr, args[3]->tcps_state == TCP_STATE_ESTABLISHED] = count(); }
tcp:::accept-established { @["accepted", args[2]->ip_daddr, args[4]->tcp_dport == args[3]->tcps_lport] = count(); }
tcp:::send /args[2]->ip_plength > 1000/ { @["sent", args[2]->ip_daddr, args[2]->ip_ver == 4] = count(); }
tcp:::receive /args[4]->tcp_dport == args[3]->tcps_lport && args[2]->ip_plength > 1000/ { @["received", args[3]->tcps_laddr, args[3]->tcps_rport == args[4]->tcp_sport] = count(); }
udp:::receive /args[3]->udps_lport == args[4]->udp_dport/ { @["datagram", args[3]->udps_laddr, args[3]->udps_rport > 0] = count(); }
udp:::send { @["udp", args[2]->ip_daddr, args[4]->udp_length] = count(); }
ip:::receive /args[4]->ipv4_protostr == "UDP"/ { @[args[3]->if_name, args[2]->ip_daddr, args[2]->ip_plength] = count(); }
END { printa("%s %s %d %@d\n", @); }
EOF
	run dtrace -s net.d -c 'python3 tcp.py'
	expect_status 0
	grep -F 127.9.8.7 out >ours
	mv ours out
	expect_out <<EOF
accepted 127.9.8.7 1 1
connected 127.9.8.7 1 1
received 127.9.8.7 1 1
request 127.9.8.7 1 1
sent 127.9.8.7 1 1
datagram 127.9.8.7 1 7
lo 127.9.8.7 108 7
udp 127.9.8.7 108 7
EOF
	# nobody listens
	cat >refused.py <<'EOF'
import socket
s = socket.socket(); s.bind(('127.9.8.6', 0)); a = s.getsockname(); s.close()
for i in range(3):
    try: socket.create_connection(a)
    except ConnectionRefusedError: pass
EOF
	run dtrace -qn 'tcp:::accept-refused /args[2]->ip_saddr == "127.9.8.6"/ { @[args[4]->tcp_flags & 4] = count(); }
		tcp:::connect-refused /args[2]->ip_saddr == "127.9.8.6"/ { @c = count(); }' -c 'python3 refused.py'
	expect_match out '^ *4 *3$'
	expect_match out '^ *3$'
fi
