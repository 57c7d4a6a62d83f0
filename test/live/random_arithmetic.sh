#!/bin/bash
# Differential arithmetic: random expressions give in the kernel what gcc makes of them, with and without optimisation.
#
# SEEDS="FIRST LAST" chooses others than the first.
. "${0%/*}/../lib.sh"
needs root gcc

read -r first last <<<"${SEEDS:-1 +${COUNT:-20}}"
case $last in +*) last=$((first + ${last#+} - 1)) ;; esac

for ((seed = first; seed <= last; seed++)); do
	random_arith ply $seed 60 >arith.ply
	random_arith c $seed 60 >arith.c
	gcc -w -fwrapv -o arith.bin arith.c || fail "seed $seed: gcc does not like what random_arith makes"
	./arith.bin >expected
	for options in "" "-x nopass=all"; do
		# what the kernel had no memory for just then is told, and was no fault of ours
		for ((try = 0; try < 3; try++)); do
			run timeout 100 ply $options arith.ply
			grep -q 'could not make an entry just then' err || break
		done
		# there is no telling beforehand what the kernel takes for too much
		! grep -q 'this kernel would follow\|takes too many steps' err || continue
		[ $status = 0 ] && [ ! -s err ] && cmp -s expected out ||
			fail "seed $seed ($options): status $status, $(diff expected out | head -n 6); random_arith makes the programs"
	done
done
