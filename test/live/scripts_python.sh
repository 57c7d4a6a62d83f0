#!/bin/bash
# pythoncalls: imports, collections and audited events of a script.
. "${0%/*}/../lib.sh"
needs root uprobe
scripts=${0%/*}/../../scripts examples=${0%/*}/../../doc/examples
python=/usr/bin/python3
[ "$(ply -l "usdt:$python:gc__done" 2>/dev/null)" ] || skip "$python has no probes"

cat >script.py <<'END'
import gc, sys
gc.disable()
import this
for i in range(5):
    gc.collect(1)
for i in range(3):
    gc.collect(2)
for i in range(7):
    sys.audit("of its own", i)
END
run ply -o said -c "$python -I -S script.py" "$scripts/pythoncalls.ply" --program="$python"
expect_status 0
[ ! -s err ] || fail complaints
count() { expect_equal "$(awk '/^@/ { on = /^@calls/ } on' said | grep -cE "^  $1 +$2\$")" 1 "$1"; }
count 'import +this' 1
count 'gc +generation 1' 5
count 'event +of its own' 7
# at its end Python collects, too
generation2=$(awk '/^@calls/ { on = 1 } /^@us/ { on = 0 } on && /^  gc +generation 2 / { print $NF }' said)
[ "$generation2" -ge 3 ] || fail "$generation2 collections of generation 2"
times() { awk '/^@/ { on = /^@us/ } on' said; }
[ "$(times | grep -cE '^  import +this +[1-9][0-9]*$')" = 1 ] || fail 'no time of an import'
[ "$(times | grep -cE '^  gc +generation 1 +[0-9]+$')" = 1 ] || fail 'no time of a collection'
expect_equal "$(grep '^@' said)" "$(grep '^@' "$examples/pythoncalls.ply.txt")" doc/examples/pythoncalls.ply.txt

start ply "$scripts/pythoncalls.ply" --program="$python" -p 1
"$python" -I -S script.py >/dev/null
stop
expect_equal "$(grep -c this out)" 0 '-p of another'
exit 0
