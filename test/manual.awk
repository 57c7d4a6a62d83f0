# SPDX-License-Identifier: GPL-2.0-or-later
# Compares the tables of doc/language.md with src/lang/builtins.def: every builtin that is there has a row, under all of its
# names, and functions with as many arguments; and no row is about something else. A table of builtins begins with
# "| variable" (names), "| function" or "| aggregation" (calls).
#	awk -f manual.awk builtins.def language.md

function complain(text) {
	print text
	bad = 1
}

# "a, b[, c]": how many arguments there must be, and may be; "…" stands for any number.
function count_arguments(text,    n, parts, i, must, depth) {
	must = depth = 0
	gsub(/ /, "", text)
	if (text == "")
		return "0 0"
	n = split(text, parts, ",")
	for (i = 1; i <= n; i++) {
		if (parts[i] ~ /…/)
			return must " more"
		depth -= gsub(/^]+/, "", parts[i])
		if (depth == 0 && parts[i] !~ /^\[/)
			must++
		depth += gsub(/\[/, "[", parts[i]) - gsub(/\]/, "]", parts[i])
	}
	return must " " n
}

FILENAME ~ /builtins.def$/ && /^BUILTIN\(/ {
	split($0, quoted, "\"")
	split(quoted[1], head, /[(,]/)
	id = head[2]
	kind = head[3]
	gsub(/[ \t]/, "", kind)
	if (quoted[3] ~ /BF_LATER/)
		next
	n = split(quoted[4], names, " ")
	if (id !~ /_$/)
		names[++n] = id
	for (i = 1; i <= n; i++) {
		sub(/^ply:/, "", names[i])
		known[(kind == "VAR" ? "" : "call ") names[i]] = id
		if (kind != "VAR") {
			arguments = quoted[2]
			sub(/^[^(]*\(/, "", arguments)
			sub(/\)$/, "", arguments)
			wanted[names[i]] = prototype(arguments)
		}
	}
	next
}

# The same of a prototype: "int, [int]".
function prototype(text,    n, parts, i, must) {
	must = 0
	gsub(/ /, "", text)
	if (text == "")
		return "0 0"
	n = split(text, parts, ",")
	for (i = 1; i <= n; i++) {
		if (parts[i] == "...")
			return must " more"
		must += parts[i] !~ /^\[/
	}
	return must " " n
}

FILENAME ~ /language.md$/ && /^\| *(variable|function|aggregation)/ {
	table = $2 == "variable" ? "VAR" : "CALL"
	next
}

FILENAME ~ /language.md$/ && !/^\|/ { table = "" }

FILENAME ~ /language.md$/ && table && /^\| *`/ {
	split($0, cells, "|")
	n = split(cells[2], names, "`")
	for (i = 2; i <= n; i += 2) {
		name = names[i]
		if (table == "VAR") {
			key = name
		} else {
			arguments = name
			sub(/\(.*/, "", name)
			sub(/^[^(]*\(/, "", arguments)
			sub(/\)$/, "", arguments)
			key = "call " name
		}
		if (!(key in known)) {
			complain(FNR ": no builtin is called " name)
			continue
		}
		found[key] = 1
		if (table != "VAR" && count_arguments(arguments) != wanted[name])
			complain(FNR ": " names[i] " has other arguments in builtins.def")
	}
}

END {
	for (key in known)
		if (!(key in found)) {
			name = key
			sub(/^call /, "", name)
			complain(name (key ~ /^call / ? "()" : "") " has no row in a table of the manual")
		}
	exit bad
}
