#!/bin/bash
# What debug information tells of user programs: arguments by name, results, lines, C++ names; debug files beside a program; Go.
. "${0%/*}/../lib.sh"
needs root uprobe
funcs=$(command -v funcs)
line() { grep -n "$1" "$TESTDIR/workload/funcs.c" | head -1 | cut -d: -f1; }

for how in funcs funcs_pie funcs_dyn; do
	run ply -c "$how 1" "uprobe:$how:f_args /pid == \$target/ { printf(\"%d %d %d %d %d %s\n\", args.a, args.b, args.c, args.d, args.e, str(args.f)); }
		uprobe:$how:f_stack /pid == \$target/ { printf(\"%d %d %d\n\", args.a, args.f, args.h); }"
	expect_out <<'END'
-1 65535 -2 4000000000 -3000000000 six
1 6 8
END
done

# a result has its type's width and sign
run ply -c 'funcs 10' 'uretprobe:funcs:f_args /pid == $target && retval < 0/ { @[retval] = count(); } ur:funcs:f_string /pid == $target/ { @s[str(retval)] = count(); }'
expect_match out '^  -7 +10$'
expect_match out '^  ello +10$'

# structs, by pointers of their own and of any number
run ply -c 'funcs 1' 'uprobe:funcs:f_struct /pid == $target/ { printf("%d %s\n", args.p->y, str(args.p->name));
	printf("%d %d\n", ((struct point *)arg0)->x, sizeof(struct point)); }'
expect_out <<'END'
4 origin
3 16
END

run ply -c 'funcs 1' 'uprobe:funcs:f_value /pid == $target/ { print((args.p, args.p.x, args.t.c, args.last)); }'
expect_out <<'END'
({ .x = -1, .y = 2 }, -1, 5, 8)
END
run ply 'uprobe:funcs:f_value { print(args.m.n); }'
expect_match err 'args.m of f_value cannot be read: it has floating-point numbers'

# a full array of characters, enumerators of the program's
run ply -c 'funcs 1' 'uprobe:funcs:f_tag /pid == $target && args.mood == MOOD_CALM/ {
	print((args.t->text, strlen(args.t->text), args.t->text == "full", args.t->mood == MOOD_ANGRY, args.mood)); }'
expect_out <<'END'
(full, 4, 1, 1, MOOD_CALM)
END
run ply 'BEGIN { print(MOOD_CALM); }'
expect_match err "unknown name 'MOOD_CALM'"

# variables by name, wherever the program is
for how in funcs funcs_pie; do
	run ply -c "$how 1" "uprobe:$how:f_args /pid == \$target/ { printf(\"%d %s %d %s\n\", *uaddr(\"level\"),
		uaddr(\"first_tag\")->text, sizeof(*uaddr(\"level\")), usym(uaddr(\"main\"))); }"
	expect_out <<'END'
-5 full 2 main
END
done
run ply -c 'funcs 1' 'uprobe:funcs:f_args, uretprobe:funcs:f_args { @[*uaddr("level")] = count(); }'
expect_match out '^  -5 +2$'
run ply 'uprobe:funcs:f_args { print(uaddr("levels")); }'
expect_err <<'END'
one-liner:1:35: error: funcs has no symbol 'levels'
    uprobe:funcs:f_args { print(uaddr("levels")); }
                                      ^~~~~~~~
hint: did you mean 'level'?
END
run ply 'uretprobe:funcs_pie:f_args { print(uaddr("level")); }'
expect_match err 'funcs_pie is position independent'
run ply 'BEGIN { print(uaddr("level")); }'
expect_match err 'the clause must have one place in a user program'
run ply 'uprobe:funcs_pie:f_st* { print(uaddr("level")); }'
expect_match err 'the clause must have one place in a user program'

run ply 'uprobe:funcs:f_struct { print(((struct poin *)arg0)->x); }'
expect_match err "hint: did you mean 'struct point'"

# functions of several kinds by one glob
run ply -c 'funcs 3' 'uprobe:funcs:f_str[iu]* /pid == $target/ { @[func, arg0 != 0] = count(); }'
expect_match out '^  f_string +1 +3$'

# lines
run ply -c 'funcs 5' "uprobe:funcs:funcs.c:$(line 'return g \* h;') /pid == \$target/ { @[probe, func] = count(); }"
expect_match out '^  uprobe:funcs:funcs.c:[0-9]+ +f_stack +5$'
run ply -c 'funcs 5' "uprobe:funcs.c:$(line 'return s + 1;') { @[func] = count(); }"
expect_match out '^  f_string +5$'
run ply -c 'funcs 1' "uprobe:funcs:funcs.c:$(line 'the loop') { print((args.n, args.step, args.square, args.twice, args.inside)); }"
expect_out <<'END'
(3, 0, 0, 6, { .x = 7, .y = 3 })
(3, 1, 1, 6, { .x = 7, .y = 3 })
(3, 2, 4, 6, { .x = 7, .y = 3 })
END
run ply "uprobe:funcs:funcs.c:$(line 'the loop') { print(args.steps); }"
expect_match err 'hint: it has: .*square.*n.*twice'
run ply 'uprobe:funcs:funcs.c:1 { @ = count(); }'
expect_status 1
expect_match err 'no code begins at funcs.c:1'
expect_match err 'the next line that has code is [0-9]+'
run ply 'uprobe:funcs:nowhere.c:10 { @ = count(); }'
expect_match err 'funcs has no code of nowhere.c:10'
run ply 'uprobe:funcs.c:10 { @ = count(); }'
expect_match err "which program 'uprobe:funcs.c:10' is of is not known"

# what is not there
run ply 'uprobe:funcs:f_args { @ = sum(args.aa); }'
expect_err <<'END'
one-liner:1:36: error: no field 'aa' in the arguments of uprobe:funcs:f_args
    uprobe:funcs:f_args { @ = sum(args.aa); }
                                       ^~
hint: it has: a, b, c, d, e, f
END
run ply 'uprobe:funcs:f_args:return { }'
expect_err <<'END'
one-liner:1:14: error: funcs has no function 'f_args:return'
    uprobe:funcs:f_args:return { }
                 ^~~~~~~~~~~~~
hint: uretprobe:funcs:f_args
END
run ply 'uprobe:funcs:0x10 { }'
expect_match err '^hint: its code is at 0x[0-9a-f]+ to 0x[0-9a-f]+: addresses are the file.s own'
second=$(ply 'uprobe:funcs:f_args+1 { }' 2>&1 | sed -n 's/.* and +//p')
run ply -c 'funcs 3' "uprobe:funcs:f_args+$second /pid == \$target/ { @ = sum(args.e); }"
expect_equal "$(cat out)" '@: -9000000000' 'behind the first instruction'
run ply 'uretprobe:funcs:f_args { @ = sum(args.a); }'
expect_match err 'arguments are known where the function is entered'
run ply 'uretprobe:funcs:f_outer { @ = sum(retval); }'
expect_match err 'the function returns nothing'

# a stripped program and its debug file
if command -v objcopy >/dev/null; then
	cp "$(command -v funcs_pie)" whole
	objcopy --only-keep-debug whole stripped.debug
	objcopy -S --add-gnu-debuglink=stripped.debug whole stripped
	run ply -c './stripped 4' 'uprobe:./stripped:f_static /pid == $target/ { @ = count(); } u:./stripped:f_args /pid == $target/ { @a = sum(args.e); }'
	expect_match out '^@: 12$'
	expect_match out '^@a: -12000000000$'
	rm stripped.debug
	run ply -c './stripped 4' 'uprobe:./stripped:f_static /pid == $target/ { @ = count(); }'
	expect_status 1
	expect_match err "stripped has no function 'f_static'"
	run ply -c './stripped 4' 'uprobe:./stripped:f_args /pid == $target/ { @a = sum(args.e); }'
	expect_match err 'has the build id [0-9a-f]{40}'
	# the table of local functions that Fedora leaves in
	if command -v xz >/dev/null; then
		objcopy -S --keep-symbol=f_static whole mini
		xz mini
		objcopy --add-section .gnu_debugdata=mini.xz stripped with_mini
		run ply -c './with_mini 4' 'uprobe:./with_mini:f_static /pid == $target/ { @ = count(); }'
		expect_equal "$(cat out)" '@: 12' '.gnu_debugdata'
	fi
	objcopy --add-section .go.buildinfo=/dev/null whole go
	run ply 'uretprobe:./go:f_args { @ = count(); }'
	expect_status 1
	expect_match err 'is a Go program'
	run ply -c './go 4' 'uprobe:./go:f_args /pid == $target/ { @ = count(); }'
	expect_equal "$(cat out)" '@: 4' 'entered in Go'
fi

# what there is
run ply -lv 'uprobe:funcs:f_str*'
expect_out <<'END'
uprobe:funcs:f_string
    char *s
uprobe:funcs:f_struct
    struct point *p
    struct point *q
END
run ply -l 'uretprobe:funcs:f_st*'
expect_equal "$(wc -l <out)" 4 'listed'
run ply -l 'uprobe:funcs:f_arg'
expect_status 1
expect_match err "did you mean 'uprobe:funcs:f_args'"
run ply -l 'uprobe:nowhere:*'
expect_match err 'there is no such program or library'
if command -v probes >/dev/null; then
	run ply -lv 'usdt:probes:probes:*'
	expect_out <<'END'
usdt:probes:probes:constant
    s32 arg0
usdt:probes:probes:nothing
usdt:probes:probes:several
    s32 arg0
    u64 arg1
usdt:probes:probes:typed__args
    s8 arg0
    u16 arg1
    s64 arg2
    u64 arg3
    u64 arg4
    u64 arg5
END
	run ply -l 'usdt:probes:no*'
	expect_equal "$(cat out)" 'usdt:probes:nothing' 'without its provider'
fi

# of a process: what its files are called, and all of them
hold funcs_dyn -w 1
run ply -l -p $held 'uprobe:a.out:f_str*'
expect_equal "$(paste -sd' ' out)" 'uprobe:a.out:f_string uprobe:a.out:f_struct' 'a.out of a process'
run ply -l -p $held 'uprobe:*:f_str*'
expect_equal "$(paste -sd' ' out)" 'uprobe:funcs_dyn:f_string uprobe:funcs_dyn:f_struct' 'all files of a process'
run ply -l -p $held 'uprobe:libc*:malloc'
expect_match out '^uprobe:libc.*:malloc$'
release
run ply -l 'uprobe:*:f_str*'
expect_status 1
expect_match err 'the glob has to name a program or library'

# a line that is in very many functions
{
	printf 'static inline __attribute__((always_inline)) int add(volatile int *n) {\n\treturn *n + 1;\n}\n'
	for ((i = 0; i < 300; i++)); do
		echo "__attribute__((noinline)) int f$i(volatile int *n) { return add(n); }"
	done
	echo 'int main(void) { return 0; }'
} >many.c
if ${CC-cc} -g -O1 -o many many.c 2>/dev/null; then
	run ply -e 'uprobe:./many:many.c:2 { }'
	expect_match err 'many.c:2 is in more than 256 functions; the others are left out$'
fi

run ply -c 'funcs_dyn 3' 'uprobe:*:f_str*, uprobe:libc*:malloc /pid == $target && (func != "malloc" || arg0 == 54321)/ { @[func, probemod] = count(); }'
expect_match out '^  f_string +funcs_dyn +3$'
expect_match out '^  malloc +libc\.so\.6 +3$'
run ply -c 'funcs_dyn 3' 'uprobe:*:f_nowhere { }'
expect_match err "no file '\*' of the process has 'f_nowhere'"

# a 32-bit program has its arguments on the stack
if ${CC-cc} -m32 -nostdlib -static -fno-pic -no-pie -fno-stack-protector -O2 -g -o funcs32 "$TESTDIR/workload/funcs32.c" 2>/dev/null && { ./funcs32; } 2>/dev/null; then
	run ply -x strsize=64 -c ./funcs32 'uprobe:./funcs32:f_args /pid == $target/ { @[(s32)arg0, str(arg1), args.a, str(args.b), args.c] = count(); }
		uretprobe:./funcs32:f_args /pid == $target/ { @r[retval] = count(); }'
	expect_status 0
	expect_match out '^  7 +on the stack +7 +on the stack +-3 +100$'
	expect_match out '^  -7 +100$'
	run ply -c ./funcs32 'uprobe:./funcs32:f_args /pid == $target/ { @[ustack] = count(); }'
	expect_equal "$(sed -n 's/^      \([a-z_][a-z_]*\).*/\1/p' out | paste -sd' ')" 'f_args run _start' 'a stack of 32 bits'
fi

# what is in registers that no program can read
cat >floats.c <<'EOF'
__attribute__((noinline)) double f_half(int n) { return n / 2.0; }
int main(int argc, char **argv) { (void)argv; return (int)f_half(argc); }
EOF
${CC-cc} -g -O1 -o floats floats.c
run ply -c ./floats 'uretprobe:./floats:f_half { print(retval); }'
expect_status 1
expect_match err 'the function returns a floating-point number, whose register no program can read$'
run ply -c ./floats 'uretprobe:./floats:f_half { print("returned"); }'
expect_equal "$(cat out)" returned

# in memory they are numbers; what arguments are on the stack is there as well
cat >fields.c <<'EOF'
enum mood { CALM, LOUD };
struct fields { double d; float f, v[3]; long double l; _Complex double c; enum mood mood : 4; _Bool flag : 1; int n : 3; };
__attribute__((noinline)) double takes(struct fields *p, double d, int n, double a2, double a3, double a4, double a5, double a6, double a7,
				       double a8, double a9, long double l)
{
	__asm__ volatile("" : : "r"(p) : "memory");
	return p->d + d + n + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + l;
}
int main(void)
{
	struct fields x = { 0.1, -2.25f, { 1, 2, 3e10f }, 7.125l, 1.5, LOUD, 1, -3 };

	return !takes(&x, 3.5, 2, 2, 3, 4, 5, 6, 7, 8, 9.75, 1e100l);
}
EOF
${CC-cc} -g -O1 -o fields fields.c
run ply -c ./fields 'uprobe:./fields:takes { print(*args.p); print((args.p->f, args.p->v[2], args.n)); printf("%g|%8.3f|%-9.1e|%v\n", args.p->f, args.p->d, args.p->l, args.p->d);
	print((args.a9, args.l)); @[args.p->d] = count(); @f[1] = args.p->f; print((CALM, args.p->mood)); }'
expect_out <<'EOF'
{ .d = 0.1, .f = -2.25, .v = [1, 2, 3e+10], .l = 7.125, .c = [1.5, 0], .mood = LOUD, .flag = 1, .n = -3 }
(-2.25, 3e+10, 2)
-2.25|   0.100|7.1e+00  |0.1
(9.75, 1e+100)
(CALM, LOUD)

@[args.p->d]
  0.1                                  1

@f
  1                                -2.25
EOF
run ply -F json -c ./fields 'uprobe:./fields:takes { print(*args.p); }'
expect_match out '"d": 0.1, "f": -2.25, "v": \[1, 2, 3e\+10\], "l": 7.125, "c": \[1.5, 0\], "mood": "LOUD", "flag": 1, "n": -3'
run ply 'uprobe:./fields:takes { print(args.d); }'
expect_err <<'EOF'
one-liner:1:36: error: args.d of takes cannot be read: it is a floating-point number, in a register that no program can read
    uprobe:./fields:takes { print(args.d); }
                                       ^
EOF
for use in 'print(args.p->d + 1)' '@ = sum(args.p->f)' 'if (args.p->d > 1) { }' 'print((s64)args.p->d)' 'if (args.p->d) { }'; do
	run ply "uprobe:./fields:takes { $use; }"
	expect_status 1
	expect_match err '^hint: programs in the kernel do not reckon with floating-point numbers'
done
run ply 'uprobe:./fields:takes { printf("%d", args.p->d); }'
expect_match err '^hint: %g prints a floating-point number$'
run ply 'uprobe:./fields:takes { printf("%g", args.n); }'
expect_match err '%g of printf\(\) takes a floating-point number, not a number$'
echo 'pid$target::takes:entry { trace(args.n); }' >late.d
run ply -c ./fields late.d
# kernels that do not tell a program its place wait for no files
[ "$status" = 0 ] || expect_match err '^late.d:1:38: error: what arguments are called is not known of files that are yet to come$'
echo 'pid$target:a.out:takes:entry { trace(args.p->d); exit(0); }' >now.d
run ply -c ./fields now.d
expect_match out 'takes:entry +0\.1 *$'

# debug information without arguments
${CC-cc} -g1 -O1 -o fields fields.c
run ply 'uprobe:./fields:takes { print(args.n); }'
expect_err <<'EOF'
one-liner:1:36: error: the debug information of fields tells no arguments of takes
    uprobe:./fields:takes { print(args.n); }
                                       ^
hint: arg0, arg1 … are there without it
EOF

# what is only declared, and what has nothing in it
cat >hollow.c <<'EOF'
struct hidden_away; struct empty { };
__attribute__((noinline)) int takes(struct hidden_away *h, struct empty *e) { __asm__ volatile("" : : "r"(h), "r"(e) : "memory"); return 0; }
int main(void) { return takes(0, 0); }
EOF
${CC-cc} -g -O1 -o hollow hollow.c
run ply 'uprobe:./hollow:takes { print(*args.h); print(args.h->x); print(*args.e); }'
expect_match err ':31: error: the size of struct hidden_away is not known$'
expect_match err ':47: error: the members of struct hidden_away are not known$'
expect_match err ':65: error: struct empty has no members$'

# -gsplit-dwarf: what the program itself does not have is in files that it names
cat >split.c <<'EOF'
struct spot { int x, y; char name[8]; };
enum mood { CALM, LOUD };
__attribute__((noinline)) int takes(struct spot *p, enum mood mood) { __asm__ volatile("" : : "r"(p), "r"(mood) : "memory"); return p->x; }
int main(void) { struct spot s = { 3, 4, "here" }; return takes(&s, LOUD) != 3; }
EOF
for how in "${CC-cc} -gdwarf-4" "${CC-cc} -gdwarf-5" 'clang -gdwarf-5'; do
	$how -O1 -gsplit-dwarf -c -o split.o split.c 2>/dev/null && $how -o split split.o && [ -e split.dwo ] || continue
	run ply -c ./split 'uprobe:./split:takes { print((args.mood, *args.p)); print(((struct spot *)arg0)->y); print(LOUD); }'
	expect_match out '^\(LOUD, \{ .x = 3, .y = 4, .name = "here" \}\)$'
	expect_match out '^4$'
	expect_status 0
	mv split.dwo away
	run ply 'uprobe:./split:takes { print(args.mood); }'
	expect_err <<EOF
one-liner:1:35: error: arguments by name need debug information, and that of takes is in $T/split.dwo, which is not there
    uprobe:./split:takes { print(args.mood); }
                                      ^~~~
hint: arg0, arg1 … are there without it
EOF
	run ply 'uprobe:./split:takes { print(((struct spot *)arg0)->y); }'
	expect_match err "^hint: the program's debug information is in $T/split.dwo, which is not there$"
	run ply -x lines -c ./split 'uprobe:./split:takes { print(ustack(2)); }'
	expect_match out ' takes split.c:3 \[split\]$'
	mkfifo split.dwo
	run ply 'uprobe:./split:takes { print(args.mood); }'
	expect_match err 'split.dwo, which is of another build or of an unknown form'
	rm split.dwo
done

# a type that is declared here and defined elsewhere is the one of its own namespace
if command -v "${CXX-c++}" >/dev/null; then
	cat >defined.cc <<'EOF'
namespace other { struct point { long no, x; } first; struct within { struct point { short z, x; }; } second; within::point third; }
namespace own { struct point { int x, y; } p = { 3, 4 }; }
struct point { char x; } global = { 5 };
EOF
	cat >declared.cc <<'EOF'
namespace own { struct point; extern point p; __attribute__((noinline)) void take(point *q, struct point *) { __asm__ volatile("" : : "r"(q) : "memory"); } }
struct point;
extern point global;
__attribute__((noinline)) void take_global(point *q) { __asm__ volatile("" : : "r"(q) : "memory"); }
int main() { own::take(&own::p, 0); take_global(&global); }
EOF
	${CXX-c++} -g -O1 -o declared defined.cc declared.cc
	run ply -c ./declared 'uprobe:./declared:own::take { printf("%d %d\n", args.q->x, args.q->y); } uprobe:./declared:take_global { printf("%d\n", args.q->x); }'
	expect_status 0
	expect_out <<'EOF'
3 4
5
EOF
fi

# C++: by the names of the source, with and without parameters
if command -v overloads >/dev/null; then
	run ply -c 'overloads 10' 'uprobe:overloads:shapes::move /pid == $target/ { @[func] = count(); }'
	expect_match out '^  shapes::move\(int\) +10$'
	expect_match out '^  shapes::move\(int, char const\*\) +20$'
	run ply -c 'overloads 10' 'uprobe:overloads:"shapes::move(int, const char *)" { @ = count(); }'
	expect_status 1
	expect_match err '^hint: it has shapes::move\(int(, char const\*)?\), shapes::move\(int(, char const\*)?\)$'
	run ply -c 'overloads 10' 'uprobe:overloads:cpp:"shapes::move(int)" /pid == $target/ { @ = count(); }'
	expect_equal "$(cat out)" '@: 10' 'with the word cpp'
	run ply -c 'overloads 10' 'uprobe:overloads:"shapes::move(int, char const *)" /pid == $target/ { @[args.x, str(args.name)] = count(); }'
	expect_match out '^  1 +a +10$'
	expect_match out '^  2 +b +10$'
	run ply -c 'overloads 10' 'uprobe:overloads:shapes::*area* /pid == $target/ { @ = count(); } u:overloads:_ZNK6shapes6squareplERKS0_ /pid == $target/ { @p[func] = count(); }'
	expect_match out '^@: 10$'
	expect_match out '^  shapes::square::operator\+\(shapes::square const&\) const +10$'
	run ply 'uprobe:overloads:area { @ = count(); }'
	expect_match err '^hint: it has shapes::square::area$'
	run ply 'uprobe:overloads:twice { @ = count(); }'
	expect_match err '^hint: it has shapes::twice<(long|short)>, shapes::twice<(long|short)>$'
	# listed by all names that specs may have
	for name in shapes::move '*::move' 'shapes::m*e' 'shapes::move(int, *' '_ZN6shapes4move*'; do
		run ply -l "uprobe:overloads:$name"
		expect_match out '^uprobe:overloads:shapes::move\(int, char const\*\)$'
	done
	run ply -l 'uretprobe:overloads:shapes::twice'
	expect_equal "$(wc -l <out)" 2 'the instances of a template'
	# of different types: each is read as what it is
	run ply -c 'overloads 10' 'uprobe:overloads:shapes::twice /pid == $target/ { @[func, args.x] = count(); }'
	expect_match out '^  long shapes::twice<long>\(long\) +2 +10$'
	expect_match out '^  short shapes::twice<short>\(short\) +3 +10$'
fi

# parameters that the compiler has found to be always the same, or not to be used
cat >clones.c <<'END'
static __attribute__((noinline)) int same(int unused, int seven, int b) { __asm__ volatile("" : : "r"(b), "r"(seven)); return b; }
static __attribute__((noinline)) int by_value(int *p, int b) { __asm__ volatile("" : : "r"(*p)); return b; }
int main(int argc, char **argv)
{
	int five = 5;

	for (int i = 0; i < 3; i++)
		same(1, 7, argc + i), by_value(&five, argc + i);
	return !argv;
}
END
for cc in "${CC-cc}" clang; do
	$cc -O2 -g -o clones clones.c 2>/dev/null || continue
	run ply -c ./clones 'uprobe:./clones:same* { printf("%d %d\n", args.seven, args.b); }'
	expect_equal "$(paste -sd, out)" '7 1,7 2,7 3' "$cc: a constant"
	run ply -c ./clones 'uprobe:./clones:by_value { @ = count(); }'
	[ "$status" = 0 ] || expect_match err '^hint: it has by_value\.[a-z.0-9]+$'
	run ply -c ./clones 'uprobe:./clones:by_value* { printf("%d\n", *args.p); }'
	[ "$status" = 0 ] || expect_match err 'args.p of .* cannot be read: the compiler has not kept it'
	[ "$status" = 1 ] || expect_equal "$(paste -sd, out)" '5,5,5' "$cc: by value"
done

# objects that C++ passes by their address, and what comes behind them; without optimisation nothing but the convention tells
cat >objects.cc <<'END'
struct kept { int a; kept(int x) : a(x) {} kept(const kept &o) : a(o.a) {} ~kept() {} };
struct holder { kept k; long l; };
struct plain { short s[3]; unsigned a : 3, b : 5; };
struct nothing {};
volatile long sink;
__attribute__((noinline)) void takes(int n, kept k, plain p, nothing e, long double x, holder h, int last) { sink = k.a + p.s[0] + h.l + n + last; }
__attribute__((noinline)) kept gives(int n) { return kept(n); }
int main() { plain p = { { 1, 2, 3 }, 4, 5 }; takes(6, kept(7), p, nothing(), 1, holder{ kept(8), 9 }, 10); gives(11); }
END
if ${CXX-c++} -O0 -g -o objects objects.cc 2>/dev/null; then
	run ply -c ./objects 'uprobe:./objects:takes { print((args.n, args.k.a, args.p, args.h.k.a, args.h.l, args.last)); } uprobe:./objects:gives { print(args.n); }'
	expect_out <<'END'
(6, 7, { .s = [1, 2, 3], .a = 4, .b = 5 }, 8, 9, 10)
11
END
fi

# a packed struct is passed in memory; bit fields whose type would reach beyond it
cat >packed.c <<'END'
struct __attribute__((packed)) packed { unsigned char a; unsigned b; unsigned short c : 3, d : 13; unsigned long e : 40; _Bool f : 1; };
struct __attribute__((packed)) small { unsigned x : 3; int y : 4; };
__attribute__((noinline)) void takes(struct packed p, struct packed *q, struct small *s, int last) { __asm__ volatile("" : : "r"(q), "r"(s), "r"(last) : "memory"); }
int main(void)
{
	struct packed p = { 1, 0x01020304, 5, 4000, 0x8899aabbccul, 1 };
	struct small s = { 6, -7 };

	takes(p, &p, &s, 9);
	return 0;
}
END
for version in 2 3 4 5 '4 -fdebug-types-section' '5 -fdebug-types-section'; do
	${CC-cc} -gdwarf-$version -O0 -o packed packed.c 2>/dev/null || continue
	run ply -c ./packed 'uprobe:./packed:takes { print((args.p, *args.q, *args.s, ((struct packed *)args.q)->e, args.last)); }'
	p='{ .a = 1, .b = 16909060, .c = 5, .d = 4000, .e = 586693655500, .f = 1 }'
	expect_equal "$(cat out)" "($p, $p, { .x = 6, .y = -7 }, 586693655500, 9)" "DWARF $version"
done

# a struct of so many other kinds that the table of them grows while it is completed
{
	for ((i = 0; i < 40; i++)); do
		echo "struct s$i { int x; };"
	done
	echo 'struct all {'
	for ((i = 0; i < 40; i++)); do
		echo "struct s$i m$i;"
	done
	echo '}; __attribute__((noinline)) void takes(struct all *p) { __asm__ volatile("" : : "r"(p) : "memory"); }'
	echo 'int main(void) { struct all a = { .m39 = { 39 } }; takes(&a); return 0; }'
} >kinds.c
if ${CC-cc} -O1 -g -o kinds kinds.c 2>/dev/null; then
	run ply -c ./kinds 'uprobe:./kinds:takes { print(*args.p); }'
	expect_match out '\.m0 = \{ \.x = 0 \}.*\.m39 = \{ \.x = 39 \} \}$'
fi

# D
cat >functions.d <<'END'
pid$target:a.out:f_st[ar]*:entry { @[probefunc, probename] = count(); }
pid$target::f_args:return { @r[(int)arg1] = count(); }
pid$target:a.out:f_outer:0 { @o[probename] = count(); }
pid$target:libc:strlen:entry /copyinstr(arg0) == "to be measured"/ { @m = count(); }
END
run ply -c 'funcs_pie 3' functions.d
expect_status 0
for row in 'f_stack +entry +3' 'f_static +entry +9' '-7 +3' '0 +3' '3'; do
	expect_match out "^ +$row$"
done
run ply -c 'funcs 3' functions.d
expect_match err 'pid[0-9]+:libc:strlen:entry'
if command -v probes >/dev/null; then
	echo 'probes$target:::several { @[probename] = count(); } probes*:probes_pie::typed-args /pid == $target/ { @t[stringof(copyinstr(arg4))] = count(); }' >static.d
	hold probes_pie -w 10
	start ply -p $held static.d
	release
	ended
	expect_match out '^ +several +30$'
	expect_match out '^ +typed +10$'
fi
exit 0
