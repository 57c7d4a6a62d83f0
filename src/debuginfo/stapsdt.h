/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User static probes (USDT): the notes that <sys/sdt.h> leaves in a program. */
#ifndef DEBUGINFO_STAPSDT_H
#define DEBUGINFO_STAPSDT_H

#include "debuginfo/elf.h"

/* One place of a probe; one probe may have several. */
struct dbg_usdt {
	const char *provider, *name;
	const char *args;		/* "-4@%edi 8@-8(%rbp)" */
	uint64_t address, semaphore;	/* the file's own; semaphore: of a counter of those who listen, 0 if it has none */
};

/* All of them, in the order of the file; read at the first call. */
const struct dbg_usdt *dbg_elf_usdt(struct dbg_elf *e, unsigned *n);

#endif
