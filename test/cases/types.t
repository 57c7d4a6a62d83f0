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
