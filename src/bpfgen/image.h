/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The image: what a script became, ready to be loaded. The compiler and the runtime meet only here.
 *
 * Maps and layouts are those of ir/layout.h; each program is an array of instructions (main function first, the others
 * behind it, calls between them already relative) with relocations where the loader must put a map's file descriptor, and
 * with the tables from which the loader makes BTF line and function information. Nothing here depends on the running
 * kernel but what the provider looked up (attach ids).
 */
#ifndef BPFGEN_IMAGE_H
#define BPFGEN_IMAGE_H

#include "ir/layout.h"

#include <linux/bpf.h>
#include <stdio.h>

struct ir_module;
struct ir_program;
struct diag;

enum image_reloc_kind {
	RELOC_MAP,		/* ldimm64 of a map's descriptor */
	RELOC_MAP_VALUE,	/* ldimm64 of the address of byte `offset` in an array map's value */
	RELOC_PATCH,		/* mov of a constant: enum ir_patch in .index */
};

struct image_reloc {
	unsigned insn;			/* index of the (first slot of the) instruction */
	enum image_reloc_kind kind;
	unsigned index;			/* of the map; enum ir_patch */
	unsigned offset;
};

struct image_func {
	const char *name;
	unsigned insn;			/* first instruction */
	unsigned nparams;		/* all 64-bit numbers or pointers */
	bool global;
	struct span span;
};

struct image_line {
	unsigned insn;
	struct span span;
};

struct image_program {
	const char *name;
	struct bpf_insn *insns;
	unsigned ninsns;
	VEC(struct image_reloc) relocs;
	VEC(struct image_func) funcs;
	VEC(struct image_line) lines;		/* ascending by insn, spans of the script only */
	int scratch;			/* number of its scratch map, -1: none */
	int rest;			/* of the map of the program that it goes on with, -1: none */
	unsigned stack_size, scratch_size;	/* bytes used of the stack (main function) and of the scratch map */
	void *mechanism;			/* struct ir_program's: the provider's struct event or the like */
};

/* A target as records and keys name it: by its number, its place in image->targets. */
struct image_target {
	const char *func, *probe;		/* "SyS_read", "kprobe:SyS_read" */
	const char *prov, *mod, *name;		/* D's other parts of the name; "" where there is none */
	unsigned id;				/* D's probe id */
};

struct image {
	struct arena *arena;
	struct sources *sources;
	VEC(struct map_def *) maps;
	VEC(struct image_program) programs;
	VEC(struct var_def *) vars;
	VEC(struct record_def *) records;
	VEC(struct loss_def) losses;
	VEC(struct image_target) targets;
	struct data_def data;
	struct map_def *ring;			/* NULL where nothing is sent */
	struct stacks_def stacks;
	unsigned strsize;
	bool d_text;				/* values are printed as dtrace(1) prints them */
};

/*
 * Generates the instructions of all programs of the module into image->programs (image->maps is filled from the module).
 * -1, reported on diag, if a program exceeds what a kernel takes (message at the clause). The module's IR is left as it is
 * but for critical edges split.
 */
int gen_module(struct image *image, struct ir_module *m, struct diag *diag);

/* Prints a program as `bpftool prog dump xlated` would, with the script's lines between if `lines`. */
void gen_print_program(FILE *out, const struct image *image, const struct image_program *p, bool lines);

#endif
