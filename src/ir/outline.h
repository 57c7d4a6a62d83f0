/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What loops over bytes are made of: functions out of line, their memory, and rounds. Part of lowering.
 *
 * The kernel follows a loop round by round before it believes that it ends, and gives up after a million instructions or
 * 8192 branches whose other side it has not seen. So a search is a global function of numbers (addresses, lengths), which
 * is verified once whatever it is called with; what it gives is any number to the verifier. Its body runs in bpf_loop
 * where the kernel has that, and then is verified once as well; else in a loop, with one branch a round: whether to stop.
 * All that a round hands on to the next lies in memory, where the verifier does not follow values.
 */
#ifndef IR_OUTLINE_H
#define IR_OUTLINE_H

#include "ir/lowering.h"

/* A function being built in place of what was being built before. */
struct outline {
	struct lower caller;
	struct ir_func *func;
};

/* The program's function of that name, or NULL. */
struct ir_func *outline_find(const struct lower *l, const char *name);
/* A global function of nparams numbers, giving a number. */
void outline_begin(struct lower *l, struct outline *o, const char *name, unsigned nparams);
struct ir_func *outline_end(struct lower *l, struct outline *o);

/*
 * Memory in pieces: one slot, never on the stack. Pieces that are indexed have a power of two of elements, and indices are
 * masked. Its base is another value inside of rounds.
 */
struct memory {
	struct ir_value *base;
	struct ir_slot *slot;
};

struct memory memory_create(struct lower *l, const char *name);
/* A piece of size bytes; its offset. */
unsigned memory_add(struct memory *m, unsigned size);
/* A piece with the string at an address. */
unsigned memory_add_string(struct lower *l, struct memory *m, unsigned bound, struct ir_value *address);
/* A piece of 8 bytes that holds v. */
unsigned memory_add_word(struct lower *l, struct memory *m, struct ir_value *v);
/* The address of an element of `size` bytes; there are count. */
struct ir_value *memory_element(struct lower *l, const struct memory *m, unsigned at, unsigned size, struct ir_value *index,
				unsigned count);
struct ir_value *memory_byte(struct lower *l, const struct memory *m, unsigned at, struct ir_value *index, unsigned count);
struct ir_value *memory_word(struct lower *l, const struct memory *m, unsigned at);
void memory_set_word(struct lower *l, const struct memory *m, unsigned at, struct ir_value *v);

/* What is built between begin and end runs up to n times. It may use nothing that was computed before but what is in m. */
struct rounds {
	struct memory *m;
	struct ir_value *outer;		/* m's base */
	bool called;			/* by bpf_loop */
	unsigned n, count;		/* count: in env */
	struct outline body;
	struct loop_header *header;
	struct join *stop;
};

/* Gives the number of the round, from 0. */
struct ir_value *rounds_begin(struct lower *l, struct rounds *r, struct memory *m, unsigned n);
void rounds_stop_if(struct lower *l, struct rounds *r, struct ir_value *cond);
void rounds_end(struct lower *l, struct rounds *r);

/* Without branches. 1 if x is not 0, if a number of 16 bits is not, if bytes are equal; mask (1 or 0) ? x : y */
struct ir_value *word_is_set(struct lower *l, struct ir_value *x);
struct ir_value *small_is_set(struct lower *l, struct ir_value *x);
struct ir_value *bytes_equal(struct lower *l, struct ir_value *x, struct ir_value *y);
struct ir_value *word_choose(struct lower *l, struct ir_value *mask, struct ir_value *x, struct ir_value *y);

#endif
