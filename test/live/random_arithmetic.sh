#!/bin/bash
# Differential arithmetic: random expressions give in the kernel what gcc makes of them, with and without optimisation, in ply's language
# and in D.
#
# SEEDS="FIRST LAST" chooses others than the first.
. "${0%/*}/../lib.sh"
needs root gcc

read -r first last <<<"${SEEDS:-1 +${COUNT:-20}}"
case $last in +*) last=$((first + ${last#+} - 1)) ;; esac

# compare SEED LANGUAGE C OPTION…: what the script of the language prints, and the C program
compare() {
	local seed=$1 language=$2 c=$3 try

	shift 3
	random_arith $language $seed 60 >arith.$language
	random_arith $c $seed 60 >arith.c
	gcc -w -fwrapv -o arith.bin arith.c || fail "seed $seed: gcc does not like what random_arith $c makes"
	./arith.bin >expected
	# what the kernel had no memory for just then is told, and was no fault of ours
	for ((try = 0; try < 3; try++)); do
		run timeout 100 ply "$@" arith.$language
		grep -q 'could not make an entry just then' err || break
	done
	# there is no telling beforehand what the kernel takes for too much
	! grep -q 'this kernel would follow\|takes too many steps' err || return 0
	[ $status = 0 ] && [ ! -s err ] && cmp -s expected out ||
		fail "seed $seed ($language $*): status $status, $(diff expected out | head -n 6); random_arith makes the programs"
}

for ((seed = first; seed <= last; seed++)); do
	compare $seed ply c
	compare $seed ply c -x nopass=all
	compare $seed d dc $( ((seed % 2)) && echo -x nopass=all)
done
