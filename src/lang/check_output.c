// SPDX-License-Identifier: GPL-2.0-or-later
/* Actions that send something to user space: formats against arguments, print, printa, and what lowering needs. */
#include "lang/checking.h"

/* ---- places in a literal */

/* Moves over one character of a literal as it is written, or over the quotes between two literals. */
static const char *skip_written(const char *p, const char *end)
{
	if (*p != '\\' || p + 1 >= end)
		return p + 1;
	p++;
	if (*p == 'x') {
		for (p++; p < end && strspn(p, "0123456789abcdefABCDEF"); p++)
			;
		return p;
	}
	if (*p >= '0' && *p <= '7') {
		for (unsigned n = 0; n < 3 && p < end && *p >= '0' && *p <= '7'; n++)
			p++;
		return p;
	}
	return p + 1;
}

/* From a closing quote to behind the next opening one. */
static const char *next_literal(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		;
	return p < end ? p + 1 : end;
}

/* The place of bytes [offset, offset + len) of a literal's text in the source; all of it if it was not written as one. */
static struct span span_in_literal(struct check *c, const struct expr *e, size_t offset, size_t len)
{
	const char *begin = source_text(c->script->sources, e->span), *p, *end, *from = NULL;
	size_t n = 0;

	if (e->kind != EXPR_STRING || !begin || *begin != '"')
		return e->span;
	end = begin + e->span.len;
	for (p = begin + 1; p < end && n < offset + len; n++) {
		while (p < end && *p == '"')
			p = next_literal(p, end);
		if (n == offset)
			from = p;
		p = skip_written(p, end);
	}
	if (!from || p > end || n < offset + len)
		return e->span;
	return (struct span){ e->span.pos + (uint32_t)(from - begin), (uint32_t)(p - from) };
}

/* ---- formats */

static const struct type *wanted_type(const struct format_piece *p)
{
	return p->class == FORMAT_TEXT || p->class == FORMAT_BYTES ? &type_string : &type_s64;
}

static const char *piece_text(struct check *c, const struct format_piece *p)
{
	return arena_strndup(c->arena, p->text, p->len);
}

static void hint_conversion(struct check *c, const struct format_piece *p, const struct expr *arg)
{
	const struct type *t = arg->type;

	if (p->class == FORMAT_TEXT && arg->kind == EXPR_INT && arg->name)
		check_hint(c, "str($%s) is the parameter as a string", arg->name);
	else if (p->class == FORMAT_TEXT && t->kind == TYPE_POINTER)
		check_hint(c, "str(%s) reads the string", check_text(c, arg));
	else if ((p->class == FORMAT_TEXT || p->class == FORMAT_FLOATING) && type_is_scalar(t))
		check_hint(c, "%%d prints a number");
	else if (p->class == FORMAT_INTEGER && type_is_floating(t))
		check_hint(c, "%%g prints a floating-point number");
	else if (p->class == FORMAT_INTEGER && type_shows_text(t))
		check_hint(c, "%%s prints %s", check_type_words(c, t));
	else if (t->kind == TYPE_STACK)
		check_hint(c, "%%k prints a stack");
	else if (t->kind == TYPE_TUPLE || t->kind == TYPE_STRUCT || t->kind == TYPE_UNION)
		check_hint(c, "%%v prints any value");
}

/* An address of user code means something in its process only, so it is handed on as a place. */
static void address_to_place(struct check *c, const struct format_piece *p, struct expr *arg)
{
	if (p->class != FORMAT_UADDR || c->stage != STAGE_REPORT || !arg->type || !type_is_scalar(arg->type))
		return;
	check_become_call(c, arg, BUILTIN_uaddr);
	arg->type = check_place(c, arg);
}

/* %hd and %hhd cut the number to their size. */
static void cut_number(struct check *c, const struct format_piece *p, struct expr *arg)
{
	bool is_signed = p->conv == 'd' || p->conv == 'i';
	struct expr *whole;

	if (!p->bytes || p->class != FORMAT_INTEGER || c->dialect == DIALECT_D || c->stage != STAGE_REPORT || !type_is_int(arg->type))
		return;
	whole = arena_memdup(c->arena, arg, sizeof(*arg));
	*arg = (struct expr){ .kind = EXPR_CAST, .span = arg->span, .name_span = arg->name_span, .left = whole };
	arg->type = type_int(c->arena, p->bytes, is_signed, SHOW_NUMBER);
	fold_expr(c, arg);
}

static void check_conversion(struct check *c, const struct expr *call, const struct format_piece *p, struct expr *arg)
{
	const struct type *t = check_value(c, arg);

	infer_want(c, t, wanted_type(p), arg->span);
	if (c->dialect == DIALECT_D && check_var_of(arg) && check_var_of(arg)->sym.kind == SYM_MAP) {
		check_error(c, arg->span, ERR_PRINTF_TYPE, "%s of %s() takes %s, not an aggregation", piece_text(c, p), call->name, format_wants(p));
		check_hint(c, "printa() prints aggregations");
		return;
	}
	if (type_is_open(t) || format_takes(p, t)) {
		address_to_place(c, p, arg);
		cut_number(c, p, arg);
		return;
	}
	check_error(c, arg->span, ERR_PRINTF_TYPE, "%s of %s() takes %s, not %s", piece_text(c, p), call->name,
		    format_wants(p), check_type_words(c, t));
	hint_conversion(c, p, arg);
}

static void check_star(struct check *c, const struct format_piece *p, struct expr *arg, const char *what)
{
	const struct type *t = check_value(c, arg);

	infer_want(c, t, &type_s64, arg->span);
	if (!type_is_open(t) && !type_is_int(t))
		check_error(c, arg->span, ERR_PRINTF_DYN_TYPE, "the %s of %s must be a number, not %s", what, piece_text(c, p),
			    check_type_words(c, t));
}

/* The format, parsed, or NULL after a report. */
static const struct format *parse_format(struct check *c, struct expr *call, struct expr *literal)
{
	struct format *f = arena_new(c->arena, struct format);
	struct format_error error;

	check_any(c, literal);
	if (type_is_wrong(literal->type))
		return NULL;
	if (!literal->is_const || literal->type->kind != TYPE_STRING) {
		check_error(c, literal->span, ERR_PRINTF_LITERAL, "the format of %s() must be a literal string", call->name);
		if (literal->type->kind == TYPE_STRING)
			check_hint(c, "%s(\"%%s\", %s)", call->name, check_text(c, literal));
		return NULL;
	}
	if (memchr(literal->text, 0, literal->len)) {
		check_error(c, literal->span, ERR_PRINTF_FORMAT, "a format cannot hold a NUL byte");
		return NULL;
	}
	if (format_parse(c->arena, literal->text, literal->len, f, &error))
		return f;
	check_error(c, span_in_literal(c, literal, error.offset, error.len), ERR_PRINTF_FORMAT, "'%.*s' %s", (int)error.len,
		    literal->text + error.offset, error.text);
	return NULL;
}

/* The conversion that has no argument, or the argument that has no conversion. */
static void count_error(struct check *c, struct expr *call, const struct format *f, unsigned have)
{
	struct expr *literal = call->args.data[0];
	struct span span = literal->span;
	enum error tag = have > f->nargs ? ERR_PRINTF_EXTRA : ERR_PRINTF_COUNT;

	if (have > f->nargs) {
		span = span_join(call->args.data[1 + f->nargs]->span, call->args.data[have]->span);
	} else {
		for (unsigned i = 0; i < f->pieces.len; i++) {
			const struct format_piece *p = &f->pieces.data[i];

			if (p->conv && p->arg >= have) {
				/* the width stands before the value */
				if (p->width == FORMAT_STAR || p->precision == FORMAT_STAR)
					tag = ERR_PRINTF_DYN_PROTO;
				span = span_in_literal(c, literal, (size_t)(p->text - literal->text), p->len);
				break;
			}
		}
	}
	check_error(c, span, tag, "the format of %s() takes %u argument%s, but %u %s given", call->name, f->nargs,
		    f->nargs == 1 ? "" : "s", have, have == 1 ? "is" : "are");
}

/* %@d, which only printa knows, is reported. */
static bool has_agg_piece(struct check *c, struct expr *call, const struct format *f)
{
	const char *text = call->args.data[0]->text;

	for (unsigned i = 0; i < f->pieces.len; i++) {
		const struct format_piece *p = &f->pieces.data[i];

		if (!(p->flags & FORMAT_AGG))
			continue;
		check_error(c, span_in_literal(c, call->args.data[0], (size_t)(p->text - text), p->len), ERR_PRINTF_AGG_CONV,
			    "%s is for printa()", piece_text(c, p));
		return true;
	}
	return false;
}

/* printf and those like it: the format stands first. */
static const struct format *check_format(struct check *c, struct expr *call)
{
	struct expr **args = call->args.data + 1;
	unsigned have = call->args.len - 1;
	const struct format *f = parse_format(c, call, call->args.data[0]);
	bool miscounted = f && have != f->nargs && !has_agg_piece(c, call, f);

	if (miscounted)
		count_error(c, call, f, have);
	else if (have > FORMAT_ARGS_MAX)
		check_error(c, args[FORMAT_ARGS_MAX]->span, ERR_RANGE, "%s() takes at most %d values", call->name, FORMAT_ARGS_MAX);
	/* which argument is for which conversion is not known */
	if (!f || miscounted) {
		for (unsigned i = 0; i < have; i++)
			check_value(c, args[i]);
		return f;
	}
	has_agg_piece(c, call, f);
	for (unsigned i = 0; i < f->pieces.len; i++) {
		const struct format_piece *p = &f->pieces.data[i];

		if (!p->conv)
			continue;
		if (p->width == FORMAT_STAR && p->width_arg < have)
			check_star(c, p, args[p->width_arg], "width");
		if (p->precision == FORMAT_STAR && p->precision_arg < have)
			check_star(c, p, args[p->precision_arg], "precision");
		if (!(p->flags & FORMAT_AGG) && p->arg < have)
			check_conversion(c, call, p, args[p->arg]);
	}
	for (unsigned i = f->nargs; i < have; i++)
		check_value(c, args[i]);
	return f;
}

/* ---- printa */

static bool same_keys(const struct var *a, const struct var *b)
{
	if (a->keys.len != b->keys.len)
		return false;
	for (unsigned i = 0; i < a->keys.len; i++)
		if (!type_is_open(a->keys.data[i]->now) && !type_is_open(b->keys.data[i]->now) &&
		    a->keys.data[i]->now->kind != b->keys.data[i]->now->kind)
			return false;
	return true;
}

static void check_printa_piece(struct check *c, struct expr *call, const struct format_piece *p, const struct var *v,
			       unsigned *key)
{
	struct span span = span_in_literal(c, call->args.data[0], (size_t)(p->text - call->args.data[0]->text), p->len);
	const struct type *t;

	if (p->width == FORMAT_STAR || p->precision == FORMAT_STAR) {
		check_error(c, span, ERR_PRINTF_FORMAT, "%s: printa() has no arguments for *", piece_text(c, p));
		return;
	}
	if (p->flags & FORMAT_AGG)
		return;
	if (*key >= v->keys.len) {
		check_error(c, span, ERR_PRINTF_COUNT, "%s has %u key%s, the format prints more", v->sym.name, v->keys.len,
			    v->keys.len == 1 ? "" : "s");
		return;
	}
	t = v->keys.data[(*key)++]->now;
	if (!type_is_open(t) && !format_takes(p, t))
		check_error(c, span, ERR_PRINTF_TYPE, "%s takes %s, but this key of %s is %s", piece_text(c, p),
			    format_wants(p), v->sym.name, check_type_words(c, t));
}

static const struct format *check_printa(struct check *c, struct expr *call)
{
	bool has_format = call->args.data[0]->kind == EXPR_STRING;
	const struct format *f = has_format ? parse_format(c, call, call->args.data[0]) : NULL;
	struct var *first = NULL;
	unsigned key = 0;

	for (unsigned i = has_format; i < call->args.len; i++) {
		struct var *v;

		c->call = call;
		c->call_arg = (int)(i - has_format);
		c->call_at = call->args.data[i]->span;
		v = check_whole(c, call->args.data[i], "printa()");
		c->call = NULL;

		if (!v)
			continue;
		if (first && !same_keys(first, v))
			check_error(c, call->args.data[i]->span, ERR_PRINTA_KEYS, "%s and %s have different keys",
				    first->sym.name, v->sym.name);
		first = first ? first : v;
	}
	for (unsigned i = 0; f && first && i < f->pieces.len; i++)
		if (f->pieces.data[i].conv)
			check_printa_piece(c, call, &f->pieces.data[i], first, &key);
	return f;
}

/* ---- print */

/* print(@m) and print of a variable with keys print it whole. */
bool check_is_whole(const struct expr *e)
{
	const struct var *v = check_var_of(e);

	return v && e->kind != EXPR_INDEX && (v->sym.kind == SYM_MAP || (v->sym.kind == SYM_GLOBAL && v->is_keyed));
}

static void check_divisor(struct check *c, const struct expr *e)
{
	if (c->stage == STAGE_REPORT && e->is_const && type_is_int(e->type) && !e->value)
		check_error(c, e->span, ERR_DIV_ZERO, "division by zero");
}

static void print_whole(struct check *c, struct expr *call, struct item_info *item)
{
	struct var *v = check_whole(c, call->args.data[0], "print()");
	static const char *const what[] = { NULL, "the number of entries to print", "the divisor" };

	for (unsigned i = 1; i < call->args.len; i++)
		check_number(c, call->args.data[i], what[i]);
	if (call->args.len > 2)
		check_divisor(c, call->args.data[2]);
	if (!item || !v)
		return;
	*arena_vec_add(c->arena, &item->vars) = &v->sym;
	for (unsigned i = 1; i < call->args.len; i++)
		*arena_vec_add(c->arena, &item->fields) = call->args.data[i];
	v->sym.is_printed = true;
}

/* Of several keys that show as one the program finds only that which it has itself. */
static bool is_of_many(const struct var *v)
{
	return v->sym.key && type_shows_alike(v->sym.key);
}

/* An entry of a map of histograms and the like, which ply prints from the map; anything else is a value. */
static bool prints_entry(struct check *c, struct expr *e)
{
	const struct type *t = check_any(c, e);
	const struct var *v = check_var_of(e);

	if (e->kind == EXPR_INDEX && v && v->sym.kind == SYM_MAP && t->kind == TYPE_AGG &&
	    (!check_agg_value(t) || is_of_many(v)))
		return true;
	check_as_value(c, e);
	return false;
}

/* D: print() of a pointer shows what is there as well. */
static bool is_pointee(const struct expr *call, unsigned i)
{
	return i == 1 && call->args.data[i]->kind == EXPR_UNARY && call->args.data[i]->left == call->args.data[0];
}

static void add_pointee(struct check *c, struct expr *call)
{
	struct expr *of = call->args.data[0], *there;
	const struct type *t = of->type;

	if (c->dialect != DIALECT_D || call->args.len != 1 || t->kind != TYPE_POINTER)
		return;
	if ((t->target->kind != TYPE_STRUCT && t->target->kind != TYPE_UNION) || !t->target->size || t->translator)
		return;
	there = arena_new(c->arena, struct expr);
	*there = (struct expr){ .kind = EXPR_UNARY, .op = OP_DEREF, .span = of->span, .name_span = of->span, .left = of };
	*arena_vec_add(c->arena, &call->args) = there;
}

void check_print(struct check *c, struct expr *call)
{
	struct item_info *item = c->stage == STAGE_REPORT ? arena_new(c->arena, struct item_info) : NULL;
	bool is_entry;

	call->item = item;
	if (!call->args.len || call->args.len > 3) {
		check_error(c, call->span, ERR_ARG_COUNT, "print() takes a value, or a map with a number of entries and a divisor");
		return;
	}
	if (call->args.data[0]->kind != EXPR_INDEX && call->args.data[0]->symbol && check_is_whole(call->args.data[0])) {
		print_whole(c, call, item);
		return;
	}
	is_entry = prints_entry(c, call->args.data[0]);
	add_pointee(c, call);
	for (unsigned i = 1; i < call->args.len; i++)
		check_value(c, call->args.data[i]);
	if (call->args.len > 1 && !is_pointee(call, 1)) {
		check_error(c, call->args.data[1]->span, ERR_ARG_COUNT, "print() of a value takes no more arguments");
		check_hint(c, call->args.data[0]->kind == EXPR_STRING ? "printf() has a format" : "print((a, b)) prints a tuple");
	}
	if (item && is_entry)
		*arena_vec_add(c->arena, &item->vars) = &check_var_of(call->args.data[0])->sym;
	for (unsigned i = 0; item && !is_entry && i < call->args.len; i++)
		if (!i || is_pointee(call, i))
			*arena_vec_add(c->arena, &item->fields) = call->args.data[i];
}

/* ---- all of them */

static bool is_format_call(enum builtin_id id)
{
	return id == BUILTIN_printf || id == BUILTIN_errorf || id == BUILTIN_warnf || id == BUILTIN_cat || id == BUILTIN_system || id == BUILTIN_freopen;
}

/* clear, trunc, normalize …: a variable and numbers. */
static bool is_map_call(enum builtin_id id)
{
	return id == BUILTIN_clear || id == BUILTIN_zero || id == BUILTIN_trunc || id == BUILTIN_normalize ||
	       id == BUILTIN_denormalize;
}

static void note_map_use(struct check *c, struct expr *call)
{
	struct var *v = check_var_of(call->args.data[0]);
	enum builtin_id id = call->symbol->builtin;

	if (!v || c->stage != STAGE_REPORT)
		return;
	v->sym.is_cleared |= id == BUILTIN_clear || id == BUILTIN_zero || id == BUILTIN_trunc;
	v->sym.is_printed |= id == BUILTIN_len;
	v->sym.is_iterated |= id == BUILTIN_len;
}

static void add_fields(struct check *c, struct item_info *item, struct expr *call, unsigned from)
{
	for (unsigned i = from; i < call->args.len; i++)
		*arena_vec_add(c->arena, &item->fields) = call->args.data[i];
}

static void add_var(struct check *c, struct item_info *item, const struct expr *e)
{
	struct var *v = check_var_of(e);

	if (v)
		*arena_vec_add(c->arena, &item->vars) = &v->sym;
}

static void add_printed(struct check *c, struct item_info *item, const struct expr *call)
{
	vec_foreach(arg, &call->args) {
		add_var(c, item, *arg);
		if (check_var_of(*arg))
			check_var_of(*arg)->sym.is_printed = true;
	}
}

/* The n-th argument, which is a format of time, or stands between what is joined. */
static const struct format *format_text(struct check *c, const struct expr *call, unsigned n)
{
	struct format *f = arena_new(c->arena, struct format);

	if (call->args.len <= n)
		return NULL;
	f->text = call->args.data[n]->text;
	f->len = call->args.data[n]->len;
	return f;
}

void check_output(struct check *c, struct expr *call)
{
	enum builtin_id id = call->symbol->builtin;
	struct item_info info = { 0 };

	if (is_format_call(id)) {
		info.format = check_format(c, call);
		add_fields(c, &info, call, 1);
		if (id == BUILTIN_freopen && info.format && !strcmp(info.format->text, "."))
			check_error(c, call->args.data[0]->span, ERR_FREOPEN_INVALID, "freopen() does not open '.'");
	} else if (is_map_call(id)) {
		note_map_use(c, call);
		add_var(c, &info, call->args.data[0]);
		add_fields(c, &info, call, 1);
		if (id == BUILTIN_normalize)
			check_divisor(c, call->args.data[1]);
	} else if (id == BUILTIN_printa) {
		info.format = check_printa(c, call);
		add_printed(c, &info, call);
	} else if (id == BUILTIN_time_ || id == BUILTIN_join) {
		info.format = format_text(c, call, id == BUILTIN_join);
	} else if (id == BUILTIN_len) {
		note_map_use(c, call);
		return;
	} else if (id == BUILTIN_trace || id == BUILTIN_exit || id == BUILTIN_setopt || id == BUILTIN_speculate ||
		   id == BUILTIN_commit || id == BUILTIN_discard) {
		add_fields(c, &info, call, 0);
	} else {
		return;
	}
	if (c->stage == STAGE_REPORT)
		call->item = arena_memdup(c->arena, &info, sizeof(info));
}
