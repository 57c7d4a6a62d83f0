#define X 1
#pragma D option
#pragma D option quiet more
BEGIN {
#pragma D option quiet
#include <foo.h>
	x y;
}
