// SPDX-License-Identifier: GPL-2.0-or-later
/* overloads N: calls C++ functions N times each, the ones that take two arguments 2 N times. */
#include <cstdlib>

#define FUNCTION __attribute__((noinline, noclone, used))

volatile long sink;

namespace shapes {

FUNCTION void move(int x)
{
	sink = sink + x;
}

FUNCTION void move(int x, const char *name)
{
	sink = sink + x + name[0];
}

class square {
public:
	int side;
	FUNCTION int area() const
	{
		return side * side;
	}
	FUNCTION square operator+(const square &other) const
	{
		return square{ side + other.side };
	}
};

template <typename T> FUNCTION T twice(T x)
{
	sink = sink + 1;
	return x + x;
}

} // namespace shapes

int main(int argc, char **argv)
{
	long n = argc > 1 ? atol(argv[1]) : 0;

	for (long i = 0; i < n; i++) {
		shapes::square s{ 5 }, t{ 6 };

		shapes::move(1);
		shapes::move(1, "a");
		shapes::move(2, "b");
		sink = sink + s.area() + (s + t).side;
		sink = sink + shapes::twice<long>(2) + shapes::twice<short>(3);
	}
	return 0;
}
