#!/usr/bin/env ply
/*
 * shortlived: how much time goes into processes that begin and end while one looks: microseconds of life, by program and by parent.
 */
#pragma D option quiet

proc:::start { self->begin = timestamp; }

proc:::exit
/ self->begin /
{
	@programs[execname] = sum((timestamp - self->begin) / 1000);
	@number[execname] = count();
	@parents[ppid] = sum((timestamp - self->begin) / 1000);
	self->begin = 0;
}

END
{
	printf("%-16s %12s %8s\n", "EXECNAME", "TIME(us)", "NUMBER");
	printa("%-16s %@12d %@8d\n", @programs, @number);
	printf("\n%-16s %12s\n", "PARENT", "TIME(us)");
	printa("%-16d %@12d\n", @parents);
}
