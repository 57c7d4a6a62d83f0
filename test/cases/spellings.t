What users of bpftrace and of ply's earlier versions type, in their own words.

== a struct needs no semicolon before a probe
struct pair { int a; long b; } BEGIN { printf("%d %d\n", offsetof(struct pair, b), sizeof(struct pair)); exit(0); }
--
8 16

== bswap is as wide as its operand
BEGIN {
	print(bswap((uint8)0x12)); print(bswap((uint16)0x1234)); print(bswap((uint32)0x12345678)); print(bswap(1));
	exit(0);
}
--
18
13330
2018915346
72057594037927936

== buffers as digits
BEGIN { printf("%r|%rx|%rh|%9rh|\n", buf("a\x01b", 3), buf("a\x01b", 3), buf("abc", 3), "ab"); exit(0); }
--
a\x01b|\x61\x01\x62|61 62 63|    61 62|

== strftime takes nsecs, and microseconds
BEGIN {
	printf("%s %s\n", strftime("%C", nsecs), strftime("%C", walltimestamp));
	printf("%s\n", strftime("%H:%M:%S.%f %%f", 1700000000123456789));
	exit(0);
}
--
20 20
22:13:20.123456 %f

== clocks by name
BEGIN { printf("%d %d %d\n", nsecs(boot) > 0, nsecs <= nsecs("boot"), nsecs(monotonic) > 0); exit(0); }
--
1 1 1

== str of what is a string already
BEGIN { $s = comm; $n = 2; print(str($s, $n)); print(str($s)); print(str("abcd", 3)); print(stringof(comm)); exit(0); }
--
pl
ply
abc
ply

== delete of a whole map
BEGIN { @x[1] = 1; @x[2] = 2; @y["a"] = count(); delete @x; delete(@y); exit(0); }

== keys from a tuple in a tuple
BEGIN {
	$t = (1, (2, "x"), comm); @a[$t] = count();
	$u = (1, (2, "xyz", 4)); @b[$u] = 1; @b[1, (2, comm, 5)] = 7; @b[7, $u.1] = 8;
	printf("%d %d\n", @a[1, (2, "x"), comm], @b[7, (2, "xyz", 4)]);
	exit(0);
}
--
1 8

@a[$t.0, $t.1, $t.2]
  1  2  x  ply                         1

@b[$u.0, $u.1]
  1  2  xyz  4                         1
  1  2  ply  5                         7
  7  2  xyz  4                         8

== a loop over a range of constants goes to its end
BEGIN { $n = 0; for ($i : 0..100000) { $n += $i; } print($n); exit(0); }
-- needs loop
--
4999950000

== ply 1: functions for variables, nil
syscall:getppid / pid() == $target / { @[func()].count(); $path[tid()] = mem(arg(0), "8s"); @n[comm()].quantize(arg(1) * 0); }
sysret:getppid / pid() == $target / { printf("%d%s\n", retval() == ppid(), $path[tid()]); $path[tid()] = nil; }
-- args -c 'calls getppid 1'
--
1

@[func]
  getppid                              1

@n[comm]: calls
  [0]               1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
-- stderr
one-liner:1:74: warning: 1 read of memory failed and gave 0 or ""
    syscall:getppid / pid() == $target / { @[func()].count(); $path[tid()] = mem(arg(0), "8s"); @n[comm()].quantize(arg(1) * 0); }
                                                                             ^~~~~~~~~~~~~~~~~

== nil deletes
BEGIN { x[1] = 5; x[2] = 6; x[1] = nil; printf("%d %d\n", x[1], len(x)); exit(); }
-- needs for_each
--
0 1

== an interval without a unit is in seconds, and what bpftrace calls its own namespace
interval:1 { printf("%d\n", pid(curr_ns) == pid); exit(); }
--
1

== join prints the strings that an array leads to
tracepoint:syscalls:sys_enter_execve / pid == $target / { printf("%s: ", comm); join(args.argv, "|"); join(args->argv); }
-- args -c 'sh -c "exec /bin/true a \"b c\" 3"'
--
ply: sh|-c|exec /bin/true a "b c" 3
sh -c exec /bin/true a "b c" 3
sh: /bin/true|a|b c|3
/bin/true a b c 3

== join says that there is more
syscall:execve / pid == $target / { join(args.argv); }
-- args -c 'true 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17'
--
true 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 ...

== arrays from numbers, and back
BEGIN {
	$a = (u8[4])0x01020304; $b = (u16[])0x0004000300020001; @c = (u8[8])12345;
	printf("%d %d %v %v %d\n", $a[0], (u32)$a, $a, $b, @c[1]);
	for ($i : 0..4) { $sum += $b[$i]; }
	print($sum);
	exit(0);
}
--
4 16909060 [4, 3, 2, 1] [1, 2, 3, 4] 48
10
@c: [57, 48, 0, 0, 0, 0, 0, 0]

== an index outside of an array gives 0
BEGIN { $a = (u16[4])12345; $i = 9; print($a[$i]); exit(0); }
--
0
-- stderr
one-liner:1:43: warning: 1 read of memory failed and gave 0 or ""
    BEGIN { $a = (u16[4])12345; $i = 9; print($a[$i]); exit(0); }
                                              ^~~~~~

== print of an entry that is no single number
BEGIN {
	@h["a"] = hist(5); @h["b"] = hist(6); @s[1, (2, comm)] = stats(5); $t = (2, comm);
	print(@h["b"]); print(@h["c"]); print(@s[1, $t]); clear(@h); clear(@s);
	exit(0);
}
--
@h: b
  [4, 8)            1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

@s[number, (2, comm)]
             count  average  total  min  max
  1  2  ply      1        5      5    5    5

== parameters that are not given
BEGIN { printf("%d|%s|%s|%d\n", $2, $$3, str($4), $1); exit(0); }
-- args -x defaultargs
-- params 7
--
0|||7

== numbers that are no aggregations are divided as well
BEGIN { @m["a"] = 10; @m["b"] = -20; @x = 7; @n[1] = 100; print(@n, 1, 5); normalize(@m, 3); normalize(@x, 2); exit(0); }
--
@n
  1                                   20

@m
  b                                   -6
  a                                    3

@x: 3

== registers of a user function
uprobe:calls:main { printf("%d %d %d\n", regs->di, reg("si") == arg1, regs->ip != 0); }
-- needs uprobe
-- args -c 'calls getppid 1'
--
3 1 1

== registers of a kernel function
kprobe:vfs_write / pid == $target && !done / { printf("%d %d\n", regs->di == arg0, reg("dx")); done = 1; }
kretprobe:vfs_write / pid == $target && done == 1 / { printf("%d\n", regs->ax == retval); done = 2; }
-- needs kprobe
-- args -c 'sh -c "echo four > /dev/null"'
--
1 5
1

== registers of a sample
profile:hz:999 / !n++ / { printf("%d %d\n", reg("ip") != 0, (regs->cs & 3) == 3 == usermode); exit(0); }
--
1 1

== registers that are not there
syscall:read { print(regs->ip); }
profile:hz:999 { print(regs->sip); }
-- args -e
-- status 1
-- stderr
one-liner:1:22: error: regs is known in kprobes, uprobes and samples
    syscall:read { print(regs->ip); }
                         ^~~~
one-liner:2:30: error: no member 'sip' in struct pt_regs
    profile:hz:999 { print(regs->sip); }
                                 ^~~
hint: did you mean 'si'?

== tuples are compared part by part
BEGIN {
	$t = (1, (comm, 3)); @x[1] = (1, "a"); $n = 1;
	printf("%d%d%d%d\n", (1, 2) == (1, 2), (1, 2) != (1, 2), (1, "a") == (1, "b"), $t == (1, ("ply", 3)));
	printf("%d%d%d%d\n", $t != (1, ("plx", 3)), @x[1] == (1, "a"), @x[2] == (0, ""), ($n, 2) == (2, 1));
	clear(@x); exit(0);
}
--
1001
1110

== buffers of a length that is known when they are printed
syscall:write / pid == $target / { printf("%r|%rh\n", buf(arg1, arg2), buf(args.buf, args.count - 2)); print(buf(args.buf, args.count)); }
BEGIN {
	$n = 3; $m = -1;
	printf("%r|%r|%r|%r|\n", buf(comm, $n), buf("abcdef", $n - 1), buf("abc", pid * 1000), buf(comm, $m));
}
-- args -c 'sh -c "echo hello > /dev/null"'
--
ply|ab|abc\x00||
hello\x0a|68 65 6c 6c
hello\x0a

== such buffers are not kept
BEGIN { $n = 3; @x = buf(comm, $n); }
-- args -e
-- status 1
-- stderr
one-liner:1:32: error: a buffer whose length is no constant can only be printed
    BEGIN { $n = 3; @x = buf(comm, $n); }
                                   ^~

== ply 2's and bpftrace's options for what always holds
BEGIN { print(1); exit(); }
-- args -k -u -q -B none
--
1

== bpftrace's option to compile only
BEGIN { print(1); exit(); }
-- args --dry-run
--

== D's partial spec is on both sides of a call
getppid / pid == $target / { @[probename] = count(); }
-- args -c 'calls getppid 3'
--
@[probename]
  entry                                3
  return                               3

== ply 2: print of several values
BEGIN { print(comm, pid > 0, (1, "x")); print(1, 2 > 1); @x[1] = 2; print(@x[1], 5); print(@x, 1); exit(); }
--
ply, 1, (1, x)
1, 1
2, 5

@x
  1                                    2

== print of several values as records
BEGIN { print("a", 2); exit(); }
-- args -f json
--
{"type": "printf", "data": "a, 2\n", "args": ["a", 2]}

== ply 1's name of tracepoints
trace:syscalls/sys_enter_getppid / pid == $target / { @[data->__syscall_nr > 0] = count(); }
trace:syscalls:sys_exit_getppid / pid == $target / { @r = count(); }
-- args -c 'calls getppid 3'
--
@[data.__syscall_nr > 0]
  1                                    3

@r: 3

== bpftrace: all arguments by name, and the command's process
uprobe:funcs:f_stack / pid == cpid / { print(args); }
-- args -c 'funcs 1'
-- needs uprobe
--
{ .a = 1, .b = 2, .c = 3, .d = 4, .e = 5, .f = 6, .g = 7, .h = 8 }

== all arguments of probes that have different ones
t:syscalls:sys_enter_kill, t:syscalls:sys_enter_read { print(args); }
-- args -e
-- status 1
-- needs btf
-- stderr
one-liner:1:62: error: args stands for all arguments of the probe
    t:syscalls:sys_enter_kill, t:syscalls:sys_enter_read { print(args); }
                                                                 ^~~~
hint: name one of them: args.NAME

== bpftrace: a struct path by itself, addresses of Ethernet, clocks, memory nodes
struct frame { char to[6]; unsigned char from[6]; };
BEGIN {
	$m = (u8[6])0x665544332211;
	print(macaddr($m)); @[macaddr($m)] = count(); printf("%s|%20s|\n", macaddr((u8[6])1), macaddr($m));
	print(nsecs(tai) > nsecs(monotonic)); print(jiffies > 0); print(numaid < 4096);
	print(path(curtask->fs->root)); print(path(curtask->fs->pwd) == path(&curtask->fs->pwd));
	exit();
}
-- needs btf tai
--
11:22:33:44:55:66
01:00:00:00:00:00|   11:22:33:44:55:66|
1
1
1
/
1

@[macaddr($m)]
  11:22:33:44:55:66                    1

== messages of the script's
BEGIN { warnf("%d of %s\n", 3, comm); errorf("no %s", "more"); print("goes on"); exit(); }
-- stderr
one-liner:1:9: warning: 3 of ply
    BEGIN { warnf("%d of %s\n", 3, comm); errorf("no %s", "more"); print("goes on"); exit(); }
            ^~~~~~~~~~~~~~~~~~~~~~~~~~~~
one-liner:1:39: error: no more
    BEGIN { warnf("%d of %s\n", 3, comm); errorf("no %s", "more"); print("goes on"); exit(); }
                                          ^~~~~~~~~~~~~~~~~~~~~~~
--
goes on

== a variable that was deleted is not there
BEGIN { @x = sum(5); delete(@x); @y = 5; delete @y; @z = count(); delete(@z); @z = count(); @s = "x"; delete @s; exit(); }
--
@z: 1

== names of bpftrace's that are not ply's own
BEGIN { printf("%s %d %d %d\n", username, tid(curr_ns) == tid, len(ustack) == ustackdepth, nsecs(monotonic) > 0); exit(); }
--
root 1 1 1

== numbers of another pid namespace are not there
BEGIN { print(pid(init)); exit(); }
-- status 1
-- stderr
one-liner:1:15: error: bpftrace's pid() is not part of ply
    BEGIN { print(pid(init)); exit(); }
                  ^~~
hint: pid is the number in ply's own namespace: pid(curr_ns)

== probe has the provider's whole name
i:ms:1 { print(probe); exit(); }
--
interval:ms:1

== what a refused probe would offer is not missed as well
iter:task { printf("%s\n", ctx->task->comm); }
-- status 1
-- stderr
one-liner:1:1: error: bpftrace's iter: is not part of ply
    iter:task { printf("%s\n", ctx->task->comm); }
    ^~~~
