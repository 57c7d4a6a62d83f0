// SPDX-License-Identifier: GPL-2.0-or-later
/* How long an instruction of x86-64 is: prefixes, opcode, ModRM with what it asks for, immediate. */
#include "provider/arch.h"

struct decoder {
	const unsigned char *code;
	unsigned n, at;
	bool size16, address32, wide;	/* prefixes 66 and 67, REX.W */
};

static bool is_prefix(struct decoder *d, unsigned char c)
{
	switch (c) {
	case 0x66:
		d->size16 = true;
		return true;
	case 0x67:
		d->address32 = true;
		return true;
	case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65: case 0xf0: case 0xf2: case 0xf3:
		return true;
	default:
		return false;
	}
}

/* The ModRM byte at d->at and what follows it. */
static void skip_modrm(struct decoder *d)
{
	unsigned char modrm = d->at < d->n ? d->code[d->at] : 0;
	unsigned mod = modrm >> 6, rm = modrm & 7;

	d->at++;
	if (mod == 3)
		return;
	if (rm == 4) {
		if (mod == 0 && d->at < d->n && (d->code[d->at] & 7) == 5)
			d->at += 4;
		d->at++;
	}
	d->at += mod == 1 ? 1 : mod == 2 || (mod == 0 && rm == 5) ? 4 : 0;
}

static unsigned immediate(const struct decoder *d)
{
	return d->size16 ? 2 : 4;
}

/* Behind 0f; also of VEX and EVEX, which say the map apart. */
static bool has_byte(unsigned char op)
{
	return (op >= 0x70 && op <= 0x73) || op == 0xa4 || op == 0xac || op == 0xba || op == 0xc2 || (op >= 0xc4 && op <= 0xc6) ||
	       op == 0x0f;
}

static void skip_vector(struct decoder *d, unsigned map)
{
	unsigned char op = d->at < d->n ? d->code[d->at] : 0;

	d->at++;
	if (map == 1 && op == 0x77)
		return;
	skip_modrm(d);
	d->at += map == 3 || (map == 1 && has_byte(op));
}

static void skip_two_bytes(struct decoder *d)
{
	unsigned char op = d->at < d->n ? d->code[d->at] : 0;

	d->at++;
	if (op == 0x38 || op == 0x3a) {
		d->at++;
		skip_modrm(d);
		d->at += op == 0x3a;
	} else if (op >= 0x80 && op <= 0x8f) {
		d->at += 4;
	} else if (!((op >= 0x05 && op <= 0x09) || op == 0x0b || (op >= 0x30 && op <= 0x37) || op == 0x77 ||
		     (op >= 0xa0 && op <= 0xa2) || (op >= 0xa8 && op <= 0xaa) || (op >= 0xc8 && op <= 0xcf))) {
		skip_modrm(d);
		d->at += has_byte(op);
	}
}

/* The opcodes of one byte; false if it is none of 64-bit mode. */
static bool skip_one_byte(struct decoder *d, unsigned char op)
{
	unsigned char next = d->at < d->n ? d->code[d->at] : 0;
	bool tests = (next >> 3 & 7) < 2;

	if (op < 0x40) {
		if ((op & 7) < 4)
			skip_modrm(d);
		else
			d->at += (op & 7) == 4 ? 1 : (op & 7) == 5 ? immediate(d) : 0;
		return (op & 7) < 6;
	}
	switch (op) {
	case 0x63: case 0x84 ... 0x8f: case 0xd0 ... 0xd3: case 0xd8 ... 0xdf: case 0xfe: case 0xff:
		skip_modrm(d);
		return true;
	case 0x6b: case 0x80: case 0x83: case 0xc0: case 0xc1: case 0xc6:
		skip_modrm(d);
		d->at++;
		return true;
	case 0x69: case 0x81: case 0xc7:
		skip_modrm(d);
		d->at += immediate(d);
		return true;
	case 0xf6: case 0xf7:
		skip_modrm(d);
		d->at += !tests ? 0 : op == 0xf6 ? 1 : immediate(d);
		return true;
	case 0x68: case 0xa9:
		d->at += immediate(d);
		return true;
	case 0xe8: case 0xe9:
		d->at += 4;
		return true;
	case 0x6a: case 0x70 ... 0x7f: case 0xa8: case 0xb0 ... 0xb7: case 0xcd: case 0xe0 ... 0xe7: case 0xeb:
		d->at++;
		return true;
	case 0xb8 ... 0xbf:
		d->at += d->wide ? 8 : immediate(d);
		return true;
	case 0xa0 ... 0xa3:
		d->at += d->address32 ? 4 : 8;
		return true;
	case 0xc2:
		d->at += 2;
		return true;
	case 0xc8:
		d->at += 3;
		return true;
	case 0x60 ... 0x62: case 0x82: case 0x9a: case 0xd4: case 0xd5: case 0xd6: case 0xea:
		return false;
	default:
		return true;
	}
}

unsigned arch_instruction_length(const unsigned char *code, unsigned n)
{
	enum { LONGEST = 15 };
	struct decoder d = { .code = code, .n = n };
	unsigned char op = 0;

	while (d.at < n && is_prefix(&d, code[d.at]))
		d.at++;
	if (d.at < n && (code[d.at] & 0xf0) == 0x40)
		d.wide = code[d.at++] & 8;
	if (d.at + 4 < n)
		op = code[d.at];
	if (op == 0xc5) {
		d.at += 2;
		skip_vector(&d, 1);
	} else if (op == 0xc4) {
		d.at += 3;
		skip_vector(&d, code[d.at - 2] & 31);
	} else if (op == 0x62) {
		d.at += 4;
		skip_vector(&d, code[d.at - 3] & 7);
	} else {
		op = d.at < n ? code[d.at++] : 0;
		if (op == 0x0f)
			skip_two_bytes(&d);
		else if (!skip_one_byte(&d, op))
			return 0;
	}
	return d.at <= n && d.at <= LONGEST ? d.at : 0;
}
