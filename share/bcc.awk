#!/usr/bin/awk -f
# SPDX-License-Identifier: GPL-2.0-or-later
# Probes as bcc's trace and argdist take them, to a script of ply's; the variable tool is trace or argdist, the others are
# options (see share/bcc). Each argument is a word for what is done (count, quantize, nothing for trace), a blank, and a probe:
#
#	trace	[p|r|t|u|k:][library:]function[(parameters)] [(predicate)] ["format", expressions]
#	argdist	[p|r|t|u:]library:function[(parameters)][:types:expressions[:predicate]][#label]
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

# The text's bytes, without the quotes, are those at the address.
function same_bytes(address, text,   n, out, byte) {
	text = substr(text, 2, length(text) - 2)
	for (n = 0; match(text, /^(\\x[0-9A-Fa-f][0-9A-Fa-f]?|\\[0-7][0-7]?[0-7]?|\\.|.)/); n++) {
		byte = substr(text, 1, RLENGTH)
		text = substr(text, RLENGTH + 1)
		out = also(out, "((u8 *)" address ")[" n "] == '" (byte == "'" ? "\\'" : byte) "'")
	}
	return out == "" ? "1" : "(" out ")"
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
			word = bytes ? same_bytes(expression(inner), trim(word)) : "str(" expression(inner) ") == " trim(word)
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
			word = parameter[word]
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

# "size_t n, struct page *p": which parameter has which name, and what leads to a struct's members.
function take_parameters(s,   i, one, type) {
	delete parameter
	for (i = 0; s != ""; i++) {
		type = one = trim(part(s, ","))
		s = rest
		sub(/.*[^A-Za-z0-9_]/, "", one)
		type = trim(substr(type, 1, length(type) - length(one)))
		if (one != "")
			parameter[one] = type ~ /^(const )?struct .*[*]$/ ? "((" type ")arg" i ")" : "arg" i
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

# The string at an address, which a function may well get or give as NULL.
function string(address) {
	return address ~ /^(arg[0-9]|retval)$/ ? "(" address " ? str(" address ") : \"(null)\")" : "str(" address ")"
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
				what = string(what)
			if (conversion ~ /[KU]$/) {
				what = (conversion ~ /K$/ ? "ksym(" : "usym(") what ")"
				sub(/.$/, "s", conversion)
			}
			arguments = arguments ", " what
		}
		out = out conversion
	}
	what = "pid, tid, comm, " (name ~ /[*?[]/ ? "func" : "\"" name "\"") arguments
	if (sums)
		clause(condition, "@[" (cpus ? "cpu, " : "") what (kernel_stacks ? ", " stack("k") : "") (user_stacks ? ", " stack("u") : "") "] = count();")
	else
		clause(condition, "printf(\"" columns(unix ? "%10d.%06d " : "%5d.%06d ", "%-8s ", "%-3d ") "%-7d %-7d %-15s %-16s " out format "\\n\", " \
			columns(seconds(unix ? "walltime" : "elapsed"), "strftime(\"%H:%M:%S\", walltime), ", "cpu, ") \
			what ");" (kernel_stacks ? " printf(\"%k\\n\", " stack("k") ");" : "") (user_stacks ? " printf(\"%k\\n\", " stack("u") ");" : "") \
			(most ? " if (++shown >= " most ") { exit(); }" : ""))
}

# What stands before the columns that each line has.
function columns(of_since, of_times, of_cpus) {
	return (since ? of_since : "") (times ? of_times : "") (cpus ? of_cpus : "")
}

# Nanoseconds as seconds and microseconds.
function seconds(of) {
	return "(u64)" of " / 1000000000, (u64)" of " / 1000 % 1000000, "
}

function stack(whose) {
	return whose "stack" (raw ? "(raw)" : "")
}

function argdist(s,   spec, keys, condition, what) {
	what = part(s, "#")
	label[n] = rest != "" ? rest : what
	s = what
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
	if (keys == "" && kind == "r")
		keys = "retval"
	if (how == "quantize")
		clause(condition, "@d" n " = quantize(" (keys != "" ? keys : "1") ");")
	else
		clause(condition, "@d" n (keys != "" ? "[" keys "]" : "") " = count();")
}

# All that argdist has found, with what it is called; and what is forgotten then.
function outputs_of_all(   i, text) {
	text = "printf(\"[%s]\\n\", strftime(\"%H:%M:%S\", walltime));"
	for (i = 1; i <= n; i++)
		text = text " printf(\"%s\\n\", " quoted(label[i]) "); print(@d" i (top ? ", " top : "") ");" (cumulative ? "" : " clear(@d" i ");")
	return text
}

function quoted(s) {
	gsub(/["\\]/, "\\\\&", s)
	return "\"" s "\""
}

BEGIN {
	common = thread ? "tid == " thread : ""
	common = also(common, uid != "" ? "uid == " uid : "")
	common = also(common, program != "" ? "strcontains(comm, " quoted(program) ")" : "")
	common = also(common, cgroup != "" ? "cgroup == cgroupid(" quoted(cgroup) ")" : "")
	if (tool == "trace" && self == "")
		common = also(common, "pid != $1")
	if (tool == "trace" && !sums)
		print "BEGIN { printf(\"" columns(unix ? "TIME              " : "TIME         ", "TIME     ", "CPU ") "PID     TID     COMM            FUNC             -\\n\"); }"
	for (n = 1; n < ARGC; n++) {
		how = part(ARGV[n], " ")
		if (tool == "trace")
			trace(rest)
		else
			argdist(rest)
	}
	n--
	if (tool == "argdist") {
		print "interval:s:" (interval ? interval : 1) " { " outputs_of_all() (outputs ? " if (++shown >= " outputs ") { exit(); }" : "") " }"
		print "END" (outputs ? " / shown < " outputs " /" : "") " { " outputs_of_all() " }"
	}
	exit status
}
