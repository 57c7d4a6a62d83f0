// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The grammar, in the order of the language's page. Actions build the tree (ast.c) and do nothing else. Brackets are balanced
 * when they come here, and after an error the next token is the one that ends the statement (parse.h).
 */
%code requires {
#include "lang/parse.h"
}

%require "3.6"
%define api.prefix {parser_}
%define api.pure full
%define api.value.type {union value}
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%param { struct parse *p }
%expect 0

%code {
#include <string.h>

#define YYMAXDEPTH 200000
#define YYLLOC_DEFAULT(current, rhs, n) \
	((current) = (n) ? span_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n)) \
			 : (struct span){ YYRHSLOC(rhs, 0).pos + YYRHSLOC(rhs, 0).len, 0 })
static void parser_error(const struct span *span, struct parse *p, const char *message);
}

%token END_OF_TEXT 0		"the end of the text"
%token ITEM_END		"the end of the item"
%token <spec> SPEC	"a probe"
%token <token> IDENT "a name" INT "a number" CHARACTER "a character" STRING "a string"
%token <token> DOLLAR "a '$' name" MAP "a map" BACKTICK "a kernel symbol"
%token <token> PRAGMA "an option" PROVIDER "a provider"
%token <token> TYPE_WORD "a type"
%token OR_ELSE "'??'" OR_NOTHING "'??' before no probe"
%token PREDICATE "a predicate" PREDICATE_END "the '/' that ends the predicate"
%token ANGLE "'<' of a block" ANGLE_END "'>' of a block"
%token INLINE "'inline'" TYPEDEF "'typedef'" STRUCT "'struct'" UNION "'union'" ENUM "'enum'" EXTERN "'extern'"
%token TRANSLATOR "'translator'" SELF "'self'" THIS "'this'"
%token IF "'if'" ELSE "'else'" WHILE "'while'" FOR "'for'" UNROLL "'unroll'" DELETE "'delete'" RETURN "'return'"
%token BREAK "'break'" CONTINUE "'continue'" LET "'let'"
%token SIZEOF "'sizeof'" SIZEOF_TYPE "'sizeof' of a type" OFFSETOF "'offsetof'" CONTAINER_OF "'container_of'" XLATE "'xlate'"
%token <token> STRINGOF "'stringof'"
%token CAST "a cast"
%token ARROW "'->'" DOTDOT "'..'" ELLIPSIS "'...'" INC "'++'" DEC "'--'"
%token ADD_ASSIGN "'+='" SUB_ASSIGN "'-='" MUL_ASSIGN "'*='" DIV_ASSIGN "'/='" MOD_ASSIGN "'%='"
%token AND_ASSIGN "'&='" OR_ASSIGN "'|='" XOR_ASSIGN "'^='" SHL_ASSIGN "'<<='" SHR_ASSIGN "'>>='"

%token LOR "'||'" LXOR "'^^'" LAND "'&&'" EQ "'=='" NE "'!='" LE "'<='" GE "'>='" SHL "'<<'" SHR "'>>'"

%precedence THEN
%precedence ELSE
%left LOR
%left LXOR
%left LAND
%left '|'
%left '^'
%left '&'
%left EQ NE
%left '<' LE '>' GE
%left SHL SHR
%left '+' '-'
%left '*' '/' '%'

%type <specs> specs
%type <clause> clause
%type <expr> predicate optional local let_name
%type <expr> expression assignment conditional binary unary postfix primary argument path
%type <exprs> arguments argument_list dimensions
%type <stmt> body statement block
%type <stmts> statements
%type <type> type_name type_spec type_argument
%type <members> member_block members member
%type <enumerators> enumerator_block enumerators
%type <declarators> declarators variables member_declarators
%type <declarator> declarator member_declarator
%type <enumerator> enumerator
%type <param> key parameter
%type <params> keys parameters parameter_list
%type <translations> translation_block translations
%type <text> type_words
%type <token> strings
%type <number> stars struct_or_union
%type <op> assign_op

%%

program
	: %empty
	| program item
	;

item
	: clause ITEM_END		{ item_clause(p, $1); }
	| declaration ITEM_END
	| error ITEM_END		{ yyerrok; }
	;

/* Clauses. */

clause
	: specs predicate body		{ $$ = clause_new(p, $1.first, $2, $3, @1, @$); }
	;

specs
	: SPEC				{ $$.first = $$.last = $1; }
	| specs ',' SPEC		{ $$ = list_add($1, $3); }
	| specs OR_ELSE SPEC		{ $$ = list_add($1, spec_instead(p, $3)); }
	| specs OR_NOTHING		{ $$ = $1; if ($$.last) $$.last->may_miss = true; }
	;

predicate
	: %empty			{ $$ = NULL; }
	| PREDICATE expression PREDICATE_END { $$ = predicate_new(p, $2); }
	| PREDICATE error PREDICATE_END	{ $$ = NULL; yyerrok; }
	;

body
	: %empty			{ $$ = NULL; }
	| statement
	;

/* Statements. An error leaves an empty one. */

block
	: '{' statements '}'		{ $$ = stmt_block(p, $2.first, @$); }
	| '{' statements error '}'	{ $$ = stmt_block(p, $2.first, @$); yyerrok; }
	| ANGLE statements ANGLE_END	{ $$ = stmt_block(p, $2.first, @$); }
	| ANGLE statements error ANGLE_END { $$ = stmt_block(p, $2.first, @$); yyerrok; }
	;

statements
	: %empty			{ $$.first = $$.last = NULL; }
	| statements statement		{ $$ = list_add($1, $2); }
	;

statement
	: block
	| IF '(' expression ')' statement %prec THEN { $$ = stmt_body(p, STMT_IF, $3, $5, NULL, @$); }
	| IF '(' expression ')' statement ELSE statement { $$ = stmt_body(p, STMT_IF, $3, $5, $7, @$); }
	| WHILE '(' expression ')' statement { $$ = stmt_body(p, STMT_WHILE, $3, $5, NULL, @$); }
	| FOR '(' optional ';' optional ';' optional ')' statement { $$ = stmt_for(p, $3, $5, $7, $9, @$); }
	| FOR '(' local ':' conditional ')' statement { $$ = stmt_for_each(p, $3, $5, NULL, $7, @$); }
	| FOR '(' local ':' conditional DOTDOT conditional ')' statement { $$ = stmt_for_each(p, $3, $5, $7, $9, @$); }
	| UNROLL '(' expression ')' statement { $$ = stmt_body(p, STMT_UNROLL, $3, $5, NULL, @$); }
	| DELETE expression ';'		{ $$ = stmt_delete(p, $2, @$); }
	| RETURN ';'			{ $$ = stmt_plain(p, STMT_RETURN, @$); }
	| BREAK ';'			{ $$ = stmt_plain(p, STMT_BREAK, @$); }
	| CONTINUE ';'			{ $$ = stmt_plain(p, STMT_CONTINUE, @$); }
	| LET let_name ';'			{ $$ = stmt_let(p, $2, NULL, NULL, @$); }
	| LET let_name '=' assignment ';'	{ $$ = stmt_let(p, $2, NULL, $4, @$); }
	| LET let_name ':' type_name ';'	{ $$ = stmt_let(p, $2, $4, NULL, @$); }
	| LET let_name ':' type_name '=' assignment ';' { $$ = stmt_let(p, $2, $4, $6, @$); }
	| expression ';'		{ $$ = stmt_expr(p, $1, @1); }
	| ';'				{ $$ = stmt_block(p, NULL, @$); }
	| error ';'			{ $$ = stmt_block(p, NULL, @$); yyerrok; }
	;

optional
	: %empty			{ $$ = NULL; }
	| expression
	;

local
	: DOLLAR			{ $$ = expr_name(p, EXPR_DOLLAR, $1, @$, @$); }
	;

let_name
	: local
	| IDENT				{ $$ = expr_name(p, EXPR_NAME, $1, @$, @$); }
	;

/* Declarations. */

declaration
	: INLINE type_spec stars IDENT '=' assignment ';'
		{ item_inline(p, type_name_derive(p, $2, $3, NULL, @2), $4, NULL, $6, @4, @$); }
	| INLINE type_spec stars IDENT '[' keys ']' '=' assignment ';'
		{ item_inline(p, type_name_derive(p, $2, $3, NULL, @2), $4, $6.first, $9, @4, @$); }
	| TYPEDEF type_spec declarators ';' { item_declare(p, DECL_TYPEDEF, VAR_GLOBAL, $2, $3.first, @$); }
	| EXTERN type_spec declarators ';' { item_declare(p, DECL_EXTERN, VAR_GLOBAL, $2, $3.first, @$); }
	| type_spec ';'			{ item_declare(p, DECL_TYPE, VAR_GLOBAL, $1, NULL, @$); }
	| type_spec variables ';'	{ item_declare(p, DECL_VARIABLE, VAR_GLOBAL, $1, $2.first, @$); }
	| SELF type_spec variables ';'	{ item_declare(p, DECL_VARIABLE, VAR_SELF, $2, $3.first, @$); }
	| THIS type_spec variables ';'	{ item_declare(p, DECL_VARIABLE, VAR_THIS, $2, $3.first, @$); }
	| TRANSLATOR type_spec stars '<' type_spec stars IDENT '>' translation_block ';'
		{ item_translator(p, type_name_derive(p, $2, $3, NULL, @2), type_name_derive(p, $5, $6, NULL, @5), $7,
				  $9.first, @$); }
	| PRAGMA			{ item_words(p, DECL_PRAGMA, $1, @$); }
	| PROVIDER			{ item_words(p, DECL_PROVIDER, $1, @$); }
	;

variables
	: stars IDENT			{ $$ = list_add((typeof($$)){ 0 }, declarator_new(p, $1, $2, NULL, @2)); }
	| variables ',' stars IDENT	{ $$ = list_add($1, declarator_new(p, $3, $4, NULL, @4)); }
	| variables '[' keys ']'	{ $$ = $1; $$.last->keys = $3.first; }
	| variables '[' INT ']'		{ $$ = $1; declarator_dimension(p, $$.last, expr_literal(p, EXPR_INT, $3, @3)); }
	;

declarators
	: declarator			{ $$ = list_add((typeof($$)){ 0 }, $1); }
	| declarators ',' declarator	{ $$ = list_add($1, $3); }
	;

declarator
	: stars IDENT dimensions	{ $$ = declarator_new(p, $1, $2, $3, @2); }
	| stars IDENT '(' parameters ')' { $$ = declarator_function(p, 0, $2, $4.first, @2); }
	| stars '(' stars IDENT ')' '(' parameters ')' { $$ = declarator_function(p, $3, $4, $7.first, @4); }
	;

keys
	: key				{ $$ = list_add((typeof($$)){ 0 }, $1); }
	| keys ',' key			{ $$ = list_add($1, $3); }
	;

key
	: type_spec stars		{ $$ = param_new(p, type_name_derive(p, $1, $2, NULL, @$), NULL, @$); }
	| type_spec stars IDENT		{ $$ = param_new(p, type_name_derive(p, $1, $2, NULL, @$), $3.text, @3); }
	;

parameters
	: %empty			{ $$ = (typeof($$)){ 0 }; }
	| parameter_list
	| parameter_list ',' ELLIPSIS
	;

parameter_list
	: parameter			{ $$ = list_add((typeof($$)){ 0 }, $1); }
	| parameter_list ',' parameter	{ $$ = list_add($1, $3); }
	;

parameter
	: key
	| type_spec stars IDENT '[' ']'	{ $$ = param_new(p, type_name_derive(p, $1, $2 + 1, NULL, @$), $3.text, @3); }
	;

translation_block
	: '{' translations '}'		{ $$ = $2; }
	| '{' translations error '}'	{ $$ = $2; yyerrok; }
	;

translations
	: %empty			{ $$ = (typeof($$)){ 0 }; }
	| translations IDENT '=' assignment ';' { $$ = list_add($1, translation_new(p, $2, $4, @2)); }
	| translations error ';'	{ $$ = $1; yyerrok; }
	;

/* Types. */

type_name
	: type_spec stars dimensions	{ $$ = type_name_derive(p, $1, $2, $3, @$); }
	;

type_spec
	: type_words			{ $$ = type_name_new(p, TN_NAMED, $1, @$); }
	| IDENT				{ $$ = type_name_new(p, TN_NAMED, $1.text, @$); }
	| struct_or_union IDENT		{ $$ = type_name_new(p, $1, $2.text, @$); }
	| struct_or_union member_block	{ $$ = type_name_members(type_name_new(p, $1, NULL, @$), $2.first); }
	| struct_or_union IDENT member_block { $$ = type_name_members(type_name_new(p, $1, $2.text, @$), $3.first); }
	| ENUM IDENT			{ $$ = type_name_new(p, TN_ENUM, $2.text, @$); }
	| ENUM enumerator_block		{ $$ = type_name_enumerators(type_name_new(p, TN_ENUM, NULL, @$), $2.first); }
	| ENUM IDENT enumerator_block	{ $$ = type_name_enumerators(type_name_new(p, TN_ENUM, $2.text, @$), $3.first); }
	;

type_words
	: TYPE_WORD			{ $$ = $1.text; }
	| type_words TYPE_WORD		{ $$ = arena_printf(p->arena, "%s %s", $1, $2.text); }
	;

struct_or_union
	: STRUCT			{ $$ = TN_STRUCT; }
	| UNION				{ $$ = TN_UNION; }
	;

stars
	: %empty			{ $$ = 0; }
	| stars '*'			{ $$ = $1 + 1; }
	;

dimensions
	: %empty			{ $$ = NULL; }
	| dimensions '[' ']'		{ $$ = exprs_add(p, $1, NULL); }
	| dimensions '[' conditional ']' { $$ = exprs_add(p, $1, $3); }
	;

member_block
	: '{' members '}'		{ $$ = $2; }
	| '{' members error '}'		{ $$ = $2; yyerrok; }
	;

members
	: %empty			{ $$ = (typeof($$)){ 0 }; }
	| members member		{ $$ = list_add($1, $2.first); }
	;

member
	: type_spec ';'			{ $$ = (typeof($$)){ .first = members_new(p, $1, NULL) }; }
	| type_spec member_declarators ';' { $$ = (typeof($$)){ .first = members_new(p, $1, $2.first) }; }
	| error ';'			{ $$ = (typeof($$)){ 0 }; yyerrok; }
	;

member_declarators
	: member_declarator		{ $$ = list_add((typeof($$)){ 0 }, $1); }
	| member_declarators ',' member_declarator { $$ = list_add($1, $3); }
	;

member_declarator
	: declarator
	| declarator ':' conditional	{ $$ = $1; $$->bits = $3; }
	| ':' conditional		{ $$ = declarator_new(p, 0, (struct token){ 0 }, NULL, @$); $$->bits = $2; }
	;

enumerator_block
	: '{' enumerators '}'		{ $$ = $2; }
	| '{' enumerators ',' '}'	{ $$ = $2; }
	| '{' error '}'			{ $$ = (typeof($$)){ 0 }; yyerrok; }
	;

enumerators
	: enumerator			{ $$ = list_add((typeof($$)){ 0 }, $1); }
	| enumerators ',' enumerator	{ $$ = list_add($1, $3); }
	;

enumerator
	: IDENT				{ $$ = enumerator_new(p, $1, NULL, @1); }
	| IDENT '=' conditional		{ $$ = enumerator_new(p, $1, $3, @1); }
	;

/* Expressions. */

expression
	: assignment
	| expression ',' assignment	{ $$ = expr_comma(p, $1, $3); }
	;

assignment
	: conditional
	| unary assign_op assignment	{ $$ = expr_assign(p, $2, $1, $3, @2); }
	;

assign_op
	: '='				{ $$ = OP_NONE; }
	| ADD_ASSIGN			{ $$ = OP_ADD; }
	| SUB_ASSIGN			{ $$ = OP_SUB; }
	| MUL_ASSIGN			{ $$ = OP_MUL; }
	| DIV_ASSIGN			{ $$ = OP_DIV; }
	| MOD_ASSIGN			{ $$ = OP_MOD; }
	| AND_ASSIGN			{ $$ = OP_AND; }
	| OR_ASSIGN			{ $$ = OP_OR; }
	| XOR_ASSIGN			{ $$ = OP_XOR; }
	| SHL_ASSIGN			{ $$ = OP_SHL; }
	| SHR_ASSIGN			{ $$ = OP_SHR; }
	;

conditional
	: binary
	| binary '?' expression ':' conditional { $$ = expr_cond(p, $1, $3, $5, @2); }
	;

binary
	: unary
	| binary LOR binary		{ $$ = expr_binary(p, OP_LOR, $1, $3, @2); }
	| binary LXOR binary		{ $$ = expr_binary(p, OP_LXOR, $1, $3, @2); }
	| binary LAND binary		{ $$ = expr_binary(p, OP_LAND, $1, $3, @2); }
	| binary '|' binary		{ $$ = expr_binary(p, OP_OR, $1, $3, @2); }
	| binary '^' binary		{ $$ = expr_binary(p, OP_XOR, $1, $3, @2); }
	| binary '&' binary		{ $$ = expr_binary(p, OP_AND, $1, $3, @2); }
	| binary EQ binary		{ $$ = expr_binary(p, OP_EQ, $1, $3, @2); }
	| binary NE binary		{ $$ = expr_binary(p, OP_NE, $1, $3, @2); }
	| binary '<' binary		{ $$ = expr_binary(p, OP_LT, $1, $3, @2); }
	| binary LE binary		{ $$ = expr_binary(p, OP_LE, $1, $3, @2); }
	| binary '>' binary		{ $$ = expr_binary(p, OP_GT, $1, $3, @2); }
	| binary GE binary		{ $$ = expr_binary(p, OP_GE, $1, $3, @2); }
	| binary SHL binary		{ $$ = expr_binary(p, OP_SHL, $1, $3, @2); }
	| binary SHR binary		{ $$ = expr_binary(p, OP_SHR, $1, $3, @2); }
	| binary '+' binary		{ $$ = expr_binary(p, OP_ADD, $1, $3, @2); }
	| binary '-' binary		{ $$ = expr_binary(p, OP_SUB, $1, $3, @2); }
	| binary '*' binary		{ $$ = expr_binary(p, OP_MUL, $1, $3, @2); }
	| binary '/' binary		{ $$ = expr_binary(p, OP_DIV, $1, $3, @2); }
	| binary '%' binary		{ $$ = expr_binary(p, OP_MOD, $1, $3, @2); }
	;

unary
	: postfix
	| '-' unary			{ $$ = expr_unary(p, EXPR_UNARY, OP_NEG, $2, @$, @1); }
	| '+' unary			{ $$ = expr_unary(p, EXPR_UNARY, OP_PLUS, $2, @$, @1); }
	| '!' unary			{ $$ = expr_unary(p, EXPR_UNARY, OP_NOT, $2, @$, @1); }
	| '~' unary			{ $$ = expr_unary(p, EXPR_UNARY, OP_COMPL, $2, @$, @1); }
	| '*' unary			{ $$ = expr_unary(p, EXPR_UNARY, OP_DEREF, $2, @$, @1); }
	| '&' unary			{ $$ = expr_unary(p, EXPR_UNARY, OP_ADDR, $2, @$, @1); }
	| INC unary			{ $$ = expr_unary(p, EXPR_PREFIX, OP_INC, $2, @$, @1); }
	| DEC unary			{ $$ = expr_unary(p, EXPR_PREFIX, OP_DEC, $2, @$, @1); }
	| CAST type_name ')' unary	{ $$ = expr_typed(p, EXPR_CAST, $2, $4, @$); }
	| SIZEOF unary			{ $$ = expr_typed(p, EXPR_SIZEOF, NULL, $2, @$); }
	| SIZEOF_TYPE '(' type_name ')'	{ $$ = expr_typed(p, EXPR_SIZEOF, $3, NULL, @$); }
	| STRINGOF unary		{ $$ = expr_call(p, $1, exprs_add(p, NULL, $2), @$, @1); }
	;

postfix
	: primary
	| postfix '[' argument_list ']'	{ $$ = expr_index(p, $1, $3, @$); }
	| postfix '.' IDENT		{ $$ = expr_member(p, EXPR_MEMBER, $1, $3, @3); }
	| postfix '.' INT		{ $$ = expr_member(p, EXPR_MEMBER, $1, $3, @3); }
	| postfix ARROW IDENT		{ $$ = expr_member(p, EXPR_ARROW, $1, $3, @3); }
	| postfix '.' IDENT '(' arguments ')' { $$ = expr_method(p, $1, $3, $5, @$, @3); }
	| postfix INC			{ $$ = expr_unary(p, EXPR_POSTFIX, OP_INC, $1, @$, @2); }
	| postfix DEC			{ $$ = expr_unary(p, EXPR_POSTFIX, OP_DEC, $1, @$, @2); }
	;

primary
	: IDENT				{ $$ = expr_name(p, EXPR_NAME, $1, @$, @$); }
	| MAP				{ $$ = expr_name(p, EXPR_MAP, $1, @$, @$); }
	| DOLLAR			{ $$ = expr_name(p, EXPR_DOLLAR, $1, @$, @$); }
	| SELF ARROW IDENT		{ $$ = expr_name(p, EXPR_SELF, $3, @$, @3); }
	| THIS ARROW IDENT		{ $$ = expr_name(p, EXPR_THIS, $3, @$, @3); }
	| BACKTICK			{ $$ = expr_literal(p, EXPR_BACKTICK, $1, @$); }
	| INT				{ $$ = expr_literal(p, EXPR_INT, $1, @$); }
	| CHARACTER			{ $$ = expr_literal(p, EXPR_INT, $1, @$); }
	| strings			{ $$ = expr_literal(p, EXPR_STRING, $1, @$); }
	| IDENT '(' arguments ')'	{ $$ = expr_call(p, $1, $3, @$, @1); }
	| '(' expression ')'		{ $$ = expr_parens(p, $2, @$); }
	| OFFSETOF '(' type_name ',' path ')' { $$ = expr_offsetof($3, $5, @$); }
	| CONTAINER_OF '(' assignment ',' type_name ',' path ')' { $$ = expr_container_of(p, $3, $5, $7, @$); }
	| XLATE '<' type_name '>' '(' expression ')' { $$ = expr_typed(p, EXPR_XLATE, $3, $6, @$); }
	;

strings
	: STRING
	| strings STRING		{ $$ = strings_join(p, $1, $2); }
	;

arguments
	: %empty			{ $$ = NULL; }
	| argument_list
	;

argument_list
	: argument			{ $$ = exprs_add(p, NULL, $1); }
	| argument_list ',' argument	{ $$ = exprs_add(p, $1, $3); }
	;

argument
	: assignment
	| type_argument stars		{ $$ = expr_typed(p, EXPR_TYPE, type_name_derive(p, $1, $2, NULL, @$), NULL, @$); }
	;

type_argument
	: type_words			{ $$ = type_name_new(p, TN_NAMED, $1, @$); }
	| struct_or_union IDENT		{ $$ = type_name_new(p, $1, $2.text, @$); }
	| ENUM IDENT			{ $$ = type_name_new(p, TN_ENUM, $2.text, @$); }
	;

path
	: IDENT				{ $$ = expr_path(p, $1.text, @$); }
	| path '.' IDENT		{ $$ = path_member(p, $1, $3.text, @$); }
	| path '[' conditional ']'	{ $$ = path_index(p, $1, $3, @$); }
	;

%%

static int yyreport_syntax_error(const yypcontext_t *context, struct parse *p)
{
	yysymbol_kind_t kinds[YYNTOKENS];
	const char *names[YYNTOKENS];
	int n = yypcontext_expected_tokens(context, kinds, YYNTOKENS);

	for (int i = 0; i < n; i++)
		names[i] = yysymbol_name(kinds[i]);
	parse_syntax_error(p, p->prev, *yypcontext_location(context), names, n);
	return 0;
}

/* Only bison's own stack can be the reason. */
static void parser_error(const struct span *span, struct parse *p, const char *message)
{
	(void)message;
	parse_too_deep(p, *span);
}

/* Counts lines as it goes: tokens come in the order of the text. */
void tokens_trace(struct parse *p, int token, const union value *value, struct span span)
{
	uint32_t pos = span.pos - p->base, len;
	const char *text = p->text + pos;

	for (; p->traced < pos; p->traced++) {
		p->trace_column++;
		if (p->text[p->traced] == '\n') {
			p->trace_line++;
			p->trace_column = 0;
		}
	}
	len = (uint32_t)strcspn(text, "\n");
	fprintf(p->trace, "%u:%u %s", p->trace_line + 1, p->trace_column + 1, yysymbol_name(YYTRANSLATE(token)));
	if (span.len)
		fprintf(p->trace, " %.*s", (int)(len < span.len ? len : span.len), text);
	if (token == SPEC && value->spec)
		vec_foreach(part, &value->spec->parts)
			fprintf(p->trace, "%s%s", part == value->spec->parts.data ? " = " : " | ", part->text);
	fputc('\n', p->trace);
}
