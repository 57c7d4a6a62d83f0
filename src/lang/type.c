// SPDX-License-Identifier: GPL-2.0-or-later
#include "lang/type.h"

#include "base/arena.h"

#include <stdio.h>
#include <string.h>

const struct type type_error = { .kind = TYPE_ERROR };
const struct type type_void = { .kind = TYPE_VOID };
const struct type type_string = { .kind = TYPE_STRING };
const struct type type_s8 = { .kind = TYPE_INT, .size = 1, .is_signed = true };
const struct type type_u8 = { .kind = TYPE_INT, .size = 1 };
const struct type type_s16 = { .kind = TYPE_INT, .size = 2, .is_signed = true };
const struct type type_u16 = { .kind = TYPE_INT, .size = 2 };
const struct type type_s32 = { .kind = TYPE_INT, .size = 4, .is_signed = true };
const struct type type_u32 = { .kind = TYPE_INT, .size = 4 };
const struct type type_s64 = { .kind = TYPE_INT, .size = 8, .is_signed = true };
const struct type type_u64 = { .kind = TYPE_INT, .size = 8 };
const struct type type_bool = { .kind = TYPE_INT, .size = 1, .show = SHOW_BOOL };
const struct type type_char = { .kind = TYPE_INT, .size = 1, .is_signed = true, .show = SHOW_CHAR };

/* Integers that show themselves, by name. */
static const struct {
	const char *name;
	struct type type;
} shown[] = {
#define SHOWN(name, show_, size_, signed_) \
	{ name, { .kind = TYPE_INT, .show = show_, .size = size_, .is_signed = signed_ } },
	SHOWN("hex", SHOW_HEX, 8, false)
	SHOWN("ksym", SHOW_KSYM, 8, false)
	SHOWN("usym", SHOW_USYM, 8, false)
	SHOWN("kmod", SHOW_KMOD, 8, false)
	SHOWN("kfunc", SHOW_KFUNC, 8, false)
	SHOWN("func", SHOW_FUNC, 4, false)
	SHOWN("probe", SHOW_PROBE, 4, false)
	SHOWN("probeprov", SHOW_PROBEPROV, 4, false)
	SHOWN("probemod", SHOW_PROBEMOD, 4, false)
	SHOWN("probename", SHOW_PROBENAME, 4, false)
	SHOWN("ns", SHOW_NS, 8, false)
	SHOWN("walltime", SHOW_TIME, 8, false)
	SHOWN("time", SHOW_TIME, 8, false)
	SHOWN("errno", SHOW_ERRNO, 4, true)
	SHOWN("strerror", SHOW_STRERROR, 4, true)
	SHOWN("signal", SHOW_SIGNAL, 4, true)
	SHOWN("syscall", SHOW_SYSCALL, 4, true)
	SHOWN("inet", SHOW_INET4, 4, false)
	SHOWN("username", SHOW_USERNAME, 4, false)
	SHOWN("groupname", SHOW_GROUPNAME, 4, false)
	SHOWN("cgroup", SHOW_CGROUP, 8, false)
#undef SHOWN
};

const struct type *type_shown(const char *name)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (!strcmp(shown[i].name, name))
			return &shown[i].type;
	return NULL;
}

static const char *show_name(enum type_show show)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (shown[i].type.show == show)
			return shown[i].name;
	return show == SHOW_INET ? "inet" : show == SHOW_MAC ? "mac" : NULL;
}

static struct type *make(struct arena *a, enum type_kind kind, unsigned size)
{
	struct type *t = arena_new(a, struct type);

	t->kind = kind;
	t->size = size;
	return t;
}

const struct type *type_int(struct arena *a, unsigned size, bool is_signed, enum type_show show)
{
	static const struct type *const plain[][2] = {
		[1] = { &type_u8, &type_s8 }, [2] = { &type_u16, &type_s16 }, [4] = { &type_u32, &type_s32 },
		[8] = { &type_u64, &type_s64 },
	};
	struct type *t;

	if (show == SHOW_NUMBER)
		return plain[size][is_signed];
	t = make(a, TYPE_INT, size);
	t->is_signed = is_signed;
	t->show = show;
	return t;
}

const struct type *type_string_of(struct arena *a, unsigned capacity)
{
	return make(a, TYPE_STRING, capacity);
}

const struct type *type_buf(struct arena *a, unsigned size)
{
	return make(a, TYPE_BUF, size);
}

const struct type *type_pointer(struct arena *a, const struct type *target, bool user)
{
	struct type *t = make(a, TYPE_POINTER, 8);

	t->target = target;
	t->user = user;
	return t;
}

const struct type *type_array(struct arena *a, const struct type *element, unsigned count)
{
	struct type *t = make(a, TYPE_ARRAY, element->size * count);

	t->target = element;
	t->count = count;
	return t;
}

const struct type *type_floating(unsigned size, bool is_extended)
{
#define FLOATING(bytes, text) \
	{ .kind = TYPE_ARRAY, .size = bytes, .show = SHOW_FLOAT, .name = text, .target = &type_u8, .count = bytes }
	static const struct type plain[] = { FLOATING(4, "float"), FLOATING(8, "double") };
	static const struct type extended[] = { FLOATING(12, "long double"), FLOATING(16, "long double") };
#undef FLOATING
	const struct type *list = is_extended ? extended : plain;

	return size == list[0].size ? &list[0] : size == list[1].size ? &list[1] : NULL;
}

static unsigned align_up(unsigned n, unsigned align)
{
	return (n + align - 1) / align * align;
}

const struct type *type_tuple(struct arena *a, const struct type *const *parts, unsigned n)
{
	struct type *t = make(a, TYPE_TUPLE, 0);
	unsigned align = 1;

	t->parts = arena_memdup(a, parts, n * sizeof(*parts));
	t->nparts = n;
	for (unsigned i = 0; i < n; i++) {
		unsigned part = type_align(parts[i]);

		align = part > align ? part : align;
		t->size = align_up(t->size, part) + parts[i]->size;
	}
	t->size = align_up(t->size, align);
	return t;
}

unsigned type_tuple_offset(const struct type *tuple, unsigned n)
{
	unsigned offset = 0;

	for (unsigned i = 0;; i++) {
		offset = align_up(offset, type_align(tuple->parts[i]));
		if (i == n)
			return offset;
		offset += tuple->parts[i]->size;
	}
}

const struct type *type_agg(struct arena *a, enum agg_kind agg, const struct type *of)
{
	struct type *t = make(a, TYPE_AGG, 0);

	t->agg = agg;
	t->target = of;
	t->is_signed = of && of->is_signed;
	return t;
}

static bool same_tag(const struct type *a, const struct type *b)
{
	if (a->name && b->name)
		return !strcmp(a->name, b->name);
	return a->members && a->members == b->members;
}

static bool same_name(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool tuple_equal(const struct type *a, const struct type *b)
{
	if (a->nparts != b->nparts)
		return false;
	for (unsigned i = 0; i < a->nparts; i++)
		if (!type_equal(a->parts[i], b->parts[i]))
			return false;
	return true;
}

bool type_same_struct(const struct type *a, const struct type *b)
{
	return (a->kind == TYPE_STRUCT || a->kind == TYPE_UNION) && a->kind == b->kind && a->name && b->name &&
	       !strcmp(a->name, b->name);
}

bool type_equal(const struct type *a, const struct type *b)
{
	if (a == b)
		return true;
	if (!a || !b || a->kind != b->kind)
		return false;
	switch (a->kind) {
	case TYPE_ERROR:
	case TYPE_VOID:
		return true;
	case TYPE_INT:
		return a->size == b->size && a->is_signed == b->is_signed && a->show == b->show &&
		       same_name(a->format, b->format);
	case TYPE_STRING:
	case TYPE_BUF:
		return a->size == b->size && a->show == b->show;
	case TYPE_POINTER:
		return a->user == b->user && a->translator == b->translator && type_equal(a->target, b->target);
	case TYPE_STRUCT:
	case TYPE_UNION:
		return same_tag(a, b);
	case TYPE_ENUM:
		return same_name(a->name, b->name) && (a->name || a->enumerators == b->enumerators);
	case TYPE_ARRAY:
		return a->count == b->count && a->show == b->show && type_equal(a->target, b->target);
	case TYPE_TUPLE:
		return tuple_equal(a, b);
	case TYPE_STACK:
		return a->user == b->user && a->count == b->count && a->skip == b->skip && a->show == b->show;
	case TYPE_AGG:
		return a->agg == b->agg && !a->target == !b->target && a->is_signed == b->is_signed &&
		       a->lo == b->lo && a->hi == b->hi &&
		       a->step == b->step && a->factor == b->factor && a->nsteps == b->nsteps;
	case TYPE_VAR:
		return a->var == b->var;
	}
	return false;
}

static const char *int_text(struct arena *a, const struct type *t)
{
	const char *name = show_name(t->show);

	if (t->show == SHOW_CHAR && t->size == 1)
		return "char";
	if (t->show == SHOW_BOOL)
		return "bool";
	if (name && t->show != SHOW_HEX)
		return name;
	return arena_printf(a, "%c%u", t->is_signed ? 's' : 'u', 8 * t->size);
}

static const char *tagged_text(struct arena *a, const char *keyword, const struct type *t)
{
	return arena_printf(a, "%s %s", keyword, t->name ? t->name : "{…}");
}

static const char *array_text(struct arena *a, const struct type *t)
{
	const char *dims = "";

	for (; t->kind == TYPE_ARRAY && !type_is_floating(t); t = t->target)
		dims = arena_printf(a, "%s[%u]", dims, t->count);
	return arena_printf(a, "%s%s", type_text(a, t), dims);
}

static const char *pointer_text(struct arena *a, const struct type *t)
{
	const char *target = type_text(a, t->target);

	return arena_printf(a, "%s%s*", target, t->target->kind == TYPE_POINTER ? "" : " ");
}

static const char *tuple_text(struct arena *a, const struct type *t)
{
	const char *text = "(";

	for (unsigned i = 0; i < t->nparts; i++)
		text = arena_printf(a, "%s%s%s", text, i ? ", " : "", type_text(a, t->parts[i]));
	return arena_printf(a, "%s)", text);
}

static const char *agg_text(struct arena *a, const struct type *t)
{
	switch (t->agg) {
	case AGG_LQUANTIZE:
		return arena_printf(a, "lquantize(%lld, %lld, %lld)", (long long)t->lo, (long long)t->hi,
				    (long long)t->step);
	case AGG_LLQUANTIZE:
		return arena_printf(a, "llquantize(%lld, %lld, %lld, %lld)", (long long)t->factor, (long long)t->lo,
				    (long long)t->hi, (long long)t->nsteps);
	default:
		return arena_printf(a, "%s()", agg_name(t->agg));
	}
}

const char *type_text(struct arena *a, const struct type *t)
{
	switch (t->kind) {
	case TYPE_ERROR:
		return "error";
	case TYPE_VOID:
		return "void";
	case TYPE_INT:
		return int_text(a, t);
	case TYPE_STRING:
		return "string";
	case TYPE_POINTER:
		return pointer_text(a, t);
	case TYPE_STRUCT:
		return tagged_text(a, "struct", t);
	case TYPE_UNION:
		return tagged_text(a, "union", t);
	case TYPE_ENUM:
		return tagged_text(a, "enum", t);
	case TYPE_ARRAY:
		return type_is_floating(t) ? t->name : array_text(a, t);
	case TYPE_BUF:
		return t->show == SHOW_INET || t->show == SHOW_MAC ? show_name(t->show) : "buf";
	case TYPE_TUPLE:
		return tuple_text(a, t);
	case TYPE_STACK:
		return type_is_place(t) ? t->user ? "usym" : "ksym" : t->user ? "ustack" : "stack";
	case TYPE_AGG:
		return agg_text(a, t);
	case TYPE_VAR:
		return "unknown";
	}
	return "?";
}

static const struct {
	const char *name;
	unsigned words;
	bool adds;
} aggregations[] = {
	[AGG_NONE] = { "none", 0, true },
#define AGGREGATION(id, name, words, adds) [AGG_##id] = { #name, words, adds },
#include "lang/aggregations.def"
#undef AGGREGATION
};

const char *agg_name(enum agg_kind agg)
{
	return aggregations[agg].name;
}

/* How often each of C's words for integers stands in a name. */
struct c_words {
	unsigned is_signed, is_unsigned, n_char, n_short, n_int, n_long;
};

static bool c_count_word(struct c_words *w, const char *s, size_t len)
{
	const struct {
		const char *word;
		unsigned *count;
	} words[] = {
		{ "signed", &w->is_signed }, { "unsigned", &w->is_unsigned }, { "char", &w->n_char },
		{ "short", &w->n_short }, { "int", &w->n_int }, { "long", &w->n_long },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].word) == len && !memcmp(words[i].word, s, len)) {
			++*words[i].count;
			return true;
		}
	}
	/* what says nothing about the values */
	return (len == 5 && !memcmp(s, "const", len)) || (len == 8 && !memcmp(s, "volatile", len));
}

static const struct type *c_type(const struct c_words *w)
{
	if (w->is_signed + w->is_unsigned > 1 || w->n_char > 1 || w->n_short > 1 || w->n_int > 1 || w->n_long > 2)
		return NULL;
	if (w->n_char + w->n_short + !!w->n_long > 1 || (w->n_char && w->n_int))
		return NULL;
	if (w->n_char)
		return w->is_unsigned ? &type_u8 : w->is_signed ? &type_s8 : &type_char;
	if (w->n_short)
		return w->is_unsigned ? &type_u16 : &type_s16;
	if (w->n_long)
		return w->is_unsigned ? &type_u64 : &type_s64;
	if (w->n_int || w->is_signed || w->is_unsigned)
		return w->is_unsigned ? &type_u32 : &type_s32;
	return NULL;
}

static const struct type *known_name(const char *name)
{
	static const struct {
		const char *name;
		const struct type *type;
	} names[] = {
#define TYPE_NAME(name, type) { name, &type_##type },
#include "lang/typenames.def"
#undef TYPE_NAME
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].name, name))
			return names[i].type;
	return NULL;
}

/* The name without "const" and "volatile" before it. */
static const char *skip_qualifiers(const char *name)
{
	for (;;) {
		if (!strncmp(name, "const ", 6))
			name += 6;
		else if (!strncmp(name, "volatile ", 9))
			name += 9;
		else
			return name;
	}
}

const struct type *type_by_name(const char *name)
{
	struct c_words words = { 0 };

	for (const char *p = name; *p; p += *p == ' ') {
		size_t len = strcspn(p, " ");

		if (!c_count_word(&words, p, len))
			return known_name(skip_qualifiers(name));
		p += len;
	}
	return c_type(&words);
}

static unsigned llquantize_slots(const struct type *t)
{
	int64_t per_magnitude = t->factor ? t->nsteps - t->nsteps / t->factor : 0;
	int64_t side = (t->hi - t->lo + 1) * per_magnitude;

	/* each side's steps and what lies beyond them, and the values nearest to 0 */
	return (unsigned)(2 * (side + 1) + 1);
}

unsigned agg_slots(const struct type *agg)
{
	switch (agg->agg) {
	case AGG_QUANTIZE:
		return 2 * 64 + 1;
	case AGG_LQUANTIZE:
		return (unsigned)((agg->hi - agg->lo) / (agg->step ? agg->step : 1) + 2);
	case AGG_LLQUANTIZE:
		return llquantize_slots(agg);
	default:
		return 0;
	}
}

bool type_shows_alike(const struct type *t)
{
	for (unsigned i = 0; t->kind == TYPE_TUPLE && i < t->nparts; i++)
		if (type_shows_alike(t->parts[i]))
			return true;
	if (t->kind == TYPE_INT)
		return t->show == SHOW_KFUNC || t->show == SHOW_KMOD || (t->show == SHOW_TIME && t->format);
	return t->kind == TYPE_STACK;
}

uint64_t agg_rank_mask(const struct type *agg, bool maximum)
{
	uint64_t sign = (agg->target ? agg->target : agg)->is_signed ? 1ull << 63 : 0;

	return maximum ? sign : ~sign;
}

unsigned agg_utmost(const struct type *agg, unsigned word)
{
	return word + (agg->agg == AGG_STATS ? 2 : 1);
}

unsigned agg_cell_size(const struct type *agg)
{
	unsigned words = aggregations[agg->agg].words;

	if (!words)
		words = agg_slots(agg);
	if (agg->agg == AGG_LQUANTIZE || agg->agg == AGG_LLQUANTIZE)
		while (words & (words - 1))
			words += words & -words;
	return 8 * words;
}

bool agg_only_adds(const struct type *agg)
{
	return aggregations[agg->agg].adds;
}

static unsigned members_align(const struct type *t)
{
	unsigned align = 1;

	for (unsigned i = 0; i < t->nmembers; i++) {
		unsigned member = type_align(t->members[i].type);

		align = member > align ? member : align;
	}
	return align;
}

unsigned type_align(const struct type *t)
{
	unsigned align = 1;

	switch (t->kind) {
	case TYPE_INT:
	case TYPE_ENUM:
		return t->size == 2 || t->size == 4 || t->size == 8 ? t->size : 1;
	case TYPE_STRUCT:
	case TYPE_UNION:
		return members_align(t);
	case TYPE_ARRAY:
		return type_align(t->target);
	case TYPE_TUPLE:
		for (unsigned i = 0; i < t->nparts; i++) {
			unsigned part = type_align(t->parts[i]);

			align = part > align ? part : align;
		}
		return align;
	case TYPE_POINTER:
	case TYPE_STACK:
	case TYPE_AGG:
		return 8;
	default:
		return 1;
	}
}
