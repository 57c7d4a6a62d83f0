// SPDX-License-Identifier: GPL-2.0-or-later
/* The tree's constructors. */
#include "lang/dialect.h"
#include "lang/errors.h"
#include "lang/getopt.h"
#include "lang/parse.h"

#include <string.h>

static unsigned max(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* --- expressions */

static struct expr *new_expr(struct parse *p, enum expr_kind kind, struct span span, struct span name_span)
{
	struct expr *e = arena_new(p->arena, struct expr);

	e->kind = kind;
	e->span = span;
	e->name_span = name_span;
	return e;
}

static unsigned depth_of(const struct expr *e)
{
	return e ? e->depth + 1 : 0;
}

/* e with its operands, if the tree is not too deep then; else an operand, so that what follows stays shallow. */
static struct expr *with_operands(struct parse *p, struct expr *e, struct expr *left, struct expr *right)
{
	e->left = left;
	e->right = right;
	e->depth = max(e->depth, max(depth_of(left), depth_of(right)));
	if (e->depth <= AST_DEPTH)
		return e;
	parse_too_deep(p, e->span);
	return left ? left : right;
}

static void take_args(struct expr *e, const struct expressions *args)
{
	if (!args)
		return;
	e->args.data = args->list.data;
	e->args.len = args->list.len;
	e->args.cap = args->list.cap;
	vec_foreach(arg, &e->args)
		e->depth = max(e->depth, depth_of(*arg));
}

struct expressions *exprs_add(struct parse *p, struct expressions *list, struct expr *e)
{
	if (!list)
		list = arena_new(p->arena, struct expressions);
	*arena_vec_add(p->arena, &list->list) = e;
	return list;
}

struct expr *expr_name(struct parse *p, enum expr_kind kind, struct token name, struct span span, struct span name_span)
{
	struct expr *e = new_expr(p, kind, span, name_span);

	e->name = name.text;
	e->as_string = name.as_string;
	return e;
}

/* NULL where no spec could be read. */
struct spec *spec_instead(struct parse *p, struct spec *spec)
{
	(void)p;
	if (spec)
		spec->instead = true;
	return spec;
}

bool ast_is_literal(const struct expr *e)
{
	if (e->kind == EXPR_UNARY)
		return e->op == OP_NEG && ast_is_literal(e->left);
	if (e->kind == EXPR_TUPLE)
		vec_foreach(arg, &e->args)
			if (!ast_is_literal(*arg))
				return false;
	return e->kind == EXPR_INT || e->kind == EXPR_STRING || e->kind == EXPR_TUPLE;
}

struct token strings_join(struct parse *p, struct token a, struct token b)
{
	char *text = arena_alloc(p->arena, a.len + b.len + 1);

	memcpy(text, a.text, a.len);
	memcpy(text + a.len, b.text, b.len + 1);
	a.text = text;
	a.len += b.len;
	return a;
}

struct expr *expr_literal(struct parse *p, enum expr_kind kind, struct token token, struct span span)
{
	struct expr *e = new_expr(p, kind, span, span);

	e->text = token.text;
	e->len = token.len;
	e->value = token.value;
	e->is_unsigned = token.is_unsigned;
	e->is_long = token.is_long;
	e->has_unit = token.has_unit;
	e->is_char = token.is_char;
	return e;
}

struct expr *expr_unary(struct parse *p, enum expr_kind kind, enum op op, struct expr *operand, struct span span,
			struct span op_span)
{
	struct expr *e = new_expr(p, kind, span, op_span);

	e->op = op;
	return with_operands(p, e, operand, NULL);
}

struct expr *expr_binary(struct parse *p, enum op op, struct expr *left, struct expr *right, struct span op_span)
{
	bool logical = op == OP_LOR || op == OP_LXOR || op == OP_LAND;
	struct expr *e = new_expr(p, logical ? EXPR_LOGICAL : EXPR_BINARY, span_join(left->span, right->span), op_span);

	e->op = op;
	return with_operands(p, e, left, right);
}

struct expr *expr_assign(struct parse *p, enum op op, struct expr *left, struct expr *right, struct span op_span)
{
	struct expr *e = new_expr(p, EXPR_ASSIGN, span_join(left->span, right->span), op_span);

	e->op = op;
	return with_operands(p, e, left, right);
}

struct expr *expr_cond(struct parse *p, struct expr *cond, struct expr *yes, struct expr *no, struct span op_span)
{
	struct expr *e = new_expr(p, EXPR_COND, span_join(cond->span, no->span), op_span);

	take_args(e, exprs_add(p, NULL, yes));
	return with_operands(p, e, cond, no);
}

/* a, b, c is one node. */
struct expr *expr_comma(struct parse *p, struct expr *left, struct expr *right)
{
	struct expr *e = left;

	if (left->kind != EXPR_COMMA || left->in_parens) {
		e = new_expr(p, EXPR_COMMA, left->span, left->span);
		*arena_vec_add(p->arena, &e->args) = left;
		e->depth = depth_of(left);
	}
	*arena_vec_add(p->arena, &e->args) = right;
	e->span = e->name_span = span_join(left->span, right->span);
	e->depth = max(e->depth, depth_of(right));
	return with_operands(p, e, NULL, NULL) ? e : left;
}

struct expr *expr_parens(struct parse *p, struct expr *e, struct span span)
{
	if (e->kind == EXPR_COMMA && !e->in_parens && !dialect_has(p->script->dialect, DIALECT_COMMA))
		e->kind = EXPR_TUPLE;
	e->span = span;
	e->in_parens = true;
	return e;
}

struct expr *expr_typed(struct parse *p, enum expr_kind kind, struct type_name *type, struct expr *operand, struct span span)
{
	struct expr *e = new_expr(p, kind, span, type ? type->span : span);

	e->type_name = type;
	return with_operands(p, e, operand, NULL);
}

struct expr *expr_path(struct parse *p, const char *name, struct span span)
{
	struct expr *e = new_expr(p, EXPR_OFFSETOF, span, span);

	e->name = name;
	return e;
}

static struct expr *path_add(struct parse *p, struct expr *path, const char *before, const char *name, struct span span)
{
	path->name = arena_printf(p->arena, "%s%s%s", path->name, before, name);
	path->span = path->name_span = span;
	return path;
}

struct expr *path_member(struct parse *p, struct expr *path, const char *name, struct span span)
{
	return path_add(p, path, ".", name, span);
}

struct expr *path_index(struct parse *p, struct expr *path, struct expr *index, struct span span)
{
	*arena_vec_add(p->arena, &path->args) = index;
	path->depth = max(path->depth, depth_of(index));
	return path_add(p, path, "[", "]", span);
}

struct expr *expr_offsetof(struct type_name *type, struct expr *path, struct span span)
{
	path->span = span;
	path->type_name = type;
	return path;
}

struct expr *expr_container_of(struct parse *p, struct expr *pointer, struct type_name *type, struct expr *path, struct span span)
{
	struct type_name *number = type_name_new(p, TN_NAMED, "u64", span), *to = arena_memdup(p->arena, type, sizeof(*type));
	struct expr *offset = expr_offsetof(type, path, span), *address;

	to->pointers++;
	address = expr_binary(p, OP_SUB, expr_typed(p, EXPR_CAST, number, pointer, span), offset, span);
	return expr_typed(p, EXPR_CAST, to, address, span);
}

struct expr *expr_member(struct parse *p, enum expr_kind kind, struct expr *left, struct token name, struct span name_span)
{
	struct expr *e = new_expr(p, kind, span_join(left->span, name_span), name_span);

	if (left->kind == EXPR_INT && !left->in_parens)
		diag_error(p->diag, e->span, error_tag(ERR_NUMBER), "there are no floating-point numbers");
	e->name = name.text;
	return with_operands(p, e, left, NULL);
}

struct expr *expr_index(struct parse *p, struct expr *left, struct expressions *keys, struct span span)
{
	struct expr *e = new_expr(p, EXPR_INDEX, span, left->name_span);

	take_args(e, keys);
	return with_operands(p, e, left, NULL);
}

/* getopt(…) as the literal that the option is. */
static struct expr *option_value(struct parse *p, const struct expressions *args, struct span span)
{
	const struct expr *names = args && args->list.len ? args->list.data[0] : NULL;
	const struct script_option *o = NULL;
	struct token token = { 0 };
	struct expr *e;

	if (names && names->kind == EXPR_STRING && p->macros && p->macros->options)
		o = option_find(p->macros->options, names->text);
	if (!o) {
		diag_error(p->diag, span, error_tag(ERR_GETOPT), "an option is a name, a default and what it is for, all of them literals (or the default $target)");
		diag_hint(p->diag, "it is used as getopt(\"seconds|s\", 10, \"how long to run\")");
		return expr_literal(p, EXPR_INT, token, span);
	}
	if (option_is_target(o)) {
		token.text = "target";
		return expr_name(p, EXPR_DOLLAR, token, span, span);
	}
	token.text = o->value;
	token.len = strlen(o->value);
	token.value = (uint64_t)(o->number < 0 ? -o->number : o->number);
	e = expr_literal(p, o->kind == OPTION_STRING ? EXPR_STRING : EXPR_INT, token, span);
	return o->number < 0 ? expr_unary(p, EXPR_UNARY, OP_NEG, e, span, span) : e;
}

struct expr *expr_call(struct parse *p, struct token name, struct expressions *args, struct span span,
		       struct span name_span)
{
	struct expr *e;

	if (!strcmp(name.text, "getopt"))
		return option_value(p, args, span);
	e = new_expr(p, EXPR_CALL, span, name_span);
	e->name = name.text;
	take_args(e, args);
	if (e->depth <= AST_DEPTH)
		return e;
	parse_too_deep(p, span);
	return args->list.data[0];
}

/* left.name(args) is left = name(args). */
struct expr *expr_method(struct parse *p, struct expr *left, struct token name, struct expressions *args, struct span span,
			 struct span name_span)
{
	struct span call_span = { name_span.pos, span.pos + span.len - name_span.pos };
	struct expr *e = new_expr(p, EXPR_ASSIGN, span, name_span);

	e->is_method = true;
	return with_operands(p, e, left, expr_call(p, name, args, call_span, name_span));
}

/* --- statements */

static struct stmt *new_stmt(struct parse *p, enum stmt_kind kind, struct span span)
{
	struct stmt *s = arena_new(p->arena, struct stmt);

	s->kind = kind;
	s->span = span;
	parse_count_statement(p, span);
	return s;
}

static unsigned stmt_depth_of(const struct stmt *s)
{
	return s ? s->depth + 1 : 0;
}

/* s around its bodies; where that is too deep, a body alone. */
static struct stmt *around(struct parse *p, struct stmt *s, struct stmt *body, struct stmt *otherwise)
{
	s->body = body;
	s->otherwise = otherwise;
	s->depth = max(stmt_depth_of(body), stmt_depth_of(otherwise));
	if (s->depth <= AST_DEPTH)
		return s;
	parse_too_deep(p, s->span);
	return new_stmt(p, STMT_BLOCK, s->span);
}

struct stmt *stmt_expr(struct parse *p, struct expr *e, struct span span)
{
	struct stmt *s = new_stmt(p, STMT_EXPR, span);

	s->expr = e;
	return s;
}

struct stmt *stmt_block(struct parse *p, struct stmt *list, struct span span)
{
	struct stmt *s = new_stmt(p, STMT_BLOCK, span);

	s->body = list;
	for (const struct stmt *each = list; each; each = each->next)
		s->depth = max(s->depth, stmt_depth_of(each));
	if (s->depth <= AST_DEPTH)
		return s;
	parse_too_deep(p, span);
	s->body = NULL;
	s->depth = 0;
	return s;
}

struct stmt *stmt_plain(struct parse *p, enum stmt_kind kind, struct span span)
{
	return new_stmt(p, kind, span);
}

struct stmt *stmt_body(struct parse *p, enum stmt_kind kind, struct expr *e, struct stmt *body, struct stmt *otherwise,
		       struct span span)
{
	struct stmt *s = new_stmt(p, kind, span);

	s->expr = e;
	return around(p, s, body, otherwise);
}

struct stmt *stmt_for(struct parse *p, struct expr *init, struct expr *cond, struct expr *step, struct stmt *body,
		      struct span span)
{
	struct stmt *s = new_stmt(p, STMT_FOR, span);

	s->init = init;
	s->expr = cond;
	s->step = step;
	return around(p, s, body, NULL);
}

struct stmt *stmt_for_each(struct parse *p, struct expr *var, struct expr *from, struct expr *limit, struct stmt *body,
			   struct span span)
{
	struct stmt *s = new_stmt(p, limit ? STMT_FOR_RANGE : STMT_FOR_MAP, span);

	s->var = var;
	s->expr = from;
	s->limit = limit;
	return around(p, s, body, NULL);
}

/* delete(@x, k) and delete((@x, k)) are delete @x[k]. */
struct stmt *stmt_delete(struct parse *p, struct expr *e, struct span span)
{
	struct stmt *s = new_stmt(p, STMT_DELETE, span);

	s->expr = e;
	if ((e->kind == EXPR_TUPLE || e->kind == EXPR_COMMA) && e->args.data[0]->kind != EXPR_INDEX) {
		struct expressions keys = { 0 };

		for (unsigned i = 1; i < e->args.len; i++)
			exprs_add(p, &keys, e->args.data[i]);
		s->expr = expr_index(p, e->args.data[0], &keys, e->span);
	}
	return s;
}

struct stmt *stmt_let(struct parse *p, struct expr *var, struct type_name *type, struct expr *e, struct span span)
{
	struct stmt *s = new_stmt(p, STMT_LET, span);

	s->var = var;
	s->type_name = type;
	s->expr = e;
	return s;
}

/* --- clauses */

struct clause *clause_new(struct parse *p, struct spec *specs, struct expr *predicate, struct stmt *body,
			  struct span specs_span, struct span span)
{
	struct clause *c = arena_new(p->arena, struct clause);

	c->span = span;
	c->specs_span = specs_span;
	c->specs = specs;
	c->predicate = predicate;
	c->body = body;
	return c;
}

struct expr *predicate_new(struct parse *p, struct expr *e)
{
	if (p->script->dialect != DIALECT_D && e->kind == EXPR_ASSIGN && e->op == OP_NONE && !e->in_parens && !e->is_method) {
		diag_error(p->diag, e->name_span, error_tag(ERR_SYNTAX), "'=' assigns, and a predicate only asks");
		diag_hint(p->diag, "'==' compares");
	}
	return e;
}

/* --- types and what is declared */

struct type_name *type_name_new(struct parse *p, enum type_name_base base, const char *name, struct span span)
{
	struct type_name *t = arena_new(p->arena, struct type_name);

	t->span = span;
	t->base = base;
	t->name = name;
	return t;
}

struct type_name *type_name_members(struct type_name *t, struct member_decl *members)
{
	t->defined = true;
	t->members = members;
	return t;
}

struct type_name *type_name_enumerators(struct type_name *t, struct enumerator_decl *list)
{
	t->defined = true;
	t->enumerators = list;
	return t;
}

struct type_name *type_name_derive(struct parse *p, const struct type_name *base, unsigned pointers,
				   const struct expressions *dims, struct span span)
{
	struct type_name *t = arena_memdup(p->arena, base, sizeof(*base));

	t->span = span;
	t->pointers = pointers;
	if (dims) {
		t->dims.data = dims->list.data;
		t->dims.len = dims->list.len;
		t->dims.cap = dims->list.cap;
	}
	return t;
}

struct declarator *declarator_new(struct parse *p, unsigned pointers, struct token name, struct expressions *dims,
				  struct span span)
{
	struct declarator *d = arena_new(p->arena, struct declarator);

	d->name = name.text;
	d->span = span;
	d->pointers = pointers;
	d->dims = dims;
	return d;
}

struct declarator *declarator_function(struct parse *p, unsigned pointers, struct token name, struct param_decl *params,
				       struct span span)
{
	struct declarator *d = declarator_new(p, pointers, name, NULL, span);

	d->func_args = params ? params->type : type_name_new(p, TN_NAMED, "void", span);
	return d;
}

void declarator_dimension(struct parse *p, struct declarator *d, struct expr *e)
{
	d->dims = exprs_add(p, d->dims, e);
}

/* The type of a name that is declared; a struct's body goes with the first of several. */
static struct type_name *declared_type(struct parse *p, struct type_name *base, const struct declarator *d)
{
	struct type_name *t = type_name_derive(p, base, d->pointers, d->dims, base->span);

	t->func_args = d->func_args;
	if (base->name) {
		base->defined = false;
		base->members = NULL;
		base->enumerators = NULL;
	}
	return t;
}

struct member_decl *members_new(struct parse *p, struct type_name *base, const struct declarator *declarators)
{
	struct member_decl *first = NULL, **next = &first;

	for (const struct declarator *d = declarators; d; d = d->next) {
		*next = arena_new(p->arena, struct member_decl);
		**next = (struct member_decl){ .name = d->name, .span = d->span, .type = declared_type(p, base, d), .bits = d->bits };
		next = &(*next)->next;
	}
	if (declarators)
		return first;
	if (!base->defined || base->name || base->base == TN_ENUM) {
		diag_error(p->diag, base->span, error_tag(ERR_DECL_MNAME), "expected a member's name after its type");
		return NULL;
	}
	first = arena_new(p->arena, struct member_decl);
	*first = (struct member_decl){ .span = base->span, .type = base };
	return first;
}

struct enumerator_decl *enumerator_new(struct parse *p, struct token name, struct expr *value, struct span span)
{
	struct enumerator_decl *e = arena_new(p->arena, struct enumerator_decl);

	*e = (struct enumerator_decl){ .name = name.text, .span = span, .value = value };
	return e;
}

struct param_decl *param_new(struct parse *p, struct type_name *type, const char *name, struct span span)
{
	struct param_decl *param = arena_new(p->arena, struct param_decl);

	*param = (struct param_decl){ .type = type, .name = name, .span = span };
	return param;
}

struct translator_member *translation_new(struct parse *p, struct token name, struct expr *e, struct span span)
{
	struct translator_member *m = arena_new(p->arena, struct translator_member);

	*m = (struct translator_member){ .name = name.text, .expr = e, .span = span };
	return m;
}

/* --- items */

static struct item *append(struct parse *p)
{
	struct item *i = arena_new(p->arena, struct item);

	*(p->last ? &p->last->next : &p->script->items) = i;
	p->last = i;
	return i;
}

void item_clause(struct parse *p, struct clause *c)
{
	if (!c->specs)
		return;
	append(p)->clause = c;
	c->number = p->script->nclauses++;
	*arena_vec_add(p->arena, &p->script->clauses) = c;
}

static struct decl *new_decl(struct parse *p, enum decl_kind kind, struct span span)
{
	struct decl *d = arena_new(p->arena, struct decl);

	d->kind = kind;
	d->span = d->name_span = span;
	append(p)->decl = d;
	return d;
}

static void declare(struct parse *p, struct decl *d, struct type_name *base, const struct declarator *declarator)
{
	d->name = declarator->name;
	d->name_span = declarator->span;
	d->type_name = declared_type(p, base, declarator);
	d->params = declarator->keys;
	if (d->kind == DECL_TYPEDEF)
		strmap_put(&p->typedefs, d->name, d);
}

void item_declare(struct parse *p, enum decl_kind kind, enum var_class var_class, struct type_name *base,
		  const struct declarator *declarators, struct span span)
{
	if (!declarators)
		new_decl(p, kind, span)->type_name = base;
	for (const struct declarator *each = declarators; each; each = each->next) {
		struct decl *d = new_decl(p, kind, span);

		d->var_class = var_class;
		declare(p, d, base, each);
	}
}

void item_inline(struct parse *p, struct type_name *type, struct token name, struct param_decl *params, struct expr *e,
		 struct span name_span, struct span span)
{
	struct decl *d = new_decl(p, DECL_INLINE, span);

	d->type_name = type;
	d->name = name.text;
	d->name_span = name_span;
	d->params = params;
	d->expr = e;
}

void item_translator(struct parse *p, struct type_name *output, struct type_name *input, struct token name,
		     struct translator_member *members, struct span span)
{
	struct decl *d = new_decl(p, DECL_TRANSLATOR, span);

	d->type_name = output;
	d->input_type = input;
	d->name = name.text;
	d->members = members;
}

void item_words(struct parse *p, enum decl_kind kind, struct token words, struct span span)
{
	struct decl *d = new_decl(p, kind, span);

	d->name = words.text;
	d->text = words.value_text;
}
