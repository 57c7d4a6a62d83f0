#!/bin/bash
# The kernel takes every way through its types: random chains of members are loaded, and run once.
#
# SEEDS="FIRST LAST" chooses the programs; without it they are others each time.
. "${0%/*}/../lib.sh"
needs root btf

read -r first last <<<"${SEEDS:-$((RANDOM * 32768 + RANDOM)) +${COUNT:-20}}"
case $last in +*) last=$((first + ${last#+} - 1)) ;; esac

for ((seed = first; seed <= last; seed++)); do
	random_types $seed >types.ply
	run timeout 100 ply types.ply
	[ $status = 0 ] && ! grep -q error err || fail "status $status: random_types $seed makes the program"
done
