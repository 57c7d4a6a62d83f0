#!/bin/bash
# bcc's one-line probes, translated: what becomes of them, what they count, and what is no such probe.
. "${0%/*}/../lib.sh"
share=${0%/*}/../../share
[ -e "$share/bcc" ] || skip "the sources are not here"
ln -s "$(realpath "$share/bcc")" trace
ln -s "$(realpath "$share/bcc")" argdist
# says TOOL ARG…: the clauses, without the heading's
says() { run "./$1" --show "${@:2}"; expect_status 0; sed -i '/^BEGIN/d; /^interval.* clear/d; /^END.* clear/d' out; }

says trace 'do_nanosleep' 'c:open (arg2 == 42) "%s %d", arg1, arg2' 'r:bash:readline "%s", retval' 't:block:block_rq_complete "%d", args->nr_sector' \
	'do_sys_openat2 "%s", arg2@user'
sed -i 's/"%-7d %-7d %-15s %-16s /"… /; s/pid, tid, comm, /…, /' out
expect_out <<'END'
kprobe:do_nanosleep { printf("… \n", …, "do_nanosleep"); }
uprobe:libc:open / arg1 == 42 / { printf("… %s %d\n", …, "open", (arg0 ? str(arg0) : "(null)"), arg1); }
uretprobe:bash:readline { printf("… %s\n", …, "readline", (retval ? str(retval) : "(null)")); }
tracepoint:block:block_rq_complete { printf("… %d\n", …, "block_rq_complete", args->nr_sector); }
kprobe:do_sys_openat2 { printf("… %s\n", …, "do_sys_openat2", str(uptr(arg1))); }
END
says trace -tTC -L 7 --uid=0 -n 'a"b' -c /sys/fs/cgroup -M9 -UKa -b 64 -s /bin/sh -I linux/fs.h 'r:bash:readline "%s", retval'
expect_out <<'END'
uretprobe:bash:readline / tid == 7 && uid == 0 && strcontains(comm, "a\"b") && cgroup == cgroupid("/sys/fs/cgroup") / { printf("%5d.%06d %-8s %-3d %-7d %-7d %-15s %-16s %s\n", (u64)elapsed / 1000000000, (u64)elapsed / 1000 % 1000000, strftime("%H:%M:%S", walltime), cpu, pid, tid, comm, "readline", (retval ? str(retval) : "(null)")); printf("%k\n", kstack(raw)); printf("%k\n", ustack(raw)); if (++shown >= 9) { exit(); } }
END
says trace -B 'c:memcpy(void *to, void *from, size_t n) (STRCMP("\x00a\n\"'"'"'", from) && n > 4)'
expect_out <<'END'
uprobe:libc:memcpy / (((u8 *)arg1)[0] == '\x00' && ((u8 *)arg1)[1] == 'a' && ((u8 *)arg1)[2] == '\n' && ((u8 *)arg1)[3] == '\"' && ((u8 *)arg1)[4] == '\'') && arg2 > 4 / { printf("%-7d %-7d %-15s %-16s \n", pid, tid, comm, "memcpy"); }
END
says trace -A 'p::f(struct cfs_rq *q, int n) (n > 1) "%d %s", q->x->y, n'
expect_out <<<'kprobe:f / arg1 > 1 / { @[pid, tid, comm, "f", ((struct cfs_rq *)arg0)->x->y, (arg1 ? str(arg1) : "(null)")] = count(); }'
says argdist -i5 -n 2 -T 3 -H 'r:c:malloc(size_t n):u64:$latency#"slow"' -c
grep -v '^u' out >outputs
cat >out outputs
expect_out <<'END'
interval:s:5 { printf("[%s]\n", strftime("%H:%M:%S", walltime)); printf("%s\n", "\"slow\""); print(@d1, 3); if (++shown >= 2) { exit(); } }
END / shown < 2 / { printf("[%s]\n", strftime("%H:%M:%S", walltime)); printf("%s\n", "\"slow\""); print(@d1, 3); }
END
says argdist -H 'r:c:malloc(size_t n):u64:$latency:$entry(n) > 10' -C 'p::vfs_read(void *f, void *b, size_t n):size_t:n' 'p:c:strcmp(char *a, char *b)::a:STRCMP("x, y", b)' 'r:c:malloc()'
expect_out <<'END'
uprobe:libc:malloc { self->entered1 = 1; self->entry1_1 = arg0; self->begin1 = nsecs; }
uretprobe:libc:malloc / self->entered1 && self->entry1_1 > 10 / { @d1 = quantize((nsecs - self->begin1)); }
uretprobe:libc:malloc { self->entered1 = 0; }
kprobe:vfs_read { @d2[arg2] = count(); }
uprobe:libc:strcmp / str(arg1) == "x, y" / { @d3[arg0] = count(); }
uretprobe:libc:malloc { @d4[retval] = count(); }
END

refuses() { run "./$1" "${@:3}"; expect_status 2; expect_match err "$2"; }
refuses trace 'there is no probe'
refuses trace "there is no option -q" -q do_nanosleep
refuses trace "'a:b:c:d' is no probe" a:b:c:d
refuses trace "'x' is no kind of probe" x:b:c
refuses trace "an expression is missing for %d" 'do_nanosleep "%d"'
refuses trace "'hello' is no format" 'do_nanosleep hello'
refuses argdist "-C or -H comes before" p:c:malloc
refuses argdist "-H takes one expression" -H 'p::f(int a, int b):int:a, b'
refuses trace "-p needs a number, not '1x'" -p1x f
refuses trace '-L needs a value' f -L
refuses trace '--time takes no value' --time=1 f
refuses argdist "there is no option -K" -K
refuses argdist "there is no option --" --
for tool in trace argdist; do
	run "./$tool" --help
	expect_status 0
	expect_match out "^usage: $tool "
done

needs root uprobe
funcs=$(command -v funcs)
hold funcs -w 10
start ./trace -p "$held" "$funcs:f_string \"%s\", arg1" sys_exit_group
release
ended
expect_equal "$(grep -cE '^[0-9]+ +[0-9]+ +funcs +f_string +hello$' out)" 10 trace
expect_equal "$(grep -cE '^[0-9]+ +[0-9]+ +funcs +sys_exit_group +$' out)" 1 'trace: a system call'
hold funcs -w 10
start ./argdist -p "$held" -C "p:$funcs:f_string()" -H "r:$funcs:f_string(char *s):u64:\$entry(s) != 0"
release
ended
expect_match out '^@d1: 10$'
expect_equal "$(tail -n +2 out | grep -c f_string)" 2 labels

hold funcs -w 10
start ./trace -A -p "$held" "$funcs:f_string \"%s\", arg1"
release
ended
expect_match out "^  [0-9]+ +[0-9]+ +funcs +f_string +hello +10\$"

# NULL is no mistake; bytes are as many as the text has
if command -v python3 >/dev/null; then
	hold env PLY_SET=here python3 -c 'if 1:
		import ctypes, os
		libc = ctypes.CDLL(None)
		input()
		for name in (b"PLY_SET", b"PLY_UNSET") * 3:
			libc.getenv(name)
		libc.strtok(b"a\0b", b"")
		libc.strtok(b"a\0c", b"")
		os._exit(0)'
	start ./trace -B -p "$held" 'r:c:getenv "%s", retval' 'c:strtok (STRCMP("a\x00b", arg1)) "two"'
	echo >&9
	release
	ended
	expect_equal "$(tail -n 7 out | awk '{ print $4, $5 }' | tr '\n' ';')" \
		'getenv here;getenv (null);getenv here;getenv (null);getenv here;getenv (null);strtok two;' 'trace: NULL, and -B'
	! grep -q warning err || fail 'trace: NULL'
fi

# by their messages; ply's lines after the end of the process are still seen
hold funcs -w 10
start ./trace -t -f hell -p "$held" "$funcs:f_string \"%s\", arg1" "$funcs:f_outer \"goodbye\""
release
ended
expect_equal "$(grep -cE '^ +[0-9]+\.[0-9]{6} [0-9]+ +[0-9]+ +funcs +f_string +hello$' out)" 10 'trace -f'
expect_equal "$(wc -l <out)" 11 'trace -f'

# itself, with -S only
hold calls -w getppid 1
start ./trace -n ply 't:raw_syscalls:sys_enter'
itself=$pid
release
stop
expect_equal "$(grep -c "^$itself " out)" 0 'trace: of itself'
by_itself() { grep -q "^$pid " out; }
start ./trace -S -n ply 't:raw_syscalls:sys_enter'
wait_for by_itself
stop
exit 0
