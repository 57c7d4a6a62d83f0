// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What names mean. First all clauses are looked at for what they assign (resolve_collect): whether `x` is a variable,
 * whether it has keys and whether $x is a local depends on assignments anywhere in the program or the clause. Then every
 * name gets its symbol, in place.
 */
#include "lang/checking.h"
#include "lang/walk.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

enum { INLINE_DEPTH = 64, INLINE_NODES = 200000 };

/* ---- variables */

static const char *printed_name(struct check *c, const struct expr *e)
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

static bool is_agg_call(const struct check *c, const struct expr *e)
{
	const struct builtin *b;

	if (!e || e->kind != EXPR_CALL)
		return false;
	b = builtin_find(e->name, true, c->dialect);
	return b && b->kind == BK_AGG;
}

static struct expr *left_of_write(const struct check *c, const struct expr *e, bool *aggregates)
{
	*aggregates = false;
	if (e->kind == EXPR_PREFIX || e->kind == EXPR_POSTFIX)
		return e->left;
	if (e->kind != EXPR_ASSIGN)
		return NULL;
	*aggregates = e->op == OP_NONE && is_agg_call(c, e->right);
	return *aggregates || !e->is_method ? e->left : NULL;
}

static void collect_local(void *data, struct expr *e)
{
	struct collector *k = data;
	bool aggregates;
	struct expr *left = left_of_write(k->c, e, &aggregates);
	const char *name;

	if (!left || left->kind != EXPR_DOLLAR || aggregates || isdigit((unsigned char)*left->name))
		return;
	name = printed_name(k->c, left);
	if (!strmap_get(&k->locals, name))
		strmap_put(&k->locals, name, add_local(k->c, k->clause, name, left->name_span));
}

/* Names that statements declare: loop variables get their symbol here, and are in force in the loop alone. */
static void collect_declared(struct collector *k, struct stmt *s)
{
	for (; s; s = s->next) {
		if (s->var && s->kind == STMT_LET) {
			const char *name = printed_name(k->c, s->var);

			if (!strmap_get(&k->locals, name))
				strmap_put(&k->locals, name, add_local(k->c, k->clause, name, s->var->span));
		} else if (s->var) {
			struct var *v = add_local(k->c, k->clause, printed_name(k->c, s->var), s->var->span);

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
static bool is_taken(const struct check *c, const char *name)
{
	const struct builtin *b = builtin_find(name, false, c->dialect);
	int64_t value;

	if (b && (c->dialect != DIALECT_D || builtin_is_d_name(b, name)))
		return true;
	return strmap_get(&c->inlines, name) || strmap_get(&c->constants, name) ||
	       (!strmap_get(&c->vars, name) && constant_find(name, &value));
}

static struct var *collected_var(struct collector *k, struct expr *base, bool keyed, bool aggregates)
{
	struct check *c = k->c;

	if (base->kind == EXPR_DOLLAR) {
		if (isdigit((unsigned char)*base->name) || (!keyed && !aggregates) ||
		    strmap_get(&k->locals, printed_name(c, base)))
			return NULL;
		return resolve_var(c, SYM_MAP, arena_printf(c->arena, "@%s", base->name), base->span);
	}
	if (base->kind == EXPR_NAME && (is_taken(c, base->name) || strmap_get(&k->locals, base->name)))
		return NULL;
	return resolve_var(c, var_kind(base), printed_name(c, base), base->span);
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
		if (keyed)
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

/* ---- macro parameters and the environment */

/* Reads text as an integer of C's, with a sign; false if it is none. */
static bool reads_as_integer(const char *text, uint64_t *value, bool *is_unsigned)
{
	const char *digits = text + (*text == '-' || *text == '+');
	char *end;

	if (!isdigit((unsigned char)*digits))
		return false;
	errno = 0;
	if (digits[0] == '0' && (digits[1] == 'b' || digits[1] == 'B') && (digits[2] == '0' || digits[2] == '1'))
		*value = strtoull(digits + 2, &end, 2);
	else
		*value = strtoull(digits, &end, 0);
	if (errno || *end || (*text == '-' && *value > (uint64_t)INT64_MAX + 1))
		return false;
	if (*text == '-')
		*value = 0 - *value;
	*is_unsigned = *text != '-' && *value > INT64_MAX;
	return true;
}

static void become_text(struct check *c, struct expr *e, const char *text)
{
	uint64_t value;
	bool is_unsigned;

	if (!e->as_string && reads_as_integer(text, &value, &is_unsigned)) {
		e->kind = EXPR_INT;
		e->value = value;
		e->is_unsigned = is_unsigned;
		return;
	}
	e->kind = EXPR_STRING;
	e->text = arena_strdup(c->arena, text);
	e->len = strlen(text);
}

/* An expression that has been reported: it suits everything. */
static void become_wrong(struct check *c, struct expr *e)
{
	e->symbol = &c->wrong;
}

static bool is_number(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

static void macro_missing(struct check *c, struct expr *e)
{
	struct suggest s = { .name = e->name };

	become_wrong(c, e);
	if (!strcmp(e->name, "target")) {
		check_error(c, e->span, ERR_MACRO_UNDEF, "$target needs a process: -p PID or -c COMMAND");
		return;
	}
	if (is_number(e->name)) {
		check_error(c, e->span, ERR_MACRO_UNDEF, "parameter $%s%s is missing", e->as_string ? "$" : "", e->name);
		if (c->macros->argc)
			check_hint(c, "%u %s given after the program", c->macros->argc,
				   c->macros->argc == 1 ? "was" : "were");
		else
			check_hint(c, "parameters follow the program");
		return;
	}
	check_error(c, e->span, ERR_MACRO_UNDEF, "$%s is neither assigned in this clause nor set in the environment",
		    e->name);
	for (unsigned i = 0; c->clause && i < c->clause->locals.len; i++)
		if (*c->clause->locals.data[i]->name == '$')
			suggest_add(&s, c->clause->locals.data[i]->name + 1);
	if (suggest_best(&s))
		check_hint(c, "did you mean '$%s'?", suggest_best(&s));
}

static void resolve_macro(struct check *c, struct expr *e)
{
	const char *text;
	char buf[24];

	text = macro_text(c->macros, e->name, buf);
	if (!text && !is_number(e->name))
		text = getenv(e->name);
	if (!text && c->macros->default_args && is_number(e->name))
		text = e->as_string ? "" : "0";
	if (text)
		become_text(c, e, text);
	else
		macro_missing(c, e);
}

/* ---- inlines */

static struct expr *clone(struct check *c, const struct expr *e, const struct decl *d, struct expr *use);

/* The argument of the use that stands for the parameter of that name, as a cast to the parameter's type; NULL: none. */
static struct expr *parameter(struct check *c, const char *name, const struct decl *d, struct expr *use)
{
	unsigned n = 0;

	for (const struct param_decl *p = d->params; p; p = p->next, n++) {
		struct expr *cast;

		if (!p->name || strcmp(p->name, name) || n >= use->args.len)
			continue;
		cast = arena_new(c->arena, struct expr);
		cast->kind = EXPR_CAST;
		cast->span = cast->name_span = use->args.data[n]->span;
		cast->type_name = p->type;
		cast->left = clone(c, use->args.data[n], NULL, NULL);
		return cast;
	}
	return NULL;
}

/* A copy of the tree, in which parameters of the inline are replaced. */
static struct expr *clone(struct check *c, const struct expr *e, const struct decl *d, struct expr *use)
{
	struct expr *copy;

	if (!e)
		return NULL;
	c->expanded++;
	if (d && e->kind == EXPR_NAME && (copy = parameter(c, e->name, d, use)))
		return copy;
	copy = arena_memdup(c->arena, e, sizeof(*e));
	copy->left = clone(c, e->left, d, use);
	copy->right = clone(c, e->right, d, use);
	copy->args.data = NULL;
	copy->args.len = copy->args.cap = 0;
	vec_foreach(arg, &e->args)
		*arena_vec_add(c->arena, &copy->args) = clone(c, *arg, d, use);
	return copy;
}

static unsigned count_params(const struct decl *d)
{
	unsigned n = 0;

	for (const struct param_decl *p = d->params; p; p = p->next)
		n++;
	return n;
}

/* e, which names the inline (or is the INDEX of it), becomes its body, cast to its type. */
static void expand_inline(struct check *c, struct expr *e, struct decl *d)
{
	unsigned want = count_params(d), have = e->kind == EXPR_INDEX ? e->args.len : 0;
	unsigned levels = d->expr->depth + e->depth + 2;
	struct expr *body;

	if (want != have) {
		check_error(c, e->span, ERR_ARG_COUNT, "inline %s takes %u argument%s, not %u", d->name, want,
			    want == 1 ? "" : "s", have);
		become_wrong(c, e);
		return;
	}
	if (c->inline_depth >= INLINE_DEPTH || c->expanded > INLINE_NODES || c->inline_levels + levels > AST_DEPTH) {
		check_error(c, d->name_span, ERR_RECURSIVE, c->inline_depth >= INLINE_DEPTH ?
			    "inline %s is expanded in itself" : "inline %s expands to too much", d->name);
		become_wrong(c, e);
		return;
	}
	body = clone(c, d->expr, d, e);
	*e = (struct expr){
		.kind = EXPR_CAST, .span = e->span, .name_span = e->span, .type_name = d->type_name, .left = body,
	};
	c->inline_depth++;
	c->inline_levels += levels;
	resolve_expr(c, body);
	c->inline_levels -= levels;
	c->inline_depth--;
}

/* ---- names */

struct symbol *resolve_builtin(struct check *c, enum builtin_id id)
{
	const struct builtin *b = builtin_get(id);
	struct symbol *s = c->builtin_symbols[id];

	if (s)
		return s;
	s = c->builtin_symbols[id] = arena_new(c->arena, struct symbol);
	s->kind = b->kind == BK_VAR ? SYM_BUILTIN : SYM_FUNCTION;
	s->name = builtin_name(c->arena, b);
	s->builtin = id;
	return s;
}

static struct symbol *constant_symbol(struct check *c, const char *name, int64_t value, const struct type *t)
{
	struct symbol *s = arena_new(c->arena, struct symbol);

	s->kind = SYM_CONSTANT;
	s->name = name;
	s->value = value;
	s->type = t;
	strmap_put(&c->constants, s->name, s);
	return s;
}

static struct symbol *find_constant(struct check *c, const char *name)
{
	struct symbol *s = strmap_get(&c->constants, name);
	const struct type *t = &type_s64;
	int64_t value;

	if (s)
		return s;
	if (constant_find(name, &value))
		return constant_symbol(c, name, value, value == (int)value ? &type_s32 : &type_s64);
	if (c->scope->constant && c->scope->constant(c->scope->data, name, &value, &t))
		return constant_symbol(c, name, value, t);
	return NULL;
}

static struct var *find_local(struct check *c, const char *name)
{
	for (struct local_scope *l = c->locals; l; l = l->outer)
		if (!strcmp(l->var->sym.name, name))
			return l->var;
	return strmap_get(&c->clause_locals, name);
}

/* A name that ply refuses by name. */
static bool is_refused(struct check *c, const struct expr *e, bool called)
{
	enum { BPFTRACE, D };
	static const struct {
		const char *name;
		bool called;
		int origin;
	} refused[] = {
#define REFUSED(name, called, origin) { name, called, origin },
#include "lang/refused.def"
#undef REFUSED
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (refused[i].called != called || strcmp(refused[i].name, e->name))
			continue;
		if (refused[i].origin == BPFTRACE)
			check_error(c, e->name_span, ERR_NOT_OURS, "bpftrace's %s%s is not part of ply", e->name,
				    called ? "()" : "");
		else
			check_error(c, e->name_span, ERR_LATER, "D's %s%s is not supported yet", e->name,
				    called ? "()" : "");
		return true;
	}
	return false;
}

static void suggest_names(struct check *c, struct suggest *s)
{
	builtin_suggest(c->arena, s, false, c->dialect);
	constant_suggest(s);
	vec_foreach(v, &c->all_vars)
		if ((*v)->sym.kind == SYM_GLOBAL)
			suggest_add(s, (*v)->sym.name);
}

static void name_unknown(struct check *c, struct expr *e)
{
	struct suggest s = { .name = e->name };

	become_wrong(c, e);
	if (is_refused(c, e, false))
		return;
	check_error(c, e->span, ERR_IDENT_UNDEF, "unknown name '%s'", e->name);
	if (builtin_find(e->name, true, c->dialect)) {
		check_hint(c, "%s is a function: %s(…)", e->name, e->name);
		return;
	}
	suggest_names(c, &s);
	check_hint_near(c, &s);
}

static void set_var(struct expr *e, struct var *v)
{
	e->symbol = &v->sym;
}

static void resolve_name(struct check *c, struct expr *e)
{
	struct decl *inlined = strmap_get(&c->inlines, e->name);
	struct var *v = find_local(c, e->name);
	const struct builtin *b;

	if (v) {
		set_var(e, v);
		return;
	}
	if (inlined) {
		expand_inline(c, e, inlined);
		return;
	}
	v = strmap_get(&c->vars, e->name);
	b = builtin_find(e->name, false, c->dialect);
	if (v)
		set_var(e, v);
	else if (b)
		e->symbol = resolve_builtin(c, b->id);
	else if (!(e->symbol = find_constant(c, e->name)))
		name_unknown(c, e);
}

static void resolve_dollar(struct check *c, struct expr *e)
{
	struct var *v = e->as_string ? NULL : find_local(c, printed_name(c, e));

	if (v)
		set_var(e, v);
	else
		resolve_macro(c, e);
}

/* The 2016 form, in a place where @name may stand. */
static void dollar_to_map(struct check *c, struct expr *e, bool must_exist)
{
	const char *name;

	if (e->kind != EXPR_DOLLAR || e->as_string || isdigit((unsigned char)*e->name) || *e->name == '#' ||
	    find_local(c, printed_name(c, e)))
		return;
	name = arena_printf(c->arena, "@%s", e->name);
	if (must_exist && !strmap_get(&c->vars, name))
		return;
	e->kind = EXPR_MAP;
	e->name = name;
}

static void never_assigned(struct check *c, struct expr *e, const char *prefix)
{
	struct suggest s = { .name = e->name };
	size_t n = strlen(prefix);

	become_wrong(c, e);
	check_error(c, e->span, ERR_IDENT_UNDEF, "%s%s is never assigned", prefix, e->name);
	vec_foreach(v, &c->all_vars)
		if (!strncmp((*v)->sym.name, prefix, n))
			suggest_add(&s, (*v)->sym.name + n);
	if (suggest_best(&s))
		check_hint(c, "did you mean '%s%s'?", prefix, suggest_best(&s));
}

static void resolve_member_var(struct check *c, struct expr *e)
{
	const char *name = printed_name(c, e);
	struct var *v = strmap_get(&c->vars, name);

	if (v && (v->is_declared || v->whole_written || v->sub_written))
		set_var(e, v);
	else
		never_assigned(c, e, e->kind == EXPR_SELF ? "self->" : "this->");
}

static bool is_args(const struct expr *e)
{
	return e->kind == EXPR_NAME && e->symbol && e->symbol->kind == SYM_BUILTIN && e->symbol->builtin == BUILTIN_args;
}

/* args.NAME and args->NAME */
static void resolve_member(struct check *c, struct expr *e)
{
	resolve_expr(c, e->left);
	if (!is_args(e->left))
		return;
	e->kind = EXPR_MEMBER;
	e->is_arg = true;
}

/* args[N] */
static void resolve_arg_number(struct check *c, struct expr *e)
{
	struct expr *n = e->args.len == 1 ? e->args.data[0] : NULL;

	if (!n || n->kind != EXPR_INT || n->value > 99) {
		check_error(c, e->span, ERR_CONST, "args[] takes one literal number");
		become_wrong(c, e);
		return;
	}
	e->kind = EXPR_MEMBER;
	e->is_arg = true;
	e->name = arena_printf(c->arena, "%u", (unsigned)n->value);
	e->name_span = n->span;
	e->args.len = 0;
}

/* @x[(1, "a")] is @x[1, "a"]. */
static void unpack_tuple(struct expr *e)
{
	struct expr *only = e->args.len == 1 ? e->args.data[0] : NULL;

	if (only && only->kind == EXPR_TUPLE) {
		e->args.data = only->args.data;
		e->args.len = only->args.len;
		e->args.cap = only->args.cap;
	}
}

static void resolve_index(struct check *c, struct expr *e)
{
	struct var *v;

	dollar_to_map(c, e->left, false);
	if (e->left->kind == EXPR_NAME && strmap_get(&c->inlines, e->left->name)) {
		expand_inline(c, e, strmap_get(&c->inlines, e->left->name));
		return;
	}
	vec_foreach(arg, &e->args)
		resolve_expr(c, *arg);
	resolve_expr(c, e->left);
	if (is_args(e->left)) {
		resolve_arg_number(c, e);
		return;
	}
	v = check_var_of(e->left);
	if (v && e->left->kind != EXPR_INDEX && v->is_keyed) {
		unpack_tuple(e);
		set_var(e, v);
	}
}

/* has_key(@m, k, …) becomes has_key(@m[k, …]). */
static void has_key_to_index(struct check *c, struct expr *e)
{
	struct expr *index;

	if (e->args.len < 2)
		return;
	index = arena_new(c->arena, struct expr);
	index->kind = EXPR_INDEX;
	index->span = span_join(e->args.data[0]->span, e->args.data[e->args.len - 1]->span);
	index->name_span = e->args.data[0]->span;
	index->left = e->args.data[0];
	for (unsigned i = 1; i < e->args.len; i++)
		*arena_vec_add(c->arena, &index->args) = e->args.data[i];
	e->args.data[0] = index;
	e->args.len = 1;
}

static void function_unknown(struct check *c, struct expr *e)
{
	struct suggest s = { .name = e->name };

	become_wrong(c, e);
	if (is_refused(c, e, true))
		return;
	check_error(c, e->name_span, ERR_FUNC_UNDEF, "unknown function '%s'", e->name);
	if (builtin_find(e->name, false, c->dialect)) {
		check_hint(c, "%s is a variable, without ( )", e->name);
		return;
	}
	builtin_suggest(c->arena, &s, true, c->dialect);
	check_hint_near(c, &s);
}

/* A bare word as an argument is a literal string. */
static void word_to_string(struct expr *e)
{
	if (e->kind != EXPR_NAME)
		return;
	e->kind = EXPR_STRING;
	e->text = e->name;
	e->len = strlen(e->name);
}

static enum param_kind nth_param(const struct proto *p, unsigned n)
{
	return n < p->nparams ? p->params[n] : PARAM_ANY;
}

static void resolve_arg(struct check *c, const struct builtin *b, unsigned n, struct expr *arg)
{
	enum param_kind kind = nth_param(check_proto(c, b->id), n);

	if (kind == PARAM_WORD)
		word_to_string(arg);
	if (kind == PARAM_MAP || kind == PARAM_AGG || b->id == BUILTIN_print || b->id == BUILTIN_printa)
		dollar_to_map(c, arg, true);
	/* str($1) is the parameter's text */
	if ((b->id == BUILTIN_str || b->id == BUILTIN_stringof) && arg->kind == EXPR_DOLLAR &&
	    !find_local(c, printed_name(c, arg)))
		arg->as_string = true;
	resolve_expr(c, arg);
}

static void resolve_call(struct check *c, struct expr *e)
{
	const struct builtin *b = builtin_find(e->name, true, c->dialect), *var;

	if (!b && !e->args.len && (var = builtin_find(e->name, false, c->dialect)) && var->id != BUILTIN_args) {
		/* bpftrace's newer spelling: pid() */
		e->kind = EXPR_NAME;
		e->symbol = resolve_builtin(c, var->id);
		return;
	}
	if (!b) {
		vec_foreach(arg, &e->args)
			resolve_expr(c, *arg);
		function_unknown(c, e);
		return;
	}
	e->symbol = resolve_builtin(c, b->id);
	if (b->id == BUILTIN_has_key) {
		if (e->args.len)
			dollar_to_map(c, e->args.data[0], true);
		has_key_to_index(c, e);
	}
	for (unsigned i = 0; i < e->args.len; i++)
		resolve_arg(c, b, i, e->args.data[i]);
}

/* @x.clear() is clear(@x): e, an assignment, becomes the call. */
static void method_to_call(struct check *c, struct expr *e)
{
	const struct builtin *b = builtin_find(e->right->name, true, c->dialect);
	struct suggest s = { .name = e->right->name };
	struct expr *call = e->right;

	if (b && (nth_param(check_proto(c, b->id), 0) == PARAM_MAP || nth_param(check_proto(c, b->id), 0) == PARAM_AGG ||
		  b->id == BUILTIN_print)) {
		struct expr *map = e->left;

		*e = *call;
		e->args.data = NULL;
		e->args.len = e->args.cap = 0;
		*arena_vec_add(c->arena, &e->args) = map;
		vec_foreach(arg, &call->args)
			*arena_vec_add(c->arena, &e->args) = *arg;
		resolve_call(c, e);
		return;
	}
	become_wrong(c, e);
	check_error(c, call->name_span, ERR_FUNC_UNDEF, "unknown aggregation '%s'", call->name);
	for (unsigned i = 0; i < BUILTIN_COUNT; i++)
		if (builtin_get(i)->kind == BK_AGG)
			suggest_add(&s, builtin_get(i)->name);
	check_hint_near(c, &s);
}

/* The left side of @x = count() may be the 2016 form. */
static void resolve_assign(struct check *c, struct expr *e)
{
	if (e->kind == EXPR_ASSIGN && e->is_method && !is_agg_call(c, e->right)) {
		method_to_call(c, e);
		return;
	}
	if (e->kind == EXPR_ASSIGN && e->op == OP_NONE && is_agg_call(c, e->right))
		dollar_to_map(c, e->left, false);
	resolve_expr(c, e->left);
	resolve_expr(c, e->right);
}

void resolve_expr(struct check *c, struct expr *e)
{
	if (!e || e->symbol == &c->wrong)
		return;
	switch (e->kind) {
	case EXPR_NAME:
		resolve_name(c, e);
		return;
	case EXPR_DOLLAR:
		resolve_dollar(c, e);
		return;
	case EXPR_MAP:
		set_var(e, resolve_var(c, SYM_MAP, e->name, e->span));
		return;
	case EXPR_SELF:
	case EXPR_THIS:
		resolve_member_var(c, e);
		return;
	case EXPR_MEMBER:
	case EXPR_ARROW:
		resolve_member(c, e);
		return;
	case EXPR_INDEX:
		resolve_index(c, e);
		return;
	case EXPR_CALL:
		resolve_call(c, e);
		return;
	case EXPR_ASSIGN:
	case EXPR_PREFIX:
	case EXPR_POSTFIX:
		resolve_assign(c, e);
		return;
	default:
		resolve_expr(c, e->left);
		vec_foreach(arg, &e->args)
			resolve_expr(c, *arg);
		resolve_expr(c, e->right);
	}
}

/* ---- statements */

static void resolve_stmts(struct check *c, struct stmt *s);

static void resolve_loop(struct check *c, struct stmt *s)
{
	struct local_scope scope = { .var = (struct var *)s->symbol, .outer = c->locals };

	if (s->kind == STMT_FOR_MAP)
		dollar_to_map(c, s->expr, true);
	resolve_expr(c, s->expr);
	resolve_expr(c, s->limit);
	c->locals = &scope;
	s->var->symbol = s->symbol;
	resolve_stmts(c, s->body);
	c->locals = scope.outer;
}

static void resolve_stmt(struct check *c, struct stmt *s)
{
	if (s->kind == STMT_FOR_RANGE || s->kind == STMT_FOR_MAP) {
		resolve_loop(c, s);
		return;
	}
	if (s->kind == STMT_DELETE)
		dollar_to_map(c, s->expr, true);
	resolve_expr(c, s->init);
	resolve_expr(c, s->expr);
	resolve_expr(c, s->limit);
	resolve_expr(c, s->step);
	if (s->kind == STMT_LET) {
		s->symbol = &find_local(c, printed_name(c, s->var))->sym;
		s->var->symbol = s->symbol;
		if (s->type_name)
			infer_fix(((struct var *)s->symbol)->value, decl_complete(c, decl_type(c, s->type_name)), s->span);
	}
	resolve_stmts(c, s->body);
	resolve_stmts(c, s->otherwise);
}

static void resolve_stmts(struct check *c, struct stmt *s)
{
	for (; s; s = s->next)
		resolve_stmt(c, s);
}

void resolve_clause(struct check *c, struct clause *clause)
{
	c->clause = clause;
	c->locals = NULL;
	vec_foreach(sym, &clause->locals)
		/* loop variables are in force in their loops alone */
		if (!((struct var *)*sym)->is_scoped)
			strmap_put(&c->clause_locals, (*sym)->name, *sym);
	resolve_expr(c, clause->predicate);
	resolve_stmts(c, clause->body);
	strmap_deinit(&c->clause_locals);
	c->clause_locals = (struct strmap){ 0 };
}
