How the default style looks: keys left, values right, the greatest last; blocks set off by an empty line.

== lines and tables
BEGIN { @n = 5; @s = "text"; @[1, "x"] = 2; @[10, "yy"] = 1; @last = -1; exit(0); }
--
@n: 5
@s: text

@
  10  yy                               1
  1   x                                2

@last: -1

== the script's own lines come before what is printed at the end
BEGIN { printf("a line\n"); @[1] = 1; exit(0); }
--
a line

@
  1                                    1

== by value, then by key; numbers as numbers
BEGIN { @[10] = 1; @[9] = 1; @[-1] = 1; @[5] = -7; @[6] = 9223372036854775807; exit(0); }
--
@
  5                                   -7
  -1                                   1
  9                                    1
  10                                   1
  6                  9223372036854775807

== keys longer than the line
BEGIN { @["a key that is longer than all of the forty columns"] = 1; @["b"] = 22; exit(0); }
--
@
  a key that is longer than all of the forty columns   1
  b                                                   22

== control bytes in keys and values
BEGIN { @["a\nb\x1b[31m\\"] = "\t"; exit(0); }
--
@
  a\nb\x1b[31m\\                      \t

== what the script prints itself is not escaped
BEGIN { print("a\tb"); printf("%s\n", "a\tb"); exit(0); }
--
a	b
a	b

== a histogram where the locale is not UTF-8
BEGIN { @ = quantize(1); @ = quantize(1); @ = quantize(4096); @ = quantize(-2); @ = quantize(0); exit(0); }
--
@:
  (-4, -2]          1  |@@@@@@@@@@@@@@@@@@@@                    |
  [-1]              0  |                                        |
  [0]               1  |@@@@@@@@@@@@@@@@@@@@                    |
  [1]               2  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [2, 4)            0  |                                        |
  [4, 8)            0  |                                        |
  [8, 16)           0  |                                        |
  [16, 32)          0  |                                        |
  [32, 64)          0  |                                        |
  [64, 128)         0  |                                        |
  [128, 256)        0  |                                        |
  [256, 512)        0  |                                        |
  [512, 1K)         0  |                                        |
  [1K, 2K)          0  |                                        |
  [2K, 4K)          0  |                                        |
  [4K, 8K)          1  |@@@@@@@@@@@@@@@@@@@@                    |

== linear histograms, by key
BEGIN { @["k", 1] = lquantize(-1, 0, 20, 10); @["k", 1] = lquantize(5, 0, 20, 10); @["k", 1] = lquantize(50, 0, 20, 10); exit(0); }
--
@: k, 1
  < 0               1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [0, 10)           1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
  [10, 20)          0  |                                        |
  >= 20             1  |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|

== stats
BEGIN { @ = stats(100); @ = stats(200); @by["a"] = stats(-7); @by["b"] = stats(5); @by["b"] = stats(500000); exit(0); }
--
@: count 2, average 150, total 300, min 100, max 200

@by
     count  average   total  min     max
  a      1       -7      -7   -7      -7
  b      2   250002  500005    5  500000

== tuples
BEGIN { print((1, "a", (2, "b"))); @[(1, (2, "c"))] = 3; @v = (4, "d"); exit(0); }
--
(1, a, (2, b))

@
  1  2  c                              3

@v: (4, d)

== a count of nothing is 0; an empty table is not shown
BEGIN { exit(0); } END { if (pid == 0) { @c = count(); @s = sum(1); @m[1] = count(); @q = quantize(1); @a = avg(1); } }
--
@c: 0
@s: 0

== the greatest n only; divided
BEGIN { @[1] = sum(1000); @[2] = sum(2000); @[3] = sum(3000); print(@, 2); print(@, 1, 1000); clear(@); exit(0); }
--
@
  2                                 2000
  3                                 3000

@
  3                                    3

== join says what it could not read
BEGIN { join(1); exit(); }
--

-- stderr
one-liner:1:9: warning: 1 read of memory failed and gave 0 or ""
    BEGIN { join(1); exit(); }
            ^~~~~~~

== errors that only the kernel knows have names
BEGIN { print(strerror(514)); print(strerror(516)); print(strerror(9999)); exit(); }
--
ERESTARTNOHAND
ERESTART_RESTARTBLOCK
Unknown error 9999

== the heading names keys by the first use that has the fewest literals
BEGIN { @["total", 1] = count(); @[comm, 2] = count(); @[execname, cpu * 0] = count(); @one["a", "b"] = 1; @size["x" , cpu * 0] = 3; exit(0); }
--
@[execname, cpu * 0]
  ply    0                             1
  ply    2                             1
  total  1                             1

@one
  a  b                                 1

@size[string, cpu * 0]
  x  0                                 3
