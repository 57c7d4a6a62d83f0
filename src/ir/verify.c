// SPDX-License-Identifier: GPL-2.0-or-later
#include "ir/cfg.h"

#include "base/arena.h"
#include "ir/names.h"

#include <stdlib.h>
#include <string.h>

struct verifier {
	struct arena *arena;
	struct ir_func *func;
	struct ir_cfg cfg;
	struct ir_value **byid;		/* the value that has the number: what is in the function */
	unsigned *place;		/* by value->id: its place in its block, counted in list order */
	const char *message;
};

/* Keeps the first complaint. Always false. */
__attribute__((format(printf, 3, 4)))
static bool fail(struct verifier *vf, const struct ir_value *v, const char *fmt, ...)
{
	va_list ap;
	const char *text;

	if (vf->message)
		return false;
	va_start(ap, fmt);
	text = arena_vprintf(vf->arena, fmt, ap);
	va_end(ap);
	if (v)
		vf->message = arena_printf(vf->arena, "%s: b%u: %s: %s", vf->func->name, v->block ? v->block->id : 0,
					   ir_ops[v->op].name, text);
	else
		vf->message = arena_printf(vf->arena, "%s: %s", vf->func->name, text);
	return false;
}

static bool is_null(const struct ir_value *v)
{
	return ir_is_const(v) && !v->imm;
}

/* May v stand where an operand of this type is wanted? */
static bool suits(const struct ir_value *v, enum ir_type type)
{
	return v->type == type || (type == IR_PTR && is_null(v));
}

static bool check_type(struct verifier *vf, const struct ir_value *v, unsigned n, enum ir_type type, bool null_allowed)
{
	const struct ir_value *arg = v->args[n];

	if (arg->type != type && !(null_allowed && suits(arg, type)))
		return fail(vf, v, "operand %u is %s, not %s", n, ir_type_names[arg->type], ir_type_names[type]);
	return true;
}

static bool check_count(struct verifier *vf, const struct ir_value *v, unsigned n)
{
	return v->nargs == n || fail(vf, v, "%u operands, not %u", v->nargs, n);
}

/* As the letters of ops.def and helpers.def say. */
static bool check_letters(struct verifier *vf, const struct ir_value *v, const char *letters)
{
	if (!strcmp(letters, "*"))
		return true;
	if (!check_count(vf, v, (unsigned)strlen(letters)))
		return false;
	for (unsigned i = 0; letters[i]; i++) {
		switch (letters[i]) {
		case 'i':
			if (!check_type(vf, v, i, IR_I64, false))
				return false;
			break;
		case 'v':
			if (v->args[i]->type == IR_VOID)
				return fail(vf, v, "operand %u has no value", i);
			break;
		case 'm':
			if (!check_type(vf, v, i, IR_PTR, false))
				return false;
			break;
		case 'f':
			if (v->args[i]->op != IR_FUNC)
				return fail(vf, v, "operand %u is no function", i);
			break;
		default:
			if (!check_type(vf, v, i, IR_PTR, v->op == IR_CALL))
				return false;
		}
	}
	if (!strcmp(letters, "vv") && !suits(v->args[0], v->args[1]->type) && !suits(v->args[1], v->args[0]->type))
		return fail(vf, v, "operands of two types");
	return true;
}

static bool check_key(struct verifier *vf, const struct ir_value *v)
{
	const struct map_def *map = v->map;

	if (map->kind == MAP_RINGBUF || map->kind == MAP_PROG_ARRAY || map->kind == MAP_OUTER)
		return fail(vf, v, "a %s has no keys", ir_map_kind_names[map->kind]);
	if (!check_count(vf, v, map->key.len))
		return false;
	for (unsigned i = 0; i < map->key.len; i++)
		if (!check_type(vf, v, i, map->key.data[i].memory ? IR_PTR : IR_I64, false))
			return false;
	return true;
}

static bool is_of_program(const struct ir_program *p, const struct ir_func *f)
{
	return f && f->program == p;
}

static bool check_callee(struct verifier *vf, const struct ir_value *v)
{
	const struct ir_func *f = v->func;

	if (!is_of_program(vf->func->program, f))
		return fail(vf, v, "not a function of this program");
	if (v->op == IR_FUNC)
		return true;
	if (v->nargs > 5)
		return fail(vf, v, "more than 5 operands");
	if (!check_count(vf, v, f->params.len))
		return false;
	for (unsigned i = 0; i < v->nargs; i++)
		if (!check_type(vf, v, i, f->params.data[i], true))
			return false;
	return true;
}

static bool check_phi(struct verifier *vf, const struct ir_value *v)
{
	if (v->prev && v->prev->op != IR_PHI)
		return fail(vf, v, "not at the begin of its block");
	if (v->nargs != v->block->preds.len)
		return fail(vf, v, "%u operands for %u predecessors", v->nargs, v->block->preds.len);
	for (unsigned i = 0; i < v->nargs; i++)
		if (!check_type(vf, v, i, v->type, true))
			return false;
	return true;
}

static bool check_size(struct verifier *vf, const struct ir_value *v)
{
	bool fits = v->size == 4 || v->size == 8;

	if (v->op == IR_LOAD || v->op == IR_STORE || v->op == IR_SEXT || v->op == IR_ZEXT)
		fits |= v->size == 1 || v->size == 2;
	if (v->op == IR_BSWAP)
		fits |= v->size == 2;
	return fits || fail(vf, v, "size %u", v->size);
}

static enum ir_type result_type(const struct ir_value *v)
{
	switch (ir_ops[v->op].result) {
	case IR_RESULT_CALL:
		return v->op == IR_CALL ? ir_helpers[v->helper].result : v->func->result;
	case IR_RESULT_SAME:
		return v->type;
	default:
		return (enum ir_type)ir_ops[v->op].result;
	}
}

static bool check_object(struct verifier *vf, const struct ir_value *v)
{
	const struct ir_func *f = vf->func;
	bool is_main = f->program->funcs.data[0] == f;

	switch (v->op) {
	case IR_PARAM:
		if (is_main || v->imm < 0 || v->imm >= f->params.len || f->params.data[v->imm] != v->type)
			return fail(vf, v, "no such parameter");
		return true;
	case IR_CTX:
		return is_main || fail(vf, v, "only the main function has a context");
	case IR_PATCH:
		return v->imm == IR_PATCH_TARGET || fail(vf, v, "no such constant");
	case IR_SLOT:
		if (!v->slot || v->slot->id >= f->slots.len || f->slots.data[v->slot->id] != v->slot)
			return fail(vf, v, "not a slot of this function");
		if (!v->slot->size || !v->slot->align || v->slot->align > 8 || v->slot->align & (v->slot->align - 1))
			return fail(vf, v, "slot of size %u, alignment %u", v->slot->size, v->slot->align);
		return true;
	case IR_MAP:
		return v->map || fail(vf, v, "no map");
	case IR_DATA:
		if (!v->map || v->map->kind != MAP_ARRAY)
			return fail(vf, v, "no array map");
		return true;
	case IR_LOOKUP: case IR_ENTRY: case IR_REMOVE:
		return v->map ? check_key(vf, v) : fail(vf, v, "no map");
	case IR_FUNC: case IR_CALLF:
		return check_callee(vf, v);
	case IR_CALL:
		if ((unsigned)v->helper >= IR_HELPER_COUNT)
			return fail(vf, v, "no such helper");
		return check_letters(vf, v, ir_helpers[v->helper].arguments);
	case IR_PHI:
		return check_phi(vf, v);
	case IR_COPY: case IR_ZERO:
		return v->imm > 0 || fail(vf, v, "%lld bytes", (long long)v->imm);
	default:
		return true;
	}
}

static bool check_dominance(struct verifier *vf, const struct ir_value *v)
{
	for (unsigned i = 0; i < v->nargs; i++) {
		const struct ir_value *arg = v->args[i];
		const struct ir_block *at = v->op == IR_PHI ? v->block->preds.data[i] : v->block;

		if (arg->block == at && v->op != IR_PHI) {
			if (vf->place[arg->id] >= vf->place[v->id])
				return fail(vf, v, "operand %u comes later", i);
		} else if (!ir_dominates(&vf->cfg, arg->block, at)) {
			return fail(vf, v, "operand %u does not dominate its use", i);
		}
	}
	return true;
}

static bool check_value(struct verifier *vf, const struct ir_value *v)
{
	if ((unsigned)v->op >= IR_OP_COUNT)
		return fail(vf, NULL, "no such operation");
	if (v->op == IR_PHI ? !check_phi(vf, v) : !check_letters(vf, v, ir_ops[v->op].operands))
		return false;
	if (!check_object(vf, v))
		return false;
	if (ir_ops[v->op].flags & IR_F_SIZE && !check_size(vf, v))
		return false;
	if (v->type != result_type(v))
		return fail(vf, v, "its type is %s", ir_type_names[v->type]);
	return check_dominance(vf, v);
}

/* What the later checks lean on: the list, numbers, terminators and edges. */
static bool check_shape(struct verifier *vf)
{
	struct ir_func *f = vf->func;
	unsigned n = 0;

	if (!f->blocks.len)
		return fail(vf, NULL, "no blocks");
	for (unsigned i = 0; i < f->blocks.len; i++)
		f->blocks.data[i]->id = i;
	vec_foreach(b, &f->blocks) {
		if (!(*b)->last || !(ir_ops[(*b)->last->op].flags & IR_F_TERM))
			return fail(vf, NULL, "b%u has no terminator", (*b)->id);
		for (struct ir_value *v = (*b)->first; v; v = v->next, n++) {
			if (v->block != *b)
				return fail(vf, v, "in another block than it says");
			if ((v->next ? v->next->prev : (*b)->last) != v)
				return fail(vf, v, "not well linked");
			if (v->next && ir_ops[v->op].flags & IR_F_TERM)
				return fail(vf, v, "not at the end of its block");
			if (v->id >= f->nvalues || vf->byid[v->id])
				return fail(vf, v, "number %u is not its own", v->id);
			vf->byid[v->id] = v;
			vf->place[v->id] = n;
		}
	}
	return true;
}

static bool is_listed(const struct ir_func *f, const struct ir_block *b)
{
	return b->id < f->blocks.len && f->blocks.data[b->id] == b;
}

static bool check_targets(struct verifier *vf, const struct ir_block *b, unsigned *edges)
{
	static const unsigned char targets[IR_OP_COUNT] = { [IR_JMP] = 1, [IR_BR] = 2 };

	for (unsigned i = 0; i < 2; i++) {
		if (!!b->succ[i] != (i < targets[b->last->op]))
			return fail(vf, b->last, "target %u is %s", i, b->succ[i] ? "too many" : "missing");
		if (!b->succ[i])
			continue;
		if (!is_listed(vf->func, b->succ[i]))
			return fail(vf, b->last, "target %u is not in the function", i);
		if (b->succ[i] == vf->func->blocks.data[0])
			return fail(vf, b->last, "jump to the entry");
		edges[b->succ[i]->id]++;
	}
	if (b->last->op == IR_BR && b->succ[0] == b->succ[1])
		return fail(vf, b->last, "both targets are b%u", b->succ[0]->id);
	return true;
}

static bool check_preds(struct verifier *vf, const struct ir_block *b, unsigned edges, const struct ir_block **seen)
{
	vec_foreach(pred, &b->preds) {
		if (!is_listed(vf->func, *pred) || ((*pred)->succ[0] != b && (*pred)->succ[1] != b))
			return fail(vf, b->last, "a predecessor of b%u does not lead there", b->id);
		if (seen[(*pred)->id] == b)
			return fail(vf, b->last, "b%u is twice a predecessor of b%u", (*pred)->id, b->id);
		seen[(*pred)->id] = b;
	}
	if (b->preds.len != edges)
		return fail(vf, b->last, "%u predecessors of b%u, not %u", b->preds.len, b->id, edges);
	return true;
}

static bool check_edges(struct verifier *vf)
{
	struct ir_func *f = vf->func;
	unsigned *edges = xcalloc(f->blocks.len, sizeof(*edges));
	const struct ir_block **seen = xcalloc(f->blocks.len, sizeof(*seen));
	bool good = true;

	for (unsigned i = 0; good && i < f->blocks.len; i++)
		good = check_targets(vf, f->blocks.data[i], edges);
	for (unsigned i = 0; good && i < f->blocks.len; i++)
		good = check_preds(vf, f->blocks.data[i], edges[i], seen);
	free(edges);
	free(seen);
	return good;
}

static bool check_operands_exist(struct verifier *vf, const struct ir_value *v)
{
	for (unsigned i = 0; i < v->nargs; i++) {
		const struct ir_value *arg = v->args[i];

		if (!arg)
			return fail(vf, v, "operand %u is missing", i);
		if (!arg->block || arg->id >= vf->func->nvalues || vf->byid[arg->id] != arg)
			return fail(vf, v, "operand %u is not in the function", i);
	}
	return true;
}

static bool check(struct verifier *vf)
{
	struct ir_func *f = vf->func;

	if (!check_shape(vf) || !check_edges(vf))
		return false;
	ir_cfg_init(&vf->cfg, f);
	if (vf->cfg.n != f->blocks.len)
		return fail(vf, NULL, "a block that nothing reaches");
	vec_foreach(b, &f->blocks)
		for (struct ir_value *v = (*b)->first; v; v = v->next)
			if (!check_operands_exist(vf, v) || !check_value(vf, v))
				return false;
	return true;
}

const char *ir_verify(struct arena *a, struct ir_func *f)
{
	struct verifier vf = { .arena = a, .func = f, .byid = xcalloc(f->nvalues, sizeof(struct ir_value *)),
			       .place = xcalloc(f->nvalues, sizeof(unsigned)) };

	check(&vf);
	ir_cfg_deinit(&vf.cfg);
	free(vf.byid);
	free(vf.place);
	return vf.message;
}
