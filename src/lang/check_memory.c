// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory: arguments of the probe, members, elements, what pointers lead to, addresses. */
#include "lang/checking.h"

enum { LIST_MAX = 100 };

const struct type *check_pointed(struct check *c, const struct expr *e, const struct type *pointer)
{
	const struct type *t = decl_complete(c, pointer->target);

	if (t->kind == TYPE_VOID || t->size)
		return t;
	if (t->members)
		return check_error(c, e->span, ERR_INCOMPLETE, "%s has no members", type_text(c->arena, t));
	check_error(c, e->span, ERR_INCOMPLETE, "the size of %s is not known", type_text(c->arena, t));
	decl_hint_incomplete(c, t);
	return &type_error;
}

static const struct type *no_member(struct check *c, struct expr *e, const struct type *t, const char *name)
{
	struct suggest s = { .name = name };
	const char *list;

	if (t->origin)
		check_lacks(c, e->name_span, ERR_MEMBER_UNDEF, "no member '%s' in %s", name, type_text(c->arena, t));
	else
		check_error(c, e->name_span, ERR_MEMBER_UNDEF, "no member '%s' in %s", name, type_text(c->arena, t));
	decl_suggest_members(c, t, &s, &list);
	if (suggest_best(&s))
		check_hint_near(c, &s);
	else if (list)
		check_hint(c, "it has: %s", list);
	return &type_error;
}

static bool is_struct(const struct type *t)
{
	return t->kind == TYPE_STRUCT || t->kind == TYPE_UNION;
}

/* t with its members, or a report. */
static const struct type *members_of(struct check *c, struct span span, const struct type *t)
{
	const struct type *whole = decl_complete(c, t);

	if (whole->members)
		return whole;
	check_error(c, span, ERR_OP_INCOMPLETE, "the members of %s are not known", type_text(c->arena, t));
	decl_hint_incomplete(c, t);
	return &type_error;
}

/* offsetof's steps: of what type the part is that the path goes on with; its offset is added. */
static const struct type *path_member(struct check *c, struct expr *e, const struct type *t, const char *name, uint64_t *offset)
{
	const struct type_member *m;

	if (!is_struct(t))
		return check_error(c, e->name_span, ERR_OFFSETOF_TYPE, "%s has no members", type_text(c->arena, t));
	t = members_of(c, e->name_span, t);
	if (type_is_wrong(t))
		return t;
	if (!(m = decl_member(c, t, name)))
		return no_member(c, e, t, name);
	if (m->bit_size && c->dialect == DIALECT_D)
		return check_error(c, e->name_span, ERR_OFFSETOF_BITFIELD, "%s is a bit field", name);
	*offset += m->offset;
	return m->type;
}

static const struct type *path_element(struct check *c, struct expr *index, const struct type *t, uint64_t *offset)
{
	int64_t n;

	if (!check_constant(c, index, "an index in offsetof()", &n))
		return &type_error;
	if (t->kind != TYPE_ARRAY)
		return check_error(c, index->span, ERR_OFFSETOF_TYPE, "%s is no array", type_text(c->arena, t));
	*offset += (uint64_t)n * decl_complete(c, t->target)->size;
	return t->target;
}

const struct type *check_offsetof(struct check *c, struct expr *e)
{
	const struct type *t = decl_type(c, e->type_name);
	uint64_t offset = 0;
	unsigned index = 0;
	size_t len;

	for (const char *at = e->name; *at && !type_is_wrong(t); at += len) {
		if (*at == '[') {
			t = path_element(c, e->args.data[index++], t, &offset);
			len = 2;
		} else {
			at += *at == '.';
			len = strcspn(at, ".[");
			t = path_member(c, e, t, arena_strndup(c->arena, at, len), &offset);
		}
	}
	if (type_is_wrong(t))
		return t;
	fold_to_int(e, offset);
	return &type_u64;
}

static const struct type *check_arg(struct check *c, struct expr *e)
{
	struct suggest s = { .name = e->name };
	const char *lacking = NULL, *known = NULL;
	const struct type *t;
	bool is_number = *e->name >= '0' && *e->name <= '9';

	if (e->type && !type_is_open(e->type))
		return e->type;
	if (!c->clause)
		return check_error(c, e->span, ERR_CONST, "only constants can stand here");
	t = c->scope->arg ? c->scope->arg(c->scope->data, c->clause, e->name, e->name_span, &lacking, &known, &s) : NULL;
	if (t) {
		e->user = t->user;
		return t;
	}
	if (is_number)
		check_error(c, e->span, known && !*known ? ERR_ARGS_NONE : ERR_ARG_UNDEF, "no args[%s] in %s", e->name,
			    lacking ? lacking : check_probes(c));
	else
		check_error(c, e->name_span, ERR_ARG_UNDEF, "no field '%s' in the arguments of %s", e->name,
			    lacking ? lacking : check_probes(c));
	/* a long list helps less than a near name */
	if (known && *known && (strlen(known) <= LIST_MAX || !suggest_best(&s)))
		check_hint(c, "it has: %s", known);
	else if (!known)
		decl_hint_unknown(c);
	else
		check_hint_near(c, &s);
	return &type_error;
}

static const struct type *tuple_field(struct check *c, struct expr *e, const struct type *t)
{
	unsigned n = 0;

	for (const char *p = e->name; *p >= '0' && *p <= '9' && n <= TUPLE_MAX; p++)
		n = 10 * n + (unsigned)(*p - '0');
	if (*e->name < '0' || *e->name > '9' || n >= t->nparts)
		return check_error(c, e->name_span, ERR_MEMBER_UNDEF, "no field '%s' in the tuple %s: they are .0 to .%u",
				   e->name, type_text(c->arena, t), t->nparts - 1);
	return t->parts[n];
}

/* The prelude's inline for a member that other systems have in a struct of that name, which takes a pointer to it; NULL: none. */
static struct decl *foreign_member(struct check *c, const struct type *t, const char *name)
{
	return t->name ? strmap_get(&c->inlines, arena_printf(c->arena, "__%s_%s", t->name, name)) : NULL;
}

/* pointer->name, where that is what the inline says. */
static const struct type *replace_foreign(struct check *c, struct expr *e, struct decl *d)
{
	struct expr *pointer = e->left;

	e->kind = EXPR_INDEX;
	e->left = NULL;
	e->member = NULL;
	*arena_vec_add(c->arena, &e->args) = pointer;
	replace_inline(c, e, d);
	return check_any(c, e);
}

/* What is read through a pointer into the process leads there, too. */
static const struct type *read_through(struct check *c, const struct expr *e, const struct type *t)
{
	return e->user && t->kind == TYPE_POINTER && !t->user ? type_pointer(c->arena, t->target, true) : t;
}

static const struct type *struct_member(struct check *c, struct expr *e, const struct type *t)
{
	t = members_of(c, e->left->span, t);
	if (type_is_wrong(t))
		return t;
	e->member = decl_member(c, t, e->name);
	if (!e->member && e->kind == EXPR_ARROW && foreign_member(c, t, e->name))
		return replace_foreign(c, e, foreign_member(c, t, e->name));
	if (!e->member)
		return no_member(c, e, t, e->name);
	return read_through(c, e, e->member->type);
}

/* e as what stands before . or -> */
static const char *operand_text(struct check *c, const struct expr *e)
{
	bool binds_less = e->kind == EXPR_UNARY || e->kind == EXPR_CAST || e->kind == EXPR_BINARY || e->kind == EXPR_COND;

	return binds_less ? arena_printf(c->arena, "(%s)", check_text(c, e)) : check_text(c, e);
}

/* What the translator says of the member takes e's place. */
static const struct type *translated_member(struct check *c, struct expr *e, const struct decl *d, const struct type *output)
{
	const struct type_member *m;

	output = decl_complete(c, output);
	m = decl_member(c, output, e->name);
	for (const struct translator_member *tm = d->members; m && tm; tm = tm->next)
		if (!strcmp(tm->name, e->name)) {
			replace_translated(c, e, d, tm->expr, m->type);
			return check_any(c, e);
		}
	if (m)
		return check_error(c, e->name_span, ERR_XLATE_NOCONV, "the translator does not give member '%s' of %s", e->name,
				   type_text(c->arena, output));
	return no_member(c, e, output, e->name);
}

const struct type *check_member(struct check *c, struct expr *e)
{
	const struct type *t;

	if (e->is_arg)
		return check_arg(c, e);
	t = check_any(c, e->left);
	e->user = e->left->user;
	if (type_is_open(t))
		return t;
	if (t->translator && is_struct(t))
		return translated_member(c, e, t->translator, t);
	if (t->kind == TYPE_TUPLE)
		return tuple_field(c, e, t);
	if (is_struct(t))
		return struct_member(c, e, t);
	if (t->kind != TYPE_POINTER || !is_struct(t->target)) {
		const struct builtin *b = resolve_find_builtin(c, e->name, true);

		check_error(c, e->left->span, ERR_OP_SOU, "%s has no members", check_type_words(c, t));
		if (b && b->kind == BK_AGG)
			check_hint(c, "aggregations have parentheses: %s.%s(…)", check_text(c, e->left), e->name);
		return &type_error;
	}
	/* a struct within another there is a pointer here */
	if (foreign_member(c, t->target, e->name))
		return replace_foreign(c, e, foreign_member(c, t->target, e->name));
	check_error(c, e->left->span, ERR_OP_DOT, "a pointer has no members, what it leads to has");
	check_hint(c, "%s->%s", operand_text(c, e->left), e->name);
	return &type_error;
}

const struct type *check_arrow(struct check *c, struct expr *e)
{
	const struct type *t = check_value(c, e->left);

	if (type_is_open(t))
		return t;
	if (t->translator && t->kind == TYPE_POINTER)
		return translated_member(c, e, t->translator, t->target);
	if (t->kind == TYPE_POINTER && is_struct(t->target)) {
		e->user = t->user;
		return struct_member(c, e, t->target);
	}
	/* an argument that other systems have a struct for, as node*:::http-server-request */
	if (e->left->is_arg && type_is_int(t))
		check_lacks(c, e->left->span, ERR_POINTER, "-> needs a pointer to a struct, not %s", check_type_words(c, t));
	else
		check_error(c, e->left->span, t->kind == TYPE_POINTER ? ERR_OP_SOU : ERR_POINTER, "-> needs a pointer to a struct, not %s",
			    check_type_words(c, t));
	if (is_struct(t))
		check_hint(c, "a struct's members follow '.': %s.%s", operand_text(c, e->left), e->name);
	else if (type_is_int(t))
		check_hint(c, "a number can be cast: ((struct x *)%s)->%s", check_text(c, e->left), e->name);
	return &type_error;
}

static const struct type *element(struct check *c, struct expr *e, const struct type *t)
{
	if (t->kind == TYPE_POINTER) {
		e->user = t->user;
		t = check_pointed(c, e, t);
		return t->kind == TYPE_VOID ?
		       check_error(c, e->span, ERR_DEREF_VOID, "what a void * leads to has no type; cast it first") : read_through(c, e, t);
	}
	e->user = e->left->user;
	if (e->args.data[0]->is_const && t->count && e->args.data[0]->value >= t->count)
		return check_error(c, e->args.data[0]->span, ERR_RANGE, "index %lld is outside the array of %u elements",
				   (long long)e->args.data[0]->value, t->count);
	return read_through(c, e, t->target);
}

static const struct type *no_elements(struct check *c, const struct expr *e, const struct type *t)
{
	struct var *v = check_var_of(e->left);

	if (v && e->left->kind == EXPR_INDEX)
		return check_two_lists(c, e);
	if (v && (v->sym.kind == SYM_MAP || v->sym.kind == SYM_GLOBAL || v->sym.kind == SYM_SELF))
		return check_error(c, e->span, ERR_KEYS, "%s has a key here, but none %s", v->sym.name,
				   check_where(c, v->value->first, e->span));
	return check_error(c, e->left->span, ERR_POINTER, "only maps, arrays and pointers have elements, not %s",
			   check_type_words(c, t));
}

const struct type *check_index(struct check *c, struct expr *e)
{
	const struct type *t, *index;

	if (e->symbol)
		return check_var_value(c, e);
	t = check_any(c, e->left);
	if (!type_is_open(t) && t->kind != TYPE_POINTER && t->kind != TYPE_ARRAY && t->kind != TYPE_STRING)
		return no_elements(c, e, t);
	index = check_number(c, e->args.data[0], "an index");
	if (type_is_open(t) || type_is_wrong(index))
		return type_is_open(t) ? t : index;
	if (t->kind == TYPE_STRING)
		return e->args.len == 1 ? &type_s8 : no_elements(c, e, t);
	if (e->args.len != 1)
		return check_error(c, e->span, ERR_ARR_BADREF, "an array takes one index");
	return element(c, e, t);
}

/* *a is a[0]. */
static const struct type *first_element(struct check *c, struct expr *e)
{
	struct expr *zero = arena_new(c->arena, struct expr);

	*zero = (struct expr){ .kind = EXPR_INT, .span = e->span, .name_span = e->span, .type = &type_s64, .is_const = true };
	e->kind = EXPR_INDEX;
	*arena_vec_add(c->arena, &e->args) = zero;
	return check_index(c, e);
}

const struct type *check_deref(struct check *c, struct expr *e)
{
	const struct type *t = check_value(c, e->left);

	if (type_is_open(t))
		return t;
	if (t->kind == TYPE_POINTER) {
		e->user = t->user;
		t = check_pointed(c, e, t);
		if (t->kind != TYPE_VOID)
			return read_through(c, e, t);
		return check_error(c, e->span, ERR_DEREF_VOID, "what a void * leads to has no type; cast it first");
	}
	if (t->kind == TYPE_ARRAY)
		return first_element(c, e);
	check_error(c, e->left->span, ERR_DEREF_NONPTR, "* needs a pointer, not %s", check_type_words(c, t));
	if (type_is_int(t))
		check_hint(c, "a number can be cast: *(u64 *)%s", check_text(c, e->left));
	return &type_error;
}

bool check_is_memory(const struct expr *e)
{
	return (e->kind == EXPR_ARROW || e->kind == EXPR_INDEX || e->kind == EXPR_MEMBER || (e->kind == EXPR_UNARY && e->op == OP_DEREF)) &&
	       !e->symbol && !e->is_arg;
}

const struct type *check_address(struct check *c, struct expr *e)
{
	const struct expr *x = e->left;
	const struct type *t = check_any(c, e->left);

	if (type_is_open(t))
		return t;
	if (!check_is_memory(x) || (x->member && x->member->bit_size))
		return check_error(c, e->span, x->member && x->member->bit_size ? ERR_ADDROF_BITFIELD : x->symbol ? ERR_ADDROF_VAR :
				   ERR_ADDROF_LVAL, "%s has no address", check_text(c, x));
	return type_pointer(c->arena, t, x->user);
}
