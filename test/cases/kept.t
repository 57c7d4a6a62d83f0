Strings that cannot be read at the entry of a system call, since their memory was not touched yet.

== printed at the entry they are "", and that is told
syscall:openat /pid == $target/ { printf("[%s]\n", str(args.filename)); }
-- args -c 'paths 2'
--
[]
[]
-- stderr
one-liner:1:52: warning: 2 reads of memory failed and gave 0 or ""
    syscall:openat /pid == $target/ { printf("[%s]\n", str(args.filename)); }
                                                       ^~~~~~~~~~~~~~~~~~
hint: memory that was not touched yet is not there: keep the string in a variable, and use that in a later probe, where the call returns say

== kept in the thread they are read again at the return, and nothing was lost
syscall:openat /pid == $target/ { self->path = str(args.filename); }
sysret:openat /pid == $target/ { printf("%s %d\n", self->path, retval); self->path = 0; }
-- args -c 'paths 3'
--
/nowhere/0 -2
/nowhere/1 -2
/nowhere/2 -2

== in working storage
syscall:openat /pid == $target/ { @path[tid] = str(arg1); }
sysret:openat /pid == $target/ { @[@path[tid]] = count(); delete(@path[tid]); }
-- args -c 'paths 3'
--
@[@path[tid]]
  /nowhere/0                           1
  /nowhere/1                           1
  /nowhere/2                           1

== in a map that stays, where it was used; compared, too
syscall:openat /pid == $target/ { @path[++n] = str(args.filename); }
sysret:openat /pid == $target && @path[n] == "/nowhere/1"/ { printf("%d\n", n); }
-- args -c 'paths 3'
--
2

@path[n]
  1                           /nowhere/0
  2                           /nowhere/1
  3                           /nowhere/2

== in a variable, with a length of its own
syscall:openat /pid == $target/ { p = str(args.filename, 7); }
sysret:openat /pid == $target/ { printf("%s %d\n", p, strlen(p)); }
-- args -c 'paths 2'
--
/nowher 7
/nowher 7

== what is never read again is lost, and another value is another value
syscall:openat /pid == $target/ { self->path = str(args.filename); self->path = "mine"; }
sysret:openat /pid == $target/ { printf("%s\n", self->path); }
-- args -c 'paths 2'
--
mine
mine
-- stderr
one-liner:1:48: warning: 2 reads of memory failed and gave 0 or ""
    syscall:openat /pid == $target/ { self->path = str(args.filename); self->path = "mine"; }
                                                   ^~~~~~~~~~~~~~~~~~

== another process does not read it from its own memory
syscall:openat /comm == "paths" && ppid == $target/ { p = str(args.filename); }
syscall:getppid /ppid == $target/ { printf("[%s]\n", p); }
-- args -c '/bin/sh -c "paths 1 & wait; calls getppid 1; :"'
--
[]
-- stderr
one-liner:1:59: warning: 1 read of memory failed and gave 0 or ""
    syscall:openat /comm == "paths" && ppid == $target/ { p = str(args.filename); }
                                                              ^~~~~~~~~~~~~~~~~~
