// SPDX-License-Identifier: GPL-2.0-or-later
/* From a source to items of the script, and what syntax errors say. */
#include "base/utf8.h"
#include "lang/errors.h"
#include "lang/parse.h"
#include "lang/parser.h"

#include <string.h>

/* --- is it text at all? */

/* The length of the character at s; 0 if it has no place in a script. */
static unsigned character_length(const char *s, size_t left)
{
	unsigned n = utf8_length(s, left);

	if (n == 1 && utf8_is_control(s, n) && !memchr("\n\v\f\r\033", *s, 5))
		return 0;
	return n;
}

static bool is_text(struct parse *p)
{
	unsigned n;

	for (uint32_t pos = 0; pos < p->len; pos += n) {
		unsigned char c = (unsigned char)p->text[pos];

		n = character_length(p->text + pos, p->len - pos);
		if (n)
			continue;
		diag_error(p->diag, parse_span(p, pos, pos + 1), error_tag(ERR_TEXT),
			   "this is not a text: byte 0x%02x at offset %u is %s", c, pos,
			   c < 0x80 ? "a control character" : "not UTF-8");
		return false;
	}
	return true;
}

/* --- parsing */

static void parse_init(struct parse *p, struct script *script, unsigned source, const struct macros *macros)
{
	const struct source *s = &script->sources->list.data[source];

	*p = (struct parse){
		.script = script, .arena = script->arena, .diag = script->diag, .macros = macros,
		.text = s->text, .base = s->base, .len = s->len,
	};
	for (p->last = script->items; p->last && p->last->next; p->last = p->last->next)
		;
	for (struct item *i = script->items; i; i = i->next)
		if (i->decl && i->decl->kind == DECL_TYPEDEF)
			strmap_put(&p->typedefs, i->decl->name, i->decl);
}

static void parse_text(struct parse *p)
{
	static const char bom[] = "\xef\xbb\xbf";

	if (!is_text(p))
		return;
	if (p->len >= 3 && !memcmp(p->text, bom, 3))
		p->pos = p->end = 3;
	lex_open(p);
	parser_parse(p);
	lex_close(p);
}

static void parse_deinit(struct parse *p)
{
	vec_free(&p->brackets);
	strmap_deinit(&p->typedefs);
}

void parse_script(struct script *script, unsigned source, const struct macros *macros)
{
	struct parse p;

	parse_init(&p, script, source, macros);
	parse_text(&p);
	parse_deinit(&p);
}

/* The tokens are those that the parser gets, so it runs, on a script that is thrown away. */
void lex_print(FILE *out, struct script *script, unsigned source)
{
	struct script scratch = {
		.arena = script->arena, .sources = script->sources, .diag = script->diag, .dialect = script->dialect,
	};
	struct parse p;

	parse_init(&p, &scratch, source, NULL);
	p.trace = out;
	parse_text(&p);
	parse_deinit(&p);
}

/* --- syntax errors */

static bool expects(const char *const *expected, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(expected[i], name))
			return true;
	return false;
}

/* What ends the place where an operand has just been read. */
static const char *expected_end(struct parse *p, const char *const *expected, int n)
{
	static const char *const ends[] = { "';'", "')'", "']'", "the '/' that ends the predicate", "':'" };
	const struct bracket *b = p->brackets.len ? &p->brackets.data[p->brackets.len - 1] : NULL;

	for (unsigned i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		if (!expects(expected, n, ends[i]))
			continue;
		if ((i == 1 || i == 2) && expects(expected, n, "','") && !(b && b->is_control))
			return arena_printf(p->arena, "%s or ','", ends[i]);
		return ends[i];
	}
	return NULL;
}

/* What was expected, in words; the most telling, not all that could stand there. */
static const char *expectation(struct parse *p, const char *const *expected, int n)
{
	static const char *const shown[] = { "'('", "'='", "a type", "a '$' name", "'{'", "'}'", "'<'", "'>'", "','" };
	const char *end = expected_end(p, expected, n), *found = NULL;

	if (expects(expected, n, "'if'"))
		return "a statement";
	if (expects(expected, n, "a number") && expects(expected, n, "a string"))
		return "an expression";
	if (end)
		return end;
	if (expects(expected, n, "a name"))
		return "a name";
	for (unsigned i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		if (!expects(expected, n, shown[i]))
			continue;
		if (found)
			return arena_printf(p->arena, "%s or %s", found, shown[i]);
		found = shown[i];
	}
	return found;
}

/* Whether the token before the present one, a name, is that word. */
static bool is_after(const struct parse *p, const char *word)
{
	uint32_t len = (uint32_t)strlen(word), end = p->before;

	return end > len && !memcmp(p->text + end - len, word, len) && strchr(" \t\n;{}<>()!&|", p->text[end - len - 1]);
}

/* print x, printf "…" */
static bool is_after_print(const struct parse *p)
{
	static const char *const words[] = { "print", "printf", "delete", "clear", "exit", "zero", "trace", "printa" };

	if (p->prev == STRING && p->prev2 == IDENT)
		return true;
	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (p->prev2 == IDENT && is_after(p, words[i]))
			return true;
	return false;
}

/* A block behind an expression that follows the probe without a slash. */
static bool is_bare_predicate(const struct parse *p, const char *what)
{
	/* the '{' itself is counted */
	return p->mode == MODE_BODY && p->brackets.len <= 1 && !p->is_block && !strcmp(what, "'{'") && p->prev2 != MAP && !is_after(p, "do");
}

/* What people write who mean something else. */
static const char *hint_for(const struct parse *p, const char *what, bool operand, bool assignable)
{
	static const char own_variables[] = "a clause's own variables need no declaration: $x = 1";
	static const struct {
		const char *text, *hint;
		bool operand;		/* where an operand is expected, not behind one */
	} hints[] = {
		{ "'and'", "'&&' is and", false },
		{ "'or'", "'||' is or", false },
		{ "'xor'", "'^^' is exclusive or", false },
		{ "'as'", "a conversion is written before its operand: (u64)x", false },
		{ "'in'", "for ($kv : @map) { … } goes over a map, has_key(@map, k) looks for a key", false },
		{ "'eq'", "'==' compares", false },
		{ "'is'", "'==' compares", false },
		{ "'ne'", "'!=' compares", false },
		{ "'~'", "glob(s, \"pattern*\") compares with a pattern", false },
		{ "'else'", "there is no 'if' before this 'else' that it could belong to", true },
		{ "'struct'", "types are declared outside of clauses", true },
		{ "'union'", "types are declared outside of clauses", true },
		{ "'enum'", "types are declared outside of clauses", true },
	};

	for (unsigned i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (hints[i].operand == operand && !strcmp(hints[i].text, what))
			return hints[i].hint;
	if (operand && !strcmp(what, "'{'") && (p->prev2 == '[' || p->prev2 == '(' || p->prev2 == ','))
		return "several values are written (a, b)";
	if (p->prev2 == RETURN)
		return "'return' takes no value";
	if (p->prev2 == IDENT && !strcmp(what, "':'") && p->brackets.len && p->brackets.data[p->brackets.len - 1].is_loop)
		return "a loop's variable begins with '$': for ($i : 0..10)";
	if (p->prev2 == IF || p->prev2 == WHILE || p->prev2 == FOR || p->prev2 == UNROLL)
		return "what it depends on stands in parentheses";
	if (p->prev2 == SPEC && (!strcmp(what, "'||'") || !strcmp(what, "'|'")))
		return "several probes are separated by commas";
	if (is_bare_predicate(p, what) || (p->prev2 == SPEC && !strcmp(what, "'['")))
		return "a predicate stands between two slashes: /…/ { … }";
	if (!operand && p->prev2 == IDENT && is_after(p, "not"))
		return "'!' is not";
	if (!operand && p->prev2 == MAP && (!strcmp(what, "'{'") || !strcmp(what, "'('")))
		return "keys stand in square brackets: @x[…]";
	if (!operand && p->prev2 == IDENT && !strcmp(what, "'{'") && is_after(p, "do"))
		return "there are 'while', 'for' and 'unroll', and no 'do'";
	if (!operand && p->prev2 == IDENT && (is_after(p, "var") || is_after(p, "local") || is_after(p, "auto")))
		return own_variables;
	if (p->mode == MODE_DECLARATION && !strcmp(what, "'='"))
		return "a variable gets its value in a clause: BEGIN { x = 1; }";
	if (assignable && !strcmp(what, "'='"))
		return "only a variable can be assigned; '==' compares";
	if (!operand && p->prev2 == IDENT && is_after(p, "string"))
		return own_variables;
	if (operand && p->prev == TYPE_WORD && p->mode == MODE_BODY)
		return own_variables;
	if (!operand && is_after_print(p))
		return "the arguments of a function stand in parentheses";
	return NULL;
}

void parse_syntax_error(struct parse *p, int token, struct span span, const char *const *expected, int n)
{
	bool reported = p->is_virtual || token == BAD_TOKEN || p->fatal || (p->lost && p->is_implied);
	const char *what, *wanted, *hint;

	if (!reported) {
		what = tokens_describe(p, token, &span);
		wanted = expectation(p, expected, n);
		if (wanted)
			diag_error(p->diag, span, error_tag(ERR_SYNTAX), "expected %s before %s", wanted, what);
		else
			diag_error(p->diag, span, error_tag(ERR_SYNTAX), "unexpected %s", what);
		hint = hint_for(p, what, expects(expected, n, "a number"), expects(expected, n, "'?'"));
		if (hint)
			diag_hint(p->diag, "%s", hint);
	}
	tokens_recover(p, token);
}

void parse_count_statement(struct parse *p, struct span span)
{
	if (++p->statements <= STATEMENTS_MAX || p->fatal)
		return;
	diag_error(p->diag, span, error_tag(ERR_TOO_LARGE), "the script is too large: it has more than %u statements", (unsigned)STATEMENTS_MAX);
	p->fatal = true;
}

void parse_too_deep(struct parse *p, struct span span)
{
	if (!p->fatal)
		diag_error(p->diag, span, error_tag(ERR_NESTING), "this is nested too deeply, more than %u levels", (unsigned)AST_DEPTH);
	p->fatal = true;
}
