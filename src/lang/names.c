// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probefunc and the like are numbers, which become text when they are printed: that costs a probe nothing. In D they are strings. Where one
 * meets other strings it is made one: as an argument of a string function, as a branch of ?: beside something else, as a key or a value
 * where the program has something else as well (@n["total"]), compared with what is no literal. All of this can be told from the
 * syntax, before anything has a type.
 */
#include "lang/checking.h"
#include "lang/walk.h"

enum { PLACES = 17 };		/* the value, and the keys */

/* What is kept in one variable. */
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

static bool is_zero(const struct expr *e)
{
	return e->kind == EXPR_INT && !e->value;
}

static struct kept *kept_in(struct gathered *g, const struct expr *e)
{
	const struct expr *base = e->kind == EXPR_INDEX ? e->left : e;
	struct kept *k;
	const char *name;

	if (base->kind != EXPR_MAP && base->kind != EXPR_SELF && base->kind != EXPR_THIS && base->kind != EXPR_NAME)
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

static bool is_assignment(const struct expr *e)
{
	return e->kind == EXPR_ASSIGN && e->op == OP_NONE && !is_zero(e->right);
}

static void gather(void *data, struct expr *e)
{
	struct kept *k;

	if (is_assignment(e) && (k = kept_in(data, e->left)))
		note(k, 0, e->right);
	if (e->kind == EXPR_INDEX && (k = kept_in(data, e)))
		for (unsigned i = 0; i < e->args.len && i + 1 < PLACES; i++)
			note(k, i + 1, e->args.data[i]);
}

static void make_string(struct expr *e)
{
	if (name_of(e))
		e->as_string = true;
}

/* A variable that is declared holds what it is declared to. */
static bool holds_strings(struct gathered *g, const struct expr *e, unsigned place)
{
	const struct kept *k = kept_in(g, e);
	const struct var *v;

	if (!k)
		return false;
	v = strmap_get(&g->c->vars, resolve_printed_name(g->c, e->kind == EXPR_INDEX ? e->left : e));
	return k->mixed[place] || k->other[place] || (v && v->is_declared);
}

static bool takes_strings(struct check *c, const struct expr *e)
{
	const struct builtin *b = resolve_find_builtin(c, e->name, true);

	return b && b->kind == BK_FUNC && strstr(strchr(b->prototype, '('), "str");
}

static void mark_compared(struct gathered *g, struct expr *name, const struct expr *with)
{
	if (name_of(name) && (with->kind == EXPR_CALL || with->kind == EXPR_COND || holds_strings(g, with, 0)))
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

	if (is_assignment(e) && holds_strings(g, e->left, 0))
		make_string(e->right);
	switch (e->kind) {
	case EXPR_INDEX:
		for (unsigned i = 0; i < e->args.len && i + 1 < PLACES; i++)
			if (holds_strings(g, e, i + 1))
				make_string(e->args.data[i]);
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
		mark_compared(g, e->left, e->right);
		mark_compared(g, e->right, e->left);
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
