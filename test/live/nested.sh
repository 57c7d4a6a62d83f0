#!/bin/bash
# Programs on user functions are preempted, where the kernel is: what one keeps in memory is not another's that runs meanwhile.
. "${0%/*}/../lib.sh"
needs root uprobe

# Four threads on one CPU, in a program that takes long, with a string of each thread's own in scratch memory.
run ply -c 'taskset 1 funcs -t 4 3000' '
uprobe:funcs:f_string
{
	$own = lltostr(tid);
	$i = 0;
	while ($i < 200) {
		@x[$i & 15] = $i;
		$i++;
	}
	if ($own == lltostr(tid)) {
		@right = count();
	} else {
		@wrong = count();
	}
}
END { clear(@x); }'
expect_status 0
expect_err </dev/null
expect_match out '^@right: 12000$'
expect_match out '^@wrong: 0$'

# Aggregations are changed by instructions that nothing comes between. (Kernels before 5.12 have none, and do not preempt these programs.)
needs loop
for what in 'count()' 'avg(arg0)' 'max(arg0)' 'stats(arg0)' 'stddev(arg0)' 'quantize(arg0)'; do
	ply -d ir -x nofeature=preemption "uprobe:funcs:f_string { @ = $what; }" >ir
	# 1 in the place of an extreme that has no room for it is the same, whoever writes it
	! grep store ir | grep -qv ', 1$' || fail "$what: $(grep store ir)"
done
exit 0
