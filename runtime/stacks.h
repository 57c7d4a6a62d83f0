/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stacks: from the numbers that programs gave them (ir/layout.h) to frames, and from those to text.
 *
 * Several numbers may stand for the same frames: after entries were taken out of the kernel's map, where the frames differ
 * only in what the tracing itself adds, or where processes have the same code at different places. stack_canonical gives one number
 * for all of them, so rows can be merged.
 */
#ifndef RUNTIME_STACKS_H
#define RUNTIME_STACKS_H

#include "runtime/values.h"

struct dbg_object;
struct rt;

struct frame {
	const char *label;		/* what all that is known of it is, or NULL: */
	uint64_t address;
	struct dbg_object *object;	/* of user code: what it is in, NULL if that is not known, and where in that */
	uint64_t offset;
	bool is_signal;			/* what the kernel puts between a signal's handler and the code that it interrupted */
	bool exact;			/* the address is that of an instruction that was running, not one to return to */
};

/* Frames, innermost first. They live until stacks_deinit, or stacks_forget. */
struct stack {
	uint64_t number;		/* of all that are equal, the first */
	bool user, lost;		/* lost: was not to be had */
	bool truncated;			/* there were more frames */
	bool kept;			/* by stacks_keep, or new */
	bool skipped;			/* frames that the type leaves out are left out */
	unsigned pid;			/* of user code, a process that had it */
	unsigned n;
	struct frame frames[];
};

int stacks_init(struct rt *rt);
/* Becomes readable when there are samples to be taken in; -1: there is none. */
int stacks_fd(void);
void stacks_deinit(void);
/* Now and then while the probes fire: makes room in the kernel's maps. Takes in some samples; true if there are more. */
bool stacks_tend(void);
/* Samples taken in since it was asked last. */
uint64_t stacks_sampled(void);

/*
 * Stacks that nobody refers to any more: when there are many, those whose numbers are kept somewhere are to be told, then all others are
 * forgotten. Numbers of the last half a minute, which may be on their way in a record, are good in any case.
 */
bool stacks_are_many(void);
void stacks_keep(uint64_t number);
void stacks_forget(void);

/* The number to be used in its place. */
uint64_t stack_canonical(const struct type *type, uint64_t number);
/* Orders stacks by what is shown of them. */
int stack_compare(const struct value *a, const struct value *b);

/*
 * The frames that a value shows, in its form: one a line, each behind `indent` blanks. An empty stack has no lines; "[lost]" is
 * one where there should be some. Gives the number of lines.
 */
unsigned text_stack(struct text *t, const struct value *v, unsigned indent);
/* A place in code (type_is_place): one symbol, module or function; as D has it behind `module`. */
void text_place(struct text *t, const struct value *v, bool dtrace);
/* The place as a number; 0 where it is not known. */
uint64_t place_address(const struct value *v);
/* An address in the process that is traced (-p, -c), as file`symbol+offset; in hex if there is none. */
void text_user_address(struct text *t, uint64_t address);
/* An array of the frames' texts. */
void json_stack(struct text *t, const struct value *v);
/* As D has it: an empty line, then module`function+offset. */
enum { DTRACE_STACK_INDENT = 14 };
void text_stack_dtrace(struct text *t, const struct value *v, unsigned indent);

#endif
