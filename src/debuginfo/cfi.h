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
/* In 32-bit code: eax ecx edx ebx esp ebp esi edi eip */
enum { CFI32_SP = 4, CFI32_FP = 5, CFI32_PC = 8, CFI32_REGS = 9 };

struct cfi_regs {
	uint64_t value[CFI_REGS];
	uint32_t known;			/* a bit for each register whose value is */
	bool is_32bit;
};

static inline unsigned cfi_fp(const struct cfi_regs *r) { return r->is_32bit ? CFI32_FP : CFI_FP; }
static inline unsigned cfi_sp(const struct cfi_regs *r) { return r->is_32bit ? CFI32_SP : CFI_SP; }
static inline unsigned cfi_pc(const struct cfi_regs *r) { return r->is_32bit ? CFI32_PC : CFI_PC; }

/* A word of so many bytes (4 or 8) of the process's memory: false if that is not to be had. */
typedef bool cfi_read(void *data, uint64_t address, unsigned size, uint64_t *value);

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
/* One step. pc: the address in the file that its program counter, or the call before it, leads to. */
enum cfi_step dbg_cfi_step(struct dbg_cfi *c, uint64_t pc, struct cfi_regs *regs, cfi_read *read, void *data);
/* The frame's address (CFA) at pc, if it is at a fixed distance from a register. */
bool dbg_cfi_cfa(struct dbg_cfi *c, uint64_t pc, unsigned *reg, int64_t *offset);
/* Where an instruction begins at or before pc in the same function, as near as the information tells. */
bool dbg_cfi_boundary(struct dbg_cfi *c, uint64_t pc, uint64_t *boundary);
/* A step by frame pointer, for code without the information. */
enum cfi_step dbg_cfi_step_fp(struct cfi_regs *regs, cfi_read *read, void *data);

#endif
