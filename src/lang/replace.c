// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands for something else, and is replaced in place: macro parameters, the environment, inlines. */
#include "lang/checking.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

enum { INLINE_DEPTH = 64, INLINE_NODES = 200000 };

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
void resolve_wrong(struct check *c, struct expr *e)
{
	e->symbol = &c->wrong;
}

static bool is_number(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

/* D's $1 may be a string as the language writes it. */
static bool is_quoted(const char *s)
{
	size_t len = strlen(s);

	return len >= 2 && s[0] == '"' && s[len - 1] == '"';
}

static void macro_missing(struct check *c, struct expr *e)
{
	struct suggest s = { .name = e->name };

	resolve_wrong(c, e);
	if (!strcmp(e->name, "target")) {
		check_error(c, e->span, ERR_MACRO_UNDEF, "$target needs a process: -p PID or -c COMMAND");
		return;
	}
	if (is_number(e->name)) {
		check_error(c, e->span, strlen(e->name) > 9 ? ERR_MACRO_OFLOW : ERR_MACRO_UNDEF, "parameter $%s is missing", e->name);
		if (c->macros->argc)
			check_hint(c, "%u %s given after the program", c->macros->argc,
				   c->macros->argc == 1 ? "was" : "were");
		else
			check_hint(c, "parameters follow the program");
		return;
	}
	check_error(c, e->span, ERR_MACRO_UNDEF, "$%s is neither assigned in this clause nor set in the environment",
		    e->name);
	for (unsigned i = 0; c->reported && c->clause && i < c->clause->locals.len; i++)
		if (*c->clause->locals.data[i]->name == '$')
			suggest_add(&s, c->clause->locals.data[i]->name + 1);
	if (suggest_best(&s))
		check_hint(c, "did you mean '$%s'?", suggest_best(&s));
	else if (strmap_get(&c->vars, arena_printf(c->arena, "@%s", e->name)))
		check_hint(c, "did you mean '@%s'?", e->name);
	else if (strmap_get(&c->vars, e->name) || strmap_get(&c->inlines, e->name))
		check_hint(c, "did you mean '%s'?", e->name);
}

void replace_macro(struct check *c, struct expr *e)
{
	const char *text;
	char buf[24];

	text = macro_text(c->macros, e->name, buf);
	if (!text && !is_number(e->name))
		text = getenv(e->name);
	if (!text && c->macros->default_args && is_number(e->name))
		text = e->as_string ? "" : "0";
	/* scripts name it that do without a process as well: /OPT_p && pid == $target/ */
	if (!text && c->dialect == DIALECT_D && !strcmp(e->name, "target"))
		text = "0";
	if (text && c->dialect == DIALECT_D && !e->as_string && is_quoted(text)) {
		text = arena_strndup(c->arena, text + 1, strlen(text) - 2);
		e->as_string = true;
	}
	if (text)
		become_text(c, e, text);
	else
		macro_missing(c, e);
}

/* ---- inlines */

static struct expr *clone(struct check *c, const struct expr *e, const struct decl *d, struct expr *use);

/* A parameter of the prelude's that takes pointers as they are, so that the translator for their type is found. */
static bool is_any_pointer(const struct decl *d, const struct type_name *t)
{
	return d->is_prelude && t->pointers == 1 && t->name && !strcmp(t->name, "void");
}

/* The argument of the use that stands for the parameter of that name, as a cast to the parameter's type; NULL: none. */
static struct expr *parameter(struct check *c, const char *name, const struct decl *d, struct expr *use)
{
	unsigned n = 0;

	for (const struct param_decl *p = d->params; p; p = p->next, n++) {
		struct expr *cast;

		if (!p->name || strcmp(p->name, name) || n >= use->args.len)
			continue;
		if (p->type && is_any_pointer(d, p->type))
			return clone(c, use->args.data[n], NULL, NULL);
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
	/* what is wrong with it is the use's fault */
	if (d && d->is_prelude)
		copy->span = copy->name_span = use->span;
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

void replace_inline(struct check *c, struct expr *e, struct decl *d)
{
	unsigned want = count_params(d), have = e->kind == EXPR_INDEX ? e->args.len : 0;
	unsigned levels = d->expr->depth + e->depth + 2;
	struct expr *body;
	bool is_string = false;

	if (want != have) {
		check_error(c, e->span, ERR_ARG_COUNT, "inline %s takes %u argument%s, not %u", d->name, want,
			    want == 1 ? "" : "s", have);
		resolve_wrong(c, e);
		return;
	}
	if (c->inline_depth >= INLINE_DEPTH || c->expanded > INLINE_NODES || c->inline_levels + levels > AST_DEPTH) {
		check_error(c, d->name_span, ERR_RECURSIVE, c->inline_depth >= INLINE_DEPTH ?
			    "inline %s is expanded in itself" : "inline %s expands to too much", d->name);
		resolve_wrong(c, e);
		return;
	}
	body = clone(c, d->expr, d, e);
	/* what shows itself as a string, an address of the network, stays what it is */
	if (d->is_prelude && !d->type_name->pointers && d->type_name->name && !strcmp(d->type_name->name, "string"))
		is_string = true;
	else
		*e = (struct expr){
			.kind = EXPR_CAST, .span = e->span, .name_span = e->span, .type_name = d->type_name, .left = body,
		};
	c->inline_depth++;
	c->inline_levels += levels;
	resolve_expr(c, body);
	c->inline_levels -= levels;
	c->inline_depth--;
	if (is_string)
		*e = *body;
}

void replace_translated(struct check *c, struct expr *e, const struct decl *d, const struct expr *body, const struct type *t)
{
	struct param_decl param = { .type = d->input_type, .name = d->name };
	const struct decl with_param = { .is_prelude = d->is_prelude, .params = &param };
	struct expr use = { .span = e->span };
	struct expr *made, *of = e->left;
	const enum stage stage = c->stage;

	/* a translated struct is no value: what it is made of is */
	while (of->kind == EXPR_CAST && of->type->translator && of->type->kind != TYPE_POINTER)
		of = of->left;
	*arena_vec_add(c->arena, &use.args) = of->kind == EXPR_XLATE ? of->left : of;
	made = clone(c, body, &with_param, &use);
	/* names that mean nothing are reported now */
	c->stage = STAGE_REPORT;
	c->raw_args += d->is_prelude;
	resolve_expr(c, made);
	c->raw_args -= d->is_prelude;
	c->stage = stage;
	if (!type_is_int(t)) {
		*e = *made;
		return;
	}
	*e = (struct expr){ .kind = EXPR_CAST, .span = use.span, .name_span = use.span, .left = made };
	e->type_name = arena_new(c->arena, struct type_name);
	e->type_name->type = t;
}
