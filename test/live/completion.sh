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
expect_equal "$(offers opensnoop --e)" --extended_fields
expect_equal "$(offers -p 1 procsystime --pi)" --pid=

# whatever --help names, in both shells
expect_equal "$(offers -)" "$(ply --help | grep -oE -- '--[a-z-]+=?' | sort | paste -sd' ')"
expect_equal "$(offers -x '' | tr ' ' '\n' | sort -u | paste -sd' ')" \
	"$( (echo defaultargs=; echo ustack=; sed -n 's/^OPTION(\([a-z]*\),.*/\1=/p' "$top/src/options.def") | sort | paste -sd' ')"

if command -v zsh >/dev/null; then
	zsh_offers() {
		timeout 60 zsh -f "$TESTDIR/complete.zsh" "$BUILD/share/completion/zsh" "ply $*" | tr -d ' ' | grep . | sort | paste -sd' '
	}
	expect_equal "$(zsh_offers --for)" --format
	expect_equal "$(zsh_offers -F j)" json
	expect_equal "$(zsh_offers --format=j)" json
	expect_equal "$(zsh_offers -d pa)" passes
	expect_equal "$(zsh_offers -x map)" mapentries=
	expect_equal "$(zsh_offers sys)" 'syscall: syscallbyproc.d syscalls.ply syscount.ply sysret: sysslow.ply'
	expect_equal "$(zsh_offers syscall:getpg)" 'syscall:getpgid syscall:getpgrp'
	expect_equal "$(zsh_offers "'syscall:getpg")" 'syscall:getpgid syscall:getpgrp'
	expect_equal "$(zsh_offers "$PLY_SCRIPTS/opensnoop.ply" --fa)" --fails
	expect_equal "$(zsh_offers -)" "$(ply --help | grep -oE -- '(^|[ ;])--?[a-zA-Z][a-z-]*' | tr -d ' ;' | sort -u | paste -sd' ')"
fi

# every builtin has a colour, vim shows them, and the expressions of the grammar are some
sed -n '/_LATER/d; s/^BUILTIN(\([a-z_0-9]*[a-z0-9]\),.*/\1/p' "$top/src/lang/builtins.def" | sort -u >builtins
sed -n 's/^syn keyword ply\(Variable\|Function\) //p' "$BUILD/share/vim/syntax/ply.vim" | tr ' ' '\n' | sort -u >coloured
expect_equal "$(comm -23 builtins coloured)" "" "builtins without a colour"
cat >a.ply <<'EOF'
#!/usr/bin/env ply
/* a comment */
syscall:openat, profile:hz:99 /pid == 0x10 && comm == "a b"/ {
	@bytes[arg2] = quantize(retval); $x = (u64)nsecs; // end
	if (1) { return; }
}
EOF
cat >colours.vim <<'EOF'
let &runtimepath = $BUILD . '/share/vim,' . &runtimepath
syntax on
filetype on
edit a.ply
let out = [&filetype]
for n in range(1, line('$'))
	let last = ''
	for c in range(1, len(getline(n)))
		let group = synIDattr(synID(n, c, 1), 'name')
		if group !=# last && group != ''
			call add(out, group . ' ')
		endif
		if group != ''
			let out[-1] .= getline(n)[c - 1]
		endif
		let last = group
	endfor
endfor
call writefile(out, 'out')
qa!
EOF
if command -v vim >/dev/null && vim --version | grep -q '+syntax'; then
	timeout 60 vim -u NONE -N -es -S colours.vim >err 2>&1 || fail "vim"
	expect_out <<'EOF'
ply
plyComment #!/usr/bin/env ply
plyComment /* a comment */
plyProbe syscall:openat
plyProbe profile:hz:99
plyVariable pid
plyNumber 0x10
plyVariable comm
plyString "a b"
plyMap @bytes
plyVariable arg2
plyFunction quantize
plyVariable retval
plyLocal $x
plyType u64
plyVariable nsecs
plyComment  // end
plyStatement if
plyNumber 1
plyStatement return
EOF
fi
if command -v python3 >/dev/null; then
	python3 -c '
import json, re, sys
grammar = json.load(open(sys.argv[1]))
for pattern in grammar["patterns"]:
	for key in "match", "begin", "end":
		re.compile(pattern.get(key, ""))
found = [p["name"] for p in grammar["patterns"] if re.search(p.get("match", "(?!)"), "syscall:read { @[comm] = quantize(arg2); }")]
for name in "entity.name.function.probe", "variable.other.map", "support.variable", "support.function":
	assert name + ".ply" in found, name
for name in open("builtins").read().split():
	assert any(re.match(p["match"], name + "()") for p in grammar["patterns"] if p["name"].startswith("support.")), name
' "$BUILD/share/ply.tmLanguage.json" 2>err || fail "the TextMate grammar"
fi
exit 0
