// SPDX-License-Identifier: GPL-2.0-or-later
#include "compile.h"

#include "debuginfo/btf.h"
#include "ir/lower.h"
#include "ir/passes.h"
#include "lang/check.h"
#include "lang/prelude.h"
#include "provider/arch.h"
#include "provider/mechanism.h"
#include "runtime/features.h"

#include <bpf/libbpf.h>
#include <sys/stat.h>
#include <unistd.h>

/* A record's number has 15 bits; programs of so many clauses are beyond what the kernel takes anyway. */
enum { MAX_CLAUSES = RECORD_CONTINUES - 1, MAX_RECORDS = RECORD_CONTINUES };

static int kernel_offset(void *data, const char *type, const char *member, unsigned *size)
{
	struct dbg_btf *btf = dbg_btf_kernel();

	(void)data;
	return btf ? dbg_btf_offset(btf, type, member, size) : -1;
}

static bool has_feature(void *data, const char *name)
{
	const struct compile_options *o = data;

	return !ir_names(o->features_off, name) && rt_has_feature(name);
}

/* The pid namespace that this process lives in, if it is not the first one, whose inode is PROC_PID_INIT_INO (proc_ns.h). */
static void find_pid_namespace(struct lower_env *env)
{
	enum { INIT_INO = 0xeffffffc };
	struct stat st;

	if (stat("/proc/self/ns/pid", &st) || st.st_ino == (ino_t)(unsigned)INIT_INO)
		return;
	env->pidns_dev = st.st_dev;
	env->pidns_ino = st.st_ino;
}

static void parse(struct script *script, const struct compile_options *o)
{
	unsigned own;

	for (unsigned i = 0, n = script->sources->list.len; i < n; i++)
		parse_script(script, i, &o->macros);
	own = script->clauses.len;
	if (script->dialect == DIALECT_D && script->nclauses && !script->diag->errors && o->dump != STAGE_AST)
		prelude_parse(script);
	if (o->list)
		script->clauses.len = own;
}

/* What the kernel takes as a ring buffer's size: a power of two, and of pages. */
static unsigned ring_size(unsigned asked)
{
	unsigned size = (unsigned)sysconf(_SC_PAGESIZE);

	while (size < asked)
		size *= 2;
	return size;
}

static bool has_targets(const struct probes *probes, enum target_kind kind)
{
	vec_foreach(t, &probes->targets)
		if ((*t)->kind == kind)
			return true;
	return false;
}

static int lower(struct lower_result *r, struct script *script, struct probes *probes, const struct compile_options *o)
{
	struct lower_env env = {
		.data = (void *)o, .has = has_feature, .kernel_offset = kernel_offset, .pid = o->pid, .on_cpu = o->on_cpu, .strsize = o->strsize,
		.map_entries = o->map_entries, .var_entries = o->var_entries,
		.ring_size = ring_size(o->ring_size), .ring_reserve = ring_size(o->ring_size) / 8,
		.ustack = o->ustack, .has_uretprobes = has_targets(probes, TARGET_URETPROBE), .ustack_bytes = o->ustack_bytes,
		.stack_ring = ring_size(o->stack_ring),
		.regs = { arch.regs_size, arch.sp, arch.mode, arch.user_mask }, .reg = arch_reg,
		.loop_limit = o->loop_limit, .speculations = o->speculations ? o->speculations : 1,
		.json = o->json || o->frames, .ncpus = (unsigned)libbpf_num_possible_cpus(),
		.ntargets = probes->namings.len,
	};
	unsigned n = probes->programs.len;
	const struct lower_program **programs = arena_array(script->arena, const struct lower_program *, n);

	for (unsigned i = 0; i < n; i++)
		programs[i] = &probes->programs.data[i]->lower;
	find_pid_namespace(&env);
	if (lower_script(r, script, programs, n, &env))
		return -1;
	if (r->records.len <= MAX_RECORDS)
		return 0;
	diag_error(script->diag, SPAN_NONE, "CLAUSES", "the script's clauses would send %u kinds of records; %u are the most", r->records.len,
		   MAX_RECORDS);
	return -1;
}

static void start_image(struct image *image, struct script *script, struct lower_result *r, const struct probes *probes,
			unsigned strsize)
{
	*image = (struct image){
		.arena = script->arena, .sources = script->sources, .data = r->data, .ring = r->ring, .stacks = r->stacks, .strsize = strsize,
	};
	vec_foreach(var, &r->vars)
		*arena_vec_add(image->arena, &image->vars) = *var;
	vec_foreach(record, &r->records)
		*arena_vec_add(image->arena, &image->records) = *record;
	vec_foreach(loss, &r->losses)
		*arena_vec_add(image->arena, &image->losses) = *loss;
	vec_foreach(naming, &probes->namings)
		*arena_vec_add(image->arena, &image->targets) = (struct image_target){
			.func = naming->func, .probe = naming->probe, .prov = naming->prov, .mod = naming->mod,
			.name = naming->name, .id = naming->target ? prov_id(naming) : 0,
		};
}

static void print_records(FILE *out, const struct image *image)
{
	const char **names = arena_array(image->arena, const char *, image->vars.len);

	vec_foreach(var, &image->vars)
		names[(*var)->id] = (*var)->name;
	vec_foreach(record, &image->records)
		record_print(out, image->arena, *record, names);
}

static void print_programs(FILE *out, const struct image *image)
{
	vec_foreach(p, &image->programs) {
		if (image->programs.len > 1)
			fprintf(out, "%s:\n", p->name);
		gen_print_program(out, image, p, true);
	}
}

int compile(struct arena *a, struct sources *sources, struct diag *diag, const struct compile_options *o,
	    struct image *image, struct probes *probes)
{
	struct script *script = arena_new(a, struct script);
	struct check_options check = {
		.strsize = o->strsize, .destructive = o->destructive, .stack_frames = o->stack_frames, .ustack_frames = o->ustack_frames,
	};
	struct scope scope = { 0 };
	struct lower_result lowered;
	const char *defect;

	*script = (struct script){ .arena = a, .sources = sources, .diag = diag, .dialect = o->dialect };
	*probes = (struct probes){
		.arena = a, .diag = diag, .script = script, .allow_missing = o->allow_missing,
		.max_probes = o->max_probes, .pid = o->pid, .target = (int)o->macros.target, .target_program = o->target_program,
		.name_targets = o->frames,
	};
	*image = (struct image){ .arena = a, .sources = sources };

	if (o->dump == STAGE_TOKENS) {
		lex_print(o->dump_to, script, 0);
		return diag->errors ? -1 : 0;
	}
	parse(script, o);
	if (o->dump == STAGE_AST) {
		ast_print(o->dump_to, script, false);
		return diag->errors ? -1 : 0;
	}
	if (!diag->errors && !script->nclauses)
		diag_error(diag, SPAN_NONE, "EMPTY", "the program is empty: it has no probe");
	if (script->clauses.len > MAX_CLAUSES)
		diag_error(diag, script->clauses.data[MAX_CLAUSES]->span, "CLAUSES", "the script has %u clauses; %u are the most",
			   script->clauses.len, MAX_CLAUSES);
	if (diag->errors)
		return -1;

	prov_expand(probes);
	if (o->list)
		return diag->errors || prov_list_d(probes, o->list_args, o->list) ? -1 : 0;
	prov_scope(probes, &scope);
	check_script(script, &scope, &o->macros, &check);
	if (diag->errors)
		return -1;
	if (o->dump == STAGE_TYPED) {
		ast_print(o->dump_to, script, true);
		return 0;
	}

	if (prov_choose(probes) || lower(&lowered, script, probes, o))
		return -1;
	defect = ir_run_passes(lowered.module, o->passes_off, o->dump == STAGE_PASSES ? o->dump_to : NULL);
	if (defect) {
		diag_error(diag, SPAN_NONE, NULL, "a defect of ply: %s", defect);
		return -1;
	}
	if (o->dump == STAGE_IR)
		ir_print_module(o->dump_to, lowered.module);
	if (o->dump == STAGE_IR || o->dump == STAGE_PASSES)
		return 0;

	start_image(image, script, &lowered, probes, o->strsize);
	image->stacks.lines = o->lines;
	if (o->dump == STAGE_RECORDS) {
		print_records(o->dump_to, image);
		return 0;
	}
	if (gen_module(image, lowered.module, diag))
		return -1;
	if (o->dump == STAGE_BPF)
		print_programs(o->dump_to, image);
	return 0;
}
