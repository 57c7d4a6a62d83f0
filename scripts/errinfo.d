#!/usr/bin/env ply
/*
 * errinfo: which system calls fail, in which programs, with which errors, and how often.
 */
#pragma D option quiet

syscall:::return
/ errno != 0 /
{
	@failed[execname, probefunc, strerror(errno)] = count();
}

END
{
	printf("%16s %-20s %-12s %8s\n", "EXECNAME", "SYSCALL", "ERROR", "COUNT");
	printa("%16s %-20s %-12s %@8d\n", @failed);
}
