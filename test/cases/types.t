Types: structs, members, pointers, arrays, by BTF and declared in the script. The task that runs BEGIN is ply itself, so what its
task_struct says is what the builtin variables do.

== a task's members
BEGIN { $t = curtask; printf("%d %d %d\n", $t->tgid == pid, $t->pid == tid, curtask->comm == comm); exit(0); }
-- needs btf
--
1 1 1

== a char array is a string
BEGIN { print(curtask->comm); printf("%s %.2s\n", curtask->comm, curtask->comm); print(strlen(curtask->comm)); exit(0); }
-- needs btf
--
ply
ply pl
3

== pointers in a chain
BEGIN { printf("%d %d\n", curtask->real_parent->tgid == ppid, curtask->group_leader->group_leader->pid == pid); exit(0); }
-- needs btf
--
1 1

== a tracepoint's raw arguments
rawtracepoint:sched_process_fork /args.parent->tgid == $target/ { @[args.parent->comm, args.child->real_parent == args.parent] = count(); }
-- needs btf
-- args -c 'spawn 3'
--
@[args.parent->comm, args.child->real_parent == args.parent]
  spawn  1                             3

== a cast from a number
BEGIN { $a = (u64)curtask; $t = (struct task_struct *)$a; printf("%d %s\n", $t->tgid == pid, ((struct task_struct *)$a)->comm); exit(0); }
-- needs btf
--
1 ply

== NULL is followed nowhere
BEGIN { $t = (struct task_struct *)0; printf("%d '%s'\n", $t->pid, $t->comm); exit(0); }
-- needs btf
-- stderr
one-liner:1:59: warning: 1 read of memory failed and gave 0 or ""
    BEGIN { $t = (struct task_struct *)0; printf("%d '%s'\n", $t->pid, $t->comm); exit(0); }
                                                              ^~~~~~~
one-liner:1:68: warning: 1 read of memory failed and gave 0 or ""
    BEGIN { $t = (struct task_struct *)0; printf("%d '%s'\n", $t->pid, $t->comm); exit(0); }
                                                                       ^~~~~~~~
--
0 ''

== members of a member, of elements, of what is not a pointer
BEGIN { print(curtask->se.load.weight); $i = 3; print(curtask->signal->rlim[$i].rlim_cur == curtask->signal->rlim[3].rlim_cur); $c = *curtask->cred; print($c.uid.val); exit(0); }
-- needs btf
--
1048576
1
0

== addresses, elements of pointers, containers
BEGIN
{
	$t = curtask;
	printf("%d %d\n", *&$t->pid == pid, *(&$t->pid + 1) == (&$t->pid)[1]);
	printf("%d %d\n", container_of(&$t->pid, struct task_struct, pid) == $t, container_of(&$t->se.load, struct task_struct, se.load)->pid == pid);
	printf("%d\n", ((struct list_head)((u64)$t + offsetof(struct task_struct, tasks))).next == $t->tasks.next);
	exit(0);
}
-- needs btf
--
1 1
1 1
1

== pointers count in elements
BEGIN { $p = &curtask->pid; $q = $p; $q++; $q += 2; printf("%d %d %d %d\n", &$p[3] - $p, $q - $p, $p - $q, (u64)$q - (u64)$p); exit(0); }
-- needs btf
--
3 3 -3 12

== a pointer is tested
BEGIN { $n = (struct task_struct *)0; printf("%d %d %d %d\n", curtask->mm != 0, !curtask->signal, $n == 0, !!curtask->mm); if (curtask->mm) { print("mm"); } exit(0); }
-- needs btf
--
1 0 1 1
mm

== structs as values and keys
BEGIN { @[curtask->cred->uid] = curtask->cred->gid; $l = curtask->se.load; print($l); print($l.weight); exit(0); }
-- needs btf
--
{ .weight = 1048576, .inv_weight = 4194304 }
1048576

@[curtask->cred->uid]
  { .val = 0 }              { .val = 0 }

== enums by name
BEGIN { $x = (enum pid_type)3; print($x); printf("%s %d\n", $x, $x); @[(enum pid_type)1] = count(); print(PIDTYPE_PGID); exit(0); }
-- needs btf
--
PIDTYPE_SID
PIDTYPE_SID 3
PIDTYPE_PGID

@[(enum pid_type)1]
  PIDTYPE_TGID                         1

== own structs over memory
struct mine { u64 flags; struct { char a, b; } in[2]; int low:3, high:5; };
BEGIN { $m = (struct mine *)curtask; printf("%d %d\n", $m->flags == *(u64 *)curtask, sizeof(*$m)); printf("%d\n", (($m->high << 3) | ($m->low & 7)) == *(s8 *)((u64)$m + 12)); exit(0); }
-- needs btf
--
1 16
1

== a system call's structs are the process's
syscall:clock_nanosleep /pid == $target/ { printf("%d %d\n", args.rqtp->tv_sec, args.rqtp->tv_nsec); print(*args.rqtp); }
-- needs btf
-- args -c 'sleep 0.02'
--
0 20000000
{ .tv_sec = 0, .tv_nsec = 20000000 }

== a program's structs by its DWARF
uprobe:funcs:f_struct /pid == $target/ { printf("%d %d\n", args.p->x, args.p->y); $p = (struct point *)arg0; print($p->y); @ = sum(sizeof(struct point)); }
-- needs uprobe
-- args -c 'funcs 1'
--
3 4
4
@: 16

== uptr and kptr say where a pointer leads
BEGIN { print(str(kptr((u64)&curtask->comm))); exit(0); }
-- needs btf
--
ply

== a failed read makes a struct of zeros
BEGIN { print(*(struct list_head *)8); exit(0); }
-- needs btf
-- stderr
one-liner:1:15: warning: 1 read of memory failed and gave 0 or ""
    BEGIN { print(*(struct list_head *)8); exit(0); }
                  ^~~~~~~~~~~~~~~~~~~~~~
--
{ .next = 0x0, .prev = 0x0 }

== no such member, no such type
BEGIN { print(curtask->pidd); print(sizeof(struct tasc_struct)); }
-- needs btf
-- status 1
-- stderr
one-liner:1:24: error: no member 'pidd' in struct task_struct
    BEGIN { print(curtask->pidd); print(sizeof(struct tasc_struct)); }
                           ^~~~
hint: did you mean 'pid'?
one-liner:1:37: error: the size of struct tasc_struct is not known
    BEGIN { print(curtask->pidd); print(sizeof(struct tasc_struct)); }
                                        ^~~~~~~~~~~~~~~~~~~~~~~~~~
hint: did you mean 'struct task_struct'?

== offsetof within arrays
struct part { short kind; char text[6]; };
struct whole { int n; struct part parts[3]; long grid[2][3]; };
enum { LAST = 2 };
BEGIN { printf("%d %d %d ", offsetof(struct whole, parts[LAST].text[1]), offsetof(struct whole, grid[1][2]), offsetof(struct whole, parts[1]));
	$p = (struct whole *)1000; print((u64)container_of((u64 *)1032, struct whole, grid[0]) == 1000); exit(0); }
--
23 72 12 1

== offsetof of what is no array
struct part { short kind; struct part *next; };
BEGIN { print(offsetof(struct part, kind[1])); print(offsetof(struct part, next.kind)); print(offsetof(struct part, next[pid])); }
-- status 1
-- stderr
one-liner:2:42: error: s16 is no array
    BEGIN { print(offsetof(struct part, kind[1])); print(offsetof(struct part, next.kind)); print(offsetof(struct part, next[pid])); }
                                             ^
one-liner:2:76: error: struct part * has no members
    BEGIN { print(offsetof(struct part, kind[1])); print(offsetof(struct part, next.kind)); print(offsetof(struct part, next[pid])); }
                                                                               ^~~~~~~~~
one-liner:2:122: error: an index in offsetof() must be a constant number
    BEGIN { print(offsetof(struct part, kind[1])); print(offsetof(struct part, next.kind)); print(offsetof(struct part, next[pid])); }
                                                                                                                             ^~~
--

== members that this kernel lacks
BEGIN /has_member(struct task_struct, "nosuch")/ { print(curtask->nosuch); }
BEGIN {
	if (has_member(struct task_struct, "nosuch"))
		print(curtask->nosuch);
	else if (has_member(struct task_struct, "pid") || curtask->nosuch)
		print("neither");
	else
		print(curtask->nosuch);
	exit(0);
}
-- needs btf
--
neither

== arrays of characters that are full
struct two { char a[2]; char b[2]; };
struct two g;
BEGIN {
	$t = (struct two *)&curtask->comm;
	@m[1] = *$t;
	g = *$t;
	printf("[%s][%s] [%s][%s] [%s][%s] %d\n", $t->a, $t->b, @m[1].a, @m[1].b, g.a, g.b, @m[1].a == "pl");
	@k[$t->a, g.a, comm] = count();
	exit(0);
}
-- needs btf
--
[pl][y] [pl][y] [pl][y] 1

@m
  1              { .a = "pl", .b = "y" }

@k[$t->a, g.a, comm]
  pl  pl  ply                          1
