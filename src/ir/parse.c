// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the text form, by recursive descent, a line a value. Values and blocks may be named before they are made: they
 * stand empty until their line comes. Constants become values of their own in front of what uses them; those of a PHI at
 * the end of the predecessor.
 */
#include "ir/edit.h"
#include "ir/names.h"

#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_MAX = 1 << 20 };		/* of values, blocks, slots in a text */

/* A PHI's operand, given to it when all edges are there */
struct phi_operand {
	struct ir_value *phi, *v;
	struct ir_block *from;
};

struct parser {
	struct arena *arena;
	const char *at;
	unsigned line;
	const char *error;
	jmp_buf failed;

	struct ir_module *module;
	struct ir_program *program;
	struct ir_func *func;
	struct ir_block *block;
	VEC(struct ir_value *) values;		/* by number in the text */
	VEC(struct ir_block *) blocks;
	VEC(struct phi_operand) phi_operands;
};

__attribute__((format(printf, 2, 3), noreturn))
static void fail(struct parser *p, const char *fmt, ...)
{
	va_list ap;
	const char *text;

	va_start(ap, fmt);
	text = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	p->error = arena_printf(p->arena, "line %u: %s", p->line, text);
	longjmp(p->failed, 1);
}

/* What stands on the line, for a message. */
static const char *rest(const struct parser *p)
{
	return arena_strndup(p->arena, p->at, strcspn(p->at, "\n"));
}

/* ---- words ---- */

static void skip_blanks(struct parser *p)
{
	while (*p->at == ' ' || *p->at == '\t')
		p->at++;
}

static bool accept(struct parser *p, const char *punct)
{
	size_t len = strlen(punct);

	skip_blanks(p);
	if (strncmp(p->at, punct, len))
		return false;
	p->at += len;
	return true;
}

static void expect(struct parser *p, const char *punct)
{
	if (!accept(p, punct))
		fail(p, "expected '%s' at '%s'", punct, rest(p));
}

static bool is_word(int c)
{
	return isalnum(c) || c == '_';
}

static const char *word(struct parser *p)
{
	const char *begin;

	skip_blanks(p);
	begin = p->at;
	while (is_word((unsigned char)*p->at))
		p->at++;
	if (p->at == begin)
		fail(p, "expected a word at '%s'", rest(p));
	return arena_strndup(p->arena, begin, (size_t)(p->at - begin));
}

static bool accept_word(struct parser *p, const char *w)
{
	size_t len = strlen(w);

	skip_blanks(p);
	if (strncmp(p->at, w, len) || is_word((unsigned char)p->at[len]))
		return false;
	p->at += len;
	return true;
}

/* The place of the next word in a list. */
static unsigned word_of(struct parser *p, const char *const *list, const char *what)
{
	const char *w = word(p);

	for (unsigned i = 0; list[i]; i++)
		if (!strcmp(w, list[i]))
			return i;
	fail(p, "no %s '%s'", what, w);
}

static int64_t integer(struct parser *p)
{
	char *end;
	int64_t n;

	skip_blanks(p);
	errno = 0;
	/* an unsigned number too, of the same bits */
	n = *p->at == '-' ? strtoll(p->at, &end, 0) : (int64_t)strtoull(p->at, &end, 0);
	if (end == p->at || errno || !(isdigit((unsigned char)*p->at) || *p->at == '-'))
		fail(p, "expected a number at '%s'", rest(p));
	p->at = end;
	return n;
}

static unsigned number(struct parser *p)
{
	int64_t n = integer(p);

	if (n < 0 || n > INT32_MAX)
		fail(p, "number out of range");
	return (unsigned)n;
}

static const char *quoted(struct parser *p)
{
	char *text, *to;

	expect(p, "\"");
	text = to = arena_alloc(p->arena, strcspn(p->at, "\n") + 1);
	while (*p->at != '"') {
		if (*p->at == '\\' && p->at[1] && p->at[1] != '\n')
			p->at++;
		if (!*p->at || *p->at == '\n')
			fail(p, "string does not end");
		*to++ = *p->at++;
	}
	p->at++;
	return text;
}

static bool is_end_of_line(struct parser *p)
{
	skip_blanks(p);
	return !*p->at || *p->at == '\n' || *p->at == '#';
}

static void end_of_line(struct parser *p)
{
	if (!is_end_of_line(p))
		fail(p, "unexpected '%s'", rest(p));
}

/* To the next line that has something on it other than a # comment; false at the end. */
static bool next_line(struct parser *p)
{
	for (;;) {
		skip_blanks(p);
		if (*p->at == '#')
			p->at += strcspn(p->at, "\n");
		if (*p->at != '\n')
			return *p->at;
		p->at++;
		p->line++;
	}
}

/* ---- what is referred to by number ---- */

static unsigned numbered(struct parser *p)
{
	unsigned n = number(p);

	if (n >= NUMBER_MAX)
		fail(p, "number out of range");
	return n;
}

static struct map_def *map(struct parser *p)
{
	unsigned n;

	expect(p, "@");
	n = number(p);
	if (n >= p->module->maps.len)
		fail(p, "no map @%u", n);
	return p->module->maps.data[n];
}

static struct ir_value *value_numbered(struct parser *p)
{
	unsigned n = numbered(p);

	while (p->values.len <= n)
		*vec_add(&p->values) = NULL;
	if (!p->values.data[n])
		p->values.data[n] = ir_value_new(p->arena, p->func, IR_OP_COUNT, IR_VOID, 0);
	return p->values.data[n];
}

static struct ir_block *block(struct parser *p)
{
	unsigned n;

	expect(p, "b");
	n = numbered(p);
	while (p->blocks.len <= n)
		*vec_add(&p->blocks) = NULL;
	if (!p->blocks.data[n])
		p->blocks.data[n] = ir_block_new(p->arena, p->func);
	return p->blocks.data[n];
}

static struct ir_slot *slot(struct parser *p)
{
	unsigned n;
	struct ir_slot *s;

	expect(p, "$");
	n = numbered(p);
	while (p->func->slots.len <= n) {
		s = arena_new(p->arena, struct ir_slot);
		s->id = p->func->slots.len;
		s->align = 1;
		*arena_vec_add(p->arena, &p->func->slots) = s;
	}
	s = p->func->slots.data[n];
	if (accept(p, "\"")) {
		p->at--;
		s->name = quoted(p);
	}
	expect(p, "[");
	s->size = number(p);
	if (!accept_word(p, "align"))
		fail(p, "expected 'align'");
	s->align = number(p);
	s->indexed = accept_word(p, "indexed");
	s->rewritten = accept_word(p, "rewritten");
	expect(p, "]");
	return s;
}

static struct ir_func *func_named(struct parser *p, const char *name)
{
	vec_foreach(f, &p->program->funcs)
		if (!strcmp((*f)->name, name))
			return *f;
	fail(p, "no function '%s'", name);
}

static struct ir_value *constant(struct parser *p, int64_t n)
{
	struct ir_value *v = ir_value_new(p->arena, p->func, IR_CONST, IR_I64, 0);

	v->imm = n;
	return v;
}

/* %n, or a constant, which is put into no block yet */
static struct ir_value *operand(struct parser *p)
{
	if (accept(p, "%"))
		return value_numbered(p);
	return constant(p, integer(p));
}

/* ---- values ---- */

static void add_arg(struct parser *p, struct ir_value *v, struct ir_value *arg)
{
	ir_phi_grow(p->arena, v, v->nargs + 1);
	v->args[v->nargs - 1] = arg;
	if (ir_is_const(arg) && !arg->block && v->op != IR_PHI)
		ir_append(p->block, arg);
}

static void parse_operands(struct parser *p, struct ir_value *v)
{
	if (is_end_of_line(p))
		return;
	do
		add_arg(p, v, operand(p));
	while (accept(p, ","));
}

static void parse_at(struct parser *p, struct ir_value *v)
{
	add_arg(p, v, operand(p));
	if (accept(p, "-")) {
		v->imm = (int64_t)-(uint64_t)integer(p);
	} else {
		expect(p, "+");
		v->imm = integer(p);
	}
	while (accept(p, ","))
		add_arg(p, v, operand(p));
}

/* The last of the operands read is the size, a constant. */
static void size_from_last(struct parser *p, struct ir_value *v)
{
	struct ir_value *last;

	parse_operands(p, v);
	last = v->nargs ? v->args[v->nargs - 1] : NULL;
	if (!last || !ir_is_const(last))
		fail(p, "expected a size");
	v->imm = last->imm;
	v->nargs--;
	ir_unlink(last);
}

static void parse_phi(struct parser *p, struct ir_value *v)
{
	v->type = (enum ir_type)word_of(p, ir_type_names, "type");
	do {
		struct phi_operand *o = vec_add(&p->phi_operands);

		o->phi = v;
		o->from = block(p);
		expect(p, ":");
		o->v = operand(p);
	} while (accept(p, ","));
}

static void edge(struct parser *p, unsigned n)
{
	struct ir_block *to = block(p);

	p->block->succ[n] = to;
	*arena_vec_add(p->arena, &to->preds) = p->block;
}

static enum ir_helper helper(struct parser *p)
{
	const char *w = word(p);

	for (unsigned i = 0; i < IR_HELPER_COUNT; i++)
		if (!strcmp(ir_helpers[i].name, w))
			return i;
	fail(p, "no helper '%s'", w);
}

static enum ir_op operation(struct parser *p)
{
	const char *w = word(p);

	for (unsigned i = 0; i < IR_OP_COUNT; i++)
		if (i != IR_CONST && !strcasecmp(ir_ops[i].name, w))
			return i;
	fail(p, "no operation '%s'", w);
}

static void parse_param(struct parser *p, struct ir_value *v)
{
	v->imm = number(p);
	if (v->imm >= p->func->params.len)
		fail(p, "no parameter %d", (int)v->imm);
	v->type = p->func->params.data[v->imm];
}

/* What stands behind the operation's name. */
static void parse_rest(struct parser *p, struct ir_value *v)
{
	switch (v->op) {
	case IR_PARAM:
		parse_param(p, v);
		break;
	case IR_SLOT:
		v->slot = slot(p);
		break;
	case IR_MAP:
		v->map = map(p);
		break;
	case IR_DATA:
		v->map = map(p);
		expect(p, "+");
		v->imm = integer(p);
		break;
	case IR_PATCH:
		v->imm = word_of(p, ir_patch_names, "constant");
		break;
	case IR_LOOKUP: case IR_ENTRY: case IR_REMOVE:
		v->map = map(p);
		parse_operands(p, v);
		break;
	case IR_CALL:
		v->helper = helper(p);
		v->type = ir_helpers[v->helper].result;
		parse_operands(p, v);
		break;
	case IR_FUNC: case IR_CALLF:
		v->func = func_named(p, word(p));
		if (v->op == IR_CALLF)
			v->type = v->func->result;
		parse_operands(p, v);
		break;
	case IR_PADD:
	case IR_LOAD: case IR_LOADP: case IR_STORE: case IR_AADD: case IR_FETCHADD: case IR_XCHG: case IR_CMPXCHG:
		parse_at(p, v);
		break;
	case IR_COPY: case IR_ZERO:
		size_from_last(p, v);
		break;
	case IR_PHI:
		parse_phi(p, v);
		break;
	case IR_JMP:
		edge(p, 0);
		break;
	case IR_BR:
		add_arg(p, v, operand(p));
		expect(p, ",");
		edge(p, 0);
		expect(p, ",");
		edge(p, 1);
		break;
	default:
		parse_operands(p, v);
	}
}

static void parse_value(struct parser *p)
{
	struct ir_value *v = NULL;
	enum ir_op op;

	if (!p->block)
		fail(p, "a value in no block");
	if (accept(p, "%")) {
		v = value_numbered(p);
		if (v->op != IR_OP_COUNT)
			fail(p, "a value's number is given twice");
		expect(p, "=");
	}
	op = operation(p);
	if (!v)
		v = ir_value_new(p->arena, p->func, op, IR_VOID, 0);
	v->op = op;
	if (ir_ops[op].result == IR_RESULT_I64 || ir_ops[op].result == IR_RESULT_PTR)
		v->type = (enum ir_type)ir_ops[op].result;
	if (ir_ops[op].flags & IR_F_SIZE) {
		expect(p, ".");
		v->size = number(p);
	}
	parse_rest(p, v);
	ir_append(p->block, v);
}

/* ---- functions ---- */

static void parse_block(struct parser *p)
{
	struct ir_block *b = block(p);

	expect(p, ":");
	vec_foreach(known, &p->func->blocks)
		if (*known == b)
			fail(p, "a block's number is given twice");
	b->id = p->func->blocks.len;
	b->unlikely = accept_word(p, "unlikely");
	*arena_vec_add(p->arena, &p->func->blocks) = b;
	p->block = b;
}

static void give_phi_operands(struct parser *p)
{
	vec_foreach(o, &p->phi_operands) {
		int at = ir_pred_index(o->phi->block, o->from);

		if (at < 0)
			fail(p, "a phi's operand comes from a block that does not lead to it");
		ir_phi_grow(p->arena, o->phi, o->phi->block->preds.len);
		if (ir_is_const(o->v) && !o->v->block) {
			if (!o->from->last)
				fail(p, "an empty block");
			ir_insert_before(o->from->last, o->v);
		}
		o->phi->args[at] = o->v;
	}
	p->phi_operands.len = 0;
}

static void finish_func(struct parser *p)
{
	if (!p->func)
		return;
	if (!p->func->blocks.len)
		fail(p, "a function without blocks");
	give_phi_operands(p);
	for (unsigned i = 0; i < p->values.len; i++)
		if (p->values.data[i] && p->values.data[i]->op == IR_OP_COUNT)
			fail(p, "%%%u is used but not there", i);
	for (unsigned i = 0; i < p->blocks.len; i++)
		if (p->blocks.data[i] && !p->blocks.data[i]->last)
			fail(p, "b%u is empty or not there", i);
	ir_renumber(p->func);
	p->func = NULL;
	p->block = NULL;
	p->values.len = p->blocks.len = 0;
}

/* The head: its types, up to the end of the line. */
static struct ir_func *parse_head(struct parser *p)
{
	struct ir_func *f = arena_new(p->arena, struct ir_func);

	f->name = word(p);
	f->program = p->program;
	f->result = IR_I64;
	expect(p, "(");
	if (accept_word(p, "ctx")) {
		expect(p, ")");
	} else {
		while (!accept(p, ")")) {
			*arena_vec_add(p->arena, &f->params) = (enum ir_type)word_of(p, ir_type_names, "type");
			accept(p, ",");
		}
		f->result = (enum ir_type)word_of(p, ir_type_names, "type");
		f->global = accept_word(p, "global");
	}
	return f;
}

/* Functions may be called before their text comes: all heads of the program first. */
static void parse_heads(struct parser *p)
{
	const char *at = p->at;
	unsigned line = p->line;

	p->at += strcspn(p->at, "\n");
	while (next_line(p) && !accept_word(p, "program")) {
		if (accept_word(p, "func"))
			*arena_vec_add(p->arena, &p->program->funcs) = parse_head(p);
		p->at += strcspn(p->at, "\n");
	}
	p->at = at;
	p->line = line;
}

static void parse_func(struct parser *p)
{
	finish_func(p);
	if (!p->program)
		fail(p, "a function in no program");
	p->func = func_named(p, parse_head(p)->name);
	if (p->func->blocks.len)
		fail(p, "a function's name is given twice");
}

static void parse_program(struct parser *p)
{
	const char *part = NULL;

	finish_func(p);
	p->program = arena_new(p->arena, struct ir_program);
	p->program->name = quoted(p);
	if (accept_word(p, "rest"))
		p->program->rest = map(p);
	if (accept_word(p, "scratch"))
		p->program->scratch = map(p);
	if (accept_word(p, "part"))
		part = word(p);
	*arena_vec_add(p->arena, &p->module->programs) = p->program;
	parse_heads(p);
	if (part)
		p->program->part = func_named(p, part);
}

/* ---- maps ---- */

static void parse_key(struct parser *p, struct map_def *m)
{
	expect(p, "(");
	m->key_size = 0;
	while (!accept(p, ")")) {
		struct key_field *field = arena_vec_add(p->arena, &m->key);

		field->memory = !accept(p, "u");
		field->size = number(p);
		if (!field->memory)
			field->size /= 8;
		field->offset = accept_word(p, "at") ? number(p) : m->key_size;
		m->key_size = field->offset + field->size;
		accept(p, ",");
	}
	if (accept_word(p, "size"))
		m->key_size = number(p);
}

static void parse_inner(struct parser *p, struct map_def *outer)
{
	skip_blanks(p);
	for (unsigned place = 0; *p->at == '@'; place++) {
		struct map_def *inner = map(p);

		inner->outer = outer;
		inner->place = place;
		skip_blanks(p);
	}
}

static void parse_map(struct parser *p)
{
	struct map_def *m = arena_new(p->arena, struct map_def);

	expect(p, "@");
	m->index = number(p);
	if (m->index != p->module->maps.len)
		fail(p, "maps are not in order");
	m->name = quoted(p);
	m->kind = (enum map_kind)word_of(p, ir_map_kind_names, "kind of map");
	m->drops = m->zeros = -1;
	for (;;) {
		if (accept_word(p, "key")) {
			parse_key(p, m);
		} else if (accept_word(p, "value")) {
			m->value_size = number(p);
		} else if (accept_word(p, "entries")) {
			m->entries = number(p);
		} else if (accept_word(p, "mmapable")) {
			m->mmapable = true;
		} else if (accept_word(p, "swapped")) {
			m->swapped = true;
		} else if (accept_word(p, "inner")) {
			parse_inner(p, m);
		} else if (accept_word(p, "percpu")) {
			m->percpu_base = number(p);
		} else if (accept_word(p, "stride")) {
			m->stride = number(p);
		} else if (accept_word(p, "drops")) {
			m->drops = integer(p);
		} else if (accept_word(p, "zeros")) {
			m->zeros = integer(p);
		} else {
			break;
		}
	}
	*arena_vec_add(p->arena, &p->module->maps) = m;
}

static void parse_data(struct parser *p)
{
	p->module->data = arena_new(p->arena, struct data_def);
	p->module->data->map = map(p);
}

static bool begins_block(const char *s)
{
	return *s == 'b' && s[1 + strspn(s + 1, "0123456789")] == ':';
}

static void parse_line(struct parser *p)
{
	if (accept_word(p, "map"))
		parse_map(p);
	else if (accept_word(p, "data"))
		parse_data(p);
	else if (accept_word(p, "program"))
		parse_program(p);
	else if (accept_word(p, "func"))
		parse_func(p);
	else if (!p->func)
		fail(p, "unexpected '%s'", rest(p));
	else if (begins_block(p->at))
		parse_block(p);
	else
		parse_value(p);
	end_of_line(p);
}

struct ir_module *ir_parse(struct arena *a, const char *text, const char **error)
{
	struct parser *p = arena_new(a, struct parser);

	p->arena = a;
	p->at = text;
	p->line = 1;
	p->module = arena_new(a, struct ir_module);
	p->module->arena = a;
	if (!setjmp(p->failed)) {
		while (next_line(p))
			parse_line(p);
		finish_func(p);
	}
	vec_free(&p->values);
	vec_free(&p->blocks);
	vec_free(&p->phi_operands);
	*error = p->error;
	return p->error ? NULL : p->module;
}
