// SPDX-License-Identifier: GPL-2.0-or-later
/* The parser's tokens. Which rules hold at a place depends on the mode, and the mode on the tokens before. */
#include "lang/errors.h"
#include "lang/parse.h"
#include "lang/parser.h"

#include <ctype.h>
#include <string.h>

static int virtual_token(struct parse *p, struct span *span, int token)
{
	p->is_virtual = token != ';';
	p->is_implied = token == ';';
	*span = parse_span(p, p->end, p->end);
	return token;
}

struct word {
	const char *text;
	int token;
};

/* --- brackets */

static struct bracket *top(struct parse *p)
{
	return p->brackets.len ? &p->brackets.data[p->brackets.len - 1] : NULL;
}

static bool top_is(struct parse *p, enum bracket_kind kind)
{
	return p->brackets.len && top(p)->kind == kind;
}

static bool is_body(enum bracket_kind kind)
{
	return kind == BRACKET_BLOCK || kind == BRACKET_MEMBERS || kind == BRACKET_ANGLE;
}

/* How many brackets there are up to the innermost body of statements or members, of the outermost n. */
static unsigned body_depth(const struct parse *p, unsigned n)
{
	while (n && !is_body(p->brackets.data[n - 1].kind))
		n--;
	return n;
}

static void push(struct parse *p, enum bracket_kind kind, uint32_t from, uint32_t to)
{
	struct bracket *b;

	if (p->brackets.len >= AST_DEPTH) {
		parse_too_deep(p, parse_span(p, from, to));
		return;
	}
	b = vec_add(&p->brackets);
	*b = (struct bracket){ .kind = kind, .span = parse_span(p, from, to) };
	if (kind == BRACKET_PAREN) {
		b->is_loop = p->prev == FOR;
		b->is_control = b->is_loop || p->prev == IF || p->prev == WHILE || p->prev == UNROLL;
	}
}

static const char *closer_text(enum bracket_kind kind)
{
	static const char *const texts[] = {
		[BRACKET_PAREN] = "')'", [BRACKET_SQUARE] = "']'", [BRACKET_BLOCK] = "'}'", [BRACKET_MEMBERS] = "'}'",
		[BRACKET_ANGLE] = "'>'", [BRACKET_TYPE] = "'>'",
	};

	return texts[kind];
}

/* The item is complete with what was read last, unless an `else` goes on with it. */
static void end_of_statement(struct parse *p)
{
	p->statement_start = true;
	if (!p->brackets.len &&
	    (p->mode != MODE_BODY || p->is_block || !outline_word(p, outline_skip_blank(p, p->pos), "else")))
		p->mode = MODE_END;
}

/* Whether the ';' after a type's members was left out: a probe, nothing, or a declaration in another line follows. */
static bool ends_without_semicolon(struct parse *p)
{
	uint32_t next = outline_skip_blank(p, p->pos);

	if (p->first != STRUCT && p->first != UNION && p->first != ENUM && p->first != TRANSLATOR)
		return false;
	if (next >= p->len)
		return true;
	return outline_is_probe(p, next) ||
	       (memchr(p->text + p->pos, '\n', next - p->pos) && outline_item(p, next) == OUTLINE_DECLARATION);
}

static void pop(struct parse *p)
{
	struct bracket b = p->brackets.data[--p->brackets.len];

	p->statement_start = p->statement_due = b.is_control;
	p->after_cast = b.is_cast;
	if (b.kind == BRACKET_BLOCK || b.kind == BRACKET_ANGLE)
		end_of_statement(p);
	else if (b.kind == BRACKET_MEMBERS && !p->brackets.len && p->mode == MODE_DECLARATION)
		p->end_statement = ends_without_semicolon(p);
}

static int closer_token(enum bracket_kind kind)
{
	static const int tokens[] = {
		[BRACKET_PAREN] = ')', [BRACKET_SQUARE] = ']', [BRACKET_BLOCK] = '}', [BRACKET_MEMBERS] = '}',
		[BRACKET_ANGLE] = ANGLE_END, [BRACKET_TYPE] = '>',
	};

	return tokens[kind];
}

static bool is_silent(const struct parse *p)
{
	return p->skipping || p->lost || p->fatal;
}

/* The last ';' of a block may be left out; what `if (…)` and the like lead to may not, and is reported. */
static bool lacks_semicolon(const struct parse *p)
{
	return p->mode == MODE_BODY && (!p->statement_start || p->statement_due);
}

static int imply_semicolon(struct parse *p, struct span *span)
{
	struct span place;
	const char *what;

	if (p->statement_due && !is_silent(p)) {
		what = tokens_describe(p, ITEM_END, &place);
		diag_error(p->diag, place, error_tag(ERR_SYNTAX), "expected a statement before %s", what);
	}
	p->statement_start = true;
	p->statement_due = false;
	return virtual_token(p, span, ';');
}

/* Closes the innermost bracket although its end is not there; a block's last ';' comes before. */
static int close_top(struct parse *p, struct span *span)
{
	enum bracket_kind kind = top(p)->kind;

	if (is_body(kind) && lacks_semicolon(p))
		return imply_semicolon(p, span);
	pop(p);
	return virtual_token(p, span, closer_token(kind));
}

static const char *bracket_text(struct parse *p, const struct bracket *b)
{
	return arena_printf(p->arena, "'%c'", p->text[b->span.pos - p->base]);
}

/* The innermost bracket should have been closed before pos; where several should, one is reported. */
static void report_unclosed(struct parse *p, uint32_t pos)
{
	struct bracket *b = top(p);

	if (is_silent(p) || p->unclosed_at == pos + 1)
		return;
	p->unclosed_at = pos + 1;
	if (pos >= p->len)
		diag_error(p->diag, b->span, error_tag(ERR_SYNTAX), "this %s is not closed: expected %s before the end of the text",
			   bracket_text(p, b), closer_text(b->kind));
	else
		diag_error(p->diag, b->span, error_tag(ERR_SYNTAX), "this %s is not closed: expected %s before '%c'",
			   bracket_text(p, b), closer_text(b->kind), p->text[pos]);
}

/* A closing bracket without an opening one; in place of another one it is taken for that. */
static int drop_stray(struct parse *p, uint32_t from, const char *opener)
{
	int token;

	if (p->brackets.len && !is_body(top(p)->kind) && p->text[from] != '}') {
		token = closer_token(top(p)->kind);
		if (!is_silent(p))
			diag_error(p->diag, parse_span(p, from, from + 1), error_tag(ERR_SYNTAX), "expected %s and not '%c'",
				   closer_text(top(p)->kind), p->text[from]);
		pop(p);
		return token;
	}
	if (!is_silent(p))
		diag_error(p->diag, parse_span(p, from, from + 1), error_tag(ERR_SYNTAX), "'%c' closes nothing: there is no '%s' before it",
			   p->text[from], opener);
	p->end = p->pos = from + 1;
	return AGAIN;
}

/* A closing bracket at from: the innermost one's, an outer one's, or nobody's. */
static int close_bracket(struct parse *p, struct span *span, uint32_t from, enum bracket_kind kind, const char *opener)
{
	unsigned floor = body_depth(p, p->brackets.len);

	for (unsigned n = p->brackets.len; n > floor; n--) {
		if (p->brackets.data[n - 1].kind != kind)
			continue;
		if (n == p->brackets.len) {
			pop(p);
			return closer_token(kind);
		}
		report_unclosed(p, from);
		p->pos = from;
		return close_top(p, span);
	}
	return drop_stray(p, from, opener);
}

static int close_brace(struct parse *p, struct span *span, uint32_t from)
{
	unsigned n = p->brackets.len;
	int token;

	while (n && p->brackets.data[n - 1].kind != BRACKET_BLOCK && p->brackets.data[n - 1].kind != BRACKET_MEMBERS)
		n--;
	if (!body_depth(p, p->brackets.len))
		return drop_stray(p, from, "{");
	if (n != p->brackets.len)
		report_unclosed(p, from);
	/* the '}' of a '<' block is taken for its '>' */
	if (n == p->brackets.len || (!n && top_is(p, BRACKET_ANGLE))) {
		if (lacks_semicolon(p)) {
			p->pos = from;
			return imply_semicolon(p, span);
		}
		token = closer_token(top(p)->kind);
		pop(p);
		return token;
	}
	p->pos = from;
	return close_top(p, span);
}

/* '>' and what begins with it, where '<' opened a block. */
static int close_angle(struct parse *p, struct span *span, uint32_t from)
{
	if (lacks_semicolon(p)) {
		p->pos = from;
		return imply_semicolon(p, span);
	}
	p->pos = from + 1;
	pop(p);
	if (p->mode == MODE_END)
		p->angle_end = parse_span(p, from, from + 1);
	return ANGLE_END;
}

/* Whether '{' opens the members of a type here, and not a block. */
static bool opens_members(const struct parse *p)
{
	return p->mode == MODE_DECLARATION || p->prev == STRUCT || p->prev == UNION || p->prev == ENUM ||
	       (p->prev == IDENT && (p->prev2 == STRUCT || p->prev2 == UNION || p->prev2 == ENUM));
}

static int open_brace(struct parse *p, struct span *span, uint32_t from)
{
	/* where an operand is due nothing has been left open: @x[{a, b}] */
	bool is_operand = p->prev == '(' || p->prev == '[' || p->prev == ',';

	if ((top_is(p, BRACKET_PAREN) || top_is(p, BRACKET_SQUARE)) && !opens_members(p) && !is_operand) {
		report_unclosed(p, from);
		p->pos = from;
		return close_top(p, span);
	}
	push(p, opens_members(p) ? BRACKET_MEMBERS : BRACKET_BLOCK, from, from + 1);
	p->statement_start = top_is(p, BRACKET_BLOCK);
	return '{';
}

static int semicolon(struct parse *p, struct span *span, uint32_t from)
{
	if (top_is(p, BRACKET_SQUARE) || (top_is(p, BRACKET_PAREN) && !top(p)->is_loop)) {
		report_unclosed(p, from);
		p->pos = from;
		return close_top(p, span);
	}
	if (!p->brackets.len || is_body(top(p)->kind))
		end_of_statement(p);
	return ';';
}

/* --- words */

static bool follows(struct parse *p, const char *text)
{
	return !strncmp(p->text + outline_skip_blank(p, p->pos), text, strlen(text));
}

static int lookup(const char *word, const struct word *words)
{
	for (; words->text; words++)
		if (!strcmp(words->text, word))
			return words->token;
	return IDENT;
}

static const struct word declaration_words[] = {
	{ "inline", INLINE }, { "typedef", TYPEDEF }, { "extern", EXTERN }, { "translator", TRANSLATOR },
	{ "self", SELF }, { "this", THIS }, { "provider", PROVIDER }, { NULL, 0 },
};
static const struct word statement_words[] = {
	{ "if", IF }, { "else", ELSE }, { "while", WHILE }, { "for", FOR }, { "unroll", UNROLL }, { "delete", DELETE },
	{ "return", RETURN }, { "break", BREAK }, { "continue", CONTINUE }, { "let", LET }, { NULL, 0 },
};
static const struct word type_words[] = {
	{ "struct", STRUCT }, { "union", UNION }, { "enum", ENUM }, { "void", TYPE_WORD }, { "char", TYPE_WORD },
	{ "short", TYPE_WORD }, { "int", TYPE_WORD }, { "long", TYPE_WORD }, { "signed", TYPE_WORD },
	{ "unsigned", TYPE_WORD }, { "float", TYPE_WORD }, { "double", TYPE_WORD }, { "const", AGAIN },
	{ "volatile", AGAIN }, { NULL, 0 },
};

/* sizeof and its like, self and this: words of the language only before what makes them so. */
static int operator_word(struct parse *p, const char *word)
{
	if (!strcmp(word, "self") && follows(p, "->"))
		return SELF;
	if (!strcmp(word, "this") && follows(p, "->"))
		return THIS;
	if (!strcmp(word, "sizeof"))
		return follows(p, "(") && outline_is_cast(p, outline_skip_blank(p, p->pos), true) ? SIZEOF_TYPE : SIZEOF;
	if (!strcmp(word, "offsetof") && follows(p, "("))
		return OFFSETOF;
	if (!strcmp(word, "container_of") && follows(p, "("))
		return CONTAINER_OF;
	if (!strcmp(word, "xlate") && follows(p, "<"))
		return XLATE;
	if (!strcmp(word, "stringof") && !follows(p, "("))
		return STRINGOF;
	return IDENT;
}

static int provider_block(struct parse *p, union value *value);

static int else_if(struct parse *p)
{
	struct span span;
	const char *what;

	p->pos = p->end;
	what = tokens_describe(p, ITEM_END, &span);
	p->pos = span.pos + span.len - p->base;
	if (!is_silent(p)) {
		diag_error(p->diag, span, error_tag(ERR_SYNTAX), "unexpected %s", what);
		diag_hint(p->diag, "'else if' is written in two words");
	}
	return BAD_TOKEN;
}

static int word_token(struct parse *p, union value *value)
{
	const char *word = value->token.text;
	int token = IDENT;

	if (p->prev == '.' || p->prev == ARROW)
		return IDENT;
	if (p->mode == MODE_DECLARATION && p->item_start)
		token = lookup(word, declaration_words);
	else if (p->mode == MODE_BODY && p->statement_start)
		token = lookup(word, statement_words);
	if (token == PROVIDER)
		return provider_block(p, value);
	if (p->prev == '}' && p->statement_start && (!strcmp(word, "elif") || !strcmp(word, "elsif") || !strcmp(word, "elseif")))
		return else_if(p);
	if (token == IDENT)
		token = lookup(word, type_words);
	return token == IDENT ? operator_word(p, word) : token;
}

/* provider NAME { … }: means nothing here, so that all of it is one token. */
static int provider_block(struct parse *p, union value *value)
{
	union value ignored;
	unsigned depth = 0;
	uint32_t end;
	int token;

	while ((p->pos = outline_skip_blank(p, p->pos)) < p->len) {
		token = lex_token(p, p->pos, &ignored, &end);
		if (token == IDENT && !depth && p->prev != PROVIDER)
			value->token = ignored.token;
		p->prev = PROVIDER;
		p->pos = end;
		depth += (token == '{') - (token == '}' && depth);
		if (!depth && (token == '}' || token == ';'))
			break;
	}
	if (p->pos >= p->len && depth)
		diag_error(p->diag, parse_span(p, p->item_pos, p->item_pos + 8), error_tag(ERR_SYNTAX),
			   "this provider is not closed: expected '}' before the end of the text");
	p->end = p->pos;
	p->mode = MODE_END;
	return PROVIDER;
}

/* --- directives: '#' where it begins no comment */

static char *next_word(struct parse *p, uint32_t *pos, const char *stop)
{
	uint32_t from;

	while (p->text[*pos] == ' ' || p->text[*pos] == '\t')
		++*pos;
	for (from = *pos; *pos < p->len && !isspace((unsigned char)p->text[*pos]) && !strchr(stop, p->text[*pos]);)
		++*pos;
	return arena_strndup(p->arena, p->text + from, *pos - from);
}

static const char *unquoted(struct parse *p, const char *s)
{
	size_t len = strlen(s);

	return len >= 2 && s[0] == '"' && s[len - 1] == '"' ? arena_strndup(p->arena, s + 1, len - 2) : s;
}

/* name[=value], up to the line's end or a comment. */
static int option(struct parse *p, union value *value, uint32_t pos)
{
	uint32_t start, rest;

	while (p->text[pos] == ' ' || p->text[pos] == '\t')
		pos++;
	start = pos;
	value->token = (struct token){ .text = next_word(p, &pos, "=") };
	if (p->text[pos] == '=') {
		pos++;
		value->token.value_text = unquoted(p, next_word(p, &pos, ""));
	}
	p->end = p->pos = pos;
	if (!*value->token.text)
		diag_error(p->diag, parse_span(p, start, start), error_tag(ERR_PRAGMA_MALFORM), "expected an option's name");
	rest = outline_skip_blank(p, pos);
	if (rest < p->len && !memchr(p->text + pos, '\n', rest - pos)) {
		diag_error(p->diag, parse_span(p, rest, rest + 1), error_tag(ERR_SYNTAX),
			   "expected the end of the line after the option");
		p->pos = rest + (uint32_t)strcspn(p->text + rest, "\n");
	}
	p->mode = MODE_END;
	return PRAGMA;
}

static bool is_listed(const char *word, size_t len, const char *const *list, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (strlen(list[i]) == len && !memcmp(list[i], word, len))
			return true;
	return false;
}

#define is_one_of(word, len, list) is_listed(word, len, list, sizeof(list) / sizeof((list)[0]))

/* What this depends on is there: what libdtrace's libraries declare is built in, and so is the kernel itself. */
static bool is_there(const char *kind, const char *name)
{
	static const char *const libraries[] = {
		"cpc.d", "darwin.d", "errno.d", "fc.d", "io.d", "ip.d", "iscsi.d", "lockstat.d", "mac_provider.d", "net.d", "nfs.d", "nfssrv.d",
		"procfs.d", "psinfo.d", "regs.d", "sched.d", "scsi.d", "signal.d", "smb.d", "srp.d", "sysevent.d", "tcp.d", "types.d", "udp.d",
		"unistd.d", "vmlinux.d",
	};
	static const char *const kernels[] = { "vmlinux", "genunix", "unix", "kernel" };

	if (!strcmp(kind, "library"))
		return is_one_of(name, strlen(name), libraries);
	if (!strcmp(kind, "module"))
		return is_one_of(name, strlen(name), kernels);
	return !strcmp(kind, "provider");
}

/* Stable/Evolving/Common */
static bool is_attributes(const char *text)
{
	static const char *const stabilities[] = {
		"Internal", "Private", "Obsolete", "External", "Unstable", "Evolving", "Stable", "Standard",
	};
	static const char *const classes[] = { "Unknown", "CPU", "Platform", "Group", "ISA", "Common" };
	size_t name = strcspn(text, "/"), data;

	if (!text[name] || !is_one_of(text, name, stabilities))
		return false;
	text += name + 1;
	data = strcspn(text, "/");
	return text[data] && is_one_of(text, data, stabilities) && is_one_of(text + data + 1, strlen(text + data + 1), classes);
}

/* "1.2.3" */
static bool is_version(const char *text)
{
	unsigned dots = 0;

	if (strspn(text, "0123456789.") != strlen(text) || !isdigit((unsigned char)*text))
		return false;
	for (; *text; text++)
		dots += *text == '.';
	return dots && dots < 3 && text[-1] != '.';
}

/* A pragma of D's with two words behind it; nothing but mistakes come of it here. */
static void check_pragma(struct parse *p, const char *name, const char *first, const char *second, struct span span)
{
	if (!*first || !*second)
		diag_error(p->diag, span, error_tag(ERR_PRAGMA_MALFORM), "#pragma D %s takes two words", name);
	else if (!strcmp(name, "depends_on") && !is_there(first, second))
		diag_error(p->diag, span, error_tag(ERR_PRAGMA_DEPEND), "there is no %s '%s' to depend on", first, second);
	else if (!strcmp(name, "attributes") && !is_attributes(first))
		diag_error(p->diag, span, error_tag(ERR_PRAGMA_INVAL), "'%s' are no attributes, as Stable/Stable/Common are", first);
	else if (!strcmp(name, "binding") && !is_version(unquoted(p, first)))
		diag_error(p->diag, span, error_tag(ERR_PRAGMA_INVAL), "%s is no version", first);
}

/* A pragma that is no option. */
static void other_pragma(struct parse *p, const char *language, uint32_t pos, struct span span)
{
	static const char *const with_two[] = { "attributes", "binding", "depends_on" }, *const ignored[] = { "ident", "line" };
	const char *name, *first;

	if (!strcmp(language, "ident"))
		return;
	name = next_word(p, &pos, "");
	first = next_word(p, &pos, "");
	if (!strcmp(language, "D") && !*name)
		diag_error(p->diag, span, error_tag(ERR_PRAGMA_MALFORM), "expected what the pragma is about");
	else if (!strcmp(language, "D") && !strcmp(name, "error"))
		diag_error(p->diag, span, error_tag(ERR_PRAGERR), "%.*s", (int)span.len, p->text + p->pos);
	else if (!strcmp(language, "D") && is_one_of(name, strlen(name), with_two))
		check_pragma(p, name, first, next_word(p, &pos, ""), span);
	else if (strcmp(language, "D") || !is_one_of(name, strlen(name), ignored))
		diag_error(p->diag, span, error_tag(ERR_PRAGMA_INVAL), "unknown pragma");
}

static int directive(struct parse *p, union value *value)
{
	uint32_t start = p->pos, pos = start + 1, end = start + (uint32_t)strcspn(p->text + start, "\n");
	const char *what = next_word(p, &pos, ""), *language = "";

	if (!strcmp(what, "pragma"))
		language = next_word(p, &pos, "");
	if (!strcmp(language, "D") && outline_is_option(p, start)) {
		next_word(p, &pos, "");
		if (p->mode == MODE_TOP)
			return option(p, value, pos);
		diag_error(p->diag, parse_span(p, start, end), error_tag(ERR_SYNTAX), "options are set outside of clauses");
	} else if (!strcmp(what, "error")) {
		diag_error(p->diag, parse_span(p, start, end), error_tag(ERR_PRAGERR), "%.*s", (int)(end - start), p->text + start);
	} else if (!*language && strcmp(what, "ident")) {
		diag_error(p->diag, parse_span(p, start, pos), error_tag(ERR_PRAGCTL_INVAL), "'#%s' is not part of D itself", what);
		diag_hint(p->diag, "-C runs the C preprocessor first");
	} else if (*language && p->script->dialect == DIALECT_D) {
		other_pragma(p, language, pos, parse_span(p, start, end));
	}
	p->end = p->pos = end;
	return AGAIN;
}

/* --- tokens of clauses and declarations */

static bool is_operand_end(int token)
{
	switch (token) {
	case IDENT: case INT: case CHARACTER: case STRING: case DOLLAR: case MAP: case BACKTICK:
	case ')': case ']': case '}': case INC: case DEC: case TYPE_WORD:
		return true;
	default:
		return false;
	}
}

/* In a block whose end is missing, the next probe: a word with a colon in it where a statement begins, or could have ended. */
static bool is_next_probe(struct parse *p)
{
	if (p->mode != MODE_BODY || (p->brackets.len ? !is_body(top(p)->kind) : !p->statement_due && !p->is_stray))
		return false;
	return (p->statement_start || (is_operand_end(p->prev) && isalpha((unsigned char)p->text[p->pos]))) &&
	       outline_is_probe(p, p->pos);
}

static void report_next_probe(struct parse *p)
{
	const struct bracket *b = &p->brackets.data[0];
	struct source_place place;

	if (is_silent(p) || p->diag->errors >= DIAG_MAX)
		return;
	source_place(p->script->sources, parse_span(p, p->pos, p->pos), &place);
	diag_error(p->diag, b->span, error_tag(ERR_SYNTAX), "this %s is not closed: expected %s before the next probe, in line %u",
		   bracket_text(p, b), closer_text(b->kind), place.line);
	p->owed += p->brackets.len;
}

/* All that is missing up to the end of the item, or of the statement. */
static int close_item(struct parse *p, struct span *span)
{
	if (p->brackets.len)
		return close_top(p, span);
	if (lacks_semicolon(p))
		return imply_semicolon(p, span);
	p->mode = MODE_END;
	return AGAIN;
}

static int close_statement(struct parse *p, struct span *span)
{
	if (p->brackets.len && !is_body(top(p)->kind))
		return close_top(p, span);
	p->end_statement = false;
	end_of_statement(p);
	return virtual_token(p, span, ';');
}

static int end_predicate(struct parse *p, struct span *span)
{
	if (p->brackets.len) {
		report_unclosed(p, p->predicate_end);
		return close_top(p, span);
	}
	p->end_statement = false;
	*span = parse_span(p, p->predicate_end, p->predicate_end + 1);
	p->end = p->pos = p->predicate_end + 1;
	p->mode = MODE_HEAD;
	return PREDICATE_END;
}

/* Whether the '(' at from, after the token prev, begins a cast; operand: whether an operand is due, whatever prev is. */
static bool begins_cast(struct parse *p, uint32_t from, bool operand)
{
	switch (p->prev) {
	case IF: case WHILE: case FOR: case UNROLL: case SIZEOF_TYPE: case OFFSETOF:
		return false;
	default:
		return (operand || !is_operand_end(p->prev)) && outline_is_cast(p, from, false);
	}
}

static int bracketed(struct parse *p, struct span *span, int token, uint32_t from)
{
	bool after_cast = p->after_cast;
	bool block_start = p->mode == MODE_BODY && p->statement_start;

	p->after_cast = false;
	if ((token == '>' || token == SHR) && top_is(p, BRACKET_ANGLE) &&
	    (token == '>' || (p->brackets.len > 1 && p->brackets.data[p->brackets.len - 2].kind == BRACKET_ANGLE)))
		return close_angle(p, span, from);
	if (token != '}' && token != ')')
		p->statement_start = p->statement_due = false;
	switch (token) {
	case '(':
		if (begins_cast(p, from, after_cast || block_start))
			token = CAST;
		push(p, BRACKET_PAREN, from, from + 1);
		if (token == CAST && !p->fatal)
			top(p)->is_cast = true;
		return token;
	case '[':
		push(p, BRACKET_SQUARE, from, from + 1);
		return token;
	case '{':
		return open_brace(p, span, from);
	case '<':
		if (p->prev == XLATE || (p->first == TRANSLATOR && p->mode == MODE_DECLARATION && !p->brackets.len)) {
			push(p, BRACKET_TYPE, from, from + 1);
		} else if (block_start) {
			push(p, BRACKET_ANGLE, from, from + 1);
			p->statement_start = true;
			token = ANGLE;
		}
		return token;
	case '>':
		if (top_is(p, BRACKET_TYPE))
			pop(p);
		return token;
	case ')':
		return close_bracket(p, span, from, BRACKET_PAREN, "(");
	case ']':
		return close_bracket(p, span, from, BRACKET_SQUARE, "[");
	case '}':
		return close_brace(p, span, from);
	case ';':
		return semicolon(p, span, from);
	default:
		return token;
	}
}

/* Something stands where it cannot go on: the text's end or the next probe. */
static bool is_item_over(struct parse *p)
{
	if (p->pos < p->len && !is_next_probe(p))
		return false;
	if (p->brackets.len) {
		if (p->pos < p->len)
			report_next_probe(p);
		else
			report_unclosed(p, p->len);
		p->lost = true;
	}
	return true;
}

/* One token of a clause's body, a predicate or a declaration. */
static int read_token(struct parse *p, union value *value, struct span *span)
{
	uint32_t from;
	int token;

	if (p->end_item)
		return close_item(p, span);
	p->pos = outline_skip_blank(p, p->pos);
	if (p->mode == MODE_PREDICATE && (p->pos >= p->predicate_end || p->end_statement))
		return end_predicate(p, span);
	if (p->end_statement)
		return close_statement(p, span);
	if (is_item_over(p)) {
		p->end_item = true;
		return AGAIN;
	}
	if (p->text[p->pos] == '#')
		return directive(p, value);
	from = p->pos;
	token = lex_token(p, from, value, &p->pos);
	*span = parse_span(p, from, p->pos);
	if (token == IDENT) {
		token = word_token(p, value);
		p->statement_start = p->statement_due = token == ELSE;
	} else {
		token = bracketed(p, span, token, from);
	}
	if (token != AGAIN && !p->is_virtual && !p->is_implied) {
		span->len = p->pos - from;
		p->before = p->end;
		p->end = p->pos;
		p->item_start = false;
	}
	return token;
}

/* --- after a syntax error */

void tokens_recover(struct parse *p, int token)
{
	unsigned n = p->brackets.len;

	switch (token) {
	case '}': case ANGLE_END: case PREDICATE_END: case ITEM_END: case END_OF_TEXT:
		return;
	case ';':
		if (!n || is_body(p->brackets.data[n - 1].kind))
			return;
		break;
	case '{': case ANGLE:
		n -= n > 0;
		break;
	}
	p->skipping = true;
	p->skip_depth = body_depth(p, n);
}

/* @x{1} = 2: what follows the '}' can begin no statement. */
static bool continues_statement(struct parse *p)
{
	char c = p->text[outline_skip_blank(p, p->pos)];

	return p->brackets.len && c && strchr("=.,?:|^%", c);
}

/*
 * Whether the token just read ends the statement that is skipped; *token becomes what the grammar gets for it. An `else`
 * goes with the `if` that is skipped.
 */
static bool ends_skipping(struct parse *p, struct span *span, int *token)
{
	bool is_end = *token == '}' || *token == ANGLE_END;

	if (*token == PREDICATE_END || p->brackets.len < p->skip_depth)
		return true;
	if (p->brackets.len > p->skip_depth || (*token != ';' && !is_end))
		return false;
	if (outline_word(p, outline_skip_blank(p, p->pos), "else"))
		return false;
	if (is_end && (p->mode == MODE_DECLARATION || continues_statement(p)))
		return false;
	if (is_end)
		*token = virtual_token(p, span, ';');
	return true;
}

static void remember(struct parse *p, int token)
{
	p->prev2 = p->prev;
	p->prev = token;
	if (p->first < 0)
		p->first = token;
}

static int skip(struct parse *p, union value *value, struct span *span)
{
	int token;

	do {
		p->is_virtual = p->is_implied = false;
		token = read_token(p, value, span);
		if (token >= 0)
			remember(p, token);
	} while (token >= 0 ? !ends_skipping(p, span, &token) : p->mode != MODE_END);
	p->skipping = false;
	return token;
}

/* --- the top level */

static void begin_item(struct parse *p, enum parse_mode mode)
{
	p->mode = mode;
	p->item_pos = p->pos;
	p->first = -1;
	p->prev = p->prev2 = 0;
	p->item_start = p->statement_start = mode == MODE_DECLARATION;
	p->statement_due = p->is_block = p->is_stray = p->predicate_done = p->lost = p->end_item = p->end_statement = p->skipping = false;
	p->unclosed_at = 0;
	p->angle_end = SPAN_NONE;
}

/* Leaves out what is neither a clause nor a declaration. */
static void skip_item(struct parse *p)
{
	union value value;
	struct span span;

	begin_item(p, MODE_BODY);
	p->is_stray = true;
	while (p->mode != MODE_END) {
		p->skipping = true;
		p->skip_depth = 0;
		skip(p, &value, &span);
	}
	p->mode = MODE_TOP;
}

struct foreign {
	const char *word, *follows, *name, *instead;
};

static const struct foreign *find_bpftrace_feature(struct parse *p)
{
	static const char inlines[] = "inline int NAME[int x] = …; is a function";
	static const struct foreign features[] = {
		{ "macro", "", "'macro'", inlines }, { "fn", "", "'fn'", inlines }, { "subprog", "", "'subprog'", inlines },
		{ "import", "\"", "'import'", NULL },
		{ "config", "=", "'config'", "-x NAME=VALUE sets options" },
		{ "let", "@", "'let' of a map", "-x mapentries=N says how many keys maps have room for" },
	};

	for (unsigned i = 0; i < sizeof(features) / sizeof(*features); i++) {
		uint32_t next;
		char c = *features[i].follows;

		if (!outline_word(p, p->pos, features[i].word))
			continue;
		next = outline_skip_blank(p, p->pos + (uint32_t)strlen(features[i].word));
		if (c ? p->text[next] == c : isalpha((unsigned char)p->text[next]))
			return &features[i];
	}
	return NULL;
}

/* kprobe vfs_read { … } */
static bool is_probe_with_blanks(struct parse *p)
{
	uint32_t pos = p->pos;

	for (unsigned i = 0; i < 2; i++) {
		uint32_t begin = pos;

		while (isalnum((unsigned char)p->text[pos]) || (p->text[pos] && strchr("_:*", p->text[pos])))
			pos++;
		if (pos == begin)
			return false;
		pos = outline_skip_blank(p, pos);
	}
	return p->text[pos] == '{' || p->text[pos] == '/';
}

/* register int x; static int x; */
static const char *bad_class(struct parse *p)
{
	static const char *const words[] = { "auto", "register", "restrict", "static" };

	for (unsigned i = 0; p->script->dialect == DIALECT_D && i < sizeof(words) / sizeof(*words); i++)
		if (outline_word(p, p->pos, words[i]))
			return words[i];
	return NULL;
}

/* int; */
static bool is_useless(struct parse *p)
{
	static const char *const words[] = { "char", "short", "int", "long", "unsigned", "signed", "string" };

	for (unsigned i = 0; p->script->dialect == DIALECT_D && i < sizeof(words) / sizeof(*words); i++)
		if (outline_word(p, p->pos, words[i]))
			return p->text[outline_skip_blank(p, p->pos + (uint32_t)strlen(words[i]))] == ';';
	return false;
}

static void report_stray(struct parse *p)
{
	const struct foreign *feature = find_bpftrace_feature(p);
	const char *what;
	struct span span;

	p->end = p->pos;
	what = tokens_describe(p, ITEM_END, &span);
	if (feature) {
		diag_error(p->diag, span, error_tag(ERR_NOT_OURS), "bpftrace's %s is not part of ply", feature->name);
		if (feature->instead)
			diag_hint(p->diag, "%s", feature->instead);
		return;
	}
	if (bad_class(p)) {
		diag_error(p->diag, span, error_tag(ERR_DECL_BADCLASS), "D has no storage class '%s'", bad_class(p));
		diag_hint(p->diag, "variables are global, self->NAME or this->NAME");
		return;
	}
	if (is_useless(p)) {
		diag_error(p->diag, span, error_tag(ERR_DECL_USELESS), "this declares nothing");
		return;
	}
	diag_error(p->diag, span, error_tag(ERR_SYNTAX), "expected a probe or a declaration before %s", what);
	if (is_probe_with_blanks(p))
		diag_hint(p->diag, "the parts of a probe are joined by colons, without blanks: kprobe:NAME { … }");
	else if (p->angle_end.len)
		diag_hint(p->diag, "a '>' ends the block that '<' began; a comparison there stands in parentheses");
	else
		diag_hint(p->diag, "statements belong to a probe: %s { … }",
			  p->script->dialect == DIALECT_D ? "PROVIDER:MODULE:FUNCTION:NAME" : "kprobe:NAME");
}

static int spec_token(struct parse *p, union value *value, struct span *span)
{
	uint32_t end;
	const char *what;

	p->pos = outline_skip_blank(p, p->pos);
	p->mode = MODE_HEAD;
	value->spec = outline_spec(p, p->pos, &end);
	*span = parse_span(p, p->pos, end);
	if (value->spec) {
		p->end = p->pos = end;
	} else {
		what = tokens_describe(p, ITEM_END, span);
		diag_error(p->diag, *span, error_tag(ERR_SYNTAX), "expected a probe before %s", what);
	}
	return SPEC;
}

static const char *opener_of(char closer)
{
	return closer == ')' ? "(" : closer == ']' ? "[" : closer == '}' ? "{" : NULL;
}

static int top_token(struct parse *p, union value *value, struct span *span)
{
	for (;;) {
		p->pos = outline_skip_blank(p, p->pos);
		if (p->pos >= p->len) {
			*span = parse_span(p, p->end, p->end);
			return END_OF_TEXT;
		}
		if (p->text[p->pos] == ';') {
			p->pos++;
			continue;
		}
		if (p->owed && p->text[p->pos] == '}') {
			p->owed--;
			p->end = ++p->pos;
			continue;
		}
		if (opener_of(p->text[p->pos])) {
			drop_stray(p, p->pos, opener_of(p->text[p->pos]));
			continue;
		}
		p->item_pos = p->pos;
		if (p->text[p->pos] == '#') {
			int token = directive(p, value);

			*span = parse_span(p, p->item_pos, p->end);
			return token;
		}
		switch (outline_item(p, p->pos)) {
		case OUTLINE_CLAUSE:
			begin_item(p, MODE_SPEC);
			return AGAIN;
		case OUTLINE_DECLARATION:
			if (p->script->dialect == DIALECT_D && storage_is_bad(p)) {
				skip_item(p);
				continue;
			}
			begin_item(p, MODE_DECLARATION);
			return AGAIN;
		case OUTLINE_OTHER:
			report_stray(p);
			skip_item(p);
		}
	}
}

/* What is behind a spec's slash looks like the rest of a path. */
static bool is_one_word(const struct parse *p, uint32_t pos, uint32_t end)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./*:+-";

	while (end > pos && isspace((unsigned char)p->text[end - 1]))
		end--;
	return end > pos && !isspace((unsigned char)p->text[pos - 2]) && strspn(p->text + pos, chars) >= end - pos;
}

static int begin_predicate(struct parse *p, struct span *span)
{
	uint32_t open = p->pos, stop = 0;

	p->predicate_done = true;
	p->pos++;
	p->predicate_end = outline_predicate_end(p, p->pos, &stop);
	*span = parse_span(p, open, p->pos);
	if (p->predicate_end) {
		p->end = p->pos;
		p->mode = MODE_PREDICATE;
		return PREDICATE;
	}
	diag_error(p->diag, *span, error_tag(ERR_SYNTAX),
		   "this predicate is not closed: expected '/' before %s", stop >= p->len ? "the end of the text" : p->text[stop] == '{' ? "'{'" : "';'");
	if (stop >= p->len ? memchr(p->text + open + 1, '/', stop - open - 1) != NULL : p->text[stop] == ';')
		diag_hint(p->diag, "after a predicate the statements stand in braces: /…/ { … }");
	else if (is_one_word(p, open + 1, stop))
		diag_hint(p->diag, "a '/' that belongs to the probe's name stands in quotes");
	p->end = p->pos = stop;
	return AGAIN;
}

/* "??": another spec follows, or nothing that could be one. */
static int alternative_token(struct parse *p, struct span *span)
{
	uint32_t next = outline_skip_blank(p, p->pos + 2);

	*span = parse_span(p, p->pos, p->pos + 2);
	p->end = p->pos += 2;
	if (next >= p->len || strchr("{/<;,?", p->text[next]))
		return OR_NOTHING;
	p->mode = MODE_SPEC;
	return OR_ELSE;
}

/* After a spec, or after the predicate. */
static int head_token(struct parse *p, union value *value, struct span *span)
{
	enum outline what;
	uint32_t next;

	(void)value;
	/* directly behind a spec a slash begins no comment, unless nothing could follow it */
	if (p->prev == SPEC && p->text[p->pos] == '/' && p->text[p->pos + 1] != '/')
		return begin_predicate(p, span);
	p->pos = next = outline_skip_blank(p, p->pos);
	*span = parse_span(p, next, next + 1);
	switch (next < p->len ? p->text[next] : '\0') {
	case ',':
		if (p->predicate_done)
			break;
		p->end = ++p->pos;
		p->mode = MODE_SPEC;
		return ',';
	case '?':
		if (p->predicate_done || p->text[next + 1] != '?')
			break;
		return alternative_token(p, span);
	case '/':
		if (p->predicate_done)
			break;
		return begin_predicate(p, span);
	case '{':
	case '<':
		p->end = ++p->pos;
		p->mode = MODE_BODY;
		p->statement_start = p->is_block = true;
		push(p, p->text[next] == '{' ? BRACKET_BLOCK : BRACKET_ANGLE, next, next + 1);
		return p->text[next] == '{' ? '{' : ANGLE;
	case ';':
		p->end = ++p->pos;
		p->mode = MODE_END;
		return AGAIN;
	case ')': case ']': case '}':
		return drop_stray(p, next, opener_of(p->text[next]));
	case '#': case '\0':
		p->mode = MODE_END;
		return AGAIN;
	}
	what = outline_item(p, next);
	p->mode = what == OUTLINE_OTHER ? MODE_BODY : MODE_END;
	p->statement_start = true;
	return AGAIN;
}

static int next_token(struct parse *p, union value *value, struct span *span)
{
	if (p->fatal)
		return END_OF_TEXT;
	switch (p->mode) {
	case MODE_TOP:
		return top_token(p, value, span);
	case MODE_SPEC:
		return spec_token(p, value, span);
	case MODE_HEAD:
		return head_token(p, value, span);
	case MODE_END:
		p->mode = MODE_TOP;
		*span = parse_span(p, p->end, p->end);
		return ITEM_END;
	default:
		return p->skipping ? skip(p, value, span) : read_token(p, value, span);
	}
}

int parser_lex(union value *value, struct span *span, struct parse *p)
{
	int token;

	*span = parse_span(p, p->end, p->end);
	do {
		p->is_virtual = p->is_implied = false;
		token = next_token(p, value, span);
	} while (token < 0);
	remember(p, token);
	if (p->trace)
		tokens_trace(p, token, value, *span);
	return token;
}

const char *tokens_describe(struct parse *p, int token, struct span *span)
{
	const char *text;
	size_t len;

	if (p->is_virtual || p->is_implied || token == ITEM_END || token == END_OF_TEXT) {
		uint32_t pos = outline_skip_blank(p, p->pos), end = pos;

		if (pos >= p->len) {
			*span = parse_span(p, p->end, p->end);
			return "the end of the text";
		}
		while (isalnum((unsigned char)p->text[end]) || p->text[end] == '_')
			end++;
		end += end == pos;
		*span = parse_span(p, pos, end);
		text = p->text + pos;
		len = end - pos;
	} else {
		text = source_text(p->script->sources, *span);
		len = span->len;
	}
	if (len > 40) {
		for (len = 32; (text[len] & 0xc0) == 0x80;)
			len--;
		return arena_printf(p->arena, "'%.*s…'", (int)len, text);
	}
	return arena_printf(p->arena, "'%.*s'", (int)len, text);
}
