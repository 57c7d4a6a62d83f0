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

/* In hex where no symbol is known. */
void text_kernel_symbol(struct text *t, uint64_t address, enum symbol_form form);

#endif
