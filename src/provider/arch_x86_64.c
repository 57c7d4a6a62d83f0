// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * struct pt_regs: r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss.
 * System calls: di si dx r10 r8 r9. Functions: di si dx cx r8 r9, then the stack, behind the return address.
 */
#include "provider/arch.h"

#include <stddef.h>

enum {
	R10 = 7 * 8, R9 = 8 * 8, R8 = 9 * 8, AX = 10 * 8, CX = 11 * 8, DX = 12 * 8, SI = 13 * 8, DI = 14 * 8,
	ORIG_AX = 15 * 8, IP = 16 * 8, CS = 17 * 8, SP = 19 * 8,
};

static const struct arch_syscall syscalls[] = {
#define SYSCALL(number, name, kernel_name, args) { number, #name, #kernel_name, args },
#include "provider/syscalls_x86_64.def"
#undef SYSCALL
};

const struct arch arch = {
	.syscalls = syscalls,
	.nsyscalls = sizeof(syscalls) / sizeof(syscalls[0]),
	.syscall_args = { DI, SI, DX, R10, R8, R9 },
	.syscall_number = ORIG_AX,
	.func_args = { DI, SI, DX, CX, R8, R9 },
	.func_stack_args = 8,
	.retval = AX,
	.ip = IP,
	.sp = SP,
	.mode = CS,
	.user_mask = 3,
	.compat_member = "status",
	.compat_bits = 2,		/* TS_COMPAT */
	.user_code = 0x33,		/* __USER_CS */
	.syscall_prefix = "__x64_sys_",
};

/*
 * The kernel emulates jumps, calls and nops that stand under a probe, and knows them by the byte of their opcode alone: a VEX or EVEX
 * instruction with such a byte is taken for one (up to 6.18 at least), so that a string function would jump.
 */
static bool is_mistaken(unsigned char opcode)
{
	return (opcode & 0xf0) == 0x70 || opcode == 0x90 || opcode == 0xe8 || opcode == 0xe9 || opcode == 0xeb;
}

int arch_probe_skip(const unsigned char *code, unsigned n)
{
	enum { VEX2 = 0xc5, VEX3 = 0xc4, EVEX = 0x62, BROADCAST_LENGTH = 6 };
	unsigned at = n < BROADCAST_LENGTH ? 0 : *code == VEX2 ? 2 : *code == VEX3 ? 3 : *code == EVEX ? 4 : 0;

	if (!at || !is_mistaken(code[at]))
		return 0;
	/* vpbroadcast from a general register, with which many string functions begin */
	if (*code == EVEX && (code[1] & 7) == 2 && code[at] >= 0x7a && code[at] <= 0x7c && code[at + 1] >= 0xc0)
		return BROADCAST_LENGTH;
	return -1;
}

const struct arch_syscall *arch_syscall(unsigned number)
{
	unsigned lo = 0, hi = arch.nsyscalls;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (syscalls[mid].number == number)
			return &syscalls[mid];
		if (syscalls[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
