/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The intermediate representation: typed SSA over basic blocks.
 *
 * A module holds the maps and programs that a script became. A program is a main function (its context is CTX) and the
 * functions it calls out of line. A function is a list of blocks; a block is a list of values of which the last is the
 * terminator. Every value is a struct ir_value: its operands are values of the same function that dominate it. Numbers
 * are 64 bits wide (IR_I64); pointers (IR_PTR) only come from CTX, SLOT, DATA, LOADP, PARAM, PADD, PHI, LOOKUP/ENTRY and helpers.
 * ops.def lists the operations, helpers.def the helpers. Everything is allocated in the module's arena.
 *
 * The text form (ir_print, ir_parse) shows all of it but spans (doc/ir.md describes it):
 *
 *	map @0 "data" array value 128 mmapable
 *	map @1 "@counts" percpu_hash key(16) value 8 entries 10240
 *	data @0
 *	program "switch"
 *	func switch(ctx)
 *	b0:
 *		%0 = slot $0 [16 align 8]
 *		%1 = call get_current_comm %0, 16
 *		%2 = entry @1 %0
 *		%3 = ne %2, 0
 *		br %3, b1, b2
 *	b1:
 *		%4 = load.8 %2 + 0
 *		%5 = add %4, 1
 *		store.8 %2 + 0, %5
 *		jmp b2
 *	b2:
 *		ret 0
 *
 * (Constants are printed in place of their operand.) Order of work: build → passes (passes.h) → bpfgen.
 *
 * A CONST 0 also stands for the null pointer where a pointer is an operand of EQ, NE, PHI, CALL or CALLF. A PADD always has its
 * two operands: without an index the second is CONST 0; an index is taken as not negative.
 */
#ifndef IR_IR_H
#define IR_IR_H

#include "base/source.h"
#include "ir/layout.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum ir_type { IR_VOID, IR_I64, IR_PTR };

enum ir_op {
#define IR_OP(name, result, operands, flags) IR_##name,
#include "ir/ops.def"
#undef IR_OP
	IR_OP_COUNT
};

enum ir_flag {
	IR_F_PURE = 1, IR_F_READS = 2, IR_F_WRITES = 4, IR_F_TERM = 8, IR_F_COMM = 16, IR_F_IMM = 32, IR_F_SIZE = 64,
	IR_F_OBJ = 128,
};

enum ir_helper {
#define IR_HELPER(name, result, arguments, effect) IR_H_##name,
#include "ir/helpers.def"
#undef IR_HELPER
	IR_HELPER_COUNT
};

/* imm of IR_PATCH: what the loader puts in, for each copy of a program */
enum ir_patch {
	IR_PATCH_TARGET,	/* number of the target this copy is attached to */
};

/* Of a program that may be started where it runs already. */
enum { IR_SCRATCH_PARTS = 4 };

/* Memory of one firing; bpfgen/frame.c decides between the stack and the scratch map. */
struct ir_slot {
	unsigned id, size, align;
	const char *name;		/* for the text form and -d, may be NULL */
	bool rewritten;			/* what an address leads to may change within a firing, since it may lead here */
	bool indexed;			/* loaded at offsets known at run time only: never on the stack (5.10 refuses that) */
};

struct ir_block;
struct ir_func;

struct ir_value {
	enum ir_op op;
	enum ir_type type;
	unsigned id;			/* number in the function, dense after ir_renumber */
	unsigned size;			/* bytes, where the operation has one */
	unsigned nargs;
	struct ir_value **args;
	int64_t imm;
	union {				/* the object, by op */
		struct ir_slot *slot;		/* SLOT */
		struct map_def *map;		/* MAP, DATA, LOOKUP, ENTRY, REMOVE */
		struct ir_func *func;		/* FUNC, CALLF */
		enum ir_helper helper;		/* CALL */
	};
	struct span span;		/* the script's text that it came from */
	struct ir_block *block;
	struct ir_value *prev, *next;	/* in the block */
	void *aux;			/* belongs to the pass that runs */
};

struct ir_block {
	unsigned id;			/* dense after ir_renumber */
	struct ir_value *first, *last;	/* last is the terminator once the block is complete */
	struct ir_block *succ[2];	/* as the terminator says: JMP 1, BR 2, RET 0 */
	VEC(struct ir_block *) preds;	/* kept by the builder; order is the order of PHI's operands */
	struct ir_func *func;
	bool unlikely;			/* laid out after the others */
	void *aux;
};

struct ir_func {
	const char *name;
	enum ir_type result;		/* IR_I64 for main */
	VEC(enum ir_type) params;	/* none for main, whose context is CTX */
	VEC(struct ir_block *) blocks;	/* blocks.data[0] is the entry */
	VEC(struct ir_slot *) slots;
	struct ir_program *program;
	unsigned nvalues;
	unsigned settled;		/* passes that would change nothing now; passes.c's */
	bool global;			/* verified by the kernel on its own, its parameters being numbers only */
	struct span span;		/* the clause */
	void *aux;			/* belongs to the stage that runs */
};

/* One BPF program. funcs.data[0] is the main function. */
struct ir_program {
	const char *name;		/* at most 15 characters, as the kernel shows it */
	VEC(struct ir_func *) funcs;
	struct map_def *rest;		/* of the program that it ends in a call of; NULL: none */
	struct map_def *scratch;	/* where slots go that the stack has no room for */
	struct ir_func *part;		/* tells which part of it a run has, of IR_SCRATCH_PARTS for each CPU; NULL: its CPU's only one */
	void *mechanism;		/* the provider's; not looked at here */
};

struct ir_module {
	struct arena *arena;
	VEC(struct map_def *) maps;
	struct data_def *data;		/* NULL where there is none; here: where drops and zeros of map_defs lie */
	VEC(struct ir_program *) programs;
};

enum ir_result { IR_RESULT_VOID = IR_VOID, IR_RESULT_I64, IR_RESULT_PTR, IR_RESULT_SAME, IR_RESULT_CALL };

struct ir_op_info {
	const char *name, *operands;	/* the name in capitals */
	unsigned flags;
	enum ir_result result;
};
struct ir_helper_info {
	const char *name, *arguments;
	enum ir_type result;
	unsigned flags;			/* IR_F_PURE, READS or WRITES */
	int number;			/* BPF_FUNC_… */
};
extern const struct ir_op_info ir_ops[IR_OP_COUNT];
extern const struct ir_helper_info ir_helpers[IR_HELPER_COUNT];

/* The flags that hold for a value: its operation's, for a CALL its helper's as well. */
unsigned ir_flags(const struct ir_value *v);
static inline bool ir_is_const(const struct ir_value *v)
{
	return v->op == IR_CONST;
}

/* Numbers blocks and values densely in list order (blocks that cannot be reached are dropped from the list). */
void ir_renumber(struct ir_func *f);
/* Takes v out of its block. Its uses must be gone. */
void ir_unlink(struct ir_value *v);
/* Puts v, in no block, before `at`. */
void ir_insert_before(struct ir_value *at, struct ir_value *v);

void ir_print_module(FILE *out, const struct ir_module *m);
void ir_print_func(FILE *out, const struct ir_func *f);
/* Reads the text form; NULL with a message in *error (in the arena) on malformed text. */
struct ir_module *ir_parse(struct arena *a, const char *text, const char **error);
/*
 * Checks a function: operands' number and types, dominance, terminators, predecessors, key parts of LOOKUP/ENTRY/REMOVE
 * against the map, objects that belong to the module. NULL if it is right, else a message (in the arena).
 */
const char *ir_verify(struct arena *a, struct ir_func *f);

#endif
