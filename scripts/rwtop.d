#!/usr/bin/env ply
/*
 * rwtop: which processes read and write most, by system calls: kilobytes in the last interval, the most at the end.
 *
 * The argument is the seconds between tables (5).
 */
#pragma D option quiet
#pragma D option defaultargs

inline int INTERVAL = $1 ? $1 : 5;

syscall::read:return, syscall::readv:return, syscall::pread64:return, syscall::preadv:return, syscall::recvfrom:return
/ (int64_t)arg1 > 0 && pid != $pid /
{
	@bytes[pid, execname, "R"] = sum(arg1);
}

syscall::write:return, syscall::writev:return, syscall::pwrite64:return, syscall::pwritev:return, syscall::sendto:return
/ (int64_t)arg1 > 0 && pid != $pid /
{
	@bytes[pid, execname, "W"] = sum(arg1);
}

BEGIN
{
	printf("%-7s %-16s %s %10s\n", "PID", "EXECNAME", "D", "KBYTES");
	left = INTERVAL;
}

profile:::tick-1sec { left--; }

profile:::tick-1sec
/ left <= 0 /
{
	printf("%Y\n", walltimestamp);
	normalize(@bytes, 1024);
	printa("%-7d %-16s %s %@10d\n", @bytes);
	trunc(@bytes);
	left = INTERVAL;
}

END
{
	normalize(@bytes, 1024);
	printa("%-7d %-16s %s %@10d\n", @bytes);
}
