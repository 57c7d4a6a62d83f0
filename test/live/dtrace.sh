# dtrace(1): frames, headings, notices, the command line, under the name dtrace.
. "$TESTDIR/lib.sh"
needs root

ln -s "$PLY" dtrace
PATH=$PWD:$PATH

# any CPU
no_cpu() { sed "s/^ *[0-9]* \( *[0-9]* *[a-z0-9_]*:\)/  0 \1/" out >out2 && mv out2 out; }

run dtrace -n 'BEGIN { trace("hello"); trace(1); exit(0); }' -n 'END'
no_cpu
expect_status 0
expect_out <<EOF
CPU     ID                    FUNCTION:NAME
  0      1                           :BEGIN   hello                                      1
  0      2                             :END 

EOF
expect_err <<EOF
dtrace: description 'BEGIN ' matched 1 probe
dtrace: description 'END' matched 1 probe
EOF

# a clause that records nothing prints nothing; one that only aggregates neither
run dtrace -n 'BEGIN { x = 1; @ = count(); } BEGIN { exit(0); }'
no_cpu
expect_out <<EOF
CPU     ID                    FUNCTION:NAME
  0      1                           :BEGIN 

                1
EOF

# the width of what is traced
run dtrace -n 'BEGIN { trace((char)1); trace((short)-2); trace(3); trace(4U); trace(5LL); trace(6ULL); exit(0); }'
no_cpu
expect_out <<EOF
CPU     ID                    FUNCTION:NAME
  0      1                           :BEGIN    1    -2          3          4                   5                    6

EOF

export _DTRACE_TESTING=t
run dtrace -n 'BEGIN { trace("x"); exit(0); }'
expect_out <<EOF
                   FUNCTION:NAME
                          :BEGIN   x                                

EOF
unset _DTRACE_TESTING

# quiet is quiet on stderr, too
run dtrace -q -n 'BEGIN { printf("hi\n"); exit(0); }'
expect_out <<EOF
hi

EOF
expect_err </dev/null

# a script with an interpreter line, pragmas, arguments
cat >script.d <<'EOF'
#!/usr/sbin/dtrace -qs
#pragma D option defaultargs
inline string NAME = $$1;
inline int MORE = $3;

syscall::getppid:entry
/pid == $target/
{
	self->n++;
	@calls[probefunc, NAME] = count();
}

syscall::getppid:return
/self->n == 100/
{
	printf("%s %s %d\n", probefunc, probename, self->n);
	self->n = 0;
	MORE ? printf("more\n") : 1;
}

END
{
	printa("%s %s %@d\n", @calls);
}
EOF
run dtrace -qs script.d name -c 'calls getppid 100'
expect_status 0
expect_out <<EOF
getppid return 100
getppid name 100

EOF

run dtrace -n 'syscall::getppid:entry /pid == $target/ { @ = count(); }' -c 'calls getppid 7'
grep -q '^dtrace: pid [0-9]* has exited$' err || fail "the end of the command is not told"
sed -i /has.exited/d err
expect_err <<EOF
dtrace: description 'syscall::getppid:entry ' matched 1 probe
EOF
expect_out <<EOF

                7
EOF

# several commands and processes: the first is $target, and the end of the last is the end
run dtrace -qn 'syscall::getppid:entry /execname == "calls"/ { @[pid == $target] = count(); }' -c 'calls getppid 3' -c 'calls getppid 5'
expect_status 0
expect_out <<EOF

        1                3
        0                5
EOF
hold calls -w getppid 4
dtrace -n 'BEGIN { printf("%d\n", $target); } syscall::getppid:entry /pid == $target/ { trace("called"); }' -c true -p $held >out 2>err 9>&- &
running=$!
wait_for grep -q 'has exited' err
kill -0 $running || fail "it ended with the first of two processes"
release
wait $running
expect_equal "$(grep -c 'has exited' err)" 2
expect_equal "$(grep -c called out)" 0
hold calls -w getppid 4
dtrace -n 'syscall::getppid:entry /pid == $target/ { trace("called"); }' -p $held -c true >out 2>err 9>&- &
running=$!
wait_for grep -q 'has exited' err
release
wait $running
expect_equal "$(grep -c called out)" 4

# -F
run dtrace -F -n 'syscall::getppid:,syscall::getpid:return /pid == $target/ { }' -c 'calls getppid 2'
sed -i 's/^ *[0-9]* /  0 /' out
expect_out <<EOF
CPU FUNCTION                                 
  0  => getppid                               
  0  <= getppid                               
  0  => getppid                               
  0  <= getppid                               

EOF

# a probe is entered by the first of its clauses and left by the last; what a predicate keeps back does not count
run dtrace -F -n 'syscall::getppid: /pid == $target/ { trace("1"); } syscall::getppid: /pid == $target/ { trace("2"); } syscall::getppid: /pid == $target && probename == "x"/ { trace("3"); }' -c 'calls getppid 2'
sed -i 's/^ *[0-9]* /  0 /; s/ *$//' out
expect_out <<EOF
CPU FUNCTION
  0  => getppid                                 1
  0   | getppid:entry                           2
  0   | getppid:return                          1
  0  <= getppid                                 2
  0  => getppid                                 1
  0   | getppid:entry                           2
  0   | getppid:return                          1
  0  <= getppid                                 2

EOF

# Ctrl-C
start dtrace -q -n 'syscall::getppid:entry /pid == 1/ { trace(1); } END { printf("end\n"); }'
stop
expect_status 0
expect_out <<EOF

end

EOF

# -l
run dtrace -l -n 'syscall::read:entry'
expect_status 0
expect_out <<EOF
   ID   PROVIDER            MODULE                          FUNCTION NAME
    4    syscall           vmlinux                              read entry
EOF

# numbers of probes are the same everywhere: listed, in frames, as id, and with -i
run dtrace -l -i 1,3,4
expect_out <<EOF
   ID   PROVIDER            MODULE                          FUNCTION NAME
    1     dtrace                                                     BEGIN
    3     dtrace                                                     ERROR
    4    syscall           vmlinux                              read entry
EOF
exec_id=$(dtrace -l -n proc:::exec | sed -n '2s/ *\([0-9]*\).*/\1/p')
run dtrace -n 'BEGIN { printf("%d", id); }' -i "$exec_id"' { printf("%d", id); exit(0); }' -c true
no_cpu
expect_out <<EOF
CPU     ID                    FUNCTION:NAME
  0      1                           :BEGIN 1
$(printf '%3d %6d %32s %d' 0 "$exec_id" :exec "$exec_id")

EOF
run dtrace -l -i 4000000
expect_status 1
expect_err <<EOF
dtrace: invalid probe specifier 4000000: invalid probe identifier 4000000
EOF
run dtrace -l -P nosuch
expect_status 1
expect_err <<EOF
dtrace: failed to match nosuch: No probe matches description
EOF
run dtrace -lv -n proc:::create -n BEGIN
expect_out <<EOF
   ID   PROVIDER            MODULE                          FUNCTION NAME
    1     dtrace                                                     BEGIN

	Probe Description Attributes
		Identifier Names: Stable
		Data Semantics:   Stable
		Dependency Class: Common

	Argument Attributes
		Identifier Names: Stable
		Data Semantics:   Stable
		Dependency Class: Common

	Argument Types
		None

 1500       proc           vmlinux                                   create

	Probe Description Attributes
		Identifier Names: Private
		Data Semantics:   Private
		Dependency Class: Unknown

	Argument Attributes
		Identifier Names: Evolving
		Data Semantics:   Evolving
		Dependency Class: ISA

	Argument Types
		args[0]: psinfo_t *

EOF

# -f with a clause; -o appends
echo first >file
run dtrace -q -o file -f 'getppid/pid == $target && probename == "entry"/{ @ = count(); }' -c 'calls getppid 3'
expect_status 0
expect_out </dev/null
diff file - <<EOF || fail "-o"
first

                3
EOF

# -C
cat >cpp.d <<'EOF'
#!/usr/sbin/dtrace -Cs
#define TWICE(x) (2 * (x))
BEGIN { printf("%d %d\n", TWICE(21), FOUR); exit(0); }
BEGIN { nosuch(); }
EOF
if command -v cpp >/dev/null; then
	run dtrace -q -D FOUR=4 -Cs cpp.d
	expect_status 1
	head -1 err | grep -q '^dtrace: failed to compile script cpp.d: line 4: ' || fail "the line of a preprocessed script"
	sed -i /nosuch/d cpp.d
	run dtrace -q -D FOUR=4 -Cs cpp.d
	expect_status 0
	expect_out <<EOF
42 4

EOF
	# the system's headers: constants, structs, and errno, which is not theirs here
	cat >cpp.d <<'EOF'
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <stdio.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>
syscall::openat:return /pid == $target && errno == ENOENT/ { @[AF_INET6, SOCK_STREAM, IPPROTO_TCP, O_CREAT, S_IFREG, sizeof(struct sockaddr_in)] = count(); }
BEGIN { nosuch(); }
EOF
	run dtrace -qCs cpp.d -c 'calls -p /nonexistent openat 3'
	expect_status 1
	head -1 err | grep -q '^dtrace: failed to compile script cpp.d: line 10: ' || fail "the line behind headers"
	sed -i /nosuch/d cpp.d
	run dtrace -qCs cpp.d -c 'calls -p /nonexistent openat 3'
	expect_status 0
	expect_match out ' 10 +1 +6 +64 +32768 +16 +3$'
fi

# what is wrong with the command line
run dtrace
expect_status 2
run dtrace -j
expect_status 2
run dtrace -n
expect_status 2
run dtrace -s nosuch.d
expect_status 1
expect_err <<EOF
dtrace: failed to open nosuch.d: No such file or directory
EOF

# what this kernel does not have leaves its clause out
cat >lacks.d <<'EOF'
BEGIN { printf("begin\n"); }
syscall::getppid:entry { @never[curthread->nosuchfield] = count(); }
syscall::getppid:entry /`nosuchsymbol/ { printf("never\n"); }
syscall::getppid:entry /pid == $target/ { @ = count(); }
END { printa("%@d\n", @); }
EOF
run dtrace -q -s lacks.d -c 'calls getppid 3'
expect_status 0
expect_out <<EOF
begin
3

EOF
grep -c "the clause is left out" err | grep -qx 2 || fail "two clauses are left out"

# so is what needs a struct that other systems have for a probe's argument
cat >structs.d <<'EOF'
#pragma D option quiet
node*:::http-server-request { printf("%s %s", args[0]->method, args[0]->url); }
syscall::getppid:entry /pid == $target/ { @ = count(); }
EOF
run dtrace -Zs structs.d -c 'calls getppid 3'
expect_status 0
expect_match out '^ +3$'
# where nothing is looked for later there is no such probe at all
! (needs cookie) >/dev/null || grep -q "needs a pointer to a struct, not a number: the clause is left out" err || fail "the clause with the struct is left out"
cat >begin.d <<'EOF'
BEGIN { trace(curthread->nosuchfield); }
syscall::getppid:entry { trace(1); }
EOF
run dtrace -x errtags -q -s begin.d
expect_status 1
grep -q '\[D_TYPE_MEMBER\]' err || fail "no D_TYPE_MEMBER"
# a parameter may be a string as D writes it
run dtrace -qn 'BEGIN { printf("%s\n", $1); exit(0); }' '"a b"'
expect_out <<EOF
a b

EOF
# places in code as numbers
run dtrace -qn 'BEGIN { trace(ucaller); exit(0); }'
grep -qx '[0-9]\{6,\}' out || fail "ucaller is not traced as a number"
run dtrace -qn 'BEGIN { printf("%x %p\n", ucaller, ucaller); exit(0); }'
head -n1 out | grep -qx '\([0-9a-f]\{6,\}\) \1' || fail "ucaller is no number"
# the rates of profile that are there by themselves
run dtrace -l -P profile
[ "$(awk 'NR > 1 { print $3 }' out | sort -V | tr '\n' ' ')" = "profile-97 profile-199 profile-499 profile-997 profile-1999 profile-4001 profile-4999 tick-1 tick-10 tick-100 tick-500 tick-1000 tick-5000 " ] ||
	fail "rates of profile"

# print() of a pointer to a struct shows both
run dtrace -qn 'struct point { int x, y; }; BEGIN { this->p = (struct point *)alloca(8); this->p->y = 7; print(this->p); exit(0); }'
expect_status 0
sed -i 's/^0x[0-9a-f]* = /0xADDRESS = /' out
expect_out <<'EOF'
0xADDRESS = *
(struct point) {
 .y = (int)7,
}

EOF

# drops are told of the CPU that they were on
if command -v taskset >/dev/null && [ "$(nproc)" -gt 1 ]; then
	run dtrace -qn 'syscall::getppid:entry /pid == $target/ { @[timestamp] = count(); }' -c 'taskset -c 1 calls getppid 20000'
	expect_status 0
	drops=$(sed -n 's/^dtrace: \([0-9]*\) aggregation drops on CPU 1$/\1/p' err)
	expect_equal $(($(grep -c ' 1$' out) + drops)) 20000
	expect_equal "$(grep -c drops err)" 1
fi

# -x cpu: what happens on that CPU
if command -v taskset >/dev/null && [ "$(nproc)" -gt 1 ]; then
	for cpu in 0 1; do
		run dtrace -x cpu=$cpu -qn 'BEGIN { @begin = count(); } syscall::getppid:entry /pid == $target/ { @[cpu] = count(); }
			END { printa("%d %@d\n", @); printa("begin %@d\n", @begin); }' -c 'taskset -c 1 calls getppid 100'
		expect_status 0
		expect_equal "$(grep -v "^$" out | paste -sd,)" "$([ $cpu = 0 ] || echo 1 100,)begin 1" "-x cpu=$cpu"
	done
	run dtrace -x cpu=100000 -n 'BEGIN { exit(0); }'
	expect_status 1
fi

# stacks: stackindent, and the width of %k
run env DTRACE_OPT_QUIET=1 dtrace -xstackindent=4 -n 'syscall::getppid:entry /pid == $target/ { ustack(1); printf("%k|%-3k|\n", ustack(1), ustack(1)); }' -c 'calls getppid 1'
expect_status 0
sed -i 's/+0x[0-9a-f]*$/+N/' out
expect_out <<'EOF'

    calls`syscall+N

              calls`syscall+N
|
   calls`syscall+N
|

EOF
