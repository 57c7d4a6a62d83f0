// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What D has its own words for when a declaration is wrong: storage classes, scopes and lists of keys. The grammar knows none of it, so
 * this looks at the text before the declaration is parsed.
 */
#include "lang/errors.h"
#include "lang/parse.h"

#include <ctype.h>
#include <string.h>

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static uint32_t word_end(const struct parse *p, uint32_t pos)
{
	while (is_word_char(p->text[pos]))
		pos++;
	return pos;
}

static bool is_one_of(const struct parse *p, uint32_t pos, const char *const *words, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (outline_word(p, pos, words[i]))
			return true;
	return false;
}

#define is_among(p, pos, words) is_one_of(p, pos, words, sizeof(words) / sizeof((words)[0]))

static bool is_class(const struct parse *p, uint32_t pos)
{
	static const char *const words[] = { "auto", "extern", "inline", "register", "self", "static", "this", "typedef" };

	return is_among(p, pos, words);
}

static bool error(struct parse *p, uint32_t pos, uint32_t end, enum error tag, const char *what)
{
	diag_error(p->diag, parse_span(p, pos, end), error_tag(tag), "%s", what);
	return true;
}

/* A type whose width is its own: a struct, or a name that is a type. */
static bool has_own_width(struct parse *p, uint32_t pos)
{
	static const char *const tags[] = { "struct", "union", "enum", "string" };
	static const char *const numbers[] = { "char", "short", "int", "long", "float", "double", "void", "signed", "unsigned" };
	uint32_t end = word_end(p, pos), next = outline_skip_blank(p, end);

	if (!is_word_char(p->text[next]) && p->text[next] != '*')
		return false;
	return is_among(p, pos, tags) || (!is_among(p, pos, numbers) && outline_is_type(p, p->text + pos, end - pos));
}

/* unsigned string s; long struct x y; */
static bool is_bad_width(struct parse *p, uint32_t pos)
{
	static const char *const signs[] = { "signed", "unsigned" }, *const widths[] = { "short", "long" };
	bool has_sign = false, has_width = false;
	uint32_t begin = pos;

	while (is_among(p, pos, signs) || is_among(p, pos, widths)) {
		has_sign |= is_among(p, pos, signs);
		has_width |= is_among(p, pos, widths);
		pos = outline_skip_blank(p, word_end(p, pos));
	}
	if (pos == begin || !has_own_width(p, pos))
		return false;
	if (has_sign)
		return error(p, begin, word_end(p, pos), ERR_DECL_SIGNINT, "only integers are signed or unsigned");
	return has_width && error(p, begin, word_end(p, pos), ERR_DECL_LONGINT, "only integers are short or long");
}

/* "..." among keys, or not behind all parameters. */
static bool is_bad_ellipsis(struct parse *p, uint32_t pos, char bracket)
{
	if (p->text[outline_skip_blank(p, pos + 3)] == ',')
		return error(p, pos, pos + 3, ERR_DECL_PROTO_FORM, "'...' stands behind all others");
	return bracket == '[' && error(p, pos, pos + 3, ERR_DECL_PROTO_VARARGS, "the keys of a variable are as many as are declared");
}

static bool is_bad_in_brackets(struct parse *p, uint32_t pos, char bracket)
{
	if (!strncmp(p->text + pos, "...", 3))
		return is_bad_ellipsis(p, pos, bracket);
	return is_class(p, pos) && error(p, pos, word_end(p, pos), ERR_DECL_PARMCLASS, "keys and parameters have no storage class");
}

/* What stands between the type and the ';' of a variable, or the '=' of an inline. */
static bool is_bad_declarator(struct parse *p, uint32_t pos, bool is_variable)
{
	char brackets[16] = "";
	unsigned depth = 0;

	while (pos < p->len && !strchr(";={", p->text[pos])) {
		char c = p->text[pos];

		if (depth && is_bad_in_brackets(p, pos, brackets[depth - 1]))
			return true;
		if (c == '`')
			return error(p, pos, pos + 1, ERR_DECL_SCOPE, "what is declared is the script's own, and of no module");
		if (c == '[' && is_variable && !depth && p->text[outline_skip_blank(p, pos + 1)] == ']')
			return error(p, pos, pos + 1, ERR_DECL_ARRNULL, "an array has a size, or the types of its keys");
		if (strchr("[(", c) && depth < sizeof(brackets))
			brackets[depth++] = c;
		else if (strchr("])", c) && depth)
			depth--;
		pos = outline_skip_blank(p, is_word_char(c) ? word_end(p, pos) : pos + 1);
	}
	return false;
}

bool storage_is_bad(struct parse *p)
{
	uint32_t pos = p->pos, second = outline_skip_blank(p, word_end(p, pos));
	bool has_class = is_class(p, pos), is_variable = !has_class || outline_word(p, pos, "self") || outline_word(p, pos, "this");

	if (has_class && is_class(p, second))
		return error(p, second, word_end(p, second), ERR_DECL_CLASS, "a declaration has one storage class");
	return is_bad_width(p, has_class ? second : pos) || is_bad_declarator(p, pos, is_variable);
}
