// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * struct pt_regs: r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss.
 * System calls: di si dx r10 r8 r9. Functions: di si dx cx r8 r9, then the stack, behind the return address.
 */
#include "provider/arch.h"

#include <stddef.h>
#include <string.h>

enum {
	R15 = 0 * 8, R14 = 1 * 8, R13 = 2 * 8, R12 = 3 * 8, BP = 4 * 8, BX = 5 * 8, R11 = 6 * 8, R10 = 7 * 8,
	R9 = 8 * 8, R8 = 9 * 8, AX = 10 * 8, CX = 11 * 8, DX = 12 * 8, SI = 13 * 8, DI = 14 * 8,
	ORIG_AX = 15 * 8, IP = 16 * 8, CS = 17 * 8, FLAGS = 18 * 8, SP = 19 * 8,
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
	.regs_size = 21 * 8,
	.mode = CS,
	.user_mask = 3,
	.compat_member = "status",
	.compat_bits = 2,		/* TS_COMPAT */
	.user_code = 0x33,		/* __USER_CS */
	.native_pairs = { { CX, IP }, { R11, FLAGS } },	/* which `syscall` puts there, and `int $0x80` does not */
};

int arch_register(const char *name, unsigned len, unsigned *size, unsigned *shift)
{
	/* of 8, 4, 2, 1 bytes */
	static const struct {
		const char *names[4];
		int place;
	} table[] = {
		{ { "rax", "eax", "ax", "al" }, AX }, { { "rbx", "ebx", "bx", "bl" }, BX },
		{ { "rcx", "ecx", "cx", "cl" }, CX }, { { "rdx", "edx", "dx", "dl" }, DX },
		{ { "rsi", "esi", "si", "sil" }, SI }, { { "rdi", "edi", "di", "dil" }, DI },
		{ { "rbp", "ebp", "bp", "bpl" }, BP }, { { "rsp", "esp", "sp", "spl" }, SP },
		{ { "r8", "r8d", "r8w", "r8b" }, R8 }, { { "r9", "r9d", "r9w", "r9b" }, R9 },
		{ { "r10", "r10d", "r10w", "r10b" }, R10 }, { { "r11", "r11d", "r11w", "r11b" }, R11 },
		{ { "r12", "r12d", "r12w", "r12b" }, R12 }, { { "r13", "r13d", "r13w", "r13b" }, R13 },
		{ { "r14", "r14d", "r14w", "r14b" }, R14 }, { { "r15", "r15d", "r15w", "r15b" }, R15 },
		{ { "rip", "eip", "ip", "ip" }, IP },
		{ { "", "", "", "ah" }, AX }, { { "", "", "", "bh" }, BX }, { { "", "", "", "ch" }, CX }, { { "", "", "", "dh" }, DX },
	};

	for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++)
		for (unsigned part = 0; part < 4; part++) {
			const char *found = table[i].names[part];

			if (strlen(found) != len || strncmp(found, name, len))
				continue;
			*size = 8 >> part;
			*shift = *table[i].names[0] ? 0 : 8;
			return table[i].place;
		}
	return -1;
}

unsigned arch_dwarf_register(unsigned number)
{
	static const unsigned places[] = { AX, DX, CX, BX, SI, DI, BP, SP, R8, R9, R10, R11, R12, R13, R14, R15 };

	return places[number & 15];
}

/*
 * The kernel emulates jumps, calls and nops that stand under a probe, and knows them by the byte of their opcode alone: a VEX or EVEX
 * instruction with such a byte is taken for one (up to 6.18 at least), so that a string function would jump.
 */
static bool is_mistaken(unsigned char opcode)
{
	return (opcode & 0xf0) == 0x70 || opcode == 0x90 || opcode == 0xe8 || opcode == 0xe9 || opcode == 0xeb;
}

/*
 * By the same mistake vector instructions are refused whose byte is that of a prefix, of in and out, of what stops a machine, or of
 * nothing in 64-bit mode.
 */
static bool is_refused(unsigned char opcode)
{
	unsigned low = opcode & 15;

	switch (opcode >> 4) {
	case 0: case 1: case 2: case 3:
		return (low & 7) >= 6;
	case 4:
		return true;
	case 6:
		return low < 3 || low == 6 || low == 7 || low >= 12;
	case 8:
		return low == 2;
	case 12:
		return low == 4 || low == 5 || low >= 12;
	case 13:
		return low >= 4 && low <= 6;
	case 14:
		return (low & 7) >= 4;
	case 15:
		return low == 0 || low == 1 || low == 4 || low == 10 || low == 11;
	default:
		return false;
	}
}

int arch_probe_skip(const unsigned char *code, unsigned n)
{
	enum { VEX2 = 0xc5, VEX3 = 0xc4, EVEX = 0x62, LOCK = 0xf0, BROADCAST_LENGTH = 6 };
	unsigned at = n < BROADCAST_LENGTH ? 0 : *code == VEX2 ? 2 : *code == VEX3 ? 3 : *code == EVEX ? 4 : 0;

	if (n && *code == LOCK)
		return ARCH_PROBE_REFUSED;
	if (!at)
		return 0;
	/* vpbroadcast from a general register, with which many string functions begin */
	if (*code == EVEX && (code[1] & 7) == 2 && code[at] >= 0x7a && code[at] <= 0x7c && code[at + 1] >= 0xc0)
		return BROADCAST_LENGTH;
	return is_mistaken(code[at]) ? ARCH_PROBE_HARMS : is_refused(code[at]) ? ARCH_PROBE_REFUSED : 0;
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

int arch_reg(const char *name)
{
	static const char *const names[] = {
		"r15", "r14", "r13", "r12", "bp", "bx", "r11", "r10", "r9", "r8", "ax", "cx", "dx", "si", "di", "orig_ax", "ip", "cs",
		"flags", "sp", "ss",
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]) || (*name == 'r' && !strcmp(name + 1, names[i])))
			return (int)(8 * i);
	return -1;
}
