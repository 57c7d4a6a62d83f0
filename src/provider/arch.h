/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What depends on the processor: system calls and registers. One file arch_<name>.c (and its table of system calls) for
 * each; the one of the machine that ply is built for is compiled.
 *
 * Registers are places in the kernel's struct pt_regs, which is also what programs of kprobes and perf events get.
 */
#ifndef PROVIDER_ARCH_H
#define PROVIDER_ARCH_H

#include <stdbool.h>
#include <stdint.h>

struct arch_syscall {
	unsigned number;
	const char *name, *kernel_name, *args;	/* see the table */
};

enum { ARCH_SYSCALL_ARGS = 6, ARCH_FUNC_ARGS = 6 };

struct arch {
	/* in ascending order of their numbers */
	const struct arch_syscall *syscalls;
	unsigned nsyscalls;
	/* offsets in struct pt_regs */
	unsigned syscall_args[ARCH_SYSCALL_ARGS];	/* a system call's, where it begins */
	unsigned syscall_number;			/* the call's number, where it ends */
	unsigned func_args[ARCH_FUNC_ARGS];		/* a function's, at its entry */
	unsigned retval, ip, sp;
	unsigned regs_size;
	unsigned func_stack_args;	/* offset from sp, at its entry, of the argument after those */
	unsigned mode, user_mask;	/* register and bits of it that are set where user code was interrupted */
	/* a 32-bit call has one of these bits in thread_info's member; or, if the member is not known, mode unlike user_code */
	const char *compat_member;
	unsigned compat_bits, user_code;
	/* registers that are alike, pair by pair, in most calls that are no 32-bit ones, and never in those */
	unsigned native_pairs[2][2];
};

extern const struct arch arch;

/*
 * Where a probe can be put that is to stop at `code`: so many bytes further on (a vector instruction may be passed, the
 * arguments being where they were); ARCH_PROBE_REFUSED where the kernel is known to refuse it (an attempt takes it long);
 * ARCH_PROBE_HARMS where it does not, and the traced program would go wrong.
 */
enum { ARCH_PROBE_REFUSED = -1, ARCH_PROBE_HARMS = -2 };
int arch_probe_skip(const unsigned char *code, unsigned n);

/* How many bytes the instruction at `code` has, of which n are there; 0: not known. */
unsigned arch_instruction_length(const unsigned char *code, unsigned n);

/*
 * A register by the assembler's name for it or a part of it: where it is in struct pt_regs, -1 if it is not there; the
 * part's size in bytes, and how many bits of the register lie below it.
 */
int arch_register(const char *name, unsigned len, unsigned *size, unsigned *shift);

/* Where DWARF's register of that number (0 to 15) is in struct pt_regs. */
unsigned arch_dwarf_register(unsigned number);

/* The place of a register in struct pt_regs, by its usual name ("ip", "r12", "rdi"); -1: there is none. */
int arch_reg(const char *name);

/* The call of that number, NULL if there is none. */
const struct arch_syscall *arch_syscall(unsigned number);

#endif
