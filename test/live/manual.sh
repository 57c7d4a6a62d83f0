#!/bin/bash
# The manual page knows every option, with its default and greatest value; --help fits a screen. Scripts are listed with what
# their headers say, and the pages that are made of them are what man expects.
. "${0%/*}/../lib.sh"
top=${0%/*}/../..
[ -e "$top/doc/ply.1" ] || skip "the sources are not here"

run ply --help
expect_status 0
[ "$(wc -l <out)" -le 23 ] && [ "$(wc -l <out)" -ge 20 ] || fail "--help has $(wc -l <out) lines"
! grep -qE '.{81}' out || fail "--help has lines of more than 80 columns"
mv out help

sed 's/\\//g' "$top/doc/ply.1" >manual
for option in $(sed -n 's/.*\(--[a-z-]*\).*/\1/p' help); do
	grep -q -e "$option" manual || fail "the manual page does not know $option"
done
while IFS=$'\t, ' read -r name _ default _ greatest _; do
	text=$(sed -n "/^\.B $name\$/,/^\.TP/p" manual)
	[ "$text" ] || fail "the manual page does not know -x $name"
	grep -q "Default $default, at most $greatest\." <<<"${text//$'\n'/ }" || fail "-x $name: not as in the manual page"
	grep -q "  *$name " help || fail "--help does not know -x $name"
done < <(sed -n 's/^OPTION(\([^)]*\))$/\1/p' "$top/src/options.def" | sed 's/,[[:space:]]*/\t/g')

# The table of probes has every provider, with its other names; rawfbt is D's.
table=$(sed -n '/^## Probes/,/^```/p' "$top/doc/language.md" | grep '^|')
names=$(awk '/^const struct provider prov_/ { on = 1 } /^};/ { on = 0 } on && /\.(name|aliases) = / { split($0, s, "\""); print s[2] }' "$top"/src/provider/*.c)
[ "$(wc -l <<<"$names")" = $((2 * $(grep -c '^PROVIDER(' "$top/src/provider/providers.def"))) ] || fail "names of providers: $names"
for name in $names; do
	[ "$name" = rawfbt ] || grep -qE "\`$name[:\`]" <<<"$table" || fail "doc/language.md: the table of probes does not know $name"
done

for tool in trace argdist; do
	ln -s "$(realpath "$top/share/bcc")" $tool
	for option in $(./$tool --help | sed -n 's/^ .*\(--[a-z_-]*\).*/\1/p'); do
		sed 's/\\//g' "$BUILD/man/ply-$tool.1" | grep -q -e "$option" || fail "the page of $tool does not know $option"
	done
done
for file in "$top"/scripts/*.ply "$top"/scripts/*.d; do
	[ -e "$file" ] || continue
	name=${file##*/} example=
	[ ! -e "$top/doc/examples/$name.txt" ] || example=" [Example](examples/$name.txt)"
	what=$(sed -n '/^ \* [^:]*: /{s///p;q}' "$file")
	grep -qxF "| [${name%.ply}](../scripts/$name) | $what$example |" "$top/doc/scripts.md" || fail "doc/scripts.md: $name is not there, or not so"
	[ ! "$example" ] || expect_equal "$(head -n 1 "$top/doc/examples/$name.txt" | cut -d' ' -f1,2)" "# $name"
	# what an old terminal has columns for
	[ ! "$example" ] || ! sed -n 2p "$top/doc/examples/$name.txt" | grep -qE '.{81}' ||
		fail "the headings of $name are wider than 80 columns"
	ply "$file" --help >out
	while read -r option; do
		sed 's/\\//g' "$BUILD/man/$name.1" | grep -q -e "$option" || fail "the page of $name does not know $option"
	done < <(sed -n 's/^ .*\(--[a-z_-]*\).*/\1/p' out)
	expect_equal "$(sed -n '/^\.SH NAME/{n;p}' "$BUILD/man/$name.1")" "$name \\- ${what%.}" "man/$name.1"
done
if command -v python3 >/dev/null; then
	python3 "$TESTDIR/messages.py" "$top" >out
	[ ! -s out ] || fail "doc/troubleshooting.md has messages that nothing prints"
fi
if command -v groff >/dev/null; then
	groff -k -man -ww -Tutf8 "$BUILD"/man/*.[17] >out 2>err
	[ ! -s err ] || fail "the pages made of scripts and of doc/language.md"
fi
exit 0
