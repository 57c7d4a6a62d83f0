// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * random_arith ply|c|d|dc SEED [STATEMENTS]: random arithmetic, as a script or as a C program; as a script in D or as a C program. The two
 * print the same.
 *
 * An expression is made once, as two texts: the script's, and C's with every conversion written out, since the script's
 * rule is simpler than C's: all is computed at 64 bits, signed unless an operand is an unsigned one of 64 bits. D's types are C's, but
 * an int that overflows goes on at 64 bits until it is kept or printed. Operands are evaluated from left to right. The C program is to be
 * compiled with -fwrapv.
 *
 * Nothing divides by 0: divisors are `e | 1` or constants.
 */
#include "random.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

struct type {
	const char *name, *c;
	unsigned size;
	bool is_signed;
};

static const struct type types[] = {
	{ "s8", "int8_t", 1, true }, { "u8", "uint8_t", 1, false }, { "s16", "int16_t", 2, true }, { "u16", "uint16_t", 2, false },
	{ "s32", "int32_t", 4, true }, { "u32", "uint32_t", 4, false }, { "s64", "int64_t", 8, true }, { "u64", "uint64_t", 8, false },
};
static const struct type *const s32 = &types[4], *const u32 = &types[5], *const s64 = &types[6], *const u64 = &types[7];

static bool is_d;

struct var {
	const char *ply;
	char c[16];
	const struct type *type;
	bool is_declared;
};

/* The others have the type of what is assigned to them, which is of 64 bits and cast. */
enum { DECLARED = 8, OTHERS = 4, LOCALS = 6, LASTING = DECLARED + OTHERS };
static struct var vars[LASTING + LOCALS];
static unsigned nvars;

struct text {
	char *ply, *c;
	const struct type *type;
	const struct var *var;
	bool is_const, has_effect;
};

static const struct type *common(const struct type *a, const struct type *b)
{
	if (a == u64 || b == u64)
		return u64;
	if (!is_d || a == s64 || b == s64)
		return s64;
	return a == u32 || b == u32 ? u32 : s32;
}

/* The type of comparisons, and the least of arithmetic. */
static const struct type *least(void)
{
	return is_d ? s32 : s64;
}

/* As which C computes what is of type t. */
static const char *computed(const struct type *t)
{
	return t == s32 ? s64->c : t->c;
}

/* How the script spells it. */
static const char *spelt(const struct type *t)
{
	return is_d ? t->c : t->name;
}

/* --- leaves */

static uint64_t number(void)
{
	uint64_t v = random_u64();

	switch (pick(6)) {
	case 0: return v % 10;
	case 1: return 1ull << v % 64;
	case 2: return (1ull << v % 64) - 1;
	case 3: return (1ull << v % 64) + 1;
	case 4: return v >> v % 64;
	default: return v % 1000;
	}
}

/* In D the first of C's types that holds it. */
static const struct type *literal_type(uint64_t v, bool is_hex, bool is_unsigned)
{
	if (v > INT64_MAX)
		return u64;
	if (!is_d)
		return s64;
	if (is_unsigned)
		return v <= UINT32_MAX ? u32 : u64;
	if (v <= INT32_MAX)
		return s32;
	return is_hex && v <= UINT32_MAX ? u32 : s64;
}

static struct text literal(void)
{
	uint64_t v = number();
	bool is_hex = chance(30), is_unsigned = is_d && chance(20);
	struct text e = { .is_const = true };

	e.type = literal_type(v, is_hex, is_unsigned);
	e.ply = format(is_hex ? "0x%" PRIx64 "%s" : "%" PRIu64 "%s", v, is_unsigned ? "u" : "");
	e.c = format("((%s)%" PRIu64 "ull)", computed(e.type), v);
	/* the least number is written as minus one that is too large: signed, unlike any other minus of such a number */
	if (chance(30) && v != (uint64_t)INT64_MIN) {
		e.ply = format("-%s", e.ply);
		e.c = format("((%s)-%s)", computed(e.type), e.c);
	}
	return e;
}

static struct text variable(void)
{
	const struct var *v = &vars[pick(nvars)];

	return (struct text){ .ply = format("%s", v->ply), .c = format("%s", v->c), .type = v->type, .var = v };
}

/* --- operators */

static struct text expression(unsigned depth);

/* x and y are evaluated in this order, as type t, into x_ and y_. */
static char *c_binary(const struct type *t, const struct text *x, const struct text *y, const char *result)
{
	const char *c = computed(t);

	return format("({ %s x_ = (%s)%s; %s y_ = (%s)%s; %s; })", c, c, x->c, c, c, y->c, result);
}

/* Counts are taken modulo 64, but for constants, which are refused if they are larger. */
static char *shift_count(const struct text *x)
{
	return x->is_const ? format("(%s & 63)", x->ply) : x->ply;
}

static struct text binary(unsigned depth)
{
	static const char *const ops[] = { "+", "-", "*", "&", "|", "^", "+", "-", "*" };
	static const char *const compares[] = { "<", "<=", ">", ">=", "==", "!=" };
	struct text x = expression(depth - 1), y = expression(depth - 1), e;
	const struct type *t = common(x.type, y.type);
	const char *op;

	e.is_const = x.is_const && y.is_const;
	e.has_effect = x.has_effect || y.has_effect;
	switch (pick(8)) {
	case 0: case 1:
		op = one_of(compares);
		e.c = c_binary(t, &x, &y, format("(int64_t)(x_ %s y_)", op));
		e.type = least();
		break;
	case 2:
		op = pick(2) ? "<<" : ">>";
		e.type = common(x.type, least());
		y.ply = shift_count(&y);
		e.c = format("({ %s x_ = (%s)%s; uint64_t y_ = (uint64_t)%s & 63; (%s)((%s)x_ %s y_); })", computed(e.type),
			     computed(e.type), x.c, y.c, computed(e.type), e.type->is_signed ? s64->c : u64->c, op);
		break;
	case 3: case 4:
		op = pick(2) ? "/" : "%";
		y.ply = format("(%s | 1)", y.ply);
		y.c = format("(%s | 1)", y.c);
		/* C leaves open, and x86 traps, what the least number divided by -1 is */
		e.c = c_binary(t, &x, &y, !t->is_signed ? format("x_ %s y_", op) :
			       format("y_ == -1 ? %s : x_ %s y_", *op == '/' ? "-x_" : "0", op));
		e.type = t;
		break;
	default:
		op = one_of(ops);
		e.c = c_binary(t, &x, &y, format("(%s)(x_ %s y_)", computed(t), op));
		e.type = t;
	}
	e.ply = format("(%s %s %s)", x.ply, op, y.ply);
	return e;
}

static struct text logical(unsigned depth)
{
	static const char *const ops[] = { "&&", "||", "^^" };
	struct text x = expression(depth - 1), y = expression(depth - 1);
	const char *op = one_of(ops);

	return (struct text){
		.ply = format("(%s %s %s)", x.ply, op, y.ply),
		.c = *op == '^' ? format("({ int64_t x_ = !%s; int64_t y_ = !%s; x_ ^ y_; })", x.c, y.c) :
		     format("(int64_t)(%s %s %s)", x.c, op, y.c),
		/* the first may decide */
		.type = least(), .is_const = x.is_const && (y.is_const || *op != '^'), .has_effect = x.has_effect || y.has_effect,
	};
}

static struct text unary(unsigned depth)
{
	struct text x = expression(depth - 1);
	char op = "-~!+"[pick(4)];
	const struct type *t;

	/* a minus in front of a literal is part of it: see there */
	if (op == '-' && x.is_const)
		op = '~';
	t = op == '!' ? least() : op == '+' && !is_d ? x.type : common(x.type, least());
	return (struct text){
		.ply = format("%c(%s)", op, x.ply),
		.c = format("(%s)(%c(%s)%s)", computed(t), op, computed(op == '!' ? x.type : t), x.c),
		.type = t, .is_const = x.is_const, .has_effect = x.has_effect,
	};
}

static struct text cast(unsigned depth, const struct type *t)
{
	struct text x = expression(depth - 1);

	return (struct text){
		.ply = format("(%s)%s", spelt(t), *x.ply == '(' ? x.ply : format("(%s)", x.ply)),
		.c = format("(%s)%s", t->c, x.c), .type = t, .is_const = x.is_const, .has_effect = x.has_effect,
	};
}

/* A constant condition chooses before the types are joined, so there is none. */
static struct text choice(unsigned depth)
{
	struct text c = expression(depth - 1), x = expression(depth - 1), y = expression(depth - 1);
	const struct type *t = common(x.type, y.type);

	if (c.is_const)
		c = variable();
	return (struct text){
		.ply = format("(%s ? %s : %s)", c.ply, x.ply, y.ply),
		.c = format("(%s ? (%s)%s : (%s)%s)", c.c, computed(t), x.c, computed(t), y.c),
		.type = t, .has_effect = c.has_effect || x.has_effect || y.has_effect,
	};
}

static struct text step(void)
{
	struct text x = variable();
	const char *op = pick(2) ? "++" : "--";
	bool prefix = pick(2);

	x.ply = prefix ? format("%s%s", op, x.ply) : format("%s%s", x.ply, op);
	x.c = prefix ? format("(%s)(%s%s)", x.type->c, op, x.c) : format("(%s)(%s%s)", x.type->c, x.c, op);
	x.has_effect = true;
	return x;
}

/* v = e and v op= e, of which the value is v's new one */
static struct text assignment(unsigned depth)
{
	static const char *const ops[] = { "+", "-", "*", "&", "|", "^", "<<", ">>", "/", "%", "+", "-" };
	struct text v = variable(), x = v.var->is_declared ? expression(depth - 1) : cast(depth, v.type), e = { .type = v.type, .has_effect = true };
	const struct type *t = common(v.type, x.type);
	const char *op, *value;

	if (pick(2)) {
		e.ply = format("(%s = (%s)(%s))", v.ply, spelt(v.type), x.ply);
		e.c = format("(%s = (%s)%s)", v.c, v.type->c, x.c);
		return e;
	}
	op = one_of(ops);
	if (is_d && (*op == '/' || *op == '%')) {
		/* its sign is its left side's */
		x.ply = format("(%s)(%s)", v.type->c, x.ply);
		x.c = format("(%s)%s", v.type->c, x.c);
		x.type = v.type;
		t = common(v.type, v.type);
	}
	if (*op == '<' || *op == '>') {
		t = v.type == u64 ? u64 : s64;
		x.ply = shift_count(&x);
		value = format("(%s)%s %s (x_ & 63)", t->c, v.c, op);
	} else if (*op == '/' || *op == '%') {
		x.ply = format("(%s | 1)", x.ply);
		x.c = format("(%s | 1)", x.c);
		value = t == u64 ? format("(uint64_t)%s %s (uint64_t)x_", v.c, op) :
			format("x_ == -1 ? %s : (int64_t)%s %s (int64_t)x_", *op == '/' ? format("-(int64_t)%s", v.c) : "0", v.c, op);
	} else {
		value = format("(%s)%s %s (%s)x_", t->c, v.c, op, t->c);
	}
	e.ply = format("(%s %s= %s)", v.ply, op, x.ply);
	e.c = format("({ %s x_ = %s; %s = (%s)(%s); })", computed(common(x.type, least())), x.c, v.c, v.type->c, value);
	return e;
}

static struct text expression(unsigned depth)
{
	if (!depth || chance(10))
		return chance(35) ? literal() : variable();
	switch (pick(16)) {
	case 0: return logical(depth);
	case 1: case 2: return unary(depth);
	case 3: case 4: return cast(depth, &one_of(types));
	case 5: return choice(depth);
	case 6: return chance(50) ? step() : assignment(depth);
	default: return binary(depth);
	}
}

/* --- statements */

static bool as_c;

static void put(unsigned indent, const char *ply, const char *c)
{
	const char *text = as_c ? c : ply;

	if (*text)
		printf("%*s%s\n", indent * 2, "", text);
}

static void put_assignment(unsigned indent, const struct var *v, const struct text *x)
{
	put(indent, format("%s = (%s)(%s);", v->ply, spelt(v->type), x->ply), format("%s = (%s)%s;", v->c, v->type->c, x->c));
}

/* With a number, to find it by. %d shows an unsigned number as such. */
static void put_print(unsigned indent, const struct text *x)
{
	static unsigned number;
	const struct type *t = x->type->is_signed ? s64 : u64;
	const char *shown = is_d ? x->type->c : t->c;

	number++;
	put(indent, format("printf(\"%u: %%d\\n\", %s);", number, x->ply),
	    format("printf(\"%u: %%\" %s \"\\n\", (%s)%s);", number, t == s64 ? "PRId64" : "PRIu64", t->c, format("(%s)%s", shown, x->c)));
}

static unsigned left;

static void statements(unsigned indent, unsigned n, unsigned depth);

static void loop(unsigned indent, unsigned depth)
{
	static unsigned number;
	unsigned rounds = chance(20) ? 17 + pick(30) : pick(5), i = number++;

	put(indent, format("for ($i%u : 0..%u) {", i, rounds), format("for (int64_t i%u = 0; i%u < %u; i%u++) {", i, i, rounds, i));
	if (chance(60)) {
		const struct var *v = &vars[pick(nvars)];
		struct text x = cast(2, v->type);
		bool minus = pick(2);

		put(indent + 1, format("%s %c= %s * $i%u;", v->ply, minus ? '-' : '+', x.ply, i),
		    format("{ uint64_t x_ = (uint64_t)%s * i%u; %s = (%s)((uint64_t)%s %c x_); }", x.c, i, v->c, v->type->c, v->c,
			   minus ? '-' : '+'));
	}
	statements(indent + 1, 1 + pick(2), depth);
	put(indent, "}", "}");
}

static void statement(unsigned indent, unsigned depth)
{
	struct text x;

	if (left)
		left--;
	if (depth && chance(8) && !is_d) {
		loop(indent, depth - 1);
		return;
	}
	x = expression(4);
	if (depth && chance(12)) {
		put(indent, format("if (%s) {", x.ply), format("if (%s) {", x.c));
		statements(indent + 1, 1 + pick(2), depth - 1);
		if (pick(2)) {
			put(indent, "} else {", "} else {");
			statements(indent + 1, 1 + pick(2), depth - 1);
		}
		put(indent, "}", "}");
	} else if (chance(30)) {
		put_assignment(indent, &vars[pick(nvars)], &x);
	} else {
		put_print(indent, &x);
	}
}

static void statements(unsigned indent, unsigned n, unsigned depth)
{
	while (n--)
		statement(indent, depth);
}

/* --- the program */

static const struct type *wide_type(void)
{
	return pick(2) ? s64 : u64;
}

static struct var *add_var(const char *ply, const struct type *type, bool is_declared)
{
	struct var *v = &vars[nvars];

	snprintf(v->c, sizeof(v->c), "v%u", nvars++);
	v->ply = ply;
	v->type = type;
	v->is_declared = is_declared;
	return v;
}

static void declare(void)
{
	static const char *const prefix[] = { "", "self ", "this " }, *const access[] = { "", "self->", "this->" };

	for (unsigned i = 0; i < DECLARED; i++) {
		unsigned kind = i < DECLARED / 2 ? 0 : 1 + pick(2);
		const struct type *t = &one_of(types);
		struct var *v = add_var(format("%sv%u", access[kind], i), t, true);

		put(0, format("%s%s v%u;", prefix[kind], spelt(t), i), format("static %s %s;", t->c, v->c));
	}
	for (unsigned i = 0; i < OTHERS; i++) {
		static const char *const names[] = { "x", "self->y", "z[7, \"k\"]", "self->z[7]" };
		const struct type *t = wide_type();
		struct var *v = add_var(names[i], t, false);

		put(0, "", format("static %s %s;", t->c, v->c));
	}
}

static void initialise(unsigned from)
{
	for (unsigned i = from; i < nvars; i++) {
		struct text x = literal();

		put_assignment(1, &vars[i], &x);
	}
}

static void clause(unsigned number)
{
	struct text predicate = expression(3);

	nvars = LASTING;
	if (number && chance(30))
		put(0, format("BEGIN /%s/ {", predicate.ply), format("if (%s) {", predicate.c));
	else
		put(0, "BEGIN {", "{");
	for (unsigned i = 0; i < LOCALS; i++) {
		struct var *v = add_var(is_d ? format("this->w%u_%u", number, nvars) : format("$v%u", nvars), wide_type(), false);

		put(1, "", format("%s %s;", v->type->c, v->c));
	}
	/* so that no local is read that was not written, which would be a parameter */
	initialise(number ? LASTING : 0);
	statements(1, 12, 3);
	put(0, "}", "}");
	nvars = LASTING;
}

int main(int argc, char **argv)
{
	if (argc < 3 || (strcmp(argv[1], "ply") && strcmp(argv[1], "c") && strcmp(argv[1], "d") && strcmp(argv[1], "dc"))) {
		fprintf(stderr, "usage: random_arith ply|c|d|dc SEED [STATEMENTS]\n");
		return 2;
	}
	is_d = argv[1][0] == 'd';
	as_c = argv[1][strlen(argv[1]) - 1] == 'c';
	random_state = strtoull(argv[2], NULL, 0);
	left = argc > 3 ? (unsigned)atoi(argv[3]) : 300;
	put(0, is_d ? "#pragma D option quiet" : "", "#include <inttypes.h>\n#include <stdio.h>");
	declare();
	put(0, "", "int main(void) {");
	for (unsigned number = 0; left; number++)
		clause(number);
	put(0, "BEGIN {", "");
	for (unsigned i = 0; i < nvars; i++) {
		struct text x = { .ply = format("%s", vars[i].ply), .c = format("%s", vars[i].c), .type = vars[i].type };

		put_print(1, &x);
	}
	/* D's output ends with a newline */
	put(0, "  exit(0);\n}", is_d ? "  printf(\"\\n\");\n}" : "}");
	return 0;
}
