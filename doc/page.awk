# SPDX-License-Identifier: GPL-2.0-or-later
# A script's or tool's --help, and behind it its example, as the Markdown from which man.awk makes its page:
#
#	ply scripts/NAME.ply --help | awk -v name=NAME.ply -f page.awk - doc/examples/NAME.txt | awk -f man.awk
#
# command is what it is started as, if that is not its page's name.
#
# The help is the script's first comment ("NAME: what it shows.", then paragraphs), a line "usage: …", and the options.

FNR != NR {
	example = example "    " $0 "\n"
	next
}
FNR == 1 {
	sub(/^[^ ]*: /, "")
	sub(/\.$/, "")
	print "# " name "(1): " $0
	next
}
/^usage: / {
	sub(/^usage: [^ ]*/, "")
	synopsis = "    " (command ? command : "ply " name) $0 (text ~ /argument is/ ? " ARGUMENT" : "")
	in_options = 1
	next
}
in_options {
	options = options $0 "\n"
	next
}
{ text = text $0 "\n" }

END {
	printf "\n## Synopsis\n\n%s\n", synopsis
	if (text ~ /[^\n]/)
		printf "\n## Description\n\n%s", text
	printf "\n## Options\n\n%s  --help  what it shows, and its options\n", options
	if (name ~ /\./)
		print "\nWhat ends every script: Ctrl-C, `ply -t SECONDS " name "`, and with `ply -c COMMAND " name "` the command's end. `ply -F json " name "` prints JSON."
	if (example != "")
		printf "\n## Example\n\n%s", example
	print "\n## See also\n\n`ply`(1), `ply-language`(7)"
}
