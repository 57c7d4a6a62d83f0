// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the clauses assign, looked at before any name gets its meaning: whether `x` is a variable, whether it has keys and
 * whether $x is a local depends on assignments anywhere in the program or the clause.
 */
#include "lang/checking.h"
#include "lang/walk.h"

#include <ctype.h>

const char *resolve_printed_name(struct check *c, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_SELF:
		return arena_printf(c->arena, "self->%s", e->name);
	case EXPR_THIS:
		return arena_printf(c->arena, "this->%s", e->name);
	case EXPR_DOLLAR:
		return arena_printf(c->arena, "$%s", e->name);
	default:
		return e->name;
	}
}

static struct var *make_var(struct check *c, enum symbol_kind kind, const char *name, struct span span)
{
	struct var *v = arena_new(c->arena, struct var);

	v->sym = (struct symbol){ .kind = kind, .name = name, .span = span };
	v->value = infer_cell(c, false);
	return v;
}

struct var *resolve_var(struct check *c, enum symbol_kind kind, const char *name, struct span span)
{
	struct var *v = strmap_get(&c->vars, name);

	if (v)
		return v;
	v = make_var(c, kind, name, span);
	strmap_put(&c->vars, v->sym.name, v);
	*vec_add(&c->all_vars) = v;
	if (kind == SYM_LOCAL) {
		v->sym.number = c->nthis++;
		return v;
	}
	v->sym.number = c->script->vars.len;
	*arena_vec_add(c->arena, &c->script->vars) = &v->sym;
	return v;
}

static struct var *add_local(struct check *c, struct clause *clause, const char *name, struct span span)
{
	struct var *v = make_var(c, SYM_LOCAL, name, span);

	v->sym.clause = clause;
	v->sym.number = clause->locals.len;
	*arena_vec_add(c->arena, &clause->locals) = &v->sym;
	return v;
}

static enum symbol_kind var_kind(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_MAP:
	case EXPR_DOLLAR:
		return SYM_MAP;
	case EXPR_SELF:
		return SYM_SELF;
	case EXPR_THIS:
		return SYM_LOCAL;
	default:
		return SYM_GLOBAL;
	}
}

/* ---- collecting */

struct collector {
	struct check *c;
	struct clause *clause;
	struct strmap locals;		/* names assigned in the clause, with their '$' */
};

bool resolve_is_agg_call(struct check *c, const struct expr *e)
{
	const struct builtin *b;

	if (!e || e->kind != EXPR_CALL)
		return false;
	b = resolve_find_builtin(c, e->name, true);
	return b && b->kind == BK_AGG;
}

static struct expr *left_of_write(struct check *c, const struct expr *e, bool *aggregates)
{
	*aggregates = false;
	if (e->kind == EXPR_PREFIX || e->kind == EXPR_POSTFIX)
		return e->left;
	if (e->kind != EXPR_ASSIGN)
		return NULL;
	*aggregates = e->op == OP_NONE && resolve_is_agg_call(c, e->right);
	return *aggregates || !e->is_method ? e->left : NULL;
}

static void note_local(struct collector *k, const struct expr *left)
{
	const char *name;

	if (left->kind != EXPR_DOLLAR || isdigit((unsigned char)*left->name))
		return;
	name = resolve_printed_name(k->c, left);
	if (!strmap_get(&k->locals, name))
		strmap_put(&k->locals, name, add_local(k->c, k->clause, name, left->name_span));
}

static void collect_local(void *data, struct expr *e)
{
	bool aggregates;
	struct collector *k = data;
	const struct expr *left = left_of_write(k->c, e, &aggregates);

	if (!left || aggregates)
		return;
	note_local(k, left);
	/* ($a, $b) = … is a mistake, but not that of what reads $a */
	if (left->kind == EXPR_TUPLE)
		vec_foreach(part, &left->args)
			note_local(k, *part);
}

/* Names that statements declare: loop variables get their symbol here, and are in force in the loop alone. */
static void collect_declared(struct collector *k, struct stmt *s)
{
	for (; s; s = s->next) {
		if (s->var && s->kind == STMT_LET) {
			const char *name = resolve_printed_name(k->c, s->var);

			if (!strmap_get(&k->locals, name))
				strmap_put(&k->locals, name, add_local(k->c, k->clause, name, s->var->span));
		} else if (s->var) {
			struct var *v = add_local(k->c, k->clause, resolve_printed_name(k->c, s->var), s->var->span);

			v->is_scoped = true;
			s->symbol = &v->sym;
		}
		collect_declared(k, s->body);
		collect_declared(k, s->otherwise);
	}
}

/* The variable that e is or is an element of, if it can be one that outlives the clause. */
static struct expr *base_of(struct expr *e, bool *keyed)
{
	*keyed = e->kind == EXPR_INDEX;
	while (e->kind == EXPR_INDEX)
		e = e->left;
	switch (e->kind) {
	case EXPR_MAP:
	case EXPR_SELF:
	case EXPR_THIS:
	case EXPR_NAME:
	case EXPR_DOLLAR:
		return e;
	default:
		return NULL;
	}
}

/*
 * The name means something else than a variable of the script. A builtin variable keeps its name, unless it is ours alone
 * and the script D's.
 */
static bool is_taken(struct check *c, const char *name)
{
	const struct builtin *b = resolve_find_builtin(c, name, false);
	const struct symbol *constant = strmap_get(&c->constants, name);
	int64_t value;

	if (b && (c->dialect != DIALECT_D || builtin_is_d_name(b, name)))
		return true;
	return strmap_get(&c->inlines, name) || (constant && constant != &c->wrong) ||
	       (!strmap_get(&c->vars, name) && constant_find(c, name, &value));
}

static struct var *collected_var(struct collector *k, struct expr *base, bool keyed, bool aggregates)
{
	struct check *c = k->c;

	if (base->kind == EXPR_DOLLAR) {
		if (isdigit((unsigned char)*base->name) || (!keyed && !aggregates) ||
		    strmap_get(&k->locals, resolve_printed_name(c, base)))
			return NULL;
		return resolve_var(c, SYM_MAP, arena_printf(c->arena, "@%s", base->name), base->span);
	}
	if (base->kind == EXPR_NAME && (is_taken(c, base->name) || strmap_get(&k->locals, base->name)))
		return NULL;
	return resolve_var(c, var_kind(base), resolve_printed_name(c, base), base->span);
}

/* What e gives keys to. */
static struct expr *subscripted(struct expr *e)
{
	bool keyed;

	if (e->kind == EXPR_CALL && !strcmp(e->name, "has_key") && e->args.len > 1)
		return base_of(e->args.data[0], &keyed);
	return e->kind == EXPR_INDEX ? base_of(e, &keyed) : NULL;
}

static void collect_use(void *data, struct expr *e)
{
	struct collector *k = data;
	bool aggregates, keyed;
	struct expr *left = left_of_write(k->c, e, &aggregates), *base;
	struct var *v;

	if (left && (base = base_of(left, &keyed)) && (v = collected_var(k, base, keyed, aggregates))) {
		/* in D the first use says whether it is an array; a pointer has elements, too */
		if (keyed && dialect_has(k->c->dialect, DIALECT_WRITES_MEMORY) && base->kind != EXPR_MAP && v->whole_written && !v->sub_written)
			v->sub_used = true;
		else if (keyed)
			v->sub_written = true;
		else
			v->whole_written = true;
	} else if ((base = subscripted(e)) && base->kind != EXPR_NAME && (v = collected_var(k, base, true, false))) {
		v->sub_used = true;
	}
}

static void collect_deleted(struct collector *k, struct stmt *s)
{
	struct expr *base;
	struct var *v;
	bool keyed;

	for (; s; s = s->next) {
		if (s->kind == STMT_DELETE && s->expr && (base = base_of(s->expr, &keyed)) && keyed &&
		    (v = collected_var(k, base, true, false)))
			v->sub_used = true;
		collect_deleted(k, s->body);
		collect_deleted(k, s->otherwise);
	}
}

void resolve_collect(struct check *c, struct clause *clause)
{
	struct collector k = { .c = c, .clause = clause };

	walk_clause(clause, collect_local, &k);
	collect_declared(&k, clause->body);
	walk_clause(clause, collect_use, &k);
	collect_deleted(&k, clause->body);
	strmap_deinit(&k.locals);
}

/* Whether subscripts of the variable are keys, or subscripts of the pointer or array that it holds. */
void resolve_keyed(struct check *c)
{
	vec_foreach(v, &c->all_vars)
		if (!(*v)->is_declared)
			(*v)->is_keyed = (*v)->sub_written || (!(*v)->whole_written && (*v)->sub_used);
}
