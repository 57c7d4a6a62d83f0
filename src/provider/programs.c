// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs, from the events and their clauses. All clauses of an event are one program, but where the kernel would not follow
 * so many branches (BPF_COMPLEXITY_LIMIT_JMP_SEQ, 8192 on one way through it): then the rest of them is another program,
 * which the first goes on with by a tail call.
 */
#include "provider/late.h"
#include "provider/mechanism.h"

#include "lang/dialect.h"
#include "lang/symbol.h"
#include "lang/walk.h"

#include <ctype.h>

/*
 * Expressions in the clauses of an event, of which each is at most a branch or so; in all events of a program. Tail calls one behind
 * the other (MAX_TAIL_CALL_CNT, 32 before Linux 5.16).
 */
enum { PART_MAX = 6000, PROGRAM_MAX = 40000, TAIL_CALLS_MAX = 32 };

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
	program->lower.ops = e->late ? &late_ops : &e->mechanism->ops;
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
static void add_clauses(struct probes *p, struct event *e, struct program *program, unsigned from, unsigned to)
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
	program->lower.is_own = m->started_by != STARTED_BY_KERNEL;
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

struct parts {
	struct program *last;
	unsigned calls;
};

/*
 * A program of its own for some of the event's clauses. Where there is a copy for each target, or the kernel allows no more calls,
 * it is attached behind the others.
 */
static void add_part(struct probes *p, struct event *e, struct parts *parts, unsigned from, unsigned to)
{
	struct program *program = new_program(p, e), *last = parts->last;

	add_clauses(p, e, program, from, to);
	parts->last = program;
	if (!last || program->copies || parts->calls == TAIL_CALLS_MAX) {
		parts->calls = 0;
		return;
	}
	last->rest = program;
	last->lower.calls_rest = program->is_called = program->lower.is_called = true;
	parts->calls++;
}

void prov_add_to_programs(struct probes *p, struct event *e)
{
	struct parts parts = { 0 };
	struct program *program = NULL;
	unsigned first = 0, size = 0, all = 0;

	vec_foreach(c, &e->clauses)
		all += size_of(*c);
	if (all <= PART_MAX || shares(e)) {
		program = program_of(p, e, all);
		program->size += all;
		add_clauses(p, e, program, 0, e->clauses.len);
		return;
	}
	for (unsigned c = 0; c < e->clauses.len; c++) {
		unsigned n = size_of(e->clauses.data[c]);

		if (c > first && size + n > PART_MAX) {
			add_part(p, e, &parts, first, c);
			first = c;
			size = 0;
		}
		size += n;
	}
	add_part(p, e, &parts, first, e->clauses.len);
}
