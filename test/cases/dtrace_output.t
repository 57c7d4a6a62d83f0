The output of dtrace(1), byte for byte: what is printed in quiet mode, since frames name the CPU (live/dtrace.sh has those).

== quiet: values stand bare, and the run ends with an empty line
BEGIN { trace(1); trace("a"); trace(-5); printf("|%d\n", 7); exit(0); }
-- args --dtrace -qn
--
1a-5|7

-- end

== the exit status is that of exit
BEGIN { exit(7); }
-- args --dtrace -qn
-- status 7
-- stderr
--

-- end

== aggregations that were not printed follow at the end, keys by their widths
BEGIN { @n = count(); @k["one", pid - pid] = sum(5); @k["two", pid - pid] = sum(3); @w[(char)1, (short)2, 3, 4LL] = max(-9); exit(0); }
-- args --dtrace -qn
--

                1
  two                                                       0                3
  one                                                       0                5
   1     2        3                4               -9

== printa without a format: an empty line, then the rows
BEGIN { @["x"] = count(); printa(@); printf("after\n"); exit(0); }
-- args --dtrace -qn
--

  x                                                                 1
after

-- end

== printa with a format, and not again at the end
BEGIN { @["x", 1] = sum(12); @["y", 2] = sum(-3); printa("%-5s|%3d|%@8d|%8@d|%@-8d|\n", @); exit(0); }
-- args --dtrace -qn
--
y    |  2|      -3|      -3|-3      |
x    |  1|      12|      12|12      |

-- end

== printa of several aggregations joins them; what is missing is 0
BEGIN { @a["x"] = count(); @b["y"] = sum(7); @b["x"] = sum(2); printa("%s %@d %@d\n", @a, @b); printa(@a, @b); exit(0); }
-- args --dtrace -qn
--
y 0 7
x 1 2

  y                                                                 0                7
  x                                                                 1                2

-- end

== quantize
BEGIN { @ = quantize(1); @ = quantize(3); @ = quantize(3); @ = quantize(100); exit(0); }
-- args --dtrace -qn
--


           value  ------------- Distribution ------------- count    
               0 |                                         0        
               1 |@@@@@@@@@@                               1        
               2 |@@@@@@@@@@@@@@@@@@@@                     2        
               4 |                                         0        
               8 |                                         0        
              16 |                                         0        
              32 |                                         0        
              64 |@@@@@@@@@@                               1        
             128 |                                         0        

-- end

== quantize of negative numbers and 0
BEGIN { @ = quantize(-5); @ = quantize(0); @ = quantize(1); exit(0); }
-- args --dtrace -qn
--


           value  ------------- Distribution ------------- count    
              -8 |                                         0        
              -4 |@@@@@@@@@@@@@                            1        
              -2 |                                         0        
              -1 |                                         0        
               0 |@@@@@@@@@@@@@                            1        
               1 |@@@@@@@@@@@@@                            1        
               2 |                                         0        

-- end

== quantize with negative weights
BEGIN { @ = quantize(4, -2); @ = quantize(8, 2); @n = quantize(4, -1); exit(0); }
-- args --dtrace -qn
--


           value  ------------- Distribution ------------- count    
               2                     |                     0        
               4           @@@@@@@@@@|                     -2       
               8                     |@@@@@@@@@@           2        
              16                     |                     0        


           value  ------------- Distribution ------------- count    
               2                                         | 0        
               4 @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@| -1       
               8                                         | 0        

-- end

== quantize by key
BEGIN { @["read"] = quantize(10); @["write"] = quantize(1000); exit(0); }
-- args --dtrace -qn
--

  read                                              
           value  ------------- Distribution ------------- count    
               4 |                                         0        
               8 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1        
              16 |                                         0        

  write                                             
           value  ------------- Distribution ------------- count    
             256 |                                         0        
             512 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1        
            1024 |                                         0        

-- end

== lquantize
BEGIN { @ = lquantize(-1, 0, 50, 10); @ = lquantize(17, 0, 50, 10); @ = lquantize(50, 0, 50, 10); exit(0); }
-- args --dtrace -qn
--


           value  ------------- Distribution ------------- count    
             < 0 |@@@@@@@@@@@@@                            1        
               0 |                                         0        
              10 |@@@@@@@@@@@@@                            1        
              20 |                                         0        
              30 |                                         0        
              40 |                                         0        
           >= 50 |@@@@@@@@@@@@@                            1        

-- end

== lquantize with one bucket in the middle
BEGIN { @ = lquantize(5, 0, 100); exit(0); }
-- args --dtrace -qn
--


           value  ------------- Distribution ------------- count    
               4 |                                         0        
               5 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1        
               6 |                                         0        

-- end

== llquantize
BEGIN { @ = llquantize(3, 10, 0, 3, 10); @ = llquantize(550, 10, 0, 3, 10); @ = llquantize(99999, 10, 0, 3, 10); exit(0); }
-- args --dtrace -qn
--


           value  ------------- Distribution ------------- count    
               2 |                                         0        
               3 |@@@@@@@@@@@@@                            1        
               4 |                                         0        
               5 |                                         0        
               6 |                                         0        
               7 |                                         0        
               8 |                                         0        
               9 |                                         0        
              10 |                                         0        
              20 |                                         0        
              30 |                                         0        
              40 |                                         0        
              50 |                                         0        
              60 |                                         0        
              70 |                                         0        
              80 |                                         0        
              90 |                                         0        
             100 |                                         0        
             200 |                                         0        
             300 |                                         0        
             400 |                                         0        
             500 |@@@@@@@@@@@@@                            1        
             600 |                                         0        
             700 |                                         0        
             800 |                                         0        
             900 |                                         0        
            1000 |                                         0        
            2000 |                                         0        
            3000 |                                         0        
            4000 |                                         0        
            5000 |                                         0        
            6000 |                                         0        
            7000 |                                         0        
            8000 |                                         0        
            9000 |                                         0        
        >= 10000 |@@@@@@@@@@@@@                            1        

-- end

== avg, min, max, stddev
BEGIN { @a = avg(1); @a = avg(4); @i = min(-3); @i = min(9); @x = max(-3); @x = max(9); @s = stddev(2); @s = stddev(8); exit(0); }
-- args --dtrace -qn
--

                2
               -3
                9
                3

== rows are sorted by value, then by key; integers of keys are unsigned
BEGIN { @["b"] = sum(2); @["a"] = sum(2); @["c"] = sum(-1); @k[-1] = count(); @k[1] = count(); exit(0); }
-- args --dtrace -qn
--

  c                                                                -1
  a                                                                 2
  b                                                                 2
        1                1
       -1                1

== aggsortkey
BEGIN { @["b"] = sum(2); @["a"] = sum(3); @["c"] = sum(-1); exit(0); }
-- args --dtrace -xaggsortkey -qn
--

  a                                                                 3
  b                                                                 2
  c                                                                -1

== aggsortrev
BEGIN { @["b"] = sum(2); @["a"] = sum(3); @["c"] = sum(-1); exit(0); }
-- args --dtrace -x aggsortrev -qn
--

  a                                                                 3
  b                                                                 2
  c                                                                -1

== aggsortkeypos
BEGIN { @["b", 1] = sum(2); @["a", 2] = sum(3); @["c", 0] = sum(-1); exit(0); }
-- args --dtrace -x aggsortkey -x aggsortkeypos=1 -qn
--

  c                                                         0               -1
  b                                                         1                2
  a                                                         2                3

== aggsortpos
BEGIN { @a["x"] = sum(1); @a["y"] = sum(2); @b["x"] = sum(9); @b["y"] = sum(3); printa("%s %@d %@d\n", @a, @b); exit(0); }
-- args --dtrace -x aggsortpos=1 -qn
--
y 2 3
x 1 9

-- end

== trunc keeps the biggest, with a negative number the smallest
BEGIN { @["a"] = sum(1); @["b"] = sum(2); @["c"] = sum(3); @m["a"] = sum(1); @m["b"] = sum(2); trunc(@, 2); trunc(@m, -1); exit(0); }
-- args --dtrace -qn
--

  b                                                                 2
  c                                                                 3
  a                                                                 1

== trunc without a number forgets all
BEGIN { @["a"] = sum(1); trunc(@); exit(0); }
-- args --dtrace -qn
--

-- end

== clear keeps the keys
BEGIN { @["a"] = sum(1); @["b"] = sum(4); clear(@); printa("%s %@d\n", @); exit(0); }
-- args --dtrace -qn
--
a 0
b 0

-- end

== normalize and denormalize act where they stand
BEGIN { @["a"] = sum(1000); normalize(@, 10); printa("%@d\n", @); denormalize(@); printa("%@d\n", @); exit(0); }
-- args --dtrace -qn
--
100
1000

-- end

== a divisor of -1 for the least number
BEGIN { @ = sum(-9223372036854775807 - 1); @q = quantize(1, -9223372036854775807 - 1); normalize(@, -1); normalize(@q, -1); printa("%@d\n", @); printa(@q); printa(@); exit(0); }
-- args --dtrace -qn
--
-9223372036854775808


           value  ------------- Distribution ------------- count    
               0                                         | 0        
               1 @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@| -9223372036854775808
               2                                         | 0        


 -9223372036854775808

-- end

== normalized histograms keep their bars
BEGIN { @ = quantize(4, 100); @ = quantize(8, 100); normalize(@, 50); exit(0); }
-- args --dtrace -qn
--


           value  ------------- Distribution ------------- count    
               2 |                                         0        
               4 |@@@@@@@@@@@@@@@@@@@@                     2        
               8 |@@@@@@@@@@@@@@@@@@@@                     2        
              16 |                                         0        

-- end

== printf: the sign of %d is the argument's, %u has none
BEGIN { printf("%d %u %x %X %o %i\n", -1, -1, 255, 255, 8, 5); printf("%lld %hd\n", 1LL << 40, 3); exit(0); }
-- args --dtrace -qn
--
-1 4294967295 ff FF 10 5
1099511627776 3

-- end

== printf: widths, precision, flags
BEGIN { printf("[%5d][%-5d][%05d][%+d][%#x][%.3d][%*d][%-*s]\n", 42, 42, 42, 42, 255, 7, 6, 9, 4, "ab"); exit(0); }
-- args --dtrace -qn
--
[   42][42   ][00042][+42][0xff][007][     9][ab  ]

-- end

== printf: strings, characters, percent
BEGIN { printf("[%s][%10s][%-10s][%.2s][%c][%%]\n", "abc", "abc", "abc", "abc", 65); exit(0); }
-- args --dtrace -qn
--
[abc][       abc][abc       ][ab][A][%]

-- end

== printf: %S escapes, %p has no 0x
BEGIN { printf("%S %p\n", "a\tb\n\"", 4096); exit(0); }
-- args --dtrace -qn
--
a\tb\n\" 1000

-- end

== printf: %Y and %T
BEGIN { printf("%Y\n%T\n", (int64_t)123700640 * 1000000000, (int64_t)123700640 * 1000000000); exit(0); }
-- args --dtrace -qn
--
1973 Dec  2 17:17:20
Sun, 02 Dec 1973 17:17:20 UTC

-- end

== untyped variables
BEGIN { x = 1; self->s = "abc"; this->t = x + 1; a[1, "k"] = 5; printf("%d %s %d %d %d\n", x, self->s, this->t, a[1, "k"], a[2, "k"]); exit(0); }
-- args --dtrace -qn
--
1 abc 2 5 0

-- end

== a constant condition is decided before types are looked at
inline int OPT = 0; BEGIN { OPT ? printf("no\n") : 1; !OPT ? printf("yes\n") : 1; exit(0); }
-- args --dtrace -qn
--
yes

-- end

== macro arguments
BEGIN { printf("%d %s %s\n", $1, $$2, $$1); exit(0); }
-- args --dtrace -qn
-- params 12 word
--
12 word 12

-- end

== macro arguments that are missing are 0 and ""
#pragma D option defaultargs
BEGIN { printf("%d [%s]\n", $1, $$2); exit(0); }
-- args --dtrace -x defaultargs -qn
--
0 []

-- end

== an argument that nothing names
BEGIN { exit(0); }
-- args --dtrace -qn
-- params extra
-- status 1
-- stderr
dtrace: failed to compile script: extraneous argument 'extra' ($1 is not used)
--

== an unknown name
BEGIN { trace(nosuch); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier BEGIN { trace(nosuch); }: [D_IDENT_UNDEF] in action list: unknown name 'nosuch'
    BEGIN { trace(nosuch); }
                  ^~~~~~
--

== print() tells types, and what a pointer points to
struct foo { int a; char c[8]; char n[4]; long *p; struct { short x; uint8_t y:3; uint8_t z:3; } in; string s; enum { RED, GREEN } col; struct { int i; } of[3]; };
BEGIN { this->f = (struct foo *)alloca(sizeof(struct foo)); this->f->a = -5; this->f->c[0] = 'h'; this->f->p = (long *)16; this->f->in.z = 5; this->f->col = GREEN; this->f->of[1].i = 2; print(*this->f); }
BEGIN { this->f = (struct foo *)alloca(sizeof(struct foo)); this->f->a = 1; print(3); print("a\n"); print((char)'x'); print(1 == 1); print((uint64_t)7); print((struct foo *)NULL == NULL); print(sizeof(int)); exit(0); }
-- args --dtrace -qn
--
(struct foo) {
 .a = (int)-5,
 .c = (char [8])"h",
 .p = (long *)0x10,
 .in = (struct) {
  .z = (unsigned char)5,
 },
 .col = (enum)GREEN,
 .of = (struct [3]) [
  (struct) {
  },
  (struct) {
   .i = (int)2,
  },
 ],
}
(int)3
(string)"a\n"
(char)'x'
(int)1
(unsigned long)7
(int)1
(unsigned long)4

-- end

== a probe that is not there
nosuch:::probe { trace(1); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier nosuch:::probe { trace(1); }: [D_PDESC_ZERO] probe description nosuch:::probe does not match any probes
    nosuch:::probe { trace(1); }
    ^~~~~~~~~~~~~~
--

== a probe that Linux has no event for
lockstat:::spin-acquire, io:::wait-start { trace(1); }
-- args --dtrace -n
-- status 1
-- stderr
dtrace: invalid probe specifier lockstat:::spin-acquire, io:::wait-start { trace(1); }: probe description lockstat:::spin-acquire does not match any probes
    lockstat:::spin-acquire, io:::wait-start { trace(1); }
    ^~~~~~~~~~~~~~~~~~~~~~~
hint: BPF's own maps take spin locks: a program there could wait for a lock that its CPU holds
--

== a module that is not there
fbt:nosuch::entry { trace(1); }
-- args --dtrace -n
-- status 1
-- stderr
dtrace: invalid probe specifier fbt:nosuch::entry { trace(1); }: probe description fbt:nosuch::entry does not match any probes
    fbt:nosuch::entry { trace(1); }
    ^~~~~~~~~~~~~~~~~
hint: the module 'nosuch' is not loaded
--

== a module that is part of the kernel
fbt:vfs::entry { trace(1); }
-- args --dtrace -n
-- status 1
-- stderr
dtrace: invalid probe specifier fbt:vfs::entry { trace(1); }: probe description fbt:vfs::entry does not match any probes
    fbt:vfs::entry { trace(1); }
    ^~~~~~~~~~~~~~
hint: vfs is part of this kernel, no module: its functions are fbt::vfs_*:
--

== a predicate that is no number
BEGIN /execname/ { trace(1); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier BEGIN /execname/ { trace(1); }: [D_PRED_SCALAR] in predicate: a condition must be a number, not a string
    BEGIN /execname/ { trace(1); }
           ^~~~~~~~
hint: compare it: execname != ""
--

== destructive actions need -w
BEGIN { system("true"); }
-- args --dtrace -n
-- status 1
-- stderr
dtrace: description 'BEGIN ' matched 1 probe
dtrace: could not enable tracing: Destructive actions not allowed
--

== option that is not there
BEGIN { exit(0); }
-- args --dtrace -x nosuch=1 -n
-- status 1
-- stderr
dtrace: failed to set -x nosuch=1: Invalid option name
--

== an option that is refused
BEGIN { exit(0); }
-- args --dtrace -x zone -n
-- status 1
-- stderr
dtrace: failed to set -x zone: Linux has no zones
--

== -e compiles only
BEGIN { exit(3); }
-- args --dtrace -e -n
--

== several programs run in the order of the command line
BEGIN { printf("second\n"); exit(0); }
-- args --dtrace -qn 'BEGIN { printf("first\n"); }' -n
--
first
second

-- end

== tracemem prints bytes, as many as its third argument says
BEGIN { x = alloca(20); bcopy("hello world", x, 12); tracemem(x, 18); n = 3; tracemem(x, 20, n); exit(0); }
-- args --dtrace -qn
--

             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef
         0: 68 65 6c 6c 6f 20 77 6f 72 6c 64 00 00 00 00 00  hello world.....
        10: 00 00                                            ..

             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef
         0: 68 65 6c                                         hel

-- end

== destructive actions may be compiled without -w
BEGIN { system("true"); }
-- args --dtrace -e -n
--

== the first mistake is told alone
BEGIN { trace(one); trace(two); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier BEGIN { trace(one); trace(two); }: [D_IDENT_UNDEF] in action list: unknown name 'one'
    BEGIN { trace(one); trace(two); }
                  ^~~
--

== freopen() of a folder's name
BEGIN { freopen("."); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier BEGIN { freopen("."); }: [D_FREOPEN_INVALID] in action list: freopen() does not open '.'
    BEGIN { freopen("."); }
                    ^~~
--

== a probe with five parts
a:b:c:d:e { trace(1); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier a:b:c:d:e { trace(1); }: [D_PDESC_INVAL] a probe has a provider, a module, a function and a name, but 'a:b:c:d:e' has 5 parts
    a:b:c:d:e { trace(1); }
    ^~~~~~~~~
--

== a function without its parentheses
BEGIN { trace(strlen); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier BEGIN { trace(strlen); }: [D_IDENT_BADREF] in action list: strlen is a function: strlen(…)
    BEGIN { trace(strlen); }
                  ^~~~~~
--

== this-> has no keys
this int x[int]; BEGIN { trace(1); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier this int x[int]; BEGIN { trace(1); }: [D_DECL_LOCASSC] this->x cannot have keys
    this int x[int]; BEGIN { trace(1); }
             ^
--

== keys have no names
int x[int key]; BEGIN { trace(1); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier int x[int key]; BEGIN { trace(1); }: [D_DECL_PROTO_NAME] a key has a type and no name
    int x[int key]; BEGIN { trace(1); }
              ^~~
--

== a number is no struct
struct s { int a; }; BEGIN { trace((struct s)1); }
-- args --dtrace -xerrtags -n
-- status 1
-- stderr
dtrace: invalid probe specifier struct s { int a; }; BEGIN { trace((struct s)1); }: [D_CAST_INVAL] in action list: a number cannot be converted to struct s
    struct s { int a; }; BEGIN { trace((struct s)1); }
                                       ^~~~~~~~~~~
--

== symbols stand in their columns in quiet mode
BEGIN { sym(0); printf("|"); usym(0); printf("|"); mod(0); printf("|\n"); exit(0); }
-- args --dtrace -qn
--
  0x0                                               |  0x0                                               |  0x0                                               |

-- end

== no digits are grouped, and %C shows what cannot be printed
BEGIN { printf("%'d|%C|%C|%3C|%-3C|%C\n", 1234567, 'x', 10, 'y', 'z', 1); exit(0); }
-- args --dtrace -qn
--
1234567|x|\n|  y|z  |\001

-- end

== aggzoom compares bars with the longest
BEGIN { @ = quantize(1); @ = quantize(2); @ = quantize(2); exit(0); }
-- args --dtrace -xaggzoom -qn
--


           value  ------------- Distribution ------------- count    
               0 |                                         0        
               1 |@@@@@@@@@@@@@@@@@@@                      1        
               2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@   2        
               4 |                                         0        

-- end

== constants of several characters, and hexadecimal ones that fit an unsigned int
BEGIN { printf("%x %x|", 'ab', 'abcdefgh'); trace(sizeof(0xffffffff)); trace(sizeof(4294967295)); trace(sizeof(0x100000000)); printf("|%d %d\n", 0xffffffff, 037777777777); exit(0); }
-- args --dtrace -qn
--
6162 6162636465666768|488|4294967295 4294967295

-- end

== ? is the width of a pointer
BEGIN { printf("%?x|%-?x|\n", 0xabc, 0xabc); exit(0); }
-- args --dtrace -qn
--
             abc|abc             |

-- end

== %e needs what D has no numbers for
BEGIN { printf("%e", 1); }
-- args --dtrace -n
-- status 1
-- stderr
dtrace: invalid probe specifier BEGIN { printf("%e", 1); }: in action list: %e of printf() takes a floating-point number, not a number
    BEGIN { printf("%e", 1); }
                         ^
hint: %d prints a number
--

== more speculations than there may be
BEGIN { a = speculation(); b = speculation(); c = speculation(); printf("%d %d %d\n", a, b, c); exit(0); }
-- args --dtrace -xnspec=2 -xdroptags -qn
-- stderr
dtrace: [DTRACEDROP_SPECUNAVAIL] 1 failed speculation (no speculative buffer available)
--
1 2 0

-- end

== rawbytes
BEGIN { this->p = (char *)alloca(18); bcopy("hello", this->p, 5); tracemem(this->p, 18); exit(0); }
-- args --dtrace -xrawbytes -qn
--

             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef
         0: 68 65 6c 6c 6f 00 00 00 00 00 00 00 00 00 00 00  hello...........
        10: 00 00                                            ..

-- end

== agghist draws bars beside counts and sums
BEGIN { @["read"] = sum(1); @["read"] = sum(1); @["write"] = sum(1); @["a long name of a thing"] = sum(9); }
BEGIN { @two[1, "x"] = sum(1); @two[2, "y"] = sum(-4); @all = count(); @most["k"] = max(3); exit(0); }
-- args --dtrace -xagghist -qn
--


              key  ------------- Distribution ------------- count    
            write |@@@                                      1        
             read |@@@@@@@                                  2        
 a long name of a thing |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@           9        

                       key  ------------- Distribution ------------- count    
        2                y     @@@@@@@@@@@@@@@@|                     -4       
        1                x                     |@@@@                 1        

           value  ------------- Distribution ------------- count    
 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1        
  k                                                                 3
-- end

== agghist with aggzoom, and switched off for one printa
BEGIN { @[1] = sum(1); @[2] = sum(4); printa(@); printa("%d %@d|", @); setopt("agghist", "no"); printa(@); exit(0); }
-- args --dtrace -xagghist -xaggzoom -qn
--


      key  ------------- Distribution ------------- count    
        1 |@@@@@@@@@@                               1        
        2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@   4        
1 1|2 4|
        1                1
        2                4

-- end

== aggpack draws a histogram in a line
BEGIN { @q["a"] = quantize(1); @q["a"] = quantize(1); @q["a"] = quantize(100); @q["b"] = quantize(7); @n = quantize(-5); @n = quantize(-100); printa(@n); exit(0); }
-- args --dtrace -xaggpack -xencoding=utf8 -qn
--


  min .-------. max  | count
 -128 : ▅   ▅ : -2   | 2


              key  min .---------. max  | count
                b    0 :   █     : 128  | 1
                a    0 : ▆     ▃ : 128  | 3
-- end

== aggpack with bounds, in characters of every terminal
BEGIN { @["x"] = lquantize(3, 0, 10); @["x"] = lquantize(7, 0, 10); @["y"] = lquantize(-7, 0, 10); @["z"] = lquantize(77, 0, 10); @l = lquantize(25, 0, 100, 10); @l = lquantize(35, 0, 100, 10, 5); exit(0); }
-- args --dtrace -xaggpack -xencoding=ascii -qn
--


              key     min .------------. max      | count
                y     < 0 :X           : >= 10    | 1
                x     < 0 :    x   x   : >= 10    | 2
                z     < 0 :           X: >= 10    | 1

     min .---. max      | count
      20 :_X : >= 40    | 6
-- end

== an option that cannot be set while the program runs
BEGIN { setopt("switchrate", "1sec"); setopt("nosuch"); setopt("encoding", "runes"); setopt("stackindent", "3"); exit(0); }
-- args --dtrace -qn
-- stderr
dtrace: couldn't set option "nosuch" to "1": Invalid option name or value
dtrace: couldn't set option "encoding" to "runes": Invalid option name or value
--

-- end
