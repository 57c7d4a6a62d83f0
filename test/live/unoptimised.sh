#!/bin/bash
# Every optimisation can be left out: all cases pass without.
. "${0%/*}/../lib.sh"
needs root

run env -u COUNTS PREFIX=unoptimised PLY_OPTIONS="-x nopass=all" "$TESTDIR/run" cases
[ $status = 0 ] || fail "cases fail with -x nopass=all"
