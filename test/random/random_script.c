// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * random_script [-d] SEED: a random program that ply accepts, over the whole language. Whatever else its clauses do, it exits in BEGIN,
 * so all of it is loaded and that part runs.
 *
 * -d: all clauses are BEGIN's or END's, and what they print is the same whenever they run.
 *
 * Variables have one type each, by their names: i… numbers, s… strings; m… and z… have keys, a… aggregate. That is all that
 * is needed for a program to be right; expressions are made by type, as deep as asked for.
 */
#include "random.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static bool deterministic;

/* A kind of probe, and what its clauses can read. */
struct probe {
	const char *spec;
	const char *numbers[8], *strings[4];
};

static const struct probe probes[] = {
	{ "BEGIN", { 0 }, { 0 } },
	{ "END", { 0 }, { 0 } },
	{ "syscall:read", { "arg0", "arg1", "args.count", "args.fd" }, { "func", "probe" } },
	{ "syscall:read,syscall:write", { "arg0", "args.fd", "arg2" }, { "probefunc", "probe" } },
	{ "syscall:openat", { "arg0", "args.flags", "args.mode" }, { "str(args.filename)", "str(arg1)", "probename" } },
	{ "syscall:get*id", { "arg0" }, { "func", "probe" } },
	{ "sysret:read", { "retval", "errno" }, { "func" } },
	{ "sysret:openat", { "retval" }, { "probe" } },
	{ "kprobe:SyS_write", { "arg0", "arg2" }, { "func" } },
	{ "tracepoint:sched:sched_switch", { "args.prev_pid", "args.next_pid", "args.prev_prio", "args.prev_state" },
	  { "args.prev_comm", "args.next_comm" } },
	{ "tracepoint:sched:sched_wakeup", { "args.pid", "args.prio" }, { "args.comm", "probe" } },
	{ "tracepoint:sched:sched_process_fork", { "args.parent_pid", "args.child_pid" }, { "args.parent_comm" } },
	{ "tracepoint:sched:sched_process_exec", { "args.pid", "args.old_pid" }, { "args.filename" } },
	{ "tracepoint:syscalls:sys_enter_write", { "args.fd", "args.count" }, { "probe" } },
	{ "rawtracepoint:sched_switch", { "(u64)arg0", "(u64)arg1" }, { "probe" } },
	{ "rawtracepoint:sys_enter", { "(u64)arg1" }, { "probename" } },
	{ "profile:hz:99", { "cpu" }, { "probe" } },
	{ "profile:ms:100", { "usermode" }, { "probe" } },
	{ "interval:ms:100", { 0 }, { "probe" } },
};

static const struct probe *probe;
static unsigned in_loop;
static bool in_predicate;
static unsigned locals;			/* loop variables so far, in this clause */

/* Keyed variables: the letters of their keys' types; what they hold. */
struct keyed {
	const char *name, *keys;
	char value;
};

static struct keyed keyed[] = {
	{ "@m0", NULL, 'n' }, { "@m1", NULL, 's' }, { "@m2", NULL, 'n' }, { "z0", NULL, 'n' }, { "z1", NULL, 's' },
	{ "self->z2", NULL, 'n' }, { "self->z3", NULL, 's' },
};

static const char *const aggregations[] = {
	"count()", "sum(%s)", "min(%s)", "max(%s)", "avg(%s)", "stddev(%s)", "stats(%s)", "quantize(%s)", "lquantize(%s, -10, 90, 10)",
	"llquantize(%s, 10, 0, 4, 10)", "hist(%s)", "lhist(%s, 0, 1000, 100)",
};

enum { AGGS = 4 };
static struct agg {
	const char *name, *keys, *call;
} aggs[AGGS] = { { "@a0", NULL, NULL }, { "@a1", NULL, NULL }, { "@a2", "", NULL }, { "@a3", "", NULL } };

static const char *const number_variables[] = {
	"i0", "i1", "i2", "self->i3", "self->i4", "this->i5", "this->i6", "@i7", "@i8", "$i0", "$i1", "$i2", "$i3",
};
static const char *const string_variables[] = { "s0", "s1", "self->s2", "this->s3", "@s4", "$s0", "$s1" };

static const char *any_name(const char *const *names, unsigned n)
{
	unsigned have = 0;

	while (have < n && names[have])
		have++;
	return have ? names[pick(have)] : NULL;
}

/* A predicate knows no locals of its clause. */
static const char *variable(const char *const *names, unsigned n)
{
	const char *name;

	do {
		name = names[pick(n)];
	} while (in_predicate && *name == '$');
	return name;
}

#define variable_of(names) variable(names, lengthof(names))

static char *number(unsigned depth);
static char *string(unsigned depth);

/* --- keys */

static const char *key_types(void)
{
	static const char *const types[] = { "n", "s", "nn", "ns", "sn", "ss", "nnn", "nsn", "8n", "48", "2s", "1n4", "nnnnn" };

	return one_of(types);
}

static char *key_part(char type, unsigned depth)
{
	switch (type) {
	case 's': return string(depth);
	case '1': return format("(u8)(%s)", number(depth));
	case '2': return format("(s16)(%s)", number(depth));
	case '4': return format("(u32)(%s)", number(depth));
	case '8': return format("(u64)(%s)", number(depth));
	default: return number(depth);
	}
}

static char *keys(const char *types, unsigned depth)
{
	char *text = "";

	for (; *types; types++)
		text = format("%s%s%s", text, *text ? ", " : "", key_part(*types, depth));
	return text;
}

static char *element(const struct keyed *k, unsigned depth)
{
	return format("%s[%s]", k->name, keys(k->keys, depth));
}

static const struct keyed *keyed_with(char value)
{
	const struct keyed *k;

	do {
		k = &one_of(keyed);
	} while (k->value != value);
	return k;
}

/* --- numbers */

static char *literal(void)
{
	static const char *const others[] = { "'a'", "'\\n'", "10ms", "1s", "1e6", "0b101", "017", "1_000", "sizeof(int)", "AF_INET", "EAGAIN" };
	uint64_t v = random_u64() >> pick(64);

	switch (pick(6)) {
	case 0: return format("0x%" PRIx64, v);
	case 1: return format("%s", one_of(others));
	case 2: return format("-%" PRIu64, v & INT64_MAX);
	case 3: return format("%" PRIu64, v);
	default: return format("%u", pick(20));
	}
}

static char *builtin_number(void)
{
	static const char *const all[] = {
		"pid", "tid", "ppid", "uid", "gid", "cpu", "timestamp", "elapsed", "walltimestamp", "cgroup", "rand", "ncpus", "nsecs",
	};
	const char *name = any_name(probe->numbers, lengthof(probe->numbers));

	if (deterministic)
		return literal();
	return format("%s", name && chance(60) ? name : one_of(all));
}

static char *of_strings(unsigned depth)
{
	static const char *const compares[] = { "==", "!=", "<", ">", "<=", ">=" };
	static const char *const patterns[] = { "*", "a*", "*b?", "[a-f]*x", "ab*cd", "?" };

	switch (pick(10)) {
	case 0: case 1: return format("strlen(%s)", string(depth));
	case 2: return format("index(%s, %s)", string(depth), string(depth));
	case 3: return format("rindex(%s, %s, %s)", string(depth), string(depth), number(depth));
	case 4: return format("strcmp(%s, %s)", string(depth), string(depth));
	case 5: return format("strncmp(%s, %s, %u)", string(depth), string(depth), pick(20));
	case 6: return format("strcontains(%s, %s)", string(depth), string(depth));
	case 7: return format("glob(%s, \"%s\")", string(depth), one_of(patterns));
	default: return format("(%s %s %s)", string(depth), one_of(compares), string(depth));
	}
}

static char *of_variables(unsigned depth)
{
	const struct keyed *k = &one_of(keyed);

	switch (pick(6)) {
	case 0: return *k->name == '@' ? format("has_key(%s, %s)", k->name, keys(k->keys, depth)) : literal();
	case 1: return *k->name == '@' && chance(30) ? format("len(%s)", k->name) : format("f[%s]", number(depth));
	case 2: return format("%s%s", pick(2) ? "++" : "--", variable_of(number_variables));
	case 3: return format("%s%s", variable_of(number_variables), pick(2) ? "++" : "--");
	case 4: return format("(%s = %s)", variable_of(number_variables), number(depth));
	default: return element(keyed_with('n'), depth);
	}
}

static char *number(unsigned depth)
{
	static const char *const ops[] = {
		"+", "-", "*", "&", "|", "^", "<", "<=", ">", ">=", "==", "!=", "&&", "||", "^^", "/", "%", "<<", ">>",
	};
	static const char *const casts[] = { "u8", "s8", "u16", "s16", "u32", "int", "s64", "u64", "uint8_t", "unsigned int", "char", "long" };
	static const char *const calls[] = { "htons", "htonl", "bswap", "getmajor", "getminor", "ntohs", "htonll" };

	if (!depth)
		return chance(30) ? literal() : chance(30) ? builtin_number() : format("%s", variable_of(number_variables));
	depth--;
	switch (pick(20)) {
	case 0: return literal();
	case 1: return builtin_number();
	case 2: case 3: return format("%s", variable_of(number_variables));
	case 4: case 5: return of_strings(depth);
	case 6: case 7: return of_variables(depth);
	case 8: return format("%c(%s)", "-~!+"[pick(4)], number(depth));
	case 9: return format("(%s)(%s)", one_of(casts), number(depth));
	case 10: return format("(%s ? %s : %s)", number(depth), number(depth), number(depth));
	case 11: return format("%s(%s)", one_of(calls), number(depth));
	case 12: return format("(%s / (%s | 1))", number(depth), number(depth));
	case 13: return format("(%s %s (%s & 63))", number(depth), pick(2) ? "<<" : ">>", number(depth));
	default: {
		const char *op = ops[pick(15)];

		return format("(%s %s %s)", number(depth), op, number(depth));
	}
	case 14: {
		/* may be 0 while it runs */
		const char *op = pick(2) ? "/" : "%";

		return deterministic ? literal() : format("(%s %s %s)", number(depth), op, variable_of(number_variables));
	}
	}
}

/* --- strings */

static char *string_literal(void)
{
	static const char *const all[] = {
		"", "a", "ab", "abc", "/usr/lib/libc.so", "a,b;c", "one two three", "../x//y/.", "%d", "\\n\\t", "\\xff\\x01", "0123456789abcdef",
		"a somewhat longer text that has more characters than a task's name has, and more than most words of memory do",
	};

	return format("\"%s\"", one_of(all));
}

static char *string(unsigned depth)
{
	const char *name;

	if (!depth)
		return chance(40) ? string_literal() : format("%s", variable_of(string_variables));
	depth--;
	switch (pick(20)) {
	case 0: return string_literal();
	case 1: return deterministic ? string_literal() : format("%s", pick(2) ? "comm" : "execname");
	case 2:
		name = any_name(probe->strings, lengthof(probe->strings));
		/* func and probe are numbers that show themselves */
		return deterministic || !name || (strncmp(name, "args", 4) && strncmp(name, "str", 3)) ? string_literal() : format("%s", name);
	case 3: return format("strjoin(%s, %s)", string(depth), string(depth));
	case 4: return format("substr(%s, %s)", string(depth), number(depth));
	case 5: return format("substr(%s, %u, %s)", string(depth), pick(5), number(depth));
	case 6: return format("strchr(%s, '%c')", string(depth), 'a' + pick(4));
	case 7: return format("strrchr(%s, %s)", string(depth), number(depth));
	case 8: return format("strstr(%s, %s)", string(depth), string(depth));
	case 9: return in_predicate ? string_literal() : format("strtok(%s, \"%s\")", string(depth), pick(2) ? "," : " ;/");
	case 10: return format("basename(%s)", string(depth));
	case 11: return format("dirname(%s)", string(depth));
	case 12: return chance(40) ? format("cleanpath(%s)", string(depth)) : string_literal();
	case 13: return format("lltostr(%s)", number(depth));
	case 14: return format("lltostr(%s, %u)", number(depth), 2 + pick(35));
	case 15: return format("(%s ? %s : %s)", number(depth), string(depth), string(depth));
	case 16: return element(keyed_with('s'), depth);
	case 17: return format("str(%s, %u)", string(depth), 1 + pick(40));
	default: return format("%s", variable_of(string_variables));
	}
}

/* --- statements */

static void put(unsigned indent, const char *text)
{
	printf("%*s%s\n", 2 * (int)indent, "", text);
}

static void statements(unsigned indent, unsigned n, unsigned depth);

static char *printed(unsigned depth)
{
	static const char *const numbers[] = { "%d", "%u", "%x", "%5d", "%-8d", "%ld", "%llx", "%o" };
	char *fmt = "", *args = "";

	for (unsigned n = pick(4); n; n--) {
		bool is_string = pick(3) == 0;

		fmt = format("%s%s ", fmt, is_string ? (pick(3) ? "%s" : "%-20s") : one_of(numbers));
		args = format("%s, %s", args, is_string ? string(depth) : number(depth));
	}
	return format("printf(\"%s\\n\"%s);", fmt, args);
}

static char *aggregate(unsigned depth)
{
	const struct agg *a = &one_of(aggs);
	char *call = format(a->call, number(depth));
	char *name = *a->keys ? format("%s[%s]", a->name, keys(a->keys, depth)) : format("%s", a->name);

	return pick(4) ? format("%s = %s;", name, call) : format("%s.%s;", name, call);
}

static char *of_map(void)
{
	static const char *const actions[] = { "clear", "zero", "trunc", "print" };
	const char *name = pick(2) ? one_of(aggs).name : keyed[pick(3)].name;
	const char *action = one_of(actions);

	if (!strcmp(action, "trunc"))
		return format("trunc(%s, %u);", name, pick(5));
	return format("%s(%s);", action, name);
}

static char *assignment(unsigned depth)
{
	static const char *const ops[] = { "=", "=", "=", "+=", "-=", "*=", "&=", "|=", "^=" };
	const struct keyed *k;

	switch (pick(7)) {
	case 0: case 1: case 2: return format("%s %s %s;", variable_of(number_variables), one_of(ops), number(depth));
	case 3: return format("%s = %s;", variable_of(string_variables), string(depth));
	case 4: return format("%s = %s;", element(keyed_with('s'), depth / 2), string(depth));
	case 5: return format("%s %s %s;", element(keyed_with('n'), depth / 2), one_of(ops), number(depth));
	default:
		k = keyed_with('n');
		return format("%s%s;", element(k, depth / 2), pick(2) ? "++" : "--");
	}
}

static char *deletion(unsigned depth)
{
	const struct keyed *k = &one_of(keyed);

	if (pick(4) == 0)
		return pick(2) ? format("self->i4 = 0;") : format("self->s2 = 0;");
	return pick(2) ? format("delete %s;", element(k, depth / 2)) : format("delete(%s);", element(k, depth / 2));
}

static void loop(unsigned indent, unsigned depth)
{
	unsigned n = locals++;

	switch (pick(5)) {
	case 0:
		put(indent, format("for ($n%u : 0..%s) {", n, pick(2) ? format("%u", pick(30)) : format("(%s & 7)", number(1))));
		break;
	case 1:
		put(indent, format("for ($n%u = 0; $n%u < %u; $n%u++) {", n, n, pick(30), n));
		break;
	case 2:
		put(indent, format("$n%u = %s & 15;", n, number(1)));
		put(indent, format("while ($n%u-- > 0 && %s) {", n, number(2)));
		break;
	case 3:
		put(indent, format("unroll (%u) {", 1 + pick(3)));
		break;
	default:
		put(indent, format("for ($n%u : %s) {", n, keyed[pick(3)].name));
		if (deterministic) {
			/* in whatever order */
			put(indent + 1, "i0 += 3;");
			put(indent, "}");
			return;
		}
		put(indent + 1, format("print($n%u);", n));
	}
	in_loop++;
	statements(indent + 1, 1 + pick(3), depth);
	in_loop--;
	put(indent, "}");
}

static void branch(unsigned indent, unsigned depth)
{
	put(indent, format("if (%s) {", number(3)));
	statements(indent + 1, 1 + pick(3), depth);
	while (pick(3) == 0) {
		put(indent, format("} else if (%s) {", number(2)));
		statements(indent + 1, 1 + pick(2), depth);
	}
	if (pick(2)) {
		put(indent, "} else {");
		statements(indent + 1, 1 + pick(3), depth);
	}
	put(indent, "}");
}

static void statement(unsigned indent, unsigned depth)
{
	unsigned d = 1 + pick(3);

	switch (pick(24)) {
	case 0: case 1: case 2: case 3: case 4: case 5:
		put(indent, assignment(d));
		break;
	case 6: case 7: case 8:
		put(indent, printed(d));
		break;
	case 9: case 10: case 11:
		put(indent, aggregate(d));
		break;
	case 12:
		put(indent, of_map());
		break;
	case 13:
		put(indent, deletion(d));
		break;
	case 14:
		put(indent, format("print(%s);", pick(3) == 0 ? format("(%s, %s)", number(1), string(1)) : pick(2) ? number(d) : string(d)));
		break;
	case 15:
		put(indent, format("%s ? printf(\"yes\\n\") : printf(\"no %%d\\n\", %s);", number(d), number(1)));
		break;
	case 16:
		if (in_loop && depth < 2) {
			put(indent, format("if (%s) { %s; }", number(2), pick(2) ? "break" : "continue"));
			break;
		}
		if (chance(20))
			put(indent, format("if (%s) { return; }", number(2)));
		else
			put(indent, format("trace(%s);", pick(2) ? number(1) : string(1)));
		break;
	case 17: case 18:
		if (depth && in_loop < 2) {
			loop(indent, depth - 1);
			break;
		}
		/* fall through */
	default:
		if (depth)
			branch(indent, depth - 1);
		else
			put(indent, assignment(d));
	}
}

static void statements(unsigned indent, unsigned n, unsigned depth)
{
	while (n--)
		statement(indent, depth);
}

/* --- clauses */

static void clause(const struct probe *p)
{
	char *predicate = "";

	probe = p;
	locals = 0;
	in_predicate = true;
	if (chance(40))
		predicate = format("/%s/ ", number(3));
	in_predicate = false;
	printf("%s %s{\n", p->spec, predicate);
	for (unsigned i = 0; i < lengthof(number_variables); i++)
		if (*number_variables[i] == '$')
			put(1, format("%s = %s;", number_variables[i], deterministic ? literal() : builtin_number()));
	for (unsigned i = 0; i < lengthof(string_variables); i++)
		if (*string_variables[i] == '$')
			put(1, format("%s = %s;", string_variables[i], string_literal()));
	statements(1, 1 + pick(8), 2);
	put(0, "}");
}

/* Gives every variable its type, also where no clause does. */
static void initialise(void)
{
	static const struct probe begin = { "BEGIN", { 0 }, { 0 } };

	probe = &begin;
	puts("BEGIN {");
	for (unsigned i = 0; i < lengthof(number_variables); i++)
		put(1, format("%s = %u;", number_variables[i], pick(100)));
	for (unsigned i = 0; i < lengthof(string_variables); i++)
		put(1, format("%s = %s;", string_variables[i], string_literal()));
	for (unsigned i = 0; i < lengthof(keyed); i++)
		put(1, format("%s = %s;", element(&keyed[i], 0), keyed[i].value == 'n' ? literal() : string_literal()));
	for (unsigned i = 0; i < AGGS; i++)
		put(1, format("%s%s = %s;", aggs[i].name, *aggs[i].keys ? format("[%s]", keys(aggs[i].keys, 0)) : "",
			      format(aggs[i].call, literal())));
	put(0, "}");
}

int main(int argc, char **argv)
{
	unsigned clauses;

	if (argc > 1 && !strcmp(argv[1], "-d")) {
		deterministic = true;
		argc--;
		argv++;
	}
	if (argc != 2) {
		fprintf(stderr, "usage: random_script [-d] SEED\n");
		return 2;
	}
	random_state = strtoull(argv[1], NULL, 0);
	for (unsigned i = 0; i < lengthof(keyed); i++)
		keyed[i].keys = key_types();
	for (unsigned i = 0; i < AGGS; i++) {
		aggs[i].call = one_of(aggregations);
		if (!aggs[i].keys)
			aggs[i].keys = key_types();
	}
	puts("inline s64 f[s64 v] = v * 2 + 1;");
	initialise();
	for (clauses = 1 + pick(6); clauses; clauses--)
		clause(&probes[deterministic ? pick(2) : pick(lengthof(probes))]);
	puts("BEGIN { exit(0); }");
	return 0;
}
