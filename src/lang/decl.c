// SPDX-License-Identifier: GPL-2.0-or-later
/* Declarations: types by their names, the layout of structs (as gcc's on x86-64 and arm64), variables, inlines. */
#include "lang/checking.h"

enum { SIZE_MAX_ALL = 1 << 24, MEMBERS_SHOWN = 12 };

/* ---- structs */

/* A struct being laid out. */
struct layout {
	bool is_union;
	uint64_t bits;			/* where the next member may begin */
	unsigned align;
	uint64_t size;			/* of a union: its largest member; in bits */
	VEC(struct type_member) members;
};

static uint64_t align_up(uint64_t n, uint64_t align)
{
	return (n + align - 1) / align * align;
}

static struct type_member *place(struct check *c, struct layout *l, const struct member_decl *d, const struct type *t)
{
	struct type_member *m = arena_vec_add(c->arena, &l->members);
	unsigned align = type_align(t);

	l->align = align > l->align ? align : l->align;
	m->name = d->name;
	m->type = t;
	return m;
}

static void end_member(struct layout *l, uint64_t end)
{
	l->size = end > l->size ? end : l->size;
	l->bits = l->is_union ? 0 : end;
}

static void add_plain(struct check *c, struct layout *l, const struct member_decl *d, const struct type *t)
{
	struct type_member *m = place(c, l, d, t);

	l->bits = align_up(l->bits, 8 * type_align(t));
	m->offset = (unsigned)(l->bits / 8);
	end_member(l, l->bits + 8 * (uint64_t)t->size);
}

/* A bit field never crosses a boundary of its type's size; one without width or name only moves on. */
static void add_bits(struct check *c, struct layout *l, const struct member_decl *d, const struct type *t, unsigned width)
{
	unsigned unit = 8 * t->size;
	struct type_member *m;

	if (!width || l->bits / unit != (l->bits + width - 1) / unit)
		l->bits = align_up(l->bits, unit);
	if (d->name) {
		m = place(c, l, d, t);
		m->offset = (unsigned)(l->bits / unit * t->size);
		m->bit_offset = (unsigned)(l->bits % unit);
		m->bit_size = width;
	}
	end_member(l, l->bits + width);
}

/* A constant of a declaration, in [min, max]. */
static bool constant_in(struct check *c, struct expr *e, const char *what, int64_t min, int64_t max, enum error none, enum error beyond,
			int64_t *value)
{
	const struct type *t;

	resolve_expr(c, e);
	t = check_value(c, e);
	if (type_is_wrong(t))
		return false;
	if (!e->is_const || !type_is_scalar(t)) {
		check_error(c, e->span, none, "%s must be a constant number", what);
		return false;
	}
	*value = (int64_t)e->value;
	if (*value >= min && *value <= max)
		return true;
	check_error(c, e->span, *value < min ? none : beyond, "%s must be %lld to %lld, not %lld", what, (long long)min, (long long)max,
		    (long long)*value);
	return false;
}

static bool is_known_size(struct check *c, const struct type *t, struct span span, const char *what)
{
	if (type_is_wrong(t))
		return false;
	if (t->kind == TYPE_VOID || ((t->kind == TYPE_STRUCT || t->kind == TYPE_UNION) && !t->members)) {
		check_error(c, span, t->kind == TYPE_VOID ? ERR_DECL_VOIDOBJ : ERR_DECL_INCOMPLETE, "%s cannot be %s, whose size is not known", what,
			    type_text(c->arena, t));
		decl_hint_incomplete(c, t);
		return false;
	}
	return true;
}

static void add_member(struct check *c, struct layout *l, const struct member_decl *d)
{
	const struct type *t = decl_complete(c, decl_type(c, d->type));
	int64_t width;

	if (!is_known_size(c, t, d->span, "a member"))
		return;
	vec_foreach(m, &l->members)
		if (d->name && m->name && !strcmp(d->name, m->name))
			check_error(c, d->span, ERR_DECL_MNAME, "member %s is declared twice", d->name);
	if (t->kind == TYPE_STRING)
		t = c->string_full;
	if (d->bits && !type_is_int(t))
		check_error(c, d->span, ERR_DECL_BFTYPE, "a bit field must be of an integer type");
	else if (!d->bits)
		add_plain(c, l, d, t);
	else if (constant_in(c, d->bits, "the width of the bit field", d->name ? 1 : 0, 8 * t->size, ERR_DECL_BFCONST, ERR_DECL_BFSIZE, &width))
		add_bits(c, l, d, t, (unsigned)width);
	if (l->size / 8 > SIZE_MAX_ALL) {
		check_error(c, d->span, ERR_TOO_LARGE, "the struct is larger than %d bytes", SIZE_MAX_ALL);
		l->size = l->bits = 0;
	}
}

static void define_struct(struct check *c, struct type *t, const struct type_name *tn)
{
	struct layout l = { .is_union = tn->base == TN_UNION, .align = 1 };

	for (const struct member_decl *d = tn->members; d; d = d->next)
		add_member(c, &l, d);
	t->size = (unsigned)align_up(align_up(l.size, 8) / 8, l.align);
	t->members = l.members.data ? l.members.data : arena_new(c->arena, struct type_member);
	t->nmembers = l.members.len;
}

static void declare_enumerator(struct check *c, const struct enumerator_decl *d, int64_t value, const struct type *t)
{
	struct symbol *s = arena_new(c->arena, struct symbol), *before;

	*s = (struct symbol){ .kind = SYM_CONSTANT, .name = d->name, .span = d->span, .value = value, .type = t };
	before = strmap_put(&c->constants, s->name, s);
	if (before && before != &c->wrong)
		check_error(c, d->span, ERR_REDECLARED, "enumerator %s is declared twice", d->name);
}

static void define_enum(struct check *c, struct type *t, const struct type_name *tn)
{
	VEC(struct type_enumerator) list = { 0 };
	int64_t next = 0, min = 0, max = 0;

	for (const struct enumerator_decl *d = tn->enumerators; d; d = d->next) {
		if (d->value && !constant_in(c, d->value, "the enumerator's value", c->dialect == DIALECT_D ? INT32_MIN : INT64_MIN,
					     c->dialect == DIALECT_D ? INT32_MAX : INT64_MAX, ERR_DECL_ENCONST, ERR_DECL_ENOFLOW, &next))
			next = 0;
		else if (!d->value && c->dialect == DIALECT_D && next > INT32_MAX)
			check_error(c, d->span, ERR_DECL_ENOFLOW, "enumerator %s does not fit an int", d->name);
		*arena_vec_add(c->arena, &list) = (struct type_enumerator){ d->name, next };
		declare_enumerator(c, d, next, t);
		min = next < min ? next : min;
		max = next > max ? next : max;
		next = (int64_t)((uint64_t)next + 1);
	}
	t->enumerators = list.data;
	t->nenumerators = list.len;
	t->is_signed = min < 0;
	t->size = min < INT32_MIN || max > (min < 0 ? INT32_MAX : (int64_t)UINT32_MAX) ? 8 : 4;
}

/* ---- types by name */

static const char *keyword(enum type_name_base base)
{
	return base == TN_STRUCT ? "struct" : base == TN_UNION ? "union" : "enum";
}

void decl_hint_type(struct check *c, enum type_name_base base, const char *name)
{
	struct suggest near = { .name = name };
	const char *why;

	if (!name || !c->reported || !c->scope->type_names)
		return;
	why = c->scope->type_names(c->scope->data, c->clause, base, &near);
	if (suggest_best(&near))
		check_hint(c, "did you mean '%s%s%s'?", base == TN_NAMED ? "" : keyword(base), base == TN_NAMED ? "" : " ",
			   suggest_best(&near));
	else if (why)
		check_hint(c, "%s", why);
	else if (base != TN_NAMED)
		check_hint(c, "the script declares no %s %s, and the kernel has none", keyword(base), name);
}

void decl_hint_unknown(struct check *c)
{
	struct suggest none = { .name = "" };
	const char *why = c->reported && c->scope->type_names ? c->scope->type_names(c->scope->data, NULL, TN_STRUCT, &none) : NULL;

	if (why)
		check_hint(c, "%s", why);
}

void decl_hint_incomplete(struct check *c, const struct type *t)
{
	if (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION)
		decl_hint_type(c, t->kind == TYPE_STRUCT ? TN_STRUCT : TN_UNION, t->name);
}

static struct type *new_tagged(struct check *c, const struct type_name *tn)
{
	static const enum type_kind kinds[] = {
		[TN_STRUCT] = TYPE_STRUCT, [TN_UNION] = TYPE_UNION, [TN_ENUM] = TYPE_ENUM,
	};
	struct type *t = arena_new(c->arena, struct type);

	t->kind = kinds[tn->base];
	t->name = tn->name;
	if (t->kind == TYPE_ENUM)
		t->size = 4;
	return t;
}

static struct type *own_tag(struct check *c, const char *key, const struct type_name *tn)
{
	struct type *t = strmap_get(&c->tags, key);

	if (!t) {
		t = new_tagged(c, tn);
		strmap_put(&c->tags, key, t);
	}
	return t;
}

static void define(struct check *c, struct type *t, const struct type_name *tn)
{
	if (t->members || t->enumerators) {
		check_error(c, tn->span, ERR_DECL_TYPERED, "%s %s is declared twice", keyword(tn->base), tn->name);
		return;
	}
	if (tn->base == TN_ENUM)
		define_enum(c, t, tn);
	else
		define_struct(c, t, tn);
}

static const struct type *tagged_type(struct check *c, const struct type_name *tn)
{
	const char *key = tn->name ? arena_printf(c->arena, "%s %s", keyword(tn->base), tn->name) : NULL;
	const struct type *known;
	struct type *t;

	if (tn->defined) {
		t = key ? own_tag(c, key, tn) : new_tagged(c, tn);
		define(c, t, tn);
		return t;
	}
	if ((known = strmap_get(&c->tags, key)))
		return known;
	if (c->scope->type && (known = c->scope->type(c->scope->data, c->clause, tn->base, tn->name)))
		return known;
	if (tn->base == TN_ENUM) {
		check_error(c, tn->span, ERR_TYPE_UNDEF, "unknown type 'enum %s'", tn->name);
		decl_hint_type(c, tn->base, tn->name);
		return &type_error;
	}
	/* incomplete, perhaps declared further down; pointers to it are all right */
	return own_tag(c, key, tn);
}

/* What is wrong with words that make no type together. */
static enum error words_error(const char *name)
{
	if (!strchr(name, ' '))
		return ERR_TYPE_UNDEF;
	if (strstr(name, "void"))
		return ERR_DECL_VOIDATTR;
	if (strstr(name, "float") || strstr(name, "double"))
		return strstr(name, "signed") ? ERR_DECL_SIGNINT : ERR_DECL_COMBO;
	return strstr(name, "char") && (strstr(name, "long") || strstr(name, "short")) ? ERR_DECL_CHARATTR : ERR_DECL_COMBO;
}

static const struct type *named_type(struct check *c, const struct type_name *tn)
{
	const struct type *t = strmap_get(&c->typedefs, tn->name);

	if (!t)
		t = type_by_name(tn->name);
	if (!t && c->scope->type)
		t = c->scope->type(c->scope->data, c->clause, TN_NAMED, tn->name);
	if (t)
		return t;
	if (!strcmp(tn->name, "float") || !strcmp(tn->name, "double") || !strcmp(tn->name, "long double"))
		return check_error(c, tn->span, ERR_TYPE_UNDEF, "there are no floating-point numbers");
	check_error(c, tn->span, words_error(tn->name), "unknown type '%s'", tn->name);
	decl_hint_type(c, TN_NAMED, tn->name);
	return &type_error;
}

/* int x[4][2] is an array of 4 arrays of 2. */
static const struct type *with_dims(struct check *c, const struct type_name *tn, const struct type *t)
{
	if (tn->dims.len && t->kind == TYPE_STRING && !t->size)
		t = c->string_full;
	for (unsigned i = tn->dims.len; i-- > 0;) {
		struct expr *dim = tn->dims.data[i];
		int64_t n = 0;

		if (!is_known_size(c, t, tn->span, "an element of an array"))
			return &type_error;
		if (dim && !constant_in(c, dim, "the size of the array", 1, SIZE_MAX_ALL, ERR_DECL_ARRSUB, ERR_DECL_ARRBIG, &n))
			return &type_error;
		if ((uint64_t)n * t->size > SIZE_MAX_ALL)
			return check_error(c, tn->span, ERR_TOO_LARGE, "the array is larger than %d bytes", SIZE_MAX_ALL);
		t = type_array(c->arena, t, (unsigned)n);
	}
	return t;
}

const struct type *decl_type(struct check *c, struct type_name *tn)
{
	const struct type *t;

	if (tn->type)
		return tn->type;
	t = tn->base == TN_NAMED ? named_type(c, tn) : tagged_type(c, tn);
	if (tn->func_args && !type_is_wrong(t))
		t = tn->pointers ? &type_void :
				   check_error(c, tn->span, ERR_LATER, "functions cannot be declared");
	for (unsigned i = 0; i < tn->pointers && !type_is_wrong(t); i++)
		t = type_pointer(c->arena, t, false);
	if (!type_is_wrong(t))
		t = with_dims(c, tn, t);
	/* what is wrong is to be reported when it is looked at the last time */
	if (c->stage == STAGE_REPORT || !type_is_wrong(t))
		tn->type = t;
	return t;
}

const struct type *decl_complete(struct check *c, const struct type *t)
{
	const struct type *known;

	if ((t->kind != TYPE_STRUCT && t->kind != TYPE_UNION) || t->members)
		return t;
	if (t->origin && (known = t->origin->complete(t)))
		return known;
	if (!t->name)
		return t;
	known = strmap_get(&c->tags, arena_printf(c->arena, "%s %s", t->kind == TYPE_STRUCT ? "struct" : "union", t->name));
	if (known && known->members)
		return known;
	if (c->scope->type)
		known = c->scope->type(c->scope->data, c->clause, t->kind == TYPE_STRUCT ? TN_STRUCT : TN_UNION, t->name);
	return known && known->members ? known : t;
}

/* Structs in others know their members when they are looked at; to print one, all are needed. */
static const struct type *complete_all(struct check *c, const struct type *t, unsigned depth)
{
	enum { DEEP = 32 };

	if (t->kind == TYPE_ARRAY && depth < DEEP) {
		complete_all(c, t->target, depth + 1);
		return t;
	}
	if ((t->kind != TYPE_STRUCT && t->kind != TYPE_UNION) || depth >= DEEP)
		return t;
	t = decl_complete(c, t);
	for (unsigned i = 0; i < t->nmembers; i++)
		complete_all(c, t->members[i].type, depth + 1);
	return t;
}

const struct type *decl_complete_all(struct check *c, const struct type *t)
{
	return complete_all(c, t, 0);
}

static bool is_unnamed(const struct type_member *m)
{
	return !m->name || !*m->name;
}

const struct type_member *decl_member(struct check *c, const struct type *t, const char *name)
{
	for (unsigned i = 0; i < t->nmembers; i++) {
		const struct type_member *m = &t->members[i], *inner;
		struct type_member *found;

		if (!is_unnamed(m)) {
			if (!strcmp(m->name, name))
				return m;
			continue;
		}
		inner = decl_member(c, decl_complete(c, m->type), name);
		if (!inner)
			continue;
		found = arena_memdup(c->arena, inner, sizeof(*inner));
		found->offset += m->offset;
		return found;
	}
	return NULL;
}

static void list_members(struct check *c, const struct type *t, struct suggest *s, const char **list, unsigned *n)
{
	for (unsigned i = 0; i < t->nmembers; i++) {
		const struct type_member *m = &t->members[i];

		if (is_unnamed(m)) {
			list_members(c, decl_complete(c, m->type), s, list, n);
			continue;
		}
		suggest_add(s, m->name);
		if (++*n <= MEMBERS_SHOWN)
			*list = *list ? arena_printf(c->arena, "%s, %s", *list, m->name) : m->name;
		else if (*n == MEMBERS_SHOWN + 1)
			*list = arena_printf(c->arena, "%s …", *list);
	}
}

void decl_suggest_members(struct check *c, const struct type *t, struct suggest *s, const char **list)
{
	unsigned n = 0;

	*list = NULL;
	list_members(c, t, s, list, &n);
}

/* ---- declarations */

static struct cell *declared_cell(struct check *c, const struct type *t, bool is_key, struct span span)
{
	struct cell *cell = infer_cell(c, is_key);

	infer_fix(cell, t, span);
	return cell;
}

/* D: int x; int x; */
static bool is_declared_so(struct check *c, const struct var *v, const struct decl *d, const struct type *t)
{
	unsigned n = 0;

	if (c->dialect != DIALECT_D || !v->is_declared || !type_equal(v->value->now, t))
		return false;
	for (struct param_decl *p = d->params; p; p = p->next, n++)
		if (n >= v->keys.len || !type_equal(v->keys.data[n]->now, decl_type(c, p->type)))
			return false;
	return n == v->keys.len;
}

static void declare_variable(struct check *c, struct decl *d)
{
	static const struct {
		enum symbol_kind kind;
		const char *prefix;
	} classes[] = {
		[VAR_GLOBAL] = { SYM_GLOBAL, "" }, [VAR_SELF] = { SYM_SELF, "self->" }, [VAR_THIS] = { SYM_LOCAL, "this->" },
	};
	const char *name = arena_printf(c->arena, "%s%s", classes[d->var_class].prefix, d->name);
	const struct type *t = decl_complete(c, decl_type(c, d->type_name));
	const struct builtin *b = d->var_class == VAR_GLOBAL ? resolve_find_builtin(c, d->name, false) : NULL;
	struct var *v;

	if (!is_known_size(c, t, d->span, "a variable"))
		t = &type_error;
	if (b && (c->dialect != DIALECT_D || builtin_is_d_name(b, d->name))) {
		check_error(c, d->name_span, ERR_REDECLARED, "%s is built in", d->name);
		t = &type_error;	/* what uses it has not to be told again */
	}
	if ((v = strmap_get(&c->vars, name)) && is_declared_so(c, v, d, t))
		return;
	if (v || (d->var_class == VAR_GLOBAL && strmap_get(&c->inlines, name))) {
		check_error(c, d->name_span, ERR_REDECLARED, "%s is declared twice", name);
		return;
	}
	v = resolve_var(c, classes[d->var_class].kind, name, d->name_span);
	v->is_declared = true;
	v->sym.decl = d;
	v->value = declared_cell(c, t, false, d->name_span);
	v->is_keyed = d->params != NULL;
	if (d->params && d->var_class == VAR_THIS)
		check_error(c, d->name_span, ERR_DECL_LOCASSC, "%s cannot have keys", name);
	for (struct param_decl *p = d->params; p; p = p->next) {
		const struct type *key = decl_type(c, p->type);

		if (p->name)
			check_error(c, p->span, ERR_DECL_PROTO_NAME, "a key has a type and no name");
		if (key->kind == TYPE_VOID)
			key = check_error(c, p->span, ERR_DECL_PROTO_VOID, "a key cannot be void");
		if (c->dialect == DIALECT_D && (key->kind == TYPE_STRUCT || key->kind == TYPE_UNION))
			key = check_error(c, p->span, ERR_DECL_PROTO_TYPE, "a key cannot be %s", type_text(c->arena, key));
		*arena_vec_add(c->arena, &v->keys) = declared_cell(c, key, true, p->span);
	}
}

static void check_param_names(struct check *c, const struct decl *d)
{
	for (const struct param_decl *p = d->params; p; p = p->next) {
		const struct param_decl *other = d->params;

		while (other != p && !(p->name && other->name && !strcmp(other->name, p->name)))
			other = other->next;
		if (other != p)
			check_error(c, p->span, ERR_DECL_PROTO_NAME, "the parameter %s is there twice", p->name);
	}
}

static void declare_inline(struct check *c, struct decl *d)
{
	check_param_names(c, d);
	/* the prelude's types are looked for when one is used: the kernel's are not read for nothing */
	if (!d->is_prelude)
		decl_type(c, d->type_name);
	for (struct param_decl *p = d->params; p && !d->is_prelude; p = p->next)
		decl_type(c, p->type);
	if (strmap_get(&c->vars, d->name) || strmap_put(&c->inlines, d->name, d))
		check_error(c, d->name_span, ERR_REDECLARED, "%s is declared twice", d->name);
}

static void declare_typedef(struct check *c, struct decl *d)
{
	const struct type *t = decl_type(c, d->type_name);

	if (strmap_get(&c->typedefs, d->name) && !type_equal(strmap_get(&c->typedefs, d->name), t))
		check_error(c, d->name_span, ERR_DECL_TYPERED, "type %s is declared twice", d->name);
	else
		strmap_put(&c->typedefs, d->name, (void *)t);
}

static void check_translator(struct check *c, struct decl *d)
{
	const struct type *to = decl_complete(c, decl_type(c, d->type_name)), *from = decl_type(c, d->input_type);
	struct type_name *input = d->input_type;

	if (type_is_wrong(to) || type_is_wrong(from))
		return;
	if (to->kind != TYPE_STRUCT && to->kind != TYPE_UNION) {
		check_error(c, d->type_name->span, ERR_XLATE_SOU, "a translator makes a struct or a union, not %s", type_text(c->arena, to));
		return;
	}
	vec_foreach(other, &c->translators)
		if (!(*other)->is_prelude && type_equal(decl_complete(c, decl_type(c, (*other)->type_name)), to) &&
		    type_equal(decl_type(c, (*other)->input_type), from))
			check_error(c, input->span, ERR_XLATE_REDECL, "a translator from %s to %s is declared twice",
				    type_text(c->arena, from), type_text(c->arena, to));
	for (const struct translator_member *m = d->members; m; m = m->next) {
		const struct type_member *of = to->members ? decl_member(c, to, m->name) : NULL;

		if (to->members && !of)
			check_error(c, m->span, ERR_XLATE_MEMB, "%s has no member '%s'", type_text(c->arena, to), m->name);
		else if (of && m->expr->kind == EXPR_STRING && type_is_scalar(of->type))
			check_error(c, m->expr->span, ERR_XLATE_INCOMPAT, "member '%s' is %s, not a string", m->name,
				    check_type_words(c, of->type));
	}
}

static void declare(struct check *c, struct decl *d)
{
	switch (d->kind) {
	case DECL_VARIABLE:
		declare_variable(c, d);
		break;
	case DECL_INLINE:
		declare_inline(c, d);
		break;
	case DECL_TYPEDEF:
		declare_typedef(c, d);
		break;
	case DECL_TYPE:
		decl_type(c, d->type_name);
		break;
	case DECL_EXTERN:
		check_error(c, d->span, ERR_LATER, "extern declarations are not supported yet");
		break;
	case DECL_TRANSLATOR:
		if (!d->is_prelude)
			check_translator(c, d);
		*vec_add(&c->translators) = d;
		break;
	case DECL_PRAGMA:
		if (c->dialect != DIALECT_D && !d->is_prelude) {
			diag_warning(c->diag, d->span, error_tag(ERR_PRAGMA_INVAL), "options in the script have an effect in D scripts only");
			if (d->text)
				diag_hint(c->diag, "-x %s=%s sets ply's", d->name, d->text);
		}
		break;
	case DECL_PROVIDER:
		break;
	}
}

/* The script has a declaration, or a variable, of its own by that name. */
static bool is_declared(struct check *c, const struct decl *d)
{
	const struct type_name *tn = d->type_name;
	const struct type *tag;

	if (d->kind == DECL_TRANSLATOR)
		return false;
	if (d->name && (strmap_get(&c->vars, d->name) || strmap_get(&c->inlines, d->name) || strmap_get(&c->typedefs, d->name)))
		return true;
	if (!tn || !tn->defined || !tn->name)
		return false;
	tag = strmap_get(&c->tags, arena_printf(c->arena, "%s %s", keyword(tn->base), tn->name));
	return tag && (tag->members || tag->enumerators);
}

/* The script's own go before the prelude's, wherever they stand. */
void decl_collect(struct check *c)
{
	for (struct item *i = c->script->items; i; i = i->next)
		if (i->decl)
			declare(c, i->decl);
	for (struct item *i = c->script->prelude; i; i = i->next)
		if (i->decl && !is_declared(c, i->decl))
			declare(c, i->decl);
}

static bool is_same(const struct type *a, const struct type *b)
{
	return type_equal(a, b) || (a->kind == b->kind && a->name && b->name && !strcmp(a->name, b->name));
}

/* Whether what is of type `from` may be handed to a translator from type `to`. */
static bool is_input(const struct type *to, const struct type *from, bool exactly)
{
	if (to->kind == TYPE_POINTER && from->kind == TYPE_POINTER)
		return is_same(to->target, from->target) || (!exactly && from->target->kind == TYPE_VOID);
	if (exactly)
		return is_same(to, from);
	return type_is_scalar(to) && type_is_scalar(from);
}

const struct decl *decl_translator(struct check *c, const struct type *output, const struct type *input)
{
	for (int exactly = 1; exactly >= 0; exactly--)
		vec_foreach(d, &c->translators) {
			const struct type *to = decl_type(c, (*d)->type_name);

			if (to->kind == TYPE_POINTER)
				to = to->target;
			if (is_same(to, output) && is_input(decl_type(c, (*d)->input_type), input, exactly))
				return *d;
		}
	return NULL;
}
