#!/bin/bash
# The manual page knows every option, with its default and greatest value; --help fits a screen.
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
exit 0
