/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places in user programs: what the providers of uprobes find and their mechanisms attach to. */
#ifndef PROVIDER_UFUNC_H
#define PROVIDER_UFUNC_H

#include "debuginfo/elf.h"
#include "provider/provider.h"

extern const struct provider prov_uprobe, prov_uretprobe;

/* A target's info. */
struct ufunc {
	struct dbg_elf *elf;
	uint64_t address;		/* the file's own */
	bool at_entry;			/* arguments are where the calling convention has them */
};

/* Whether a target of that kind is a place in a user program; where a function returns. */
bool ufunc_is(enum target_kind kind);
bool ufunc_is_return(enum target_kind kind);
/* What the kernel's refusal (an errno) says of the place; NULL if nothing. */
const char *ufunc_refusal(int error);

#endif
