The language of D.

== letters and numbers of strings
BEGIN { printf("%s %s %d %d %d\n", toupper("abc{Z"), tolower("ABC[z"), strtoll("0x1f", 16), strtoll("  -42abc"), strtoll("777", 8)); exit(0); }
-- args --dtrace -qn
--
ABC{Z abc[z 31 -42 511

-- end

== characters of strings
BEGIN { self->s = "path"; this->i = 2; printf("%d %c %c\n", self->s[0] == 'p', self->s[1], self->s[this->i]); exit(0); }
-- args --dtrace -qn
--
1 a t

-- end

== memory of the firing
BEGIN { this->p = alloca(16); bcopy("hello", this->p, 6); this->q = alloca(8); bcopy("other", this->q, 6); printf("%s %s\n", stringof(this->p), stringof(this->q)); exit(0); }
-- args --dtrace -qn
--
hello other

-- end

== more memory than there is ends the clause
BEGIN { this->p = alloca(100000); printf("never\n"); }
BEGIN { printf("next\n"); exit(0); }
-- args --dtrace -qn
-- stderr
dtrace: error in dt_clause_0 for probe ID 1 (dtrace:::BEGIN): out of scratch space at BPF pc N
--
next

-- end

== memory of the process
syscall::write:entry /pid == $target/ { printf("%d [%s]", arg2, stringof(copyin(arg1, arg2 - 1))); }
-- args --dtrace -c 'echo hello' -qn
--
hello
6 [hello]

== constant zone
BEGIN { printf("%s %d %d\n", zonename, zoneid, pset); exit(0); }
-- args --dtrace -qn
--
global 0 0

-- end

== ancestors
BEGIN { printf("%d %d\n", progenyof($pid), progenyof(999999)); exit(0); }
-- args --dtrace -qn
--
1 0

-- end

== what is speculated is printed when it is committed
BEGIN { self->spec = speculation(); }
BEGIN { speculate(self->spec); printf("kept\n"); }
BEGIN { printf("before\n"); }
BEGIN { commit(self->spec); }
BEGIN { other = speculation(); speculate(other); printf("never\n"); }
BEGIN { discard(other); exit(0); }
-- args --dtrace -qn
--
before
kept

-- end

== there are as many speculations as -x nspec says
BEGIN { printf("%d %d %d\n", speculation(), speculation(), speculation()); exit(0); }
-- args --dtrace -xdroptags -x nspec=2 -qn
-- stderr
dtrace: [DTRACEDROP_SPECUNAVAIL] 1 failed speculation (no speculative buffer available)
--
1 2 0

-- end

== tracemem
BEGIN { tracemem("hello world, this is", 20); exit(0); }
-- args --dtrace -qn
--

             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef
         0: 68 65 6c 6c 6f 20 77 6f 72 6c 64 2c 20 74 68 69  hello world, thi
        10: 73 20 69 73                                      s is

-- end

== options may change while the program runs
BEGIN { @["b"] = sum(1); @["a"] = sum(2); setopt("aggsortkey"); exit(0); }
-- args --dtrace -qn
--

  a                                                                 2
  b                                                                 1

== ^^, comma, compound assignment
BEGIN { x = 10; x += 5; x <<= 1; printf("%d %d %d %d\n", 1 ^^ 1, 1 ^^ 0, (1, 2, 3), x); exit(0); }
-- args --dtrace -qn
--
0 1 3 30

-- end

== declarations
typedef struct pt { int x; int y; char name[8]; } pt_t;
enum color { RED, GREEN = 5, BLUE };
inline int add[int a, int b] = a + b;
this int i; self string s; string g; int arr[string, int];
BEGIN { this->i = 5; self->s = "str"; g = "glob"; arr["a", 1] = 7; printf("%d %d %d %d %d %s %s %d\n", sizeof(pt_t), offsetof(struct pt, y), BLUE, add[2, 3], this->i, self->s, g, arr["a", 1]); exit(0); }
-- args --dtrace -qn
--
16 4 6 5 5 str glob 7

-- end

== translators
struct inner { uint8_t a; uint8_t b; };
translator struct inner < int v > { a = v & 0xff; b = v >> 8; };
BEGIN { this->in = xlate <struct inner *> (0x1234); printf("%x %x %x\n", this->in->a, this->in->b, xlate <struct inner> (7).a); exit(0); }
-- args --dtrace -qn
--
34 12 7

-- end

== a translation that is not declared
struct inner { int a; };
BEGIN { trace(xlate <struct inner *> (1)->a); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier struct inner { int a; };
BEGIN { trace(xlate <struct inner *> (1)->a); }: [D_XLATE_NONE] in action list: there is no translator from s32 to struct inner *
    BEGIN { trace(xlate <struct inner *> (1)->a); }
                  ^~~~~~~~~~~~~~~~~~~~~~~~~~
--

== a member that the translator does not give
struct inner { int a; int b; };
translator struct inner < int v > { a = v; };
BEGIN { trace(xlate <struct inner *> (1)->b); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier struct inner { int a; int b; };
translator struct inner < int v > { a = v; };
BEGIN { trace(xlate <struct inner *> (1)->b); }: [D_XLATE_NOCONV] in action list: the translator does not give member 'b' of struct inner
    BEGIN { trace(xlate <struct inner *> (1)->b); }
                                              ^
--

== assigning 0 forgets the element
BEGIN { a["x"] = 1; a["x"] = 0; a["y"] = 2; printf("%d %d\n", a["x"], a["y"]); exit(0); }
-- args --dtrace -qn
--
0 2

-- end

== a clause runs once for each of its specs that match
BEGIN, BEGIN { printf("twice\n"); }
BEGIN { exit(0); }
-- args --dtrace -qn
--
twice
twice

-- end

== system calls under the names of other systems
syscall::getppid:entry /pid == $target/ { @[probefunc, probename] = count(); }
syscall::lwp_self:entry /pid == $target/ { @[probefunc, probename] = count(); }
-- args --dtrace -c 'calls getppid 5' -qn
--

  getppid                                             entry                                                             5

== bytes read and written
sysinfo:::writech /pid == $target/ { @[probeprov, probename] = sum(arg0); }
sysinfo:::syswrite /pid == $target/ { @n = sum(arg0); }
-- args --dtrace -c 'echo hello' -qn
--
hello

  sysinfo                                             writech                                                           6
                1

== a fault ends its clause and fires ERROR
BEGIN { printf("never"); trace(*(int *)16); }
BEGIN { this->z = 0; printf("%d\n", 1 / this->z); }
BEGIN { printf("after\n"); exit(0); }
ERROR { printf("%d %d %d\n", arg1, arg4, arg5); }
-- args --dtrace -qn
-- stderr
dtrace: error in dt_clause_0 for probe ID 1 (dtrace:::BEGIN): invalid address (0x10) at BPF pc N
dtrace: error in dt_clause_1 for probe ID 1 (dtrace:::BEGIN): divide-by-zero at BPF pc N
--
1 1 16
2 4 0
after

-- end

== what ERROR prints stands where the fault was
BEGIN { trace(1); }
BEGIN { x = *(int *)16; }
BEGIN { trace(2); }
BEGIN { x = 5 / (pid - pid); }
ERROR { trace(3); }
ERROR { trace(4); }
BEGIN { trace(5); exit(0); }
-- args --dtrace -qn
-- stderr
dtrace: error in dt_clause_1 for probe ID 1 (dtrace:::BEGIN): invalid address (0x10) at BPF pc N
dtrace: error in dt_clause_3 for probe ID 1 (dtrace:::BEGIN): divide-by-zero at BPF pc N
--
1342345

== a fault in a predicate
BEGIN / *(int *)8 == 0 / { printf("never\n"); }
BEGIN { exit(0); }
dtrace:::ERROR { printf("%s %d\n", probename, arg5); }
-- args --dtrace -qn
-- stderr
dtrace: error in dt_clause_0 for probe ID 1 (dtrace:::BEGIN): invalid address (0x8) at BPF pc N
--
ERROR 8

-- end

== a fault in a clause of ERROR
BEGIN { trace(*(int *)16); }
BEGIN { exit(0); }
ERROR { trace(*(int *)32); }
-- args --dtrace -qn
-- stderr
dtrace: error in dt_clause_0 for probe ID 1 (dtrace:::BEGIN): invalid address (0x10) at BPF pc N
dtrace: 1 error in ERROR probe enabling
--

-- end

== faults in clauses of ERROR are counted
BEGIN { trace(*(int *)16); }
BEGIN { trace(*(int *)16); }
BEGIN { exit(0); }
ERROR { trace(*(int *)32); }
ERROR { printf("handled\n"); }
-- args --dtrace -xdroptags -qn
-- stderr
dtrace: error in dt_clause_0 for probe ID 1 (dtrace:::BEGIN): invalid address (0x10) at BPF pc N
dtrace: error in dt_clause_1 for probe ID 1 (dtrace:::BEGIN): invalid address (0x10) at BPF pc N
dtrace: [DTRACEDROP_DBLERROR] 2 errors in ERROR probe enabling
--
handled
handled

-- end

== psinfo
BEGIN { printf("%d %d %d %s %s\n", curpsinfo->pr_pid == pid, curpsinfo->pr_ppid == ppid, curpsinfo->pr_uid, curpsinfo->pr_fname, basename(strtok(curpsinfo->pr_psargs, " "))); exit(0); }
-- args --dtrace -qn
-- needs btf
--
1 1 0 ply ply

-- end

== the arguments of a process that begins
proc:::exec-success /pid == $target/ { printf("%s [%s] %d\n", execname, curpsinfo->pr_psargs, curlwpsinfo->pr_lwpid == tid); }
-- args --dtrace -c 'calls getppid 1' -qn
-- needs btf
--
calls [calls getppid 1] 1

-- end

== processes and threads
proc:::create /pid == $target/ { @c[execname] = count(); @n[args[0]->pr_ppid == $target] = count(); }
proc:::exit /progenyof($target) && pid != $target/ { @x[args[0]] = count(); }
proc:::start /ppid == $target/ { @s = count(); }
-- args --dtrace -c 'spawn 20' -qn
-- needs btf
--

  spawn                                                            20
        1               20
        1               20
               20

== signals
proc:::signal-send /pid == $target/ { @[args[2], args[1]->pr_pid == pid, args[1]->pr_fname] = count(); }
proc:::signal-handle /pid == $target/ { @h[args[0], args[1]->si_signo, args[1]->si_pid == pid, args[1]->si_code] = count(); }
-- args --dtrace -c 'signals 10 7' -qn
-- needs btf
--

       10        1  signals                                                           7
       10       10        1        0                7

== time on the CPU is not more than time
syscall::getppid:entry /pid == $target/ { self->ts = timestamp; self->vts = vtimestamp; }
syscall::getppid:return /self->ts/ { right += vtimestamp - self->vts <= timestamp - self->ts + 1000 && vtimestamp >= self->vts; self->ts = 0; self->vts = 0; }
/* a hypervisor that takes the CPU away makes the kernel's clock of the task jump now and then */
END { printf("%d\n", right >= 45); }
-- args --dtrace -c 'calls getppid 50' -qn
-- needs btf
--
1

-- end

== addresses of IPv6, the clause's number, the folder
BEGIN { exit(0); }
BEGIN { this->p = alloca(16); bcopy("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", this->p, 16); printf("%s %d %d %s\n", inet_ntoa6(this->p), epid, strlen(cwd) > 0, root); }
-- args --dtrace -qn
-- needs btf
--
2001:db8::1 2 1 /

-- end

== addresses of the link layer, the arguments of a program
BEGIN { this->p = (uchar_t *)alloca(6); bcopy("\1\2\xab\xcd\xef\0", this->p, 6); printf("%s\n", link_ntop(1, this->p)); trace(link_ntop(1, this->p)); }
BEGIN { @[link_ntop(1, this->p)] = count(); }
syscall::getppid:entry /pid == $target/ { printf("\n%s", execargs); @a[execargs] = count(); }
-- args --dtrace -c 'calls getppid 1' -qn
-- needs btf
--
01:02:ab:cd:ef:00
01:02:ab:cd:ef:00
calls getppid 1
  01:02:ab:cd:ef:00                                                 1
  calls getppid 1                                                   1

== memory of the firing is written through pointers
struct s { int a; char b[4]; short c; };
BEGIN { this->p = (struct s *)alloca(sizeof(struct s)); this->p->a = 5; this->p->b[1] = 7; this->p->b[1] += 3; this->p->a++; *(&this->p->c) = -2; }
BEGIN { this->q = (char *)alloca(4); this->q[0] = 'h'; this->q[1] = 'i'; this->q[2] = '\0'; x = this->q[0]; this->q[0] = 'b'; }
BEGIN { printf("%d %d %d %s %c %s\n", this->p->a, this->p->b[1], this->p->c, stringof(this->q), x, (string)this->q); exit(0); }
-- args --dtrace -qn
--
6 10 -2 bi h bi

-- end

== a string of a process that is ended by hand
syscall::write:entry /pid == $target/ { self->s = (char *)copyin(arg1, arg2); self->s[arg2 - 1] = '\0'; self->name = (string)self->s; self->s[0] = 'J'; printf("[%s] %s", self->name, stringof(self->s)); }
-- args --dtrace -c 'echo hello' -qn
--
hello
[hello] Jello

== other memory is not written
BEGIN { *(int *)8 = 1; printf("never\n"); }
BEGIN { exit(0); }
-- args --dtrace -qn
-- stderr
dtrace: error in dt_clause_0 for probe ID 1 (dtrace:::BEGIN): invalid address (0x8) at BPF pc N
--

-- end

== nor is what lies behind that of the firing
BEGIN { this->p = (int *)alloca(4); this->p[512] = 1; printf("never\n"); }
ERROR { exit(arg4); }
-- args --dtrace -qn
-- status 1
--

-- end

== nor is what no pointer leads to
BEGIN { arg0[1] = 2; }
-- args --dtrace -xerrtags -qn
-- status 1
-- stderr
dtrace: invalid probe specifier BEGIN { arg0[1] = 2; }: [D_OP_PTR] in action list: only maps, arrays and pointers have elements, not a number
    BEGIN { arg0[1] = 2; }
            ^~~~
--

== members and elements of variables
struct inner { int b; char c[4]; };
struct outer { int a; struct inner in; int three:3; int five:5; unsigned seven:7; };
union word { int i; char c[4]; };
struct outer f;
struct outer by[int];
self struct outer s;
this struct outer t;
union word w;
int a[5];
BEGIN
{
	f.a = 3; f.a += 4; f.in.b = 8; f.in.c[1] = 'x'; f.in.c[2]++;
	f.three = 3; f.five = -2; f.seven = 100;
	by[1].a = 5; by[2].in.b = 6; self->s.a = 7; this->t.in.b = 8;
	w.i = 0x41424344; i = 2; a[0] = 1; a[i] = 9; a[i + 1] = a[i]--;
	printf("%d %d %c %d\n", f.a, f.in.b, f.in.c[1], f.in.c[2]);
	printf("%d %d %d\n", f.three, f.five, f.seven);
	printf("%d %d %d %d %d\n", by[1].a, by[2].in.b, by[3].a, self->s.a, this->t.in.b);
	printf("%c %d %d %d %d\n", w.c[0], a[0], a[1], a[2], a[3]);
	exit(0);
}
-- args --dtrace -qn
--
7 8 x 1
3 -2 100
5 6 0 7 8
D 1 0 8 9

-- end

== writing through pointers
struct outer { int a; struct { int b; } in; };
BEGIN
{
	x = (int *)alloca(8); *x = 5; y = *x; x[1] = 6; (*x)++; x[1] += 10;
	this->f = (struct outer *)alloca(sizeof (struct outer)); this->f->in.b = 7;
	printf("%d %d %d %d %d\n", y, *x, x[1], this->f->a, this->f->in.b);
}
BEGIN { *(int *)16 = 5; }
ERROR { printf("%d\n", arg4); }
BEGIN { exit(0); }
-- args --dtrace -qn
-- stderr
dtrace: error in dt_clause_1 for probe ID 1 (dtrace:::BEGIN): invalid address (0x10) at BPF pc N
--
5 6 16 0 7
1

-- end

== files that are open
syscall::write:entry /pid == $target && arg0 == 1/ { printf("%s %s %s %d %s\n", fds[arg0].fi_pathname, fds[arg0].fi_name, fds[arg0].fi_dirname, fds[arg0].fi_oflags & 3, fds[999].fi_name); exit(0); }
-- args --dtrace -c 'sh -c "echo x >/dev/null"' -qn
-- needs btf
--
/dev/null null /dev 1 <unknown>

-- end

== where the file system of an open file is mounted
syscall::read:entry /pid == $target && fds[arg0].fi_name == "stat"/ { printf("%s %s\n", fds[arg0].fi_fs, fds[arg0].fi_mount); exit(0); }
-- args --dtrace -c 'sh -c "read x </proc/self/stat"' -qn
-- needs btf
--
proc /proc

-- end

== registers of the program that is in the kernel
syscall::write:entry /pid == $target && arg2 == 2/ { printf("%d %d %d %x %d %d\n", uregs[R_ORIG_RAX] == 1, uregs[R_RDX], uregs[R_RSI] == arg1, uregs[R_CS], uregs[R_RSP] == uregs[R_SP], uregs[R_PC] != 0); exit(0); }
-- args --dtrace -c 'sh -c "echo x >/dev/null"' -qn
-- needs btf
--
1 2 1 33 1 1

-- end

== what is written with a suffix is of that type
#pragma D option quiet
BEGIN { x = 1ull; y = 1L; z = 1u; w = 1; trace(x); trace(y); trace(z); trace(w); printf("%d %d %d %d", sizeof(x), sizeof(y), sizeof(z), sizeof(w)); exit(0); }
-- args --dtrace -n
--
11118 8 4 4
-- end

== $target is 0 without a process; a predicate may assign
BEGIN /pid == $target/ { trace("never"); }
BEGIN /this->x = 5/ { trace($target); trace(this->x); exit(0); }
-- args --dtrace -qn
-- stderr
dtrace: warning: '=' assigns, so that the condition is always the same
    BEGIN /this->x = 5/ { trace($target); trace(this->x); exit(0); }
                   ^
hint: '==' compares
--
05
-- end

== locks
BEGIN { this->m = &curthread->signal->cred_guard_mutex; printf("%d %d %d %d %d\n", mutex_owned(this->m), mutex_owner(this->m) == NULL, mutex_type_adaptive(this->m), mutex_type_spin(this->m), ipl); }
BEGIN { this->l = (rwlock_t *)alloca(8); *(int *)this->l = 0x200; printf("%d %d %d\n", rw_read_held(this->l), rw_write_held(this->l), rw_iswriter(this->l)); }
BEGIN { this->l = (rwlock_t *)alloca(8); *(int *)this->l = 0xff; printf("%d %d %d\n", rw_read_held(this->l), rw_write_held(this->l), rw_iswriter(this->l)); }
BEGIN { this->l = (rwlock_t *)alloca(8); *(int *)this->l = 0x300; printf("%d %d %d\n", rw_read_held(this->l), rw_write_held(this->l), rw_iswriter(this->l)); }
BEGIN { this->s = (struct rw_semaphore *)alloca(8); *(long *)this->s = 0x200; printf("%d %d %d\n", rw_read_held(this->s), rw_write_held(this->s), rw_iswriter(this->s)); }
BEGIN { this->s = (struct rw_semaphore *)alloca(8); *(long *)this->s = 3; printf("%d %d %d\n", rw_read_held(this->s), rw_write_held(this->s), rw_iswriter(this->s)); }
BEGIN { this->s = &curthread->mm->mmap_lock; printf("%d %d %d\n", rw_read_held(this->s), rw_write_held(this->s), rw_iswriter(this->s)); exit(0); }
-- args --dtrace -qn
-- needs btf
--
0 1 1 0 0
1 0 0
0 1 1
1 0 1
1 0 0
0 1 1
0 0 0

-- end

== addresses of the network are compared with their texts
BEGIN { x = (uint32_t *)alloca(4); *x = 0x0100007f; printf("%d %d %d %d\n", inet_ntoa(x) == "127.0.0.1", inet_ntoa(x) != "127.0.0.1", inet_ntoa(x) == "127.0.0.2", inet_ntoa(x) == "none"); }
BEGIN { this->p = alloca(16); bcopy("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", this->p, 16); y = inet_ntoa6(this->p); printf("%d %d\n", inet_ntoa6(this->p) == "2001:db8::1", y == "::1"); }
BEGIN /y == "2001:db8::1"/ { exit(0); }
-- args --dtrace -qn
--
1 0 0 0
1 0

-- end

== wide characters and strings
BEGIN { printf("%wc|%lc|%ls|%ws|%hd %lld\n", 65, 66, "abc", "def", 7, 8); exit(0); }
-- args --dtrace -qn
--
A|B|abc|def|7 8

-- end

== names of probes are strings where they meet others
syscall::getppid:entry, syscall::getppid:return /pid == $target/ { @n[probefunc] = count(); @n["TOTAL:"] = count(); @b[probename, "call"] = count(); }
syscall::getppid:entry /pid == $target/ { self->f = strjoin(probefunc, "()"); @f[self->f, strlen(probename)] = count(); }
syscall::getppid:entry, syscall::getpid:entry /pid == $target/ { @c[probename == "entry" ? probefunc : "none"] = count(); self->h = "none"; self->h = probefunc; @h[self->h, self->h == probefunc] = count(); }
END { printa("%s %@d\n", @n); printa("%s %s %@d\n", @b); printa("%s %d %@d\n", @f); printa("%s %@d\n", @c); printa("%s %d %@d\n", @h); }
-- args --dtrace -c 'calls getppid 3' -qn
--
TOTAL: 6
getppid 6
entry call 3
return call 3
getppid() 5 3
getppid 3
getppid 1 3

-- end

== and of several functions each has its own
string last;
syscall:::entry /pid == $target && (probefunc == "kill" || probefunc == "getpid")/ { last = probefunc; @[probefunc] = count(); @["all"] = count(); @l[last] = count(); }
END { printa("%s %@d\n", @); printa("%s %@d\n", @l); }
-- args --dtrace -c 'signals 10 3' -qn
--
getpid 3
kill 3
all 6
getpid 3
kill 3

-- end

== strings that are members of structs in maps
struct file { int fd; string name; struct { string first; } in; };
struct file open[int];
self struct file now[string];
BEGIN { open[3].name = execname; self->now["x"].name = "a"; self->now["x"].in.first = self->now["x"].name = "b"; }
BEGIN { printf("%d %s %s\n", open[3].name == execname, self->now["x"].name, self->now["x"].in.first); }
BEGIN { self->now["x"].name = NULL; self->now["x"].in.first = 0; printf("[%s] %d\n", self->now["x"].name, self->now["x"].in.first == ""); exit(0); }
-- args --dtrace -qn
--
1 b b
[] 1

-- end

== names of probes are strings wherever they are kept or compared
struct place { string name; } here;
inline string loud[string s] = strjoin(s, "!");
BEGIN { here.name = probename; self->name = probename; printf("%s %s %s %s\n", here.name, self->name, loud[probename], stringof(probename)); }
BEGIN { printf("%d %d %d %d %d\n", here.name == probename, probename == NULL, probefunc == NULL, probename == execname, (string)probename == self->name); }
BEGIN { printf("%d %d\n", self->name == "BEGIN", self->name != NULL); self->name = NULL; printf("%d %d\n", self->name == "BEGIN", self->name != NULL); exit(0); }
-- args --dtrace -qn
--
BEGIN BEGIN BEGIN! BEGIN
1 0 1 0 1
1 1
0 0

-- end

== what is added to a variable that began with a constant can be large
BEGIN { a = 0; self->b = 0; c = 0; this->d = 7; }
BEGIN { a += timestamp + (1ll << 40); self->b -= (1ll << 40) * arg0 + 5; c += 3; c++; this->d += arg0; }
BEGIN { printf("%d %d %d %d %d\n", a > 1ll << 40, self->b, sizeof(c), c, sizeof(this->d)); exit(0); }
-- args --dtrace -qn
--
1 -5 4 4 8

-- end

== an int that meets an unsigned int is one
BEGIN { i = -1; u = (unsigned)1; this->c = (char)-1; printf("%d%d%d%d%d%d%d\n", -1 < 1u, i < u, i > u, u <= i, i < 1, this->c < u, i == 4294967295u); exit(0); }
-- args --dtrace -qn
--
0011101

-- end

== addresses are compared with each other
BEGIN { this->a = (ipaddr_t *)alloca(4); *this->a = htonl(0x7f000001); this->b = (ipaddr_t *)alloca(4); *this->b = htonl(0x7f000002);
	x = inet_ntoa(this->a); y = inet_ntoa(this->b); trace(x == y); trace(x != y); trace(x == inet_ntoa(this->a)); trace(x == "127.0.0.1"); exit(0); }
-- args --dtrace -qn
--
0111
-- end

== unsigned ints wrap at 32 bits, in constants as elsewhere
int i; unsigned int u; unsigned short h;
BEGIN { printf("%d %d %d %d %d\n", ~0u >> 4, -1 / 2u, -1 % 7u, 4294967295u + 1, 1 ? -1 : 1u); }
BEGIN { i = -1; u = ~0; h = 65535; printf("%d %d %d %d %d\n", u >> 4, i / 2u, i % 7u, u + 1, i ? i : u); printf("%d %d\n", h + 1, ~h); exit(0); }
-- args --dtrace -qn
--
268435455 2147483647 3 0 -1
268435455 2147483647 3 0 4294967295
65536 -65536

-- end

== ints that overflow go on at 64 bits until they are kept or printed
int i;
BEGIN { printf("%d %d %d %d\n", 5 * 1000000000, 0ll + 5 * 1000000000, 2147483647 + 1 > 0, 1 << 31); }
BEGIN { i = 1000000000; printf("%d %d\n", 5 * i, 0ll + 5 * i); i = 2147483647; printf("%d %d\n", i + 1 > 0, (int)(i + 1) > 0); i *= 5; printf("%d\n", i); exit(0); }
-- args --dtrace -qn
--
705032704 5000000000 1 -2147483648
705032704 5000000000
1 0
2147483643

-- end

== what is declared twice in the same way is declared once
int x; int x; int y[int, string]; int y[int, string]; self int z; self int z;
BEGIN { x = 1; y[1, "a"] = 2; self->z = 3; printf("%d %d %d\n", x, y[1, "a"], self->z); exit(0); }
-- args --dtrace -qn
--
1 2 3

-- end

== arrays of strings
string a[2]; self string b[3];
BEGIN { a[0] = "x"; a[1] = "yy"; self->b[2] = a[1]; i = 1; printf("%s %s %s|%s|\n", a[0], a[i], self->b[2], self->b[0]); exit(0); }
-- args --dtrace -xstrsize=32 -qn
--
x yy yy||

-- end

== dynamic variable drops, where dynvarsize is small; aggregations have room
BEGIN { x["a"] = 1; x["b"] = 2; x["c"] = 3; x["d"] = 4; printf("%d %d %d %d\n", x["a"], x["b"], x["c"], x["d"]); @[1] = count(); @[2] = count(); @[3] = count(); exit(0); }
-- args --dtrace -xdynvarsize=64 -xdroptags -qn
-- stderr
dtrace: [DTRACEDROP_DYNAMIC] 2 dynamic variable drops
--
1 2 0 0

        1                1
        2                1
        3                1
-- end

== sizes that are too large are lowered
BEGIN { exit(0); }
-- args --dtrace -xdynvarsize=1t -xaggsize=300m -qn
-- stderr
dtrace: aggregation size lowered to 256m
dtrace: dynamic variable size lowered to 256m
--

-- end

== pragmas that change nothing
#pragma D depends_on library io.d
#pragma D depends_on module vmlinux
#pragma D depends_on provider syscall
#pragma D attributes Stable/Evolving/ISA x
#pragma D binding "1.0" x
#pragma D ident "x"
#pragma D line 20 "x"
#pragma ident "x"
#ident "x"
int x;
BEGIN { exit(x); }
-- args --dtrace -qn
--

-- end
