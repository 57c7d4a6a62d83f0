/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a static probe's arguments are, as its note says in the assembler's words: "-4@%edi 8@-8(%rbp) 8@$5". */
#ifndef PROVIDER_USDT_ARG_H
#define PROVIDER_USDT_ARG_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { USDT_MAX_ARGS = 12 };

struct usdt_arg {
	enum {
		USDT_CONSTANT,		/* disp */
		USDT_REGISTER,		/* base */
		USDT_MEMORY,		/* what is at base + index * scale + disp, and the address of the symbol */
		USDT_ADDRESS,		/* the address of the symbol + disp */
		USDT_UNKNOWN,		/* nothing that can be read; `why` says why */
	} kind;
	unsigned size;			/* 1, 2, 4, 8 */
	bool is_signed;
	int base, index;		/* places in struct pt_regs, -1: none */
	unsigned shift;			/* REGISTER: bits below it (%ah) */
	unsigned scale;
	int64_t disp;
	const char *symbol;		/* NULL: none */
	const char *why;
};

/* Takes the text apart; gives how many there are, at most USDT_MAX_ARGS. */
unsigned usdt_args_parse(struct arena *a, const char *text, struct usdt_arg args[USDT_MAX_ARGS]);

#endif
