// SPDX-License-Identifier: GPL-2.0-or-later
#include "provider/provider.h"

#include "lang/dialect.h"
#include "provider/dprobes.h"
#include "provider/tracefs.h"

#include <ctype.h>
#include <string.h>

#define PROVIDER(name) extern const struct provider prov_##name;
#include "provider/providers.def"
#undef PROVIDER

const struct provider *const prov_all[] = {
#define PROVIDER(name) &prov_##name,
#include "provider/providers.def"
#undef PROVIDER
	NULL
};

const struct provider *prov_of_kind(enum target_kind kind)
{
	for (const struct provider *const *prov = prov_all; *prov; prov++)
		if ((*prov)->kinds & KIND_BIT(kind))
			return *prov;
	return NULL;
}

/* globs */

bool prov_is_glob(const char *pattern)
{
	return strpbrk(pattern, "*?[");
}

/* Whether c is in the set behind '['; *end is set behind its ']'. A set without an end is no set: NULL. */
static bool in_set(const char *set, char c, const char **end)
{
	bool negated = *set == '!' || *set == '^', found = false;
	const char *s = set + negated;

	for (const char *first = s; *s && (*s != ']' || s == first); s++) {
		if (s[1] == '-' && s[2] && s[2] != ']') {
			found |= c >= s[0] && c <= s[2];
			s += 2;
		} else {
			found |= c == *s;
		}
	}
	*end = *s ? s + 1 : NULL;
	return found != negated;
}

bool prov_glob(const char *pattern, const char *name)
{
	const char *star = NULL, *resume = NULL, *end;

	for (;;) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = name;
			continue;
		}
		if (!*name && !*pattern)
			return true;
		if (*name && *pattern == '[' && in_set(pattern + 1, *name, &end) && end) {
			pattern = end;
			name++;
		} else if (*name && (*pattern == '?' || *pattern == *name)) {
			pattern++;
			name++;
		} else if (star && *resume) {
			pattern = star;
			name = ++resume;
		} else {
			return false;
		}
	}
}

bool prov_glob_begins(const char *pattern, const char *begin)
{
	const char *end;

	while (pattern && *begin && *pattern != '*') {
		if (*pattern == '[' && in_set(pattern + 1, *begin, &end) && end)
			pattern = end;
		else if (*pattern && (*pattern == '?' || *pattern == *begin))
			pattern++;
		else
			return false;
		begin++;
	}
	return true;
}

bool prov_d_match(const char *part, const char *name)
{
	return !*part || prov_glob(part, name);
}

/* Targets and the clauses on them: a target's node is the last of its list of clauses, kept as a tree. */
struct clause_node {
	struct clause_node *parent;	/* NULL: of a kind's root */
	struct clause *clause;
	enum target_kind kind;
	bool is_late;			/* of targets that stand for places to come: their events have no others */
	struct event *event;
};

static struct clause_node *node_of(struct probes *p, const struct target *t, struct clause_node *parent,
				   struct clause *clause)
{
	struct clause_node *node;

	/* children are made after their parent, mostly soon after: look from the end */
	for (unsigned i = p->nodes.len; i--;) {
		node = p->nodes.data[i];
		if (node->parent == parent && node->clause == clause && node->kind == t->kind && node->is_late == t->is_late)
			return node;
		if (node == parent)
			break;
	}
	node = arena_new(p->arena, struct clause_node);
	*node = (struct clause_node){ .parent = parent, .clause = clause, .kind = t->kind, .is_late = t->is_late };
	*arena_vec_add(p->arena, &p->nodes) = node;
	return node;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_target(const struct target *a, const struct target *b)
{
	return a->kind == b->kind && a->number == b->number && a->is_hz == b->is_hz && a->offset == b->offset &&
	       a->pid == b->pid && a->is_late == b->is_late &&
	       same_text(a->name, b->name) && same_text(a->module, b->module);
}

/* Targets by name and number, so that thousands can be added. */
static uint64_t target_hash(const struct target *t)
{
	uint64_t h = 0xcbf29ce484222325ull ^ (t->number * 31 + t->kind);

	for (const char *s = t->name; s && *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3ull;
	return h ^ h >> 32;
}

struct target_table {
	unsigned cap;
	struct target **slots;
};

static struct target **find_slot(struct target_table *table, const struct target *like)
{
	uint64_t i = target_hash(like) & (table->cap - 1);

	while (table->slots[i] && !same_target(table->slots[i], like))
		i = (i + 1) & (table->cap - 1);
	return &table->slots[i];
}

static void grow_table(struct probes *p, struct target_table *table)
{
	table->cap = table->cap ? 4 * table->cap : 64;
	table->slots = arena_array(p->arena, struct target *, table->cap);
	vec_foreach(t, &p->targets)
		*find_slot(table, *t) = *t;
}

static struct target *target_of(struct probes *p, const struct target *like)
{
	struct target_table *table = p->table;
	struct target **slot;

	if (!table)
		table = p->table = arena_new(p->arena, struct target_table);
	if (2 * p->targets.len >= table->cap)
		grow_table(p, table);
	slot = find_slot(table, like);
	if (!*slot) {
		*slot = arena_memdup(p->arena, like, sizeof(*like));
		*arena_vec_add(p->arena, &p->targets) = *slot;
	}
	return *slot;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static bool same_alias(const struct clause *c, const char *alias)
{
	return same_text(c->alias, alias);
}

static bool same_probe(const struct naming *a, const struct naming *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->prov, b->prov);
}

/* Whether the clause is on the target as another of D's probes, several of which are one event. */
static bool is_other_probe(const struct probes *p, const struct target *t, const struct clause *c)
{
	vec_foreach(n, &t->namings)
		if (p->rename && n->clause == c && !same_probe(n, p->rename))
			return true;
	return false;
}

/* The clause as it is for the present alias and the target. */
static struct clause *variant_of(struct probes *p, struct clause *c, const struct target *t)
{
	bool used = false;
	struct clause *copy;

	/* clauses are expanded one after the other */
	for (unsigned i = p->variants.len; i && p->variants.data[i - 1].original == c; i--) {
		const struct clause_variant *v = &p->variants.data[i - 1];

		if (same_alias(v->clause, p->alias) && !is_other_probe(p, t, v->clause))
			return v->clause;
		used = true;
	}
	copy = used ? ast_clone_clause(p->arena, c) : c;
	copy->alias = p->alias;
	*arena_vec_add(p->arena, &p->variants) = (struct clause_variant){ c, copy };
	return copy;
}

/*
 * Whether the clause is on the target already. In D each of its specs that matches counts, but in one spec only what is another probe of D's:
 * a function may have several symbols.
 */
static bool is_again(const struct probes *p, const struct target *t, const struct naming *n)
{
	const struct naming *last = t->namings.len ? &t->namings.data[t->namings.len - 1] : NULL;

	if (!last || (last->clause != n->clause && last->spec != n->spec))
		return false;
	if (p->is_alias || !dialect_has(p->script->dialect, DIALECT_MATCH_TWICE))
		return last->clause == n->clause;
	return last->spec == n->spec && (!p->rename || same_probe(last, n));
}

struct target *prov_add_target(struct probes *p, struct clause *c, const struct target *like,
			       const struct naming *naming)
{
	struct target *t = target_of(p, like);
	struct naming n = p->rename ? *p->rename : *naming;

	n.spelling = naming->spelling;
	n.target = t;
	n.spec = p->spec;
	n.func = or_empty(n.func);
	n.probe = or_empty(n.probe);
	n.prov = or_empty(n.prov);
	n.mod = or_empty(n.mod);
	n.name = or_empty(n.name);
	n.clause = variant_of(p, c, t);
	if (is_again(p, t, &n)) {
		p->matched += !p->matched || t->namings.data[t->namings.len - 1].spec != n.spec;
		return t;
	}
	p->matched++;
	*arena_vec_add(p->arena, &t->namings) = n;
	t->node = node_of(p, t, t->node, n.clause);
	return t;
}

static void list_clauses(struct probes *p, struct event *e, const struct clause_node *node)
{
	if (!node)
		return;
	list_clauses(p, e, node->parent);
	*arena_vec_add(p->arena, &e->clauses) = node->clause;
}

static void group(struct probes *p)
{
	vec_foreach(at, &p->targets) {
		struct target *t = *at;
		struct event *e = t->node->event;

		if (!e) {
			e = t->node->event = arena_new(p->arena, struct event);
			e->probes = p;
			e->kind = t->kind;
			e->provider = prov_of_kind(t->kind);
			list_clauses(p, e, t->node);
			*arena_vec_add(p->arena, &p->events) = e;
		}
		*arena_vec_add(p->arena, &e->targets) = t;
	}
}

/* specs */

bool prov_has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *s = words; len && (s = strstr(s, word)); s += len)
		if ((s == words || s[-1] == ' ') && (!s[len] || s[len] == ' '))
			return true;
	return false;
}

const struct provider *prov_by_name(const char *name)
{
	for (const struct provider *const *prov = prov_all; *prov; prov++)
		if (!strcmp((*prov)->name, name) || prov_has_word((*prov)->aliases, name))
			return *prov;
	return NULL;
}

static int expand_d(struct probes *p, struct clause *c, struct spec *spec, const struct d_spec *d, struct suggest *near)
{
	int err = dprobes_expand(p, c, spec, d, near);

	for (const struct provider *const *prov = prov_all; *prov; prov++) {
		int result = 0;

		if ((*prov)->expand_d && (!(*prov)->d_name || prov_d_match(d->prov, (*prov)->d_name)))
			result = (*prov)->expand_d(p, c, spec, d, near);
		if (result)
			err = result < 0 || err < 0 ? -1 : 1;
	}
	return err;
}

static bool is_word(const char *text)
{
	return *text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")];
}

struct event_name {
	struct arena *arena;
	const char *spec;
};

static void note_event(void *data, const char *category, const char *event)
{
	struct event_name *n = data;

	n->spec = arena_printf(n->arena, "tracepoint:%s:%s", category, event);
}

/* "sched:sched_switch", "sched_switch": how that is spelled; NULL if it is no tracepoint. */
static const char *as_tracepoint(struct probes *p, const struct spec *spec)
{
	struct event_name n = { p->arena, NULL };
	const struct spec_part *parts = spec->parts.data;

	if (spec->parts.len == 1 && is_word(parts[0].text))
		tracefs_each_event("*", parts[0].text, note_event, &n);
	else if (spec->parts.len == 2 && is_word(parts[0].text) && is_word(parts[1].text))
		tracefs_each_event(parts[0].text, parts[1].text, note_event, &n);
	return n.spec;
}

static int no_provider(struct probes *p, const struct spec *spec)
{
	const struct spec_part *part = &spec->parts.data[0];
	static const char *const bpftrace[] = { "iter", "it", "self", "asyncwatchpoint", "aw", "test", "bench", "ksession" };
	struct suggest near = { .name = part->text };

	for (unsigned i = 0; i < sizeof(bpftrace) / sizeof(*bpftrace); i++) {
		if (strcmp(bpftrace[i], part->text))
			continue;
		diag_error(p->diag, part->span, "NOT_OURS", "bpftrace's %s: is not part of ply", part->text);
		return -1;
	}
	for (const struct provider *const *prov = prov_all; *prov; prov++)
		suggest_add(&near, (*prov)->name);
	diag_error(p->diag, part->span, "PROVIDER", "there is no provider '%s'", part->text);
	if (as_tracepoint(p, spec))
		diag_hint(p->diag, "did you mean '%s'?", as_tracepoint(p, spec));
	else if (suggest_best(&near))
		diag_hint(p->diag, "did you mean '%s'?", suggest_best(&near));
	return -1;
}

/* Of a file, not of the command line. */
static bool is_of_script(const struct probes *p, const struct spec *spec)
{
	struct source_place place;

	return source_place(p->script->sources, spec->span, &place) && place.source->name != place.source->text;
}

static void report_missing(struct probes *p, const struct missing_spec *m, typeof(diag_error) *report)
{
	report(p->diag, m->spec->span, m->tag ? m->tag : "PDESC_ZERO", "probe description %s%s does not match any probes",
	       &":::"[m->spec->parts.len < 4 ? m->spec->parts.len - 1 : 3], m->spec->text);
	if (m->why)
		diag_hint(p->diag, "%s", m->why);
}

/* A script goes on without probes that only other systems have, unless it has no others but those of time. */
static int judge_missing(struct probes *p)
{
	bool any = false;

	vec_foreach(t, &p->targets)
		any |= (*t)->kind > TARGET_PROFILE && !(*t)->is_late;
	vec_foreach(m, &p->missing)
		report_missing(p, m, any ? diag_warning : diag_error);
	return p->missing.len && !any ? -1 : 0;
}

/* Copies of clauses stand behind them; they were made in the order of the clauses. */
static void add_variants(struct probes *p)
{
	struct script *script = p->script;
	unsigned n = script->clauses.len, next = 0;
	struct clause **originals = script->clauses.data;

	if (!n)
		return;
	script->clauses.data = NULL;
	script->clauses.len = script->clauses.cap = 0;
	for (unsigned i = 0; i < n; i++) {
		*arena_vec_add(script->arena, &script->clauses) = originals[i];
		for (; next < p->variants.len && p->variants.data[next].original == originals[i]; next++)
			if (p->variants.data[next].clause != originals[i])
				*arena_vec_add(script->arena, &script->clauses) = p->variants.data[next].clause;
	}
	for (unsigned i = 0; i < script->clauses.len; i++)
		script->clauses.data[i]->number = i;
}

/* provider:module:function:name */
enum { D_PARTS = 4 };

static int nothing_matches(struct probes *p, const struct spec *spec, const struct provider *prov, const struct suggest *near)
{
	const char *text = spec->text, *best = suggest_best(near) ? suggest_best(near) : as_tracepoint(p, spec);
	const bool is_d = p->script->dialect == DIALECT_D;
	const struct missing_spec m = { spec, p->why_none, p->tag_none };

	if ((p->allow_missing && is_d) || p->quiet)
		return 0;
	if (is_d && is_of_script(p, spec)) {
		*arena_vec_add(p->arena, &p->missing) = m;
		return 0;
	}
	if (p->allow_missing)
		diag_warning(p->diag, spec->span, "PDESC_ZERO", "'%s' matches no probe", text);
	else if (is_d)
		report_missing(p, &m, diag_error);
	else
		diag_error(p->diag, spec->span, "PDESC_ZERO", "'%s' matches no probe", text);
	if (best && !p->why_none)
		diag_hint(p->diag, "did you mean '%s'?", best);
	else if (!is_d && prov && spec->parts.len == D_PARTS)
		diag_hint(p->diag, "with four parts it is a probe of DTrace's; ply's are of the form %s", prov->syntax);
	return p->allow_missing ? 0 : -1;
}

int prov_missing(struct probes *p, struct span span, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (p->quiet) {
		p->diag->last = NULL;	/* no hint belongs to it */
		return 1;
	}
	va_start(ap, fmt);
	text = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	if (p->allow_missing)
		diag_warning(p->diag, span, "PDESC_ZERO", "%s", text);
	else
		diag_error(p->diag, span, "PDESC_ZERO", "%s", text);
	return p->allow_missing ? 1 : -1;
}

int prov_bad_spec(struct probes *p, const struct spec *spec, const struct provider *prov)
{
	diag_error(p->diag, spec->span, "PDESC_INVAL", "'%s' is not of the form %s", spec->text, prov->syntax);
	return -1;
}

static int expand_forms(struct probes *p, struct clause *c, struct spec *spec, const struct provider *prov,
			struct suggest *near)
{
	struct d_spec d = { "", "", "", "" };
	unsigned n = spec->parts.len;
	int err;

	/* four parts are D's form where the provider is one of D's as well */
	if (prov && (n < D_PARTS || !(prov->expand_d && prov->d_name && !strcmp(prov->d_name, prov->name))))
		return prov->expand(p, c, spec, near);
	if (n > D_PARTS)
		return prov ? prov_bad_spec(p, spec, prov) : no_provider(p, spec);
	for (unsigned i = 0; i < n; i++)
		*(const char **[]){ &d.prov, &d.mod, &d.func, &d.name }[4 - n + i] = spec->parts.data[i].text;
	err = expand_d(p, c, spec, &d, near);
	if (err)
		return err;
	if (n == 1 && !p->matched) {
		/* a word alone is the probe's name, or else the function's */
		d.func = d.name;
		d.name = "";
		return expand_d(p, c, spec, &d, near);
	}
	return 0;
}

/* python123: the probes that a process has */
static bool is_of_process(const char *provider)
{
	return isdigit((unsigned char)provider[strlen(provider) - 1]);
}

const char *prov_spec_text(struct probes *p, const struct spec *spec)
{
	const struct provider *prov = prov_by_name(spec->parts.data[0].text);
	const char *rest = strchr(spec->text, ':');

	return prov && rest ? arena_printf(p->arena, "%s%s", prov->name, rest) : spec->text;
}

static int expand_spec(struct probes *p, struct clause *c, struct spec *spec)
{
	const struct provider *prov = prov_by_name(spec->parts.data[0].text);
	/* near names begin with the provider's canonical one */
	struct suggest near = {
		.name = prov_spec_text(p, spec),
		.known = prov && strchr(spec->text, ':') ? (unsigned)strlen(prov->name) + 1 : 0,
	};

	int err;

	p->matched = 0;
	p->why_none = p->tag_none = NULL;
	p->spec = spec;
	if (p->script->dialect == DIALECT_D && spec->parts.len > D_PARTS && !prov) {
		diag_error(p->diag, spec->span, "PDESC_INVAL", "a probe has a provider, a module, a function and a name, but '%s' has %u parts",
			   spec->text, spec->parts.len);
		return -1;
	}
	err = expand_forms(p, c, spec, prov, &near);
	if (err || p->matched)
		return err < 0 ? -1 : 0;
	if (!prov && spec->parts.len > 1 && is_word(spec->parts.data[0].text) && !is_of_process(spec->parts.data[0].text) &&
	    p->script->dialect != DIALECT_D)
		return no_provider(p, spec);
	return nothing_matches(p, spec, prov, &near);
}

static int expand_clause(struct probes *p, struct clause *c)
{
	unsigned found = 0, lates = p->lates.len;
	int err = 0;

	bool done = false;		/* of alternatives, one matched */

	for (struct spec *spec = c->specs; spec; spec = spec->next) {
		done = done && spec->instead;
		if (done)
			continue;
		p->quiet = spec->may_miss || (spec->next && spec->next->instead);
		if (expand_spec(p, c, spec))
			err = -1;
		done = p->matched;
		found += p->matched;
	}
	p->quiet = false;
	c->matches = found;
	c->spec_unknown = err;
	if (!err && !found && p->lates.len == lates)
		c->dropped = true;
	return err;
}

int prov_expand(struct probes *p)
{
	int err = 0;

	vec_foreach(c, &p->script->clauses)
		if (!(*c)->dropped && expand_clause(p, *c))
			err = -1;
	if (judge_missing(p))
		err = -1;
	add_variants(p);
	group(p);
	return err;
}
