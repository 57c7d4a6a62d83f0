/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User stacks from samples: registers and the top of the stack (struct stack_sample, ir/layout.h). */
#ifndef RUNTIME_UNWIND_H
#define RUNTIME_UNWIND_H

#include "ir/layout.h"
#include "runtime/stacks.h"

/*
 * The frames of a sample of size bytes, of which at most `complete` could have been: at most max frames, innermost first. Gives their number;
 * *truncated: there are more, in memory that was not copied.
 */
unsigned unwind(const struct stack_sample *sample, size_t size, size_t complete, struct frame *frames, unsigned max,
		bool *truncated);

#endif
