// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stack, ustack: how many frames are wanted, and in what form: kstack, kstack(3), kstack(perf, 3), in D ustack(3, 0). Places in code are
 * stacks of one frame: ucaller, usym(ADDRESS).
 */
#include "lang/checking.h"

#include "lang/dialect.h"

static const struct {
	const char *name;
	enum type_show show;
} forms[] = { { "ply", SHOW_NUMBER }, { "perf", SHOW_PERF }, { "bpftrace", SHOW_BPFTRACE }, { "raw", SHOW_RAW } };

enum { NFORMS = sizeof(forms) / sizeof(*forms) };

static bool find_form(const char *name, enum type_show *show)
{
	for (unsigned i = 0; name && i < NFORMS; i++)
		if (!strcmp(forms[i].name, name)) {
			*show = forms[i].show;
			return true;
		}
	return false;
}

bool check_is_stack_form(const char *name)
{
	enum type_show show;

	return find_form(name, &show);
}

const char *check_stack_words(struct check *c, const struct type *t)
{
	const char *words = t->user ? "a stack of the process" : "a stack of the kernel";

	for (unsigned i = 0; i < NFORMS; i++)
		if (t->show == forms[i].show && t->show != SHOW_NUMBER)
			words = arena_printf(c->arena, "%s in the form %s", words, forms[i].name);
	return t->count < STACK_FRAMES ? arena_printf(c->arena, "%s of %u frames", words, t->count) : words;
}

static bool read_form(struct check *c, const struct expr *e, const struct expr *arg, struct type *t)
{
	if (find_form(arg->text, &t->show))
		return true;
	check_error(c, arg->span, ERR_ARG_TYPE, "%s() knows the forms ply, perf, bpftrace and raw, not '%s'", e->name, arg->text);
	return false;
}

static bool read_depth(struct check *c, const struct expr *e, struct expr *arg, struct type *t)
{
	int64_t n;

	if (!check_constant(c, arg, arena_printf(c->arena, "the number of frames of %s()", e->name), &n))
		return false;
	if (n < 1 || (n > STACK_FRAMES && c->dialect != DIALECT_D)) {
		check_error(c, arg->span, ERR_RANGE, "%s() takes 1 to %d frames, not %lld", e->name, STACK_FRAMES, (long long)n);
		return false;
	}
	t->count = n > STACK_FRAMES ? STACK_FRAMES : (unsigned)n;
	return true;
}

const struct type *check_stack(struct check *c, struct expr *e)
{
	struct type *t = arena_memdup(c->arena, check_proto(c, e->symbol->builtin)->result, sizeof(*t));

	if (c->dialect == DIALECT_D) {
		unsigned n = t->user ? c->ustack_frames : c->stack_frames;

		t->count = n > STACK_FRAMES ? STACK_FRAMES : n;
	}
	vec_foreach(arg, &e->args) {
		bool is_form = (*arg)->is_const && (*arg)->type->kind == TYPE_STRING, ok;

		/* the second number of D's ustack is the room for names that its kernel part needs */
		if (arg > e->args.data && c->dialect == DIALECT_D)
			break;
		c->call = e;
		c->call_arg = 0;
		c->call_at = (*arg)->span;
		ok = is_form ? read_form(c, e, *arg, t) : read_depth(c, e, *arg, t);
		c->call = NULL;
		if (!ok)
			return &type_error;
	}
	return t;
}

/* How the builtin shows the place; SHOW_NUMBER if it is none of those. */
static enum type_show place_show(enum builtin_id id)
{
	switch (id) {
	case BUILTIN_usym: case BUILTIN_uaddr: case BUILTIN_ucaller:
		return SHOW_USYM;
	case BUILTIN_ufunc:
		return SHOW_UFUNC;
	case BUILTIN_umod:
		return SHOW_UMOD;
	case BUILTIN_ksym: case BUILTIN_caller:
		return SHOW_KSYM;
	case BUILTIN_func_:
		return SHOW_KFUNC;
	case BUILTIN_mod:
		return SHOW_KMOD;
	default:
		return SHOW_NUMBER;
	}
}

/* In D these are actions as well: stack(); usym(arg0); */
bool check_is_traced(const struct expr *e)
{
	if (e->kind != EXPR_CALL || !e->symbol || e->symbol->kind != SYM_FUNCTION)
		return false;
	return e->symbol->builtin == BUILTIN_stack_ || e->symbol->builtin == BUILTIN_ustack_ ||
	       place_show(e->symbol->builtin) != SHOW_NUMBER;
}

void check_become_call(struct check *c, struct expr *e, enum builtin_id id)
{
	struct expr *inner = arena_memdup(c->arena, e, sizeof(*e));

	*e = (struct expr){ .kind = EXPR_CALL, .span = inner->span, .name_span = inner->span, .name = builtin_get(id)->name };
	e->symbol = resolve_builtin(c, id);
	*arena_vec_add(c->arena, &e->args) = inner;
}

const struct type *check_place_number(struct expr *e)
{
	if (e->kind == EXPR_NAME && type_is_place(e->type) && e->type->is_address)
		e->type = &type_u64;
	return e->type;
}

bool check_takes_place(enum builtin_id id, const struct type *t)
{
	return type_is_place(t) && place_show(id) != SHOW_NUMBER;
}

const struct type *check_place(struct check *c, struct expr *e)
{
	const struct type *proto = check_proto(c, e->symbol->builtin)->result;
	const struct type *of = e->args.len ? e->args.data[0]->type : NULL;
	struct type *t;

	/* a number that shows itself */
	if (of && of->kind != TYPE_STACK && proto->kind != TYPE_STACK)
		return c->dialect == DIALECT_D && e->symbol->builtin == BUILTIN_ksym ? type_shown("kfunc") : proto;
	t = arena_memdup(c->arena, of && of->kind == TYPE_STACK ? of : proto, sizeof(*t));
	t->count = 1;
	t->show = place_show(e->symbol->builtin);
	if (c->dialect == DIALECT_D && e->symbol->builtin == BUILTIN_usym)
		t->show = SHOW_UFUNC;
	if (c->dialect == DIALECT_D && e->symbol->builtin == BUILTIN_ksym)
		t->show = SHOW_KFUNC;
	if (!of)
		t->skip = 1;	/* ucaller, caller */
	t->is_address = !of && c->dialect == DIALECT_D;
	return t;
}
