Variables: how long they live, what they hold, how they go.

== globals live through the run
BEGIN { x = 5; s = "text"; }
END { printf("%d %s\n", x, s); }
interval:ms:1 { x++; exit(0); }
--
6 text

== globals are not printed at the end
BEGIN { x = 5; y[1] = 2; exit(0); }
--

== what was never written is 0 or empty
BEGIN { if (0) { x = 1; @m[1] = 2; s = "a"; } printf("%d %d [%s]\n", x, @m[7], s); exit(0); }
--
0 0 []

== globals with keys
BEGIN { x["a"] = 1; x["b"] = 2; x["a"] += 10; printf("%d %d %d\n", x["a"], x["b"], x["c"]); exit(0); }
--
11 2 0

== globals with several keys
BEGIN { x[1, "a"] = 1; x[1, "b"] = 2; x[2, "a"] = 3; printf("%d %d %d %d\n", x[1, "a"], x[1, "b"], x[2, "a"], x[2, "b"]); exit(0); }
--
1 2 3 0

== strings as values
BEGIN { x[1] = "one"; x[2] = "two"; x[1] = strjoin(x[1], x[2]); printf("%s %s [%s]\n", x[1], x[2], x[3]); exit(0); }
--
onetwo two []

== a map of numbers is printed
BEGIN { @x = 5; @x = 7; @s = "text"; exit(0); }
--
@x: 7
@s: text

== maps with keys are printed
BEGIN { @m["a", 1] = 10; @m["b", 2] = 3; exit(0); }
--
@m
  b  2                                 3
  a  1                                10

== a tuple as the key
BEGIN { @m[("a", 1)] = 10; printf("%d\n", @m["a", 1]); delete(@m, ("a", 1)); exit(0); }
--
10

== thread-locals
BEGIN { self->x = 5; self->s = "abc"; self->a[1] = 7; printf("%d %s %d %d\n", self->x, self->s, self->a[1], self->a[2]); exit(0); }
--
5 abc 7 0

== a thread-local that is set to 0 is gone
BEGIN { self->x = 5; self->x = 0; self->s = "a"; self->s = 0; printf("%d [%s]\n", self->x, self->s); exit(0); }
--
0 []

== thread-locals go on from probe to probe
BEGIN { self->x = 5; }
BEGIN { self->x++; }
BEGIN { printf("%d\n", self->x); exit(0); }
--
6

== clause-locals
BEGIN { this->x = 5; this->s = "abc"; $y = 6; printf("%d %s %d\n", this->x, this->s, $y); exit(0); }
--
5 abc 6

== this-> is shared by the clauses that fire together
BEGIN { this->x = 5; }
BEGIN { printf("%d\n", this->x); exit(0); }
--
5

== a $ local is its clause's own
BEGIN { $x = 5; }
BEGIN { if (0) { $x = 1; } printf("%d\n", $x); exit(0); }
--
0

== a local that a branch sets
BEGIN { $a = 1; if ($a) { $x = 10; } else { $x = 20; } if (!$a) { $x = 30; } printf("%d\n", $x); exit(0); }
--
10

== string locals are copies
BEGIN { $a = "one"; $b = $a; $a = "two"; printf("%s %s\n", $a, $b); exit(0); }
--
two one

== let
BEGIN { let $x = 5; let $s = "abc"; printf("%d %s\n", $x, $s); exit(0); }
--
5 abc

== declared variables
string s;
int n;
BEGIN { s = "abc"; n = 3; printf("%s %d\n", s, n); exit(0); }
--
abc 3

== delete in all spellings
BEGIN {
	@a[1] = 1; @a[2] = 2; @a[3] = 3; @a[4] = 4;
	delete @a[1]; delete(@a[2]); delete(@a, 3);
	exit(0);
}
--
@a
  4                                    4

== delete of what is not there
BEGIN { @a[1] = 1; delete @a[5]; exit(0); }
--
@a
  1                                    1

== a map keyed by tid that is deleted from is not printed
BEGIN { @start[tid] = 5; @n = @start[tid] + 1; delete @start[tid]; @start[tid] = 9; exit(0); }
--
@n: 6

== has_key
BEGIN { @a[1] = 0; @a[5] = 2; printf("%d %d\n", has_key(@a, 1), has_key(@a, 2)); clear(@a); exit(0); }
--
1 0

== len
BEGIN { @a[1] = 0; @a[5] = 2; printf("%d\n", len(@a)); clear(@a); exit(0); }
-- needs for_each
--
2

== zero keeps the keys
BEGIN { @a[1] = sum(7); @a[2] = sum(8); zero(@a); exit(0); }
--
@a
  1                                    0
  2                                    0

== zero of one without keys leaves 0
BEGIN { @a = count(); @b = min(3); @c = 5; zero(@a); zero(@b); zero(@c); print(@b); exit(0); }
--
@b: 0
@a: 0
@c: 0

== nothing was there
BEGIN { if (pid == 0) { @b = min(3); @q = quantize(1); } zero(@b); zero(@q); print(@b); exit(0); }
--

== what is printed and set to 0 keeps its keys, for programs as well
BEGIN { @a[1] = 5; @a[2] = 6; @s["x"] = "y"; print(@a); zero(@a); print(@s); zero(@s); }
interval:ms:1 { printf("%d %d %d %s.\n", has_key(@a, 1), @a[1], has_key(@a, 3), @s["x"]); @a[1] += 2; clear(@s); exit(0); }
--
@a
  1                                    5
  2                                    6

@s
  x                                    y
1 0 0 .

@a
  2                                    0
  1                                    2

== what is printed and truncated keeps its values, for programs as well
BEGIN { @a[1] = 5; @a[2] = 6; print(@a); trunc(@a, 1); }
interval:ms:1 { printf("%d %d\n", @a[1], @a[2]); @a[2] += 2; exit(0); }
--
@a
  1                                    5
  2                                    6
0 6

@a
  2                                    8

== trunc keeps the largest
BEGIN { @a[1] = sum(7); @a[2] = sum(9); @a[3] = sum(8); trunc(@a, 2); exit(0); }
--
@a
  3                                    8
  2                                    9

== trunc without a number forgets all
BEGIN { @a[1] = sum(7); trunc(@a); @b = count(); exit(0); }
--
@b: 1

== print shows the largest
BEGIN { @a[1] = sum(7); @a[2] = sum(9); @a[3] = sum(8); print(@a, 1); clear(@a); exit(0); }
--
@a
  2                                    9

== print divides
BEGIN { @a[1] = sum(70); @a[2] = sum(90); print(@a, 0, 10); clear(@a); exit(0); }
--
@a
  1                                    7
  2                                    9

== normalize and denormalize
BEGIN { @a = sum(100); normalize(@a, 10); print(@a); denormalize(@a); print(@a); clear(@a); exit(0); }
--
@a: 10
@a: 100

== divisors at the ends of the range
BEGIN {
	@s = sum(-9223372036854775807 - 1); normalize(@s, -1);
	@x = -9223372036854775807 - 1; normalize(@x, -1);
	@h = quantize(1, -9223372036854775807 - 1); normalize(@h, -1);
	@b = sum(5); normalize(@b, 1 << 33); print(@b, 1, 1 << 31); clear(@b);
	exit(0);
}
--
@b: 0
@s: -9223372036854775808
@x: -9223372036854775808

@h:
  [1]  -9223372036854775808  |                                        |

== … in JSON
BEGIN { @s = sum(-9223372036854775807 - 1); normalize(@s, -1); @h = quantize(1, -9223372036854775807 - 1); normalize(@h, -1); exit(0); }
-- args -F json
--
{"type": "map", "data": {"@s": -9223372036854775808}}
{"type": "hist", "data": {"@h": [{"min": 1, "max": 1, "count": -9223372036854775808}]}}

== what is printed and cleared is not printed again
BEGIN { @a = count(); print(@a); clear(@a); exit(0); }
--
@a: 1

== the maps of one kind share a key's type
BEGIN { @m[1] = 1; $k = 1; @m[$k] = 2; printf("%d\n", @m[1]); clear(@m); exit(0); }
--
2

== parameters
BEGIN { printf("%d %s %d %s %s\n", $1, $2, $#, $$1, str($1)); exit(0); }
-- params 42 word
--
42 word 2 42 42

== a parameter in a predicate
BEGIN /$1 == 7/ { printf("seven\n"); exit(0); }
BEGIN { exit(1); }
-- params 7
--
seven

== the environment
BEGIN { printf("%s\n", $LC_ALL); exit(0); }
--
C

== inline constants and functions
inline int LIMIT = 5;
inline int twice[int x] = x * 2;
BEGIN { printf("%d %d\n", LIMIT, twice[LIMIT + 1]); exit(0); }
--
5 12

== an enum
enum color { RED, GREEN = 5, BLUE };
BEGIN { printf("%d %d %d\n", RED, GREEN, BLUE); exit(0); }
--
0 5 6

== the key of an assignment is computed once, whatever the value is
BEGIN { @p[++n] = "x"; $t = (@q[++m] = "y"); printf("%d %d %s\n", n, m, $t); exit(0); }
--
1 1 y

@p[++n]
  1                                    x

@q[++m]
  1                                    y

== a statement begins with a cast, also behind a block
BEGIN { $x = 5; if ($x) { $x++; } (u8)$x ? printf("yes\n") : printf("no\n"); if ($x) (u8)$x ? printf("yes\n") : printf("no\n"); exit(0); }
--
yes
yes

== what was cleared is not shown, unless it has a value again
BEGIN { @a = 5; @b = "text"; @c = 7; @d = 3; clear(@a); clear(@b); clear(@c); print(@d); }
interval:ms:1 { @c = 8; @d = 0; exit(0); }
--
@d: 3
@c: 8
@d: 0

== an inline's expression compares
inline int less = 3 < 4;
inline int within[int x] = 0 < x && x < less + 5;
BEGIN { printf("%d %d %d\n", less, within[5], within[6]); exit(0); }
--
1 1 0

== a loop of no rounds around another
BEGIN { for ($i : 5..5) { for ($j : 0..100) { @ = count(); } } for ($i : 0..3) { for ($j : 0..2) { @b = sum($i * 10 + $j); } } exit(0); }
--
@: 0
@b: 63

== what a loop in a loop leaves alone is known behind it
BEGIN {
	for ($i : 0..10) {
		$s = "";
		for ($j : 0..20) { $s = strjoin($s, "a"); }
		@[strlen($s)] = sum($i);
	}
	exit(0);
}
--
@[strlen($s)]
  20                                  45

== what a constant turns off need not fit the variables' types
inline int ON = 1;
BEGIN { if (ON) { x = 1; } else { x = "a"; strlen(x); } if (!ON) { x = (1, 2); } printf("%d\n", x); }
BEGIN /!ON/ { x = "a"; @m["a"] = 5; y = args.nosuch; }
BEGIN { if (ON) if (ON && !ON) x = "b"; else @m[1] = count(); exit(0); }
--
1

@m
  1                                    1

== what is turned off tells types that nothing else tells
inline int OFF = 0;
BEGIN /OFF/ { self->p = (struct pair *)5; @m[1] = quantize(5); s = 3; }
struct pair { int a, b; };
BEGIN { printf("%d\n", self->p ? self->p->b : 7); s = "a"; print(@m); printf("%s\n", s); exit(0); }
--
7
a

== of && and || only what is not decided is looked at
inline int OFF = 0;
BEGIN { printf("%d %d\n", OFF && args.nosuch, !OFF || (1, 2)); exit(0); }
--
0 1

== what a predicate that may end in a fault has computed is not known behind its clause
syscall:getppid /pid == $target && 100 / (arg0 & 0) == strlen(comm)/ { @a = count(); }
syscall:getppid /pid == $target/ { @[comm] = count(); }
-- args -c 'calls getppid 3'
-- stderr
one-liner:1:40: warning: 3 divisions by zero, each of which ended its clause
    syscall:getppid /pid == $target && 100 / (arg0 & 0) == strlen(comm)/ { @a = count(); }
                                           ^
--
@a: 0

@[comm]
  calls                                3

== nor is that of an index, where the pointer led nowhere
struct s { int **a; };
BEGIN { $p = (struct s *)uptr(16); print($p->a[strlen(comm)] == 0); @[comm] = count(); exit(0); }
-- stderr
one-liner:2:42: warning: 1 read of memory failed and gave 0 or ""
    BEGIN { $p = (struct s *)uptr(16); print($p->a[strlen(comm)] == 0); @[comm] = count(); exit(0); }
                                             ^~~~~~~~~~~~~~~~~~~
--
1

@[comm]
  ply                                  1

== how many to keep, and what to divide by, in variables
BEGIN { @a[1] = sum(10); @a[2] = sum(20); @a[3] = sum(30); $n = 2; trunc(@a, $n); n = 10; normalize(@a, n); exit(); }
--
@a
  2                                    2
  3                                    3
