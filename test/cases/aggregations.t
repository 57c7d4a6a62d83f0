Aggregations: what each makes of its values, and how it is shown.

== count
BEGIN { @ = count(); @ = count(); @ = count(); exit(0); }
--
@: 3

== sum, also of negative numbers
BEGIN { @a = sum(5); @a = sum(-7); @b = sum(1 << 40); @b = sum(1); exit(0); }
--
@a: -2
@b: 1099511627777

== min and max
BEGIN { @lo = min(3); @lo = min(-2); @lo = min(9); @hi = max(-5); @hi = max(-9); exit(0); }
--
@lo: -2
@hi: -5

== min and max of unsigned numbers
BEGIN { $x = (u64)-1; $y = (u64)1; @lo = min($x); @lo = min($y); @hi = max($y); @hi = max($x); exit(0); }
--
@lo: 1
@hi: 18446744073709551615

== avg truncates
BEGIN { @a = avg(4); @a = avg(7); @b = avg(-4); @b = avg(-7); exit(0); }
--
@a: 5
@b: -5

== stddev is the root of the mean of squares less the square of the mean
BEGIN { @a = stddev(2); @a = stddev(4); @a = stddev(9); @b = stddev(7); exit(0); }
--
@a: 2
@b: 0

== stddev of numbers whose squares need more than 64 bits
BEGIN { $x = 1 << 40; @ = stddev($x); @ = stddev(-$x); exit(0); }
--
@: 1099511627776

== stats
BEGIN { @ = stats(3); @ = stats(8); exit(0); }
--
@: count 2, average 5, total 11, min 3, max 8

== keys are sorted by their values
BEGIN { @["b"] = sum(20); @["a"] = sum(-1); @["c"] = sum(3); exit(0); }
--
@
  a                                   -1
  c                                    3
  b                                   20

== equal values are sorted by their keys
BEGIN { @[3] = count(); @[1] = count(); @[2] = count(); exit(0); }
--
@
  1                                    1
  2                                    1
  3                                    1

== several keys
BEGIN { @[pid * 0, "x"] = count(); @[1, "long"] = count(); @[1, "long"] = count(); exit(0); }
--
@[pid * 0, string]
  0  x                                 1
  1  long                              2

== a method counts too
BEGIN { @a["x"].count(); @a["x"].count(); @b.sum(4); @c.quantize(1); exit(0); }
--
@a
  x                                    2

@b: 4

@c:
  [1]               1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

== counting by ++ and +=
BEGIN { @a++; @a++; @b["k"] += 5; @b["k"]++; exit(0); }
--
@a: 2

@b
  k                                    6

== extremes at the ends of their types
BEGIN {
	@smin = min(1); @smin = min(-1 - 0x7fffffffffffffff); @smax = max(-2); @smax = max(0x7fffffffffffffff);
	@umin = min((u64)1); @umin = min((u64)0); @umax = max((u64)0); @umax0 = max((u64)0); @umax = max((u64)-1);
	@only = max(-1 - 0x7fffffffffffffff); @s = stats(-4); @s = stats(9); @k["k"] = max(-3); @k["k"] = max(-5);
	printf("%d %d %u %u %d\n", @smin, @smax, @umin, @umax, @only);
	clear(@smin); clear(@smax); clear(@umin);
	exit(0);
}
--
-9223372036854775808 9223372036854775807 0 18446744073709551615 -9223372036854775808
@umax: 18446744073709551615
@umax0: 0
@only: -9223372036854775808
@s: count 2, average 2, total 5, min -4, max 9

@k
  k                                   -3

== an aggregation that is read is empty when it was cleared
BEGIN { @n = count(); @n = count(); @m = max(7); @s = sum(5); clear(@n); clear(@m); clear(@s); }
interval:ms:1 { @n = count(); @m = max(3); @s = sum(2); printf("%d %d %d\n", @n, @m, @s); exit(0); }
--
1 3 2
@n: 1
@m: 3
@s: 2

== an entry that several keys stand for is printed as one
BEGIN
{
	$f = kaddr("vfs_read");
	@f[func($f)] = count(); @f[func($f + 1)] = count(); @f[func($f + 2)] = count(); @f[func(1)] = count();
	print(@f[func($f + 3)]); print(@f[func(2)]);
	clear(@f);
	exit();
}
-- needs btf
--
3
0

== an aggregation is read
BEGIN { @a = count(); @a = count(); @s = sum(40); @v = avg(3); @v = avg(6); printf("%d %d %d\n", @a, @s + 2, @v); clear(@a); clear(@s); clear(@v); exit(0); }
--
2 42 4

== quantize
BEGIN {
	$v = 0;
	@ = quantize($v); @ = quantize($v + 1); @ = quantize($v + 2); @ = quantize($v + 3); @ = quantize($v + 4);
	exit(0);
}
--
@:
  [0]               1  |@@@@@@@@@@@@@@@@@@@@                    |
  [1]               1  |@@@@@@@@@@@@@@@@@@@@                    |
  [2, 4)            2  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [4, 8)            1  |@@@@@@@@@@@@@@@@@@@@                    |

== quantize of negative numbers
BEGIN { $v = -1; @ = quantize($v); @ = quantize($v * 2); @ = quantize($v * 3); @ = quantize($v * 4); exit(0); }
--
@:
  (-8, -4]          1  |@@@@@@@@@@@@@@@@@@@@                    |
  (-4, -2]          2  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [-1]              1  |@@@@@@@@@@@@@@@@@@@@                    |

== quantize of powers of two and what is next to them
BEGIN { $k = 1024; @ = quantize($k - 1); @ = quantize($k); @ = quantize(2 * $k - 1); @ = quantize(2 * $k); exit(0); }
--
@:
  [512, 1K)         1  |@@@@@@@@@@@@@@@@@@@@                    |
  [1K, 2K)          2  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [2K, 4K)          1  |@@@@@@@@@@@@@@@@@@@@                    |

== quantize in a loop, of values that the verifier cannot tell
BEGIN { for ($i : 0..11) { @q = quantize(v); v = 2 * v + 1; } exit(0); }
--
@q:
  [0]               1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [1]               1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [2, 4)            1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [4, 8)            1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [8, 16)           1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [16, 32)          1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [32, 64)          1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [64, 128)         1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [128, 256)        1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [256, 512)        1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [512, 1K)         1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

== quantize with an increment
BEGIN { $v = 5; @ = quantize($v, 3); @ = quantize($v * 2, 1); exit(0); }
--
@:
  [4, 8)            3  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [8, 16)           1  |@@@@@@@@@@@@@                           |

== hist and lhist are quantize and lquantize
BEGIN { @h = hist(1); @l = lhist(1, 0, 2, 1); exit(0); }
--
@h:
  [1]               1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

@l:
  [1]               1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

== lquantize
BEGIN {
	$v = 0;
	@ = lquantize($v, 0, 30, 10); @ = lquantize($v + 9, 0, 30, 10); @ = lquantize($v + 10, 0, 30, 10);
	@ = lquantize($v + 29, 0, 30, 10); @ = lquantize($v + 30, 0, 30, 10); @ = lquantize($v - 1, 0, 30, 10);
	exit(0);
}
--
@:
  < 0               1  |@@@@@@@@@@@@@@@@@@@@                    |
  [0, 10)           2  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [10, 20)          1  |@@@@@@@@@@@@@@@@@@@@                    |
  [20, 30)          1  |@@@@@@@@@@@@@@@@@@@@                    |
  >= 30             1  |@@@@@@@@@@@@@@@@@@@@                    |

== lquantize with negative bounds
BEGIN { $v = -15; @ = lquantize($v, -20, 0, 10); @ = lquantize($v + 10, -20, 0, 10); @ = lquantize($v - 10, -20, 0, 10); exit(0); }
--
@:
  < -20             1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [-20, -10)        1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [-10, 0)          1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

== a histogram for each key
BEGIN { $v = 1; @["a"] = quantize($v); @["b"] = quantize($v * 4); @["b"] = quantize($v * 5); exit(0); }
--
@: a
  [1]               1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

@: b
  [4, 8)            2  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

== addresses in one function are one key where it is the function that is shown
BEGIN { $f = (u64)kaddr("vfs_read"); @[func($f)] = count(); @[func($f + 1)] = count(); exit(); }
--
@[func($f)]
  vfs_read                             2

== rows that show alike are one: functions, modules, times
BEGIN {
	for ($i : 0..3) {
		@m[mod(kaddr("vfs_read") + $i)] = count();
		@f[func(kaddr("vfs_read") + $i), mod(kaddr("vfs_read") + $i)] = count();
		@t[strftime("some time", $i * 1000000000), strftime("%%", $i * 1000000000)] = sum($i);
	}
	@h[func(kaddr("vfs_read") + 2)] = lquantize(1, 0, 2, 1);
	print(@h[func(kaddr("vfs_read") + 2)]);
	clear(@h);
	exit(0);
}
--
@h[func(kaddr("vfs_read") + 2)]: vfs_read
  [1]               1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

@m[mod(kaddr("vfs_read") + $i)]
  vmlinux                              3

@f[func(kaddr("vfs_read") + $i), mod(kaddr("vfs_read") + $i)]
  vfs_read  vmlinux                    3

@t[strftime("some time", $i * 1000000000), strftime("%%", $i * 1000000000)]
  some time  %                         3
