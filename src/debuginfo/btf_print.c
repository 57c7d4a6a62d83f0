// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A type as C would declare it. Declarators are built from the inside out: a name, around it the pointers, arrays and functions
 * on the way to the base type.
 */
#include "base/arena.h"
#include "debuginfo/btf.h"

#include <string.h>

enum { DEPTH_MAX = 32, STEPS_MAX = 1 << 18, INDENT = 4, OFFSET_COLUMN = 56 };

struct printer {
	struct dbg_btf *b;
	struct arena a;
	FILE *out;
	unsigned steps;			/* a broken file must end as well */
};

static const char *declaration(struct printer *p, uint32_t id, const char *inner, unsigned depth);

static bool is_qualifier(unsigned kind)
{
	return kind == BTF_KIND_CONST || kind == BTF_KIND_VOLATILE || kind == BTF_KIND_RESTRICT || kind == DBG_KIND_TYPE_TAG;
}

/* The kind of what a pointer leads to. */
static unsigned kind_behind(struct printer *p, uint32_t id)
{
	const struct btf_type *t = dbg_btf_get(p->b, id);

	for (unsigned i = 0; t && is_qualifier(BTF_INFO_KIND(t->info)) && i < DEPTH_MAX; i++)
		t = dbg_btf_get(p->b, t->type);
	return t ? BTF_INFO_KIND(t->info) : BTF_KIND_UNKN;
}

static const char *with_name(struct printer *p, const char *word, const char *name, const char *inner)
{
	return arena_printf(&p->a, "%s%s%s%s", word, name, *inner ? " " : "", inner);
}

static const char *parameters(struct printer *p, const struct btf_type *t, unsigned depth)
{
	const struct btf_param *param = (const void *)(t + 1);
	const char *list = NULL;

	for (unsigned i = 0; i < BTF_INFO_VLEN(t->info) && p->steps < STEPS_MAX; i++) {
		const char *text = !param[i].type ? "..." :
				   declaration(p, param[i].type, dbg_btf_string(p->b, param[i].name_off), depth + 1);

		list = list ? arena_printf(&p->a, "%s, %s", list, text) : text;
	}
	return list ? list : "void";
}

static const char *pointer(struct printer *p, uint32_t target, const char *inner, unsigned depth)
{
	unsigned kind = kind_behind(p, target);
	bool binds_less = kind == BTF_KIND_ARRAY || kind == BTF_KIND_FUNC_PROTO;

	return declaration(p, target, arena_printf(&p->a, binds_less ? "(*%s)" : "*%s", inner), depth + 1);
}

static const char *qualified(struct printer *p, const struct btf_type *t, const char *inner, unsigned depth)
{
	unsigned kind = BTF_INFO_KIND(t->info), behind = kind_behind(p, t->type);
	const char *word = kind == BTF_KIND_CONST ? "const" : kind == BTF_KIND_VOLATILE ? "volatile" : NULL;

	if (!word || behind == BTF_KIND_ARRAY)
		return declaration(p, t->type, inner, depth + 1);
	if (behind == BTF_KIND_PTR)
		return declaration(p, t->type, with_name(p, word, "", inner), depth + 1);
	return arena_printf(&p->a, "%s %s", word, declaration(p, t->type, inner, depth + 1));
}

static const char *declaration(struct printer *p, uint32_t id, const char *inner, unsigned depth)
{
	const struct btf_type *t = dbg_btf_get(p->b, id);
	const struct btf_array *array;
	const char *name;

	if (!t)
		return with_name(p, "void", "", inner);
	if (depth > DEPTH_MAX || p->steps++ > STEPS_MAX)
		return with_name(p, "…", "", inner);
	name = dbg_btf_string(p->b, t->name_off);
	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_PTR:
		return pointer(p, t->type, inner, depth);
	case BTF_KIND_ARRAY:
		array = (const void *)(t + 1);
		return declaration(p, array->type, arena_printf(&p->a, array->nelems ? "%s[%u]" : "%s[]", inner, array->nelems),
				   depth + 1);
	case BTF_KIND_FUNC_PROTO:
		return declaration(p, t->type, arena_printf(&p->a, "%s(%s)", inner, parameters(p, t, depth)), depth + 1);
	case BTF_KIND_CONST: case BTF_KIND_VOLATILE: case BTF_KIND_RESTRICT: case DBG_KIND_TYPE_TAG:
		return qualified(p, t, inner, depth);
	case BTF_KIND_STRUCT:
		return with_name(p, "struct ", *name ? name : "{ … }", inner);
	case BTF_KIND_UNION:
		return with_name(p, "union ", *name ? name : "{ … }", inner);
	case BTF_KIND_FWD:
		return with_name(p, BTF_INFO_KFLAG(t->info) ? "union " : "struct ", name, inner);
	case BTF_KIND_ENUM: case DBG_KIND_ENUM64:
		return with_name(p, "enum ", *name ? name : "{ … }", inner);
	default:
		return with_name(p, "", name, inner);
	}
}

static void print_members(struct printer *p, const struct btf_type *t, unsigned base, unsigned indent);

/* A struct or union without a tag, behind any arrays: its members are printed with those around it. */
static const struct btf_type *unnamed(struct printer *p, uint32_t id)
{
	const struct btf_type *t = dbg_btf_get(p->b, id);

	for (unsigned i = 0; t && i < DEPTH_MAX && (BTF_INFO_KIND(t->info) == BTF_KIND_ARRAY || is_qualifier(BTF_INFO_KIND(t->info)));
	     i++)
		t = dbg_btf_get(p->b, BTF_INFO_KIND(t->info) == BTF_KIND_ARRAY ? ((const struct btf_array *)(t + 1))->type : t->type);
	return t && !t->name_off && (BTF_INFO_KIND(t->info) == BTF_KIND_STRUCT || BTF_INFO_KIND(t->info) == BTF_KIND_UNION) ? t : NULL;
}

static void print_member(struct printer *p, const struct btf_type *t, const struct btf_member *m, unsigned base, unsigned indent)
{
	bool flagged = BTF_INFO_KFLAG(t->info);
	unsigned bit = base + (flagged ? BTF_MEMBER_BIT_OFFSET(m->offset) : m->offset);
	unsigned width = flagged ? BTF_MEMBER_BITFIELD_SIZE(m->offset) : 0;
	const struct btf_type *inner = indent < DEPTH_MAX * INDENT ? unnamed(p, m->type) : NULL;
	const char *name = dbg_btf_string(p->b, m->name_off), *text = declaration(p, m->type, name, 0);
	const char *rest;
	int columns;

	if (inner) {
		fprintf(p->out, "%*s%s {\n", (int)indent, "", BTF_INFO_KIND(inner->info) == BTF_KIND_UNION ? "union" : "struct");
		print_members(p, inner, bit, indent + INDENT);
		rest = strstr(text, "}");
		columns = fprintf(p->out, "%*s}%s;", (int)indent, "", rest ? rest + 1 : "");
	} else {
		columns = width ? fprintf(p->out, "%*s%s : %u;", (int)indent, "", text, width) :
				  fprintf(p->out, "%*s%s;", (int)indent, "", text);
	}
	if (!*name) {
		fputc('\n', p->out);
		return;
	}
	fprintf(p->out, "%*s /* %u", columns < OFFSET_COLUMN ? OFFSET_COLUMN - columns : 0, "", bit / 8);
	if (width)
		fprintf(p->out, ":%u", bit % 8);
	fputs(" */\n", p->out);
}

static void print_members(struct printer *p, const struct btf_type *t, unsigned base, unsigned indent)
{
	const struct btf_member *m = (const void *)(t + 1);

	for (unsigned i = 0; i < BTF_INFO_VLEN(t->info) && p->steps < STEPS_MAX; i++)
		print_member(p, t, &m[i], base, indent);
}

static void print_enumerators(struct printer *p, const struct btf_type *t)
{
	bool wide = BTF_INFO_KIND(t->info) == DBG_KIND_ENUM64;
	const uint32_t *raw = (const void *)(t + 1);

	for (unsigned i = 0; i < BTF_INFO_VLEN(t->info); i++, raw += wide ? 3 : 2) {
		long long value = wide ? (long long)(raw[1] | (uint64_t)raw[2] << 32) : (int32_t)raw[1];

		fprintf(p->out, "%*s%s = %lld,\n", INDENT, "", dbg_btf_string(p->b, raw[0]), value);
	}
}

void dbg_btf_print(FILE *out, struct dbg_btf *b, uint32_t id)
{
	struct printer p = { .b = b, .out = out };
	const struct btf_type *t = dbg_btf_get(b, id);
	const char *name = dbg_btf_name(b, id);

	switch (t ? BTF_INFO_KIND(t->info) : BTF_KIND_UNKN) {
	case BTF_KIND_STRUCT: case BTF_KIND_UNION:
		fprintf(out, "%s {\n", declaration(&p, id, "", 0));
		print_members(&p, t, 0, INDENT);
		fprintf(out, "};%*s /* %u bytes */\n", OFFSET_COLUMN - 2, "", t->size);
		break;
	case BTF_KIND_ENUM: case DBG_KIND_ENUM64:
		fprintf(out, "%s {\n", declaration(&p, id, "", 0));
		print_enumerators(&p, t);
		fputs("};\n", out);
		break;
	case BTF_KIND_TYPEDEF:
		if (unnamed(&p, t->type)) {
			t = unnamed(&p, t->type);
			fprintf(out, "typedef %s {\n", BTF_INFO_KIND(t->info) == BTF_KIND_UNION ? "union" : "struct");
			print_members(&p, t, 0, INDENT);
			fprintf(out, "} %s;\n", name);
		} else {
			fprintf(out, "typedef %s;\n", declaration(&p, t->type, name, 0));
		}
		break;
	}
	arena_deinit(&p.a);
}
