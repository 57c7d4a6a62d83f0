#!/usr/bin/env ply
/*
 * iotop: which programs use the disks, and which: kilobytes in the last interval, the most at the end.
 *
 * The argument is the seconds between tables (5).
 */
#pragma D option quiet
#pragma D option defaultargs

inline int INTERVAL = $1 ? $1 : 5;

BEGIN
{
	printf("%-6s %-7s %-16s %-10s %s %10s\n", "UID", "PID", "EXECNAME", "DEVICE", "D", "KBYTES");
	left = INTERVAL;
}

io:::start { @bytes[uid, pid, execname, args[1]->dev_statname, args[0]->b_flags & B_READ ? "R" : "W"] = sum(args[0]->b_bcount); }

profile:::tick-1sec { left--; }

profile:::tick-1sec
/ left <= 0 /
{
	printf("%Y\n", walltimestamp);
	normalize(@bytes, 1024);
	printa("%-6d %-7d %-16s %-10s %s %@10d\n", @bytes);
	trunc(@bytes);
	left = INTERVAL;
}

END
{
	normalize(@bytes, 1024);
	printa("%-6d %-7d %-16s %-10s %s %@10d\n", @bytes);
}
