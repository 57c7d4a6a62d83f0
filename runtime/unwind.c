// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From frame to frame by call frame information, where the file that the address is in has it; else by frame pointer. What is on the
 * stack is read from the copy, nothing else of the process is.
 */
#include "runtime/unwind.h"

#include "debuginfo/cfi.h"
#include "debuginfo/process.h"

#include <string.h>

struct copy {
	uint64_t begin;			/* address */
	const unsigned char *bytes;
	size_t size;
	const struct stack_sample *sample;
	bool beyond;			/* something was asked for that lies behind the end */
};

static bool read_copy(void *data, uint64_t address, unsigned size, uint64_t *value)
{
	struct copy *c = data;

	if (address < c->begin)
		return false;
	if (address - c->begin >= c->size || c->size - (address - c->begin) < size) {
		c->beyond = true;
		return false;
	}
	*value = 0;
	memcpy(value, c->bytes + (address - c->begin), size);
	for (unsigned i = 0; i < c->sample->nreturns && i < SAMPLE_RETURNS; i++)
		if (c->sample->returns[i].at == address)
			*value = c->sample->returns[i].address;
	return true;
}

#if defined(__x86_64__)
/* Where in struct pt_regs (r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss) DWARF's registers are. */
static const unsigned char places[CFI_REGS] = { 10, 12, 11, 5, 13, 14, 4, 19, 9, 8, 7, 6, 3, 2, 1, 0, 16 };
static const unsigned char places_32bit[CFI32_REGS] = { 10, 11, 12, 5, 19, 4, 13, 14, 16 };
static const unsigned code_segment = 17, code_64bit = 0x33;
#endif

static void start(const struct stack_sample *sample, struct cfi_regs *regs)
{
	uint64_t words[sizeof(sample->regs) / 8];

	const unsigned char *from;
	unsigned n;

	memcpy(words, sample->regs, sizeof(words));
	regs->is_32bit = words[code_segment] != code_64bit;
	from = regs->is_32bit ? places_32bit : places;
	n = regs->is_32bit ? CFI32_REGS : CFI_REGS;
	for (unsigned i = 0; i < n; i++)
		regs->value[i] = words[from[i]];
	regs->known = (1u << n) - 1;
}

/* *known: that step is by call frame information. */
static enum cfi_step step(struct frame *f, struct cfi_regs *regs, struct copy *copy, bool *known)
{
	struct dbg_cfi *cfi = f->object ? dbg_object_cfi(f->object) : NULL;
	enum cfi_step result = CFI_UNKNOWN;
	uint64_t pc;

	if (cfi && dbg_elf_address(f->object->elf, f->offset - !f->exact, &pc))
		result = dbg_cfi_step(cfi, pc, regs, read_copy, copy);
	*known = result != CFI_UNKNOWN;
	return *known ? result : dbg_cfi_step_fp(regs, read_copy, copy);
}

unsigned unwind(const struct stack_sample *sample, size_t size, size_t complete, struct frame *frames, unsigned max,
		bool *truncated)
{
	uint64_t time = sample->number >> STACK_TIME_SHIFT;
	struct copy copy = { .sample = sample, .bytes = sample->stack, .size = size - sizeof(*sample) };
	struct cfi_regs regs;
	enum cfi_step result = CFI_SIGNAL;	/* the first address is that of an instruction that was running */
	bool known = false;
	unsigned n = 0;

	start(sample, &regs);
	copy.begin = (regs.value[cfi_sp(&regs)] & ~7ull) - SAMPLE_BELOW;
	while (n < max && (result == CFI_CALLER || result == CFI_SIGNAL)) {
		struct frame *f = &frames[n++];

		*f = (struct frame){ .address = regs.value[cfi_pc(&regs)], .exact = result == CFI_SIGNAL };
		f->object = dbg_process_find((unsigned)sample->pid, time, f->address - !f->exact, &f->offset);
		f->offset += !f->exact;
		result = step(f, &regs, &copy, &known);
		f->is_signal = result == CFI_SIGNAL;
	}
	/* a frame pointer that leads nowhere may be none; a frame that is known to be elsewhere is behind the copy's end, or on another stack */
	*truncated = result == CFI_NO_MEMORY && (known || (copy.beyond && size >= complete));
	return n;
}
