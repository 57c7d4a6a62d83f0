#!/bin/bash
# -d bpf prints the instructions as bpftool does that reads them back from the kernel. Nothing here is what the kernel writes anew (map
# lookups, the CPU's number, division by a variable), so it is all the same but for what numbers maps and helpers have.
. "${0%/*}/../lib.sh"
needs root bpftool

cat >script.ply <<'END'
interval:s:1213 {
	x = (x + 1) * 3 / 7 - (s32)z;
	y = x < 5 ? z << (x & 7) : ~z;
	if (x == y || (u64)y > 0x123456789) {
		x ^= 0x123456789abcdef;
		z = (u8)x + (s16)y;
	}
	z++;
	y = -(x >> 3);
	if ((x & 4) != 0 && (s32)y <= z) {
		printf("%d %d %d\n", htonl(z), pid, (u16)uid);
	}
}
END
plain() { sed -E -n 's/map\[[^]]*\]/map[]/; s/#-?[0-9]+$//; s/^ *([0-9]+: \(.*)/\1/p'; }

start ply script.ply
id=$(bpftool prog list | awk -F: '/name interval_s_1213/ { id = $1 } END { print id }')
[ "$id" ] || fail "bpftool lists no program of this name"
bpftool prog dump xlated id "$id" >dump
stop
ply -d bpf script.ply >own
plain <dump >theirs
plain <own >ours
[ "$(wc -l <ours)" -gt 60 ] || fail "only $(wc -l <ours) instructions"
cmp -s theirs ours || fail "$(diff theirs ours | head -20)"
exit 0
