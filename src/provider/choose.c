// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From events to programs: what the clauses need, which mechanism that takes, and what number each target gets.
 */
#include "provider/late.h"
#include "provider/mechanism.h"

#include "base/strmap.h"
#include "lang/builtin.h"
#include "lang/dialect.h"
#include "lang/walk.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

#define MECHANISM(name) extern const struct mechanism mech_##name;
#include "provider/mechanisms.def"
#undef MECHANISM

const struct mechanism *const mech_all[] = {
#define MECHANISM(name) &mech_##name,
#include "provider/mechanisms.def"
#undef MECHANISM
	NULL
};

enum { MAX_PROBES = 500, CLOSE_MS = 80 };

/* needs */

struct gather {
	struct probes *p;
	struct event *e;
};

static void add_name(struct probes *p, struct name_list *names, const char *name)
{
	vec_foreach(n, names)
		if (!strcmp(*n, name))
			return;
	*arena_vec_add(p->arena, names) = name;
}

static unsigned variable_needs(enum builtin_id id)
{
	switch (id) {
	case BUILTIN_func:
	case BUILTIN_probe:
	case BUILTIN_probeprov:
	case BUILTIN_probemod:
	case BUILTIN_probename:
	case BUILTIN_id:
		return NEED_TARGET;
	case BUILTIN_retval:
	case BUILTIN_errno:
		return NEED_RETVAL;
	case BUILTIN_ctx:
	case BUILTIN_regs:
	case BUILTIN_usermode:
		return NEED_REGS;
	case BUILTIN_stack:
	case BUILTIN_ustack:
	case BUILTIN_stack_:
	case BUILTIN_ustack_:
	case BUILTIN_caller:
	case BUILTIN_ucaller:
	case BUILTIN_stackdepth:
	case BUILTIN_ustackdepth:
		return NEED_STACK;
	default:
		return id >= BUILTIN_arg0 && id <= BUILTIN_arg9 ? NEED_ARGS : 0;
	}
}

/* p->x, p[i], *p where p is an argument of the probe */
static bool follows_arg(const struct expr *e)
{
	const struct expr *p = e->left;

	if (e->kind != EXPR_ARROW && e->kind != EXPR_INDEX && !(e->kind == EXPR_UNARY && e->op == OP_DEREF))
		return false;
	while (p->kind == EXPR_CAST)
		p = p->left;
	return p->is_arg || (p->symbol && p->symbol->kind == SYM_BUILTIN &&
			     variable_needs(p->symbol->builtin) & (NEED_ARGS | NEED_RETVAL));
}

static void gather_expr(void *data, struct expr *e)
{
	struct gather *g = data;
	const struct builtin *builtin;

	if (e->is_arg) {
		g->e->needs |= NEED_ARGS;
		add_name(g->p, &g->e->args, e->name);
	}
	if (follows_arg(e))
		g->e->needs |= NEED_FOLLOW;
	if (!e->symbol || (e->symbol->kind != SYM_BUILTIN && e->symbol->kind != SYM_FUNCTION))
		return;
	builtin = builtin_get(e->symbol->builtin);
	g->e->needs |= variable_needs(builtin->id);
	if (builtin->kind == BK_VAR && builtin->flags & BF_PROBE && builtin->id != BUILTIN_args)
		add_name(g->p, &g->e->variables, builtin->name);
}

static void gather_needs(struct probes *p, struct event *e)
{
	struct gather g = { p, e };

	if (p->name_targets)
		e->needs |= NEED_TARGET;
	vec_foreach(c, &e->clauses) {
		if (!(*c)->body)
			e->needs |= NEED_TARGET;
		walk_clause(*c, gather_expr, &g);
	}
}

static bool same_absent(struct probes *p, const struct event *e, struct target *t)
{
	vec_foreach(name, &e->variables)
		if (prov_is_absent(p, t, *name) != prov_is_absent(p, e->targets.data[0], *name))
			return false;
	return true;
}

static bool same_args(struct probes *p, const struct event *e, struct target *t)
{
	if (e->args.len && !(e->provider->same_args && e->provider->same_args(p, e, e->targets.data[0], t)))
		return false;
	return same_absent(p, e, t);
}

static void note_absent(struct probes *p, struct event *e)
{
	vec_foreach(name, &e->variables)
		if (prov_is_absent(p, e->targets.data[0], *name))
			add_name(p, &e->absent, *name);
}

/* Targets whose args differ need code of their own: they become events of their own. */
static void split(struct probes *p, struct event *e)
{
	struct event *rest = NULL;
	unsigned kept = 1;

	for (unsigned i = 1; i < e->targets.len; i++) {
		struct target *t = e->targets.data[i];

		if (same_args(p, e, t)) {
			e->targets.data[kept++] = t;
			continue;
		}
		if (!rest) {
			rest = arena_memdup(p->arena, e, sizeof(*e));
			memset(&rest->targets, 0, sizeof(rest->targets));
			*arena_vec_add(p->arena, &p->events) = rest;
		}
		*arena_vec_add(p->arena, &rest->targets) = t;
	}
	e->targets.len = kept;
}

static int choose(struct probes *p, struct event *e)
{
	const char *why = NULL, *refused = NULL;
	int best = -1;

	for (const struct mechanism *const *m = mech_all; *m; m++) {
		int cost;

		why = NULL;
		cost = (*m)->usable(p, e, &why);
		if (cost < 0 && why && *why)
			refused = why;
		if (cost >= 0 && (best < 0 || cost < best)) {
			best = cost;
			e->mechanism = *m;
			e->reason = why ? why : "";
		}
	}
	if (best >= 0)
		return 0;
	diag_error(p->diag, e->targets.data[0]->span, "MECHANISM", "%s%s cannot be traced here: %s", mech_probe(e->targets.data[0]),
		   e->targets.len == 1 ? "" : arena_printf(p->arena, " and %u more", e->targets.len - 1),
		   refused ? refused : "the kernel has no way to it");
	return -1;
}

/* numbers */

const char *prov_text_of(const struct naming *n, enum type_show show)
{
	switch (show) {
	case SHOW_FUNC:
		return n->func;
	case SHOW_PROBE:
		return n->probe;
	case SHOW_PROBEPROV:
		return n->prov;
	case SHOW_PROBEMOD:
		return n->mod;
	default:
		return n->name;
	}
}

static bool same_texts(const struct naming *a, const struct naming *b)
{
	return !strcmp(a->probe, b->probe) && !strcmp(a->func, b->func) && !strcmp(a->prov, b->prov) &&
	       !strcmp(a->mod, b->mod) && !strcmp(a->name, b->name);
}

/* What event e's clause number c calls its target number t. */
static struct naming *naming_of(const struct event *e, unsigned c, unsigned t)
{
	return &e->targets.data[t]->namings.data[c];
}

static unsigned add_numbers(struct probes *p, unsigned n)
{
	unsigned base = p->namings.len;

	for (unsigned i = 0; i < n; i++)
		*arena_vec_add(p->arena, &p->namings) = (struct naming){
			.func = "", .probe = "", .prov = "", .mod = "", .name = "", .number = base + i,
		};
	return base;
}

static void set_number(struct probes *p, struct naming *n, unsigned number)
{
	n->number = number;
	p->namings.data[number] = *n;
}

static bool named_alike(const struct event *e, unsigned c, unsigned other)
{
	for (unsigned t = 0; t < e->targets.len; t++)
		if (!same_texts(naming_of(e, c, t), naming_of(e, other, t)))
			return false;
	return true;
}

/* Whether all clauses call both targets alike. */
static bool alike(const struct event *e, unsigned t, unsigned other)
{
	for (unsigned c = 0; c < e->clauses.len; c++)
		if (!same_texts(naming_of(e, c, t), naming_of(e, c, other)))
			return false;
	return true;
}

/*
 * Targets that all clauses call alike have one number, so that they are one key: the place of each among the *n that
 * differ.
 */
static unsigned *places_of(struct probes *p, const struct event *e, unsigned *n)
{
	unsigned *places = arena_array(p->arena, unsigned, e->targets.len);
	struct strmap by_probe = { 0 };

	*n = 0;
	for (unsigned t = 0; t < e->targets.len; t++) {
		const char *probe = naming_of(e, 0, t)->probe;
		unsigned first = (unsigned)(uintptr_t)strmap_get(&by_probe, probe);

		if (first && alike(e, first - 1, t)) {
			places[t] = places[first - 1];
			continue;
		}
		places[t] = (*n)++;
		strmap_put(&by_probe, probe, (void *)(uintptr_t)(t + 1));
	}
	strmap_deinit(&by_probe);
	return places;
}

static void number_targets(struct probes *p, struct event *e)
{
	unsigned n, *places = places_of(p, e, &n);

	for (unsigned c = 0; c < e->clauses.len; c++) {
		unsigned base;

		if (c && named_alike(e, c, c - 1))
			base = naming_of(e, c - 1, 0)->number;
		else
			base = add_numbers(p, n);
		for (unsigned t = 0; t < e->targets.len; t++)
			set_number(p, naming_of(e, c, t), base + places[t]);
	}
}

/* Numbers of system calls under one spelling: base + the call's number. */
struct number_block {
	const char *spelling;
	enum target_kind kind;
	unsigned base, size;
};

typedef VEC(struct number_block) block_list;

static bool fits(const struct probes *p, const struct number_block *block, const struct event *e, unsigned c)
{
	for (unsigned t = 0; t < e->targets.len; t++) {
		const struct naming *n = naming_of(e, c, t), *there;

		if (e->targets.data[t]->number >= block->size)
			return false;
		there = &p->namings.data[block->base + e->targets.data[t]->number];
		if (there->target && !same_texts(there, n))
			return false;
	}
	return true;
}

/* All names of the clause must be in one block, whatever spellings it mixes. */
static const char *spelling_of(const struct event *e, unsigned c)
{
	const char *spelling = naming_of(e, c, 0)->spelling;

	for (unsigned t = 1; t < e->targets.len; t++)
		if (strcmp(naming_of(e, c, t)->spelling, spelling))
			return "";
	return spelling;
}

static void number_calls(struct probes *p, struct event *e, block_list *blocks)
{
	unsigned size = 0;

	vec_foreach(t, &e->targets)
		if ((*t)->number >= size)
			size = (unsigned)(*t)->number + 1;
	for (unsigned c = 0; c < e->clauses.len; c++) {
		const char *spelling = spelling_of(e, c);
		struct number_block *block = NULL;

		vec_foreach(b, blocks)
			if (b->kind == e->kind && *spelling && !strcmp(b->spelling, spelling) && fits(p, b, e, c))
				block = b;
		if (!block) {
			block = arena_vec_add(p->arena, blocks);
			*block = (struct number_block){ spelling, e->kind, add_numbers(p, size), size };
		}
		for (unsigned t = 0; t < e->targets.len; t++)
			set_number(p, naming_of(e, c, t), block->base + (unsigned)e->targets.data[t]->number);
	}
}

static void number(struct probes *p)
{
	block_list blocks = { 0 };

	vec_foreach(at, &p->events) {
		struct event *e = *at;

		if (e->targets.data[0]->is_late)
			late_number(p, e);
		else if (e->kind == TARGET_SYSCALL || e->kind == TARGET_SYSRET)
			number_calls(p, e, &blocks);
		else
			number_targets(p, e);
		for (unsigned c = 0; c < e->clauses.len; c++)
			for (unsigned t = 0; t < e->targets.len; t++)
				*arena_vec_add(p->arena, &e->numbers) = naming_of(e, c, t)->number;
		for (unsigned t = 0; t < e->targets.len; t++)
			*arena_vec_add(p->arena, &e->cookies) =
				e->numbers.data[t] | (e->mechanism->cookie_bits ? e->mechanism->cookie_bits(e->targets.data[t]) : 0);
	}
}

/* For each number the first one of the same text. */
static const unsigned *first_numbers(struct probes *p, enum type_show show)
{
	unsigned **first = &p->first_numbers[show - SHOW_FUNC];
	struct strmap by_text = { 0 };

	if (*first)
		return *first;
	*first = arena_array(p->arena, unsigned, p->namings.len);
	for (unsigned i = 0; i < p->namings.len; i++) {
		const char *text = prov_text_of(&p->namings.data[i], show);
		unsigned known;

		(*first)[i] = i;
		if (!p->namings.data[i].target)
			continue;
		known = (unsigned)(uintptr_t)strmap_get(&by_text, text);

		if (!known)
			strmap_put(&by_text, text, (void *)(uintptr_t)(known = i + 1));
		(*first)[i] = known - 1;
	}
	strmap_deinit(&by_text);
	return *first;
}

unsigned prov_number_of(struct probes *p, enum type_show show, const char *text)
{
	vec_foreach(n, &p->namings)
		if (n->target && !n->is_late && !strcmp(prov_text_of(n, show), text))
			return n->number;
	return NO_TARGET;
}

/* For each number what D calls it; in other scripts it is called that. */
static const unsigned *ids(struct probes *p)
{
	if (p->ids)
		return p->ids;
	p->ids = arena_array(p->arena, unsigned, p->namings.len);
	for (unsigned i = 0; i < p->namings.len; i++)
		p->ids[i] = p->namings.data[i].target && p->script->dialect == DIALECT_D ? prov_id(&p->namings.data[i]) : i;
	return p->ids;
}

static unsigned clause_place(const struct event *e, const struct clause *c)
{
	unsigned i = 0;

	while (e->clauses.data[i] != c)
		i++;
	return i;
}

const unsigned *prov_shared(struct probes *p, const struct event *e, const struct clause *c, enum type_show show,
			    unsigned *first, unsigned *n)
{
	const unsigned *all = show == SHOW_NUMBER ? ids(p) : first_numbers(p, show);
	unsigned place = clause_place(e, c), last = 0, *table;
	bool same = true;

	*first = UINT_MAX;
	for (unsigned t = 0; t < e->targets.len; t++) {
		unsigned number = naming_of(e, place, t)->number;

		same &= all[number] == number;
		*first = number < *first ? number : *first;
		last = number > last ? number : last;
	}
	if (same)
		return NULL;
	*n = last - *first + 1;
	table = arena_array(p->arena, unsigned, *n);
	memset(table, -1, *n * sizeof(*table));
	for (unsigned t = 0; t < e->targets.len; t++) {
		unsigned number = naming_of(e, place, t)->number;

		table[number - *first] = all[number];
	}
	return table;
}

const char *const *prov_texts(struct probes *p, const struct event *e, const struct clause *c, enum type_show show,
			      unsigned *first, unsigned *n)
{
	unsigned place = clause_place(e, c), last = 0;
	const char **texts;

	*first = UINT_MAX;
	for (unsigned t = 0; t < e->targets.len; t++) {
		unsigned number = naming_of(e, place, t)->number;

		*first = number < *first ? number : *first;
		last = number > last ? number : last;
	}
	*n = last - *first + 1;
	texts = arena_array(p->arena, const char *, *n);
	for (unsigned t = 0; t < e->targets.len; t++)
		texts[naming_of(e, place, t)->number - *first] = prov_text_of(naming_of(e, place, t), show);
	return texts;
}

unsigned prov_numbers(struct probes *p, const struct event *e, const struct clause *c, enum type_show show,
		      const char *text, unsigned **list)
{
	VEC(unsigned) found = { 0 };

	for (unsigned i = 0; i < e->clauses.len; i++) {
		if (e->clauses.data[i] != c)
			continue;
		for (unsigned t = 0; t < e->targets.len; t++)
			if (!strcmp(prov_text_of(naming_of(e, i, t), show), text))
				*arena_vec_add(p->arena, &found) = naming_of(e, i, t)->number;
		break;
	}
	*list = found.data;
	return found.len;
}

/* all of it */

static int check_limit(struct probes *p)
{
	unsigned n = 0, max = p->max_probes ? p->max_probes : MAX_PROBES;
	const struct event *first = NULL;

	vec_foreach(e, &p->events) {
		if (!(*e)->mechanism->slow)
			continue;
		first = first ? first : *e;
		n += (*e)->targets.len;
	}
	if (n <= max)
		return 0;
	diag_error(p->diag, first->targets.data[0]->span, "MAXPROBES",
		   "%u probes would each need a perf event, and letting go of them take about %u s", n,
		   (n * CLOSE_MS + 999) / 1000);
	diag_hint(p->diag, "use fewer, or allow more than %u with -x maxprobes=%u", max, n);
	return -1;
}

static bool is_off(const struct event *e)
{
	vec_foreach(c, &e->clauses)
		if (!(*c)->predicate || !(*c)->predicate->is_const || (*c)->predicate->value)
			return false;
	return true;
}

/* Events whose clauses never run, as options of the script have it, cost nothing; in D they are among those that are counted. */
static void drop_events(struct probes *p)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < p->events.len; i++)
		if (p->script->dialect == DIALECT_D || !is_off(p->events.data[i]))
			p->events.data[kept++] = p->events.data[i];
	if (kept) /* else they tell that there is something to wait for */
		p->events.len = kept;
}

int prov_choose(struct probes *p)
{
	int err = 0;

	drop_events(p);
	for (unsigned i = 0; i < p->events.len; i++) {
		struct event *e = p->events.data[i];

		if (!e->needs)
			gather_needs(p, e);
		if (e->targets.len > 1 && (e->args.len || e->variables.len))
			split(p, e);
		note_absent(p, e);
		err |= choose(p, e);
	}
	if (err || check_limit(p))
		return -1;
	number(p);
	vec_foreach(e, &p->events)
		prov_add_to_programs(p, *e);
	return 0;
}

void prov_describe(const struct probes *p, FILE *out)
{
	enum { SHOWN = 3 };

	vec_foreach(at, &p->events) {
		const struct event *e = *at;

		for (unsigned t = 0; t < e->targets.len && t < SHOWN; t++)
			fprintf(out, "%s%s", t ? ", " : "", mech_probe(e->targets.data[t]));
		if (e->targets.len > SHOWN)
			fprintf(out, " and %u more", e->targets.len - SHOWN);
		if (e->mechanism)
			fprintf(out, ": %s%s%s%s", e->mechanism->name, *e->reason ? " (" : "", e->reason,
				*e->reason ? ")" : "");
		fputc('\n', out);
	}
}
