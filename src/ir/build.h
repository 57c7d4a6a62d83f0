/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building IR. A builder has a current block, to whose end each call adds one value, and a current span, which the value
 * keeps. After a terminator the current block is NULL; what is built then (code after `return`) is dropped: the value
 * returned is a CONST 0 in no block, so callers need not care.
 *
 * Builders do the cheap folding that every caller would else repeat (x + 0, constants of both sides): no more than that;
 * opt_fold.c does the rest.
 */
#ifndef IR_BUILD_H
#define IR_BUILD_H

#include "ir/ir.h"

struct ir_builder {
	struct ir_module *module;
	struct ir_program *program;
	struct ir_func *func;
	struct ir_block *block;
	struct span span;
	struct ir_value *context;	/* of a callback: where it finds the program's context */
};

struct ir_module *ir_module_create(struct arena *a);
struct ir_program *ir_program_add(struct ir_module *m, const char *name);
struct ir_func *ir_func_add(struct ir_module *m, struct ir_program *p, const char *name, enum ir_type result);
/* Points b at a new function's new entry block. */
void ir_builder_start(struct ir_builder *b, struct ir_module *m, struct ir_program *p, struct ir_func *f);

/* A new block of the function, not yet reached from anywhere. */
struct ir_block *ir_block_add(struct ir_builder *b);
/* Makes block the current one. */
void ir_enter(struct ir_builder *b, struct ir_block *block);

struct ir_value *ir_const(struct ir_builder *b, int64_t v);
struct ir_value *ir_param(struct ir_builder *b, unsigned n);
/* The program's context; in a function other than main b->context, or its first parameter, which must be that. */
struct ir_value *ir_ctx(struct ir_builder *b);
/* Only for branches. */
struct ir_value *ir_scratch(struct ir_builder *b);
struct ir_value *ir_patch(struct ir_builder *b, enum ir_patch what);
/* A new slot, and its address. */
struct ir_value *ir_slot(struct ir_builder *b, unsigned size, unsigned align, const char *name);
struct ir_value *ir_slot_addr(struct ir_builder *b, struct ir_slot *slot);
struct ir_value *ir_map(struct ir_builder *b, struct map_def *map);
/* A map that map_is_inner, or null; key is 4 bytes to write. */
struct ir_value *ir_inner_map(struct ir_builder *b, struct map_def *map, struct ir_value *key);
struct ir_value *ir_data(struct ir_builder *b, struct map_def *map, int64_t offset);
struct ir_value *ir_func_addr(struct ir_builder *b, struct ir_func *f);

/* One- and two-operand operations that take neither imm nor size: ADD … NOT, EQ … SLE. */
struct ir_value *ir_unary(struct ir_builder *b, enum ir_op op, struct ir_value *x);
struct ir_value *ir_binary(struct ir_builder *b, enum ir_op op, struct ir_value *x, struct ir_value *y);
/* p of this CPU, where those of ncpus (a power of two) lie `stride` bytes apart. */
struct ir_value *ir_by_cpu(struct ir_builder *b, struct ir_value *p, unsigned ncpus, unsigned stride);
/* SEXT, ZEXT, BSWAP. */
struct ir_value *ir_extend(struct ir_builder *b, enum ir_op op, struct ir_value *x, unsigned size);
/* PADD; with a constant index and with none the offset alone. */
struct ir_value *ir_padd(struct ir_builder *b, struct ir_value *p, struct ir_value *index, int64_t offset);
/*
 * Where element i of a table (data_init_table) is, of n that are `width` bytes each; a branch has told that i < n. Kernels such as 6.1 forget
 * that where i was spilled before the branch, so it is masked.
 */
struct ir_value *ir_element(struct ir_builder *b, struct ir_value *table, struct ir_value *i, unsigned n, unsigned width);
struct ir_value *ir_load(struct ir_builder *b, unsigned size, struct ir_value *p, int64_t offset);
struct ir_value *ir_loadp(struct ir_builder *b, struct ir_value *p, int64_t offset);
void ir_store(struct ir_builder *b, unsigned size, struct ir_value *p, int64_t offset, struct ir_value *v);
void ir_copy(struct ir_builder *b, struct ir_value *to, struct ir_value *from, unsigned size);
void ir_zero(struct ir_builder *b, struct ir_value *p, unsigned size);
void ir_atomic_add(struct ir_builder *b, unsigned size, struct ir_value *p, int64_t offset, struct ir_value *v);
/* FETCHADD, XCHG. */
struct ir_value *ir_atomic(struct ir_builder *b, enum ir_op op, unsigned size, struct ir_value *p, int64_t offset,
			   struct ir_value *v);
struct ir_value *ir_cmpxchg(struct ir_builder *b, unsigned size, struct ir_value *p, int64_t offset,
			    struct ir_value *expected, struct ir_value *v);

/* LOOKUP, ENTRY, REMOVE: one part for each key field of the map. */
struct ir_value *ir_keyed(struct ir_builder *b, enum ir_op op, struct map_def *map, struct ir_value *const *parts,
			  unsigned n);
/* A helper with its arguments (as many as helpers.def says): ir_call(b, IR_H_probe_read_kernel, slot, size, address). */
#define ir_call(b, helper, ...) \
	ir_call_((b), (helper), (struct ir_value *[]){ NULL, ##__VA_ARGS__ }, \
		 sizeof((struct ir_value *[]){ NULL, ##__VA_ARGS__ }) / sizeof(struct ir_value *) - 1)
struct ir_value *ir_call_(struct ir_builder *b, enum ir_helper helper, struct ir_value **args, unsigned n);
struct ir_value *ir_callf(struct ir_builder *b, struct ir_func *f, struct ir_value *const *args, unsigned n);

/* A PHI of the current block, without operands; then one operand for each predecessor, in any order. */
struct ir_value *ir_phi(struct ir_builder *b, enum ir_type type);
void ir_phi_add(struct ir_builder *b, struct ir_value *phi, struct ir_block *from, struct ir_value *v);

void ir_jmp(struct ir_builder *b, struct ir_block *to);
/* A constant condition becomes a JMP. */
void ir_br(struct ir_builder *b, struct ir_value *cond, struct ir_block *then, struct ir_block *otherwise);
void ir_ret(struct ir_builder *b, struct ir_value *v);

/* A new map at the end of the module's list. */
struct map_def *ir_map_add(struct ir_module *m, const char *name);

#endif
