// SPDX-License-Identifier: GPL-2.0-or-later
/* The tree as text. */
#include "lang/symbol.h"

#include <string.h>

static const struct {
	const char *text;
	unsigned precedence;
} operators[] = {
	[OP_NONE] = { "", 0 },
#define OPERATOR(id, text, precedence, kind) [OP_##id] = { text, precedence },
#include "lang/operators.def"
#undef OPERATOR
};

enum { PREC_COMMA = -2, PREC_ASSIGN = -1, PREC_COND = 0, PREC_UNARY = 14, PREC_POSTFIX = 15 };

/* --- text that grows in an arena */

struct text {
	struct arena *arena;
	VEC(char) chars;
};

static void put(struct text *t, const char *s)
{
	for (; *s; s++)
		*arena_vec_add(t->arena, &t->chars) = *s;
}

static const char *text_end(struct text *t)
{
	*arena_vec_add(t->arena, &t->chars) = '\0';
	return t->chars.data;
}

static void put_escaped(struct text *t, const char *s, size_t len)
{
	static const char bytes[] = "\a\b\f\n\r\t\v\"\\", names[] = "abfnrtv\"\\";

	put(t, "\"");
	for (size_t i = 0; i < len; i++) {
		const char *known = s[i] ? strchr(bytes, s[i]) : NULL;

		if (known)
			put(t, (char[]){ '\\', names[known - bytes], '\0' });
		else if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			put(t, arena_printf(t->arena, "\\%03o", (unsigned char)s[i]));
		else
			put(t, (char[]){ s[i], '\0' });
	}
	put(t, "\"");
}

/* --- expressions as the script could spell them */

static void put_expr(struct text *t, const struct expr *e, int outer);

static void put_type(struct text *t, const struct type_name *tn)
{
	static const char *const words[] = { [TN_NAMED] = "", [TN_STRUCT] = "struct ", [TN_UNION] = "union ", [TN_ENUM] = "enum " };

	put(t, words[tn->base]);
	put(t, tn->name ? tn->name : "{ … }");
	if (tn->pointers && !tn->func_args)
		put(t, " ");
	for (unsigned i = 0; i < tn->pointers && !tn->func_args; i++)
		put(t, "*");
	if (tn->func_args)
		put(t, tn->pointers ? " (*)(…)" : " (…)");
	for (unsigned i = 0; i < tn->dims.len; i++) {
		put(t, "[");
		if (tn->dims.data[i])
			put_expr(t, tn->dims.data[i], PREC_COND);
		put(t, "]");
	}
}

static void put_list(struct text *t, struct expr *const *list, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		put(t, i ? ", " : "");
		put_expr(t, list[i], PREC_ASSIGN);
	}
}

static int precedence(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_COMMA:
		return PREC_COMMA;
	case EXPR_ASSIGN:
		return e->is_method ? PREC_POSTFIX : PREC_ASSIGN;
	case EXPR_COND:
		return PREC_COND;
	case EXPR_BINARY:
	case EXPR_LOGICAL:
		return (int)operators[e->op].precedence;
	case EXPR_UNARY:
	case EXPR_PREFIX:
	case EXPR_CAST:
	case EXPR_SIZEOF:
		return PREC_UNARY;
	default:
		return PREC_POSTFIX;
	}
}

static void put_int(struct text *t, const struct expr *e)
{
	if (e->text)
		put(t, e->text);
	else
		put(t, arena_printf(t->arena, e->is_unsigned ? "%llu" : "%lld", (unsigned long long)e->value));
}

static void put_char(struct text *t, const struct expr *e)
{
	put(t, "'");
	for (size_t i = 0; i < e->len; i++) {
		unsigned char c = (unsigned char)e->text[i];

		put(t, c < ' ' || c >= 0x7f || c == '\'' || c == '\\' ? arena_printf(t->arena, "\\x%02x", c) : (char[]){ (char)c, '\0' });
	}
	put(t, "'");
}

/* "- -x" must not become "--x". */
static void put_prefix(struct text *t, const struct expr *e)
{
	const struct expr *next = e->left;

	put(t, operators[e->op].text);
	if ((next->kind == EXPR_UNARY || next->kind == EXPR_PREFIX) && operators[next->op].text[0] == operators[e->op].text[0])
		put(t, " ");
	put_expr(t, next, PREC_UNARY);
}

static void put_sizeof(struct text *t, const struct expr *e)
{
	put(t, "sizeof (");
	if (e->type_name)
		put_type(t, e->type_name);
	else
		put_expr(t, e->left, PREC_COMMA);
	put(t, ")");
}

/* The path's brackets are filled by the arguments. */
static void put_path(struct text *t, const struct expr *e)
{
	const char *at = e->name;

	for (unsigned i = 0; i < e->args.len; i++) {
		const char *end = strchr(at, ']');

		put(t, arena_strndup(t->arena, at, (size_t)(end - at)));
		put_expr(t, e->args.data[i], PREC_COMMA);
		at = end;
	}
	put(t, at);
}

static void put_assign(struct text *t, const struct expr *e)
{
	put_expr(t, e->left, PREC_UNARY);
	if (e->is_method) {
		put(t, ".");
	} else {
		put(t, " ");
		put(t, operators[e->op].text);
		put(t, "= ");
	}
	put_expr(t, e->right, PREC_ASSIGN);
}

static void put_bare(struct text *t, const struct expr *e)
{
	int own = precedence(e);

	switch (e->kind) {
	case EXPR_INT:
		return e->is_char ? put_char(t, e) : put_int(t, e);
	case EXPR_STRING:
		return put_escaped(t, e->text, e->len);
	case EXPR_BACKTICK:
		return put(t, e->text);
	case EXPR_NAME:
	case EXPR_MAP:
		return put(t, e->name);
	case EXPR_DOLLAR:
		put(t, e->as_string ? "$$" : "$");
		return put(t, e->name);
	case EXPR_SELF:
	case EXPR_THIS:
		put(t, e->kind == EXPR_SELF ? "self->" : "this->");
		return put(t, e->name);
	case EXPR_UNARY:
	case EXPR_PREFIX:
		return put_prefix(t, e);
	case EXPR_POSTFIX:
		put_expr(t, e->left, PREC_POSTFIX);
		return put(t, operators[e->op].text);
	case EXPR_BINARY:
	case EXPR_LOGICAL:
		put_expr(t, e->left, own);
		put(t, " ");
		put(t, operators[e->op].text);
		put(t, " ");
		return put_expr(t, e->right, own + 1);
	case EXPR_ASSIGN:
		return put_assign(t, e);
	case EXPR_COND:
		put_expr(t, e->left, PREC_COND + 1);
		put(t, " ? ");
		put_expr(t, e->args.data[0], PREC_COMMA);
		put(t, " : ");
		return put_expr(t, e->right, PREC_COND);
	case EXPR_COMMA:
		return put_list(t, e->args.data, e->args.len);
	case EXPR_TUPLE:
		put(t, "(");
		put_list(t, e->args.data, e->args.len);
		return put(t, ")");
	case EXPR_CAST:
		put(t, "(");
		put_type(t, e->type_name);
		put(t, ")");
		return put_expr(t, e->left, PREC_UNARY);
	case EXPR_SIZEOF:
		return put_sizeof(t, e);
	case EXPR_OFFSETOF:
		put(t, "offsetof(");
		put_type(t, e->type_name);
		put(t, ", ");
		put_path(t, e);
		return put(t, ")");
	case EXPR_MEMBER:
	case EXPR_ARROW:
		put_expr(t, e->left, PREC_POSTFIX);
		put(t, e->kind == EXPR_MEMBER ? "." : "->");
		return put(t, e->name);
	case EXPR_INDEX:
		put_expr(t, e->left, PREC_POSTFIX);
		put(t, "[");
		put_list(t, e->args.data, e->args.len);
		return put(t, "]");
	case EXPR_CALL:
		put(t, e->name);
		put(t, "(");
		put_list(t, e->args.data, e->args.len);
		return put(t, ")");
	case EXPR_XLATE:
		put(t, "xlate <");
		put_type(t, e->type_name);
		put(t, ">(");
		put_expr(t, e->left, PREC_COMMA);
		return put(t, ")");
	case EXPR_TYPE:
		return put_type(t, e->type_name);
	}
}

/* In parentheses where what stands around it binds tighter. */
static void put_expr(struct text *t, const struct expr *e, int outer)
{
	bool parens = precedence(e) < outer;

	put(t, parens ? "(" : "");
	put_bare(t, e);
	put(t, parens ? ")" : "");
}

const char *ast_expr_text(struct arena *a, const struct expr *e)
{
	struct text t = { .arena = a };

	put_expr(&t, e, PREC_COMMA);
	return text_end(&t);
}

/* --- the tree */

struct printer {
	FILE *out;
	struct arena *arena;
	bool typed;
};

static void print_expr(const struct printer *p, const struct expr *e, unsigned level);

/* Begins a line. */
static void indent(const struct printer *p, unsigned level)
{
	fprintf(p->out, "%*s", (int)(2 * level), "");
}

__attribute__((format(printf, 3, 4)))
static void line(const struct printer *p, unsigned level, const char *fmt, ...)
{
	va_list ap;

	indent(p, level);
	va_start(ap, fmt);
	vfprintf(p->out, fmt, ap);
	va_end(ap);
	fputc('\n', p->out);
}

static const char *escaped(const struct printer *p, const char *s, size_t len)
{
	struct text t = { .arena = p->arena };

	put_escaped(&t, s, len);
	return text_end(&t);
}

static const char *type_name_text(const struct printer *p, const struct type_name *tn)
{
	struct text t = { .arena = p->arena };

	put_type(&t, tn);
	return text_end(&t);
}

static const char *expr_word(const struct expr *e)
{
	static const char *const words[] = {
		[EXPR_INT] = "int", [EXPR_STRING] = "string", [EXPR_NAME] = "name", [EXPR_DOLLAR] = "dollar", [EXPR_MAP] = "map",
		[EXPR_SELF] = "self", [EXPR_THIS] = "this", [EXPR_BACKTICK] = "backtick", [EXPR_UNARY] = "unary",
		[EXPR_PREFIX] = "prefix", [EXPR_POSTFIX] = "postfix", [EXPR_BINARY] = "binary", [EXPR_LOGICAL] = "logical",
		[EXPR_ASSIGN] = "assign", [EXPR_COND] = "cond", [EXPR_COMMA] = "comma", [EXPR_CAST] = "cast",
		[EXPR_SIZEOF] = "sizeof", [EXPR_OFFSETOF] = "offsetof", [EXPR_MEMBER] = "member", [EXPR_ARROW] = "arrow",
		[EXPR_INDEX] = "index", [EXPR_CALL] = "call", [EXPR_TUPLE] = "tuple", [EXPR_XLATE] = "xlate", [EXPR_TYPE] = "type",
	};

	return words[e->kind];
}

static void print_int(const struct printer *p, const struct expr *e)
{
	fprintf(p->out, e->is_unsigned ? " %llu unsigned" : " %lld", (unsigned long long)e->value);
	if (e->has_unit)
		fputs(" ns", p->out);
	if (e->is_char)
		fputs(" char", p->out);
}

/* What the node says besides its operands. */
static void print_own(const struct printer *p, const struct expr *e)
{
	if (e->kind == EXPR_INT)
		print_int(p, e);
	else if (e->kind == EXPR_STRING)
		fprintf(p->out, " %s", escaped(p, e->text, e->len));
	else if (e->kind == EXPR_BACKTICK)
		fprintf(p->out, " %s", e->text);
	else if (e->kind == EXPR_ASSIGN)
		fprintf(p->out, " %s%s", operators[e->op].text, e->is_method ? "method" : "=");
	else if (e->op != OP_NONE)
		fprintf(p->out, " %s", operators[e->op].text);
	if (e->type_name)
		fprintf(p->out, " <%s>", type_name_text(p, e->type_name));
	if (e->name)
		fprintf(p->out, " %s%s", e->as_string ? "as-string " : "", e->name);
}

static const char *symbol_word(const struct symbol *s)
{
	static const char *const words[] = {
		[SYM_GLOBAL] = "global", [SYM_MAP] = "map", [SYM_SELF] = "self", [SYM_LOCAL] = "local", [SYM_BUILTIN] = "builtin",
		[SYM_FUNCTION] = "function", [SYM_CONSTANT] = "constant", [SYM_INLINE] = "inline", [SYM_KERNEL] = "kernel",
	};

	return words[s->kind];
}

static void print_checked(const struct printer *p, const struct expr *e)
{
	if (e->type)
		fprintf(p->out, " : %s", type_text(p->arena, e->type));
	if (e->symbol)
		fprintf(p->out, " [%s %s]", symbol_word(e->symbol), e->symbol->name);
	if (e->is_arg)
		fputs(" [arg]", p->out);
	if (e->user)
		fputs(" [user]", p->out);
	if (e->is_const && e->kind != EXPR_INT && e->kind != EXPR_STRING) {
		if (e->type && e->type->kind == TYPE_STRING)
			fprintf(p->out, " = %s", escaped(p, e->text, e->len));
		else
			fprintf(p->out, " = %lld", (long long)e->value);
	}
}

static void print_expr(const struct printer *p, const struct expr *e, unsigned level)
{
	indent(p, level);
	fputs(expr_word(e), p->out);
	print_own(p, e);
	if (p->typed)
		print_checked(p, e);
	fputc('\n', p->out);
	if (e->left)
		print_expr(p, e->left, level + 1);
	for (unsigned i = 0; i < e->args.len; i++)
		print_expr(p, e->args.data[i], level + 1);
	if (e->right)
		print_expr(p, e->right, level + 1);
}

static void print_part(const struct printer *p, const char *what, const struct expr *e, unsigned level)
{
	if (!e)
		return;
	line(p, level, "%s", what);
	print_expr(p, e, level + 1);
}

static void print_stmt(const struct printer *p, const struct stmt *s, unsigned level)
{
	static const char *const words[] = {
		[STMT_BLOCK] = "block", [STMT_EXPR] = "do", [STMT_IF] = "if", [STMT_WHILE] = "while", [STMT_FOR] = "for",
		[STMT_FOR_RANGE] = "for-range", [STMT_FOR_MAP] = "for-map", [STMT_UNROLL] = "unroll", [STMT_DELETE] = "delete",
		[STMT_RETURN] = "return", [STMT_BREAK] = "break", [STMT_CONTINUE] = "continue", [STMT_LET] = "let",
	};

	indent(p, level);
	fputs(words[s->kind], p->out);
	if (s->type_name)
		fprintf(p->out, " <%s>", type_name_text(p, s->type_name));
	fputc('\n', p->out);
	if (s->var)
		print_expr(p, s->var, level + 1);
	print_part(p, "init", s->init, level + 1);
	if (s->kind == STMT_FOR)
		print_part(p, "condition", s->expr, level + 1);
	else if (s->expr)
		print_expr(p, s->expr, level + 1);
	if (s->limit)
		print_expr(p, s->limit, level + 1);
	print_part(p, "step", s->step, level + 1);
	for (const struct stmt *each = s->body; each; each = s->kind == STMT_BLOCK ? each->next : NULL)
		print_stmt(p, each, level + 1);
	if (s->otherwise) {
		line(p, level, "else");
		print_stmt(p, s->otherwise, level + 1);
	}
}

static void print_spec(const struct printer *p, const struct spec *s)
{
	indent(p, 1);
	fprintf(p->out, "%sspec %s =", s->instead ? "instead " : "", s->text);
	vec_foreach(part, &s->parts)
		fprintf(p->out, "%s %s", part == s->parts.data ? "" : " |", part->quoted ? escaped(p, part->text, strlen(part->text)) : part->text);
	fputs(s->may_miss ? " ??\n" : "\n", p->out);
}

static void print_clause(const struct printer *p, const struct clause *c)
{
	fprintf(p->out, "clause %u%s\n", c->number, c->dropped ? " dropped" : "");
	for (const struct spec *s = c->specs; s; s = s->next)
		print_spec(p, s);
	print_part(p, "predicate", c->predicate, 1);
	if (c->body)
		print_stmt(p, c->body, 1);
}

static void print_type_body(const struct printer *p, const struct type_name *tn, unsigned level)
{
	for (const struct member_decl *m = tn->members; m; m = m->next) {
		line(p, level, "member %s <%s>%s", m->name ? m->name : "-", type_name_text(p, m->type), m->bits ? " bits" : "");
		print_type_body(p, m->type, level + 1);
		if (m->bits)
			print_expr(p, m->bits, level + 1);
	}
	for (const struct enumerator_decl *e = tn->enumerators; e; e = e->next) {
		line(p, level, "enumerator %s", e->name);
		if (e->value)
			print_expr(p, e->value, level + 1);
	}
}

static void print_decl(const struct printer *p, const struct decl *d)
{
	static const char *const words[] = {
		[DECL_VARIABLE] = "variable", [DECL_INLINE] = "inline", [DECL_TYPEDEF] = "typedef", [DECL_TYPE] = "type",
		[DECL_EXTERN] = "extern", [DECL_TRANSLATOR] = "translator", [DECL_PRAGMA] = "pragma", [DECL_PROVIDER] = "provider",
	};
	static const char *const classes[] = { [VAR_GLOBAL] = "", [VAR_SELF] = " self", [VAR_THIS] = " this" };

	fprintf(p->out, "%s%s", words[d->kind], classes[d->var_class]);
	if (d->name)
		fprintf(p->out, " %s", d->name);
	if (d->text)
		fprintf(p->out, " = %s", d->text);
	if (d->type_name)
		fprintf(p->out, " <%s>", type_name_text(p, d->type_name));
	if (d->input_type)
		fprintf(p->out, " from <%s>", type_name_text(p, d->input_type));
	fputc('\n', p->out);
	if (d->type_name)
		print_type_body(p, d->type_name, 1);
	for (const struct param_decl *param = d->params; param; param = param->next)
		line(p, 1, "%s %s <%s>", d->kind == DECL_VARIABLE ? "key" : "parameter", param->name ? param->name : "-",
		     type_name_text(p, param->type));
	if (d->expr)
		print_expr(p, d->expr, 1);
	for (const struct translator_member *m = d->members; m; m = m->next)
		print_part(p, m->name, m->expr, 1);
}

/* The texts made on the way live no longer than the printing. */
void ast_print(FILE *out, const struct script *script, bool typed)
{
	struct arena arena = { 0 };
	struct printer p = { .out = out, .arena = &arena, .typed = typed };

	for (const struct item *i = script->items; i; i = i->next) {
		if (i->clause)
			print_clause(&p, i->clause);
		else
			print_decl(&p, i->decl);
	}
	arena_deinit(&arena);
}
