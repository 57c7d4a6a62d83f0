# What scripts of D do by habit, each on events of which the number is known: runtimes of languages, lists of calls as a debugger prints them,
# flows and times by function, speculation, counters of the system.
. "$TESTDIR/lib.sh"
needs root uprobe runtimes

ln -s "$PLY" dtrace
PATH=$PWD:$PATH
short_keys

# how functions of a script call each other
cat >flow.d <<'EOF'
#!/usr/sbin/dtrace -Zs
/*
 * flow.d - functions of a script as they are called.
 *
 * USAGE: flow.d		(Ctrl-C ends it)
 */
#pragma D option quiet
#pragma D option switchrate=10

self int depth;

dtrace:::BEGIN
{
	printf("%4s %-12s -- %s\n", "LINE", "FILE", "FUNC");
}

python*:::function-entry
{
	printf("%4d %-12s %*s-> %s\n", arg2, basename(copyinstr(arg0)), self->depth * 2, "", copyinstr(arg1));
	self->depth++;
}

python*:::function-return
{
	self->depth -= self->depth > 0 ? 1 : 0;
	printf("%4d %-12s %*s<- %s\n", arg2, basename(copyinstr(arg0)), self->depth * 2, "", copyinstr(arg1));
}
EOF
run dtrace -Zs flow.d -c 'runtimes 1'
expect_status 0
expect_out <<'EOF'
LINE FILE         -- FUNC
   5 module.py    -> outer
  15 module.py      -> inner
  25 module.py        -> inner
  26 module.py        <- inner
  16 module.py      <- inner
   6 module.py    <- outer

EOF

# times with and without what was called, by the preprocessor; the same where there is no such program
cat >times.d <<'EOF'
#!/usr/sbin/dtrace -CZs
#pragma D option quiet
#define TOP	2		/* rows */
#define US(ns)	((ns) / 1000)

python*:::function-entry
{
	self->depth++;
	self->exclude[self->depth] = 0;
	self->function[self->depth] = timestamp;
	self->vfunction[self->depth] = vtimestamp;
}

python*:::function-return
/self->function[self->depth]/
{
	this->incl = timestamp - self->function[self->depth];
	this->excl = this->incl - self->exclude[self->depth];
	self->function[self->depth] = 0;
	self->vfunction[self->depth] = 0;
	self->exclude[self->depth] = 0;
	this->file = basename(copyinstr(arg0));
	this->name = copyinstr(arg1);

	@num[this->file, "func", this->name] = count();
	@num["-", "total", "-"] = count();
	@wrong[this->file] = sum(this->excl > this->incl);
	@lines[strjoin(strjoin(this->file, ":"), lltostr(arg2))] = count();
	@time[this->file] = sum(US(this->incl));

	self->depth--;
	self->exclude[self->depth] += this->incl;
}

dtrace:::END
{
	trunc(@num, TOP);
	printf("   %-12s %-8s %-8s %8s\n", "FILE", "TYPE", "NAME", "COUNT");
	printa("   %-12s %-8s %-8s %@8d\n", @num);
	printa("   %-12s %@d\n", @wrong);
	printa("   %-12s %@d\n", @lines);
	normalize(@time, 1000000000);
	printa("   %-12s %@d\n", @time);
	trunc(@time);
}
EOF
if command -v cpp >/dev/null; then
	run dtrace -CZs times.d -c 'runtimes 2'
	expect_status 0
	expect_out <<'EOF'
   FILE         TYPE     NAME        COUNT
   module.py    func     inner           4
   -            total    -               6
   module.py    0
   module.py:16 2
   module.py:26 2
   module.py:6  2
   module.py    0

EOF
	run dtrace -CZs times.d -c true
	expect_status 0
	expect_out <<'EOF'
   FILE         TYPE     NAME        COUNT

EOF
fi

# names that are told with their lengths; many providers in one script, some of which nobody has
cat >runtimes.d <<'EOF'
#pragma D option quiet
#pragma D option jstackstrsize=4096
#pragma D option bufsize=16m
hotspot*:::method-entry
{
	this->class = (char *)copyin(arg1, arg2 + 1);
	this->class[arg2] = '\0';
	this->method = (char *)copyin(arg3, arg4 + 1);
	this->method[arg4] = '\0';
	@calls["java", stringof(this->class), stringof(this->method)] = count();
}
hotspot*:::object-alloc { this->c = (char *)copyin(arg1, arg2 + 1); this->c[arg2] = '\0'; @sizes[(string)this->c] = sum(arg3); }
hotspot_jni*:::*-entry { @jni[probename] = count(); }
ruby*:::method-entry, ruby*:::function-entry { @calls["ruby", copyinstr(arg0), copyinstr(arg1)] = count(); }
perl*:::sub-entry { @calls["perl", basename(copyinstr(arg1)), copyinstr(arg0)] = count(); }
php*:::function-entry { @calls["php", basename(copyinstr(arg1)), copyinstr(arg0)] = count(); }
tcl*:::proc-entry { @calls["tcl", copyinstr(arg0), ""] = count(); }
mysql*:::query-start { self->query = copyinstr(arg0); self->start = timestamp; }
mysql*:::query-done /self->start/ { @calls["mysql", self->query, arg0 ? "failed" : "done"] = count(); self->start = 0; self->query = 0; }
postgresql*:::transaction-start { self->ts = timestamp; }
postgresql*:::transaction-commit /self->ts/ { @calls["postgresql", "commit", ""] = count(); self->ts = 0; }
END { printa("%s %s %s %@d\n", @calls); printa("%s %@d\n", @sizes); printa("%s %@d\n", @jni); }
EOF
run dtrace -xaggsortkey -Zs runtimes.d -c 'runtimes 3'
expect_status 0
expect_out <<'EOF'
java java/lang/String hashCode 3
mysql select 1 done 3
perl page main::sub 3
php page func 3
postgresql commit  3
ruby Class method 3
java/lang/String 72
GetVersion-entry 3

EOF

# all calls with their arguments, some in ways of their own
cat >calls.d <<'EOF'
#pragma D option quiet
#pragma D option defaultargs
inline int OPT_elapsed = 0;
inline int OPT_counts = 1;
inline string NAME = "";

syscall:::entry
/pid == $target || (strlen(NAME) > 0 && NAME == execname)/
{
	self->start = timestamp;
	self->arg0 = arg0; self->arg1 = arg1; self->arg2 = arg2;
	OPT_counts ? @counts[probefunc] = count() : 1;
}
syscall::open:return, syscall::open64:return, syscall::creat:return, syscall::stat*:return, syscall::xstat:return, syscall::resolvepath:return
/self->start/
{
	OPT_elapsed ? printf("%7d: ", timestamp - self->start) : 1;
	self->code = errno;
	printf("%s(\"%S\", 0x%X)\t\t = %d %s%d\n", probefunc, copyinstr(self->arg0), self->arg1, (int)arg0, self->code ? "Err#" : "", (int)self->code);
	self->start = 0;
}
syscall:::return /self->start/ { self->start = 0; }
END { OPT_counts ? printa("%-12s %@3d\n", @counts) : 1; }
EOF
run dtrace -Zs calls.d -c 'calls -p /nonexistent openat 2'
expect_status 0
grep -E '^openat' out >some && mv some out
expect_out <<'EOF'
openat("/nonexistent", 0x0)		 = -1 Err#2
openat("/nonexistent", 0x0)		 = -1 Err#2
openat         2
EOF

# calls and their sum, as options say
cat >sums.d <<'EOF'
#pragma D option quiet
inline int OPT_total = 1;
inline int OPT_count = 1;
inline int OPT_cpu = 0;
syscall:::entry /pid == $target/ { self->start = timestamp; self->vstart = vtimestamp; }
syscall:::return
/self->start && (probefunc == "getppid" || probefunc == "exit")/
{
	OPT_count ? @counts[probefunc] = count() : 1;
	OPT_cpu ? @cpu[probefunc] = sum(vtimestamp - self->vstart) : 1;
	OPT_count && OPT_total ? @counts["TOTAL:"] = count() : 1;
	OPT_cpu && OPT_total ? @cpu["TOTAL:"] = sum(vtimestamp - self->vstart) : 1;
}
syscall:::return { self->start = 0; self->vstart = 0; }
END { OPT_count ? printa("%16s %@16d\n", @counts) : 1; OPT_cpu ? printa("%16s %@16d\n", @cpu) : 1; }
EOF
run dtrace -s sums.d -c 'calls getppid 7'
expect_status 0
expect_out <<'EOF'
          TOTAL:                7
         getppid                7

EOF

# only what failed, by speculation
cat >failed.d <<'EOF'
#pragma D option quiet
#pragma D option nspec=4
syscall::openat:entry /pid == $target/ { self->spec = speculation(); }
syscall::openat:entry /self->spec/ { speculate(self->spec); printf("open %s\n", copyinstr(arg1)); }
syscall:::return /self->spec/ { speculate(self->spec); printf("  %s:%s %d\n", probefunc, probename, errno); }
syscall::openat:return /self->spec && errno != 0/ { commit(self->spec); self->spec = 0; }
syscall::openat:return /self->spec && errno == 0/ { discard(self->spec); self->spec = 0; }
EOF
run dtrace -s failed.d -c 'calls -p /nonexistent openat 2'
expect_status 0
expect_out <<'EOF'
open /nonexistent
  openat:return 2
open /nonexistent
  openat:return 2

EOF
run dtrace -s failed.d -c 'calls -p /dev/null openat 2'
expect_out <<'EOF'

EOF

# functions of a program, their results
cat >functions.d <<'EOF'
#pragma D option quiet
pid$target:a.out:f_*:entry
{
	self->ts[probefunc] = timestamp;
	@n[probemod, probefunc] = count();
}
pid$target:a.out:f_*:return
/self->ts[probefunc]/
{
	@t[probefunc, (int)arg1] = count();
	self->ts[probefunc] = 0;
}
END { printa("%s %s %@d\n", @n); printa("%s %d %@d\n", @t); }
EOF
run dtrace -s functions.d -c 'funcs 3'
expect_status 0
expect_match out 'f_args 3$'
expect_match out '^f_args -7 3$'
expect_match out '^f_stack [0-9]+ 3$'

# counters: of processes, of the network, those that this kernel has
if [ -e /sys/kernel/btf/vmlinux ]; then
	run dtrace -qn 'sysinfo:::nthreads, sysinfo:::sysfork /pid == $target/ { @[probeprov, probename] = sum(arg0); }' -c 'spawn -t 4'
	expect_status 0
	expect_match out ' nthreads +4$'
	run dtrace -qn 'mib:::tcpActiveOpens /pid == $target/ { @[probeprov, probename] = sum(arg0); }' -c "tcp 17171 5"
	expect_status 0
	expect_match out ' tcpActiveOpens +5$'
	run dtrace -qn 'lockstat:::, sysinfo:::, vminfo:::, mib::: { @[probeprov, probename] = sum(arg0); } tick-10ms { exit(0); }'
	expect_status 0
fi
if command -v perl >/dev/null; then
	run dtrace -qn 'proc:::fault /pid == $target/ { printf("%d %d %x", args[0], args[1]->si_code, args[1]->si_addr); }' -c "perl -e 'unpack(\"p\",pack(\"J\",8))'"
	expect_match out '^11 1 8$'
fi

# the program in a shell's script, with that script's options as inlines
cat >wrapper <<'END'
opt=1; name=calls
dtrace -n '
 #pragma D option quiet
 inline int OPT_x = '$opt';
 inline string NAME = "'$name'";
 dtrace:::BEGIN { printf("%s\n", NAME); }
 syscall::getppid:entry /execname == NAME && OPT_x && pid == $target/ { @[execname] = count(); }
' -c "calls getppid 4"
END
run sh wrapper
expect_status 0
expect_err </dev/null
expect_out <<'EOF'
calls

  calls                                                             4
EOF
run dtrace -n '#pragma D option nosuch
BEGIN { exit(0); }'
expect_status 1
