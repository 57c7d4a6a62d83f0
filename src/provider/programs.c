// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs, from the events and their clauses. All clauses of an event are one program, but where the kernel would not follow
 * so many branches (BPF_COMPLEXITY_LIMIT_JMP_SEQ, 8192 on one way through it): then the rest of them is another program on
 * the same targets, which runs behind the first.
 */
#include "provider/mechanism.h"

#include "lang/dialect.h"
#include "lang/symbol.h"
#include "lang/walk.h"

#include <ctype.h>

/* Expressions in the clauses of an event, of which each is at most a branch or so; in all events of a program. */
enum { PART_MAX = 6000, PROGRAM_MAX = 40000 };

/* At most 15 characters that the kernel takes. */
static const char *program_name(struct probes *p, const struct event *e)
{
	const struct naming *n = &e->targets.data[0]->namings.data[0];
	char *name = arena_strndup(p->arena, *n->func ? n->func : n->probe, 15);

	if (e->mechanism->one_program)
		return e->mechanism->name;
	for (char *s = name; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '_')
			*s = '_';
	return name;
}

static struct program *new_program(struct probes *p, const struct event *e)
{
	struct program *program = arena_new(p->arena, struct program);

	program->mechanism = e->mechanism;
	program->name = program_name(p, e);
	program->lower.name = program->name;
	program->lower.ops = &e->mechanism->ops;
	program->lower.mechanism = program;
	*arena_vec_add(p->arena, &p->programs) = program;
	return program;
}

/* One that other events of the mechanism are in, if they may be together and there is room. */
static struct program *program_of(struct probes *p, const struct event *e, unsigned size)
{
	if (e->mechanism->one_program)
		vec_foreach(at, &p->programs)
			if ((*at)->mechanism == e->mechanism && (*at)->size + size <= PROGRAM_MAX)
				return *at;
	return new_program(p, e);
}

static bool is_limited_to_pid(const struct probes *p, const struct event *e)
{
	return p->pid && dialect_has(p->script->dialect, DIALECT_PID_LIMITS) && e->kind != TARGET_BEGIN &&
	       e->kind != TARGET_END && e->kind != TARGET_INTERVAL;
}

/* Clauses `from` to `to` of the event. */
static void add_part(struct probes *p, struct event *e, struct program *program, unsigned from, unsigned to)
{
	const struct mechanism *m = e->mechanism;
	struct lower_event *event = arena_vec_add(p->arena, &program->lower.events);

	*arena_vec_add(p->arena, &program->events) = e;
	event->event = e;
	event->absent = (struct lower_names){ e->absent.data, e->absent.len };
	program->is_rest = from;
	for (unsigned c = from; c < to; c++)
		*arena_vec_add(p->arena, &event->clauses) = e->clauses.data[c];
	program->copies = e->targets.len > 1 && (m->copies_always || (m->copies && e->needs & NEED_TARGET));
	program->lower.is_begin |= e->kind == TARGET_BEGIN;
	program->lower.is_end |= e->kind == TARGET_END || e->kind == TARGET_ERROR;	/* the fault came before the exit */
	program->lower.filter_pid |= is_limited_to_pid(p, e);
	if (m->nests)
		program->lower.nests = m->nests(p, e);
	program->lower.can_interrupt |= (program->copies && m->started_by == STARTED_BY_KERNEL) || program->lower.nests;
}

static void count(void *data, struct expr *e)
{
	(void)e;
	++*(unsigned *)data;
}

static unsigned size_of(struct clause *c)
{
	unsigned n = 1;

	walk_clause(c, count, &n);
	return n;
}

static void note_strtok(void *data, struct expr *e)
{
	if (e->kind == EXPR_CALL && e->symbol && e->symbol->builtin == BUILTIN_strtok)
		*(bool *)data = true;
}

/* Something lives as long as the firing: this->, what strtok goes on with. */
static bool shares(const struct event *e)
{
	bool does = false;

	vec_foreach(c, &e->clauses) {
		walk_clause(*c, note_strtok, &does);
		vec_foreach(sym, &(*c)->locals)
			does |= !(*sym)->clause;
	}
	return does;
}

void prov_add_to_programs(struct probes *p, struct event *e)
{
	struct program *program = NULL;
	unsigned first = 0, size = 0, all = 0;

	vec_foreach(c, &e->clauses)
		all += size_of(*c);
	if (all <= PART_MAX || shares(e)) {
		program = program_of(p, e, all);
		program->size += all;
		add_part(p, e, program, 0, e->clauses.len);
		return;
	}
	for (unsigned c = 0; c < e->clauses.len; c++) {
		unsigned n = size_of(e->clauses.data[c]);

		if (c > first && size + n > PART_MAX) {
			add_part(p, e, new_program(p, e), first, c);
			first = c;
			size = 0;
		}
		size += n;
	}
	add_part(p, e, new_program(p, e), first, e->clauses.len);
}
