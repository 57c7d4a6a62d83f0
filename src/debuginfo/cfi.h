/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unwinding: from the registers in a function to those in its caller, by call frame information (.eh_frame, else .debug_frame).
 *
 * What the information says of an address is made out once and kept, so the next stack that leads through it costs little. Registers
 * have DWARF's numbers.
 */
#ifndef DEBUGINFO_CFI_H
#define DEBUGINFO_CFI_H

#include "debuginfo/elf.h"

/* x86-64: rax rdx rcx rbx rsi rdi rbp rsp r8 … r15 rip */
enum { CFI_FP = 6, CFI_SP = 7, CFI_PC = 16, CFI_REGS = 17 };

struct cfi_regs {
	uint64_t value[CFI_REGS];
	uint32_t known;			/* a bit for each register whose value is */
};

/* Memory of the process: false if that is not to be had. */
typedef bool cfi_read(void *data, uint64_t address, uint64_t *value);

enum cfi_step {
	CFI_CALLER,			/* regs are the caller's now */
	CFI_SIGNAL,			/* regs are those that a signal interrupted */
	CFI_OUTERMOST,			/* there is no caller */
	CFI_NO_MEMORY,			/* memory that is needed is not to be had */
	CFI_UNKNOWN,			/* nothing is known of that address */
};

struct dbg_cfi;

/* The file's; NULL if it has none. Lives as long as the file is open. */
struct dbg_cfi *dbg_cfi_open(struct dbg_elf *e);
void dbg_cfi_close(struct dbg_cfi *c);
/* One step. pc: the address in the file that regs->value[CFI_PC], or the call before it, leads to. */
enum cfi_step dbg_cfi_step(struct dbg_cfi *c, uint64_t pc, struct cfi_regs *regs, cfi_read *read, void *data);
/* The frame's address (CFA) at pc, if it is at a fixed distance from a register. */
bool dbg_cfi_cfa(struct dbg_cfi *c, uint64_t pc, unsigned *reg, int64_t *offset);
/* A step by frame pointer, for code without the information. */
enum cfi_step dbg_cfi_step_fp(struct cfi_regs *regs, cfi_read *read, void *data);

#endif
