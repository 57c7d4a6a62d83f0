// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * random_types SEED: a script that follows random members of the running kernel's types: from the current task, from a tracepoint's
 * arguments as the verifier knows them, and from numbers. Whatever it reads, the kernel must take the program.
 */
#include "debuginfo/btf.h"
#include "test/random/random.h"

#include <string.h>

enum { EXPRESSIONS = 12, TRIES = 40, DEEPEST = 5 };

static const char *chain(const struct type *t, const char *text, bool is_pointer, unsigned pointers);

static const struct type *complete(const struct type *t)
{
	return t->origin ? t->origin->complete(t) : t;
}

static bool is_struct(const struct type *t)
{
	return t->kind == TYPE_STRUCT || t->kind == TYPE_UNION;
}

/* A value that begins at the text, of the type; NULL if that leads nowhere. */
static const char *value(const struct type *t, const char *text, unsigned pointers)
{
	while (t->kind == TYPE_ARRAY && t->count && t->target->size && t->target != &type_char) {
		text = format("%s[%u]", text, pick(t->count));
		t = t->target;
	}
	if (type_is_int(t))
		return text;
	if (t->kind == TYPE_ARRAY && t->count)
		return t->target == &type_char ? format("strlen(%s)", text) : NULL;
	if (is_struct(t))
		return chain(t, text, false, pointers);
	if (t->kind != TYPE_POINTER)
		return NULL;
	if (pointers && is_struct(t->target) && t->target->origin && chance(90))
		return chain(t->target, text, true, pointers - 1);
	return chance(30) ? format("%s %s 0", text, chance(50) ? "==" : "!=") : text;
}

static const char *chain(const struct type *t, const char *text, bool is_pointer, unsigned pointers)
{
	t = complete(t);
	for (unsigned i = 0; t && t->nmembers && i < TRIES; i++) {
		const struct type_member *m = &t->members[pick(t->nmembers)];
		const char *v = value(m->type, format("%s%s%s", text, is_pointer ? "->" : ".", m->name), pointers);

		if (v)
			return v;
	}
	return NULL;
}

static void print_clause(const char *probe, const char *const *begins, unsigned nbegins, const struct type *task)
{
	/* variables that are set once, twice, in a branch */
	printf("%s\n{\n\t$once = %s;\n\t$twice = curtask;\n", probe, begins[pick(nbegins)]);
	for (unsigned i = 0; i < EXPRESSIONS; i++) {
		const char *begin = chance(30) ? "$once" : chance(20) ? "$twice" : begins[pick(nbegins)];
		const char *v = chain(task, begin, true, pick(DEEPEST));

		if (chance(10))
			printf(chance(50) ? "\t$twice = $once;\n" : "\tif (cpu) { $twice = $once; }\n");

		if (v && chance(70))
			printf("\tprint(%s);\n", v);
		else if (v)
			printf("\tif (%s) { @[%u] = count(); }\n", v, i);
	}
	printf("\t@p[$once != 0, (u64)$once > 0, $twice] = count();\n}\n");
}

int main(int argc, char **argv)
{
	static const char *const anywhere[] = { "curtask", "curtask->real_parent", "((struct task_struct *)(u64)curtask)" };
	static const char *const arguments[] = { "args.prev", "args.next", "args.next->group_leader", "curtask" };
	const struct type *task = dbg_btf_named(BTF_KIND_STRUCT, "task_struct");

	if (argc != 2 || !task)
		return 2;
	random_state = strtoull(argv[1], NULL, 0);
	print_clause("rawtracepoint:sched_switch", arguments, 4, task);
	print_clause("BEGIN", anywhere, 3, task);
	print_clause("profile:hz:1", anywhere, 3, task);
	printf("BEGIN { exit(0); }\n");
	return 0;
}
