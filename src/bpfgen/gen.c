// SPDX-License-Identifier: GPL-2.0-or-later
#include "bpfgen/mach.h"

enum { RD = MF_RD, WD = MF_WD, RS = MF_RS, WS = MF_WS, R3 = MF_R3, PURE = MF_PURE, REMAT = MF_REMAT, CALL = MF_CALL, END = MF_END };

const uint16_t mach_flags[MACH_COUNT] = {
#define MACH(name, flags) [M_##name] = flags,
#include "bpfgen/mach.def"
#undef MACH
};

static void refuse(struct gen *g, const struct ir_func *f, const char *why)
{
	if (!g->failed)
		diag_error(g->diag, f->span, "TOO_LARGE", "this clause %s", why);
	g->failed = true;
}

static struct gen_func *reach(struct gen *g, struct ir_func *ir);

static void reach_callee(struct gen *g, struct gen_func *f, struct ir_func *ir)
{
	struct gen_func *c = reach(g, ir);

	if (!c->frames)
		refuse(g, f->ir, "calls itself");
	if (c->listed_by == f)
		return;
	c->listed_by = f;
	*arena_vec_add(g->arena, &f->callees) = c;
}

/* Collects the functions that are reached from one: it stands behind all that it calls. */
static struct gen_func *reach(struct gen *g, struct ir_func *ir)
{
	struct gen_func *f = ir->aux;
	unsigned frames = 0;

	if (f)
		return f;
	f = ir->aux = arena_new(g->arena, struct gen_func);
	f->ir = ir;
	f->gen = g;
	vec_foreach(b, &ir->blocks)
		for (struct ir_value *v = (*b)->first; v; v = v->next)
			if (v->op == IR_CALLF || v->op == IR_FUNC)
				reach_callee(g, f, v->func);
	if (g->program->part && ir != g->program->part)
		reach_callee(g, f, g->program->part);
	vec_foreach(c, &f->callees)
		frames = (*c)->frames > frames ? (*c)->frames : frames;
	f->frames = frames + 1;
	*arena_vec_add(g->arena, &g->funcs) = f;
	return f;
}

/* g->funcs: main first, each function behind all that call it. */
static void collect(struct gen *g)
{
	struct gen_func **data, *main;

	vec_foreach(ir, &g->program->funcs)
		(*ir)->aux = NULL;
	main = reach(g, g->program->funcs.data[0]);
	data = g->funcs.data;
	for (unsigned i = 0, j = g->funcs.len - 1; i < j; i++, j--) {
		struct gen_func *t = data[i];

		data[i] = data[j];
		data[j] = t;
	}
	if (main->frames > FRAMES_MAX)
		refuse(g, main->ir, "calls functions more than 8 deep");
}

/*
 * Slots that have to leave the stack show only once registers have been spilled: then those functions are done again.
 * This ends since slots move in one direction only.
 */
static void make_code(struct gen *g)
{
	bool again = true;

	vec_foreach(f, &g->funcs)
		gen_order(*f);
	for (frame_plan(g); again && !g->failed; frame_check(g)) {
		again = false;
		vec_foreach(f, &g->funcs) {
			if (!(*f)->stale)
				continue;
			(*f)->stale = false;
			again = true;
			gen_select(*f);
			gen_allocate(*f);
		}
	}
}

static void gen_program(struct image *image, struct ir_module *m, struct ir_program *program, struct diag *diag,
			bool *failed)
{
	struct arena arena = { 0 };
	struct gen g = { .image = image, .module = m, .program = program, .diag = diag, .arena = &arena };
	struct image_program *p = arena_vec_add(image->arena, &image->programs);

	p->name = program->name;
	p->mechanism = program->mechanism;
	collect(&g);
	if (!g.failed)
		make_code(&g);
	if (!g.failed)
		gen_emit(&g, p);
	if (!g.failed && p->ninsns > INSNS_MAX)
		refuse(&g, program->funcs.data[0], "is too large: a program has no more than a million instructions");
	p->stack_size = g.funcs.data[0]->stack;
	p->scratch = program->scratch ? (int)program->scratch->index : -1;
	p->rest = program->rest ? (int)program->rest->index : -1;
	p->scratch_size = program->scratch ? program->scratch->stride : 0;
	*failed |= g.failed;
	vec_foreach(f, &program->funcs)
		(*f)->aux = NULL;
	arena_deinit(&arena);
}

int gen_module(struct image *image, struct ir_module *m, struct diag *diag)
{
	bool failed = false;

	vec_foreach(p, &m->programs)
		gen_program(image, m, *p, diag, &failed);
	vec_foreach(map, &m->maps)
		*arena_vec_add(image->arena, &image->maps) = *map;
	return failed ? -1 : 0;
}
