// SPDX-License-Identifier: GPL-2.0-or-later
/* What names mean: every name gets its symbol, in place, once all clauses have been looked at (collect.c). */
#include "lang/checking.h"

#include <ctype.h>

/* ---- names */

const struct builtin *resolve_find_builtin(struct check *c, const char *name, bool called)
{
	static const struct builtin none;
	struct strmap *known = &c->builtins[called];
	const struct builtin *b = strmap_get(known, name);

	if (!b) {
		b = builtin_find(name, called, c->dialect);
		b = b ? b : &none;
		strmap_put(known, name, (void *)b);
	}
	return b == &none ? NULL : b;
}

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
	return s;
}

/* What C or the kernel calls so. */
static struct symbol *common_constant(struct check *c, const char *name)
{
	const struct type *t = &type_s64;
	int64_t value;

	if (constant_find(c, name, &value))
		return constant_symbol(c, name, value, value == (int)value ? &type_s32 : &type_s64);
	if (c->scope->constant && c->scope->constant(c->scope->data, NULL, name, &value, &t))
		return constant_symbol(c, name, value, t);
	return &c->wrong;
}

static struct symbol *find_constant(struct check *c, const char *name)
{
	struct symbol *s = strmap_get(&c->constants, name);
	bool is_declared = s && s->span.pos;
	const struct type *t;
	int64_t value;

	/* what a program calls so is known where it is probed only */
	if (!is_declared && c->clause && c->scope->constant && c->scope->constant(c->scope->data, c->clause, name, &value, &t))
		return constant_symbol(c, name, value, t);
	if (!s) {
		s = common_constant(c, name);
		strmap_put(&c->constants, name, s);
	}
	return s == &c->wrong ? NULL : s;
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
	enum { BPFTRACE, D, D_ONLY };
	static const struct {
		const char *name;
		bool called;
		int origin;
		const char *why, *instead;
	} refused[] = {
#define REFUSED(name, called, origin, instead) { name, called, origin, NULL, instead },
#define CANNOT(name, called, why) { name, called, D, why, NULL },
#include "lang/refused.def"
#undef REFUSED
#undef CANNOT
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (refused[i].called != called || strcmp(refused[i].name, e->name))
			continue;
		if (refused[i].origin == BPFTRACE && c->dialect == DIALECT_D)
			return false;
		if (refused[i].origin == BPFTRACE)
			check_error(c, e->name_span, ERR_NOT_OURS, "bpftrace's %s%s is not part of ply", e->name,
				    called ? "()" : "");
		else if (refused[i].origin == D_ONLY)
			check_error(c, e->name_span, ERR_NOT_OURS, "D's %s%s is known in D scripts only", e->name,
				    called ? "()" : "");
		else if (refused[i].why)
			check_error(c, e->name_span, ERR_NOT_OURS, "D's %s%s is not there: %s", e->name, called ? "()" : "", refused[i].why);
		else
			check_error(c, e->name_span, ERR_LATER, "D's %s%s is not supported yet", e->name,
				    called ? "()" : "");
		if (refused[i].instead)
			check_hint(c, "%s", refused[i].instead);
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

/* The name of a map or a clause's own variable, without its '@' or '$'. */
static const char *with_sigil(struct check *c, const char *name)
{
	const char *map = arena_printf(c->arena, "@%s", name), *local = arena_printf(c->arena, "$%s", name);

	if (find_local(c, local))
		return local;
	return strmap_get(&c->vars, map) ? map : NULL;
}

/* foo:a/b/ { }, where there is no foo: 'b' may be a part of the probe's name. */
static bool may_be_spec(const struct check *c, const struct expr *e)
{
	const struct clause *clause = c->clause;

	return clause && clause->spec_unknown && clause->predicate &&
	       e->span.pos == clause->specs_span.pos + clause->specs_span.len + 1;
}

static void name_unknown(struct check *c, struct expr *e)
{
	struct suggest s = { .name = e->name };
	const char *meant = with_sigil(c, e->name);

	resolve_wrong(c, e);
	if (is_refused(c, e, false) || may_be_spec(c, e))
		return;
	if (c->dialect == DIALECT_D && resolve_find_builtin(c, e->name, true)) {
		check_error(c, e->span, ERR_IDENT_BADREF, "%s is a function: %s(…)", e->name, e->name);
		return;
	}
	check_error(c, e->span, ERR_IDENT_UNDEF, "unknown name '%s'", e->name);
	if (meant) {
		check_hint(c, "did you mean '%s'?", meant);
		return;
	}
	if (!strcmp(e->name, "self") || !strcmp(e->name, "this")) {
		check_hint(c, "its variables are written %s->NAME", e->name);
		return;
	}
	if (!strncmp(e->name, "arg", 3) && e->name[3] && !e->name[3 + strspn(e->name + 3, "0123456789")]) {
		check_hint(c, "arg0 to arg9 are there; with debug information those behind have names, args.NAME");
		return;
	}
	if (resolve_find_builtin(c, e->name, true)) {
		check_hint(c, "%s is a function: %s(…)", e->name, e->name);
		return;
	}
	if (c->reported)
		suggest_names(c, &s);
	check_hint_near(c, &s);
}

static void set_var(struct expr *e, struct var *v)
{
	e->symbol = &v->sym;
}

/* The inline that gives an argument of the clause's probe, if that is one of D's own: "args0", "arg0", "when". NULL: none. */
static struct decl *alias_inline(struct check *c, const char *what)
{
	if (!c->clause || !c->clause->alias || c->raw_args)
		return NULL;
	return strmap_get(&c->inlines, arena_printf(c->arena, "__%s_%s", c->clause->alias, what));
}

/* e becomes what the inline says in terms of the arguments of the probe that it really is. */
static void replace_alias(struct check *c, struct expr *e, struct decl *d)
{
	c->raw_args++;
	replace_inline(c, e, d);
	c->raw_args--;
}

/* arg0 is args[0] as a number where D's probe does not give it otherwise. */
static bool replace_d_arg(struct check *c, struct expr *e)
{
	struct decl *d;

	if (strncmp(e->name, "arg", 3) || !isdigit((unsigned char)e->name[3]) || e->name[4])
		return false;
	d = alias_inline(c, e->name);
	if (!d)
		d = alias_inline(c, arena_printf(c->arena, "args%s", e->name + 3));
	if (d)
		replace_alias(c, e, d);
	return d;
}

static void resolve_dollar(struct check *c, struct expr *e)
{
	struct var *v = e->as_string ? NULL : find_local(c, resolve_printed_name(c, e));

	if (v)
		set_var(e, v);
	else
		replace_macro(c, e);
}

/* bpftrace's cpid is $target. */
static bool is_cpid(const struct check *c, struct expr *e)
{
	if (c->dialect == DIALECT_D || strcmp(e->name, "cpid"))
		return false;
	e->kind = EXPR_DOLLAR;
	e->name = "target";
	return true;
}

/* bpftrace's variable username is username(uid). */
static bool is_own_username(struct check *c, struct expr *e)
{
	struct expr *uid;

	if (c->dialect == DIALECT_D || strcmp(e->name, "username"))
		return false;
	uid = arena_memdup(c->arena, e, sizeof(*e));
	uid->name = "uid";
	e->kind = EXPR_CALL;
	*arena_vec_add(c->arena, &e->args) = uid;
	return true;
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
		replace_inline(c, e, inlined);
		return;
	}
	if (replace_d_arg(c, e))
		return;
	v = strmap_get(&c->vars, e->name);
	if (!v && is_cpid(c, e)) {
		resolve_dollar(c, e);
		return;
	}
	if (!v && is_own_username(c, e)) {
		resolve_expr(c, e);
		return;
	}
	b = resolve_find_builtin(c, e->name, false);
	if (v)
		set_var(e, v);
	else if (b)
		e->symbol = resolve_builtin(c, b->id);
	else if (!(e->symbol = find_constant(c, e->name)))
		name_unknown(c, e);
}

/* The 2016 form, in a place where @name may stand. */
static void dollar_to_map(struct check *c, struct expr *e, bool must_exist)
{
	const char *name;

	if (e->kind != EXPR_DOLLAR || e->as_string || isdigit((unsigned char)*e->name) || *e->name == '#' ||
	    find_local(c, resolve_printed_name(c, e)))
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

	resolve_wrong(c, e);
	check_error(c, e->span, ERR_IDENT_UNDEF, "%s%s is never assigned", prefix, e->name);
	if (!c->reported)
		return;
	vec_foreach(v, &c->all_vars)
		if (!strncmp((*v)->sym.name, prefix, n))
			suggest_add(&s, (*v)->sym.name + n);
	if (suggest_best(&s))
		check_hint(c, "did you mean '%s%s'?", prefix, suggest_best(&s));
}

static void resolve_member_var(struct check *c, struct expr *e)
{
	const char *name = resolve_printed_name(c, e);
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
	struct decl *d;

	if (!n || n->kind != EXPR_INT || n->value > 99) {
		check_error(c, e->span, n && n->kind == EXPR_INT ? ERR_ARG_UNDEF : ERR_ARGS_TYPE, "args[] takes one literal number");
		resolve_wrong(c, e);
		return;
	}
	if ((d = alias_inline(c, arena_printf(c->arena, "args%u", (unsigned)n->value)))) {
		e->args.len = 0;
		e->kind = EXPR_NAME;
		replace_alias(c, e, d);
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

/* The prelude's inline for a kernel variable; NULL: none. */
static struct decl *kernel_inline(struct check *c, const struct expr *e)
{
	const char *name = strrchr(e->text, '`');

	return strmap_get(&c->inlines, arena_printf(c->arena, "__bt_%s", name ? name + 1 : e->text));
}

/* `name is what lies at the symbol, a word. */
static void resolve_backtick(struct check *c, struct expr *e)
{
	struct decl *d = kernel_inline(c, e);
	const char *name = strrchr(e->text, '`');
	struct expr *address, *cast;

	if (d) {
		replace_inline(c, e, d);
		return;
	}
	name = name ? name + 1 : e->text;
	address = arena_new(c->arena, struct expr);
	*address = (struct expr){ .kind = EXPR_CALL, .name = "kaddr", .span = e->span, .name_span = e->span };
	*arena_vec_add(c->arena, &address->args) = arena_new(c->arena, struct expr);
	*address->args.data[0] = (struct expr){ .kind = EXPR_STRING, .text = name, .len = strlen(name), .span = e->span };
	cast = arena_new(c->arena, struct expr);
	*cast = (struct expr){ .kind = EXPR_CAST, .span = e->span, .name_span = e->span, .left = address };
	cast->type_name = arena_new(c->arena, struct type_name);
	cast->type_name->type = type_pointer(c->arena, &type_u64, false);
	*e = (struct expr){ .kind = EXPR_UNARY, .op = OP_DEREF, .span = e->span, .name_span = e->span, .left = cast };
	resolve_expr(c, cast);
}

static void resolve_index(struct check *c, struct expr *e)
{
	struct var *v;

	if (e->left->kind == EXPR_BACKTICK && kernel_inline(c, e->left) && kernel_inline(c, e->left)->params) {
		replace_inline(c, e, kernel_inline(c, e->left));
		return;
	}
	dollar_to_map(c, e->left, false);
	if (e->left->kind == EXPR_NAME && strmap_get(&c->inlines, e->left->name)) {
		replace_inline(c, e, strmap_get(&c->inlines, e->left->name));
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

static bool is_variable(struct check *c, const char *name)
{
	return resolve_find_builtin(c, name, false) || strmap_get(&c->vars, name) || strmap_get(&c->inlines, name);
}

static void function_unknown(struct check *c, struct expr *e)
{
	struct suggest s = { .name = e->name };

	resolve_wrong(c, e);
	if (is_refused(c, e, true))
		return;
	check_error(c, e->name_span, is_variable(c, e->name) ? ERR_FUNC_IDKIND : ERR_FUNC_UNDEF, "unknown function '%s'", e->name);
	if (resolve_find_builtin(c, e->name, false)) {
		check_hint(c, "%s is a variable, without ( )", e->name);
		return;
	}
	if (c->reported)
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

	if (kind == PARAM_WORD || ((b->id == BUILTIN_stack_ || b->id == BUILTIN_ustack_) && check_is_stack_form(arg->name)))
		word_to_string(arg);
	if (kind == PARAM_MAP || kind == PARAM_AGG || b->id == BUILTIN_print || b->id == BUILTIN_printa)
		dollar_to_map(c, arg, true);
	/* str($1) is the parameter's text */
	if ((b->id == BUILTIN_str || b->id == BUILTIN_stringof) && arg->kind == EXPR_DOLLAR &&
	    !find_local(c, resolve_printed_name(c, arg)))
		arg->as_string = true;
	resolve_expr(c, arg);
}

/* tracemem(p, n, m): m bytes, but at most n. */
static void limit_tracemem(struct check *c, struct expr *e)
{
	struct expr *most = e->args.data[1], *n = e->args.data[2], *less = arena_new(c->arena, struct expr);
	struct expr *choice = arena_new(c->arena, struct expr);

	*less = (struct expr){ .kind = EXPR_BINARY, .op = OP_LT, .span = n->span, .name_span = n->span, .left = n, .right = most };
	*choice = (struct expr){ .kind = EXPR_COND, .span = n->span, .name_span = n->span, .left = less, .right = most };
	*arena_vec_add(c->arena, &choice->args) = n;
	e->args.data[1] = choice;
	e->args.len = 2;
}

/* tracemem(p, n) is trace(buf(p, n)). */
static void tracemem_to_trace(struct check *c, struct expr *e)
{
	struct expr *buf = arena_memdup(c->arena, e, sizeof(*e));

	buf->name = "tracemem";
	if (buf->args.len > 2)
		limit_tracemem(c, buf);
	e->name = "trace";
	e->args.data = NULL;
	e->args.len = e->args.cap = 0;
	*arena_vec_add(c->arena, &e->args) = buf;
	buf->symbol = resolve_builtin(c, BUILTIN_buf);
	vec_foreach(arg, &buf->args)
		resolve_expr(c, *arg);
}

/* pid(curr_ns): the namespace that ply always counts in. */
static bool is_own_namespace(const struct expr *e)
{
	return e->args.len == 1 && e->args.data[0]->kind == EXPR_NAME && !strcmp(e->args.data[0]->name, "curr_ns") &&
	       (!strcmp(e->name, "pid") || !strcmp(e->name, "tid"));
}

/* bpftrace's len(kstack): a stack's frames. */
static void resolve_stack_len(struct check *c, struct expr *e)
{
	const struct expr *of = e->args.len == 1 ? e->args.data[0] : NULL;
	bool user;

	if (c->dialect == DIALECT_D || strcmp(e->name, "len") || !of || of->kind != EXPR_NAME)
		return;
	user = !strcmp(of->name, "ustack");
	if (!user && strcmp(of->name, "kstack") && strcmp(of->name, "stack"))
		return;
	e->kind = EXPR_NAME;
	e->name = user ? "ustackdepth" : "stackdepth";
	e->args.len = 0;
}

/* Spellings of ply 1: arg(0) is arg0, mem(p, "128s") is str(p, 128). */
static void resolve_ply1(struct check *c, struct expr *e)
{
	struct expr *arg = e->args.len ? e->args.data[e->args.len - 1] : NULL;
	char *end;

	if (c->dialect == DIALECT_D || !arg)
		return;
	if (!strcmp(e->name, "arg") && e->args.len == 1 && arg->kind == EXPR_INT && arg->value <= 9) {
		e->kind = EXPR_NAME;
		e->name = arena_printf(c->arena, "arg%u", (unsigned)arg->value);
		e->args.len = 0;
	} else if (!strcmp(e->name, "mem") && e->args.len == 2 && arg->kind == EXPR_STRING) {
		arg->value = strtoull(arg->text, &end, 10);
		if (end == arg->text || strcmp(end, "s"))
			return;
		arg->kind = EXPR_INT;
		e->name = "str";
	}
}

/* pid(), func(): the variable, unless a function of that name takes no arguments. */
static bool is_call_of_variable(struct check *c, const struct expr *e, const struct builtin *b)
{
	if (b)
		return !e->args.len && check_proto(c, b->id)->required;
	return !e->args.len || is_own_namespace(e);
}

/* A function that the prelude has as an inline: f(x) becomes __fn_f[x]. */
static bool is_prelude_function(struct check *c, struct expr *e)
{
	struct decl *d = strmap_get(&c->inlines, arena_printf(c->arena, "__fn_%s", e->name));

	if (!d)
		return false;
	e->kind = EXPR_INDEX;
	replace_inline(c, e, d);
	return true;
}

/* args by itself, not yet resolved. */
static bool is_args_name(struct check *c, const struct expr *e)
{
	const struct builtin *b = e->kind == EXPR_NAME ? resolve_find_builtin(c, e->name, false) : NULL;

	return b && b->id == BUILTIN_args && !strmap_get(&c->vars, e->name);
}

/* Words among them may be anything to the function that is meant: pid(init). */
static void resolve_unknown_args(struct check *c, struct expr *e)
{
	vec_foreach(arg, &e->args)
		if ((*arg)->kind == EXPR_NAME)
			resolve_wrong(c, *arg);
		else
			resolve_expr(c, *arg);
}

static void resolve_call(struct check *c, struct expr *e)
{
	const struct builtin *b, *var;

	resolve_ply1(c, e);
	resolve_stack_len(c, e);
	if (e->kind == EXPR_NAME) {
		resolve_name(c, e);
		return;
	}
	b = resolve_find_builtin(c, e->name, true);
	if (is_call_of_variable(c, e, b) && (var = resolve_find_builtin(c, e->name, false)) && var->id != BUILTIN_args) {
		/* bpftrace's newer spelling: pid() */
		if (c->dialect == DIALECT_D)
			check_error(c, e->name_span, ERR_FUNC_IDKIND, "%s is a variable, no function", e->name);
		e->kind = EXPR_NAME;
		e->args.len = 0;
		e->symbol = resolve_builtin(c, var->id);
		return;
	}
	if (!b && is_prelude_function(c, e))
		return;
	if (!b) {
		resolve_unknown_args(c, e);
		function_unknown(c, e);
		return;
	}
	if (b->id == BUILTIN_tracemem && e->args.len >= 2 && e->args.len <= 3) {
		tracemem_to_trace(c, e);
		b = builtin_get(BUILTIN_trace);
	}
	e->symbol = resolve_builtin(c, b->id);
	if (b->id == BUILTIN_has_key) {
		if (e->args.len)
			dollar_to_map(c, e->args.data[0], true);
		has_key_to_index(c, e);
	}
	if (b->id == BUILTIN_print && e->args.len == 1 && is_args_name(c, e->args.data[0]) && resolve_print_args(c, e))
		return;
	for (unsigned i = 0; i < e->args.len; i++)
		resolve_arg(c, b, i, e->args.data[i]);
	if (b->id == BUILTIN_print)
		resolve_print(c, e);
}

/* @x.clear() is clear(@x): e, an assignment, becomes the call. */
static void method_to_call(struct check *c, struct expr *e)
{
	const struct builtin *b = resolve_find_builtin(c, e->right->name, true);
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
	resolve_wrong(c, e);
	check_error(c, call->name_span, ERR_FUNC_UNDEF, "unknown aggregation '%s'", call->name);
	for (unsigned i = 0; i < BUILTIN_COUNT; i++)
		if (builtin_get(i)->kind == BK_AGG)
			suggest_add(&s, builtin_get(i)->name);
	check_hint_near(c, &s);
}

/* The left side of @x = count() may be the 2016 form. */
static void resolve_assign(struct check *c, struct expr *e)
{
	if (e->kind == EXPR_ASSIGN && e->is_method && !resolve_is_agg_call(c, e->right)) {
		method_to_call(c, e);
		return;
	}
	if (e->kind == EXPR_ASSIGN && e->op == OP_NONE && resolve_is_agg_call(c, e->right))
		dollar_to_map(c, e->left, false);
	resolve_expr(c, e->left);
	resolve_expr(c, e->right);
}

void resolve_expr(struct check *c, struct expr *e)
{
	/* what has a symbol has been resolved, with all that is in it */
	if (!e || e->symbol)
		return;
	switch (e->kind) {
	case EXPR_NAME:
		resolve_name(c, e);
		return;
	case EXPR_DOLLAR:
		resolve_dollar(c, e);
		return;
	case EXPR_BACKTICK:
		resolve_backtick(c, e);
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

/* @x[k] = nil of ply 1 is delete @x[k]. */
static void nil_to_delete(struct check *c, struct stmt *s)
{
	const struct expr *e = s->expr;

	if (s->kind != STMT_EXPR || e->kind != EXPR_ASSIGN || e->op != OP_NONE || e->right->kind != EXPR_NAME ||
	    strcmp(e->right->name, "nil") || strmap_get(&c->vars, "nil"))
		return;
	s->kind = STMT_DELETE;
	s->expr = e->left;
}

static void resolve_stmt(struct check *c, struct stmt *s)
{
	nil_to_delete(c, s);
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
		s->symbol = &find_local(c, resolve_printed_name(c, s->var))->sym;
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

/* The condition under which the probe is D's goes before the clause's own. */
static void add_condition(struct check *c, struct clause *clause)
{
	struct decl *d = alias_inline(c, "when");
	struct expr *name, *both;

	if (!d)
		return;
	name = arena_new(c->arena, struct expr);
	*name = (struct expr){ .kind = EXPR_NAME, .name = d->name, .span = clause->specs_span, .name_span = clause->specs_span };
	replace_alias(c, name, d);
	both = arena_new(c->arena, struct expr);
	*both = (struct expr){
		.kind = EXPR_LOGICAL, .op = OP_LAND, .span = clause->specs_span, .name_span = clause->specs_span, .left = name,
		.right = clause->predicate,
	};
	clause->predicate = clause->predicate ? both : name;
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
	add_condition(c, clause);
	resolve_stmts(c, clause->body);
	strmap_deinit(&c->clause_locals);
	c->clause_locals = (struct strmap){ 0 };
}
