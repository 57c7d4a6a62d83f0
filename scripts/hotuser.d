#!/usr/bin/env ply
/*
 * hotuser: which functions of a program its threads are in, sampled 997 times a second.
 */
#pragma D option quiet

inline int process = getopt("pid|p", $target, "the process, else that of ply -c or -p");

profile:::profile-997 / pid == process && arg1 / { @samples[ufunc(arg1)] = count(); }

END
{
	printf("%-56s %8s\n", "FUNCTION", "SAMPLES");
	printa("%-56s %@8d\n", @samples);
}
