Mistakes whose messages depend on what the machine has.

== a field that one of several probes lacks
syscall:read, syscall:openat { print(args.fd); }
-- status 1
-- needs btf
-- stderr
one-liner:1:43: error: no field 'fd' in the arguments of syscall:openat
    syscall:read, syscall:openat { print(args.fd); }
                                              ^~
hint: it has: nr, dfd, filename, flags, mode

== events that are not counted
software:foo:1 { }
software:fautls:1 { }
-- status 1
-- stderr
one-liner:1:10: error: there is no event 'foo'
    software:foo:1 { }
             ^~~
hint: there are cpu-clock, task-clock, page-faults, minor-faults, major-faults, context-switches, cpu-migrations, alignment-faults, emulation-faults, dummy, bpf-output
one-liner:2:1: error: 'software:fautls:1' matches no probe
    software:fautls:1 { }
    ^~~~~~~~~~~~~~~~~
hint: did you mean 'software:faults:1'?

== a folder is no program
uprobe:/tmp:main, usdt:/tmp:main { }
-- status 1
-- stderr
one-liner:1:8: error: /tmp is a directory
    uprobe:/tmp:main, usdt:/tmp:main { }
           ^~~~
one-liner:1:24: error: /tmp is a directory
    uprobe:/tmp:main, usdt:/tmp:main { }
                           ^~~~

== an unknown symbol
BEGIN { print(kaddr("no_such_symbol")); }
-- status 1
-- stderr
one-liner:1:21: error: unknown kernel symbol 'no_such_symbol'
    BEGIN { print(kaddr("no_such_symbol")); }
                        ^~~~~~~~~~~~~~~~
hint: a kernel names its variables only if it is built with CONFIG_KALLSYMS_ALL

== a message says what a parameter is
BEGIN { printf("%d\n", $2); print(strlen($1)); }
-- status 1
-- params 5 b
-- stderr
one-liner:1:24: error: %d of printf() takes a number, not a string
    BEGIN { printf("%d\n", $2); print(strlen($1)); }
                           ^~
hint: $2 is 'b'
hint: %s prints a string
one-liner:1:42: error: the argument of strlen() must be a string, not a number
    BEGIN { printf("%d\n", $2); print(strlen($1)); }
                                             ^~
hint: $1 is '5'
hint: lltostr(5) writes a number as a string

== options behind the program are the script's, which has none
BEGIN { print($1); exit(); }
-- params x -v
-- status 2
-- stderr
ply: error: the script has no option -v
hint: options of ply stand before the program

== parameters that are not used
BEGIN { print($1); exit(); }
-- params x -5
--
x
-- stderr
ply: warning: the script makes no use of '-5', its parameter $2

== a word that is neither a probe nor a file
nosuch
-- status 1
-- stderr
one-liner:1:1: error: 'nosuch' matches no probe
    nosuch
    ^~~~~~
hint: there is no script of that name either

== a tracepoint as the kernel's tools write it
sched:sched_switch { }
raw_syscalls:sys_enter { }
sched_wakeup { }
-- status 1
-- needs tracefs
-- stderr
one-liner:1:1: error: there is no provider 'sched'
    sched:sched_switch { }
    ^~~~~
hint: did you mean 'tracepoint:sched:sched_switch'?
one-liner:2:1: error: there is no provider 'raw_syscalls'
    raw_syscalls:sys_enter { }
    ^~~~~~~~~~~~
hint: did you mean 'tracepoint:raw_syscalls:sys_enter'?
one-liner:3:1: error: 'sched_wakeup' matches no probe
    sched_wakeup { }
    ^~~~~~~~~~~~
hint: did you mean 'tracepoint:sched:sched_wakeup'?

== modules that are not loaded, and that the kernel has within it
kprobe:no_such_module:vfs_read, kretprobe:no_such_module:*, fentry:no_such_module:vfs_read { }
-- status 1
-- needs btf
-- stderr
one-liner:1:8: error: the module 'no_such_module' is not loaded
    kprobe:no_such_module:vfs_read, kretprobe:no_such_module:*, fentry:no_such_module:vfs_read { }
           ^~~~~~~~~~~~~~
one-liner:1:43: error: the module 'no_such_module' is not loaded
    kprobe:no_such_module:vfs_read, kretprobe:no_such_module:*, fentry:no_such_module:vfs_read { }
                                              ^~~~~~~~~~~~~~
one-liner:1:68: error: the module 'no_such_module' is not loaded
    kprobe:no_such_module:vfs_read, kretprobe:no_such_module:*, fentry:no_such_module:vfs_read { }
                                                                       ^~~~~~~~~~~~~~

== hints of system calls under their old names do not count the prefix
kprobe:SyS_nosuch, kprobe:SyS_opeant { }
-- status 1
-- stderr
one-liner:1:1: error: 'kprobe:SyS_nosuch' matches no probe
    kprobe:SyS_nosuch, kprobe:SyS_opeant { }
    ^~~~~~~~~~~~~~~~~
one-liner:1:20: error: 'kprobe:SyS_opeant' matches no probe
    kprobe:SyS_nosuch, kprobe:SyS_opeant { }
                       ^~~~~~~~~~~~~~~~~
hint: did you mean 'kprobe:SyS_openat'?

== names of libraries are near without their versions
uprobe:libpthreadd:f { }
uprobe:libc.s:f { }
uprobe:libc.so.7:f { }
-- status 1
-- stderr
one-liner:1:8: error: there is no program or library 'libpthreadd'
    uprobe:libpthreadd:f { }
           ^~~~~~~~~~~
hint: did you mean 'libpthread'?
one-liner:2:8: error: there is no program or library 'libc.s'
    uprobe:libc.s:f { }
           ^~~~~~
hint: did you mean 'libc.so'?
one-liner:3:8: error: there is no program or library 'libc.so.7'
    uprobe:libc.so.7:f { }
           ^~~~~~~~~
hint: did you mean 'libc.so.6'?

== options of D's in a script of ply's
#pragma D option strsize=64
#pragma D option quiet
BEGIN { print(1); exit(); }
-- stderr
one-liner:1:1: warning: options in the script have an effect in D scripts only
    #pragma D option strsize=64
    ^~~~~~~~~~~~~~~~~~~~~~~~~~~
hint: -x strsize=64 sets ply's
one-liner:2:1: warning: options in the script have an effect in D scripts only
    #pragma D option quiet
    ^~~~~~~~~~~~~~~~~~~~~~
--
1

== a category is no tracepoint
tracepoint:sched { }
-- needs tracefs
-- status 1
-- stderr
one-liner:1:1: error: 'tracepoint:sched' matches no probe
    tracepoint:sched { }
    ^~~~~~~~~~~~~~~~
hint: did you mean 'tracepoint:sched:*'?

== maps that nothing is stored in
BEGIN { @start[1] = 1; @ns = sum(@strat[1]); @n.count(); $old[1].count(); x[1] = 2; if (has_key(@x, 1)) { print(@y); delete @z[1]; } clear(@old); }
syscall:nosuch { @y = count(); }
interval:ms:1 { exit(); }
-- args -Z
-- stderr
one-liner:1:34: warning: @strat is never assigned
    BEGIN { @start[1] = 1; @ns = sum(@strat[1]); @n.count(); $old[1].count(); x[1] = 2; if (has_key(@x, 1)) { print(@y); delete @z[1]; } clear(@old); }
                                     ^~~~~~
hint: did you mean '@start'?
one-liner:1:97: warning: @x is never assigned
    BEGIN { @start[1] = 1; @ns = sum(@strat[1]); @n.count(); $old[1].count(); x[1] = 2; if (has_key(@x, 1)) { print(@y); delete @z[1]; } clear(@old); }
                                                                                                    ^~
one-liner:1:125: warning: @z is never assigned
    BEGIN { @start[1] = 1; @ns = sum(@strat[1]); @n.count(); $old[1].count(); x[1] = 2; if (has_key(@x, 1)) { print(@y); delete @z[1]; } clear(@old); }
                                                                                                                                ^~
one-liner:2:1: warning: 'syscall:nosuch' matches no probe
    syscall:nosuch { @y = count(); }
    ^~~~~~~~~~~~~~
--
@start
  1                                    1

@ns: 0
@n: 1
@y: 0

== statements that do nothing
BEGIN { 5; "abc"; 1 == 1; strlen("x"); $x = 1; $x && 5; $x ? 1 : 2; exit(); }
-- stderr
one-liner:1:9: warning: this statement does nothing
    BEGIN { 5; "abc"; 1 == 1; strlen("x"); $x = 1; $x && 5; $x ? 1 : 2; exit(); }
            ^
one-liner:1:12: warning: this statement does nothing
    BEGIN { 5; "abc"; 1 == 1; strlen("x"); $x = 1; $x && 5; $x ? 1 : 2; exit(); }
               ^~~~~
one-liner:1:19: warning: this statement does nothing
    BEGIN { 5; "abc"; 1 == 1; strlen("x"); $x = 1; $x && 5; $x ? 1 : 2; exit(); }
                      ^~~~~~
one-liner:1:27: warning: this statement does nothing
    BEGIN { 5; "abc"; 1 == 1; strlen("x"); $x = 1; $x && 5; $x ? 1 : 2; exit(); }
                              ^~~~~~~~~~~
one-liner:1:48: warning: this statement does nothing
    BEGIN { 5; "abc"; 1 == 1; strlen("x"); $x = 1; $x && 5; $x ? 1 : 2; exit(); }
                                                   ^~~~~~~
one-liner:1:57: warning: this statement does nothing
    BEGIN { 5; "abc"; 1 == 1; strlen("x"); $x = 1; $x && 5; $x ? 1 : 2; exit(); }
                                                            ^~~~~~~~~~

== what may do something does not look as if it did nothing
BEGIN { 0 ? printf("no") : 5; 1 ? printf("yes\n") : 5; $x = 1; $x && $x++; strtok("a", "b"); exit(); }
--
yes

== values are not divided by 0
BEGIN { @a = sum(5); normalize(@a, 0); print(@a, 1, 0); exit(); }
-- status 1
-- stderr
one-liner:1:36: error: division by zero
    BEGIN { @a = sum(5); normalize(@a, 0); print(@a, 1, 0); exit(); }
                                       ^
one-liner:1:53: error: division by zero
    BEGIN { @a = sum(5); normalize(@a, 0); print(@a, 1, 0); exit(); }
                                                        ^

== values are not divided by 0, where that is known when they are
BEGIN { @a = sum(5); $n = $#; normalize(@a, $n); print("not reached"); }
BEGIN { $n = $#; print(@a, 1, $n); print("not reached"); }
BEGIN { normalize(@a, $# + 1); exit(); }
-- stderr
one-liner:1:45: warning: 1 division by zero, which ended its clause
    BEGIN { @a = sum(5); $n = $#; normalize(@a, $n); print("not reached"); }
                                                ^~
one-liner:2:31: warning: 1 division by zero, which ended its clause
    BEGIN { $n = $#; print(@a, 1, $n); print("not reached"); }
                                  ^~
--
@a: 5
