// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules on the bare text: "Where a spec ends", "What begins what, at the top level", "Predicates", "Comments". */
#include "lang/dialect.h"
#include "lang/errors.h"
#include "lang/parse.h"

#include <ctype.h>
#include <string.h>

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool is_word_start(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool has_hash_comments(const struct parse *p)
{
	return dialect_has(p->script->dialect, DIALECT_HASH_COMMENT);
}

static uint32_t word_end(const struct parse *p, uint32_t pos)
{
	while (is_word_char(p->text[pos]))
		pos++;
	return pos;
}

static bool is_word(const struct parse *p, uint32_t pos, uint32_t end, const char *word)
{
	return strlen(word) == end - pos && !memcmp(p->text + pos, word, end - pos);
}

bool outline_word(const struct parse *p, uint32_t pos, const char *word)
{
	return is_word(p, pos, word_end(p, pos), word);
}

/* --- blanks and comments */

static uint32_t line_end(const struct parse *p, uint32_t pos)
{
	const char *end = memchr(p->text + pos, '\n', p->len - pos);

	return end ? (uint32_t)(end - p->text) : p->len;
}

static uint32_t block_comment_end(struct parse *p, uint32_t pos)
{
	const char *end = memmem(p->text + pos + 2, p->len - pos - 2, "*/", 2);

	if (end)
		return (uint32_t)(end - p->text) + 2;
	diag_error(p->diag, parse_span(p, pos, pos + 2), error_tag(ERR_TEXT), "this comment is not closed: expected '*/'");
	p->lost = true;
	return p->len;
}

static uint32_t skip_in_line(const struct parse *p, uint32_t pos)
{
	while (p->text[pos] == ' ' || p->text[pos] == '\t')
		pos++;
	return pos;
}

bool outline_is_option(const struct parse *p, uint32_t pos)
{
	static const char *const words[] = { "pragma", "D", "option" };

	pos++;
	for (unsigned i = 0; i < 3; i++) {
		pos = skip_in_line(p, pos);
		if (!outline_word(p, pos, words[i]))
			return false;
		pos = word_end(p, pos);
	}
	return true;
}

/* In D: "#!" in the first line, and the preprocessor's "# 12 …". */
static bool is_hash_comment(const struct parse *p, uint32_t pos)
{
	if (has_hash_comments(p))
		return !outline_is_option(p, pos);
	if (p->text[pos + 1] == '!')
		return !pos;
	pos = skip_in_line(p, pos + 1);
	return isdigit((unsigned char)p->text[pos]) || outline_word(p, pos, "line");
}

/* The offset behind the comment that begins at pos, or pos. */
static uint32_t skip_comment(struct parse *p, uint32_t pos)
{
	if (p->text[pos] == '/' && p->text[pos + 1] == '*')
		return block_comment_end(p, pos);
	if (p->text[pos] == '/' && p->text[pos + 1] == '/')
		return line_end(p, pos);
	if (p->text[pos] == '#' && is_hash_comment(p, pos))
		return line_end(p, pos);
	return pos;
}

uint32_t outline_skip_blank(struct parse *p, uint32_t pos)
{
	for (uint32_t start = p->len; start != pos;) {
		while (is_blank(p->text[pos]))
			pos++;
		if (pos >= p->len)
			break;
		start = pos;
		pos = skip_comment(p, pos);
	}
	return pos;
}

/* --- types */

static const char *const type_words[] = {
	"void", "char", "short", "int", "long", "signed", "unsigned", "float", "double", "struct", "union", "enum",
	"const", "volatile",
};

static bool is_type_word(const struct parse *p, uint32_t pos, uint32_t end)
{
	for (unsigned i = 0; i < sizeof(type_words) / sizeof(*type_words); i++)
		if (is_word(p, pos, end, type_words[i]))
			return true;
	return false;
}

bool outline_is_type(struct parse *p, const char *word, size_t len)
{
	char name[64];

	if (!len || len >= sizeof(name))
		return false;
	memcpy(name, word, len);
	name[len] = '\0';
	return type_by_name(name) || strmap_get(&p->typedefs, name);
}

static bool is_known_type(struct parse *p, uint32_t pos, uint32_t end)
{
	return (end - pos > 2 && p->text[end - 2] == '_' && p->text[end - 1] == 't') ||
	       outline_is_type(p, p->text + pos, end - pos);
}

/* Whether an operand can begin at pos; known_type: also one that begins with a sign. */
static bool is_operand(const struct parse *p, uint32_t pos, bool known_type)
{
	char c = p->text[pos], next = c ? p->text[pos + 1] : 0;

	if (c && strchr("*&+-", c))
		return known_type && next != '=' && (next != '&' || c != '&') && (next != '>' || c != '-');
	return is_word_char(c) || (c && strchr("\"'@$(`~", c)) || (c == '!' && next != '=');
}

/* The end of a name that begins at pos, with the C++ namespaces and types that it is in. */
static uint32_t name_end(const struct parse *p, uint32_t pos)
{
	uint32_t end = word_end(p, pos);

	while (p->text[end] == ':' && p->text[end + 1] == ':' && is_word_start(p->text[end + 2]))
		end = word_end(p, end + 2);
	return end;
}

bool outline_is_cast(struct parse *p, uint32_t pos, bool of_sizeof)
{
	uint32_t start = outline_skip_blank(p, pos + 1), end = name_end(p, start);
	bool certain = is_type_word(p, start, end), known = certain || is_known_type(p, start, end) || end != word_end(p, start);

	if (!is_word_start(p->text[start]))
		return false;
	pos = outline_skip_blank(p, end);
	if (certain && p->text[pos] != ')')
		return true;
	for (; p->text[pos] == '*'; pos = outline_skip_blank(p, pos + 1))
		certain = true;
	while (p->text[pos] == '[') {
		for (pos++; is_word_char(p->text[pos]) || is_blank(p->text[pos]); )
			pos++;
		if (p->text[pos] != ']')
			return false;
		pos = outline_skip_blank(p, pos + 1);
	}
	if (p->text[pos] != ')')
		return false;
	return certain || (of_sizeof ? known : is_operand(p, outline_skip_blank(p, pos + 1), known));
}

/* --- what begins here */

/* What can stand before the first colon of a spec. */
static uint32_t first_part_end(const struct parse *p, uint32_t pos)
{
	uint32_t end;

	for (; pos < p->len; pos++) {
		char c = p->text[pos];

		if (c == '"') {
			end = pos + 1 + (uint32_t)strcspn(p->text + pos + 1, "\"\n");
			if (p->text[end] != '"')
				break;
			pos = end;
		} else if (!is_word_char(c) && !strchr("*?[]!.-$", c)) {
			break;
		}
	}
	return pos;
}

static bool is_probe_by_name(const struct parse *p, uint32_t pos, uint32_t end)
{
	return is_word(p, pos, end, "BEGIN") || is_word(p, pos, end, "END") || is_word(p, pos, end, "ERROR") ||
	       (end - pos > 5 && !memcmp(p->text + pos, "tick-", 5)) ||
	       (end - pos > 8 && !memcmp(p->text + pos, "profile-", 8));
}

static bool may_begin_spec(char c)
{
	return is_word_start(c) || (c && strchr("*?:$\"[", c));
}

bool outline_is_probe(struct parse *p, uint32_t pos)
{
	uint32_t end = first_part_end(p, pos);
	char c = p->text[end];

	if (!may_begin_spec(p->text[pos]))
		return false;
	if (is_probe_by_name(p, pos, end)) {
		c = p->text[outline_skip_blank(p, end)];
		return c == '{' || c == '/' || c == ',' || c == '<';
	}
	return c == ':' && end > pos && !is_blank(p->text[end + 1]);
}

static bool is_statement_word(const struct parse *p, uint32_t pos)
{
	static const char *const words[] = { "if", "else", "while", "for", "unroll", "return", "delete", "let" };

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (outline_word(p, pos, words[i]))
			return true;
	return false;
}

static bool is_spec(struct parse *p, uint32_t pos)
{
	uint32_t end = first_part_end(p, pos), next;

	if (!may_begin_spec(p->text[pos]))
		return false;
	if (p->text[end] == ':' || is_probe_by_name(p, pos, end))
		return true;
	if (is_statement_word(p, pos))
		return false;
	next = outline_skip_blank(p, end);
	return next >= p->len || strchr("{/,<", p->text[next]);
}

/* A type's name, before what is declared. */
static bool is_declaration_word(struct parse *p, uint32_t pos, uint32_t end)
{
	static const char *const words[] = {
		"inline", "typedef", "translator", "self", "this", "extern", "provider",
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is_word(p, pos, end, words[i]))
			return true;
	return is_type_word(p, pos, end) || outline_is_type(p, p->text + pos, end - pos);
}

static bool is_declaration(struct parse *p, uint32_t pos)
{
	uint32_t end = word_end(p, pos), next = outline_skip_blank(p, end);

	if (!is_word_start(p->text[pos]))
		return false;
	if (is_word_start(p->text[next]) || p->text[next] == '*') {
		if (is_declaration_word(p, pos, end))
			return true;
	} else {
		return p->text[next] == '{' && (is_word(p, pos, end, "struct") || is_word(p, pos, end, "union") ||
						is_word(p, pos, end, "enum"));
	}
	/* an unknown word, a name, and ';' */
	while (p->text[next] == '*')
		next = outline_skip_blank(p, next + 1);
	if (!is_word_start(p->text[next]))
		return false;
	next = outline_skip_blank(p, word_end(p, next));
	return p->text[next] == ';' || p->text[next] == '[';
}

enum outline outline_item(struct parse *p, uint32_t pos)
{
	if (p->text[first_part_end(p, pos)] == ':' && may_begin_spec(p->text[pos]))
		return OUTLINE_CLAUSE;
	if (is_declaration(p, pos))
		return OUTLINE_DECLARATION;
	return is_spec(p, pos) ? OUTLINE_CLAUSE : OUTLINE_OTHER;
}

/* --- predicates */

/* Behind the string or character that begins at pos; the line's end if it is not closed. */
static uint32_t skip_quoted(const struct parse *p, uint32_t pos)
{
	char quote = p->text[pos++];

	for (; pos < p->len && p->text[pos] != '\n'; pos++) {
		if (p->text[pos] == quote)
			return pos + 1;
		if (p->text[pos] == '\\' && pos + 1 < p->len)
			pos++;
	}
	return pos;
}

/* Nothing can be divided by what follows. */
static bool ends_predicate(struct parse *p, uint32_t slash)
{
	uint32_t next = outline_skip_blank(p, slash + 1);

	return next >= p->len || strchr("{;<", p->text[next]);
}

uint32_t outline_predicate_end(struct parse *p, uint32_t pos, uint32_t *stop)
{
	while (pos < p->len) {
		char c = p->text[pos];
		uint32_t comment_end = skip_comment(p, pos);

		if (c == '{' || c == ';')
			break;
		if (comment_end != pos)
			pos = comment_end;
		else if (c == '"' || c == '\'')
			pos = skip_quoted(p, pos);
		else if (c == '/' && ends_predicate(p, pos))
			return pos;
		else
			pos += c == '$' && p->text[pos + 1] == '#' ? 2 : 1;
	}
	*stop = pos;
	return 0;
}

/* --- specs */

struct spec_reader {
	struct parse *p;
	uint32_t pos, start;		/* start: of the part */
	struct spec *spec;
	VEC(char) part, all;
	bool quoted, failed;
	bool has_path;			/* '/' in the second part belongs to it */
	bool may_split;			/* tracepoint:CAT/EVENT */
};

static void put(struct spec_reader *r, const char *text, size_t len, bool in_part)
{
	for (size_t i = 0; i < len; i++) {
		*vec_add(&r->all) = text[i];
		if (in_part)
			*vec_add(&r->part) = text[i];
	}
}

static bool is_one_of(const char *text, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(text, *names))
			return true;
	return false;
}

/* The first part tells where slashes belong to the spec. */
static void note_provider(struct spec_reader *r, const char *first)
{
	static const char *const paths[] = { "uprobe", "u", "uretprobe", "ur", "usdt", "U", NULL };
	static const char *const tracepoints[] = { "tracepoint", "t", "trace", NULL };

	r->has_path = is_one_of(first, paths) || (!strncmp(first, "pid", 3) && !is_word_start(first[3]));
	r->may_split = is_one_of(first, tracepoints);
}

static void end_part(struct spec_reader *r)
{
	struct spec_part *part = arena_vec_add(r->p->arena, &r->spec->parts);

	part->text = arena_strndup(r->p->arena, r->part.data ? r->part.data : "", r->part.len);
	part->span = parse_span(r->p, r->start, r->pos);
	part->quoted = r->quoted;
	if (r->spec->parts.len == 1)
		note_provider(r, part->text);
	r->part.len = 0;
	r->quoted = false;
}

static void read_quoted(struct spec_reader *r)
{
	struct parse *p = r->p;
	uint32_t start = r->pos;

	r->quoted = true;
	put(r, "\"", 1, false);
	for (r->pos++; r->pos < p->len && p->text[r->pos] != '\n' && p->text[r->pos] != '"'; r->pos++) {
		if (p->text[r->pos] == '\\' && (p->text[r->pos + 1] == '"' || p->text[r->pos + 1] == '\\'))
			put(r, p->text + r->pos++, 1, false);
		put(r, p->text + r->pos, 1, true);
	}
	if (p->text[r->pos] != '"') {
		diag_error(p->diag, parse_span(p, start, start + 1), error_tag(ERR_TEXT),
			   "this quote is not closed: expected '\"' before the end of the line");
		p->lost = true;
		return;
	}
	put(r, "\"", 1, false);
	r->pos++;
}

/* $name, $$name, $1; a '$' before anything else is a character as others. */
static void read_macro(struct spec_reader *r)
{
	struct parse *p = r->p;
	uint32_t start = r->pos, name = start + 1 + (p->text[start + 1] == '$'), end = name;
	const char *text = NULL;
	char buf[24], *word;

	if (isdigit((unsigned char)p->text[name]))
		while (isdigit((unsigned char)p->text[end]))
			end++;
	else
		end = word_end(p, name);
	r->pos = end;
	word = arena_strndup(p->arena, p->text + name, end - name);
	if (p->macros && end > name) {
		text = macro_text(p->macros, word, buf);
		if (!text && p->macros->default_args && isdigit((unsigned char)*word))
			text = name == start + 1 ? "0" : "";
		if (!text) {
			diag_error(p->diag, parse_span(p, start, end), error_tag(ERR_MACRO_UNDEF), "$%s is not set", word);
			if (isdigit((unsigned char)*word))
				diag_hint(p->diag, "arguments of the script are given after it");
			else if (!strcmp(word, "target"))
				diag_hint(p->diag, "-p and -c set it");
			else
				diag_hint(p->diag, "a '$' that belongs to the name stands in quotes");
			text = "";
		}
	}
	if (text)
		put(r, text, strlen(text), true);
	else
		put(r, p->text + start, end - start, true);
}

/* Whether the '/' at pos belongs to the spec. */
static bool is_own_slash(const struct spec_reader *r)
{
	char next = r->p->text[r->pos + 1];

	if (r->spec->parts.len != 1)
		return false;
	return r->has_path || (r->may_split && (is_word_start(next) || (next && strchr("*?[", next))));
}

static bool ends_spec(const struct spec_reader *r)
{
	char c = r->p->text[r->pos];

	return is_blank(c) || !c || strchr(",{;", c) || (c == '/' && !is_own_slash(r)) ||
	       (c == '#' && is_hash_comment(r->p, r->pos));
}

/* One character, quoted text or macro. */
static void read_piece(struct spec_reader *r)
{
	char c = r->p->text[r->pos];

	if (c == '"') {
		read_quoted(r);
	} else if (c == '$') {
		read_macro(r);
	} else if (c == ':' || (c == '/' && r->may_split)) {
		put(r, &c, 1, false);
		end_part(r);
		r->start = ++r->pos;
		r->may_split &= c == ':';
	} else {
		put(r, &c, 1, true);
		r->pos++;
	}
}

struct spec *outline_spec(struct parse *p, uint32_t pos, uint32_t *end)
{
	struct spec_reader r = { .p = p, .pos = pos, .start = pos };

	r.spec = arena_new(p->arena, struct spec);
	while (r.pos < p->len && !ends_spec(&r))
		read_piece(&r);
	*end = r.pos;
	if (r.pos == pos)
		return NULL;
	end_part(&r);
	r.spec->span = parse_span(p, pos, r.pos);
	r.spec->text = arena_strndup(p->arena, r.all.data ? r.all.data : "", r.all.len);
	vec_free(&r.part);
	vec_free(&r.all);
	return r.spec;
}
