// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls: one function checks the arguments of all builtins against their prototypes; some results need a closer look. */
#include "lang/checking.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

enum { LOWEST_BASE = 2, HIGHEST_BASE = 36, ARGTEXT_MAX = 81, MAC_SIZE = 6 };

const struct proto *check_proto(struct check *c, enum builtin_id id)
{
	if (!c->proto_known[id]) {
		c->protos[id] = builtin_proto(c->arena, builtin_get(id));
		c->proto_known[id] = true;
	}
	return &c->protos[id];
}

/* ---- arguments */

static const char *ordinal(unsigned n)
{
	static const char *const names[] = { "first", "second", "third", "fourth", "fifth", "sixth", "seventh" };

	return n < sizeof(names) / sizeof(names[0]) ? names[n] : "last";
}

/* "the second argument of lquantize()" */
static const char *which(struct check *c, const struct expr *call, unsigned n)
{
	if (call->args.len == 1)
		return arena_printf(c->arena, "the argument of %s()", call->name);
	return arena_printf(c->arena, "the %s argument of %s()", ordinal(n), call->name);
}

static void wrong_argument(struct check *c, const struct expr *call, unsigned n, const char *want)
{
	struct expr *arg = call->args.data[n];

	check_error(c, arg->span, ERR_ARG_TYPE, "%s must be %s, not %s", which(c, call, n), want,
		    check_type_words(c, arg->type));
	arg->type = &type_error;
}

static bool is_literal(const struct expr *e)
{
	return e->is_const && e->type && e->type->kind == TYPE_STRING;
}

/* strtok(0, …) goes on with the string before. */
static bool goes_on(const struct expr *call, unsigned n)
{
	const struct expr *arg = call->args.data[n];

	return call->symbol->builtin == BUILTIN_strtok && n == 0 && arg->is_const && type_is_int(arg->type) && !arg->value;
}

static void check_str(struct check *c, const struct expr *call, unsigned n)
{
	struct expr *arg = call->args.data[n];
	const struct type *t = check_value(c, arg);

	infer_want(c, t, &type_string, arg->span);
	if (type_is_open(t) || t->kind == TYPE_STRING || goes_on(call, n))
		return;
	wrong_argument(c, call, n, "a string");
	if (t->kind == TYPE_POINTER)
		check_hint(c, "str(%s) reads the string", check_text(c, arg));
	else if (type_shows_text(t))
		check_hint(c, "%s is a number until it is printed", check_text(c, arg));
	else if (type_is_int(t))
		check_hint(c, "lltostr(%s) writes a number as a string", check_text(c, arg));
}

static void check_address_arg(struct check *c, const struct expr *call, unsigned n, bool or_memory)
{
	struct expr *arg = call->args.data[n];
	const struct type *t = check_value(c, arg);

	infer_want(c, t, &type_u64, arg->span);
	if (type_is_open(t) || type_is_scalar(t) || check_takes_place(call->symbol->builtin, t))
		return;
	if (call->symbol->builtin == BUILTIN_uaddr && is_literal(arg))
		return;
	if (or_memory && (t->kind == TYPE_STRING || t->kind == TYPE_ARRAY || t->kind == TYPE_BUF))
		return;
	wrong_argument(c, call, n, "an address");
}

static void check_literal(struct check *c, const struct expr *call, unsigned n, const char *want)
{
	struct expr *arg = call->args.data[n];
	const struct type *t = check_value(c, arg);

	if (type_is_wrong(t) || is_literal(arg))
		return;
	check_error(c, arg->span, ERR_CONST, "%s must be %s", which(c, call, n), want);
	arg->type = &type_error;
}

/* A map of aggregations or numbers. */
static void check_numbers(struct check *c, const struct expr *call, struct expr *arg)
{
	struct var *v = check_whole(c, arg, arena_printf(c->arena, "%s()", call->name));
	const struct type *t = v ? v->value->now : &type_error;

	if (!type_is_open(t) && t->kind != TYPE_AGG && !type_is_int(t))
		check_error(c, arg->span, ERR_ARG_TYPE, "%s() works on numbers, but %s holds %s", call->name, v->sym.name,
			    check_type_words(c, t));
}

static void check_argument_as(struct check *c, struct expr *call, enum param_kind kind, unsigned n)
{
	struct expr *arg = call->args.data[n];
	int64_t value;

	switch (kind) {
	case PARAM_INT:
		check_number(c, arg, which(c, call, n));
		break;
	case PARAM_CONST:
		if (!check_constant(c, arg, which(c, call, n), &value))
			arg->type = &type_error;
		break;
	case PARAM_PTR:
		check_address_arg(c, call, n, false);
		break;
	case PARAM_MEM:
		check_address_arg(c, call, n, true);
		break;
	case PARAM_STR:
		check_str(c, call, n);
		break;
	case PARAM_LIT:
		check_literal(c, call, n, "a literal string");
		break;
	case PARAM_WORD:
		check_literal(c, call, n, "a word");
		break;
	case PARAM_ANY:
		if (c->dialect == DIALECT_D && call->symbol->builtin == BUILTIN_trace && check_var_of(arg) &&
		    check_var_of(arg)->sym.kind == SYM_MAP)
			arg->type = check_error(c, arg->span, ERR_TRACE_AGG, "trace() takes a value, not an aggregation");
		else
			check_value(c, arg);
		break;
	case PARAM_MAP:
		check_whole(c, arg, arena_printf(c->arena, "%s()", call->name));
		break;
	case PARAM_AGG:
		check_numbers(c, call, arg);
		break;
	case PARAM_TYPE:
		arg->type = arg->kind == EXPR_TYPE ? decl_type(c, arg->type_name) : check_any(c, arg);
		break;
	case PARAM_FMT:
	case PARAM_REST:
		break;
	}
}

/* What is said of an argument says of which. */
static void check_argument(struct check *c, struct expr *call, enum param_kind kind, unsigned n)
{
	const struct expr *outer = c->call;
	int outer_arg = c->call_arg;
	struct span outer_at = c->call_at;

	c->call = call;
	c->call_arg = (int)n;
	c->call_at = call->args.data[n]->span;
	check_argument_as(c, call, kind, n);
	c->call = outer;
	c->call_arg = outer_arg;
	c->call_at = outer_at;
}

/* ---- results */

static const struct type *capped(struct check *c, unsigned capacity)
{
	return capacity && capacity < c->strsize ? type_string_of(c->arena, capacity) : &type_string;
}

/* Capacity of a string argument, 0: strsize. */
static unsigned capacity(const struct expr *arg)
{
	return arg->type->kind == TYPE_STRING ? arg->type->size : 0;
}

/* dtrace(1) cuts in silence. */
static void warn_of_cut(struct check *c, const struct expr *n)
{
	if (n->value < c->strsize || c->dialect == DIALECT_D)
		return;
	diag_warning(c->diag, n->span, error_tag(ERR_RANGE), "strings have at most %u bytes (strsize), so that what is longer is cut",
		     c->strsize - 1);
	if (n->value < CHECK_STRSIZE_MAX)
		diag_hint(c->diag, "-x strsize=%lld makes room for %lld", (long long)n->value + 1, (long long)n->value);
}

/* str(x, n): n bytes at most, if n is known. */
static const struct type *str_type(struct check *c, struct expr *e)
{
	struct expr *from = e->args.data[0], *n = e->args.len > 1 ? e->args.data[1] : NULL;
	unsigned limit = 0;

	if (n && n->is_const && type_is_scalar(n->type)) {
		if ((int64_t)n->value <= 0)
			return check_error(c, n->span, ERR_RANGE, "the length of a string must be above 0, not %lld",
					   (long long)n->value);
		warn_of_cut(c, n);
		limit = n->value < c->strsize ? (unsigned)n->value + 1 : 0;
	}
	if (from->is_const && from->type->kind == TYPE_STRING && !n) {
		fold_to_string(c, e, from->text, from->len);
		return e->type;
	}
	if (from->type->kind == TYPE_STRING && from->type->size && (!limit || from->type->size < limit))
		limit = from->type->size;
	return capped(c, limit);
}

/* The whole has more room than one string. */
static const struct type *joinstr_type(struct check *c, const struct expr *e)
{
	enum { MAX_BETWEEN = 8 };
	const struct expr *between = e->args.len > 1 ? e->args.data[1] : NULL;

	if (between && between->len > MAX_BETWEEN)
		return check_error(c, between->span, ERR_RANGE, "what stands between the strings has at most %d characters", MAX_BETWEEN);
	return type_string_of(c->arena, 4 * c->strsize < CHECK_STRSIZE_MAX ? 4 * c->strsize : CHECK_STRSIZE_MAX);
}

static const struct type *strjoin_type(struct check *c, const struct expr *e)
{
	unsigned a = capacity(e->args.data[0]), b = capacity(e->args.data[1]);

	return a && b ? capped(c, a + b - 1) : &type_string;
}

/* A part of the first argument. */
static const struct type *part_type(struct check *c, const struct expr *e, unsigned at_least)
{
	unsigned n = capacity(e->args.data[0]);

	return capped(c, n && n < at_least ? at_least : n);
}

static const struct type *buf_type(struct check *c, const struct expr *e)
{
	const struct type *t = e->args.data[0]->type;
	struct type *shown;
	unsigned size = t->kind == TYPE_ARRAY || t->kind == TYPE_BUF || t->kind == TYPE_STRING ? t->size : 0;
	const struct expr *length = e->args.len > 1 ? e->args.data[1] : NULL;
	int64_t n = length && length->is_const ? (int64_t)length->value : 0;
	bool is_tracemem = !strcmp(e->name, "tracemem");
	unsigned most = is_tracemem ? CHECK_STRSIZE_MAX : c->strsize;

	if (is_tracemem && length->kind != EXPR_COND && (!length->is_const || n <= 0))
		return check_error(c, length->span, ERR_TRACEMEM_SIZE, "the size of tracemem() must be a constant above 0");

	if (length && !length->is_const && (!size || size > c->strsize))
		size = c->strsize;
	if (length && length->is_const && (n <= 0 || n > most))
		return check_error(c, e->args.data[1]->span, ERR_RANGE, "a buffer can have 1 to %u bytes (strsize), not %lld",
				   most, (long long)n);
	if (n && (!size || n < size))
		size = (unsigned)n;
	if (!is_tracemem)
		return type_buf(c->arena, size);
	t = shown = arena_memdup(c->arena, type_buf(c->arena, size), sizeof(*shown));
	shown->show = SHOW_RAW;
	return t;
}

static const struct type *strftime_type(struct check *c, const struct expr *e)
{
	struct type *t = arena_memdup(c->arena, check_proto(c, e->symbol->builtin)->result, sizeof(*t));

	t->format = e->args.data[0]->text;
	return t;
}

/* An address that shows itself: a number is an IPv4 one; the bytes of an array or a pointer are of either kind. */
static const struct type *inet_type(struct check *c, const struct expr *e)
{
	const struct expr *address = e->args.data[e->args.len - 1];
	const struct type *t = address->type;
	const struct expr *family = e->args.len > 1 ? e->args.data[0] : NULL;
	struct type *buf;

	if (t->kind == TYPE_STRING || t->kind == TYPE_TUPLE || t->kind == TYPE_STACK) {
		check_error(c, address->span, ERR_ARG_TYPE, "%s() takes an address, not %s", e->name,
			    check_type_words(c, t));
		return &type_error;
	}
	if (t->kind == TYPE_ARRAY && t->size != 4 && t->size != 16)
		return check_error(c, address->span, ERR_ARG_TYPE, "an address has 4 or 16 bytes, not %u", t->size);
	if (e->symbol->builtin == BUILTIN_ntop && type_is_int(t) &&
	    (!family || (family->is_const && family->value == AF_INET)))
		return type_shown("inet");
	buf = arena_memdup(c->arena, type_buf(c->arena, 1 + 16), sizeof(*buf));
	buf->show = SHOW_INET;
	return buf;
}

static const struct type *mac_type(struct check *c, const struct expr *e)
{
	const struct type *t = e->args.data[0]->type;
	struct type *buf;

	if (t->kind == TYPE_STRING || (t->kind == TYPE_ARRAY && t->size != MAC_SIZE))
		return check_error(c, e->args.data[0]->span, ERR_ARG_TYPE, "%s() takes the %d bytes of an address, not %s", e->name,
				   MAC_SIZE, check_type_words(c, t));
	buf = arena_memdup(c->arena, type_buf(c->arena, MAC_SIZE), sizeof(*buf));
	buf->show = SHOW_MAC;
	return buf;
}

static const struct type *lltostr_type(struct check *c, const struct expr *e)
{
	const struct expr *base = e->args.len > 1 ? e->args.data[1] : NULL;

	if (base && (base->value < LOWEST_BASE || base->value > HIGHEST_BASE))
		return check_error(c, base->span, ERR_RANGE, "a base must be %d to %d, not %lld", LOWEST_BASE, HIGHEST_BASE,
				   (long long)base->value);
	/* 64 digits; up to 20 and a sign; prefixes 0x and 0 */
	return capped(c, base && base->value < 8 ? 66 : 24);
}

static const struct type *kaddr_type(struct check *c, struct expr *e, const struct type *t)
{
	const struct expr *name = e->args.data[0];
	uint64_t address;

	errno = 0;
	if (!c->scope->symbol || !c->scope->symbol(c->scope->data, NULL, name->text, &address)) {
		if (errno == EPERM) {
			check_error(c, name->span, ERR_IDENT_UNDEF, "the address of '%s' is hidden", name->text);
			check_hint(c, "set /proc/sys/kernel/kptr_restrict to 0 or 1, and run as root");
		} else {
			check_lacks(c, name->span, ERR_IDENT_UNDEF, "unknown kernel symbol '%s'", name->text);
			check_hint(c, "a kernel names its variables only if it is built with CONFIG_KALLSYMS_ALL");
		}
		return &type_error;
	}
	fold_to_int(e, address);
	return t;
}

/* uaddr("name"): a pointer to what the program calls so; the address is its own in the file. */
static const struct type *uaddr_type(struct check *c, struct expr *e)
{
	const struct expr *name = e->args.data[0];
	struct suggest near = { .name = name->text };
	const char *why = "uaddr() of a name needs a clause of a uprobe or usdt probe";
	const struct type *of;

	if (!is_literal(name))
		return check_place(c, e);
	if (!c->clause || !c->scope->user_symbol ||
	    !c->scope->user_symbol(c->scope->data, c->clause, name->text, &e->value, &of, &near, &why)) {
		check_error(c, name->span, ERR_IDENT_UNDEF, "%s", why);
		check_hint_near(c, &near);
		return &type_error;
	}
	return type_pointer(c->arena, of, true);
}

static const struct type *cgroup_type(struct check *c, struct expr *e, const struct type *t)
{
	const struct expr *path = e->args.data[0];
	const char *why = "this is not known here";
	uint64_t id = c->scope->cgroup ? c->scope->cgroup(c->scope->data, path->text, &why) : 0;

	if (!id)
		return check_error(c, path->span, ERR_CGROUP, "there is no cgroup '%s': %s", path->text, why);
	fold_to_int(e, id);
	return t;
}

static const struct type *strncmp_type(struct check *c, const struct expr *e, const struct type *t)
{
	const struct expr *n = e->args.data[2];

	if ((int64_t)n->value >= 0)
		return t;
	return check_error(c, n->span, ERR_RANGE, "the number of characters must not be below 0, as %lld is", (long long)n->value);
}

static const struct type *clock_type(struct check *c, const struct expr *e, const struct type *t)
{
	const struct expr *clock = e->args.len ? e->args.data[0] : NULL;

	if (!clock || !strcmp(clock->text, "monotonic") || !strcmp(clock->text, "boot") || !strcmp(clock->text, "tai") ||
	    !strcmp(clock->text, "sw_tai"))
		return t;
	check_error(c, clock->span, ERR_ARG_TYPE, "%s() knows the clocks monotonic, boot and tai, not '%s'", e->name, clock->text);
	if (!strcmp(clock->text, "realtime"))
		check_hint(c, "walltimestamp is the time of day");
	return &type_error;
}

/* Decided here, so that of ?: only the branch that suits the kernel is looked at. */
static const struct type *has_member_type(struct check *c, struct expr *e, const struct type *t)
{
	const struct type *of = decl_complete(c, e->args.data[0]->type);

	if (is_literal(e->args.data[0])) {
		wrong_argument(c, e, 0, "a type");
		check_hint(c, "types are not quoted: has_member(%s, …)", e->args.data[0]->text);
		return &type_error;
	}
	fold_to_int(e, of->members && decl_member(c, of, e->args.data[1]->text));
	return t;
}

/* Kernels may leave variables out of their table of symbols. */
static const struct type *has_symbol_type(struct check *c, struct expr *e, const struct type *t)
{
	uint64_t address;

	fold_to_int(e, c->scope->symbol && c->scope->symbol(c->scope->data, NULL, e->args.data[0]->text, &address));
	return t;
}

/* uptr, kptr: the same pointer into the other memory. */
static const struct type *pointer_type(struct check *c, const struct expr *e)
{
	const struct type *t = e->args.data[0]->type;
	const struct type *target = t->kind == TYPE_POINTER ? t->target : &type_void;

	return type_pointer(c->arena, target, e->symbol->builtin == BUILTIN_uptr);
}

static const struct type *bswap_type(struct check *c, const struct expr *e)
{
	const struct type *t = e->args.data[0]->type;

	return infer_int(c, type_is_int(t) ? t->size : 8, false, SHOW_NUMBER, false);
}

bool check_has_wrong(const struct expr *e)
{
	vec_foreach(arg, &e->args)
		if ((*arg)->type && type_is_wrong((*arg)->type))
			return true;
	return false;
}

/* A program's registers lead into its memory. */
static const struct type *reg_type(struct check *c, const struct type *t)
{
	const struct type *of_probe = NULL;
	const char *why;

	if (c->clause && c->scope->builtin)
		of_probe = c->scope->builtin(c->scope->data, c->clause, "reg", &why);
	return of_probe && !type_is_wrong(of_probe) ? of_probe : t;
}

static const struct type *result_type(struct check *c, struct expr *e)
{
	const struct type *t = check_proto(c, e->symbol->builtin)->result;

	e->is_const = false;
	if (check_has_wrong(e))
		return t->kind == TYPE_VOID ? t : &type_error;
	switch (e->symbol->builtin) {
	case BUILTIN_str:
	case BUILTIN_copyinstr:
	case BUILTIN_stringof:
		return str_type(c, e);
	case BUILTIN_joinstr:
		return joinstr_type(c, e);
	case BUILTIN_strjoin:
		return strjoin_type(c, e);
	case BUILTIN_dirname:
	case BUILTIN_basename:
	case BUILTIN_cleanpath:
		return part_type(c, e, 2);
	case BUILTIN_strstr:
	case BUILTIN_strchr:
	case BUILTIN_strrchr:
	case BUILTIN_substr:
	case BUILTIN_strtok:
		return part_type(c, e, 1);
	case BUILTIN_toupper:
	case BUILTIN_tolower:
		return part_type(c, e, 1);
	case BUILTIN_argtext:
		return capped(c, ARGTEXT_MAX);
	case BUILTIN_has_symbol:
		return has_symbol_type(c, e, t);
	case BUILTIN_has_member:
		return has_member_type(c, e, t);
	case BUILTIN_lltostr:
		return lltostr_type(c, e);
	case BUILTIN_reg:
		return reg_type(c, t);
	case BUILTIN_buf:
		return buf_type(c, e);
	case BUILTIN_strftime:
		return strftime_type(c, e);
	case BUILTIN_ntop:
	case BUILTIN_inet_ntop:
	case BUILTIN_inet_ntoa:
	case BUILTIN_inet_ntoa6:
		return inet_type(c, e);
	case BUILTIN_macaddr:
		return mac_type(c, e);
	case BUILTIN_uaddr:
		return uaddr_type(c, e);
	case BUILTIN_kaddr:
		return kaddr_type(c, e, t);
	case BUILTIN_cgroupid:
		return cgroup_type(c, e, t);
	case BUILTIN_timestamp_:
		return clock_type(c, e, t);
	case BUILTIN_strncmp:
		return strncmp_type(c, e, t);
	case BUILTIN_bswap:
		return bswap_type(c, e);
	case BUILTIN_stack_:
	case BUILTIN_ustack_:
		return check_stack(c, e);
	case BUILTIN_usym:
	case BUILTIN_ufunc:
	case BUILTIN_umod:
	case BUILTIN_ksym:
	case BUILTIN_func_:
	case BUILTIN_mod:
		return check_place(c, e);
	case BUILTIN_uptr:
	case BUILTIN_kptr:
		return pointer_type(c, e);
	default:
		return t;
	}
}

/* ---- the call */

static void count_error(struct check *c, const struct expr *e, const struct proto *p)
{
	const char *want;

	if (p->rest)
		want = arena_printf(c->arena, "at least %u argument%s", p->required, p->required == 1 ? "" : "s");
	else if (!p->nparams)
		want = "no argument";
	else if (!p->required && p->nparams == 1)
		want = "at most 1 argument";
	else if (p->required == p->nparams)
		want = arena_printf(c->arena, "%u argument%s", p->nparams, p->nparams == 1 ? "" : "s");
	else
		want = arena_printf(c->arena, "%u %s %u arguments", p->required,
				    p->nparams == p->required + 1 ? "or" : "to", p->nparams);
	c->call = e;
	c->call_arg = -1;
	c->call_at = e->span;
	check_error(c, e->span, ERR_ARG_COUNT, "%s() takes %s, not %u", e->name, want, e->args.len);
	c->call = NULL;
}

/* D's exit() and stacks are stricter. */
static bool is_count_right(const struct check *c, const struct expr *e, const struct proto *p)
{
	unsigned n = e->args.len;

	if (c->dialect == DIALECT_D && e->symbol->builtin == BUILTIN_exit)
		return n == 1;
	if (c->dialect == DIALECT_D && e->symbol->builtin == BUILTIN_stack_ && n > 1)
		return false;
	return n >= p->required && (p->rest || n <= p->nparams);
}

/* The parameter that the first argument is for: an optional first one may be left out. */
static unsigned first_param(const struct expr *e, const struct proto *p)
{
	if (!p->nparams || !p->optional[0] || p->required == 0)
		return 0;
	if (p->params[0] == PARAM_FMT)
		return e->args.data[0]->kind == EXPR_STRING ? 0 : 1;
	return e->args.len < p->nparams ? 1 : 0;
}

/* False after a report about the call as a whole. */
bool check_arguments(struct check *c, struct expr *e)
{
	const struct proto *p = check_proto(c, e->symbol->builtin);
	unsigned skip;

	if (!is_count_right(c, e, p)) {
		/* what can be checked without knowing what it is for */
		vec_foreach(arg, &e->args)
			if (!check_var_of(*arg) && (*arg)->kind != EXPR_TYPE)
				check_any(c, *arg);
		count_error(c, e, p);
		return false;
	}
	skip = e->args.len ? first_param(e, p) : 0;
	for (unsigned i = 0; i < e->args.len && i + skip < p->nparams; i++)
		check_argument(c, e, p->params[i + skip], i);
	return true;
}

/* signal("KILL") and signal("SIGKILL") are signal(9). */
static void check_signal(struct check *c, struct expr *e)
{
	struct expr *arg = e->args.data[0];
	const char *name;
	int64_t value;

	if (type_is_open(arg->type) || type_is_scalar(arg->type))
		return;
	if (!is_literal(arg)) {
		wrong_argument(c, e, 0, "a signal");
		return;
	}
	name = strncmp(arg->text, "SIG", 3) ? arena_printf(c->arena, "SIG%s", arg->text) : arg->text;
	if (!constant_find(c, name, &value)) {
		check_error(c, arg->span, ERR_ARG_TYPE, "unknown signal '%s'", arg->text);
		return;
	}
	if (c->stage != STAGE_REPORT)
		return;
	arg->kind = EXPR_INT;
	fold_to_int(arg, (uint64_t)value);
	arg->type = &type_s64;
}

static bool is_usable(struct check *c, struct expr *e, const struct builtin *b)
{
	if (b->flags & BF_LATER) {
		check_error(c, e->name_span, ERR_LATER, "%s() is not supported yet", e->name);
		return false;
	}
	c->script->is_destructive |= (b->flags & BF_DESTRUCTIVE) != 0;
	if (b->flags & BF_DESTRUCTIVE && !c->destructive && !dialect_has(c->dialect, DIALECT_LATE_DESTRUCTIVE)) {
		check_error(c, e->name_span, ERR_DESTRUCTIVE, "%s() changes the system and needs -w", e->name);
		return false;
	}
	return true;
}

/* has_key(@m[k]) */
static void check_has_key(struct check *c, struct expr *e)
{
	struct expr *index = e->args.len == 1 ? e->args.data[0] : NULL;
	struct var *v = index ? check_var_of(index) : NULL;

	if (!v || index->kind != EXPR_INDEX) {
		check_error(c, e->span, ERR_ARG_COUNT, "has_key() takes a map and a key: has_key(@x, k)");
		return;
	}
	check_keys(c, v, index);
	index->type = infer_type(c, v->value);
	index->left->type = index->type;
	v->sym.is_read |= c->stage == STAGE_REPORT;
}

/* path(p->f_path), as bpftrace has it, is path(&p->f_path). */
static void path_to_address(struct check *c, struct expr *arg)
{
	const struct type *t = check_any(c, arg);
	struct expr *whole;

	if (t->kind != TYPE_STRUCT || (arg->kind != EXPR_MEMBER && arg->kind != EXPR_ARROW))
		return;
	whole = arena_memdup(c->arena, arg, sizeof(*arg));
	*arg = (struct expr){ .kind = EXPR_UNARY, .op = OP_ADDR, .span = whole->span, .name_span = whole->span, .left = whole };
}

const struct type *check_call(struct check *c, struct expr *e)
{
	const struct builtin *b = builtin_get(e->symbol->builtin);

	if (b->kind == BK_AGG) {
		check_error(c, e->span, ERR_AGG_PLACE, "%s() must be assigned to a map", e->name);
		check_hint(c, "@ = %s", check_text(c, e));
		return &type_error;
	}
	if (!is_usable(c, e, b))
		return &type_error;
	if (b->id == BUILTIN_has_key) {
		check_has_key(c, e);
		return check_proto(c, b->id)->result;
	}
	if (b->id == BUILTIN_print) {
		check_print(c, e);
		return &type_void;
	}
	if (b->id == BUILTIN_path && e->args.len == 1)
		path_to_address(c, e->args.data[0]);
	if (!check_arguments(c, e))
		return b->kind == BK_ACTION ? &type_void : &type_error;
	if (b->id == BUILTIN_signal)
		check_signal(c, e);
	if (b->id == BUILTIN_is_address && !is_literal(e->args.data[1]) && !check_is_address(e->args.data[1]->type) &&
	    !type_is_open(e->args.data[1]->type))
		wrong_argument(c, e, 1, "an address");
	check_output(c, e);
	e->type = result_type(c, e);
	if (e->kind == EXPR_CALL)
		fold_call(c, e);
	return e->type;
}
