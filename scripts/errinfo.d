#!/usr/bin/env ply
/*
 * errinfo: which system calls fail, in which programs, with which errors, and how often.
 */
#pragma D option quiet

syscall:::return
/ errno != 0 /
{
	@failed[execname, probefunc, errno, strerror(errno)] = count();
}

END
{
	printf("%16s %-16s %5s %-32s %7s\n", "EXECNAME", "SYSCALL", "ERRNO", "ERROR", "COUNT");
	printa("%16s %-16s %5d %-32s %@7d\n", @failed);
}
