#!/usr/sbin/dtrace -s
#pragma D option quiet
inline int OPT_name = 0;
self int depth;
string names[int, string];
BEGIN
{
	OPT_name ? printf("%s", 1) : 1;
	start = timestamp;
	time = walltimestamp;
	this->x = 1;
	self->depth++;
	names[1, execname] = "a";
	names[1, "b"] = 0;
	last[pid] = (this->x++, timestamp - start);
	last[pid] = 0;
	@[execname, pid] = quantize(last[pid]);
	self->s = execname;
	self->s = 0;
	self->s == NULL ? printf("none\n") : printf("%s\n", self->s);
}
END
{
	normalize(@, 1000000);
	trunc(@, 10);
	printa("%-20s %6d %@d\n", @);
}
