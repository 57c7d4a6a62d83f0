#!/usr/bin/env ply
/*
 * syscallbyproc: how many system calls programs make: by name, and by process.
 */
#pragma D option quiet

syscall:::entry
/ pid != $pid /
{
	@calls[execname] = count();
	@by_process[pid, execname] = count();
}

END
{
	printf("%-16s %8s\n", "EXECNAME", "CALLS");
	printa("%-16s %@8d\n", @calls);
	printf("\n%-7s %-16s %8s\n", "PID", "EXECNAME", "CALLS");
	printa("%-7d %-16s %@8d\n", @by_process);
}
