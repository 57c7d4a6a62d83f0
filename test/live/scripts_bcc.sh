#!/bin/bash
# Scripts beside bcc's tools of the same name, as libbpf-tools has them: what both say of the same work, as it happens.
. "${0%/*}/../lib.sh"
needs root btf tracefs stdbuf python3
scripts=${0%/*}/../../scripts

bcc() { PATH=/usr/sbin:/usr/bin command -v "$1"; }
bcc opensnoop >tool || skip "bcc's tools (libbpf-tools) are not installed"

their_pid=
theirs_stop() { [ ! "$their_pid" ] || { kill -INT $their_pid; wait $their_pid; }; their_pid=; } 2>/dev/null
servers=theirs_stop
# their first line comes when their probes are attached
theirs_see() { [ -s theirs ] || ! kill -0 $their_pid 2>/dev/null; }
all_said() { grep -qE "$last" theirs; }

# both NAME [OPTION…] OUR [OPTION…] LAST WORK…: the lines of both tools are in the files theirs and ours. A line of theirs that
# matches LAST is the last that matters (empty: they say all when they are stopped).
both() {
	local tool their=()

	name=$1
	shift
	while [ "$1" != OUR ]; do their+=("$1"); shift; done
	shift
	local our=()
	while [[ $1 = -* ]]; do our+=("$1"); shift; done
	last=$1
	tool=$(bcc "$name") || { echo "$name: bcc's is not installed"; return 1; }
	: >theirs
	stdbuf -oL "$tool" "${their[@]}" >theirs 2>their_err 9>&- &
	their_pid=$!
	wait_for theirs_see
	kill -0 $their_pid 2>/dev/null || { theirs_stop; echo "$name: bcc's does not work here: $(tail -n 1 their_err)"; return 1; }
	start ply -o ours "$scripts/$name.ply" "${our[@]}"
	"${@:2}" 2>/dev/null
	[ ! "$last" ] || wait_for all_said
	stop
	theirs_stop
	tools=$((tools + 1))
}
# same THEIRS OURS: the rows that these awk programs make of the two are the same, and there are some
same() {
	awk "$1" theirs | sort >their_rows
	awk "$2" ours | sort >our_rows
	[ -s our_rows ] || fail "$name: nothing"
	diff -u their_rows our_rows || fail "$name: not what bcc's tool says"
}
tools=0

touch there
opens() { calls -p /nowhere/else openat 7; calls -p there openat 5; calls -p /nowhere/last openat 1; }
! both opensnoop OUR '/nowhere/last' opens ||
	same '$2 == "calls" { print $1, $3, $4, $5 }' '$2 == "calls" { print $1, $3, $4, $5 }'

# as their first argument bcc shows the program's path
execs() { /bin/sh -c '/bin/true 1 2; /bin/true; /bin/true last; :'; }
! both execsnoop OUR '^true .* last' execs ||
	same '$1 == "true" { print $2, $3, $4, $5, $6, $7 }' '$6 == "/bin/true" { print $2, $3, $5, $6, $7, $8 }'

exits() { for i in 1 2 3; do /bin/sh -c "exit 4$i"; done; }
! both exitsnoop OUR 'code 43$' exits ||
	same '$NF ~ /^4[123]$/ { print $1, $2, $3, $NF }' '$7 ~ /^4[123]$/ { print $2, $3, $4, $7 }'

kills() { signals 10 20; signals 12 1; }
! both killsnoop OUR ' signals +12 ' kills ||
	same '$3 == "signals" && $4 == 10 { print $2, $5 }' '$3 == "signals" && $4 == "SIGUSR1" { print $2, $5 }'

# the last to go is the server that listens; addresses of IPv6 are as long as they are
states() { tcp.py >ports; }
connections='{ gsub(/ -> /, " "); if ($2 != "PID" && $3 == "python3") print $2, $4, $5, $6, $7, $8, $9 }'
[ -s /proc/net/if_inet6 ] && any='::' one='::1' || any=0.0.0.0 one=127.0.0.1
! both tcpstates OUR -w " $any .* LISTEN +-> CLOSE " states ||
	same "$connections" '$4 == "python3" { print $3, $2, $5, $6, $7, $8, $9 }'
! both tcplife OUR " $one .* 10\.00 +100\.00 " states ||
	same '$2 == "python3" { print $1, $3, $4, $5, $6, int($7), int($8) }' '$2 == "python3" { print $1, $3, $4, $5, $6, $7, $8 }'

names() { for host in localhost 127.0.0.1; do getent ahosts $host >addresses; done; }
! both gethostlatency OUR ' 127.0.0.1$' names ||
	same '$3 == "getent" { print $2, $NF }' '$3 == "getent" { print $2, $NF }'

mkdir mnt
mounts() { unshare -m /bin/sh -c "mount -t tmpfs nothing '$PWD/mnt' && umount '$PWD/mnt'"; }
if unshare -m true 2>err; then
	! both mountsnoop OUR 'umount\(.* = ' mounts ||
		same '$1 ~ /^u?mount$/ { sub(/.*u?mount\(/, "("); split($0, s, "\""); print s[2], s[4], s[6] }' \
			'$3 ~ /^u?mount$/ { sub(/.*u?mount\(/, "("); split($0, s, "\""); print s[2], s[4], s[6] }'
fi

# histograms: how many events each has. bcc's are by processes, which have one thread here.
theirs='sub(/^.* = /, "") { who = $0; if (/^[0-9]+ /) who = $1 } /:.*\|/ { n[who] += $5 } END { for (who in n) print who, n[who] }'
ours='/^@/ { sub(/.*]: /, ""); sub(/, [a-z]*$/, ""); who = $0 } sub(/\|.*/, "") { n[who] += $NF } END { for (who in n) print who, n[who] }'
# of WHO: only those that this matches
of() { awk "$1" "$2" | grep -wE "$3" | sort >"$4"; }
same_counts() {
	of "$theirs" theirs "$1" their_rows
	of "$ours" ours "$1" our_rows
	[ -s our_rows ] || fail "$name: nothing"
	diff -u their_rows our_rows || fail "$name: not what bcc's tool says"
}
! both runqlat -P OUR -L '' pingpong 300 ||
	same_counts "^($(sed -n 's/^@.*]: \([0-9]*\), p[io]ng$/\1/p' ours | paste -sd'|'))"
disk
write() { dd if=/dev/zero of=disk/file bs=4k count=50 oflag=direct conv=fsync status=none; }
! both bitesize OUR '' write || same_counts '^dd'
! both biolatency -D OUR -D '' write || {
	sed -i "s/ = ${disk##*/}[[:blank:]]*\$/ = 7, $((0x$(stat -c %T "$disk")))/" theirs
	same_counts '^7,'
}

hold calls -w getppid 500
! both syscount -p "$held" OUR --pid="$held" '' release ||
	same '$1 == "getppid" { print $1, $2 }' '$1 == "getppid" { print $1, $2 }'

[ $tools -gt 0 ] || cannot "does not run bcc's tools"
echo "$tools tools" # for who reads a failure
exit 0
