/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in memory at a point of a function: whether two reads give the same.
 *
 * A pass walks the blocks in the dominator tree's preorder, calls ir_memory_enter for each block and ir_memory_step behind each
 * value, and asks for the state of what it reads: a number that is the same at two points, one dominating the other, only
 * if nothing between them, on any way, can have written there. Memory is told apart by slot, by map, by bytes where the
 * offset is constant; what helpers write is in helpers.def. Needs ir_renumber, and a graph that stays as it is; values may
 * be replaced by equal ones and dropped meanwhile.
 */
#ifndef IR_MEMORY_H
#define IR_MEMORY_H

#include "ir/cfg.h"

enum ir_place_kind {
	PLACE_SLOT, PLACE_MAP,			/* of the function's own; in a map's values */
	PLACE_CONSTANT,				/* the context, kernel objects: not written by the program */
	PLACE_SHARED,				/* anything but slots of this function */
	PLACE_UNKNOWN,
};

/* What a pointer points to. */
struct ir_place {
	enum ir_place_kind kind;
	const void *object;		/* SLOT: ir_slot, MAP: map_def */
	bool exact;			/* offset is known: from the slot, the array map's or the map's value's begin */
	int64_t offset;
};

struct ir_memory;

struct ir_memory *ir_memory_create(const struct ir_func *f, const struct ir_cfg *g);
void ir_memory_destroy(struct ir_memory *mem);

void ir_memory_enter(struct ir_memory *mem, const struct ir_block *b);
void ir_memory_step(struct ir_memory *mem, const struct ir_value *v);

struct ir_place ir_memory_place(struct ir_memory *mem, const struct ir_value *pointer);
/* The state of size bytes at an offset from the pointer; size 0: of all of the object. */
unsigned ir_memory_state(struct ir_memory *mem, const struct ir_value *pointer, int64_t offset, unsigned size);
/* What can take values out of the map (so that pointers to them go stale); what can put values in. */
unsigned ir_memory_removals(struct ir_memory *mem, const struct map_def *map);
unsigned ir_memory_insertions(struct ir_memory *mem, const struct map_def *map);
/* Changes with any write at all. */
unsigned ir_memory_any(const struct ir_memory *mem);
/* The map that a helper's map operand is, or holds; NULL if it cannot be told. */
struct map_def *ir_memory_map(const struct ir_value *operand);

#endif
