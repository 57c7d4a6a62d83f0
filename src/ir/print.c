// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/ir.h"

#include "ir/names.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

struct printer {
	FILE *out;
	unsigned *number;	/* by value->id: the values that have a name, counted */
};

static void print_lower(FILE *out, const char *s)
{
	for (; *s; s++)
		putc(tolower((unsigned char)*s), out);
}

static void print_quoted(FILE *out, const char *s)
{
	putc('"', out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			putc('\\', out);
		putc(*s, out);
	}
	putc('"', out);
}

static void print_operand(const struct printer *p, const struct ir_value *v)
{
	if (!v)
		fputs("?", p->out);
	else if (ir_is_const(v))
		fprintf(p->out, "%" PRId64, v->imm);
	else
		fprintf(p->out, "%%%u", p->number[v->id]);
}

static void print_operands(const struct printer *p, const struct ir_value *v, unsigned from)
{
	for (unsigned i = from; i < v->nargs; i++) {
		fputs(i > from ? ", " : " ", p->out);
		print_operand(p, v->args[i]);
	}
}

static void print_phi(const struct printer *p, const struct ir_value *v)
{
	fputs(v->type == IR_PTR ? " ptr" : " i64", p->out);
	for (unsigned i = 0; i < v->nargs && i < v->block->preds.len; i++) {
		fprintf(p->out, "%s b%u: ", i ? "," : "", v->block->preds.data[i]->id);
		print_operand(p, v->args[i]);
	}
}

static void print_slot(FILE *out, const struct ir_slot *s)
{
	fprintf(out, " $%u", s->id);
	if (s->name) {
		putc(' ', out);
		print_quoted(out, s->name);
	}
	fprintf(out, " [%u align %u%s%s]", s->size, s->align, s->indexed ? " indexed" : "", s->rewritten ? " rewritten" : "");
}

/* PADD and the operations on memory at an offset: where, then what */
static void print_at(const struct printer *p, const struct ir_value *v)
{
	putc(' ', p->out);
	print_operand(p, v->args[0]);
	fprintf(p->out, " %c %" PRIu64, v->imm < 0 ? '-' : '+', v->imm < 0 ? -(uint64_t)v->imm : (uint64_t)v->imm);
	for (unsigned i = 1; i < v->nargs; i++) {
		fputs(", ", p->out);
		print_operand(p, v->args[i]);
	}
}

static void print_value(const struct printer *p, const struct ir_value *v)
{
	FILE *out = p->out;

	putc('\t', out);
	if (v->type != IR_VOID)
		fprintf(out, "%%%u = ", p->number[v->id]);
	print_lower(out, ir_ops[v->op].name);
	if (ir_ops[v->op].flags & IR_F_SIZE)
		fprintf(out, ".%u", v->size);
	switch (v->op) {
	case IR_PARAM:
		fprintf(out, " %" PRId64, v->imm);
		break;
	case IR_SLOT:
		print_slot(out, v->slot);
		break;
	case IR_MAP:
		fprintf(out, " @%u", v->map->index);
		break;
	case IR_DATA:
		fprintf(out, " @%u + %" PRId64, v->map->index, v->imm);
		break;
	case IR_PATCH:
		fprintf(out, " %s", ir_patch_names[v->imm]);
		break;
	case IR_LOOKUP: case IR_ENTRY: case IR_REMOVE:
		fprintf(out, " @%u", v->map->index);
		print_operands(p, v, 0);
		break;
	case IR_CALL:
		fprintf(out, " %s", ir_helpers[v->helper].name);
		print_operands(p, v, 0);
		break;
	case IR_FUNC: case IR_CALLF:
		fprintf(out, " %s", v->func->name);
		print_operands(p, v, 0);
		break;
	case IR_PADD:
	case IR_LOAD: case IR_LOADP: case IR_STORE: case IR_AADD: case IR_FETCHADD: case IR_XCHG: case IR_CMPXCHG:
		print_at(p, v);
		break;
	case IR_COPY: case IR_ZERO:
		print_operands(p, v, 0);
		fprintf(out, ", %" PRId64, v->imm);
		break;
	case IR_PHI:
		print_phi(p, v);
		break;
	case IR_JMP:
		fprintf(out, " b%u", v->block->succ[0]->id);
		break;
	case IR_BR:
		print_operands(p, v, 0);
		fprintf(out, ", b%u, b%u", v->block->succ[0]->id, v->block->succ[1]->id);
		break;
	default:
		print_operands(p, v, 0);
	}
	putc('\n', out);
}

static void print_head(FILE *out, const struct ir_func *f)
{
	fprintf(out, "func %s(", f->name);
	if (f->program->funcs.data[0] == f) {
		fputs("ctx)\n", out);
		return;
	}
	for (unsigned i = 0; i < f->params.len; i++)
		fprintf(out, "%s%s", i ? ", " : "", ir_type_names[f->params.data[i]]);
	fprintf(out, ") %s%s\n", ir_type_names[f->result], f->global ? " global" : "");
}

void ir_print_func(FILE *out, const struct ir_func *f)
{
	struct printer p = { out, xcalloc(f->nvalues, sizeof(unsigned)) };
	unsigned n = 0;

	vec_foreach(b, &f->blocks)
		for (struct ir_value *v = (*b)->first; v; v = v->next)
			if (v->type != IR_VOID && !ir_is_const(v))
				p.number[v->id] = n++;
	print_head(out, f);
	vec_foreach(b, &f->blocks) {
		fprintf(out, "b%u:%s\n", (*b)->id, (*b)->unlikely ? " unlikely" : "");
		for (struct ir_value *v = (*b)->first; v; v = v->next)
			if (!ir_is_const(v))
				print_value(&p, v);
	}
	free(p.number);
}

/* A field's offset is shown where it does not follow from what stands before it. */
static void print_key(FILE *out, const struct map_def *map)
{
	unsigned end = 0;

	if (!map->key_size && !map->key.len)
		return;
	fputs(" key(", out);
	vec_foreach(field, &map->key) {
		fprintf(out, field == map->key.data ? "" : ", ");
		if (field->memory)
			fprintf(out, "%u", field->size);
		else
			fprintf(out, "u%u", 8 * field->size);
		if (field->offset != end)
			fprintf(out, " at %u", field->offset);
		end = field->offset + field->size;
	}
	putc(')', out);
	if (map->key_size != end)
		fprintf(out, " size %u", map->key_size);
}

/* In the order of their places, which is that of the list. */
static void print_inner(FILE *out, const struct ir_module *m, const struct map_def *outer)
{
	fputs(" inner", out);
	vec_foreach(map, &m->maps)
		if ((*map)->outer == outer)
			fprintf(out, " @%u", (*map)->index);
}

static void print_map(FILE *out, const struct ir_module *m, const struct map_def *map)
{
	fprintf(out, "map @%u ", map->index);
	print_quoted(out, map->name);
	fprintf(out, " %s", ir_map_kind_names[map->kind]);
	print_key(out, map);
	if (map->value_size)
		fprintf(out, " value %u", map->value_size);
	if (map->entries)
		fprintf(out, " entries %u", map->entries);
	if (map->mmapable)
		fputs(" mmapable", out);
	if (map->stride)
		fprintf(out, " percpu %u stride %u", map->percpu_base, map->stride);
	if (map->swapped)
		fputs(" swapped", out);
	if (map->kind == MAP_OUTER)
		print_inner(out, m, map);
	if (map->drops >= 0)
		fprintf(out, " drops %" PRId64, map->drops);
	if (map->zeros >= 0)
		fprintf(out, " zeros %" PRId64, map->zeros);
	putc('\n', out);
}

void ir_print_module(FILE *out, const struct ir_module *m)
{
	vec_foreach(map, &m->maps)
		print_map(out, m, *map);
	if (m->data && m->data->map)
		fprintf(out, "data @%u\n", m->data->map->index);
	vec_foreach(p, &m->programs) {
		fputs("program ", out);
		print_quoted(out, (*p)->name);
		if ((*p)->rest)
			fprintf(out, " rest @%u", (*p)->rest->index);
		if ((*p)->scratch)
			fprintf(out, " scratch @%u", (*p)->scratch->index);
		if ((*p)->part)
			fprintf(out, " part %s", (*p)->part->name);
		putc('\n', out);
		vec_foreach(f, &(*p)->funcs)
			ir_print_func(out, *f);
	}
}
