# SPDX-License-Identifier: GPL-2.0-or-later
# Markdown, as far as the documentation here uses it, to a manual page:
#
#	# NAME(SECTION): what it is	the title; or -v title='NAME(SECTION): what it is', and the first heading is left out
#	## and ###			sections and parts of them
#	| a | b |			a table: its first cell is what the others describe; a table of links is left out
#	``` and four blanks		text as it is
#	  -o, --option   meaning	an option
#	`code`, **bold**, [text](link)

function plain(s) {
	gsub(/\\/, "\\e", s)
	gsub(/-/, "\\-", s)
	gsub(/'/, "\\(aq", s)
	gsub(/\^/, "\\(ha", s)
	gsub(/~/, "\\(ti", s)
	return s
}

# Text with its marks; what is code is bold.
function marked(s,   out, i, c, code) {
	gsub(/\]\([^)]*\)/, "]", s)
	while (match(s, /\[[^\]`]*\]/) && !index(substr(s, 1, RSTART), "`"))
		s = substr(s, 1, RSTART - 1) substr(s, RSTART + 1, RLENGTH - 2) substr(s, RSTART + RLENGTH)
	gsub(/\*\*/, "`", s)
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (c != "`") {
			out = out (c == "\\" && substr(s, i + 1, 1) == "|" ? "" : code ? plain(c) : c == "\\" ? "\\e" : c)
		} else {
			code = !code
			out = out (code ? "\\fB" : "\\fR")
		}
	}
	return out
}

# A line that begins with a dot or a quote would be a request.
function say(s) {
	print (s ~ /^[.']/ ? "\\&" : "") s
	heading = 0
}

# What stands right behind a heading is a paragraph without being told.
function new_paragraph() {
	if (!heading)
		print ".PP"
	paragraph = 0
}

function as_it_is(s) {
	if (!literal) {
		new_paragraph()
		print ".RS 4\n.nf"
		literal = 1
	}
	say(plain(s))
}

function end_literal() {
	if (literal)
		print ".fi\n.RE"
	literal = 0
}

function begin(t,   at, name) {
	at = index(t, ": ")
	name = substr(t, 1, at - 1)
	section = name
	gsub(/.*\(|\)/, "", section)
	sub(/\(.*/, "", name)
	print ".TH \"" toupper(name) "\" " section " \"\" \"ply 3\""
	print ".SH NAME\n" plain(name) " \\- " marked(substr(t, at + 2))
}

# The cells of a row, in cell[1..n]; \| is no border.
function cells(s,   n, i) {
	gsub(/\\\|/, "\001", s)
	n = split(s, cell, / *\| */)
	for (i = 1; i < n - 1; i++) {
		cell[i] = cell[i + 1]
		gsub(/\001/, "|", cell[i])
	}
	return n - 2
}

BEGIN {
	if (title) {
		begin(title)
		print ".SH DESCRIPTION"
		heading = 1
	}
}

/^```/ {
	if (fenced)
		end_literal()
	fenced = !fenced
	next
}
fenced || /^    / || (literal && /^$/) {
	if (!fenced && /^$/) {
		end_literal()
		paragraph = 1
		next
	}
	as_it_is(fenced ? $0 : substr($0, 5))
	next
}
{ end_literal() }
/^# / {
	if (!title)
		begin(substr($0, 3))
	next
}
/^##+ / {
	print ($1 == "##" ? ".SH " : ".SS ") "\"" ($1 == "##" ? toupper(substr($0, 4)) : substr($0, 5)) "\""
	heading = 1
	next
}
/^\|/ {
	n = cells($0)
	if (!in_table) {
		in_table = 1	# its heading
		next
	}
	if (/^\|[-|]*$/ || cell[1] ~ /\]\(#/)
		next
	print ".TP"
	say(marked(cell[1]))
	text = ""
	for (i = 2; i <= n; i++)
		if (cell[i] != "")
			text = text (text != "" ? "; " : "") cell[i]
	say(text != "" ? marked(text) : "\\&")
	paragraph = 1
	next
}
{ in_table = 0 }
/^  -/ {
	sub(/^ */, "")
	match($0, /  +|$/)
	print ".TP\n\\fB" plain(substr($0, 1, RSTART - 1)) "\\fR"
	say(RLENGTH > 0 ? marked(substr($0, RSTART + RLENGTH)) : "\\&")
	paragraph = 1
	next
}
/^$/ {
	paragraph = 1
	next
}
{
	if (paragraph)
		new_paragraph()
	say(marked($0))
}
END { end_literal() }
