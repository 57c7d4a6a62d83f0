/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files between text and tree share; nobody else includes it.
 *
 *	lexer.l		one token at a place of the text
 *	outline.c	rules on the bare text: blanks and comments, what begins at the top level, where a spec and a predicate end
 *	tokens.c	the parser's tokens: outline and lexer by turns, brackets, words that depend on their place, recovery
 *	parser.y	the grammar
 *	ast.c		the tree's constructors
 *	parse.c		parse_script, lex_print, syntax errors in the user's words
 *
 * The grammar sees balanced brackets only: tokens.c reports one that is missing or too much, and puts in or drops the
 * token. After a syntax error it leaves out what remains of the statement, predicate or declaration and goes on with the
 * token that ends it, so that the grammar needs no more than `error ';'` and the like.
 */
#ifndef LANG_PARSE_H
#define LANG_PARSE_H

#include "base/strmap.h"
#include "lang/ast.h"

enum parse_mode {
	MODE_TOP,		/* between items */
	MODE_SPEC,		/* a spec must follow */
	MODE_HEAD,		/* after a spec or a predicate */
	MODE_PREDICATE,
	MODE_BODY,
	MODE_DECLARATION,
	MODE_END,		/* the item is complete */
};

enum bracket_kind {
	BRACKET_PAREN, BRACKET_SQUARE,
	BRACKET_BLOCK,		/* { statements } */
	BRACKET_MEMBERS,	/* { … } of struct, union, enum, translator */
	BRACKET_ANGLE,		/* < statements > */
	BRACKET_TYPE,		/* xlate < type > */
};

struct bracket {
	enum bracket_kind kind;
	bool is_control, is_loop; /* the parentheses after if, while, for, unroll; after for */
	bool is_cast;
	struct span span;
};

struct parse {
	struct script *script;
	struct arena *arena;
	struct diag *diag;
	const struct macros *macros;
	const char *text;
	uint32_t base, len;	/* of the source: spans are base + offset */
	void *lexer;
	struct strmap typedefs;	/* names that the script declares as types */
	struct item *last;
	FILE *trace;		/* print the tokens there */
	uint32_t traced;	/* an offset, and its line and column from 0 */
	unsigned trace_line, trace_column;

	/* where the tokens are */
	uint32_t pos;		/* of the next one; an offset into text */
	uint32_t end;		/* of the one before */
	uint32_t before;	/* … of the one before that */
	enum parse_mode mode;
	int first, prev, prev2;	/* tokens: the item's first, the two before */
	bool item_start, statement_start;
	bool statement_due;	/* a statement must begin here */
	bool after_cast;	/* the ')' before ended a cast */
	bool is_block;		/* the clause's body is one block */
	bool is_stray;		/* what is read is neither a clause nor a declaration */
	bool predicate_done;
	uint32_t item_pos, predicate_end;
	VEC(struct bracket) brackets;

	/* tokens that are not in the text */
	bool is_virtual;	/* the present one is a bracket that was missing */
	bool is_implied;	/* … a ';' that may be left out */
	bool end_statement;	/* the next ones close all up to the statement's end */
	bool end_item;		/* … up to the item's */

	/* errors */
	bool skipping;		/* up to the end of the statement in the innermost skip_depth brackets */
	unsigned skip_depth;
	bool lost;		/* brackets of this item mean nothing any more */
	uint32_t unclosed_at;	/* 1 + where a missing bracket was noticed last */
	unsigned owed;		/* braces that were missing before a probe, and may come later */
	struct span angle_end;	/* the '>' that ended the item before */
	unsigned statements;
	bool fatal;
};

struct token {
	const char *text;	/* names without '$' and with '@'; strings unescaped; numbers as written */
	const char *value_text;	/* PRAGMA: what stands after '=', or NULL */
	size_t len;
	uint64_t value;
	bool is_unsigned, is_long, has_unit, as_string, is_char;
};

struct expressions {
	VEC(struct expr *) list;
};

/* A list as it is built: its nodes are linked by next. */
#define LIST(type) struct { type *first, *last; }
/* The list with the node, or nodes, added at its end. */
#define list_add(list, node) ({ \
	typeof(list) list_ = (list); \
	typeof(list_.last) node_ = (node); \
	*(list_.last ? &list_.last->next : &list_.first) = node_; \
	for (; node_; node_ = node_->next) \
		list_.last = node_; \
	list_; })

/* A name being declared: what stands around it. */
struct declarator {
	const char *name;	/* or NULL */
	struct span span;
	unsigned pointers;
	struct expressions *dims;
	struct expr *bits;
	struct param_decl *keys;
	struct type_name *func_args;
	struct declarator *next;
};

union value {
	struct token token;
	struct spec *spec;
	LIST(struct spec) specs;
	struct expr *expr;
	struct expressions *exprs;
	struct stmt *stmt;
	LIST(struct stmt) stmts;
	struct clause *clause;
	struct type_name *type;
	LIST(struct member_decl) members;
	LIST(struct enumerator_decl) enumerators;
	LIST(struct declarator) declarators;
	LIST(struct param_decl) params;
	LIST(struct translator_member) translations;
	struct declarator *declarator;
	struct enumerator_decl *enumerator;
	struct param_decl *param;
	const char *text;
	unsigned number;
	enum op op;
};

static inline struct span parse_span(const struct parse *p, uint32_t from, uint32_t to)
{
	return (struct span){ p->base + from, to - from };
}

/* ---- lexer.l */

void lex_open(struct parse *p);
void lex_close(struct parse *p);
/* The token at offset pos, where no blank stands: its number in parser.h, where it ends in *end. BAD_TOKEN after a report. */
int lex_token(struct parse *p, uint32_t pos, union value *value, uint32_t *end);
enum { BAD_TOKEN = 3, AGAIN = -1 };	/* numbers that are no token's */

/* ---- outline.c */

enum outline { OUTLINE_CLAUSE, OUTLINE_DECLARATION, OUTLINE_OTHER };

/* The offset of what follows the blanks and comments at pos. */
uint32_t outline_skip_blank(struct parse *p, uint32_t pos);
/* What begins at pos. */
enum outline outline_item(struct parse *p, uint32_t pos);
/* Whether pos begins a spec that holds a colon or is one by its name alone: what no statement looks like. */
bool outline_is_probe(struct parse *p, uint32_t pos);
/* Whether the text at pos is that word. */
bool outline_word(const struct parse *p, uint32_t pos, const char *word);
/* Whether '#' at pos begins "#pragma D option". */
bool outline_is_option(const struct parse *p, uint32_t pos);
/* Whether the word is a type without the kernel being asked. */
bool outline_is_type(struct parse *p, const char *word, size_t len);
/* Whether the '(' at pos begins a cast; of_sizeof: whether it holds a type. */
bool outline_is_cast(struct parse *p, uint32_t pos, bool of_sizeof);
/* The offset of the '/' that ends the predicate beginning at pos; 0 if there is none, *stop is then where it cannot go on. */
uint32_t outline_predicate_end(struct parse *p, uint32_t pos, uint32_t *stop);
/* The spec at pos, its end in *end; NULL if there is none. */
struct spec *outline_spec(struct parse *p, uint32_t pos, uint32_t *end);

/* ---- storage.c */

/* Whether the declaration at p->pos is one that D has a word of its own against; it is reported then. */
bool storage_is_bad(struct parse *p);

/* ---- tokens.c */

int parser_lex(union value *value, struct span *span, struct parse *p);
/* Prints the token on p->trace. */
void tokens_trace(struct parse *p, int token, const union value *value, struct span span);
/* What the present token is called in a message; *span is its place, and becomes that of what it stands for. */
const char *tokens_describe(struct parse *p, int token, struct span *span);
/* After a syntax error at this token: leave out what remains of the statement. */
void tokens_recover(struct parse *p, int token);

/* ---- parser.y */

int parser_parse(struct parse *p);

/* ---- parse.c */

/* Reports that something else than this token was expected; expected has n names of tokens. */
void parse_syntax_error(struct parse *p, int token, struct span span, const char *const *expected, int n);
void parse_too_deep(struct parse *p, struct span span);
/* Another statement; more than there may be is an error. */
void parse_count_statement(struct parse *p, struct span span);

/* ---- ast.c: op_span, name_span: what messages point at */

struct expr *expr_name(struct parse *p, enum expr_kind kind, struct token name, struct span span, struct span name_span);
struct spec *spec_instead(struct parse *p, struct spec *spec);
/* Literals one after the other are one. */
struct token strings_join(struct parse *p, struct token a, struct token b);
struct expr *expr_literal(struct parse *p, enum expr_kind kind, struct token token, struct span span);
struct expr *expr_unary(struct parse *p, enum expr_kind kind, enum op op, struct expr *e, struct span span,
			struct span op_span);
struct expr *expr_binary(struct parse *p, enum op op, struct expr *left, struct expr *right, struct span op_span);
struct expr *expr_assign(struct parse *p, enum op op, struct expr *left, struct expr *right, struct span op_span);
struct expr *expr_cond(struct parse *p, struct expr *cond, struct expr *yes, struct expr *no, struct span op_span);
struct expr *expr_comma(struct parse *p, struct expr *left, struct expr *right);
struct expr *expr_parens(struct parse *p, struct expr *e, struct span span);
struct expr *expr_typed(struct parse *p, enum expr_kind kind, struct type_name *type, struct expr *e, struct span span);
/* The path in offsetof(TYPE, a.b[2].c), which becomes the expression. */
struct expr *expr_path(struct parse *p, const char *name, struct span span);
struct expr *path_member(struct parse *p, struct expr *path, const char *name, struct span span);
struct expr *path_index(struct parse *p, struct expr *path, struct expr *index, struct span span);
struct expr *expr_offsetof(struct type_name *type, struct expr *path, struct span span);
/* (TYPE *)((u64)pointer - offsetof(TYPE, path)) */
struct expr *expr_container_of(struct parse *p, struct expr *pointer, struct type_name *type, struct expr *path, struct span span);
struct expr *expr_member(struct parse *p, enum expr_kind kind, struct expr *e, struct token name, struct span name_span);
struct expr *expr_index(struct parse *p, struct expr *e, struct expressions *keys, struct span span);
struct expr *expr_call(struct parse *p, struct token name, struct expressions *args, struct span span,
		       struct span name_span);
struct expr *expr_method(struct parse *p, struct expr *e, struct token name, struct expressions *args, struct span span,
			 struct span name_span);
struct expressions *exprs_add(struct parse *p, struct expressions *list, struct expr *e);

struct stmt *stmt_expr(struct parse *p, struct expr *e, struct span span);
struct stmt *stmt_block(struct parse *p, struct stmt *list, struct span span);
struct stmt *stmt_plain(struct parse *p, enum stmt_kind kind, struct span span);
struct stmt *stmt_body(struct parse *p, enum stmt_kind kind, struct expr *e, struct stmt *body, struct stmt *otherwise,
		       struct span span);
struct stmt *stmt_for(struct parse *p, struct expr *init, struct expr *cond, struct expr *step, struct stmt *body,
		      struct span span);
struct stmt *stmt_for_each(struct parse *p, struct expr *var, struct expr *from, struct expr *limit, struct stmt *body,
			   struct span span);
struct stmt *stmt_delete(struct parse *p, struct expr *e, struct span span);
struct stmt *stmt_let(struct parse *p, struct expr *var, struct type_name *type, struct expr *e, struct span span);

struct clause *clause_new(struct parse *p, struct spec *specs, struct expr *predicate, struct stmt *body,
			  struct span specs_span, struct span span);
struct expr *predicate_new(struct parse *p, struct expr *e);

/* name: of TN_NAMED, or a tag, or NULL */
struct type_name *type_name_new(struct parse *p, enum type_name_base base, const char *name, struct span span);
struct type_name *type_name_members(struct type_name *t, struct member_decl *members);
struct type_name *type_name_enumerators(struct type_name *t, struct enumerator_decl *list);
/* base with pointers and dimensions. */
struct type_name *type_name_derive(struct parse *p, const struct type_name *base, unsigned pointers,
				   const struct expressions *dims, struct span span);
struct declarator *declarator_new(struct parse *p, unsigned pointers, struct token name, struct expressions *dims,
				  struct span span);
struct declarator *declarator_function(struct parse *p, unsigned pointers, struct token name, struct param_decl *params,
				       struct span span);
void declarator_dimension(struct parse *p, struct declarator *d, struct expr *e);
struct member_decl *members_new(struct parse *p, struct type_name *base, const struct declarator *declarators);
struct enumerator_decl *enumerator_new(struct parse *p, struct token name, struct expr *value, struct span span);
struct param_decl *param_new(struct parse *p, struct type_name *type, const char *name, struct span span);
struct translator_member *translation_new(struct parse *p, struct token name, struct expr *e, struct span span);

/* Items are appended to the script as they are complete. */
void item_clause(struct parse *p, struct clause *c);
/* A declaration for each declarator; without any, of the type alone. */
void item_declare(struct parse *p, enum decl_kind kind, enum var_class var_class, struct type_name *base,
		  const struct declarator *declarators, struct span span);
void item_inline(struct parse *p, struct type_name *type, struct token name, struct param_decl *params, struct expr *e,
		 struct span name_span, struct span span);
void item_translator(struct parse *p, struct type_name *output, struct type_name *input, struct token name,
		     struct translator_member *members, struct span span);
/* PRAGMA: option and value, PROVIDER: name. */
void item_words(struct parse *p, enum decl_kind kind, struct token words, struct span span);

#endif
