// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probefunc and the like are numbers, which become text when they are printed: that costs a probe nothing. In D they are strings. Numbers they
 * stay as keys, where the program has nothing else in that place (@n[probefunc], but not beside @n["total"]), and where they are compared with a
 * literal. Everywhere else one is made a string: an unset variable is the empty string, while 0 is the number of a probe. All of this can be
 * told from the syntax, before anything has a type.
 */
#include "lang/checking.h"
#include "lang/walk.h"

enum { PLACES = 16 };

/* What the keys of one map are. */
struct kept {
	const char *name[PLACES];	/* the builtin that is there; NULL: none */
	bool mixed[PLACES], other[PLACES];
};

struct gathered {
	struct check *c;
	struct strmap kept;
};

/* probefunc …; NULL: the expression is something else. */
static const char *name_of(const struct expr *e)
{
	static const char *const names[] = { "probefunc", "probename", "probemod", "probeprov" };

	for (size_t i = 0; e && e->kind == EXPR_NAME && i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(e->name, names[i]))
			return names[i];
	return NULL;
}

/* NULL: e is an element of something else than a variable. */
static struct kept *kept_in(struct gathered *g, const struct expr *e)
{
	const struct expr *base = e->left;
	struct kept *k;
	const char *name;

	if (base->kind != EXPR_MAP && base->kind != EXPR_SELF && base->kind != EXPR_THIS &&
	    (base->kind != EXPR_NAME || strmap_get(&g->c->inlines, base->name)))
		return NULL;
	name = resolve_printed_name(g->c, base);
	k = strmap_get(&g->kept, name);
	if (!k) {
		k = arena_new(g->c->arena, struct kept);
		strmap_put(&g->kept, arena_strdup(g->c->arena, name), k);
	}
	return k;
}

static void note(struct kept *k, unsigned place, const struct expr *e)
{
	const char *name = name_of(e);

	if (!name) {
		k->other[place] = true;
		return;
	}
	k->mixed[place] |= k->name[place] && strcmp(k->name[place], name);
	k->name[place] = name;
}

static void gather(void *data, struct expr *e)
{
	struct kept *k;

	if (e->kind == EXPR_INDEX && (k = kept_in(data, e)))
		for (unsigned i = 0; i < e->args.len && i < PLACES; i++)
			note(k, i, e->args.data[i]);
}

static void make_string(struct expr *e)
{
	if (name_of(e))
		e->as_string = true;
}

/* A map that is declared has the keys that it is declared with. */
static bool holds_strings(struct gathered *g, const struct expr *map, unsigned place)
{
	const struct kept *k = kept_in(g, map);
	const struct var *v = k ? strmap_get(&g->c->vars, resolve_printed_name(g->c, map->left)) : NULL;

	return !k || place >= PLACES || k->mixed[place] || k->other[place] || (v && v->is_declared);
}

static void mark_keys(struct gathered *g, struct expr *e)
{
	for (unsigned i = 0; i < e->args.len; i++)
		if (holds_strings(g, e, i))
			make_string(e->args.data[i]);
}

static bool takes_strings(struct check *c, const struct expr *e)
{
	const struct builtin *b = resolve_find_builtin(c, e->name, true);

	return b && b->kind == BK_FUNC && strstr(b->prototype, "str");
}

static void mark_compared(struct expr *name, const struct expr *with)
{
	if (with->kind != EXPR_STRING && with->kind != EXPR_DOLLAR)
		make_string(name);
}

static void mark_branches(struct expr *a, struct expr *b)
{
	const char *x = name_of(a), *y = name_of(b);

	if (x && y && !strcmp(x, y))
		return;
	make_string(a);
	make_string(b);
}

static void mark(void *data, struct expr *e)
{
	struct gathered *g = data;

	switch (e->kind) {
	case EXPR_ASSIGN:
		make_string(e->right);
		break;
	case EXPR_INDEX:
		mark_keys(g, e);
		break;
	case EXPR_CAST:
		make_string(e->left);
		break;
	case EXPR_CALL:
		if (takes_strings(g->c, e))
			vec_foreach(arg, &e->args)
				make_string(*arg);
		break;
	case EXPR_COND:
		mark_branches(e->args.data[0], e->right);
		break;
	case EXPR_BINARY:
		mark_compared(e->left, e->right);
		mark_compared(e->right, e->left);
		break;
	default:
		break;
	}
}

void resolve_names(struct check *c)
{
	struct gathered g = { .c = c };

	vec_foreach(clause, &c->script->clauses)
		walk_clause(*clause, gather, &g);
	vec_foreach(clause, &c->script->clauses)
		walk_clause(*clause, mark, &g);
	strmap_deinit(&g.kept);
}
