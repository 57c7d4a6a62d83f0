printf: conversions, flags, widths; print and its kin.

== integers
BEGIN { $a = 42; $b = -42; printf("%d %i %u %d %i\n", $a, $a, $a, $b, $b); exit(0); }
--
42 42 42 -42 -42

== hexadecimal and octal
BEGIN { $a = 255; printf("%x %X %o %#x %#X %#o\n", $a, $a, $a, $a, $a, $a); exit(0); }
--
ff FF 377 0xff 0XFF 0377

== widths
BEGIN { $a = 42; printf("[%5d][%-5d][%05d][%2d][%1d]\n", $a, $a, $a, $a, $a); exit(0); }
--
[   42][42   ][00042][42][42]

== signs
BEGIN { $a = 42; $b = -42; printf("[%+d][%+d][% d][% d][%06d]\n", $a, $b, $a, $b, $b); exit(0); }
--
[+42][-42][ 42][-42][-00042]

== precision
BEGIN { $a = 42; $s = "abcdef"; printf("[%.5d][%8.5d][%.3s][%8.3s][%-8.3s]\n", $a, $a, $s, $s, $s); exit(0); }
--
[00042][   00042][abc][     abc][abc     ]

== width and precision from arguments
BEGIN { $w = 6; $p = 2; $s = "abcdef"; printf("[%*d][%-*d][%.*s][%*.*s]\n", $w, 42, $w, 42, $p, $s, $w, $p, $s); exit(0); }
--
[    42][42    ][ab][    ab]

== length modifiers mean nothing
BEGIN { $a = 1 << 40; $b = -1; printf("%ld %lld %hd %hhd %lu %zx\n", $a, $a, $b, $b, 7, 255); exit(0); }
--
1099511627776 1099511627776 -1 -1 7 ff

== the sign is the type's
BEGIN { $u = (u64)-1; $s = (s8)200; $v = (u8)200; printf("%d %d %d\n", $u, $s, $v); exit(0); }
--
18446744073709551615 -56 200

== characters
BEGIN { $c = 65; printf("%c%c%c\n", $c, 'b', $c + 2); exit(0); }
--
AbC

== strings
BEGIN { $s = "text"; printf("[%s][%10s][%-10s][%s]\n", $s, $s, $s, ""); exit(0); }
--
[text][      text][text      ][]

== percent and text alone
BEGIN { printf("100%%\n"); printf("no conversions\n"); printf("tab\tquote\"backslash\\\x41\101\n"); exit(0); }
--
100%
no conversions
tab	quote"backslash\AA

== no newline is added
BEGIN { printf("a"); printf("b\n"); exit(0); }
--
ab

== escaped strings
BEGIN { $s = "a\tb\n"; printf("%S\n", $s); exit(0); }
--
a\tb\n

== times
BEGIN { printf("%Y\n", (u64)1000000000 * 1000000000); exit(0); }
--
2001 Sep  9 01:46:40

== strftime
BEGIN { printf("%s\n", strftime("%Y-%m-%d %H:%M:%S", (u64)1000000000 * 1000000000)); exit(0); }
--
2001-09-09 01:46:40

== many arguments
BEGIN { $a = 1; printf("%d %d %d %d %d %d %d %d %d %d %s %d\n", $a, $a+1, $a+2, $a+3, $a+4, $a+5, $a+6, $a+7, $a+8, $a+9, "end", $a); exit(0); }
--
1 2 3 4 5 6 7 8 9 10 end 1

== several strings in one record
BEGIN { $a = "one"; $b = "two"; printf("%s %s %s\n", $a, $b, strjoin($a, $b)); printf("%s\n", $b); exit(0); }
--
one two onetwo
two

== values that show themselves
BEGIN { printf("%s %s %s\n", strerror(2), signame(9), probe); exit(0); }
--
No such file or directory SIGKILL BEGIN

== bool
BEGIN { @m[1] = 1; printf("%d %d\n", has_key(@m, 1), has_key(@m, 2)); clear(@m); exit(0); }
--
1 0

== print of numbers and strings
BEGIN { $s = "str"; print(42); print($s); print(-1); print((u64)-1); exit(0); }
--
42
str
-1
18446744073709551615

== print of a tuple
BEGIN { $t = (1, "two", 3); print($t); exit(0); }
--
(1, two, 3)

== fields of a tuple
BEGIN { $t = (1, "two", 300); printf("%d %s %d\n", $t.0, $t.1, $t.2); exit(0); }
--
1 two 300

== print of a map's value
BEGIN { @m["a"] = 5; print(@m["a"]); clear(@m); exit(0); }
--
5

== the default action prints the probe
BEGIN
END { exit(0); }
interval:ms:1 { exit(0); }
--
BEGIN

== %u has no sign
BEGIN { printf("%u %u %d %x %+u|%5u|\n", -1, (int8)-1, (uint64)-1, (int8)-1, 7, 3); exit(0); }
--
18446744073709551615 255 18446744073709551615 ff 7|    3|

== lengths
BEGIN { printf("%ld %lld %zu %jx %td %lu\n", -1, -1, 1 << 40, 1 << 40, -5, -1); $x = 0x12345; printf("%hd %hhd %hhu %hx %hho\n", $x + 0xffff, $x + 200, $x, $x, -1); exit(); }
--
-1 -1 1099511627776 10000000000 -5 18446744073709551615
9028 13 69 2345 377

== lengths mean nothing in D
BEGIN { printf("%hd %hhx %ld", 70000, 70000, 70000); exit(0); }
-- args --dtrace -qn
--
70000 11170 70000
