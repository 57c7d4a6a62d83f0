#!/bin/bash
# What the shells offer behind "ply", and the files that editors read.
. "${0%/*}/../lib.sh"
top=${0%/*}/../..
[ -e "$top/share/ply.bash" ] || skip "the sources are not here"
export PLY_SCRIPTS=$top/scripts
compopt() { :; } # readline's business
. "$top/share/ply.bash"

# offers WORD…: what is offered for the last of the words, in the order of the alphabet
offers() {
	COMP_LINE="ply $*"
	COMP_POINT=${#COMP_LINE}
	_ply
	printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' '
}
expect_equal "$(offers --for)" '--format='
expect_equal "$(offers -F j)" json
expect_equal "$(offers -d pa)" passes
expect_equal "$(offers -x map)" mapentries=
expect_equal "$(offers ksyscall)" ''
expect_equal "$(offers sys)" 'syscall: syscallbyproc.d syscalls.ply syscount.ply sysret: sysslow.ply'
expect_equal "$(offers syscall:getpg)" 'getpgid getpgrp'
expect_equal "$(offers "'syscall:getpg")" 'syscall:getpgid syscall:getpgrp'
expect_equal "$(offers "$PLY_SCRIPTS/opensnoop.ply" --fa)" --fails

if command -v zsh >/dev/null; then
	zsh -n "$top/share/_ply" 2>err || fail "zsh does not take its completion"
fi

# every builtin has a colour
awk -v form=vim -f "$top/share/syntax.awk" "$top/src/lang/builtins.def" >out
for name in pid execname comm printf quantize hist str; do
	expect_match out "^syn keyword ply(Variable|Function) .*\\b$name\\b"
done
if command -v python3 >/dev/null; then
	awk -v form=textmate -f "$top/share/syntax.awk" "$top/src/lang/builtins.def" | python3 -c '
import json, re, sys
grammar = json.load(sys.stdin)
found = [p["name"] for p in grammar["patterns"] if re.search(p.get("match", "(?!)"), "syscall:read { @[comm] = quantize(arg2); }")]
for name in "entity.name.function.probe", "variable.other.map", "support.variable", "support.function":
	assert name + ".ply" in found, name
' 2>err || fail "the TextMate grammar"
fi
exit 0
