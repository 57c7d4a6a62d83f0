#!/usr/bin/env ply
/*
 * hotuser: which functions of a program its threads are in, sampled 997 times a second.
 *
 * The process is that of ply -c or -p.
 */
#pragma D option quiet

profile:::profile-997 / pid == $target && arg1 / { @samples[ufunc(arg1)] = count(); }

END
{
	printf("%-56s %8s\n", "FUNCTION", "SAMPLES");
	printa("%-56s %@8d\n", @samples);
}
