#!/usr/bin/env ply
/*
 * dtruss: the system calls of a process and of those that it starts, with their first arguments, results and errors.
 *
 * TIME is what the call took, in microseconds.
 */
#pragma D option quiet

inline int process = getopt("pid|p", $target, "the process, else that of ply -c or -p");

BEGIN { printf("%-7s %9s %3s %s\n", "PID", "TIME(us)", "ERR", "CALL"); }

syscall:::entry
/ progenyof(process) /
{
	self->begin = timestamp;
	self->a = arg0;
	self->b = arg1;
	self->c = arg2;
	self->where = 0;
	self->path = "";
}

/* after the call, when the path has been read; but after execve it is gone */
syscall::open:entry, syscall::stat:entry, syscall::access:entry, syscall::readlink:entry, syscall::unlink:entry, syscall::chdir:entry
/ self->begin /
{
	self->where = arg0;
}

syscall::statx:entry / self->begin / { self->where = arg1; }
syscall::execve:entry / self->begin / { self->path = copyinstr(arg0); }
syscall:::return / self->begin && self->where / { self->path = copyinstr(self->where); }

syscall:::return
/ self->begin && self->path != "" /
{
	printf("%-7d %9d %3d %s(\"%s\", 0x%x, 0x%x) = %d\n", pid, (timestamp - self->begin) / 1000, errno, probefunc, self->path, self->b,
	       self->c, (int64_t)arg1);
}

syscall:::return
/ self->begin && self->path == "" /
{
	printf("%-7d %9d %3d %s(0x%x, 0x%x, 0x%x) = %d\n", pid, (timestamp - self->begin) / 1000, errno, probefunc, self->a, self->b,
	       self->c, (int64_t)arg1);
}

syscall:::return { self->begin = 0; }
