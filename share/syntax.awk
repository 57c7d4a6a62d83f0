# SPDX-License-Identifier: GPL-2.0-or-later
# Colours for editors, from the table of builtins:
#
#	awk -v form=vim -f syntax.awk builtins.def		a syntax file of vim's
#	awk -v form=textmate -f syntax.awk builtins.def		a TextMate grammar, as VS Code takes it

/^BUILTIN\(/ {
	split($0, quoted, "\"")
	split(quoted[1], head, /[(,]/)
	n = split(quoted[4], names, " ")
	if (head[2] !~ /_$/)
		names[++n] = head[2]
	gsub(/[ \t]/, "", head[3])
	for (i = 1; i <= n; i++) {
		sub(/^.*:/, "", names[i])
		if (!((head[3] == "VAR", names[i]) in seen))
			words[head[3] == "VAR"] = words[head[3] == "VAR"] " " names[i]
		seen[head[3] == "VAR", names[i]] = 1
	}
}

function vim_words(group, list) {
	print "syn keyword " group list
}

function alternatives(list) {
	sub(/^ /, "", list)
	gsub(/ /, "|", list)
	return "\\\\b(" list ")\\\\b"
}

function rule(scope, regex) {
	rules = rules (rules ? ",\n" : "") "    { \"name\": \"" scope ".ply\", \"match\": \"" regex "\" }"
}

function range(scope, from, to, more) {
	rules = rules (rules ? ",\n" : "") "    { \"name\": \"" scope ".ply\", \"begin\": \"" from "\", \"end\": \"" to "\"" more " }"
}

END {
	statements = " if else while for unroll break continue return delete let in inline sizeof offsetof container_of"
	types = " void char short int long signed unsigned bool string struct union enum typedef u8 u16 u32 u64 s8 s16 s32 s64" \
		" uint8 uint16 uint32 uint64 int8 int16 int32 int64"
	probes = "BEGIN|END|syscall|sysret|k(ret)?probe|f(entry|exit)|k(ret)?func|(raw)?tracepoint|u(ret)?probe|usdt|profile|interval|tick|software|hardware|watchpoint"
	if (form == "vim") {
		print "\" Vim syntax of ply scripts; made from the table of builtins."
		print "if exists('b:current_syntax')\n  finish\nendif"
		vim_words("plyStatement", statements)
		vim_words("plyType", types)
		vim_words("plyFunction", words[0])
		vim_words("plyVariable", words[1]) # the last counts: nsecs is more often a variable
		print "syn match plyProbe /\\v<(" probes ")(:[^ ,{/;]*)?/"
		print "syn match plyMap /@\\w*/"
		print "syn match plyLocal /\\$\\$\\?\\w\\+/"
		print "syn match plyNumber /\\v<(0x\\x+|\\d+)(ns|us|ms|s|m|h|d)?>/"
		print "syn region plyString start=/\"/ skip=/\\\\./ end=/\"/"
		print "syn region plyComment start=#/\\*# end=#\\*/#"
		print "syn match plyComment /\\v(^|\\s)(\\/\\/|\\#).*/"
		print "hi def link plyStatement Statement\nhi def link plyType Type\nhi def link plyVariable Constant"
		print "hi def link plyFunction Function\nhi def link plyProbe PreProc\nhi def link plyMap Identifier"
		print "hi def link plyLocal Identifier\nhi def link plyNumber Number\nhi def link plyString String\nhi def link plyComment Comment"
		print "let b:current_syntax = 'ply'"
	} else {
		range("comment.block", "/\\\\*", "\\\\*/")
		rule("comment.line", "(^|\\\\s)(//|#).*$")
		range("string.quoted.double", "\\\"", "\\\"", ", \"patterns\": [{ \"name\": \"constant.character.escape.ply\", \"match\": \"\\\\\\\\.\" }]")
		rule("entity.name.function.probe", "\\\\b(" probes ")(:[^ ,{/;]*)?")
		rule("keyword.control", alternatives(statements))
		rule("storage.type", alternatives(types))
		rule("support.function", alternatives(words[0]) "(?=\\\\s*\\\\()")
		rule("support.variable", alternatives(words[1]))
		rule("variable.other.map", "@\\\\w*")
		rule("variable.other", "\\\\$\\\\$?\\\\w+")
		rule("constant.numeric", "\\\\b(0x[0-9a-fA-F]+|\\\\d+)(ns|us|ms|s|m|h|d)?\\\\b")
		print "{\n  \"name\": \"ply\",\n  \"scopeName\": \"source.ply\",\n  \"fileTypes\": [\"ply\"],\n  \"patterns\": [\n" rules "\n  ]\n}"
	}
}
