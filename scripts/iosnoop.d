#!/usr/bin/env ply
/*
 * iosnoop: requests to the disks as they begin: by whom, which way, where and how much.
 */
#pragma D option quiet

BEGIN { printf("%-6s %-7s %-16s %s %-12s %-8s %s\n", "UID", "PID", "EXECNAME", "D", "BLOCK", "BYTES", "DEVICE"); }

io:::start
{
	printf("%-6d %-7d %-16s %s %-12d %-8d %s\n", uid, pid, execname, args[0]->b_flags & B_READ ? "R" : "W", args[0]->b_blkno,
	       args[0]->b_bcount, args[1]->dev_statname);
}
