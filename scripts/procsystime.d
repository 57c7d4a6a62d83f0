#!/usr/bin/env ply
/*
 * procsystime: how much time a process spends in each system call, in all, in nanoseconds.
 */
#pragma D option quiet

inline int process = getopt("pid|p", $target, "the process, else that of ply -c or -p");

syscall:::entry
/ pid == process /
{
	self->begin = timestamp;
}

syscall:::return
/ self->begin /
{
	@ns[probefunc] = sum(timestamp - self->begin);
	@calls[probefunc] = count();
	@all_ns = sum(timestamp - self->begin);
	@all_calls = count();
	self->begin = 0;
}

END
{
	printf("%-20s %16s %10s\n", "SYSCALL", "TIME(ns)", "CALLS");
	printa("%-20s %@16d %@10d\n", @ns, @calls);
	printa("TOTAL                %@16d %@10d\n", @all_ns, @all_calls);
}
