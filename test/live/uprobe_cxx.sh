#!/bin/bash
# Programs in C++: types and enumerators by their qualified names, exceptions.
. "${0%/*}/../lib.sh"
needs root uprobe
command -v "${CXX-c++}" >/dev/null || skip 'there is no C++ compiler'

cat >names.cc <<'END'
namespace ns {
namespace in {
struct item { int a; double d; item *next; };
enum class color { red = 1, green };
enum plain { PLAIN = 7 };
}
class base { public: int pub = 1; private: int priv = 2; };
struct derived : in::item, base { int own; struct part { short x; } p; };
}
struct item { char other; };
typedef ns::derived *derived_p;
extern "C" __attribute__((noinline)) void takes(void *i, ns::in::color c, ns::derived *d, ns::in::item &r, ns::in::plain q, item *o)
{
	__asm__ volatile("" : : "r"(i), "r"(c), "r"(d), "r"(&r), "r"(q), "r"(o) : "memory");
}
int main()
{
	ns::in::item second = { 2, 2.5, 0 }, first = { 1, 1.5, &second };
	ns::derived d;
	item o = { 'o' };

	d.a = 5, d.d = 6.5, d.next = 0, d.own = 9, d.p.x = 3;
	takes(&first, ns::in::color::green, &d, second, ns::in::PLAIN, &o);
}
END
${CXX-c++} -g -O1 -o names names.cc
run ply -c ./names 'uprobe:./names:takes {
	print((((ns::in::item *)arg0)->next->a, ((struct ns::in::item *)arg0)->d, ((item *)arg5)->other));
	print((args.c, args.c == ns::in::color::green, args.c == green, ns::in::PLAIN, args.q));
	print((sizeof(ns::in::item), sizeof(ns::derived), offsetof(ns::derived, own), (ns::in::color)1));
	print((((ns::derived::part *)&args.d->p)->x, args.r->a)); print(*args.d); }'
expect_out <<'END'
(2, 1.5, o)
(green, 1, 1, PLAIN, PLAIN)
(24, 40, 32, red)
(3, 2)
{ .a = 5, .d = 6.5, .next = 0x0, .pub = 1, .priv = 2, .own = 9, .p = { .x = 3 } }
END
run ply 'uprobe:./names:takes { print(((ns::inn::item *)arg0)->a); }'
expect_err <<'END'
one-liner:1:32: error: unknown type 'ns::inn::item'
    uprobe:./names:takes { print(((ns::inn::item *)arg0)->a); }
                                   ^~~~~~~~~~~~~~~
hint: did you mean 'ns::in::item'?
END
run ply 'uprobe:./names:takes { print(ns::in::pale); }'
expect_match err "unknown name 'ns::in::pale'"

# functions within functions, and what is known at a line of them
cat >within.cc <<'END'
struct pair { double x; int y; };
static int outer(pair p, int n)
{
	double total = 0.5;
	auto add = [&](int k, long by) { total += by; return k + 1; };

	for (int i = 0; i < n; i++)
		n -= add(i, 3) > 100; // the loop
	return (int)total + p.y;
}
int main() { return outer(pair{ 1.25, 2 }, 2) != 8; }
END
${CXX-c++} -g -O0 -o within within.cc
run ply -c ./within 'uprobe:./within:*lambda* { print((args.k, args.by)); }'
expect_out <<'END'
(0, 3)
(1, 3)
END
line=$(grep -n 'the loop' within.cc | cut -d: -f1)
run ply -c ./within "uprobe:./within:within.cc:$line { print((args.i, args.total, args.p)); }"
expect_out <<'END'
(0, 0.5, { .x = 1.25, .y = 2 })
(1, 3.5, { .x = 1.25, .y = 2 })
END
run ply -lv "uprobe:./within:within.cc:$line"
for variable in 's32 i' 'double total' 'struct pair p' 's32 n'; do
	expect_match out "^    $variable$"
done
expect_equal "$(head -1 out)" "uprobe:./within:within.cc:$line" 'a line'
run ply -l 'uprobe:./within:within.cc:1000'
expect_match err "matches no probe"

# arguments that take other places than their size tells: complex numbers, pointers to members, nullptr, numbers of 128 bits
cat >places.cc <<'END'
struct some { int a, b; void f() {} void g() {} };
namespace v1 { inline namespace now { struct inner { int i; }; } int counted = 42; }
__attribute__((noinline)) void members(int some::*d, void (some::*f)(), decltype(nullptr) n, int x, __int128 i, int y, __int128 j, int z, long double l, int q)
{
	__asm__ volatile("" : : "r"(x), "r"(y) : "memory");
}
__attribute__((noinline)) void numbers(_Complex double c, int a, _Complex float f, double d1, double d2, double d3, double d4, double on_stack,
	_Complex double d5, double d6, int b, __float128 w, int e, int g, int h, int i, int j, _Complex double last)
{
	__asm__ volatile("" : : : "memory");
}
struct spiral { _Complex double c; };
__attribute__((noinline)) void holds(spiral s, int a, double d1, double d2, double d3, double d4, double d5, double d6, spiral t)
{
	__asm__ volatile("" : : : "memory");
}
__attribute__((noinline)) void in(v1::inner *p) { __asm__ volatile("" : : "r"(p) : "memory"); }
int main()
{
	v1::inner v = { 9 };

	members(&some::b, &some::g, nullptr, 5, 6, 7, 8, 9, 1.5L, 10);
	numbers(1, 2, 3, 4, 5, 6, 7, 8, 9.5, 10.5, 11, 12, 13, 14, 15, 16, 17, 18.5);
	holds({ 1 }, 2, 1, 2, 3, 4, 5, 6, { 7.5 });
	in(&v);
}
END
${CXX-c++} -g -O0 -o places places.cc
run ply -c ./places 'uprobe:./places:members { print((args.d, args.x, args.y, args.z, args.l, args.q)); }
	uprobe:./places:numbers { print((args.a, args.d5, args.d6, args.b, args.e, args.i, args.j, args.last)); }
	uprobe:./places:holds { print((args.a, args.t)); }
	uprobe:./places:in { print((((v1::inner *)arg0)->i, ((v1::now::inner *)arg0)->i, *uaddr("v1::counted"))); }'
expect_out <<'END'
(4, 5, 7, 9, 1.5, 10)
(2, [9.5, 0], 10.5, 11, 13, 16, 17, [18.5, 0])
(2, { .c = [7.5, 0] })
(9, 9, 42)
END

# where a virtual base is has to be computed: it is left out, not misplaced
cat >virtual.cc <<'END'
struct base { int b; virtual ~base() {} };
struct left : virtual base { int l; };
struct right : virtual base { int r; };
struct all : left, right { int a; };
extern "C" __attribute__((noinline)) void takes(all *p) { __asm__ volatile("" : : "r"(p) : "memory"); }
int main() { all x; x.b = 1; x.l = 2; x.r = 3; x.a = 4; takes(&x); }
END
${CXX-c++} -g -O1 -o virtual virtual.cc
run ply -c ./virtual 'uprobe:./virtual:takes { print((args.p->l, args.p->r, args.p->a)); }'
expect_equal "$(cat out)" '(2, 3, 4)' 'virtual bases'
run ply 'uprobe:./virtual:takes { print(args.p->b); }'
expect_match err "no member 'b' in struct all"

# while a probe waits for the return, no exception finds its way: that is told, where there can be one
cat >throws.cc <<'END'
#include <cstdio>
__attribute__((noinline)) int inner(int i) { if (i % 2) throw i; return i; }
extern "C" __attribute__((noinline)) int outer(int i) { int r = inner(i) + 1; __asm__ volatile("" : : : "memory"); return r; }
int main()
{
	int caught = 0;

	for (int i = 0; i < 10; i++) {
		try {
			outer(i);
		} catch (int) {
			caught++;
		}
	}
	printf("caught %d\n", caught);
}
END
${CXX-c++} -g -O1 -o throws throws.cc
run ply -c ./throws 'uprobe:./throws:outer { @ = count(); }'
expect_match out '^caught 5$'
expect_match out '^@: 10$'
[ ! -s err ] || fail 'something was said of a probe that does no harm'
run ply -c ./throws 'uretprobe:./throws:outer, uretprobe:./throws:inner* { @ = count(); }'
expect_match err '^hint: ./throws can throw; where functions are entered \(uprobe\), probes do no harm$'
expect_equal "$(grep -c 'warning: an exception .* that passes through a function with a uretprobe ends the program' err)" 1 'told once'
expect_match err 'was ended by SIGABRT'
run ply -e 'uretprobe:libc:malloc, uretprobe:bash:* { }'
! grep -q exception err || fail 'told of a program without exceptions'
echo 'pid$target:a.out:outer:return { exit(0); }' >throws.d
run ply -c ./throws throws.d
expect_match err 'warning: an exception'
exit 0
