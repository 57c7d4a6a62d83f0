#!/usr/bin/awk -f
# SPDX-License-Identifier: GPL-2.0-or-later
# Probes as bcc's trace and argdist take them, one an argument, to clauses of ply's; the variable tool is trace or argdist, the
# others are options, and what stands before (see share/bcc).
#
#	trace	[p|r|t|u|k:][library:]function[(parameters)] [(predicate)] ["format", expressions]
#	argdist	[p|r|t|u:]library:function[(parameters)][:types:expressions[:predicate]]; how is count or quantize
#
# What differs from ply: arguments count from 1 (arg1 is arg0 here), %s takes an address, parameters have names.

function refuse(why) {
	print tool ": " why >"/dev/stderr"
	status = 2
	exit 2
}

function trim(s) {
	gsub(/^[ \t]+|[ \t]+$/, "", s)
	return s
}

# The part of s before the first of these characters outside of brackets and quotes. What follows it is in rest, and the
# character itself in end.
function part(s, ends,   i, c, depth, quoted) {
	end = ""
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (quoted) {
			if (c == "\\")
				i++
			quoted = c != "\""
		} else if (!depth && index(ends, c)) {
			end = c
			break
		} else {
			quoted = c == "\""
			depth += (c == "(" || c == "[") - (c == ")" || c == "]")
		}
	}
	rest = substr(s, i + 1)
	return substr(s, 1, i - 1)
}

# An expression in ply's words. What only the entry of the function knows goes to entry.
function expression(s,   out, word, before, inner) {
	out = ""
	while (match(s, /[$]?[A-Za-z_][A-Za-z0-9_]*|"[^"]*"/)) {
		before = substr(s, 1, RSTART - 1)
		word = substr(s, RSTART, RLENGTH)
		s = substr(s, RSTART + RLENGTH)
		if (word == "STRCMP") {
			inner = part(substr(s, 2), ")")
			s = rest
			word = part(inner, ",")
			inner = trim(rest)
			word = "str(" expression(inner) ") == " trim(word)
		} else if (word == "$entry") {
			inner = part(substr(s, 2), ")")
			s = rest
			entries++
			before = before "self->entry" n "_" entries
			entry = entry " self->entry" n "_" entries " = " expression(inner) ";"
			word = ""
		} else if (word == "$latency") {
			entry = entry " self->begin" n " = nsecs;"
			word = "(nsecs - self->begin" n ")"
		} else if (word ~ /^arg[1-9]$/ && kind != "t") {
			word = "arg" substr(word, 4) - 1
		} else if (word in parameter && before !~ /(->|\.) *$/) {
			word = "arg" parameter[word]
		} else if (word == "$tgid" || word == "$pid") {
			word = word == "$pid" ? "tid" : "pid"
		} else if (word == "$task") {
			word = "curtask"
		} else if (word ~ /^[$](retval|uid|gid|cpu|comm)$/) {
			word = substr(word, 2)
		}
		out = out before word
	}
	return out s
}

# "size_t n, char *p": which parameter has which name.
function take_parameters(s,   i, one) {
	delete parameter
	for (i = 0; s != ""; i++) {
		one = trim(part(s, ","))
		s = rest
		sub(/.*[^A-Za-z0-9_]/, "", one)
		if (one != "")
			parameter[one] = i
	}
}

# "pam" is libpam, if there is such a library, else a program.
function binary(name) {
	if (name ~ /[^A-Za-z0-9_+.-]/)
		return "\"" name "\""
	return system("PATH=$PATH:/sbin ldconfig -p | grep -q '[[:space:]]lib" name "\\.so'") ? name : "lib" name
}

# The probe of a type, a library and a function; that of the function's entry, too.
function take_probe(spec,   field, parts) {
	parts = split(spec, field, ":")
	if (parts > 3 || spec == "")
		refuse("'" spec "' is no probe: [p|r|t|u]:library:function")
	name = field[parts]
	library = parts > 1 ? field[parts - 1] : ""
	kind = parts > 2 && field[1] != "" ? field[1] : "p"
	if (kind == "t") {
		probe = "tracepoint:" library ":" name
	} else if (kind == "u") {
		probe = "usdt:" binary(library) ":" name
	} else if (kind == "k") {
		probe = "fentry:" name
	} else if (kind == "p" || kind == "r") {
		at_entry = (library == "" ? "kprobe:" : "uprobe:" binary(library) ":") name
		probe = at_entry
		if (kind == "r")
			sub(/probe/, "retprobe", probe)
	} else {
		refuse("'" kind "' is no kind of probe: p, r, t, u, k")
	}
}

function also(condition, more) {
	return more == "" ? condition : condition == "" ? more : condition " && " more
}

# The clauses of the probe; what only its entry knows is kept there.
function clause(condition, actions) {
	if (entry != "") {
		print at_entry (common == "" ? "" : " / " common " /") " { self->entered" n " = 1;" entry " }"
		condition = also("self->entered" n, condition)
	}
	condition = also(common, condition)
	print probe (condition == "" ? "" : " / " condition " /") " { " actions " }"
	if (entry != "")
		print probe " { self->entered" n " = 0; }"
	entry = ""
}

function trace(s,   spec, condition, format, arguments, conversion, out, what) {
	spec = part(s, " (")
	if (end == "(") {
		s = rest
		what = part(s, ")")
		s = rest
		take_parameters(what)
	} else {
		s = rest
		take_parameters("")
	}
	take_probe(spec)
	s = trim(s)
	if (substr(s, 1, 1) == "(") {
		what = part(substr(s, 2), ")")
		s = trim(rest)
		condition = expression(what)
	}
	if (s != "" && !match(s, /^"([^"\\]|\\.)*"/))
		refuse("'" s "' is no format in quotes")
	format = substr(s, 2, RLENGTH - 2)
	s = s == "" ? "" : trim(substr(s, RLENGTH + 1))
	sub(/^,/, "", s)
	out = ""
	while (match(format, /%[-0-9.]*(l|h|ll|z)?[a-zA-Z%]/)) {
		conversion = substr(format, RSTART, RLENGTH)
		out = out substr(format, 1, RSTART - 1)
		format = substr(format, RSTART + RLENGTH)
		if (conversion != "%%") {
			if (s == "")
				refuse("an expression is missing for " conversion)
			what = trim(part(s, ","))
			s = rest
			what = sub(/@user$/, "", what) ? "uptr(" expression(what) ")" : expression(what)
			if (conversion ~ /s$/ && what !~ /^(comm|curtask.*)$/)
				what = "str(" what ")"
			if (conversion ~ /[KU]$/) {
				what = (conversion ~ /K$/ ? "ksym(" : "usym(") what ")"
				sub(/.$/, "s", conversion)
			}
			arguments = arguments ", " what
		}
		out = out conversion
	}
	clause(condition, "printf(\"" (times ? "%-8s " : "") (cpus ? "%-3d " : "") "%-7d %-7d %-15s %-16s " out format "\\n\"" \
		(times ? ", strftime(\"%H:%M:%S\", walltime)" : "") (cpus ? ", cpu" : "") ", pid, tid, comm, " \
		(name ~ /[*?[]/ ? "func" : "\"" name "\"") arguments ");" (kernel_stacks ? " printf(\"%k\\n\", kstack);" : "") \
		(user_stacks ? " printf(\"%k\\n\", ustack);" : "") (most ? " if (++shown >= " most ") { exit(); }" : ""))
}

function argdist(s,   spec, keys, condition, what) {
	kind = part(s, ":")
	s = rest
	spec = kind ":" part(s, ":")
	s = rest
	what = part(s, ":(")
	spec = spec ":" what
	if (end == "(") {
		what = part(rest, ")")
		s = rest
		take_parameters(what)
		part(s, ":")
	} else {
		take_parameters("")
	}
	s = rest
	take_probe(spec)
	part(s, ":")	# the types are known
	s = rest
	what = part(s, ":")
	condition = expression(rest)
	s = what
	while (s != "") {
		what = trim(part(s, ","))
		s = rest
		if (how == "quantize" && keys != "")
			refuse("-H takes one expression, and a predicate behind it")
		keys = keys (keys != "" ? ", " : "") expression(what)
	}
	if (how == "quantize")
		clause(condition, "@d" n " = quantize(" (keys != "" ? keys : "1") ");")
	else
		clause(condition, "@d" n (keys != "" ? "[" keys "]" : "") " = count();")
}

BEGIN {
	n = probes + 1	# of this one
	common = also(thread ? "tid == " thread : "", program != "" ? "strcontains(comm, \"" program "\")" : "")
	if (tool == "trace" && !probes)
		print "BEGIN { printf(\"" (times ? "TIME     " : "") (cpus ? "CPU " : "") "PID     TID     COMM            FUNC             -\\n\"); }"
	if (tool == "trace")
		trace(ARGV[1])
	else
		argdist(ARGV[1])
	exit status
}
