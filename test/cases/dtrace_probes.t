D's probes: arguments and names that are there in all of them, and the older names of system calls.

== one text of several probes is one key
syscall:::entry, syscall:::return /pid == $target && (probefunc == "getppid" || probefunc == "getpid")/ { @[probename] = count(); @p[probeprov, probemod] = count(); }
-- args --dtrace -c 'calls getppid 3' -qn
--

  entry                                                             3
  return                                                            3
  syscall                                             vmlinux                                                           6

== what is kept by the name of the function at its entry is found at its return
syscall:::entry /pid == $target/ { self->in[probefunc] = 1; last = probefunc; }
syscall:::return /self->in[probefunc] && last == probefunc && probefunc == "getppid"/ { self->in[probefunc] = 0; @ = count(); }
-- args --dtrace -c 'calls getppid 5' -qn
--

                5

== functions called otherwise than in order are found as well
pid$target:a.out:f_args:entry, pid$target:a.out:f_string:entry, pid$target:a.out:f_stack:entry { self->in[probefunc]++; }
pid$target:a.out:f_stack:return, pid$target:a.out:f_args:return, pid$target:a.out:f_string:return /self->in[probefunc]/ { @[probefunc, probename] = sum(self->in[probefunc]); self->in[probefunc] = 0; }
-- args --dtrace -c 'funcs 4' -qn
-- needs uprobe
--

  f_args                                              return                                                            4
  f_stack                                             return                                                            4
  f_string                                            return                                                            4

== a function with several symbols is one probe
pid$target:a.out:__libc_start_main*:entry { @ = count(); }
-- args --dtrace -c 'funcs 1' -qn
-- needs uprobe
--

                1

== an argument that the probe does not have is 0, so is errno
BEGIN { printf("%d %d %d\n", arg0, arg9, errno); }
tick-1ms { exit(arg5 + errno); }
END { printf("%d\n", arg1); }
syscall::getppid:return /pid == $pid/ { trace(arg3); }
-- args --dtrace -qn
--
0 0 0
0

-- end

== a clause on several probes of which some have the argument
syscall::getppid:entry, syscall::getppid:return, syscall::kill:entry /pid == $target/ { @[probefunc, probename, arg1, errno] = count(); }
-- args --dtrace -c 'signals 10 2' -qn
--

  kill                                                entry                                                            10        0                2

== what failed returned -1, and errno says why
syscall::openat:return /pid == $target/ { @["failed", arg0, arg1, errno == ENOENT] = count(); }
-- args --dtrace -c 'calls -p /nonexistent openat 3' -qn
--

  failed                                                           -1               -1        1                3

== open is openat as well, and its path is arg0
syscall::open:entry /pid == $target/ { @[probefunc, copyinstr(arg0)] = count(); }
syscall::open*:return /pid == $target && arg1 == -1/ { @r[(int)arg0] = count(); }
-- args --dtrace -c 'calls -p /nonexistent openat 3' -qn
--

  openat                                              /nonexistent                                                      3
       -1                3

== but a script that knows openat is given each call as it is
syscall::open:entry, syscall::open64:entry, syscall::openat:entry /pid == $target/ { @[probefunc, copyinstr(probefunc == "openat" ? arg1 : arg0)] = count(); }
-- args --dtrace -c 'calls -p /nonexistent openat 3' -qn
--

  openat                                              /nonexistent                                                      3

== what is never traced still says what it would hold
nosuch*:::function-entry { self->depth++; self->ts[self->depth] = timestamp; @num[basename(copyinstr(arg0)), "func", copyinstr(arg1), arg2] = count(); }
nosuch*:::function-return /self->ts[self->depth]/ { this->file = basename(copyinstr(arg0)); @time[this->file, arg2] = sum(timestamp - self->ts[self->depth]); }
BEGIN { exit(0); }
END { printa("%s %s %s %d %@d\n", @num); normalize(@time, 1000); printa("%s %d %@d\n", @time); printf("end\n"); }
-- args --dtrace -x strsize=128 -Zqn
--
end

-- end

== what a clause on all calls keeps of the arguments is as the clause on open has it
syscall:::entry /pid == $target/ { self->arg0 = arg0; self->calls = 1; }
syscall::open*:return /self->calls/ { @[probefunc, copyinstr(self->arg0), (int)arg1] = count(); }
syscall:::return { self->calls = 0; self->arg0 = 0; }
-- args --dtrace -c 'calls -p /nonexistent openat 3' -qn
--

  openat                                              /nonexistent                                             -1                3

== members of other systems' threads and processes
syscall::getppid:entry
/pid == $target/
{
	@[curthread->t_procp->p_pidp->pid_id == pid, curthread->t_procp->p_parent->p_pid == ppid, curthread->td_proc->p_comm, curthread->t_procp->p_user.u_psargs, curthread->t_tid == tid] = count();
	@u[curthread->t_procp->p_cred->cr_uid == uid, curthread->t_pri == curlwpsinfo->pr_pri, curthread->td_name == execname] = count();
}
-- args --dtrace -c 'calls getppid 3' -qn
-- needs btf
--

        1        1  calls                                               calls getppid 3                                           1                3
        1        1        1                3

== a struct of the program, which another call has as another argument
syscall::nanosleep:entry, syscall::clock_nanosleep:entry
/pid == $target/
{
	this->ts = (struct timespec *)copyin(probefunc == "nanosleep" ? arg0 : arg2, sizeof(struct timespec));
	@[this->ts->tv_sec, this->ts->tv_nsec] = count();
}
-- args --dtrace -c 'sleep 0.01' -qn
--

                0         10000000                1

== libraries by the names that they have elsewhere
pid$target:libc:exit:entry, pid$target:libc.so:exit:entry, pid$target:libc.so.1:exit:entry, pid$target:libc.so*:exit:entry { @ = count(); }
-- args --dtrace -c true -qn
-- needs uprobe
--

                4

== how deep the stack is
pid$target:a.out:middle:entry { @["one more", ustackdepth - self->last == 1] = count(); self->last = ustackdepth; @["kernel", stackdepth] = count(); }
syscall::getppid:entry /pid == $target/ { @["in a system call", stackdepth > 3 && stackdepth < 100] = count(); }
-- args --dtrace -c 'frames_fp -d 3 1' -qn
-- needs uprobe
--

  in a system call                                                  1                1
  one more                                                          0                1
  one more                                                          1                3
  kernel                                                            0                4

== who called, as a number
uint64_t c;
self uintptr_t s;
pid$target:a.out:middle:entry /ucaller/ { c = ucaller; self->s = ucaller + 0; }
pid$target:a.out:middle:entry { @[c == self->s, ucaller > 0x1000, ucaller ? 1 : 0, caller == 0] = count(); }
syscall::getppid:entry /pid == $target && caller/ { @k[caller > 0xffff000000000000] = count(); }
-- args --dtrace -c 'frames_fp -d 1 1' -qn
-- needs uprobe
--

        1        1        1        1                2
        1                1

== functions of a process as keys are as many rows in printa as there are functions
pid$target:a.out:f_recursive:entry { @[ufunc(ucaller)] = count(); @m[umod(ucaller)] = count(); }
END { printa("%A %@d\n", @); printa("%-5A|%@d\n", @m); }
-- args --dtrace -c 'funcs 3' -qn
-- needs uprobe
--
funcs`work 3
funcs`f_recursive 9
funcs|12

-- end

== functions and modules of the kernel as keys are one row each
BEGIN { this->read = (uintptr_t)&`vfs_read; this->write = (uintptr_t)&`vfs_write; }
BEGIN { @s[sym(this->read)] = count(); @s[sym(this->read + 5)] = count(); @m[mod(this->read)] = count(); @m[mod(this->write + 5)] = count(); }
BEGIN { printa("%a %@d\n", @s); printa(@s); printa("%a %@d\n", @m); printa(@m); exit(0); }
-- args --dtrace -qn
--
vmlinux`vfs_read 2

  vmlinux`vfs_read                                                  2
vmlinux 2

  vmlinux                                                           2

-- end

== a provider whose name ends in a number that is a kernel thread's is none
nfsv3:::op-read-start { @[args[1]->noi_curpath] = count(); }
BEGIN { exit(0); }
-- args --dtrace -qZn
--

-- end
