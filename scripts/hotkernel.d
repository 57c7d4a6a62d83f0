#!/usr/bin/env ply
/*
 * hotkernel: which functions of the kernel the CPUs are in, sampled 997 times a second on each.
 */
#pragma D option quiet

profile:::profile-997 / arg0 / { @samples[func(arg0)] = count(); }

END
{
	printf("%-48s %8s\n", "FUNCTION", "SAMPLES");
	printa("%-48s %@8d\n", @samples);
}
