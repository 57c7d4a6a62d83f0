Arithmetic at 64 bits, as C has it; values come from locals, so that the kernel and not the compiler computes them.

== division truncates toward zero
BEGIN { $a = 7; $b = -7; $c = 2; printf("%d %d %d %d\n", $a / $c, $b / $c, $a / -$c, $b / -$c); exit(0); }
--
3 -3 -3 3

== modulo has the dividend's sign
BEGIN { $a = 7; $b = -7; $c = 3; printf("%d %d %d %d\n", $a % $c, $b % $c, $a % -$c, $b % -$c); exit(0); }
--
1 -1 1 -1

== division and modulo by constants
BEGIN { $a = -1000; printf("%d %d %d %d %d %d\n", $a / 8, $a % 8, $a / 7, $a % 7, $a / -1, $a % 16); exit(0); }
--
-125 0 -142 -6 1000 -8

== unsigned division
BEGIN { $a = (u64)-1; $b = (u64)10; printf("%u %u\n", $a / $b, $a % $b); exit(0); }
--
1844674407370955161 5

== addition and multiplication wrap around
BEGIN { $a = 0x7fffffffffffffff; printf("%d %d %d\n", $a + 1, -$a - 2, $a * 2); exit(0); }
--
-9223372036854775808 9223372036854775807 -2

== the least number divided by -1 is itself
BEGIN { $a = -0x7fffffffffffffff - 1; $b = -1; printf("%d %d\n", $a / $b, $a % $b); exit(0); }
--
-9223372036854775808 0

== bits
BEGIN { $a = 0xf0f0; $b = 0x0ff0; printf("%x %x %x %d\n", $a & $b, $a | $b, $a ^ $b, ~$a); exit(0); }
--
f0 fff0 ff00 -61681

== shifts
BEGIN { $a = 1; $b = -16; $n = 3; $u = (u64)-16; printf("%d %d %d %u\n", $a << $n, $b >> $n, $b << $n, $u >> $n); exit(0); }
--
8 -2 -128 2305843009213693950

== shifts by 32 and more
BEGIN { $a = 1; $n = 40; $m = 63; printf("%d %d %d\n", $a << $n, ($a << $n) >> 32, $a << $m); exit(0); }
--
1099511627776 256 -9223372036854775808

== precedence
BEGIN { $a = 2; $b = 3; $c = 4; printf("%d %d %d %d %d\n", $a + $b * $c, ($a + $b) * $c, $a << $b + 1, $a | $b & $c, $c - $b - $a); exit(0); }
--
14 20 32 2 -1

== unary operators
BEGIN { $a = 5; $z = 0; printf("%d %d %d %d %d\n", -$a, +$a, ~$a, !$a, !$z); exit(0); }
--
-5 5 -6 0 1

== comparisons
BEGIN { $a = -1; $b = 1; printf("%d%d%d%d%d%d %d%d%d\n", $a < $b, $a <= $b, $a > $b, $a >= $b, $a == $b, $a != $b, $b <= $b, $b >= $b, $b == $b); exit(0); }
--
110001 111

== an unsigned operand makes a comparison unsigned
BEGIN { $a = (u64)-1; $b = 1; printf("%d%d\n", $a > $b, $b < $a); exit(0); }
--
11

== narrow unsigned numbers compare as signed ones
BEGIN { $a = (u32)5; $b = -1; printf("%d%d\n", $a > $b, $b < $a); exit(0); }
--
11

== logical operators give 1 or 0
BEGIN { $a = 5; $b = 0; printf("%d%d%d %d%d%d %d%d%d\n", $a && $a, $a && $b, $b && $b, $a || $b, $b || $a, $b || $b, $a ^^ $b, $a ^^ $a, $b ^^ $b); exit(0); }
--
100 110 100

== && and || compute their right side only if they need it
BEGIN { $a = 0; $b = 1; $n = 0; $x = $a && ($n++ || 1); $y = $b || ($n++ || 1); printf("%d\n", $n); $x = $b && ($n++ || 1); printf("%d\n", $n); exit(0); }
--
0
1

== ?:
BEGIN { $a = 3; printf("%d %s %d\n", $a > 2 ? 10 : 20, $a > 5 ? "big" : "small", $a == 1 ? 1 : $a == 3 ? 33 : 0); exit(0); }
--
10 small 33

== ?: with sides of different length
BEGIN { $a = 1; $s = "x"; printf("[%s][%s]\n", $a ? "a long string, longer than the other" : "b", $a ? $s : "longer"); exit(0); }
--
[a long string, longer than the other][x]

== ++ and --
BEGIN { $a = 5; $b = $a++; $c = ++$a; $d = $a--; $e = --$a; printf("%d %d %d %d %d\n", $a, $b, $c, $d, $e); exit(0); }
--
5 5 7 7 5

== compound assignment
BEGIN {
	$a = 10; $a += 5; printf("%d ", $a); $a -= 3; printf("%d ", $a); $a *= 4; printf("%d ", $a); $a /= 5; printf("%d ", $a);
	$a %= 6; printf("%d ", $a); $a <<= 4; printf("%d ", $a); $a >>= 1; printf("%d ", $a); $a |= 5; printf("%d ", $a);
	$a &= 12; printf("%d ", $a); $a ^= 15; printf("%d\n", $a);
	exit(0);
}
--
15 12 48 9 3 48 24 29 12 3

== casts truncate
BEGIN {
	$a = 0x123456789abcdef0;
	printf("%x %x %x %x\n", (u8)$a, (u16)$a, (u32)$a, (u64)$a);
	printf("%d %d %d\n", (s8)$a, (s16)$a, (s32)$a);
	exit(0);
}
--
f0 def0 9abcdef0 123456789abcdef0
-16 -8464 -1698898192

== casts by C's names
BEGIN { $a = 300; $b = -1; printf("%d %d %u %d %d %d\n", (char)$a, (unsigned char)$a, (unsigned int)$b, (short)70000, (uint16_t)$b, (long)$b); exit(0); }
--
44 44 4294967295 4464 65535 -1

== numbers in all their spellings
BEGIN { printf("%d %d %d %d %d %d\n", 0x1f, 0b101, 017, 1_000_000, 1e6, 'A'); exit(0); }
--
31 5 15 1000000 1000000 65

== times are ns
BEGIN { printf("%d %d %d %d\n", 10ms + 0, 1s + 0, 5us + 0, 1m + 0); exit(0); }
--
10000000 1000000000 5000 60000000000

== constants of C
BEGIN { printf("%d %d %d %d\n", AF_INET, O_CREAT, SIGKILL, EAGAIN); exit(0); }
--
2 64 9 11

== sizeof
BEGIN { printf("%d %d %d %d\n", sizeof(int), sizeof(u64), sizeof(char), sizeof(void *)); exit(0); }
--
4 8 1 8

== bytes swapped
BEGIN { $a = 0x1234; $b = 0x12345678; printf("%x %x %x\n", htons($a), ntohl($b), ntohll($b)); exit(0); }
--
3412 78563412 7856341200000000

== many values at once
BEGIN {
	$a = 1; $b = 2; $c = 3;
	printf("%d\n", $a+($b*($c+($a-($b+($c*($a+($b-($c+($a*($b+($c-($a+($b*($c+($a+($b+($c+($a+($b+($c+($a+($b+$c)))))))))))))))))))))));
	exit(0);
}
--
-223

== an assignment has a value
BEGIN { $y = ($x = 5) + 1; g = ($z = (u8)300) + 1; printf("%d %d %d %d\n", $x, $y, g, (s = 7) * s); exit(0); }
--
5 6 45 49

== a declared variable keeps its width, however it is changed
u8 a; s16 b; self u8 c; this s8 d;
BEGIN {
	a = 250; a += 10; b = 32767; b++; self->c = 1; self->c -= 2; this->d = 100; this->d *= 2;
	printf("%d %d %d %d\n", a, b, self->c, this->d);
	printf("%d %d %d %d\n", a += 255, b--, --self->c, this->d <<= 1);
	printf("%d %d %d %d\n", a, b, self->c, this->d);
	exit(0);
}
--
4 -32768 255 -56
3 -32768 254 -112
3 32767 254 -112

== the right side's sign counts in OP= too
s64 a;
BEGIN { a = -10; a /= (u64)3; printf("%d\n", a); a = -10; a %= 3; printf("%d\n", a); a = -16; a >>= (u64)2; printf("%d\n", a); exit(0); }
--
6148914691236517202
-1
-4
