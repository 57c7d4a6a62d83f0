// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/edit.h"

static uint64_t low_bytes(uint64_t x, unsigned size)
{
	return size >= 8 ? x : x & ((1ull << 8 * size) - 1);
}

static uint64_t sign_extend(uint64_t x, unsigned size)
{
	unsigned unused = size >= 8 ? 0 : 64 - 8 * size;

	return (uint64_t)((int64_t)(x << unused) >> unused);
}

/* INT64_MIN / -1 wraps, as the kernel's division does. */
static uint64_t signed_div(int64_t x, int64_t y)
{
	return y == -1 ? -(uint64_t)x : (uint64_t)(x / y);
}

static uint64_t signed_mod(int64_t x, int64_t y)
{
	return y == -1 ? 0 : (uint64_t)(x % y);
}

bool ir_eval(enum ir_op op, unsigned size, int64_t sx, int64_t sy, int64_t *result)
{
	uint64_t x = (uint64_t)sx, y = (uint64_t)sy, r;

	switch (op) {
	case IR_ADD: r = x + y; break;
	case IR_SUB: r = x - y; break;
	case IR_MUL: r = x * y; break;
	case IR_UDIV: case IR_UMOD: case IR_SDIV: case IR_SMOD:
		if (!y)
			return false;
		r = op == IR_UDIV ? x / y : op == IR_UMOD ? x % y : op == IR_SDIV ? signed_div(sx, sy) : signed_mod(sx, sy);
		break;
	case IR_AND: r = x & y; break;
	case IR_OR: r = x | y; break;
	case IR_XOR: r = x ^ y; break;
	case IR_SHL: r = x << (y & 63); break;
	case IR_LSHR: r = x >> (y & 63); break;
	case IR_ASHR: r = (uint64_t)(sx >> (y & 63)); break;
	case IR_NEG: r = -x; break;
	case IR_NOT: r = ~x; break;
	case IR_SEXT: r = sign_extend(x, size); break;
	case IR_ZEXT: r = low_bytes(x, size); break;
	case IR_BSWAP: r = __builtin_bswap64(x) >> (64 - 8 * size); break;
	case IR_EQ: r = x == y; break;
	case IR_NE: r = x != y; break;
	case IR_ULT: r = x < y; break;
	case IR_ULE: r = x <= y; break;
	case IR_SLT: r = sx < sy; break;
	case IR_SLE: r = sx <= sy; break;
	default: return false;
	}
	*result = (int64_t)r;
	return true;
}
