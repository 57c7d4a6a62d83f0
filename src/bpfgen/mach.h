/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machine code with virtual registers: what the stages of the code generator hand on. Private to bpfgen.
 *
 *	order.c		blocks in reverse post-order, loop depths, dominators
 *	frame.c		which slots live on the stack and which in the scratch map; where in them
 *	select.c	IR → machine instructions with virtual registers
 *	regalloc.c	virtual → physical registers, spills
 *	emit.c		machine instructions → struct bpf_insn, relocations, function and line tables
 *	gen.c		the list of steps
 *
 * Registers below VREG are r0 … r10; r10 is the frame's end. Calls destroy r0 … r5. Physical registers live only from the
 * moves in front of a call to the call, and from it to the move behind it; across blocks all is virtual.
 */
#ifndef BPFGEN_MACH_H
#define BPFGEN_MACH_H

#include "base/diag.h"
#include "bpfgen/image.h"
#include "ir/ir.h"

typedef unsigned reg_t;

enum { REG_FP = 10, NALLOC = 10, VREG = 16, REG_NONE = ~0u };
enum { CALL_CLOBBERS = 0x3f };		/* mask of r0 … r5 */
enum { STACK_MAX = 512, FRAMES_MAX = 8, INSNS_MAX = 1000000 };

enum mach_op {
#define MACH(name, flags) M_##name,
#include "bpfgen/mach.def"
#undef MACH
	MACH_COUNT
};

enum mach_flag {
	MF_RD = 1, MF_WD = 2, MF_RS = 4, MF_WS = 8, MF_R3 = 16, MF_PURE = 32, MF_REMAT = 64, MF_CALL = 128, MF_END = 256,
};
extern const uint16_t mach_flags[MACH_COUNT];

struct gen_func;

struct mach_insn {
	uint8_t op;			/* enum mach_op */
	uint8_t code;			/* BPF_ADD …, BPF_JEQ …, BPF_B …: the part of the opcode that says what is done */
	bool alu32;			/* ALU */
	uint8_t nargs;			/* CALL, CALLF */
	reg_t dst, src, third;
	int off;			/* of memory, relative to the slot if there is one */
	int64_t imm;
	union {
		struct ir_slot *slot;	/* LEA; memory: then the base is r10 */
		struct map_def *map;	/* MAP, DATA */
		struct ir_func *func;	/* FUNC, CALLF */
	};
	struct span span;
};

struct mach_block {
	struct ir_block *ir;
	struct mach_insn *insns;
	unsigned ninsns;
	struct mach_block *succ[2];
	struct mach_block *idom;	/* NULL for the entry */
	unsigned index;			/* in the function's blocks; from emit.c on, in the order there */
	unsigned depth;			/* of loops around it */
	/* emit.c */
	struct mach_block *target;	/* where a jump here really leads */
	unsigned start;
	bool reached;
	uint8_t walked;			/* successors */
};

/* A slot's place: where frame.c put it. */
struct frame_slot {
	struct ir_slot *slot;
	bool pinned;			/* must be on the stack: holds pointers */
	bool indexed;			/* must not be there: 5.10 refuses variable offsets */
	bool scratch;
	int offset;			/* from r10, negative; or into this function's part of the scratch map */
	unsigned first, last;		/* where it is in use, in positions of frame.c; first > last: nowhere */
};

/* What is known of a virtual register. */
struct reg_info {
	uint8_t bits;			/* of an index, as many low bits as may be set; 0: not known */
	bool number;			/* an i64 of the IR */
	bool followed;			/* a pointer, or a number that the verifier must know something of: stays on the stack */
};

struct gen_func {
	struct ir_func *ir;
	struct gen *gen;
	struct mach_block *blocks;	/* in reverse post-order; [0] is the entry */
	unsigned nblocks;
	unsigned *position;		/* of the IR's block ids in blocks */
	VEC(struct gen_func *) callees;
	struct gen_func *listed_by;	/* the last whose callees it was added to */
	unsigned frames;		/* of the deepest chain of calls from here on, its own among them */
	bool stale;			/* needs (another) selection */

	struct frame_slot *slots;	/* by ir_slot.id; the spills behind the function's own */
	unsigned nslots, nspills, slots_cap;
	uint32_t indexed_params;	/* mask of pointer parameters that are indexed by a variable */
	unsigned stack, scratch;	/* bytes used of each */
	unsigned chain;			/* of stack, with the deepest of the callees */
	unsigned scratch_base;		/* of this function's part, in a run's part of the scratch map */

	unsigned nregs;			/* virtual registers are VREG … nregs - 1 */
	struct reg_info *regs;
	unsigned regs_cap;

	/* numbers that are spilled to the scratch map, where the stack has no room for them */
	unsigned spill_room, spill_base;	/* words for them, behind the slots there */
	unsigned nroom;			/* of which used */
	unsigned nmovable;		/* spills on the stack that could be there */
	reg_t scratch_reg;		/* the scratch map's address; REG_NONE: none */
	struct ir_slot *scratch_home;	/* on the stack, if that was spilled as well */

	bool called;			/* by what has been emitted */
	unsigned start, ninsns;		/* in the program */
};

/* One program being generated. */
struct gen {
	struct image *image;
	struct ir_module *module;
	struct ir_program *program;
	struct diag *diag;
	struct arena *arena;		/* until the program is done */
	VEC(struct gen_func *) funcs;	/* those that are reached from main, which is first; callees behind their callers */
	bool failed;
};

reg_t gen_reg(struct gen_func *f);

/* order.c: splits critical edges to blocks with PHIs; fills blocks and position. */
void gen_order(struct gen_func *f);
bool gen_dominates(const struct mach_block *a, const struct mach_block *b);

/* frame.c */
/* Finds out what the slots of all functions need, and decides which of them go to the scratch map. */
void frame_plan(struct gen *g);
/* After selection and allocation: lays out the stacks. If too much is on it, moves slots out and marks functions stale. */
void frame_check(struct gen *g);
struct frame_slot *frame_slot(struct gen_func *f, const struct ir_slot *slot);
/* A slot of 8 bytes on the stack, for a spilled register. */
struct ir_slot *frame_spill(struct gen_func *f);
/* Where in the scratch map a number is spilled; -1 if there is no more room. */
int frame_spill_number(struct gen_func *f);

/* select.c: fills the blocks' instructions. */
void gen_select(struct gen_func *f);
/* regalloc.c: replaces the virtual registers. */
void gen_allocate(struct gen_func *f);
/* emit.c: all functions into p. */
void gen_emit(struct gen *g, struct image_program *p);

#endif
