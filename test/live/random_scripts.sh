#!/bin/bash
# Verifier acceptance: what ply accepts, the kernel accepts. Random programs over the whole language are loaded, and their BEGIN
# runs; those that are deterministic print the same with and without optimisation.
#
# SEEDS="FIRST LAST" chooses others than the first.
. "${0%/*}/../lib.sh"
needs root tracefs

read -r first last <<<"${SEEDS:-1 +${COUNT:-40}}"
case $last in +*) last=$((first + ${last#+} - 1)) ;; esac

# check [-d] SEED OPTIONS…: the program of that seed; false if it is told at compile time that this kernel has no way to do it
check() {
	local -a program=("$1")

	[ "$1" != -d ] || { program+=("$2"); shift; }
	random_script "${program[@]}" >script.ply
	run timeout 100 ply -x looplimit=20 "${@:2}" script.ply
	[ $status != 0 ] || return 0
	# there is no telling beforehand what the kernel takes for too much
	! grep -q 'a defect of ply' err && grep -q 'this kernel\|takes too many steps' err ||
		fail "status $status: random_script ${program[*]} makes the program; ply -x looplimit=20 ${*:2}"
	return 1
}

for ((seed = first; seed <= last; seed++)); do
	check $seed || continue
	check -d $seed || continue
	mv out optimised
	check -d $seed -x nopass=all || continue
	cmp -s optimised out || fail "random_script -d $seed prints something else with -x nopass=all: $(diff optimised out | head)"
done
