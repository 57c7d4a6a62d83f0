/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel addresses as text. The symbols are read when the first address is printed. */
#ifndef RUNTIME_SYMBOLS_H
#define RUNTIME_SYMBOLS_H

#include "runtime/text.h"

enum symbol_form {
	SYMBOL_OFFSET,		/* vfs_read+0x1c */
	SYMBOL_FUNCTION,	/* vfs_read */
	SYMBOL_MODULE,		/* vmlinux */
	SYMBOL_NAME,		/* vmlinux`vfs_read */
	SYMBOL_FULL,		/* vmlinux`vfs_read+0x1c */
};

struct kernel_symbol {
	const char *name, *module;	/* module NULL: the kernel's own */
	uint64_t offset;		/* of the address from the symbol's */
};

/* The symbol at or before the address; false if none is known. Names live as long as the process. */
bool kernel_symbol(uint64_t address, struct kernel_symbol *s);
/* In hex where no symbol is known. */
void text_kernel_symbol(struct text *t, uint64_t address, enum symbol_form form);

#endif
