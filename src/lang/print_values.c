// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * print() of more than one value is a printf(): print(a, b), as ply 2 has it, is printf("%v, %v\n", a, b), and print(args), as bpftrace has it,
 * is printf("{ .fd = %v, .count = %v }\n", args.fd, args.count).
 */
#include "lang/checking.h"

/* A literal with conversions was meant for printf, which the message about the arguments says. */
static bool is_format(const struct expr *e)
{
	return e->kind == EXPR_STRING && memchr(e->text, '%', e->len);
}

static struct expr *format_literal(struct check *c, const struct expr *call, const char *text)
{
	struct expr *e = arena_new(c->arena, struct expr);

	*e = (struct expr){ .kind = EXPR_STRING, .text = text, .len = strlen(text), .span = call->span, .name_span = call->span };
	return e;
}

/* The arguments follow the format. */
static void become_printf(struct check *c, struct expr *call, const char *format)
{
	struct expr **args = call->args.data;
	unsigned n = call->args.len;

	call->symbol = resolve_builtin(c, BUILTIN_printf);
	call->args.data = NULL;
	call->args.len = call->args.cap = 0;
	*arena_vec_add(c->arena, &call->args) = format_literal(c, call, format);
	for (unsigned i = 0; i < n; i++)
		*arena_vec_add(c->arena, &call->args) = args[i];
}

void resolve_print(struct check *c, struct expr *call)
{
	const char *format = "%v";

	if (c->dialect == DIALECT_D || call->args.len < 2 || check_is_whole(call->args.data[0]) || is_format(call->args.data[0]))
		return;
	for (unsigned i = 1; i < call->args.len; i++)
		format = arena_printf(c->arena, "%s, %%v", format);
	become_printf(c, call, arena_printf(c->arena, "%s\n", format));
}

static struct expr *named_arg(struct check *c, const struct expr *args, const char *name)
{
	struct expr *e = arena_new(c->arena, struct expr);

	*e = (struct expr){
		.kind = EXPR_MEMBER, .is_arg = true, .name = name, .left = (struct expr *)args, .span = args->span, .name_span = args->span,
	};
	return e;
}

bool resolve_print_args(struct check *c, struct expr *call)
{
	struct expr *args = call->args.data[0], whole = *call;
	struct suggest none = { .name = "" };
	const char *lacking, *known = NULL, *format = NULL;

	if (c->dialect == DIALECT_D || !c->clause || !c->scope->arg)
		return false;
	c->scope->arg(c->scope->data, c->clause, "", args->span, &lacking, &known, &none);
	if (!known || !*known)
		return false;
	call->args.data = NULL;
	call->args.len = call->args.cap = 0;
	for (const char *p = known; *p; p += strspn(p, ", ")) {
		size_t len = strcspn(p, ",");
		const char *name = arena_strndup(c->arena, p, len);

		format = format ? arena_printf(c->arena, "%s, .%s = %%v", format, name) : arena_printf(c->arena, "{ .%s = %%v", name);
		/* another of the probes does not have it: the message about args says what to do */
		if (!c->scope->arg(c->scope->data, c->clause, name, args->span, &lacking, NULL, NULL)) {
			*call = whole;
			return false;
		}
		*arena_vec_add(c->arena, &call->args) = named_arg(c, args, name);
		p += len;
	}
	become_printf(c, call, arena_printf(c->arena, "%s }\n", format));
	return true;
}
